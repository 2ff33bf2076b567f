internal import CScan

/// The segment ids of an 837 below its envelope, 4010 to 5010 and their addenda: what is none of them is worth a word.
enum X12SegmentNames {
  /// Whether segments of that id are known and nothing in them is read.
  @inline(__always)
  static func isPassedOver(_ id: SegmentID) -> Bool {
    switch id.bits {
    case 0x4E32, 0x4E33, 0x4E34, 0x504552, 0x434153, 0x4D4F41: true  // N2 N3 N4 PER CAS MOA
    case 0x4D4941, 0x4F49, 0x504154, 0x434E31, 0x434C31, 0x435243: true  // MIA OI PAT CN1 CL1 CRC
    case 0x435450, 0x435552, 0x4B33, 0x515459, 0x505331, 0x484350: true  // CTP CUR K3 QTY PS1 HCP
    case 0x4D4541, 0x435231, 0x4C51, 0x46524D, 0x544F4F: true  // MEA CR1 LQ FRM TOO
    default: false
    }
  }

  /// Whether an 837 has segments of that id.
  static func isKnown(_ id: SegmentID) -> Bool {
    guard id.bits > 0xFF else { return false }
    let head = id.bits > 0xFFFF ? id.bits << 8 | 0x2A : id.bits << 16 | 0x2A00
    let found = X12SegmentTable.customary.kind(ofHead: head.byteSwapped)
    return found != .unknown && found != .setTrailer
  }

  /// Ids of which a claim that is passed over asks nothing.
  static let neutral = [
    "N2", "N3", "N4", "REF", "DMG", "HI", "PER", "PRV", "CAS", "AMT", "CL1", "CN1", "CR1", "CR2", "CR3", "CR4", "CR5",
    "CR6", "CR7", "CR8", "CRC", "CTP", "CUR", "DN1", "DN2", "DSB", "FRM", "HCP", "HSD", "IMM", "K3", "LQ", "MEA",
    "MIA", "MOA", "NTE", "OI", "PAT", "PS1", "PWK", "QTY", "SV4", "SV5", "SV6", "SV7", "TOO", "UR", "CON", "HAD",
  ]
}

/// What a segment is to those who look for the borders of claims and for what may be odd in them.
///
/// From 16 on are those that may say something about all that follows: one bit tells them from the others.
struct X12SegmentKind: Equatable {
  let rawValue: UInt8

  @inline(__always)
  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No id of an 837 below its envelope, or none that can be read at a glance.
  static var unknown: X12SegmentKind { @inline(__always) get { .init(rawValue: 16) } }
  /// Known, and nothing is asked of it.
  static var neutral: X12SegmentKind { @inline(__always) get { .init(rawValue: 1) } }
  /// LX.
  static var line: X12SegmentKind { @inline(__always) get { .init(rawValue: 2) } }
  /// SV1.
  static var professional: X12SegmentKind { @inline(__always) get { .init(rawValue: 3) } }
  /// SV2.
  static var institutional: X12SegmentKind { @inline(__always) get { .init(rawValue: 4) } }
  /// SV3.
  static var dental: X12SegmentKind { @inline(__always) get { .init(rawValue: 5) } }
  /// DTP.
  static var date: X12SegmentKind { @inline(__always) get { .init(rawValue: 6) } }
  /// NM1.
  static var party: X12SegmentKind { @inline(__always) get { .init(rawValue: 7) } }
  /// SBR.
  static var subscriber: X12SegmentKind { @inline(__always) get { .init(rawValue: 8) } }
  /// SVD, LIN.
  static var lineLoop: X12SegmentKind { @inline(__always) get { .init(rawValue: 9) } }
  /// CLM.
  static var claim: X12SegmentKind { @inline(__always) get { .init(rawValue: 10) } }
  /// HL.
  static var level: X12SegmentKind { @inline(__always) get { .init(rawValue: 11) } }
  /// SE.
  static var setTrailer: X12SegmentKind { @inline(__always) get { .init(rawValue: 17) } }
  /// BHT.
  static var transaction: X12SegmentKind { @inline(__always) get { .init(rawValue: 18) } }
  /// Where the list of a window ends.
  static var end: X12SegmentKind { @inline(__always) get { .init(rawValue: 31) } }
}

/// Tells segment ids apart by one look into a table, for one element separator; see `claimaudit_x12_ids`.
@safe
final class X12SegmentTable: @unchecked Sendable {
  /// The table for `*`.
  static let customary = X12SegmentTable(separator: 0x2A)

  let separator: UInt8
  /// The table as `CScan` wants it; its slots live as long as this.
  let ids: claimaudit_x12_ids
  private let slots: UnsafeMutablePointer<claimaudit_x12_slot>
  private let usual: UnsafeMutablePointer<claimaudit_x12_usual_ids>
  private static let count = 512

