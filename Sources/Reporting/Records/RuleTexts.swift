internal import Auditing
internal import ClaimModel

/// What findings take from their rules, as cells: made once a run and copied from then on.
final class RuleTexts {
  // Constant, so that reading them asks nothing of the runtime.
  private let rows: ByteBuffer
  private let entries: [Entry]
  private let codes: [Code]
  private let texts: [RuleCatalogue.Text]

  /// Where the cells of a rule stand: id, fix, carc and rarc, each with a comma behind it.
  private struct Entry {
    var start: Int
    var ends: (id: Int, fix: Int, carc: Int, rarc: Int)
    var special: UInt64
    /// Where the adjustment codes stand in `codes`, each once; `nil` where one of them is none.
    var codes: Range<Int>?
  }

  /// The texts of a catalogue.
  init(_ catalogue: RuleCatalogue) {
    var rows = ByteBuffer(capacity: 16 << 10)
    var entries: [Entry] = []
    var codes: [Code] = []
    var row = TableRow()
    for (id, text) in zip(catalogue.ids, catalogue.texts) {
      row.truncate()
      row.append(clean: id)
      row.append(clean: text.fix)
      row.append(clean: text.carc)
      row.append(clean: text.rarc)
      let start = rows.count
      rows.append(row.bytes)
      let firstCode = codes.count
      let ofRule = RuleTexts.codes(row.bytes, row.cells[2])
      codes += ofRule ?? []
      entries.append(
        Entry(
          start: start,
          ends: (
            start + row.cells[0].upperBound, start + row.cells[1].upperBound, start + row.cells[2].upperBound,
            start + row.cells[3].upperBound
          ), special: row.cells.special, codes: ofRule == nil ? nil : firstCode..<codes.count))
    }
    texts = catalogue.texts
    self.rows = rows
    self.entries = entries
    self.codes = codes
  }

  /// The codes that `;` parts, each once, `nil` where one of them is too long or holds what some format escapes.
  static func codes(_ bytes: borrowing ByteBuffer, _ range: Range<Int>) -> [Code]? {
    var codes: [Code] = []
    for part in bytes.array(range).split(separator: 0x3B) {
      let code = Code(part)
      // Upper-cased or trimmed it would be another text.
      guard code.count == part.count, (0..<code.count).allSatisfy({ code[$0] == part[part.startIndex + $0] }) else {
        return nil
      }
      if !codes.contains(code) { codes.append(code) }
    }
    return codes
  }

  /// Adds a rule's id to a cell that is being written.
  @inline(__always)
  func appendID(of rule: RuleIndex, to bytes: inout ByteBuffer) {
    let entry = entries[Int(rule.position)]
    bytes.append(rows, entry.start..<entry.ends.id)
  }

  /// Adds the cell with a rule's id.
  @inline(__always)
  func appendIDCell(of rule: RuleIndex, to row: inout TableRow) {
    let entry = entries[Int(rule.position)]
    row.append(rows, entry.start..<entry.ends.id, entry.special & 1 != 0 ? .special : [])
  }

  /// Adds the cells fix, carc and rarc of a rule.
  @inline(__always)
  func appendTextCells(of rule: RuleIndex, to row: inout TableRow) {
    let entry = entries[Int(rule.position)]
    row.append(
      rows, entry.ends.id + 1..<entry.ends.rarc + 1,
      ends: (entry.ends.fix, entry.ends.carc, entry.ends.rarc), special: entry.special >> 1)
  }

  /// Adds the codes that `;` parts to those that are not among `found` yet, and says whether they all are codes of capital letters and
  /// digits.
  static func addCodes(_ bytes: borrowing ByteBuffer, _ range: Range<Int>, to found: inout [Code]) -> Bool {
    var bits: UInt64 = 0
    var length: UInt64 = 0
    func add() {
      let code = Code(bits: bits)
      if !code.isNone, !found.contains(code) { found.append(code) }
    }
    for position in range {
      let byte = bytes[position]
      switch byte {
      case 0x30...0x39 where length < 8, 0x41...0x5A where length < 8:
        bits |= UInt64(byte) << (56 - 8 * length)
        length += 1
      case 0x3B:
        add()
        bits = 0
        length = 0
      default: return false
      }
    }
    add()
    return true
  }

  /// Adds those of a rule's adjustment codes that are not among `found` yet, and says whether they all are codes.
  func addCodes(of rule: RuleIndex, to found: inout [Code]) -> Bool {
    guard let range = entries[Int(rule.position)].codes else { return false }
    for index in range where !found.contains(codes[index]) { found.append(codes[index]) }
    return true
  }

  /// How many rules there are.
  var count: Int { entries.count }

  /// The texts of a rule.
  func text(of rule: RuleIndex) -> RuleCatalogue.Text { texts[Int(rule.position)] }
}
