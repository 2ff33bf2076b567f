/// A stretch of a file that can be read from anywhere: an entry of an archive, as it lies there.
final class RegionSource: LayeredSource {
  private let file: OpenFile
  private let start: Int
  private let length: Int
  /// How many bytes of the file on disk stand behind one byte of `file`: less than 1 when that is a spooled copy.
  private let originShare: Double
  private var offset = 0
  private var remarks: [InputRemark] = []

  init(_ file: OpenFile, start: Int, length: Int, originShare: Double) {
    self.file = file
    self.start = start
    self.length = length
    self.originShare = originShare
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let wanted = min(buffer.count, length - offset)
    guard wanted > 0 else { return 0 }
    switch unsafe file.read(at: start + offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(wanted))) {
    case .success(let count):
      offset += count
      return count
    case .failure(let reason):
      remarks.append(
        InputRemark(
          .readError, .error, effect: .fileCut, at: offset, compressedOffset: start + offset,
          "the file could not be read on: \(reason.text)"))
      return 0
    }
  }

  func takeRemarks() -> [InputRemark] {
    let taken = remarks
    remarks = []
    return taken
  }

  func originBytes(for count: Int) -> Int {
    Int(Double(count) * originShare)
  }

  var canRewind: Bool { true }

  func rewind(to position: Int) {
    offset = position
    remarks = []
  }
}
