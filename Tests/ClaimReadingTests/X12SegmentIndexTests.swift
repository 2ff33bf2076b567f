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

  /// The plainest way to say which segments are listed: behind a terminator and up to two line breaks one begins; it is known by
  /// the two or three bytes before its first separator, unless it is very long.
  private func obviousList(_ bytes: [UInt8], terminator: UInt8, separator: UInt8) -> [Listed] {
    var starts: [Int] = []
    var ends = true
    var breaks = 0
    for (index, byte) in bytes.enumerated() {
      let isBreak = byte == 0x0A || byte == 0x0D
      if ends, isBreak, breaks < 2 {
        breaks += 1
      } else if ends {
        starts.append(index)
        ends = false
      }
      if byte == terminator {
        ends = true
        // A terminator that is passed over as a line break ends a segment all the same.
        breaks = 0
      }
    }
    return starts.indices.compactMap { ordinal in
      let start = starts[ordinal]
      guard start <= bytes.count - X12SegmentIndex.margin else { return nil }
      let next = ordinal + 1 < starts.count ? starts[ordinal + 1] : ends ? bytes.count : start
      let head = bytes[start..<start + 4]
      let id = String(decoding: head.prefix { $0 != separator }, as: UTF8.self)
      let isLong = next - start > 1024
      if !isLong, X12SegmentNames.neutral.contains(id) { return nil }
      return Listed(start: start, ordinal: ordinal, kind: isLong ? .unknown : obviousKinds[id] ?? .unknown)
    }
  }

  private let obviousKinds: [String: X12SegmentKind] = [
    "LX": .line, "SV1": .professional, "SV2": .institutional, "SV3": .dental, "DTP": .date, "NM1": .party,
    "SBR": .subscriber, "SVD": .lineLoop, "LIN": .lineLoop, "CLM": .claim, "HL": .level, "SE": .setTrailer,
    "BHT": .transaction,
  ]

  struct Listed: Equatable {
    var start: Int
    var ordinal: Int
    var kind: X12SegmentKind
  }

  /// The index as it is made with instructions of a level.
  private func indexed(
    _ bytes: [UInt8], terminator: UInt8, separator: UInt8, level: Int32 = 3
  ) -> (marks: Marks, list: [Listed]) {
    let index = X12SegmentIndex()
    return unsafe bytes.withUnsafeBytes { window in
      unsafe index.index(window, terminator: terminator, separator: separator, level: level)
      let marks = unsafe Marks(
        terminators: positions(index.terminators, below: bytes.count),
        separators: positions(index.separators, below: bytes.count), odd: positions(index.odd, below: bytes.count))
      var list: [Listed] = []
      while true {
        let mark = unsafe X12SegmentIndex.Mark(bits: index.marks[list.count])
        if mark.kind == .end { break }
        list.append(Listed(start: mark.start, ordinal: mark.ordinal, kind: mark.kind))
      }
      return (marks, list)
    }
  }

  @Test(
    "marks the same bytes and lists the same segments by vectors, by plain C and by the obvious loop", arguments: 0..<4)
  func agreement(part: Int) {
    var generator = SeededGenerator(seed: RandomRuns.seed &+ UInt64(part))
    let alphabets: [[UInt8]] = [
      Array("ABC019*:~".utf8), Array("~~\n\r*A".utf8), Array("\n\r~".utf8), Array(0...255),
      Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789****~".utf8), [0x1F, 0x20, 0x7E, 0x7F, 0x80, 0xFF, 0x0A, 0x0D],
    ]
    let ids = obviousKinds.keys.sorted() + X12SegmentNames.neutral + ["ZZ", "ST", "N", "CLMX", "sv1", ""]
    for round in 0..<RandomRuns.rounds(150) {
      let terminator: UInt8 = generator.pick([0x7E, 0x7E, 0x27, 0x1D, 0x0A, 0xFF])
      let separator: UInt8 = generator.pick([0x2A, 0x7C])
      var bytes: [UInt8] = []
      if round % 3 == 0 {
        let alphabet = alphabets[round / 3 % alphabets.count]
        bytes = (0..<generator.number(0...700)).map { _ in generator.pick(alphabet) }
      } else {
        for _ in 0..<generator.number(0...120) {
          bytes += Array(generator.pick(ids).utf8) + [separator]
          let length = generator.once(in: 30) ? generator.number(1000...1030) : generator.number(0...40)
          bytes += (0..<length).map { _ in UInt8(generator.number(0x30...0x5A)) } + [terminator]
          if generator.once(in: 3) { bytes += generator.pick([[0x0A], [0x0D, 0x0A], [0x0A, 0x0A, 0x0A]]) }
        }
      }
      let marks = obvious(bytes, terminator: terminator, separator: separator)
      let list = obviousList(bytes, terminator: terminator, separator: separator)
      for level in 0..<4 as Range<Int32> {
        let found = indexed(bytes, terminator: terminator, separator: separator, level: level)
        let comment: Comment = "seed \(RandomRuns.seed) part \(part) round \(round) level \(level)"
        #expect(found.marks == marks, comment)
        let differs = zip(found.list, list).first { $0 != $1 }.map { "\($0) and not \($1)" }
        #expect(differs == nil, comment)
        #expect(found.list.count == list.count, comment)
      }
    }
  }

  @Test("lists no more than there is room for, and leaves the rest to the reader")
  func room() {
    let bytes = [UInt8](repeating: 0x7E, count: 10_000)
    let list = indexed(bytes, terminator: 0x7E, separator: 0x2A).list
    #expect(list.count < bytes.count)
    for (ordinal, listed) in list.enumerated() {
      #expect(listed == Listed(start: ordinal, ordinal: ordinal, kind: .unknown))
    }
  }

  @Test(
    "knows the ids of an 837, whatever the separator, and tells them from all others",
    arguments: [0x2A, 0x7C, 0x1D, 0x3A])
  func table(separator: UInt8) {
    let table = X12SegmentTable(separator: separator)
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
    var known = 0
    for first in letters {
      for second in letters {
        for third in letters + [separator] {
          let id = third == separator ? [first, second] : [first, second, third]
          let bytes = Array((id + [separator, 0x41]).prefix(4))
          let head = UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16 | UInt32(bytes[3]) << 24
          let text = String(decoding: id, as: UTF8.self)
          let kind = obviousKinds[text] ?? (X12SegmentNames.neutral.contains(text) ? .neutral : .unknown)
          if kind != .unknown { known += 1 }
          if table.kind(ofHead: head) != kind { Issue.record("\(text) is \(table.kind(ofHead: head))") }
          if third != separator, table.kind(ofHead: head & 0xFF_FFFF | 0x4100_0000) != .unknown {
            Issue.record("\(text) without a separator")
          }
        }
      }
    }
    #expect(known == obviousKinds.count + X12SegmentNames.neutral.count)
    // Those that nearly all segments have do not share a slot of the small table.
    let heads = unsafe withUnsafeBytes(of: table.ids.usual.pointee.heads) {
      unsafe Array($0.bindMemory(to: UInt32.self))
    }
    #expect(heads.count { $0 != 0 } == 20)
    for id in ["LX", "CLM", "N3", "HAD"] {
      var wasLowerCase = false
      let bytes = Array(id.utf8)
      #expect(X12SegmentNames.isKnown(SegmentID(bytes.span, 0..<bytes.count, wasLowerCase: &wasLowerCase)))
    }
    #expect(!X12SegmentNames.isKnown(.se))
    #expect(!X12SegmentNames.isKnown(.st))
    #expect(!X12SegmentNames.isKnown(SegmentID(bits: 0)))
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
