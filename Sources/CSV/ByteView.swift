/// Bytes that somebody else owns, lent for the length of a call.
///
/// Every access is checked against the view's own bounds; what cannot be checked is that the owner keeps the bytes, so a view
/// is never stored beyond the call it was lent to.
@safe
@frozen
public struct ByteView: RandomAccessCollection {
  @usableFromInline let bytes: UnsafeRawBufferPointer

  /// A view of what `bytes` points to.
  @inlinable
  public init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  /// A view of nothing.
  @inlinable
  public init() { unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0) }

  /// Always 0.
  @inlinable
  public var startIndex: Int { 0 }

  /// How many bytes there are.
  @inlinable
  public var endIndex: Int { unsafe bytes.count }

  /// How many bytes there are.
  @inlinable
  public var count: Int { unsafe bytes.count }

  /// The byte at `position`.
  @inlinable
  @inline(__always)
  public subscript(position: Int) -> UInt8 {
    precondition(UInt(bitPattern: position) < UInt(bitPattern: count), "byte outside the view")
    return unsafe bytes.load(fromByteOffset: position, as: UInt8.self)
  }

  /// The part of the view from `start` up to `end`.
  @inlinable
  @inline(__always)
  public func part(_ start: Int, _ end: Int) -> ByteView {
    precondition(start >= 0 && start <= end && end <= count, "part outside the view")
    return unsafe ByteView(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
  }

  /// The eight bytes from `position` on as one integer, the first byte lowest; zeros stand for what is past the end.
  @inlinable
  @inline(__always)
  public func word(at position: Int) -> UInt64 {
    precondition(position >= 0, "byte outside the view")
    if position <= count - 8 {
      return unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }
    return lastWord(at: position)
  }

  @usableFromInline
  func lastWord(at position: Int) -> UInt64 {
    // Two loads that overlap, of the widest that fits.
    let left = count - position
    func load<Word: FixedWidthInteger>(_ offset: Int, _: Word.Type) -> UInt64 {
      UInt64(truncatingIfNeeded: Word(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Word.self)))
    }
    if left >= 4 { return load(position, UInt32.self) | load(count - 4, UInt32.self) << UInt64(8 * (left - 4)) }
    if left >= 2 { return load(position, UInt16.self) | load(count - 2, UInt16.self) << UInt64(8 * (left - 2)) }
    return left == 1 ? UInt64(self[position]) : 0
  }

  /// Where the view's first byte stands in `other`; `nil` where the view is no part of it.
  @inlinable
  public func offset(in other: ByteView) -> Int? {
    guard let base = unsafe bytes.baseAddress, let start = unsafe other.bytes.baseAddress else { return nil }
    let offset = unsafe base - start
    return offset >= 0 && offset &+ count <= other.count ? offset : nil
  }

  /// Whether both views hold the same bytes.
  @inlinable
  public func holdsSame(as other: ByteView) -> Bool {
    guard count == other.count else { return false }
    var index = 0
    while index < count {
      let width = Swift.min(8, count - index)
      let mask = UInt64.max >> UInt64(64 - 8 * width)
      if (word(at: index) ^ other.word(at: index)) & mask != 0 { return false }
      index += 8
    }
    return true
  }

  /// The bytes as a span, for the call of `body`.
  @inlinable
  public func withSpan<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try body(unsafe Span(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self)))
  }

  /// The bytes as a raw buffer, for the call of `body`.
  @inlinable
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try unsafe body(bytes.assumingMemoryBound(to: UInt8.self))
  }

  /// The position of the first `byte` from `start` on, or `nil`.
  @inlinable
  public func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    var index = start
    while index + 8 <= count {
      let difference = word(at: index) ^ pattern
      // The lowest zero byte is marked exactly; marks above it may be false, but it is the lowest that counts.
      let marks = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
      if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < count {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }
}
