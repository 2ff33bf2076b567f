internal import Auditing
internal import Reporting

/// Facts of lines, waiting for the end of the run, parted so that each part holds a grouping's groups whole and fits into memory; a group
/// that does not has to all the same.
///
/// A few are simply held. More are dealt out by a hash of what a group has in common; a share that is still too large is dealt out once
/// more by further bits of the hash, save where all of it is one group. Within a part facts are in the order in which they came.
final class FactPartition<Kept: GroupedFact> {
  /// How many facts are held before they are dealt out.
  private let held = 1 << 12
  /// How many shares there are.
  private static var ways: Int { 16 }
  /// How many facts a part may have.
  private let limit = 1 << 14

  private let folder: String
  private let level: Int
  /// The facts that wait until it is known whether they are many.
  private var waiting: [Kept] = []
  private var isDealt = false
  private let shares: PileSpool
  private var dealt = Dealt()

  /// What is known of the shares, a bit each.
  private struct Dealt {
    /// They have a fact of a watched line.
    var watched: UInt16 = 0
    /// They have a fact.
    var begun: UInt16 = 0
    /// They have facts of several groups.
    var mixed: UInt16 = 0
    /// The group of the first fact of each.
    var first: [16 of UInt64] = .init(repeating: 0)

    @inline(__always)
    mutating func add(_ group: UInt64, isWatched: Bool, to share: Int) {
      let bit: UInt16 = 1 &<< UInt16(share)
      if isWatched { watched |= bit }
      if begun & bit == 0 {
        begun |= bit
        first[share] = group
      } else if first[share] != group {
        mixed |= bit
      }
    }
  }

  /// No facts; a file, if there is one, goes into `folder`.
  init(folder: String, level: Int = 0) {
    self.folder = folder
    self.level = level
    let size = MemoryLayout<Kept>.size
    shares = PileSpool(folder: folder, size: size, page: (16 << 10) / size, piles: FactPartition.ways)
  }

  /// Adds what is kept of lines of a stream; they come in input order.
  func append(_ facts: [LineFact], stream: UInt32) throws(ReportError) {
    if isDealt {
      try shares.add { (pages) throws(ReportError) in
        var dealt = self.dealt
        defer { self.dealt = dealt }
        for fact in facts {
          guard var kept = Kept(fact) else { continue }
          kept.key.stream = stream
          try deal(kept, to: &pages, &dealt)
        }
      }
    } else {
      if waiting.isEmpty { waiting.reserveCapacity(held) }
      for fact in facts {
        guard var kept = Kept(fact) else { continue }
        kept.key.stream = stream
        waiting.append(kept)
      }
      try dealIfMany()
    }
  }

  /// Adds facts that were kept; they come in input order.
  private func append(_ facts: [Kept]) throws(ReportError) {
    if isDealt {
      try deal(facts)
    } else {
      waiting += facts
      try dealIfMany()
    }
  }

  private func dealIfMany() throws(ReportError) {
    if waiting.count < held { return }
    isDealt = true
    try deal(waiting)
    waiting = []
  }

  private func deal(_ facts: [Kept]) throws(ReportError) {
    try shares.add { (pages) throws(ReportError) in
      var dealt = self.dealt
      defer { self.dealt = dealt }
      for fact in facts { try deal(fact, to: &pages, &dealt) }
    }
  }

  /// Adds a fact to its share.
  @inline(__always)
  private func deal(_ fact: Kept, to pages: inout PileSpool.Pages, _ dealt: inout Dealt) throws(ReportError) {
    // Multiplied, so that the upper bits depend on all of the key.
    let hash = fact.group &* 0x9E37_79B9_7F4A_7C15
    let share = Int(truncatingIfNeeded: (hash &<< UInt64(4 * level)) &>> 60)
    dealt.add(fact.group, isWatched: fact.traits.contains(.watched), to: share)
    try pages.append(fact, to: share)
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
    of share: Int, reusing storage: inout [Kept], _ body: (inout [Kept]) throws(ReportError) -> Void
  ) throws(ReportError) {
    storage.removeAll(keepingCapacity: true)
    if !isDealt {
      guard waiting.contains(where: { $0.traits.contains(.watched) }) else { return }
      storage += waiting
      return try body(&storage)
    }
    guard dealt.watched & 1 &<< UInt16(share) != 0 else { return }
    if shares.count(of: share) <= limit || level == 15 || dealt.mixed & 1 &<< UInt16(share) == 0 {
      storage.reserveCapacity(shares.count(of: share))
      try shares.forEach(of: share, as: Kept.self) { storage.append($0) }
      try body(&storage)
    } else {
      let parts = FactPartition(folder: folder, level: level + 1)
      try deal(share, to: parts)
      for share in 0..<parts.shareCount { try parts.forEachPart(of: share, reusing: &storage, body) }
    }
  }

  /// Adds the facts of a share to others.
  private func deal(_ share: Int, to parts: FactPartition) throws(ReportError) {
    var some: [Kept] = []
    var failure: ReportError?
    func hand() {
      if failure != nil { return }
      do throws(ReportError) { try parts.append(some) } catch { failure = error }
      some.removeAll(keepingCapacity: true)
    }
    try shares.forEach(of: share, as: Kept.self) { fact in
      some.append(fact)
      if some.count == 512 { hand() }
    }
    hand()
    if let failure { throw failure }
  }
}
