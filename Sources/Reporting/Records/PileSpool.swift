internal import Glibc

/// Values of one fixed size in numbered piles, each pile in the order in which its values came: a page of each in memory, the rest
/// in a temporary file without a name.
///
/// What a run must keep of every line until its end goes here, so that memory grows with the number of piles and not with the
/// input. Values are plain bytes; the file does not leave the process.
///
/// Filled by one thread at a time; read by any number when all values are in.
public final class PileSpool {
  private let folder: String
  private let size: Int
  private let page: Int
  private var open: OpenPages
  /// The pages of each pile in the file, in order.
  private var pages: [[Int32]] = []
  private var file: SpoolFile?
  private var written = 0

  /// The page of each pile that is not full, one behind the other.
  ///
  /// Apart from the class so that adding a value is one access to it.
  private struct OpenPages: ~Copyable {
    let size: Int
    let page: Int
    var bytes = ByteBuffer(capacity: 0)
    /// How many values are on each.
    var filled: [Int32] = []

    /// Puts a value on the page of a pile and says whether it is full.
    mutating func put(_ value: UnsafeRawBufferPointer, on pile: Int) -> Bool {
      precondition(value.count == size)
      let count = Int(filled[pile])
      unsafe bytes.store(value, at: (pile &* page &+ count) &* size)
      filled[pile] = Int32(truncatingIfNeeded: count &+ 1)
      return count &+ 1 == page
    }

    /// Where the values on the page of a pile stand.
    func range(of pile: Int) -> Range<Int> {
      let start = pile * page * size
      return start..<start + Int(filled[pile]) * size
    }
  }

  /// No piles.
  ///
  /// - Parameters:
  ///   - folder: where the file goes.
  ///   - size: how many bytes a value has.
  ///   - page: how many values are written at a time.
  public init(folder: String, size: Int, page: Int) {
    self.folder = folder
    self.size = size
    self.page = page
    open = OpenPages(size: size, page: page)
  }

  /// How many piles there are.
  public var pileCount: Int { pages.count }

  /// How many values a pile has.
  public func count(of pile: Int) -> Int {
    pile < pages.count ? pages[pile].count * page + Int(open.filled[pile]) : 0
  }

  /// Adds a value to a pile; piles up to it are begun where they are not yet.
  @inlinable
  public func append<Value: BitwiseCopyable>(_ value: Value, to pile: Int) throws(ReportError) {
    let isFull = unsafe withUnsafeBytes(of: value) { unsafe put($0, on: pile) }
    if isFull { try writePage(of: pile) }
  }

  /// Puts a value on the open page of a pile and says whether the page is full.
  @usableFromInline
  func put(_ value: UnsafeRawBufferPointer, on pile: Int) -> Bool {
    while pages.count <= pile {
      pages.append([])
      open.filled.append(0)
      open.bytes.append(zeros: page * size)
    }
    return unsafe open.put(value, on: pile)
  }

  @usableFromInline
  func writePage(of pile: Int) throws(ReportError) {
    let file: SpoolFile
    if let made = self.file { file = made } else { file = try SpoolFile(folder: folder, calls: .system) }
    self.file = file
    try file.write(open.bytes, open.range(of: pile))
    pages[pile].append(Int32(written))
    open.filled[pile] = 0
    written += 1
  }

  /// Hands out the values of a pile in order, a page at a time.
  @inlinable
  public func forEach<Value: BitwiseCopyable>(
    of pile: Int, as type: Value.Type, _ body: (Value) -> Void
  ) throws(ReportError) {
    try forEachPage(of: pile) { page in
      unsafe page.withUnsafeBytes { bytes in
        var offset = 0
        let stride = MemoryLayout<Value>.size
        while offset < bytes.count {
          unsafe body(bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
          offset += stride
        }
      }
    }
  }

  @usableFromInline
  func forEachPage(of pile: Int, _ body: (RawSpan) -> Void) throws(ReportError) {
    guard pile < pages.count else { return }
    if let file {
      var bytes = ByteBuffer(capacity: page * size)
      for number in pages[pile] {
        bytes.removeAll()
        try file.read(into: &bytes, at: Int(number) * page * size, count: page * size)
        bytes.withSpan(0..<bytes.count) { unsafe body($0.bytes) }
      }
    }
    open.bytes.withSpan(open.range(of: pile)) { unsafe body($0.bytes) }
  }
}
