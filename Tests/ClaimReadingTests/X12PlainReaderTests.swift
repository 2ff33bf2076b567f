import TestSupport
import Testing

@testable import ClaimModel
@testable import ClaimReading

@Suite("The reader and a plain one that shares nothing with it")
struct X12PlainReaderTests {
  /// What the two disagree on, `nil` when they agree or the plain one gives up.
  private func disagreement(_ bytes: [UInt8], _ agreed: inout Int) -> String? {
    guard let plain = X12PlainReader.claims(bytes) else { return nil }
    let outcome = readX12(bytes)
    // What the reader calls damage, the plain one has no opinion on.
    if outcome.issues.contains(where: { $0.effect.isDamage }) { return nil }
    // A byte in the name of the guide can make it one that is passed over.
    if outcome.totals.skippedTransactionSets > 0 { return nil }
    agreed += 1
    let claims = outcome.claims
    guard claims.count == plain.count, outcome.totals.claims == plain.count else {
      return "\(claims.count) claims and \(plain.count)"
    }
    var cents: Int64 = 0
    for (claim, other) in zip(claims, plain) {
      func trimmed(_ text: String) -> String { String(decoding: trimmedBytes(text), as: UTF8.self) }
      guard claim.id == trimmed(other.id), claim.payerName == trimmed(other.payer),
        claim.location.record == other.record,
        claim.lines.count == other.lines.count
      else { return "\(claim) and \(other)" }
      for (line, text) in zip(claim.lines, other.lines) {
        guard line.procedure.text == trimmed(text.procedure), line.location.record == text.record,
          line.location.byteOffset == text.offset,
          line.modifiers.map(\.text) == text.modifiers.map(trimmed).filter({ !$0.isEmpty })
        else { return "\(line) and \(text)" }
        if let expected = X12PlainReader.cents(trimmed(text.charge)), line.charge != .cents(expected) {
          return "\(line.charge) and \(text.charge)"
        }
        cents += line.charge.cents ?? 0
        if let day = line.serviceFrom.day, line.dateOrigin == .line {
          let digits = day.description.filter { $0 != "-" }
          if digits != trimmed(text.date) { return "\(day) and \(text.date)" }
        }
      }
    }
    return outcome.totals.chargeCents == cents ? nil : "\(outcome.totals.chargeCents) and \(cents) cents"
  }

  private func trimmedBytes(_ text: String) -> [UInt8] {
    var bytes = Array(text.utf8)
    while bytes.last == 0x20 { bytes.removeLast() }
    while bytes.first == 0x20 { bytes.removeFirst() }
    return bytes
  }

  @Test("agree on every valid fixture", arguments: X12Fixtures.valid)
  func valid(fixture: Fixture) {
    var agreed = 0
    #expect(disagreement(fixture.bytes, &agreed) == nil)
    #expect(agreed == 1)
  }

  @Test("agree on generated files", arguments: 0..<40)
  func generated(round: Int) {
    var agreed = 0
    let file = GeneratedFile(seed: RandomRuns.seed &* 41 &+ UInt64(round))
    #expect(disagreement(file.bytes, &agreed) == nil)
    // A carriage return is no line end the plain one knows inside a name, but behind a terminator it is.
    #expect(agreed == 1)
  }

  @Test("agree on damaged files that both understand", arguments: 0..<4)
  func damaged(part: Int) {
    var generator = SeededGenerator(seed: RandomRuns.seed &* 43 &+ UInt64(part))
    let fixtures = X12Fixtures.valid.filter { $0.name.hasPrefix("x12/") }.map(\.bytes)
    var agreed = 0
    let rounds = RandomRuns.rounds(300)
    for round in 0..<rounds {
      var bytes = Mutation.byte(fixtures[generator.number(0...fixtures.count - 1)], &generator)
      if round % 4 == 0 { bytes = Mutation.segment(bytes, &generator) }
      let found = disagreement(bytes, &agreed)
      #expect(found == nil, "seed \(RandomRuns.seed) part \(part) round \(round)")
      if found != nil { return }
    }
    #expect(agreed > rounds / 4)
  }
}
