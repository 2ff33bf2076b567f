internal import CSV
internal import ClaimModel

/// Puts the rows of a claim together.
///
/// What belongs to the claim is taken from its first row; a later row adds what was blank there. Values that cannot be read
/// are left as `malformed` or empty, `CSVRowCheck` has said so.
struct CSVClaimBuilder {
  /// The claim so far.
  var claim = Claim()
  let plan: ColumnPlan
  let hash: KeyedHash
  /// The diagnoses of the first row, as positions in the claim's list.
  var firstPositions = FirstPositions.counted
  /// Those of the row at hand, where it is another and lists others.
  private var otherPositions: [UInt8] = []

  /// The positions of a row's diagnoses; 0 stands for a blank column before another one.
  enum FirstPositions {
    /// From 1 up to the number of diagnoses.
    case counted
    case listed([UInt8])
  }
  /// Whether the first row said what kind of claim it is.
  var hasType = false
  /// The first row's diagnoses as written, among the claim's texts.
  var firstDiagnoses = TextRange.none
  /// Whether the row at hand lists the first row's diagnoses.
  var rowIsFirst = false
  /// How many diagnoses the first row listed, which lines without pointers of their own mean.
  var firstRowDiagnoses = 0
  /// The columns that a later row of the claim may tell something in: those of fields that have no value yet.
  private(set) var openColumns: [Int]
  /// How many they are.
  private(set) var openCount = 0
  /// The columns of all such fields.
  private let claimColumns: ClaimColumns
  /// The columns of rows that are read by words, where the plan allows it.
  let ordinary: OrdinaryColumns
  /// What every line begins as.
  let blankLine: ServiceLine
  var lastDay = ReadDay()
  var lastClaimDay = ReadDay()
  /// The claim's rendering clinician.
  var claimRendering = IdentifierWords()
  private var spareText = TextArena()
  /// The row at hand as a whole among the claim's texts, where it can be kept as it stands: its values are parts of it.
  var rowText = TextRange.none

  init(_ plan: ColumnPlan, hash: KeyedHash) {
    self.plan = plan
    self.hash = hash
    ordinary = OrdinaryColumns(plan)
    claimColumns = ClaimColumns(plan)
    openColumns = [Int](repeating: -1, count: claimColumns.columns.count)
    var line = ServiceLine()
    line.unitBasis = "UN"
    line.procedureQualifier = "HC"
    blankLine = line
  }

  /// Whether the claim has values besides its id that its rows would repeat.
  var hasClaimValues: Bool {
    !claim.payerName.isEmpty || !claim.payerID.isEmpty || claim.patient != 0 || !claim.typeOfBill.isEmpty
      || !claim.filingIndicator.isEmpty || claim.totalCharge != .absent || claim.statementFrom != .absent
      || claim.admission != .absent || claim.discharge != .absent || !claim.billingNPI.isEmpty
      || !claim.diagnoses.isEmpty
      || !claim.frequency.isEmpty || !claim.originalClaimID.isEmpty || hasType
  }

  /// Whether the claim holds no line yet.
  var isEmpty: Bool { claim.lines.isEmpty }

  /// Forgets the claim.
  mutating func reset() { claim.reset() }

  /// Forgets the claim, but not its texts.
  mutating func startAgain() {
    swap(&claim.text, &spareText)
    claim.reset()
    swap(&claim.text, &spareText)
  }

  /// Adds the lines of `row`; the first of them is the line number `ordinal` of its claim.
  ///
  /// `text` is where the row stands among the claim's texts, if it was kept already. `plain` is the same row, where it could be
  /// measured.
  mutating func add(
    _ row: CSVRow, ordinal: Int, isContinuation: Bool, text: TextRange? = nil, plain: PlainRecord? = nil
  ) {
    let isFirst = claim.lines.isEmpty
    note(row.record, at: row.location)
    rowText = text ?? keepText(of: row)
    if isFirst { begin(at: row.location) }
    // Nothing to learn about the claim from a row whose claim fields are blank.
    if isFirst || !isContinuation && !areOpenColumnsEmpty(row.record) {
      addClaimFields(row, isFirst: isFirst)
      noteOpenColumns()
    }
    if isFirst || !isContinuation { addDiagnoses(row, isFirst: isFirst) }
    if !plan.isWide {
      if isFirst, let plain, addOrdinaryLine(plain, row, ordinal: ordinal) { return }
      addLine(row, 0, ordinal: ordinal, isContinuation: isContinuation && !isFirst)
      return
    }
    var ordinal = ordinal
    for slot in plan.slots.indices where CSVClaimBuilder.isLine(plan.slots[slot], row, plan) {
      addLine(row, slot, ordinal: ordinal, isContinuation: isContinuation && !isFirst)
      ordinal += 1
    }
  }

