internal import ClaimModel

/// What the rules over the run keep of lines.
extension Auditor {
  /// Keeps the facts of a claim of which only the outline was read: it has no watched line, so there is no rule to ask, and nothing
  /// that only a report of a line of it would need has to be found out.
  func keepFacts(ofOutline claim: Claim, _ audit: inout ClaimAudit, _ facts: inout [LineFact]) {
    guard !claim.lines.isEmpty else { return }
    let standing = ClaimStanding(claim)
    var identity = ClaimIdentity(claim, options.identityHash, &audit.memory)
    for index in claim.lines.indices {
      audit.watched.append(false)
      guard isBilledCode(claim.lines[index], claim), policies.globalDays(of: claim.lines[index].procedure.code) != nil
      else { continue }
      let modifiers =
        claim.lines[index].modifiers.count == 0
        ? ModifierReading()
        : ModifierReading(
          claim.lines[index].modifiers, day: claim.lines[index].serviceFrom.day, tables: tables, policy: .none)
      // Charges are compared with those of other watched lines only.
      facts.append(
        fact(
          claim, index, standing, modifiers, identity: &identity, memory: &audit.memory, payer: 0, peerGroup: 1,
          missing: [], isWatched: false))
    }
  }

  /// What the rules over the run keep of a line whose rules are asked.
  func fact(
    _ line: AuditedLine, identity: inout ClaimIdentity, memory: inout AuditMemory, payer: UInt32, missing: FieldSet,
    isWatched: Bool
  ) -> LineFact {
    // A line of the professional kind is in a facility or not by its place; a line of the other kind always is.
    let setting: UInt64 = line.isInstitutional ? 2 : tables.places.isFacility(line.place.code).map { $0 ? 1 : 0 } ?? 3
    var group = ClaimIdentity.mix(UInt64(payer) << 8 | setting << 4 | UInt64(line.claim.kind.rawValue))
    group = ClaimIdentity.mix(group ^ line.line.procedure.code.bits)
    return fact(
      line.claim, line.index, line.standing, line.modifiers, identity: &identity, memory: &memory, payer: payer,
      peerGroup: UInt32(truncatingIfNeeded: group) | 1, missing: missing, isWatched: isWatched)
  }

  private func fact(
    _ claim: Claim, _ index: Int, _ standing: ClaimStanding, _ modifiers: ModifierReading,
    identity: inout ClaimIdentity, memory: inout AuditMemory, payer: UInt32, peerGroup: UInt32, missing: FieldSet,
    isWatched: Bool
  ) -> LineFact {
    // The line is asked field by field: it is large, and would be copied.
    var traits = LineFact.Traits()
    if isWatched { traits.insert(.watched) }
    if standing.isInstitutional { traits.insert(.institutional) }
    if standing.isVoid { traits.insert(.void) }
    if standing.isReplacement { traits.insert(.replacement) }
    if standing.isOriginal { traits.insert(.original) }
    if claim.payerSequence == "S" || claim.payerSequence == "T" { traits.insert(.notPrimary) }
    if claim.payerSequence == "T" { traits.insert(.tertiary) }
    if !modifiers.families.isDisjoint(with: .globalPeriod) { traits.insert(.globalModifier) }
    if claim.lines[index].isReversal { traits.insert(.reversal) }
    if claim.isPartial { traits.insert(.partial) }
    if claim.kind == .dental { traits.insert(.dental) }
    var modifierSet: UInt64 = 0
    for position in 0..<modifiers.validCount {
      modifierSet = modifierSet &+ ClaimIdentity.mix(modifiers.valid(at: position).bits)
    }
    let units = claim.lines[index].units.whole.flatMap { $0 >= 0 && $0 <= 1_000_000 ? Int32($0) : nil } ?? -1
    return LineFact(
      key: LineKey(stream: 0, record: max(claim.lines[index].location.record, 0), slot: slot(of: index, in: claim)),
      patient: claim.patient, clinician: identity.clinician(ofLine: index, claim, &memory), facility: identity.facility,
      claimID: identity.claimID, originalClaimID: identity.originalClaimID,
      claimContent: identity.content(claim, seed: contentSeed), procedure: claim.lines[index].procedure.code,
      modifierSet: modifierSet, charge: claim.lines[index].charge.cents ?? Int64.min, units: units,
      serviceDay: claim.lines[index].serviceFrom.day?.ordinal ?? Int32.min, peerGroup: peerGroup, traits: traits,
      payer: payer,
      missing: missing)
  }

  /// Lines of one record are told apart by their order; only wide rows have several.
  private func slot(of index: Int, in claim: Claim) -> Int {
    let record = claim.lines[index].location.record
    var slot = 0
    var index = index - 1
    while index >= 0, claim.lines[index].location.record == record {
      slot += 1
      index -= 1
    }
    return slot
  }
}
