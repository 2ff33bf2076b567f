internal import Auditing

/// The rows of `lines.csv`.
final class CSVLineRows: RowMaker {
  func append(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer, to rows: inout ByteBuffer) {
    rows.append(csv: line, in: records)
  }
}

/// The rows of `findings.csv`: nearly all of a row stands with its line or its rule, and is quoted once for each of those.
final class CSVFindingRows: RowMaker {
  // Constant, so that reading them asks nothing of the runtime.
  /// What each rule gives, see `Place`.
  private let ofRules: ByteBuffer
  private let places: [Place]

  /// Where the cells of a rule stand.
  private struct Place {
    /// The id and a severity, each with a comma behind it; by the raw value of the severity.
    var heads: [4 of Range<Int>] = .init(repeating: 0..<0)
    /// Fix and codes, each with a comma behind it.
    var texts = 0..<0
    /// The same with the end of a row behind which nothing is at risk.
    var textsWithoutRisk: Range<Int> { texts.lowerBound..<texts.upperBound + 5 }
  }

  /// Rows of findings of those rules.
  init(_ texts: RuleTexts) {
    var ofRules = ByteBuffer(capacity: 16 << 10)
    var places: [Place] = []
    var row = TableRow()
    for position in 0..<texts.count {
      row.truncate()
      texts.appendIDCell(of: RuleIndex(position), to: &row)
      texts.appendTextCells(of: RuleIndex(position), to: &row)
      var place = Place()
      for severity in [Severity.none, .info, .warning, .error] {
        let start = ofRules.count
        ofRules.append(csv: row, 0..<1)
        ofRules.append(severity)
        ofRules.append(0x2C)
        place.heads[Int(severity.rawValue)] = start..<ofRules.count
      }
      let start = ofRules.count
      ofRules.append(csv: row, 1..<4)
      place.texts = start..<ofRules.count
      ofRules.append("0.00\n")
      places.append(place)
    }
    self.ofRules = ofRules
    self.places = places
  }

  /// Adds the rows of a line's findings, whose records are in `records` or with the line.
  ///
  /// The cells that are the line's are put together for its first row and copied from there.
  func append(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer, to buffer: inout ByteBuffer) {
    if line.findings.isEmpty { return }
    let start = buffer.count
    buffer.append(csv: line.head, 0..<line.head.cells.count)
    for column in FindingColumn.ofRecord {
      buffer.append(csv: line.record, LineColumn.inRecord(column), in: records)
    }
    let ofLine = start..<buffer.count
    var risk = 0..<0
    for index in line.findings.entries.indices {
      if index > 0 { buffer.appendAgain(ofLine) }
      let finding = line.findings.entries[index].record
      if line.findings.entries[index].isAdded {
        append(finding, in: line.findings.added, to: &buffer)
      } else {
        append(finding, in: records, to: &buffer)
      }
      if finding.severity < .warning { continue }
      if risk.isEmpty {
        let start = buffer.count
        buffer.append(cents: line.record.charge ?? 0)
        buffer.append(0x0A)
        risk = start..<buffer.count
      } else {
        buffer.appendAgain(risk)
      }
    }
  }

  /// Adds the cells of a finding that are its own, and where nothing is at risk that and the line end.
  private func append(_ finding: FindingRecord, in records: borrowing ByteBuffer, to buffer: inout ByteBuffer) {
    let rule = Int(finding.rule.position)
    buffer.append(ofRules, places[rule].heads[Int(finding.severity.rawValue)])
    if finding.traits.isDisjoint(with: [.specialElement, .specialMessage]) {
      buffer.append(records, finding.cellsRange)
    } else {
      buffer.append(csv: records, finding.elementRange, isSpecial: finding.traits.contains(.specialElement))
      buffer.append(0x2C)
      buffer.append(csvMessageOf: finding, in: records)
      buffer.append(0x2C)
    }
    let hasRisk = finding.severity >= .warning
    if !finding.traits.contains(.own) {
      return buffer.append(ofRules, hasRisk ? places[rule].texts : places[rule].textsWithoutRisk)
    }
    buffer.append(csv: records, finding.fixRange, isSpecial: finding.traits.contains(.specialFix))
    buffer.append(0x2C)
    buffer.append(csv: records, finding.carcRange, isSpecial: finding.traits.contains(.specialCARC))
    buffer.append(0x2C)
    buffer.append(csv: records, finding.rarcRange, isSpecial: finding.traits.contains(.specialRARC))
    buffer.append(0x2C)
    if !hasRisk { buffer.append("0.00\n") }
  }
}

