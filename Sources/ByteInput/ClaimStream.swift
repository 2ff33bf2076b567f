/// One decompressed stream of bytes that should hold claims: a file, standard input, or an entry of an archive.
///
/// It is lent to the body of `InputOpener.forEachStream` and must not be used after the body has returned.
public final class ClaimStream: ByteSource {
  /// What may be peeked at most.
  public static let peekLimit = 64 * 1024

  /// The path as it was given, `-` for standard input, `dumps.zip!march/a.837` for an archive's entry.
  ///
  /// Entry names are made safe to show; a second entry of the same name is `dumps.zip!a.837#2`.
  public let name: String

  /// What was unwrapped, the outermost first: `none`, `gzip`, `zip+gzip`.
  public let compression: String

  /// Whether it was found in a folder, and not named by the user: what this program writes itself is not meant then.
  public let isFound: Bool

  /// How many bytes were handed out so far.
  public private(set) var bytesRead = 0

  private let source: LookaheadSource
  private let wholeFile: OpenFile?
  private var remarks: [InputRemark]
  private var sawEnd = false
  private var sawFault = false

  init(
    name: String, layers: [String], source: LookaheadSource, wholeFile: OpenFile?, notices: [InputRemark], isFound: Bool
  ) {
    self.name = name
    self.isFound = isFound
    compression = layers.isEmpty ? "none" : layers.joined(separator: "+")
    self.source = source
    self.wholeFile = wholeFile
    remarks = notices
  }

  /// The descriptor and size of an uncompressed regular file, which several threads may read with `pread`.
  ///
  /// It stays open until the body returns. Who reads this way reads `size` bytes and no more; whether the file changed
  /// meanwhile stands in the outcome of `forEachStream`.
  public var plainFile: (descriptor: Int32, size: Int)? {
    wholeFile.map { ($0.descriptor, $0.atOpening.size) }
  }

  /// How many bytes of the file on disk stand behind what was handed out: for showing progress.
  public var fileBytesRead: Int { source.originBytes(for: bytesRead) }

  /// The next bytes, not consumed: at least `count` (up to `peekLimit`) when the stream has that many, else all.
  public func peek(_ count: Int) -> [UInt8] {
    Array(source.peek(min(count, Self.peekLimit)))
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = unsafe source.read(into: buffer)
    bytesRead += count
    if count == 0 && buffer.count > 0 && !sawEnd {
      sawEnd = true
      collect()
      if bytesRead == 0, !sawFault {
        remarks.append(InputRemark(.empty, .error, effect: .fileRefused, "there is no data in it"))
      }
    }
    return count
  }

  public func takeRemarks() -> [InputRemark] {
    collect()
    let taken = remarks
    remarks = []
    return taken
  }

  private func collect() {
    let fresh = source.takeRemarks()
    if fresh.contains(where: { $0.effect != .none }) { sawFault = true }
    remarks += fresh
  }
}
