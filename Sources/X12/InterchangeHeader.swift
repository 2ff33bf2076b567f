/// An ISA segment, read by its structure.
///
///     ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000901*0*T*:~
///        ^ element separator                                                           ISA11 ^         ISA16 ^^ terminator
///
/// The standard fixes it at 106 bytes, senders do not always: the separator is the byte behind `ISA`, the component separator
/// is what stands behind the sixteenth separator, the terminator is the byte behind that, and what follows must look like
/// the next segment. Line breaks inside (files wrapped at 80 columns) are passed over and reported.
public struct InterchangeHeader: Sendable {
  /// The delimiters.
  public var delimiters: Delimiters
  /// How many bytes the segment has, terminator included.
  public var length: Int
  /// ISA13 without surrounding blanks.
  public var controlNumber: [UInt8]
  /// Whether the segment has its 106 bytes, line breaks inside not counted.
  public var isFixedWidth: Bool
  /// Whether line breaks stand inside the segment: the file is wrapped.
  public var isWrapped: Bool

  /// What reading an ISA gives.
  public enum Outcome: Sendable {
    /// The segment.
    case header(InterchangeHeader)
    /// More bytes are needed to tell.
    case needsMore
    /// It is no ISA that can be read.
    case fault(Fault)
  }

  /// Why an ISA cannot be read.
  public struct Fault: Error, Sendable, Equatable {
    /// `ISA_TRUNCATED`, `ISA_ELEMENTS` or `DELIMITER`.
    public var code: String
    /// Where, counted from the `I`.
    public var offset: Int
    /// A sentence.
    public var message: String
  }

  /// How far the elements of an ISA may reach: 106 bytes, doubled for line breaks and lost padding.
  public static let reach = 256

  /// Reads the ISA at the front of `bytes`.
  ///
  /// `isLast` says that nothing follows `bytes`.
  public static func read(_ bytes: Span<UInt8>, isLast: Bool) -> Outcome {
    func fault(_ code: String, _ offset: Int, _ message: String) -> Outcome {
      .fault(Fault(code: code, offset: offset, message: message))
    }
    let incomplete: Outcome =
      isLast
      ? fault("ISA_TRUNCATED", 0, "the input ends inside its ISA segment") : .needsMore
    guard bytes.count >= 4 else { return incomplete }
    let separator = bytes[3]
    // Some systems separate by tabs, or by the control characters that are meant for it; what pads values or ends lines cannot.
    if isAlphanumeric(separator) || separator == 0x20 || separator == 0 || isLineBreak(separator) {
      return fault("DELIMITER", 3, "the byte behind ISA cannot be an element separator (what=element)")
    }
    var separators = 0
    var index = 3
    var breaks = 0
    var controlStart = 0
    var controlEnd = 0
    var repetition: UInt8 = 0x55
    while separators < 16 {
      guard index < bytes.count else { return bytes.count >= reach ? elementsFault() : incomplete }
      guard index < reach else { return elementsFault() }
      let byte = bytes[index]
      if byte == separator {
        separators += 1
        if separators == 13 { controlStart = index + 1 }
        if separators == 14 { controlEnd = index }
      } else if isLineBreak(byte) {
        breaks += 1
      } else if separators == 11 {
        repetition = byte
      }
      index += 1
    }
    func elementsFault() -> Outcome {
      fault("ISA_ELEMENTS", 0, "the ISA segment does not have its 16 elements")
    }
    // A line break may stand between the last separator, ISA16 and the terminator only in a wrapped file.
    let wrapped = breaks > 0
    while wrapped, index < min(bytes.count, reach), isLineBreak(bytes[index]) { index += 1; breaks += 1 }
    guard index < reach else { return elementsFault() }
    guard index + 1 < bytes.count else { return incomplete }
    let component = bytes[index]
    index += 1
    while wrapped, index < min(bytes.count, reach), isLineBreak(bytes[index]) { index += 1; breaks += 1 }
    guard index < bytes.count else { return incomplete }
    let terminator = bytes[index]
    let length = index + 1
    // Without the sixteenth element this stands inside the GS that follows.
    var following = length
    let horizon = length + 64
    while following < min(bytes.count, horizon),
      bytes[following] <= 0x20 && bytes[following] != separator || bytes[following] == terminator
    {
      following += 1
    }
    if following < horizon, following + 8 > bytes.count, !isLast { return .needsMore }
    var confirmed = true
    if following < min(bytes.count, horizon) {
      let starts = startsSegment(bytes, at: following, separator: separator)
      // Told from the same bytes in whatever pieces they come.
      if starts == nil, !isLast { return .needsMore }
      confirmed = starts ?? true
    }
    if !confirmed, length - breaks != 106 { return elementsFault() }
    if component == separator || terminator == separator || terminator == component {
      return fault("DELIMITER", length - 1, "two delimiters of the ISA segment are the same byte (what=collision)")
    }
    if isAlphanumeric(terminator) || terminator == 0x20 {
      return fault("DELIMITER", length - 1, "the byte behind ISA16 cannot be a segment terminator (what=terminator)")
    }
    if isAlphanumeric(component) || component == 0x20 {
      return fault("DELIMITER", length - 2, "ISA16 cannot be a component separator (what=component)")
    }
    if !confirmed { return elementsFault() }
    var control: [UInt8] = []
    for position in controlStart..<controlEnd where bytes[position] > 0x20 { control.append(bytes[position]) }
    let usable = !isAlphanumeric(repetition) && repetition > 0x20 && repetition != separator
    return .header(
      InterchangeHeader(
        delimiters: Delimiters(
          element: separator, component: component, repetition: usable ? repetition : nil, terminator: terminator),
        length: length, controlNumber: control, isFixedWidth: length - breaks == 106, isWrapped: wrapped))
  }

  /// Whether what stands at `index` looks like the segment that may follow an ISA; `nil` when the bytes end before it can be told.
  private static func startsSegment(_ bytes: Span<UInt8>, at index: Int, separator: UInt8) -> Bool? {
    var id: [UInt8] = []
    var position = index
    let end = index + 64
    while position < end, id.count < 4 {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      if isLineBreak(byte) { continue }
      if byte == separator { break }
      id.append(byte)
    }
    return id.count >= 2 && id.count <= 3 && id.allSatisfy { isAlphanumeric($0) }
  }
}
