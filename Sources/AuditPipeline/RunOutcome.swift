public import Auditing
public import Reporting

/// How a run ended, as its exit code says it.
///
/// Of several that apply the first of 78, 75, 73, 74, 66, 65, 1 wins; the first four end a run before it has an outcome.
public struct RunOutcome: Sendable {
  /// The exit code.
  public let exitCode: Int32

  /// The outcome of a run that was published.
  ///
  /// - Parameters:
  ///   - isDamaged: some input was damaged or refused.
  ///   - isUnopened: some input could not be opened.
  ///   - heaviest: the heaviest finding.
  ///   - failOn: the level from which findings count; `nil` for never.
  public init(isDamaged: Bool, isUnopened: Bool, heaviest: Severity, failOn: Severity?) {
    if isUnopened {
      exitCode = 66
    } else if isDamaged {
      exitCode = 65
    } else if let failOn, heaviest >= failOn, heaviest > .none {
      exitCode = 1
    } else {
      exitCode = 0
    }
  }
}

extension ReportError {
  /// The exit code of a run that ended with this error.
  public var exitCode: Int32 {
    switch kind {
    case .cannotCreate: 73
    case .cannotWrite: 74
    case .locked: 75
    case .brokenPipe: 141
    }
  }
}
