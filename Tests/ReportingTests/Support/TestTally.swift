@testable import Reporting

extension SummaryBuilder.Tally {
  /// What a text counts under.
  init(text: String) {
    var buffer = ByteBuffer()
    buffer.append("x" + text)
    self.init(1..<buffer.count, in: buffer)
  }
}
