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
  var entries: [Entry] = []
  /// Where those of the run stand.
  private(set) var added = ByteBuffer()
  /// What they are known by, in the same order, where the run computes it.
  var fingerprints: [FindingFingerprint] = []

  /// How many there are.
  var count: Int { entries.count }
  /// Whether there are none.
  var isEmpty: Bool { entries.isEmpty }

  /// How the heaviest of them weighs.
  var severity: Severity {
    var heaviest = Severity.none
    for index in entries.indices where entries[index].record.severity > heaviest {
      heaviest = entries[index].record.severity
    }
    return heaviest
  }

  /// All bits that hold of one of them.
  var traits: FindingRecord.Traits {
    var traits: FindingRecord.Traits = []
    for index in entries.indices { traits.formUnion(entries[index].record.traits) }
    return traits
  }

  /// Takes the findings of a line: those of its record, and those of the run that are for it.
  mutating func gather(
    of record: Record, in records: borrowing ByteBuffer, and run: inout RunFindingReader, files: [SourceFile],
    texts: RuleTexts
  ) throws(ReportError) {
    entries.removeAll(keepingCapacity: true)
    var start = record.findingsStart
    for _ in 0..<record.findingCount {
      let finding = FindingRecord(in: records, at: start)
      entries.append(Entry(record: finding, isAdded: false))
      start = finding.end
    }
    guard let next = run.key, next <= record.key else { return }
    added.removeAll()
    while let next = run.key, next <= record.key {
      // One whose line went before or was not reported has no row to stand in.
      if next == record.key {
        let start = added.count
        run.append(for: record, files: files, texts: texts, to: &added)
        insert(Entry(record: FindingRecord(in: added, at: start), isAdded: true))
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