  /// Says where the claim begins and what its source can carry.
  mutating func begin(at location: SourceLocation) {
    claim.location = location
    claim.fields = plan.fields
    claim.format = .csv
  }

  /// Copies the row to the claim's texts where it can be kept as it stands.
  mutating func keepText(of row: CSVRow) -> TextRange {
    let whole = row.record.whole
    return whole.isASCII ? whole.withSpan { claim.text.append($0) } : .none
  }

  /// Writes down that the claim has a row.
  mutating func note(_ record: Record, at location: SourceLocation) {
    let length = record.bounds(record.count - 1).end - record.start
    claim.rows.append(record: location.record, byteOffset: location.byteOffset, end: location.byteOffset + length)
  }

  /// Writes down that the claim has rows which follow each other.
  mutating func note(_ run: RecordRun?) {
    if let run { claim.rows.add(run) }
  }

  /// Whether a wide row has a line in that slot: a procedure, or money without one.
  static func isLine(_ slot: ColumnPlan.Slot, _ row: CSVRow, _ plan: ColumnPlan) -> Bool {
    if !row.cell(slot.procedure).isEmpty { return true }
    switch ExportAmounts.amount(row.cell(slot.charge), plan.amounts) {
    case .absent: return false
    case .cents(let cents): return cents != 0
    case .malformed: return true
    }
  }

  // MARK: The claim

  /// Takes from a row what the claim has not been told yet, for an outline what that has.
  mutating func addClaimFields(_ row: CSVRow, isFirst: Bool) {
    if claim.id.isEmpty, !plan.namesNoClaim { claim.id = keep(row, .claimID) }
    if claim.originalClaimID.isEmpty { claim.originalClaimID = keep(row, .originalClaimID) }
    if claim.billingNPI.isEmpty { claim.billingNPI = keepIdentifier(row, plan[.billingNPI], .billingNPI) }
    if claim.renderingNPI.isEmpty, isFirst, !plan.isWide {
      claim.renderingNPI = keepIdentifier(row, plan[.renderingNPI], .renderingNPI)
    }
    if isFirst { claimRendering = IdentifierWords(claim.text[claim.renderingNPI]) }
    if claim.typeOfBill.isEmpty { claim.typeOfBill = typeOfBill(row) }
    if claim.frequency.isEmpty { claim.frequency = frequency(row) }
    if claim.statementFrom == .absent {
      claim.statementFrom = date(row.cell(.claimStart))
      claim.statementTo = date(row.cell(.claimEnd))
      if claim.statementTo == .absent { claim.statementTo = claim.statementFrom }
    }
    if isFirst {
      claim.kind = kind(row)
      claim.patient = patient(row)
    }
    if claim.isOutline { return }
    if claim.interchangeControl.isEmpty { claim.interchangeControl = keep(row, .interchangeControl) }
    if claim.groupControl.isEmpty { claim.groupControl = keep(row, .groupControl) }
    if claim.transactionControl.isEmpty { claim.transactionControl = keep(row, .transactionControl) }
    if claim.payerName.isEmpty { claim.payerName = keep(row, .payer) }
    if claim.payerName.isEmpty { claim.payerName = keep(row, .plan) }
    if claim.payerID.isEmpty { claim.payerID = keepWhole(row, .payerID) }
    if claim.billingTaxonomy.isEmpty { claim.billingTaxonomy = keep(row, .billingTaxonomy) }
    if claim.filingIndicator.isEmpty { claim.filingIndicator = filingIndicator(row) }
    if claim.totalCharge == .absent { claim.totalCharge = ExportAmounts.amount(row.cell(.claimTotal), plan.amounts) }
    if claim.admission == .absent { claim.admission = date(row.cell(.admission)) }
    if claim.discharge == .absent { claim.discharge = date(row.cell(.discharge)) }
    if !row.cell(.attachment).isEmpty || !row.cell(.claimNote).isEmpty { claim.hasDocumentation = true }
    if isFirst {
      hasType = !row.cell(.claimType).isEmpty
      claim.inpatientProcedureCount = plan.inpatientProcedures.count { !row.cell($0).isEmpty }
    }
  }

