import AuditPipeline
import ByteInput
import ClaimModel
import FoundationEssentials
import Reporting
import TestSupport
import Testing

@testable import SourceCopies

/// Inputs that are written while claims are extracted from them.
@Suite("An input that changes under an extraction")
struct ChangingInputTests {
  /// The files that are changed, and what they become.
  static let changes: [(name: String, before: [UInt8], after: [UInt8])] = {
    let x12 = Fixture("x12/valid/patient-levels.837").bytes
    let csv = Array("claim_id,cpt,dos,charge\nA,32960,2026-01-05,10\nB,32960,2026-01-05,10\n".utf8)
    let other = Array("claim_id,cpt,dos,charge\nC,32960,2026-01-05,10\nB,32960,2026-01-05,10\nA,71046,,\n".utf8)
    return [
      ("longer export", csv, csv + Array("D,32960,2026-01-05,10\n".utf8)),
      ("other export", csv, other),
      ("emptied export", csv, []),
      ("export that became an 837", csv, x12),
      ("emptied 837", x12, []),
      ("cut 837", x12, Array(x12.prefix(x12.count / 2))),
      ("837 with something before it", x12, Array("\n\n\n".utf8) + x12),
      ("837 that became an export", x12, csv),
    ]
  }()

  /// Extracts the claims with a watched line, the file changing when the run asks for the `moment`-th time whether to go on.
  private func extract(_ before: [UInt8], _ after: [UInt8], at moment: Int) throws -> (written: [UInt8]?, asked: Int) {
    let folder = try Folder()
    let path = try folder.write("in", before)
    var plan = AuditPlan()
    plan.identityHash = KeyedHash(key0: 1, key1: 2)
    plan.inputs = [InputReference(path: path)]
    plan.readSize = 128
    var criteria = ClaimCriteria()
    criteria.needsWatchedLine = true
    let clock = Moments(moment) { try? Data(after).write(to: URL(filePath: path)) }
    do {
      _ = try ClaimExtraction.run(
        plan, auditor: Extracted.auditor.get(), criteria: criteria, isInverted: false,
        destination: .file(folder.path + "/out"), isCancelled: { clock.next() }, tell: { _ in })
      return (folder.bytes("out"), clock.asked)
    } catch let error as ExtractionFailure {
      #expect(error.exitCode == 65 || error.exitCode == 64, "\(error)")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
      return (nil, clock.asked)
    }
  }

  /// Counts how often a run asks whether to go on.
  private final class Moments: @unchecked Sendable {
    private(set) var asked = 0
    private let moment: Int
    private let act: () -> Void

    init(_ moment: Int, _ act: @escaping () -> Void) {
      self.moment = moment
      self.act = act
    }

    func next() -> Bool {
      asked += 1
      if asked == moment { act() }
      return false
    }
  }

  @Test("gives the claims of the one or of the other, or an error and no file", arguments: changes.indices)
  func anyMoment(index: Int) throws {
    let (name, before, after) = Self.changes[index]
    let (old, moments) = try extract(before, before, at: 0)
    let new = try extract(after, after, at: 0).written
    #expect(old?.isEmpty == false && moments > 4)
    var refused = 0
    for moment in 1...moments {
      let written = try extract(before, after, at: moment).written
      if written == nil { refused += 1 }
      #expect(written == nil || written == old || written == new, "\(name), moment \(moment)")
    }
    #expect(refused > 0, "\(name)")
  }

  @Test("more above a claim than a claim may have ends it with its code and no file")
  func headerTooLong() throws {
    let text = String(decoding: Fixture("x12/valid/patient-levels.837").bytes, as: UTF8.self)
    let start = try #require(text.firstRange(of: "~HL*")?.lowerBound ?? text.firstRange(of: "~\nHL*")?.lowerBound)
    let reference = "~REF*ZZ*" + String(repeating: "9", count: 40_000)
    let long = text[..<start] + String(repeating: reference, count: 430) + text[start...]
    let error = #expect(throws: ExtractionFailure.self) {
      _ = try Extracted(String(long)) { $0.needsWatchedLine = true }
    }
    #expect(error?.exitCode == 65 && error?.description.contains("16 MiB") == true)
  }

  @Test("every failure has its code and names what to do")
  func failures() {
    func code(_ kind: ReportError.Kind) -> Int32 {
      ExtractionFailure.output(ReportError(kind, call: "write", file: "f", code: 5)).exitCode
    }
    #expect(
      [code(.cannotCreate), code(.cannotWrite), code(.locked), code(.brokenPipe)] == [73, 74, 75, 141])
    let misuse: [ExtractionFailure] = [
      .mixedFormats(x12: "a.837", csv: "b.csv"), .differentHeaders("a.csv", "b.csv"), .overInput("a.csv"),
    ]
    for failure in misuse { #expect(failure.exitCode == 64 && failure.description.contains("-o")) }
    #expect(ExtractionFailure.changed.exitCode == 65 && ExtractionFailure.changed.description.contains("again"))
  }
}
