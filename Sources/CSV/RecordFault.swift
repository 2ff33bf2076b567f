/// What makes a record unreadable, or worth a word although it can be read.
public enum RecordFault: Hashable, Sendable {
  /// A quoted field ends and text follows before the next delimiter: nobody knows what was meant.
  case textAfterQuote(field: Int)
  /// A quote stands inside a field that is not quoted. The record can be read, the quote is data.
  case bareQuote(field: Int)
  /// A quote was opened and never closed, or closed lines later in front of other text.
  case unterminatedQuote(field: Int)
  /// A byte that no text has: NUL or another control character.
  case controlCharacter(field: Int)
  /// A field above `RecordLimits.field`.
  case fieldTooLong(field: Int)
  /// A record above `RecordLimits.record` or with more fields than `RecordLimits.fields`.
  case recordTooLong

  /// Whether the record's fields are good all the same.
  @inlinable
  public var isReadable: Bool {
    if case .bareQuote = self { true } else { false }
  }
}
