public import AuditPipeline
public import Auditing
public import ByteInput
internal import ClaimModel
internal import Glibc
public import Reporting

/// One run as it enters the ledger.
///
/// ```
/// let run = try ledger.begin(…)                 // which inputs are to be read
/// let result = try AuditRun.run(plan, …, journal: run)
/// try run.beginPublishing()
/// let summary = try reports.publish(…, observer: run)
/// try run.finish(…)                             // only now are the files' findings known as reported
/// ```
///
/// A file is in the ledger when it has been read to its end, with its records and facts, in one transaction; a run that ends before
/// its reports are published leaves such files to the next one, which reports them without reading them.
public final class LedgerRun: RunJournal, FindingObserver {
  /// What a run is begun with.
  public struct Plan: Sendable {
    /// The inputs named.
    public var inputs: [InputReference]
    /// What decides what is found in a file: version, packs, options; files read with other rules are read again.
    public var rules: String
    /// The version of the program.
    public var version: String
    /// The packs, for people.
    public var packs: String
    /// When the run began, RFC 3339.
    public var started: String
    /// Whether the reports hold unchanged files too.
    public var isWhole: Bool
    /// Whether unchanged files are read again.
    public var isForced: Bool
    /// How many threads may work.
    public var jobs: Int

    /// A plan.
    public init(
      inputs: [InputReference], rules: String, version: String, packs: String, started: String, isWhole: Bool,
      isForced: Bool, jobs: Int
    ) {
      self.inputs = inputs
      // What is kept of a file in another form is of no use: the file is read again.
      self.rules = ContentDigest.hexadecimal(
        of: "records \(RecordChunk.layout), facts \(StoredFact.layout)\n\(version)\n\(rules)")
      self.version = version
      self.packs = packs
      self.started = started
      self.isWhole = isWhole
      self.isForced = isForced
      self.jobs = jobs
    }
  }

  /// The number of the run.
  public let id: Int64
  /// The inputs that are to be read.
  public var inputs: [InputReference] { selection.unread.map(\.input) }
  /// The inputs that are as an earlier run has read and reported them.
  public var unchanged: [InputReference] { selection.known.filter(\.isPublished).map(\.input) }
  /// The inputs that an earlier run has read and did not come to report: this one does.
  public var resumed: [InputReference] { selection.known.filter { !$0.isPublished }.map(\.input) }
  /// How many files are in the ledger through this run.
  public private(set) var recorded = 0

  /// What of the input the reports hold.
  public var coverage: Summary.Coverage { Summary.Coverage(isWhole: plan.isWhole, unchanged: unchanged.count) }

  private let ledger: Ledger
  private var database: Database { ledger.database }
  private let plan: Plan
  private let selection: InputSelection
  private var lastCommit = LedgerRun.now()
  private var state = State.reading

  /// How far the run has come.
  private enum State {
    case reading
    case publishing
    case ended
  }

  /// The stream and file in the ledger of each stream of the run; `nil` for what is not kept.
  private var streams: [(stream: Int64, file: Int64)?] = []
  /// The files whose findings the ledger has from an earlier run.
  private var reported: Set<Int64> = []
  /// The file that is being read.
  private var file: Int64?
  private var stream: Int64?
  private var firstStream = 0
  private var isWorthKeeping = true
  private var status = SourceFile.Status.ok
  private var notEvaluated: [RuleIndex: Int] = [:]

  init(_ plan: Plan, in ledger: Ledger) throws(ReportError) {
    self.plan = plan
    self.ledger = ledger
    let database = ledger.database
    try database.run("UPDATE run SET outcome = 'died' WHERE outcome = 'running'")
    try database.run("BEGIN IMMEDIATE")
    selection = try InputSelection(
      plan.inputs, in: database, rules: plan.rules, isForced: plan.isForced, jobs: plan.jobs)
    try database.run(
      "INSERT INTO run (started, version, packs, rules, coverage, outcome) VALUES (?, ?, ?, ?, ?, 'running')",
      .text(plan.started), .text(plan.version), .text(plan.packs), .text(plan.rules),
      .text(plan.isWhole ? "all" : "new"))
    id = database.lastID
    for known in selection.known {
      try cover(known.file, known.isPublished ? "unchanged" : "resumed")
      if known.isPublished { reported.insert(known.file) }
    }
    try commit()
  }

  private func cover(_ file: Int64, _ action: String) throws(ReportError) {
    try database.run(
      "INSERT OR REPLACE INTO run_file (run, file, action) VALUES (?, ?, ?)", .integer(id), .integer(file),
      .text(action))
  }

