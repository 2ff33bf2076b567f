/// Looks at the facts of the whole run, one group of lines at a time.
///
/// Most groups are of one line or two, and there may be millions: a rule may keep memory from group to group, and nothing else.
public protocol RunRule: Sendable {
  /// What is said about the rule.
  static var description: RuleDescription { get }
  /// Which lines it must see together.
  static var grouping: FactGrouping { get }
  /// The rule.
  init()
  /// Looks at one group, in input order, and reports to `findings`; only watched lines may be reported.
  mutating func check(_ group: FactGroup, _ findings: inout RunFindingSink)
}

/// Which lines a rule over the run must see together.
///
/// Facts may be parted by it, and each part be asked alone.
public enum FactGrouping: UInt8, Sendable, CaseIterable {
  /// Lines of one patient; of such a line is known what `PatientFact` keeps.
  case patient
  /// Lines of claims with one number of one billing provider; of such a line is known what `ClaimNumberFact` keeps.
  case claimNumber

  /// What lines of one group have in common; 0 for a line that belongs to no group.
  @inlinable
  public func key(of fact: LineFact) -> UInt64 {
    switch self {
    case .patient: fact.patient
    case .claimNumber:
      fact.claimID == 0 || fact.facility == 0 ? 0 : fact.claimID ^ (fact.facility << 1 | fact.facility >> 63)
    }
  }
}
