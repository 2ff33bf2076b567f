/// How a table is written: what stands between fields, around them and between records.
public struct Dialect: Hashable, Sendable {
  /// The byte between two fields.
  public var delimiter: UInt8
  /// The byte around a field that holds delimiters or line breaks, `nil` where quotes are data like any other byte.
  public var quote: UInt8?
  /// What ends most records.
  ///
  /// The others end a record too, they are only read more slowly.
  public var lineBreak: LineBreak

  /// What ends a record.
  public enum LineBreak: Hashable, Sendable {
    /// LF, or CR LF.
    case lineFeed
    /// CR alone, as old spreadsheets write it.
    case carriageReturn

    /// The last byte of the line break.
    @inlinable
    public var byte: UInt8 { self == .lineFeed ? 0x0A : 0x0D }
  }

  /// A dialect; the default is that of RFC 4180.
  public init(delimiter: UInt8 = 0x2C, quote: UInt8? = 0x22, lineBreak: LineBreak = .lineFeed) {
    self.delimiter = delimiter
    self.quote = quote
    self.lineBreak = lineBreak
  }
}

/// How long things may be before they are a fault instead of a field.
public struct RecordLimits: Sendable {
  /// The longest field in bytes.
  public var field: Int
  /// The longest record in bytes, its line break included.
  public var record: Int
  /// The most fields a record may have.
  public var fields: Int

  /// Limits; the defaults are those of the contract.
  public init(field: Int = 1 << 20, record: Int = (4 << 20) - 64, fields: Int = 2000) {
    self.field = field
    self.record = record
    self.fields = fields
  }
}
