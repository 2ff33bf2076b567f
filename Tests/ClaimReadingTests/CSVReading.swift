import ClaimModel
import TestSupport

@testable import ClaimReading

/// What became of an export.
enum CSVOutcome {
  case read(ReadingOutcome, notices: [RecordedIssue], report: ColumnReport, names: ColumnNames)
  case refused([RecordedIssue])
  case notCSV

  /// The claims that were read.
  var claims: [RecordedClaim] {
    if case .read(let outcome, _, _, _) = self { outcome.claims } else { [] }
  }

  /// Everything that was said, at the opening and later.
  var issues: [RecordedIssue] {
    switch self {
    case .read(let outcome, let notices, _, _): notices + outcome.issues
    case .refused(let issues): issues
    case .notCSV: []
    }
  }

  /// What was said with that code.
  func issues(_ code: String) -> [RecordedIssue] { issues.filter { $0.code == code } }

  /// What the reader did, `nil` where there was none.
  var outcome: ReadingOutcome? {
    if case .read(let outcome, _, _, _) = self { outcome } else { nil }
  }

  /// Whether the file was refused.
  var isRefused: Bool {
    if case .refused = self { true } else { false }
  }
}

/// Opens and reads an export; `closely` without passing over rows at a glance, `oneByOne` without looking at several together.
func readCSV(
  _ bytes: [UInt8], mapping: ColumnMapping = ColumnMapping(), interest: ClaimInterest = .everything,
  limits: ReadingLimits = ReadingLimits(), in chunking: Chunking = .whole, closely: Bool = false,
  oneByOne: Bool = false
) -> CSVOutcome {
  let opening = unsafe bytes.withUnsafeBytes { bytes in
    unsafe CSVClaimReader.open(sample: bytes, mapping: mapping, interest: interest, limits: limits, hash: testHash)
  }
  switch opening {
  case .notCSV: return .notCSV
  case .refused(let issues): return .refused(issues.map { RecordedIssue($0) })
  case .reader(var reader, let notices):
    if closely { reader.passesRows = false }
    if oneByOne { reader.looksAtRowsTogether = false }
    let outcome = record(bytes, with: reader, in: chunking)
    return .read(
      outcome, notices: notices.map { RecordedIssue($0) }, report: reader.mappingReport, names: reader.columnNames)
  }
}

/// Opens and reads an export that is written down in a test.
func readCSV(_ text: String, mapping: ColumnMapping = ColumnMapping(), interest: ClaimInterest = .everything)
  -> CSVOutcome
{
  readCSV(Array(text.utf8), mapping: mapping, interest: interest)
}
