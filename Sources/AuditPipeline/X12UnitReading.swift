internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import ClaimReading
internal import Glibc
internal import Synchronization
internal import Threads

/// Reads one large 837 file with several threads, with the same outcome as reading it with one.
///
/// The file is parted into units of about `AuditPlan.unitSize` bytes at borders where nothing of the claims before matters any
/// more (ST, or a billing provider's HL). A unit goes through four steps, each of which waits only for the same step of the unit
/// before; what is waited for takes next to no time, so that threads work side by side:
///
/// 1. where it ends is found, which is where the next one begins;
/// 2. it is read and indexed; from the index and what is foreseen at its beginning it is foreseen what will be known at its end;
/// 3. its claims are read and audited;
/// 4. in the order of the units, what was foreseen is compared with what is really known: where both agree the unit's work counts,
///    and where not the unit is read again from what is known. A thread does this for its own unit and for those behind it that
///    other threads have read already and left.
///
/// Files that are odd all over are thus read by one thread at a time, and correctly.
struct X12UnitReading: UnitReading {
  /// How far a border is looked for behind a unit's end.
  private var search: Int { 4 * plan.unitSize }
  /// How many bytes are looked through at a time for a border.
  private static let step = 8 << 10
  /// How far the first border is looked for at first.
  private static let firstReach = 64 << 10
  /// How many bytes behind a unit are read with it, so that the segment at the border can be told.
  private static let following = 64

  let plan: AuditPlan
  let auditor: Auditor
  let interest: ClaimInterest
  let spare: SpareThreads
  let isCancelled: () -> Bool

  /// What is known where a unit begins, once all before it has been read.
  private enum Known {
    /// All is told by a checkpoint.
    case checkpoint(X12Checkpoint)
    /// A reader stands in the middle of something at this offset.
    ///
    /// Apart, so that what is known of most units does not have the size of a reader.
    indirect case reader(X12ClaimReader, offset: Int)
    /// There is no more: an earlier unit has read to the end.
    case ended
  }

  /// What workers share.
  private final class Shared: @unchecked Sendable {
    /// Where units begin, `nil` behind the last.
    let starts = UnitChain<Int?>()
    let foreseen = UnitChain<X12Checkpoint?>()
    let turns: UnitTurns<Known, Begun>
    let nextUnit = Atomic<Int>(0)
    // Touched only by the worker whose turn it is.
    var outcome = UnitOutcome()
    var claims: Int

    init(after claims: Int, jobs: Int) {
      self.claims = claims
      turns = UnitTurns(limit: jobs)
    }
  }

  func start(in file: PlainFile, with reader: inout X12ClaimReader, to handler: inout ClaimAuditing) -> X12Checkpoint? {
    guard reader.mayMeetBorder else { return nil }
    let block = FileBlock()
    let offset = reader.offset
    // Most files have a border nearby, some only one in a while.
    var reach = X12UnitReading.firstReach
    while true {
      block.read(file.descriptor, offset..<min(offset + reach, file.size))
      let bytes = unsafe block.bytes(offset..<block.end)
      if let found = unsafe reader.nextBorder(in: bytes) {
        // A unit ends where a claim does.
        reader.leavesCutClaims = false
        defer { reader.leavesCutClaims = true }
        _ = unsafe reader.read(
          UnsafeRawBufferPointer(rebasing: bytes[0..<found.offset]), isLast: false, handler: &handler)
        return reader.checkpoint(at: offset + found.offset, found.border, handler: &handler)
      }
      if block.end >= file.size || reach >= search { return nil }
      reach = min(8 * reach, search)
    }
  }

  func read(
    _ file: PlainFile, from start: X12Checkpoint, after claims: Int, emit: @escaping (StreamPart) -> Void
  ) -> UnitOutcome {
    let shared = Shared(after: claims, jobs: plan.jobs)
    _ = shared.turns.pass(.checkpoint(start), to: 0)
    shared.foreseen.set(start, of: 0)
    shared.starts.set(start.offset, of: 0)
    let units = (file.size - start.offset + plan.unitSize - 1) / plan.unitSize
    let work = Work(reading: self, file: file, first: start, shared: shared, units: units, emit: emit)
    spare.share { sharing in
      var worker = Worker(work)
      while true {
        let unit = shared.nextUnit.add(1, ordering: .relaxed).oldValue
        guard unit < units else { return }
        if unit < units - 1 { sharing.askForHelp() }
        worker.read(unit)
      }
    }
    return shared.outcome
  }

