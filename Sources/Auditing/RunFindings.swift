public import ClaimModel

/// What the rules over the run found in some of its lines: plain values, and the bytes of their texts in one array.
///
/// Storage that is filled again for the next lines. A `RunFinding` by itself is large; findings come by the million.
public struct RunFindings {
  /// A finding; what its fields are is said in `RunFinding`.
  public struct Entry: Sendable {
    /// The line it is about.
    public let key: LineKey
    /// The line that the message names, where it names one.
    public let relatedLine: LineKey?
    /// The message.
    public let message: TextRange
    /// The rule's position in the catalogue.
    public let rule: RuleIndex
    /// The severity.
    public let severity: Severity
    /// The field the finding is about.
    public let field: ClaimField
    /// Where the texts that are not the rule's stand in `changes`, -1 where all are the rule's.
    fileprivate let change: Int32

    /// Whether some text is not the rule's.
    public var isChanged: Bool { change >= 0 }
  }

  /// Texts that a pack has put in the place of the rule's.
  private struct Change {
    let fix: String?
    let carc: String?
    let rarc: String?
  }

  /// The findings.
  public private(set) var entries: [Entry] = []
  /// The bytes of their messages.
  public private(set) var text: [UInt8] = []
  private var changes: [Change] = []

  /// Nothing.
  public init() {}

  /// Adds what a rule says in its own words.
  mutating func append(
    _ rule: RunFindingSink.Rule, _ key: LineKey, _ field: ClaimField, _ message: borrowing MessageText,
    related: LineKey?
  ) {
    entries.append(
      Entry(
        key: key, relatedLine: related, message: text.keep(message), rule: rule.index, severity: rule.severity,
        field: field, change: -1))
  }

  /// Adds a finding.
  public mutating func append(_ finding: RunFinding) {
    var change: Int32 = -1
    if finding.fix != nil || finding.carc != nil || finding.rarc != nil {
      change = Int32(changes.count)
      changes.append(Change(fix: finding.fix, carc: finding.carc, rarc: finding.rarc))
    }
    entries.append(
      Entry(
        key: finding.key, relatedLine: finding.relatedLine, message: text.keep(finding.message), rule: finding.rule,
        severity: finding.severity, field: finding.field, change: change))
  }

  /// What to do and the expected codes, each where it is not the rule's.
  public func own(of entry: Entry) -> (fix: String?, carc: String?, rarc: String?) {
    if entry.change < 0 { return (nil, nil, nil) }
    let change = changes[Int(entry.change)]
    return (change.fix, change.carc, change.rarc)
  }

  /// Takes out the findings on some lines.
  public mutating func remove(where isTaken: (LineKey) -> Bool) -> [RunFinding] {
    let taken = entries.filter { isTaken($0.key) }
    if !taken.isEmpty { entries.removeAll { isTaken($0.key) } }
    return taken.map(finding)
  }

  /// The findings by themselves.
  public var all: [RunFinding] { entries.map(finding) }

  private func finding(_ entry: Entry) -> RunFinding {
    let own = own(of: entry)
    let start = Int(entry.message.start)
    let message = String(decoding: text[start..<start + Int(entry.message.count)], as: UTF8.self)
    return RunFinding(
      key: entry.key, rule: entry.rule, severity: entry.severity, field: entry.field, message: MessageText(message),
      fix: own.fix, carc: own.carc, rarc: own.rarc, relatedLine: entry.relatedLine)
  }

  /// Puts the findings in the order of their lines, and those of a line in the order of the rules.
  public mutating func sort() {
    entries.sort { left, right in left.key != right.key ? left.key < right.key : left.rule < right.rule }
  }

  /// Forgets the findings and keeps the memory.
  public mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    if !changes.isEmpty { changes = [] }
  }
}
