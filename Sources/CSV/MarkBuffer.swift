/// Memory for the positions that an index or a parser found: kept from record to record, and lent by pointer to the views.
///
/// What it holds is good until its owner builds or parses again. Copies of the owner share it, so one of them at a time may be
/// reading.
@safe
final class MarkBuffer {
  private(set) var base: UnsafeMutablePointer<UInt32>
  private(set) var capacity: Int
  /// How many positions were appended.
  private(set) var count = 0

  init(capacity: Int = 64) {
    unsafe base = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { unsafe base.deallocate() }

  /// Makes room for `capacity` positions and forgets those there are.
  func reserve(_ capacity: Int) {
    count = 0
    guard capacity > self.capacity else { return }
    unsafe base.deallocate()
    unsafe base = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  /// Forgets the positions.
  func removeAll() { count = 0 }

  /// Adds a position.
  func append(_ position: Int) {
    if count == capacity {
      let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: 2 * capacity)
      unsafe larger.update(from: base, count: count)
      unsafe base.deallocate()
      unsafe base = larger
      capacity *= 2
    }
    unsafe base[count] = UInt32(truncatingIfNeeded: position)
    count += 1
  }
}
