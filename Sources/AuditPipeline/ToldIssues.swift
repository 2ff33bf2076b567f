internal import ClaimModel

/// The issues of a stream that the user is told of: the first ones of each severity, in input order.
///
/// Each severity has places of its own, so that no number of harmless remarks hides the error that decides about the exit code. What
/// pieces of a stream tell is put together piece after piece, and comes to the same however the stream was parted.
struct ToldIssues {
  /// How many issues of one severity are told.
  static let limit = 20

  private(set) var issues: [ReadingIssue] = []
  /// How many more there are of at least a warning.
  private(set) var untold = 0
  private var counts: [IssueSeverity: Int] = [:]

  var isEmpty: Bool { issues.isEmpty && untold == 0 }

  /// Adds the next issue.
  mutating func add(_ issue: ReadingIssue) {
    let count = counts[issue.severity, default: 0]
    if count < ToldIssues.limit {
      counts[issue.severity] = count + 1
      issues.append(issue)
    } else if issue.severity != .info {
      untold += 1
    }
  }

  /// Adds what the next piece of the stream tells.
  mutating func add(_ next: ToldIssues) {
    for issue in next.issues { add(issue) }
    untold += next.untold
  }
}
