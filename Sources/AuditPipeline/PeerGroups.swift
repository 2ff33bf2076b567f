internal import Auditing
internal import Reporting

/// The lines whose charges are compared, waiting for the end of the run, those of a peer group together.
final class PeerGroups {
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

  /// Hands out what is found, group by group; lines that `isWithheld` are left out.
  func audit(
    _ auditor: RunAuditor, isWithheld: @escaping (PeerFact) -> Bool,
    _ take: ([RunFinding]) throws(ReportError) -> Void
  ) throws(ReportError) {
    var failure: ReportError?
    for pile in 0..<lines.pileCount {
      func pass(_ take: (PeerFact) -> Void) {
        do throws(ReportError) {
          try lines.forEach(of: pile, as: PeerFact.self) { peer in
            if !isWithheld(peer) { take(peer) }
          }
        } catch {
          failure = error
        }
      }
      var count = 0
      pass { _ in count += 1 }
      var findings: [RunFinding] = []
      auditor.audit(peers: count, pass: pass) { findings.append($0) }
      if let failure { throw failure }
      try take(findings)
    }
  }
}