  private static let kinds: [(id: String, kind: X12SegmentKind)] =
    X12SegmentNames.neutral.map { ($0, .neutral) } + [
      ("LX", .line), ("SV1", .professional), ("SV2", .institutional), ("SV3", .dental), ("DTP", .date),
      ("NM1", .party), ("SBR", .subscriber), ("SVD", .lineLoop), ("LIN", .lineLoop), ("CLM", .claim), ("HL", .level),
      ("SE", .setTrailer), ("BHT", .transaction),
    ]

  /// A table for a separator that is neither a letter nor a digit.
  init(separator: UInt8) {
    self.separator = separator
    unsafe slots = .allocate(capacity: X12SegmentTable.count)
    var multiplier: UInt32 = 0x9E37_79B1
    // Multipliers are tried until no two ids share a slot: one in a few hundred does it.
    search: while true {
      // A slot without an id fits every segment.
      let free = claimaudit_x12_slot(mask: 0, head: 0, mark: X12SegmentTable.mark(.unknown))
      unsafe slots.initialize(repeating: free, count: X12SegmentTable.count)
      for (id, kind) in X12SegmentTable.kinds {
        let head = X12SegmentTable.head(id, separator)
        let slot = X12SegmentTable.slot(head, multiplier)
        if unsafe slots[slot].mask != 0 {
          multiplier = (multiplier &* 0x2C1B_3C6D &+ 0x1234_5678) | 1
          continue search
        }
        unsafe slots[slot] = claimaudit_x12_slot(
          mask: id.utf8.count == 2 ? 0xFF_FFFF : .max, head: head, mark: X12SegmentTable.mark(kind))
      }
      break
    }
    unsafe usual = .allocate(capacity: 1)
    unsafe usual.initialize(to: X12SegmentTable.usual(separator))
    unsafe ids = claimaudit_x12_ids(
      slots: UnsafePointer(slots), multiplier: multiplier, usual: UnsafePointer(usual))
  }

  deinit {
    unsafe slots.deallocate()
    unsafe usual.deallocate()
  }

  /// The ids that nearly all segments have.
  private static let usualIDs = [
    "LX", "SV1", "SV2", "DTP", "NM1", "SBR", "SVD", "CLM", "HL", "REF", "DMG", "HI", "N3", "N4", "PRV", "AMT", "CAS",
    "CL1", "PAT", "OI",
  ]

  /// The table of those.
  private static func usual(_ separator: UInt8) -> claimaudit_x12_usual_ids {
    let ids = kinds.filter { usualIDs.contains($0.id) }.map { id, kind in
      let length = UInt32(id.utf8.count == 3 ? CLAIMAUDIT_X12_USUAL_THREE : 0)
      let bits = kind == .neutral ? UInt32(CLAIMAUDIT_X12_USUAL_NEUTRAL) : UInt32(kind.rawValue)
      return (head: head(id, separator) & 0xFF_FFFF, class: bits | length)
    }
    var usual = claimaudit_x12_usual_ids()
    // One multiplier in a few thousand gives each a slot of its own; the first does for `*`. Where none is found some share
    // a slot, and all but one of them are looked up in the other table.
    usual.multiplier = 0xB01D_AC09
    for _ in 0..<1 << 16 {
      var taken: UInt32 = 0
      for id in ids { taken |= 1 << ((id.head &* usual.multiplier) >> 27) }
      if taken.nonzeroBitCount == ids.count { break }
      usual.multiplier = (usual.multiplier &* 0x2C1B_3C6D &+ 0x1234_5678) | 1
    }
    for id in ids {
      let place = 4 * Int((id.head &* usual.multiplier) >> 27)
      unsafe withUnsafeMutableBytes(of: &usual.heads) {
        unsafe $0.storeBytes(of: id.head, toByteOffset: place, as: UInt32.self)
      }
      unsafe withUnsafeMutableBytes(of: &usual.classes) {
        unsafe $0.storeBytes(of: id.class, toByteOffset: place, as: UInt32.self)
      }
    }
    return usual
  }

  /// An id with its separator as the first bytes of a segment, the first lowest.
  private static func head(_ id: String, _ separator: UInt8) -> UInt32 {
    var head: UInt32 = 0
    for byte in Array(id.utf8).reversed() { head = head << 8 | UInt32(byte) }
    return head | UInt32(separator) << UInt32(8 * id.utf8.count)
  }

  private static func mark(_ kind: X12SegmentKind) -> UInt64 { UInt64(kind.rawValue) << 28 }

  private static func slot(_ head: UInt32, _ multiplier: UInt32) -> Int {
    Int(((head & 0xFF_FFFF) &* multiplier) >> 23)
  }

  /// What a segment is that begins with these four bytes, the first lowest.
  func kind(ofHead head: UInt32) -> X12SegmentKind {
    let slot = unsafe slots[X12SegmentTable.slot(head, ids.multiplier)]
    guard head & slot.mask == slot.head else { return .unknown }
    return X12SegmentKind(rawValue: UInt8(truncatingIfNeeded: slot.mark >> 28))
  }
}
