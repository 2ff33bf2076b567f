/// Every rule of a run, the built-in ones and those a pack adds, in the order of their ids.
///
/// Reports know a rule by its index here; the order is the order in which a line's rules are listed.
public struct RuleCatalogue: Sendable {
  /// The rules' ids, sorted by byte order.
  public let ids: [String]
  /// What findings take from their rules, in the order of the ids.
  public let texts: [Text]
  private let positions: [String: Int]

  /// What a finding says that does not depend on the line.
  public struct Text: Sendable {
    /// What to do about it.
    public var fix: String
    /// The expected claim adjustment reason codes, `;`-joined.
    public var carc: String
    /// The expected remark codes, `;`-joined.
    public var rarc: String
  }

  /// A catalogue of those rules, sorted; of an id given twice the first stands.
  public init(_ descriptions: some Sequence<RuleDescription>) {
    var texts: [String: Text] = [:]
    for rule in descriptions where texts[rule.id] == nil {
      texts[rule.id] = Text(fix: rule.fix, carc: rule.carc, rarc: rule.rarc)
    }
    self.init(texts)
  }

  /// A catalogue of those ids, sorted, of whose rules nothing is said.
  public init(ids: some Sequence<String>) {
    self.init(Dictionary(ids.map { ($0, Text(fix: "", carc: "", rarc: "")) }) { first, _ in first })
  }

  private init(_ texts: [String: Text]) {
    let sorted = texts.sorted { $0.key < $1.key }
    ids = sorted.map(\.key)
    self.texts = sorted.map(\.value)
    positions = Dictionary(sorted.enumerated().map { ($0.element.key, $0.offset) }) { first, _ in first }
  }

  /// The index of the rule `id`, or `nil` when no such rule is in the catalogue.
  public func index(of id: String) -> RuleIndex? { positions[id].map { RuleIndex($0) } }

  /// The id of a rule.
  public subscript(rule: RuleIndex) -> String { ids[Int(rule.position)] }

  /// How many rules there are.
  public var count: Int { ids.count }
}

extension RuleCatalogue {
  /// The rules that words name by id or by a beginning of it (`MOD`, `POS-002`); a word that names none is an error that lists near
  /// ones.
  public func rules(named words: [String]) throws(AuditOptionsError) -> Set<RuleIndex> {
    let selection = try RuleSelection(select: words, ignore: [], among: ids)
    guard !words.isEmpty else { return [] }
    return Set(ids.indices.filter { selection.includes(ids[$0]) }.map { RuleIndex($0) })
  }
}
