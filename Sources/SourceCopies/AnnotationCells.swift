internal import CSV
internal import Reporting

/// The five cells of an annotated row, written as the table they go into is written.
///
/// They are ASCII, so that they fit into UTF-8 and Windows-1252 alike, and no spreadsheet runs them.
struct AnnotationCells {
  private let dialect: Dialect

  init(_ dialect: Dialect) { self.dialect = dialect }

  /// The cells for the watched lines of one row; empty ones where there are none.
  ///
  /// A wide row has several lines: the severity is the heaviest of them, rules and codes stand once each, a message says which line
  /// it is about, and the money at risk is the sum.
  func cells(for lines: [LineAnnotation]) -> [[UInt8]] {
    guard let first = lines.first else { return Array(repeating: [], count: CSVAnnotator.columns.count) }
    if lines.count == 1 {
      return [first.severity, first.rules, first.messages, first.carc, first.atRisk].map(cell)
    }
    let order = ["none", "info", "warning", "error"]
    let heaviest = lines.map { order.firstIndex(of: $0.severity) ?? 0 }.max() ?? 0
    let messages = lines.filter { !$0.messages.isEmpty }.flatMap { line in
      line.messages.split(separator: ";").map { "line \(line.lineNumber): \($0)" }
    }
    let cents = lines.reduce(0) { $0 + (Int($1.atRisk.filter { $0 != "." }) ?? 0) }
    let rest = abs(cents) % 100
    let atRisk = "\(cents < 0 ? "-" : "")\(abs(cents) / 100).\(rest < 10 ? "0" : "")\(rest)"
    return [
      order[heaviest], AnnotationCells.once(lines.map(\.rules)), messages.joined(separator: ";"),
      AnnotationCells.once(lines.map(\.carc)), atRisk,
    ].map(cell)
  }

  /// The parts of `;`-joined texts, each once, in order.
  private static func once(_ texts: [String]) -> String {
    var parts: [Substring] = []
    for part in texts.flatMap({ $0.split(separator: ";") }) where !parts.contains(part) { parts.append(part) }
    return parts.joined(separator: ";")
  }

  /// A text as a cell of the table.
  private func cell(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20..<0x7F: bytes.append(UInt8(scalar.value))
      case 0x2018, 0x2019: bytes.append(0x27)
      case 0x201C, 0x201D: bytes.append(0x22)
      case 0x2010...0x2015: bytes.append(0x2D)
      case 0x00..<0x20: bytes.append(0x20)
      default: bytes.append(0x3F)
      }
    }
    if let first = bytes.first, [0x3D, 0x2B, 0x2D, 0x40].contains(first), !AnnotationCells.isNumber(bytes) {
      bytes.insert(0x27, at: 0)
    }
    guard let quote = dialect.quote else {
      // Nothing can be quoted here, so that what would end the cell is left out of it.
      return bytes.map { $0 == dialect.delimiter ? (dialect.delimiter == 0x2C ? 0x3B : 0x2C) : $0 }
    }
    guard bytes.contains(dialect.delimiter) || bytes.contains(quote) else { return bytes }
    var quoted = [quote]
    for byte in bytes { quoted += byte == quote ? [quote, quote] : [byte] }
    return quoted + [quote]
  }

  /// A sign, digits, and perhaps a point with digits behind it.
  private static func isNumber(_ bytes: [UInt8]) -> Bool {
    let parts = bytes.dropFirst().split(separator: 0x2E, omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
  }
}
