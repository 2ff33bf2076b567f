/// What auditing one claim gave: which lines are watched, what was found on them, and what the rules over the whole run
/// need to know.
///
/// Storage that is filled again for every claim.
public struct ClaimAudit: Sendable {
  /// The normalised payer key (`medicare`, `aetna`, … `other`).
  public var payer = "other"
  /// One flag a line of the claim: whether its procedure is watched and it passed the run's filters.
  public var watched: [Bool] = []
  /// The findings of the claim's watched lines, by line, then in catalogue order.
  public var findings: [Finding] = []
  /// What the rules over the whole run keep of the claim's lines.
  public var facts: [LineFact] = []
  /// The rules that could not be evaluated on a line because the source has no place for what they need, once per line.
  public var notEvaluated: [RuleIndex] = []

  /// Nothing yet.
  public init() {}

  /// Whether any line is watched.
  public var hasWatchedLine: Bool { watched.contains(true) }

  /// Empties everything and keeps the memory.
  public mutating func reset() {
    payer = "other"
    watched.removeAll(keepingCapacity: true)
    findings.removeAll(keepingCapacity: true)
    facts.removeAll(keepingCapacity: true)
    notEvaluated.removeAll(keepingCapacity: true)
  }
}
