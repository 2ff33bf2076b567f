internal import Glibc
public import X12

/// What a segment is to who copies segments.
public enum X12WalkedSegment: Sendable {
  case groupHeader
  case groupTrailer
  case setHeader
  case setTrailer
  case interchangeTrailer
  /// BHT.
  case beginning
  /// HL.
  case level
  /// CLM.
  case claim
  /// Any other.
  case other
}

/// Takes the pieces of a stream of interchanges, in order: together they are all bytes inside interchanges.
public protocol X12SegmentVisitor {
  /// An interchange begins with its ISA; empty where that is lost.
  ///
  /// `control` is ISA13 without surrounding blanks.
  mutating func beginInterchange(_ header: Span<UInt8>, _ delimiters: Delimiters, control: [UInt8])
  /// A segment with its terminator, and its text: without the terminator and without the line breaks of a wrapped file.
  ///
  /// `offset` is where it begins in the stream, as claims and issues have it. Of a segment that is longer than a segment may be
  /// these are the first bytes.
  mutating func segment(_ kind: X12WalkedSegment, _ bytes: Span<UInt8>, text: Span<UInt8>, at offset: Int)
  /// Bytes that belong to what came last: line breaks, indents, doubled terminators, the rest of a segment that is too long.
  mutating func more(_ bytes: Span<UInt8>)
  /// The interchange ends: with its trailer, with the next ISA, or with the input.
  mutating func endInterchange()
}

/// Walks the segments of a stream as `X12ClaimReader` does, for who copies them: what a segment holds is not looked at.
///
/// Reader and walker find the same segments at the same offsets; the recognition of interchanges is the reader's. Bytes outside
/// interchanges and a last segment without its end (the reader loses what it holds and says so) are passed over.
public struct X12SegmentWalker {
  private let limits: ReadingLimits
  private var delimiters = Delimiters.customary
  private var state = State.seeking
  private var everOpened = false
  private var isRefused = false
  private var isOverlong = false
  /// The last byte that was passed over since the last interchange; `nil` where nothing but blanks was.
  private var lastGarbage: UInt8?
  private var unwrapped: [UInt8] = []
  /// The offset in the stream of the first byte that is lent.
  private var base = 0

  private enum State {
    /// Outside interchanges.
    case seeking
    case inside
    /// Behind an IEA, whose line break may follow.
    case trailing
  }

  /// A walker at the beginning of a stream.
  public init(limits: ReadingLimits = ReadingLimits()) { self.limits = limits }

  /// Walks on; `buffer` begins at the first byte not yet used up.
  ///
  /// - Returns: how many bytes are used up; with `isLast` all of them.
  public mutating func walk(
    _ buffer: UnsafeRawBufferPointer, isLast: Bool, visitor: inout some X12SegmentVisitor
  ) -> Int {
    let bytes = unsafe Span<UInt8>(_unsafeElements: buffer.bindMemory(to: UInt8.self))
    var cursor = 0
    var goesOn = true
    while goesOn {
      if isRefused {
        cursor = bytes.count
        break
      }
      switch state {
      case .seeking: goesOn = seek(bytes, &cursor, isLast: isLast, &visitor)
      case .inside: goesOn = step(bytes, &cursor, isLast: isLast, &visitor)
      case .trailing:
        passBlanks(bytes, &cursor, &visitor)
        goesOn = cursor < bytes.count
        if goesOn {
          visitor.endInterchange()
          state = .seeking
        }
      }
    }
    if isLast {
      if state != .seeking { visitor.endInterchange() }
      state = .seeking
      cursor = bytes.count
    }
    base += cursor
    return cursor
  }

  /// Takes the next piece of an interchange; `false` when more bytes are needed.
  private mutating func step(
    _ bytes: Span<UInt8>, _ cursor: inout Int, isLast: Bool, _ visitor: inout some X12SegmentVisitor
  ) -> Bool {
    if !isOverlong { passBlanks(bytes, &cursor, &visitor) }
    guard cursor < bytes.count else { return false }
    if !isOverlong, X12ClaimReader.isISA(bytes, at: cursor) {
      var starts = bytes[cursor + 3] == delimiters.element
      if !starts {
        switch InterchangeHeader.read(bytes.extracting(cursor..<bytes.count), isLast: isLast) {
        case .header: starts = true
        case .fault: break
        case .needsMore: return false
        }
      }
      if starts { return open(bytes, &cursor, isLast: isLast, &visitor) }
    }
    guard let terminator = find(in: bytes, from: cursor) else {
      guard !isLast, bytes.count - cursor >= limits.window else { return false }
      let rest = bytes.extracting(cursor..<bytes.count)
      if isOverlong { visitor.more(rest) } else { take(rest, text: rest, at: cursor, &visitor) }
      isOverlong = true
      cursor = bytes.count
      return false
    }
    let piece = bytes.extracting(cursor..<terminator + 1)
    if isOverlong || terminator == cursor {
      visitor.more(piece)
      isOverlong = false
    } else {
      take(piece, text: bytes.extracting(cursor..<terminator), at: cursor, &visitor)
    }
    cursor = terminator + 1
    return true
  }

