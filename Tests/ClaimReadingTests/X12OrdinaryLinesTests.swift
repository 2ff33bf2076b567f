import ClaimModel
import TestSupport
import Testing

@testable import ClaimReading

/// What the look at several lines finds, beside what each line says by itself; that the walk over claims does not notice it is
/// `X12FastPathTests`' matter.
@Suite("Service lines that are looked at eight at a time")
struct X12OrdinaryLinesTests {
  /// A line and what is to be known of it when it is of the usual form.
  struct Line {
    var segments: [String]
    var number = 0
    var cents: Int64 = 0
    var code: String?
    var isInstitutional = false
    var isDated = false
    var isUsual = true
  }

  /// A line that is of the usual form, or in one thing not.
  private func line(_ generator: inout SeededGenerator, number: Int) -> Line {
    let isInstitutional = generator.once(in: 2)
    var line = Line(segments: [], number: number, isInstitutional: isInstitutional)
    let code = generator.pick(["32960", "99213", "J1885", "0042T", "A0428", "00000", "B999A"])
    let modifiers = generator.pick(["", ":59", ":59:LT", ":22", ":77:RT"])
    let (amount, cents): (String, Int64) = generator.pick([
      ("187", 18_700), ("73.5", 7350), ("1080.79", 108_079), ("0", 0), ("0.00", 0), (".5", 50), ("12.", 1200),
      ("99999.99", 9_999_999), ("12345678", 1_234_567_800),
    ])
    (line.code, line.cents) = (code, cents)
    var (lx, charge, units, basis, procedure) = ("\(number)", amount, "1", "UN", "HC:\(code)\(modifiers)")
    let date = generator.pick(["20260131", "20251201", "19000101", "21991231", "20240228"])
    var dtp: String? = "DTP*472*D8*\(date)"
    line.isDated = true
    if isInstitutional, generator.once(in: 4) { (procedure, line.code) = ("", nil) }
    if generator.once(in: 3) {
      // One thing is of another form.
      line.isUsual = false
      switch generator.number(0...9) {
      case 0: lx = generator.pick(["0\(number)", "x", "", "1*2", "123"])
      case 1: charge = generator.pick(["", "-5", "1.234", "123456789", "1,5", ".", "1..2", "12a", "+3", " 5"])
      case 2: units = generator.pick(["0", "10", "1.5", "", "x", "-1"])
      case 3: basis = generator.pick(["", "U", "UNI"])
      case 4:
        procedure = generator.pick(["WK:99213", "HC:9921", "HC:992134", "HC:9921a", "HC", "HC:99*13", "hc:99213"])
      case 5: procedure = "HC:" + generator.pick(["99213x", "99213:59:LT:22", "9 213", "9921:"])
      case 6: procedure += "::::::::"
      default:
        line.isUsual = true
        line.isDated = false
        dtp = generator.pick([
          nil, "DTP*472*D8*20260230", "DTP*472*D8*20240229", "DTP*472*D8*2026013", "DTP*472*RD8*20260101-20260102",
          "DTP*471*D8*20260101", "DTP*472*D8*20261301", "DTP*472*D8*20260100", "DTP*472*D8*20260131*", "NM1*82*1*A",
          "DTP*472*D8*22000101", "DTP*472*D8*18991231", "DTP*472*DT*20260101",
        ])
      }
    }
    let service = isInstitutional ? "SV2*0450*\(procedure)" : "SV1*\(procedure)"
    let rest = generator.pick(["", "***1:2", "**1"])
    line.segments = ["LX*\(lx)", "\(service)*\(charge)*\(basis)*\(units)\(rest)"]
    if let dtp { line.segments.append(dtp) }
    if generator.once(in: 3) { line.segments.append("REF*6R*A\(number)") }
    if generator.once(in: 20) { line.segments.append("NM1*82*1*LAST*FIRST") }
    return line
  }

  /// What stands around lines, with ids that are in the list and not.
  private static let others = [
    "CLM*A1*100***11:B:1*Y*A*Y*Y", "HL*2*1*22*0", "REF*D9*1", "DTP*431*D8*20260101", "PAT*01", "ZZZ*1", "K3*NOTE",
    "SE*2*1",
    "LX*1", "LX", "SV1*HC:99213*1*UN*1",
  ]

