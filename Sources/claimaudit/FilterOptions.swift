internal import ArgumentParser
internal import Auditing
internal import ClaimModel
internal import Reporting
internal import RulePacks

/// Which findings and lines an audit reports.
struct FilterOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Report only findings at or above info, warning or error.", valueName: "level"))
  var severity = SeverityLevel.info

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Only lines of this payer key: medicare, aetna, bcbs, cigna, uhc, medicaid, tricare, other.", valueName: "name"))
  var payer: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Accepted findings (YAML): left out of findings and --fail-on, counted, and listed in suppressed.csv.",
      valueName: "file"))
  var suppressions: String?

  /// What the numbers of a report depend on besides.
  var conditions: [String] {
    (severity == .info ? [] : ["severity \(severity.rawValue) and above only"])
      + (payer.map { ["payer \($0) only"] } ?? [])
  }

  /// Reads the accepted findings; what has expired on `day` holds no more.
  func loadSuppressions(on day: Day) throws(CommandFailure) -> SuppressionList? {
    guard let suppressions else { return nil }
    let content = try FileContent.read(suppressions, limit: SuppressionFile.sizeLimit, failing: 78)
    do {
      return SuppressionList(try SuppressionFile(yaml: content, file: suppressions).suppressions, on: day)
    } catch {
      throw CommandFailure(error)
    }
  }
}

/// The lowest severity that is asked for.
enum SeverityLevel: String, CaseIterable, ExpressibleByArgument {
  case info
  case warning
  case error

  var severity: Severity { Severity(name: rawValue) ?? .info }
}
