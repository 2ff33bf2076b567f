internal import ClaimModel

/// The hashes of a claim's numbers, each made once and only when a line needs it.
struct ClaimIdentity {
  private let hash: KeyedHash
  let claimID: UInt64
  let originalClaimID: UInt64
  let facility: UInt64
  private var claimContent: UInt64?

  init(_ claim: borrowing Claim, _ hash: KeyedHash, _ memory: inout AuditMemory) {
    self.hash = hash
    claimID = claim.id.isEmpty ? 0 : hash(claim.text.bytes.span.extracting(claim.id.indices))
    originalClaimID =
      claim.originalClaimID.isEmpty ? 0 : hash(claim.text.bytes.span.extracting(claim.originalClaimID.indices))
    facility = memory.facility.hash(of: claim.text.bytes.span.extracting(claim.billingNPI.indices), hash)
  }

  func clinician(ofLine index: Int, _ claim: borrowing Claim, _ memory: inout AuditMemory) -> UInt64 {
    memory.clinician.hash(of: claim.text.bytes.span.extracting(claim.clinician(ofLine: index).indices), hash)
  }

  /// A hash over whom and what the claim bills: its patient, procedures, modifiers, charges, units and days of its lines, its diagnoses,
  /// its type.
  mutating func content(_ claim: Claim, seed: UInt64) -> UInt64 {
    if let claimContent { return claimContent }
    var hash = seed
    // One multiplication a word: a claim has dozens.
    func add(_ word: UInt64) {
      let product = (hash ^ word ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xA076_1D64_78BD_642F ^ hash)
      hash = product.high ^ product.low &+ 0xE703_7ED1_A0B4_28DB
    }
    add(claim.patient)
    add(UInt64(claim.kind.rawValue))
    add(claim.typeOfBill.code.bits)
    add(UInt64(bitPattern: claim.totalCharge.cents ?? Int64.min))
    for diagnosis in claim.diagnoses { add(diagnosis.code.bits) }
    for index in claim.lines.indices {
      add(claim.lines[index].procedure.code.bits)
      let modifiers = claim.lines[index].modifiers
      for position in modifiers.indices { add(modifiers[position].code.bits) }
      add(claim.lines[index].revenueCode.code.bits)
      add(UInt64(bitPattern: claim.lines[index].charge.cents ?? Int64.min))
      add(UInt64(bitPattern: claim.lines[index].units.tenThousandths ?? Int64.min))
      add(UInt64(bitPattern: Int64(claim.lines[index].serviceFrom.day?.ordinal ?? Int32.min)))
    }
    claimContent = hash
    return hash
  }

  /// Spreads a word over all its bits.
  static func mix(_ word: UInt64) -> UInt64 {
    var word = word ^ word >> 33
    word = word &* 0xFF51_AFD7_ED55_8CCD
    word ^= word >> 33
    word = word &* 0xC4CE_B9FE_1A85_EC53
    return word ^ word >> 33
  }

  /// A hash of a text that is the same on every machine and in every run.
  static func stable(_ text: String) -> UInt32 {
    var hash: UInt32 = 0x811C_9DC5
    for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return hash
  }
}
