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
  private let silent: ClosedRange<Int64>
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
