import Auditing
import ByteInput
import ClaimModel
import FoundationEssentials
import Reporting
import RulePacks
import Synchronization
import TestSupport
import Threads

@testable import AuditPipeline

/// What a run over one file published and told: the tables, the summary and the messages, which depend on input and options alone.
struct AuditedFile: Equatable {
  static let names = ["lines.csv", "findings.csv", "issues.csv", "summary.json", "report.xml"]

  private(set) var reports: [String: [UInt8]] = [:]
  /// What the user was told of the issues, in order.
  private(set) var told: [String] = []

  /// The built-in rules, made once for all tests.
  private static let auditor: Result<Auditor, any Error> = Result {
    try Auditor(
      AuditProgram(), options: AuditOptions(asOf: Day(ordinal: 20_500), identityHash: KeyedHash(key0: 1, key1: 2)))
  }

  /// Audits `bytes` as a file of that name.
  ///
  /// - Parameter block: before which block a thread comes to be to spare, where the plan has none; none at all where it is not said.
  init(_ bytes: [UInt8], name: String = "input", helpedAt block: Int? = nil, change: (inout AuditPlan) -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/claimaudit-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // The same path for all runs that are compared would be one folder for tests that run at once: the path is cut out below.
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(filePath: path))
    var plan = AuditPlan()
    plan.inputs = [InputReference(path: path)]
    plan.identityHash = KeyedHash(key0: 1, key1: 2)
    plan.scope = .all
    change(&plan)
    let set = try ReportSet(ReportOptions(destination: .folder(folder + "/out"), formats: [.csv, .xml]))
    plan.spoolFolder = set.spoolFolder
    let lines = RecordSpool(folder: set.spoolFolder)
    let issues = RecordSpool(folder: set.spoolFolder)
    let auditor = try AuditedFile.auditor.get()
    let spare = SpareThreads(plan.jobs - 1)
    let blocks = Atomic<Int>(0)
    var told: [String] = []
    let result = try AuditRun.run(
      plan, auditor: auditor, lines: lines, issues: issues, summary: SummaryBuilder(), spare: spare,
      isCancelled: {
        if blocks.add(1, ordering: .relaxed).oldValue == block { spare.give() }
        return false
      },
      tell: { notice in
        switch notice {
        case .issue(let issue, _):
          told.append("\(issue.severity) \(issue.code), record \(issue.location.record): \(issue.message)")
        case .more(let count, _): told.append("\(count) further")
        case .recognised, .read: break
        }
      })
    self.told = told
    _ = try set.publish(
      lines: lines, issues: issues, runFindings: result.runFindings, files: result.files, catalogue: auditor.catalogue,
      summary: result.summary
    ) { _ in RunFacts(version: "", started: "", finished: "", elapsedMilliseconds: 0, host: "") }
    for report in AuditedFile.names {
      let content = FileManager.default.contents(atPath: "\(folder)/out/\(report)") ?? Data()
      let text = String(decoding: content, as: UTF8.self).replacing(folder, with: "")
      reports[report] = Array(text.utf8)
    }
  }

  /// Reads a file with one thread that another one comes to help at some block; says how that differs from reading it alone.
  static func differenceWhenHelped(_ bytes: [UInt8], _ generator: inout SeededGenerator) throws -> String? {
    let whole = try AuditedFile(bytes) { $0.jobs = 1 }
    let (block, readSize) = (generator.number(0...12), generator.number(50...2000))
    let unitSize = generator.number(100...bytes.count / 12)
    let helped = try AuditedFile(bytes, helpedAt: block) {
      $0.jobs = 1
      $0.unitSize = unitSize
      $0.readSize = readSize
    }
    return helped.difference(from: whole).map {
      "helped at \(block), \(readSize) at a time, units of \(unitSize): \($0)"
    }
  }

  /// The first line in which this differs from `other`; nothing when they are the same.
  func difference(from other: AuditedFile) -> String? {
    for name in AuditedFile.names where reports[name] != other.reports[name] {
      let (lines, others) = (Fixture.lines(of: reports[name] ?? []), Fixture.lines(of: other.reports[name] ?? []))
      for (index, pair) in zip(lines, others).enumerated() where pair.0 != pair.1 {
        return "\(name), line \(index + 1): \(pair.0) instead of \(pair.1)"
      }
      return "\(name): \(lines.count) lines instead of \(others.count)"
    }
    return told == other.told ? nil : "told \(told) instead of \(other.told)"
  }

  /// How many lines were reported.
  var lineCount: Int { max(0, Fixture.lines(of: reports["lines.csv"] ?? []).count - 1) }
}
