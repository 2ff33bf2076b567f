internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import ClaimReading
internal import Glibc
internal import Reporting
internal import RulePacks

/// Times each stage of a run alone, on one thread, with the stage before it at rest or doing nothing.
struct Parts {
  let folder: String
  let megabytes: Int
  let rounds: Int

  private struct Row {
    let name: String
    let bytes: Int
    var seconds: [Double] = []
    /// How many things were done, and what they are: claims, lines.
    var count = 0
    var unit = ""
  }

  func run() -> Bool {
    unsafe mkdir(folder, 0o700)
    let size = megabytes * 1_000_000
    let paths = ["parts.837p", "parts.csv"].map { folder + "/" + $0 }
    guard BenchData.x12(paths[0], size: size, seed: 21) != nil, BenchData.csv(paths[1], size: size, seed: 22) != nil,
      ProcessTiming.run(["gzip", "-kf6", paths[0]])?.succeeded == true, let x12 = Output.bytes(paths[0]),
      let csv = Output.bytes(paths[1]),
      let auditor = try? Auditor(AuditProgram(), options: AuditOptions(asOf: Day(ordinal: 20_782)))
    else { return false }
    let interest = ClaimInterest(procedures: auditor.watchedProcedures + auditor.globalProcedures)
    var rows: [Row] = []
    func time(_ name: String, bytes: Int, _ body: () -> (Int, String)) {
      var row = Row(name: name, bytes: bytes)
      for round in 0...rounds {
        let start = ProcessTiming.now()
        (row.count, row.unit) = body()
        if round > 0 { row.seconds.append(ProcessTiming.now() - start) }
      }
      rows.append(row)
    }
    for engine in InflateEngine.allCases {
      time("inflate, \(engine.library)", bytes: x12.count) { (Parts.drain(paths[0] + ".gz", engine, ahead: false), "") }
      time("inflate on a thread of its own, \(engine.library)", bytes: x12.count) {
        (Parts.drain(paths[0] + ".gz", engine, ahead: true), "")
      }
    }
    for (kind, bytes) in [("837", x12), ("CSV", csv)] {
      for (what, handler) in [
        ("read", Stage(auditor: nil, encodes: false)), ("read and audit", Stage(auditor: auditor, encodes: false)),
        ("read, audit and encode", Stage(auditor: auditor, encodes: true)),
      ] {
        time("\(kind): \(what)", bytes: bytes.count) {
          (Parts.read(bytes, kind == "CSV", interest, handler), "claims")
        }
      }
      time("\(kind): read, audit and encode every line", bytes: bytes.count) {
        (Parts.read(bytes, kind == "CSV", .everything, Stage(auditor: auditor, encodes: true, all: true)), "lines")
      }
    }
    report(rows)
    return true
  }

  /// Unpacks a file to nowhere, alone or ahead of a reader that does nothing.
  private static func drain(_ path: String, _ engine: InflateEngine, ahead: Bool) -> Int {
    var opener = InputOpener()
    opener.engine = engine
    var total = 0
    _ = opener.forEachStream(of: InputReference(path: path)) { stream in
      if ahead {
        let source = ReadAheadSource(stream)
        while let count = unsafe source.withNextSlot({ $0.count }) { total += count }
      } else {
        unsafe withUnsafeTemporaryAllocation(byteCount: 256 << 10, alignment: 64) { buffer in
          while true {
            let count = unsafe stream.read(into: buffer)
            if count == 0 { break }
            total += count
          }
        }
      }
    }
    return total
  }

  /// Reads all of a file in memory and returns how many claims, or reported lines, the stage took.
  private static func read(_ bytes: [UInt8], _ isCSV: Bool, _ interest: ClaimInterest, _ stage: Stage) -> Int {
    var stage = stage
    let hash = KeyedHash(key0: 1, key1: 2)
    return unsafe bytes.withUnsafeBytes { bytes in
      if isCSV {
        let sample = unsafe UnsafeRawBufferPointer(rebasing: bytes.prefix(64 << 10))
        guard case .reader(var reader, _) = unsafe CSVClaimReader.open(sample: sample, interest: interest, hash: hash)
        else { return 0 }
        return unsafe feed(bytes, to: &reader, &stage)
      }
      var reader = X12ClaimReader(interest: interest, hash: hash)
      return unsafe feed(bytes, to: &reader, &stage)
    }
  }

  private static func feed(
    _ bytes: UnsafeRawBufferPointer, to reader: inout some ClaimReader, _ stage: inout Stage
  ) -> Int {
    var start = 0
    var window = 256 << 10
    while start < bytes.count {
      let end = min(start + window, bytes.count)
      let used = unsafe reader.read(
        UnsafeRawBufferPointer(rebasing: bytes[start..<end]), isLast: end == bytes.count, handler: &stage)
      if used == 0 {
        if end == bytes.count { break }
        window *= 2
      }
      start += used
    }
    return stage.reportsAll ? stage.records : reader.totals.claims
  }

  private func report(_ rows: [Row]) {
    var text = "| stage | median s | MB/s | ns each | |\n|---|---:|---:|---:|---|\n"
    for row in rows {
      let seconds = Output.median(row.seconds)
      let each = row.unit.isEmpty || row.count == 0 ? "" : Output.rounded(seconds * 1e9 / Double(row.count), 0)
      let cells = [
        row.name, Output.rounded(seconds, 4), Output.rounded(Double(row.bytes) / 1e6 / max(seconds, 1e-9), 0), each,
        row.unit,
      ]
      text += "| " + cells.joined(separator: " | ") + " |\n"
    }
    text += "\n\(Output.machine); medians of \(rounds) rounds, one thread but where it says so\n"
    Output.say(text)
    Output.save(text, to: folder + "/parts.md")
  }
}

/// Takes claims as far as it is told to: no further, audited, or audited and encoded as records.
private struct Stage: ClaimHandler {
  let auditor: Auditor?
  let encodes: Bool
  let reportsAll: Bool
  private(set) var records = 0
  private var audit = ClaimAudit()
  private let encoder: LineRecordEncoder?
  private let chunk = RecordChunk()
  private var ordinal = 0

  init(auditor: Auditor?, encodes: Bool, all: Bool = false) {
    self.auditor = auditor
    self.encodes = encodes
    encoder = auditor.map { LineRecordEncoder($0.catalogue) }
    reportsAll = all
  }

  mutating func claim(_ claim: inout Claim) {
    guard let auditor, let encoder else { return }
    ordinal += 1
    auditor.audit(claim, into: &audit)
    guard encodes, reportsAll || audit.hasWatchedLine else { return }
    encoder.encode(
      claim, audit: audit, selection: reportsAll ? .all : .watched, stream: 0, ordinal: ordinal, columns: ColumnNames(),
      into: chunk)
    if chunk.byteCount > 256 << 10 {
      records += chunk.recordCount
      chunk.removeAll()
    }
  }

  mutating func issue(_ issue: ReadingIssue) {}
}
