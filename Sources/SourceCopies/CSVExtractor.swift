internal import AuditPipeline
internal import Reporting

/// Copies the rows of the selected claims of an export, byte for byte, with the line breaks behind them.
struct CSVExtractor {
  private var selected: ClaimMarks.Selected
  private let output: CopyOutput
  private let header: Range<Int>
  private var position = 0
  /// The range that is copied now, and how far the line break behind it has come.
  private var end = -1
  private var lineBreak = LineBreak.none
  /// How the output ends so far.
  private(set) var ending: Ending

  /// How the rows of an output end.
  struct Ending {
    /// Whether what was written last lacks its line break.
    var isOpen = false
    /// The line break of the header.
    var lineBreak: [UInt8] = [0x0A]
  }

  private enum LineBreak {
    case none
    /// The row has ended, its line break may follow.
    case expected
    /// A CR has come, an LF may follow.
    case half
  }

  /// A copy of `header`, bytes of the stream, and of the rows of `selected`; a line break goes first where `ending` says that
  /// the output lacks one.
  init(copying selected: ClaimMarks.Selected, header: Range<Int>, after ending: Ending, to output: CopyOutput) {
    self.selected = selected
    self.header = header
    self.ending = ending
    self.output = output
  }

  /// Whether every row was met.
  var isDone: Bool {
    get throws(ReportError) { try selected.peek() == nil && position >= end }
  }

  /// Takes the next bytes of the stream.
  mutating func take(_ bytes: Span<UInt8>) throws(ReportError) {
    var cursor = 0
    if position < header.upperBound {
      let from = max(0, header.lowerBound - position)
      let to = min(bytes.count, header.upperBound - position)
      if from < to {
        try output.append(bytes.extracting(from..<to))
        let last = bytes[to - 1]
        ending.isOpen = last != 0x0A && last != 0x0D
        if last == 0x0D { ending.lineBreak = [0x0D] }
        if last == 0x0A, to - from > 1, bytes[to - 2] == 0x0D { ending.lineBreak = [0x0D, 0x0A] }
      }
      cursor = to
    }
    while cursor < bytes.count {
      let here = position + cursor
      if lineBreak != .none {
        let byte = bytes[cursor]
        let isTaken = byte == 0x0A || byte == 0x0D && lineBreak == .expected
        if isTaken {
          try output.append([byte])
          ending.isOpen = false
          cursor += 1
        }
        lineBreak = isTaken && byte == 0x0D ? .half : .none
        continue
      }
      if here < end {
        let to = min(bytes.count, cursor + end - here)
        try output.append(bytes.extracting(cursor..<to))
        cursor = to
        ending.isOpen = true
        if position + cursor == end { lineBreak = .expected }
        continue
      }
      guard let mark = try selected.peek() else { break }
      if mark.byteOffset > here {
        cursor = min(bytes.count, cursor + mark.byteOffset - here)
        continue
      }
      selected.advance()
      if mark.byteOffset < here { continue }
      if ending.isOpen { try output.append(ending.lineBreak) }
      end = mark.end
      // A row of nothing at all has a claim in no export; but it must not stop the walk.
      if end <= here { lineBreak = .expected }
    }
    position += bytes.count
  }
}
