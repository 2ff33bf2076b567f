internal import AuditPipeline
internal import ByteInput
internal import ClaimModel
internal import ClaimReading
internal import Logging
internal import Reporting
internal import SourceCopies

/// Tells the user what happens: positions, codes and plain sentences, never a value of the input.
struct Messenger: Sendable {
  /// How messages look.
  enum Format: String, CaseIterable, Sendable {
    /// `claimaudit: dump.837: AMOUNT: record 17 (SV102), byte 1187: …`
    case text
    /// One JSON object a line.
    case json
  }

  private let logger: Logger
  /// Whether a program reads the messages.
  let isForProgram: Bool
  private let showsValues: Bool
  /// Where the run lists every issue of its inputs.
  var issueList = IssueList.none

  /// Where all issues of the inputs can be read, not only those that are told.
  enum IssueList {
    /// In `issues.csv` or `issues.jsonl`.
    case table
    /// In the tree, which may be all that goes out.
    case tree
    /// In no report of this run.
    case none
  }

  init(format: Format, isQuiet: Bool, isVerbose: Bool, showsValues: Bool) {
    self.showsValues = showsValues
    isForProgram = format == .json
    var logger = Logger(label: "claimaudit") { _ in
      switch format {
      case .text: TextLog()
      case .json: JSONLog()
      }
    }
    logger.logLevel = isQuiet ? .error : isVerbose ? .debug : .notice
    self.logger = logger
  }

  /// Something that ends the run or loses input.
  func error(_ text: String) { logger.error("\(text)") }

  /// What ends the run before it began.
  func error(_ failure: CommandFailure) {
    for message in failure.messages { error(message) }
  }

  /// Something the user should know.
  func warning(_ text: String) { logger.warning("\(text)") }

  /// Something worth knowing for those who asked.
  func detail(_ text: String) { logger.debug("\(text)") }

  /// The same about a file.
  func detail(_ text: String, file: String) { logger.debug("\(text)", metadata: ["file": "\(file)"]) }

  /// What a run adds up to, for a program: the totals under the names of `summary.json`.
  func finished(_ summary: Summary, exitCode: Int32) {
    var metadata: Logger.Metadata = ["exit_code": "\(exitCode)"]
    for total in summary.totals.named { metadata[total.name] = "\(total.value)" }
    for severity in summary.bySeverity { metadata["findings_\(severity.name)"] = "\(severity.value)" }
    if let coverage = summary.coverage {
      metadata["coverage"] = "\(coverage.name)"
      metadata["unchanged_files"] = "\(coverage.unchanged)"
    }
    logger.notice("finished", metadata: metadata)
  }

  /// The exit code of `body`: its own, or that of what it throws, which is said.
  func exitCode(of body: () throws -> Int32) throws -> Int32 {
    do {
      return try body()
    } catch let failure as CommandFailure {
      error(failure)
      return failure.code
    } catch let failure as ExtractionFailure {
      if Interruption.received != 0 { return Interruption.exitCode }
      if failure.exitCode != 141 { error(failure.description) }
      return failure.exitCode
    } catch let failure as ReportError {
      if Interruption.received != 0 { return Interruption.exitCode }
      if failure.kind != .brokenPipe { error(failure.description) }
      return failure.exitCode
    }
  }

  /// What was passed over when the inputs were looked for.
  func tell(_ notices: [InputDiscovery.Notice]) {
    for notice in notices { tell(.issue(ReadingIssue(noticed: notice.remark), path: notice.name)) }
  }

