internal import Glibc
internal import Threads

/// The folder a report set is published in, held by one run at a time.
///
/// Reports are written under temporary names (`.claimaudit-lines.csv.4711.tmp`, mode 0600) and put in place together when all of
/// them are whole and on disk:
///
/// 1. every file is written, synced and closed under its temporary name,
/// 2. a list of the renames to be done (`.claimaudit.publication`) is made durable: up to here the old set stands untouched, and from
///    here on the new one will be there,
/// 3. the files are renamed, `run.json` last, which names the others with sizes and checksums,
/// 4. the list is removed.
///
/// A run killed between 2 and 4 leaves the list behind; the next one finds it and does the renames that are missing. Whatever else a
/// killed run left is removed by the next one, which can tell that nobody uses it by the lock it holds (`.claimaudit.lock`, which
/// stays).
///
/// Used by one thread at a time.
final class OutputFolder: @unchecked Sendable {
  /// The path as given.
  let path: String

  private let calls: OutputCalls
  private let descriptor: Int32
  /// The descriptor of the lock file, -1 where the folder is only the place of one file.
  private let lock: Int32
  private var files: [File] = []
  /// Folders that were made for this run: that they are there is brought to disk with the reports.
  private let newFolders: [String]

  /// A report that is being written.
  private struct File {
    var name: String
    var output: ReportOutput
    var temporaryName: String
    var descriptor: Int32
    var isOpen: Bool
    var place: Int?
  }

  /// Opens the folder, creates it where needed, and takes it for this run.
  init(path: String, calls: OutputCalls = .system) throws(ReportError) {
    self.path = path
    self.calls = calls
    newFolders = try OutputFolder.create(path)
    let folder = calls.open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard folder.result >= 0 else { throw ReportError(.cannotCreate, call: "open", file: path, code: folder.code) }
    descriptor = Int32(folder.result)
    let lockName = ".claimaudit.lock"
    let opened = calls.open(descriptor, lockName, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard opened.result >= 0 else {
      _ = calls.close(descriptor)
      throw ReportError(.cannotCreate, call: "openat", file: path + "/" + lockName, code: opened.code)
    }
    // Kept here until it is held: once all is set, an error ends in `deinit`, which closes both.
    let lock = Int32(opened.result)
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      _ = calls.close(lock)
      _ = calls.close(descriptor)
      let isHeld = code == EWOULDBLOCK
      throw ReportError(isHeld ? .locked : .cannotCreate, call: "flock", file: path, code: isHeld ? 0 : code)
    }
    self.lock = lock
    try finishPublication()
    removeStaleFiles()
  }

  /// The folder that a single file is put in: not made, not held, and otherwise left alone.
  init(placeAt path: String, calls: OutputCalls = .system) throws(ReportError) {
    self.path = path
    self.calls = calls
    newFolders = []
    let folder = calls.open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard folder.result >= 0 else { throw ReportError(.cannotCreate, call: "open", file: path, code: folder.code) }
    descriptor = Int32(folder.result)
    lock = -1
  }

  deinit {
    abort()
    if lock >= 0 {
      // Closing alone would leave it held for as long as a process that was just started still shares the descriptor.
      _ = flock(lock, LOCK_UN)
      _ = calls.close(lock)
    }
    _ = calls.close(descriptor)
  }

