import AuditPipeline
import Auditing
import ByteInput
import ClaimModel
import ClaimReading
import FoundationEssentials
import RulePacks
import SourceCopies
import TestSupport

/// A folder of a test's own.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/claimaudit-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(filePath: path + "/" + name))
    return path + "/" + name
  }

  func bytes(_ name: String) -> [UInt8] { Fixture.bytes(at: path + "/" + name) ?? [] }
}

/// What an extraction wrote, the selected claims and the others.
struct Extracted {
  var selected: [UInt8] = []
  var others: [UInt8] = []
  var outcome: ClaimExtraction.Outcome?

  /// The built-in rules, made once for all tests.
  static let auditor: Result<Auditor, any Error> = Result {
    try Auditor(
      AuditProgram(), options: AuditOptions(asOf: Day(ordinal: 20_500), identityHash: KeyedHash(key0: 1, key1: 2)))
  }

  /// Extracts from files of these contents, in the order of their names.
  init(
    _ contents: [[UInt8]], change: (inout AuditPlan) -> Void = { _ in },
    criteria: (inout ClaimCriteria) throws -> Void
  ) throws {
    let folder = try Folder()
    var plan = AuditPlan()
    plan.identityHash = KeyedHash(key0: 1, key1: 2)
    for (index, content) in contents.enumerated() {
      plan.inputs.append(InputReference(path: try folder.write("\(index)", content)))
    }
    change(&plan)
    var asked = ClaimCriteria()
    try criteria(&asked)
    for isInverted in [false, true] {
      let outcome = try ClaimExtraction.run(
        plan, auditor: Extracted.auditor.get(), criteria: asked, isInverted: isInverted,
        destination: .file(folder.path + "/out"), isCancelled: { false }, tell: { _ in })
      if isInverted {
        others = folder.bytes("out")
      } else {
        selected = folder.bytes("out")
        self.outcome = outcome
      }
    }
  }

  /// Extracts from one file.
  init(_ content: [UInt8], criteria: (inout ClaimCriteria) throws -> Void) throws {
    try self.init([content], criteria: criteria)
  }

  /// Extracts from a text.
  init(_ text: String, criteria: (inout ClaimCriteria) throws -> Void) throws {
    try self.init([Array(text.utf8)], criteria: criteria)
  }
}

extension ClaimCriteria {
  /// Claims with any finding.
  mutating func askForFindings() { finding = FindingCriteria() }

  /// Claims with these ids.
  mutating func askFor(_ ids: String...) { claimIDs = Set(ids.map { Array($0.utf8) }) }
}

extension RecordedClaim {
  /// The claim without where it stands, which another file does not keep.
  var placeless: String {
    var claim = self
    claim.location = SourceLocation()
    for index in claim.lines.indices { claim.lines[index].location = SourceLocation() }
    return "\(claim)"
  }
}
