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
struct ChargeOutlier: PeerRule {
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

  func judge(_ peers: PeerCharges) -> PeerJudgement? {
    guard peers.count > Self.fewest else { return nil }
    let charges = Middle(peers) { UInt64($0) }
    let amounts = charges.values.map { Double($0) }
    let medians = (0...amounts.count).map { charges.median(amounts, leavingOut: $0) }
    let silent = Self.silent(medians)
    // Where no charge is far enough from the median, what is typical need not be found out.
    guard peers.reach(beyond: silent) else { return nil }
    let logs = amounts.map { log($0) }
    // Leaving one out moves the median to one of three places at most, so that distances are put in order three times at most and
    // not for each.
    var distances: [UInt64: [Double]] = [:]
    for position in 0...logs.count {
      let center = charges.median(logs, leavingOut: position)
      if distances[center.bitPattern] != nil { continue }
      // The bits of numbers that are not negative are in the order of the numbers.
      distances[center.bitPattern] = Middle(peers) { abs(log(Double($0)) - center).bitPattern }.values.map {
        Double(bitPattern: $0)
      }
    }
    return PeerJudgement(silent: silent) { charge in
      let x = Double(charge)
      let median = medians[charges.position(of: x, in: amounts)]
      guard x >= 2 * median || x <= median / 2 else { return nil }
      let center = charges.median(logs, leavingOut: charges.position(of: x, in: amounts))
      guard let sorted = distances[center.bitPattern] else { return nil }
      let own = abs(log(x) - center)
      let spread = charges.median(sorted, leavingOut: charges.position(of: own, in: sorted))
      let isFar = spread == 0 ? x >= 3 * median || x <= median / 3 : 0.6745 * own / spread > 3.5
      return isFar ? Message.far(charge, median, peers.count - 1) : nil
    }
  }

  /// Charges that are less than a factor of two from each of those medians, perhaps not all of them.
  private static func silent(_ medians: [Double]) -> ClosedRange<Int64> {
    // Whole numbers beyond this are not all numbers of floating point.
    let exact: Double = 0x1p52
    guard let least = medians.min(), let greatest = medians.max(), greatest < exact else { return 0...0 }
    let low = Int64((greatest / 2).rounded(.down)) + 1
    let high = Int64((2 * least).rounded(.up)) - 1
    return low <= high ? low...high : 0...0
  }

  /// The values around the middle of an ascending order: all that a median needs, whichever value is left out.
  private struct Middle {
    let values: [UInt64]
    /// The place of the first of them in the whole order, and how many there are in that.
    private let first: Int
    private let count: Int

    init(_ peers: PeerCharges, _ measure: (Int64) -> UInt64) {
      count = peers.count
      let middle = (count - 1) / 2
      first = max(0, middle - 1)
      values = peers.values(at: Array(first...min(count - 1, middle + 1)), of: measure)
    }

    /// Where a value stands among the middle ones; before or behind them where it is less or greater.
    func position(of value: Double, in middle: [Double]) -> Int {
      var position = 0
      while position < middle.count, middle[position] < value { position += 1 }
      return position
    }

    /// The median of the whole order without the value at a position among the middle ones.
    func median(_ middle: [Double], leavingOut position: Int) -> Double {
      func value(_ place: Int) -> Double {
        let index = place - first
        return middle[index < position ? index : index + 1]
      }
      let others = count - 1
      return others % 2 == 1 ? value(others / 2) : (value(others / 2 - 1) + value(others / 2)) / 2
    }
  }
}

extension ChargeOutlier {
  fileprivate enum Message {
    static func far(_ charge: Int64, _ median: Double, _ count: Int) -> MessageText {
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
