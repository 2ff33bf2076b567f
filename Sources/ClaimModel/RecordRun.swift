/// Records of an export that follow each other, and where their bytes stand in the decompressed stream.
public struct RecordRun: Hashable, Sendable {
  /// The ordinal of the first one.
  public var record: Int
  /// How many there are.
  public var count: Int
  /// Where the first one begins.
  public var byteOffset: Int
  /// Where the last one ends, its line break not counted.
  public var end: Int

  /// A run of one record.
  @inlinable
  public init(record: Int, byteOffset: Int, end: Int) {
    self.record = record
    count = 1
    self.byteOffset = byteOffset
    self.end = end
  }
}

extension [RecordRun] {
  /// Adds a record behind the ones that are there.
  @inlinable
  public mutating func append(record: Int, byteOffset: Int, end: Int) {
    add(RecordRun(record: record, byteOffset: byteOffset, end: end))
  }

  /// Adds records behind the ones that are there.
  @inlinable
  public mutating func add(_ run: RecordRun) {
    if let last = indices.last, self[last].record + self[last].count == run.record {
      self[last].count += run.count
      self[last].end = run.end
    } else {
      append(run)
    }
  }
}