  private func freshReader() -> X12ClaimReader {
    var reader = X12ClaimReader(
      interest: interest, limits: plan.limits, hash: plan.identityHash,
      readsEveryClaimInFull: plan.readsEveryClaimInFull)
    // A unit ends where a claim does.
    reader.leavesCutClaims = false
    return reader
  }

  /// The reading of one file, as its workers see it.
  private struct Work: @unchecked Sendable {
    let reading: X12UnitReading
    let file: PlainFile
    /// What is known where the first unit begins: borders are looked for with its delimiters.
    let first: X12Checkpoint
    let shared: Shared
    let units: Int
    let emit: (StreamPart) -> Void
  }

  /// What one unit gave, waiting for its turn.
  private struct Result {
    var parts: [StreamPart] = []
    var totals = ReadingTotals()
    var claims = 0
    var isDamaged = false
    var isRefused = false
    var next = Known.ended

    /// Takes over the counts of a unit that was read.
    mutating func fill(_ totals: ReadingTotals, _ handler: borrowing ClaimAuditing) {
      self.totals = totals
      claims = handler.claimOrdinal
      isDamaged = handler.isDamaged
      isRefused = handler.isRefused
    }
  }

  /// Where a unit stands in the file, and what stands behind it; no border behind the last one.
  private struct Place {
    var start: Int
    var end: Int
    var border: X12Checkpoint.Border?
  }

  /// A unit that a thread has read, as far as it could before its turn.
  private struct Begun {
    let unit: Int
    let place: Place
    /// Whether it has all the rest of the file: no border was found that another unit could begin at.
    let isRest: Bool
    /// Whether it is not read: the file ends before it, or nobody wants more.
    var isSkipped = false
    /// What was foreseen at its beginning.
    var foreseen: X12Checkpoint?
    /// What it gave, if what was foreseen holds.
    var result: Result?
  }

  /// One thread's way of reading units, with its memory.
  private struct Worker {
    let work: Work
    /// The reader of the last unit, whose memory the next one takes.
    var reader: X12ClaimReader
    var storage: AuditingStorage?
    let block = FileBlock()

    var reading: X12UnitReading { work.reading }
    var shared: Shared { work.shared }

    init(_ work: Work) {
      self.work = work
      reader = work.reading.freshReader()
    }

    mutating func read(_ unit: Int) {
      guard let start = shared.starts.take(unit), !reading.isCancelled() else {
        // An earlier unit reads to the end of the file, or nobody wants more.
        shared.starts.set(nil, of: unit + 1)
        _ = shared.foreseen.take(unit)
        shared.foreseen.set(nil, of: unit + 1)
        settle(Begun(unit: unit, place: Place(start: 0, end: 0, border: nil), isRest: false, isSkipped: true))
        return
      }
      let place = place(of: unit, from: start)
      shared.starts.set(place.border == nil ? nil : place.end, of: unit + 1)
      var begun = Begun(unit: unit, place: place, isRest: place.border == nil && place.end < work.file.size)
      if !begun.isRest {
        load(place)
        reading.plan.progress?.meter.add(place.end - place.start)
      }
      begun.foreseen = shared.foreseen.take(unit)
      shared.foreseen.set(foresee(place, from: begun.foreseen), of: unit + 1)
      if !begun.isRest, let foreseen = begun.foreseen { begun.result = parse(from: foreseen, place) }
      settle(begun)
    }

    /// Lets a unit's work count when its turn has come, or leaves it to the thread whose turn comes before.
    private mutating func settle(_ own: Begun) {
      guard var known = shared.turns.take(own.unit, leaving: own.result == nil ? nil : own) else { return }
      var begun = own
      while true {
        known = count(begun, from: known, isLoaded: begun.unit == own.unit)
        guard let next = shared.turns.pass(known, to: begun.unit + 1) else { return }
        begun = next
      }
    }

    /// Hands on what a unit gave, read again where something else is known than was foreseen, and says what is known behind it.
    private mutating func count(_ begun: Begun, from known: Known, isLoaded: Bool) -> Known {
      if begun.isSkipped { return .ended }
      let place = begun.place
      var result = begun.result
      switch known {
      // An earlier unit has read to the end of the file.
      case .ended: return .ended
      case .checkpoint(let checkpoint):
        if result == nil || checkpoint != begun.foreseen {
          if begun.isRest {
            reader.resume(at: checkpoint)
            result = parseRest(reader, from: checkpoint.offset)
          } else {
            if !isLoaded { load(place) }
            result = parse(from: checkpoint, place)
          }
        }
      case .reader(let known, let offset):
        if begun.isRest {
          result = parseRest(known, from: offset)
        } else {
          if !isLoaded { load(place) }
          // What the unit before left over stands before this unit's bytes.
          if offset < block.start { block.read(work.file.descriptor, offset..<place.end) }
          reader = known
          result = parse(from: offset, place)
        }
      }
      guard let result else { return .ended }
      reading.plan.progress?.add(claims: result.totals.claims)
      for part in result.parts { work.emit(part.counted(after: shared.claims)) }
      shared.claims += result.claims
      shared.outcome.totals += result.totals
      if result.isDamaged { shared.outcome.isDamaged = true }
      if result.isRefused { shared.outcome.isRefused = true }
      return place.border == nil ? .ended : result.next
    }

