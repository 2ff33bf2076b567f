internal import Auditing
internal import ClaimModel

extension SummaryBuilder {
  /// Counts a watched line by its record.
  mutating func addWatched(
    _ record: Record, in buffer: borrowing ByteBuffer, stream: Int, atRisk: Int64, _ groups: inout SummaryGroups
  ) {
    func tally(_ column: Int) -> Tally { Tally(record.cell(LineColumn.inRecord(column), in: buffer), in: buffer) }
    var modifiers = Modifiers()
    for column in LineColumn.firstModifier..<LineColumn.lastModifier { modifiers.add(tally(column)) }
    // A fifth shares the column of the fourth.
    let last = record.cell(LineColumn.inRecord(LineColumn.lastModifier), in: buffer)
    if !last.isEmpty {
      let joint = last.first { buffer[$0] == 0x3B } ?? last.upperBound
      modifiers.add(Tally(last.lowerBound..<joint, in: buffer))
      if joint < last.upperBound { modifiers.add(Tally(joint + 1..<last.upperBound, in: buffer)) }
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
    /// The first and the last eight bytes of the payer, all there are of up to sixteen.
    var payer: (first: UInt64, last: UInt64) = (0, 0)
    var length: UInt8 = 0
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
    let length = payer.count
    if length == 0 || length > 16 { return find() }
    let first = buffer.packed(at: payer.lowerBound, count: min(length, 8))
    let last = buffer.packed(at: max(payer.lowerBound, payer.upperBound - 8), count: min(length, 8))
    var hash = (first ^ last << 1) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ placeOfService.bits ^ UInt64(kind)) &* 0x9E37_79B9_7F4A_7C15
    let slot = Int(truncatingIfNeeded: hash >> 56)
    let known = entries[slot]
    if known.group >= 0, known.payer == (first, last), Int(known.length) == length, known.kind == kind,
      known.place == placeOfService
    {
      return known.group
    }
    let group = find()
    entries[slot] = Entry(
      payer: (first, last), length: UInt8(length), kind: kind, place: placeOfService, group: group)
    return group
  }
}
