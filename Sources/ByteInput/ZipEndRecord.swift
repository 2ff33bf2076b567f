/// Where an archive's central directory lies, as the record at the archive's end says (APPNOTE 4.3.16, zip64: 4.3.14).
///
///     [stub] entries | central directory | [zip64 record, locator] | end record | comment
///                      ^ directoryStart    ^ directoryEnd
///
/// The signature of the end record may occur in the comment, put there to hide the archive's entries or by chance. The
/// real record is the one whose directory ends where the record begins and whose comment ends with the file; of several
/// the first, since the others then lie in its comment.
struct ZipEndRecord {
  let directoryStart: Int
  let directoryEnd: Int
  let entryCount: Int
  /// What has to be added to every offset in the archive: the length of the stub before it.
  let shift: Int
  /// How many bytes follow the archive; negative when that many of its comment are missing.
  let trailing: Int

  enum Search {
    case found(ZipEndRecord)
    /// There is no end record at all: the archive is cut.
    case missing
    /// There is one, and it points nowhere.
    case contradictory(String)
    case unreadable
  }

  private static let length = 22
  private static let signature: [UInt8] = [0x50, 0x4b, 0x05, 0x06]

  static func find(in file: OpenFile) -> Search {
    let size = file.atOpening.size
    let tailLength = min(size, length + 0xffff)
    guard let tail = file.bytes(at: size - tailLength, count: tailLength) else { return .unreadable }
    var candidates: [(record: ZipEndRecord, isExact: Bool)] = []
    var sawSignature = false
    var isSplit = false
    var index = 0
    while index + length <= tail.count {
      defer { index += 1 }
      guard tail[index] == 0x50, tail[index...].starts(with: signature) else { continue }
      sawSignature = true
      let fields = ZipFields(tail[index...])
      if let disk = fields.number16(4), disk != 0, disk != 0xffff { isSplit = true }
      guard let record = read(fields, at: size - tailLength + index, of: file) else { continue }
      candidates.append((record, record.trailing == 0))
    }
    let ranked = [
      candidates.first { $0.isExact && $0.record.shift == 0 },
      candidates.first { $0.isExact && $0.record.entryCount > 0 },
      candidates.last { $0.record.shift == 0 && $0.record.entryCount > 0 },
      candidates.last { $0.record.entryCount > 0 },
    ]
    for case .some(let best) in ranked { return .found(best.record) }
    if isSplit { return .contradictory("the archive is one part of a split archive; join the parts first") }
    return sawSignature
      ? .contradictory("the archive's directory is not where its end record says; have the file sent again") : .missing
  }

  /// The record at `position`, if its directory meets it.
  private static func read(_ fields: ZipFields, at position: Int, of file: OpenFile) -> ZipEndRecord? {
    guard var count = fields.number16(10), var size = fields.number32(12), var offset = fields.number32(16),
      let disk = fields.number16(4), let directoryDisk = fields.number16(6), let onDisk = fields.number16(8),
      let comment = fields.number16(20)
    else { return nil }
    let trailing = file.atOpening.size - (position + length + comment)
    var end = position
    var isZip64 = false
    if count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff,
      let wide = readZip64(before: position, of: file)
    {
      (count, size, offset, end) = wide
      isZip64 = true
    }
    if !isZip64 {
      guard disk == 0, directoryDisk == 0, onDisk == count else { return nil }
    }
    let start = end - size
    guard start >= 0, start >= offset else { return nil }
    if count > 0 {
      guard let first = file.bytes(at: start, count: 4), first == [0x50, 0x4b, 0x01, 0x02] else { return nil }
    } else {
      guard size == 0 else { return nil }
    }
    return ZipEndRecord(
      directoryStart: start, directoryEnd: end, entryCount: count, shift: start - offset, trailing: trailing)
  }

  /// The zip64 record that the locator just before the end record points to, or that stands just before the locator
  /// (the pointer is off by the stub's length in a self-extractor).
  private static func readZip64(before position: Int, of file: OpenFile) -> (Int, Int, Int, Int)? {
    guard position >= 20 + 56, let locator = file.bytes(at: position - 20, count: 20),
      locator.starts(with: [0x50, 0x4b, 0x06, 0x07]), let pointer = ZipFields(locator[...]).number64(8)
    else { return nil }
    for start in [pointer, position - 20 - 56] where start <= position - 20 - 56 {
      guard let record = file.bytes(at: start, count: 56), record.starts(with: [0x50, 0x4b, 0x06, 0x06]) else {
        continue
      }
      let fields = ZipFields(record[...])
      guard fields.number32(16) == 0, fields.number32(20) == 0, let count = fields.number64(32),
        let size = fields.number64(40), let offset = fields.number64(48)
      else { continue }
      return (count, size, offset, start)
    }
    return nil
  }
}
