internal import ClaimModel

/// Writes `report.xml`: the lines as a tree, then the issues, then the summary.
///
/// ```
/// run
///   file                      one for each input stream, also without lines
///     interchange             where the source has one, and so for the next two
///       group
///         transaction_set
///           claim
///             line            every column of lines.csv as an attribute
///               finding
///   issues
///     issue                   every column of issues.csv as an attribute
///   summary
/// ```
///
/// A line is complete by itself, although the elements around it say part of it again: one line can be taken out, or all of them
/// made a table, without looking up. Two attributes are not columns and stand only where they hold: `replaced` names the columns
/// in which characters that XML cannot hold became U+FFFD, and `unverified` marks a line whose bytes failed their checksum.
///
/// The frame is written by libxml2. `claim`, `line`, `finding` and `issue`, of which there may be millions, are put together from
/// cells that are clean already and whose special characters are known, and follow libxml2's bytes in the same report, in the
/// same form to the byte.
final class XMLReportWriter: ReportWriter {
  private let output: ReportOutput
  private let writer: XMLTextWriter
  private let files: [SourceFile]

  private let linePieces: CellPunctuation
  private let claimPieces: CellPunctuation
  private let payerPieces: CellPunctuation
  private let findingPieces: CellPunctuation
  private let issuePieces: CellPunctuation

  /// The next stream that has no element yet.
  private var nextStream = 0
  private var hasOpenFile = false
  /// Which of interchange, group and transaction set are open, and for which control numbers.
  private var envelope: [[UInt8]] = []
  /// The claim that is open.
  private var claim: Int?
  /// How many findings of the open line are still to come.
  private var findingsLeft = 0
  private var hasIssues = false

  /// The namespace of the report.
  static let namespace = "urn:claimaudit:report:1"
  private static let levels = [
    (element: "interchange", attribute: "interchange_control"), (element: "group", attribute: "group_control"),
    (element: "transaction_set", attribute: "transaction_control"),
  ]

  /// Writes the head of the document.
  init(_ output: ReportOutput, files: [SourceFile], scope: String, version: String) throws(ReportError) {
    self.output = output
    self.files = files
    linePieces = XMLReportWriter.pieces(.lines, ReportTable.lines.columns.indices)
    claimPieces = XMLReportWriter.pieces(.lines, LineColumn.claimID..<LineColumn.lineNumber)
    payerPieces = XMLReportWriter.pieces(.lines, LineColumn.payer..<LineColumn.billingNPI + 1)
    findingPieces = XMLReportWriter.pieces(.findings, FindingColumn.own)
    issuePieces = XMLReportWriter.pieces(.issues, ReportTable.issues.columns.indices)
    writer = try XMLTextWriter(output)
    try writer.startDocument()
    try writer.startRoot("run")
    try writer.attribute("xmlns", XMLReportWriter.namespace)
    try writer.attribute("tool", "claimaudit")
    try writer.attribute("version", cleaned(version))
    try writer.attribute("scope", cleaned(scope))
  }

