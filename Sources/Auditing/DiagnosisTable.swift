public import ClaimModel

/// The ICD-10-CM codes.
public protocol DiagnosisTable: Sendable {
  /// Whether the code may stand on a claim: it is a code without further subdivision.
  func isBillable(_ code: Code) -> Bool
  /// Whether the code is a heading: longer codes begin with it.
  func isHeading(_ code: Code) -> Bool
  /// The days for which the table is complete.
  var validity: ClosedRange<Day> { get }
}
