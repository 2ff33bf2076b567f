/// What a finding is known by from one night to the next: the same finding has the same fingerprint as long as it is there,
/// whatever file it comes in.
///
/// It is computed from what says which finding it is, all of it in `findings.csv`: rule, claim id, line number, procedure
/// and the first day of service. What may change around a finding that stays (the file's name, the record, the severity, the wording,
/// the charge, the payer's key) is not part of it. Findings of one run that agree in all five are told apart by an ordinal, which
/// `FingerprintCounter` gives.
///
/// ```
/// FNV-1a, 64 bits, of   rule 1F claim_id 1F line_number 1F procedure 1F service_from [1F ordinal, from the second on]
/// ```
///
/// The five are the cells as the reports write them, in UTF-8, without one leading `'`: a table for spreadsheets puts one there. The
/// ordinal is in decimal digits. Written as sixteen hexadecimal digits: `9c1f6a03d2b4e578`.
///
/// The recipe never changes: files of accepted findings hold fingerprints for years. It holds nothing of the patient, but who knows a
/// claim id can compute it, so it is to be kept as the claim ids are.
///
/// Source: Fowler, Noll, Vo, <http://www.isthe.com/chongo/tech/comp/fnv/>.
public struct FindingFingerprint: Hashable, Sendable {
  /// The hash.
  public let bits: UInt64

  /// A fingerprint that was computed before.
  public init(bits: UInt64) { self.bits = bits }

  /// The fingerprint of the first finding with these cells.
  public init(
    rule: Span<UInt8>, claimID: Span<UInt8>, lineNumber: Span<UInt8>, procedure: Span<UInt8>, serviceFrom: Span<UInt8>
  ) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    FindingFingerprint.add(rule, to: &hash)
    FindingFingerprint.add(0x1F, to: &hash)
    FindingFingerprint.add(claimID, to: &hash)
    FindingFingerprint.add(0x1F, to: &hash)
    FindingFingerprint.add(lineNumber, to: &hash)
    FindingFingerprint.add(0x1F, to: &hash)
    FindingFingerprint.add(procedure, to: &hash)
    FindingFingerprint.add(0x1F, to: &hash)
    FindingFingerprint.add(serviceFrom, to: &hash)
    bits = hash
  }

  /// The fingerprint of the first finding with these cells.
  public init(rule: String, claimID: String, lineNumber: String, procedure: String, serviceFrom: String) {
    self.init(
      rule: rule.utf8Span.span, claimID: claimID.utf8Span.span, lineNumber: lineNumber.utf8Span.span,
      procedure: procedure.utf8Span.span, serviceFrom: serviceFrom.utf8Span.span)
  }

  /// The fingerprint of the finding that is the `ordinal`-th with the cells of this one; the first is this one itself.
  public func repeated(_ ordinal: Int) -> FindingFingerprint {
    if ordinal <= 1 { return self }
    var hash = bits
    FindingFingerprint.add(0x1F, to: &hash)
    for digit in String(ordinal).utf8 { FindingFingerprint.add(digit, to: &hash) }
    return FindingFingerprint(bits: hash)
  }

  private static func add(_ cell: Span<UInt8>, to hash: inout UInt64) {
    let start = !cell.isEmpty && cell[0] == 0x27 ? 1 : 0
    for position in start..<cell.count { add(cell[position], to: &hash) }
  }

  @inline(__always)
  private static func add(_ byte: UInt8, to hash: inout UInt64) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
}

extension FindingFingerprint: LosslessStringConvertible {
  /// A fingerprint as it is written: sixteen hexadecimal digits.
  public init?(_ text: String) {
    guard text.utf8.count == 16, text.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
    guard let bits = UInt64(text, radix: 16) else { return nil }
    self.bits = bits
  }

  /// Sixteen hexadecimal digits, lower case.
  public var description: String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Tells apart the findings of one run that agree in everything a fingerprint is computed from: the first keeps the plain
/// fingerprint, each further one gets an ordinal.
///
/// Which of them is the first depends on the order of the report; it makes no difference, as they say the same.
public struct FingerprintCounter: Sendable {
  private var counts: [FindingFingerprint: UInt32] = [:]

  /// A counter that has seen nothing.
  public init() {}

  /// The fingerprint of the next finding whose cells have the fingerprint `first`.
  public mutating func next(_ first: FindingFingerprint) -> FindingFingerprint {
    let ordinal = counts[first, default: 0] &+ 1
    counts[first] = ordinal
    return first.repeated(Int(ordinal))
  }
}
