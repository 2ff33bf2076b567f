/// Makes zip archives, sound ones and others.
struct ZipBuilder {
  /// An entry, and what its directory record is to say of it where that is not the truth.
  struct Entry {
    var name: [UInt8]
    var content: [UInt8]
    var method = 8
    var flags = 0
    var mode = 0o100644
    var crc: UInt32?
    var size: Int?
    var compressedSize: Int?
    var localName: [UInt8]?
    var isZip64 = false
    /// The data that is stored in place of the compressed content.
    var data: [UInt8]?
    /// The offset of the header, when the entry has none of its own.
    var sharedOffset: Int?

    init(_ name: String, _ content: [UInt8]) {
      self.name = Array(name.utf8)
      self.content = content
    }
  }

  var entries: [Entry]
  var comment: [UInt8] = []
  var count: Int?
  var directoryShift = 0
  var hasZip64Record = false

  init(_ entries: [Entry]) {
    self.entries = entries
  }

  init(_ name: String, _ content: [UInt8]) {
    self.init([Entry(name, content)])
  }

  func bytes() -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let data = entry.data ?? (entry.method == 8 ? Deflate.raw(entry.content) : entry.content)
      let crc = Int(entry.crc ?? Deflate.crc32(entry.content))
      let size = entry.size ?? entry.content.count
      let compressedSize = entry.compressedSize ?? data.count
      let hasDescriptor = entry.flags & 8 != 0
      let offset = entry.sharedOffset ?? archive.count
      if entry.sharedOffset == nil {
        let localName = entry.localName ?? entry.name
        archive += [0x50, 0x4b, 3, 4] + little(45, 2) + little(entry.flags, 2) + little(entry.method, 2) + little(0, 4)
        archive += hasDescriptor ? little(0, 12) : little(crc, 4) + little(compressedSize, 4) + little(size, 4)
        archive += little(localName.count, 2) + little(0, 2) + localName + data
        if hasDescriptor { archive += [0x50, 0x4b, 7, 8] + little(crc, 4) + little(data.count, 4) + little(size, 4) }
      }
      let extra =
        entry.isZip64
        ? little(1, 2) + little(24, 2) + little(size, 8) + little(compressedSize, 8) + little(offset, 8) : []
      directory += [0x50, 0x4b, 1, 2] + little(3 << 8 | 45, 2) + little(45, 2) + little(entry.flags, 2)
      directory += little(entry.method, 2) + little(0, 4) + little(crc, 4)
      directory += little(entry.isZip64 ? 0xffff_ffff : compressedSize, 4)
      directory += little(entry.isZip64 ? 0xffff_ffff : size, 4)
      directory += little(entry.name.count, 2) + little(extra.count, 2) + little(0, 2) + little(0, 4)
      directory += little(entry.mode << 16, 4) + little(entry.isZip64 ? 0xffff_ffff : offset, 4) + entry.name + extra
    }
    let start = archive.count + directoryShift
    let count = self.count ?? entries.count
    archive += directory
    if hasZip64Record {
      let record = archive.count
      archive += [0x50, 0x4b, 6, 6] + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8)
      archive += little(count, 8) + little(count, 8) + little(directory.count, 8) + little(start, 8)
      archive += [0x50, 0x4b, 6, 7] + little(0, 4) + little(record, 8) + little(1, 4)
      archive += [0x50, 0x4b, 5, 6] + little(0, 4) + little(0xffff, 2) + little(0xffff, 2) + little(0xffff_ffff, 4)
      archive += little(0xffff_ffff, 4)
    } else {
      archive += [0x50, 0x4b, 5, 6] + little(0, 4) + little(count, 2) + little(count, 2) + little(directory.count, 4)
      archive += little(start, 4)
    }
    return archive + little(comment.count, 2) + comment
  }
}