  @Test("are told as each tells by itself, whatever the instructions", arguments: 0..<4)
  func agreement(part: Int) throws {
    var generator = SeededGenerator(seed: RandomRuns.seed &* 71 &+ UInt64(part))
    let filter = ProcedureFilter(ClaimInterest(procedures: ["32960", "J1885"]))
    var told = (usual: 0, others: 0)
    for round in 0..<RandomRuns.rounds(150) {
      // The lines with the byte that each LX stands at.
      var text: [UInt8] = []
      var expected: [Int: Line] = [:]
      let lineBreak = generator.pick(["", "\n", "\r\n"])
      func append(_ segment: String) { text += Array((segment + "~" + lineBreak).utf8) }
      var number = 0
      for _ in 0..<generator.number(1...90) {
        if generator.once(in: 8) {
          number = 0
          append(generator.pick(Self.others))
        }
        number = generator.once(in: 15) ? generator.number(1...99) : min(number + 1, 99)
        let line = line(&generator, number: number)
        expected[text.count] = line
        for segment in line.segments { append(segment) }
      }
      // Not so near the end that there is no room to look.
      append("NTE*ADD*" + String(repeating: "X", count: 120))
      let index = X12SegmentIndex()
      unsafe text.withUnsafeBytes { window in
        for level in [2, 3] as [Int32] {
          unsafe index.index(window, terminator: 0x7E, separator: 0x2A, level: level)
          // Of both kinds in turn, over the same index.
          for service in [X12SegmentKind.professional, .institutional] {
            func isUsual(_ line: Line) -> Bool { line.isUsual && line.isInstitutional == (service == .institutional) }
            unsafe index.lines.look(at: window, index, component: 0x3A, service: service, filter, level: level)
            let view = index.lines.view
            let positions = (0..<index.listed).filter {
              unsafe X12SegmentIndex.Mark(bits: index.marks[$0]).kind == .line
            }
            for (ordinal, position) in positions.enumerated() {
              let mark = unsafe X12SegmentIndex.Mark(bits: index.marks[position])
              guard let line = expected[mark.start] else { continue }
              let comment: Comment = "seed \(RandomRuns.seed) part \(part) round \(round) level \(level): \(line)"
              let isTold = view.isUsual(ordinal, at: position, number: line.number)
              if !Self.hasVectors { continue }
              #expect(isTold == isUsual(line), comment)
              if isUsual(line) { told.usual += 1 } else { told.others += 1 }
              #expect(!view.isUsual(ordinal, at: position + 1, number: line.number))
              #expect(!view.isUsual(ordinal, at: position, number: line.number + 1))
              guard isTold, isUsual(line) else { continue }
              #expect(view.code(ordinal) == line.code.map { Code($0).bits } ?? 0, comment)
              // The run, line by line.
              let run = view.run(from: ordinal)
              var (cents, count, next, hasUndated, wanted) = (Int64(0), 0, position, false, UInt64(0))
              var last = line
              while true {
                if count > 0, !last.isDated { hasUndated = true }
                let mark = unsafe X12SegmentIndex.Mark(bits: index.marks[next])
                guard let one = expected[mark.start] else { break }
                last = one
                cents += one.cents
                if let code = one.code, filter.mayContain(Code(code).bits) { wanted |= 1 << UInt64(count) }
                if one.code == nil, filter.mayContain(0) { wanted |= 1 << UInt64(count) }
                count += 1
                next += one.isDated ? 3 : 2
                let follower = unsafe X12SegmentIndex.Mark(bits: index.marks[next])
                guard count < 57, follower.kind == .line, let two = expected[follower.start], isUsual(two),
                  two.number == one.number + 1
                else { break }
              }
              #expect(run.count == count && run.cents == cents && run.next == next, comment)
              #expect(run.hasUndated == hasUndated && run.isLastDated == last.isDated, comment)
              #expect(run.interesting == wanted, comment)
            }
          }
        }
      }
    }
    if X12OrdinaryLinesTests.hasVectors {
      #expect(told.usual > RandomRuns.rounds(4000) && told.others > RandomRuns.rounds(1000), "\(told)")
    }
  }

  /// Whether this processor has the instructions for it.
  static let hasVectors: Bool = {
    let index = X12SegmentIndex()
    let text = Array(String(repeating: "LX*1~SV1*HC:99213*1*UN*1~", count: 20).utf8)
    return unsafe text.withUnsafeBytes { window in
      unsafe index.index(window, terminator: 0x7E, separator: 0x2A)
      unsafe index.lines.look(
        at: window, index, component: 0x3A, service: .professional, ProcedureFilter(ClaimInterest(procedures: [])))
      return index.lines.view.isUsual(0, at: 0, number: 1)
    }
  }()

  @Test("are left to the walk near the end of a window, and in one that is too small")
  func edges() {
    let filter = ProcedureFilter(ClaimInterest(procedures: []))
    let one = Array("LX*1~SV1*HC:99213*1*UN*1~DTP*472*D8*20260101~".utf8)
    for count in 0...8 {
      for rest in [0, 20, 100] {
        // A buffer of exactly that size, so that a memory checker sees every step outside it.
        let text = Array(repeating: one, count: count).joined() + Array(repeating: 0x58, count: rest)
        let index = X12SegmentIndex()
        unsafe Array(text).withUnsafeBytes { window in
          unsafe index.index(window, terminator: 0x7E, separator: 0x2A)
          unsafe index.lines.look(at: window, index, component: 0x3A, service: .professional, filter)
          let view = index.lines.view
          for line in 0..<count {
            let start = line * one.count
            let isFar = start + 5 + 96 <= text.count && text.count >= 128
            #expect(
              view.isUsual(line, at: 3 * line, number: 1) == (isFar && Self.hasVectors))
          }
          #expect(!view.isUsual(count, at: 3 * count, number: 1))
        }
      }
    }
  }
}
