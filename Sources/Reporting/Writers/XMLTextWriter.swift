internal import CLibXML2

/// libxml2's streaming writer, with its bytes going to a report and every return value checked.
///
/// It escapes markup but does not clean text: what is handed to it must hold only characters that XML can (`append(clean:)`).
@safe
final class XMLTextWriter {
  private let output: ReportOutput
  private let writer: xmlTextWriterPtr
  private let sink: Sink

  /// What libxml2 calls back: it takes bytes and remembers the error that a C return value cannot carry.
  private final class Sink {
    let output: ReportOutput
    var error: ReportError?

    init(_ output: ReportOutput) { self.output = output }

    func take(_ bytes: Span<UInt8>) -> Bool {
      if error != nil { return false }
      output.buffer.append(bytes)
      do {
        try output.flushIfFull()
        return true
      } catch {
        self.error = error
        return false
      }
    }
  }

  /// A writer to a report.
  init(_ output: ReportOutput) throws(ReportError) {
    self.output = output
    let sink = Sink(output)
    self.sink = sink
    // libxml2 would print its own errors, values included.
    unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
    let target = unsafe xmlOutputBufferCreateIO(
      { context, bytes, length in
        guard let context = unsafe context, let bytes = unsafe bytes, length >= 0 else { return -1 }
        let sink = unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
        let isTaken = unsafe bytes.withMemoryRebound(to: UInt8.self, capacity: Int(length)) { start in
          unsafe sink.take(Span(_unsafeStart: start, count: Int(length)))
        }
        return isTaken ? length : -1
      }, nil, Unmanaged.passUnretained(sink).toOpaque(), nil)
    guard let target = unsafe target, let writer = unsafe xmlNewTextWriter(target) else {
      throw ReportError(.cannotWrite, call: "xmlNewTextWriter", file: output.name, code: 0)
    }
    unsafe self.writer = writer
  }

  // Frees libxml2's output buffer too; what it then still writes goes to `sink`, which lives as long as this object.
  deinit { unsafe xmlFreeTextWriter(writer) }

  /// Begins the document.
  func startDocument() throws(ReportError) {
    // Without the encoding libxml2 writes é as a character reference.
    try check("xmlTextWriterStartDocument", unsafe xmlTextWriterStartDocument(writer, nil, "UTF-8", nil))
  }

  /// Begins an element on a line of its own.
  func start(_ name: String) throws(ReportError) {
    try check("xmlTextWriterWriteRaw", unsafe xmlTextWriterWriteRaw(writer, "\n"))
    try check("xmlTextWriterStartElement", unsafe xmlTextWriterStartElement(writer, name))
  }

  /// Begins the root element; the document's first line has its end already.
  func startRoot(_ name: String) throws(ReportError) {
    try check("xmlTextWriterStartElement", unsafe xmlTextWriterStartElement(writer, name))
  }

  /// Adds an attribute to the element just begun.
  func attribute(_ name: String, _ value: String) throws(ReportError) {
    try check("xmlTextWriterWriteAttribute", unsafe xmlTextWriterWriteAttribute(writer, name, value))
  }

  /// Adds attributes with whole numbers.
  func attributes(_ counts: [Summary.Count]) throws(ReportError) {
    for count in counts { try attribute(count.name, String(count.value)) }
  }

  /// Ends the innermost element.
  func end(onOwnLine: Bool = false) throws(ReportError) {
    if onOwnLine { try check("xmlTextWriterWriteRaw", unsafe xmlTextWriterWriteRaw(writer, "\n")) }
    try check("xmlTextWriterEndElement", unsafe xmlTextWriterEndElement(writer))
  }

  /// Ends the document.
  func endDocument() throws(ReportError) {
    try check("xmlTextWriterEndDocument", unsafe xmlTextWriterEndDocument(writer))
    try check("xmlTextWriterFlush", unsafe xmlTextWriterFlush(writer))
  }

  /// Ends the open tag and brings everything to the report, so that content may be added behind it.
  func makeWay() throws(ReportError) {
    // Raw text, even none, is what makes the writer end an open tag.
    try check("xmlTextWriterWriteRaw", unsafe xmlTextWriterWriteRaw(writer, ""))
    try check("xmlTextWriterFlush", unsafe xmlTextWriterFlush(writer))
  }

  private func check(_ call: String, _ result: Int32) throws(ReportError) {
    if let error = sink.error { throw error }
    if result < 0 { throw ReportError(.cannotWrite, call: call, file: output.name, code: 0) }
  }
}
