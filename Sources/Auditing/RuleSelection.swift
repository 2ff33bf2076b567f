/// Which rules `--select` and `--ignore` leave.
struct RuleSelection {
  private let select: [String]
  private let ignore: [String]

  /// A selection among `ids`; a word that is neither an id nor the beginning of one is an error that lists near ones.
  init(select: [String], ignore: [String], among ids: [String]) throws(AuditOptionsError) {
    self.select = select.map { $0.uppercased() }
    self.ignore = ignore.map { $0.uppercased() }
    let words = self.select.map { ($0, AuditOptionsError.Option.select) } + self.ignore.map { ($0, .ignore) }
    for (word, option) in words where !ids.contains(where: { Self.matches(word, $0) }) {
      let near = Self.near(word, ids)
      throw AuditOptionsError(
        option,
        "there is no rule \"\(word)\"" + (near.isEmpty ? "" : ", did you mean \(near.joined(separator: ", "))?"))
    }
  }

  func includes(_ id: String) -> Bool {
    (select.isEmpty || select.contains { Self.matches($0, id) }) && !ignore.contains { Self.matches($0, id) }
  }

  /// `MOD` and `MOD-0` are beginnings of `MOD-003`; so is the id itself.
  private static func matches(_ word: String, _ id: String) -> Bool { !word.isEmpty && id.hasPrefix(word) }

  /// The families and ids that are closest to a word, at most three.
  static func near(_ word: String, _ ids: [String]) -> [String] {
    let families = Set(ids.compactMap { id in id.split(separator: "-").first.map(String.init) })
    let candidates = (word.contains("-") ? ids : families.sorted() + ids).map { ($0, EditDistance.between(word, $0)) }
    return candidates.filter { $0.1 <= max(2, word.utf8.count / 3) }.sorted { $0.1 != $1.1 ? $0.1 < $1.1 : $0.0 < $1.0 }
      .prefix(3).map(\.0)
  }
}