  /// Ends a transaction and begins the next.
  private func commit() throws(ReportError) {
    try database.run("COMMIT")
    try database.run("BEGIN IMMEDIATE")
    lastCommit = LedgerRun.now()
  }

  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  // MARK: What earlier runs have read

  public func replay(
    records: (StreamRecords) throws(ReportError) -> Void, end: (StreamEnd) throws(ReportError) -> Void
  ) throws(ReportError) {
    let read = Set(selection.unread.map(\.input.name))
    let formerly = Set(selection.unread.flatMap(\.formerly))
    let shown = Set(selection.known.filter { plan.isWhole || !$0.isPublished }.map(\.file))
    var files: [(id: Int64, path: String)] = []
    try database.rows("SELECT id, path FROM file WHERE NOT superseded ORDER BY id") { row throws(ReportError) in
      files.append((row.integer(0), row.text(1)))
    }
    for file in files where !read.contains(file.path) && !formerly.contains(file.id) {
      try replay(file.id, isShown: shown.contains(file.id), records, end)
    }
  }

  private func replay(
    _ file: Int64, isShown: Bool, _ records: (StreamRecords) throws(ReportError) -> Void,
    _ end: (StreamEnd) throws(ReportError) -> Void
  ) throws(ReportError) {
    var ends: [(id: Int64, end: StreamEnd, notEvaluated: [RuleIndex: Int])] = []
    try database.rows(
      """
      SELECT id, path, format, compression, bytes, claims, lines, charge_cents, status, withheld, damaged, columns, not_evaluated
      FROM stream WHERE file = ? ORDER BY id
      """, .integer(file)
    ) { row throws(ReportError) in
      var source = SourceFile(
        path: row.text(1), format: StoredText.format(row.text(2)), compression: row.text(3), bytes: Int(row.integer(4)),
        claims: Int(row.integer(5)), lines: Int(row.integer(6)), chargeCents: row.integer(7),
        status: SourceFile.Status(rawValue: row.text(8)) ?? .ok, columns: StoredText.columns(row.text(11)),
        isWithheld: row.integer(9) != 0)
      source.isHistory = !isShown
      ends.append(
        (row.integer(0), StreamEnd(recorded: source, isDamaged: row.integer(10) != 0), StoredText.counts(row.text(12))))
    }
    for stream in ends {
      var hasFacts = false
      try database.rows(
        "SELECT kind, layout, content FROM piece WHERE stream = ? AND (? OR kind = 'facts') ORDER BY id",
        .integer(stream.id), .integer(isShown ? 1 : 0)
      ) { row throws(ReportError) in
        var piece = StreamRecords()
        switch row.text(0) {
        case "facts" where row.integer(1) == StoredFact.layout:
          piece.facts = StoredFact.facts(row.blob(2))
          hasFacts = true
        case "lines": piece.lines = try LedgerRun.chunk(row, database.path)
        case "issues": piece.issues = try LedgerRun.chunk(row, database.path)
        default: break
        }
        try records(piece)
      }
      guard isShown || hasFacts else { continue }
      if isShown, !stream.notEvaluated.isEmpty {
        var piece = StreamRecords()
        piece.notEvaluated = stream.notEvaluated
        try records(piece)
      }
      streams.append((stream.id, file))
      try end(stream.end)
    }
  }

  private static func chunk(_ row: borrowing Database.Row, _ path: String) throws(ReportError) -> RecordChunk {
    guard row.integer(1) == Int64(RecordChunk.layout), let chunk = RecordChunk(stored: row.blob(2)) else {
      throw ReportError(
        .cannotWrite, call: "its records cannot be read back; begin a new ledger, or use --force", file: path, code: 0)
    }
    return chunk
  }

  // MARK: What this run reads

  public func add(_ records: StreamRecords) throws(ReportError) {
    let stream = try openStream()
    for (rule, count) in records.notEvaluated { notEvaluated[rule, default: 0] += count }
    if !records.lines.isEmpty { try keep("lines", RecordChunk.layout, records.lines.stored, of: stream) }
    if !records.issues.isEmpty { try keep("issues", RecordChunk.layout, records.issues.stored, of: stream) }
    if !records.facts.isEmpty { try keep("facts", Int(StoredFact.layout), StoredFact.bytes(records.facts), of: stream) }
  }

