internal import CSV
internal import ClaimModel

/// Reads codes as exports write them, with descriptions behind them, modifiers inside them and zeros lost on the way.
enum ExportCodes {
  // MARK: Procedures

  /// What a procedure cell holds.
  struct Procedure {
    /// The code; `none` when it cannot be told.
    var code = Code.none
    /// `HC`, unless the cell names another code list.
    var qualifier: Code = "HC"
    /// The cell's text without its modifiers.
    var text = ByteView()
    /// The modifiers that stand in the cell, with their separators.
    var modifiers = ByteView()
    /// What is to be said about it.
    var remark: Remark?
  }

  enum Remark {
    /// Read although it was not written plainly.
    case unusual
    /// A decimal point that a spreadsheet added.
    case decimals
    /// A number that a spreadsheet has rounded: it cannot be told what it was.
    case rounded
    /// Not a procedure code.
    case notACode
  }

  /// The procedure in `cell`, which is trimmed; `raw` is the cell before.
  static func procedure(_ cell: ByteView, raw: ByteView, _ scratch: Scratch) -> Procedure {
    var found = Procedure()
    found.text = cell
    guard !cell.isEmpty else { return found }
    if isCode(cell) {
      found.code = code(cell)
      if cell.count != raw.count { found.remark = .unusual }
      return found
    }
    if cell[0] >= 0x80 || cell[cell.count - 1] >= 0x80 {
      let narrow = narrowed(cell, scratch)
      if narrow.count != cell.count {
        var inner = procedure(narrow, raw: narrow, scratch)
        if inner.remark == nil { inner.remark = .unusual }
        return inner
      }
    }
    if cell.isScientific {
      found.remark = .rounded
      return found
    }
    var start = 0
    // `HC:32960:LT`, an 837's composite that leaked out.
    if cell.count > 3, isLetters(cell, 0, 2), cell[2] == 0x3A || cell[2] == 0x3E || cell[2] == 0x5E || cell[2] == 0x7C {
      found.qualifier = Code(cell.part(0, 2))
      start = 3
    }
    if start + 5 <= cell.count, isCode(cell.part(start, start + 5)) {
      let end = start + 5
      if end == cell.count {
        found.code = Code(cell.part(start, end))
        found.text = cell.part(start, end)
        return found
      }
      let rest = cell.part(end, cell.count)
      if rest[0] == 0x2E, rest.dropFirst().allSatisfy({ $0 == 0x30 }), cell.part(start, end).isDigits {
        found.code = Code(cell.part(start, end))
        found.text = cell.part(start, end)
        found.remark = .decimals
        return found
      }
      if areModifiers(rest) {
        found.code = Code(cell.part(start, end))
        found.text = cell.part(start, end)
        found.modifiers = rest
        return found
      }
      // A code and what it means.
      let separators = rest.prefix { $0 == 0x20 || $0 == 0x2D || $0 == 0x3A }.count
      if separators >= 2, separators < rest.count {
        found.code = Code(cell.part(start, end))
        found.text = cell.part(start, end)
        return found
      }
    }
    found.code = Code(cell)
    found.remark = .notACode
    return found
  }

  /// Whether the five bytes of a CPT or HCPCS code stand there: four digits between, a letter possible at either end.
  static func isCode(_ cell: ByteView) -> Bool {
    guard cell.count == 5, isAlphanumeric(cell[0]), isAlphanumeric(cell[4]) else { return false }
    for index in 1..<4 where cell[index] < 0x30 || cell[index] > 0x39 { return false }
    return true
  }

  /// Full-width digits and letters (U+FF01 to U+FF5E) as the plain ones they look like.
  private static func narrowed(_ cell: ByteView, _ scratch: Scratch) -> ByteView {
    var plain: [UInt8] = []
    var index = 0
    while index < cell.count {
      if index + 2 < cell.count, cell[index] == 0xEF, cell[index + 1] == 0xBC || cell[index + 1] == 0xBD {
        let base: UInt8 = cell[index + 1] == 0xBC ? 0x20 : 0x60
        plain.append(base &+ (cell[index + 2] & 0x3F))
        index += 3
      } else {
        plain.append(cell[index])
        index += 1
      }
    }
    return scratch.keep(plain).trimmed
  }

