internal import Glibc

/// The list of what has to be renamed to what, on disk before the first rename.
///
///     claimaudit publication 1
///     .claimaudit-lines.csv.4711.tmp/lines.csv
///     .claimaudit-run.json.4711.tmp/run.json
///     end
///
/// each line ended by a zero byte, since names may hold any other byte but the slash.
///
/// A folder cannot be given ten files at once. With the list in it, a run that dies between two renames leaves a folder that says so,
/// and the next run puts the rest in place.
struct PublicationJournal: Equatable {
  /// The name of the list in its folder.
  static let name = ".claimaudit.publication"
  private static let heading = "claimaudit publication 1"
  /// More than any set of ours has.
  private static let sizeLimit = 64 << 20

  /// One rename.
  struct Entry: Equatable {
    var temporary: String
    var final: String
  }

  var entries: [Entry]

  /// The text.
  var text: String {
    let lines = [PublicationJournal.heading] + entries.map { "\($0.temporary)/\($0.final)" } + ["end"]
    return lines.map { $0 + "\0" }.joined()
  }

  init(_ entries: [Entry]) { self.entries = entries }

  /// The list that `text` is; `nil` for anything that was not written by `text`.
  ///
  /// Names that are not ours, or point out of the folder, are not followed.
  init?(text: String) {
    var lines = text.utf8.split(separator: 0, omittingEmptySubsequences: false).map { String(Substring($0)) }
    guard lines.count >= 3, lines.removeLast().isEmpty, lines.removeLast() == "end",
      lines.removeFirst() == PublicationJournal.heading
    else { return nil }
    entries = []
    for line in lines {
      let names = line.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).map { String(Substring($0)) }
      guard names.count == 2, PublicationJournal.isTemporary(names[0]), !["", ".", ".."].contains(names[1]),
        !names[1].hasPrefix(".claimaudit")
      else { return nil }
      entries.append(Entry(temporary: names[0], final: names[1]))
    }
  }

  /// The list of a folder; `nil` when there is none, or none of ours.
  ///
  /// One that is there and cannot be read is an error: without it nobody can tell whether the set is whole.
  static func read(in folder: Int32, of path: String, calls: OutputCalls) throws(ReportError) -> PublicationJournal? {
    let file = calls.open(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0)
    guard file.result >= 0 else {
      if file.code == ENOENT || file.code == ELOOP { return nil }
      throw ReportError(.cannotCreate, call: "openat", file: path + "/" + name, code: file.code)
    }
    defer { _ = calls.close(Int32(file.result)) }
    var code: Int32 = 0
    var content: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while content.count < sizeLimit {
      let count = unsafe block.withUnsafeMutableBytes {
        unsafe Glibc.read(Int32(file.result), $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { code = errno }
      if count <= 0 { break }
      content += block[..<count]
    }
    if code == EISDIR { return nil }
    guard code == 0 else { throw ReportError(.cannotWrite, call: "read", file: path + "/" + name, code: code) }
    return PublicationJournal(text: String(decoding: content, as: UTF8.self))
  }

  /// Whether a name is that of a file of ours which nobody needs once its run is over.
  static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(".claimaudit-") && name.hasSuffix(".tmp") && !name.utf8.contains(0x2F)
  }
}
