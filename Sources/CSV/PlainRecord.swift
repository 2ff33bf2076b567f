/// A record that was measured once, for code that looks at the same few fields of millions of records.
///
/// `Record` checks every step. Here the number of fields and the eight bytes behind the record are checked when it is made;
/// after that a field below the width, and a word that begins inside the record, are there.
@safe
@frozen
public struct PlainRecord {
  @usableFromInline let bytes: UnsafeRawPointer
  @usableFromInline let marks: UnsafePointer<UInt32>
  @usableFromInline let start: Int

  /// The record, when it has `width` fields and eight more bytes can be read behind it.
  @inlinable
  @inline(__always)
  public init?(_ record: Record, width: Int) {
    guard record.count == width, width > 0, record.end + 8 <= record.bytes.count,
      let base = unsafe record.bytes.bytes.baseAddress
    else { return nil }
    unsafe bytes = base
    unsafe marks = record.marks
    start = record.start
  }

  /// Where the field at `index` begins, its quote included.
  @inlinable
  @inline(__always)
  public func start(_ index: Int) -> Int { index == 0 ? start : Int(unsafe marks[index &- 1]) &+ 1 }

  /// Where the field at `index` ends: its delimiter or the last byte of the line break.
  @inlinable
  @inline(__always)
  public func end(_ index: Int) -> Int { Int(unsafe marks[index]) }

  /// The byte at `position`, which is inside the record.
  @inlinable
  @inline(__always)
  public func byte(_ position: Int) -> UInt8 { unsafe bytes.load(fromByteOffset: position, as: UInt8.self) }

  /// The eight bytes from `position` on, which is inside the record or before it in the same bytes, the first lowest.
  @inlinable
  @inline(__always)
  public func word(_ position: Int) -> UInt64 {
    unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }
}