  private static func isLetters(_ cell: ByteView, _ start: Int, _ end: Int) -> Bool {
    (start..<end).allSatisfy { cell[$0] | 0x20 >= 0x61 && cell[$0] | 0x20 <= 0x7A }
  }

  /// Whether `rest` holds two-character pieces, each with a separator before it.
  private static func areModifiers(_ rest: ByteView) -> Bool {
    var index = 0
    while index < rest.count {
      guard isSeparator(rest[index]) || rest[index] == 0x2D else { return false }
      while index < rest.count, isSeparator(rest[index]) || rest[index] == 0x2D { index += 1 }
      let start = index
      while index < rest.count, isAlphanumeric(rest[index]) { index += 1 }
      guard index - start == 2 || index == rest.count && index == start else { return false }
    }
    return true
  }

  // MARK: Modifiers

  /// Gives every modifier in `cell` to `body`: pieces between separators, or pairs of characters where four, six or eight
  /// stand together.
  @inline(__always)
  static func modifiers(_ cell: ByteView, _ body: (ByteView) -> Void) {
    if cell.count == 2, isAlphanumeric(cell[0]), isAlphanumeric(cell[1]) {
      body(cell)
      return
    }
    severalModifiers(cell, body)
  }

  private static func severalModifiers(_ cell: ByteView, _ body: (ByteView) -> Void) {
    var index = 0
    while index < cell.count {
      while index < cell.count, isSeparator(cell[index]) || cell[index] == 0x2D { index += 1 }
      let start = index
      while index < cell.count, !isSeparator(cell[index]), cell[index] != 0x2D { index += 1 }
      guard index > start else { continue }
      let piece = cell.part(start, index).withoutDecimals
      if piece.count == 4 || piece.count == 6 || piece.count == 8, piece.allSatisfy(isAlphanumeric) {
        for pair in stride(from: 0, to: piece.count, by: 2) { body(piece.part(pair, pair + 2)) }
      } else {
        body(piece)
      }
    }
  }

