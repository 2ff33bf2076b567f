internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import ClaimReading
internal import Synchronization
internal import Threads

/// Reads one large table with several threads, with the same outcome as reading it with one.
///
/// The table is parted into units at borders between claims. The worker of a unit first looks for the border behind it, so that the next
/// worker can begin; then it reads the unit for itself, as if nothing had been said of the file before but what is known by then. In the
/// order of the units, what was supposed is compared with what is really known: where both agree the unit's work counts, and where not
/// the unit is read again from what is known. Files that are odd all over are thus read by one thread at a time, and correctly.
///
/// A border is guessed from the lines around it, and the records behind it are counted from there until it is known which ones they are.
/// Words that name them cannot be moved: a unit about which there is something to say is read again, and from then on the worker of a unit
/// first counts its records.
struct CSVUnitReading: UnitReading {
  let plan: AuditPlan
  let auditor: Auditor
  /// A reader of the table, to make others of.
  let reader: CSVClaimReader
  let spare: SpareThreads
  let isCancelled: () -> Bool

  /// About how many bytes a unit has: they are to stay in the cache of a core from the search for the border to the reading.
  private var unitSize: Int { max(1, plan.unitSize) }
  /// How far a border is looked for behind a unit's end.
  private var search: Int { 8 * unitSize }
  /// How many bytes behind a unit are read with it, in which most borders are found.
  private static let following = 16 << 10

  /// What is known where a unit begins, once all before it has been read.
  private enum Known {
    /// All is told by a checkpoint.
    case checkpoint(CSVCheckpoint)
    /// A reader stands in the middle of something at this offset.
    ///
    /// Apart, so that what is known of most units does not have the size of a reader.
    indirect case reader(CSVClaimReader, offset: Int)
    /// There is no more: an earlier unit has read to the end.
    case ended
  }

  /// What workers share.
  private final class Shared: @unchecked Sendable {
    let borders = UnitChain<CSVBorder?>()
    let turns: UnitTurns<Known, Begun>
    let nextUnit = Atomic<Int>(0)
    /// Whether records are counted before they are read.
    let isCounting = Atomic<Bool>(false)
    // Touched only by the worker whose turn it is.
    var outcome = UnitOutcome()
    var claims: Int
    private let monitor = Monitor()
    private var latest: CSVCheckpoint.Notes

    init(from start: CSVCheckpoint, after claims: Int, jobs: Int) {
      self.claims = claims
      latest = start.foresight
      turns = UnitTurns(limit: jobs)
    }

    /// What was told by the last border up to which all is known.
    var notes: CSVCheckpoint.Notes {
      get { monitor.locked { latest } }
      set { monitor.locked { latest = newValue } }
    }
  }

  func start(in file: PlainFile, with reader: inout CSVClaimReader, to handler: inout ClaimAuditing) -> CSVCheckpoint? {
    if reader.isAtStart { return reader.firstCheckpoint }
    let block = FileBlock()
    let offset = reader.offset
    // Rows of claims that follow each other are few.
    var reach = CSVUnitReading.following
    while true {
      block.read(file.descriptor, offset..<min(offset + reach, file.size))
      switch unsafe reader.nextBorder(in: block.bytes(offset..<block.end)) {
      case .found(let border):
        return unsafe reader.read(block.bytes(offset..<border.offset), upTo: border, handler: &handler).known
      case .unknown: return nil
      case .needsMore:
        if block.end >= file.size || reach >= search { return nil }
        reach = min(8 * reach, search)
      }
    }
  }

  func read(
    _ file: PlainFile, from start: CSVCheckpoint, after claims: Int, emit: @escaping (StreamPart) -> Void
  ) -> UnitOutcome {
    let shared = Shared(from: start, after: claims, jobs: plan.jobs)
    shared.borders.set(CSVBorder(start), of: 0)
    _ = shared.turns.pass(.checkpoint(start), to: 0)
    let units = (file.size - start.offset + unitSize - 1) / unitSize
    let reading = Reading(reading: self, file: file, origin: start.offset, shared: shared, emit: emit)
    spare.share { sharing in
      var worker = reading.worker()
      while true {
        let unit = shared.nextUnit.add(1, ordering: .relaxed).oldValue
        guard unit < units else { return }
        if unit < units - 1 { sharing.askForHelp() }
        worker.read(unit)
      }
    }
    return shared.outcome
  }

  /// The reading of one file, as its workers share it.
  private struct Reading: @unchecked Sendable {
    let reading: CSVUnitReading
    let file: PlainFile
    /// Where the first unit begins.
    let origin: Int
    let shared: Shared
    let emit: (StreamPart) -> Void

    func worker() -> Worker { Worker(reading: self, reader: reading.reader.another()) }
  }

  /// What one unit gave, waiting for its turn.
  private struct Result {
    var parts: [StreamPart] = []
    var totals = ReadingTotals()
    var claims = 0
    /// How many records of the stream come before those that were counted from the unit's beginning.
    var records = 0
    var isDamaged = false
    var isRefused = false
    var next = Known.ended
  }

