public import ClaimModel

/// Takes what the rules say about a line.
public struct FindingSink {
  private(set) var findings: [Finding]
  /// The bytes of their texts.
  private(set) var text: [UInt8]
  /// The rule that is asked, and its severity.
  var rule = RuleIndex(0)
  var severity = Severity.none
  var line = 0

  init(_ findings: [Finding], _ text: [UInt8]) {
    self.findings = findings
    self.text = text
  }

  /// Says what was found.
  ///
  /// What is not given is the rule's own.
  ///
  /// - Parameters:
  ///   - field: the field it is about.
  ///   - message: one sentence that a biller can act on, without `; ` and without a name or id of a patient.
  ///   - fix: what to do.
  ///   - carc: the expected adjustment reason codes.
  ///   - rarc: the expected remark codes.
  public mutating func report(
    _ field: ClaimField, _ message: MessageText, fix: String? = nil, carc: String? = nil, rarc: String? = nil
  ) {
    add(field, text.keep(message), fix: fix, carc: carc, rarc: rarc)
  }

  /// Says what a pack's rule found, in the pack's words.
  mutating func report(_ field: ClaimField, words: String) {
    add(field, text.keep(words), fix: nil, carc: nil, rarc: nil)
  }

  private mutating func add(_ field: ClaimField, _ message: TextRange, fix: String?, carc: String?, rarc: String?) {
    findings.append(
      Finding(
        rule: rule, severity: severity, line: line, field: field, message: message, fix: fix.map { text.keep($0) },
        carc: carc.map { text.keep($0) }, rarc: rarc.map { text.keep($0) }))
  }

  /// Changes the last finding as `override` says.
  mutating func changeLast(_ override: RuleOverride) {
    let last = findings.count - 1
    if let severity = override.severity { findings[last].severity = severity }
    if let carc = override.carc { findings[last].carc = text.keep(carc) }
    if let rarc = override.rarc { findings[last].rarc = text.keep(rarc) }
    if let fix = override.fix { findings[last].fix = text.keep(fix) }
  }

  /// Drops the last finding where its severity is not wanted.
  mutating func dropLast(below minimum: Severity) {
    guard let last = findings.last else { return }
    if last.severity == .none || last.severity < minimum { findings.removeLast() }
  }
}
