internal import Auditing
internal import ClaimModel

/// One finding of a line, inside the line's record.
///
/// ```
///  0  rule                u16       4  length of the element   u32
///  2  severity            u8        8  length of the message   u32
///  3  traits              u8       12  the lengths of fix, carc and rarc, where they are the finding's own   3 × u32
///                                      element, message, and those, each with a comma behind it
/// ```
///
/// Fix and codes are the rule's as a rule: then they stand in `RuleTexts`, once a run.
struct FindingRecord {
  let rule: RuleIndex
  let severity: Severity
  let traits: Traits
  // Four bytes each: a line's findings are copied about.
  private let element: UInt32
  private let message: UInt32
  private let messageEnd: UInt32
  private let last: UInt32
  private let ownLengths: (fix: UInt32, carc: UInt32)

  /// Bits of a finding.
  struct Traits: OptionSet {
    let rawValue: UInt8
    /// Some writer has to quote or escape the element, and so for the others.
    static let specialElement = Traits(rawValue: 1 << 0)
    static let specialMessage = Traits(rawValue: 1 << 1)
    static let specialFix = Traits(rawValue: 1 << 2)
    static let specialCARC = Traits(rawValue: 1 << 3)
    static let specialRARC = Traits(rawValue: 1 << 4)
    /// Fix and codes are the finding's own.
    static let own = Traits(rawValue: 1 << 5)
    /// The message holds a quote, a comma or a line end: in CSV it needs quotes.
    static let separatorMessage = Traits(rawValue: 1 << 6)
    /// The message holds a quote.
    static let quoteMessage = Traits(rawValue: 1 << 7)
  }

  private static let headerSize = 12

  /// A finding without texts.
  init(_ rule: RuleIndex = RuleIndex(0), _ severity: Severity = .none) {
    self.rule = rule
    self.severity = severity
    traits = []
    element = 0
    message = 0
    messageEnd = 0
    last = 0
    ownLengths = (0, 0)
  }

  /// The finding at `start`.
  @inline(__always)
  init(in buffer: borrowing ByteBuffer, at start: Int) {
    // Three fields and a length with one look at the bounds: findings are read by the million.
    let front = buffer.load(UInt64.self, at: start)
    rule = RuleIndex(Int(truncatingIfNeeded: front & 0xFFFF))
    severity = Severity(rawValue: UInt8(truncatingIfNeeded: front >> 16)) ?? .error
    traits = Traits(rawValue: UInt8(truncatingIfNeeded: front >> 24))
    let elementLength = UInt32(truncatingIfNeeded: front >> 32)
    let messageLength = buffer.load(UInt32.self, at: start + 8)
    var first = UInt32(truncatingIfNeeded: start &+ FindingRecord.headerSize)
    var rest: UInt32 = 1
    if traits.contains(.own) {
      ownLengths = (buffer.load(UInt32.self, at: start + 12), buffer.load(UInt32.self, at: start + 16))
      first &+= 12
      rest = ownLengths.fix &+ ownLengths.carc &+ buffer.load(UInt32.self, at: start + 20) &+ 4
    } else {
      ownLengths = (0, 0)
    }
    element = first
    message = element &+ elementLength &+ 1
    messageEnd = message &+ messageLength
    last = messageEnd &+ rest
  }

  /// Where the next finding begins.
  var end: Int { Int(last) }
  /// The bytes of the element.
  var elementRange: Range<Int> { Int(element)..<Int(message) - 1 }
  /// The bytes of the message.
  var messageRange: Range<Int> { Int(message)..<Int(messageEnd) }
  /// Element and message, each with its comma: two cells of CSV where neither is special.
  var cellsRange: Range<Int> { Int(element)..<Int(messageEnd) + 1 }
  /// The bytes of the finding's own fix, and so for the codes.
  var fixRange: Range<Int> { Int(messageEnd) + 1..<Int(messageEnd) + 1 + Int(ownLengths.fix) }
  var carcRange: Range<Int> { fixRange.upperBound + 1..<fixRange.upperBound + 1 + Int(ownLengths.carc) }
  var rarcRange: Range<Int> { carcRange.upperBound + 1..<end - 1 }

  /// Adds element and message to a row, and fix and codes where they are the finding's own.
  func appendCells(from buffer: borrowing ByteBuffer, to row: inout TableRow) {
    row.append(buffer, elementRange, cellTraits(.specialElement))
    row.append(buffer, messageRange, cellTraits(.specialMessage))
    if traits.contains(.own) {
      row.append(buffer, fixRange, cellTraits(.specialFix))
      row.append(buffer, carcRange, cellTraits(.specialCARC))
      row.append(buffer, rarcRange, cellTraits(.specialRARC))
    }
  }

  /// Whether some writer has to quote or escape what `trait` stands for.
  func cellTraits(_ trait: Traits) -> CellTraits { traits.contains(trait) ? .special : [] }
}

extension ByteBuffer {
  /// Begins a finding: its element is added next, then comes `endElement`.
  mutating func beginFinding(_ rule: RuleIndex, _ severity: Severity, isOwn: Bool) -> FindingDraft {
    let traits: FindingRecord.Traits = isOwn ? .own : []
    let draft = FindingDraft(
      start: count,
      head: UInt32(rule.position) | UInt32(severity.rawValue) << 16 | UInt32(traits.rawValue) << 24)
    append(little: UInt64(0))
    append(little: UInt32(0))
    if isOwn {
      append(little: UInt64(0))
      append(little: UInt32(0))
    }
    return draft
  }

  /// Ends the element of a finding and adds its message.
  ///
  /// `;` joins the messages of a line, so that one inside a message becomes a comma.
  mutating func endElement(
    _ draft: FindingDraft, from element: Int, _ traits: CellTraits, message: Span<UInt8>
  ) {
    let length = count &- element
    append(0x2C)
    var bits = traits.contains(.special) ? FindingRecord.Traits.specialElement : []
    let start = count
    let ofMessage = append(message: message)
    if ofMessage.contains(.special) { bits.insert(.specialMessage) }
    if ofMessage.contains(.separator) { bits.insert(.separatorMessage) }
    if ofMessage.contains(.quote) { bits.insert(.quoteMessage) }
    let head = draft.head | UInt32(bits.rawValue) << 24
    store(little: UInt64(head) | UInt64(UInt32(length)) << 32, at: draft.start)
    store(little: UInt32(count &- start), at: draft.start &+ 8)
    append(0x2C)
  }

  /// Adds the finding's own fix (0), adjustment codes (1) or remark codes (2).
  mutating func appendOwn(_ draft: FindingDraft, _ position: Int, _ text: Span<UInt8>) {
    let start = count
    let traits = append(clean: text)
    store(little: UInt32(count - start), at: draft.start + 12 + 4 * position)
    append(0x2C)
    if traits.contains(.special) {
      self[draft.start + 3] |= FindingRecord.Traits.specialFix.rawValue << UInt8(position)
    }
  }
}

/// A finding that is being added to a buffer.
struct FindingDraft {
  /// Where it begins.
  fileprivate var start: Int
  /// Its first four bytes, but for what is known only of its texts.
  fileprivate var head: UInt32
}
