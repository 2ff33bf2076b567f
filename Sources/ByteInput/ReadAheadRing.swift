import Glibc
internal import Threads

/// The bounded ring between the thread that fills and the one that empties, and that filling thread.
///
///     slots   0 1 2 … 7     emptied ≤ filled ≤ emptied + 8, both counted from the start of the stream
///
/// Everything that both threads touch is behind the monitor, except the bytes of a slot, which belong to one of them at
/// a time; that is why it may be shared although the compiler cannot see it.
@safe final class ReadAheadRing: @unchecked Sendable {
  static let slotCount = 8
  /// Half a megabyte each: with a quarter the run takes 1 % longer, with an eighth 7 %; with four of them instead of eight 1 %.
  static let slotSize = 512 * 1024

  /// A slot the reader may look at until it gives it back.
  ///
  /// A count of 0 means the end.
  @safe struct Filled {
    let bytes: UnsafeRawBufferPointer
    let count: Int
    let remarks: [InputRemark]
  }

  private let storage: UnsafeMutableRawBufferPointer
  private let monitor = Monitor()
  private var thread: WorkerThreads.Started?
  private var counts = [Int](repeating: 0, count: slotCount)
  private var remarks = [[InputRemark]](repeating: [], count: slotCount)
  private var filled = 0
  private var emptied = 0
  private var stopping = false
  private var upstream: (any ByteSource)?

  init() {
    unsafe storage = .allocate(byteCount: Self.slotCount * Self.slotSize, alignment: 4096)
  }

  deinit {
    unsafe storage.deallocate()
  }

  func start(_ upstream: any ByteSource) {
    self.upstream = upstream
    // Without a thread the slots are filled when they are asked for.
    thread = WorkerThreads.begin { self.fillUntilEnd() }
  }

  /// Ends the thread, if there still is one, and waits for it.
  func stop() {
    monitor.locked {
      stopping = true
      monitor.notifyAll()
    }
    if let thread {
      thread.join()
      self.thread = nil
    }
    upstream = nil
  }

  /// The next filled slot; waits for it.
  func takeFilled() -> Filled {
    if thread == nil { fillOne() }
    return monitor.locked {
      while filled == emptied { monitor.wait() }
      let index = emptied % Self.slotCount
      return unsafe Filled(
        bytes: UnsafeRawBufferPointer(slot(index)), count: counts[index], remarks: remarks[index])
    }
  }

  /// The slot taken last may be filled again.
  func giveBack() {
    monitor.locked {
      emptied += 1
      monitor.notifyAll()
    }
  }

  private func fillUntilEnd() {
    // Signals are for the threads that know what to do about them.
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    while fillOne() {}
  }

  /// Fills the next slot when there is room; says whether there is more to come.
  @discardableResult
  private func fillOne() -> Bool {
    let (index, mustStop) = monitor.locked {
      while filled - emptied == Self.slotCount, !stopping { monitor.wait() }
      return (filled % Self.slotCount, stopping)
    }
    guard !mustStop, let upstream else { return false }
    // Full slots, however little the source gives at a time: handing one over costs the same whatever is in it.
    let room = unsafe slot(index)
    var count = 0
    while count < Self.slotSize {
      let got = unsafe upstream.read(into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
      if got == 0 { break }
      count += got
    }
    let said = upstream.takeRemarks()
    monitor.locked {
      counts[index] = count
      remarks[index] = said
      filled += 1
      monitor.notifyAll()
    }
    return count > 0
  }

  private func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: storage[index * Self.slotSize..<(index + 1) * Self.slotSize])
  }
}
