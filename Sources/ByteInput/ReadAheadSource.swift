/// Reads another source on a thread of its own, so that inflating one piece overlaps with auditing the one before.
///
/// Four slots of 256 KiB go round: the thread fills them, the reader empties them, and whoever is ahead waits. A remark
/// comes out with the bytes it came with, so that nothing is said before the reader has got there. It takes a thread and
/// 1 MiB, so it is worth it for streams of some MiB, not for each of an archive's small entries.
public final class ReadAheadSource: ByteSource {
  private let ring: ReadAheadRing
  private var remarks: [InputRemark] = []
  private var slot: ReadAheadRing.Filled?
  private var offset = 0
  private var ended = false

  /// - Parameter upstream: not to be used by anyone else until this source has ended or is gone.
  public init(_ upstream: any ByteSource) {
    ring = ReadAheadRing()
    ring.start(upstream)
  }

  /// Stops the thread and waits for it: for a source that is blocked in a read, until that read returns.
  deinit {
    ring.stop()
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard buffer.count > 0, let slot = currentSlot() else { return 0 }
    let count = min(buffer.count, slot.count - offset)
    unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: slot.bytes[offset..<offset + count]))
    offset += count
    if offset == slot.count { release() }
    return count
  }

  /// Lends the rest of the slot whose turn it is, without copying it; `nil` at the end.
  public func withNextSlot<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
    guard let slot = currentSlot() else { return nil }
    defer { release() }
    return unsafe body(UnsafeRawBufferPointer(rebasing: slot.bytes[offset..<slot.count]))
  }

  public func takeRemarks() -> [InputRemark] {
    let taken = remarks
    remarks = []
    return taken
  }

  private func currentSlot() -> ReadAheadRing.Filled? {
    if let slot { return slot }
    guard !ended else { return nil }
    let filled = ring.takeFilled()
    remarks += filled.remarks
    guard filled.count > 0 else {
      ended = true
      ring.stop()
      return nil
    }
    slot = filled
    offset = 0
    return filled
  }

  private func release() {
    slot = nil
    ring.giveBack()
  }
}