  /// Works out which columns a later row of the claim has to be looked at for.
  mutating func noteOpenColumns() {
    openCount = 0
    var index = 0
    while index < claimColumns.columns.count {
      if isOpen(claimColumns.fields[index]) {
        openColumns[openCount] = claimColumns.columns[index]
        openCount &+= 1
      }
      index &+= 1
    }
  }

  /// Whether a field of the claim has no value yet, and is to have one.
  ///
  /// It changes nothing: as `mutating` it is asked where the builder stands, which would be copied otherwise.
  @inline(__always)
  private mutating func isOpen(_ field: ColumnField) -> Bool {
    switch field {
    case .claimID: return claim.id.isEmpty && !plan.namesNoClaim
    case .originalClaimID: return claim.originalClaimID.isEmpty
    case .billingNPI: return claim.billingNPI.isEmpty
    case .billType, .billFacility, .billClass: return claim.typeOfBill.isEmpty
    case .frequency: return claim.typeOfBill.isEmpty || claim.frequency.isEmpty
    case .claimStart, .claimEnd: return claim.statementFrom == .absent
    default: break
    }
    if claim.isOutline { return false }
    switch field {
    case .interchangeControl: return claim.interchangeControl.isEmpty
    case .groupControl: return claim.groupControl.isEmpty
    case .transactionControl: return claim.transactionControl.isEmpty
    case .payer, .plan: return claim.payerName.isEmpty
    case .payerID: return claim.payerID.isEmpty
    case .billingTaxonomy: return claim.billingTaxonomy.isEmpty
    case .filingIndicator: return claim.filingIndicator.isEmpty
    case .claimTotal: return claim.totalCharge == .absent
    case .admission: return claim.admission == .absent
    case .discharge: return claim.discharge == .absent
    case .attachment, .claimNote: return !claim.hasDocumentation
    default: return false
    }
  }

  /// Whether a further row has nothing to tell of the claim that is not known yet.
  ///
  /// Like `isOpen` it changes nothing.
  mutating func areOpenColumnsEmpty(_ record: Record) -> Bool {
    var index = 0
    while index < openCount {
      let column = openColumns[index]
      index &+= 1
      guard column < record.count else { continue }
      let (start, end) = record.bounds(column)
      if start != end { return false }
    }
    return true
  }

  mutating func filingIndicator(_ row: CSVRow) -> CodedValue {
    if plan[.filingIndicator] >= 0 { return coded(row.cell(.filingIndicator), row) }
    guard let constant = plan.constants[.filingIndicator] else { return .none }
    return CodedValue(code: Code(constant), text: claim.text.append(constant))
  }

  func kind(_ row: CSVRow) -> ClaimKind {
    if plan[.claimType] < 0, let constant = plan.constants[.claimType] { return kind(constant) }
    return kind(row.cell(.claimType))
  }

  private func kind(_ type: some RandomAccessCollection<UInt8>) -> ClaimKind {
    if type.count == 1, let letter = type.first {
      switch letter | 0x20 {
      case 0x70: return .professional
      case 0x69: return .institutional
      case 0x64: return .dental
      default: break
      }
    }
    if type.isEmpty { return claim.typeOfBill.isEmpty ? .professional : .institutional }
    switch HeaderName.normalised(type) {
    case "837p", "professional", "prof", "cms1500", "hcfa", "hcfa1500", "1500", "71", "72", "81", "82":
      return .professional
    case "837i", "institutional", "inst", "ub04", "ub", "facility", "hospital", "inpatient", "outpatient", "10",
      "20", "30",
      "40", "50", "60", "61", "62", "63", "64":
      return .institutional
    case "837d", "dental", "ada": return .dental
    default: return claim.typeOfBill.isEmpty ? .professional : .institutional
    }
  }

