public import ClaimModel

/// A condition of a pack over the fields of a line and its claim, made ready for asking: no text is made and nothing is allocated
/// when it is evaluated.
///
/// Fields with several values (modifiers, diagnoses, companions) satisfy a test when one of the values does; `not_in` holds when
/// none of the values is in the list. A field without a value satisfies `not_in`, `ne` and nothing else.
public struct Condition: Sendable {
  /// A field that conditions may name.
  public enum Field: String, Sendable, CaseIterable {
    /// The procedure.
    case procedure
    /// A valid modifier.
    case modifier
    /// The place of service that holds for the line.
    case placeOfService = "place_of_service"
    /// The type of bill, four characters.
    case typeOfBill = "type_of_bill"
    /// The revenue code.
    case revenueCode = "revenue_code"
    /// A diagnosis that counts for the line, without dot.
    case diagnosis
    /// The payer's key.
    case payer
    /// The claim filing indicator.
    case filingIndicator = "filing_indicator"
    /// `P`, `I` or `D`.
    case claimType = "claim_type"
    /// `837` or `csv`.
    case source
    /// The claim frequency.
    case frequency
    /// Another procedure of the claim on that day by that clinician.
    case companion
    /// The units.
    case units
    /// The line's charge.
    case charge
    /// The claim's total.
    case claimTotal = "claim_total"
    /// The service date.
    case serviceDate = "service_date"
    /// The last service date.
    case serviceTo = "service_to"
    /// The admission date.
    case admissionDate = "admission_date"
    /// The discharge date.
    case dischargeDate = "discharge_date"
    /// The billing provider.
    case billingNPI = "billing_npi"
    /// The line's clinician.
    case renderingNPI = "rendering_npi"
    /// The billing provider's taxonomy.
    case billingTaxonomy = "billing_taxonomy"
    /// The number of the claim that is replaced or voided.
    case originalClaim = "original_claim"
    /// An attachment or a note.
    case documentation

    /// What kind of value the field has.
    public var kind: Kind {
      switch self {
      case .units: .quantity
      case .charge, .claimTotal: .amount
      case .serviceDate, .serviceTo, .admissionDate, .dischargeDate: .date
      case .billingNPI, .renderingNPI, .billingTaxonomy, .payer: .text
      case .originalClaim, .documentation: .presence
      default: .code
      }
    }

    /// What the source must carry for a test of the field to mean anything.
    public var needs: FieldSet {
      switch self {
      case .procedure, .claimType, .source: []
      case .modifier: .modifiers
      case .placeOfService: .placeOfService
      case .typeOfBill: .typeOfBill
      case .revenueCode: .revenueCode
      case .diagnosis: .diagnoses
      case .payer: .payer
      case .filingIndicator: .filingIndicator
      case .frequency: .frequency
      case .companion: [.serviceDate, .clinician]
      case .units: .units
      case .charge: .charge
      case .claimTotal: .totalCharge
      case .serviceDate, .serviceTo: .serviceDate
      case .admissionDate: .admission
      case .dischargeDate: .discharge
      case .billingNPI: .billingNPI
      case .renderingNPI: .clinician
      case .billingTaxonomy: .billingTaxonomy
      case .originalClaim: .originalClaimID
      case .documentation: .documentation
      }
    }
  }

  /// A kind of value.
  public enum Kind: Sendable {
    /// A code of at most eight characters.
    case code
    /// A text.
    case text
    /// Ten-thousandths of a unit.
    case quantity
    /// Cents.
    case amount
    /// A day, as its ordinal.
    case date
    /// Only whether it is there.
    case presence
  }

  /// What is asked of a field.
  public enum Test: Sendable {
    /// One of the codes, or beginning with one of the prefixes.
    case inCodes(CodePatterns)
    /// None of them.
    case notInCodes(CodePatterns)
    /// One of the texts, or beginning with it where it is a prefix.
    case inTexts([[UInt8]], prefix: Bool)
    /// None of them.
    case notInTexts([[UInt8]])
    /// Whether there is a value.
    case exists(Bool)
    /// Between two numbers, both included.
    case between(Int64, Int64)
    /// A number other than this.
    case notEqual(Int64)
  }

  /// A condition as the packs write it.
  public indirect enum Tree: Sendable {
    /// All of them hold; none at all holds.
    case all([Tree])
    /// One of them holds.
    case any([Tree])
    /// It does not hold.
    case not(Tree)
    /// A field is tested.
    case test(Field, Test)
  }

  private enum Kernel: Sendable {
    case all
    case any
    case not
    case test(Field, Test)
  }

  private struct Node: Sendable {
    var kernel: Kernel
    /// Behind the last node of the subtree.
    var end: Int
  }

  private let nodes: [Node]
  /// What the source must carry for the condition to mean anything.
  public let needs: FieldSet

  /// A condition from its tree.
  public init(_ tree: Tree) {
    var nodes: [Node] = []
    var needs: FieldSet = []
    Self.flatten(tree, &nodes, &needs)
    self.nodes = nodes
    self.needs = needs
  }