  /// ` a="`, `" b="`, …, `"`.
  private static func pieces(_ table: ReportTable, _ columns: Range<Int>) -> CellPunctuation {
    let names = table.columns[columns].map(\.name)
    return CellPunctuation(names.enumerated().map { "\($0 == 0 ? "" : "\"") \($1)=\"" } + ["\""])
  }

  // MARK: Lines

  var needs: WriterNeeds { [.lineRows, .findingRows] }

  var weight: Int { 4 }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    if line.stream != nextStream - 1 || claim != line.claim { try moveTo(line) }
    output.buffer.append("\n<line")
    append(line.row, ReportTable.lines.columns.indices, linePieces)
    if line.row.cells.replaced != 0 { appendReplaced(line.row.cells) }
    if line.isUnverified { output.buffer.append(" unverified=\"true\"") }
    findingsLeft = line.findingCount
    if findingsLeft == 0 { output.buffer.append("/>") } else { output.buffer.append(">") }
    try output.flushIfFull()
  }

  func finding(_ finding: borrowing ReportedFinding) throws(ReportError) {
    output.buffer.append("\n<finding")
    append(finding.row, FindingColumn.own, findingPieces)
    output.buffer.append("/>")
    findingsLeft -= 1
    if findingsLeft == 0 { output.buffer.append("\n</line>") }
    try output.flushIfFull()
  }

  private func append(_ row: borrowing TableRow, _ columns: Range<Int>, _ pieces: CellPunctuation) {
    pieces.append(row, columns, to: &output.buffer) { buffer, bytes, range in
      buffer.append(xmlEscaped: bytes, range)
    }
  }

  private func appendReplaced(_ cells: borrowing CellIndex) {
    let replaced = cells.replaced
    let names = ReportTable.lines.columns.enumerated().filter { replaced >> UInt64($0.offset) & 1 != 0 }
    output.buffer.append(" replaced=\"")
    output.buffer.append(names.map(\.element.name).joined(separator: " "))
    output.buffer.append(0x22)
  }

  // MARK: The elements around them

  /// Ends what does not hold for a line and begins what does.
  private func moveTo(_ line: borrowing ReportedLine) throws(ReportError) {
    closeClaim()
    if line.stream >= nextStream {
      try closeEnvelope(downTo: 0)
      try openFiles(through: line.stream)
    }
    // The first level at which the envelope differs, and the levels below it, are begun anew.
    var kept = 0
    while kept < envelope.count {
      let control = line.row.cells[LineColumn.interchangeControl + kept]
      guard line.row.bytes.withSpan(control, { $0.matches(envelope[kept]) }) else { break }
      kept += 1
    }
    if kept < XMLReportWriter.levels.count {
      try closeEnvelope(downTo: kept)
      for level in kept..<XMLReportWriter.levels.count {
        let control = line.row.cells[LineColumn.interchangeControl + level]
        envelope.append(line.row.bytes.array(control))
        if control.isEmpty { continue }
        try writer.start(XMLReportWriter.levels[level].element)
        try writer.attribute(XMLReportWriter.levels[level].attribute, line.row.bytes.string(control))
      }
      try writer.makeWay()
    }
    claim = line.claim
    output.buffer.append("\n<claim")
    append(line.row, LineColumn.claimID..<LineColumn.lineNumber, claimPieces)
    append(line.row, LineColumn.payer..<LineColumn.billingNPI + 1, payerPieces)
    output.buffer.append(0x3E)
  }

  /// Begins the element of a stream, after those of the streams before it that have no lines.
  private func openFiles(through stream: Int) throws(ReportError) {
    while nextStream <= stream {
      if hasOpenFile { try writer.end(onOwnLine: true) }
      hasOpenFile = false
      let file = nextStream < files.count ? files[nextStream] : SourceFile(path: "")
      nextStream += 1
      if file.isHistory { continue }
      hasOpenFile = true
      try writer.start("file")
      try writer.attribute("source_file", cleaned(file.path))
      if let format = file.format { try writer.attribute("format", format.word) }
      try writer.attribute("compression", cleaned(file.compression))
      try writer.attribute("bytes", String(file.bytes))
      try writer.attribute("claims", String(file.claims))
      try writer.attribute("lines", String(file.lines))
      try writer.attribute("status", file.status.rawValue)
    }
    try writer.makeWay()
  }

  private func closeClaim() {
    if claim != nil { output.buffer.append("\n</claim>") }
    claim = nil
  }

  private func closeEnvelope(downTo level: Int) throws(ReportError) {
    while envelope.count > level {
      if let control = envelope.popLast(), !control.isEmpty { try writer.end(onOwnLine: true) }
    }
  }

  /// Ends the last file.
  private func closeFiles() throws(ReportError) {
    closeClaim()
    try closeEnvelope(downTo: 0)
    try openFiles(through: files.count - 1)
    if hasOpenFile { try writer.end(onOwnLine: true) }
  }

  // MARK: Issues and the end

  func issue(_ row: borrowing TableRow) throws(ReportError) {
    if !hasIssues { try openIssues() }
    output.buffer.append("\n<issue")
    append(row, ReportTable.issues.columns.indices, issuePieces)
    output.buffer.append("/>")
    try output.flushIfFull()
  }

  private func openIssues() throws(ReportError) {
    try closeFiles()
    try writer.start("issues")
    try writer.makeWay()
    hasIssues = true
  }

  func finish(_ summary: Summary) throws(ReportError) {
    if !hasIssues { try openIssues() }
    try writer.end(onOwnLine: true)
    try writer.write(summary)
    try writer.end(onOwnLine: true)
    try writer.endDocument()
    try output.flush()
  }
}

extension ByteBuffer {
  /// Adds clean text as the inside of an attribute, as libxml2 writes it.
  mutating func append(xmlEscaped bytes: borrowing ByteBuffer, _ range: Range<Int>) {
    append(bytes, range) { byte in
      switch byte {
      case 0x22: "&quot;"
      case 0x26: "&amp;"
      case 0x3C: "&lt;"
      case 0x3E: "&gt;"
      case 0x09: "&#9;"
      case 0x0A: "&#10;"
      case 0x0D: "&#13;"
      default: nil
      }
    }
  }
}

extension Span<UInt8> {
  /// Whether the bytes are those of `other`.
  fileprivate func matches(_ other: [UInt8]) -> Bool {
    if count != other.count { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }
}