  private func keep(_ kind: String, _ layout: Int, _ content: [UInt8], of stream: Int64) throws(ReportError) {
    try database.run(
      "INSERT INTO piece (stream, kind, layout, content) VALUES (?, ?, ?, ?)", .integer(stream), .text(kind),
      .integer(Int64(layout)), .blob(content))
  }

  /// The stream that is being read, begun with its file where it is the first piece.
  private func openStream() throws(ReportError) -> Int64 {
    if let stream { return stream }
    if file == nil {
      try database.run("SAVEPOINT input")
      try database.run(
        "INSERT INTO file (path, size, modified, sha256, rules, status) VALUES ('', 0, 0, x'', '', '')")
      file = database.lastID
      firstStream = streams.count
      isWorthKeeping = true
      status = .ok
    }
    try database.run(
      """
      INSERT INTO stream (file, path, format, compression, bytes, claims, lines, charge_cents, status, withheld, damaged, columns,
        not_evaluated)
      VALUES (?, '', '', '', 0, 0, 0, 0, '', 0, 0, '', '')
      """, .integer(file ?? 0))
    stream = database.lastID
    notEvaluated = [:]
    return database.lastID
  }

  public func end(_ end: StreamEnd) throws(ReportError) {
    let stream = try openStream()
    let source = end.file
    try database.run(
      """
      UPDATE stream SET path = ?, format = ?, compression = ?, bytes = ?, claims = ?, lines = ?, charge_cents = ?, status = ?,
        withheld = ?, damaged = ?, columns = ?, not_evaluated = ? WHERE id = ?
      """, .text(source.path), .text(StoredText.text(source.format)), .text(source.compression),
      .integer(Int64(source.bytes)), .integer(Int64(source.claims)), .integer(Int64(source.lines)),
      .integer(source.chargeCents), .text(source.status.rawValue), .integer(source.isWithheld ? 1 : 0),
      .integer(end.isDamaged ? 1 : 0), .text(StoredText.text(source.columns)), .text(StoredText.text(notEvaluated)),
      .integer(stream))
    if end.isUnopened || end.isTransient { isWorthKeeping = false }
    status = LedgerRun.worse(status, source.status)
    streams.append((stream, file ?? 0))
    self.stream = nil
  }

  /// Of two states the one that says more was lost.
  private static func worse(_ left: SourceFile.Status, _ right: SourceFile.Status) -> SourceFile.Status {
    let order: [SourceFile.Status] = [.skipped, .ok, .partial, .refused]
    return (order.firstIndex(of: left) ?? 0) >= (order.firstIndex(of: right) ?? 0) ? left : right
  }

  public func endInput(_ index: Int) throws(ReportError) {
    guard let file else { return }
    var unread = selection.unread[index]
    if isWorthKeeping, unread.content == nil {
      switch unread.standing {
      case .none: break
      case .unknown(let code): throw selection.notKnown(unread.input.name, code)
      case .file(let stamp):
        // It could be read, and so it must be possible to hash it; not kept, it would be reported once more by the next run. What it is
        // to files the ledger has was to be known before it was read.
        unread.content = ContentDigest.of(unread.input)
        let isLate =
          if let content = unread.content { try selection.holds(content.digest) } else {
            try selection.isStill(stamp, unread.input)
          }
        if isLate {
          throw ReportError(
            .cannotWrite, call: "\(unread.input.name) was read and cannot be hashed", file: ledger.path, code: 0)
        }
        if unread.content?.stamp != stamp { unread.content = nil }
      }
    }
    // What was read must be what was hashed.
    guard isWorthKeeping, let content = unread.content, try selection.isStill(content.stamp, unread.input) else {
      try forgetInput()
      return
    }
    self.file = nil
    try database.run(
      "UPDATE file SET path = ?, size = ?, modified = ?, sha256 = ?, rules = ?, status = ? WHERE id = ?",
      .text(unread.input.name), .integer(Int64(content.stamp.size)), .integer(content.stamp.modified),
      .blob(content.digest), .text(plan.rules), .text(status.rawValue), .integer(file))
    var replaced = unread.formerly
    try database.rows(
      "SELECT id FROM file WHERE path = ? AND id <> ? AND NOT superseded", .text(unread.input.name), .integer(file)
    ) { row throws(ReportError) in replaced.append(row.integer(0)) }
    for old in replaced {
      try database.run("UPDATE file SET superseded = 1 WHERE id = ?", .integer(old))
      try database.run("DELETE FROM piece WHERE stream IN (SELECT id FROM stream WHERE file = ?)", .integer(old))
    }
    try cover(file, "read")
    try database.run("RELEASE input")
    recorded += 1
    // Small files share a transaction: each is a write to the disk that is waited for.
    if LedgerRun.now() - lastCommit > 100 { try commit() }
  }