  mutating func typeOfBill(_ row: CSVRow) -> CodedValue {
    let cell = row.cell(.billType)
    if !cell.isEmpty {
      let bill = ExportCodes.typeOfBill(cell)
      return CodedValue(code: bill.code, text: keep(bill.text, row))
    }
    guard plan[.billFacility] >= 0, plan[.billClass] >= 0 else { return .none }
    let parts = [row.cell(.billFacility), row.cell(.billClass), row.cell(.frequency)]
    guard !parts[0].isEmpty || !parts[1].isEmpty else { return .none }
    // CMS keeps the three characters of the bill type in three columns.
    let whole = parts.flatMap { Array($0) }
    let isWhole = parts.allSatisfy { $0.count == 1 }
    return CodedValue(code: isWhole ? Code([0x30] + whole) : .none, text: claim.text.append(whole))
  }

  mutating func frequency(_ row: CSVRow) -> CodedValue {
    let cell = row.cell(.frequency).withoutDecimals
    if !cell.isEmpty { return coded(cell, row) }
    let bill = claim.typeOfBill.code
    guard bill.count == 4 else { return .none }
    return CodedValue(code: bill.dropFirst(3), text: claim.text.append([bill[3]]))
  }

  /// The keyed hash of who the patient is: the person's id, else the member's with the birth date where there is one.
  mutating func patient(_ row: CSVRow) -> UInt64 {
    let person = row.cell(.personID)
    if !person.isEmpty { return hash(person) }
    let member = row.cell(.memberID)
    guard !member.isEmpty else { return 0 }
    let birth = row.cell(.birthDate)
    if birth.isEmpty { return hash(member) }
    // The day rather than its spelling, so that two exports of one system agree.
    if birth.count == 10, birth[4] == 0x2D, date(birth).day != nil {
      // Written as the description of a day is.
      return member.withSpan { member in birth.withSpan { hash(member, $0) } }
    }
    if let day = date(birth).day {
      let day = Array(day.description.utf8)
      return member.withSpan { hash($0, day.span) }
    }
    return member.withSpan { member in birth.withSpan { hash(member, $0) } }
  }

  // MARK: Diagnoses

  /// Adds the row's diagnoses to the claim's and remembers which of the claim's they are.
  mutating func addDiagnoses(_ row: CSVRow, isFirst: Bool) {
    // Most rows of a claim list the same, written the same: what the first row gave holds for them.
    let written = row.span(plan.diagnosisSpan)
    if !isFirst, !written.isEmpty, rowIsFirst, written.withSpan({ claim.text.holds(firstDiagnoses, sameAs: $0) }) {
      return
    }
    var positions: [UInt8] = []
    let typed = edition(row.cell(.diagnosisType))
    var blanks = 0
    for column in plan.diagnoses {
      if row.isEmpty(column.column) {
        if !column.isPrincipal { blanks += 1 }
        continue
      }
      while blanks > 0 {
        positions.append(0)
        blanks -= 1
      }
      let version = column.versionColumn >= 0 ? edition(row.cell(column.versionColumn)) : .unknown
      let known = version == .unknown ? (column.edition == .unknown ? typed : column.edition) : version
      let cell = row.cell(column.column)
      // RIF names the principal diagnosis twice: by itself and first in the list.
      let mayBePrincipal = positions.count == 1 && plan.diagnoses[0].isPrincipal
      ExportCodes.diagnoses(cell) { piece in
        let position = place(piece, known, row)
        if mayBePrincipal, positions.first == position { return }
        positions.append(position)
      }
      // A pointer counts the columns of a numbered list, the blank ones too.
      if cell.isEmpty, !column.isPrincipal { positions.append(0) }
    }
    while positions.last == 0 { positions.removeLast() }
    rowIsFirst = isFirst
    if isFirst {
      firstRowDiagnoses = claim.diagnoses.count
      firstPositions = .listed(positions)
      firstDiagnoses = part(written, row) ?? written.withSpan { claim.text.append($0) }
    } else {
      otherPositions = positions
    }
  }

  /// The diagnoses of the row at hand, as positions in the claim's list; 0 for a blank column before another one.
  var rowDiagnoses: [UInt8] { rowIsFirst ? firstRowPositions : otherPositions }

