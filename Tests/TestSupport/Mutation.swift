/// Damages bytes the way transfers, editors and export programs do.
public enum Mutation {
  /// Bytes that mean something to an 837, beside which a random one is harmless.
  private static let telling =
    Array("*~:^|>\n\r \t0159-+.ABHLSXVMCcz".utf8) + [0, 1, 0x1A, 0x7F, 0x80, 0xC2, 0xEF, 0xFF]

  /// A copy of `bytes` with one byte replaced, taken out, put in or doubled.
  public static func byte(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    guard !bytes.isEmpty else { return bytes }
    var bytes = bytes
    let place = generator.number(0...bytes.count - 1)
    let new = generator.once(in: 4) ? UInt8.random(in: 0...255, using: &generator) : generator.pick(telling)
    switch generator.number(0...7) {
    case 0: bytes.remove(at: place)
    case 1: bytes.insert(new, at: place)
    case 2: bytes.insert(bytes[place], at: place)
    default: bytes[place] = new
    }
    return bytes
  }

  /// A copy of `bytes` with a segment taken out, doubled or moved, or cut short at any byte.
  public static func segment(
    _ bytes: [UInt8], terminator: UInt8 = 0x7E, _ generator: inout SeededGenerator
  ) -> [UInt8] {
    guard !bytes.isEmpty else { return bytes }
    var parts = bytes.split(separator: terminator, omittingEmptySubsequences: false).map(Array.init)
    let place = generator.number(0...parts.count - 1)
    switch generator.number(0...4) {
    case 0: parts.remove(at: place)
    case 1: parts.insert(parts[place], at: place)
    case 2: parts.swapAt(place, generator.number(0...parts.count - 1))
    case 3: parts.insert(parts[generator.number(0...parts.count - 1)], at: place)
    default: return Array(bytes.prefix(generator.number(0...bytes.count)))
    }
    return Array(parts.joined(separator: [terminator]))
  }
}
