import Glibc

/// The bytes of an open file, FIFO, device or standard input, as they come.
///
/// A regular file is read up to the size it had when it was opened, so that one which grows meanwhile gives the same
/// bytes however it is read; what was added is said, not read. Files of size 0 are read to their end, since the
/// kernel's own files (`/proc`) have that size and still hold text.
final class FileSource: LayeredSource {
  private let file: OpenFile
  private var remarks: [InputRemark] = []
  private var offset = 0
  private var ended = false

  /// The file changed while it was read and a remark says so.
  private(set) var saidChanged = false

  init(_ file: OpenFile) {
    self.file = file
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard !ended && buffer.count > 0 else { return 0 }
    var wanted = buffer.count
    if let end = knownSize {
      wanted = min(wanted, end - offset)
      if wanted == 0 {
        finish()
        return 0
      }
    }
    switch unsafe file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(wanted))) {
    case .success(0):
      finish()
      return 0
    case .success(let count):
      offset += count
      return count
    case .failure(let reason):
      ended = true
      remarks.append(
        InputRemark(
          .readError, .error, effect: .fileCut, at: offset, "the file could not be read on: \(reason.text)"))
      return 0
    }
  }

  func takeRemarks() -> [InputRemark] {
    let taken = remarks
    remarks = []
    return taken
  }

  func originBytes(for count: Int) -> Int {
    count
  }

  var canRewind: Bool { knownSize != nil }

  func rewind(to position: Int) {
    _ = lseek(file.descriptor, off_t(position - offset), SEEK_CUR)
    offset = position
    ended = false
    // What could not be read is asked for again, and said again.
    remarks.removeAll { $0.code == .readError }
  }

  /// Compares the file with what it was when it was opened; says so once.
  func noticeChange() {
    guard !saidChanged, let change = file.changeSinceOpening() else { return }
    saidChanged = true
    remarks.append(FileSource.remark(change, offset: offset))
  }

  private var knownSize: Int? {
    file.atOpening.kind == .regular && file.atOpening.size > 0 ? file.atOpening.size : nil
  }

  private func finish() {
    ended = true
    noticeChange()
  }

  static func remark(_ change: OpenFile.Change, offset: Int) -> InputRemark {
    let (effect, words): (InputRemark.Effect, String) =
      switch change {
      case .grew: (.fileCut, "the file grew while it was read; what was added is not read")
      case .shrank: (.fileCut, "the file became shorter while it was read")
      case .rewritten: (.unverified, "the file was written to while it was read")
      }
    return InputRemark(
      .changedDuringRead, .error, effect: effect, at: offset,
      firstUnverifiedOffset: effect == .unverified ? 0 : nil, "\(words); run again when it is complete")
  }
}
