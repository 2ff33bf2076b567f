public import ClaimModel

/// A watched line with what every rule would else work out for itself: the place that holds for it, its valid modifiers, its day,
/// whether it is judged as a professional or an institutional line, the payer, what the pack expects.
public struct AuditedLine {
  /// The claim.
  public let claim: Claim
  /// The code sets.
  public let tables: CodeTables
  /// The run date.
  public let asOf: Day
  let standing: ClaimStanding
  /// Whether the claim comes from an export.
  public let isCSV: Bool
  /// The type of bill as four characters, `none` when there is none.
  public let billType: Code
  /// The payer's position in the table, `nil` when it is not known.
  public let payer: Int?
  /// Whether a diagnosis is marked as ICD-9: then nothing is said about codes.
  public let hasICD9: Bool

  /// The line's position in the claim.
  public private(set) var index = 0
  /// The line.
  public private(set) var line = ServiceLine()
  /// What the pack says about its procedure.
  public private(set) var policy: ProcedurePolicy
  /// Where that stands in the run's table, `nil` for a procedure that is not watched.
  private var policyPosition: Int?
  /// The service day: the line's, the claim's, else the first of the statement period.
  public private(set) var day: Day?
  /// The day where the line or the claim says it itself, not through the statement period.
  public private(set) var serviceDay: Day?
  /// The place of service that holds for the line.
  public private(set) var place = CodedValue.none
  /// Whether that place is assigned and in effect.
  public private(set) var isPlaceValid = false
  /// The modifiers, sorted out.
  public private(set) var modifiers = ModifierReading()
  /// Whether the line bills a clinician's work: a professional line, or one of a critical access hospital (85x) under a
  /// professional-fee revenue code (096x to 098x).
  public private(set) var billsClinician = false
  /// What about the line may give a rule reason to speak; worked out for watched lines.
  public private(set) var occasions: Occasions = .always
  /// The sum of the charges of the claim's lines, `nil` where one of them has none; worked out for watched lines.
  public private(set) var sumOfCharges: Int64?
  /// What the claim's diagnoses and lines are to the policy and the day of the line.
  private var company = ClaimCompany()
  private var hasCompany = false

  /// The claim, before any line; the policy, which stands at a position of the run's table, is that of a line that follows.
  init(claim: Claim, tables: CodeTables, asOf: Day, payer: Int?, policy: ProcedurePolicy, at position: Int?) {
    self.claim = claim
    self.policy = policy
    policyPosition = position
    self.tables = tables
    self.asOf = asOf
    self.payer = payer
    isCSV = claim.format == .csv
    standing = ClaimStanding(claim)
    billType = claim.typeOfBill.code
    var old = false
    for diagnosis in claim.diagnoses where diagnosis.edition == .icd9 { old = true }
    hasICD9 = old
  }

  /// Goes to a line; its policy stands at a position of the run's table.
  ///
  /// Nearly always it is the policy of the line before, which is kept then and not given up and kept again: all threads count in the
  /// same place who keeps it. For the same reason the tables are handed over once more, and so in `prepare`.
  mutating func load(_ index: Int, policy: ProcedurePolicy, at position: Int?, tables: CodeTables) {
    self.index = index
    line = claim.lines[index]
    if position != policyPosition {
      self.policy = policy
      policyPosition = position
    }
    day = line.serviceFrom.day
    serviceDay = line.dateOrigin == .statement ? nil : day
    place = claim.effectivePlaceOfService(ofLine: index)
    isPlaceValid = tables.places.isEffective(place.code, on: day)
    modifiers = ModifierReading(line.modifiers, day: day, tables: tables, policy: policy)
    billsClinician = !isInstitutional || (billType.hasPrefix("085") && Self.isProfessionalFee(line.revenueCode.code))
  }

  /// Works out what only the rules over a watched line ask for.
  mutating func prepare(_ policy: ProcedurePolicy, _ tables: CodeTables, _ memory: inout AuditMemory) {
    if !hasCompany || company.day != day || company.policyPosition != policyPosition {
      if !hasCompany { sumOfCharges = Self.sum(claim.lines) }
      company = ClaimCompany(
        claim.diagnoses, claim.lines, day: day, policy: policy, at: policyPosition, tables: tables, &memory)
      hasCompany = true
    }
    var occasions: Occasions = [.always, .modifier(modifiers.families), modifiers.occasions, company.occasions]
    if modifiers.validCount > 1 { occasions.insert(.severalModifiers) }
    if isReplacement || isVoid { occasions.insert(.correction) }
    if payer == nil { occasions.insert(.payerUnknown) }
    if !isPlaceValid {
      occasions.insert(.placeInvalid)
    } else {
      switch policy.verdict(place: place.code) {
      case .silent, .fits: break
      default: occasions.insert(.placeDoubtful)
      }
    }
    if sumOfCharges == nil || sumOfCharges != claim.totalCharge.cents { occasions.insert(.totalDoubtful) }
    self.occasions = occasions
  }

