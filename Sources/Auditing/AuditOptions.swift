public import ClaimModel

/// What a run asks of the auditor, beyond the packs.
public struct AuditOptions: Sendable {
  /// The run date, for rules that need one and whose source does not bring one.
  public var asOf: Day
  /// Further procedures to watch, checked with the general rules only.
  public var extraWatch: [Code] = []
  /// The rules to run, by id or by a prefix of whole words (`MOD`, `POS-002`); empty: all of them.
  public var select: [String] = []
  /// The rules to leave out, by id or prefix; stronger than `select`.
  public var ignore: [String] = []
  /// Findings below it are not made.
  public var minimumSeverity = Severity.info
  /// Lines of other days are neither watched nor reported.
  public var period = ServicePeriod()
  /// Lines of other payer keys are not watched.
  public var payer: String?
  /// Under what the identities in `LineFact` are hashed.
  ///
  /// Runs whose facts are put together need the same.
  public var identityHash: KeyedHash

  /// Everything is run and reported.
  public init(asOf: Day, identityHash: KeyedHash = .random()) {
    self.asOf = asOf
    self.identityHash = identityHash
  }
}

/// Options that no run can follow: a rule or a payer that does not exist.
public struct AuditOptionsError: Error, Sendable, CustomStringConvertible {
  /// The options that can be wrong.
  public enum Option: String, Sendable {
    case select
    case ignore
    case payer
  }

  /// Which of them it is.
  public let option: Option
  /// What is wrong, and what was near.
  public let description: String

  /// An error that says so.
  public init(_ option: Option, _ description: String) {
    self.option = option
    self.description = description
  }
}
