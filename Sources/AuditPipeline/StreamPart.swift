public import Auditing
internal import ClaimModel
public import Reporting

/// A piece of what reading one stream gives, on its way from a worker to the collector.
///
/// A stream gives any number of `records` and then one `end`; the collector numbers streams by their ends.
enum StreamPart: @unchecked Sendable {
  case records(StreamRecords)
  case end(StreamEnd)
  /// The input of that position in the plan has been read to its end, all its streams.
  case inputEnd(Int)

  /// The part with its claims counted on from those of the stream's units before it, and its records where they were counted from the
  /// unit's beginning; what says a record's number in words is not among them then.
  func counted(after claims: Int, records before: Int = 0) -> StreamPart {
    guard claims > 0 || before > 0, case .records(var records) = self else { return self }
    records.lines.rebase(stream: 0, records: before, claims: claims)
    if before == 0 { return self }
    for index in records.facts.indices { records.facts[index].key.record += UInt64(before) }
    return .records(records)
  }

  /// Whether something in it says the number of a record in words, or where records stand that are to be read again.
  var namesRecords: Bool {
    guard case .records(let records) = self else { return false }
    return !records.issues.isEmpty || !records.marks.isEmpty
  }

  /// How much memory the part holds while it waits for its turn.
  var weight: Int {
    switch self {
    case .records(let records): records.weight
    case .end, .inputEnd: 1024
    }
  }
}

/// Records of a stream, with the facts of their lines.
public struct StreamRecords {
  /// Reported lines.
  public var lines = RecordChunk()
  /// Issues.
  public var issues = RecordChunk()
  /// What the rules over the run keep of its lines.
  public var facts: [LineFact] = []
  /// How often a rule could not be evaluated on a watched line.
  public var notEvaluated: [RuleIndex: Int] = [:]
  /// Where the claims stand, in a run that selects claims.
  var marks: [ClaimMark] = []

  /// The first issues of the piece, to be told to the user.
  var told = ToldIssues()

  /// Where the chunk of lines goes when it has been read out of, and where the next one comes from.
  var pool: ChunkPool?

  /// Nothing yet.
  public init() {}

  /// Nothing yet, in a chunk of that pool.
  init(_ pool: ChunkPool) {
    self.pool = pool
    if let chunk = pool.take() { lines = chunk }
  }

  /// Begins with new chunks once the piece was handed on; the lines had `size` bytes.
  mutating func startAnew(afterLines size: Int) {
    lines = pool?.take() ?? RecordChunk(capacity: size + size / 8 + 4096)
    if isKnownUniquelyReferenced(&issues) { issues.removeAll() } else { issues = RecordChunk() }
    let count = facts.count
    facts = []
    facts.reserveCapacity(count)
    notEvaluated = [:]
    marks = []
    told = ToldIssues()
  }

  var weight: Int { weightOfRecords + weightOfFacts }

  /// How many bytes of records there are.
  var weightOfRecords: Int { lines.byteCount + issues.byteCount }

  /// How much memory all takes that is not in records.
  var weightOfFacts: Int {
    facts.count * MemoryLayout<LineFact>.stride + marks.count * MemoryLayout<ClaimMark>.stride + 256
  }

  var isEmpty: Bool {
    lines.isEmpty && issues.isEmpty && facts.isEmpty && marks.isEmpty && notEvaluated.isEmpty && told.isEmpty
  }
}

/// What is known of a stream when it has been read.
public struct StreamEnd {
  /// The stream.
  public var file: SourceFile
  /// Whether some of the stream could not be read: exit code 65.
  public var isDamaged = false
  /// Whether it could not be opened: exit code 66.
  public var isUnopened = false
  /// Whether reading it again may go better: the disk failed, or the file was written to meanwhile.
  public var isTransient = false
  /// What it was taken for, where that is to be told.
  var recognition: Recognition?

  init(
    file: SourceFile, isDamaged: Bool = false, isTransient: Bool = false, recognition: Recognition? = nil
  ) {
    self.file = file
    self.isDamaged = isDamaged
    self.isTransient = isTransient
    self.recognition = recognition
  }

  /// What an earlier run knew of a stream.
  public init(recorded file: SourceFile, isDamaged: Bool) {
    self.file = file
    self.isDamaged = isDamaged
  }
}
