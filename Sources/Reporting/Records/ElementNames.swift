internal import ClaimModel

/// What an 837 calls the fields that findings are about, made when first asked for: a string for each finding would cost more than the
/// rest of it.
struct ElementNames: ~Copyable {
  private var bytes = ByteBuffer()
  /// Where a name stands, empty until it is asked for.
  private var places = [Range<Int>](repeating: 0..<0, count: ElementNames.fields * ElementNames.forms)

  /// How many fields are remembered, by their ordinals: twenty diagnoses and twenty modifiers.
  private static let fields = 64
  /// Kind of claim, and whether the line has a place of service of its own.
  private static let forms = 8

  /// Adds the element of a field, a word that no format has to escape.
  @inline(__always)
  mutating func append(
    _ field: ClaimField, _ kind: ClaimKind, ownPlaceOfService: Bool, to target: inout ByteBuffer
  ) {
    let ordinal = field.ordinal
    guard ordinal < ElementNames.fields else {
      return target.append(field.x12Element(kind, ownPlaceOfService: ownPlaceOfService))
    }
    let position = ordinal * ElementNames.forms + Int(kind.rawValue) * 2 + (ownPlaceOfService ? 1 : 0)
    if places[position].isEmpty {
      let start = bytes.count
      bytes.append(field.x12Element(kind, ownPlaceOfService: ownPlaceOfService))
      places[position] = start..<bytes.count
    }
    target.append(bytes, places[position])
  }
}
