public import Auditing
internal import Reporting

/// One finding in which two runs differ.
public struct FindingDifference {
  /// How they differ.
  public enum Kind: String, Sendable, CaseIterable {
    /// Only the new run has it.
    case new
    /// Both have it, and it says something else.
    case changed
    /// Only the old run has it.
    case gone
  }

  /// How the runs differ.
  public let kind: Kind
  /// The fingerprint, with its ordinal.
  public let fingerprint: FindingFingerprint
  /// The finding: of the new run, or, when it is gone, of the old one.
  public let finding: FindingRow
  /// What a changed finding said before.
  public let earlier: Earlier?

  /// What may change in a finding, as the old run has it.
  public struct Earlier: Sendable {
    /// The severity.
    public var severity: String
    /// The message.
    public var message: String
    /// The expected denial codes.
    public var carc: String
    /// The amount at risk.
    public var atRisk: String

    init(_ row: borrowing FindingRow) {
      severity = row[.severity]
      message = row[.message]
      carc = row[.carc]
      atRisk = row[.atRisk]
    }
  }

  /// The cells of a row of `ReportTable.differences`.
  public var cells: [String] {
    var cells = [kind.rawValue, fingerprint.description]
    for column in FindingRow.Column.allCases { cells.append(finding[column]) }
    if let earlier {
      cells += [earlier.severity, earlier.message, earlier.carc, earlier.atRisk]
    } else {
      cells += ["", "", "", ""]
    }
    return cells
  }
}
