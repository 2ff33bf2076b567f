internal import Glibc

/// Claim files for measuring, made from a seed: wholly invented, the same bytes for the same seed, with what they hold.
///
/// The mix is that of a busy practice: one to nine lines a claim, one line in a hundred with CPT 32960, a few codes near it, COB
/// copies and dates of one year. Providers change every few dozen claims, so that a file has borders to be parted at.
struct BenchData {
  /// What a file holds.
  struct Truth {
    var bytes = 0
    var claims = 0
    var lines = 0
    var watched = 0
    var cents: Int64 = 0

    static func += (left: inout Truth, right: Truth) {
      left.bytes += right.bytes
      left.claims += right.claims
      left.lines += right.lines
      left.watched += right.watched
      left.cents += right.cents
    }
  }

  /// Which of the two 837 guides a file follows.
  enum Kind {
    case professional
    case institutional

    var guide: String { self == .professional ? "005010X222A1" : "005010X223A2" }
  }

  private var state: UInt64
  private(set) var truth = Truth()
  private var buffer: [UInt8] = []
  private let descriptor: Int32
  private var kind = Kind.professional
  private var watchedPercent = 1

  private static let codes = [
    "99213", "99214", "36415", "85025", "80053", "71046", "93000", "97110", "96372", "20610", "99232",
  ]
  private static let payers = [
    ("AETNA", "60054", "CI"), ("CIGNA", "62308", "CI"), ("UNITEDHEALTHCARE", "87726", "CI"),
    ("MEDICARE PART B", "06102", "MB"), ("BLUE CROSS BLUE SHIELD OF ILLINOIS", "00621", "BL"),
  ]
  private static let diagnoses = ["A150", "J9382", "I10", "E119", "J449", "R0602", "Z0000", "M545"]

  /// Writes an 837 of about `size` bytes to `path`, with CPT 32960 in so many of a hundred lines.
  static func x12(
    _ path: String, size: Int, seed: UInt64, kind: Kind = .professional, watchedPercent: Int = 1
  ) -> Truth? {
    guard var data = BenchData(path, seed: seed) else { return nil }
    data.kind = kind
    data.watchedPercent = watchedPercent
    data.writeX12(size)
    return data.finish()
  }

  /// Writes an export of about `size` bytes to `path`.
  static func csv(_ path: String, size: Int, seed: UInt64) -> Truth? {
    guard var data = BenchData(path, seed: seed) else { return nil }
    data.writeCSV(size)
    return data.finish()
  }

  private init?(_ path: String, seed: UInt64) {
    state = seed
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    if descriptor < 0 { return nil }
    buffer.reserveCapacity(1 << 20)
  }

