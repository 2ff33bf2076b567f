import CLibXML2
import Glibc
import TestSupport

/// libxml2's own check of a document against `Schemas/report.xsd`.
enum SchemaValidation {
  /// What libxml2 has to say against the document; nothing when it is valid.
  static func complaints(_ document: [UInt8]) -> [String] {
    _ = isPrepared
    let path = Fixture.repository + "/Schemas/report.xsd"
    guard let parser = unsafe xmlSchemaNewParserCtxt(path) else { return ["no schema parser"] }
    defer { unsafe xmlSchemaFreeParserCtxt(parser) }
    guard let schema = unsafe xmlSchemaParse(parser) else { return ["\(path) is no schema"] }
    defer { unsafe xmlSchemaFree(schema) }
    guard let validator = unsafe xmlSchemaNewValidCtxt(schema) else { return ["no validator"] }
    defer { unsafe xmlSchemaFreeValidCtxt(validator) }
    let collected = Collected()
    let context = unsafe Unmanaged.passUnretained(collected).toOpaque()
    unsafe xmlSchemaSetValidStructuredErrors(
      validator,
      { context, error in
        guard let context = unsafe context, let message = unsafe error?.pointee.message else { return }
        unsafe Unmanaged<Collected>.fromOpaque(context).takeUnretainedValue().lines.append(String(cString: message))
      }, context)
    let result = unsafe document.withUnsafeBytes { bytes in
      let input = unsafe xmlParserInputBufferCreateMem(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), XML_CHAR_ENCODING_NONE)
      return unsafe xmlSchemaValidateStream(validator, input, XML_CHAR_ENCODING_NONE, nil, nil)
    }
    return result == 0 ? [] : ["result \(result)"] + collected.lines
  }

  private final class Collected {
    var lines: [String] = []
  }

  private static let isPrepared: Bool = {
    xmlInitParser()
    return true
  }()
}
