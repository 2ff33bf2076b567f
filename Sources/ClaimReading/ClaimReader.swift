public import ClaimModel

/// Turns the decompressed bytes of one stream into claims.
///
/// The caller owns the buffer. It lends what it has and the reader says how much of it is used up; the rest is lent again, with
/// more behind it, until `isLast`. A reader therefore never holds bytes, only the claim it is putting together, and gives the
/// same claims whatever the sizes of the pieces.
public protocol ClaimReader {
  /// Reads on. `bytes` begins at the first byte not yet used up.
  ///
  /// - Parameters:
  ///   - bytes: what there is; when it holds `ReadingLimits.window` bytes or more, at least one byte is used up.
  ///   - isLast: whether the stream ends with these bytes; then all of them are used up and the last claim is handed out.
  ///   - handler: takes claims and issues, in input order.
  /// - Returns: how many bytes are used up.
  mutating func read(_ bytes: UnsafeRawBufferPointer, isLast: Bool, handler: inout some ClaimHandler) -> Int

  /// What was counted so far.
  var totals: ReadingTotals { get }

  /// How many bytes of the stream are used up.
  var offset: Int { get }
}

/// Takes what a reader makes of a stream.
public protocol ClaimHandler {
  /// A whole claim, lent for the call. Claims in which nothing is of interest need not be handed out (`ClaimInterest`).
  mutating func claim(_ claim: inout Claim)
  /// Something was noticed.
  mutating func issue(_ issue: ReadingIssue)
}

/// Which claims a reader has to hand out; the others are checked and counted all the same.
public struct ClaimInterest: Sendable {
  /// The procedures whose claims are wanted, sorted: the watched ones.
  public let procedures: [Code]
  /// The procedures of which an outline of the claim is enough, sorted: those that open a global period.
  public let outlined: [Code]
  /// Whether every claim is wanted.
  public let isEverything: Bool

  /// Claims with one of the procedures, and outlines of claims with none of them but one of the `outlined` (`Claim.isOutline`).
  public init(procedures: some Sequence<Code>, outlined: some Sequence<Code> = []) {
    let wanted = Set(procedures)
    self.procedures = wanted.sorted()
    self.outlined = Set(outlined).subtracting(wanted).sorted()
    self.isEverything = false
  }

  private init(everything: Bool) {
    procedures = []
    outlined = []
    isEverything = everything
  }

  /// Every claim.
  public static let everything = ClaimInterest(everything: true)

  /// Whether a line with that procedure makes its claim wanted.
  @inlinable
  public func includes(_ procedure: Code) -> Bool {
    if isEverything { return true }
    for code in procedures where code == procedure { return true }
    for code in outlined where code == procedure { return true }
    return false
  }
}

/// How much of a claim is wanted.
enum ClaimDemand: UInt8, Comparable {
  case nothing
  case outline
  case whole

  static func < (left: ClaimDemand, right: ClaimDemand) -> Bool { left.rawValue < right.rawValue }
}

/// What a reader counted in one stream.
public struct ReadingTotals: Sendable, Equatable {
  /// Claims, the partly read ones included.
  public var claims = 0
  /// Billed service lines.
  public var lines = 0
  /// The sum of the lines' charges in cents.
  public var chargeCents: Int64 = 0
  /// Segments or records, header and blank ones included.
  public var records = 0
  /// 837 transaction sets that were read.
  public var transactionSets = 0
  /// Transaction sets that are no claims and were passed over.
  public var skippedTransactionSets = 0

  /// Nothing yet.
  public init() {}

  /// Adds what another part of the stream gave.
  public static func += (left: inout ReadingTotals, right: ReadingTotals) {
    left.claims += right.claims
    left.lines += right.lines
    left.chargeCents &+= right.chargeCents
    left.records += right.records
    left.transactionSets += right.transactionSets
    left.skippedTransactionSets += right.skippedTransactionSets
  }
}

/// How much of a thing there may be before it is an issue instead of a value.
public struct ReadingLimits: Sendable {
  /// The largest element or CSV field that is read, in bytes.
  public var element = 1 << 20
  /// How many bytes of lines a claim may have before it is read on line by line.
  public var claimBytes = 16 << 20
  /// How many lines a claim may have before it is read on line by line.
  public var claimLines = 20_000
  /// How many elements a segment or components a composite may have.
  public var elements = 1024
  /// How many columns a CSV record may have.
  public var columns = 2000
  /// The largest segment or record that is read, in bytes; a reader that is lent this much and one byte must use some of it.
  public var window = 4 << 20

  /// The limits that are in force where nothing else is said.
  public init() {}
}