  /// A unit that a thread has read, as far as it could before its turn.
  private struct Begun {
    let unit: Int
    /// The border behind it.
    let border: CSVBorder?
    /// Whether it has all the rest of the file: no border was found.
    let isRest: Bool
    /// Whether it is not read: the file ends before it, or nobody wants more.
    var isSkipped = false
    /// What was supposed to be known at its beginning.
    var supposed: CSVCheckpoint?
    /// What it gave, if that holds.
    var result: Result?
  }

  /// One thread's reader and memory.
  private struct Worker {
    let reading: Reading
    var reader: CSVClaimReader
    let block = FileBlock()
    var storage: AuditingStorage?

    private var plan: AuditPlan { reading.reading.plan }
    private var shared: Shared { reading.shared }

    init(reading: Reading, reader: CSVClaimReader) {
      self.reading = reading
      self.reader = reader
    }

    mutating func read(_ unit: Int) {
      guard let start = shared.borders.take(unit), !reading.reading.isCancelled() else {
        // An earlier unit reads to the end of the file, or nobody wants more.
        shared.borders.set(nil, of: unit + 1)
        settle(Begun(unit: unit, border: nil, isRest: false, isSkipped: true))
        return
      }
      let border: CSVBorder?
      if shared.isCounting.load(ordering: .relaxed) {
        guard start.isCounted else { return readInTurn(unit, from: start) }
        border = countedBorder(from: start, of: unit)
      } else {
        border = guessedBorder(from: start, of: unit)
        if border == nil, nominalEnd(of: unit, from: start) < reading.file.size { return readInTurn(unit, from: start) }
      }
      shared.borders.set(border, of: unit + 1)
      settle(begin(unit, from: start, upTo: border))
    }

    /// Reads a unit as far as that can be done before its turn; without a border it has all the rest of the file.
    private mutating func begin(_ unit: Int, from start: CSVBorder, upTo border: CSVBorder?) -> Begun {
      // That may be more than its bytes.
      var begun = Begun(unit: unit, border: border, isRest: border == nil && block.end < reading.file.size)
      if !begun.isRest {
        plan.progress?.meter.add((border?.offset ?? block.end) - start.offset)
        let supposed = CSVCheckpoint(start, after: shared.notes)
        reader.resume(at: supposed)
        begun.supposed = supposed
        begun.result = parse(from: start.offset, upTo: border)
      }
      return begun
    }

    /// Reads a unit when all before it has been read, since only then it is known which records it has: from here on they are counted.
    private mutating func readInTurn(_ unit: Int, from start: CSVBorder) {
      guard let known = shared.turns.take(unit) else { return }
      var begun = Begun(unit: unit, border: nil, isRest: false, isSkipped: true)
      switch known {
      case .checkpoint(let checkpoint):
        let start = CSVBorder(checkpoint)
        let border = countedBorder(from: start, of: unit)
        shared.borders.set(border, of: unit + 1)
        begun = begin(unit, from: start, upTo: border)
      case .reader:
        // Something reaches over the border.
        let border = guessedBorder(from: start, of: unit)
        shared.borders.set(border, of: unit + 1)
        begun = Begun(unit: unit, border: border, isRest: border == nil && block.end < reading.file.size)
        if !begun.isRest { plan.progress?.meter.add((border?.offset ?? block.end) - start.offset) }
      case .ended: shared.borders.set(nil, of: unit + 1)
      }
      finish(begun, from: known)
    }

    /// Lets a unit's work count when its turn has come, or leaves it to the thread whose turn comes before.
    private mutating func settle(_ own: Begun) {
      guard let known = shared.turns.take(own.unit, leaving: own.result == nil ? nil : own) else { return }
      finish(own, from: known)
    }

    /// Lets a unit's work count, and that of the units behind it which others have left.
    private mutating func finish(_ own: Begun, from known: Known) {
      var (begun, known) = (own, known)
      while true {
        known = count(begun, from: known)
        guard let next = shared.turns.pass(known, to: begun.unit + 1) else { return }
        begun = next
      }
    }

    /// Hands on what a unit gave, read again where something else is known than was supposed, and says what is known behind it.
    private mutating func count(_ begun: Begun, from known: Known) -> Known {
      if begun.isSkipped { return .ended }
      var result = begun.result
      switch known {
      // An earlier unit has read to the end of the file.
      case .ended: return .ended
      case .checkpoint(let known):
        let shift = begun.supposed?.shift(to: known)
        if let shift, !shift.isNone, let supposed = result { result = moved(supposed, by: shift) }
        if result == nil || shift == nil {
          reader.resume(at: known)
          result = begun.isRest ? parseRest(from: known.offset) : again(from: known.offset, upTo: begun.border)
        }
      case .reader(let known, let offset):
        reader = known
        result = begun.isRest ? parseRest(from: offset) : again(from: offset, upTo: begun.border)
      }
      guard let result else { return .ended }
      plan.progress?.add(claims: result.totals.claims)
      for part in result.parts { reading.emit(part.counted(after: shared.claims, records: result.records)) }
      shared.claims += result.claims
      shared.outcome.totals += result.totals
      if result.isDamaged { shared.outcome.isDamaged = true }
      if result.isRefused { shared.outcome.isRefused = true }
      if case .checkpoint(let known) = result.next { shared.notes = known.foresight }
      return begun.border == nil ? .ended : result.next
    }

