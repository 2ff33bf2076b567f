internal import AuditPipeline
internal import ByteInput
internal import Glibc
internal import Reporting
internal import Synchronization
internal import Threads

/// Which inputs of a run are read, and which the ledger knows already.
struct InputSelection {
  /// An input that is to be read.
  struct Unread {
    var input: InputReference
    /// Its digest and stamp; `nil` when it cannot be kept in the ledger: standard input, or what cannot be opened.
    var content: (digest: [UInt8], stamp: FileStamp)?
    /// What the file system said of it when the digest was to be taken, where there is none.
    var standing = InputReference.Standing.none
    /// Files of the ledger that are this one under a name that is gone.
    var formerly: [Int64] = []
  }

  /// An input that the ledger knows.
  struct Known {
    var input: InputReference
    /// The file's id.
    var file: Int64
    /// Whether its findings were in a report already; else the run that read it did not come that far.
    var isPublished: Bool
  }

  private(set) var unread: [Unread] = []
  private(set) var known: [Known] = []

  private let database: Database
  private let rules: String
  private let names: Set<String>
  private var taken: Set<Int64> = []

  /// Looks every input up.
  ///
  /// Size and time first, then the content: a file that was only touched or renamed is known, one that was written to is not, and
  /// neither is a copy of a file that is still there.
  init(
    _ inputs: [InputReference], in database: Database, rules: String, isForced: Bool, jobs: Int
  ) throws(ReportError) {
    self.database = database
    self.rules = rules
    names = Set(inputs.map(\.name))
    var pending: [Int] = []
    var found: [Int: Known] = [:]
    for (index, input) in inputs.enumerated() {
      if !isForced, let stamp = input.stamp, let file = try fileLike(input, stamp) {
        found[index] = file
      } else {
        pending.append(index)
      }
    }
    let contents = InputSelection.digests(of: pending.map { inputs[$0] }, jobs: jobs)
    for (index, content) in zip(pending, contents) {
      guard let content else {
        unread.append(Unread(input: inputs[index], standing: inputs[index].standing))
        continue
      }
      let input = inputs[index]
      var alike: [Candidate] = []
      for file in try files(holding: content.digest) {
        if try isThis(file, input) { alike.append(file) }
      }
      if !isForced, let file = alike.first(where: { $0.rules == rules }) {
        taken.insert(file.id)
        try database.run(
          "UPDATE file SET path = ?, modified = ? WHERE id = ?", .text(input.name), .integer(content.stamp.modified),
          .integer(file.id))
        found[index] = Known(input: input, file: file.id, isPublished: file.isPublished)
      } else {
        let formerly = alike.filter { $0.path != input.name }.map(\.id)
        taken.formUnion(formerly)
        unread.append(Unread(input: input, content: content, formerly: formerly))
      }
    }
    known = inputs.indices.compactMap { found[$0] }
  }

  /// The file of that path, size and time, read with the same rules.
  private mutating func fileLike(_ input: InputReference, _ stamp: FileStamp) throws(ReportError) -> Known? {
    var known: Known?
    try database.rows(
      "SELECT id, published FROM file WHERE path = ? AND size = ? AND modified = ? AND rules = ? AND NOT superseded",
      .text(input.name), .integer(Int64(stamp.size)), .integer(stamp.modified), .text(rules)
    ) { row throws(ReportError) in known = Known(input: input, file: row.integer(0), isPublished: !row.isNull(1)) }
    if let known { taken.insert(known.file) }
    return known
  }

  private struct Candidate {
    var id: Int64
    var path: String
    var rules: String
    var isPublished: Bool
  }

  private func files(holding digest: [UInt8]) throws(ReportError) -> [Candidate] {
    var candidates: [Candidate] = []
    try database.rows(
      "SELECT id, path, rules, published FROM file WHERE sha256 = ? AND NOT superseded ORDER BY id", .blob(digest)
    ) { row throws(ReportError) in
      candidates.append(
        Candidate(id: row.integer(0), path: row.text(1), rules: row.text(2), isPublished: !row.isNull(3)))
    }
    return candidates
  }

  /// Whether a file of the same content is the input itself, touched or renamed, and no copy of it.
  private func isThis(_ file: Candidate, _ input: InputReference) throws(ReportError) -> Bool {
    if taken.contains(file.id) { return false }
    if file.path == input.name { return true }
    if names.contains(file.path) { return false }
    switch InputReference(path: file.path).standing {
    case .file: return false
    // What may not be looked at tonight may not be tomorrow either: it is none of the inputs any more.
    case .none, .unknown(EACCES): return true
    // Taken for gone, its lines would be counted as those of its copy; taken for there, those of a renamed file twice.
    case .unknown(let code): throw notKnown(file.path, code)
    }
  }

  /// Whether an input is what it was; an error where the file system does not say.
  func isStill(_ stamp: FileStamp, _ input: InputReference) throws(ReportError) -> Bool {
    switch input.standing {
    case .file(let now): return now == stamp
    case .none: return false
    case .unknown(let code): throw notKnown(input.name, code)
    }
  }

  /// The ledger cannot be kept since the file system does not say what there is to know of a file.
  func notKnown(_ path: String, _ code: Int32) -> ReportError {
    ReportError(.cannotWrite, call: "stat of \(path)", file: database.path, code: code)
  }

  /// Whether the ledger knows a file of that content.
  func holds(_ digest: [UInt8]) throws(ReportError) -> Bool { try !files(holding: digest).isEmpty }

  /// The digests of inputs, by several threads.
  private static func digests(
    of inputs: [InputReference], jobs: Int
  ) -> [(digest: [UInt8], stamp: FileStamp)?] {
    let results = Mutex<[(digest: [UInt8], stamp: FileStamp)?]>(Array(repeating: nil, count: inputs.count))
    WorkerThreads.forEach(inputs.count, threads: jobs) { index in
      let content = ContentDigest.of(inputs[index])
      results.withLock { $0[index] = content }
    }
    return results.withLock { $0 }
  }
}