  /// What stands between the values of a list in one cell.
  static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x2C, 0x3A, 0x3B, 0x7C, 0x2F: true
    default: false
    }
  }

  // MARK: Places, bills, revenue

  /// A code that was read, with the text that stands for it in reports.
  struct Reading {
    var code = Code.none
    var text = ByteView()
    /// Whether a leading zero had to be put back.
    var isPadded = false
    /// Whether a spreadsheet had made a number with decimals of it.
    var hasDecimals = false
  }

  /// The place of service in `cell`: `21`, `21 - Inpatient Hospital`, `2` for `02`, `21.0`.
  static func placeOfService(_ cell: ByteView, _ scratch: Scratch) -> Reading {
    var found = Reading(code: code(cell), text: cell)
    // Two bytes are whole, whatever they are.
    if cell.count == 2 { return found }
    if cell.hasDecimals {
      found = placeOfService(cell.withoutDecimals, scratch)
      found.hasDecimals = true
      return found
    }
    let digits = cell.digits(from: 0)
    guard digits == 1 || digits == 2, digits == cell.count || !isAlphanumeric(cell[digits]) else { return found }
    // `2.5` is not a two with a description behind it.
    if digits < cell.count, cell[digits] == 0x2E { return found }
    if digits == 1 {
      guard cell[0] != 0x30 else { return found }
      found.text = scratch.keep([0x30, cell[0]])
      found.isPadded = true
    } else {
      found.text = cell.part(0, 2)
    }
    found.code = Code(found.text)
    return found
  }

  /// The type of bill in `cell` as four characters: `0131`, `131` with its zero lost, `13X`, `131.0`; its text has no zero put back.
  static func typeOfBill(_ cell: ByteView) -> Reading {
    // Four bytes are whole, whatever they are.
    var found = Reading(text: cell.count == 4 ? cell : cell.withoutDecimals)
    found.hasDecimals = found.text.count != cell.count
    guard found.text.count == 3 || found.text.count == 4, found.text.allSatisfy(isAlphanumeric) else { return found }
    let code = Code(found.text)
    if found.text.count == 4 {
      if code[0] == 0x30 { found.code = code }
      return found
    }
    guard code[0] != 0x30 else { return found }
    found.code = Code(bits: 0x30 << 56 | code.bits >> 8)
    found.isPadded = true
    return found
  }

  /// The revenue code in `cell`: `0450`, `450` with its zero lost, `450.0`.
  static func revenueCode(_ cell: ByteView, _ scratch: Scratch) -> Reading {
    var found = Reading(code: code(cell), text: cell)
    // Four bytes are whole, whatever they are.
    if cell.count == 4 { return found }
    if cell.hasDecimals {
      found = revenueCode(cell.withoutDecimals, scratch)
      found.hasDecimals = true
      return found
    }
    let digits = cell.digits(from: 0)
    if digits == 3 || digits == 4, digits < cell.count, cell[digits] == 0x20 || cell[digits] == 0x2D {
      // A code and what it means.
      found.text = cell.part(0, digits)
    }
    if digits == 3, found.text.count == 3 {
      found.text = scratch.keep([0x30, cell[0], cell[1], cell[2]])
      found.isPadded = true
    }
    found.code = Code(found.text)
    return found
  }

  // MARK: Diagnoses and identifiers

  /// The diagnosis in `cell` without its dots.
  static func diagnosis(_ cell: ByteView) -> Code {
    let code = code(cell)
    return code.isNone || hasDot(code) ? Code(cell.lazy.filter { $0 != 0x2E }) : code
  }

  /// The diagnosis in the first `count` bytes of `word` without its dots; `none` where they are not one to eight letters, digits and
  /// dots.
  @inline(__always)
  static func plainDiagnosis(_ word: UInt64, _ count: Int) -> Code {
    guard count > 0, count <= 8 else { return Code(bits: 0) }
    let valid = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    let high: UInt64 = 0x8080_8080_8080_8080 & valid
    var word = word & valid
    // With all bytes below 0x80 no sum reaches the neighbour.
    guard word & high == 0 else { return Code(bits: 0) }
    func atLeast(_ byte: UInt64) -> UInt64 { word &+ (0x80 &- byte) &* 0x0101_0101_0101_0101 }
    word &-= (atLeast(0x61) & ~atLeast(0x7B) & high) &>> 2
    let letters = atLeast(0x41) & ~atLeast(0x5B)
    let digits = atLeast(0x30) & ~atLeast(0x3A)
    if (letters | digits) & high == high { return Code(bits: word.byteSwapped) }
    let dots = atLeast(0x2E) & ~atLeast(0x2F)
    return (letters | digits | dots) & high == high ? withoutDots(Code(bits: word.byteSwapped)) : Code(bits: 0)
  }

  @inline(__always)
  private static func hasDot(_ code: Code) -> Bool {
    let dots = code.bits ^ 0x2E2E_2E2E_2E2E_2E2E
    return (dots &- 0x0101_0101_0101_0101) & ~dots & 0x8080_8080_8080_8080 != 0
  }

  private static func withoutDots(_ code: Code) -> Code {
    Code((0..<code.count).lazy.map { code[$0] }.filter { $0 != 0x2E })
  }

  /// The code in `cell`, as `Code` reads it: all its bytes at once where they are up to eight visible ones.
  static func code(_ cell: ByteView) -> Code {
    guard !cell.isEmpty, let code = code(cell.word(at: 0), cell.count) else { return Code(cell) }
    return code
  }

  /// The code in the first `count` bytes of `word`; `nil` where they are not one to eight visible ones.
  @inline(__always)
  static func code(_ word: UInt64, _ count: Int) -> Code? {
    guard count > 0, count <= 8 else { return nil }
    let valid = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    let word = word & valid
    let high: UInt64 = 0x8080_8080_8080_8080 & valid
    // With all bytes below 0x80 no sum reaches the neighbour.
    guard word & high == 0, (word &+ 0x5F5F_5F5F_5F5F_5F5F & valid) & high == high,
      (word &+ 0x0101_0101_0101_0101 & valid) & high == 0
    else { return nil }
    let letters = (word &+ 0x1F1F_1F1F_1F1F_1F1F & valid) & ~(word &+ 0x0505_0505_0505_0505 & valid) & high
    return Code(bits: (word &- letters &>> 2).byteSwapped)
  }

  /// Whether `cell` has the shape of an ICD-9-CM or ICD-10-CM code.
  static func isDiagnosis(_ cell: ByteView) -> Bool {
    let code = diagnosis(cell)
    guard code.count >= 3, code.count <= 7 else { return false }
    if code[0] >= 0x41 { return code[1] >= 0x30 && code[1] <= 0x39 }
    return code.isDigits && code.count <= 5
  }

  /// Gives every diagnosis in `cell` to `body`: most cells hold one.
  @inline(__always)
  static func diagnoses(_ cell: ByteView, _ body: (ByteView) -> Void) {
    if cell.isEmpty { return }
    var isFirst = true
    pieces(cell) { piece in
      // Behind the first code there may be its description.
      if isFirst || isDiagnosis(piece) { body(piece) }
      isFirst = false
    }
  }

  /// Gives what stands between separators in `cell` to `body`; nothing empty.
  @inline(__always)
  private static func pieces(_ cell: ByteView, _ body: (ByteView) -> Void) {
    var index = 0
    while index < cell.count {
      while index < cell.count, isSeparator(cell[index]) { index += 1 }
      let start = index
      while index < cell.count, !isSeparator(cell[index]) { index += 1 }
      if index > start { body(cell.part(start, index)) }
    }
  }

  /// An NPI or another number that identifies a provider.
  enum Identifier {
    case plain
    /// A spreadsheet added `.0`: the digits before it are whole.
    case decimals
    /// A spreadsheet rounded it.
    case rounded
  }

  static func identifier(_ cell: ByteView) -> Identifier {
    if cell.count == 10, CSVQuickCheck.areDigits(cell.word(at: 0)), CSVQuickCheck.areDigits(cell.word(at: 2)) {
      return .plain
    }
    if cell.count > 2, cell[cell.count - 2] == 0x2E, cell[cell.count - 1] == 0x30, cell.part(0, cell.count - 2).isDigits
    {
      return .decimals
    }
    return cell.isScientific ? .rounded : .plain
  }

  /// The diagnosis pointers in `cell`: `1:2`, `A,B`, `AB`, `1.0`; 0 stands for one that cannot be read.
  static func pointers(_ cell: ByteView, _ body: (UInt8) -> Void) {
    pieces(cell) { piece in
      let piece = piece.withoutDecimals
      if piece.isDigits {
        let number = piece.count <= 4 ? piece.number(0, piece.count) : 0
        if number >= 1, number <= 12 {
          body(UInt8(number))
        } else if piece.count > 2, piece.count <= 4, piece.allSatisfy({ $0 != 0x30 }) {
          // `1234`, one digit a pointer as on a paper claim.
          for byte in piece { body(byte &- 0x30) }
        } else {
          body(number > 0 && number < 32 ? UInt8(number) : 0)
        }
      } else {
        for byte in piece {
          let letter = byte & 0xDF
          body(letter >= 0x41 && letter <= 0x4C ? letter &- 0x40 : 0)
        }
      }
    }
  }
}
