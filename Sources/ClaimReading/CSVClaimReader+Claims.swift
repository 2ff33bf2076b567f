internal import CSV
internal import ClaimModel

/// Opening and closing claims.
extension CSVClaimReader {
  mutating func begin(_ id: ByteView, at offset: Int, day: [UInt8]) {
    open.isOpen = true
    open.id.become(id)
    if !day.isEmpty || !open.day.isEmpty { open.day = day }
    open.hadClaimValues = false
    open.demand = wantsEverything ? .whole : .nothing
    open.isPartial = open.hasLostUnknown || !open.lostID.isEmpty && open.lostID.elementsEqual(id)
    open.hasLostUnknown = false
    if !open.lostID.isEmpty { open.lostID.removeAll(keepingCapacity: true) }
    open.lines = 0
    open.piece = 0
    open.pieceOffset = offset
    totals.claims += 1
  }

  /// Hands out the open claim where it is wanted.
  mutating func close(_ handler: inout some ClaimHandler) {
    guard open.isOpen else { return }
    open.isOpen = false
    if open.demand != .nothing, !builder.isEmpty || wantsEverything && !builder.claim.rows.isEmpty {
      builder.claim.isPartial = open.isPartial
      builder.claim.isContinued = open.lines > open.piece
      handler.claim(&builder.claim)
    }
    // A wide row without a procedure has a claim and no line: that too must not reach the next claim.
    if !builder.claim.rows.isEmpty { builder.reset() }
  }

  /// Hands out a part of a claim that is longer than a claim may be, and goes on with the rest of it.
  mutating func split(_ row: CSVRow, _ line: Int, _ handler: inout some ClaimHandler) {
    if !open.isPartial || open.lines == open.piece {
      handler.issue(
        ReadingIssue(
          code: "CLAIM_TOO_LONG", severity: .warning, effect: .claimKept, location: row.location, claimID: open.id,
          message:
            "record \(row.location.record), line \(line): the claim is longer than \(limits.claimLines) lines or "
            + "\(limits.claimBytes) bytes; its lines are read, rules over the whole claim are not evaluated"))
    }
    open.isPartial = true
    if builder.hasClaimValues { open.hadClaimValues = true }
    if open.demand != .nothing, !builder.isEmpty {
      builder.claim.isPartial = true
      builder.claim.isContinued = open.lines > open.piece
      handler.claim(&builder.claim)
    }
    builder.reset()
    open.demand = wantsEverything ? .whole : .nothing
    open.piece = 0
    open.pieceOffset = row.location.byteOffset
  }
}
