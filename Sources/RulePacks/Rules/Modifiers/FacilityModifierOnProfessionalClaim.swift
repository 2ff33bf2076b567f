internal import Auditing
internal import ClaimModel

/// Finds modifiers of facility claims on a professional one.
///
/// A surgery centre that bills Medicare on the professional form may use 73 and 74: place of service 24, and its own taxonomy or
/// none given. Where an export has no place of service that cannot be told, and 73 and 74 pass.
struct FacilityModifierOnProfessionalClaim: LineRule {
  static let description = RuleDescription(
    id: "MOD-014", severity: .error, name: "facility-modifier-on-professional-claim",
    summary: "A professional claim carries no modifier that is for facilities.",
    rationale: "73, 74, PO, PN and their like describe the facility's side; on the clinician's claim they are invalid.",
    needs: .modifiers, applies: .professionalLines, carc: "4", rarc: "N519;N823",
    fix: "Remove the modifier. For a procedure that was stopped the clinician uses 53 or 52.",
    source: "Medicare Claims Processing Manual, chapter 4 §20.6.4 and chapter 14",
    flagged: RuleExample(modifiers: ["73"]), clean: RuleExample(modifiers: ["73"], placeOfService: "24"))

  static let occasions: Occasions = .modifier(.facilityOnly)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.facilityOnly) else { return }
    let excused: ModifierFamilies = Self.mayBeSurgeryCenter(line) ? .surgeryCenter : []
    var codes: [Code] = []
    for index in 0..<line.modifiers.validCount {
      let families = line.families(at: index)
      if families.contains(.facilityOnly), families.isDisjoint(with: excused) {
        codes.append(line.modifiers.valid(at: index))
      }
    }
    guard let first = codes.first else { return }
    findings.report(.modifier(line.position(of: first)), Message.facility(MessageText.quotedList(codes)))
  }

  private static func mayBeSurgeryCenter(_ line: AuditedLine) -> Bool {
    if !line.claim.fields.contains(.placeOfService) { return true }
    guard line.place.code == "24" else { return false }
    let taxonomy = line.claim.text[line.claim.billingTaxonomy]
    return taxonomy.isEmpty || taxonomy.elementsEqual(surgeryCenter)
  }

  /// The taxonomy code of an ambulatory surgery centre.
  private static let surgeryCenter = Array("261QA1903X".utf8)
}

extension FacilityModifierOnProfessionalClaim {
  fileprivate enum Message {
    static func facility(_ values: MessageText) -> MessageText {
      "modifier \(values) is for facility claims, this is a professional one"
    }
  }
}
