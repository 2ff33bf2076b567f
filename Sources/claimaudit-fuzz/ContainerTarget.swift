internal import ByteInput
internal import Glibc

/// The layers of compression, over a nameless file that is written anew each time.
///
/// Read in blocks of two sizes an input must give the same bytes and the same remarks.
enum ContainerTarget {
  static func input(_ bytes: UnsafeRawBufferPointer) -> CInt {
    ftruncate(scratch.descriptor, 0)
    unsafe pwrite(scratch.descriptor, bytes.baseAddress, bytes.count, 0)
    let whole = unwrap(blockSize: 64 << 10)
    if bytes.count % 8 == 0, whole != unwrap(blockSize: 1 + bytes.count % 61) {
      fail("the size of reads makes a difference")
    }
    return 0
  }

  private static func unwrap(blockSize: Int) -> Int {
    var limits = InputLimits()
    limits.expansionGrace = 1 << 20
    var hasher = Hasher()
    let opener = InputOpener(limits: limits, spoolDirectory: "/dev/shm")
    let outcome = opener.forEachStream(of: InputReference(path: scratch.path)) { stream in
      hasher.combine(stream.name)
      var count = 0
      var sum: UInt64 = 0
      unsafe withUnsafeTemporaryAllocation(byteCount: blockSize, alignment: 64) { buffer in
        while true {
          let read = unsafe stream.read(into: buffer)
          if read == 0 { break }
          if read > buffer.count { fail("more was read than there is room for") }
          count += read
          // A sum over the bytes, whatever the blocks they come in.
          for index in 0..<read { sum = unsafe (sum ^ UInt64(buffer[index])) &* 0x100_0000_01B3 }
          if count > 4 << 20 { break }
        }
      }
      if count <= 4 << 20 { hasher.combine(sum) }
      hasher.combine(count > 4 << 20 ? -1 : count)
      for remark in stream.takeRemarks() where count <= 4 << 20 { hasher.combine(remark.message) }
    }
    for remark in outcome.remarks { hasher.combine(remark.message) }
    return hasher.finalize()
  }

  private static let scratch: (descriptor: Int32, path: String) = {
    var name = Array("/dev/shm/claimaudit-fuzz-XXXXXX\0".utf8CString)
    let descriptor = unsafe mkstemp(&name)
    unsafe unlink(name)
    return (descriptor, "/proc/self/fd/\(descriptor)")
  }()
}
