internal import CSV

/// Reads `findings.csv` as we write it, for Excel or not.
///
/// The apostrophe that keeps a spreadsheet from running or shortening a cell is taken off again, so that both forms give the same
/// findings.
enum FindingsCSV {
  /// Lends each finding.
  static func read(_ file: TableFile, _ body: (borrowing FindingRow) throws -> Void) throws {
    var reader = RecordReader(file)
    guard try reader.next() else { throw ComparisonError(.notFindings, file.path, "is empty") }
    let columns = try columns(reader, file)
    var row = FindingRow()
    while try reader.next() {
      guard reader.count == columns.width else {
        throw ComparisonError(
          .notFindings, "\(file.path): record \(reader.number)",
          "has \(reader.count) cells under \(columns.width) columns")
      }
      row.removeAll()
      for index in columns.indices { reader.withCell(index) { row.append(unguarded($0)) } }
      try body(row)
    }
  }

  /// Where each column of a finding stands.
  private static func columns(_ reader: RecordReader, _ file: TableFile) throws -> (indices: [Int], width: Int) {
    var names: [String: Int] = [:]
    for index in 0..<reader.count {
      reader.withCell(index) { cell in
        let isMarked = index == 0 && cell.starts(with: [0xEF, 0xBB, 0xBF])
        names[String(decoding: isMarked ? cell.part(3, cell.count) : cell, as: UTF8.self)] = index
      }
    }
    let indices = try FindingRow.Column.allCases.map { column in
      guard let index = names[column.name] else {
        throw ComparisonError(.notFindings, file.path, "is no table of findings: it has no column \(column.name)")
      }
      return index
    }
    return (indices, reader.count)
  }

  /// The cell without the apostrophe that guards it.
  private static func unguarded(_ cell: ByteView) -> ByteView {
    guard cell.count > 1, cell[0] == 0x27 else { return cell }
    switch cell[1] {
    case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0x30...0x39: return cell.part(1, cell.count)
    default: return cell
    }
  }
}

/// The records of a CSV file, one after the other.
private struct RecordReader {
  /// The record's number, the header is 1.
  private(set) var number = 0

  private let file: TableFile
  private var parser = RecordParser(dialect: Dialect())
  private var buffer: [UInt8] = []
  private var offset = 0
  private var start = 0
  private var isLast = false
  private let scratch = Scratch()

  init(_ file: TableFile) { self.file = file }

  /// How many cells the record has.
  var count: Int { parser.fieldCount }

  /// Goes to the next record; there is none at the end.
  mutating func next() throws -> Bool {
    scratch.clear()
    while true {
      if isLast, start == buffer.count { return false }
      let outcome = unsafe buffer.withUnsafeBytes { bytes in
        unsafe parser.parse(ByteView(bytes), from: start, isLast: isLast)
      }
      switch outcome {
      case .record where parser.fault.map(\.isReadable) ?? true:
        number += 1
        start = parser.next
        return true
      case .needsMore:
        buffer.removeFirst(start)
        start = 0
        let count = try file.read(at: offset, into: &buffer)
        offset += count
        isLast = count == 0
      default:
        throw ComparisonError(
          .notFindings, "\(file.path): record \(number + 1)", "cannot be read; the table was changed, or is cut off")
      }
    }
  }

  /// Lends a cell of the record.
  func withCell(_ index: Int, _ body: (ByteView) -> Void) {
    unsafe buffer.withUnsafeBytes { bytes in
      body(unsafe parser.record(in: ByteView(bytes)).field(index, scratch))
    }
  }
}
