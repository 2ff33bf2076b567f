import TestSupport
import Testing

/// A claim in the columns of `Fixtures/cases/cases.tsv`, with the exact set of rules it must get.
///
/// The table's header names the columns. A case of a test's own is a row with some cells changed.
struct ClaimCase: CustomTestStringConvertible, Sendable {
  private(set) var cells: [String: String]
  var expected: Set<String>

  subscript(column: String) -> String { cells[column] ?? "" }

  var id: String { self["id"] }
  var isInstitutional: Bool { self["claim_type"] == "I" }
  /// Whether the table gives the case as rows of an export.
  var isTable: Bool { self["claim_type"] == "CSV" }
  var testDescription: String { "\(id) \(self["note"])" }

  /// The cells of a column that holds several values.
  func list(_ column: String, _ separator: Character) -> [String] {
    self[column].split(separator: separator).map(String.init)
  }

  /// The case with other cells and other rules.
  func with(_ changes: [String: String], expected: Set<String>) -> ClaimCase {
    var copy = self
    copy.cells.merge(changes) { $1 }
    copy.expected = expected
    return copy
  }

  /// The 40 public cases.
  static let all: [ClaimCase] = {
    let rows = Fixture("cases/cases.tsv").lines.map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = rows.first else { return [] }
    return rows.dropFirst().map { ClaimCase(Dictionary(zip(header, $0)) { first, _ in first }) }
  }()

  /// The public case of that id; an empty one, which fails every test, when there is none.
  static func named(_ id: String) -> ClaimCase { all.first { $0.id == id } ?? ClaimCase(["id": id]) }

  private init(_ cells: [String: String]) {
    self.cells = cells
    expected = Set((cells["expected"] ?? "").split(separator: " ").map(String.init)).subtracting(["-"])
  }
}

/// A claim as both writers take it: what stands in an 837 and in the rows of an export.
struct CaseClaim: Sendable {
  /// A service line.
  struct Line: Sendable {
    var procedure: String
    var modifiers: [String] = []
    var units = "1"
    var unitBasis = "UN"
    var charge = "450.00"
    var date = "20260310"
    var lastDate = ""
    var clinician = "R1"
    var pointers = ["1"]
  }

  /// The clinicians of a case.
  static let clinicians = ["R1": "1234567893", "R2": "1987654328"]

  var id: String
  /// Who the patient is: the end of the member id.
  var patient = "1"
  var facts: ClaimCase
  var lines: [Line]
  var total: String
  /// The line that is asked about, counted from 1; 0 in the claims beside it.
  var auditedLine = 0

  /// The claims of a case: the audited one, those that must come before it, and those that may stand anywhere.
  static func claims(of facts: ClaimCase) -> (audited: CaseClaim, before: [CaseClaim], anywhere: [CaseClaim]) {
    let main = Line(
      procedure: facts["procedure"], modifiers: facts.list("modifiers", ","), units: facts["units"],
      unitBasis: facts["unit_basis"], charge: facts["charge"], date: facts["dos"], lastDate: facts["dos_to"],
      pointers: facts.list("pointers", ","))
    let others = facts.list("other_lines", ";").map { text in
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      return Line(
        procedure: parts[0], modifiers: parts[1].split(separator: "+").map(String.init), units: parts[2],
        charge: parts[3], date: facts["dos"], clinician: parts[4])
    }
    // Of two lines alike the second is the duplicate: the audited one comes behind.
    let isRepeated = others.contains { $0.procedure == main.procedure }
    let lines = isRepeated ? others + [main] : [main] + others
    let audited = CaseClaim(
      id: facts.id, facts: facts, lines: lines, total: facts["claim_total"].isEmpty ? sum(lines) : facts["claim_total"],
      auditedLine: isRepeated ? lines.count : 1)

    let priors = facts.list("prior_claims", ";").enumerated().map { index, text in
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      let line = Line(
        procedure: parts[0], modifiers: parts[1].split(separator: "+").map(String.init), charge: parts[4],
        date: parts[2], clinician: parts[3])
      let id = parts.count > 5 && !parts[5].isEmpty ? parts[5] : "PRIOR\(index)"
      return CaseClaim(id: id, facts: facts, lines: [line], total: parts[4])
    }
    let peers = facts.list("peer_charges", ";").enumerated().map { index, charge in
      var line = main
      line.charge = charge
      return CaseClaim(id: "PEER\(index)", patient: "PEER\(index)", facts: facts, lines: [line], total: charge)
    }
    var reused: [CaseClaim] = []
    if facts["claimno_reused"] == "yes" {
      var line = main
      line.date = "20260109"
      line.charge = "333.00"
      reused = [CaseClaim(id: facts.id, facts: facts, lines: [line], total: line.charge)]
    }
    return (audited, reused, priors + peers)
  }

  /// Claims of other patients that have nothing to do with a case.
  static func bystanders(of facts: ClaimCase) -> [CaseClaim] {
    let clean = ClaimCase.named(facts.isInstitutional ? "DC-003" : "DC-001").with(
      ["as_of": facts["as_of"]], expected: [])
    var watched = claims(of: clean).audited
    watched.id = "BYSTANDER1"
    watched.patient = "BYSTANDER1"
    watched.auditedLine = 0
    var visit = watched
    visit.id = "BYSTANDER2"
    visit.patient = "BYSTANDER2"
    visit.lines[0].procedure = "99213"
    return [watched, visit]
  }

  private static func sum(_ lines: [Line]) -> String {
    let cents = lines.reduce(0) { sum, line in
      let parts = line.charge.split(separator: ".")
      return sum + 100 * (parts.first.flatMap { Int($0) } ?? 0) + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    }
    return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
  }
}
