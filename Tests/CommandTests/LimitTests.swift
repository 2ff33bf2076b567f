import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Limits")
struct LimitTests {
  /// A sound 837 with something in place of its first NM1*85 segment.
  private static func x12(_ segment: String) -> [UInt8] {
    let text = String(decoding: Fixture("x12/valid/professional.837").bytes, as: UTF8.self)
    guard let range = text.range(of: "NM1*85*"), let end = text[range.lowerBound...].firstIndex(of: "~") else {
      return []
    }
    return Array((text[..<range.lowerBound] + segment + text[end...]).utf8)
  }

  private static let header = "claim_id,hcpcs_code,service_date,place_of_service,charge_amount,payer"
  private static let row = "EX1,32960,2026-03-02,22,450.00,AETNA\n"
  private static func export(_ rows: String) -> [UInt8] { Array("\(header)\n\(row)\(rows)\(row)".utf8) }

  /// What is too large, in which file, and the words that say so: the code and the limit.
  enum TooLarge: String, CaseIterable, Sendable {
    case element, segment, elements, claimX12, field, record, rowColumns, headerColumns, claimCSV

    var bytes: [UInt8] {
      func long(_ count: Int) -> String { String(repeating: "A", count: count) }
      switch self {
      case .element: return LimitTests.x12("NM1*85*2*" + long(1_100_000))
      case .segment: return LimitTests.x12("NM1*85*2*" + long(5_000_000))
      case .elements: return LimitTests.x12("NM1*85*2" + String(repeating: "*A", count: 1100))
      case .claimX12:
        let text = String(decoding: Fixture("x12/valid/professional.837").bytes, as: UTF8.self)
        guard let start = text.range(of: "LX*1~") else { return [] }
        let lines = (1...20_010).map { "LX*\($0)~SV1*HC:71046*1*UN*1***1~DTP*472*D8*20260302~" }.joined()
        return Array((text[..<start.lowerBound] + lines + text[start.lowerBound...]).utf8)
      case .field: return LimitTests.export("EX2,32960,2026-03-02,22,450.00,\(long(1_100_000))\n")
      case .record:
        return LimitTests.export(
          "EX2,32960,2026-03-02,22,450.00,A" + String(repeating: "," + long(900_000), count: 6) + "\n")
      case .rowColumns:
        return LimitTests.export("EX2,32960,2026-03-02,22,450.00" + String(repeating: ",x", count: 2100) + "\n")
      case .headerColumns: return Array((LimitTests.header + String(repeating: ",x", count: 2100) + "\n").utf8)
      case .claimCSV: return LimitTests.export(String(repeating: "EX2,71046,2026-03-02,22,1.00,AETNA\n", count: 20_010))
      }
    }

    var words: [String] {
      switch self {
      case .element: ["SEGMENT_TOO_LONG", "1048576 bytes"]
      case .segment: ["SEGMENT_TOO_LONG", "4194304 bytes"]
      case .elements: ["more than 1024"]
      case .claimX12, .claimCSV: ["CLAIM_TOO_LONG", "20000 lines"]
      case .field: ["FIELD_TOO_LONG", "1048576 bytes"]
      case .record: ["RECORD_TOO_LONG", "4194240 bytes"]
      case .rowColumns: ["COLUMN_COUNT", "2105 columns"]
      case .headerColumns: ["HEADER", "2000 columns"]
      }
    }
  }

  @Test(
    "of claims, segments, elements, records, fields and columns are named in the message", arguments: TooLarge.allCases)
  func content(what: TooLarge) throws {
    let scratch = try Scratch()
    let path = try scratch.write("input", what.bytes)
    var command = Command("audit", path, "-o", scratch.path + "/out")
    command.measuresMemory = true
    let outcome = try command.run()
    let issues = ReportSetFiles(folder: scratch.path + "/out").issues
    let said = issues.map { $0["code"] + " " + $0["message"] }
    #expect(said.contains { text in what.words.allSatisfy { text.contains($0) } }, "\(said)")
    #expect(outcome.peakMemory < 64 << 20, "\(outcome.peakMemory >> 10) KiB")
    // What is around it is read.
    if what != .headerColumns { #expect(!ReportSetFiles(folder: scratch.path + "/out").lines.isEmpty) }
  }

  @Test("of nesting and expansion are named in the message")
  func compression() throws {
    let nested = try Command("audit", Fixture("hostile/gzip/five-times.837.gz").path).run()
    #expect(nested.exitCode == 65)
    #expect(nested.standardError.contains("more than 3 times"), "\(nested.standardError)")
    let scratch = try Scratch()
    let bomb = scratch.path + "/bomb.gz"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "{ cat \"$1\"; head -c 100000000 /dev/zero; } | gzip -1 > \"$2\"", "sh", Fixture("valid/dental.837").path,
      bomb,
    ]
    try process.run()
    process.waitUntilExit()
    let outcome = try Command("audit", bomb, "--max-expansion", "20").run()
    #expect(outcome.exitCode == 65)
    #expect(
      outcome.standardError.contains("RATIO") && outcome.standardError.contains("20 times"), "\(outcome.standardError)")
    #expect(!outcome.rows.isEmpty)
  }

  @Test("of packs, mappings and keys are named in the message")
  func configuration() throws {
    let scratch = try Scratch()
    let large = try scratch.write("large.yaml", String(repeating: "# nothing\n", count: 110_000))
    for option in ["--pack", "--mapping", "--config"] {
      let outcome = try Command("audit", Fixture("valid/dental.837").path, option, large).run()
      #expect(outcome.exitCode == 78, "\(option)")
      #expect(outcome.standardError.contains("larger than 1048576 bytes"), "\(option) \(outcome.standardError)")
    }
    let outcome = try Command("audit", Fixture("valid/dental.837").path, "--key-file", large).run()
    #expect(outcome.standardError.contains("larger than 4096 bytes"))
    let deep = try scratch.write("deep.yaml", String(repeating: "[", count: 100_000))
    #expect(try Command("check-pack", deep).run().exitCode == 78)
  }
}
