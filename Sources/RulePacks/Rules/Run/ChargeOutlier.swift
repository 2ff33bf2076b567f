internal import Auditing
internal import ClaimModel

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Marks charges far from those of the same payer, kind of claim and setting.
///
/// Information only: charges are free prices. A charge is compared with all the others of its group, itself left out: on the scale of
/// logarithms, by the modified z-score (0.6745 · distance from the median / median distance), and by a factor of two; where most
/// charges are equal, by a factor of three. Fewer than ten others say nothing.
struct ChargeOutlier: RunRule {
  static let grouping = FactGrouping.peers
  static let description = RuleDescription(
    id: "CHG-003", severity: .info, name: "charge-outlier",
    summary: "The charge is not far from other charges for the same procedure, payer, kind of claim and setting.",
    rationale:
      "A charge far from its peers is often a slipped decimal point, a wrong unit or a wrong line of the charge master.",
    needs: .charge, applies: .all, scope: .general, carc: "45", rarc: "",
    fix: "Check the charge against the charge master.",
    source: "Modified z-score (Iglewicz and Hoaglin) on the logarithms of charges",
    flagged: RuleExample {
      $0.charge = "4500.00"
      $0.priors = outlierPeers
    }, clean: RuleExample { $0.priors = outlierPeers })

  /// The fewest others that say anything.
  private static let fewest = 10

  func check(_ group: ArraySlice<LineFact>, _ findings: inout RunFindingSink) {
    let charged = group.filter {
      $0.traits.contains(.watched) && $0.charge > 0 && $0.traits.isDisjoint(with: [.void, .reversal])
    }
    guard charged.count > Self.fewest else { return }
    let cents = charged.map(\.charge).sorted()
    let amounts = cents.map { Double($0) }
    let logs = amounts.map { log($0) }
    // Leaving one out moves the median to one of three places at most, so that distances are sorted three times and not for each.
    var distances: [Double: [Double]] = [:]
    for fact in charged {
      let low = Self.position(of: Double(fact.charge), in: amounts)
      let median = Self.median(amounts, leavingOut: low)
      let x = Double(fact.charge)
      guard x >= 2 * median || x <= median / 2 else { continue }
      let center = Self.median(logs, leavingOut: low)
      let own = abs(logs[low] - center)
      let sorted: [Double]
      if let known = distances[center] {
        sorted = known
      } else {
        sorted = logs.map { abs($0 - center) }.sorted()
        distances[center] = sorted
      }
      let position = Self.position(of: own, in: sorted)
      let spread = Self.median(sorted, leavingOut: position)
      let isFar = spread == 0 ? x >= 3 * median || x <= median / 3 : 0.6745 * own / spread > 3.5
      if isFar { findings.report(fact, .charge, Message.far(fact.charge, median, charged.count - 1)) }
    }
  }

  /// The first position of a value among sorted ones, the last position where it is beyond them.
  private static func position(of value: Double, in values: [Double]) -> Int {
    var low = 0
    var high = values.count - 1
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The median of sorted values without the one at `index`.
  private static func median(_ values: [Double], leavingOut index: Int) -> Double {
    func value(_ position: Int) -> Double { values[position < index ? position : position + 1] }
    let others = values.count - 1
    return others % 2 == 1 ? value(others / 2) : (value(others / 2 - 1) + value(others / 2)) / 2
  }
}

extension ChargeOutlier {
  fileprivate enum Message {
    static func far(_ charge: Int64, _ median: Double, _ count: Int) -> String {
      "the charge \(dollars(charge)) is far from the median \(dollars(Int64(median.rounded()))) of \(count) others"
    }
  }

  /// Ten other patients' charges, all much alike.
  private static var outlierPeers: [RuleExample.Prior] {
    (0..<10).map { number in
      RuleExample.Prior(
        "32960", date: "20260201", charge: "4\(40 + number * 2).00", claimID: "PEER\(number)",
        patient: UInt64(100 + number))
    }
  }
}
