internal import Auditing

/// Writes rows of one table as CSV: RFC 4180 in UTF-8, with a header, lines ended by LF.
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is run or mangled by a spreadsheet; it gets a leading
/// `'`, unless it is a plain number.
///
/// For Excel the file begins with a byte order mark and lines end with CRLF, and the `'` also goes before what Excel would take for
/// something else and change: digits with a leading zero or more than fifteen, an exponent (`12E45`), a date or a time (`1-2`, `10:30`).
/// Dates as we write them stay dates. The `'` is seen in the cell. The usual trick of
/// `="0131"` is not used, since then our own files would hold formulas; no file we write holds one.
struct CSVTableWriter {
  private let output: ReportOutput
  private let isForExcel: Bool

  /// Writes the header.
  init(_ table: ReportTable, to output: ReportOutput, isForExcel: Bool) throws(ReportError) {
    self.output = output
    self.isForExcel = isForExcel
    if isForExcel { output.buffer.append("\u{FEFF}") }
    output.buffer.append(table.header)
    endLine()
  }

  /// Writes a row.
  func write(_ row: borrowing TableRow) throws(ReportError) {
    try output.add { buffer in
      if row.cells.special == 0, !isForExcel {
        // The row as it stands, the comma behind its last cell taken for the line feed.
        buffer.append(row.bytes, 0..<row.bytes.count - 1)
        buffer.append(0x0A)
      } else {
        append(row, to: &buffer)
        endLine(&buffer)
      }
    }
  }

  /// Writes a line, whose record is in `records`.
  func write(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    if isForExcel { return try write(line.row) }
    try output.add { buffer in
      append(line.head, 0..<line.head.cells.count, to: &buffer)
      append(line.record, in: records, to: &buffer)
      if line.tail.cells.special == 0 {
        buffer.append(line.tail.bytes, 0..<line.tail.bytes.count - 1)
      } else {
        append(line.tail, to: &buffer)
      }
      buffer.append(0x0A)
    }
  }

  /// Adds the cells of a record, each with a comma behind it.
  private func append(_ record: Record, in records: borrowing ByteBuffer, to buffer: inout ByteBuffer) {
    let all = record.cellsRange
    var start = all.lowerBound
    var left = record.special
    while left != 0 {
      let range = record.cell(left.trailingZeroBitCount, in: records)
      left &= left &- 1
      buffer.append(records, start..<range.lowerBound)
      CSVTableWriter.appendSpecial(records, range, to: &buffer)
      start = range.upperBound
    }
    buffer.append(records, start..<all.upperBound)
  }

  private func endLine() { endLine(&output.buffer) }

  /// Adds cells of a row, each with a comma behind it.
  func append(_ row: borrowing TableRow, _ cells: Range<Int>, to buffer: inout ByteBuffer) {
    if row.cells.special == 0, !isForExcel, !cells.isEmpty {
      buffer.append(row.bytes, row.cells[cells.lowerBound].lowerBound..<row.cells[cells.upperBound - 1].upperBound + 1)
      return
    }
    for cell in cells { append(row.bytes, row.cells[cell], isSpecial: row.cells.isSpecial(cell), to: &buffer) }
  }

  /// Adds a cell with a comma behind it.
  @inline(__always)
  func append(_ bytes: borrowing ByteBuffer, _ range: Range<Int>, isSpecial: Bool, to buffer: inout ByteBuffer) {
    if isSpecial {
      CSVTableWriter.appendSpecial(bytes, range, to: &buffer)
    } else {
      if isForExcel, CSVTableWriter.isMistaken(bytes, range) { buffer.append(0x27) }
      buffer.append(bytes, range)
    }
    buffer.append(0x2C)
  }

  /// Ends a line of `buffer`.
  func endLine(_ buffer: inout ByteBuffer) {
    if isForExcel { buffer.append(0x0D) }
    buffer.append(0x0A)
  }

  private func append(_ row: borrowing TableRow, to buffer: inout ByteBuffer) {
    // Cells that need no care go out together, with the commas between them.
    var firstPlain = 0
    var left = isForExcel ? UInt64.max >> UInt64(64 - row.cells.count) : row.cells.special
    while left != 0 {
      let cell = left.trailingZeroBitCount
      left &= left &- 1
      let isSpecial = row.cells.isSpecial(cell)
      if !isSpecial, !CSVTableWriter.isMistaken(row.bytes, row.cells[cell]) { continue }
      let range = row.cells[cell]
      if firstPlain < cell { buffer.append(row.bytes, row.cells[firstPlain].lowerBound..<range.lowerBound) }
      if isSpecial {
        CSVTableWriter.appendSpecial(row.bytes, range, to: &buffer)
      } else {
        buffer.append(0x27)
        buffer.append(row.bytes, range)
      }
      if cell < row.cells.count - 1 { buffer.append(0x2C) }
      firstPlain = cell + 1
    }
    if firstPlain < row.cells.count {
      buffer.append(row.bytes, row.cells[firstPlain].lowerBound..<row.bytes.count - 1)
    }
  }

