import Foundation
import Glibc
import Testing

/// A folder of a test's own, removed with everything in it when nobody holds it any more.
final class Scratch: Sendable {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/claimaudit-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and says its path; folders in `name` are made.
  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = path + "/" + name
    if let slash = file.lastIndex(of: "/") {
      try FileManager.default.createDirectory(atPath: String(file[..<slash]), withIntermediateDirectories: true)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Writes a text.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  /// A file's bytes; none when it is not there.
  func bytes(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: path + "/" + name).map(Array.init) ?? []
  }

  /// A file's text.
  func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }

  /// Whether a folder holds a whole list of renames: one that a run did not write to its end tells the next run nothing.
  func hasPublicationList(in name: String) -> Bool {
    guard let list = FileManager.default.contents(atPath: path + "/" + name + "/.claimaudit.publication") else {
      return false
    }
    return list.suffix(5) == Data("\0end\0".utf8)
  }

  /// The names in a folder below, sorted, hidden ones too.
  func names(in name: String = "") -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + name)) ?? []).sorted()
  }
}

/// The report set of a run in a folder.
struct ReportSetFiles {
  /// The files that depend on input and options alone.
  static let deterministic = ["lines.csv", "findings.csv", "issues.csv", "report.xml", "summary.json"]

  let folder: String

  func bytes(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: folder + "/" + name).map(Array.init) ?? []
  }

  var lines: [ReportRow] { ReportRow.parse(bytes("lines.csv")) }
  var findings: [ReportRow] { ReportRow.parse(bytes("findings.csv")) }
  var issues: [ReportRow] { ReportRow.parse(bytes("issues.csv")) }

  /// The names in the folder that are not hidden, sorted.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// `summary.json` as it stands.
  func summary() throws -> SummaryFile { try JSONDecoder().decode(SummaryFile.self, from: Data(bytes("summary.json"))) }
}

/// What tests ask of `summary.json`.
struct SummaryFile: Decodable {
  struct Totals: Decodable {
    var files, bytes, claims, lines, watched_lines, reported_lines, findings, issues: Int
    var charge_cents, watched_charge_cents, at_risk_cents: Int
  }
  struct File: Decodable {
    var path, compression, status: String
    var format: String?
    var bytes, claims, lines, watched_lines, findings, issues: Int
  }
  struct Suppressed: Decodable, Equatable {
    var findings, at_risk_cents: Int
    var by_rule: [String: Int]
    var unused, expired: [String]
  }
  var totals: Totals
  var by_rule: [String: Int]
  var not_evaluated: [String: Int]
  var suppressed: Suppressed?
  var files: [File]
}

/// A row of a CSV report, by column name.
struct ReportRow: Equatable {
  private let cells: [String: String]

  /// A cell; empty when there is no such column.
  subscript(column: String) -> String { cells[column] ?? "" }

  /// The cell without the apostrophe that keeps a spreadsheet from running it.
  func plain(_ column: String) -> String {
    let cell = self[column]
    return cell.hasPrefix("'") ? String(cell.dropFirst()) : cell
  }

  /// The rules of a line.
  var rules: Set<String> { Set(self["rules"].split(separator: ";").map(String.init)) }

  /// The rows of an RFC 4180 file, by its header; a row that has another number of cells is an issue of the test.
  static func parse(_ bytes: [UInt8]) -> [ReportRow] {
    let records = records(bytes)
    guard let header = records.first else { return [] }
    return records.dropFirst().map { record in
      if record.count != header.count { Issue.record("a row of \(record.count) cells under \(header.count) columns") }
      return ReportRow(cells: Dictionary(zip(header, record)) { first, _ in first })
    }
  }

  /// The records of an RFC 4180 file.
  static func records(_ bytes: [UInt8]) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    func text() -> String { String(decoding: cell, as: UTF8.self) }
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if isQuoted {
        if byte != 0x22 {
          cell.append(byte)
        } else if position < bytes.count, bytes[position] == 0x22 {
          cell.append(byte)
          position += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case 0x22: isQuoted = true
      case 0x2C:
        record.append(text())
        cell = []
      case 0x0D: break
      case 0x0A:
        records.append(record + [text()])
        record = []
        cell = []
      default: cell.append(byte)
      }
    }
    if !cell.isEmpty || !record.isEmpty { Issue.record("the last row has no end") }
    return records
  }
}
