internal import Auditing
internal import Reporting

/// The lines whose charges are compared, waiting for the end of the run, those of a peer group together.
final class PeerGroups {
  /// How many charges of a group are held while they are gone over several times; those of larger ones are read each time.
  private static let held = 1 << 17

  private let lines: PileSpool
  private var piles = Piles()

  /// No lines; a file, if there is one, goes into `folder`.
  init(folder: String) { lines = PileSpool(folder: folder, size: MemoryLayout<PeerFact>.size, page: 128) }

  /// Adds those of the lines of a stream whose charge is compared at all.
  func append(_ facts: [LineFact], stream: UInt32) throws(ReportError) {
    var piles = Piles()
    swap(&piles, &self.piles)
    defer { swap(&piles, &self.piles) }
    try lines.add { (pages) throws(ReportError) in
      for fact in facts {
        guard var peer = PeerFact(fact) else { continue }
        peer.key.stream = stream
        try pages.append(peer, to: piles.pile(of: fact))
      }
    }
  }

  /// The pile of each group.
  private struct Piles {
    private var numbers: [PeerGroup: Int] = [:]
    /// The groups in the order of their piles.
    private(set) var groups: [PeerGroup] = []
    /// Where the groups that came last are: a run has few, and neighbours often share one.
    private var recent = [Int](repeating: -1, count: 64)

    mutating func pile(of fact: LineFact) -> Int {
      // The lowest bit is always set.
      let slot = Int(fact.peerGroup >> 1 & 63)
      if recent[slot] >= 0, groups[recent[slot]].contains(fact) { return recent[slot] }
      let group = PeerGroup(fact)
      let pile = numbers[group] ?? groups.count
      if pile == groups.count {
        numbers[group] = pile
        groups.append(group)
      }
      recent[slot] = pile
      return pile
    }
  }

  /// How many groups there are.
  var count: Int { lines.pileCount }

  /// How many lines a group has.
  func count(of group: Int) -> Int { lines.count(of: group) }

  /// Hands out what is found in a group.
  ///
  /// Several threads may each have a group audited, once nothing is added any more.
  ///
  /// - Parameters:
  ///   - group: the group.
  ///   - auditor: the rules.
  ///   - withheld: whether each stream's lines are left out; empty where none's are.
  ///   - findings: takes what is found.
  func audit(
    _ group: Int, _ auditor: RunAuditor, withheld: [Bool], into findings: inout RunFindings
  ) throws(ReportError) {
    var failure: ReportError?
    func pass(_ take: (PeerFact) -> Void) {
      do throws(ReportError) {
        try lines.forEach(of: group, as: PeerFact.self) { peer in
          if withheld.isEmpty || !withheld[Int(peer.key.stream)] { take(peer) }
        }
      } catch {
        failure = error
      }
    }
    if lines.count(of: group) <= PeerGroups.held {
      var charges: [Int64] = []
      charges.reserveCapacity(lines.count(of: group))
      pass { charges.append($0.charge) }
      auditor.audit(PeerCharges(charges), of: piles.groups[group], pass: pass, into: &findings)
    } else {
      var count = 0
      pass { _ in count += 1 }
      let charges = PeerCharges(count: count) { take in pass { take($0.charge) } }
      auditor.audit(charges, of: piles.groups[group], pass: pass, into: &findings)
    }
    if let failure { throw failure }
  }
}