  private static func sum(_ lines: [ServiceLine]) -> Int64? {
    var sum: Int64 = 0
    for index in lines.indices {
      guard let cents = lines[index].charge.cents else { return nil }
      sum &+= cents
    }
    return sum
  }

  private static func isProfessionalFee(_ revenue: Code) -> Bool {
    revenue.hasPrefix("096") || revenue.hasPrefix("097") || revenue.hasPrefix("098")
  }

  /// Whether the claim is judged as an institutional one: an 837I, or rows with a type of bill.
  public var isInstitutional: Bool { standing.isInstitutional }

  /// Whether the claim replaces another (frequency 7).
  public var isReplacement: Bool { standing.isReplacement }

  /// Whether the claim voids another (frequency 8).
  public var isVoid: Bool { standing.isVoid }

  /// The frequency: CLM05-3, else the last character of the type of bill.
  public var frequency: Code { standing.frequency }

  /// Whether one of the valid modifiers is of one of those families.
  public func hasModifier(_ families: ModifierFamilies) -> Bool { !modifiers.families.isDisjoint(with: families) }

  /// The families of the valid modifier at `index`.
  public func families(at index: Int) -> ModifierFamilies { policy.families(atSlot: modifiers.slot(at: index)) }

  /// The line's position of the first value that is the valid modifier `code`.
  public func position(of code: Code) -> Int {
    for index in line.modifiers.indices
    where line.modifiers[index].code == code && modifiers.state(at: index) == .valid {
      return index
    }
    return 0
  }

  /// The valid modifiers of those families as text, `"26" and "TC"`, with the field of the first.
  public func named(_ families: ModifierFamilies) -> (text: MessageText, field: ClaimField) {
    var list = MessageList()
    var first: Code?
    for index in 0..<modifiers.validCount where !self.families(at: index).isDisjoint(with: families) {
      let modifier = modifiers.valid(at: index)
      if first == nil { first = modifier }
      list.append("\"\(modifier)\"")
    }
    return (list.text, .modifier(first.map { position(of: $0) } ?? 0))
  }

  /// The values in a state as text, each once, with the field of the first.
  public func values(_ state: ModifierState) -> (text: MessageText, field: ClaimField) {
    var chosen: [5 of Int] = .init(repeating: 0)
    var count = 0
    for index in line.modifiers.indices where modifiers.state(at: index) == state {
      let value = line.modifiers[index]
      var isNew = true
      for earlier in 0..<count where quoted(line.modifiers[chosen[earlier]]) == quoted(value) { isNew = false }
      if !isNew { continue }
      chosen[count] = index
      count += 1
    }
    var list = MessageList()
    for position in 0..<count { list.append(quoted(line.modifiers[chosen[position]])) }
    return (list.text, .modifier(chosen[0]))
  }

  /// A value as the input has it, quoted for a sentence: at most 24 bytes, nothing that ends a list of messages or moves a cursor.
  public func quoted(_ value: CodedValue) -> MessageText {
    if !value.code.isNone { return "\"\(value.code)\"" }
    var text = ""
    for scalar in claim.text.string(value.text).unicodeScalars.prefix(24) {
      let isSafe =
        scalar.value > 0x1F && scalar.value != 0x3B && scalar.value != 0x22 && !(0x7F...0x9F).contains(scalar.value)
      text.unicodeScalars.append(isSafe ? scalar : "?")
    }
    return "\"\(text)\(value.text.count > 24 ? "…" : "")\""
  }

  /// The key of the payer: `aetna`, … `other`.
  public var payerKey: String { payer.map { tables.payers.payers[$0].key } ?? PayerTable.other }

  /// Whether a line bills a CPT or HCPCS code, of the same day and clinician as this one, and is another line.
  public func isCompanion(_ other: Int) -> Bool {
    guard other != index, let day else { return false }
    // Field by field here and below: a line is large, and would be copied.
    // A statement period of several days says of no two lines that they are of one day.
    if serviceDay == nil || claim.lines[other].dateOrigin == .statement, claim.statementFrom != claim.statementTo {
      return false
    }
    return claim.lines[other].procedureQualifier == "HC" && claim.lines[other].serviceFrom.day == day
      && same(claim.clinician(ofLine: other), claim.clinician(ofLine: index))
  }

  /// Whether two texts of the claim are the same; two empty ones are not.
  private func same(_ one: TextRange, _ other: TextRange) -> Bool {
    if one.isEmpty || one.count != other.count { return false }
    return one.start == other.start || claim.text[one].elementsEqual(claim.text[other])
  }

