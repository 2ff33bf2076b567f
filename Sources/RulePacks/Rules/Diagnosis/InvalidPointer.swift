internal import Auditing
internal import ClaimModel

/// Finds diagnosis pointers that are none or point beyond the claim's diagnoses.
struct InvalidPointer: LineRule {
  static let description = RuleDescription(
    id: "DX-002", severity: .error, name: "invalid-pointer",
    summary: "Each diagnosis pointer is 1 to 12 (A to L) and points to a diagnosis that is there.",
    rationale: "A pointer to nothing makes the line unprocessable.",
    needs: [.diagnoses, .diagnosisPointers], applies: .professionalLines, scope: .general, carc: "16", rarc: "M76",
    fix: "Point to a diagnosis of the claim, or add the one that is missing.",
    source: "X12 837P SV107",
    flagged: RuleExample { $0.pointers = [3] }, clean: RuleExample { $0.pointers = [1] })

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let pointers = line.line.diagnosisPointers
    let count = line.claim.diagnoses.count
    var wrong: [MessageText] = []
    for index in pointers.indices {
      let pointer = pointers[index]
      if pointer >= 1 && pointer <= 12 && pointer <= count { continue }
      let text: MessageText = pointer == 0 || pointer > 12 ? "that is no number from 1 to 12" : "\(pointer)"
      if !wrong.contains(text) { wrong.append(text) }
    }
    if !wrong.isEmpty { findings.report(.diagnosisPointers, Message.invalid(wrong)) }
  }
}

extension InvalidPointer {
  fileprivate enum Message {
    static func invalid(_ pointers: [MessageText]) -> MessageText {
      "pointer \(MessageText.list(pointers.count) { pointers[$0] }) has no diagnosis"
    }
  }
}
