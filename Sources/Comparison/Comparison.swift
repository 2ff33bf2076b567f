public import Auditing

/// What is different between the findings of two runs: new, gone, changed.
///
/// Findings are matched by fingerprint. Of those that share one, as the copies of a claim in two files do, findings that say the same
/// are matched first, the rest in order; what is left over is new or gone. A changed finding is the same finding with another severity,
/// message, denial code or amount at risk; that a message names another place, because a file was renamed or grew, is no change.
///
/// Each finding costs 24 bytes; texts are read again for those that differ.
///
/// ```
/// let comparison = try Comparison(of: lastNight, with: tonight)
/// try comparison.forEachDifference { print($0.kind, $0.fingerprint) }
/// ```
public struct Comparison {
  /// What was counted under one kind.
  public struct Counts: Hashable, Sendable {
    /// Findings by raw value of their severity.
    var bySeverity: [4 of Int] = [0, 0, 0, 0]

    /// Findings of one severity.
    public subscript(severity: Severity) -> Int { bySeverity[Int(severity.rawValue)] }

    /// All findings.
    public var total: Int { bySeverity[0] + bySeverity[1] + bySeverity[2] + bySeverity[3] }

    mutating func add(_ severity: Severity) { bySeverity[Int(severity.rawValue)] += 1 }

    /// Whether both count the same.
    public static func == (left: Counts, right: Counts) -> Bool {
      left.bySeverity.indices.allSatisfy { left.bySeverity[$0] == right.bySeverity[$0] }
    }

    /// Hashes the counts.
    public func hash(into hasher: inout Hasher) {
      for index in bySeverity.indices { hasher.combine(bySeverity[index]) }
    }
  }

  /// Findings that only the new run has.
  public private(set) var new = Counts()
  /// Findings that only the old run has.
  public private(set) var gone = Counts()
  /// Findings of both that say something else, by their new severity.
  public private(set) var changed = Counts()
  /// Findings of both that say the same.
  public private(set) var unchanged = Counts()
  /// Findings whose severity rose, by their new severity.
  public private(set) var risen = Counts()

  private let oldSource: any FindingSource
  private let newSource: any FindingSource
  /// What of the new run is new or changed, in its order.
  private var arrivals: [Match] = []
  /// What of the old run is gone, in its order.
  private var departures: [Match] = []

  /// A finding that differs, and its counterpart where it has one.
  private struct Match {
    var fingerprint: FindingFingerprint
    var position: UInt32
    var counterpart: UInt32 = .max
  }

  /// Compares two runs.
  public init(of old: any FindingSource, with new: any FindingSource) throws {
    oldSource = old
    newSource = new
    let before = try Entry.all(of: old)
    let after = try Entry.all(of: new)
    var i = 0
    var j = 0
    while i < before.count || j < after.count {
      let isOld = i < before.count && (j == after.count || before[i].base <= after[j].base)
      let base = isOld ? before[i].base : after[j].base
      let oldEnd = Entry.end(of: base, in: before, from: i)
      let newEnd = Entry.end(of: base, in: after, from: j)
      match(before[i..<oldEnd], after[j..<newEnd])
      i = oldEnd
      j = newEnd
    }
    arrivals.sort { $0.position < $1.position }
    departures.sort { $0.position < $1.position }
  }

  /// Matches the findings that share a fingerprint, each group in the order of its report.
  private mutating func match(_ before: ArraySlice<Entry>, _ after: ArraySlice<Entry>) {
    // By far the most common: one on each side that says the same.
    if before.count == 1, after.count == 1, let old = before.first, let new = after.first, old.content == new.content {
      unchanged.add(new.severity)
      return
    }
    var positions: [Int: [ArraySlice<Entry>.Index]] = [:]
    for index in before.indices.reversed() { positions[before[index].content, default: []].append(index) }
    var isTaken = Set<ArraySlice<Entry>.Index>()
    var waiting: [ArraySlice<Entry>.Index] = []
    for index in after.indices {
      if let same = positions[after[index].content]?.popLast() {
        isTaken.insert(same)
        unchanged.add(after[index].severity)
      } else {
        waiting.append(index)
      }
    }
    var others = before.indices.filter { !isTaken.contains($0) }[...]
    for index in waiting {
      let entry = after[index]
      var match = Match(
        fingerprint: FindingFingerprint(bits: entry.base).repeated(index - after.startIndex + 1),
        position: entry.position)
      if let other = others.popFirst() {
        match.counterpart = before[other].position
        changed.add(entry.severity)
        if entry.severity > before[other].severity { risen.add(entry.severity) }
      } else {
        new.add(entry.severity)
      }
      arrivals.append(match)
    }
    for index in others {
      gone.add(before[index].severity)
      departures.append(
        Match(
          fingerprint: FindingFingerprint(bits: before[index].base).repeated(index - before.startIndex + 1),
          position: before[index].position))
    }
  }

