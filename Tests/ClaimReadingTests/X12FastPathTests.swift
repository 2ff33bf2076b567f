import TestSupport
import Testing
import X12

@testable import ClaimModel
@testable import ClaimReading

/// Passing over ordinary claims must not be noticed: the outcome is that of reading every claim in full, whatever the bytes.
///
/// Where a random file fails, its seed and round are printed and the bytes can be made again from them.
@Suite("Passing over ordinary claims")
struct X12FastPathTests {
  /// What differs between reading in full and passing over with the instructions of any level, `nil` when nothing does.
  private func difference(_ bytes: [UInt8], _ interest: ClaimInterest = X12Fixtures.watched) -> String? {
    let inFull = readX12(bytes, interest: interest, inFull: true)
    for level in [3, 2, 0] as [Int32] {
      var reader = X12ClaimReader(interest: interest, hash: testHash)
      reader.level = level
      if let found = record(bytes, with: reader).difference(from: inFull) { return "level \(level): \(found)" }
    }
    return nil
  }

  @Test("changes nothing on any fixture", arguments: X12Fixtures.all)
  func fixtures(fixture: Fixture) {
    let bytes = fixture.bytes
    #expect(difference(bytes) == nil)
    #expect(difference(bytes, .everything) == nil)
    #expect(difference(bytes, ClaimInterest(procedures: [])) == nil)
    #expect(difference(bytes, ClaimInterest(procedures: ["71046", "99213", "G0463"])) == nil)
  }

  @Test("leaves of all claims those with a wanted line", arguments: X12Fixtures.all)
  func wanted(fixture: Fixture) {
    let everything = readX12(fixture.bytes)
    let some = readX12(fixture.bytes, interest: X12Fixtures.watched)
    let expected = everything.claims.filter { $0.lines.contains { $0.procedure.code == "32960" } }
    #expect(some.claims == expected)
    #expect(some.issues == everything.issues)
    #expect(some.totals == everything.totals)
  }

  @Test("happens: ordinary claims are passed over, and those of interest put together, all but the odd ones")
  func happens() {
    // Of a claim that is read in full the builder knows how many lines there were.
    for (interest, oddness) in [(X12Fixtures.watched, 0), (ClaimInterest.everything, 0)] {
      var inFull = 0
      var lines = 0
      for seed in 0..<20 as Range<UInt64> {
        let bytes = GeneratedFile(seed: seed, claims: 100, oddness: oddness).bytes
        var reader = X12ClaimReader(interest: interest, hash: testHash)
        var handler = RecordingHandler()
        unsafe bytes.withUnsafeBytes { _ = unsafe reader.read($0, isLast: true, handler: &handler) }
        inFull += reader.builder.lineCount
        lines += reader.totals.lines
      }
      #expect(lines > 2000)
      // Two amounts in eleven of a generated file are written as the fast path leaves them to the reader.
      #expect(inFull * 10 < lines * 9, "\(inFull) of \(lines)")
    }
  }

  @Test("takes a claim that a window cuts with the next one, whole, unless it has to be read now")
  func cutClaims() {
    /// How many lines were read in full, in windows that reach so many bytes further each time.
    func inFull(_ bytes: [UInt8], by step: Int, leaving: Bool) -> (inFull: Int, totals: ReadingTotals) {
      var reader = X12ClaimReader(interest: X12Fixtures.watched, hash: testHash)
      reader.leavesCutClaims = leaving
      var handler = RecordingHandler()
      var (start, end) = (0, 0)
      while start < bytes.count {
        let isLast = end == bytes.count
        end = min(end + step, bytes.count)
        unsafe Array(bytes[start..<end]).withUnsafeBytes {
          start += unsafe reader.read($0, isLast: isLast, handler: &handler)
        }
      }
      return (reader.builder.lineCount, reader.totals)
    }
    let bytes = Fixture("valid/professional.837").bytes
    let (leaving, reading) = (inFull(bytes, by: 3000, leaving: true), inFull(bytes, by: 3000, leaving: false))
    #expect(leaving.totals == reading.totals && leaving.totals.lines > 30)
    #expect(leaving.inFull * 3 < reading.inFull, "\(leaving.inFull) and \(reading.inFull)")
  }

