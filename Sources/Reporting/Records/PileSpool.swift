internal import Glibc

/// Values of one fixed size in numbered piles, each pile in the order in which its values came: a page of each in memory, the rest
/// in a temporary file without a name.
///
/// What a run must keep of every line until its end goes here, so that memory grows with the number of piles and not with the
/// input. Values are plain bytes; the file does not leave the process.
///
/// Filled by one thread at a time; read by any number when all values are in.
public final class PileSpool {
  private var pages: Pages

  /// The piles as they are filled.
  ///
  /// Apart from the class so that adding many values is one access to it.
  public struct Pages: ~Copyable {
    fileprivate let folder: String
    fileprivate let size: Int
    fileprivate let page: Int
    /// How many bytes a page has: large ones end where those of the system do, which else would be filled in two steps.
    fileprivate let length: Int
    private let expected: Int
    /// The page of each pile that is not full, one behind the other.
    fileprivate var open = ByteBuffer(capacity: 0)
    /// How many values are on each.
    fileprivate var filled: [Int32] = []
    /// The pages of each pile in the file, in order.
    fileprivate var written: [[Int32]] = []
    fileprivate var file: SpoolFile?
    private var writtenCount = 0

    fileprivate init(folder: String, size: Int, page: Int, piles expected: Int) {
      self.folder = folder
      self.size = size
      self.page = page
      self.expected = expected
      let block = 4096
      length = size * page <= block / 2 ? size * page : (size * page + block - 1) / block * block
    }

    /// Adds a value to a pile; piles up to it are begun where they are not yet.
    @inlinable
    public mutating func append<Value: BitwiseCopyable>(_ value: Value, to pile: Int) throws(ReportError) {
      let isFull = unsafe withUnsafeBytes(of: value) { unsafe put($0, on: pile) }
      if isFull { try writePage(of: pile) }
    }

    /// Puts a value on the open page of a pile and says whether the page is full.
    @usableFromInline
    mutating func put(_ value: UnsafeRawBufferPointer, on pile: Int) -> Bool {
      precondition(value.count == size)
      if filled.count <= pile { begin(pile) }
      let count = Int(filled[pile])
      unsafe open.store(value, at: pile &* length &+ count &* size)
      filled[pile] = Int32(truncatingIfNeeded: count &+ 1)
      return count &+ 1 == page
    }

    /// Begins the piles up to one.
    private mutating func begin(_ pile: Int) {
      if filled.isEmpty { open.reserve(expected * length) }
      while filled.count <= pile {
        written.append([])
        filled.append(0)
        open.append(zeros: length)
      }
    }

    @usableFromInline
    mutating func writePage(of pile: Int) throws(ReportError) {
      let file: SpoolFile
      if let made = self.file { file = made } else { file = try SpoolFile(folder: folder, calls: .system) }
      self.file = file
      try file.write(open, pile * length..<(pile + 1) * length)
      written[pile].append(Int32(writtenCount))
      filled[pile] = 0
      writtenCount += 1
    }

    /// How many values a pile has.
    fileprivate func count(of pile: Int) -> Int {
      pile < filled.count ? written[pile].count * page + Int(filled[pile]) : 0
    }

    /// Where the values on the page of a pile that is not full stand.
    fileprivate func range(of pile: Int) -> Range<Int> {
      let start = pile * length
      return start..<start + Int(filled[pile]) * size
    }
  }

  /// No piles.
  ///
  /// - Parameters:
  ///   - folder: where the file goes.
  ///   - size: how many bytes a value has.
  ///   - page: how many values are written at a time.
  ///   - piles: how many piles are expected.
  public init(folder: String, size: Int, page: Int, piles: Int = 0) {
    pages = Pages(folder: folder, size: size, page: page, piles: piles)
  }

  /// How many piles there are.
  public var pileCount: Int { pages.filled.count }

  /// How many values a pile has.
  public func count(of pile: Int) -> Int { pages.count(of: pile) }

  /// Adds values: `body` does.
  public func add(_ body: (inout Pages) throws(ReportError) -> Void) throws(ReportError) { try body(&pages) }

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
    guard pile < pages.filled.count else { return }
    if let file = pages.file {
      let length = pages.page * pages.size
      var bytes = ByteBuffer(capacity: length)
      for number in pages.written[pile] {
        bytes.removeAll()
        try file.read(into: &bytes, at: Int(number) * pages.length, count: length)
        bytes.withSpan(0..<bytes.count) { unsafe body($0.bytes) }
      }
    }
    pages.open.withSpan(pages.range(of: pile)) { unsafe body($0.bytes) }
  }
}
