internal import CScan

/// Whether a piece of text may go into every report as it stands.
extension ByteBuffer {
  /// Whether the bytes from `start` to the end are printable ASCII without `"`, `&`, `,`, `<`, `>` and `\`.
  ///
  /// Such bytes need no quoting in CSV, no escaping in XML or JSON and no cleaning: nearly every id, code, name and date.
  @inline(__always)
  func isPlain(from start: Int) -> Bool {
    precondition(start >= 0 && start <= count)
    return unsafe claimaudit_is_plain(base + start, count &- start) != 0
  }

  /// What a text holds that something may have to be done about.
  struct Marks: OptionSet {
    let rawValue: UInt8
    /// Control characters or bytes that are not ASCII.
    static let unprintable = Marks(rawValue: UInt8(CLAIMAUDIT_UNPRINTABLE))
    /// `&`, `<`, `>` or `\`.
    static let markup = Marks(rawValue: UInt8(CLAIMAUDIT_MARKUP))
    /// `"`.
    static let quote = Marks(rawValue: UInt8(CLAIMAUDIT_QUOTE))
    /// A comma or a line end.
    static let separator = Marks(rawValue: UInt8(CLAIMAUDIT_SEPARATOR))
    /// `;`.
    static let semicolon = Marks(rawValue: UInt8(CLAIMAUDIT_SEMICOLON))
  }

  /// What the bytes at `range` hold.
  @inline(__always)
  func marks(_ range: Range<Int>) -> Marks {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe Marks(rawValue: claimaudit_text_marks(base + range.lowerBound, range.count))
  }

  /// Whether the bytes at `range` hold a quote, a comma or a line end: what makes a cell of CSV need quotes.
  func holdsSeparator(_ range: Range<Int>) -> Bool { !marks(range).isDisjoint(with: [.quote, .separator]) }
}
