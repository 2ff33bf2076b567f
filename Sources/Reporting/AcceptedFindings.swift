internal import Auditing

/// Gives the findings of a run their fingerprints and knows which of them are accepted; counts both.
///
/// There is one only where a run has suppressions or writes fingerprints: each finding costs it an entry in a table of hashes.
struct AcceptedFindings {
  private let list: SuppressionList?
  private var counter = FingerprintCounter()
  /// Findings that were taken out, by position of the rule in the catalogue.
  private var byRule: [Int64] = []
  private var atRiskCents: Int64 = 0
  /// Whether a suppression in force met a finding.
  private var isUsed: [Bool]

  /// Nothing seen yet.
  init(_ list: SuppressionList?) {
    self.list = list
    isUsed = Array(repeating: false, count: list?.inForce.count ?? 0)
  }

  /// The fingerprint of the next finding of a line, by the cells of its record.
  mutating func fingerprint(
    _ rule: String, of record: Record, in buffer: borrowing ByteBuffer
  ) -> FindingFingerprint {
    let cells = record.cellsRange
    func range(_ column: Int) -> Range<Int> {
      let cell = record.cell(LineColumn.inRecord(column), in: buffer)
      return cell.lowerBound - cells.lowerBound..<cell.upperBound - cells.lowerBound
    }
    let (claim, line) = (range(LineColumn.claimID), range(LineColumn.lineNumber))
    let (procedure, day) = (range(LineColumn.procedure), range(LineColumn.serviceFrom))
    return counter.next(
      buffer.withSpan(cells) { bytes in
        FindingFingerprint(
          rule: rule.utf8Span.span, claimID: bytes.extracting(claim), lineNumber: bytes.extracting(line),
          procedure: bytes.extracting(procedure), serviceFrom: bytes.extracting(day))
      })
  }

  /// The suppression by which a finding is accepted; it is counted.
  mutating func suppression(of fingerprint: FindingFingerprint, _ rule: RuleIndex) -> Suppression? {
    guard let list, let position = list.position(of: fingerprint) else { return nil }
    isUsed[position] = true
    while byRule.count <= Int(rule.position) { byRule.append(0) }
    byRule[Int(rule.position)] += 1
    return list.inForce[position]
  }

  /// Counts the charge of a line that nothing but accepted findings put at risk.
  mutating func addSpared(_ cents: Int64) { atRiskCents &+= cents }

  /// What was suppressed, `nil` when the run has no suppressions.
  func summary(_ catalogue: RuleCatalogue) -> Summary.Suppressed? {
    guard let list else { return nil }
    return Summary.Suppressed(
      findings: Int(byRule.reduce(0, +)), atRiskCents: atRiskCents,
      byRule: byRule.enumerated().filter { $0.element > 0 }.map {
        Summary.Count(name: catalogue[RuleIndex($0.offset)], value: $0.element)
      },
      unused: zip(list.inForce, isUsed).filter { !$0.1 }.map(\.0), expired: list.expired)
  }
}
