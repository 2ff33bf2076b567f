/// An 837 made from a seed: random claims with valid content, and what stands in them.
///
///     let file = GeneratedFile(seed: 7)             // sound
///     let odd = GeneratedFile(seed: 7, oddness: 20)  // about one segment in twenty is not as it should be
///
/// The counts are those of a sound file.
public struct GeneratedFile: Sendable {
  /// The text.
  public private(set) var bytes: [UInt8] = []
  /// How many claims were written.
  public private(set) var claims = 0
  /// How many lines.
  public private(set) var lines = 0
  /// The sum of their charges.
  public private(set) var cents: Int64 = 0
  /// How many lines are of the procedure 32960.
  public private(set) var watched = 0

  private var generator: SeededGenerator
  private let oddness: Int
  private let isInstitutional: Bool
  private let is5010: Bool
  private let element: String
  private let component: String
  private let end: String
  private var segments = 0
  private var level = 0

  /// A file of about `claims` claims; with an `oddness` of n, one in n segments is odd.
  public init(seed: UInt64, claims wanted: Int = 6, oddness: Int = 0) {
    generator = SeededGenerator(seed: seed)
    self.oddness = oddness
    isInstitutional = generator.once(in: 3)
    is5010 = !generator.once(in: 4)
    let usual = generator.number(1...4) > 1
    element = usual ? "*" : "|"
    component = usual ? ":" : ">"
    end = (usual ? "~" : generator.pick(["'", "\u{1D}", "!", "~"])) + generator.pick(["", "\n", "\n", "\r\n", "\r"])
    write(claims: wanted)
  }

  private mutating func write(claims wanted: Int) {
    let guide =
      isInstitutional ? (is5010 ? "005010X223A2" : "004010X096A1") : (is5010 ? "005010X222A1" : "004010X098A1")
    put(
      "ISA", "00", "          ", "00", "          ", "ZZ", "EXSENDER       ", "ZZ", "EXRECEIVER     ", "260410", "1200",
      is5010 ? "^" : "U", is5010 ? "00501" : "00401", "000000001", "0", "T", component)
    let sets = generator.number(1...2)
    put("GS", "HC", "EXSENDER", "EXRECEIVER", "20260410", "1200", "1", "X", guide)
    for set in 1...sets {
      segments = 0
      level = 0
      put("ST", "837", "000\(set)", is5010 ? guide : "")
      put("BHT", "0019", "00", "EX\(set)", "20260410", "1200", "CH")
      put("NM1", "41", "2", "EXAMPLE BILLING", "", "", "", "", "46", "EXBILL")
      writeProviders(claims: (wanted + sets - 1) / sets)
      put("SE", "\(segments + 1)", "000\(set)")
    }
    put("GE", "\(sets)", "1")
    put("IEA", "1", "000000001")
  }

  private mutating func writeProviders(claims wanted: Int) {
    let first = claims
    while claims - first < wanted {
      level += 1
      let provider = level
      put("HL", "\(level)", "", "20", "1")
      if generator.once(in: 2) { put("PRV", "BI", "PXC", "207RP1001X") }
      put("NM1", "85", "2", "EXAMPLE CLINIC \(level)", "", "", "", "", "XX", "190000001\(level % 10)")
      put("N3", "1 SAMPLE STREET")
      for _ in 1...generator.number(1...3) {
        level += 1
        let subscriber = level
        let hasPatients = generator.once(in: 5)
        put("HL", "\(level)", "\(provider)", "22", hasPatients ? "1" : "0")
        put("SBR", generator.pick(["P", "S"]), "18", "", "", "", "", "", "", generator.pick(["CI", "MB", "BL", ""]))
        put("NM1", "IL", "1", "SAMPLE", "MEMBER", "", "", "", "MI", "EXM\(generator.number(1...4))")
        if generator.once(in: 2) { put("DMG", "D8", "19600101", "F") }
        put("NM1", "PR", "2", generator.pick(["AETNA", "CIGNA", "EXAMPLE MUTUAL"]), "", "", "", "", "PI", "60054")
        if !hasPatients { writeClaims() }
        for _ in 0..<(hasPatients ? generator.number(1...2) : 0) {
          level += 1
          put("HL", "\(level)", "\(subscriber)", "23", "0")
          put("PAT", "19")
          put("NM1", "QC", "1", "SAMPLE", generator.pick(["ANNA", "BERT"]))
          put("DMG", "D8", generator.pick(["20150101", "20160202"]), "M")
          writeClaims()
        }
      }
    }
  }

  private mutating func writeClaims() {
    for _ in 1...generator.number(1...3) { writeClaim() }
  }

