import AuditPipeline
import ClaimModel
import ClaimReading
import FoundationEssentials
import SourceCopies
import TestSupport
import Testing
import X12

/// An 837 whose claims are taken apart and read again.
struct RoundTripFile: CustomTestStringConvertible, Sendable {
  var path: String
  var testDescription: String { path.split(separator: "/").suffix(2).joined(separator: "/") }

  var bytes: [UInt8] { Fixture.bytes(at: path) ?? [] }

  /// Names that stand at a level where they have no place, and that a reader takes over to the levels behind: nothing that keeps the
  /// hierarchy can keep that.
  private static let exceptions: Set<String> = ["levels-that-leak.837"]

  static let own: [RoundTripFile] = ["valid", "x12/valid", "x12/edge", "x12/invalid"].flatMap { folder in
    Fixture.all(in: folder, ending: ".837").map { RoundTripFile(path: $0.path) }
  }.filter { file in
    let bytes = file.bytes
    let isX12 = unsafe bytes.withUnsafeBytes { unsafe X12ClaimReader.recognises($0) }
    return isX12 && !exceptions.contains(file.path.split(separator: "/").last.map(String.init) ?? "")
  }

  /// The 837 files of the corpus beside the repository, where there is one.
  static let corpus: [RoundTripFile] = {
    let root = Fixture.repository + "/../shared/corpus"
    var files: [RoundTripFile] = []
    for folder in ["x12", "planted"] {
      for name in (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")) ?? [] {
        files.append(RoundTripFile(path: "\(root)/\(folder)/\(name)"))
      }
    }
    return files.sorted { $0.path < $1.path }.filter { file in
      let bytes = file.bytes
      guard bytes.count < 4 << 20 else { return false }
      let isX12 = unsafe bytes.withUnsafeBytes { unsafe X12ClaimReader.recognises($0) }
      return isX12 && readX12(bytes).totals.claims > 0
    }
  }()
}

@Suite("Extracted and inverted hold every claim once")
struct RoundTripTests {
  /// Takes the claims of a file apart in two ways and compares what is read from both parts with what is read from the file.
  private func check(_ file: RoundTripFile) throws -> Int {
    let bytes = file.bytes
    let original = readX12(bytes)
    let everySecond = Set(original.claims.enumerated().filter { $0.offset % 2 == 0 }.map { Array($0.element.id.utf8) })
    for way in [0, 1] {
      let parts = try Extracted(bytes) { criteria in
        if way == 0 { criteria.askForFindings() } else { criteria.claimIDs = everySecond }
      }
      var claims: [String] = []
      for part in [parts.selected, parts.others] where !part.isEmpty {
        let again = readX12(part)
        claims += again.claims.map(\.placeless)
        expectNoNewIssues(again, original, file)
        expectCopied(part, from: bytes, file)
        expectCounts(part, file)
      }
      #expect(claims.sorted() == original.claims.map(\.placeless).sorted(), "\(file.testDescription)")
      #expect(parts.outcome?.claims == original.claims.count)
    }
    return original.claims.count
  }

  /// What a part's reader has to say it said of the whole; and of counts and numbers that were made right nothing at all.
  private func expectNoNewIssues(_ part: ReadingOutcome, _ whole: ReadingOutcome, _ file: RoundTripFile) {
    func kind(_ issue: RecordedIssue) -> String {
      // Positions in messages are those of another file.
      issue.code + " " + issue.message.filter { !$0.isNumber }
    }
    let known = Set(whole.issues.map(kind))
    for issue in part.issues where issue.severity != .info && !known.contains(kind(issue)) {
      Issue.record("\(file.testDescription): \(issue)")
    }
    let mended = ["SE_COUNT", "GE_COUNT", "IEA_COUNT", "MISSING_SE", "MISSING_GE", "MISSING_IEA", "SE_CONTROL"]
    let isHeaded = !whole.issues.contains { $0.message.contains("MISSING_G") || $0.message.contains("MISSING_ISA") }
    for issue in part.issues where isHeaded && mended.contains(where: { issue.message.hasPrefix($0) }) {
      Issue.record("\(file.testDescription): \(issue)")
    }
    #expect(!part.issues.contains { $0.effect == .fileCut }, "\(file.testDescription)")
  }

