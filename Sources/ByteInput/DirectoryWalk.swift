import Glibc

/// Collects the files of a folder and of all folders in it.
///
/// Hidden files and folders are passed over, and so are our own reports in a folder that holds a `run.json` of ours:
/// auditing `.` twice must not audit the first run's reports. What we write elsewhere (a table to standard output) shows
/// when it is opened; only what stands beside a ledger does not show by itself and is passed over here. Links are
/// followed, and one that leads nowhere is an input of which that is said; a folder that was entered before is not
/// entered again, which cuts loops. Only regular files are taken: a FIFO in a folder would stop a nightly run.
struct DirectoryWalk {
  /// A file that was found, or something that cannot be read.
  struct Candidate {
    let path: [UInt8]
    let identity: FileIdentity?
    var failure: Errno?
    /// Whether it was found in a folder, and not named by the user.
    var isFound = false
    /// What it is that cannot be read.
    var failed = Kind.file

    enum Kind {
      case file
      /// A folder, with whatever is in it.
      case folder
      /// A link to nothing.
      case link
    }

    var reference: InputReference {
      guard let failure else {
        var input = InputReference(pathBytes: path)
        input.isFound = isFound
        return input
      }
      let origin: InputReference.Origin =
        switch failed {
        case .file: .unreachable(errno: failure.number, message: "it could not be looked at: \(failure.text)")
        case .folder: .unreachable(errno: failure.number, message: "the folder could not be read: \(failure.text)")
        case .link: .dangling(message: "this link leads to nothing that could be read: \(failure.text)")
        }
      return InputReference(name: InputReference.shown(path), origin: origin)
    }
  }

  private(set) var candidates: [Candidate] = []
  private(set) var notices: [InputDiscovery.Notice] = []
  private var entered: Set<FileIdentity> = []

  /// The names that a run writes into its output folder.
  private static let reportNames: Set<[UInt8]> = Set(
    [
      "lines.csv", "findings.csv", "issues.csv", "report.xml", "report.html", "lines.jsonl", "findings.jsonl",
      "issues.jsonl", "suppressed.csv", "suppressed.jsonl", "summary.json", "run.json",
    ].map { Array($0.utf8) })

  /// Whether a name is that of an annotated copy of an export: `march.annotated.csv`.
  private static func isAnnotatedCopy(_ name: [UInt8]) -> Bool {
    let mark = Array(".annotated.".utf8)
    return name.indices.contains { name[$0...].starts(with: mark) }
  }

  /// Walks the folder at `path`.
  ///
  /// It may be called once.
  mutating func enter(_ path: [UInt8]) {
    var waiting = [path]
    while let folder = waiting.popLast() {
      do throws(Errno) {
        guard entered.insert(try FileIdentity.of(folder).get()).inserted else {
          skip(folder, "this folder is reached a second time through a link; it is read once")
          continue
        }
        waiting += visit(try Self.names(in: folder).get(), in: folder).reversed()
      } catch {
        candidates.append(Candidate(path: folder, identity: nil, failure: error, isFound: true, failed: .folder))
      }
    }
  }

  /// Takes the files of one folder and returns the folders in it.
  private mutating func visit(_ names: [[UInt8]], in folder: [UInt8]) -> [[UInt8]] {
    let base = folder.last == UInt8(ascii: "/") ? folder : folder + [UInt8(ascii: "/")]
    let isOurs = names.contains(Array("run.json".utf8)) && Self.isOurRun(base + Array("run.json".utf8))
    var folders: [[UInt8]] = []
    for name in names where name.first != UInt8(ascii: ".") {
      if isOurs && (Self.reportNames.contains(name) || Self.isAnnotatedCopy(name)) { continue }
      let path = base + name
      switch FileIdentity.of(path) {
      case .failure(let reason) where [ENOENT, ELOOP, ENOTDIR].contains(reason.number):
        if FileIdentity.isLink(path) {
          candidates.append(Candidate(path: path, identity: nil, failure: reason, isFound: true, failed: .link))
        } else {
          skip(path, "this is gone since the folder was read: \(reason.text)")
        }
      case .failure(let reason):
        // It is there, and may hold claims.
        candidates.append(Candidate(path: path, identity: nil, failure: reason, isFound: true))
      case .success(let identity):
        switch identity.kind {
        case .regular:
          if LedgerFile.isCompanion(path) {
            skip(path, "this belongs to a ledger of claimaudit; name it on the command line to read it")
          } else {
            candidates.append(Candidate(path: path, identity: identity, isFound: true))
          }
        case .directory: folders.append(path)
        default: skip(path, "this is not a regular file; name it on the command line to read it")
        }
      }
    }
    return folders
  }

  private mutating func skip(_ path: [UInt8], _ message: String) {
    notices.append(
      InputDiscovery.Notice(
        name: InputReference.shown(path), remark: InputRemark(.fileSkipped, .info, message)))
  }

  /// Whether a `run.json` was written by this program, by what stands at its front.
  private static func isOurRun(_ path: [UInt8]) -> Bool {
    guard case .success(let file) = OpenFile.open(path), file.atOpening.kind == .regular,
      let front = file.bytes(at: 0, count: 512)
    else { return false }
    let mark = Array("\"claimaudit\"".utf8)
    return front.indices.contains { front[$0...].starts(with: mark) }
  }

  /// The names in a folder in byte order, without `.` and `..`.
  private static func names(in folder: [UInt8]) -> Result<[[UInt8]], Errno> {
    let opened = unsafe (folder + [0]).withUnsafeBytes { bytes -> OpaquePointer? in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
      while true {
        if let opened = unsafe opendir(start) { return unsafe opened }
        if errno != EINTR { return nil }
      }
    }
    guard let directory = unsafe opened else { return .failure(.current) }
    defer { unsafe closedir(directory) }
    var names: [[UInt8]] = []
    let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    while true {
      errno = 0
      guard let entry = unsafe readdir(directory) else {
        if errno != 0 { return .failure(.current) }
        break
      }
      let start = unsafe UnsafeRawPointer(entry).advanced(by: nameOffset)
      let length = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
      let name = unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
      if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name) }
    }
    return .success(names.sorted { $0.lexicographicallyPrecedes($1) })
  }
}
