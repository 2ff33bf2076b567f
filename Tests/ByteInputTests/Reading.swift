import TestSupport
import Testing

@testable import ByteInput

/// How a test cuts its reads.
enum ReadSizes: Sendable, CustomTestStringConvertible {
  case whole
  case bytewise
  case random(seed: UInt64)

  var testDescription: String {
    switch self {
    case .whole: "whole"
    case .bytewise: "byte by byte"
    case .random(let seed): "random, seed \(seed)"
    }
  }

  /// Every way, one of them new on each run; its seed is in the test's description.
  static let all: [ReadSizes] = [.whole, .bytewise, .random(seed: 1), .random(seed: UInt64.random(in: 2...99_999))]

  /// The next size, up to `limit`.
  func next(_ generator: inout SeededGenerator, limit: Int) -> Int {
    switch self {
    case .whole: limit
    case .bytewise: 1
    case .random:
      Bool.random(using: &generator)
        ? Int.random(in: 1...7, using: &generator) : Int.random(in: 1...limit, using: &generator)
    }
  }

  var generator: SeededGenerator {
    if case .random(let seed) = self { SeededGenerator(seed: seed) } else { SeededGenerator(seed: 0) }
  }
}

/// What one stream held.
struct ReadStream: Equatable {
  var name = ""
  var compression = ""
  var bytes: [UInt8] = []
  var remarks: [InputRemark] = []

  var codes: [InputRemark.Code] { remarks.map(\.code) }
}

/// Reads a source to its end, at most `limit` bytes at a time.
func readAll(
  _ source: any ByteSource, _ sizes: ReadSizes = .whole, limit: Int = 1 << 18
) -> (bytes: [UInt8], remarks: [InputRemark]) {
  var generator = sizes.generator
  var bytes: [UInt8] = []
  var remarks: [InputRemark] = []
  var buffer = [UInt8](repeating: 0, count: limit)
  while true {
    let size = sizes.next(&generator, limit: buffer.count)
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0.prefix(size)))
    }
    remarks += source.takeRemarks()
    if count == 0 { return (bytes, remarks) }
    bytes += buffer.prefix(count)
  }
}

/// Reads an input through the opener: all of its streams, and the outcome.
func open(
  _ input: InputReference, _ sizes: ReadSizes = .whole, limits: InputLimits = InputLimits(),
  engine: InflateEngine = .preferred
) -> (streams: [ReadStream], outcome: InputOutcome) {
  var streams: [ReadStream] = []
  var opener = InputOpener(limits: limits)
  opener.engine = engine
  let outcome = opener.forEachStream(of: input) { stream in
    let (bytes, remarks) = readAll(stream, sizes)
    streams.append(ReadStream(name: stream.name, compression: stream.compression, bytes: bytes, remarks: remarks))
  }
  return (streams, outcome)
}

/// Reads bytes as if they were a file named `input`, and gives their streams names that do not depend on the folder.
func open(
  _ bytes: [UInt8], _ sizes: ReadSizes = .whole, limits: InputLimits = InputLimits(),
  engine: InflateEngine = .preferred
) throws -> (streams: [ReadStream], remarks: [InputRemark]) {
  let folder = try TemporaryFolder()
  let path = try folder.write("input", bytes)
  var (streams, outcome) = open(InputReference(path: path), sizes, limits: limits, engine: engine)
  for index in streams.indices {
    streams[index].name = String(streams[index].name.dropFirst(folder.path.count + 1))
    streams[index].remarks.removeAll { $0.code == .formatMismatch }
  }
  return (streams, outcome.remarks.filter { $0.code != .formatMismatch })
}

/// A source in memory that gives its bytes in pieces.
final class PieceSource: LayeredSource {
  private let bytes: [UInt8]
  private let sizes: ReadSizes
  private var generator: SeededGenerator
  private var offset = 0
  var remarksAtEnd: [InputRemark] = []
  /// Whether it is like a file, not like a pipe.
  let canRewind: Bool

  init(_ bytes: [UInt8], _ sizes: ReadSizes, canRewind: Bool = true) {
    self.bytes = bytes
    self.sizes = sizes
    self.canRewind = canRewind
    generator = sizes.generator
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(sizes.next(&generator, limit: max(1, buffer.count)), bytes.count - offset, buffer.count)
    unsafe buffer.copyBytes(from: bytes[offset..<offset + count])
    offset += count
    return count
  }

  func takeRemarks() -> [InputRemark] {
    guard offset == bytes.count else { return [] }
    defer { remarksAtEnd = [] }
    return remarksAtEnd
  }

  func originBytes(for count: Int) -> Int { count }

  func rewind(to position: Int) { offset = position }
}