  /// Whether something at or above `severity` is new, or has risen to it.
  public func hasNews(from severity: Severity) -> Bool {
    Severity.allCases.contains { $0 >= severity && (new[$0] > 0 || risen[$0] > 0) }
  }

  /// Lends every difference: what is new or changed in the order of the new report, then what is gone in the order of the old one.
  public func forEachDifference(_ body: (borrowing FindingDifference) throws -> Void) throws {
    let earlier = try findEarlier()
    try Comparison.visit(newSource, arrivals) { match, row in
      let isNew = match.counterpart == .max
      try body(
        FindingDifference(
          kind: isNew ? .new : .changed, fingerprint: match.fingerprint, finding: row,
          earlier: isNew ? nil : earlier[match.counterpart]))
    }
    try Comparison.visit(oldSource, departures) { match, row in
      try body(FindingDifference(kind: .gone, fingerprint: match.fingerprint, finding: row, earlier: nil))
    }
  }

  /// What the changed findings said before, by position in the old report.
  private func findEarlier() throws -> [UInt32: FindingDifference.Earlier] {
    let matches = arrivals.filter { $0.counterpart != .max }.map { match in
      Match(fingerprint: match.fingerprint, position: match.counterpart)
    }
    var earlier: [UInt32: FindingDifference.Earlier] = [:]
    try Comparison.visit(oldSource, matches.sorted { $0.position < $1.position }) { match, row in
      earlier[match.position] = FindingDifference.Earlier(row)
    }
    return earlier
  }

  /// Reads a source again and lends the findings at the positions of `matches`, which are in ascending order.
  private static func visit(
    _ source: any FindingSource, _ matches: [Match], _ body: (Match, borrowing FindingRow) throws -> Void
  ) throws {
    if matches.isEmpty { return }
    var next = 0
    var position: UInt32 = 0
    try source.forEach { row in
      if next < matches.count, matches[next].position == position {
        try body(matches[next], row)
        next += 1
      }
      position += 1
    }
  }
}

/// What is kept of a finding while two runs are compared.
private struct Entry {
  /// The fingerprint without an ordinal.
  var base: UInt64
  /// A hash of what makes a difference when it changes.
  var content: Int
  /// The position in the report.
  var position: UInt32
  var severity: Severity

  /// The findings of a source, those with one fingerprint side by side in the order of the report.
  static func all(of source: any FindingSource) throws -> [Entry] {
    var entries: [Entry] = []
    try source.forEach { row in
      guard let severity = row.severity else {
        throw ComparisonError(.notFindings, source.name, "finding \(entries.count + 1) has no severity we know")
      }
      guard entries.count < UInt32.max else {
        throw ComparisonError(.notFindings, source.name, "there are more findings than can be compared")
      }
      entries.append(
        Entry(
          base: row.fingerprint.bits, content: row.content, position: UInt32(entries.count), severity: severity))
    }
    entries.sort { $0.base != $1.base ? $0.base < $1.base : $0.position < $1.position }
    return entries
  }

  /// Where the entries end that begin at `start` and have the fingerprint `base`.
  static func end(of base: UInt64, in entries: [Entry], from start: Int) -> Int {
    var end = start
    while end < entries.count, entries[end].base == base { end += 1 }
    return end
  }
}

extension FindingRow {
  /// A hash of what a finding says: severity, denial code, amount, and the message without the places it names.
  fileprivate var content: Int {
    var hasher = Hasher()
    for column in [Column.severity, .carc, .atRisk] { hasher.combine(bytes[range(column)]) }
    let message = bytes[range(.message)]
    if let place = NamedPlace.range(in: message) {
      hasher.combine(message[..<place.lowerBound])
      hasher.combine(message[place.upperBound...])
    } else {
      hasher.combine(message)
    }
    return hasher.finalize()
  }
}
