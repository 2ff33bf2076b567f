internal import Glibc
internal import Synchronization

/// The temporary files this process has on disk, in a form that a signal handler can use.
///
/// A handler may not allocate, lock or follow Swift's reference counts. So the names stand in fixed C memory, taken once, and
/// atomic words say which places are in use. A run that is told to stop leaves the old report set or the new one: files that
/// are still being written go; once all of them are whole and the first is about to be put in place, the rest is put in place
/// too.
public enum TemporaryFiles {
  /// How many files there can be at a time; more are not registered, and are left to the next run to remove.
  static let capacity = 64
  private static let nameSize = 256

  /// One bit a place: somebody has taken it.
  private static let taken = Atomic<UInt64>(0)
  /// One bit a place: its folder and names are complete.
  private static let used = Atomic<UInt64>(0)
  /// Whether there are files that no place was left for.
  private static let hasUnregistered = Atomic<Bool>(false)
  /// One bit a place: its set is being published.
  private static let committed = Atomic<UInt64>(0)
  nonisolated(unsafe) private static let folders = unsafe zeroed(Int32.self, TemporaryFiles.capacity)
  /// For each place the temporary name and the final one.
  nonisolated(unsafe) private static let names = unsafe zeroed(
    CChar.self, 2 * TemporaryFiles.capacity * TemporaryFiles.nameSize)

  private static func zeroed<Value: FixedWidthInteger>(_ type: Value.Type, _ count: Int) -> UnsafeMutablePointer<Value>
  {
    let memory = UnsafeMutablePointer<Value>.allocate(capacity: count)
    unsafe memory.initialize(repeating: 0, count: count)
    return unsafe memory
  }

  /// Registers a file that is about to be created, by its open folder and its names there, and gives its place.
  static func add(folder: Int32, temporary: String, final: String) -> Int? {
    guard temporary.utf8.count < nameSize, final.utf8.count < nameSize else {
      hasUnregistered.store(true, ordering: .releasing)
      return nil
    }
    for place in 0..<capacity {
      let (before, _) = taken.bitwiseOr(bit(place), ordering: .acquiring)
      if before & bit(place) != 0 { continue }
      unsafe folders[place] = folder
      write(temporary, at: 2 * place)
      write(final, at: 2 * place + 1)
      used.bitwiseOr(bit(place), ordering: .releasing)
      return place
    }
    hasUnregistered.store(true, ordering: .releasing)
    return nil
  }

  /// Says that the files are whole and are put in place now, in the order of their places.
  static func commit(_ places: [Int]) {
    committed.bitwiseOr(places.reduce(0) { $0 | bit($1) }, ordering: .releasing)
  }

  /// Forgets a file that was put in place or removed.
  static func remove(_ place: Int?) {
    guard let place else { return }
    used.bitwiseAnd(~bit(place), ordering: .acquiringAndReleasing)
    committed.bitwiseAnd(~bit(place), ordering: .acquiringAndReleasing)
    taken.bitwiseAnd(~bit(place), ordering: .releasing)
  }

  /// What became of the files.
  public enum Settlement: Sendable {
    /// There were none.
    case nothing
    /// They are gone.
    case removed
    /// They are in place, all of them.
    case published
  }

  /// Removes every registered file, or puts all in place where that has begun.
  ///
  /// May be called from a signal handler, which then ends the process. Killed in between, it leaves either the old set, or a folder
  /// whose list of renames the next run completes.
  public static func settle() -> Settlement {
    let places = used.load(ordering: .acquiring)
    // No place is used before the memory is there: a handler never has to take it.
    if places == 0 { return .nothing }
    let first = places.trailingZeroBitCount
    let folder = unsafe folders[first]
    let isPublishing = committed.load(ordering: .acquiring) & places != 0
    // The list of renames goes first where nothing was renamed yet, and last where all was.
    if !isPublishing { removeJournal(folder) }
    for place in 0..<capacity where places & bit(place) != 0 { settle(place) }
    // Files that are not known here are put in place by the next run, which the list tells of them.
    if isPublishing, !hasUnregistered.load(ordering: .acquiring) {
      fsync(folder)
      removeJournal(folder)
    }
    return isPublishing ? .published : .removed
  }

  private static func removeJournal(_ folder: Int32) {
    let name: StaticString = ".claimaudit.publication"
    unsafe name.utf8Start.withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount + 1) { name in
      _ = unsafe unlinkat(folder, name, 0)
    }
  }

  /// Removes one file, or puts it in place where that has begun.
  static func settle(_ place: Int) {
    let temporary = unsafe names + 2 * place * nameSize
    if committed.load(ordering: .acquiring) & bit(place) != 0 {
      _ = unsafe renameat(folders[place], temporary, folders[place], temporary + nameSize)
    } else {
      _ = unsafe unlinkat(folders[place], temporary, 0)
    }
  }

  private static func bit(_ place: Int) -> UInt64 { 1 << UInt64(place) }

  private static func write(_ name: String, at slot: Int) {
    var position = slot * nameSize
    for byte in name.utf8 {
      unsafe names[position] = CChar(bitPattern: byte)
      position += 1
    }
    unsafe names[position] = 0
  }
}
