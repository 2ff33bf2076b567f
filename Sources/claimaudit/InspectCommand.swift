internal import ArgumentParser
internal import AuditPipeline
internal import ByteInput
internal import ClaimModel
internal import ClaimReading

/// `claimaudit inspect`: what is in a file, without rules.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a file: format, delimiters, columns, claims, payers, dates, oddities.",
    discussion: "No rules are applied and nothing about patients is shown.")

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Messages") var messages: MessageOptions

  func run() throws {
    let messenger = messages.messenger
    do throws(CommandFailure) {
      let plan = try input.plan()
      var isDamaged = false
      var isUnopened = false
      var isFirst = true
      let found = try input.discover()
      messenger.tell(found.notices)
      for reference in found.inputs {
        let (streams, cannotOpen) = Inspection.of(reference, plan: plan) { Interruption.received != 0 }
        if Interruption.received != 0 { exitProcess(Interruption.exitCode) }
        for stream in streams {
          if !isFirst { StandardOutput.write("\n") }
          isFirst = false
          StandardOutput.write(InspectionText(stream).text)
          if stream.isDamaged && !cannotOpen { isDamaged = true }
        }
        if cannotOpen { isUnopened = true }
      }
      exitProcess(isUnopened ? 66 : isDamaged ? 65 : 0)
    } catch {
      messenger.error(error)
      exitProcess(error.code)
    }
  }
}

/// An inspection as a person reads it.
struct InspectionText {
  private let inspection: Inspection
  private var rows: [(label: String, value: String)] = []

  init(_ inspection: Inspection) { self.inspection = inspection }

  /// The text, one block a stream.
  var text: String {
    var copy = self
    copy.fill()
    var text = printable(inspection.path) + "\n"
    for row in copy.rows {
      let padding = String(repeating: " ", count: max(1, 16 - row.label.count))
      text += "  \(row.label)\(padding)\(printable(row.value))\n"
    }
    return text
  }

  private mutating func add(_ label: String, _ value: String) { rows.append((label, value)) }

  private mutating func fill() {
    let totals = inspection.totals
    let wrapping = inspection.compression == "none" ? "" : " (\(inspection.compression))"
    switch inspection.format {
    case .x12: add("format", "X12\(wrapping)")
    case .csv: add("format", "CSV\(wrapping)")
    case nil: add("format", "not readable as claims\(wrapping)")
    }
    add("size", "\(grouped(inspection.bytes)) bytes decompressed")
    if let survey = inspection.survey {
      add("envelope", "\(survey.interchanges) interchanges, \(survey.groups) groups")
      let sets = survey.sets.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
      add("sets", "\(sets); \(totals.transactionSets) read, \(totals.skippedTransactionSets) passed over")
      add("guides", survey.versions.joined(separator: ", "))
      for delimiters in survey.delimiters { add("delimiters", delimiters) }
    }
    if inspection.format != nil {
      let names: [(ClaimKind, String)] = [
        (.professional, "professional"), (.institutional, "institutional"), (.dental, "dental"),
      ]
      let kinds = names.compactMap { kind, name in inspection.kinds[kind].map { "\(grouped($0)) \(name)" } }
      add("claims", grouped(totals.claims) + (kinds.isEmpty ? "" : " (\(kinds.joined(separator: ", ")))"))
      add("service lines", "\(grouped(totals.lines)), charges \(money(totals.chargeCents))")
      if let days = inspection.serviceDays { add("service dates", "\(days.lowerBound) to \(days.upperBound)") }
    }
    fillPayers()
    if let columns = inspection.columns { fill(columns) }
    for (kind, oddity) in inspection.issues.sorted(by: { $0.key < $1.key }) {
      let place = oddity.first.location.record > 0 ? "record \(oddity.first.location.record), " : ""
      let count = oddity.count == 1 ? "" : "\(oddity.count) times, first at "
      add(
        kind.severity.rawValue,
        "\(kind.code): \(count)\(place)byte \(oddity.first.location.byteOffset): \(oddity.first.message)")
    }
  }

  private mutating func fill(_ columns: ColumnReport) {
    let delimiter = columns.delimiter == 0x09 ? "tab" : String(Unicode.Scalar(columns.delimiter))
    add("layout", "\(columns.layout.rawValue), delimiter \(delimiter), header in record \(columns.headerRecord)")
    if columns.isDayFirst { add("dates", "day first") }
    for (index, entry) in columns.entries.enumerated() {
      let how = entry.isMapped ? "as told" : "recognised"
      let fit =
        entry.sampled == 0 ? "all sampled cells blank" : "\(entry.fitting) of \(entry.sampled) sampled values fit"
      let use = entry.isUsed ? "" : ", NOT read"
      add(
        index == 0 ? "columns" : "",
        "\(entry.field.name) <- \(entry.header) (column \(entry.column), \(how), \(fit)\(use))")
    }
    if !columns.unrecognised.isEmpty { add("not read", columns.unrecognised.joined(separator: ", ")) }
    if !columns.absent.isEmpty { add("absent", columns.absent.map { $0.name }.joined(separator: ", ")) }
  }

  private mutating func fillPayers() {
    let shown = inspection.payers.sorted { ($1.value, $0.key.name, $0.key.id) < ($0.value, $1.key.name, $1.key.id) }
    for (index, entry) in shown.prefix(20).enumerated() {
      let name = entry.key.name.isEmpty ? "(no name)" : entry.key.name
      let id = entry.key.id.isEmpty ? "" : " [\(entry.key.id)]"
      add(index == 0 ? "payers" : "", "\(grouped(entry.value))  \(name)\(id)")
    }
    let rest = shown.dropFirst(20).reduce(0) { $0 + $1.value } + inspection.otherPayers
    if rest > 0 { add("", "\(grouped(rest))  of other payers") }
  }
}

/// A number with its thousands apart.
func grouped(_ number: Int) -> String {
  var digits = Array(String(number.magnitude))
  var position = digits.count - 3
  while position > 0 {
    digits.insert(",", at: position)
    position -= 3
  }
  return (number < 0 ? "-" : "") + String(digits)
}

/// Cents as an amount.
func money(_ cents: Int64) -> String {
  let value = Int(cents.magnitude)
  let rest = value % 100
  return (cents < 0 ? "-" : "") + grouped(value / 100) + (rest < 10 ? ".0" : ".") + String(rest)
}
