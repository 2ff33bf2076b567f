import Auditing
import ClaimModel
import ClaimReading
import RulePacks

/// Collects what the rules say about the claims it is handed.
struct FindingCollector: ClaimHandler {
  let auditor: Auditor
  private var audit = ClaimAudit()
  private(set) var sentences: [String] = []

  init(auditor: Auditor) { self.auditor = auditor }

  mutating func claim(_ claim: inout Claim) {
    auditor.audit(claim, into: &audit)
    for finding in audit.findings {
      let place = claim.lines[finding.line].location
      let rule = auditor.catalogue.ids[Int(finding.rule.position)]
      sentences.append("byte \(place.byteOffset): \(rule) \(audit.string(finding.message))")
    }
  }

  mutating func issue(_ issue: ReadingIssue) {
    sentences.append("byte \(issue.location.byteOffset): \(issue.code) \(issue.message)")
  }
}

/// What the rules say about the claims of an 837 that is in memory.
func findings(in bytes: [UInt8], asOf day: Day) throws -> [String] {
  let hash = KeyedHash.random()
  let auditor = try Auditor(AuditProgram(packs: [.builtIn]), options: AuditOptions(asOf: day, identityHash: hash))
  var reader = X12ClaimReader(interest: ClaimInterest(procedures: auditor.watchedProcedures), hash: hash)
  var collector = FindingCollector(auditor: auditor)
  unsafe bytes.withUnsafeBytes { bytes in
    _ = unsafe reader.read(bytes, isLast: true, handler: &collector)
  }
  return collector.sentences
}
