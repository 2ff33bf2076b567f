/// One billed service line of a claim: loop 2400 of an 837 transaction set, or a row of an export.
public struct ServiceLine: Sendable {
  /// Where the line stands: the SV segment or the CSV record.
  public var location = SourceLocation()
  /// LX01, as written.
  public var number = TextRange.none
  /// REF*6R of the line, the provider's line item control number.
  public var control = TextRange.none
  /// SV101-1, SV202-1 or SV301-1: `HC` for a CPT or HCPCS code.
  ///
  /// CSV lines have `HC`.
  public var procedureQualifier = Code.none
  /// SV101-2, SV202-2 or SV301-2.
  public var procedure = CodedValue.none
  /// SV101-3 to SV101-6 (SV202-3 to -6, SV301-3 to -6) as written, blank slots left out, in order; exports may have a fifth.
  public var modifiers = Modifiers()
  /// SV201.
  public var revenueCode = CodedValue.none
  /// SV105 or SV303, when the line has a place of service of its own.
  public var placeOfService = CodedValue.none
  /// SV104, SV205 or SV306.
  public var units = Quantity.absent
  /// SV103 or SV204: `UN` units, `MJ` minutes, `DA` days.
  ///
  /// CSV lines have `UN`.
  public var unitBasis = Code.none
  /// SV102, SV203 or SV302.
  public var charge = Amount.absent
  /// AMT*B6 (repriced or allowed) or AMT*AAE of the line; an export's allowed amount.
  public var allowed = Amount.absent
  /// The sum of SVD02 over the line's adjudications; an export's paid amount.
  public var paid = Amount.absent
  /// DTP*472 of the line, or of the claim where the line has none: first day.
  public var serviceFrom = DateValue.absent
  /// DTP*472: last day; the first day again where one date is given.
  public var serviceTo = DateValue.absent
  /// Where `serviceFrom` comes from.
  public var dateOrigin = DateOrigin.none
  /// SV107 or SV311: which of the claim's diagnoses the line points to, 1 is the first, in order.
  public var diagnosisPointers = DiagnosisPointers()
  /// NM109 of NM1*82 in 2420A, the clinician of this line where it is not the claim's.
  public var renderingNPI = TextRange.none
  /// Whether the line carries a PWK (2400) or an NTE text.
  public var hasDocumentation = false
  /// Whether the row says that it is a reversal or a cancelled line (exports only).
  public var isReversal = false
  /// Whether the checksum of the bytes the line was read from failed.
  public var isUnverified = false

  /// An empty line.
  public init() {}
}

/// Where a line's service date was found.
public enum DateOrigin: UInt8, Sendable {
  /// No date was found.
  case none
  /// The line's own date (DTP*472 in 2400, a line date column).
  case line
  /// The claim's service date (DTP*472 in 2300, a claim date column).
  case claim
  /// The statement period (DTP*434), which is not a service date: lookups use it, date rules do not judge it.
  case statement
}

/// Up to five modifiers of a line, in order.
public struct Modifiers: Sendable {
  /// How many modifiers the line has room for: four in SV1 and SV2, five in some exports.
  public static let capacity = 5
  /// How many there are.
  public private(set) var count = 0
  private var storage: (CodedValue, CodedValue, CodedValue, CodedValue, CodedValue) = (
    .none, .none, .none, .none, .none
  )

  /// No modifiers.
  public init() {}

  /// Adds one; a sixth is not kept and the answer is `false`.
  @discardableResult
  public mutating func append(_ value: CodedValue) -> Bool {
    switch count {
    case 0: storage.0 = value
    case 1: storage.1 = value
    case 2: storage.2 = value
    case 3: storage.3 = value
    case 4: storage.4 = value
    default: return false
    }
    count += 1
    return true
  }

  /// The modifier at `index`, 0 is the first.
  public subscript(index: Int) -> CodedValue {
    switch index {
    case 0: storage.0
    case 1: storage.1
    case 2: storage.2
    case 3: storage.3
    case 4: storage.4
    default: .none
    }
  }

  /// The positions, 0 up to `count`.
  public var indices: Range<Int> { 0..<count }

  /// Whether one of the modifiers is `code`.
  public func contains(_ code: Code) -> Bool {
    for index in indices where self[index].code == code { return true }
    return false
  }
}

/// The diagnosis pointers of a line.
public struct DiagnosisPointers: Sendable {
  /// How many pointers there are, the unreadable ones included.
  public var count: Int { _count }
  @usableFromInline var _count = 0
  @usableFromInline var packed: UInt64 = 0

  /// No pointers.
  public init() {}

  /// Adds a pointer, 1 to 12; 0 stands for one that cannot be read.
  ///
  /// A thirteenth is not kept.
  @inlinable
  public mutating func append(_ pointer: UInt8) {
    guard _count < 12 else { return }
    packed |= UInt64(min(pointer, 31)) &<< UInt64(truncatingIfNeeded: 5 &* _count)
    _count &+= 1
  }

  /// The pointer at `index`: 1 is the claim's first diagnosis, 0 an unreadable value, above 12 out of range.
  @inlinable
  public subscript(index: Int) -> Int {
    index >= 0 && index < 12 ? Int(packed &>> UInt64(truncatingIfNeeded: 5 &* index) & 31) : 0
  }

  /// Whether the line points to nothing.
  public var isEmpty: Bool { count == 0 }

  /// The positions, 0 up to `count`.
  public var indices: Range<Int> { 0..<count }
}
