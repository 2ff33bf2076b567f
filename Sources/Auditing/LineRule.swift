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
  /// When the rule is asked; where nothing is said, for every line.
  static var occasions: Occasions { get }
  /// The rule.
  init()
}

extension LineRule {
  /// Every line.
  public static var occasions: Occasions { .always }
}

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

/// Compares charges of the whole run, those of one peer group at a time.
///
/// A peer group may be most of a run: it is gone over, not held.
public protocol PeerRule: Sendable {
  /// What is said about the rule.
  static var description: RuleDescription { get }
  /// The rule.
  init()
  /// What to say of the charges of a group; `nil` where nothing is said of any.
  func judge(_ peers: PeerCharges) -> PeerJudgement?
}

/// What a rule that compares charges says of those of one group, in cents.
public struct PeerJudgement {
  /// Charges of which nothing is said: nearly all.
  let silent: ClosedRange<Int64>
  private let message: (Int64) -> MessageText?

  /// A judgement.
  ///
  /// - Parameters:
  ///   - silent: charges of which nothing is said, as a bound that is quickly asked.
  ///   - message: what is said of another charge, if anything.
  public init(silent: ClosedRange<Int64>, _ message: @escaping (Int64) -> MessageText?) {
    self.silent = silent
    self.message = message
  }

  /// What is said of a charge.
  func callAsFunction(_ charge: Int64) -> MessageText? { silent.contains(charge) ? nil : message(charge) }
}

/// The charges of a peer group, all above zero, in cents.
public struct PeerCharges {
  /// How many there are.
  public let count: Int
  private let source: Source

  private enum Source {
    case held([Int64])
    case handed(((Int64) -> Void) -> Void)
  }

  /// Charges in memory.
  public init(_ charges: [Int64]) {
    count = charges.count
    source = .held(charges)
  }

  /// Charges that `pass` hands out, the same each time: too many to be held.
  public init(count: Int, pass: @escaping ((Int64) -> Void) -> Void) {
    self.count = count
    source = .handed(pass)
  }

  /// What `measure` makes of the charges, at some places of the ascending order.
  public func values(at places: [Int], of measure: (Int64) -> UInt64) -> [UInt64] {
    switch source {
    case .held(let charges):
      var values = charges.map(measure)
      return OrderStatistics.values(at: places, among: &values)
    case .handed(let pass):
      return OrderStatistics.values(at: places, count: count) { take in pass { take(measure($0)) } }
    }
  }

  /// Whether some charge lies outside of a range.
  public func reach(beyond range: ClosedRange<Int64>) -> Bool {
    switch source {
    case .held(let charges): return charges.contains { !range.contains($0) }
    case .handed(let pass):
      var isBeyond = false
      pass { if !range.contains($0) { isBeyond = true } }
      return isBeyond
    }
  }
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
