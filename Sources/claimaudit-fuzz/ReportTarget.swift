internal import Auditing
internal import CLibXML2
internal import ClaimModel
internal import Glibc
internal import Reporting

/// The report writers: every text of a claim, an issue and a file name is bytes of the input.
///
/// The reports must be what they promise to be: the tree well-formed, tables of one width, all of it UTF-8 without control
/// characters, and the page without markup of the input.
enum ReportTarget {
  private static let catalogue = RuleCatalogue(ids: ["CHG-001", "MOD-003"])

  static func report(_ bytes: UnsafeRawBufferPointer) -> CInt {
    let texts = unsafe bytes.split(separator: 0xFF, omittingEmptySubsequences: false).map { unsafe Array($0) }
    var next = 0
    func text() -> [UInt8] {
      next += 1
      return texts.isEmpty ? [] : texts[next % texts.count]
    }
    var claim = Claim()
    func kept() -> TextRange {
      let bytes = text()
      return bytes.isEmpty ? .none : claim.text.append(bytes)
    }
    claim.id = kept()
    claim.payerName = kept()
    claim.payerID = kept()
    claim.interchangeControl = kept()
    claim.originalClaimID = kept()
    claim.billingNPI = kept()
    let place = text()
    claim.placeOfService = CodedValue(
      code: Code(String(decoding: place, as: UTF8.self)), text: claim.text.append(place))
    for record in 1...2 {
      var line = ServiceLine()
      line.location = SourceLocation(record: record, byteOffset: record)
      line.number = kept()
      line.control = kept()
      line.procedure = CodedValue(code: "32960", text: kept())
      line.modifiers.append(CodedValue(code: .none, text: kept()))
      claim.lines.append(line)
    }
    var audit = ClaimAudit()
    audit.watched = [true, false]
    let rule = RuleIndex(1)
    audit.add(
      rule, .error, line: 0, field: .modifier(0), message: string(text()), fix: string(text()), carc: "4", rarc: "N823")
    let issue = ReadingIssue(
      code: "AMOUNT", severity: .error, effect: .claimKept, location: SourceLocation(record: 1, byteOffset: 1),
      segment: "SV1", element: string(text()), claimID: text(), message: string(text()))
    // The page costs a hundred times the others.
    let hasPage = bytes.count % 32 == 0
    do {
      var options = ReportOptions(destination: .folder(folder), formats: ReportFormat.allCases)
      if !hasPage { options.formats = [.csv, .xml, .jsonl] }
      options.isForExcel = bytes.count % 2 == 0
      try publish(claim, audit, issue, SourceFile(path: string(text()), format: .x12), options)
    } catch {
      fail("the reports could not be written")
    }
    check(hasPage: hasPage)
    return 0
  }

  private static func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func publish(
    _ claim: Claim, _ audit: ClaimAudit, _ issue: ReadingIssue, _ file: SourceFile, _ options: ReportOptions
  ) throws(ReportError) {
    let lines = RecordSpool(folder: folder)
    let chunk = RecordChunk()
    LineRecordEncoder(catalogue).encode(
      claim, audit: audit, selection: .all, stream: 0, ordinal: 1, columns: ColumnNames(), into: chunk)
    try lines.append(chunk)
    let issues = RecordSpool(folder: folder)
    let issueChunk = RecordChunk()
    IssueRecordEncoder().encode(issue, stream: 0, into: issueChunk)
    try issues.append(issueChunk)
    let set = try ReportSet(options)
    _ = try set.publish(
      lines: lines, issues: issues, runFindings: RunFindingSpool(folder: folder), files: [file], catalogue: catalogue,
      summary: SummaryBuilder()
    ) { _ in
      RunFacts(version: "", started: "", finished: "", elapsedMilliseconds: 0, host: "")
    }
  }

  private static func check(hasPage: Bool) {
    for name in ["lines", "findings", "issues"] {
      let table = content(name + ".csv")
      if !isClean(table) { fail("a table is no clean text") }
      checkWidth(table)
      let objects = content(name + ".jsonl")
      if !isClean(objects) { fail("a line of JSON is no clean text") }
      for line in objects.split(separator: 0x0A) where line.first != 0x7B || line.last != 0x7D {
        fail("a line of JSON is torn")
      }
    }
    let tree = content("report.xml")
    if !isClean(tree) || !isWellFormed(tree) { fail("the tree is not well-formed") }
    if hasPage, !isClean(content("report.html")) { fail("the page is no clean text") }
    if !isClean(content("summary.json")) || !isClean(content("run.json")) { fail("a summary is no clean text") }
  }

  /// Whether bytes are UTF-8 without control characters other than line ends.
  private static func isClean(_ bytes: [UInt8]) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
      && !bytes.contains { $0 < 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 || $0 == 0x7F }
  }

  private static func checkWidth(_ table: [UInt8]) {
    var width = 0
    var columns = 1
    var isQuoted = false
    for byte in table {
      switch byte {
      case 0x22: isQuoted.toggle()
      case 0x2C where !isQuoted: columns += 1
      case 0x0A where !isQuoted:
        if width == 0 { width = columns }
        if columns != width { fail("a row has another number of cells") }
        columns = 1
      default: break
      }
    }
    if isQuoted || columns != 1 { fail("a table ends within a row") }
  }

  private static func isWellFormed(_ document: [UInt8]) -> Bool {
    unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
    let parsed = unsafe document.withUnsafeBytes { bytes in
      unsafe xmlReadMemory(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil, nil,
        Int32(XML_PARSE_NONET.rawValue))
    }
    guard let parsed = unsafe parsed else { return false }
    unsafe xmlFreeDoc(parsed)
    return true
  }

  private static func content(_ name: String) -> [UInt8] {
    let file = unsafe open(folder + "/" + name, O_RDONLY)
    guard file >= 0 else { fail("a report is missing") }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { fail("a report cannot be looked at") }
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      count = max(0, unsafe read(file, buffer.baseAddress, buffer.count))
    }
  }

  private static let folder: String = {
    var name = Array("/dev/shm/claimaudit-fuzz-XXXXXX\0".utf8CString)
    guard let made = unsafe mkdtemp(&name) else { fail("no folder") }
    return unsafe String(cString: made)
  }()
}
