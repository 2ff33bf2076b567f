public import ClaimModel

/// The payers that are known by id or by name, and how a claim to each of them is marked.
public struct PayerTable: Sendable {
  /// One payer.
  public struct Payer: Sendable {
    /// The key of the reports: `aetna`.
    public var key: String
    /// Payer ids, upper case.
    public var ids: [String]
    /// Beginnings of names, normalised: upper case, one blank for anything that is no letter or digit.
    public var aliases: [String]
    /// The filing indicators a professional claim to it may have; empty: any that exists.
    public var filingProfessional: [Code]
    /// The filing indicators an institutional claim to it may have; empty: any that exists.
    public var filingInstitutional: [Code]
    /// Filing indicators that name this payer when neither id nor name is known.
    public var filingFallback: [Code]
    /// Whether this is Medicare itself: Part B takes original claims only, and plans of other payers that call themselves Medicare
    /// are not meant.
    public var isOriginalMedicare: Bool
    /// The first day of this entry.
    public var from: Day?
    /// The last day of this entry.
    public var to: Day?

    /// A payer.
    public init(
      key: String, ids: [String] = [], aliases: [String] = [], filingProfessional: [Code] = [],
      filingInstitutional: [Code] = [], filingFallback: [Code] = [], isOriginalMedicare: Bool = false, from: Day? = nil,
      to: Day? = nil
    ) {
      self.key = key
      self.ids = ids
      self.aliases = aliases
      self.filingProfessional = filingProfessional
      self.filingInstitutional = filingInstitutional
      self.filingFallback = filingFallback
      self.isOriginalMedicare = isOriginalMedicare
      self.from = from
      self.to = to
    }

    func isEffective(on day: Day?) -> Bool {
      guard let day else { return true }
      if let from, day < from { return false }
      if let to, day > to { return false }
      return true
    }
  }

  /// The payers.
  public let payers: [Payer]
  /// The filing indicators there are.
  public let filingIndicators: CodeSet
  /// Whether some entry holds for some time only.
  let isDated: Bool
  /// The filing indicators of all payers, those for professional claims of each, then those for institutional ones.
  private let filing: [Code]
  /// Where the indicators of each payer and kind begin; one more for the end.
  private let filingStarts: [Int]
  /// What each key is in `LineFact.payer`, and `other`'s.
  private let hashes: [UInt32]
  /// Ids as bytes with the payer's position.
  private let ids: [(bytes: [UInt8], payer: Int)]
  /// Aliases as bytes with the payer's position, the longest first.
  private let aliases: [(bytes: [UInt8], payer: Int)]

  /// The key of a payer that is not known.
  public static let other = "other"

  /// A table; the first of two payers that claim an id or an alias on the same day wins.
  public init(_ payers: [Payer], filingIndicators: [Code]) {
    self.payers = payers
    var filing: [Code] = []
    var filingStarts = [0]
    for payer in payers {
      for list in [payer.filingProfessional, payer.filingInstitutional] {
        filing += list
        filingStarts.append(filing.count)
      }
    }
    self.filing = filing
    self.filingStarts = filingStarts
    isDated = payers.contains { $0.from != nil || $0.to != nil }
    hashes = (payers.map(\.key) + [Self.other]).map { ClaimIdentity.stable($0) }
    self.filingIndicators = CodeSet(filingIndicators)
    var ids: [(bytes: [UInt8], payer: Int)] = []
    var aliases: [(bytes: [UInt8], payer: Int)] = []
    for (position, payer) in payers.enumerated() {
      for id in payer.ids { ids.append((Array(id.utf8), position)) }
      for alias in payer.aliases { aliases.append((Array(alias.utf8), position)) }
    }
    // A stable order, so that the first payer wins among equals.
    aliases = aliases.enumerated().sorted {
      $0.element.bytes.count != $1.element.bytes.count
        ? $0.element.bytes.count > $1.element.bytes.count : $0.offset < $1.offset
    }.map(\.element)
    self.ids = ids
    self.aliases = aliases
  }

