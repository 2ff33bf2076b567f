internal import Auditing

/// What an audit says about one watched line of an export: the cells of `lines.csv` for a copy that says them beside the row.
public struct LineAnnotation: Sendable {
  /// The ordinal of the stream.
  public var stream = 0
  /// The record of the line.
  public var record = 0
  /// The offset of that record in the decompressed stream.
  public var byteOffset = 0
  /// The line's number in its claim.
  public var lineNumber = ""
  /// `none`, `info`, `warning` or `error`.
  public var severity = ""
  /// The ids of the rules, `;`-joined.
  public var rules = ""
  /// What was found, `;`-joined in the order of the rules.
  public var messages = ""
  /// The expected denial codes, `;`-joined.
  public var carc = ""
  /// The money at risk, with two decimals.
  public var atRisk = ""

  /// Nothing.
  public init() {}
}

/// Writes further files of a report set when all lines are known: copies of the inputs with what was found.
public protocol CopyWriter: AnyObject {
  /// A watched line of an export; they come in input order.
  func annotate(_ line: LineAnnotation) throws(ReportError)
  /// Writes the files.
  func write(_ files: [SourceFile], to folder: CopyFolder) throws(ReportError)
}

/// Hands the watched lines of exports to a `CopyWriter`.
final class AnnotatingWriter: ReportWriter {
  private let copies: any CopyWriter

  init(_ copies: any CopyWriter) { self.copies = copies }

  var needs: WriterNeeds { .lineRows }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    let bytes = line.row.cells[LineColumn.watched]
    // `true` has four letters.
    guard bytes.count == 4, line.row.string(LineColumn.format) == "csv" else { return }
    var annotation = LineAnnotation()
    annotation.stream = line.stream
    annotation.record = Int(line.row.string(LineColumn.record)) ?? 0
    annotation.byteOffset = Int(line.row.string(LineColumn.byteOffset)) ?? 0
    annotation.lineNumber = line.row.string(LineColumn.lineNumber)
    annotation.severity = line.row.string(LineColumn.severity)
    annotation.rules = line.row.string(LineColumn.rules)
    annotation.messages = line.row.string(LineColumn.messages)
    annotation.carc = line.row.string(LineColumn.carc)
    annotation.atRisk = line.row.string(LineColumn.atRisk)
    try copies.annotate(annotation)
  }

  func issue(_ row: borrowing TableRow) {}

  func finish(_ summary: Summary) {}
}

/// Texts that wait for a second look at the input, in a temporary file without a name, mode 0600.
///
/// Written once front to back, then read the same way.
public final class TextSpool {
  private let file: SpoolFile
  private var buffer = ByteBuffer(capacity: 2 * SpoolFile.blockSize)
  private var position = 0
  private var isRead = false

  /// An empty spool with its file in `folder`.
  public init(folder: String) throws(ReportError) { file = try SpoolFile(folder: folder, calls: .system) }

  /// Adds a group of texts.
  public func append(_ texts: [String]) throws(ReportError) {
    for text in texts {
      buffer.append(little: UInt32(truncatingIfNeeded: text.utf8.count))
      for byte in text.utf8 { buffer.append(byte) }
    }
    guard buffer.count >= SpoolFile.blockSize else { return }
    try file.write(buffer)
    buffer.removeAll()
  }

  /// The next `count` texts from the front; `nil` at the end.
  public func next(_ count: Int) throws(ReportError) -> [String]? {
    if !isRead {
      isRead = true
      try file.write(buffer)
      buffer.removeAll()
      try file.rewind()
    }
    var texts: [String] = []
    for _ in 0..<count {
      guard let length = try length(), try isThere(4 + length) else { return nil }
      texts.append(buffer.string(position + 4..<position + 4 + length))
      position += 4 + length
    }
    return texts
  }

  private func length() throws(ReportError) -> Int? {
    guard try isThere(4) else { return nil }
    return Int(buffer.load(UInt32.self, at: position))
  }

  /// Whether that many bytes stand from the position on, read where needed.
  private func isThere(_ length: Int) throws(ReportError) -> Bool {
    while buffer.count - position < length {
      buffer.removeFirst(position)
      position = 0
      guard try file.readBlock(into: &buffer) else { return false }
    }
    return true
  }
}