  private static func flatten(_ tree: Tree, _ nodes: inout [Node], _ needs: inout FieldSet) {
    let index = nodes.count
    switch tree {
    case .all(let parts):
      nodes.append(Node(kernel: .all, end: 0))
      for part in parts { flatten(part, &nodes, &needs) }
    case .any(let parts):
      nodes.append(Node(kernel: .any, end: 0))
      for part in parts { flatten(part, &nodes, &needs) }
    case .not(let part):
      nodes.append(Node(kernel: .not, end: 0))
      flatten(part, &nodes, &needs)
    case .test(let field, let test):
      nodes.append(Node(kernel: .test(field, test), end: 0))
      needs.formUnion(field.needs)
    }
    nodes[index].end = nodes.count
  }

  /// Whether the condition holds for a line.
  public func holds(for line: AuditedLine) -> Bool { nodes.isEmpty || holds(0, line) }

  private func holds(_ index: Int, _ line: AuditedLine) -> Bool {
    let end = nodes[index].end
    switch nodes[index].kernel {
    case .all:
      var child = index + 1
      while child < end {
        if !holds(child, line) { return false }
        child = nodes[child].end
      }
      return true
    case .any:
      var child = index + 1
      while child < end {
        if holds(child, line) { return true }
        child = nodes[child].end
      }
      return false
    case .not:
      return !holds(index + 1, line)
    case .test(let field, let test):
      return Self.evaluate(field, test, line)
    }
  }
}

extension Condition {
  private static func evaluate(_ field: Field, _ test: Test, _ line: AuditedLine) -> Bool {
    switch test {
    case .exists(let wanted):
      return exists(field, line) == wanted
    case .inCodes(let patterns):
      return anyCode(field, line) { patterns.matches($0) }
    case .notInCodes(let patterns):
      return !anyCode(field, line) { patterns.matches($0) }
    case .inTexts(let texts, let prefix):
      return anyText(field, line, texts, prefix: prefix)
    case .notInTexts(let texts):
      return !anyText(field, line, texts, prefix: false)
    case .between(let low, let high):
      guard let number = number(field, line) else { return false }
      return number >= low && number <= high
    case .notEqual(let other):
      return number(field, line) != other
    }
  }

  private static func anyCode(_ field: Field, _ line: AuditedLine, _ matches: (Code) -> Bool) -> Bool {
    switch field {
    case .procedure: return matches(line.line.procedure.code)
    case .modifier:
      for index in 0..<line.modifiers.validCount where matches(line.modifiers.valid(at: index)) { return true }
      return false
    case .placeOfService: return matches(line.place.code)
    case .typeOfBill: return matches(line.billType)
    case .revenueCode: return matches(line.line.revenueCode.code)
    case .diagnosis:
      var found = false
      line.forEachUsedDiagnosis { if matches(line.claim.diagnoses[$0].code) { found = true } }
      return found
    case .filingIndicator: return matches(line.claim.filingIndicator.code)
    case .claimType:
      return matches(line.claim.kind == .dental ? "D" : line.isInstitutional ? "I" : "P")
    case .source: return matches(line.isCSV ? "CSV" : "837")
    case .frequency: return matches(line.frequency)
    case .companion:
      for other in line.claim.lines.indices where line.isCompanion(other) {
        if matches(line.claim.lines[other].procedure.code) { return true }
      }
      return false
    default: return false
    }
  }

  private static func anyText(_ field: Field, _ line: AuditedLine, _ texts: [[UInt8]], prefix: Bool) -> Bool {
    if field == .payer {
      for text in texts where line.payerKey.utf8.elementsEqual(text) { return true }
      return false
    }
    let range: TextRange
    switch field {
    case .billingNPI: range = line.claim.billingNPI
    case .renderingNPI: range = line.claim.clinician(ofLine: line.index)
    case .billingTaxonomy: range = line.claim.billingTaxonomy
    default: return false
    }
    let value = line.claim.text[range]
    for text in texts where prefix ? value.starts(with: text) : value.elementsEqual(text) { return true }
    return false
  }

  private static func number(_ field: Field, _ line: AuditedLine) -> Int64? {
    switch field {
    case .units: return line.line.units.tenThousandths
    case .charge: return line.line.charge.cents
    case .claimTotal: return line.claim.totalCharge.cents
    case .serviceDate: return line.day.map { Int64($0.ordinal) }
    case .serviceTo: return line.line.serviceTo.day.map { Int64($0.ordinal) }
    case .admissionDate: return line.claim.admission.day.map { Int64($0.ordinal) }
    case .dischargeDate: return line.claim.discharge.day.map { Int64($0.ordinal) }
    default: return nil
    }
  }

  private static func exists(_ field: Field, _ line: AuditedLine) -> Bool {
    switch field.kind {
    case .quantity, .amount, .date: return number(field, line) != nil
    case .code: return anyCode(field, line) { !$0.isNone }
    case .presence:
      return field == .documentation
        ? line.claim.hasDocumentation || line.line.hasDocumentation : !line.claim.originalClaimID.isEmpty
    case .text:
      switch field {
      case .payer: return line.payer != nil
      case .billingNPI: return !line.claim.billingNPI.isEmpty
      case .renderingNPI: return !line.claim.clinician(ofLine: line.index).isEmpty
      default: return !line.claim.billingTaxonomy.isEmpty
      }
    }
  }
}
