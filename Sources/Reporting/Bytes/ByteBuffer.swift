internal import Glibc

/// Bytes that grow at the end: what records and reports are put together in.
///
/// Behind the last byte there are always `slack` more that belong to the buffer, so that a short piece is copied as one
/// 16-byte move without looking at its length. Every position that comes from outside is checked.
///
/// This file and its neighbours `ByteBuffer+Cells.swift` and `ByteBuffer+Plain.swift` are where report bytes go through
/// pointers: the same CSV row costs four to five times as much through `[UInt8].append`.
@safe
struct ByteBuffer: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  /// How many bytes fit without growing, the slack not counted.
  private(set) var capacity: Int

  /// How many bytes behind the last may be read and overwritten.
  static let slack = 32

  /// An empty buffer.
  init(capacity: Int = 256) {
    self.capacity = capacity
    unsafe base = ByteBuffer.zeroed(capacity + ByteBuffer.slack)
  }

  deinit { unsafe free(base) }

  /// Memory of zeros, which the system need not have made yet.
  private static func zeroed(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    guard let memory = unsafe calloc(count, 1) else { fatalError("out of memory") }
    return unsafe memory.bindMemory(to: UInt8.self, capacity: count)
  }

  /// Forgets everything and keeps the memory.
  mutating func removeAll() { count = 0 }

  /// Forgets what stands at `length` and behind it.
  mutating func truncate(to length: Int) {
    precondition(length >= 0 && length <= count)
    count = length
  }

  /// Forgets the first `length` bytes and moves the rest to the front.
  mutating func removeFirst(_ length: Int) {
    precondition(length >= 0 && length <= count)
    unsafe memmove(base, base + length, count - length)
    count -= length
  }

  /// Makes room for `extra` more bytes.
  @inline(__always)
  mutating func reserve(_ extra: Int) {
    if count &+ extra > capacity { grow(extra) }
  }

  /// Takes `length` bytes that were written behind the last one.
  @inline(__always)
  mutating func advance(by length: Int) {
    precondition(length >= 0 && length <= capacity &- count)
    count &+= length
  }

  @inline(never)
  private mutating func grow(_ extra: Int) {
    let wanted = max(capacity * 2, count + extra)
    // Never uninitialised: the slack is read by short copies.
    let larger = unsafe ByteBuffer.zeroed(wanted + ByteBuffer.slack)
    unsafe memcpy(larger, base, count)
    unsafe free(base)
    unsafe base = larger
    capacity = wanted
  }

  // MARK: Adding at the end

  /// Adds one byte.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    unsafe base[count] = byte
    count &+= 1
  }

  /// Adds the bytes of an ASCII literal.
  @inline(__always)
  mutating func append(_ literal: StaticString) {
    let length = literal.utf8CodeUnitCount
    reserve(length)
    unsafe memcpy(base + count, literal.utf8Start, length)
    count &+= length
  }

  /// Adds what `span` lends.
  @inline(__always)
  mutating func append(_ span: Span<UInt8>) {
    let length = span.count
    reserve(length)
    unsafe span.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { unsafe memcpy(base + count, start, length) }
    }
    count &+= length
  }

  /// Adds the UTF-8 of `text`.
  mutating func append(_ text: String) { append(text.utf8Span.span) }

  /// Adds the bytes at `range` of another buffer.
  @inline(__always)
  mutating func append(_ other: borrowing ByteBuffer, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= other.count)
    let length = range.count
    reserve(length)
    let target = unsafe base + count
    let source = unsafe other.base + range.lowerBound
    if length <= 16 {
      // Both buffers have slack behind them: one move, whatever the length.
      unsafe UnsafeMutableRawPointer(target).storeBytes(
        of: UnsafeRawPointer(source).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
    } else if length <= 32 {
      unsafe UnsafeMutableRawPointer(target).storeBytes(
        of: UnsafeRawPointer(source).loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
    } else {
      unsafe memcpy(target, source, length)
    }
    count &+= length
  }

  /// Adds the bytes at `range` once more.
  @inline(__always)
  mutating func appendAgain(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let length = range.count
    reserve(length)
    let target = unsafe base + count
    let source = unsafe base + range.lowerBound
    if length <= 16 {
      unsafe UnsafeMutableRawPointer(target).storeBytes(
        of: UnsafeRawPointer(source).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
    } else {
      unsafe memcpy(target, source, length)
    }
    count &+= length
  }

  /// Adds all bytes of another buffer.
  mutating func append(_ other: borrowing ByteBuffer) { append(other, 0..<other.count) }

  /// Adds `length` zero bytes.
  mutating func append(zeros length: Int) {
    reserve(length)
    unsafe (base + count).update(repeating: 0, count: length)
    count &+= length
  }

  /// Overwrites the bytes at `position` with others.
  @inline(__always)
  mutating func store(_ bytes: UnsafeRawBufferPointer, at position: Int) {
    precondition(position >= 0 && position &+ bytes.count <= count)
    if let start = bytes.baseAddress { unsafe memcpy(base + position, start, bytes.count) }
  }

  /// Adds `length` bytes that `fill` writes; it says how many it wrote.
  mutating func append(
    upTo length: Int, fill: (UnsafeMutableRawPointer) -> Int
  ) -> Int {
    reserve(length)
    let written = unsafe fill(UnsafeMutableRawPointer(base + count))
    precondition(written <= length)
    count += max(written, 0)
    return written
  }

  // MARK: Fixed-width values, for records

  /// Adds the bytes of `value`, lowest first.
  @inline(__always)
  mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(little value: Value) {
    let length = MemoryLayout<Value>.size
    reserve(length)
    unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: value.littleEndian, as: Value.self)
    count &+= length
  }

  /// Adds the bytes of `value`, lowest first, to a buffer that must have room for them.
  @inline(__always)
  mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(fitting value: Value) {
    let length = MemoryLayout<Value>.size
    precondition(count &+ length <= capacity)
    unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: value.littleEndian, as: Value.self)
    count &+= length
  }

  /// Adds a value as it stands in memory.
  @inline(__always)
  mutating func append<Value: BitwiseCopyable>(bits value: Value) {
    let length = MemoryLayout<Value>.size
    reserve(length)
    unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: value, as: Value.self)
    count &+= length
  }

  /// The value that `append(bits:)` put at `position`.
  @inline(__always)
  func load<Value: BitwiseCopyable>(bits type: Value.Type, at position: Int) -> Value {
    precondition(position >= 0 && position &+ MemoryLayout<Value>.size <= count)
    return unsafe UnsafeRawPointer(base + position).loadUnaligned(as: Value.self)
  }

  /// Adds the first `length` bytes, 0 to 8, of `word`, the highest first.
  @inline(__always)
  mutating func append(packed word: UInt64, count length: Int) {
    precondition(length >= 0 && length <= 8)
    reserve(8)
    unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: word.bigEndian, as: UInt64.self)
    count &+= length
  }

  /// Overwrites the bytes at `position` with `value`, lowest first.
  @inline(__always)
  mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(little value: Value, at position: Int) {
    precondition(position >= 0 && position &+ MemoryLayout<Value>.size <= count)
    unsafe UnsafeMutableRawPointer(base + position).storeBytes(of: value.littleEndian, as: Value.self)
  }

  /// The value whose bytes stand at `position`, lowest first.
  @inline(__always)
  func load<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, at position: Int) -> Value {
    precondition(position >= 0 && position &+ MemoryLayout<Value>.size <= count)
    return unsafe Value(littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: Value.self))
  }

  /// The `length` bytes, 1 to 8, from `position` on as one word, the first byte highest.
  @inline(__always)
  func packed(at position: Int, count length: Int) -> UInt64 {
    precondition(position >= 0 && length >= 1 && length <= 8 && position &+ length <= count)
    // The slack may be read.
    let word = unsafe UInt64(bigEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
    return word & ~0 << UInt64(64 &- 8 &* length)
  }

  /// The `length` bytes, 1 to 32, from `position` on as four words, the first byte highest, and zeros behind them.
  @inline(__always)
  func packedWords(at position: Int, count length: Int) -> (UInt64, UInt64, UInt64, UInt64) {
    precondition(position >= 0 && length >= 1 && length <= 32 && position &+ length <= count)
    // The slack may be read.
    let start = unsafe UnsafeRawPointer(base + position)
    func word(_ offset: Int) -> UInt64 {
      let left = length &- offset
      if left <= 0 { return 0 }
      let word = unsafe UInt64(bigEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      return left >= 8 ? word : word & ~0 << UInt64(64 &- 8 &* left)
    }
    return (word(0), word(8), word(16), word(24))
  }

  /// Turns every `;` from `start` on into a comma and says whether there was one.
  mutating func replaceSemicolons(from start: Int) -> Bool {
    precondition(start >= 0 && start <= count)
    var position = start
    while let found = firstIndex(of: 0x3B, in: position..<count) {
      self[found] = 0x2C
      position = found + 1
    }
    return position > start
  }

  // MARK: Looking

  /// The byte at `position`.
  @inline(__always)
  subscript(position: Int) -> UInt8 {
    get {
      precondition(position >= 0 && position < count)
      return unsafe base[position]
    }
    set {
      precondition(position >= 0 && position < count)
      unsafe base[position] = newValue
    }
  }

  /// The first place in `range` that holds `byte`.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    guard let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count) else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Lends the bytes at `range`.
  @inline(__always)
  func withSpan<Result>(_ range: Range<Int>, _ body: (Span<UInt8>) -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe body(Span(_unsafeElements: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)))
  }

  /// The bytes at `range` as text.
  func string(_ range: Range<Int>) -> String {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe String(
      decoding: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count), as: UTF8.self)
  }

  /// The bytes at `range`, copied.
  func array(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }
}
