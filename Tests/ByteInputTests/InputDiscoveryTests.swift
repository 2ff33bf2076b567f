import FoundationEssentials
import Glibc
import Testing

@testable import ByteInput

@Suite("Discovery")
struct InputDiscoveryTests {
  /// The names found, with the folder taken off their front.
  func names(_ findings: InputDiscovery.Findings, in folder: TemporaryFolder) -> [String] {
    findings.inputs.map { $0.name.hasPrefix(folder.path) ? String($0.name.dropFirst(folder.path.count + 1)) : $0.name }
  }

  @Test("reads a folder to its depth in byte order and passes hidden things over")
  func folder() throws {
    let folder = try TemporaryFolder()
    for name in ["b.837", "a/z.837", "a-b.837", "a/deep/er/x.csv", ".hidden", ".git/config", "é.837", "Z.837"] {
      try folder.write(name)
    }
    let findings = InputDiscovery().find([folder.path])
    #expect(
      names(findings, in: folder) == ["Z.837", "a-b.837", "a/deep/er/x.csv", "a/z.837", "b.837", "é.837"])
    #expect(findings.notices.isEmpty)
    #expect(names(InputDiscovery().find([folder.path + "/"]), in: folder) == names(findings, in: folder))
  }

  @Test("keeps arguments verbatim, puts standard input first, and does not depend on their order")
  func arguments() throws {
    let folder = try TemporaryFolder()
    let a = try folder.write("a.837")
    try folder.write("d/b.837")
    let arguments = ["\(folder.path)/d", a, "-", "\(folder.path)/none", "-"]
    let findings = InputDiscovery().find(arguments)
    #expect(names(findings, in: folder) == ["-", "a.837", "d/b.837", "none"])
    #expect(findings.inputs.first == .standardInput)
    #expect(InputDiscovery().find(arguments.reversed()) == findings)
    guard case .cannotOpen(ENOENT, _) = open(findings.inputs[3]).outcome else {
      Issue.record("a missing file is reported when it is opened")
      return
    }
    #expect(open(InputReference(path: a)).streams.map(\.name) == [a])
  }

  @Test("reads a file once, however often it is reached")
  func sameFile() throws {
    let folder = try TemporaryFolder()
    let a = try folder.write("a.837")
    try folder.link("b.837", to: a)
    try folder.makeHardLink("c.837", to: a)
    let findings = InputDiscovery().find([folder.path, a])
    #expect(names(findings, in: folder) == ["a.837"])
    #expect(findings.notices.map(\.remark.code) == [.fileDuplicate, .fileDuplicate, .fileDuplicate])
    #expect(findings.notices.allSatisfy { $0.remark.effect == .none })
  }

  @Test("cuts loops of links and says what it passed over")
  func loops() throws {
    let folder = try TemporaryFolder()
    try folder.write("a/x.837")
    try folder.link("a/up", to: "..")
    try folder.link("dangling", to: "nowhere")
    _ = try folder.makeFIFO("fifo")
    let findings = InputDiscovery().find([folder.path])
    #expect(names(findings, in: folder) == ["a/x.837", "dangling"])
    #expect(findings.notices.map { String($0.name.dropFirst(folder.path.count + 1)) } == ["a/up", "fifo"])
    #expect(findings.notices.allSatisfy { $0.remark.code == .fileSkipped && $0.remark.severity == .info })
  }

  @Test("takes a link that leads nowhere for an input of which there is nothing to read")
  func danglingLinks() throws {
    let folder = try TemporaryFolder()
    try folder.link("circle", to: "circle")
    try folder.link("nowhere", to: "absent")
    for input in InputDiscovery().find([folder.path]).inputs {
      guard case .read(let remarks) = open(input).outcome else {
        Issue.record("\(input.name) makes no exit code of its own")
        continue
      }
      #expect(remarks.map(\.code) == [.fileSkipped] && remarks.map(\.severity) == [.warning])
    }
    guard case .cannotOpen = open(InputReference(path: folder.path + "/nowhere")).outcome else {
      Issue.record("named by the user it is an input that cannot be opened")
      return
    }
  }

  @Test("says so of a folder in which there is nothing to read, and of that one only")
  func emptyFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("empty/below/.hidden")
    try folder.write("full/a.837")
    let findings = InputDiscovery().find(["\(folder.path)/empty", "\(folder.path)/full"])
    #expect(names(findings, in: folder) == ["full/a.837"])
    #expect(findings.notices.map(\.name) == ["\(folder.path)/empty"])
    #expect(findings.notices.map(\.remark.code) == [.empty] && findings.notices.map(\.remark.severity) == [.warning])
  }

  @Test("passes our own reports over, and only ours")
  func ownReports() throws {
    let folder = try TemporaryFolder()
    for name in ["lines.csv", "findings.csv", "issues.csv", "report.xml", "summary.json", "claims.csv"] {
      try folder.write("ours/\(name)")
      try folder.write("theirs/\(name)")
    }
    try folder.write("ours/run.json", Array("{\"tool\": \"claimaudit\"}".utf8))
    try folder.write("theirs/run.json", Array("{\"tool\": \"another\"}".utf8))
    let found = names(InputDiscovery().find([folder.path]), in: folder)
    #expect(found.filter { $0.hasPrefix("ours") } == ["ours/claims.csv"])
    #expect(found.filter { $0.hasPrefix("theirs") }.count == 7)
    // Named by the user, a report is a file like any other.
    #expect(InputDiscovery().find(["\(folder.path)/ours/lines.csv"]).inputs.count == 1)
  }

  @Test("passes over what stands beside a ledger of ours, and knows what the user named himself")
  func besideLedgers() throws {
    let folder = try TemporaryFolder()
    var head = Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 84)
    try folder.write("theirs", head)
    for index in 0..<4 { head[71 - index] = UInt8(truncatingIfNeeded: LedgerFile.applicationID >> Int64(8 * index)) }
    try folder.write("ours", head)
    for name in ["ours.lock", "ours-wal", "theirs.lock", "alone.lock"] { try folder.write(name) }
    let findings = InputDiscovery().find([folder.path, folder.path + "/theirs", folder.path + "/ours.lock"])
    #expect(names(findings, in: folder) == ["alone.lock", "ours", "ours.lock", "theirs", "theirs.lock"])
    #expect(findings.inputs.map(\.isFound) == [true, true, false, false, true])
    #expect(
      Set(findings.notices.map { $0.name.dropFirst(folder.path.count + 1) }) == ["ours-wal", "ours.lock", "theirs"])
  }

  @Test("keeps names with newlines, leading dashes and bytes that are not text")
  func oddNames() throws {
    let folder = try TemporaryFolder()
    try folder.write("-x.837")
    try folder.write("a\nb.837")
    try folder.write(String(repeating: "n", count: 255))
    try folder.write(nameBytes: Array("odd".utf8) + [0xff, 0xfe])
    let findings = InputDiscovery().find([folder.path])
    #expect(
      names(findings, in: folder) == ["-x.837", "a\nb.837", String(repeating: "n", count: 255), "odd\\xff\\xfe"])
    #expect(findings.inputs.map { open($0).streams.count } == [1, 1, 1, 1])
  }

  @Test("splits lists at newlines or NULs and ignores blank lines")
  func lists() {
    func lines(_ text: String, _ separator: InputDiscovery.ListSeparator) -> [String] {
      InputDiscovery.paths(inList: Array(text.utf8), separatedBy: separator).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(lines("a\n\n  \nb c\r\n\r\nd", .newline) == ["a", "b c", "d"])
    #expect(lines("a\nb\0\0c", .nul) == ["a\nb", "c"])
    #expect(lines("", .newline).isEmpty)
  }
}
