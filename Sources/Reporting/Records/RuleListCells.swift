internal import Auditing
internal import ClaimModel

/// The cells `rules` and `carc` of lines, remembered by the rules that found something: a run has many lines and few such lists.
struct RuleListCells: ~Copyable {
  /// Where the cells of a list stand in `bytes`.
  struct Place {
    /// The ids, `;` between them.
    var ids: Range<Int>
    /// The adjustment codes, each once.
    var carc: Range<Int>
    /// Whether some writer has to quote or escape the codes.
    var carcTraits: CellTraits
  }

  /// The cells.
  private(set) var bytes = ByteBuffer(capacity: 4 << 10)
  private let texts: RuleTexts
  private var entries: [Entry] = RuleListCells.noEntries
  /// The rules of all entries.
  private var rules: [RuleIndex] = []
  /// How many bytes are remembered; behind them stands what is of one line only.
  private var kept = 0
  private var codes: [Code] = []

  private struct Entry {
    var rules = 0..<0
    var place: Place
  }

  private static var noEntries: [Entry] {
    Array(repeating: Entry(place: Place(ids: 0..<0, carc: 0..<0, carcTraits: [])), count: 2048)
  }
  /// From how many bytes on everything is forgotten: packs of hundreds of rules make lists without end.
  private static let limit = 1 << 20

  /// Cells of rules with those texts.
  init(_ texts: RuleTexts) { self.texts = texts }

  /// The cells of a line with findings.
  mutating func find(_ findings: borrowing LineFindings, in records: borrowing ByteBuffer) -> Place {
    bytes.truncate(to: kept)
    var hash: UInt32 = 0
    for index in findings.entries.indices {
      hash = hash &* 0x0100_0193 &+ UInt32(findings.entries[index].record.rule.position)
    }
    let slot = Int((hash ^ hash >> 11) & 2047)
    if !holds(findings, at: slot) { remember(findings, at: slot, in: records) }
    var place = entries[slot].place
    // Where a finding has codes of its own they are this line's.
    if findings.traits.contains(.own) { (place.carc, place.carcTraits) = appendCARC(of: findings, in: records) }
    return place
  }

  private func holds(_ findings: borrowing LineFindings, at slot: Int) -> Bool {
    let known = entries[slot].rules
    if known.count != findings.count { return false }
    for index in findings.entries.indices
    where rules[known.lowerBound + index] != findings.entries[index].record.rule {
      return false
    }
    return true
  }

  private mutating func remember(_ findings: borrowing LineFindings, at slot: Int, in records: borrowing ByteBuffer) {
    if kept > RuleListCells.limit {
      entries = RuleListCells.noEntries
      rules.removeAll()
      bytes.removeAll()
    }
    let first = rules.count
    let start = bytes.count
    for index in findings.entries.indices {
      let rule = findings.entries[index].record.rule
      rules.append(rule)
      if index > 0 { bytes.append(0x3B) }
      texts.appendID(of: rule, to: &bytes)
    }
    let ids = start..<bytes.count
    let ofRules = appendCARC(of: findings, in: records, asRules: true)
    kept = bytes.count
    entries[slot] = Entry(
      rules: first..<rules.count, place: Place(ids: ids, carc: ofRules.range, carcTraits: ofRules.traits))
  }

  /// Adds the adjustment codes, each once: the findings' own where they have such, or, `asRules`, those of their rules.
  private mutating func appendCARC(
    of findings: borrowing LineFindings, in records: borrowing ByteBuffer, asRules: Bool = false
  ) -> (range: Range<Int>, traits: CellTraits) {
    let start = bytes.count
    codes.removeAll(keepingCapacity: true)
    for index in findings.entries.indices {
      let record = findings.entries[index].record
      let areCodes =
        asRules || !record.traits.contains(.own)
        ? texts.addCodes(of: record.rule, to: &codes)
        : findings.entries[index].isAdded
          ? RuleTexts.addCodes(findings.added, record.carcRange, to: &codes)
          : RuleTexts.addCodes(records, record.carcRange, to: &codes)
      if !areCodes { return appendAnyCARC(of: findings, in: records, asRules: asRules) }
    }
    for index in codes.indices {
      if index > 0 { bytes.append(0x3B) }
      bytes.append(codes[index])
    }
    return (start..<bytes.count, [])
  }

  /// The same where a pack wrote something else than codes.
  private mutating func appendAnyCARC(
    of findings: borrowing LineFindings, in records: borrowing ByteBuffer, asRules: Bool
  ) -> (range: Range<Int>, traits: CellTraits) {
    let start = bytes.count
    var codes: [String] = []
    for index in findings.entries.indices {
      let record = findings.entries[index].record
      let text =
        asRules || !record.traits.contains(.own)
        ? texts.text(of: record.rule).carc
        : findings.entries[index].isAdded
          ? findings.added.string(record.carcRange) : records.string(record.carcRange)
      for code in text.split(separator: ";") where !codes.contains(String(code)) { codes.append(String(code)) }
    }
    let traits = bytes.append(clean: codes.joined(separator: ";"))
    return (start..<bytes.count, traits)
  }
}
