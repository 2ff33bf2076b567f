/// A source whose first bytes can be looked at before they are read.
///
/// Once the bytes looked at have been handed out it stands aside: reads go straight through.
final class LookaheadSource: LayeredSource {
  private let upstream: any LayeredSource
  private var ahead: [UInt8] = []
  private var handedOut = 0
  private var ended = false

  init(_ upstream: any LayeredSource) {
    self.upstream = upstream
  }

  /// The next bytes, not consumed: at least `count` when the source has that many, else all there are.
  func peek(_ count: Int) -> ArraySlice<UInt8> {
    var missing = count - (ahead.count - handedOut)
    if missing > 0, !ended {
      var filled = ahead.count
      ahead.append(contentsOf: repeatElement(0, count: missing))
      while missing > 0, !ended {
        let got = unsafe ahead.withUnsafeMutableBytes { bytes in
          unsafe upstream.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
        }
        filled += got
        missing -= got
        ended = got == 0
      }
      ahead.removeLast(missing)
    }
    return ahead[handedOut...]
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let left = ahead.count - handedOut
    if left == 0 {
      return ended ? 0 : unsafe upstream.read(into: buffer)
    }
    let count = min(left, buffer.count)
    unsafe ahead.withUnsafeBytes { bytes in
      unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[handedOut..<handedOut + count]))
    }
    handedOut += count
    if handedOut == ahead.count {
      ahead = []
      handedOut = 0
    }
    return count
  }

  func takeRemarks() -> [InputRemark] {
    upstream.takeRemarks()
  }

  func originBytes(for count: Int) -> Int {
    upstream.originBytes(for: count)
  }

  var canRewind: Bool { upstream.canRewind }

  func rewind(to position: Int) {
    upstream.rewind(to: position)
    ahead = []
    handedOut = 0
    ended = false
  }
}
