internal import CSV

/// What a row of a ledger is.
enum ExportRecordKind {
  /// A billed line.
  case charge
  /// A payment, a transfer, an adjustment, a diagnosis: no billed line.
  case other
  /// A word that says neither.
  case unknown

  /// What besides words may name a kind in a column.
  struct Vocabulary: Equatable {
    /// Numbers, as in Epic's ledgers: 1 is a charge.
    var hasNumbers = false
    /// One or two letters: `C` is a charge, `P` a payment, `A` an adjustment.
    var hasLetters = false
  }

  /// What `cell`, which is not blank, names.
  ///
  /// Words count wherever they stand, since every system has its own for who pays and why: `Insurance Payment`, `New Charge`. What takes
  /// a charge back is none, whatever it is called.
  init(_ cell: ByteView, _ vocabulary: Vocabulary) {
    let cell = cell.withoutDecimals
    if cell.isDigits {
      self = !vocabulary.hasNumbers ? .unknown : cell.count == 1 && cell[0] == 0x31 ? .charge : .other
      return
    }
    let name = HeaderName.normalised(cell)
    if let known = ExportRecordKind.names[name] ?? (vocabulary.hasLetters ? ExportRecordKind.letters[name] : nil) {
      self = known
    } else if ExportRecordKind.holdsAny(ExportRecordKind.takingBack, name) {
      self = .other
    } else if ExportRecordKind.holdsAny(ExportRecordKind.charging, name) {
      self = name.hasPrefix("discharge") ? .unknown : .charge
    } else {
      self = ExportRecordKind.holdsAny(ExportRecordKind.paying, name) ? .other : .unknown
    }
  }

  /// Whole names, as headers are compared.
  private static let names: [String: ExportRecordKind] = {
    let charges = "charge charges chg chgs newcharge cpt cpt4 hcpcs service procedure claim bill billed 837p 837i 837d"
    let others = "payment pay pmt adjustment adj transfer transferin transferout refund writeoff icd icd9 icd10"
    return table(charges, .charge).merging(table(others, .other)) { charge, _ in charge }
  }()

  /// One or two letters that stand for them.
  private static let letters = {
    table("c ch", .charge).merging(table("p pm py a ad aj r rf t tr w wo v", .other)) { charge, _ in charge }
  }()

  /// Parts of names that are no charge even where they stand beside one.
  private static let takingBack = words(
    "payment adjust refund transfer xfer writeoff void revers cancel copay coinsurance deductible deposit interest finance "
      + "takeback recoup chargeback credit contractual denial denied discount noncharge")
  /// Parts of names that are a charge where nothing takes it back.
  private static let charging = words("charge chg")
  /// Parts of names that are no charge where none is named beside them.
  private static let paying = words("paid pay pmt adj remit cash check eob statement diagnos icd")

  private static func table(_ names: String, _ kind: ExportRecordKind) -> [String: ExportRecordKind] {
    var table: [String: ExportRecordKind] = [:]
    for name in names.utf8.split(separator: 0x20) { table[String(Substring(name))] = kind }
    return table
  }

  private static func words(_ words: String) -> [[UInt8]] { words.utf8.split(separator: 0x20).map { Array($0) } }

  private static func holdsAny(_ words: [[UInt8]], _ name: String) -> Bool {
    let name = Array(name.utf8)
    return words.contains { word in
      guard word.count <= name.count else { return false }
      return (0...name.count - word.count).contains { name[$0..<$0 + word.count].elementsEqual(word) }
    }
  }
}
