internal import Auditing
internal import Glibc
internal import Reporting

/// Facts of lines, waiting for the end of the run: in memory up to a bound, then in a temporary file without a name.
///
/// They come back by a question, as often as it is asked. The file has mode 0600, holds nothing but hashes and numbers, and is
/// gone with the process.
final class FactSpill {
  /// How many facts are held in memory before they are written out: about two mebibytes.
  private static let held = 1 << 14

  private let folder: String
  private var facts: [LineFact] = []
  private var descriptor: Int32 = -1
  private var written = 0

  /// An empty spill whose file goes into `folder`.
  init(folder: String) { self.folder = folder }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// How many there are.
  var count: Int { written + facts.count }

  /// Adds a fact.
  func append(_ fact: LineFact) throws(ReportError) {
    facts.append(fact)
    if facts.count >= FactSpill.held { try writeOut() }
  }

  /// The facts that `isWanted` says yes to.
  func filtered(_ isWanted: (LineFact) -> Bool) throws(ReportError) -> [LineFact] {
    var wanted: [LineFact] = []
    if written > 0 {
      let block = FactSpill.held / 8
      let stride = MemoryLayout<LineFact>.stride
      var position = 0
      while position < written {
        let count = min(block, written - position)
        let read = unsafe [LineFact](unsafeUninitializedCapacity: count) { buffer, filled in
          let size = count * stride
          var done = 0
          let raw = UnsafeMutableRawBufferPointer(buffer)
          while done < size {
            let step = unsafe pread(
              descriptor, raw.baseAddress.map { unsafe $0 + done }, size - done, off_t(position * stride + done))
            if step < 0, errno == EINTR { continue }
            if step <= 0 { break }
            done += step
          }
          filled = done / stride
        }
        guard read.count == count else { throw ReportError(.cannotWrite, call: "pread", file: folder, code: errno) }
        for fact in read where isWanted(fact) { wanted.append(fact) }
        position += count
      }
    }
    for fact in facts where isWanted(fact) { wanted.append(fact) }
    return wanted
  }

  /// Writes what is held to the end of the file.
  private func writeOut() throws(ReportError) {
    if descriptor < 0 { descriptor = try FactSpill.open(in: folder) }
    let stride = MemoryLayout<LineFact>.stride
    var failure: Int32 = 0
    unsafe facts.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let step = unsafe pwrite(
          descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done, off_t(written * stride + done))
        if step < 0, errno == EINTR { continue }
        guard step > 0 else {
          failure = errno
          return
        }
        done += step
      }
    }
    guard failure == 0 else { throw ReportError(.cannotWrite, call: "pwrite", file: folder, code: failure) }
    written += facts.count
    facts.removeAll(keepingCapacity: true)
  }

  /// A file in `folder` that has lost its name already.
  private static func open(in folder: String) throws(ReportError) -> Int32 {
    var name = Array((folder + "/.claimaudit-facts.XXXXXX.tmp").utf8CString)
    let descriptor = unsafe mkstemps(&name, 4)
    guard descriptor >= 0 else { throw ReportError(.cannotCreate, call: "mkstemp", file: folder, code: errno) }
    unsafe unlink(name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }
}