    /// What a unit gave whose records were counted from its beginning; `nil` where it has to be read again.
    private func moved(_ result: Result, by shift: CSVCheckpoint.Shift) -> Result? {
      guard case .checkpoint(let next) = result.next, !result.parts.contains(where: \.namesRecords) else {
        shared.isCounting.store(true, ordering: .relaxed)
        return nil
      }
      var moved = result
      moved.records = shift.records
      moved.next = .checkpoint(next.moved(by: shift))
      return moved
    }

    /// Where a unit that begins at `start` is to end, about.
    private func nominalEnd(of unit: Int, from start: CSVBorder) -> Int {
      max(reading.origin + (unit + 1) * reading.reading.unitSize, start.offset + 1)
    }

    /// Loads a unit that begins at `start` and guesses the border behind it: none where the unit is the last, or nobody can tell.
    private mutating func guessedBorder(from start: CSVBorder, of unit: Int) -> CSVBorder? {
      let end = nominalEnd(of: unit, from: start)
      return unsafe look(from: start, behind: end) { (reader, bytes) in
        unsafe reader.guessedBorder(in: bytes, at: start.offset, behind: end - start.offset)
      }
    }

    /// Loads a unit that begins at `start` and counts its records up to the border behind it: none where the unit is the last.
    private mutating func countedBorder(from start: CSVBorder, of unit: Int) -> CSVBorder? {
      let end = nominalEnd(of: unit, from: start)
      return unsafe look(from: start, behind: end) { (reader, bytes) in
        unsafe reader.border(in: bytes, from: start, behind: end - start.offset)
      }
    }

    /// Loads a unit up to its nominal end and looks for a border, with more and more bytes behind that.
    private mutating func look(
      from start: CSVBorder, behind nominalEnd: Int,
      _ search: (inout CSVClaimReader, UnsafeRawBufferPointer) -> CSVClaimReader.BorderSearch
    ) -> CSVBorder? {
      let size = reading.file.size
      block.read(reading.file.descriptor, start.offset..<min(nominalEnd + CSVUnitReading.following, size))
      guard nominalEnd < size else { return nil }
      while true {
        let end = block.end
        switch unsafe search(&reader, block.bytes(start.offset..<end)) {
        case .found(let border): return border
        case .unknown: return nil
        case .needsMore:
          if end >= size || end - nominalEnd > reading.reading.search { return nil }
          // As much again, since all of it is looked through once more.
          let more = max(CSVUnitReading.following, end - nominalEnd)
          block.append(reading.file.descriptor, upTo: min(end + more, size))
          // The file has become shorter.
          if block.end == end { return nil }
        }
      }
    }

    /// Reads the unit again, from an offset that may be another than was supposed.
    private mutating func again(from offset: Int, upTo border: CSVBorder?) -> Result {
      block.read(reading.file.descriptor, offset..<(border?.offset ?? reading.file.size))
      return parse(from: offset, upTo: border)
    }

    /// Reads the loaded bytes, which begin at `offset` of the file, up to `border` or the end of the file.
    private mutating func parse(from offset: Int, upTo border: CSVBorder?) -> Result {
      let before = reader.totals
      var result = Result()
      var handler = handler { result.parts.append($0) }
      if let border {
        let bytes = unsafe block.bytes(offset..<border.offset)
        let (used, known) = unsafe reader.read(bytes, upTo: border, handler: &handler)
        if let known {
          result.next = .checkpoint(known)
        } else {
          result.next = .reader(reader, offset: offset + used)
        }
      } else {
        _ = unsafe reader.read(block.bytes(offset..<block.end), isLast: true, handler: &handler)
      }
      storage = handler.end()
      fill(&result, handler, since: before)
      // A reader that was handed on is no longer this worker's.
      if case .reader = result.next { reader = reading.reading.reader.another() }
      return result
    }

    /// Reads all the rest of the file in a sliding window.
    private mutating func parseRest(from offset: Int) -> Result {
      let before = reader.totals
      var result = Result()
      let shared = shared
      let emit = reading.emit
      var handler = handler { emit($0.counted(after: shared.claims)) }
      var window = InputWindow(
        over: FileBlockSource(reading.file.descriptor, offset..<reading.file.size, plan.progress?.meter))
      window.read(through: &reader, to: &handler, isCancelled: reading.reading.isCancelled)
      storage = handler.end()
      fill(&result, handler, since: before)
      return result
    }

    private mutating func handler(_ emit: @escaping (StreamPart) -> Void) -> ClaimAuditing {
      var handler = ClaimAuditing(
        auditor: reading.reading.auditor, plan: plan, storage: storage.take(), emit: emit)
      handler.columns = reader.columnNames
      return handler
    }

    private func fill(_ result: inout Result, _ handler: borrowing ClaimAuditing, since before: ReadingTotals) {
      result.totals = reader.totals.since(before)
      result.claims = handler.claimOrdinal
      result.isDamaged = handler.isDamaged
      result.isRefused = handler.isRefused
    }
  }
}