  /// Adds a cell that may need a guard, quotes or both.
  private static func appendSpecial(_ bytes: borrowing ByteBuffer, _ range: Range<Int>, to buffer: inout ByteBuffer) {
    let needsQuotes = bytes.holdsSeparator(range)
    let needsGuard = isFormula(bytes, range)
    guard needsQuotes else {
      if needsGuard { buffer.append(0x27) }
      buffer.append(bytes, range)
      return
    }
    buffer.append(0x22)
    if needsGuard { buffer.append(0x27) }
    buffer.appendDoublingQuotes(bytes, range)
    buffer.append(0x22)
  }

  /// Whether a spreadsheet would act on the cell: it begins with one of `= + - @`, tab or CR and is no plain number.
  private static func isFormula(_ bytes: borrowing ByteBuffer, _ range: Range<Int>) -> Bool {
    guard let first = range.first else { return false }
    switch bytes[first] {
    case 0x3D, 0x40, 0x09, 0x0D: return true
    case 0x2B, 0x2D: break
    default: return false
    }
    // A sign, digits, and perhaps a point with digits behind it.
    var digits = 0
    var hasPoint = false
    for position in range.dropFirst() {
      switch bytes[position] {
      case 0x30...0x39: digits += 1
      case 0x2E where !hasPoint && digits > 0:
        hasPoint = true
        digits = 0
      default: return true
      }
    }
    return digits == 0
  }

  /// Whether Excel would take the cell for a number, an exponent, a date or a time, and show something else than what stands there.
  private static func isMistaken(_ bytes: borrowing ByteBuffer, _ range: Range<Int>) -> Bool {
    guard let first = range.first, range.count > 1, (0x30...0x39).contains(bytes[first]) else { return false }
    guard let mark = range.first(where: { !(0x30...0x39).contains(bytes[$0]) }) else {
      return bytes[first] == 0x30 || range.count > 15
    }
    // Digits, and what stands between them.
    var runs = [mark - first]
    var marks: [UInt8] = []
    for position in mark..<range.upperBound {
      let byte = bytes[position]
      switch byte {
      case 0x30...0x39: runs[runs.count - 1] += 1
      case 0x2D, 0x2F, 0x3A, 0x2E, 0x45, 0x65, 0x2B:
        marks.append(byte)
        runs.append(0)
      default: return false
      }
    }
    let isExponent = marks.last.map { $0 == 0x45 || $0 == 0x65 } ?? false
    let isSigned = marks.count > 1 && (marks[marks.count - 2] | 0x20) == 0x65 && runs[runs.count - 2] == 0
    switch marks.count {
    // An amount is a number and stays one.
    case 1 where marks[0] == 0x2E: return false
    case _ where isExponent || isSigned: return runs[runs.count - 1] > 0
    case 1, 2:
      // Ours: `2026-03-16`.
      if marks == [0x2D, 0x2D], runs == [4, 2, 2] { return false }
      return runs.allSatisfy { $0 > 0 } && marks.allSatisfy { $0 == marks[0] && $0 != 0x2B && $0 != 0x2E }
    default: return false
    }
  }
}

/// Writes the rows of `findings.csv`: nearly all of a row stands with its line or its rule, and is quoted once for each of those.
struct CSVFindingsWriter: ~Copyable {
  private let output: ReportOutput
  private let table: CSVTableWriter
  /// What each rule gives: its id, then fix and codes, with commas.
  private var ofRules = ByteBuffer(capacity: 16 << 10)
  private var places: [(id: Range<Int>, texts: Range<Int>)] = []
  /// What the line that came last gives: its cells with commas, and the last cell with the line end.
  private var ofLine = ByteBuffer()
  private var headEnd = 0
  private var isNewLine = true
  private var noRisk = ByteBuffer()

  /// Writes the header.
  init(to output: ReportOutput, isForExcel: Bool, texts: borrowing RuleTexts) throws(ReportError) {
    self.output = output
    table = try CSVTableWriter(.findings, to: output, isForExcel: isForExcel)
    var row = TableRow()
    for position in 0..<texts.count {
      row.truncate()
      texts.appendIDCell(of: RuleIndex(position), to: &row)
      texts.appendTextCells(of: RuleIndex(position), to: &row)
      let start = ofRules.count
      table.append(row, 0..<1, to: &ofRules)
      let middle = ofRules.count
      table.append(row, 1..<4, to: &ofRules)
      places.append((start..<middle, middle..<ofRules.count))
    }
    noRisk.append("0.00")
    table.endLine(&noRisk)
  }

