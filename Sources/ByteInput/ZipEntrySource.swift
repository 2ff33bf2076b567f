/// What one entry of an archive unpacks to: stored or deflated data, checked against the directory's sizes and CRC.
final class ZipEntrySource: LayeredSource {
  private enum Body {
    case stored(RegionSource)
    case deflated(DeflateReader)
  }

  private let entry: ZipEntry
  private let body: Body
  private let region: RegionSource
  private let dataStart: Int
  private let meter: ExpansionMeter
  private var log = RemarkLog()
  private var produced = 0
  private var crc: UInt32 = 0
  private var ended = false

  /// - Parameter dataStart: where in the archive the entry's data begins.
  init(
    _ entry: ZipEntry, region: RegionSource, dataStart: Int, meter: ExpansionMeter, engine: InflateEngine = .preferred
  ) {
    self.entry = entry
    self.region = region
    self.dataStart = dataStart
    self.meter = meter
    body = entry.method == 0 ? .stored(region) : .deflated(DeflateReader(CompressedBuffer(region), engine: engine))
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard !ended && buffer.count > 0 else { return 0 }
    let count: Int
    switch body {
    case .stored(let region):
      count = unsafe region.read(into: buffer)
      unsafe account(for: buffer, count)
      if count == 0 { finishStored() }
    case .deflated(let reader):
      var room = meter.room(after: produced, origin: originBytes(for: produced))
      if room == 0, reader.becomeExact() { room = meter.room(after: produced, origin: originBytes(for: produced)) }
      if room == 0 {
        log.add(meter.remark(produced: produced, compressedOffset: archiveOffset, unverifiedFrom: 0))
        finish()
        return 0
      }
      let output = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(room))
      let outcome: DeflateReader.Outcome
      (count, outcome) = unsafe reader.read(into: output)
      unsafe account(for: output, count)
      switch outcome {
      case .more: break
      case .finished: finishDeflated(reader)
      case .truncated: cut("the compressed data of this entry ends early")
      case .damaged: cut("the compressed data of this entry is damaged")
      }
    }
    return count
  }

  func takeRemarks() -> [InputRemark] {
    log.take()
  }

  func originBytes(for count: Int) -> Int {
    guard !ended, case .deflated(let reader) = body else { return region.originBytes(for: compressedPosition) }
    return region.originBytes(for: reader.position)
  }

  private var compressedPosition: Int {
    switch body {
    case .stored: produced
    case .deflated(let reader): reader.input.position
    }
  }

  private var archiveOffset: Int { dataStart + compressedPosition }

  private func account(for buffer: UnsafeMutableRawBufferPointer, _ count: Int) {
    crc = unsafe Checksum.crc32(crc, UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
    produced += count
  }

  private func finishStored() {
    if produced < entry.compressedSize {
      cut("the data of this entry ends early")
    } else {
      check(sizesAgree: produced == entry.size)
    }
  }

  private func finishDeflated(_ reader: DeflateReader) {
    let isAllUsed = reader.input.position == entry.compressedSize
    if crc != entry.crc, !isAllUsed || !reader.confirmsEnd() {
      // Damage made the stream end before its time: the rest of the entry is lost, not merely unverified.
      cut("the compressed data of this entry is damaged")
    } else {
      check(sizesAgree: produced == entry.size && isAllUsed)
    }
  }

  private func check(sizesAgree: Bool) {
    if crc != entry.crc {
      unverified(.zipCRC, "the checksum of this entry does not match")
    } else if !sizesAgree {
      unverified(.zipSize, "the sizes in the archive's directory do not match this entry's data")
    }
    finish()
  }

  private func unverified(_ code: InputRemark.Code, _ reason: String) {
    log.add(
      InputRemark(
        code, .error, effect: .unverified, at: produced, compressedOffset: archiveOffset, firstUnverifiedOffset: 0,
        "\(reason); the lines read from it may be wrong, have the file sent again"))
  }

  private func cut(_ reason: String) {
    let offset = archiveOffset
    finish()
    if log.upstreamWasCut { return }
    log.add(
      InputRemark(
        .zipData, .error, effect: .fileCut, at: produced, compressedOffset: offset, firstUnverifiedOffset: 0,
        "\(reason); what came before is kept, have the file sent again"))
  }

  private func finish() {
    ended = true
    log.absorb(region, produced: produced)
  }
}
