import ClaimModel
import TestSupport
import Testing
import X12

@testable import ClaimReading

/// Records what a walker finds.
private struct RecordingVisitor: X12SegmentVisitor {
  var bytes: [UInt8] = []
  var claims: [Int] = []
  var kinds: [X12WalkedSegment] = []
  var interchanges = 0
  var ends = 0

  private mutating func add(_ span: Span<UInt8>) { for index in span.indices { bytes.append(span[index]) } }

  mutating func beginInterchange(_ header: Span<UInt8>, _ delimiters: Delimiters, control: [UInt8]) {
    interchanges += 1
    add(header)
  }

  mutating func segment(_ kind: X12WalkedSegment, _ bytes: Span<UInt8>, text: Span<UInt8>, at offset: Int) {
    if kind == .claim { claims.append(offset) }
    kinds.append(kind)
    add(bytes)
  }

  mutating func more(_ bytes: Span<UInt8>) { add(bytes) }
  mutating func endInterchange() { ends += 1 }
}

@Suite("Walking segments without reading them")
struct X12SegmentWalkerTests {
  private static let fixtures =
    Fixture.all(in: "x12/valid", ending: ".837") + Fixture.all(in: "x12/edge", ending: ".837")
    + Fixture.all(in: "x12/invalid", ending: ".837") + Fixture.all(in: "valid", ending: ".837")

  private func walk(_ bytes: [UInt8], pieces: Int, limits: ReadingLimits = ReadingLimits()) -> RecordingVisitor {
    var walker = X12SegmentWalker(limits: limits)
    var visitor = RecordingVisitor()
    var start = 0
    var end = 0
    repeat {
      end = min(bytes.count, end + pieces)
      start += unsafe bytes[start..<end].withUnsafeBytes {
        unsafe walker.walk($0, isLast: end == bytes.count, visitor: &visitor)
      }
    } while end < bytes.count
    #expect(start == bytes.count)
    return visitor
  }

  @Test("claims stand where the reader finds them, in whatever pieces the stream comes", arguments: fixtures)
  func sameAsReader(fixture: Fixture) {
    let bytes = fixture.bytes
    let offsets = readX12(bytes).claims.map(\.location.byteOffset)
    let whole = walk(bytes, pieces: max(1, bytes.count))
    // The walker sees the CLM of other sets and of lost claims too.
    #expect(Set(offsets).isSubset(of: Set(whole.claims)))
    #expect(whole.interchanges == whole.ends)
    for pieces in [1, 3, 64, 4096] {
      let other = walk(bytes, pieces: pieces)
      #expect(other.claims == whole.claims && other.bytes == whole.bytes && other.ends == whole.ends)
    }
  }

  @Test("nothing inside interchanges is left out", arguments: Fixture.all(in: "valid", ending: ".837"))
  func allBytes(fixture: Fixture) { #expect(walk(fixture.bytes, pieces: 1000).bytes == fixture.bytes) }

  @Test("a segment that is too long comes in parts and its end is found")
  func overlong() {
    var limits = ReadingLimits()
    limits.window = 256
    let text = Fixture("valid/professional.837").bytes
    let long = Array("NTE*ADD*".utf8) + [UInt8](repeating: 0x41, count: 5000) + [0x7E]
    let claim = text.firstRange(of: Array("CLM*".utf8))?.lowerBound ?? 0
    let bytes = text[..<claim] + long + text[claim...]
    let visitor = walk(Array(bytes), pieces: 100, limits: limits)
    #expect(visitor.bytes == Array(bytes))
    #expect(visitor.claims.count == walk(text, pieces: 100).claims.count)
  }
}
