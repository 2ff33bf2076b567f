public import ClaimModel
internal import X12

/// Reading from a border on, and what is known at one.
extension X12ClaimReader {
  /// A reader that goes on at a border of which everything is known.
  public init(
    resuming checkpoint: X12Checkpoint, interest: ClaimInterest, limits: ReadingLimits, hash: KeyedHash,
    readsEveryClaimInFull: Bool
  ) {
    self.init(interest: interest, limits: limits, hash: hash, readsEveryClaimInFull: readsEveryClaimInFull)
    base = checkpoint.offset
    record = checkpoint.record
    delimiters = checkpoint.delimiters
    envelope = checkpoint.envelope
    hierarchy = checkpoint.hierarchy
    isClaimSet = checkpoint.isClaimSet
    guideKind = checkpoint.guideKind
    transactionDate = checkpoint.transactionDate
    everOpened = checkpoint.everOpened
    isWrapped = checkpoint.isWrapped
    lineStart = checkpoint.lineStart
    firstLineLength = checkpoint.firstLineLength
    noted = checkpoint.noted
  }

  /// Ends what is open before a border that follows the bytes used up so far, and says what is known there; `nil` when the reader
  /// does not stand between segments.
  ///
  /// A claim that the segment at the border ends is handed out.
  public mutating func checkpoint(
    at offset: Int, _ border: X12Checkpoint.Border, handler: inout some ClaimHandler
  ) -> X12Checkpoint? {
    guard base == offset, !isOverlong, !isRefused, garbage == nil, envelope.inInterchange else { return nil }
    let isWanted = closeClaim(at: 0)
    for issue in issues { handler.issue(issue) }
    issues.removeAll(keepingCapacity: true)
    if isWanted { handler.claim(&builder.claim) }
    return known(at: border)
  }

  /// What is known now, at a border of that kind.
  func known(at border: X12Checkpoint.Border) -> X12Checkpoint {
    var checkpoint = X12Checkpoint()
    checkpoint.offset = base
    checkpoint.record = record
    checkpoint.delimiters = delimiters
    checkpoint.envelope = envelope
    checkpoint.hierarchy = hierarchy
    checkpoint.isClaimSet = isClaimSet
    checkpoint.guideKind = guideKind
    checkpoint.transactionDate = transactionDate
    checkpoint.everOpened = everOpened
    checkpoint.isWrapped = isWrapped
    checkpoint.lineStart = lineStart
    checkpoint.firstLineLength = firstLineLength
    checkpoint.noted = noted
    checkpoint.settle(border)
    return checkpoint
  }

  /// What is known behind the interchange header, group and set that `head` begins with, for foreseeing; `nil` when it does not
  /// begin so.
  public static func firstCheckpoint(_ head: UnsafeRawBufferPointer, limits: ReadingLimits) -> X12Checkpoint? {
    var reader = X12ClaimReader(
      interest: ClaimInterest(procedures: []), limits: limits, hash: KeyedHash(key0: 0, key1: 0))
    struct Nobody: ClaimHandler {
      mutating func claim(_ claim: inout Claim) {}
      mutating func issue(_ issue: ReadingIssue) {}
    }
    var nobody = Nobody()
    let start = X12Checkpoint()
    let bytes = unsafe Span<UInt8>(_unsafeElements: head.bindMemory(to: UInt8.self))
    guard X12ClaimReader.isISA(bytes, at: 0), case .header(let header) = InterchangeHeader.read(bytes, isLast: false),
      !header.isWrapped
    else { return nil }
    var known = start
    known.delimiters = header.delimiters
    guard let first = unsafe known.border(in: head, from: header.length) else { return nil }
    let used = unsafe reader.read(
      UnsafeRawBufferPointer(rebasing: head[0..<first.offset]), isLast: false, handler: &nobody)
    guard used == first.offset else { return nil }
    return reader.checkpoint(at: first.offset, first.border, handler: &nobody)
  }
}
