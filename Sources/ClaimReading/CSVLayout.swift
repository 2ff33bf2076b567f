public import CSV

/// Where the records of a table stand in their stream, and how they are written.
///
///     byte order mark, sep= line, preamble   up to `headerOffset`
///     header                                 up to `rowsOffset`
///     records                                numbered from `firstRecord`
public struct CSVLayout: Sendable {
  /// How the table is written.
  public let dialect: Dialect
  /// How long records may be before they are passed over.
  public let limits: RecordLimits
  /// How many columns the header has.
  public let columns: Int
  /// Where the header begins.
  public let headerOffset: Int
  /// Where the first record below the header begins.
  public let rowsOffset: Int
  /// The ordinal of that record.
  public let firstRecord: Int
}
