internal import CHost
internal import Glibc

/// The system calls through which reports reach the disk, in one place so that a test can make each of them fail.
///
/// Each answers as the call itself does, with the error number beside it.
struct OutputCalls: Sendable {
  /// A call's result and, when it is negative, the error number.
  typealias Answer = (result: Int, code: Int32)

  var open: @Sendable (_ folder: Int32, _ name: String, _ flags: Int32, _ mode: mode_t) -> Answer
  var write: @Sendable (_ file: Int32, _ bytes: Span<UInt8>) -> Answer
  var sync: @Sendable (_ file: Int32) -> Answer
  var close: @Sendable (_ file: Int32) -> Answer
  var rename: @Sendable (_ folder: Int32, _ from: String, _ to: String) -> Answer
  var unlink: @Sendable (_ folder: Int32, _ name: String) -> Answer

  /// The calls themselves.
  static let system = OutputCalls(
    open: { folder, name, flags, mode in uninterrupted { unsafe Int(openat(folder, name, flags, mode)) } },
    write: { file, bytes in
      unsafe bytes.withUnsafeBufferPointer { source in
        unsafe answer(Glibc.write(file, source.baseAddress, source.count))
      }
    },
    sync: { file in uninterrupted { Int(fsync(file)) } },
    close: { file in
      let answer = answer(Int(Glibc.close(file)))
      // Linux has closed the file when it says that it was interrupted; what had to be on disk was synced before.
      return answer.code == EINTR ? (0, 0) : answer
    },
    rename: { folder, from, to in unsafe answer(Int(renameat(folder, from, folder, to))) },
    unlink: { folder, name in unsafe answer(Int(unlinkat(folder, name, 0))) }
  )

  private static func answer(_ result: Int) -> Answer { (result, result < 0 ? errno : 0) }

  /// Makes a call again for as long as signals interrupt it.
  private static func uninterrupted(_ call: () -> Int) -> Answer {
    while true {
      let answer = answer(call())
      if answer.code != EINTR { return answer }
    }
  }

  /// Asks the system to set space aside for a range of a file that is about to be written.
  ///
  /// Many blocks at a time cost it a third less than one by one. Where it cannot, writing will tell.
  func reserve(_ file: Int32, _ range: Range<Int>) {
    claimaudit_reserve(file, Int64(range.lowerBound), Int64(range.count))
  }

  /// Gives back what was set aside behind the end of a file.
  func giveBack(_ file: Int32, behind length: Int) { _ = ftruncate(file, off_t(length)) }

  /// Asks the system to begin bringing a range of a file to disk: what it does not do now, syncing will.
  func beginSync(_ file: Int32, _ range: Range<Int>) {
    claimaudit_begin_sync(file, Int64(range.lowerBound), Int64(range.count))
  }

  /// Writes all of `bytes`, however few the system takes at a time.
  func writeAll(_ bytes: Span<UInt8>, to file: Int32, named name: String) throws(ReportError) {
    var done = 0
    while done < bytes.count {
      let (result, code) = write(file, bytes.extracting(droppingFirst: done))
      if result > 0 {
        done += result
      } else if code == EINTR {
        continue
      } else if code == EPIPE {
        throw ReportError(.brokenPipe, call: "write", file: name, code: code)
      } else {
        // A write that takes nothing and gives no reason would be asked for ever.
        throw ReportError(.cannotWrite, call: "write", file: name, code: code == 0 ? EIO : code)
      }
    }
  }

  /// Writes all bytes of a buffer.
  func writeAll(_ bytes: borrowing ByteBuffer, to file: Int32, named name: String) throws(ReportError) {
    let answer = bytes.withSpan(0..<bytes.count) { span in
      Result { () throws(ReportError) in try writeAll(span, to: file, named: name) }
    }
    try answer.get()
  }
}
