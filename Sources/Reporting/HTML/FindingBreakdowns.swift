internal import Auditing

/// What the charts of the page show, added up line by line.
///
/// A line counts under each of its modifiers, and under each rule that found something on it, once.
struct FindingBreakdowns {
  private(set) var rules = Breakdown<String>()
  private(set) var payers = Breakdown<String>()
  private(set) var places = Breakdown<SummaryBuilder.Tally>()
  private(set) var bills = Breakdown<SummaryBuilder.Tally>()
  private(set) var modifiers = Breakdown<SummaryBuilder.Tally>()
  private(set) var providers = Breakdown<String>()
  private(set) var months = Breakdown<String>()
  /// Lines and money by the heaviest severity of the line, findings by their own.
  private(set) var severities: [BreakdownCounts] = Array(repeating: .init(), count: 4)
  /// Watched lines with a finding.
  private(set) var watchedWithFindings = 0

  /// Where the line that came last counts.
  private var payer: Int?
  private var place: Int?
  private var bill: Int?
  private var provider: Int?
  private var month: Int?
  private var lineModifiers: [Int?] = []
  /// The rule of the finding that came last: those of a rule follow each other.
  private var lastRule = ""

  /// Counts a line.
  mutating func add(_ line: borrowing ReportedLine) {
    let isWatched = line.row.byte(LineColumn.watched) == 0x74
    lastRule = ""
    if !isWatched, line.findingCount == 0 { return }
    let atRisk = line.row.cents(LineColumn.atRisk)
    let count = isWatched ? 1 : 0
    payer = payers.position(of: line.row.string(LineColumn.payer))
    place = places.position(of: line.row.tally(line.row.cells[LineColumn.placeOfService]))
    bill = bills.position(of: line.row.tally(line.row.cells[LineColumn.typeOfBill]))
    provider = providers.position(of: FindingBreakdowns.provider(line.row))
    month = months.position(of: FindingBreakdowns.month(line.row))
    findModifiers(line.row)
    each {
      $0.watched += count
      $0.atRisk &+= atRisk
    }
    let severity = Int(line.row.severity(LineColumn.severity).rawValue)
    severities[severity].watched += 1
    severities[severity].atRisk &+= atRisk
    if isWatched, line.findingCount > 0 { watchedWithFindings += 1 }
  }

  /// Counts a finding of the line that came last.
  mutating func add(finding row: borrowing TableRow) {
    let severity = Int(row.severity(FindingColumn.severity).rawValue)
    let name = row.string(FindingColumn.rule)
    let rule = rules.position(of: name)
    rules.change(rule) { $0.findings[severity] += 1 }
    if name != lastRule {
      let atRisk = row.cents(FindingColumn.atRisk)
      rules.change(rule) {
        $0.watched += 1
        $0.atRisk &+= atRisk
      }
      lastRule = name
    }
    severities[severity].findings[severity] += 1
    each { $0.findings[severity] += 1 }
  }

  /// Changes the counts of everything the line is about.
  private mutating func each(_ change: (inout BreakdownCounts) -> Void) {
    payers.change(payer, change)
    providers.change(provider, change)
    months.change(month, change)
    places.change(place, change)
    bills.change(bill, change)
    for modifier in lineModifiers { modifiers.change(modifier, change) }
  }

  private mutating func findModifiers(_ row: borrowing TableRow) {
    lineModifiers.removeAll(keepingCapacity: true)
    for column in LineColumn.firstModifier...LineColumn.lastModifier {
      let range = row.cells[column]
      if range.isEmpty { continue }
      // A fifth shares the column of the fourth.
      let joint = range.first { row.bytes[$0] == 0x3B } ?? range.upperBound
      addModifier(row.tally(range.lowerBound..<joint))
      if joint < range.upperBound { addModifier(row.tally(joint + 1..<range.upperBound)) }
    }
    if lineModifiers.isEmpty { addModifier(.none) }
  }

  private mutating func addModifier(_ tally: SummaryBuilder.Tally) {
    let position = modifiers.position(of: tally)
    if !lineModifiers.contains(position) { lineModifiers.append(position) }
  }

  /// Who rendered the service, else who bills for it: a number of ten digits.
  private static func provider(_ row: borrowing TableRow) -> String {
    for column in [LineColumn.renderingNPI, LineColumn.billingNPI] {
      let range = row.cells[column]
      if range.isEmpty { continue }
      return range.count == 10 && range.allSatisfy { (0x30...0x39).contains(row.bytes[$0]) }
        ? row.string(column) : "invalid"
    }
    return "none"
  }

  /// `2026-03`.
  private static func month(_ row: borrowing TableRow) -> String {
    let range = row.cells[LineColumn.serviceFrom]
    return range.count == 10 ? row.bytes.string(range.lowerBound..<range.lowerBound + 7) : "none"
  }
}

extension LineColumn {
  static let renderingNPI = 18
  static let severity = 35
  static let atRisk = 40
}

extension FindingColumn {
  static let rule = 9
  static let severity = 10
  static let atRisk = 16
}

extension TableRow {
  /// The first byte of a cell, 0 when it is empty.
  func byte(_ cell: Int) -> UInt8 { cells[cell].isEmpty ? 0 : bytes[cells[cell].lowerBound] }

  /// The severity that a cell names.
  func severity(_ cell: Int) -> Severity {
    switch byte(cell) {
    case 0x65: .error
    case 0x77: .warning
    case 0x69: .info
    default: .none
    }
  }

  /// The cents of a cell that holds an amount as we write it: `-1234.50`.
  func cents(_ cell: Int) -> Int64 {
    var amount: Int64 = 0
    for position in cells[cell] where (0x30...0x39).contains(bytes[position]) {
      amount = amount &* 10 &+ Int64(bytes[position] - 0x30)
    }
    return byte(cell) == 0x2D ? -amount : amount
  }

  func tally(_ range: Range<Int>) -> SummaryBuilder.Tally { SummaryBuilder.Tally(range, in: bytes) }
}
