internal import Auditing
internal import Reporting

/// The lines whose charges are compared, waiting for the end of the run, those of a peer group together.
final class PeerGroups {
  /// How many lines of a group are held while it is gone over several times; those of larger ones are read each time.
  private static let held = 1 << 15

  private let lines: PileSpool
  /// The pile of each group.
  private var piles: [UInt32: Int] = [:]
  /// The group that came last: neighbours often share it.
  private var last: (group: UInt32, pile: Int)?

  /// No lines; a file, if there is one, goes into `folder`.
  init(folder: String) { lines = PileSpool(folder: folder, size: MemoryLayout<PeerFact>.size, page: 64) }

  /// Adds a line, if its charge is compared at all.
  func append(_ fact: LineFact) throws(ReportError) {
    guard let peer = PeerFact(fact) else { return }
    try lines.append(peer, to: pile(of: fact.peerGroup))
  }

  private func pile(of group: UInt32) -> Int {
    if let last, last.group == group { return last.pile }
    let pile = piles[group] ?? piles.count
    piles[group] = pile
    last = (group, pile)
    return pile
  }

  /// How many groups there are.
  var count: Int { lines.pileCount }

  /// How many lines a group has.
  func count(of group: Int) -> Int { lines.count(of: group) }

  /// Hands out what is found in a group; lines that `isWithheld` are left out.
  ///
  /// Several threads may each have a group audited, once nothing is added any more.
  func audit(
    _ group: Int, _ auditor: RunAuditor, isWithheld: @escaping (PeerFact) -> Bool,
    _ take: @escaping (RunFinding) -> Void
  ) throws(ReportError) {
    var held: [PeerFact] = []
    var count = 0
    var failure: ReportError?
    func read(_ take: (PeerFact) -> Void) {
      do throws(ReportError) {
        try lines.forEach(of: group, as: PeerFact.self) { peer in
          if !isWithheld(peer) { take(peer) }
        }
      } catch {
        failure = error
      }
    }
    let isHeld = lines.count(of: group) <= PeerGroups.held
    if isHeld {
      held.reserveCapacity(lines.count(of: group))
      read { held.append($0) }
      count = held.count
    } else {
      read { _ in count += 1 }
    }
    func pass(_ take: (PeerFact) -> Void) {
      if isHeld { for peer in held { take(peer) } } else { read(take) }
    }
    auditor.audit(peers: count, pass: pass, take)
    if let failure { throw failure }
  }
}