  /// Begins a report.
  ///
  /// A link or a folder in its place is refused: the report would replace what the user put there for a reason.
  func create(_ name: String) throws(ReportError) -> ReportOutput {
    var existing = stat()
    if unsafe fstatat(descriptor, name, &existing, AT_SYMLINK_NOFOLLOW) == 0, existing.st_mode & S_IFMT != S_IFREG {
      throw ReportError(
        .cannotCreate, call: "fstatat", file: path + "/" + name,
        code: existing.st_mode & S_IFMT == S_IFLNK ? ELOOP : EEXIST)
    }
    let temporaryName = ".claimaudit-\(name).\(getpid()).tmp"
    let place = TemporaryFiles.add(folder: descriptor, temporary: temporaryName, final: name)
    let file = calls.open(descriptor, temporaryName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file.result >= 0 else {
      TemporaryFiles.remove(place)
      throw ReportError(.cannotCreate, call: "openat", file: path + "/" + name, code: file.code)
    }
    let output = ReportOutput(name: path + "/" + name, descriptor: Int32(file.result), isSynced: true, calls: calls)
    files.append(
      File(
        name: name, output: output, temporaryName: temporaryName, descriptor: Int32(file.result), isOpen: true,
        place: place))
    return output
  }

  /// The reports begun so far, as far as they are written.
  var contents: [PublishedReport] {
    files.map { PublishedReport(name: $0.name, bytes: $0.output.bytesWritten, checksum: $0.output.checksum) }
  }

  /// Ends a report before the others: a set of many files must not hold all of them open.
  func finish(_ output: ReportOutput) throws(ReportError) {
    guard let index = files.firstIndex(where: { $0.output === output }), files[index].isOpen else { return }
    try finish(index)
    output.buffer = ByteBuffer()
  }

  /// Brings a report to disk and closes it.
  private func finish(_ index: Int) throws(ReportError) {
    try files[index].output.end()
    files[index].isOpen = false
    try OutputFolder.settle(files[index].descriptor, named: files[index].output.name, calls)
  }

  /// Brings all reports that are not yet there to disk and closes them.
  ///
  /// Side by side: what takes time is waiting for the disk, once instead of once a file.
  private func finishAll() throws(ReportError) {
    let open = files.indices.filter { files[$0].isOpen }
    for index in open { try files[index].output.end() }
    let descriptors = open.map { (files[$0].descriptor, files[$0].output.name) }
    for index in open { files[index].isOpen = false }
    try OutputFolder.sideBySide(open.count + newFolders.count) { [calls, newFolders] index throws(ReportError) in
      if index < descriptors.count {
        try OutputFolder.settle(descriptors[index].0, named: descriptors[index].1, calls)
      } else {
        OutputFolder.syncParent(of: newFolders[index - descriptors.count])
      }
    }
  }

  /// Calls `body` with each of `count` numbers on a few threads; an error does not keep the others from it, and the first one in their
  /// order is thrown.
  private static func sideBySide(
    _ count: Int, threads: Int = OutputFolder.threads, _ body: @escaping @Sendable (Int) throws(ReportError) -> Void
  ) throws(ReportError) {
    let failures = Failures()
    WorkerThreads.forEach(count, threads: threads) { index in
      do throws(ReportError) { try body(index) } catch { failures.add(error, at: index) }
    }
    if let failure = failures.first { throw failure }
  }

  /// What failed on several threads.
  private final class Failures: @unchecked Sendable {
    private let monitor = Monitor()
    private var failures: [(index: Int, error: ReportError)] = []

    func add(_ error: ReportError, at index: Int) { monitor.locked { failures.append((index, error)) } }

    /// The one that comes first in the order of the files.
    var first: ReportError? { monitor.locked { failures.min { $0.index < $1.index }?.error } }
  }

  /// How many files are dealt with at a time.
  private static let threads = 8

  /// Puts all reports in place, in the order in which they were begun.
  ///
  /// An error before the list of renames is durable leaves the old set. One after it is said, and the next run completes the new set.
  func publish() throws(ReportError) {
    try finishAll()
    let entries = files.map { PublicationJournal.Entry(temporary: $0.temporaryName, final: $0.name) }
    // One file is there or not.
    if entries.count > 1 { try write(PublicationJournal(entries)) }
    // From here on a signal completes the set instead of taking it back.
    TemporaryFiles.commit(files.compactMap(\.place))
    let committed = files
    files.removeAll()
    defer { for file in committed { TemporaryFiles.remove(file.place) } }
    try complete(entries)
  }

  /// Syncs and closes a file that is written.
  private static func settle(_ file: Int32, named name: String, _ calls: OutputCalls) throws(ReportError) {
    let synced = calls.sync(file)
    let closed = calls.close(file)
    guard synced.result == 0 else { throw ReportError(.cannotWrite, call: "fsync", file: name, code: synced.code) }
    guard closed.result == 0 else { throw ReportError(.cannotWrite, call: "close", file: name, code: closed.code) }
  }

  /// Makes the list of renames durable, or leaves none.
  private func write(_ journal: PublicationJournal) throws(ReportError) {
    // Under its own name at once: one that is not whole is no list (`PublicationJournal.init(text:)`), and a rename would have to be
    // waited for.
    let name = PublicationJournal.name
    let file = calls.open(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file.result >= 0 else {
      throw ReportError(.cannotCreate, call: "openat", file: path + "/" + name, code: file.code)
    }
    do throws(ReportError) {
      do throws(ReportError) {
        try calls.writeAll(Array(journal.text.utf8).span, to: Int32(file.result), named: path + "/" + name)
      } catch {
        _ = calls.close(Int32(file.result))
        throw error
      }
      try OutputFolder.settle(Int32(file.result), named: path + "/" + name, calls)
      try sync()
    } catch {
      _ = calls.unlink(descriptor, name)
      throw error
    }
  }

  /// Does the renames of a list that are still to be done, and removes the list.
  ///
  /// A file that cannot be renamed does not keep the others from it; the list then stays for the next run. That it is removed is not
  /// waited for: one that comes back after a power cut names files that are renamed already, which is all right.
  private func complete(_ entries: [PublicationJournal.Entry]) throws(ReportError) {
    // `run.json` last.
    let (calls, descriptor, path) = (calls, descriptor, path)
    let rename: @Sendable (Int) throws(ReportError) -> Void = { index throws(ReportError) in
      let renamed = calls.rename(descriptor, entries[index].temporary, entries[index].final)
      guard renamed.result == 0 || renamed.code == ENOENT else {
        throw ReportError(.cannotWrite, call: "renameat", file: path + "/" + entries[index].final, code: renamed.code)
      }
    }
    // Side by side where each frees the file it takes the place of; for the others a thread takes longer to begin.
    let threads = entries.contains { unsafe faccessat(descriptor, $0.final, F_OK, 0) == 0 } ? OutputFolder.threads : 1
    let failed = Result { () throws(ReportError) in
      try OutputFolder.sideBySide(entries.count - 1, threads: threads, rename)
    }
    if !entries.isEmpty { try rename(entries.count - 1) }
    try failed.get()
    try sync()
    if entries.count <= 1 { return }
    let unlinked = calls.unlink(descriptor, PublicationJournal.name)
    guard unlinked.result == 0 || unlinked.code == ENOENT else {
      throw ReportError(.cannotWrite, call: "unlinkat", file: path + "/" + PublicationJournal.name, code: unlinked.code)
    }
  }

  /// Completes what a run that was killed had begun to put in place.
  private func finishPublication() throws(ReportError) {
    guard let journal = try PublicationJournal.read(in: descriptor, of: path, calls: calls) else {
      // One that is no list of ours says nothing to anybody.
      _ = calls.unlink(descriptor, PublicationJournal.name)
      return
    }
    try complete(journal.entries)
  }

  private func sync() throws(ReportError) {
    let synced = calls.sync(descriptor)
    guard synced.result == 0 else { throw ReportError(.cannotWrite, call: "fsync", file: path, code: synced.code) }
  }

  /// Removes what was begun and not put in place.
  func abort() {
    for file in files {
      if file.isOpen { _ = calls.close(file.descriptor) }
      _ = calls.unlink(descriptor, file.temporaryName)
      TemporaryFiles.remove(file.place)
    }
    files.removeAll()
  }

  /// Makes the folder and those it stands in, for the user alone, and says which were made.
  private static func create(_ path: String) throws(ReportError) -> [String] {
    if unsafe mkdir(path, 0o700) == 0 { return [path] }
    let code = errno
    switch code {
    case EEXIST: return []
    case ENOENT:
      let trimmed = path.utf8.last == 0x2F ? String(path.dropLast()) : path
      guard let slash = trimmed.lastIndex(of: "/"), slash != trimmed.startIndex else { break }
      let above = try create(String(trimmed[..<slash]))
      if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return above + [path] }
    default: break
    }
    throw ReportError(.cannotCreate, call: "mkdir", file: path, code: code)
  }

  /// Makes a new folder last, where the system lets us: reports that are synced are of no use in a folder that is gone.
  private static func syncParent(of path: String) {
    let parent = unsafe open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard parent >= 0 else { return }
    fsync(parent)
    close(parent)
  }

  /// Removes temporary files of runs that are dead, as the lock proves; one that cannot be removed does no harm.
  private func removeStaleFiles() {
    let copy = calls.open(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard copy.result >= 0 else { return }
    guard let folder = unsafe fdopendir(Int32(copy.result)) else {
      _ = calls.close(Int32(copy.result))
      return
    }
    var stale: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { bytes in
        unsafe bytes.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if PublicationJournal.isTemporary(name) { stale.append(name) }
    }
    _ = unsafe closedir(folder)
    for name in stale { _ = calls.unlink(descriptor, name) }
  }
}
