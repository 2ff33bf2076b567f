/// An 837P of several megabytes, which several threads read at once.
struct LargeFile {
  /// What is special about it.
  enum Shape: String, CaseIterable, Sendable {
    /// Many transaction sets, each with several billing providers.
    case manySets
    /// Everything in a single transaction set, with many billing providers.
    case oneSet
    /// A single transaction set with a single billing provider: nowhere to part it.
    case oneProvider
    /// Levels whose numbers begin at 7, repeat and name parents that are not there.
    case oddLevels
    /// A segment in the middle that is none, a lost terminator, and a set whose SE counts wrong.
    case badSegment
    /// A second interchange with other delimiters in the middle.
    case otherDelimiters
  }

  private(set) var bytes: [UInt8] = []
  private(set) var claims = 0
  private(set) var watched = 0
  private var isOther = false
  private var segments = 0
  private let shape: Shape

  init(_ shape: Shape, claims wanted: Int = 14_000) {
    self.shape = shape
    bytes.reserveCapacity(wanted * 620)
    open("000000001")
    let perSet = shape == .manySets || shape == .badSegment || shape == .otherDelimiters ? 400 : wanted
    let perProvider = shape == .oneProvider ? wanted : 90
    var set = 0
    while claims < wanted {
      set += 1
      if shape == .otherDelimiters, set == 14, !isOther {
        close(sets: set - 1, "000000001")
        isOther = true
        open("000000002")
        set = 1
      }
      segments = 0
      put("ST*837*\(set)*005010X222A1")
      put("BHT*0019*00*EX\(set)*20260410*1200*CH")
      var level = shape == .oddLevels ? 7 : 1
      let end = min(claims + perSet, wanted)
      while claims < end {
        provider(level: &level, until: min(claims + perProvider, end))
      }
      put("SE*\(segments + (shape == .badSegment && set == 9 ? 5 : 1))*\(set)")
    }
    close(sets: set, isOther ? "000000002" : "000000001")
  }

  private mutating func provider(level: inout Int, until end: Int) {
    let own = level
    put("HL*\(own)**20*1")
    put("PRV*BI*PXC*207RP1001X")
    put("NM1*85*2*EXAMPLE CLINIC \(own)*****XX*\(1_900_000_013 + own % 7)")
    put("N3*1 SAMPLE STREET")
    put("N4*SPRINGFIELD*IL*627010001")
    while claims < end {
      claims += 1
      let isRepeated = shape == .oddLevels && claims % 11 == 0
      if !isRepeated { level += 1 }
      put("HL*\(level)*\(shape == .oddLevels && claims % 13 == 0 ? 99_999 : own)*22*0")
      put("SBR*P*18*******CI")
      put("NM1*IL*1*\(Canary.word)LAST*\(Canary.word)FIRST****MI*\(Canary.word)\(claims % 4000)")
      put("N3*2 \(Canary.word) AVENUE")
      put("N4*SPRINGFIELD*IL*62701")
      put("DMG*D8*\(Canary.birthDate)*F")
      put("NM1*PR*2*AETNA*****PI*60054")
      claim()
    }
    level += 1
  }

  private mutating func claim() {
    let isWatched = claims % 5 == 0
    let day = "202603" + (claims % 28 < 9 ? "0" : "") + "\(claims % 28 + 1)"
    let isMiddle = shape == .badSegment && claims == 5321
    put("CLM*EX\(claims)*\(isMiddle ? "4x0" : "450")***22:B:1*Y*A*Y*Y")
    if isMiddle { put("??*\u{1}\u{2}*") }
    put("HI*ABK:A150")
    put("NM1*82*1*SAMPLE*CLINICIAN****XX*1900000112")
    put("LX*1")
    if isWatched { watched += 1 }
    let modifier = isWatched ? ["", ":11", ":22", ":59:XS", ":78"][claims / 5 % 5] : ""
    let line = "SV1*HC:\(isWatched ? "32960" : "71046")\(modifier)*300*UN*1***1"
    if shape == .badSegment, claims == 7001 {
      // The terminator is gone: two segments have run together.
      put(line + "XDTP*472*D8*\(day)")
    } else {
      put(line)
      put("DTP*472*D8*\(day)")
    }
    put("LX*2")
    put("SV1*HC:99213:25*150*UN*1***1")
    put("DTP*472*D8*\(day)")
    put("REF*6R*EXL\(claims)")
  }

  private mutating func open(_ control: String) {
    let separator = isOther ? "|" : "*"
    let header = [
      "ISA", "00", "          ", "00", "          ", "ZZ", "EXSENDER       ", "ZZ", "EXRECEIVER     ", "260410", "1200",
      "^",
      "00501", control, "0", "T", isOther ? ">" : ":",
    ].joined(separator: separator)
    bytes += (header + (isOther ? "'" : "~\n")).utf8
    put("GS*HC*EXSENDER*EXRECEIVER*20260410*1200*1*X*005010X222A1")
  }

  private mutating func close(sets: Int, _ control: String) {
    put("GE*\(sets)*1")
    put("IEA*1*\(control)")
  }

  private mutating func put(_ segment: String) {
    segments += 1
    if isOther {
      for byte in segment.utf8 { bytes.append(byte == 0x2A ? 0x7C : byte == 0x3A ? 0x3E : byte) }
      bytes.append(0x27)
    } else {
      bytes += segment.utf8
      bytes += [0x7E, 0x0A]
    }
  }
}
