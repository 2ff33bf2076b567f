import CLibXML2
import Glibc

/// What `read` makes of a document's root, `nil` when it is not well-formed.
func rootElement<Element>(of document: [UInt8], _ read: (xmlNodePtr) -> Element) -> Element? {
  unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
  let parsed = unsafe document.withUnsafeBytes { bytes in
    unsafe xmlReadMemory(
      bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil, nil,
      Int32(XML_PARSE_NONET.rawValue | XML_PARSE_HUGE.rawValue))
  }
  guard let parsed = unsafe parsed else { return nil }
  defer { unsafe xmlFreeDoc(parsed) }
  return unsafe xmlDocGetRootElement(parsed).map { unsafe read($0) }
}

/// Whether a document is valid against `Schemas/report.xsd`, checked as a stream by libxml2; the complaints.
func schemaComplaints(_ document: [UInt8]) -> [String] {
  final class Complaints {
    var lines: [String] = []
  }
  let complaints = Complaints()
  let context = unsafe Unmanaged.passUnretained(complaints).toOpaque()
  let note: xmlStructuredErrorFunc = { context, error in
    guard let context = unsafe context, let error = unsafe error, let message = unsafe error.pointee.message else {
      return
    }
    unsafe Unmanaged<Complaints>.fromOpaque(context).takeUnretainedValue().lines.append(String(cString: message))
  }
  unsafe xmlSetStructuredErrorFunc(context, note)
  defer { unsafe xmlSetStructuredErrorFunc(nil) { _, _ in } }
  guard let parser = unsafe xmlSchemaNewParserCtxt(schema("report.xsd")) else { return ["no parser"] }
  unsafe xmlSchemaSetParserStructuredErrors(parser, note, context)
  defer { unsafe xmlSchemaFreeParserCtxt(parser) }
  guard let schema = unsafe xmlSchemaParse(parser) else { return ["the schema cannot be read"] + complaints.lines }
  defer { unsafe xmlSchemaFree(schema) }
  guard let validator = unsafe xmlSchemaNewValidCtxt(schema) else { return ["no validator"] }
  defer { unsafe xmlSchemaFreeValidCtxt(validator) }
  unsafe xmlSchemaSetValidStructuredErrors(validator, note, context)
  let result = unsafe document.withUnsafeBytes { bytes in
    let input = unsafe xmlParserInputBufferCreateMem(
      bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), XML_CHAR_ENCODING_NONE)
    return unsafe xmlSchemaValidateStream(validator, input, XML_CHAR_ENCODING_NONE, nil, nil)
  }
  // Judged by the return code: a truncated document is complained about in odd words.
  return result == 0 ? [] : ["result \(result)"] + complaints.lines
}

/// An element of a document, read by libxml2.
struct XMLElement {
  var name = ""
  var attributes: [(name: String, value: String)] = []
  var children: [XMLElement] = []

  subscript(name: String) -> String? { attributes.first { $0.name == name }?.value }

  /// All elements of that name, in order.
  func all(_ name: String) -> [XMLElement] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.all(name) }
  }

  /// The document's root, `nil` when it is not well-formed.
  init?(document: [UInt8]) {
    guard let element = unsafe rootElement(of: document, { unsafe XMLElement(node: $0) }) else { return nil }
    self = element
  }

  private init(node: xmlNodePtr) {
    name = unsafe String(cString: node.pointee.name)
    var attribute = unsafe node.pointee.properties
    while let current = unsafe attribute {
      let content = unsafe xmlNodeGetContent(UnsafeMutableRawPointer(current).assumingMemoryBound(to: xmlNode.self))
      if let content = unsafe content {
        unsafe attributes.append((String(cString: current.pointee.name), String(cString: content)))
        unsafe xmlFreeFunction(content)
      }
      unsafe attribute = current.pointee.next
    }
    var child = unsafe node.pointee.children
    while let current = unsafe child {
      if unsafe current.pointee.type == XML_ELEMENT_NODE { unsafe children.append(XMLElement(node: current)) }
      unsafe child = current.pointee.next
    }
  }
}

/// `xmlFree` is a variable of the C library and not imported.
private func xmlFreeFunction(_ bytes: UnsafeMutablePointer<xmlChar>) { unsafe free(bytes) }
