internal import Glibc
internal import Reporting

/// Plain values in the order in which they came: in memory up to a bound, then in a temporary file without a name.
///
/// The file has mode 0600 and is gone with the process. Reading goes by position and is quick where it goes front to back.
final class Spill<Element: BitwiseCopyable> {
  /// How many values are held in memory before they are written out.
  private let held: Int
  /// How many are read at a time.
  private let block = 4096

  private let folder: String
  private var waiting: [Element] = []
  private var descriptor: Int32 = -1
  private var written = 0
  private var cached: [Element] = []
  private var cachedFrom = 0

  /// An empty spill whose file goes into `folder` once `held` values wait.
  init(folder: String, held: Int) {
    self.folder = folder
    self.held = held
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// How many there are.
  var count: Int { written + waiting.count }

  /// Adds a value.
  func append(_ element: Element) throws(ReportError) {
    waiting.append(element)
    if waiting.count >= held { try writeOut() }
  }

  /// The value at a position.
  func element(_ index: Int) throws(ReportError) -> Element {
    if index >= written { return waiting[index - written] }
    if index < cachedFrom || index >= cachedFrom + cached.count {
      let from = index / block * block
      cached = try read(from, min(block, written - from))
      cachedFrom = from
    }
    return cached[index - cachedFrom]
  }

  private func read(_ from: Int, _ count: Int) throws(ReportError) -> [Element] {
    let stride = MemoryLayout<Element>.stride
    let elements = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      var done = 0
      while done < count * stride {
        let step = unsafe pread(
          descriptor, raw.baseAddress.map { unsafe $0 + done }, count * stride - done, off_t(from * stride + done))
        if step < 0, errno == EINTR { continue }
        if step <= 0 { break }
        done += step
      }
      filled = done / stride
    }
    guard elements.count == count else { throw ReportError(.cannotWrite, call: "pread", file: folder, code: errno) }
    return elements
  }

  /// Writes what waits to the end of the file.
  private func writeOut() throws(ReportError) {
    if descriptor < 0 {
      var name = Array((folder + "/.claimaudit-marks.XXXXXX").utf8CString)
      descriptor = unsafe mkstemp(&name)
      guard descriptor >= 0 else { throw ReportError(.cannotCreate, call: "mkstemp", file: folder, code: errno) }
      unsafe unlink(name)
    }
    let stride = MemoryLayout<Element>.stride
    var failure: Int32 = 0
    unsafe waiting.withUnsafeBytes { bytes in
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
    written += waiting.count
    waiting.removeAll(keepingCapacity: true)
  }
}
