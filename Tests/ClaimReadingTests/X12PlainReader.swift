/// A second reader of 837 text that shares nothing with the first: slow, obvious, and for files without a fault only.
///
/// The text is cut at the terminator, segments at the separator. Whatever is not plainly an 837 makes it give up (`nil`), so that
/// where it answers there is no second way to read the file.
struct X12PlainReader {
  /// A line as text.
  struct Line: Equatable {
    var procedure = ""
    var modifiers: [String] = []
    var charge = ""
    var date = ""
    var record = 0
    var offset = 0
  }

  /// A claim as text.
  struct Claim: Equatable {
    var id = ""
    var payer = ""
    var record = 0
    var lines: [Line] = []
  }

  private struct Segment {
    var parts: [String]
    var record: Int
    var offset: Int
  }

  /// The claims of `bytes`, or `nil` when they are not plainly an 837.
  static func claims(_ bytes: [UInt8]) -> [Claim]? {
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x0D || $0 == 0x1D }) else { return nil }
    var claims: [Claim] = []
    var rest = bytes[...]
    var record = 0
    while let first = rest.first {
      if first == 0x0A || first == 0x0D {
        rest = rest.dropFirst()
        continue
      }
      guard let (interchange, behind) = interchange(rest, &record), let found = read(interchange.0, interchange.1)
      else { return nil }
      claims += found
      rest = behind
    }
    return claims.isEmpty ? nil : claims
  }

  /// Cuts the first interchange into segments; gives its component separator too, and what stands behind.
  private static func interchange(
    _ bytes: ArraySlice<UInt8>, _ record: inout Int
  ) -> (([Segment], Character), ArraySlice<UInt8>)? {
    let all = Array(bytes.prefix(106))
    guard all.count == 106, all.starts(with: Array("ISA".utf8)), !all.contains(0x0A) || all[105] == 0x0A else {
      return nil
    }
    func character(_ byte: UInt8) -> Character { Character(Unicode.Scalar(byte)) }
    let separator = all[3]
    let component = all[104]
    let terminator = all[105]
    guard all.filter({ $0 == separator }).count == 16, all[103] == separator, component != terminator else {
      return nil
    }
    let punctuation = Array("*|:><~'!\n\u{1D}".utf8)
    guard [separator, component, terminator].allSatisfy(punctuation.contains) else { return nil }
    var segments: [Segment] = []
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: terminator) {
      while start < end, bytes[start] == 0x0A || bytes[start] == 0x0D { start += 1 }
      let text = String(decoding: bytes[start..<end], as: UTF8.self)
      let parts = text.split(separator: character(separator), omittingEmptySubsequences: false).map(String.init)
      guard let id = parts.first, (2...3).contains(id.count), id.allSatisfy({ $0.isUppercase || $0.isNumber }),
        id.first?.isUppercase == true, !text.contains("\n"), !text.contains("\r"), text.count < 200
      else { return nil }
      record += 1
      segments.append(Segment(parts: parts, record: record, offset: start))
      start = end + 1
      if id == "IEA" { return ((segments, character(component)), bytes[start...]) }
    }
    return nil
  }

  /// The segments that may stand in a set of this reader; anything else is not plain.
  private static let known: Set<String> = [
    "AMT", "BHT", "CAS", "CL1", "CLM", "CTP", "DMG", "DTP", "HI", "HL", "LIN", "LX", "N3", "N4", "NM1", "NTE", "OI",
    "PAT",
    "PER", "PRV", "PWK", "REF", "SBR", "SV1", "SV2", "SV3", "SVD",
  ]

  private static func read(_ segments: [Segment], _ component: Character) -> [Claim]? {
    var claims: [Claim] = []
    var payer = ""
    var state = "ISA"
    var loop = ""
    var level = ""
    for segment in segments {
      let parts = segment.parts
      func element(_ position: Int) -> String { position < parts.count ? parts[position] : "" }
      switch (state, parts[0]) {
      case ("ISA", "ISA"): state = "interchange"
      case ("interchange", "GS"): state = "group"
      case ("group", "ST"):
        guard element(1) == "837" else { return nil }
        state = "set"
        loop = ""
      case ("set", "SE"): state = "group"
      case ("group", "GE"): state = "interchange"
      case ("interchange", "IEA"): state = "end"
      case ("set", let id):
        guard known.contains(id) else { return nil }
        switch id {
        case "HL":
          loop = "HL"
          level = element(3)
          if level == "20" || level == "22" { payer = "" }
        case "NM1" where loop == "HL" && level != "20" && element(1) == "PR": payer = element(3)
        case "CLM":
          guard loop != "" else { return nil }
          loop = "claim"
          claims.append(Claim(id: element(1), payer: payer, record: segment.record))
        case "SBR" where loop != "HL": loop = "other"
        case "LX":
          guard loop == "claim" || loop == "other" || loop == "line" || loop == "party", parts.count == 2 else {
            return nil
          }
          loop = "line"
        case "LIN" where loop == "line", "SVD" where loop == "line", "NM1" where loop == "line": loop = "party"
        case "SV1", "SV2", "SV3":
          guard loop == "line", !claims.isEmpty else { return nil }
          let composite = element(id == "SV2" ? 2 : 1).split(separator: component, omittingEmptySubsequences: false)
            .map(String.init)
          let line = Line(
            procedure: composite.count > 1 ? composite[1] : "",
            modifiers: composite.dropFirst(2).prefix(4).filter { !$0.isEmpty }, charge: element(id == "SV2" ? 3 : 2),
            record: segment.record, offset: segment.offset)
          claims[claims.count - 1].lines.append(line)
        case "DTP" where loop == "line" && element(1) == "472":
          guard let last = claims.last, !last.lines.isEmpty else { return nil }
          claims[claims.count - 1].lines[last.lines.count - 1].date = String(element(3).drop { $0 == " " }.prefix(8))
        default: break
        }
      default: return nil
      }
    }
    return state == "end" ? claims : nil
  }

  /// The cents of an amount in the usual forms, `nil` for any other.
  static func cents(_ text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts[0].count < 10, parts.allSatisfy({ $0.allSatisfy(\.isNumber) }),
      let whole = Int64("0" + parts[0]), text != "", text != "."
    else { return nil }
    guard parts.count == 2 else { return whole * 100 }
    guard parts[1].count <= 2, let part = Int64((parts[1] + "00").prefix(2)) else { return nil }
    return whole * 100 + part
  }
}
