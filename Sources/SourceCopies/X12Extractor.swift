internal import AuditPipeline
internal import ClaimReading
internal import Reporting
internal import X12

/// Copies the selected claims of a stream with the envelopes and the levels they stand in.
///
/// Every segment goes out with the bytes it came with, but for the few whose job is to count or to number:
///
///     ISA, GS, ST, BHT, 1000, 2000 …   as they came, once, before the first selected claim below them
///     HL                               HL01 numbered from 1 in each set, HL02 the level above, HL04 whether a level below follows
///     CLM up to the next CLM, HL, SE   as they came, if the claim is selected
///     SE, GE, IEA                      counts of what goes out, control numbers of ST, GS and ISA; made where one is missing
///
/// Whether a level will have levels below it is known only when they have come. So a stream is walked twice: the survey
/// (`output` is `nil`) finds out, the copy writes.
struct X12Extractor: X12SegmentVisitor {
  /// Whether each level that goes out has a level below it, in the order in which they go out.
  private(set) var hasChildren: [Bool]
  /// How many selected claims were met.
  private(set) var claims = 0
  /// Why the walk cannot go on.
  private(set) var failure: ExtractionFailure?

  private let output: CopyOutput?
  private var selected: ClaimMarks.Selected
  private var levelsWritten = 0

  private var delimiters = Delimiters.customary
  private var interchange = Envelope()
  private var group = Envelope()
  private var set = Envelope()
  private var levels: [Level] = []
  private var target = Target.nothing
  /// The line break behind the ISA, which segments of ours get too.
  private var lineEnd: [UInt8] = []

  /// How much may stand above a claim before it is given up: as much as a claim may have.
  private static let headerLimit = 16 << 20

  /// An interchange, a group or a set.
  private struct Envelope {
    var isOpen = false
    /// Its first segments, waiting for a selected claim.
    var header: [UInt8] = []
    /// How many segments these are.
    var headerSegments = 0
    /// The control number; empty where the first segment is lost.
    var control: [UInt8] = []
    /// Whether it has its first segment.
    var isHeaded = false
    /// Whether it holds claims at all.
    var holdsClaims = true
    var isWritten = false
    /// The groups of an interchange, the sets of a group, the segments of a set that went out.
    var count = 0
    /// The levels of a set that went out.
    var levels = 0
  }

  /// A hierarchical level: its HL and what stands between that and the next HL or CLM.
  private struct Level {
    var rank: Int
    /// The HL with its terminator.
    var segment: [UInt8]
    /// The same without terminator and line breaks.
    var text: [UInt8]
    var rest: [UInt8] = []
    var segments = 1
    /// HL01 when it went out.
    var number: Int?
    /// Its place in `hasChildren`.
    var index = 0
  }

  /// Where bytes go that have no place of their own.
  private enum Target {
    case nothing
    case interchange
    case group
    case set
    case level
    case output
  }

  /// A walk over a stream whose selected claims are `selected`: the survey.
  init(surveying selected: ClaimMarks.Selected) {
    self.selected = selected
    output = nil
    hasChildren = []
  }

  /// The walk that writes, behind the survey of the same stream.
  init(copying selected: ClaimMarks.Selected, hasChildren: [Bool], to output: CopyOutput) {
    self.selected = selected
    self.output = output
    self.hasChildren = hasChildren
  }

  // MARK: What the walker finds

  mutating func beginInterchange(_ header: Span<UInt8>, _ delimiters: Delimiters, control: [UInt8]) {
    self.delimiters = delimiters
    interchange = Envelope(isOpen: true, header: copy(header), control: control, isHeaded: !header.isEmpty)
    lineEnd = []
    group = Envelope()
    set = Envelope()
    levels = []
    target = .interchange
  }

