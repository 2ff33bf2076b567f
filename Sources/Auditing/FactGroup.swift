import ClaimModel

/// The lines that a rule over the run looks at together, in input order.
public struct FactGroup {
  /// The lines.
  public let lines: ArraySlice<LineFact>
  /// What one line of them or another is.
  public let traits: LineFact.Traits
}

/// Facts put together by what they have in common, each group in the order of the facts.
struct FactGroups<Kept: GroupedFact> {
  private struct Group {
    var key: UInt64
    /// How many lines it has.
    var count: Int32 = 0
    var traits: LineFact.Traits = []

    /// Counts a line.
    mutating func add(_ traits: LineFact.Traits) {
      count += 1
      self.traits.formUnion(traits)
    }
  }

  private var groups: [Group] = []

  /// Puts the groups of `facts` one behind the other.
  init(_ facts: inout [Kept]) {
    // The group of each line, and then the line's place.
    var places = find(in: facts)
    var next: [Int32] = []
    next.reserveCapacity(groups.count)
    var end: Int32 = 0
    for group in groups {
      next.append(end)
      end += group.count
    }
    var placing = places.mutableSpan
    var nexts = next.mutableSpan
    for position in placing.indices {
      let group = Int(placing[position])
      placing[position] = nexts[group]
      nexts[group] += 1
    }
    FactGroups.move(&facts, to: &places)
  }

  /// Finds the groups and says to which each line belongs.
  private mutating func find(in facts: [Kept]) -> [Int32] {
    // Open addressing from key to group: one look at each line, and no sorting.
    var capacity = 16
    while capacity < facts.count * 2 { capacity *= 2 }
    let mask = capacity - 1
    var table = [Int32](repeating: -1, count: capacity)
    var groupOf = [Int32](repeating: 0, count: facts.count)
    var slots = table.mutableSpan
    var found = groupOf.mutableSpan
    for position in facts.indices {
      let key = facts[position].group
      var slot = Int(truncatingIfNeeded: ClaimIdentity.mix(key)) & mask
      while slots[slot] >= 0, groups[Int(slots[slot])].key != key { slot = (slot + 1) & mask }
      if slots[slot] < 0 {
        slots[slot] = Int32(groups.count)
        groups.append(Group(key: key))
      }
      found[position] = slots[slot]
      groups[Int(slots[slot])].add(facts[position].traits)
    }
    return groupOf
  }

  /// Moves each line to its place, in the memory where they are: a copy of a part is as large as the part.
  private static func move(_ facts: inout [Kept], to places: inout [Int32]) {
    var facts = facts.mutableSpan
    var places = places.mutableSpan
    for position in facts.indices {
      while Int(places[position]) != position {
        let place = Int(places[position])
        facts.swapAt(position, place)
        places.swapAt(position, place)
      }
    }
  }

  /// Hands out the groups that hold a watched line: rules speak of watched lines only.
  func forEach(in facts: [Kept], _ body: (FactGroup) -> Void) {
    var lines: [LineFact] = []
    var start = 0
    for group in groups {
      let end = start + Int(group.count)
      if group.traits.contains(.watched) {
        lines.removeAll(keepingCapacity: true)
        for position in start..<end { lines.append(facts[position].fact) }
        body(FactGroup(lines: lines[...], traits: group.traits))
      }
      start = end
    }
  }
}
