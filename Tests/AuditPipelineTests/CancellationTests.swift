import Auditing
import ByteInput
import ClaimModel
import FoundationEssentials
import Reporting
import RulePacks
import Synchronization
import TestSupport
import Testing

@testable import AuditPipeline

@Suite("A run that is cancelled")
struct CancellationTests {
  /// Runs over two files of which the second is cancelled after some blocks; says how many inputs were read and how many claims.
  private func run(blocks: Int?) throws -> (inputs: Int, claims: Int) {
    let folder = FileManager.default.temporaryDirectory.path + "/claimaudit-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var plan = AuditPlan()
    plan.readSize = 1000
    plan.spoolFolder = folder
    for (name, claims) in [("a", 1), ("b", 40)] {
      try Data(GeneratedFile(seed: 3, claims: claims).bytes).write(to: URL(filePath: "\(folder)/\(name)"))
      plan.inputs.append(InputReference(path: "\(folder)/\(name)"))
    }
    let auditor = try Auditor(AuditProgram(), options: AuditOptions(asOf: Day(ordinal: 20_500)))
    let asked = Atomic<Int>(0)
    let result = try AuditRun.run(
      plan, auditor: auditor, lines: RecordSpool(folder: folder), issues: RecordSpool(folder: folder),
      summary: SummaryBuilder(), isCancelled: { asked.add(1, ordering: .relaxed).oldValue >= blocks ?? .max },
      tell: { _ in })
    return (result.inputsRead, result.files.reduce(0) { $0 + $1.claims })
  }

  @Test("does not count the input it was in the middle of")
  func inputs() throws {
    let whole = try run(blocks: nil)
    #expect(whole.inputs == 2 && whole.claims > 20, "\(whole)")
    let cut = try run(blocks: 12)
    #expect(cut.inputs == 1 && cut.claims > 1 && cut.claims < whole.claims, "\(cut)")
    #expect(try run(blocks: 0).inputs == 0)
  }
}