  mutating func segment(_ kind: X12WalkedSegment, _ bytes: Span<UInt8>, text: Span<UInt8>, at offset: Int) {
    switch kind {
    case .groupHeader:
      endGroup()
      group = Envelope(isOpen: true, header: copy(bytes), control: element(6, of: text), isHeaded: true)
      target = .group
    case .setHeader:
      endSet()
      group.isOpen = true
      set = Envelope(
        isOpen: true, header: copy(bytes), headerSegments: 1, control: element(2, of: text), isHeaded: true,
        holdsClaims: element(1, of: text).elementsEqual("837".utf8))
      target = set.holdsClaims ? .set : .nothing
    case .setTrailer: endSet(with: bytes, text)
    case .groupTrailer: endGroup(with: bytes, text)
    case .interchangeTrailer: endInterchange(with: bytes, text)
    case .beginning:
      if !set.isOpen, group.isOpen { beginSetWithoutHeader() }
      add(bytes)
    case .level:
      if !set.isOpen { beginSetWithoutHeader() }
      guard set.holdsClaims else { return }
      push(bytes, text)
    case .claim:
      if !set.isOpen { beginSetWithoutHeader() }
      target = isSelected(offset) ? .output : .nothing
      guard target == .output else { return }
      claims += 1
      writeAbove()
      set.count += 1
      write(bytes)
    case .other: add(bytes)
    }
  }

  mutating func more(_ bytes: Span<UInt8>) {
    if target == .interchange, lineEnd.count + bytes.count <= 16 {
      // What stands behind the ISA in the first set of blanks is how this file ends its lines.
      for index in bytes.indices where isLineBreak(bytes[index]) { lineEnd.append(bytes[index]) }
    }
    hold(bytes)
  }

  mutating func endInterchange() { endInterchange(with: nil, nil) }

  // MARK: Holding and writing

  /// A segment that has no meaning here.
  private mutating func add(_ bytes: Span<UInt8>) {
    switch target {
    case .set: set.headerSegments += 1
    case .level: if let last = levels.indices.last { levels[last].segments += 1 }
    case .output: if set.isOpen { set.count += 1 } else { target = .nothing }
    // What stands between the envelopes (TA1) is of no claim.
    case .interchange, .group: target = .nothing
    case .nothing: break
    }
    hold(bytes)
  }

  private mutating func hold(_ bytes: Span<UInt8>) {
    var fits = true
    switch target {
    case .nothing: break
    case .interchange: fits = X12Extractor.append(bytes, to: &interchange.header)
    case .group: fits = X12Extractor.append(bytes, to: &group.header)
    case .set: fits = X12Extractor.append(bytes, to: &set.header)
    case .level: if let last = levels.indices.last { fits = X12Extractor.append(bytes, to: &levels[last].rest) }
    case .output: write(bytes)
    }
    if !fits { failure = failure ?? .headerTooLong }
  }

  /// Adds bytes to what waits; `false` when that is too much.
  private static func append(_ bytes: Span<UInt8>, to held: inout [UInt8]) -> Bool {
    guard held.count + bytes.count <= headerLimit else { return false }
    for index in bytes.indices { held.append(bytes[index]) }
    return true
  }

  private mutating func write(_ bytes: Span<UInt8>) {
    guard let output, failure == nil else { return }
    do throws(ReportError) { try output.append(bytes) } catch { failure = .output(error) }
  }

  private mutating func write(_ bytes: [UInt8]) { write(bytes.span) }

