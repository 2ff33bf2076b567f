internal import Auditing
internal import ClaimModel

extension SummaryBuilder {
  /// Counts a watched line by its record.
  mutating func addWatched(
    _ record: Record, in buffer: borrowing ByteBuffer, stream: Int, atRisk: Int64, _ groups: inout SummaryGroups
  ) {
    func tally(_ column: Int) -> Tally {
      buffer.withSpan(record.cell(LineColumn.inRecord(column), in: buffer)) { Tally($0) }
    }
    var modifiers = Modifiers()
    for column in LineColumn.firstModifier..<LineColumn.lastModifier { modifiers.add(tally(column)) }
    // A fifth shares the column of the fourth.
    let last = record.cell(LineColumn.inRecord(LineColumn.lastModifier), in: buffer)
    if !last.isEmpty {
      let joint = last.first { buffer[$0] == 0x3B } ?? last.upperBound
      modifiers.add(buffer.withSpan(last.lowerBound..<joint) { Tally($0) })
      if joint < last.upperBound { modifiers.add(buffer.withSpan(joint + 1..<last.upperBound) { Tally($0) }) }
    }
    let place = tally(LineColumn.placeOfService)
    let payer = record.cell(LineColumn.inRecord(LineColumn.payer), in: buffer)
    let group = groups.group(payer, in: buffer, kind: record.kind, placeOfService: place) {
      self.group(
        payer: buffer.string(payer), claimType: ClaimKind(rawValue: record.kind) ?? .professional, placeOfService: place
      )
    }
    addWatched(
      Line(
        stream: stream, group: group, placeOfService: place, typeOfBill: tally(LineColumn.typeOfBill),
        modifiers: modifiers, charge: record.charge, allowed: record.allowed, paid: record.paid, atRisk: atRisk))
  }
}

/// Which group of the summary the last lines were of, so that few of them have to be looked up by the payer's name.
struct SummaryGroups {
  private struct Entry {
    var payer: [UInt8] = []
    var kind: UInt8 = 0
    var place = SummaryBuilder.Tally.none
    var group = -1
  }

  private var entries = [Entry](repeating: Entry(), count: 256)

  /// The group of a line, asked of `find` where it is not remembered.
  mutating func group(
    _ payer: Range<Int>, in buffer: borrowing ByteBuffer, kind: UInt8, placeOfService: SummaryBuilder.Tally,
    _ find: () -> Int
  ) -> Int {
    var hash = UInt64(payer.count) &* 31 &+ UInt64(kind) &+ placeOfService.bits >> 48 &* 7
    for position in payer.prefix(4) { hash = hash &* 31 &+ UInt64(buffer[position]) }
    let slot = Int(truncatingIfNeeded: hash & 255)
    if entries[slot].group >= 0, entries[slot].kind == kind, entries[slot].place == placeOfService,
      buffer.holds(entries[slot].payer, at: payer)
    {
      return entries[slot].group
    }
    let group = find()
    entries[slot] = Entry(payer: buffer.array(payer), kind: kind, place: placeOfService, group: group)
    return group
  }
}

extension ByteBuffer {
  /// Whether the bytes at `range` are those of `bytes`.
  fileprivate func holds(_ bytes: [UInt8], at range: Range<Int>) -> Bool {
    if bytes.count != range.count { return false }
    for (index, position) in range.enumerated() where self[position] != bytes[index] { return false }
    return true
  }
}