  @Test(
    "changes nothing whatever stands behind a procedure: modifiers, empty ones, a description",
    arguments: [
      "", ":", ":59", ":59:LT", ":5", ":5:L:T", ": 9", ":LTX", "::59", ":::59", "::::59", ":::::E", ":::::ER",
      ":A:::B:C",
      ":A:B:C:D", ":A:B:C:D:E", ":59:LT:22:76", ":59:LT:22:76:ER", ":59:LT:22:76:TEXT", "::::::X", ":59::",
    ])
  func behindProcedures(behind: String) {
    for name in ["professional", "inpatient"] {
      let text = String(decoding: Fixture("x12/valid/\(name).837").bytes, as: UTF8.self)
      let lines = text.split(separator: "\n").map { line -> String in
        guard line.hasPrefix("SV1*HC:") || line.hasPrefix("SV2*"), let from = line.firstRange(of: "HC:") else {
          return String(line)
        }
        let rest = line[from.upperBound...]
        guard let end = rest.firstIndex(where: { $0 == ":" || $0 == "*" }),
          let next = rest.firstIndex(of: "*")
        else { return String(line) }
        return String(line[..<end]) + behind + String(line[next...])
      }
      let bytes = Array(lines.joined(separator: "\n").utf8)
      #expect(difference(bytes, .everything) == nil, "\(name)")
      #expect(difference(bytes) == nil, "\(name)")
    }
  }

  @Test("changes nothing on generated files, sound or odd", arguments: [0, 200, 40, 10])
  func generated(oddness: Int) {
    for round in 0..<RandomRuns.rounds(60) {
      let file = GeneratedFile(seed: RandomRuns.seed &+ UInt64(round), claims: 8, oddness: oddness)
      let found = difference(file.bytes, round % 2 == 0 ? X12Fixtures.watched : .everything)
      #expect(found == nil, "seed \(RandomRuns.seed) round \(round) oddness \(oddness)")
      if found != nil { break }
    }
  }

  @Test("changes nothing when bytes and segments of sound files are damaged", arguments: 0..<8)
  func mutated(part: Int) {
    var generator = SeededGenerator(seed: RandomRuns.seed &* 31 &+ UInt64(part))
    let fixtures = X12Fixtures.valid.filter { $0.name.hasPrefix("x12/") }.map(\.bytes)
    for round in 0..<RandomRuns.rounds(450) {
      let base =
        generator.once(in: 3)
        ? GeneratedFile(seed: generator.next(), claims: 2).bytes : fixtures[generator.number(0...fixtures.count - 1)]
      var bytes = Mutation.byte(base, &generator)
      if round % 5 == 0 { bytes = Mutation.byte(bytes, &generator) }
      if round % 7 == 0 { bytes = Mutation.segment(bytes, &generator) }
      let found = difference(bytes, round % 2 == 0 ? X12Fixtures.watched : .everything)
      #expect(found == nil, "seed \(RandomRuns.seed) part \(part) round \(round)")
      if found != nil { break }
    }
  }

  @Test("changes nothing wherever a file ends", arguments: ["x12/valid/professional.837", "x12/valid/inpatient.837"])
  func cut(name: String) {
    let bytes = Fixture(name).bytes
    for count in stride(from: 0, through: bytes.count, by: 3) {
      let found = difference(Array(bytes.prefix(count)), count % 2 == 0 ? X12Fixtures.watched : .everything)
      #expect(found == nil, "cut at \(count)")
      if found != nil { break }
    }
  }

