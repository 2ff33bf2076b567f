/// The entries of a zip archive in the order of its central directory, each ready to be read or refused by name.
///
/// Opening it walks the directory once: that its records fill it exactly and are as many as the end record says, and
/// which entries share bytes with another. What is kept of each entry is a few dozen bytes.
struct ZipArchive {
  /// What is remembered of an entry between the walk and its turn.
  private struct Slot {
    let recordOffset: Int
    let recordLength: Int
    let headerStart: Int
    /// Where the next entry or the directory begins: the entry's data must end before it.
    var limit = 0
    var overlaps = false
    /// How many entries before it are shown by the same name.
    let earlierNamesakes: Int
  }

  enum Opening {
    case opened(ZipArchive)
    case refused(InputRemark)
  }

  /// An entry's turn.
  enum Turn {
    /// It can be read.
    case readable(ZipEntrySource, shownName: String, notices: [InputRemark])
    /// It is left out; the remark says why. `nil` for a folder.
    case leftOut(InputRemark?)
  }

  let notices: [InputRemark]
  private let file: OpenFile
  private let end: ZipEndRecord
  private let originShare: Double
  private let meter: ExpansionMeter
  private let engine: InflateEngine
  private let slots: [Slot]

  var count: Int { slots.count }

  /// - Parameter originShare: how many bytes of the file on disk stand behind one byte of `file`.
  static func open(_ file: OpenFile, originShare: Double, meter: ExpansionMeter, engine: InflateEngine) -> Opening {
    func refuse(_ code: InputRemark.Code, at offset: Int? = nil, _ message: String) -> Opening {
      .refused(InputRemark(code, .error, effect: .fileRefused, compressedOffset: offset, message))
    }

    let end: ZipEndRecord
    switch ZipEndRecord.find(in: file) {
    case .found(let record): end = record
    case .missing:
      return refuse(
        .zipTruncated, at: file.atOpening.size,
        "the zip archive has no directory, so it was cut; have the file sent again")
    case .contradictory(let message): return refuse(.zipDirectory, message)
    case .unreadable: return refuse(.readError, "the end of the zip archive could not be read")
    }
    guard end.entryCount > 0 else { return refuse(.noEntries, "the zip archive holds no entries") }
    let directoryBytes = end.directoryEnd - end.directoryStart
    guard directoryBytes <= meter.limits.maxDirectoryBytes else {
      return refuse(
        .zipDirectory, at: end.directoryStart,
        "the zip archive's directory has \(directoryBytes) bytes, more than the \(meter.limits.maxDirectoryBytes) that are read"
      )
    }
    guard let (walked, slots) = walk(file, end, keeping: meter.limits.maxEntries), walked == end.entryCount else {
      return refuse(
        .zipDirectory, at: end.directoryStart,
        "the zip archive's directory is damaged or contradicts its end record; have the file sent again")
    }
    var notices: [InputRemark] = []
    if walked > slots.count {
      notices.append(
        InputRemark(
          .entryLimit, .error, effect: .fileCut,
          "the zip archive has \(walked) entries; only the first \(slots.count) are read"))
    }
    if end.shift > 0 {
      notices.append(
        InputRemark(.zipDirectory, .info, "\(end.shift) bytes stand before the zip archive; they are ignored"))
    }
    if end.trailing > 0 {
      notices.append(
        InputRemark(
          .zipDirectory, .warning, compressedOffset: file.atOpening.size - end.trailing,
          "\(end.trailing) bytes follow the zip archive; they are ignored"))
    } else if end.trailing < 0 {
      notices.append(
        InputRemark(
          .zipDirectory, .warning, compressedOffset: file.atOpening.size,
          "the comment at the end of the zip archive is cut; its entries are whole"))
    }
    return .opened(
      ZipArchive(
        notices: notices, file: file, end: end, originShare: originShare, meter: meter, engine: engine,
        slots: slots))
  }

  /// Whether it is a workbook or another document of an office suite, by the entry that all of them begin with or nearly so.
  var isOfficeDocument: Bool {
    slots.prefix(3).contains { slot in
      guard let record = file.bytes(at: slot.recordOffset, count: slot.recordLength), let entry = ZipEntry(record[...])
      else { return false }
      return entry.nameBytes.elementsEqual("[Content_Types].xml".utf8)
    }
  }

