internal import ClaimModel
internal import X12

/// What stands above a claim in its transaction set and holds for every claim below it: the billing provider (2000A), the
/// subscriber with the payer (2000B) and the patient (2000C).
///
/// Kept as bytes that are copied once per level, not once per claim.
struct X12PartyContext {
  private(set) var billingNPI = PartyText()
  private(set) var billingTaxonomy = PartyText()
  private(set) var payerSequence = Code.none
  private(set) var filingIndicator = PartyText()
  private(set) var payerName = PartyText()
  private(set) var payerID = PartyText()
  /// Identity of the subscriber and of the patient: hashed, never reported.
  private var subscriberID = PartyText()
  private var patientName = PartyText()
  private var patientBirth = PartyText()
  private var isPatientLevel = false

  mutating func openBillingProvider() { self = X12PartyContext() }

  mutating func openSubscriber() {
    payerSequence = .none
    filingIndicator.removeAll()
    payerName.removeAll()
    payerID.removeAll()
    subscriberID.removeAll()
    closePatient()
  }

  mutating func openPatient() {
    closePatient()
    isPatientLevel = true
  }

  private mutating func closePatient() {
    patientName.removeAll()
    patientBirth.removeAll()
    isPatientLevel = false
  }

  /// PRV of 2000A: PRV03 is the taxonomy code.
  mutating func taxonomy(_ segment: Span<UInt8>, _ e: SegmentElements) {
    guard segment.equals(e[1], "BI") || segment.equals(e[1], "PT") else { return }
    billingTaxonomy.replace(with: segment, segment.trimmed(e[3]))
  }

  /// SBR of 2000B.
  mutating func subscriber(_ segment: Span<UInt8>, _ e: SegmentElements) {
    payerSequence = X12PartyContext.payerSequence(segment, e)
    filingIndicator.replace(with: segment, segment.trimmed(e[9]))
  }

  /// SBR01 of an SBR, nearly always one letter.
  static func payerSequence(_ segment: Span<UInt8>, _ e: SegmentElements) -> Code {
    let sequence = e[1]
    return sequence.count == 1 && segment[sequence.lowerBound] &- 0x41 < 26
      ? Code(bits: UInt64(segment[sequence.lowerBound]) << 56) : segment.code(sequence)
  }

  /// NM1 above the claim.
  mutating func name(_ segment: Span<UInt8>, _ e: SegmentElements, level: X12HierarchyTracker.Level) {
    let qualifier = e[1]
    guard qualifier.count == 2 else { return }
    switch (segment[qualifier.lowerBound], segment[qualifier.lowerBound + 1]) {
    case (0x38, 0x35):  // 85
      if segment.equals(e[8], "XX") { billingNPI.replace(with: segment, segment.trimmed(e[9])) }
    case (0x49, 0x4C):  // IL
      subscriberID.replace(with: segment, segment.trimmed(e[9]))
    case (0x50, 0x52):  // PR
      guard level != .billing, level != .none else { return }
      payerName.replace(with: segment, segment.trimmed(e[3]))
      payerID.replace(with: segment, segment.trimmed(e[9]))
    case (0x51, 0x43):  // QC
      guard level == .patient else { return }
      patientName.replace(with: segment, segment.trimmed(e[3]))
      patientName.append(0x1F)
      patientName.append(segment, segment.trimmed(e[4]))
      patientName.append(0x1F)
      patientName.append(segment, segment.trimmed(e[5]))
      // A name is the same in small letters.
      patientName.capitalise()
    default: break
    }
  }

  /// DMG of 2010CA: DMG02 is the birth date.
  mutating func demographics(_ segment: Span<UInt8>, _ e: SegmentElements) {
    if isPatientLevel { patientBirth.replace(with: segment, e[2]) }
  }

  /// The keyed hash of the patient: the subscriber's id and, below a patient level, the patient's name and birth date.
  ///
  /// Mutating although it changes nothing: the whole context would be copied first.
  mutating func patient(_ hash: KeyedHash) -> UInt64 {
    guard !subscriberID.isEmpty else { return 0 }
    guard isPatientLevel else { return subscriberID.lend { hash($0) } }
    var identity = subscriberID
    identity.append(0x1E)
    patientName.lend { identity.append($0, $0.indices) }
    identity.append(0x1E)
    patientBirth.lend { identity.append($0, $0.indices) }
    return identity.lend { hash($0) }
  }

  /// Writes into an outline what holds for it from above, where the subscriber's level was not read but for these two.
  mutating func fill(outline claim: inout Claim, patient: UInt64, payerSequence: Code) {
    claim.billingNPI = billingNPI.copy(to: &claim.text)
    claim.payerSequence = payerSequence
    claim.patient = patient
  }

  /// Writes into `claim` what holds for it from above, of an outline what that has.
  ///
  /// Mutating as well.
  mutating func fill(_ claim: inout Claim, _ hash: KeyedHash) {
    fill(outline: &claim, patient: patient(hash), payerSequence: payerSequence)
    if claim.isOutline { return }
    claim.billingTaxonomy = billingTaxonomy.copy(to: &claim.text)
    claim.filingIndicator = CodedValue(
      code: filingIndicator.lend { $0.code($0.indices) }, text: filingIndicator.copy(to: &claim.text))
    claim.payerName = payerName.copy(to: &claim.text)
    claim.payerID = payerID.copy(to: &claim.text)
  }
}