extension ByteBuffer {
  /// Adds the row of a line, whose record is in `records`.
  mutating func append(csv line: borrowing ReportedLine, in records: borrowing ByteBuffer) {
    append(csv: line.head, 0..<line.head.cells.count)
    append(csv: line.record, in: records)
    if line.record.traits.contains(.watched) {
      append(packed: 0x7472_7565_2C00_0000, count: 5)
    } else {
      append(packed: 0x6661_6C73_652C_0000, count: 6)
    }
    append(line.findings.severity)
    append(0x2C)
    append(decimal: line.findings.count)
    if line.findings.isEmpty {
      append(packed: 0x2C2C_2C2C_0000_0000, count: 4)
    } else {
      append(0x2C)
      append(line.lists.bytes, line.list.ids)
      append(0x2C)
      append(csvMessagesOf: line.findings, in: records)
      append(0x2C)
      append(csv: line.lists.bytes, line.list.carc, isSpecial: line.list.carcTraits.contains(.special))
      append(0x2C)
    }
    append(cents: line.atRisk)
    append(0x0A)
  }

  /// Adds the cells of a record, each with a comma behind it.
  private mutating func append(csv record: Record, in records: borrowing ByteBuffer) {
    let all = record.cellsRange
    var start = all.lowerBound
    var left = record.special
    while left != 0 {
      let range = record.cell(left.trailingZeroBitCount, in: records)
      left &= left &- 1
      append(records, start..<range.lowerBound)
      CSVTableWriter.appendSpecial(records, range, to: &self)
      start = range.upperBound
    }
    append(records, start..<all.upperBound)
  }

  /// Adds a cell of a record with a comma behind it.
  @inline(__always)
  fileprivate mutating func append(csv record: Record, _ cell: Int, in records: borrowing ByteBuffer) {
    let range = record.cell(cell, in: records)
    if !record.isSpecial(cell) { return append(records, range.lowerBound..<range.upperBound + 1) }
    CSVTableWriter.appendSpecial(records, range, to: &self)
    append(0x2C)
  }

  /// Adds cells of a row, each with a comma behind it.
  fileprivate mutating func append(csv row: borrowing TableRow, _ cells: Range<Int>) {
    if row.cells.special == 0 {
      return append(row.bytes, row.cells[cells.lowerBound].lowerBound..<row.cells[cells.upperBound - 1].upperBound + 1)
    }
    for cell in cells {
      append(csv: row.bytes, row.cells[cell], isSpecial: row.cells.isSpecial(cell))
      append(0x2C)
    }
  }

  /// Adds a cell.
  @inline(__always)
  fileprivate mutating func append(csv bytes: borrowing ByteBuffer, _ range: Range<Int>, isSpecial: Bool) {
    if isSpecial { CSVTableWriter.appendSpecial(bytes, range, to: &self) } else { append(bytes, range) }
  }

  /// Adds the message of a finding as a cell.
  @inline(__always)
  fileprivate mutating func append(csvMessageOf finding: FindingRecord, in records: borrowing ByteBuffer) {
    let message = finding.messageRange
    if !finding.traits.contains(.specialMessage) { return append(records, message) }
    let isQuoted = finding.traits.contains(.separatorMessage)
    if isQuoted { append(0x22) }
    if CSVTableWriter.isFormula(records, message) { append(0x27) }
    append(message, holdsQuote: finding.traits.contains(.quoteMessage), of: records)
    if isQuoted { append(0x22) }
  }

  /// Adds the messages of a line's findings as a cell, `;` between them.
  private mutating func append(csvMessagesOf findings: borrowing LineFindings, in records: borrowing ByteBuffer) {
    let traits = findings.traits
    let isQuoted = traits.contains(.separatorMessage)
    if isQuoted { append(0x22) }
    if traits.contains(.specialMessage), startsFormula(findings, in: records) { append(0x27) }
    for index in findings.entries.indices {
      if index > 0 { append(0x3B) }
      let finding = findings.entries[index].record
      let holdsQuote = finding.traits.contains(.quoteMessage)
      if findings.entries[index].isAdded {
        append(finding.messageRange, holdsQuote: holdsQuote, of: findings.added)
      } else {
        append(finding.messageRange, holdsQuote: holdsQuote, of: records)
      }
    }
    if isQuoted { append(0x22) }
  }

  @inline(__always)
  private mutating func append(_ message: Range<Int>, holdsQuote: Bool, of records: borrowing ByteBuffer) {
    if holdsQuote { appendDoublingQuotes(records, message) } else { append(records, message) }
  }

  /// Whether a spreadsheet would act on the messages in one cell.
  private func startsFormula(_ findings: borrowing LineFindings, in records: borrowing ByteBuffer) -> Bool {
    let first = findings.entries[0]
    let message = first.record.messageRange
    guard let start = message.first else { return false }
    if findings.count == 1 {
      return first.isAdded
        ? CSVTableWriter.isFormula(findings.added, message) : CSVTableWriter.isFormula(records, message)
    }
    // Several are no number.
    return CSVTableWriter.startsFormula(first.isAdded ? findings.added[start] : records[start])
  }

  /// Adds the name of a severity.
  @inline(__always)
  mutating func append(_ severity: Severity) {
    // The bytes of the names.
    switch severity {
    case .none: append(packed: 0x6E6F_6E65_0000_0000, count: 4)
    case .info: append(packed: 0x696E_666F_0000_0000, count: 4)
    case .warning: append(packed: 0x7761_726E_696E_6700, count: 7)
    case .error: append(packed: 0x6572_726F_7200_0000, count: 5)
    }
  }
}
