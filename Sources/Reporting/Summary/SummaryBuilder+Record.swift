internal import Auditing
internal import ClaimModel

extension SummaryBuilder {
  /// Counts a watched line by its record.
  mutating func addWatched(
    _ record: Record, in buffer: borrowing ByteBuffer, stream: Int, atRisk: Int64, _ memory: inout SummaryMemory
  ) {
    let place = Tally(record.cell(LineColumn.inRecord(LineColumn.placeOfService), in: buffer), in: buffer)
    let payer = record.cell(LineColumn.inRecord(LineColumn.payer), in: buffer)
    let group = memory.groups.group(payer, in: buffer, kind: record.kind, placeOfService: place) {
      self.group(
        payer: buffer.string(payer), claimType: ClaimKind(rawValue: record.kind) ?? .professional, placeOfService: place
      )
    }
    addWatched(
      Line(
        stream: stream, group: group, charge: record.charge, allowed: record.allowed, paid: record.paid, atRisk: atRisk)
    )
    if memory.codes.add(record, in: buffer) { return }
    let codes = LineCodes(record, in: buffer)
    guard let (old, lines) = memory.codes.remember(codes, of: record, in: buffer) else { return }
    add(old, lines: lines)
  }

  /// Counts what `memory` has gathered.
  mutating func takeOut(_ memory: inout SummaryMemory) { memory.codes.takeOut { add($0, lines: $1) } }
}

extension SummaryBuilder.LineCodes {
  /// The codes of a line.
  fileprivate init(_ record: Record, in buffer: borrowing ByteBuffer) {
    func cell(_ column: Int) -> Range<Int> { record.cell(LineColumn.inRecord(column), in: buffer) }
    placeOfService = SummaryBuilder.Tally(cell(LineColumn.placeOfService), in: buffer)
    typeOfBill = SummaryBuilder.Tally(cell(LineColumn.typeOfBill), in: buffer)
    for column in LineColumn.firstModifier..<LineColumn.lastModifier {
      modifiers.add(SummaryBuilder.Tally(cell(column), in: buffer))
    }
    // A fifth shares the column of the fourth.
    let last = cell(LineColumn.lastModifier)
    if last.isEmpty { return }
    let joint = last.first { buffer[$0] == 0x3B } ?? last.upperBound
    modifiers.add(SummaryBuilder.Tally(last.lowerBound..<joint, in: buffer))
    if joint < last.upperBound { modifiers.add(SummaryBuilder.Tally(joint + 1..<last.upperBound, in: buffer)) }
  }
}
