/// One record of an archive's central directory (APPNOTE 4.3.12): what it says of an entry.
///
/// Sizes and checksum are taken from here and never from the entry's own header, which may leave them out.
struct ZipEntry {
  let name: EntryName
  let nameBytes: [UInt8]
  let method: Int
  let flags: Int
  let crc: UInt32
  let compressedSize: Int
  let size: Int
  /// Where the entry's own header lies, before the stub's length is added.
  let headerOffset: Int
  /// The Unix file mode, where the archiver recorded one.
  let mode: Int?
  /// How many bytes the record takes in the directory.
  let recordLength: Int

  static let fixedLength = 46

  var isEncrypted: Bool {
    // Bit 0: encrypted; bit 6: strongly so; bit 13: parts of the headers are masked; method 99: AES.
    flags & 0x2041 != 0 || method == 99
  }

  var isSymbolicLink: Bool { mode.map { $0 & 0o170000 == 0o120000 } ?? false }

  /// A device, a FIFO, a socket.
  var isSpecialFile: Bool {
    guard let type = mode.map({ $0 & 0o170000 }) else { return false }
    return type != 0 && type != 0o100000 && type != 0o120000 && type != 0o040000
  }

  /// Reads the record at the front of `bytes`; `nil` when there is none, or `bytes` ends inside it.
  init?(_ bytes: ArraySlice<UInt8>) {
    let fields = ZipFields(bytes)
    guard bytes.starts(with: [0x50, 0x4b, 0x01, 0x02]), let madeBy = fields.number16(4), let flags = fields.number16(8),
      let method = fields.number16(10), let crc = fields.number32(16), var compressedSize = fields.number32(20),
      var size = fields.number32(24), let nameLength = fields.number16(28), let extraLength = fields.number16(30),
      let commentLength = fields.number16(32), let attributes = fields.number32(38),
      var headerOffset = fields.number32(42), bytes.count >= Self.fixedLength + nameLength + extraLength + commentLength
    else { return nil }
    recordLength = Self.fixedLength + nameLength + extraLength + commentLength
    nameBytes = Array(bytes.dropFirst(Self.fixedLength).prefix(nameLength))
    let extra = bytes.dropFirst(Self.fixedLength + nameLength).prefix(extraLength)
    if let wide = ZipEntry.zip64Field(in: extra) {
      // Only the values that do not fit their own field stand here, in this order.
      var offset = 0
      func widen(_ value: inout Int) -> Bool {
        guard value == 0xffff_ffff else { return true }
        guard let wideValue = wide.number64(offset) else { return false }
        value = wideValue
        offset += 8
        return true
      }
      guard widen(&size), widen(&compressedSize), widen(&headerOffset) else { return nil }
    }
    name = EntryName(nameBytes)
    self.method = method
    self.flags = flags
    self.crc = UInt32(truncatingIfNeeded: crc)
    self.compressedSize = compressedSize
    self.size = size
    self.headerOffset = headerOffset
    // The upper half of the attributes is a mode only when a Unix (3) or macOS (19) archiver wrote it.
    let system = madeBy >> 8
    mode = system == 3 || system == 19 ? attributes >> 16 : nil
  }

  /// The zip64 extra field (id 1) among the extra fields.
  private static func zip64Field(in extra: ArraySlice<UInt8>) -> ZipFields? {
    var rest = extra
    while let id = ZipFields(rest).number16(0), let length = ZipFields(rest).number16(2), rest.count >= 4 + length {
      if id == 1 { return ZipFields(rest.dropFirst(4).prefix(length)) }
      rest = rest.dropFirst(4 + length)
    }
    return nil
  }
}
