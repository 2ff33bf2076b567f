import ClaimModel
import FoundationEssentials
import Testing

@testable import RulePacks

/// Broken reference files: each is refused with its line and what is expected, and without a word of what stands there.
@Suite("Broken reference files")
struct ReferenceFaultTests {
  /// A folder with one file, gone when the test is over.
  private func faults(_ name: String, _ bytes: [UInt8]) throws -> [PackError] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "claimaudit-reference-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(bytes).write(to: folder.appending(path: name))
    do {
      _ = try ReferenceFolder(path: folder.path, watched: ["32960"])
      return []
    } catch {
      return error.errors
    }
  }

  /// A fixture with something in it replaced.
  private func broken(_ path: String, _ old: String, _ new: String) throws -> [PackError] {
    let text = String(decoding: try fixture("reference/" + path), as: UTF8.self)
    #expect(text.contains(old))
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    return try faults(name, Array(text.replacing(old, with: new, maxReplacements: 1).utf8))
  }

  struct Fault: Sendable {
    var path: String
    var old: String
    var new: String
    var line: Int
    var kind: PackError.Kind
  }

  @Test(
    "are refused by line",
    arguments: [
      Fault(path: "2025/PPRRVU25_OCT.csv", old: "32960,,x,A,,1.84", new: "32960,,x,A,,one", line: 11, kind: .range),
      Fault(path: "2025/PPRRVU25_OCT.csv", old: "71045,26", new: "7104,26", line: 12, kind: .code),
      Fault(
        path: "2026/PPRRVU2026_Jul_nonQPP.csv", old: "PE RVU,INDICATOR,PE RVU", new: "PE,INDICATOR,PE RVU", line: 5,
        kind: .missing),
      Fault(
        path: "2026/PPRRVU2026_Jul_nonQPP.csv", old: ",33.4009,09,0,99,0.00,0.00,0.00\n32960", new: "\n32960", line: 6,
        kind: .code),
      Fault(path: "2025/GPCI2025.csv", old: "13202,NY,01", new: "13202,NY,ONE", line: 4, kind: .code),
      Fault(path: "2025/GPCI2025.csv", old: "1.166", new: "1,166", line: 4, kind: .range),
      Fault(path: "2025/GPCI2025.csv", old: "2025 MP GPCI", new: "2025 MP", line: 3, kind: .missing),
      Fault(path: "2025/outpatient-pairs.csv", old: "20260701", new: "20261301", line: 8, kind: .date),
      Fault(path: "2025/outpatient-pairs.csv", old: "20260701,*,1", new: "20260701,*,2", line: 8, kind: .range),
      Fault(
        path: "2025/outpatient-pairs.csv", old: "outpatient edits", new: "and practitioner edits", line: 1,
        kind: .missing),
      Fault(path: "2026/ccipra-v322r0-f1.TXT", old: "11111\t22222", new: "11111", line: 11, kind: .code),
      Fault(path: "2025/mue-hospital.csv", old: "32960,3,2", new: "32960,thrice,2", line: 3, kind: .range),
      Fault(path: "2025/mue-hospital.csv", old: "32960,3,2", new: "32960,3,policy", line: 3, kind: .range),
      Fault(
        path: "2025/mue-hospital.csv", old: "MUE Adjudication", new: "MUE", line: 2, kind: .missing),
      Fault(path: "2026/places.csv", old: "2026-07-01", new: "soon", line: 3, kind: .date),
      Fault(path: "2026/places.csv", old: "28,", new: "128,", line: 3, kind: .code),
      Fault(path: "2026/icd10cm_order_2027.txt", old: "00003 A150    1", new: "00003 A150    ?", line: 3, kind: .code),
      Fault(path: "2025/icd10cm_codes_2025.txt", old: "J938 ", new: "*938 ", line: 3, kind: .code),
    ])
  func refused(_ fault: Fault) throws {
    let errors = try broken(fault.path, fault.old, fault.new)
    let first = try #require(errors.first, "\(fault.path) was taken")
    #expect(first.kind == fault.kind && first.expected != nil, "\(first)")
    #expect(first.line == fault.line && first.file.hasPrefix("/"), "\(first)")
    // What a heading lacks stands nowhere in it.
    if fault.kind == .missing { #expect(first.column == 1, "\(first)") }
    #expect(!first.description.contains("thrice") && !first.description.contains("soon"))
  }

  @Test("a conversion factor that is gone is named")
  func factor() throws {
    let text = String(decoding: try fixture("reference/2025/PPRRVU25_OCT.csv"), as: UTF8.self)
    let errors = try faults("PPRRVU25.csv", Array(text.replacing("BASE,FACTOR", with: "BASE,").utf8))
    #expect(errors.map(\.expected) == ["CONV FACTOR"] && errors.first?.line == 9)
  }

  @Test("a list without a year, an open quote, a file that is no text, a folder that is not there")
  func others() throws {
    let list = try fixture("reference/2026/icd10cm_order_2027.txt")
    #expect(try faults("order.txt", list).first?.kind == .missing)
    let quote = Array("HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator\n32960,1,\"2".utf8)
    #expect(try faults("mue.csv", quote).first.map { "\($0.kind) \($0.line)" } == "syntax 2")
    #expect(try faults("tables.zip", [0x50, 0x4B, 3, 4, 0, 0]).isEmpty)
    #expect(try faults("empty.csv", []).isEmpty)
    #expect(throws: PackErrors.self) { try ReferenceFolder(path: "/no/such/folder", watched: []) }
  }

  @Test("files larger than what is read at once, with records across the border")
  func large() throws {
    var text = "Hospital edits,,,,,\nColumn 1,Column 2,Prior,Effective Date,Deletion Date,Modifier\n"
    for number in 0..<40_000 {
      text +=
        number % 7 == 0
        ? "\"10021\",2\(1000 + number % 9000),,20200101,*,1\r\n" : "10021,2\(1000 + number % 9000),,20200101,*,1\n"
    }
    text += "32960,99999,,20200101,*,1"
    #expect(text.utf8.count > 1_000_000)
    #expect(try faults("pairs.csv", Array(text.utf8)).isEmpty)
    let cut = try faults("pairs.csv", Array(text.utf8.dropLast(4)))
    #expect(cut.first?.line == 40_003, "\(cut)")
  }

  @Test("a heading is found behind a long title, and not where a table of something else goes on and on")
  func headings() throws {
    let heading = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator\n"
    // A fault in the row shows that the heading was found.
    for lines in [0, 1, 59, 60, 61, 100] {
      let text = String(repeating: "Practitioner services of a quarter\n", count: lines) + heading + "32960,many,2\n"
      let errors = try faults("mue.csv", Array(text.utf8))
      #expect(errors.map(\.line) == (lines < 60 ? [lines + 2] : []), "\(lines)")
    }
  }

  @Test(
    "quotes, what follows them, and line ends of any kind are read as spreadsheets write them",
    arguments: ["\n", "\r\n", "\r"])
  func quotes(lineEnd: String) throws {
    let heading = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,Note"
    func check(_ row: String, _ kind: PackError.Kind?, _ column: Int?) throws {
      let text = ["Practitioner", heading, row, "32551,1,2,x", ""].joined(separator: lineEnd)
      let errors = try faults("mue.csv", Array(text.utf8))
      #expect(
        errors.first?.kind == kind && errors.first?.column == column && errors.count == (kind == nil ? 0 : 1), "\(row)")
      if kind != nil { #expect(errors.first?.line == 3) }
    }
    try check("\"32960\",\"1\",\"2\",\"a \"\"b\"\", c\"", nil, nil)
    try check("\"32960\" ,\"1\" ,\"2\" , x", nil, nil)
    try check("\"32960\",\"one\",\"2\",x", .range, 10)
    try check("\"32960\"xx,one,2,x", .range, 11)
    try check("\"32960\",1,\"7\"", .range, 12)
    try check("\"3296\",1,2,x", .code, 2)
    // A delimiter behind a doubled quote ends no cell.
    let noted = "Note,HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator"
    for (row, column) in [("\"a \"\", b\",32960,one,2", 17), ("\"\"\"\",32960,one,2", 12), ("\"\",32960,one,2", 10)] {
      let errors = try faults("mue.csv", Array(["Practitioner", noted, row, ""].joined(separator: lineEnd).utf8))
      #expect(errors.map(\.kind) == [.range] && errors.first?.column == column, "\(row): \(errors)")
    }
  }

  @Test("a locality has its zeros, however it is written")
  func localities() {
    #expect(LocalityFile.name(carrier: "13202", locality: "01") == "13202/01")
    #expect(LocalityFile.name(carrier: "2102", locality: "1") == "02102/01")
    #expect(LocalityFile.name(carrier: "1", locality: "0") == "00001/00")
    #expect(LocalityFile.name(carrier: "132021", locality: "01") == nil)
    #expect(LocalityFile.name(carrier: "13202", locality: "001") == nil)
    #expect(LocalityFile.name(carrier: "NY", locality: "01") == nil)
  }
}
