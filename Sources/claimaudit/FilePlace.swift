internal import ByteInput

/// What a file that is written would take the place of: the file that is there, by whatever path, or a name in a folder that is free yet.
enum FilePlace: Equatable {
  case file(FileIdentity)
  case name(Substring, folder: FileIdentity)

  /// `nil` where there is neither the file nor its folder.
  init?(_ path: String) {
    if let file = FileIdentity(path) {
      self = .file(file)
      return
    }
    let slash = path.lastIndex(of: "/")
    guard let folder = FileIdentity(slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".") else {
      return nil
    }
    self = .name(path[(slash.map(path.index(after:)) ?? path.startIndex)...], folder: folder)
  }

  /// Whether a file written at `path` would take the place of one of the others.
  static func isTaken(_ path: String, by others: [String]) -> Bool {
    guard let place = FilePlace(path) else { return false }
    return others.contains { FilePlace($0) == place }
  }
}
