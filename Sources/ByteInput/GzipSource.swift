/// What a gzip file unwraps to: all of its members, one after the other (RFC 1952).
///
///     member   header | deflate stream | CRC-32 | ISIZE        again and again, then perhaps zero bytes
///
/// A member whose CRC or length disagrees is handed out and marked; reading goes on with the next, since each member
/// stands for itself. Damage inside a deflate stream ends the source: where the next member begins cannot be known.
/// Zero bytes between or after members are tape padding. Anything else after a member is damage.
final class GzipSource: LayeredSource {
  private enum Phase {
    case header, body, trailer, betweenMembers, ended
  }

  private let input: CompressedBuffer
  private let deflate: DeflateReader
  private let meter: ExpansionMeter
  private var log = RemarkLog()
  private var phase = Phase.header
  private var produced = 0
  private var memberStart = 0
  private var crc: UInt32 = 0
  private var headerChecksumFailed = false

  init(_ upstream: any LayeredSource, meter: ExpansionMeter, engine: InflateEngine = .preferred) {
    input = CompressedBuffer(upstream)
    deflate = DeflateReader(input, engine: engine)
    self.meter = meter
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard buffer.count > 0 else { return 0 }
    while true {
      switch phase {
      case .header: readHeader()
      case .body:
        let count = unsafe readBody(into: buffer)
        if count > 0 { return count }
      case .trailer: checkTrailer()
      case .betweenMembers: findNextMember()
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

  private func readHeader() {
    memberStart = produced
    crc = 0
    switch GzipHeader.read(from: input) {
    case .good(let checksumMatches):
      headerChecksumFailed = !checksumMatches
      deflate.reset()
      phase = .body
    case .truncated: endTruncated()
    case .damaged(let reason): end(.gzipData, "\(reason); \(Self.sendAgain)")
    }
  }

  private func readBody(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var room = meter.room(after: produced, origin: originBytes(for: produced))
    if room == 0, deflate.becomeExact() { room = meter.room(after: produced, origin: originBytes(for: produced)) }
    if room == 0 {
      log.add(meter.remark(produced: produced, compressedOffset: input.position, unverifiedFrom: memberStart))
      finish()
      return 0
    }
    let output = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(room))
    let (count, outcome) = unsafe deflate.read(into: output)
    crc = unsafe Checksum.crc32(crc, UnsafeRawBufferPointer(rebasing: output.prefix(count)))
    produced += count
    switch outcome {
    case .more: break
    case .finished: phase = .trailer
    case .truncated: endTruncated()
    case .damaged: end(.gzipData, "the compressed data is damaged; \(Self.sendAgain)")
    }
    return count
  }

  private func checkTrailer() {
    let trailerStart = input.position
    guard input.require(8), let storedCRC = input.nextNumber(bytes: 4), let storedLength = input.nextNumber(bytes: 4)
    else {
      endTruncated()
      return
    }
    let length = UInt32(truncatingIfNeeded: produced - memberStart)
    if storedCRC != crc, !deflate.confirmsEnd() {
      end(.gzipData, "the compressed data is damaged; \(Self.sendAgain)")
      return
    }
    if storedCRC != crc {
      unverified(.gzipCRC, trailerStart, "the checksum of the data does not match")
    } else if storedLength != length {
      unverified(.gzipLength, trailerStart + 4, "the stored length does not match the data")
    } else if headerChecksumFailed {
      unverified(.gzipCRC, trailerStart, "the checksum of the gzip header does not match")
    }
    phase = .betweenMembers
  }

  /// After a member: the next one, zero padding, the end, or bytes that do not belong here.
  private func findNextMember() {
    let afterMember = input.position
    while input.require(1), unsafe input.available[0] == 0 {
      let zeros = unsafe input.available.prefix { $0 == 0 }.count
      input.consume(zeros)
    }
    let padding = input.position - afterMember
    if padding > 0 {
      log.add(
        InputRemark(
          .gzipPadding, .info, at: produced, compressedOffset: afterMember,
          "\(padding) zero bytes follow the compressed data; they are ignored"))
    }
    guard input.require(1) else {
      finish()
      return
    }
    _ = input.require(2)
    let isMember = unsafe input.available.prefix(2).elementsEqual([0x1f, 0x8b].prefix(input.available.count))
    if isMember {
      phase = .header
    } else {
      memberStart = produced
      log.add(
        InputRemark(
          .gzipTrailing, .error, effect: .fileCut, at: produced, compressedOffset: input.position,
          "bytes that are not gzip data follow the compressed data; everything before them is kept, \(Self.sendAgain)"))
      finish()
    }
  }

  private func unverified(_ code: InputRemark.Code, _ offset: Int, _ reason: String) {
    log.add(
      InputRemark(
        code, .error, effect: .unverified, at: produced, compressedOffset: offset, firstUnverifiedOffset: memberStart,
        "\(reason); the lines read from it may be wrong, \(Self.sendAgain)"))
  }

  private func endTruncated() {
    // The end of the input, not the position: bytes of a header or trailer that is cut may be left over.
    let atEnd = unsafe input.position + input.available.count
    finish()
    if log.upstreamWasCut { return }
    log.add(
      InputRemark(
        .gzipTruncated, .error, effect: .fileCut, at: produced, compressedOffset: atEnd,
        firstUnverifiedOffset: memberStart,
        "the gzip data ends early; what came before is kept, \(Self.sendAgain)"))
  }

  private func end(_ code: InputRemark.Code, _ message: String) {
    log.add(
      InputRemark(
        code, .error, effect: .fileCut, at: produced, compressedOffset: input.position,
        firstUnverifiedOffset: memberStart, message))
    finish()
  }

  private func finish() {
    phase = .ended
    log.absorb(input.upstream, produced: produced)
  }

  private static let sendAgain = "have the file sent again"
}
