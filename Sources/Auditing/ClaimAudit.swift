public import ClaimModel

/// What auditing one claim gave: which lines are watched, what was found on them, and what the rules over the whole run
/// need to know.
///
/// Storage that is filled again for every claim.
public struct ClaimAudit: Sendable {
  /// The normalised payer key (`medicare`, `aetna`, … `other`).
  public var payer = "other"
  /// One flag a line of the claim: whether its procedure is watched and it passed the run's filters.
  public var watched: [Bool] = []
  /// Whether any line is watched.
  public var hasWatchedLine = false
  /// The findings of the claim's watched lines, by line, then in catalogue order.
  public internal(set) var findings: [Finding] = []
  /// The bytes of the findings' texts.
  public internal(set) var text: [UInt8] = []
  /// What the rules over the whole run keep of the claim's lines, unless it was added to that of other claims.
  public var facts: [LineFact] = []
  /// The rules that could not be evaluated on a line because the source has no place for what they need, once per line.
  public var notEvaluated: [RuleIndex] = []
  /// What the auditor remembers from claim to claim.
  var memory = AuditMemory()

  /// Nothing yet.
  public init() {}

  /// A text of a finding as a string.
  public func string(_ range: TextRange) -> String {
    String(decoding: text[Int(range.start)..<Int(range.start) + Int(range.count)], as: UTF8.self)
  }

  /// Adds a finding; what is not given is the rule's own.
  public mutating func add(
    _ rule: RuleIndex, _ severity: Severity, line: Int, field: ClaimField, message: String, fix: String? = nil,
    carc: String? = nil, rarc: String? = nil
  ) {
    findings.append(
      Finding(
        rule: rule, severity: severity, line: line, field: field, message: text.keep(message),
        fix: fix.map { text.keep($0) }, carc: carc.map { text.keep($0) }, rarc: rarc.map { text.keep($0) }))
  }

  /// Empties everything but the facts and keeps the memory.
  public mutating func reset() {
    hasWatchedLine = false
    // Most claims leave most of them empty, and emptying costs even then.
    if !watched.isEmpty { watched.removeAll(keepingCapacity: true) }
    if !findings.isEmpty { findings.removeAll(keepingCapacity: true) }
    if !text.isEmpty { text.removeAll(keepingCapacity: true) }
    if !notEvaluated.isEmpty { notEvaluated.removeAll(keepingCapacity: true) }
  }
}

extension [UInt8] {
  /// Adds a text and says where it stands.
  mutating func keep(_ string: String) -> TextRange {
    let start = count
    append(contentsOf: string.utf8)
    return TextRange(start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: count - start))
  }

  /// Adds a message and says where it stands.
  mutating func keep(_ message: borrowing MessageText) -> TextRange {
    let start = count
    message.append(to: &self)
    return TextRange(start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: count - start))
  }
}