  /// The families of the valid modifiers of another line of the claim.
  public func families(ofLine other: Int) -> ModifierFamilies {
    if claim.lines[other].modifiers.count == 0 { return [] }
    return ModifierReading(
      claim.lines[other].modifiers, day: claim.lines[other].serviceFrom.day, tables: tables, policy: policy
    ).families
  }

  /// The diagnoses that count for the line, as positions in the claim: those it points to; all of the claim's on institutional
  /// claims and where the export has no pointers.
  ///
  /// A pointer to nothing counts for nothing.
  @inline(__always)
  public func forEachUsedDiagnosis(_ body: (Int) -> Void) {
    let count = claim.diagnoses.count
    if usesPointers {
      let pointers = line.diagnosisPointers
      for index in pointers.indices {
        let pointer = pointers[index]
        if pointer >= 1 && pointer <= 12 && pointer <= count { body(pointer - 1) }
      }
    } else {
      for index in 0..<count { body(index) }
    }
  }

  /// Whether a line of the claim is of a procedure that the pack pairs with the watched one.
  public func isPaired(_ other: Int) -> Bool {
    other < ClaimCompany.bits
      ? company.paired >> UInt64(other) & 1 != 0 : policy.companions.contains(claim.lines[other].procedure.code)
  }

  /// Whether a line of the claim is a visit.
  public func isVisit(_ other: Int) -> Bool {
    other < ClaimCompany.bits
      ? company.visits >> UInt64(other) & 1 != 0 : policy.visits.matches(claim.lines[other].procedure.code)
  }

  /// Whether a diagnosis that counts for the line supports the procedure or speaks against it; `nil` when none counts.
  public var doDiagnosesSpeak: Bool? {
    var used = 0
    var speaks = false
    forEachUsedDiagnosis { index in
      used += 1
      if isSupport(index) || isAgainst(index) { speaks = true }
    }
    return used == 0 ? nil : speaks
  }

  /// Whether each diagnosis of the claim may stand on a claim of that day.
  public var areDiagnosesBillable: Bool {
    if claim.diagnoses.count <= ClaimCompany.bits { return company.unbillable == 0 }
    return claim.diagnoses.indices.allSatisfy { isBillable($0) }
  }

  /// Whether the diagnosis at `index` of the claim supports the procedure.
  public func isSupport(_ index: Int) -> Bool {
    index < ClaimCompany.bits
      ? company.supporting >> UInt64(index) & 1 != 0 : policy.support.matches(claim.diagnoses[index].code)
  }

  /// Whether the diagnosis at `index` of the claim speaks against the procedure.
  public func isAgainst(_ index: Int) -> Bool {
    index < ClaimCompany.bits
      ? company.against >> UInt64(index) & 1 != 0 : policy.contradict.matches(claim.diagnoses[index].code)
  }

  /// Whether the diagnosis at `index` of the claim may stand on a claim of that day.
  public func isBillable(_ index: Int) -> Bool {
    index < ClaimCompany.bits ? company.unbillable >> UInt64(index) & 1 == 0 : isBillable(claim.diagnoses[index].code)
  }

  /// Whether pointers say which of the claim's diagnoses count.
  public var usesPointers: Bool { !isInstitutional && claim.fields.contains(.diagnosisPointers) }

  /// Whether a diagnosis is one that may stand on a claim of that day.
  ///
  /// A list is that of one year. On days of which there is no list a heading of that list, and a code it does not have, may have been billable:
  /// then only the shape of a code, categories (three characters) and the headings that a pack names are judged.
  public func isBillable(_ diagnosis: Code) -> Bool { Self.isBillable(diagnosis, on: day, tables, policy) }

  static func isBillable(
    _ diagnosis: Code, on day: Day?, _ tables: CodeTables, _ policy: ProcedurePolicy
  ) -> Bool {
    let list = tables.diagnoses(on: day)
    if list.isBillable(diagnosis) { return true }
    guard hasDiagnosisShape(diagnosis) else { return false }
    if let day, list.validity.contains(day) { return false }
    for other in tables.furtherDiagnoses where other.isBillable(diagnosis) { return true }
    guard let day else { return false }
    if !list.isHeading(diagnosis) { return true }
    return day < list.validity.lowerBound && diagnosis.count > 3 && !policy.headings.contains(diagnosis)
  }

  /// Whether a code looks like one of ICD-10-CM: a letter, a digit, a letter or digit, then up to four more.
  static func hasDiagnosisShape(_ code: Code) -> Bool {
    guard code.count >= 3, code.count <= 7, code[0] >= 0x41, code[0] <= 0x5A, code[1] >= 0x30, code[1] <= 0x39 else {
      return false
    }
    for index in 2..<code.count {
      let byte = code[index]
      guard byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A else { return false }
    }
    return true
  }

  /// The first day on which claims carry ICD-10.
  public static let icd10Start = Day(ordinal: 16_709)
}
