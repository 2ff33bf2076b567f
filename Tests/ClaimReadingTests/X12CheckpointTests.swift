import TestSupport
import Testing

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
    unsafe bytes.withUnsafeBytes { bytes in
      var known = unsafe X12ClaimReader.firstCheckpoint(bytes, limits: ReadingLimits())
      var guess = known
      var start = 0
      var searched = known?.offset ?? 0
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
        reader = X12ClaimReader(resuming: checkpoint, reusing: reader)
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
}
