import CScan
import TestSupport
import Testing

@testable import ClaimReading

@Suite("The index of a window")
struct X12SegmentIndexTests {
  /// The three bit maps of an index, as the positions of their bits.
  struct Marks: Equatable {
    var terminators: [Int] = []
    var separators: [Int] = []
    var odd: [Int] = []
  }

  /// The plainest way to say what an index is.
  ///
  /// Terminators, separators, and every byte that is not printable ASCII, save terminators and one or two line breaks behind
  /// one. What stands before the window counts as a terminator.
  private func obvious(_ bytes: [UInt8], terminator: UInt8, separator: UInt8) -> Marks {
    var marks = Marks()
    var allowed = 2
    for (index, byte) in bytes.enumerated() {
      if byte == separator { marks.separators.append(index) }
      if byte == terminator {
        marks.terminators.append(index)
        allowed = 2
      } else if byte == 0x0A || byte == 0x0D {
        if allowed == 0 { marks.odd.append(index) } else { allowed -= 1 }
      } else {
        if byte < 0x20 || byte >= 0x7F { marks.odd.append(index) }
        allowed = 0
      }
    }
    return marks
  }

  private func positions(_ words: UnsafePointer<UInt64>, below count: Int) -> [Int] {
    (0..<count).filter { unsafe words[$0 / 64] >> UInt64($0 % 64) & 1 != 0 }
  }

  /// The index as the reader makes it.
  private func indexed(_ bytes: [UInt8], terminator: UInt8, separator: UInt8) -> Marks {
    let index = X12SegmentIndex()
    return unsafe bytes.withUnsafeBytes { window in
      unsafe index.index(window, terminator: terminator, separator: separator)
      return unsafe Marks(
        terminators: positions(index.terminators, below: bytes.count),
        separators: positions(index.separators, below: bytes.count), odd: positions(index.odd, below: bytes.count))
    }
  }

  /// The same words by the vectors of this processor and by plain C.
  private func words(_ bytes: [UInt8], _ terminator: UInt8, _ separator: UInt8, isPlain: Bool) -> [[UInt64]] {
    let count = bytes.count / 64
    var terminators = [UInt64](repeating: 0, count: count)
    var separators = terminators
    var odd = terminators
    var carry = claimaudit_x12_carry(after_terminator: 1, after_break: 0)
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      if isPlain {
        unsafe claimaudit_x12_index_plain(base, count, terminator, separator, &terminators, &separators, &odd, &carry)
      } else {
        unsafe claimaudit_x12_index(base, count, terminator, separator, &terminators, &separators, &odd, &carry)
      }
    }
    return [terminators, separators, odd] + [[carry.after_terminator, carry.after_break]]
  }

  @Test("marks the same bytes by vectors, by plain C and by the obvious loop", arguments: 0..<4)
  func agreement(part: Int) {
    var generator = SeededGenerator(seed: RandomRuns.seed &+ UInt64(part))
    let alphabets: [[UInt8]] = [
      Array("ABC019*:~".utf8), Array("~~\n\r*A".utf8), Array("\n\r~".utf8), Array(0...255),
      Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789****~".utf8), [0x1F, 0x20, 0x7E, 0x7F, 0x80, 0xFF, 0x0A, 0x0D],
    ]
    for round in 0..<RandomRuns.rounds(150) {
      let alphabet = alphabets[round % alphabets.count]
      let bytes = (0..<generator.number(0...700)).map { _ in generator.pick(alphabet) }
      let terminator: UInt8 = generator.pick([0x7E, 0x7E, 0x27, 0x1D, 0x0A, 0xFF])
      let separator: UInt8 = generator.pick([0x2A, 0x7C])
      #expect(
        indexed(bytes, terminator: terminator, separator: separator)
          == obvious(bytes, terminator: terminator, separator: separator),
        "seed \(RandomRuns.seed) part \(part) round \(round)")
      #expect(
        words(bytes, terminator, separator, isPlain: false) == words(bytes, terminator, separator, isPlain: true),
        "seed \(RandomRuns.seed) part \(part) round \(round)")
    }
  }

  @Test("finds the next odd byte from any byte on", arguments: [0, 1, 63, 64, 65, 127, 128, 300])
  func nextOdd(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let bytes = (0..<count).map { _ in generator.once(in: 20) ? UInt8(1) : UInt8(0x41) }
    let index = X12SegmentIndex()
    unsafe bytes.withUnsafeBytes { window in
      unsafe index.index(window, terminator: 0x7E, separator: 0x2A)
      for start in Array(0..<count) + Array((0..<count).reversed()) {
        #expect(index.nextOdd(from: start) == bytes[start...].firstIndex(of: 1) ?? count, "from \(start)")
      }
    }
  }

  @Test("of a new window has nothing of the one before")
  func again() {
    let index = X12SegmentIndex()
    let long = [UInt8](repeating: 0x7E, count: 1000)
    let short = [UInt8](repeating: 0x41, count: 70)
    unsafe long.withUnsafeBytes { unsafe index.index($0, terminator: 0x7E, separator: 0x2A) }
    unsafe short.withUnsafeBytes { unsafe index.index($0, terminator: 0x7E, separator: 0x2A) }
    #expect(index.count == 70)
    #expect(unsafe positions(index.terminators, below: 128) == [])
    #expect(index.nextOdd(from: 0) == 70)
  }
}
