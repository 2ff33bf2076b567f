/// Looks at one watched line and says what it sees.
///
/// A check holds settings only. It says something at most once a line, and makes no text unless it does: it is asked for every
/// watched line of every claim.
public protocol LineCheck: Sendable {
  /// Looks at `line` and reports to `findings`.
  func check(_ line: AuditedLine, _ findings: inout FindingSink)
}

/// A built-in rule over one line and the claim it stands on.
public protocol LineRule: LineCheck {
  /// What is said about the rule.
  static var description: RuleDescription { get }
  /// The rule.
  init()
}

/// Looks at the facts of the whole run, one group of lines at a time.
public protocol RunRule: Sendable {
  /// What is said about the rule.
  static var description: RuleDescription { get }
  /// Which lines it must see together.
  static var grouping: FactGrouping { get }
  /// The rule.
  init()
  /// Looks at one group, in input order, and reports to `findings`; only watched lines may be reported.
  func check(_ group: ArraySlice<LineFact>, _ findings: inout RunFindingSink)
}

/// Which lines a rule over the run must see together.
///
/// Facts may be parted by it, and each part be asked alone.
public enum FactGrouping: UInt8, Sendable, CaseIterable {
  /// Lines of one patient.
  case patient
  /// Lines of claims with one number of one billing provider.
  case claimNumber
  /// Lines whose charges are compared.
  case peers

  /// What lines of one group have in common; 0 for a line that belongs to no group.
  public func key(of fact: LineFact) -> UInt64 {
    switch self {
    case .patient: fact.patient
    case .claimNumber:
      fact.claimID == 0 || fact.facility == 0 ? 0 : fact.claimID ^ (fact.facility << 1 | fact.facility >> 63)
    case .peers: UInt64(fact.peerGroup)
    }
  }
}
