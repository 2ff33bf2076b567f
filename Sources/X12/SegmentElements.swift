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
  public var count: Int { _count }
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
  }

  /// Forgets the segment.
  @inlinable
  public mutating func removeAll() { _count = -1 }

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
    guard position >= 0, position <= count, position <= SegmentElements.capacity else { return 0..<0 }
    let places = ends.span
    let end = Int(places[position])
    return (position == 0 ? 0 : Int(places[position - 1]) + 1)..<end
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