  /// A file for each kind of claim, of claims that are passed over when nothing is wrong with them.
  static let ordinary: [String: [UInt8]] = [
    "professional": Fixture("x12/valid/professional.837").bytes,
    "institutional": Fixture("x12/valid/institutional.837").bytes,
    "patients": Fixture("x12/valid/patient-levels.837").bytes,
  ].merging((0..<2 as Range<UInt64>).map { ("generated \($0)", GeneratedFile(seed: $0, claims: 2).bytes) }) { $1 }

  @Test(
    "changes nothing whichever segment is missing or there twice, and whichever element is empty or another",
    arguments: ordinary.keys.sorted())
  func everyElement(name: String) throws {
    let bytes = try #require(Self.ordinary[name])
    let header = try #require(bytes.count > 106 ? bytes.prefix(106) : nil)
    let (separator, terminator) = (header[3], header[105])
    let segments = bytes.split(separator: terminator, omittingEmptySubsequences: false).map(Array.init)
    func check(_ changed: [[UInt8]], _ what: String) -> Bool {
      let found = difference(Array(changed.joined(separator: [terminator])), ClaimInterest(procedures: ["99213"]))
      #expect(found == nil, "\(what)")
      return found == nil
    }
    // From the first provider on, to the end of the set.
    let body = segments.indices.dropFirst(5).prefix(45)
    for place in body where place < segments.count - 3 {
      var missing = segments
      missing.remove(at: place)
      var twice = segments
      twice.insert(segments[place], at: place)
      guard check(missing, "segment \(place) missing"), check(twice, "segment \(place) twice") else { return }
      let elements = segments[place].split(separator: separator, omittingEmptySubsequences: false).map(Array.init)
      for position in elements.indices where position > 0 {
        let old = elements[position]
        let middle = old.count / 2
        var others: [(element: [UInt8], what: String)] = [([], "empty"), ([0x58], "X")]
        others.append((old + [0x39], "longer"))
        others.append((Array(old.dropLast()), "shorter"))
        others.append(([0x20] + old, "spaced"))
        others.append((Array(old.prefix(middle)) + [0x78] + Array(old.dropFirst(middle + 1)), "broken"))
        others.append((Array(old.dropLast(2)) + [header[104]] + Array(old.suffix(1)), "with one more component"))
        for (other, what) in others {
          var changed = segments
          var new = elements
          new[position] = other
          changed[place] = Array(new.joined(separator: [separator]))
          guard check(changed, "segment \(place) element \(position) \(what)") else { return }
        }
      }
    }
  }

  @Test("changes nothing in pieces of any size, on odd files too", arguments: 0..<4)
  func pieces(part: Int) {
    var generator = SeededGenerator(seed: RandomRuns.seed &* 37 &+ UInt64(part))
    for round in 0..<RandomRuns.rounds(25) {
      let file = GeneratedFile(seed: generator.next(), claims: 4, oddness: round % 2 == 0 ? 0 : 30)
      let interest = round % 3 == 0 ? ClaimInterest.everything : X12Fixtures.watched
      let whole = readX12(file.bytes, interest: interest, inFull: true)
      for most in [3, 50, 700, 3000, 9000] {
        let chunking = Chunking.random(seed: generator.next(), upTo: most)
        let found = readX12(file.bytes, interest: interest, in: chunking).difference(from: whole)
        #expect(found == nil, "seed \(RandomRuns.seed) part \(part) round \(round) \(chunking)")
        if found != nil { return }
      }
    }
  }

  @Test("counts what a generated file is known to hold", arguments: 0..<20)
  func counts(seed: Int) {
    let file = GeneratedFile(seed: UInt64(seed), claims: 20)
    let outcome = readX12(file.bytes, interest: X12Fixtures.watched)
    #expect(outcome.totals.claims == file.claims)
    #expect(outcome.totals.lines == file.lines)
    #expect(outcome.totals.chargeCents == file.cents)
    #expect(outcome.claims.flatMap(\.lines).filter { $0.procedure.code == "32960" }.count == file.watched)
    #expect(outcome.issues.filter { !["LINE_COUNT", "AMOUNT_NEGATIVE"].contains($0.code) } == [])
  }
}
