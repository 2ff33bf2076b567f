extension ByteBuffer {
  /// Adds part of other bytes, with every byte that `escape` knows a replacement for replaced.
  @inline(__always)
  mutating func append(_ bytes: borrowing ByteBuffer, _ range: Range<Int>, escape: (UInt8) -> StaticString?) {
    var done = range.lowerBound
    for position in range {
      guard let replacement = escape(bytes[position]) else { continue }
      append(bytes, done..<position)
      append(replacement)
      done = position + 1
    }
    append(bytes, done..<range.upperBound)
  }
}