    /// Where a unit that begins at `start` ends: at the first border behind its nominal end, or where the file does, or where
    /// no border was found for a long way.
    private func place(of unit: Int, from start: Int) -> Place {
      let size = work.file.size
      let nominalEnd = max(work.first.offset + (unit + 1) * reading.plan.unitSize, start + 1)
      guard nominalEnd < size else { return Place(start: start, end: size, border: nil) }
      // The byte before tells whether a segment begins at the nominal end.
      block.read(work.file.descriptor, nominalEnd - 1..<min(nominalEnd + X12UnitReading.step, size))
      var searched = 1
      while true {
        let found = unsafe work.first.border(in: block.bytes(block.start..<block.end), from: searched)
        if let found {
          return Place(start: start, end: block.start + found.offset, border: found.border)
        }
        if block.end >= size { return Place(start: start, end: size, border: nil) }
        if block.end - nominalEnd > reading.search { return Place(start: start, end: block.end, border: nil) }
        // A border that is not whole yet is not seen; the last bytes are looked at again with more behind them.
        searched = max(searched, block.end - block.start - 64)
        let before = block.end
        block.append(work.file.descriptor, upTo: min(before + X12UnitReading.step, size))
        if block.end == before { return Place(start: start, end: size, border: nil) }
      }
    }

    /// Reads the bytes of a unit and indexes them.
    private func load(_ place: Place) {
      let following = place.border == nil ? 0 : X12UnitReading.following
      block.read(work.file.descriptor, place.start..<min(place.end + following, work.file.size))
      prepare(place)
    }

    private func prepare(_ place: Place) {
      guard place.border != nil else { return }
      unsafe reader.prepare(
        block.bytes(place.start..<place.end), following: max(block.end - place.end, 0), delimitedAs: work.first)
    }

    /// What will be known at the end of a unit.
    private func foresee(_ place: Place, from foreseen: X12Checkpoint?) -> X12Checkpoint? {
      guard let foreseen, let border = place.border else { return nil }
      return unsafe reader.foresee(over: block.bytes(place.start..<place.end), from: foreseen, to: border)
    }

    /// Reads a unit from what is known or foreseen at its beginning.
    private mutating func parse(from checkpoint: X12Checkpoint, _ place: Place) -> Result {
      reader.resume(at: checkpoint)
      return parse(from: place.start, place)
    }

    /// Reads a unit from `offset` on, where the reader stands.
    private mutating func parse(from offset: Int, _ place: Place) -> Result {
      let before = reader.totals
      var result = Result()
      var handler = ClaimAuditing(auditor: reading.auditor, plan: reading.plan, storage: storage.take()) {
        result.parts.append($0)
      }
      let isLast = place.border == nil
      let bytes = unsafe block.bytes(offset..<place.end)
      let used = unsafe reader.read(bytes, isLast: isLast, handler: &handler)
      if let border = place.border {
        if let checkpoint = reader.checkpoint(at: place.end, border, handler: &handler) {
          result.next = .checkpoint(checkpoint)
        } else {
          result.next = .reader(reader, offset: offset + used)
        }
      }
      storage = handler.end()
      result.fill(reader.totals.since(before), handler)
      // That one reads on with the next unit, and this thread with another one.
      if case .reader = result.next { reader = reading.freshReader() }
      return result
    }

    /// Reads all the rest of the file in a sliding window.
    private func parseRest(_ begun: X12ClaimReader, from offset: Int) -> Result {
      var reader = begun
      reader.leavesCutClaims = true
      let before = reader.totals
      var result = Result()
      var handler = ClaimAuditing(auditor: reading.auditor, plan: reading.plan) { [work] in
        work.emit($0.counted(after: work.shared.claims))
      }
      var window = InputWindow(
        over: FileBlockSource(work.file.descriptor, offset..<work.file.size, reading.plan.progress?.meter))
      window.read(through: &reader, to: &handler, isCancelled: reading.isCancelled)
      handler.flush()
      result.fill(reader.totals.since(before), handler)
      return result
    }
  }
}
