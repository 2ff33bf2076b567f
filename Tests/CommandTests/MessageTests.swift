import Foundation
import TestSupport
import Testing

@Suite("Messages about inputs")
struct MessageTests {
  private static let header = "Claim ID,DOS,CPT,POS,Charge\n"

  /// A table of a sound row, rows with a date that is none, and one row that is lost.
  private static func lostRow(behind harmless: Int, note: String = "") -> [UInt8] {
    var text = note.isEmpty ? header : "Remark," + header
    for number in 0...harmless {
      let date = number == 0 ? "2026-01-05" : "TBD"
      text += (note.isEmpty ? "" : note + ",") + "C\(number),\(date),71046,22,100\n"
    }
    return Array((text + "E1,2026-01-05,32960,22\n").utf8)
  }

  @Test("what makes exit code 65 is told, however many harmless issues come before it, with --quiet too")
  func lostRow() throws {
    let scratch = try Scratch()
    let input = MessageTests.lostRow(behind: 21)
    for options in [[], ["-o", scratch.path + "/out"], ["--log-format", "json"], ["-f", "xml"]] {
      let loud = try Command(["audit", "-"] + options, input: .bytes(input)).run()
      #expect(loud.standardError.contains("claim lost") || loud.standardError.contains("COLUMN_COUNT: record 24"))
      let quiet = try Command(["audit", "-", "-q"] + options, input: .bytes(input)).run()
      #expect(quiet.exitCode == 65)
      #expect(quiet.standardError.split(separator: "\n").count == 1, "\(quiet.standardError)")
      #expect(quiet.standardError.contains("COLUMN_COUNT"))
    }
  }

  @Test("issues beyond the twenty of a severity are counted, and where they stand is said")
  func further() throws {
    let scratch = try Scratch()
    let input = MessageTests.lostRow(behind: 30)
    func further(_ options: String...) throws -> String? {
      let outcome = try Command(["audit", "-"] + options, input: .bytes(input)).run()
      return outcome.standardError.split(separator: "\n").first { $0.contains(" further ") }.map(String.init)
    }
    let front = "claimaudit: -: 11 further issues of this input"
    #expect(try further() == front + " not told here: audit it with -o DIR -f csv to see all in issues.csv")
    #expect(try further("-f", "jsonl") == further())
    #expect(try further("-f", "xml") == front + ": see the XML report")
    for (number, format) in ["csv", "jsonl", "xml", "html"].enumerated() {
      let told = try further("-o", "\(scratch.path)/\(number)", "-f", format)
      switch format {
      case "xml": #expect(try told == further("-f", "xml"))
      case "html": #expect(try told == further())
      default: #expect(told == front + ": see the issues table")
      }
    }
    #expect(ReportSetFiles(folder: scratch.path + "/0").issues.count == 32)
  }

  @Test("inspect names a lost row behind a harmless one of the same code, with the exit code of audit")
  func inspectedLostRow() throws {
    let text = MessageTests.header + "C1,2026-01-05,32960,22,100,\nC2,2026-01-05,32960,22\n"
    for command in ["audit", "inspect"] {
      let outcome = try Command(command, "-", input: .bytes(Array(text.utf8))).run()
      #expect(outcome.exitCode == 65)
      #expect((outcome.text + outcome.standardError).contains("COLUMN_COUNT: record 3, byte "), "\(command)")
    }
  }

  @Test("the messages are the same for every number of threads")
  func jobs() throws {
    let scratch = try Scratch()
    // Larger than the units that threads read side by side.
    let note = String(repeating: "n", count: 3000)
    let path = try scratch.write("large.csv", MessageTests.lostRow(behind: 3000, note: note))
    let one = try Command("audit", path, "-j", "1").run()
    #expect(one.exitCode == 65 && one.standardError.contains("record 3003"))
    for jobs in ["2", "4"] { #expect(try Command("audit", path, "-j", jobs).run().standardError == one.standardError) }
  }
}
