internal import CSV
internal import ClaimModel

/// Rows that need a closer look.
extension CSVClaimReader {
  /// Says what a record is and takes it for that.
  mutating func handle(
    _ record: Record, in view: ByteView, base: Int, fault: RecordFault?, _ handler: inout some ClaimHandler
  ) {
    scratch.clear()
    let location = SourceLocation(record: position.record, byteOffset: position.offset)
    let row = CSVRow(record: record, shared: shared, scratch: scratch, location: location)
    let line = line(at: record.start, view, base: base)
    if let fault {
      guard fault.isReadable else {
        lose(row, line, fault, &handler)
        return
      }
      handler.issue(
        row.remark(
          "QUOTE", .warning, line, "has a quote inside a value that is not quoted; it is read as part of the value"))
    }
    if record.isBlank {
      sayOnce(row.remark("BLANK_LINE", .info, line, "is blank; it and others like it are passed over"), &handler)
      return
    }
    checkEncoding(row, view, line, &handler)
    guard isWhole(row, line, &handler) else { return }
    let canContinue = open.isOpen && (plan.isContinuation || open.hadClaimValues || builder.hasClaimValues)
    switch row.kind(canContinue: canContinue) {
    case .line: take(row, line, isContinuation: false, &handler)
    case .continuation: take(row, line, isContinuation: true, &handler)
    case .blank:
      sayOnce(
        row.remark("BLANK_LINE", .info, line, "has blank fields only; it and others like it are passed over"), &handler)
    case .ledgerEntry: ledgerEntries += 1
    case .unknownEntry:
      ledgerEntries += 1
      var issue = row.issue(
        "RECORD_KIND", .none, plan[.recordKind], line,
        "names neither a charge nor an entry that is known: the row is no billed line, nor are others like it")
      issue.severity = .warning
      sayOnce(issue, &handler)
    case .total:
      handler.issue(
        row.remark(
          "TOTAL_ROW", .info, line, "has no procedure and no date: it is taken for a row of sums and passed over"))
    case .header:
      handler.issue(
        row.remark("HEADER_REPEATED", .info, line, "repeats the header, as in files that were put together"))
    case .foreignHeader: stop(row, line, &handler)
    case .orphan:
      loseUnknown()
      handler.issue(
        row.loss(
          "CLAIM_ID_MISSING", plan.headers[plan[.claimID]], line,
          "has no claim id: it cannot be told which claim it belongs to; where such rows go on with the claim above, say layout: "
            + "continuation in a mapping"))
    }
  }

  /// Whether the row has as many columns as the header; blank ones at the end may be more.
  mutating func isWhole(_ row: CSVRow, _ line: Int, _ handler: inout some ClaimHandler) -> Bool {
    let count = row.record.count
    let width = plan.headers.count
    if count == width { return true }
    if count > width {
      if (width..<count).allSatisfy({ row.raw($0).trimmed.isEmpty }) {
        sayOnce(
          row.remark(
            "COLUMN_COUNT", .info, line,
            "has blank columns beyond the header; they and others like them are passed over"),
          &handler)
        return true
      }
    } else if count >= plan.namedColumns {
      return true
    }
    if CSVRow.isHeaderLike(row.record, scratch) {
      stop(row, line, &handler)
      return false
    }
    // "(10 rows affected)", "Page 1 of 3": words, and not the first value of a row that was cut.
    if count == 1, plan.namedColumns > 2, row.raw(0).trimmed.contains(where: { $0 == 0x20 }) {
      handler.issue(
        row.remark(
          "REMARK_ROW", .warning, line,
          "holds words and no columns: it is taken for a remark of whoever made the file and passed over"))
      return false
    }
    mark(lost: row)
    handler.issue(
      row.loss(
        "COLUMN_COUNT", "", line,
        "has \(count) columns and the header has \(width): it cannot be told which value is which"))
    return false
  }

  mutating func checkEncoding(
    _ row: CSVRow, _ view: ByteView, _ line: Int, _ handler: inout some ClaimHandler
  ) {
    guard !index.acceptsHighBytes else { return }
    let bytes = view.part(row.record.start, row.record.end)
    guard bytes.contains(where: { $0 >= 0x80 }), !TextEncoding.isUTF8(bytes) else { return }
    index.acceptsHighBytes = true
    handler.issue(row.remark("ENCODING", .info, line, "is not UTF-8; values like its are read as Windows-1252"))
  }

  mutating func take(_ row: CSVRow, _ line: Int, isContinuation: Bool, _ handler: inout some ClaimHandler) {
    let id = row.cell(.claimID)
    if !isContinuation {
      let day = plan.groupsByDate ? Array(row.cell(.serviceFrom)) : []
      if !open.isOpen || !open.id.elementsEqual(id) || open.day != day {
        close(&handler)
        begin(id, at: row.location.byteOffset, day: day)
      }
    }
    check.check(row, line: line) { handler.issue($0) }
    let lines = plan.isWide ? plan.slots.filter { CSVClaimBuilder.isLine($0, row, plan) } : plan.slots
    if open.piece + lines.count > limits.claimLines || row.location.byteOffset - open.pieceOffset > limits.claimBytes,
      open.piece > 0
    {
      split(row, line, &handler)
    }
    for slot in lines {
      totals.lines += 1
      if let cents = ExportAmounts.amount(row.cell(slot.charge), plan.amounts).cents { totals.chargeCents &+= cents }
      if wantsEverything { continue }
      let code = ExportCodes.procedure(row.cell(slot.procedure), raw: row.raw(slot.procedure), scratch).code
      open.demand = max(open.demand, wanted.demand(code.bits))
    }
    builder.add(row, ordinal: open.lines + 1, isContinuation: isContinuation)
    open.lines += lines.count
    open.piece += lines.count
  }
}
