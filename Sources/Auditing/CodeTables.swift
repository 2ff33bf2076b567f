public import ClaimModel

/// The code sets that hold for every procedure: modifiers, places of service, bill types, diagnoses, payers.
public final class CodeTables: Sendable {
  /// The modifiers.
  public let modifiers: ModifierTable
  /// The places of service.
  public let places: PlaceTable
  /// The types of bill.
  public let billTypes: BillTypeTable
  /// The diagnoses.
  public let diagnoses: any DiagnosisTable
  /// The diagnoses of further years; for their days they win over `diagnoses`.
  public let furtherDiagnoses: [any DiagnosisTable]
  /// The payers.
  public let payers: PayerTable

  /// A set of tables.
  public init(
    modifiers: ModifierTable, places: PlaceTable, billTypes: BillTypeTable, diagnoses: any DiagnosisTable,
    furtherDiagnoses: [any DiagnosisTable] = [], payers: PayerTable
  ) {
    self.modifiers = modifiers
    self.places = places
    self.billTypes = billTypes
    self.diagnoses = diagnoses
    self.furtherDiagnoses = furtherDiagnoses
    self.payers = payers
  }

  /// Which list of diagnoses holds on a day: a position in `furtherDiagnoses`, or -1 for the first one.
  func diagnosisList(on day: Day?) -> Int {
    guard let day, !furtherDiagnoses.isEmpty else { return -1 }
    return furtherDiagnoses.firstIndex { $0.validity.contains(day) } ?? -1
  }

  /// The diagnoses of a day: the list of its year, else the first one.
  public func diagnoses(on day: Day?) -> any DiagnosisTable {
    let position = diagnosisList(on: day)
    return position < 0 ? diagnoses : furtherDiagnoses[position]
  }
}
