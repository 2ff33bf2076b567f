internal import Auditing
internal import ClaimModel
internal import Reporting

/// A piece of what reading one stream gives, on its way from a worker to the collector.
///
/// A stream gives any number of `records` and then one `end`; the collector numbers streams by their ends.
enum StreamPart: @unchecked Sendable {
  case records(StreamRecords)
  case end(StreamEnd)

  /// The part with its claims counted on from those of the stream's units before it.
  func counted(after claims: Int) -> StreamPart {
    if claims > 0, case .records(let records) = self { records.lines.rebase(stream: 0, claims: claims) }
    return self
  }

  /// How much memory the part holds while it waits for its turn.
  var weight: Int {
    switch self {
    case .records(let records): records.weight
    case .end: 1024
    }
  }
}

/// Records of a stream, with the facts of their lines.
struct StreamRecords {
  var lines = RecordChunk()
  var issues = RecordChunk()
  var facts: [LineFact] = []
  var notEvaluated: [RuleIndex: Int] = [:]
  /// The first issues of the stream, to be told to the user.
  var told: [ReadingIssue] = []
  /// How many issues of at least a warning there are, the told ones included.
  var tellable = 0

  var weight: Int { lines.byteCount + issues.byteCount + facts.count * MemoryLayout<LineFact>.stride + 256 }

  var isEmpty: Bool {
    lines.isEmpty && issues.isEmpty && facts.isEmpty && notEvaluated.isEmpty && told.isEmpty && tellable == 0
  }
}

/// What is known of a stream when it has been read.
struct StreamEnd {
  var file: SourceFile
  /// Whether some of the stream could not be read: exit code 65.
  var isDamaged = false
  /// Whether it could not be opened: exit code 66.
  var isUnopened = false
  /// What it was taken for, where that is to be told.
  var recognition: Recognition?
}