  private func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    unsafe bytes.withUnsafeBufferPointer { unsafe [UInt8]($0) }
  }

  /// Whether the claim at `offset` is selected; marks that were passed over belong to claims that are gone.
  private mutating func isSelected(_ offset: Int) -> Bool {
    do throws(ReportError) {
      while let mark = try selected.peek(), mark.byteOffset <= offset {
        if mark.byteOffset == offset {
          selected.advance()
          return true
        }
        // The survey would have found it: the input is not what it was.
        failure = failure ?? .changed
        selected.advance()
      }
    } catch {
      failure = failure ?? .output(error)
    }
    return false
  }

  // MARK: Levels

  private mutating func beginSetWithoutHeader() {
    group.isOpen = true
    set = Envelope(isOpen: true)
    levels = []
    target = .set
  }

  private mutating func push(_ bytes: Span<UInt8>, _ text: Span<UInt8>) {
    let code = element(3, of: text)
    let rank = code == [0x32, 0x30] ? 1 : code == [0x32, 0x32] ? 2 : code == [0x32, 0x33] ? 3 : 4
    while let last = levels.last, last.rank >= rank { levels.removeLast() }
    levels.append(Level(rank: rank, segment: copy(bytes), text: copy(text)))
    target = .level
  }

  /// Writes what stands above a selected claim and has not gone out.
  private mutating func writeAbove() {
    if !interchange.isWritten {
      interchange.isWritten = true
      write(interchange.header)
      interchange.header = []
    }
    if !group.isWritten {
      group.isWritten = true
      interchange.count += 1
      write(group.header)
      group.header = []
    }
    if !set.isWritten {
      set.isWritten = true
      // Without its ST it is no set that could be counted.
      if set.isHeaded { group.count += 1 }
      set.count += set.headerSegments
      write(set.header)
      set.header = []
    }
    var parent: Int?
    for position in levels.indices {
      defer { parent = levels[position].number }
      if levels[position].number != nil { continue }
      set.levels += 1
      levels[position].number = set.levels
      levels[position].index = levelsWritten
      if output == nil {
        hasChildren.append(false)
        if position > 0 { hasChildren[levels[position - 1].index] = true }
      }
      levelsWritten += 1
      writeLevel(position, below: parent)
    }
  }

  private mutating func writeLevel(_ position: Int, below parent: Int?) {
    set.count += levels[position].segments
    let number = levels[position].number ?? 1
    let isParent = levels[position].index < hasChildren.count && hasChildren[levels[position].index]
    write(
      X12Rewriting.level(
        levels[position].segment, text: levels[position].text, delimiters: delimiters, number: number, parent: parent,
        hasChildren: isParent))
    write(levels[position].rest)
    levels[position].rest = []
  }

  // MARK: Trailers

  private mutating func endSet(with bytes: Span<UInt8>? = nil, _ text: Span<UInt8>? = nil) {
    target = .nothing
    if set.isWritten {
      if set.isHeaded {
        close("SE", count: set.count + 1, control: set.control, bytes, text)
      } else if let bytes {
        // Without its ST nobody knows what it should count.
        write(bytes)
        target = .output
      }
    }
    set = Envelope()
    levels = []
  }

  private mutating func endGroup(with bytes: Span<UInt8>? = nil, _ text: Span<UInt8>? = nil) {
    if set.isOpen { endSet() }
    target = .nothing
    if group.isWritten, group.isHeaded || bytes != nil {
      close("GE", count: group.count, control: group.isHeaded ? group.control : nil, bytes, text)
    }
    group = Envelope()
  }

  private mutating func endInterchange(with bytes: Span<UInt8>?, _ text: Span<UInt8>?) {
    // After an IEA the walker says the end once more, when its line break has come.
    guard interchange.isOpen else { return }
    if group.isOpen { endGroup() }
    target = .nothing
    if interchange.isWritten {
      close("IEA", count: interchange.count, control: interchange.isHeaded ? interchange.control : nil, bytes, text)
    }
    interchange = Envelope()
  }

  /// Writes a trailer: as it came where it is right, with what is right otherwise, or one of ours.
  ///
  /// `control` is `nil` where the segment that says it is lost.
  private mutating func close(
    _ id: StaticString, count: Int, control: [UInt8]?, _ bytes: Span<UInt8>?, _ text: Span<UInt8>?
  ) {
    guard let bytes, let text else {
      write(X12Rewriting.trailer(id, count: count, control: control ?? [0x30], delimiters: delimiters) + lineEnd)
      return
    }
    write(X12Rewriting.trailer(copy(bytes), text: copy(text), count: count, control: control, delimiters: delimiters))
    // The line break behind it goes with it.
    target = .output
  }

  private func element(_ position: Int, of text: Span<UInt8>) -> [UInt8] {
    X12Rewriting.element(position, of: copy(text), delimiters)
  }
}
