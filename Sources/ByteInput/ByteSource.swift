/// Bytes that come one after the other: a file, standard input, or what a compressed file unwraps to.
///
/// A source never throws. One that meets damage hands out every good byte first, then ends, and says why in a remark,
/// so that whoever reads it needs one loop and keeps whatever could be saved.
public protocol ByteSource: AnyObject {
  /// Fills the front of `buffer` and returns how many bytes it wrote; 0 means the end, for good.
  ///
  /// Fewer bytes than asked for say nothing about the end. An empty buffer is answered with 0.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int

  /// What was noticed since the last call. Damage is only complete once `read` has returned 0.
  func takeRemarks() -> [InputRemark]
}

/// A source that knows what it cost: how many bytes of the file on disk stand behind the bytes it handed out.
///
/// Layers of compression are stacked, and an expansion bound that looked at one layer at a time would let three of
/// them multiply; so each layer can ask the one below, down to the file.
protocol LayeredSource: ByteSource {
  /// How many bytes of the file it took to hand out the first `count` bytes of this source.
  func originBytes(for count: Int) -> Int

  /// Whether it can be read a second time: a regular file, or a stretch of one.
  var canRewind: Bool { get }

  /// Goes back to a byte that was handed out before; only asked where `canRewind`.
  func rewind(to position: Int)
}

extension LayeredSource {
  var canRewind: Bool { false }
  func rewind(to position: Int) {}
}