  /// Hands on a segment.
  private mutating func take(
    _ piece: Span<UInt8>, text: Span<UInt8>, at cursor: Int, _ visitor: inout some X12SegmentVisitor
  ) {
    let kind = kind(of: text)
    if kind == .interchangeTrailer { state = .trailing }
    let offset = base + cursor
    if kind != .other, kind != .claim, delimiters.terminator != 0x0A, delimiters.terminator != 0x0D {
      var isBroken = false
      for index in text.indices where isLineBreak(text[index]) { isBroken = true }
      if isBroken {
        unwrapped.removeAll(keepingCapacity: true)
        for index in text.indices where !isLineBreak(text[index]) { unwrapped.append(text[index]) }
        let copy = unwrapped
        visitor.segment(kind, piece, text: copy.span, at: offset)
        return
      }
    }
    visitor.segment(kind, piece, text: text, at: offset)
  }

  /// What a segment is, by the letters before its first separator.
  private func kind(of text: Span<UInt8>) -> X12WalkedSegment {
    var id: UInt32 = 0
    var letters = 0
    var index = 0
    while index < text.count, text[index] != delimiters.element {
      let byte = text[index]
      index += 1
      if isLineBreak(byte) { continue }
      letters += 1
      if letters > 3 { return .other }
      id = id << 8 | UInt32(byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte)
    }
    switch SegmentID(bits: id) {
    case .gs: return .groupHeader
    case .ge: return .groupTrailer
    case .st: return .setHeader
    case .se: return .setTrailer
    case .iea: return .interchangeTrailer
    case .bht: return .beginning
    case .hl: return .level
    case .clm: return .claim
    default: return .other
    }
  }

  /// Hands on the blank bytes between two segments.
  private func passBlanks(_ bytes: Span<UInt8>, _ cursor: inout Int, _ visitor: inout some X12SegmentVisitor) {
    let start = cursor
    while cursor < bytes.count {
      let byte = bytes[cursor]
      if byte == delimiters.terminator, byte > 0x20 { break }
      guard isLineBreak(byte) || byte == 0x20 || byte == 0x09 else { break }
      cursor += 1
    }
    if cursor > start { visitor.more(bytes.extracting(start..<cursor)) }
  }

  private func find(in bytes: Span<UInt8>, from start: Int) -> Int? {
    let rest = bytes.extracting(start..<bytes.count)
    return unsafe rest.withUnsafeBytes { rest in
      guard let base = rest.baseAddress,
        let found = unsafe memchr(base, Int32(delimiters.terminator), rest.count)
      else { return nil }
      return unsafe start + (UnsafeRawPointer(found) - base)
    }
  }

  // MARK: Interchanges

  /// Finds the next interchange and opens it; `false` when more bytes are needed or there is none.
  private mutating func seek(
    _ bytes: Span<UInt8>, _ cursor: inout Int, isLast: Bool, _ visitor: inout some X12SegmentVisitor
  ) -> Bool {
    if base + cursor == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { cursor = 3 }
    if lastGarbage == nil {
      while cursor < bytes.count, X12ClaimReader.isBlank(bytes[cursor]) { cursor += 1 }
    }
    while cursor < bytes.count {
      if cursor + 4 > bytes.count, !isLast { return false }
      let isLettered = lastGarbage == nil && !everOpened && X12ClaimReader.isLetteredISA(bytes, at: cursor)
      if isLettered, cursor + 110 > bytes.count, !isLast { return false }
      if X12ClaimReader.isISA(bytes, at: cursor)
        || isLettered && X12ClaimReader.isISAWithLetterSeparator(bytes, at: cursor)
      {
        var starts = lastGarbage == nil
        if !starts {
          switch InterchangeHeader.read(bytes.extracting(cursor..<bytes.count), isLast: isLast) {
          case .header: starts = true
          case .fault: break
          case .needsMore: return false
          }
        }
        if starts { return open(bytes, &cursor, isLast: isLast, &visitor) }
      } else if lastGarbage.map({ isLineBreak($0) }) ?? true {
        if !isLast, cursor + X12ClaimReader.bareReach > bytes.count, X12ClaimReader.mayBeBare(bytes, at: cursor) {
          return false
        }
        if let found = X12ClaimReader.bareDelimiters(bytes, at: cursor, known: everOpened ? delimiters : nil) {
          lastGarbage = nil
          delimiters = found
          everOpened = true
          state = .inside
          visitor.beginInterchange(bytes.extracting(cursor..<cursor), found, control: [])
          return true
        }
      }
      lastGarbage = bytes[cursor]
      cursor += 1
    }
    return false
  }

  /// Opens the interchange whose ISA stands at the cursor; `false` when more bytes are needed.
  private mutating func open(
    _ bytes: Span<UInt8>, _ cursor: inout Int, isLast: Bool, _ visitor: inout some X12SegmentVisitor
  ) -> Bool {
    let outcome = InterchangeHeader.read(bytes.extracting(cursor..<bytes.count), isLast: isLast)
    if case .needsMore = outcome { return false }
    if state != .seeking { visitor.endInterchange() }
    lastGarbage = nil
    guard case .header(let header) = outcome else {
      if !everOpened { isRefused = true }
      state = .seeking
      cursor = min(cursor + 3, bytes.count)
      return true
    }
    delimiters = header.delimiters
    everOpened = true
    state = .inside
    visitor.beginInterchange(
      bytes.extracting(cursor..<cursor + header.length), delimiters, control: header.controlNumber)
    cursor += header.length
    return true
  }
}
