internal import Auditing
internal import ClaimModel

extension PackReading {
  /// The rules that the pack brings.
  func rules(_ node: PackNode, _ pack: inout RulePack) {
    var ids = Set(RuleRegistry.descriptions.map(\.id))
    for item in decoder.items(node, "rules") {
      guard var keys = decoder.keys(item, "a rule") else { continue }
      let idNode = decoder.required(&keys, "id")
      let id = idNode.flatMap { identifier($0, "the rule's id", upper: true) }
      if let id, let idNode, !ids.insert(id).inserted {
        decoder.report(.duplicate, idNode, "there is a rule \(id) already", expected: "an id of its own")
      }
      let severity =
        keys.take("severity").flatMap { decoder.choice($0, "severity", ["info", "warning", "error"]) } ?? "warning"
      let codes = keys.take("code").map { decoder.codes($0, "the code", .procedure) } ?? []
      let period = decoder.period(&keys)
      let message = decoder.required(&keys, "message").flatMap { decoder.sentence($0, "message") }
      let fix = keys.take("fix").flatMap { decoder.sentence($0, "fix") } ?? ""
      let why = keys.take("why").flatMap { decoder.text($0, "why") } ?? "The pack \(pack.id) asks for it."
      let source = keys.take("source").flatMap { decoder.text($0, "source") } ?? "pack \(pack.id)"
      let (carc, rarc) = reasons(&keys)
      var applies = AppliesTo.all
      if let node = keys.take("applies") {
        applies = .csv
        for (word, part) in decoder.words(node, "applies") {
          switch word {
          case "P": applies.insert(.professional)
          case "I": applies.insert(.institutional)
          default: decoder.report(.type, part, "\"\(word)\" is no kind of claim", expected: "P or I")
          }
        }
      }
      let tree = decoder.required(&keys, "when").flatMap { self.condition($0, depth: 0) }
      decoder.close(keys)
      guard let id, let message, let tree else { continue }
      let condition = Condition(tree)
      pack.rules.append(
        PackRule(
          description: RuleDescription(
            id: id, severity: Severity(name: severity) ?? .warning, name: id.lowercased(), summary: message,
            rationale: why,
            needs: condition.needs, applies: applies, scope: .general, carc: carc, rarc: rarc, fix: fix, source: source),
          check: ConditionRule(
            condition: condition, procedures: CodeSet(codes.isEmpty ? pack.watch : codes), from: period.from,
            to: period.to,
            field: Self.field(of: tree), message: message)))
    }
  }

  /// What the pack changes about rules.
  func overrides(_ node: PackNode, _ pack: inout RulePack) {
    let ids = RuleRegistry.descriptions.map(\.id) + pack.rules.map(\.description.id)
    let runIDs = Set(RuleRegistry.runRules.map { $0.description.id })
    for item in decoder.items(node, "overrides") {
      guard var keys = decoder.keys(item, "an override") else { continue }
      let ruleNode = decoder.required(&keys, "rule")
      let rule = ruleNode.flatMap { decoder.text($0, "rule") }
      if let rule, let ruleNode, !ids.contains(rule) {
        decoder.report(
          .conflict, ruleNode, "there is no rule \"\(rule)\"", expected: "an id as `claimaudit rules` lists them")
      }
      let payers = keys.take("payer").map { decoder.words($0, "the payer").map(\.word) } ?? []
      let codes = keys.take("code").map { decoder.codes($0, "the code", .procedure) } ?? []
      let period = decoder.period(&keys)
      let severity = keys.take("severity").flatMap {
        decoder.choice($0, "severity", ["none", "off", "info", "warning", "error"])
      }
      let fix = keys.take("fix").flatMap { decoder.sentence($0, "fix") }
      let hasCARC = keys.has("carc")
      let hasRARC = keys.has("rarc")
      let (carc, rarc) = reasons(&keys)
      let whenNode = keys.take("when")
      let tree = whenNode.flatMap { self.condition($0, depth: 0) }
      if let rule, let whenNode, runIDs.contains(rule) {
        decoder.report(
          .conflict, whenNode, "\(rule) looks at the whole run, where a condition cannot be asked",
          expected: "no \"when\"")
      }
      decoder.close(keys)
      guard let rule else { continue }
      pack.overrides.append(
        RuleOverride(
          rule: rule, payers: payers, procedures: CodeSet(codes), from: period.from, to: period.to,
          condition: tree.map { Condition($0) },
          severity: severity.map { Severity(name: $0) ?? .none },
          carc: hasCARC ? carc : nil, rarc: hasRARC ? rarc : nil, fix: fix))
    }
  }

  /// The expected codes of a payer's answer, joined as findings have them.
  private func reasons(_ keys: inout PackDecoder.Keys) -> (carc: String, rarc: String) {
    func list(_ name: String) -> String {
      guard let node = keys.take(name) else { return "" }
      let codes = decoder.patterns(node, "the \(name.uppercased())", .any, allowsPatterns: false).exact
      return codes.map(\.description).joined(separator: ";")
    }
    return (list("carc"), list("rarc"))
  }