  private mutating func writeClaim() {
    claims += 1
    let count = generator.once(in: 12) ? generator.number(40...60) : generator.number(1...4)
    let isWatched = generator.once(in: 4)
    let id = "EX" + String(repeating: "0", count: generator.number(0...6)) + "\(claims)"
    let facility = isInstitutional ? composite("13", "A", "1") : composite(generator.pick(["11", "22"]), "B", "1")
    put("CLM", id, generator.pick(["100", "100.5", "99.25"]), "", "", facility, "Y", "A", "Y", "Y")
    let hasLineDates = !generator.once(in: 6)
    if isInstitutional { put("DTP", "434", "RD8", "20260301-20260304") }
    if !hasLineDates, !isInstitutional { put("DTP", "472", "D8", "20260302") }
    if generator.once(in: 4) { put("DTP", "435", "D8", "20260301") }
    if generator.once(in: 6) { put("DTP", "435", "DT", "202603010830") }
    if generator.once(in: 4) { put("DTP", "096", isInstitutional ? "TM" : "D8", isInstitutional ? "1100" : "20260305") }
    if generator.once(in: 6) { put("REF", "F8", "EXPCN\(claims)") }
    if generator.once(in: 6) { put("PWK", "OZ", "EL", "", "", "AC", "EXATT") }
    if generator.once(in: 6) { put("NTE", "ADD", generator.pick(["DENSE", "HL AND CLM", "32960"])) }
    put("HI", composite(is5010 ? "ABK" : "BK", "A150"), generator.once(in: 2) ? composite("ABF", "J860") : "")
    if generator.once(in: 3) { put("NM1", "82", "1", "SAMPLE", "CLINICIAN", "", "", "", "XX", "1900000112") }
    let hasOther = generator.once(in: 5)
    if hasOther {
      put("SBR", "P", "18", "", "", "", "", "", "", "MB")
      put("AMT", "D", "10.5")
      put("NM1", "PR", "2", "MEDICARE", "", "", "", "", "PI", "06102")
      if generator.once(in: 2) { put("DTP", "573", "D8", "20260401") }
    }
    for number in 1...count {
      writeLine(number, isWatched: isWatched && generator.once(in: count), hasDate: hasLineDates, hasOther: hasOther)
    }
  }

  private mutating func writeLine(_ number: Int, isWatched: Bool, hasDate: Bool, hasOther: Bool) {
    lines += 1
    if isWatched { watched += 1 }
    put("LX", "\(number)")
    let (text, value): (String, Int64) = generator.pick([
      ("310", 31_000), ("310.5", 31_050), (".75", 75), ("0", 0), ("1280.00", 128_000), ("00012.10", 1_210),
      ("310.00", 31_000), ("123456789.01", 12_345_678_901), ("5.", 500), ("310.500", 31_050), ("+7", 700),
    ])
    cents += value
    let code = isWatched ? "32960" : generator.pick(["99213", "71046", "32551", "G0463", "J1100", "36000"])
    let modifiers = generator.pick([[], [], ["RT"], ["", "59"], ["22", "RT", "59", "XS"], ["", "", "", "", "NOTE"]])
    let procedure = composite(["HC", code] + modifiers)
    let units = generator.pick(["1", "1", "1.0", "2", "0.5", ""])
    if isInstitutional {
      let isRoom = !isWatched && generator.once(in: 5)
      put("SV2", generator.pick(["0361", "0450", "0250"]), isRoom ? "" : procedure, text, "UN", units)
    } else {
      put(
        "SV1", procedure, text, "UN", units, generator.pick(["", "", "22"]), "",
        generator.pick(["1", composite("1", "2"), ""]))
    }
    if hasDate {
      if generator.once(in: 5) {
        put("DTP", "472", "RD8", "20260302-20260304")
      } else {
        put("DTP", "472", "D8", generator.pick(["20260302", "20240229", "20260228"]))
      }
    }
    if generator.once(in: 2) { put("REF", "6R", "EXL\(lines)") }
    if generator.once(in: 8) { put("AMT", "B6", "80.5") }
    if generator.once(in: 8) {
      put("LIN", "", "N4", "00000000001")
      put("CTP", "", "", "", "4", "ML")
    }
    if generator.once(in: 8) { put("NM1", "82", "1", "SAMPLE", "OTHER", "", "", "", "XX", "1900000120") }
    if hasOther, generator.once(in: 2) {
      put("SVD", "06102", "20.1", composite("HC", "32960"), "", "1")
      put("CAS", "CO", "45", "12.4")
      put("DTP", "573", "D8", "20260401")
    }
  }

  private func composite(_ parts: String...) -> String { composite(parts) }

  private func composite(_ parts: [String]) -> String { parts.joined(separator: component) }

  /// Writes a segment, empty elements at its end left out.
  private mutating func put(_ parts: String...) {
    var parts = parts
    while parts.last == "" { parts.removeLast() }
    segments += 1
    var text = parts.joined(separator: element)
    if oddness > 0, parts[0] != "ISA", generator.once(in: oddness) { text = odd(text, parts) }
    bytes += (text + end).utf8
  }

  /// The segment as something else.
  private mutating func odd(_ text: String, _ parts: [String]) -> String {
    switch generator.number(0...13) {
    case 0: return text + element
    case 1: return ""
    case 2: return text + end + text
    case 3: return text.lowercased()
    case 4: return "ZZZ" + element + "1"
    case 5: return " " + text
    case 6: return text + end.prefix(1)
    case 7: return "\n" + text
    case 8: return text + "\u{1}"
    case 9: return text + "É"
    case 10: return String(text.prefix(max(1, text.count / 2)))
    case 11: return text + String(repeating: "X", count: generator.number(1...70))
    case 12: return parts.dropLast().joined(separator: element)
    default:
      let place = generator.number(0...max(0, parts.count - 1))
      let new = generator.pick([
        "", "0", "-1", "2026-03-02", "20260230", "HC", "1O", "ISA", " 1 ", "99999999999999999999",
      ])
      return parts.indices.map { $0 == place ? new : parts[$0] }.joined(separator: element)
    }
  }
}