  /// Every segment that counts or numbers nothing stands in the part as it stood in the file, in the same order.
  private func expectCopied(_ part: [UInt8], from whole: [UInt8], _ file: RoundTripFile) {
    var rest = Segments(of: whole).segments[...]
    for segment in Segments(of: part).segments {
      if ["HL", "SE", "GE", "IEA"].contains(segment.id) { continue }
      guard let found = rest.firstIndex(where: { $0.bytes == segment.bytes }) else {
        Issue.record("\(file.testDescription): \(segment.id) is not in the input as it is here")
        return
      }
      rest = rest[(found + 1)...]
    }
  }

  /// The counts and control numbers of the envelopes, counted by nothing but the segments' ids.
  private func expectCounts(_ part: [UInt8], _ file: RoundTripFile) {
    var (inSet, sets, groups) = (0, 0, 0)
    var controls: [String: String] = [:]
    for segment in Segments(of: part).segments {
      inSet += 1
      switch segment.id {
      case "ISA": groups = 0; controls = ["IEA": segment[13]]
      case "GS": groups += 1; sets = 0; controls["GE"] = segment[6]
      case "ST": sets += 1; inSet = 1; controls["SE"] = segment[2]
      case "SE" where controls["SE"] != nil:
        #expect([segment[1], segment[2]] == ["\(inSet)", controls["SE"]], "\(file.testDescription)")
        controls["SE"] = nil
      case "GE" where controls["GE"] != nil:
        #expect([segment[1], segment[2]] == ["\(sets)", controls["GE"]], "\(file.testDescription)")
        controls["GE"] = nil
      case "IEA" where controls["IEA"] != nil:
        if groups > 0 { #expect(segment[1] == "\(groups)", "\(file.testDescription)") }
        #expect(segment[2] == controls["IEA"], "\(file.testDescription)")
      default: break
      }
    }
  }

  @Test("of our own fixtures, whatever is wrong with them", arguments: RoundTripFile.own)
  func fixtures(file: RoundTripFile) throws { _ = try check(file) }

  @Test("there are fixtures") func thereAre() { #expect(RoundTripFile.own.count > 60) }

  @Test(
    "of the corpus beside the repository",
    .enabled(if: !RoundTripFile.corpus.isEmpty, "there is no corpus beside the repository"))
  func corpus() throws {
    var claims = 0
    for file in RoundTripFile.corpus { claims += try check(file) }
    #expect(RoundTripFile.corpus.count > 100)
    #expect(claims > 1000)
  }
}

/// The segments of an 837 without their terminators and line breaks.
struct Segments: X12SegmentVisitor {
  /// One segment.
  struct Segment {
    var bytes: [UInt8]
    var separator: UInt8

    /// The elements, the id first.
    private var elements: [String] {
      bytes.split(separator: separator, omittingEmptySubsequences: false).map { element in
        String(decoding: element.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
      }
    }

    var id: String { elements[0].uppercased() }
    subscript(position: Int) -> String { position < elements.count ? elements[position] : "" }
  }

  private(set) var segments: [Segment] = []
  private var separator: UInt8 = 0x2A
  private var terminator: UInt8 = 0x7E

  init(of bytes: [UInt8]) {
    var walker = X12SegmentWalker()
    _ = unsafe bytes.withUnsafeBytes { unsafe walker.walk($0, isLast: true, visitor: &self) }
  }

  mutating func beginInterchange(_ header: Span<UInt8>, _ delimiters: Delimiters, control: [UInt8]) {
    (separator, terminator) = (delimiters.element, delimiters.terminator)
    if !header.isEmpty { add(header) }
  }

  mutating func segment(_ kind: X12WalkedSegment, _ bytes: Span<UInt8>, text: Span<UInt8>, at offset: Int) {
    add(bytes)
  }

  mutating func more(_ bytes: Span<UInt8>) {}

  mutating func endInterchange() {}

  private mutating func add(_ span: Span<UInt8>) {
    var bytes: [UInt8] = []
    for index in span.indices where span[index] != terminator && !isLineBreak(span[index]) { bytes.append(span[index]) }
    segments.append(Segment(bytes: bytes, separator: separator))
  }
}
