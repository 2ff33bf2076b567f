/// Values by key for the few lines of one group: a walk beats hashing until there are many.
///
/// Emptied and filled again for every group.
struct ShortList<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var entries: [(key: Key, value: Value)] = []
  /// Where the keys stand, once they are too many to walk over.
  private var positions: [Key: Int] = [:]
  private static var limit: Int { 16 }

  /// The position of a key, `nil` where there is none.
  func position(of key: Key) -> Int? {
    if entries.count >= Self.limit { return positions[key] }
    for position in entries.indices where entries[position].key == key { return position }
    return nil
  }

  /// The value at a position.
  subscript(position: Int) -> Value {
    get { entries[position].value }
    set { entries[position].value = newValue }
  }

  /// Adds a key that is not there yet, with its value.
  mutating func append(_ value: Value, for key: Key) {
    entries.append((key, value))
    if entries.count == Self.limit {
      for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    } else if entries.count > Self.limit {
      positions[key] = entries.count - 1
    }
  }

  /// Forgets everything and keeps the memory of a few.
  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    if !positions.isEmpty { positions = [:] }
  }
}
