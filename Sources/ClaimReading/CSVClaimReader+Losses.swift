internal import CSV
internal import ClaimModel

/// Rows that cannot be read, and what is said at the end.
extension CSVClaimReader {
  mutating func lose(_ row: CSVRow, _ line: Int, _ fault: RecordFault, _ handler: inout some ClaimHandler) {
    let code: String
    let what: String
    let field: Int
    switch fault {
    case .textAfterQuote(let index):
      (code, field, what) = ("QUOTE", index, "has text behind the closing quote of a value")
    case .bareQuote(let index):
      (code, field, what) = ("QUOTE", index, "has a quote inside a value that is not quoted")
    case .unterminatedQuote(let index):
      (code, field) = ("QUOTE_UNTERMINATED", index)
      let lines = RecordPosition.lineBreaks(row.record.bytes.part(row.record.start, parser.next))
      what =
        lines > 1
        ? "opens a quote that nothing closes where it should; \(lines - 1) further lines that it swallowed are lost with it"
        : "opens a quote that is never closed"
    case .controlCharacter(let index):
      (code, field, what) = ("CONTROL_CHAR", index, "holds a control character that no text has")
    case .fieldTooLong(let index):
      (code, field, what) = ("FIELD_TOO_LONG", index, "has a value longer than \(limits.element) bytes")
    case .recordTooLong:
      (code, field) = ("RECORD_TOO_LONG", 0)
      what = "is longer than \(parser.limits.record) bytes or \(limits.columns) columns"
    }
    let element = field < plan.headers.count && code != "RECORD_TOO_LONG" ? plan.headers[field] : ""
    if field > plan[.claimID] { mark(lost: row) } else { loseUnknown() }
    if case .unterminatedQuote = fault { loseUnknown() }
    handler.issue(row.loss(code, element, line, what))
  }

  /// Remembers whose row was lost.
  mutating func mark(lost row: CSVRow) {
    let id = row.cell(.claimID)
    guard !id.isEmpty else {
      loseUnknown()
      return
    }
    if open.isOpen, open.id.elementsEqual(id) { open.isPartial = true } else { open.lostID = Array(id) }
  }

  /// Remembers that a row was lost which may be of the claim before it or of the one after.
  mutating func loseUnknown() {
    open.isPartial = true
    open.hasLostUnknown = true
  }

  /// Gives up on the rest of the file: its columns are others from here on.
  mutating func stop(_ row: CSVRow, _ line: Int, _ handler: inout some ClaimHandler) {
    close(&handler)
    isStopped = true
    handler.issue(
      ReadingIssue(
        code: "HEADER_REPEATED", severity: .error, effect: .fileCut, location: row.location,
        message:
          "record \(row.location.record), line \(line) is a header with other columns than the first one: the rows below "
          + "it are not read; give them as a file of their own"))
  }

  mutating func sayOnce(_ issue: ReadingIssue, _ handler: inout some ClaimHandler) {
    if said.insert(issue.code).inserted { handler.issue(issue) }
  }

  mutating func finish(_ handler: inout some ClaimHandler) {
    close(&handler)
    let location = SourceLocation(record: totals.records, byteOffset: position.offset)
    if ledgerEntries > 0 {
      handler.issue(
        ReadingIssue(
          code: "LEDGER_ROWS", severity: .info, effect: .none, location: location,
          element: plan[.recordKind] >= 0 ? plan.headers[plan[.recordKind]] : "",
          message:
            "\(ledgerEntries) rows are payments, transfers or other entries and no billed lines: they are not read"))
      ledgerEntries = 0
    }
    if totals.records == dataStart.record - 1 {
      handler.issue(
        ReadingIssue(
          code: "NO_RECORDS", severity: .info, effect: .none, location: location,
          message: "there are no records below the header"))
    }
  }
}
