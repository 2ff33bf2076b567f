/// Something about the input that a reader noticed: a row of `issues.csv`.
///
/// The message is a sentence that says what was found and what became of it, with positions and never with values of the
/// input: it may be printed anywhere.
public struct ReadingIssue: Sendable {
  /// A stable code: `ENV-001` and `ENV-002` for the envelope, else the kind of fault (`AMOUNT`, `COLUMN_COUNT`, `GZIP_CRC`).
  public var code: String
  /// How serious it is.
  public var severity: IssueSeverity
  /// What it did to the claims.
  public var effect: IssueEffect
  /// Where.
  public var location: SourceLocation
  /// The segment's id (`SV1`), empty for CSV and for the stream as a whole.
  public var segment: String
  /// The element (`SV102`) or the column's name, empty where none is concerned.
  public var element: String
  /// The claim's id as bytes of the input, empty where none is concerned.
  ///
  /// For the table, never for a message.
  public var claimID: [UInt8]
  /// The sentence.
  public var message: String

  /// An issue.
  public init(
    code: String, severity: IssueSeverity, effect: IssueEffect, location: SourceLocation, segment: String = "",
    element: String = "", claimID: [UInt8] = [], message: String
  ) {
    self.code = code
    self.severity = severity
    self.effect = effect
    self.location = location
    self.segment = segment
    self.element = element
    self.claimID = claimID
    self.message = message
  }
}

/// How serious a reading issue is.
public enum IssueSeverity: String, Sendable {
  /// Worth knowing; nothing is wrong with the claims.
  case info
  /// Wrong, and harmless here.
  case warning
  /// Something could not be read.
  case error
}

/// What a reading issue did to the claims.
public enum IssueEffect: String, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// The claim is kept, the value it names is empty.
  case claimKept = "claim kept"
  /// A claim or a line of it is gone.
  case claimLost = "claim lost"
  /// Read, but the checksum over it failed.
  case unverified
  /// The rest of the stream could not be read.
  case fileCut = "file cut"
  /// Nothing of the stream was read.
  case fileRefused = "file refused"

  /// Whether an issue of this effect makes the run's exit code 65.
  public var isDamage: Bool {
    switch self {
    case .none, .claimKept: false
    case .claimLost, .unverified, .fileCut, .fileRefused: true
    }
  }
}
