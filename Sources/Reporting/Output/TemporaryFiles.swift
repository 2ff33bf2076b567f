internal import Glibc
internal import Synchronization

/// The temporary files this process has on disk, in a form that a signal handler can use.
///
/// A handler may not allocate, lock or follow Swift's reference counts. So the names stand in fixed C memory, taken once, and one
/// atomic word says which places are in use.
public enum TemporaryFiles {
  /// How many files there can be at a time; more are not registered, and are left to the next run to remove.
  static let capacity = 64
  private static let nameSize = 256

  /// One bit a place: its folder and name are complete.
  private static let used = Atomic<UInt64>(0)
  /// One bit a place: somebody is filling it.
  private static let claimed = Atomic<UInt64>(0)
  nonisolated(unsafe) private static let folders = unsafe zeroed(Int32.self, TemporaryFiles.capacity)
  nonisolated(unsafe) private static let names = unsafe zeroed(
    CChar.self, TemporaryFiles.capacity * TemporaryFiles.nameSize)

  private static func zeroed<Value: FixedWidthInteger>(_ type: Value.Type, _ count: Int) -> UnsafeMutablePointer<Value>
  {
    let memory = UnsafeMutablePointer<Value>.allocate(capacity: count)
    unsafe memory.initialize(repeating: 0, count: count)
    return unsafe memory
  }

  /// Registers a file that is about to be created, by its open folder and its name there, and gives its place.
  static func add(folder: Int32, name: String) -> Int? {
    guard name.utf8.count < nameSize else { return nil }
    for place in 0..<capacity {
      let bit = (1 as UInt64) << UInt64(place)
      let (before, _) = claimed.bitwiseOr(bit, ordering: .acquiring)
      if before & bit != 0 { continue }
      unsafe folders[place] = folder
      var position = place * nameSize
      for byte in name.utf8 {
        unsafe names[position] = CChar(bitPattern: byte)
        position += 1
      }
      unsafe names[position] = 0
      used.bitwiseOr(bit, ordering: .releasing)
      return place
    }
    return nil
  }

  /// Forgets a file that was put in place or removed.
  static func remove(_ place: Int?) {
    guard let place else { return }
    let bit = (1 as UInt64) << UInt64(place)
    used.bitwiseAnd(~bit, ordering: .acquiringAndReleasing)
    claimed.bitwiseAnd(~bit, ordering: .releasing)
  }

  /// Removes every registered file; may be called from a signal handler, which then ends the process.
  public static func unlinkAll() {
    let places = used.load(ordering: .acquiring)
    if places == 0 { return }
    for place in 0..<capacity where places & (1 as UInt64) << UInt64(place) != 0 {
      _ = unsafe unlinkat(folders[place], names + place * nameSize, 0)
    }
  }
}
