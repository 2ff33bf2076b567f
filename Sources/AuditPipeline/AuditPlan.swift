public import ByteInput
public import ClaimModel
public import ClaimReading

/// Everything a run was asked to do with its input.
public struct AuditPlan: Sendable {
  /// Which lines are reported.
  public enum Scope: String, Sendable, CaseIterable {
    /// Watched lines.
    case hits
    /// Every line of a claim that holds a watched one.
    case claims
    /// Every line of every claim.
    case all
  }

  /// What the input is.
  public enum InputFormat: String, Sendable, CaseIterable {
    /// Found out from the bytes.
    case auto
    /// X12 interchanges.
    case x12
    /// A CSV export.
    case csv
  }

  /// What to read, in order.
  public var inputs: [InputReference] = []
  /// Which lines are reported.
  public var scope = Scope.hits
  /// The payer key whose claims alone are reported with `Scope.all`; the auditor is told of it by its own options.
  public var payer: String?
  /// Asks which claims are selected; then claims are marked (`AuditRun.run(marks:)`) and no line is reported.
  public var criteria: ClaimCriteria?
  /// Whether the claims that are not selected are wanted too, so that every one has to be read.
  public var marksEveryClaim = false
  /// What the input is.
  public var inputFormat = InputFormat.auto
  /// How columns are named where the header is not recognised.
  public var mapping = ColumnMapping()
  /// How many threads may work.
  public var jobs = 1
  /// Whether a damaged input is left out of the reports altogether.
  public var isStrict = false
  /// Limits of claims and values.
  public var limits = ReadingLimits()
  /// Limits of compressed input.
  public var inputLimits = InputLimits()
  /// Where what does not fit into memory waits: the output folder, else a temporary folder.
  public var spoolFolder = "/tmp"
  /// The hash under which patients are known.
  public var identityHash = KeyedHash.random()
  /// Told how far the run has come, where somebody wants to see it.
  public var progress: RunProgress?
  /// Whether the user is told what each stream was taken for.
  public var tellsRecognition = false
  /// How many bytes are read at a time.
  public var readSize = 256 << 10
  /// About how many bytes of a large file one thread reads at a time; smaller files than four times that are not parted.
  var unitSize = 1 << 20
  /// Whether every claim is read in full even where nothing of it is asked for: for tests.
  public var readsEveryClaimInFull = false

  /// A plan with the defaults.
  public init() {}
}
