internal import ClaimModel

/// What the rules over the run keep of lines.
extension Auditor {
  /// Keeps the facts of a claim of which only the outline was read: it has no watched line, so there is no rule to ask, and nothing
  /// that only a report of a line of it would need has to be found out.
  func keepFacts(ofOutline claim: Claim, _ audit: inout ClaimAudit) {
    guard !claim.lines.isEmpty else { return }
    var line = AuditedLine(claim: claim, tables: tables, asOf: options.asOf, payer: nil)
    var identity = ClaimIdentity(claim, options.identityHash, &audit.memory)
    for index in claim.lines.indices {
      audit.watched.append(false)
      guard isBilledCode(claim.lines[index], claim), policies.globalDays(of: claim.lines[index].procedure.code) != nil
      else { continue }
      line.load(index, policy: .none)
      audit.facts.append(
        fact(line, identity: &identity, memory: &audit.memory, payer: 0, missing: [], isWatched: false))
    }
  }

  /// What the rules over the run keep of a line.
  func fact(
    _ line: AuditedLine, identity: inout ClaimIdentity, memory: inout AuditMemory, payer: UInt32, missing: FieldSet,
    isWatched: Bool
  ) -> LineFact {
    let claim = line.claim
    var traits = LineFact.Traits()
    if isWatched { traits.insert(.watched) }
    if line.isInstitutional { traits.insert(.institutional) }
    if line.isVoid { traits.insert(.void) }
    if line.isReplacement { traits.insert(.replacement) }
    if line.frequency.isNone || line.frequency == "1" || line.frequency == "0" { traits.insert(.original) }
    if claim.payerSequence == "S" || claim.payerSequence == "T" { traits.insert(.notPrimary) }
    if line.hasModifier(.globalPeriod) { traits.insert(.globalModifier) }
    if line.line.isReversal { traits.insert(.reversal) }
    if claim.kind == .dental { traits.insert(.dental) }
    var modifierSet: UInt64 = 0
    for index in 0..<line.modifiers.validCount {
      modifierSet = modifierSet &+ ClaimIdentity.mix(line.modifiers.valid(at: index).bits)
    }
    // A line of the professional kind is in a facility or not by its place; a line of the other kind always is.
    let setting: UInt64 = line.isInstitutional ? 2 : tables.places.isFacility(line.place.code).map { $0 ? 1 : 0 } ?? 3
    var group = ClaimIdentity.mix(UInt64(payer) << 8 | setting << 4 | UInt64(claim.kind.rawValue))
    group = ClaimIdentity.mix(group ^ line.line.procedure.code.bits)
    let units = line.line.units.whole.flatMap { $0 >= 0 && $0 <= 1_000_000 ? Int32($0) : nil } ?? -1
    return LineFact(
      key: LineKey(stream: 0, record: max(line.line.location.record, 0), slot: slot(of: line)),
      patient: claim.patient, clinician: identity.clinician(of: line.line, claim, &memory), facility: identity.facility,
      claimID: identity.claimID, originalClaimID: identity.originalClaimID,
      claimContent: identity.content(claim, seed: contentSeed), procedure: line.line.procedure.code,
      modifierSet: modifierSet, charge: line.line.charge.cents ?? Int64.min, units: units,
      serviceDay: line.serviceDay?.ordinal ?? line.day?.ordinal ?? Int32.min,
      peerGroup: UInt32(truncatingIfNeeded: group) | 1, traits: traits, payer: payer,
      missing: missing)
  }

  /// Lines of one record are told apart by their order; only wide rows have several.
  private func slot(of line: AuditedLine) -> Int {
    var slot = 0
    var index = line.index - 1
    while index >= 0, line.claim.lines[index].location.record == line.line.location.record {
      slot += 1
      index -= 1
    }
    return slot
  }
}
