import Auditing
import ClaimModel

@testable import Reporting

/// A claim put together field by field, as a reader would.
struct TestClaim {
  var claim = Claim()

  init(kind: ClaimKind = .professional, format: ClaimFormat = .x12, id: String = "C1") {
    claim.kind = kind
    claim.format = format
    claim.id = text(id)
  }

  mutating func text(_ value: String) -> TextRange { text(bytes: Array(value.utf8)) }

  mutating func text(bytes: [UInt8]) -> TextRange { bytes.isEmpty ? .none : claim.text.append(bytes) }

  mutating func coded(_ value: String) -> CodedValue { CodedValue(code: Code(value), text: text(value)) }

  mutating func envelope(_ interchange: String, _ group: String, _ transaction: String) {
    claim.interchangeControl = text(interchange)
    claim.groupControl = text(group)
    claim.transactionControl = text(transaction)
  }

  mutating func diagnoses(_ codes: String...) {
    claim.diagnoses = codes.map { code in
      Diagnosis(code: Code(code.filter { $0 != "." }), text: text(code), edition: .icd10)
    }
  }

  /// Adds a line of 32960 for 100 dollars.
  mutating func line(
    record: Int, offset: Int = 0, procedure: String = "32960", modifiers: [String] = [],
    charge: Amount = .cents(10_000),
    change: (inout ServiceLine, inout TestClaim) -> Void = { _, _ in }
  ) {
    var line = ServiceLine()
    line.location = SourceLocation(record: record, byteOffset: offset)
    line.number = text("\(claim.lines.count + 1)")
    line.procedure = coded(procedure)
    for modifier in modifiers { line.modifiers.append(coded(modifier)) }
    line.charge = charge
    line.units = .tenThousandths(10_000)
    line.serviceFrom = Day(year: 2026, month: 3, day: 2).map { .day($0) } ?? .absent
    line.serviceTo = line.serviceFrom
    change(&line, &self)
    claim.lines.append(line)
  }
}

/// The rules of the tests.
let catalogue = RuleCatalogue(ids: ["CHG-001", "DUP-001", "MOD-003", "POS-002"])

func rule(_ id: String) -> RuleIndex { catalogue.index(of: id) ?? RuleIndex(0) }

/// What a test says of a line.
struct TestFinding {
  var rule: RuleIndex
  var severity: Severity
  var line: Int
  var field: ClaimField
  var message: String
  var fix: String
  var carc: String
  var rarc: String
}

func finding(
  _ id: String, _ severity: Severity, line: Int = 0, field: ClaimField = .modifier(0), message: String = "a message",
  fix: String = "a fix", carc: String = "4", rarc: String = "N823"
) -> TestFinding {
  TestFinding(
    rule: rule(id), severity: severity, line: line, field: field, message: message, fix: fix, carc: carc, rarc: rarc)
}

func audit(_ claim: Claim, payer: String = "aetna", watched: [Bool]? = nil, findings: [TestFinding] = []) -> ClaimAudit
{
  var audit = ClaimAudit()
  audit.payer = payer
  audit.watched = watched ?? claim.lines.map { _ in true }
  for finding in findings {
    audit.add(
      finding.rule, finding.severity, line: finding.line, field: finding.field, message: finding.message,
      fix: finding.fix, carc: finding.carc, rarc: finding.rarc)
  }
  return audit
}

/// A spool that holds all lines of those claims.
func spool(
  _ claims: [(Claim, ClaimAudit)], stream: Int = 0, memory: Int = RecordSpool.defaultMemory, folder: String = "/tmp",
  selection: LineRecordEncoder.Selection = .all, columns: ColumnNames = ColumnNames()
) throws -> RecordSpool {
  let encoder = LineRecordEncoder(catalogue)
  let spool = RecordSpool(folder: folder, memory: memory)
  for (ordinal, (claim, audit)) in claims.enumerated() {
    let chunk = RecordChunk()
    encoder.encode(
      claim, audit: audit, selection: selection, stream: stream, ordinal: ordinal, columns: columns, into: chunk)
    try spool.append(chunk)
  }
  return spool
}

/// A spool that holds those findings of the run.
func spool(_ findings: [RunFinding]) throws -> RunFindingSpool {
  let spool = RunFindingSpool(folder: "/tmp")
  var batch = RunFindings()
  for finding in findings { batch.append(finding) }
  batch.sort()
  try spool.append(batch)
  return spool
}

/// A spool that holds those issues.
func spool(issues: [ReadingIssue]) throws -> RecordSpool {
  let chunk = RecordChunk()
  let encoder = IssueRecordEncoder()
  for issue in issues { encoder.encode(issue, stream: 0, into: chunk) }
  let spool = RecordSpool(folder: "/tmp")
  try spool.append(chunk)
  return spool
}

let facts = RunFacts(
  version: "1.0", started: "2026-03-02T00:00:00Z", finished: "2026-03-02T00:00:01Z", elapsedMilliseconds: 1000,
  host: "h")