  /// Takes back what was noted of the file that is being read.
  private func forgetInput() throws(ReportError) {
    guard file != nil else { return }
    try database.run("ROLLBACK TO input")
    try database.run("RELEASE input")
    for index in firstStream..<streams.count { streams[index] = nil }
    file = nil
    stream = nil
  }

  // MARK: The reports

  /// Makes sure of everything that was read, before the reports are written.
  public func beginPublishing() throws(ReportError) {
    try forgetInput()
    try commit()
    state = .publishing
  }

  public func published(_ cells: [String], stream: Int) throws(ReportError) {
    guard stream < streams.count, let place = streams[stream] else { return }
    // A file that was reported before has its findings already, except those that came up since.
    if reported.contains(place.file), try isKnown(place.file, record: cells[2], rule: cells[9]) { return }
    try keep(cells, of: place.file)
  }

  private func isKnown(_ file: Int64, record: String, rule: String) throws(ReportError) -> Bool {
    try database.integer(
      "SELECT 1 FROM finding WHERE file = ? AND record = ? AND rule = ?", .integer(file), .text(record), .text(rule))
      != nil
  }

  private func keep(_ cells: [String], of file: Int64) throws(ReportError) {
    let fingerprint = FindingFingerprint(
      rule: cells[9], claimID: cells[4], lineNumber: cells[5], procedure: cells[6], serviceFrom: cells[8])
    try LedgerFindings.insert(cells, file: file, run: id, fingerprint: fingerprint.description, into: database)
  }

  /// Keeps what the rules over the run found on lines of files that stand in none of this run's reports: a claim of tonight can
  /// show that an older one was wrong.
  ///
  /// - Returns: how many are new to the ledger.
  public func keepLateFindings(
    _ findings: [RunFinding], files: [SourceFile], catalogue: RuleCatalogue
  ) throws(ReportError) -> Int {
    var count = 0
    for finding in findings {
      let ordinal = Int(finding.key.stream)
      guard ordinal < files.count, files[ordinal].isHistory, let place = streams[ordinal] else { continue }
      guard try !isKnown(place.file, record: "\(finding.key.record)", rule: catalogue[finding.rule]) else { continue }
      var cells: [String]?
      try database.rows(
        "SELECT content FROM piece WHERE stream = ? AND kind = 'lines' AND layout = ?", .integer(place.stream),
        .integer(Int64(RecordChunk.layout))
      ) { row throws(ReportError) in
        if cells == nil {
          cells = RecordChunk(stored: row.blob(0))?.cells(of: finding, files: files, catalogue: catalogue)
        }
      }
      guard let cells else { continue }
      try keep(cells, of: place.file)
      count += 1
    }
    return count
  }

  // MARK: The end

  /// Ends a run whose reports are published.
  public func finish(at time: String, exitCode: Int32, summary: Summary) throws(ReportError) {
    try database.run(
      "UPDATE file SET published = ?1 WHERE published IS NULL AND id IN (SELECT file FROM run_file WHERE run = ?1)",
      .integer(id))
    try database.run(
      "UPDATE run SET finished = ?, outcome = 'finished', exit_code = ?, claims = ?, lines = ? WHERE id = ?",
      .text(time),
      .integer(Int64(exitCode)), .integer(Int64(summary.totals.claims)), .integer(Int64(summary.totals.lines)),
      .integer(id))
    try database.run("COMMIT")
    state = .ended
  }

  /// Ends a run that published nothing, and does nothing to one that did; what it has read stays for the next one.
  public func abandon(at time: String, exitCode: Int32?) throws(ReportError) {
    guard state != .ended else { return }
    if state == .publishing {
      try database.run("ROLLBACK")
    } else {
      try forgetInput()
      try database.run("COMMIT")
    }
    state = .ended
    try database.run(
      "UPDATE run SET finished = ?, outcome = 'interrupted', exit_code = ? WHERE id = ?", .text(time),
      exitCode.map { .integer(Int64($0)) } ?? .null, .integer(id))
  }
}

extension Ledger {
  /// Begins a run.
  public func begin(_ plan: LedgerRun.Plan) throws(ReportError) -> LedgerRun { try LedgerRun(plan, in: self) }
}
