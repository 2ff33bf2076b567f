internal import CZlib

#if ISAL
  internal import CISAL
#endif

/// The checksums of the frames around deflate data, and of files.
public enum Checksum {
  /// CRC-32 as gzip and zip have it, carried on from `crc`.
  ///
  /// It starts at 0.
  public static func crc32(_ crc: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    #if ISAL
      return unsafe crc32_gzip_refl(crc, start, UInt64(bytes.count))
    #else
      return unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(crc), start, bytes.count))
    #endif
  }

  /// Adler-32 as zlib has it, carried on from `sum`.
  ///
  /// It starts at 1.
  static func adler32(_ sum: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    return unsafe UInt32(truncatingIfNeeded: adler32_z(UInt(sum), start, bytes.count))
  }
}
