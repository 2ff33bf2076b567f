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
    let reversed = id.bits.byteSwapped
    return isKnown(reversed: id.bits > 0xFFFF ? reversed >> 8 : reversed >> 16)
  }

  /// The same for an id as it is loaded from memory, first letter lowest.
  @inline(__always)
  static func isKnown(reversed id: UInt32) -> Bool {
    switch id {
    case 0x334E, 0x344E, 0x46_4552, 0x47_4D44, 0x4948, 0x52_4550: true  // N3 N4 REF DMG HI PER
    case 0x56_5250, 0x53_4143, 0x31_4D4E, 0x50_5444, 0x584C, 0x31_5653: true  // PRV CAS NM1 DTP LX SV1
    case 0x32_5653, 0x33_5653, 0x52_4253, 0x4C48, 0x4D_4C43: true  // SV2 SV3 SBR HL CLM
    case 0x54_4D41, 0x54_4842, 0x31_4C43, 0x31_4E43, 0x31_5243, 0x32_5243: true  // AMT BHT CL1 CN1 CR1 CR2
    case 0x33_5243, 0x34_5243, 0x35_5243, 0x36_5243, 0x37_5243, 0x38_5243: true  // CR3 CR4 CR5 CR6 CR7 CR8
    case 0x43_5243, 0x50_5443, 0x52_5543, 0x31_4E44, 0x32_4E44, 0x42_5344: true  // CRC CTP CUR DN1 DN2 DSB
    case 0x4D_5246, 0x50_4348, 0x44_5348, 0x4D_4D49, 0x334B, 0x4E_494C: true  // FRM HCP HSD IMM K3 LIN
    case 0x514C, 0x41_454D, 0x41_494D, 0x41_4F4D, 0x324E, 0x45_544E: true  // LQ MEA MIA MOA N2 NTE
    case 0x494F, 0x54_4150, 0x31_5350, 0x4B_5750, 0x59_5451, 0x34_5653: true  // OI PAT PS1 PWK QTY SV4
    case 0x35_5653, 0x36_5653, 0x37_5653, 0x44_5653, 0x4F_4F54, 0x5255: true  // SV5 SV6 SV7 SVD TOO UR
    case 0x4E_4F43, 0x44_4148: true  // CON HAD
    default: false
    }
  }
}
