internal import Glibc

/// A name in a folder, by whatever path: what a file that is written would take the place of.
struct FilePlace: Equatable {
  private let device: dev_t
  private let folder: ino_t
  private let name: Substring

  /// `nil` where the folder cannot be looked at.
  private init?(_ path: String) {
    let slash = path.lastIndex(of: "/")
    var status = stat()
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard unsafe stat(folder, &status) == 0 else { return nil }
    device = status.st_dev
    self.folder = status.st_ino
    name = path[(slash.map(path.index(after:)) ?? path.startIndex)...]
  }

  /// Whether a file written at `path` would take the place of one of the others, under another name of the same file too.
  static func isTaken(_ path: String, by others: [String]) -> Bool {
    var status = stat()
    let isThere = unsafe stat(path, &status) == 0
    let place = FilePlace(path)
    return others.contains { other in
      if place != nil, FilePlace(other) == place { return true }
      var otherStatus = stat()
      guard isThere, unsafe stat(other, &otherStatus) == 0 else { return false }
      return otherStatus.st_dev == status.st_dev && otherStatus.st_ino == status.st_ino
    }
  }
}