  /// The keys there are, `other` included.
  public var keys: [String] { Set(payers.map(\.key) + [Self.other]).sorted() }

  /// Whether a claim of that kind to the payer may have that filing indicator.
  public func takes(_ indicator: Code, payer: Int, institutional: Bool) -> Bool {
    let list = 2 * payer + (institutional ? 1 : 0)
    if filingStarts[list] == filingStarts[list + 1] { return true }
    for position in filingStarts[list]..<filingStarts[list + 1] where filing[position] == indicator { return true }
    return false
  }

  /// The hash of a payer's key, the same in every run.
  func hash(of payer: Int?) -> UInt32 { hashes[payer ?? payers.count] }

  /// The payer of a claim: by id, else by the longest alias its name begins with, else by its filing indicator; `nil` for one
  /// that is not known.
  ///
  /// A name that only contains MEDICARE, or begins with MEDICARE ADV, is another payer's Medicare plan: the filing indicator
  /// does not make it Medicare.
  public func payer(of claim: Claim, on day: Day?) -> Int? {
    let id = NormalizedName(claim.text[claim.payerID], keepPunctuation: true)
    if id.count > 0 {
      for candidate in ids where id.equals(candidate.bytes) && payers[candidate.payer].isEffective(on: day) {
        return candidate.payer
      }
    }
    let name = NormalizedName(claim.text[claim.payerName], keepPunctuation: false)
    let isAdvantage = name.hasPrefix(Self.medicareAdvantage)
    let isPlanOfAnother = isAdvantage || (!name.hasPrefix(Self.medicare) && name.contains(Self.medicare))
    if name.count > 0 {
      for candidate in aliases where name.hasPrefix(candidate.bytes) && payers[candidate.payer].isEffective(on: day) {
        if isAdvantage, payers[candidate.payer].isOriginalMedicare { continue }
        return candidate.payer
      }
    }
    let indicator = claim.filingIndicator.code
    guard !indicator.isNone else { return nil }
    for (position, payer) in payers.enumerated() where payer.isEffective(on: day) {
      for code in payer.filingFallback where code == indicator {
        if isPlanOfAnother, payer.isOriginalMedicare { continue }
        return position
      }
    }
    return nil
  }

  private static let medicare = Array("MEDICARE".utf8)
  private static let medicareAdvantage = Array("MEDICARE ADV".utf8)
}

/// A payer's name or id as the table compares it: upper case, at most 64 bytes, on the stack.
struct NormalizedName {
  private var bytes = InlineArray<64, UInt8>(repeating: 0)
  private(set) var count = 0

  /// The name in `text`: runs of what is no letter or digit become one blank, none at the ends.
  ///
  /// With `keepPunctuation` only the case is changed and the ends are trimmed.
  init(_ text: ArraySlice<UInt8>, keepPunctuation: Bool) {
    var blank = false
    for byte in text {
      let upper = byte >= 0x61 && byte <= 0x7A ? byte &- 0x20 : byte
      let isWord = upper >= 0x30 && upper <= 0x39 || upper >= 0x41 && upper <= 0x5A || upper >= 0x80
      guard isWord || (keepPunctuation && upper > 0x20) else {
        blank = true
        continue
      }
      if blank && count > 0 && count < 64 {
        bytes[count] = 0x20
        count += 1
      }
      blank = false
      guard count < 64 else { return }
      bytes[count] = upper
      count += 1
    }
  }

  func equals(_ other: [UInt8]) -> Bool { count == other.count && hasPrefix(other) }

  func hasPrefix(_ prefix: [UInt8]) -> Bool {
    guard !prefix.isEmpty, prefix.count <= count else { return false }
    for index in prefix.indices where bytes[index] != prefix[index] { return false }
    return true
  }

  func contains(_ word: [UInt8]) -> Bool {
    guard word.count <= count else { return false }
    for start in 0...(count - word.count) {
      var index = 0
      while index < word.count && bytes[start + index] == word[index] { index += 1 }
      if index == word.count { return true }
    }
    return false
  }
}
