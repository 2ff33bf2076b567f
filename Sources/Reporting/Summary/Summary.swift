public import Auditing

/// What a run adds up to: `summary.json`, the last element of `report.xml`, and what the terminal shows.
///
/// Everything in it depends on the input and the options alone; when and where the run took place stands in `run.json`.
public struct Summary: Hashable, Sendable {
  /// A name and what was counted under it, in byte order of the names.
  public typealias Counts = [Count]

  /// One entry of a table of counts.
  public struct Count: Hashable, Sendable {
    /// The name: a rule, a payer, a modifier; `none` where a line has nothing there.
    public var name: String
    /// How many, or how many cents.
    public var value: Int64
  }

  /// The totals.
  public var totals = Totals()
  /// Findings by rule.
  public var byRule: Counts = []
  /// Findings by severity: `error`, `warning`, `info`, each always there.
  public var bySeverity: Counts = []
  /// Watched lines by payer.
  public var byPayer: Counts = []
  /// Watched lines by place of service.
  public var byPlaceOfService: Counts = []
  /// Watched lines by type of bill.
  public var byTypeOfBill: Counts = []
  /// Watched lines by modifier: a line with two counts under both, once each.
  public var byModifier: Counts = []
  /// Cents at risk by payer.
  public var atRiskByPayer: Counts = []
  /// Charges and payments of the watched lines.
  public var benchmark: [BenchmarkEntry] = []
  /// Issues by code.
  public var issuesByCode: Counts = []
  /// Issues by effect, each effect that occurred.
  public var issuesByEffect: Counts = []
  /// Watched lines by rule that could not be evaluated on them.
  public var notEvaluated: Counts = []
  /// The input, in input order.
  public var files: [File] = []
  /// What was suppressed; `nil` when the run was given no suppressions.
  public var suppressed: Suppressed?

  /// The findings that were accepted and left out of everything else.
  public struct Suppressed: Hashable, Sendable {
    /// Rows of `suppressed.csv`.
    public var findings: Int
    /// Charges of the watched lines that only such findings would put at risk, each line once.
    public var atRiskCents: Int64
    /// Such findings by rule.
    public var byRule: Counts
    /// The suppressions in force that met no finding.
    public var unused: [Suppression]
    /// The suppressions that have expired and suppress nothing.
    public var expired: [Suppression]
  }

  /// What of the input the reports hold, where a ledger says what was read before; `nil` without one: all of it.
  public var coverage: Coverage?

  /// What of the input the reports of a run with a ledger hold.
  public struct Coverage: Hashable, Sendable {
    /// Whether they hold all files; else those that no earlier run has reported.
    public var isWhole: Bool
    /// How many inputs are as an earlier run has read them.
    public var unchanged: Int

    /// A coverage.
    public init(isWhole: Bool, unchanged: Int) {
      self.isWhole = isWhole
      self.unchanged = unchanged
    }

    /// `all` or `new`.
    public var name: String { isWhole ? "all" : "new" }
  }

  /// The totals of a run.
  public struct Totals: Hashable, Sendable {
    /// Input streams.
    public var files = 0
    /// Their decompressed bytes.
    public var bytes = 0
    /// Claims.
    public var claims = 0
    /// Service lines.
    public var lines = 0
    /// Lines whose procedure is watched.
    public var watchedLines = 0
    /// Rows of `lines.csv`.
    public var reportedLines = 0
    /// Rows of `findings.csv`.
    public var findings = 0
    /// Rows of `issues.csv`.
    public var issues = 0
    /// Charges of all lines.
    public var chargeCents: Int64 = 0
    /// Charges of the watched lines.
    public var watchedChargeCents: Int64 = 0
    /// Charges of the lines with an error or a warning, each line once.
    public var atRiskCents: Int64 = 0
  }

  /// One input stream.
  public struct File: Hashable, Sendable {
    /// The path as given.
    public var path: String
    /// `837`, `csv`, or `nil` when it was neither.
    public var format: String?
    /// How it was wrapped, `none` when it was not.
    public var compression: String
    /// Its decompressed bytes.
    public var bytes: Int
    /// Its claims.
    public var claims: Int
    /// Its service lines.
    public var lines: Int
    /// Its watched lines.
    public var watchedLines: Int
    /// Findings on its lines.
    public var findings: Int
    /// Its issues.
    public var issues: Int
    /// `ok`, `partial`, `refused` or `skipped`.
    public var status: String
  }
}
