public import Auditing
internal import ClaimModel

/// A file of accepted findings.
///
///     version: 1
///     suppressions:
///       - fingerprint: e79157d38a5960c4
///         reason: the payer confirmed it in writing, ticket 4711
///         until: 2026-12-31
///         owner: billing
public struct SuppressionFile: Sendable, Equatable {
  /// The accepted findings, in the order of the file.
  public var suppressions: [Suppression] = []

  /// How large a file may be: some fifty thousand findings.
  public static let sizeLimit = 8 << 20

  /// The accepted findings in a file's bytes.
  public init(yaml bytes: [UInt8], file: String) throws(PackErrors) {
    let decoder = PackDecoder(file: file)
    let node = try YAMLReading.node(of: bytes, file: file, limit: SuppressionFile.sizeLimit)
    if var keys = decoder.keys(node, "the file of suppressions") {
      decoder.version(&keys)
      if let list = decoder.required(&keys, "suppressions") {
        var lines: [FindingFingerprint: Int] = [:]
        for item in decoder.items(list, "suppressions") {
          guard let suppression = Self.suppression(item, decoder) else { continue }
          if let line = lines[suppression.fingerprint] {
            decoder.report(
              .duplicate, item, "the finding \(suppression.fingerprint) stands twice, first in line \(line)",
              expected: "each finding once")
          }
          lines[suppression.fingerprint] = item.line
          suppressions.append(suppression)
        }
      }
      decoder.close(keys)
    }
    try decoder.finish()
  }

  private static func suppression(_ node: PackNode, _ decoder: PackDecoder) -> Suppression? {
    guard var keys = decoder.keys(node, "a suppression") else { return nil }
    let fingerprint = decoder.required(&keys, "fingerprint").flatMap { readFingerprint($0, decoder) }
    let reason = decoder.required(&keys, "reason").flatMap { readReason($0, decoder) }
    let until = keys.take("until").flatMap { decoder.day($0, "until") }
    let owner = keys.take("owner").flatMap { decoder.text($0, "owner", limit: 200) } ?? ""
    decoder.close(keys)
    guard let fingerprint, let reason else { return nil }
    return Suppression(
      fingerprint, reason: reason, until: until, owner: owner, line: node.line, column: node.column)
  }

  private static func readFingerprint(_ node: PackNode, _ decoder: PackDecoder) -> FindingFingerprint? {
    guard case .scalar(let text, _) = node.value, let fingerprint = FindingFingerprint(text) else {
      decoder.report(
        .id, node, "fingerprint is none",
        expected: "sixteen hexadecimal digits, as claimaudit diff and findings.jsonl show them")
      return nil
    }
    return fingerprint
  }

  private static func readReason(_ node: PackNode, _ decoder: PackDecoder) -> String? {
    guard let text = decoder.text(node, "reason") else { return nil }
    guard text.contains(where: { $0 != " " }) else {
      decoder.report(.missing, node, "reason is empty", expected: "why the finding is accepted")
      return nil
    }
    return text
  }
}
