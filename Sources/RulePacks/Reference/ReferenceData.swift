public import Auditing
internal import ClaimModel

/// What was read from a folder of reference files: tables that take the place of the built-in ones for their dates.
public struct ReferenceData: Sendable {
  /// A file that was read.
  public struct LoadedFile: Sendable, Equatable {
    /// Its path below the folder.
    public var file: String
    /// What it holds, in a few words.
    public var kind: String
    /// How many rows were kept.
    public var rows: Int
    /// The time for which they hold, in a few words.
    public var period: String

    /// `relative values, 1 row, 2026, July release`.
    public var summary: String {
      "\(kind), \(rows) \(rows == 1 ? "row" : "rows")" + (period.isEmpty ? "" : ", \(period)")
    }
  }

  /// The files that were read, in byte order of their paths.
  public var files: [LoadedFile] = []
  /// The files that were not, and why: one sentence each.
  public var notices: [String] = []

  /// Rows of the fee schedule with their days.
  var feeSchedule: [MedicareReference.Row] = []
  /// Geographic indices by year and `CARRIER/LOCALITY`.
  var localities: [Int: [String: MedicareReference.Locality]] = [:]
  /// NCCI pairs of the watched procedures.
  var pairs: [Code: [PairFile.Row]] = [:]
  /// Units a day of the watched procedures.
  var units: [Code: [ProcedurePolicy.UnitLimit]] = [:]
  /// Places of service.
  var places: [PlaceFile.Row] = []
  /// Billable diagnoses by fiscal year.
  var diagnoses: [LoadedDiagnoses] = []

  /// Nothing was read.
  public init() {}

  /// The years for which there are geographic indices.
  public var localityYears: [Int] { localities.keys.sorted() }

  /// The indices of a locality (`13202/01`) in a year, `nil` when no file of that year has it.
  public func locality(_ name: String, year: Int) -> MedicareReference.Locality? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    return LocalityFile.name(carrier: Code(String(parts[0])), locality: Code(String(parts[1])))
      .flatMap { localities[year]?[$0] }
  }
}

extension ReferenceData {
  /// What a pack says about a procedure, with the pairs and units that were read.
  ///
  /// A pair that a file has takes the place of the pack's, with its own days; pairs that no file has stay, since the edits come in
  /// several files of which not all may be there.
  func applied(to contents: ProcedurePolicy.Contents, for procedure: Code) -> ProcedurePolicy.Contents {
    var contents = contents
    contents.unitLimits += units[procedure] ?? []
    guard let rows = pairs[procedure] else { return contents }
    struct Key: Hashable {
      var companion: Code
      var companionIsPart: Bool
      var isHospital: Bool
    }
    let known = Set(
      rows.map { Key(companion: $0.companion, companionIsPart: $0.companionIsPart, isHospital: $0.isHospital) })
    contents.pairs.removeAll {
      known.contains(Key(companion: $0.companion, companionIsPart: $0.companionIsPart, isHospital: $0.isHospital))
    }
    for row in rows {
      guard let mayBeSeparated = row.mayBeSeparated else { continue }
      contents.pairs.append(
        ProcedurePolicy.Pair(
          companion: row.companion, companionIsPart: row.companionIsPart, isHospital: row.isHospital,
          mayBeSeparated: mayBeSeparated, from: row.from, deleted: row.deleted))
    }
    return contents
  }

  /// Whether something was read about a procedure.
  func speaks(of procedure: Code) -> Bool { pairs[procedure] != nil || units[procedure] != nil }

  /// The places of service, those of the lists over the built-in ones.
  ///
  /// What a list does not say of a code, its first day or its setting, stays as it was.
  func applied(to places: PlaceTable) -> PlaceTable {
    guard !self.places.isEmpty else { return places }
    var merged: [(code: Code, place: PlaceTable.Place)] = []
    for number in 0...99 {
      let code = Code(number < 10 ? "0\(number)" : "\(number)")
      if let place = places.place(code) { merged.append((code, place)) }
    }
    for row in self.places {
      let old = places.place(row.code)
      let place = PlaceTable.Place(
        isAssigned: true, isFacility: row.isFacility ?? old?.isFacility, from: row.from ?? old?.from, name: row.name)
      merged.append((row.code, place))
    }
    return PlaceTable(merged)
  }
}
