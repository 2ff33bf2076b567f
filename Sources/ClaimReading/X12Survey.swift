internal import X12

/// What an X12 stream is made of, for `inspect`.
public struct X12Survey: Sendable {
  /// How many interchanges.
  public internal(set) var interchanges = 0
  /// How many functional groups.
  public internal(set) var groups = 0
  /// The guide versions named in GS08 and ST03, in the order found, at most sixteen.
  public private(set) var versions: [String] = []
  /// Transaction sets by ST01.
  public private(set) var sets: [String: Int] = [:]
  /// The delimiters of each interchange that changed them, at most sixteen: element, component, repetition, terminator.
  public private(set) var delimiters: [String] = []

  mutating func note(version: [UInt8]) {
    let text = String(decoding: version.prefix(20), as: UTF8.self)
    if !text.isEmpty, versions.count < 16, !versions.contains(text) { versions.append(text) }
  }

  mutating func note(set: [UInt8]) {
    let text = String(decoding: set.prefix(6), as: UTF8.self)
    if sets[text] != nil || sets.count < 64 { sets[text, default: 0] += 1 }
  }

  mutating func note(delimiters found: Delimiters) {
    func name(_ byte: UInt8?) -> String {
      guard let byte else { return "none" }
      switch byte {
      case 0x0A: return "LF"
      case 0x0D: return "CR"
      case 0x21...0x7E: return String(Unicode.Scalar(byte))
      default: return "0x" + String(byte, radix: 16)
      }
    }
    let text =
      "element \(name(found.element)) component \(name(found.component)) repetition \(name(found.repetition)) terminator \(name(found.terminator))"
    if delimiters.count < 16, !delimiters.contains(text) { delimiters.append(text) }
  }
}
