internal import CSV
internal import ClaimReading
internal import Reporting

/// Copies an export with five cells more in each row: what the audit found on the row's lines.
///
/// Every byte of every row stays, our cells stand between the last cell of the row and its line break:
///
///     preamble, sep= line              as they are
///     header                           the names of our columns behind it
///     a row of the table               our cells behind it, empty where it has no watched line
///     a row that is too short          filled up with empty cells first
///     blank lines, rows that cannot be read or are too long for the header: as they are, and counted
struct CSVAnnotator {
  /// The columns that are added.
  static let columns = ["audit_severity", "audit_rules", "audit_messages", "audit_carc", "audit_at_risk"]

  /// How many rows stay as they are because our cells would stand in wrong columns.
  private(set) var untouched = 0
  /// Whether the header has our columns already.
  private(set) var wasAnnotated = false
  /// Why the copy cannot go on.
  private(set) var failure: ExtractionFailure?

  private let layout: CSVLayout
  private let cells: AnnotationCells
  private let output: CopyOutput
  private let next: () throws(ReportError) -> LineAnnotation?
  private var waiting: LineAnnotation?
  private var parser: RecordParser
  private let scratch = Scratch()
  private var base = 0
  private var record: Int
  private var isSkipping = false
  private var header: [UInt8] = []

  /// A copy to `output`; `next` gives the watched lines of this export in order.
  init(_ layout: CSVLayout, to output: CopyOutput, next: @escaping () throws(ReportError) -> LineAnnotation?) {
    self.layout = layout
    self.output = output
    self.next = next
    cells = AnnotationCells(layout.dialect)
    parser = RecordParser(dialect: layout.dialect, limits: layout.limits)
    record = layout.firstRecord
    do throws(ReportError) { waiting = try next() } catch { failure = .output(error) }
  }

  /// Copies what is lent and says how much of it is used up.
  mutating func take(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Int {
    let view = unsafe ByteView(bytes)
    do throws(ReportError) { return try take(view, isLast: isLast) } catch {
      failure = failure ?? .output(error)
      return view.count
    }
  }

  private mutating func take(_ view: ByteView, isLast: Bool) throws(ReportError) -> Int {
    var cursor = 0
    if base < layout.rowsOffset {
      guard view.count >= layout.rowsOffset || isLast else { return 0 }
      cursor = min(view.count, layout.rowsOffset)
      try takeHeader(view, until: cursor)
    }
    while cursor < view.count {
      if isSkipping {
        var end = view.count
        if let line = RecordParser.skipLine(view, from: cursor, isLast: isLast) {
          end = line
          isSkipping = false
        } else if !isLast, end > cursor, view[end - 1] == 0x0D {
          end -= 1
        }
        try write(view, cursor..<end)
        cursor = end
        if isSkipping { break }
        continue
      }
      // The end-of-file mark of DOS is no record.
      if isLast, cursor == view.count - 1, view[cursor] == 0x1A {
        try write(view, cursor..<view.count)
        cursor = view.count
        break
      }
      let outcome = parser.parse(view, from: cursor, isLast: isLast)
      if case .needsMore = outcome { break }
      try takeRecord(view, at: cursor)
      record += 1
      if case .overlong = outcome { isSkipping = true }
      cursor = parser.next
    }
    // What is announced for a record behind the end was said about another file than this.
    if isLast, waiting != nil { failure = failure ?? .changed }
    base += cursor
    return cursor
  }

  private mutating func takeHeader(_ view: ByteView, until end: Int) throws(ReportError) {
    let start = min(layout.headerOffset, end)
    var last = end
    while last > start, view[last - 1] == 0x0A || view[last - 1] == 0x0D { last -= 1 }
    try write(view, 0..<last)
    header = Array(view.part(start, last))
    let names = CSVAnnotator.columns.map { Array($0.utf8) }
    let first = names[0]
    wasAnnotated = header.count >= first.count && header.indices.contains { header[$0...].starts(with: first) }
    for name in names { try output.append([layout.dialect.delimiter] + name) }
    try write(view, last..<end)
  }

  private mutating func takeRecord(_ view: ByteView, at start: Int) throws(ReportError) {
    scratch.clear()
    let row = parser.record(in: view)
    let end = row.bounds(row.count - 1).end
    let width = layout.columns
    let isReadable = parser.fault?.isReadable ?? true
    // What stands beyond the header must be nothing at all: then our cells stand in its place.
    let extra = max(0, parser.fieldCount - width)
    let fits = isReadable && (width..<width + extra).allSatisfy { row.bounds($0).start == row.bounds($0).end }
    guard !row.isBlank, fits else {
      if !row.isBlank { untouched += 1 }
      if waiting?.record == record { failure = failure ?? .changed }
      try write(view, start..<parser.next)
      return
    }
    let added: [[UInt8]]
    if header.elementsEqual(view.part(start, end)) {
      added = CSVAnnotator.columns.map { Array($0.utf8) }
    } else {
      added = try takeCells(at: base + start)
    }
    try write(view, start..<end - extra)
    for _ in 0..<max(0, width - parser.fieldCount) { try output.append([layout.dialect.delimiter]) }
    for cell in added { try output.append([layout.dialect.delimiter] + cell) }
    for _ in 0..<max(0, extra - added.count) { try output.append([layout.dialect.delimiter]) }
    try write(view, end..<parser.next)
  }

  /// Our cells for the record, from all of its watched lines.
  private mutating func takeCells(at offset: Int) throws(ReportError) -> [[UInt8]] {
    var lines: [LineAnnotation] = []
    while let line = waiting, line.record <= record {
      if line.record != record || line.byteOffset != offset { failure = failure ?? .changed }
      lines.append(line)
      waiting = try next()
    }
    return cells.cells(for: lines)
  }

  private func write(_ view: ByteView, _ range: Range<Int>) throws(ReportError) {
    guard !range.isEmpty else { return }
    let answer = view.part(range.lowerBound, range.upperBound).withSpan { span in
      Result { () throws(ReportError) in try output.append(span) }
    }
    try answer.get()
  }
}
