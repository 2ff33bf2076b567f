import TestSupport
import Testing
import X12

@testable import ClaimModel
@testable import ClaimReading

/// A large file is read in units that begin at borders.
///
/// What is known at a border must be all that matters there.
@Suite("Borders inside a file")
struct X12CheckpointTests {
  /// Reads `bytes` with a new reader at each border that is at least `distance` behind the one before.
  ///
  /// Gives what was read, at how many borders a new reader began, and at how many of them all was foreseen.
  private func inUnits(
    _ bytes: [UInt8], distance: Int, inFull: Bool = false, isPrepared: Bool = true
  ) -> (outcome: ReadingOutcome, borders: Int, foreseen: Int) {
    var handler = RecordingHandler()
    var totals = ReadingTotals()
    var borders = 0
    var foreseen = 0
    var reader = X12ClaimReader(
      interest: X12Fixtures.watched, hash: testHash, readsEveryClaimInFull: inFull)
    reader.leavesCutClaims = false
    unsafe bytes.withUnsafeBytes { bytes in
      var known: X12Checkpoint?
      var start = 0
      var searched = 0
      if let first = unsafe reader.nextBorder(in: bytes) {
        start = unsafe reader.read(
          UnsafeRawBufferPointer(rebasing: bytes[..<first.offset]), isLast: false, handler: &handler)
        known = reader.checkpoint(at: first.offset, first.border, handler: &handler)
        searched = first.offset + 1
      }
      if let known {
        totals += reader.totals
        reader.resume(at: known)
      }
      var guess = known
      while true {
        guard let at = known,
          let found = unsafe at.border(in: UnsafeRawBufferPointer(rebasing: bytes[start...]), from: searched - start)
        else { break }
        let end = start + found.offset
        if let before = guess {
          let unit = unsafe UnsafeRawBufferPointer(rebasing: bytes[before.offset..<end])
          if isPrepared {
            unsafe reader.prepare(unit, following: min(64, bytes.count - end), delimitedAs: before)
            guess = unsafe reader.foresee(over: unit, from: before, to: found.border)
          } else {
            guess = unsafe before.foresee(over: unit, to: found.border)
          }
        }
        searched = end + distance
        var used = start
        while true {
          let step = unsafe reader.read(
            UnsafeRawBufferPointer(rebasing: bytes[used..<end]), isLast: false, handler: &handler)
          used += step
          if step == 0 || used == end { break }
        }
        start = used
        guard let checkpoint = reader.checkpoint(at: end, found.border, handler: &handler) else { continue }
        borders += 1
        if checkpoint == guess { foreseen += 1 }
        totals += reader.totals
        known = checkpoint
        guess = checkpoint
        start = end
        reader.resume(at: checkpoint)
      }
      _ = unsafe reader.read(UnsafeRawBufferPointer(rebasing: bytes[start...]), isLast: true, handler: &handler)
      totals += reader.totals
    }
    var outcome = ReadingOutcome()
    outcome.events = handler.events
    outcome.totals = totals
    return (outcome, borders, foreseen)
  }

  @Test("may be begun at by another reader, on every fixture", arguments: X12Fixtures.all)
  func fixtures(fixture: Fixture) {
    let bytes = fixture.bytes
    let whole = readX12(bytes, interest: X12Fixtures.watched)
    for distance in [1, 500] {
      #expect(inUnits(bytes, distance: distance).outcome.difference(from: whole) == nil)
      #expect(inUnits(bytes, distance: distance, isPrepared: false).outcome.difference(from: whole) == nil)
      #expect(inUnits(bytes, distance: distance, inFull: true).outcome.difference(from: whole) == nil)
    }
  }

  @Test("may be begun at by another reader, in generated and damaged files", arguments: [0, 40, -1])
  func generated(oddness: Int) {
    var generator = SeededGenerator(seed: RandomRuns.seed &* 47)
    for round in 0..<RandomRuns.rounds(120) {
      var bytes = GeneratedFile(seed: generator.next(), claims: 8, oddness: max(oddness, 0)).bytes
      if oddness < 0 {
        bytes = Mutation.byte(bytes, &generator)
        if round % 2 == 0 { bytes = Mutation.segment(bytes, &generator) }
      }
      let whole = readX12(bytes, interest: X12Fixtures.watched)
      let found = inUnits(bytes, distance: generator.number(1...2000)).outcome.difference(from: whole)
      #expect(found == nil, "seed \(RandomRuns.seed) round \(round) oddness \(oddness)")
      if found != nil { return }
    }
  }

