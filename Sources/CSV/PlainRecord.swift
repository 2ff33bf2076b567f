/// A record that was measured once, for code that looks at the same few fields of millions of records.
///
/// `Record` checks every step. Here the number of fields and the eight bytes behind the record are checked when it is made;
/// after that a field below the width, and a word that begins inside the record, are there. The mark before the first field's is
/// the last one of the record before, so that every field is found in the same way.
@safe
@frozen
public struct PlainRecord {
  @usableFromInline let bytes: UnsafeRawPointer
  @usableFromInline let marks: UnsafePointer<UInt32>

  /// The record at `index`, when it has `width` fields and eight more bytes can be read behind it.
  @inlinable
  @inline(__always)
  public init?(_ rows: StructuralIndex.Rows, _ index: Int, width: Int) {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: rows.count), "no such record")
    let first = Int(unsafe rows.rows[index &- 1])
    let past = Int(unsafe rows.rows[index])
    guard past &- first == width, width > 0, Int(unsafe rows.marks[past &- 1]) &+ 8 <= rows.bytes.count,
      let base = unsafe rows.bytes.bytes.baseAddress
    else { return nil }
    unsafe bytes = base
    unsafe marks = UnsafePointer(rows.marks + first)
  }

  /// Where the field at `index` begins, its quote included.
  @inlinable
  @inline(__always)
  public func start(_ index: Int) -> Int { Int(unsafe marks[index &- 1] &+ 1) }

  /// Where the field at `index` ends: its delimiter or the last byte of the line break.
  @inlinable
  @inline(__always)
  public func end(_ index: Int) -> Int { Int(unsafe marks[index]) }

  /// Whether nothing stands in the field at `index`, the CR of a CR LF aside.
  @inlinable
  @inline(__always)
  public func isEmpty(_ index: Int) -> Bool {
    let start = start(index)
    let end = end(index)
    return start == end || end &- start == 1 && byte(start) == 0x0D
  }

  /// The byte at `position`, which is inside the record.
  @inlinable
  @inline(__always)
  public func byte(_ position: Int) -> UInt8 { unsafe bytes.load(fromByteOffset: position, as: UInt8.self) }

  /// Whether the same stands at two ranges, one inside the record and one inside it or before it in the same bytes.
  @inlinable
  @inline(__always)
  public func holdsSame(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    let count = one.upperBound &- one.lowerBound
    guard other.upperBound &- other.lowerBound == count else { return false }
    if count < 8 {
      let mask = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
      return count <= 0 || (word(one.lowerBound) ^ word(other.lowerBound)) & mask == 0
    }
    // What differs stands at the end mostly; where two words are not all, those between them.
    let difference =
      word(one.lowerBound) ^ word(other.lowerBound) | word(one.upperBound &- 8) ^ word(other.upperBound &- 8)
    if difference != 0 { return false }
    var offset = 8
    while offset < count &- 8 {
      if word(one.lowerBound &+ offset) != word(other.lowerBound &+ offset) { return false }
      offset &+= 8
    }
    return true
  }

  /// The eight bytes from `position` on, which is inside the record or before it in the same bytes, the first lowest.
  @inlinable
  @inline(__always)
  public func word(_ position: Int) -> UInt64 {
    unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }
}
