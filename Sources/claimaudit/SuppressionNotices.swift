internal import Auditing
internal import ClaimModel
internal import Reporting

/// What the user should know of the accepted findings: how many were left out where no report says so, and what has come to nothing.
extension FilterOptions {
  /// How many suppressions are named; `summary.json` holds all of them.
  private static let limit = 10

  /// Says it.
  ///
  /// - Parameter isShown: whether a report set says how many findings were suppressed.
  func tellSuppressions(_ summary: Summary, isShown: Bool, _ messenger: Messenger) {
    guard let suppressed = summary.suppressed, let file = suppressions else { return }
    if !isShown, suppressed.findings > 0 {
      messenger.warning(
        "\(file): \(suppressed.findings) finding\(suppressed.findings == 1 ? " is" : "s are") suppressed")
    }
    tell(suppressed.expired, in: file, messenger) { suppression in
      "has expired on \(suppression.until?.description ?? ""); look at the finding again"
    }
    // Where only new files are reported, the finding may well be in another one.
    guard summary.coverage?.isWhole ?? true else { return }
    tell(suppressed.unused, in: file, messenger) { _ in "matches no finding of this run" }
  }

  private func tell(
    _ suppressions: [Suppression], in file: String, _ messenger: Messenger, _ words: (Suppression) -> String
  ) {
    for suppression in suppressions.prefix(FilterOptions.limit) {
      messenger.warning(
        "\(file):\(suppression.line):\(suppression.column): \(suppression.fingerprint) \(words(suppression))")
    }
    let more = suppressions.count - FilterOptions.limit
    if more > 0 { messenger.warning("\(file): the same of \(more) more; summary.json lists them") }
  }
}
