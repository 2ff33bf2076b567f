internal import ClaimModel
internal import ClaimReading

/// The readers of 837 files and of exports.
///
/// Most inputs are read once, some of them fast and whole, some in full and in pieces; of every sixteenth both must give the same.
enum ReaderTargets {
  private static let interest = ClaimInterest(procedures: ["32960"])
  private static let hash = KeyedHash(key0: 1, key1: 2)
  nonisolated(unsafe) private static let fast = X12ClaimReader(interest: interest, hash: hash)
  nonisolated(unsafe) private static let full = X12ClaimReader(
    interest: interest, hash: hash, readsEveryClaimInFull: true)

  /// An X12 reader.
  static func x12(_ input: UnsafeRawBufferPointer) -> CInt {
    _ = unsafe X12ClaimReader.recognises(input)
    switch unsafe choice(input) {
    case 0:
      let one = unsafe fingerprint(fast, input, pieces: input.count + 1)
      let other = unsafe fingerprint(full, input, pieces: 1 + input.count % 97)
      if one != other { fail("the fast and the full reading differ") }
    case 1...8: _ = unsafe read(fast, input, pieces: input.count + 1, Counter())
    case 9...11: _ = unsafe read(fast, input, pieces: input.count / 3 + 1, Counter())
    default: _ = unsafe read(full, input, pieces: input.count / 5 + 1, Counter())
    }
    return 0
  }

  /// A reader of exports: one input in sixteen is looked at whole, header and all; the others are rows below a sound header.
  static func csv(_ input: UnsafeRawBufferPointer) -> CInt {
    let choice = unsafe choice(input)
    guard choice < 15 else {
      let opening = unsafe CSVClaimReader.open(sample: input, interest: interest, hash: hash)
      guard case .reader(let reader, _) = opening else { return 0 }
      unsafe compare(reader, input)
      return 0
    }
    guard let first = unsafe input.first else { return 0 }
    let export = unsafe exports[Int(first) % exports.count]
    let rows = unsafe UnsafeRawBufferPointer(rebasing: input.dropFirst())
    let whole = unsafe GuardedBytes.place(
      rows.baseAddress?.assumingMemoryBound(to: UInt8.self), rows.count, behind: export.header)
    if choice == 0 {
      unsafe compare(export.reader, whole)
    } else {
      _ = unsafe read(export.reader, whole, pieces: whole.count / (1 + choice / 5) + 1, Counter())
    }
    return 0
  }

  private static func compare(_ reader: CSVClaimReader, _ input: UnsafeRawBufferPointer) {
    let one = unsafe fingerprint(reader, input, pieces: input.count + 1)
    let other = unsafe fingerprint(reader, input, pieces: 1 + input.count % 89)
    if one != other { fail("the pieces in which an export comes make a difference") }
  }

  nonisolated(unsafe) private static let exports: [(header: StaticString, reader: CSVClaimReader)] = [
    export(
      "claim_id,line_number,hcpcs_code,modifier_1,place_of_service,service_date,units,charge_amount,payer,diagnosis_1\n",
      rows: "EX1,1,32960,78,22,2026-03-02,1,450.00,AETNA,A150\nEX1,2,71046,,22,2026-03-02,1,80.00,AETNA,A150\n"),
    export(
      "Claim Number;Procedure Code;Modifiers;POS;DOS;Charge\r\n",
      rows: "EX1;32960;22 59;22;3/2/2026;$1,450.00\r\nEX2;71046;;11;3/3/2026;(80.00)\r\n"),
    export(
      "CLM_ID\tCLM_FROM_DT\tCLM_THRU_DT\tHCPCS_CD_1\tHCPCS_CD_2\tHCPCS_CD_3\n",
      rows: "EX1\t20260302\t20260302\t32960\t71046\t\nEX2\t20260303\t20260303\t99213\t\t\n"),
    export(
      "claim_id|bill_type_code|revenue_center_code|hcpcs_code|claim_line_start_date|charge_amount\n",
      rows: "EX1|0131|0361|32960|2026-03-02|450.00\nEX2|0131|0320|71046|2026-03-02|80.00\n"),
  ]

  private static func export(_ header: StaticString, rows: StaticString) -> (StaticString, CSVClaimReader) {
    let sample = unsafe GuardedBytes.place(rows.utf8Start, rows.utf8CodeUnitCount, behind: header)
    let opening = unsafe CSVClaimReader.open(sample: sample, interest: interest, hash: hash)
    guard case .reader(let reader, _) = opening else { fail("a header that should be sound is refused") }
    return (header, reader)
  }

  /// 0 to 15, by the bytes of the input.
  private static func choice(_ input: UnsafeRawBufferPointer) -> Int {
    var sum = input.count
    for index in max(0, input.count - 8)..<input.count { sum = unsafe sum &+ Int(input[index]) }
    return sum & 15
  }

  /// What a reader gives, in a number.
  private static func fingerprint(
    _ reader: some ClaimReader, _ input: UnsafeRawBufferPointer, pieces: Int
  ) -> Int {
    let (handler, totals) = unsafe read(reader, input, pieces: pieces, Fingerprint())
    var hasher = handler.hasher
    hasher.combine(totals.claims)
    hasher.combine(totals.lines)
    hasher.combine(totals.chargeCents)
    hasher.combine(totals.records)
    return hasher.finalize()
  }

  private static func read<Handler: ClaimHandler>(
    _ reader: some ClaimReader, _ input: UnsafeRawBufferPointer, pieces: Int, _ handler: Handler
  ) -> (Handler, ReadingTotals) {
    var reader = reader
    var handler = handler
    var used = 0
    var lent = min(pieces, input.count)
    while true {
      let isLast = lent == input.count
      let step = unsafe reader.read(
        UnsafeRawBufferPointer(rebasing: input[used..<lent]), isLast: isLast, handler: &handler)
      used += step
      if used > lent { fail("more was used up than was lent") }
      if isLast { return (handler, reader.totals) }
      lent = min(lent + pieces, input.count)
    }
  }
}

/// Counts what it is handed.
private struct Counter: ClaimHandler {
  var count = 0
  mutating func claim(_ claim: inout Claim) { count &+= claim.lines.count }
  mutating func issue(_ issue: ReadingIssue) { count &+= 1 }
}

/// Takes all of claims and issues into a number.
private struct Fingerprint: ClaimHandler {
  var hasher = Hasher()

  mutating func claim(_ claim: inout Claim) {
    // Only claims with a wanted line need be handed out, and others may be.
    guard claim.lines.contains(where: { $0.procedure.code == "32960" }) else { return }
    hasher.combine(claim.text.string(claim.id))
    hasher.combine(claim.location)
    hasher.combine(claim.patient)
    for line in claim.lines {
      hasher.combine(line.location)
      hasher.combine(line.procedure.code)
      hasher.combine("\(line.charge) \(line.units) \(line.serviceFrom) \(line.serviceTo)")
      for index in line.modifiers.indices { hasher.combine(line.modifiers[index].code) }
    }
  }

  mutating func issue(_ issue: ReadingIssue) {
    hasher.combine(issue.code)
    hasher.combine(issue.effect)
    hasher.combine(issue.location)
    hasher.combine(issue.element)
  }
}
