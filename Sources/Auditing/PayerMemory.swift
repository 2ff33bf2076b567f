import ClaimModel

/// Which payer a claim's id, name and filing indicator made out, for the last couple of hundred that came.
struct PayerMemory: Sendable {
  private struct Entry: Sendable {
    var id: [UInt8] = []
    var name: [UInt8] = []
    var indicator = Code.none
    var payer: Int?
    var isUsed = false
  }

  private var entries = [Entry](repeating: Entry(), count: 256)

  /// The payer of a claim, asked of `table` where it is not remembered.
  mutating func payer(of claim: Claim, on day: Day?, in table: PayerTable) -> Int? {
    // A payer that is one for some time only is looked up each time.
    if table.isDated { return table.payer(of: claim, on: day) }
    let id = claim.text.bytes.span.extracting(claim.payerID.indices)
    let name = claim.text.bytes.span.extracting(claim.payerName.indices)
    let indicator = claim.filingIndicator.code
    let slot = Self.slot(id, name, indicator)
    if entries[slot].isUsed, entries[slot].indicator == indicator, id.matches(entries[slot].id),
      name.matches(entries[slot].name)
    {
      return entries[slot].payer
    }
    let payer = table.payer(of: claim, on: day)
    // A damaged name may be a megabyte long.
    if id.count <= 256, name.count <= 256 {
      entries[slot] = Entry(id: id.array, name: name.array, indicator: indicator, payer: payer, isUsed: true)
    }
    return payer
  }

  private static func slot(_ id: Span<UInt8>, _ name: Span<UInt8>, _ indicator: Code) -> Int {
    var hash = indicator.bits &+ UInt64(id.count) &* 31 &+ UInt64(name.count) &* 131
    for index in 0..<min(id.count, 8) { hash = hash &* 0x0100_0000_01B3 ^ UInt64(id[index]) }
    for index in 0..<min(name.count, 16) { hash = hash &* 0x0100_0000_01B3 ^ UInt64(name[index]) }
    return Int(truncatingIfNeeded: ClaimIdentity.mix(hash) & 255)
  }
}

extension Span<UInt8> {
  /// Whether the bytes are those of `other`.
  func matches(_ other: [UInt8]) -> Bool {
    if count != other.count { return false }
    let other = other.span
    for index in indices where self[index] != other[index] { return false }
    return true
  }

  /// A copy of the bytes.
  var array: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in indices { bytes.append(self[index]) }
    return bytes
  }
}