  /// Opens the entry whose turn it is.
  ///
  /// - Parameter prefix: what the name of its stream begins with, `dumps.zip!`.
  func turn(of index: Int, prefix: String) -> Turn {
    let slot = slots[index]
    guard let record = file.bytes(at: slot.recordOffset, count: slot.recordLength), let entry = ZipEntry(record[...])
    else {
      return .leftOut(
        InputRemark(
          .readError, .error, effect: .fileRefused, compressedOffset: slot.recordOffset,
          "the zip archive's directory could not be read a second time"))
    }
    let suffix = slot.earlierNamesakes == 0 ? "" : "#\(slot.earlierNamesakes + 1)"
    let shownName = prefix + entry.name.shown + suffix
    let name = entry.name.inMessage + suffix

    func leftOut(_ code: InputRemark.Code, notice: Bool = false, _ message: String) -> Turn {
      .leftOut(
        InputRemark(
          code, notice ? .info : .error, effect: notice ? .none : .fileRefused, compressedOffset: slot.headerStart,
          entryName: shownName, message))
    }

    if entry.name.isDirectory && entry.size == 0 && entry.compressedSize <= 2 { return .leftOut(nil) }
    if entry.isSymbolicLink {
      return leftOut(.entrySkipped, notice: true, "entry \(name) is a symbolic link; it is not followed")
    }
    if entry.isSpecialFile {
      return leftOut(.entrySkipped, notice: true, "entry \(name) is not a regular file; it is not read")
    }
    if entry.name.isResourceFork {
      return leftOut(.entrySkipped, notice: true, "entry \(name) is a macOS resource fork; it is not read")
    }
    if entry.isEncrypted {
      return leftOut(.zipEncrypted, "entry \(name) is encrypted; unpack it with its password first")
    }
    guard entry.method == 0 || entry.method == 8 else {
      return leftOut(
        .zipMethod,
        "entry \(name) is compressed by method \(entry.method), which is not read; pack it again with deflate")
    }
    if slot.overlaps {
      return leftOut(.zipOverlap, "entry \(name) shares its bytes with another entry; have the file sent again")
    }
    guard let header = file.bytes(at: slot.headerStart, count: 30), header.starts(with: [0x50, 0x4b, 0x03, 0x04]),
      let nameLength = ZipFields(header[...]).number16(26), let extraLength = ZipFields(header[...]).number16(28)
    else {
      return leftOut(
        .zipDirectory, "entry \(name) is not where the zip archive's directory says; have the file sent again")
    }
    let dataStart = slot.headerStart + 30 + nameLength + extraLength
    // Sizes come from the archive: this form of the question cannot overflow.
    guard entry.compressedSize <= slot.limit - dataStart else {
      return leftOut(.zipOverlap, "entry \(name) reaches into what follows it; have the file sent again")
    }
    guard let localName = file.bytes(at: slot.headerStart + 30, count: nameLength) else {
      return leftOut(.readError, "the header of entry \(name) could not be read")
    }
    let source = ZipEntrySource(
      entry, region: RegionSource(file, start: dataStart, length: entry.compressedSize, originShare: originShare),
      dataStart: dataStart, meter: meter, engine: engine)
    return .readable(
      source, shownName: shownName, notices: Self.notices(on: entry, slot, localName: localName, shownAs: name))
  }

  private static func notices(
    on entry: ZipEntry, _ slot: Slot, localName: [UInt8], shownAs name: String
  ) -> [InputRemark] {
    func notice(_ code: InputRemark.Code, _ message: String) -> InputRemark {
      InputRemark(code, .info, compressedOffset: slot.headerStart, message)
    }

    var notices: [InputRemark] = []
    if slot.earlierNamesakes > 0 {
      notices.append(notice(.entryDuplicate, "the zip archive has several entries of this name; this is \(name)"))
    }
    if entry.name.leadsOutside {
      notices.append(
        notice(.entryName, "entry \(name) has a name that leads out of its folder; do not unpack this archive"))
    }
    if entry.name.wasEscaped {
      notices.append(notice(.entryName, "entry \(name) has characters in its name that are shown escaped"))
    }
    if localName != entry.nameBytes {
      notices.append(notice(.entryName, "entry \(name) has another name in its own header; the directory's counts"))
    }
    return notices
  }

  /// Reads every record of the directory once.
  ///
  /// `nil` when it does not end where it should.
  private static func walk(_ file: OpenFile, _ end: ZipEndRecord, keeping limit: Int) -> (Int, [Slot])? {
    var slots: [Slot] = []
    var spans: [(start: Int, end: Int, slot: Int)] = []
    var namesakes: [UInt64: Int] = [:]
    var walked = 0
    var window: ArraySlice<UInt8> = []
    var position = end.directoryStart
    while position < end.directoryEnd {
      // A record is at most 46 + 3 x 65535 bytes: with that much in the window it is either whole or damaged.
      if window.count < ZipEntry.fixedLength + 3 * 0xffff, position + window.count < end.directoryEnd {
        let wanted = min(256 * 1024, end.directoryEnd - position)
        guard let bytes = file.bytes(at: position, count: wanted) else { return nil }
        window = bytes[...]
      }
      guard let entry = ZipEntry(window) else { return nil }
      if slots.count < limit {
        let (headerStart, overflow) = entry.headerOffset.addingReportingOverflow(end.shift)
        let (minimum, overflow2) = entry.compressedSize.addingReportingOverflow(30 + entry.nameBytes.count)
        let (dataEnd, overflow3) = headerStart.addingReportingOverflow(minimum)
        guard !overflow, !overflow2, !overflow3 else { return nil }
        let key = fingerprint(entry.name.shown)
        spans.append((headerStart, dataEnd, slots.count))
        slots.append(
          Slot(
            recordOffset: position, recordLength: entry.recordLength, headerStart: headerStart,
            earlierNamesakes: namesakes[key, default: 0]))
        namesakes[key, default: 0] += 1
      }
      walked += 1
      position += entry.recordLength
      window = window.dropFirst(entry.recordLength)
    }
    markOverlaps(&slots, spans, directoryStart: end.directoryStart)
    return (walked, slots)
  }

  /// Marks entries that share bytes, as in an archive that names one body many times over to expand without end.
  private static func markOverlaps(
    _ slots: inout [Slot], _ spans: [(start: Int, end: Int, slot: Int)], directoryStart: Int
  ) {
    let inOrder = spans.sorted { ($0.start, $0.slot) < ($1.start, $1.slot) }
    var furthest = 0
    var furthestSlot = -1
    for (index, span) in inOrder.enumerated() {
      slots[span.slot].limit = min(
        directoryStart, index + 1 < inOrder.count ? inOrder[index + 1].start : directoryStart)
      if span.start < furthest {
        slots[span.slot].overlaps = true
        slots[furthestSlot].overlaps = true
      }
      if span.end > furthest {
        furthest = span.end
        furthestSlot = span.slot
      }
    }
  }

  /// FNV-1a.
  ///
  /// Two names with one fingerprint only earn a number they did not need.
  private static func fingerprint(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
