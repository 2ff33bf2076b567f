internal import Glibc

/// Values of one fixed size in numbered piles, each pile in the order in which its values came: a page of each in memory, the rest
/// in a temporary file without a name.
///
/// What a run must keep of every line until its end goes here, so that memory grows with the number of piles and not with the
/// input. Values are plain bytes; the file does not leave the process.
///
/// Used by one thread at a time.
public final class PileSpool {
  private let folder: String
  private let size: Int
  private let page: Int
  /// The page of each pile that is not full, one behind the other.
  private var open = ByteBuffer(capacity: 0)
  private var piles: [Pile] = []
  private var file: SpoolFile?
  private var pages = 0

  private struct Pile {
    var count = 0
    /// The pages in the file, in order.
    var pages: [Int32] = []
    /// How many values of the page that is not full there are.
    var filled = 0
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
  }

  /// How many piles there are.
  public var pileCount: Int { piles.count }

  /// How many values a pile has.
  public func count(of pile: Int) -> Int { pile < piles.count ? piles[pile].count : 0 }

  /// Adds a value to a pile; piles up to it are begun where they are not yet.
  @inlinable
  public func append<Value: BitwiseCopyable>(_ value: Value, to pile: Int) throws(ReportError) {
    let isFull = unsafe withUnsafeBytes(of: value) { unsafe put($0, on: pile) }
    if isFull { try writePage(of: pile) }
  }

  /// Puts a value on the open page of a pile and says whether the page is full.
  @usableFromInline
  func put(_ value: UnsafeRawBufferPointer, on pile: Int) -> Bool {
    precondition(value.count == size)
    while piles.count <= pile {
      piles.append(Pile())
      open.append(zeros: page * size)
    }
    let filled = piles[pile].filled
    unsafe open.store(value, at: (pile * page + filled) * size)
    piles[pile].filled = filled + 1
    piles[pile].count += 1
    return filled + 1 == page
  }

  @usableFromInline
  func writePage(of pile: Int) throws(ReportError) {
    let file: SpoolFile
    if let made = self.file { file = made } else { file = try SpoolFile(folder: folder, calls: .system) }
    self.file = file
    try file.write(open, pile * page * size..<(pile + 1) * page * size)
    piles[pile].pages.append(Int32(pages))
    piles[pile].filled = 0
    pages += 1
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
    guard pile < piles.count else { return }
    if let file {
      var bytes = ByteBuffer(capacity: page * size)
      for number in piles[pile].pages {
        bytes.removeAll()
        try file.read(into: &bytes, at: Int(number) * page * size, count: page * size)
        bytes.withSpan(0..<bytes.count) { unsafe body($0.bytes) }
      }
    }
    let start = pile * page * size
    open.withSpan(start..<start + piles[pile].filled * size) { unsafe body($0.bytes) }
  }

  /// Forgets all values.
  public func removeAll() {
    piles = []
    open = ByteBuffer(capacity: 0)
    file = nil
    pages = 0
  }
}
