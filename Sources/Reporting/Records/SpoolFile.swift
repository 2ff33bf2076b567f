internal import Glibc

/// The temporary file of a spool: open, written and read front to back, and without a name.
final class SpoolFile {
  /// How much is read at a time.
  static let blockSize = 256 << 10

  /// What messages call it.
  let name: String
  private let descriptor: Int32
  private let calls: OutputCalls
  private var written = 0
  /// Up to where space was set aside.
  private var reserved = 0
  /// How many bytes space is set aside for at a time.
  private static let reserve = 8 << 20

  /// A new file in `folder`.
  init(folder: String, calls: OutputCalls) throws(ReportError) {
    self.calls = calls
    name = folder + "/(temporary file)"
    // __O_TMPFILE of every Linux this runs on; Glibc's macro for it does not reach Swift.
    let temporaryFile: Int32 = 0o20000000 | O_DIRECTORY
    var answer = calls.open(AT_FDCWD, folder, temporaryFile | O_RDWR | O_CLOEXEC, 0o600)
    var attempt = 0
    while answer.result < 0, attempt < 100 {
      // File systems without nameless files (NFS, some overlays): one with a name that goes at once.
      let path = "\(folder)/.claimaudit-spool.\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
      answer = calls.open(AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      if answer.result >= 0 {
        let gone = calls.unlink(AT_FDCWD, path)
        if gone.result < 0 {
          _ = calls.close(Int32(answer.result))
          throw ReportError(.cannotCreate, call: "unlink", file: folder, code: gone.code)
        }
      } else if answer.code != EEXIST {
        break
      }
      attempt += 1
    }
    guard answer.result >= 0 else {
      throw ReportError(.cannotCreate, call: "open", file: folder, code: answer.code)
    }
    descriptor = Int32(answer.result)
  }

  deinit { _ = calls.close(descriptor) }

  /// Writes all bytes of a buffer at the end.
  func write(_ bytes: borrowing ByteBuffer) throws(ReportError) {
    makeRoom(for: bytes.count)
    try calls.writeAll(bytes, to: descriptor, named: name)
  }

  /// Writes the bytes at `range` of a buffer at the end.
  func write(_ bytes: borrowing ByteBuffer, _ range: Range<Int>) throws(ReportError) {
    makeRoom(for: range.count)
    let answer = bytes.withSpan(range) { span in
      Result { () throws(ReportError) in try calls.writeAll(span, to: descriptor, named: name) }
    }
    try answer.get()
  }

  /// Has space set aside for what is about to be written, once it is clear that much will be.
  private func makeRoom(for count: Int) {
    written += count
    guard written > SpoolFile.reserve / 2, written > reserved else { return }
    let start = max(reserved, written - count)
    reserved = start + max(SpoolFile.reserve, count)
    calls.reserve(descriptor, start..<reserved)
  }

  /// Adds the `count` bytes at `offset` to `bytes`.
  func read(into bytes: inout ByteBuffer, at offset: Int, count: Int) throws(ReportError) {
    var done = 0
    while done < count {
      var code: Int32 = 0
      let step = unsafe bytes.append(upTo: count - done) { target in
        let step = unsafe pread(descriptor, target, count - done, off_t(offset + done))
        code = errno
        return step
      }
      if step > 0 {
        done += step
      } else if step == 0 || code != EINTR {
        throw ReportError(.cannotWrite, call: "pread", file: name, code: step == 0 ? EIO : code)
      }
    }
  }

  /// Goes back to the front.
  func rewind() throws(ReportError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw ReportError(.cannotWrite, call: "lseek", file: name, code: errno)
    }
  }

  /// Adds the next block to `bytes` and says whether there was one.
  func readBlock(into bytes: inout ByteBuffer) throws(ReportError) -> Bool {
    while true {
      var code: Int32 = 0
      let count = unsafe bytes.append(upTo: SpoolFile.blockSize) { target in
        let count = unsafe Glibc.read(descriptor, target, SpoolFile.blockSize)
        code = errno
        return count
      }
      if count >= 0 { return count > 0 }
      if code != EINTR { throw ReportError(.cannotWrite, call: "read", file: name, code: code) }
    }
  }
}

/// Where temporary files go that belong to no output folder.
public enum TemporaryFolder {
  /// `TMPDIR`, else `/tmp`.
  public static var path: String {
    guard let value = unsafe getenv("TMPDIR"), unsafe value.pointee != 0 else { return "/tmp" }
    return unsafe String(cString: value)
  }
}