  /// A condition: `all`, `any`, `not`, or a test of one field.
  func condition(_ node: PackNode, depth: Int) -> Condition.Tree? {
    guard depth <= 16 else {
      decoder.report(.depth, node, "the condition is nested too deeply", expected: "at most 16 levels")
      return nil
    }
    guard var keys = decoder.keys(node, "a condition") else { return nil }
    defer { decoder.close(keys) }
    for (name, isAll) in [("all", true), ("any", false)] {
      guard let node = keys.take(name) else { continue }
      let parts = decoder.items(node, name)
      if parts.isEmpty { decoder.report(.missing, node, "\(name) holds no condition", expected: "one or more") }
      let trees = parts.compactMap { condition($0, depth: depth + 1) }
      return isAll ? .all(trees) : .any(trees)
    }
    if let node = keys.take("not") { return condition(node, depth: depth + 1).map { .not($0) } }
    guard let fieldNode = decoder.required(&keys, "field"), let name = decoder.text(fieldNode, "field") else {
      _ = keys.takeAll()
      return nil
    }
    guard let field = Condition.Field(rawValue: name) else {
      decoder.report(
        .unknownKey, fieldNode, "there is no field \"\(name)\"",
        expected: Condition.Field.allCases.map(\.rawValue).joined(separator: ", "))
      _ = keys.takeAll()
      return nil
    }
    return test(field, &keys)
  }

  /// What is asked of a field: exactly one test.
  private func test(_ field: Condition.Field, _ keys: inout PackDecoder.Keys) -> Condition.Tree? {
    var tests: [Condition.Tree] = []
    func add(_ test: Condition.Test) { tests.append(.test(field, test)) }
    if let node = keys.take("exists"), let wanted = decoder.boolean(node, "exists") { add(.exists(wanted)) }
    switch field.kind {
    case .code:
      let shape = Self.shape(of: field)
      for name in ["in", "eq"] {
        if let node = keys.take(name) {
          let codes = decoder.patterns(node, field.rawValue, shape, allowsPatterns: false)
          add(.inCodes(CodePatterns(exact: codes.exact)))
        }
      }
      for name in ["not_in", "ne"] {
        if let node = keys.take(name) {
          let codes = decoder.patterns(node, field.rawValue, shape, allowsPatterns: false)
          add(.notInCodes(CodePatterns(exact: codes.exact)))
        }
      }
      if let node = keys.take("matches") {
        // Beginnings, with or without the hyphen or the x that the lists of a pack end them with.
        let prefixes = decoder.words(node, field.rawValue).compactMap { word, part -> Code? in
          let plain = word.uppercased().filter { $0 != "." && $0 != "-" && $0 != "*" }
          let code = Code(plain)
          guard !code.isNone, plain.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x41 && $0 <= 0x5A }) else {
            decoder.report(
              .regex, part, "\"\(word)\" is no beginning of a code",
              expected: "letters and digits: there are no regular expressions")
            return nil
          }
          return code
        }
        add(.inCodes(CodePatterns(prefixes: prefixes)))
      }
    case .text:
      for (name, isNegative) in [("in", false), ("eq", false), ("not_in", true), ("ne", true)] {
        if let node = keys.take(name) {
          let texts = decoder.words(node, field.rawValue).map { Array($0.word.utf8) }
          add(isNegative ? .notInTexts(texts) : .inTexts(texts, prefix: false))
        }
      }
      if field != .payer, let node = keys.take("matches") {
        add(.inTexts(decoder.words(node, field.rawValue).map { Array($0.word.utf8) }, prefix: true))
      }
    case .quantity, .amount, .date:
      for name in ["eq", "ne", "lt", "le", "gt", "ge"] {
        guard let node = keys.take(name), let number = number(node, field) else { continue }
        switch name {
        case "eq": add(.between(number, number))
        case "ne": add(.notEqual(number))
        case "lt": add(.between(Int64.min, number - 1))
        case "le": add(.between(Int64.min, number))
        case "gt": add(.between(number + 1, Int64.max))
        default: add(.between(number, Int64.max))
        }
      }
    case .presence: break
    }
    if tests.isEmpty {
      decoder.report(
        .missing, keys.node, "\(field.rawValue) is not tested",
        expected: "in, not_in, matches, exists, eq, ne, lt, le, gt or ge")
      return nil
    }
    return tests.count == 1 ? tests[0] : .all(tests)
  }

  private func number(_ node: PackNode, _ field: Condition.Field) -> Int64? {
    switch field.kind {
    case .date: decoder.day(node, field.rawValue).map { Int64($0.ordinal) }
    case .quantity: decoder.decimal(node, field.rawValue, decimals: 4, -1_000_000_000_000...1_000_000_000_000)
    default: decoder.decimal(node, field.rawValue, decimals: 2, -1_000_000_000_000...1_000_000_000_000)
    }
  }

  private static func shape(of field: Condition.Field) -> CodeShape {
    switch field {
    case .procedure, .companion: .procedure
    case .modifier: .modifier
    case .placeOfService: .place
    case .revenueCode: .revenue
    case .diagnosis: .diagnosis
    case .filingIndicator: .filing
    default: .any
    }
  }

  /// The field that findings of a condition name: the first that it tests.
  private static func field(of tree: Condition.Tree) -> ClaimField {
    switch tree {
    case .all(let parts), .any(let parts):
      return parts.lazy.map { field(of: $0) }.first { $0 != .whole } ?? .whole
    case .not(let part): return field(of: part)
    case .test(let field, _):
      switch field {
      case .procedure: return .procedure
      case .modifier: return .modifier(0)
      case .placeOfService: return .placeOfService
      case .typeOfBill: return .typeOfBill
      case .revenueCode: return .revenueCode
      case .diagnosis: return .diagnosis(0)
      case .filingIndicator: return .filingIndicator
      case .frequency: return .frequency
      case .units: return .units
      case .charge: return .charge
      case .claimTotal: return .totalCharge
      case .serviceDate: return .serviceFrom
      case .serviceTo: return .serviceTo
      case .admissionDate: return .admission
      case .dischargeDate: return .discharge
      case .billingNPI, .renderingNPI, .billingTaxonomy: return .clinician
      case .originalClaim: return .originalClaimID
      case .documentation: return .documentation
      case .companion, .claimType, .source, .payer: return .whole
      }
    }
  }
}
