internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import ClaimReading
internal import Glibc
internal import Synchronization

/// Reads one large 837 file with several threads, with the same outcome as reading it with one.
///
/// The file is parted into units of about `AuditPlan.unitSize` bytes at borders where nothing of the claims before matters any
/// more (ST, or a billing provider's HL). The worker of a unit first looks quickly over it to foresee what will be known at its
/// end, so that the next worker can begin; then it reads the unit for itself. In the order of the units, what was foreseen is
/// compared with what is really known: where both agree the unit's work counts, and where not the unit is read again from what is
/// known. Files that are odd all over are thus read by one thread at a time, and correctly.
struct X12UnitReading {
  /// How far a border is looked for behind a unit's end.
  private var search: Int { 4 * plan.unitSize }
  private static let window = 256 << 10

  let plan: AuditPlan
  let auditor: Auditor
  let interest: ClaimInterest
  let isCancelled: () -> Bool

  /// What is known where a unit begins, once all before it has been read.
  private enum Known {
    /// All is told by a checkpoint.
    case checkpoint(X12Checkpoint)
    /// A reader stands in the middle of something at this offset.
    case reader(X12ClaimReader, offset: Int)
    /// There is no more: an earlier unit has read to the end.
    case ended
  }

  /// What reading the whole file gave.
  struct Outcome {
    var totals = ReadingTotals()
    var isDamaged = false
    var isRefused = false
  }

  /// What workers share.
  private final class Shared: @unchecked Sendable {
    let foreseen = UnitChain<X12Checkpoint?>()
    let known = UnitChain<Known>()
    let nextUnit = Atomic<Int>(0)
    // Touched only by the worker whose turn it is.
    var outcome = Outcome()
    var claims = 0
  }

  /// Reads `file`, handing on its parts in order; `nil` when it does not begin in a way that can be parted.
  func read(_ file: (descriptor: Int32, size: Int), head: [UInt8], emit: @escaping (StreamPart) -> Void) -> Outcome? {
    let first = unsafe head.withUnsafeBytes { unsafe X12ClaimReader.firstCheckpoint($0, limits: plan.limits) }
    guard let first else { return nil }
    let shared = Shared()
    shared.known.set(.reader(freshReader(), offset: 0), of: 0)
    shared.foreseen.set(first, of: 0)
    let units = (file.size + plan.unitSize - 1) / plan.unitSize
    let work = Work(reading: self, file: file, shared: shared, units: units, emit: emit)
    WorkerThreads.run(min(plan.jobs, units)) {
      while true {
        let unit = shared.nextUnit.add(1, ordering: .relaxed).oldValue
        guard unit < units else { return }
        work.read(unit)
      }
    }
    return shared.outcome
  }

  private func freshReader() -> X12ClaimReader {
    X12ClaimReader(
      interest: interest, limits: plan.limits, hash: plan.identityHash,
      readsEveryClaimInFull: plan.readsEveryClaimInFull)
  }

  private func reader(resuming checkpoint: X12Checkpoint) -> X12ClaimReader {
    X12ClaimReader(
      resuming: checkpoint, interest: interest, limits: plan.limits, hash: plan.identityHash,
      readsEveryClaimInFull: plan.readsEveryClaimInFull)
  }

  /// The reading of one file, as its workers see it.
  private struct Work: @unchecked Sendable {
    let reading: X12UnitReading
    let file: (descriptor: Int32, size: Int)
    let shared: Shared
    let units: Int
    let emit: (StreamPart) -> Void

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

    func read(_ unit: Int) {
      guard let foreseen = shared.foreseen.take(unit), !reading.isCancelled() else {
        // An earlier unit reads to the end of the file, or nobody wants more.
        shared.foreseen.set(nil, of: unit + 1)
        _ = shared.known.take(unit)
        shared.known.set(.ended, of: unit + 1)
        return
      }
      // The first unit begins with the file, before the first border.
      let start = unit == 0 ? 0 : foreseen.offset
      let (bytes, place) = load(from: start, unit: unit, delimitedAs: foreseen)
      let isLast = place.border == nil
      if let border = place.border {
        let seen = unsafe bytes.withUnsafeBytes { bytes in
          unsafe foreseen.foresee(
            over: UnsafeRawBufferPointer(rebasing: bytes[(foreseen.offset - start)..<(place.end - start)]), to: border)
        }
        shared.foreseen.set(seen, of: unit + 1)
      } else {
        shared.foreseen.set(nil, of: unit + 1)
      }
      let isRest = isLast && place.end < file.size
      var result =
        unit == 0 || isRest ? nil : parse(reading.reader(resuming: foreseen), bytes, from: place.start, place)
      let known = shared.known.take(unit)
      switch known {
      case .ended:
        shared.known.set(.ended, of: unit + 1)
        return
      case .checkpoint(let checkpoint):
        if result == nil || checkpoint != foreseen {
          let reader = reading.reader(resuming: checkpoint)
          result = isRest ? parseRest(reader, from: checkpoint.offset) : parse(reader, bytes, from: place.start, place)
        }
      case .reader(let reader, let offset):
        if isRest {
          result = parseRest(reader, from: offset)
        } else if offset == start {
          result = parse(reader, bytes, from: start, place)
        } else {
          // What the unit before left over stands before this unit's bytes.
          result = parse(reader, FileBlock.read(file.descriptor, offset..<start) + bytes, from: offset, place)
        }
      }
      guard let result else { return }
      reading.plan.progress?.add(claims: result.totals.claims)
      for part in result.parts { emit(part.counted(after: shared.claims)) }
      shared.claims += result.claims
      shared.outcome.totals += result.totals
      if result.isDamaged { shared.outcome.isDamaged = true }
      if result.isRefused { shared.outcome.isRefused = true }
      shared.known.set(isLast ? .ended : result.next, of: unit + 1)
    }

