internal import Auditing
internal import Reporting

/// Facts of lines, waiting for the end of the run, parted so that each part holds a grouping's groups whole and fits into memory.
///
/// A few are simply held. More are dealt out by a hash of what a group has in common; a share that is still too large is dealt out once
/// more by further bits of the hash. Within a part facts are in the order in which they came.
final class FactPartition {
  /// How many facts are held before they are dealt out.
  private static let held = 1 << 12
  /// How many shares there are.
  private static let ways = 16
  /// How many facts a part may have.
  private static let limit = 1 << 14

  let grouping: FactGrouping
  private let folder: String
  private let level: Int
  /// The facts that wait until it is known whether they are many.
  private var waiting: [LineFact] = []
  private var isDealt = false
  private let shares: PileSpool
  /// How many facts of watched lines each share has.
  private var watched = [Int](repeating: 0, count: FactPartition.ways)

  /// No facts; a file, if there is one, goes into `folder`.
  init(folder: String, grouping: FactGrouping, level: Int = 0) {
    self.folder = folder
    self.grouping = grouping
    self.level = level
    shares = PileSpool(folder: folder, size: MemoryLayout<LineFact>.size, page: 128)
  }

  /// Adds facts; they come in input order.
  func append(_ facts: [LineFact]) throws(ReportError) { for fact in facts { try append(fact) } }

  /// Adds a fact; facts come in input order.
  func append(_ fact: LineFact) throws(ReportError) {
    let key = grouping.key(of: fact)
    if key == 0 { return }
    if isDealt { return try deal(fact, key) }
    waiting.append(fact)
    if waiting.count < FactPartition.held { return }
    isDealt = true
    for fact in waiting { try deal(fact, grouping.key(of: fact)) }
    waiting = []
  }

  /// Adds a fact to its share.
  private func deal(_ fact: LineFact, _ key: UInt64) throws(ReportError) {
    // Multiplied, so that the upper bits depend on all of the key.
    let hash = key &* 0x9E37_79B9_7F4A_7C15
    let share = Int(truncatingIfNeeded: (hash &<< UInt64(4 * level)) &>> 60)
    if fact.traits.contains(.watched) { watched[share] += 1 }
    try shares.append(fact, to: share)
  }

  /// How many shares there are to hand out.
  var shareCount: Int { isDealt ? FactPartition.ways : 1 }

  /// How many facts a share has.
  func count(of share: Int) -> Int { isDealt ? shares.count(of: share) : waiting.count }

  /// Hands out the facts of a share part by part, in memory that is used again and may be changed; parts without a watched line are
  /// left out.
  ///
  /// Several threads may each have a share handed out, once nothing is added any more.
  func forEachPart(
    of share: Int, reusing storage: inout [LineFact], _ body: (inout [LineFact]) throws(ReportError) -> Void
  ) throws(ReportError) {
    if !isDealt {
      guard waiting.contains(where: { $0.traits.contains(.watched) }) else { return }
      storage = waiting
      try body(&storage)
      return
    }
    guard watched[share] > 0 else { return }
    if shares.count(of: share) <= FactPartition.limit || level == 15 {
      storage.removeAll(keepingCapacity: true)
      storage.reserveCapacity(shares.count(of: share))
      try shares.forEach(of: share, as: LineFact.self) { storage.append($0) }
      try body(&storage)
    } else {
      let parts = FactPartition(folder: folder, grouping: grouping, level: level + 1)
      var failure: ReportError?
      try shares.forEach(of: share, as: LineFact.self) { fact in
        do throws(ReportError) { try parts.append(fact) } catch { failure = error }
      }
      if let failure { throw failure }
      for share in 0..<parts.shareCount { try parts.forEachPart(of: share, reusing: &storage, body) }
    }
  }
}
