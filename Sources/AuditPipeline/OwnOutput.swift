internal import ByteInput
internal import Reporting

/// What this program writes outside of report folders, known again by its first bytes: a table to standard output, metrics, a ledger.
///
/// Nobody who has a folder audited every night means the files that the audits leave in it.
enum OwnOutput {
  /// How many bytes are looked at.
  private static let headSize = 1024
  private static let headers = (ReportTable.all + [.suppressed, .differences]).map { Array($0.header.utf8) }
  /// How our files other than tables begin, and what stands further on in their fronts.
  private static let marks: [(start: [UInt8], mark: [UInt8])] = [
    ("# HELP claimaudit_", ""), ("{\"source_file\":", "\"byte_offset\":"),
    ("<?xml ", "xmlns=\"urn:claimaudit:report:"), ("<!DOCTYPE html>", "name=\"generator\" content=\"claimaudit "),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  /// Whether a stream that begins with these bytes was written by this program.
  static func recognises(_ sample: [UInt8]) -> Bool {
    let head = Array(sample.prefix(headSize))
    return LedgerFile.recognises(head) || isTable(head)
      || marks.contains { start, mark in
        head.starts(with: start) && (mark.isEmpty || head.indices.contains { head[$0...].starts(with: mark) })
      }
  }

  /// Whether the first line is exactly the header of a table of ours, as it is written for other programs or for Excel.
  private static func isTable(_ head: [UInt8]) -> Bool {
    let text = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    guard let end = text.firstIndex(of: 0x0A) else { return false }
    let line = text[..<end].last == 0x0D ? text[..<end].dropLast() : text[..<end]
    return headers.contains { $0[...] == line }
  }
}
