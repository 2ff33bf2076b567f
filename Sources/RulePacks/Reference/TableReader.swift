internal import CHost
internal import ClaimModel
internal import Glibc

/// The records of a table file, one after another: cells between commas or tabs, quotes as in RFC 4180.
///
/// Only the record at hand is in memory, whatever the size of the file. What the cells say is looked at where it stands; nothing but
/// codes, numbers and dates is ever taken out of it.
struct TableReader: ~Copyable {
  /// Where a cell lies in the buffer, without its quotes.
  private struct Cell {
    var start: Int
    var end: Int
  }

  /// How many bytes are read at once, and how long a record may be.
  private static let block = 256 << 10

  /// The file, as it is named in messages.
  let file: String
  /// The line on which the record at hand begins, 1 is the first.
  private(set) var line = 0
  /// Whether lines are taken as they are: one cell a line, no quotes.
  var takesWholeLines = false
  private let descriptor: Int32
  private var delimiter: UInt8 = 0x2C
  private var buffer: [UInt8]
  private var position = 0
  private var filled = 0
  private var isAtEnd = false
  private var cells: [Cell] = []
  private var recordStart = 0
  private var nextLine = 1
  private var isKept = false

  /// Opens a file and reads its beginning.
  init(path: String) throws(PackErrors) {
    file = path
    buffer = [UInt8](repeating: 0, count: Self.block * 2)
    unsafe descriptor = claimaudit_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw PackErrors.unreadable(path) }
    try fill()
    if filled >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { position = 3 }
    var tabs = 0
    var commas = 0
    for index in 0..<filled {
      if buffer[index] == 0x09 { tabs += 1 } else if buffer[index] == 0x2C { commas += 1 }
    }
    if tabs > commas { delimiter = 0x09 }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The name of the file without the folders in front, whose names say nothing about it.
  var name: String { file.split(separator: "/").last.map(String.init) ?? file }

  /// Whether the file begins like a text: no byte that texts do not have.
  var isText: Bool {
    !buffer[0..<min(filled, 4096)].contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D && $0 != 0x0C }
  }

  /// The first bytes of the file, after a byte order mark, up to the end of the first line.
  var firstLine: ArraySlice<UInt8> {
    let end = buffer[position..<filled].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? filled
    return buffer[position..<end]
  }

  /// How many cells the record has.
  var count: Int { cells.count }

  /// Goes to the next record, past empty lines; tells whether there was one.
  mutating func next() throws(PackErrors) -> Bool {
    if isKept {
      isKept = false
      return true
    }
    while true {
      if scan() {
        if cells.count == 1, cells[0].start == cells[0].end, position < filled || !isAtEnd { continue }
        return cells.count > 1 || cells.first.map { $0.start < $0.end } ?? false
      }
      if isAtEnd {
        throw PackErrors.one(.syntax, file, nextLine, 1, "a quote is opened and not closed", "a closing quote")
      }
      guard filled - position < Self.block else {
        throw PackErrors.one(
          .size, file, nextLine, 1, "a record is longer than \(Self.block) bytes",
          "a closing quote or a line end before")
      }
      try fill()
    }
  }

  /// Makes `next` give the record at hand once more.
  mutating func keep() { isKept = true }

  /// The bytes of a cell, without blanks at its ends; empty where the record has no such cell.
  func bytes(_ index: Int) -> ArraySlice<UInt8> {
    guard index >= 0, index < cells.count else { return [] }
    var (start, end) = (cells[index].start, cells[index].end)
    while start < end, buffer[start] <= 0x20 { start += 1 }
    while end > start, buffer[end - 1] <= 0x20 { end -= 1 }
    return buffer[start..<end]
  }

  /// A cell as a code; `none` when it is none.
  func code(_ index: Int) -> Code { Code(bytes(index)) }

  /// The column of the line where a cell begins, 1 is the first.
  func column(_ index: Int) -> Int {
    index >= 0 && index < cells.count ? cells[index].start - recordStart + 1 : 1
  }

  /// How many cells hold something, two at most.
  var filledCells: Int {
    var found = 0
    for index in cells.indices where !bytes(index).isEmpty {
      found += 1
      if found == 2 { break }
    }
    return found
  }

  /// A cell of a heading: upper case, one blank for everything that is white space or an underscore.
  func label(_ index: Int) -> String {
    var text = ""
    var isBlank = false
    for byte in bytes(index) {
      if byte <= 0x20 || byte == 0x5F {
        isBlank = true
        continue
      }
      if isBlank { text += " " }
      isBlank = false
      let upper = byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte
      text.unicodeScalars.append(upper < 0x7F ? Unicode.Scalar(upper) : "?")
    }
    return text
  }

  // MARK: Reading

  /// Moves what is left to the front and reads on.
  private mutating func fill() throws(PackErrors) {
    if position > 0 {
      let kept = filled - position
      buffer.removeSubrange(0..<position)
      buffer += [UInt8](repeating: 0, count: Self.block * 2 - buffer.count)
      filled = kept
      position = 0
    }
    while filled < buffer.count {
      let offset = filled
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw PackErrors.unreadable(file) }
      if count == 0 {
        isAtEnd = true
        return
      }
      filled += count
    }
  }

  /// Finds the cells of the next record; `false` when its end is not among the bytes that are there.
  private mutating func scan() -> Bool {
    cells.removeAll(keepingCapacity: true)
    var index = position
    var start = position
    var breaks = 0
    let end = filled
    while index < end {
      let byte = buffer[index]
      if byte == 0x22, index == start, !takesWholeLines {
        guard let closing = closingQuote(from: index + 1, &breaks) else { return false }
        // What follows a closing quote up to the delimiter is passed over.
        index = closing + 1
        while index < end, buffer[index] != delimiter, buffer[index] != 0x0A, buffer[index] != 0x0D { index += 1 }
        if index == end, !isAtEnd { return false }
        cells.append(Cell(start: start + 1, end: closing))
        if index < end, buffer[index] == delimiter {
          index += 1
          start = index
          if index < end || !isAtEnd { continue }
          cells.append(Cell(start: end, end: end))
        }
        return finish(at: index, breaks)
      }
      if byte == delimiter, !takesWholeLines {
        cells.append(Cell(start: start, end: index))
        start = index + 1
      } else if byte == 0x0A || byte == 0x0D {
        cells.append(Cell(start: start, end: index))
        return finish(at: index, breaks)
      }
      index += 1
    }
    guard isAtEnd else { return false }
    cells.append(Cell(start: start, end: end))
    return finish(at: end, breaks)
  }

  /// The position of the quote that closes a cell.
  private func closingQuote(from start: Int, _ breaks: inout Int) -> Int? {
    var index = start
    while index < filled {
      if buffer[index] == 0x22 {
        if index + 1 < filled, buffer[index + 1] == 0x22 {
          index += 2
          continue
        }
        return index + 1 < filled || isAtEnd ? index : nil
      }
      if buffer[index] == 0x0A { breaks += 1 }
      index += 1
    }
    return nil
  }

  /// Ends the record at its line break, or at the end of the file.
  private mutating func finish(at end: Int, _ breaks: Int) -> Bool {
    recordStart = position
    line = nextLine
    nextLine += breaks
    position = end
    if position < filled {
      nextLine += 1
      let isPair = buffer[position] == 0x0D && position + 1 < filled && buffer[position + 1] == 0x0A
      // A CR at the very end of the block may have its LF in the next one: then an empty line follows, which is passed over.
      position += isPair ? 2 : 1
    }
    return true
  }
}