  /// What a run tells about an input.
  func tell(_ notice: SourceNotice) {
    switch notice {
    case .issue(let issue, let path):
      var metadata: Logger.Metadata = [
        "file": "\(path)", "code": "\(issue.code)", "byte": "\(issue.location.byteOffset)",
      ]
      var place = "byte \(issue.location.byteOffset)"
      if issue.location.record > 0 {
        metadata["record"] = "\(issue.location.record)"
        place = "record \(issue.location.record), " + place
      }
      let element = issue.element.isEmpty ? issue.segment : issue.element
      if !element.isEmpty {
        metadata["element"] = "\(element)"
        place += " (\(element))"
      }
      if showsValues, !issue.claimID.isEmpty {
        let claim = String(decoding: issue.claimID.prefix(80), as: UTF8.self)
        metadata["claim"] = "\(claim)"
        place += ", claim \(claim)"
      }
      metadata["effect"] = "\(issue.effect.rawValue)"
      metadata["place"] = "\(place)"
      let level: Logger.Level = issue.severity == .error ? .error : issue.severity == .warning ? .warning : .debug
      logger.log(level: level, "\(issue.message)", metadata: metadata)
    case .more(let count, let path):
      let further = counted(count, "further issue") + " of this input"
      let text =
        switch issueList {
        case .table: "\(further): see the issues table"
        case .tree: "\(further): see the XML report"
        case .none: "\(further) not told here: audit it with -o DIR -f csv to see all in issues.csv"
        }
      logger.warning("\(text)", metadata: ["file": "\(path)"])
    case .recognised(let recognition): tell(recognition)
    case .read(let file):
      logger.debug(
        "\(file.status.rawValue): \(file.claims) claims, \(file.lines) lines, \(file.bytes) bytes",
        metadata: ["file": "\(file.path)"])
    }
  }

  /// What a stream was taken for: words of the header and of the envelope, never a value of a claim.
  private func tell(_ recognition: Recognition) {
    var metadata: Logger.Metadata = ["file": "\(recognition.path)", "compression": "\(recognition.compression)"]
    var text: String
    switch recognition.format {
    case .x12: text = "X12"
    case .csv: text = "CSV"
    case nil: text = "not readable as claims"
    }
    metadata["format"] = "\(text)"
    if recognition.compression != "none" { text += " (\(recognition.compression))" }
    if let survey = recognition.survey {
      let guides = survey.versions.joined(separator: ", ")
      let delimiters = survey.delimiters.joined(separator: "; ")
      metadata["guides"] = "\(guides)"
      metadata["delimiters"] = "\(delimiters)"
      text += ", guides \(guides), delimiters \(delimiters)"
    }
    if let report = recognition.columns {
      let delimiter = report.delimiter == 0x09 ? "tab" : String(Unicode.Scalar(report.delimiter))
      let columns = report.entries.filter(\.isUsed).map { "\($0.field.name) <- \($0.header)" }.joined(separator: ", ")
      let unread = report.unrecognised.joined(separator: ", ")
      metadata["layout"] = "\(report.layout.rawValue)"
      metadata["delimiters"] = "\(delimiter)"
      metadata["columns"] = "\(columns)"
      metadata["unread"] = "\(unread)"
      text +=
        ", \(report.layout.rawValue), delimiter \(delimiter), header in record \(report.headerRecord), columns \(columns)"
      if !unread.isEmpty { text += "; not read: \(unread)" }
    }
    logger.debug("\(text)", metadata: metadata)
  }
}

/// Makes a text safe for a terminal: one line, no control characters, nothing that turns the direction of text.
func printable(_ text: String) -> String {
  var safe = ""
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x00..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
      safe += "\\u{\(String(scalar.value, radix: 16))}"
    default: safe.unicodeScalars.append(scalar)
    }
  }
  return safe
}

/// Messages for a person.
private struct TextLog: LogHandler {
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var text = "claimaudit: "
    let metadata = event.metadata ?? [:]
    if let file = metadata["file"] { text += "\(file): " }
    if let code = metadata["code"] { text += "\(code): " }
    if let place = metadata["place"] { text += "\(place): " }
    StandardError.write(printable(text + "\(event.message)") + "\n")
  }
}

/// Messages for a program.
private struct JSONLog: LogHandler {
  /// What stays a text even where it happens to look like a number.
  private static let texts: Set = [
    "file", "code", "element", "claim", "effect", "columns", "unread", "delimiters", "guides",
  ]

  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var text = "{\"level\":\(JSONLog.quoted(event.level.rawValue)),\"message\":\(JSONLog.quoted("\(event.message)"))"
    for (key, value) in (event.metadata ?? [:]).sorted(by: { $0.key < $1.key }) where key != "place" {
      text += ",\(JSONLog.quoted(key)):"
      let plain = "\(value)"
      text += JSONLog.texts.contains(key) == false && Int(plain) != nil ? plain : JSONLog.quoted(plain)
    }
    StandardError.write(text + "}\n")
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}":
        let hex = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