  /// Those of the first row.
  var firstRowPositions: [UInt8] {
    switch firstPositions {
    case .counted: (0..<firstRowDiagnoses).map { UInt8(truncatingIfNeeded: $0 + 1) }
    case .listed(let positions): positions
    }
  }

  /// The position of a diagnosis in the claim's list, 1 is the first; it is added where it is new.
  mutating func place(_ piece: ByteView, _ edition: Diagnosis.Edition, _ row: CSVRow) -> UInt8 {
    let code = ExportCodes.diagnosis(piece)
    for (index, known) in claim.diagnoses.enumerated() {
      if code.isNone ? ByteView.holdsSame(claim.text[known.text], piece) : known.code == code {
        return UInt8(truncatingIfNeeded: min(index + 1, 31))
      }
    }
    claim.diagnoses.append(Diagnosis(code: code, text: keep(piece, row), edition: edition))
    return UInt8(truncatingIfNeeded: min(claim.diagnoses.count, 31))
  }

  func edition(_ cell: ByteView) -> Diagnosis.Edition {
    if cell.isEmpty { return .unknown }
    switch HeaderName.normalised(cell) {
    case "0", "10", "icd10", "icd10cm", "abk", "abf": return .icd10
    case "9", "09", "icd9", "icd9cm", "bk", "bf": return .icd9
    default: return .unknown
    }
  }

  // MARK: Texts

  func date(_ cell: ByteView) -> DateValue {
    switch plan.dates.read(cell) {
    case .blank: .absent
    case .day(let day), .ambiguous(let day): .day(day)
    case .serial, .malformed: .malformed
    }
  }

  mutating func coded(_ cell: ByteView, _ row: CSVRow) -> CodedValue {
    if cell.isEmpty { return .none }
    let text = part(cell, row) ?? cell.withSpan { claim.text.append($0) }
    return CodedValue(code: ExportCodes.code(cell), text: text)
  }

  mutating func keep(_ row: CSVRow, _ field: ColumnField) -> TextRange {
    let column = plan[field]
    if column >= 0 { return keep(row.cell(column), row) }
    guard let constant = plan.constants[field] else { return .none }
    return claim.text.append(constant)
  }

  /// Keeps a text of digits without the decimals that a spreadsheet gave it.
  mutating func keepWhole(_ row: CSVRow, _ field: ColumnField) -> TextRange {
    let cell = row.cell(field)
    return cell.hasDecimals ? keep(cell.withoutDecimals, row) : keep(row, field)
  }

  mutating func keep(_ ordinal: Int) -> TextRange {
    let digits = Array(String(ordinal).utf8)
    return claim.text.append(digits.span)
  }

  /// Keeps a text as UTF-8, which it is unless it can only be Windows-1252.
  mutating func keep(_ cell: ByteView, _ row: CSVRow) -> TextRange {
    if cell.isEmpty { return .none }
    if let part = part(cell, row) { return part }
    if !cell.isASCII, !TextEncoding.isUTF8(cell) {
      return claim.text.append(TextEncoding.fromWindows1252(cell))
    }
    return cell.withSpan { claim.text.append($0) }
  }

  /// Where a value stands in the row's text, if it was not taken from elsewhere.
  @inline(__always)
  private func part(_ cell: ByteView, _ row: CSVRow) -> TextRange? {
    guard rowText.count > 0, let offset = cell.offset(in: row.record.bytes) else { return nil }
    let inRow = offset &- row.record.start
    guard inRow >= 0, inRow &+ cell.count <= Int(rowText.count) else { return nil }
    return TextRange(
      start: rowText.start &+ UInt32(truncatingIfNeeded: inRow), count: UInt32(truncatingIfNeeded: cell.count))
  }

  mutating func keepIdentifier(_ row: CSVRow, _ column: Int, _ field: ColumnField) -> TextRange {
    guard column >= 0 else { return plan.constants[field].map { claim.text.append($0) } ?? .none }
    let cell = row.cell(column)
    switch ExportCodes.identifier(cell) {
    case .plain: return keep(cell, row)
    case .decimals: return keep(cell.part(0, cell.count - 2), row)
    case .rounded: return .none
    }
  }
}
