/// Values by key for the few lines of one group: a walk beats hashing until there are many.
struct ShortList<Key: Hashable, Value> {
  private var entries: [(key: Key, value: Value)] = []
  /// Where the keys stand, once they are too many to walk over.
  private var positions: [Key: Int] = [:]
  private static var limit: Int { 16 }

  /// The value of a key.
  subscript(key: Key) -> Value? { position(of: key).map { entries[$0].value } }

  /// Sets the value of a key.
  mutating func set(_ value: Value, for key: Key) {
    if let position = position(of: key) {
      entries[position].value = value
      return
    }
    entries.append((key, value))
    if entries.count == Self.limit {
      for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    } else if entries.count > Self.limit {
      positions[key] = entries.count - 1
    }
  }

  private func position(of key: Key) -> Int? {
    if entries.count >= Self.limit { return positions[key] }
    for position in entries.indices where entries[position].key == key { return position }
    return nil
  }
}