    private func read(_ range: Range<Int>) -> [UInt8] {
      let bytes = FileBlock.read(file.descriptor, range)
      reading.plan.progress?.meter.add(bytes.count)
      return bytes
    }

    /// The bytes of a unit from `start` up to the first border behind the unit's nominal end.
    private func load(from start: Int, unit: Int, delimitedAs known: X12Checkpoint) -> ([UInt8], Place) {
      let nominalEnd = max((unit + 1) * reading.plan.unitSize, start)
      var bytes = read(start..<min(nominalEnd + (64 << 10), file.size))
      var searched = max(nominalEnd - start, 1)
      while true {
        let isEnd = start + bytes.count >= file.size
        let found = unsafe bytes.withUnsafeBytes { unsafe known.border(in: $0, from: searched) }
        // A border that is not whole yet is not seen; the last bytes are looked at again with more behind them.
        if let found { return (bytes, Place(start: start, end: start + found.offset, border: found.border)) }
        if isEnd { return (bytes, Place(start: start, end: file.size, border: nil)) }
        if start + bytes.count - nominalEnd > reading.search {
          return (bytes, Place(start: start, end: start + bytes.count, border: nil))
        }
        searched = max(searched, bytes.count - 64)
        let more = read(start + bytes.count..<min(start + bytes.count + (256 << 10), file.size))
        if more.isEmpty { return (bytes, Place(start: start, end: file.size, border: nil)) }
        bytes += more
      }
    }

    /// Reads a unit whose bytes begin at `offset` of the file.
    private func parse(_ reader: X12ClaimReader, _ bytes: [UInt8], from offset: Int, _ place: Place) -> Result {
      var reader = reader
      let before = reader.totals
      var result = Result()
      var handler = ClaimAuditing(auditor: reading.auditor, plan: reading.plan) { result.parts.append($0) }
      var used = 0
      let count = place.end - offset
      unsafe bytes.withUnsafeBytes { bytes in
        var window = X12UnitReading.window
        while used < count, !reading.isCancelled() {
          let end = min(used + window, count)
          let isLast = place.border == nil && end == count
          let step = unsafe reader.read(
            UnsafeRawBufferPointer(rebasing: bytes[used..<end]), isLast: isLast, handler: &handler)
          used += step
          if step == 0 {
            if end == count { break }
            window *= 2
          }
        }
        if count == 0, place.border == nil {
          _ = unsafe reader.read(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, handler: &handler)
        }
      }
      if let border = place.border {
        if let checkpoint = reader.checkpoint(at: place.end, border, handler: &handler) {
          result.next = .checkpoint(checkpoint)
        } else {
          result.next = .reader(reader, offset: offset + used)
        }
      }
      handler.flush()
      result.fill(reader.totals.since(before), handler)
      return result
    }

    /// Reads all the rest of the file in a sliding window: no border was found that another unit could begin at.
    private func parseRest(_ reader: X12ClaimReader, from offset: Int) -> Result {
      var reader = reader
      let before = reader.totals
      var result = Result()
      var handler = ClaimAuditing(auditor: reading.auditor, plan: reading.plan) { [shared] in
        emit($0.counted(after: shared.claims))
      }
      var window = InputWindow(over: FileBlockSource(file.descriptor, offset..<file.size, reading.plan.progress?.meter))
      window.read(through: &reader, to: &handler, isCancelled: reading.isCancelled)
      handler.flush()
      result.fill(reader.totals.since(before), handler)
      return result
    }
  }
}

extension ReadingTotals {
  /// What was counted since `before`.
  fileprivate func since(_ before: ReadingTotals) -> ReadingTotals {
    var difference = self
    difference.claims -= before.claims
    difference.lines -= before.lines
    difference.chargeCents &-= before.chargeCents
    difference.records -= before.records
    difference.transactionSets -= before.transactionSets
    difference.skippedTransactionSets -= before.skippedTransactionSets
    return difference
  }
}
