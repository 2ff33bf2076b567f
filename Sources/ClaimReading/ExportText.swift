internal import CSV

extension [UInt8] {
  /// Becomes a copy of a view; most ids of a file have the same length.
  mutating func become(_ view: ByteView) {
    guard count == view.count else {
      removeAll(keepingCapacity: true)
      append(contentsOf: view)
      return
    }
    unsafe withUnsafeMutableBytes { target in
      view.withSpan { span in unsafe span.withUnsafeBytes { unsafe target.copyMemory(from: $0) } }
    }
  }
}

/// What cells hold around their values.
extension ByteView {
  /// Whether bytes that are kept are those of a view.
  static func holdsSame(_ kept: some RandomAccessCollection<UInt8>, _ view: ByteView) -> Bool {
    guard kept.count == view.count else { return false }
    return kept.withContiguousStorageIfAvailable {
      unsafe ByteView(UnsafeRawBufferPointer($0)).holdsSame(as: view)
    } ?? kept.elementsEqual(view)
  }

  /// The view without blanks, tabs and no-break spaces at its ends.
  var trimmed: ByteView {
    var start = 0
    var end = count
    while start < end {
      if self[start] == 0x20 || self[start] == 0x09 {
        start += 1
      } else if start + 1 < end, self[start] == 0xC2, self[start + 1] == 0xA0 {
        start += 2
      } else {
        break
      }
    }
    while end > start {
      if self[end - 1] == 0x20 || self[end - 1] == 0x09 {
        end -= 1
      } else if end - 2 >= start, self[end - 2] == 0xC2, self[end - 1] == 0xA0 {
        end -= 2
      } else {
        break
      }
    }
    return start == 0 && end == count ? self : part(start, end)
  }

  /// A trimmed cell without what spreadsheets are told by that it is a text: `="0123"`, `'0123`.
  var withoutTextMark: ByteView {
    guard let first else { return self }
    if first == ByteView.apostrophe { return part(1, count).trimmed }
    guard first == ByteView.equalsSign, count >= 3, self[1] == 0x22, self[count - 1] == 0x22 else { return self }
    return part(2, count - 1).trimmed
  }

  /// The bytes that such a mark begins with.
  static let apostrophe: UInt8 = 0x27
  static let equalsSign: UInt8 = 0x3D

  /// Whether no byte is above 0x7F.
  var isASCII: Bool {
    var index = 0
    while index < count {
      let width = UInt64(8 * Swift.min(8, count - index))
      if word(at: index) & 0x8080_8080_8080_8080 & (UInt64.max >> (64 - width)) != 0 { return false }
      index += 8
    }
    return true
  }

  /// Whether every byte is a decimal digit and there is at least one.
  var isDigits: Bool { !isEmpty && allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }

  /// Whole digits without the `.0` or `.00` that a spreadsheet, or a program that took them for a number, wrote behind them; whatever
  /// else stands there stays as it is.
  var withoutDecimals: ByteView {
    guard hasDecimals else { return self }
    return part(0, count - (self[count - 2] == 0x2E ? 2 : 3))
  }

  /// Whether `.0` or `.00` stands behind whole digits.
  var hasDecimals: Bool {
    guard count >= 3, self[count - 1] == 0x30 else { return false }
    if self[count - 2] == 0x2E { return part(0, count - 2).isDigits }
    return self[count - 2] == 0x30 && self[count - 3] == 0x2E && part(0, count - 3).isDigits
  }

  /// The digits from `start` up to `end` as a number; the caller knows that they are digits.
  func number(_ start: Int, _ end: Int) -> Int {
    var number = 0
    for index in start..<end { number = number * 10 + Int(self[index] &- 0x30) }
    return number
  }

  /// How many digits stand from `start` on.
  func digits(from start: Int) -> Int {
    var index = start
    while index < count, self[index] >= 0x30, self[index] <= 0x39 { index += 1 }
    return index - start
  }

  /// Whether the bytes spell a number with an exponent, as a spreadsheet shows a long one: `1.23457E+09`.
  var isScientific: Bool {
    var hasExponent = false
    var digits = 0
    for index in indices {
      let byte = self[index]
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x2E where !hasExponent: break
      case 0x45, 0x65:
        guard !hasExponent, digits > 0 else { return false }
        hasExponent = true
        digits = 0
      case 0x2B, 0x2D: guard index == 0 || self[index - 1] | 0x20 == 0x65 else { return false }
      default: return false
      }
    }
    return hasExponent && digits > 0
  }
}

/// Whether a byte is a letter or a digit of ASCII.
func isAlphanumeric(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
  default: false
  }
}
