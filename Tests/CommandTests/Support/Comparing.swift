import TestSupport
import Testing

/// Records the first line in which two files differ; a comparison of the arrays by the test library takes minutes for that.
func expectSame(
  _ bytes: [UInt8], _ expected: [UInt8], _ name: String, _ location: SourceLocation = #_sourceLocation
) {
  guard bytes != expected else { return }
  let (lines, others) = (Fixture.lines(of: bytes), Fixture.lines(of: expected))
  let difference = zip(lines, others).enumerated().first { $0.element.0 != $0.element.1 }
  let place =
    difference.map { "line \($0.offset + 1) is \($0.element.0) instead of \($0.element.1)" }
    ?? "\(lines.count) lines instead of \(others.count)"
  Issue.record("\(name): \(place)", sourceLocation: location)
}
