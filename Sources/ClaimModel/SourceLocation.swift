/// Where something stands in one input stream.
public struct SourceLocation: Hashable, Sendable {
  /// The ordinal of the segment in the decompressed stream (ISA of the first interchange is 1), or of the CSV record (the
  /// header is 1).
  public var record: Int
  /// The offset of that segment or record in the decompressed stream, 0 is the first byte.
  public var byteOffset: Int

  /// A place.
  @inlinable
  public init(record: Int = 0, byteOffset: Int = 0) {
    self.record = record
    self.byteOffset = byteOffset
  }
}