  @Test("are foreseen by a quick look in a sound file, so that units are not read twice")
  func foreseeing() {
    var borders = 0
    for seed in 0..<30 as Range<UInt64> {
      let bytes = GeneratedFile(seed: seed, claims: 10).bytes
      for isPrepared in [false, true] {
        let found = inUnits(bytes, distance: 1, isPrepared: isPrepared)
        borders += found.borders
        #expect(found.foreseen == found.borders, "seed \(seed)")
      }
    }
    #expect(borders > 60)
  }

  /// The plainest way to find a border: a segment begins behind a terminator and the line breaks that follow it.
  private func obviousBorder(
    _ bytes: [UInt8], from start: Int, terminator: UInt8, separator: UInt8
  ) -> (offset: Int, border: X12Checkpoint.Border)? {
    func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    for end in max(start - 1, 0)..<bytes.count where bytes[end] == terminator {
      var begin = end + 1
      while begin < bytes.count, [0x0A, 0x0D].contains(bytes[begin]) { begin += 1 }
      // A border that is not whole yet is not seen.
      if begin + 24 > bytes.count { return nil }
      let segment = Array(bytes[begin..<begin + 24])
      if segment.starts(with: [0x53, 0x54, separator]) { return (begin, .set) }
      guard segment.starts(with: [0x48, 0x4C, separator]) else { continue }
      let number = segment[3...].prefix { isDigit($0) }.prefix(9)
      let rest = Array(segment[(3 + number.count)...])
      if !number.isEmpty, rest.starts(with: [separator, separator, 0x32, 0x30]),
        [separator, terminator].contains(rest[4])
      {
        return (begin, .provider(Int(String(decoding: number, as: UTF8.self)) ?? 0))
      }
    }
    return nil
  }

  @Test("are found where going from segment to segment finds them, whatever the delimiters")
  func search() {
    var generator = SeededGenerator(seed: RandomRuns.seed &* 53)
    var found = 0
    for round in 0..<RandomRuns.rounds(4000) {
      // A line break, and letters of what is looked for, may be delimiters too.
      let terminator = generator.pick(Array("~~~\n\r'LT".utf8))
      let separator = generator.pick(Array("***|^".utf8))
      let end = String(decoding: [terminator], as: UTF8.self)
      let star = String(decoding: [separator], as: UTF8.self)
      let pieces = [
        end, end, "\n", "\r\n", "HL", "H", "L", "S", "ST", star, "2", "20", "ST\(star)837",
        "HL\(star)7\(star)\(star)20\(star)1",
        "HL\(star)12\(star)\(star)22\(star)1", "HL\(star)3\(star)\(star)20", "HL\(star)4\(star)1\(star)20",
        "CLM\(star)A\(star)100", "REF",
        "HL\(star)123456789\(star)\(star)20\(star)1", "HL\(star)1234567890\(star)\(star)20\(star)1",
      ]
      var text = ""
      for _ in 0..<generator.number(1...60) { text += generator.pick(pieces) }
      text += String(repeating: "A", count: generator.number(0...30))
      let bytes = Array(text.utf8)
      var checkpoint = X12Checkpoint()
      checkpoint.delimiters.terminator = terminator
      checkpoint.delimiters.element = separator
      let start = generator.number(0...bytes.count)
      let place = unsafe bytes.withUnsafeBytes { unsafe checkpoint.border(in: $0, from: start) }
      let obvious = obviousBorder(bytes, from: start, terminator: terminator, separator: separator)
      if obvious != nil { found += 1 }
      #expect(
        place?.offset == obvious?.offset && place?.border == obvious?.border,
        "seed \(RandomRuns.seed) round \(round): \(text.debugDescription) from \(start)")
    }
    #expect(found > RandomRuns.rounds(500))
  }
}
