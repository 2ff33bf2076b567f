import ClaimModel

/// The hashes of texts of 8 to 16 bytes that came lately: an NPI has ten.
struct HashMemory: Sendable {
  /// A text, told by its first and its last eight bytes, with its hash.
  private struct Entry: Sendable {
    var first: UInt64 = 0
    var last: UInt64 = 0
    var count = 0
    var hash: UInt64 = 0
  }

  private var entries = [Entry](repeating: Entry(), count: 64)

  /// The hash of `text`, 0 where there is none.
  mutating func hash(of text: Span<UInt8>, _ hash: KeyedHash) -> UInt64 {
    let count = text.count
    if count < 8 || count > 16 { return count == 0 ? 0 : hash(text) }
    let bytes = unsafe text.bytes
    let first = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)
    let last = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    let mixed = (first &* 0x9E37_79B9_7F4A_7C15 ^ last) &* 0x9E37_79B9_7F4A_7C15
    let slot = Int(truncatingIfNeeded: mixed &>> 58)
    let entry = entries[slot]
    if entry.count == count, entry.first == first, entry.last == last { return entry.hash }
    let found = hash(text)
    entries[slot] = Entry(first: first, last: last, count: count, hash: found)
    return found
  }
}
