internal import Mustache

/// A piece of the page as a mustache template, whose every value is escaped by us.
///
/// The library escapes character by character, and a quotation mark with a combining accent behind it is another character to
/// it: `"` U+0301 leaves the library as it came and ends the attribute it stands in. It also offers `{{{name}}}`, which does not
/// escape at all. So every template here begins with a content type of our own and may not hold the latter; this type is the
/// only way the page is written.
struct HTMLTemplate {
  private let template: MustacheTemplate

  /// A template from markup of ours.
  init(_ markup: String) throws(ReportError) {
    precondition(!markup.contains("{{{") && !markup.contains("{{&"), "a template writes a value unescaped")
    MustacheContentTypes.register(EscapedText(), named: HTMLTemplate.contentType)
    do {
      template = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(HTMLTemplate.contentType)}}" + markup)
    } catch {
      throw ReportError(.cannotCreate, call: "template: \(error)", file: "report.html", code: 0)
    }
  }

  /// The markup with `values` in it.
  func render(_ values: [String: Any]) -> String { template.render(values) }

  private static let contentType = "CLAIMAUDIT"

  private struct EscapedText: MustacheContentType {
    func escapeText(_ text: String) -> String { escapedForHTML(text) }
  }
}

/// A text as it may stand in an element or in a quoted attribute, of HTML and of XML.
///
/// * `&`, `<`, `>`, `"` and `'` become references.
/// * Characters that turn the direction of the text around them become visible: `[U+202E]`.
/// * Control characters other than tab and line ends, U+FFFE and U+FFFF become U+FFFD.
func escapedForHTML(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    switch byte {
    case 0x22, 0x26, 0x27, 0x3C, 0x3E: false
    case 0x20...0x7E: true
    default: false
    }
  }
  if isPlain { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x22: result += "&quot;"
    case 0x26: result += "&amp;"
    case 0x27: result += "&#39;"
    case 0x3C: result += "&lt;"
    case 0x3E: result += "&gt;"
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      result += "[U+" + String(repeating: "0", count: 4 - digits.count) + digits + "]"
    case 0x09, 0x0A, 0x0D: result.unicodeScalars.append(scalar)
    case 0x00...0x1F, 0x7F...0x9F, 0xFFFE, 0xFFFF: result.unicodeScalars.append("\u{FFFD}")
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
