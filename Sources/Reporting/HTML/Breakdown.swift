/// What is counted under one value.
struct BreakdownCounts {
  /// Reported lines that are watched.
  var watched = 0
  /// Findings by raw value of their severity.
  var findings: [4 of Int] = [0, 0, 0, 0]
  /// Cents at risk, each line once.
  var atRisk: Int64 = 0

  /// All findings.
  var total: Int { findings[0] + findings[1] + findings[2] + findings[3] }

  mutating func add(_ other: BreakdownCounts) {
    watched += other.watched
    for severity in findings.indices { findings[severity] += other.findings[severity] }
    atRisk &+= other.atRisk
  }
}

/// What was found under each value of one field: the payers, say, or the months.
///
/// Holds at most `limit` different values, so that damaged input cannot make it grow without end; what comes after goes under
/// `rest`.
struct Breakdown<Key: Hashable> {
  /// How many values are told apart.
  static var limit: Int { 1 << 16 }

  private(set) var counts: [BreakdownCounts] = []
  private(set) var keys: [Key] = []
  private var positions: [Key: Int] = [:]
  /// What was counted under the values beyond the limit.
  private(set) var rest = BreakdownCounts()

  /// Where the counts of `key` stand, `nil` beyond the limit.
  mutating func position(of key: Key) -> Int? {
    if let position = positions[key] { return position }
    guard keys.count < Self.limit else { return nil }
    positions[key] = keys.count
    keys.append(key)
    counts.append(BreakdownCounts())
    return keys.count - 1
  }

  /// Changes the counts at a position that `position(of:)` gave.
  mutating func change(_ position: Int?, _ change: (inout BreakdownCounts) -> Void) {
    if let position { change(&counts[position]) } else { change(&rest) }
  }
}
