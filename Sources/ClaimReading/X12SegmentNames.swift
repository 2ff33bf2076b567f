/// The segment ids of an 837, 4010 to 5010 and their addenda: what is none of them is worth a word.
enum X12SegmentNames {
  private static let ids: Set<UInt32> = Set(
    [
      "ISA", "GS", "ST", "SE", "GE", "IEA", "TA1", "AMT", "BHT", "CAS", "CL1", "CLM", "CN1", "CR1", "CR2", "CR3", "CR4",
      "CR5",
      "CR6", "CR7", "CR8", "CRC", "CTP", "CUR", "DMG", "DN1", "DN2", "DSB", "DTP", "FRM", "HCP", "HI", "HL", "HSD",
      "IMM", "K3",
      "LIN", "LQ", "LX", "MEA", "MIA", "MOA", "N2", "N3", "N4", "NM1", "NTE", "OI", "PAT", "PER", "PRV", "PS1", "PWK",
      "QTY",
      "REF", "SBR", "SV1", "SV2", "SV3", "SV4", "SV5", "SV6", "SV7", "SVD", "TOO", "UR", "CON", "LE", "LS", "CR9",
      "HAD", "ID1",
    ].map { (id: String) in id.utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } })

  /// Whether an 837 has segments of that id.
  static func isKnown(_ id: SegmentID) -> Bool { ids.contains(id.bits) }
}
