public import ClaimModel

/// One input stream of the run as the reports know it: a file, standard input, or an entry of an archive.
public struct SourceFile: Sendable {
  /// The path as given: `-` for standard input, `dumps.zip!march/a.837` for an archive's entry.
  public var path: String
  /// What it held; `nil` when it was neither 837 nor a claim export.
  public var format: ClaimFormat?
  /// How it was wrapped (`gzip`, `zip+gzip`), `none` when it was not.
  public var compression: String
  /// How many bytes it had, decompressed.
  public var bytes: Int
  /// How many claims.
  public var claims: Int
  /// How many service lines.
  public var lines: Int
  /// The sum of the lines' charges.
  public var chargeCents: Int64
  /// How far it was read.
  public var status: Status
  /// What an export calls the fields.
  public var columns: ColumnNames
  /// Whether its lines stay out of the reports: it is damaged and the run is strict.
  public var isWithheld: Bool

  /// Whether an earlier run read it and this one only knows what its lines add to the rules over the run: it stands in no report,
  /// except where a finding names one of its lines.
  public var isHistory = false

  /// How far a stream was read.
  public enum Status: String, Sendable, CaseIterable {
    /// All of it.
    case ok
    /// Part of it is missing or unverified.
    case partial
    /// Nothing of it was read as claims.
    case refused
    /// It is sound, and no claims.
    case skipped
  }

  /// A stream.
  public init(
    path: String, format: ClaimFormat? = nil, compression: String = "none", bytes: Int = 0, claims: Int = 0,
    lines: Int = 0,
    chargeCents: Int64 = 0, status: Status = .ok, columns: ColumnNames = ColumnNames(), isWithheld: Bool = false
  ) {
    self.path = path
    self.format = format
    self.compression = compression
    self.bytes = bytes
    self.claims = claims
    self.lines = lines
    self.chargeCents = chargeCents
    self.status = status
    self.columns = columns
    self.isWithheld = isWithheld
  }
}

extension ClaimFormat {
  /// The word of the reports: `837` or `csv`.
  var word: String {
    switch self {
    case .x12: "837"
    case .csv: "csv"
    }
  }
}
