internal import Auditing

/// The findings of one line in rule order: the claim's, which stand in the line's record, and those of the run, which stand here.
struct LineFindings: ~Copyable {
  /// A finding, and which buffer holds it.
  struct Entry {
    /// The finding.
    var record: FindingRecord
    /// Whether it is one of the run, in `added`, and not one of the claim, in the buffer of the line's record.
    var isAdded: Bool
  }

  /// The findings.
  private(set) var entries: [Entry] = []
  /// Where those of the run stand.
  private(set) var added = ByteBuffer()
  /// What they are known by, in the same order, where the run computes it.
  private(set) var fingerprints: [FindingFingerprint] = []

  /// How many there are.
  var count: Int { entries.count }
  /// Whether there are none.
  var isEmpty: Bool { entries.isEmpty }

  /// How the heaviest of them weighs.
  private(set) var severity = Severity.none
  /// All bits that hold of one of them.
  private(set) var traits: FindingRecord.Traits = []

  /// No findings.
  init() {}

  /// Those findings, with what they are known by.
  mutating func replace(with kept: [Entry], fingerprints: [FindingFingerprint] = []) {
    entries = kept
    self.fingerprints = fingerprints
    severity = .none
    traits = []
    for entry in kept { weigh(entry.record) }
  }

  @inline(__always)
  private mutating func weigh(_ finding: FindingRecord) {
    if finding.severity > severity { severity = finding.severity }
    traits.formUnion(finding.traits)
  }

  /// Takes the findings of a line: those of its record, and those of the run that are for it.
  mutating func gather(
    of record: Record, in records: borrowing ByteBuffer, and run: inout RunFindingReader, files: [SourceFile],
    texts: RuleTexts
  ) throws(ReportError) {
    entries.removeAll(keepingCapacity: true)
    severity = .none
    traits = []
    var start = record.findingsStart
    for _ in 0..<record.findingCount {
      let finding = FindingRecord(in: records, at: start)
      entries.append(Entry(record: finding, isAdded: false))
      weigh(finding)
      start = finding.end
    }
    let key = record.key
    guard let next = run.key, next <= key else { return }
    added.removeAll()
    while let next = run.key, next <= key {
      // One whose line went before or was not reported has no row to stand in.
      if next == key {
        let start = added.count
        run.append(for: record, files: files, texts: texts, to: &added)
        let finding = FindingRecord(in: added, at: start)
        insert(Entry(record: finding, isAdded: true))
        weigh(finding)
      }
      try run.advance()
    }
  }

  /// Puts a finding behind those of rules that come before its own.
  private mutating func insert(_ finding: Entry) {
    var position = entries.count
    while position > 0, finding.record.rule < entries[position - 1].record.rule { position -= 1 }
    entries.insert(finding, at: position)
  }

  /// Adds the messages, `;` between them, and says whether some writer has to quote or escape one.
  func appendMessages(in records: borrowing ByteBuffer, to bytes: inout ByteBuffer) -> CellTraits {
    for index in entries.indices {
      if index > 0 { bytes.append(0x3B) }
      let message = entries[index].record.messageRange
      if entries[index].isAdded { bytes.append(added, message) } else { bytes.append(records, message) }
    }
    return traits.contains(.specialMessage) ? .special : []
  }
}