  private mutating func random(_ count: Int) -> Int {
    // SplitMix64.
    state = state &+ 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ word >> 31) % UInt64(count))
  }

  private mutating func put(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    truth.bytes += text.utf8.count
    if buffer.count > 1 << 19 { flush() }
  }

  private mutating func flush() {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func finish() -> Truth {
    flush()
    close(descriptor)
    return truth
  }

  private mutating func amount() -> Int64 { Int64(1000 + random(200_000)) }

  private func money(_ cents: Int64) -> String {
    let rest = cents % 100
    return rest == 0 ? "\(cents / 100)" : "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private mutating func date(_ separator: String) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "2026\(separator)\(two(1 + random(12)))\(separator)\(two(1 + random(28)))"
  }

  private mutating func line() -> (code: String, cents: Int64) {
    let isWatched = random(100) < watchedPercent
    let cents = amount()
    truth.lines += 1
    truth.cents += cents
    if isWatched { truth.watched += 1 }
    if isWatched { return ("32960", cents) }
    // Now and then a procedure near it, whose global period the rules ask about.
    return (random(100) == 0 ? "32555" : BenchData.codes[random(BenchData.codes.count)], cents)
  }

  private mutating func writeX12(_ size: Int) {
    put(
      "ISA*00*          *00*          *ZZ*EXSENDER       *ZZ*EXRECEIVER     *260410*1200*^*00501*000000001*0*T*:~\n"
        + "GS*HC*EXSENDER*EXRECEIVER*20260410*1200*1*X*\(kind.guide)~\n")
    var sets = 0
    while truth.bytes < size {
      sets += 1
      var segments = 0
      func add(_ text: String, _ data: inout BenchData) {
        segments += 1
        data.put(text + "~\n")
      }
      add("ST*837*\(sets)*\(kind.guide)", &self)
      add("BHT*0019*00*EX\(sets)*20260410*1200*CH", &self)
      add("NM1*41*2*EXAMPLE BILLING*****46*EXBILL", &self)
      add("NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*EXCLEAR", &self)
      var level = 0
      for _ in 0..<60 where truth.bytes < size {
        level += 1
        let provider = level
        add("HL*\(level)**20*1", &self)
        add("NM1*85*2*EXAMPLE LUNG CLINIC*****XX*1234567893", &self)
        add("N3*\(1 + random(999)) MAIN ST", &self)
        add("N4*SPRINGFIELD*IL*627010000", &self)
        for _ in 0..<40 {
          level += 1
          let payer = BenchData.payers[random(BenchData.payers.count)]
          add("HL*\(level)*\(provider)*22*0", &self)
          add("SBR*P*18*******\(payer.2)", &self)
          add("NM1*IL*1*EXAMPLE*PAT****MI*EX\(random(1_000_000))", &self)
          add("N3*\(1 + random(999)) OAK AVE", &self)
          add("N4*SPRINGFIELD*IL*627010000", &self)
          add("DMG*D8*19700101*F", &self)
          add("NM1*PR*2*\(payer.0)*****PI*\(payer.1)", &self)
          claim(&segments)
        }
      }
      put("SE*\(segments + 1)*\(sets)~\n")
    }
    put("GE*\(sets)*1~\nIEA*1*000000001~\n")
  }

  private mutating func claim(_ segments: inout Int) {
    truth.claims += 1
    var lines: [String] = []
    var total: Int64 = 0
    let count = 1 + random(5) + random(5)
    for number in 1...count {
      let (code, cents) = line()
      total += cents
      let procedure = "HC:\(code)\(random(4) == 0 ? ":59" : "")*\(money(cents))*UN*1"
      let service = kind == .professional ? "SV1*\(procedure)***1" : "SV2*0360*\(procedure)"
      lines += ["LX*\(number)", service, "DTP*472*D8*\(date(""))", "REF*6R*\(truth.lines)"]
    }
    let diagnosis = "HI*ABK:\(BenchData.diagnoses[random(BenchData.diagnoses.count)])"
    let head =
      switch kind {
      case .professional:
        ["CLM*EX\(truth.claims)*\(money(total))***22:B:1*Y*A*Y*Y", diagnosis, "NM1*82*1*EXAMPLE*DOC****XX*1902800000"]
      case .institutional:
        [
          "CLM*EX\(truth.claims)*\(money(total))***13:A:1*Y*A*Y*Y", "DTP*434*RD8*20260105-20260106", "CL1*1*1*01",
          diagnosis, "NM1*71*1*EXAMPLE*DOC****XX*1902800000",
        ]
      }
    for segment in head + lines { put(segment + "~\n") }
    segments += head.count + lines.count
  }

  private mutating func writeCSV(_ size: Int) {
    put(
      "claim_id,line_number,claim_type,payer,payer_id,member_id,procedure_code,modifier_1,modifier_2,place_of_service,"
        + "diagnosis_1,diagnosis_2,service_date,units,charge_amount,allowed_amount,paid_amount,rendering_npi,billing_npi,claim_note\n"
    )
    while truth.bytes < size {
      truth.claims += 1
      let payer = BenchData.payers[random(BenchData.payers.count)]
      let date = date("-")
      let diagnosis = BenchData.diagnoses[random(BenchData.diagnoses.count)]
      for number in 1...(1 + random(5)) {
        let (code, cents) = line()
        let note = random(8) == 0 ? "\"follow-up, no change\"" : ""
        put(
          "EX\(truth.claims),\(number),P,\(payer.0),\(payer.1),EX\(truth.claims % 1_000_000),\(code),\(random(4) == 0 ? "59" : ""),,22,"
            + "\(diagnosis),,\(date),1,\(money(cents)),\(money(cents / 2)),\(money(cents / 3)),1902800000,1234567893,\(note)\n"
        )
      }
    }
  }
}
