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

  private func endLine() { endLine(&output.buffer) }

  private func endLine(_ buffer: inout ByteBuffer) {
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
  static func appendSpecial(_ bytes: borrowing ByteBuffer, _ range: Range<Int>, to buffer: inout ByteBuffer) {
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

  /// Whether a cell that is no number and begins with that byte is one a spreadsheet would act on.
  static func startsFormula(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x3D, 0x40, 0x09, 0x0D, 0x2B, 0x2D: true
    default: false
    }
  }

  /// Whether a spreadsheet would act on the cell: it begins with one of `= + - @`, tab or CR and is no plain number, and no sign alone,
  /// as standard input is called.
  static func isFormula(_ bytes: borrowing ByteBuffer, _ range: Range<Int>) -> Bool {
    guard let first = range.first, startsFormula(bytes[first]) else { return false }
    if bytes[first] != 0x2B, bytes[first] != 0x2D { return true }
    if range.count == 1 { return false }
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
