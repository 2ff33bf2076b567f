internal import Auditing

/// One finding of a line, inside the line's record.
///
/// ```
///  0  rule        u16       8  where each of the five cells ends   5 × u32
///  2  severity    u8       28  element, message, fix, carc, rarc, each with a comma behind it
///  3  special     u8
///  4  length of the cells   u32
/// ```
struct FindingRecord {
  let rule: RuleIndex
  let severity: Severity
  /// Where the finding begins in its buffer.
  let start: Int
  private let special: UInt8
  private let cellBytes: Int

  /// The cells of a finding, in the order of the columns.
  static let cellCount = 5
  static let message = 1
  static let carc = 3
  private static let headerSize = 28

  /// The finding at `start`.
  init(in buffer: borrowing ByteBuffer, at start: Int) {
    self.start = start
    rule = RuleIndex(Int(buffer.load(UInt16.self, at: start)))
    severity = Severity(rawValue: buffer[start + 2]) ?? .error
    special = buffer[start + 3]
    cellBytes = Int(buffer.load(UInt32.self, at: start + 4))
  }

  /// Where the next finding begins.
  var end: Int { start + FindingRecord.headerSize + cellBytes }

  /// Adds the five cells to a row.
  func copyCells(from buffer: borrowing ByteBuffer, to row: inout TableRow) {
    row.append(
      buffer, start + FindingRecord.headerSize..<end, ends: start + 8, count: FindingRecord.cellCount,
      special: UInt64(special), replaced: 0)
  }

  /// The bytes of one of the five cells.
  func cell(_ cell: Int, in buffer: borrowing ByteBuffer) -> Range<Int> {
    let cells = start + FindingRecord.headerSize
    let first = cell == 0 ? 0 : Int(buffer.load(UInt32.self, at: start + 4 + 4 * cell)) + 1
    return cells + first..<cells + Int(buffer.load(UInt32.self, at: start + 8 + 4 * cell))
  }

  /// Whether some writer has to quote or escape that cell.
  func isSpecial(_ cell: Int) -> Bool { special >> UInt8(cell) & 1 != 0 }
}

extension ByteBuffer {
  /// Adds a finding; `row` is storage.
  ///
  /// `;` joins the messages of a line, so that one inside a message becomes a comma.
  mutating func appendFinding(
    rule: RuleIndex, severity: Severity, element: String, message: String, fix: String, carc: String, rarc: String,
    row: inout TableRow
  ) {
    row.truncate()
    row.append(clean: element)
    row.append { bytes in
      let start = bytes.count
      let traits = bytes.append(clean: message)
      return bytes.replaceSemicolons(from: start) ? traits.union(.special) : traits
    }
    row.append(clean: fix)
    row.append(clean: carc)
    row.append(clean: rarc)
    append(little: rule.position)
    append(severity.rawValue)
    append(UInt8(truncatingIfNeeded: row.cells.special))
    append(little: UInt32(row.bytes.count))
    row.cells.withEnds { append(words: $0) }
    append(row.bytes)
  }
}
