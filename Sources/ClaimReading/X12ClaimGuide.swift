internal import ClaimModel

/// What the version in GS08 or ST03 says about a transaction set.
///
/// A guide is named by its `X` number inside the version (`005010X222A1`); addenda letters and the version before it do not
/// matter, and a version without a known number says nothing.
struct ClaimGuide {
  /// The kind of claim, where the guide names one.
  private(set) var kind: ClaimKind?
  /// Whether sets of this guide look like claims and are none: predeterminations and post-adjudicated reporting.
  private(set) var isSkipped = false

  /// Reads a version.
  init(version: [UInt8]) {
    guard let mark = version.firstIndex(of: 0x58), mark + 4 <= version.count else { return }
    switch String(decoding: version[mark + 1..<mark + 4], as: UTF8.self) {
    case "222", "098": kind = .professional
    case "223", "096": kind = .institutional
    case "224", "097": kind = .dental
    case "291", "292", "293", "298", "299", "300": isSkipped = true
    default: break
    }
  }
}
