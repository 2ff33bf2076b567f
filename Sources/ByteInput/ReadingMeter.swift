internal import Synchronization

/// Counts the bytes of files as they come from the disk, before anything is unpacked, and says so to whoever wants to show it.
///
/// It is touched once a block, never once a record. Several threads may add to it.
public final class ReadingMeter: Sendable {
  private let count = Atomic<Int>(0)
  private let changed: @Sendable () -> Void

  /// A meter at 0; `changed` is called on the reading thread after every block, and must be quick.
  public init(changed: @escaping @Sendable () -> Void = {}) { self.changed = changed }

  /// How many bytes were read, of all files together; bytes that are read twice count twice.
  public var bytes: Int { count.load(ordering: .relaxed) }

  /// Adds a block.
  public func add(_ bytes: Int) {
    count.add(bytes, ordering: .relaxed)
    changed()
  }
}
