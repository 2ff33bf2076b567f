/// The remarks of one layer of compression, and those of the layers below it.
struct RemarkLog {
  private var remarks: [InputRemark] = []

  /// A layer below ended early.
  ///
  /// What this layer then sees is a consequence, and is not said a second time.
  private(set) var upstreamWasCut = false

  mutating func add(_ remark: InputRemark) {
    remarks.append(remark)
  }

  mutating func take() -> [InputRemark] {
    let taken = remarks
    remarks = []
    return taken
  }

  /// Takes over what the layer below noticed, once this layer has handed out its last byte, the `produced`-th.
  ///
  /// Positions below do not translate: a member that failed its check there may hold any part of what came out here,
  /// so all of it counts as unverified.
  mutating func absorb(_ upstream: any ByteSource, produced: Int) {
    for remark in upstream.takeRemarks() {
      if remark.effect == .fileCut { upstreamWasCut = true }
      remarks.append(
        InputRemark(
          remark.code, remark.severity, effect: remark.effect, at: produced,
          compressedOffset: remark.compressedOffset ?? remark.decompressedOffset,
          firstUnverifiedOffset: remark.firstUnverifiedOffset == nil ? nil : 0, entryName: remark.entryName,
          remark.message))
    }
  }
}
