/// Numbers as people read them.
extension FixedWidthInteger {
  /// Digits in groups of three: `1,204`.
  var grouped: String {
    var text = ""
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + String(text.reversed())
  }

  /// The number and its noun: `1 file`, `2 files`.
  func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}

extension Int64 {
  /// Cents as dollars: `$1,204.50`.
  var dollars: String {
    let fraction = magnitude % 100
    return "\(self < 0 ? "-" : "")$\((magnitude / 100).grouped).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  /// This part of `whole` as a length in an SVG: a percentage with two decimals, computed in whole numbers.
  func percent(of whole: Int64) -> String {
    guard whole > 0 else { return "0%" }
    let hundredths = Int128(Swift.min(Swift.max(self, 0), whole)) * 10_000 / Int128(whole)
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)%"
  }
}
