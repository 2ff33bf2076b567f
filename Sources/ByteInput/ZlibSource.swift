/// What a zlib stream unwraps to (RFC 1950): two bytes of header, a deflate stream, Adler-32.
///
/// Only streams without a preset dictionary get here; see `CompressionFormat`.
final class ZlibSource: LayeredSource {
  private enum Phase {
    case header, body, trailer, ended
  }

  private let input: CompressedBuffer
  private let deflate: DeflateReader
  private let meter: ExpansionMeter
  private var log = RemarkLog()
  private var phase = Phase.header
  private var produced = 0
  private var adler: UInt32 = 1

  init(_ upstream: any LayeredSource, meter: ExpansionMeter, engine: InflateEngine = .preferred) {
    input = CompressedBuffer(upstream)
    deflate = DeflateReader(input, engine: engine)
    self.meter = meter
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard buffer.count > 0 else { return 0 }
    while true {
      switch phase {
      case .header:
        phase = .body
        if input.nextNumber(bytes: 2) == nil { endTruncated() }
        deflate.reset()
      case .body:
        let count = unsafe readBody(into: buffer)
        if count > 0 { return count }
      case .trailer: checkTrailer()
      case .ended: return 0
      }
    }
  }

  func takeRemarks() -> [InputRemark] {
    log.take()
  }

  func originBytes(for count: Int) -> Int {
    input.upstream.originBytes(for: phase == .body ? deflate.position : input.position)
  }

  private func readBody(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var room = meter.room(after: produced, origin: originBytes(for: produced))
    if room == 0, deflate.becomeExact() { room = meter.room(after: produced, origin: originBytes(for: produced)) }
    if room == 0 {
      log.add(meter.remark(produced: produced, compressedOffset: input.position, unverifiedFrom: 0))
      finish()
      return 0
    }
    let output = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(room))
    let (count, outcome) = unsafe deflate.read(into: output)
    adler = unsafe Checksum.adler32(adler, UnsafeRawBufferPointer(rebasing: output.prefix(count)))
    produced += count
    switch outcome {
    case .more: break
    case .finished: phase = .trailer
    case .truncated: endTruncated()
    case .damaged: endDamaged()
    }
    return count
  }

  private func checkTrailer() {
    let trailerStart = input.position
    guard let stored = input.nextNumber(bytes: 4) else {
      endTruncated()
      return
    }
    // Alone among the numbers here, zlib's checksum has its high byte first.
    if stored.byteSwapped != adler, !deflate.confirmsEnd() {
      endDamaged()
      return
    }
    if stored.byteSwapped != adler {
      add(
        .zlibChecksum, .unverified, trailerStart,
        "the checksum of the data does not match; the lines read from it may be wrong, have the file sent again")
    }
    // Damage can also make a stream end before its time: then the rest of it lies here.
    if input.require(1) {
      log.add(
        InputRemark(
          .zlibData, .error, effect: .fileCut, at: produced, compressedOffset: input.position,
          "bytes follow the compressed data; everything before them is kept, have the file sent again"))
    }
    finish()
  }

  private func endTruncated() {
    let atEnd = unsafe input.position + input.available.count
    finish()
    if log.upstreamWasCut { return }
    add(
      .zlibTruncated, .fileCut, atEnd,
      "the zlib data ends early; what came before is kept, have the file sent again")
  }

  private func endDamaged() {
    add(.zlibData, .fileCut, input.position, "the compressed data is damaged; have the file sent again")
    finish()
  }

  private func add(_ code: InputRemark.Code, _ effect: InputRemark.Effect, _ offset: Int, _ message: String) {
    log.add(
      InputRemark(
        code, .error, effect: effect, at: produced, compressedOffset: offset, firstUnverifiedOffset: 0, message))
  }

  private func finish() {
    phase = .ended
    log.absorb(input.upstream, produced: produced)
  }
}