  /// Says that the findings that follow are another line's.
  mutating func beginLine() { isNewLine = true }

  /// Writes a finding, whose record is in `records`.
  mutating func write(_ finding: borrowing ReportedFinding, in records: borrowing ByteBuffer) throws(ReportError) {
    if isNewLine { render(finding.line) }
    try output.add { append(finding, in: records, to: &$0) }
  }

  private func append(
    _ finding: borrowing ReportedFinding, in records: borrowing ByteBuffer, to buffer: inout ByteBuffer
  ) {
    let record = finding.record
    let place = places[Int(record.rule.position)]
    buffer.append(ofLine, 0..<headEnd)
    buffer.append(ofRules, place.id)
    switch record.severity {
    case .none: buffer.append("none,")
    case .info: buffer.append("info,")
    case .warning: buffer.append("warning,")
    case .error: buffer.append("error,")
    }
    func append(_ range: Range<Int>, _ special: FindingRecord.Traits, to buffer: inout ByteBuffer) {
      table.append(records, range, isSpecial: record.traits.contains(special), to: &buffer)
    }
    append(record.elementRange, .specialElement, to: &buffer)
    append(record.messageRange, .specialMessage, to: &buffer)
    if record.traits.contains(.own) {
      append(record.fixRange, .specialFix, to: &buffer)
      append(record.carcRange, .specialCARC, to: &buffer)
      append(record.rarcRange, .specialRARC, to: &buffer)
    } else {
      buffer.append(ofRules, place.texts)
    }
    if finding.isAtRisk { buffer.append(ofLine, headEnd..<ofLine.count) } else { buffer.append(noRisk) }
  }

  private mutating func render(_ line: borrowing TableRow) {
    isNewLine = false
    ofLine.removeAll()
    table.append(line, 0..<ReportedFinding.leading, to: &ofLine)
    headEnd = ofLine.count
    table.append(line, ReportedFinding.leading..<ReportedFinding.leading + 1, to: &ofLine)
    ofLine.truncate(to: ofLine.count - 1)
    table.endLine(&ofLine)
  }
}

/// `lines.csv` and the smaller tables: `issues.csv` and, where findings are accepted, `suppressed.csv`; to standard output the lines
/// alone.
final class CSVLinesReport: ReportWriter {
  private let outputs: [ReportOutput]
  private let lines: CSVTableWriter
  private let issues: CSVTableWriter?
  private let suppressed: CSVTableWriter?
  private let isForExcel: Bool

  /// Writes the headers.
  init(
    lines: ReportOutput, issues: ReportOutput?, suppressed: ReportOutput? = nil, isForExcel: Bool
  ) throws(ReportError) {
    outputs = [lines, issues, suppressed].compactMap { $0 }
    self.isForExcel = isForExcel
    self.lines = try CSVTableWriter(.lines, to: lines, isForExcel: isForExcel)
    self.issues = if let issues { try CSVTableWriter(.issues, to: issues, isForExcel: isForExcel) } else { nil }
    self.suppressed =
      if let suppressed { try CSVTableWriter(.suppressed, to: suppressed, isForExcel: isForExcel) } else { nil }
  }

  // Excel's cells are looked at one by one.
  var needs: WriterNeeds { isForExcel ? .lineRows : .lines }

  var weight: Int { 2 }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    try lines.write(line, in: records)
  }

  func finding(_ finding: borrowing ReportedFinding, in records: borrowing ByteBuffer) {}

  func suppressed(_ row: borrowing TableRow) throws(ReportError) { try suppressed?.write(row) }

  func issue(_ row: borrowing TableRow) throws(ReportError) { try issues?.write(row) }

  func finish(_ summary: Summary) throws(ReportError) {
    for output in outputs { try output.flush() }
  }
}

/// `findings.csv`.
final class CSVFindingsReport: ReportWriter {
  private let output: ReportOutput
  private var findings: CSVFindingsWriter

  /// Writes the header.
  init(_ output: ReportOutput, isForExcel: Bool, texts: borrowing RuleTexts) throws(ReportError) {
    self.output = output
    findings = try CSVFindingsWriter(to: output, isForExcel: isForExcel, texts: texts)
  }

  var needs: WriterNeeds { .findings }

  var weight: Int { 3 }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) { findings.beginLine() }

  func finding(_ finding: borrowing ReportedFinding, in records: borrowing ByteBuffer) throws(ReportError) {
    try findings.write(finding, in: records)
  }

  func issue(_ row: borrowing TableRow) {}

  func finish(_ summary: Summary) throws(ReportError) { try output.flush() }
}
