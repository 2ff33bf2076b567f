internal import CScan
internal import ClaimModel
internal import Glibc
internal import X12

/// What a reader knows at a border between two segments at which no claim is open: enough to read on from there.
///
/// A large file is read by several threads, each beginning at a border whose checkpoint was foreseen by a quick look at what comes
/// before (`foresee`). Foreseeing may be wrong; reading never is, since the thread before says what is really known at the border,
/// and only where both agree the work counts.
public struct X12Checkpoint: Sendable, Equatable {
  /// The offset of the border in the stream.
  public internal(set) var offset = 0
  var record = 0
  var delimiters = Delimiters.customary
  var envelope = X12EnvelopeTracker()
  var hierarchy = X12HierarchyTracker()
  var isClaimSet = false
  var guideKind: ClaimKind?
  var transactionDate = DateValue.absent
  var everOpened = false
  var isWrapped = false
  var lineStart = 0
  var firstLineLength: Int?
  var noted: Set<X12ClaimReader.Notice> = []

  /// Where a unit of work may begin: at a transaction set or at a billing provider's level, where nothing of the claims before
  /// matters any more.
  public enum Border: Sendable, Equatable {
    /// ST.
    case set
    /// HL with HL03 20, and its HL01.
    case provider(Int)
  }

  /// The first border at `start` or behind it, in bytes of which the one before `start` may be anything.
  public func border(in bytes: UnsafeRawBufferPointer, from start: Int) -> (offset: Int, border: Border)? {
    guard let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
    let span = unsafe Span<UInt8>(_unsafeElements: bytes.bindMemory(to: UInt8.self))
    let first = max(start - 1, 0)
    var position = first
    while true {
      position = unsafe claimaudit_x12_next_border_id(base, position + 1, span.count)
      guard position < span.count else { return nil }
      if isBeginning(span, at: position, from: first), let border = border(span, at: position) {
        return (position, border)
      }
    }
  }

  /// Whether a segment begins at `position`: behind a terminator at `first` or later, with nothing but line breaks between.
  private func isBeginning(_ bytes: Span<UInt8>, at position: Int, from first: Int) -> Bool {
    var before = position - 1
    while before >= first {
      if bytes[before] == delimiters.terminator { return true }
      guard X12.isLineBreak(bytes[before]) else { return false }
      before -= 1
    }
    return false
  }

  /// The border that stands at `position`, if one does.
  private func border(_ bytes: Span<UInt8>, at position: Int) -> Border? {
    guard position + 24 <= bytes.count else { return nil }
    let separator = delimiters.element
    if bytes[position] == 0x53, bytes[position + 1] == 0x54, bytes[position + 2] == separator { return .set }
    guard bytes[position] == 0x48, bytes[position + 1] == 0x4C, bytes[position + 2] == separator else { return nil }
    var index = position + 3
    var number = 0
    while bytes[index] >= 0x30, bytes[index] <= 0x39, index < position + 12 {
      number = number * 10 + Int(bytes[index] &- 0x30)
      index += 1
    }
    guard index > position + 3, bytes[index] == separator, bytes[index + 1] == separator, bytes[index + 2] == 0x32,
      bytes[index + 3] == 0x30, bytes[index + 4] == separator || bytes[index + 4] == delimiters.terminator
    else { return nil }
    return .provider(number)
  }

  /// What will be known at `border`, which stands behind `unit`: envelope and counts are followed, claims are not looked at.
  public func foresee(over unit: UnsafeRawBufferPointer, to border: Border) -> X12Checkpoint {
    var next = self
    let bytes = unsafe Span<UInt8>(_unsafeElements: unit.bindMemory(to: UInt8.self))
    var ignored: [ReadingIssue] = []
    var start = 0
    var lastBreak = -1
    guard let base = unit.baseAddress else { return next }
    while start < bytes.count {
      while start < bytes.count, X12.isLineBreak(bytes[start]) {
        lastBreak = start
        start += 1
      }
      guard start < bytes.count,
        let found = unsafe memchr(base + start, Int32(delimiters.terminator), bytes.count - start)
      else { break }
      let end = unsafe UnsafeRawPointer(found) - base
      if end == start {
        start += 1
        continue
      }
      next.record += 1
      switch bytes[start] {
      case 0x53, 0x47, 0x49, 0x42:  // S G I B
        next.follow(
          bytes.extracting(start..<end), SourceLocation(record: next.record, byteOffset: offset + start), &ignored)
      default: break
      }
      start = end + 1
    }
    next.offset = offset + bytes.count
    if lastBreak >= 0 { next.lineStart = offset + lastBreak + 1 }
    next.settle(border)
    if case .provider(let number) = border { next.hierarchy = X12HierarchyTracker(last: number - 1) }
    return next
  }

