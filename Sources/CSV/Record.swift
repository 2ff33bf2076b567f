/// One record as the tokenizer sees it: a borrowed view, never stored.
///
/// The fields are not copied: `marks` holds where each field ends (its delimiter, and the line break of the last one), and a
/// field is what stands between two marks.
@safe
public struct Record {
  /// What the record was found in.
  public let bytes: ByteView
  /// Where the record begins in `bytes`.
  public let start: Int
  /// How many fields it has.
  public let count: Int
  /// What may stand around a field.
  public let quote: UInt8?
  @usableFromInline let marks: UnsafePointer<UInt32>

  /// A record whose fields end at the `count` positions that `marks` points to.
  @inlinable
  init(bytes: ByteView, start: Int, marks: UnsafePointer<UInt32>, count: Int, quote: UInt8?) {
    self.bytes = bytes
    self.start = start
    self.count = count
    self.quote = quote
    unsafe self.marks = marks
  }

  /// Where the record ends: the position of its line break, or of the end of input.
  @inlinable
  public var end: Int { mark(count - 1) }

  @inlinable
  @inline(__always)
  func mark(_ index: Int) -> Int {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such field")
    return Int(unsafe marks[index])
  }

  /// All of it, without the line break's last byte.
  @inlinable
  public var whole: ByteView { bytes.part(start, end) }

  /// Where the field at `index` begins and ends, quotes included, the CR of a CR LF not.
  @inlinable
  @inline(__always)
  public func bounds(_ index: Int) -> (start: Int, end: Int) {
    let start = index == 0 ? self.start : mark(index - 1) + 1
    var end = mark(index)
    if index == count - 1, end > start, end < bytes.count, bytes[end] == 0x0A, bytes[end - 1] == 0x0D { end -= 1 }
    return (start, end)
  }

  /// Whether nothing stands in the record, not even a delimiter.
  @inlinable
  public var isBlank: Bool {
    guard count == 1 else { return false }
    let (start, end) = bounds(0)
    return start == end
  }

  /// The field at `index` without its quotes; doubled quotes inside are made single in `scratch`.
  public func field(_ index: Int, _ scratch: Scratch) -> ByteView {
    let (start, end) = bounds(index)
    guard let quote, end - start >= 2, bytes[start] == quote, bytes[end - 1] == quote else {
      return bytes.part(start, end)
    }
    let inner = bytes.part(start + 1, end - 1)
    return inner.firstIndex(of: quote, from: 0) == nil ? inner : scratch.unquoted(inner, quote: quote)
  }
}

/// Memory for the few fields that cannot be lent as they stand; what it holds is good until `clear`.
@safe
public final class Scratch {
  /// Not watched by the runtime, which would look at it for every row: nothing that is called here knows the scratch memory.
  @exclusivity(unchecked) private var blocks: [UnsafeMutableRawBufferPointer] = unsafe []

  /// Scratch memory that holds nothing.
  public init() {}

  deinit { clear() }

  /// Gives back what the views of the last record pointed to.
  public func clear() {
    guard unsafe !blocks.isEmpty else { return }
    unsafe blocks.forEach { unsafe $0.deallocate() }
    unsafe blocks.removeAll(keepingCapacity: true)
  }

  /// A copy of `field` with every doubled quote made single.
  func unquoted(_ field: ByteView, quote: UInt8) -> ByteView {
    var copy: [UInt8] = []
    copy.reserveCapacity(field.count)
    var index = 0
    while index < field.count {
      copy.append(field[index])
      index += field[index] == quote && index + 1 < field.count && field[index + 1] == quote ? 2 : 1
    }
    return keep(copy)
  }

  /// A view of a copy of `bytes`.
  public func keep(_ bytes: [UInt8]) -> ByteView {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    unsafe block.copyBytes(from: bytes)
    unsafe blocks.append(block)
    return unsafe ByteView(UnsafeRawBufferPointer(block))
  }
}
