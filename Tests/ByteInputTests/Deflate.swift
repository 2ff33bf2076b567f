import CZlib
import TestSupport

/// Makes compressed test data, and the checksums its frames hold.
enum Deflate {
  /// `bytes` as one raw deflate stream.
  static func raw(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    unsafe deflateInit2_(&stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    var input = bytes
    let bound = unsafe deflateBound(&stream, UInt(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(bound) + 16)
    let produced = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output -> Int in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        unsafe deflate(&stream, Z_FINISH)
        return unsafe output.count - Int(stream.avail_out)
      }
    }
    unsafe deflateEnd(&stream)
    return Array(output.prefix(produced))
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    unsafe UInt32(truncatingIfNeeded: CZlib.crc32_z(0, bytes, bytes.count))
  }

  static func adler32(_ bytes: [UInt8]) -> UInt32 {
    unsafe UInt32(truncatingIfNeeded: CZlib.adler32_z(1, bytes, bytes.count))
  }
}

/// The low `count` bytes of a number, the lowest first, as gzip and zip store them.
func little(_ number: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

/// A gzip member around `bytes`, with whatever is to be wrong about it.
func gzip(
  _ bytes: [UInt8], level: Int32 = 6, flags: UInt8 = 0, method: UInt8 = 8, fields: [UInt8] = [],
  crc: UInt32? = nil, length: Int? = nil
) -> [UInt8] {
  [0x1f, 0x8b, method, flags, 0, 0, 0, 0, 0, 3] + fields + Deflate.raw(bytes, level: level)
    + little(Int(crc ?? Deflate.crc32(bytes)), 4) + little(length ?? bytes.count, 4)
}

/// A zlib stream around `bytes`.
func zlib(_ bytes: [UInt8], header: [UInt8] = [0x78, 0x9c], adler: UInt32? = nil) -> [UInt8] {
  header + Deflate.raw(bytes) + little(Int(adler ?? Deflate.adler32(bytes)), 4).reversed()
}

/// Text that looks like claims, compresses like claims, and differs from its neighbours.
func claimText(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var generator = SeededGenerator(seed: seed)
  var text: [UInt8] = Array("ISA*00*          *00*          *ZZ*A~".utf8)
  while text.count < count {
    let charge = Int.random(in: 1...99_999, using: &generator)
    text += Array("CLM*\(charge)*\(charge).00***11:B:1*Y*A*Y*Y~LX*1~SV1*HC:32960*\(charge)*UN*1***1~".utf8)
  }
  return Array(text.prefix(count))
}
