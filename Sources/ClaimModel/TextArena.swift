/// Where a text stands in a claim's `TextArena`.
public struct TextRange: Hashable, Sendable {
  /// The first byte.
  public var start: UInt32
  /// How many bytes.
  public var count: UInt32

  /// No text.
  public static let none = TextRange(start: 0, count: 0)

  /// A range of an arena.
  @inlinable
  public init(start: UInt32, count: UInt32) {
    self.start = start
    self.count = count
  }

  /// Whether there is no text.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// Where the bytes stand in the arena.
  @inlinable
  public var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// The bytes of one claim's texts, one behind the other.
///
/// Ids and names are kept as the bytes of the input, which need not be valid UTF-8; they become text only where a report
/// is written. The arena is emptied, not freed, between claims.
public struct TextArena: Sendable {
  /// The bytes.
  public internal(set) var bytes: [UInt8] = []

  /// An empty arena.
  public init() {}

  /// Forgets everything and keeps the memory.
  @inlinable
  public mutating func removeAll() { _removeAll() }

  /// How many bytes are kept.
  public var count: Int { bytes.count }

  /// Forgets what was kept behind the first `length` bytes; ranges into it mean nothing any more.
  public mutating func truncate(to length: Int) {
    if length < bytes.count { bytes.removeSubrange(length...) }
  }

  @usableFromInline
  mutating func _removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Keeps a copy of `text` and says where.
  public mutating func append(_ text: [UInt8]) -> TextRange { append(text.span) }

  /// Keeps a copy of `text` and says where.
  @inlinable
  public mutating func append(_ text: some Collection<UInt8>) -> TextRange { append(Array(text)) }

  /// Keeps a copy of what `span` lends and says where.
  public mutating func append(_ span: Span<UInt8>) -> TextRange {
    let range = TextRange(start: UInt32(truncatingIfNeeded: bytes.count), count: UInt32(truncatingIfNeeded: span.count))
    unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    return range
  }

  /// The bytes at `range`.
  @inlinable
  public subscript(range: TextRange) -> ArraySlice<UInt8> {
    bytes[Int(range.start)..<Int(range.start) + Int(range.count)]
  }

  /// Whether two texts are the same.
  public func areSame(_ one: TextRange, _ other: TextRange) -> Bool {
    guard one.count == other.count, one.start != other.start else { return one.count == other.count }
    return unsafe bytes.withUnsafeBytes { bytes in
      let first = unsafe UnsafeRawBufferPointer(rebasing: bytes[Int(one.start)..<Int(one.start) + Int(one.count)])
      let second = unsafe UnsafeRawBufferPointer(
        rebasing: bytes[Int(other.start)..<Int(other.start) + Int(other.count)])
      return unsafe TextArena.areSame(first, second)
    }
  }

  /// Whether the text at `range` is what `span` lends.
  public func holds(_ range: TextRange, sameAs span: Span<UInt8>) -> Bool {
    guard Int(range.count) == span.count else { return false }
    return unsafe bytes.withUnsafeBytes { kept in
      unsafe span.withUnsafeBytes { other in
        let start = Int(range.start)
        let kept = unsafe UnsafeRawBufferPointer(rebasing: kept[start..<start + other.count])
        return unsafe TextArena.areSame(kept, other)
      }
    }
  }

  /// Whether two texts of one length are the same.
  private static func areSame(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
    let count = one.count
    guard count >= 8 else { return unsafe one.elementsEqual(other) }
    // Words, the last of which overlaps the one before.
    var index = 0
    while true {
      let first = unsafe one.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let second = unsafe other.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if first != second { return false }
      if index == count &- 8 { return true }
      index = min(index &+ 8, count &- 8)
    }
  }

  /// The bytes at `range` as text; what is not UTF-8 becomes U+FFFD.
  public func string(_ range: TextRange) -> String { String(decoding: self[range], as: UTF8.self) }
}

/// A value that should be a code, with the text it was written as.
public struct CodedValue: Hashable, Sendable {
  /// The code, upper-cased; `none` when the text is empty or cannot be one.
  public var code: Code
  /// The text as written.
  public var text: TextRange

  /// Nothing.
  public static let none = CodedValue(code: .none, text: .none)

  /// A code and its text.
  @inlinable
  public init(code: Code, text: TextRange) {
    self.code = code
    self.text = text
  }

  /// Whether the field was absent or empty.
  @inlinable
  public var isEmpty: Bool { text.isEmpty }
}
