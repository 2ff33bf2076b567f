/// Where the elements of one segment stand.
///
/// Positions count as X12 counts them: 0 is the segment's id, 1 the first element (`NM101`). Only positions are kept, the bytes
/// stay the caller's; positions past the end are empty, as trailing elements that a sender left out are.
public struct SegmentElements {
  /// How many elements have a position here; no segment of an 837 has more than 24.
  @inlinable public static var capacity: Int { 24 }

  @usableFromInline var _count = 0

  /// How many elements the segment has, the id not counted.
  @inlinable
  public var count: Int { length >= 0 ? marks.nonzeroBitCount : _count }

  /// The separators of a segment that `split(separators:length:)` was told of, one bit a byte; of another it has no length.
  ///
  /// Of most segments one element or two are asked for, and where all stand would be found out in vain.
  @usableFromInline var marks: UInt64 = 0
  @usableFromInline var length = -1
  /// Where the elements of another segment end.
  @usableFromInline var ends: InlineArray<25, Int32> = InlineArray(repeating: 0)

  /// No segment.
  @inlinable
  public init() {}

  /// Finds the elements of `segment`, which stands without its terminator.
  @inlinable
  public mutating func split(_ segment: Span<UInt8>, by separator: UInt8) {
    var found = 0
    for index in segment.indices where segment[index] == separator {
      if found <= SegmentElements.capacity { ends[found] = Int32(truncatingIfNeeded: index) }
      found += 1
    }
    if found <= SegmentElements.capacity { ends[found] = Int32(truncatingIfNeeded: segment.count) }
    _count = found
    length = -1
  }

  /// Takes a segment of fewer than 64 bytes whose separators are known, one bit a byte, the lowest being the first byte.
  @inlinable
  @inline(__always)
  public mutating func split(separators: UInt64, length: Int) {
    marks = separators
    self.length = length
  }

  /// Forgets the segment.
  @inlinable
  public mutating func removeAll() {
    _count = -1
    length = -1
  }

  /// Adds an element, the id being the first, by where it ends in its segment; for those who know where the separators are.
  @inlinable
  @inline(__always)
  public mutating func append(end: Int) {
    _count &+= 1
    if _count <= SegmentElements.capacity { ends[_count] = Int32(truncatingIfNeeded: end) }
  }

  /// Where element `position` stands; empty past the end.
  @inlinable
  @inline(__always)
  public subscript(position: Int) -> Range<Int> {
    guard position >= 0, position <= SegmentElements.capacity else { return 0..<0 }
    if length >= 0 { return shortElement(position) }
    guard position <= _count else { return 0..<0 }
    let places = ends.span
    let end = Int(places[position])
    return (position == 0 ? 0 : Int(places[position - 1]) + 1)..<end
  }

  /// The same of a segment whose separators are known.
  @inlinable
  @inline(__always)
  func shortElement(_ position: Int) -> Range<Int> {
    var left = marks
    var start = 0
    if position > 0 {
      // All but the separator before it are left behind.
      for _ in 1..<position { left &= left &- 1 }
      if left == 0 { return 0..<0 }
      start = left.trailingZeroBitCount &+ 1
      left &= left &- 1
    }
    return start..<(left == 0 ? length : left.trailingZeroBitCount)
  }
}

/// Walks the components of a composite element.
public struct ComponentCursor {
  @usableFromInline var next: Int
  @usableFromInline let end: Int

  /// The components of the element at `element`.
  @inlinable
  public init(_ element: Range<Int>) {
    next = element.lowerBound
    end = element.isEmpty ? element.lowerBound - 1 : element.upperBound
  }

  /// The next component of `segment`, or `nil` when there are no more.
  @inlinable
  public mutating func component(of segment: Span<UInt8>, separator: UInt8) -> Range<Int>? {
    guard next <= end else { return nil }
    var index = next
    while index < end, segment[index] != separator { index += 1 }
    let range = next..<index
    next = index + 1
    return range
  }
}