  /// The same by the index of the unit, which lists what matters: the envelope, BHT, and segments of no known id.
  func foresee(over unit: UnsafeRawBufferPointer, by index: X12SegmentIndex, to border: Border) -> X12Checkpoint {
    var next = self
    guard let view = unsafe X12WindowView(unit, index, separator: delimiters.element, component: delimiters.component)
    else { return unsafe foresee(over: unit, to: border) }
    let bytes = unsafe Span<UInt8>(_unsafeElements: unit.bindMemory(to: UInt8.self))
    var ignored: [ReadingIssue] = []
    var empty = 0
    var position = 0
    while true {
      position = view.telling(from: position)
      var mark = view.mark(position)
      position += 1
      // The segment at the border is listed, the last of all, and tells how many stand before it.
      if mark.kind == .end, position > 1 { mark = view.mark(position - 2) }
      if mark.start >= bytes.count {
        next.record += mark.ordinal - empty
        break
      }
      if view.mark(position - 1).kind == .end { return unsafe foresee(over: unit, to: border) }
      switch mark.kind {
      case .unknown where bytes[mark.start] == delimiters.terminator: empty += 1
      case .unknown, .setTrailer, .transaction:
        let end = view.end(from: mark.start)
        guard end >= 0, end <= bytes.count else { return unsafe foresee(over: unit, to: border) }
        next.follow(
          bytes.extracting(mark.start..<end),
          SourceLocation(record: record + mark.ordinal + 1 - empty, byteOffset: offset + mark.start), &ignored)
      default: break
      }
    }
    next.offset = offset + bytes.count
    if index.hasBreaks, delimiters.terminator != 0x0A {
      var last = bytes.count - 1
      while last >= 0, !X12.isLineBreak(bytes[last]) { last -= 1 }
      if last >= 0 { next.lineStart = offset + last + 1 }
    }
    next.settle(border)
    if case .provider(let number) = border { next.hierarchy = X12HierarchyTracker(last: number - 1) }
    return next
  }

  /// Takes a segment of the envelope, or BHT, into account.
  private mutating func follow(_ segment: Span<UInt8>, _ place: SourceLocation, _ ignored: inout [ReadingIssue]) {
    guard segment.count >= 3 else { return }
    var wasLowerCase = false
    var head = 2
    if segment[2] != delimiters.element { head = 3 }
    guard segment.count > head, segment[head] == delimiters.element else { return }
    let id = SegmentID(segment, 0..<head, wasLowerCase: &wasLowerCase)
    var elements = SegmentElements()
    switch id {
    case .gs, .st, .se, .ge, .iea, .bht, .isa: elements.split(segment, by: delimiters.element)
    default: return
    }
    switch id {
    case .isa:
      envelope.openInterchange(control: segment.copy(segment.trimmed(elements[13])), at: place, &ignored)
      isClaimSet = false
    case .gs:
      envelope.openGroup(segment, elements, at: place, &ignored)
      isClaimSet = false
    case .st:
      envelope.openSet(segment, elements, at: place, &ignored)
      let set = ClaimSet(segment, elements, groupVersion: envelope.groupVersion)
      isClaimSet = set.isClaims
      if set.isClaims { guideKind = set.kind }
      transactionDate = .absent
    case .se:
      envelope.closeSet(segment, elements, at: place, &ignored)
      isClaimSet = false
    case .ge:
      envelope.closeGroup(segment, elements, at: place, &ignored)
      isClaimSet = false
    case .iea:
      envelope.closeInterchange(segment, elements, at: place, &ignored)
      isClaimSet = false
    case .bht: if isClaimSet { transactionDate = segment.day(segment.trimmed(elements[4])) }
    default: break
    }
    ignored.removeAll(keepingCapacity: true)
  }

  /// Forgets what the segment at the border makes new anyway.
  mutating func settle(_ border: Border) {
    switch border {
    case .set:
      hierarchy.reset()
      isClaimSet = false
      guideKind = nil
      transactionDate = .absent
    case .provider:
      hierarchy = hierarchy.settledBeforeProvider
    }
  }
}

/// What an ST says about its transaction set.
struct ClaimSet {
  /// Whether the set holds claims: an 837 of a guide that is not passed over.
  let isClaims: Bool
  /// Whether ST01 is 837.
  let is837: Bool
  /// The kind of claim that ST03 or else GS08 names.
  let kind: ClaimKind?
  /// Whether both name one, and not the same.
  let isContradictory: Bool

  init(_ segment: Span<UInt8>, _ elements: SegmentElements, groupVersion: [UInt8]) {
    let guide = ClaimGuide(version: segment.copy(segment.trimmed(elements[3])))
    let group = ClaimGuide(version: groupVersion)
    is837 = segment.equals(segment.trimmed(elements[1]), "837")
    isClaims = is837 && !guide.isSkipped && !group.isSkipped
    kind = guide.kind ?? group.kind
    isContradictory = guide.kind != nil && group.kind != nil && guide.kind != group.kind
  }
}
