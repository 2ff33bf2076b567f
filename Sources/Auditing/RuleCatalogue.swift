/// Every rule of a run, the built-in ones and those a pack adds, in the order of their ids.
///
/// Reports know a rule by its index here; the order is the order in which a line's rules are listed.
public struct RuleCatalogue: Sendable {
  /// The rules' ids, sorted by byte order.
  public let ids: [String]
  private let positions: [String: Int]

  /// A catalogue of those ids, sorted; an id given twice stands once.
  public init(ids: some Sequence<String>) {
    self.ids = Set(ids).sorted()
    var positions: [String: Int] = [:]
    for (position, id) in self.ids.enumerated() { positions[id] = position }
    self.positions = positions
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
