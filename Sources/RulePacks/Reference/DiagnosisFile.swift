internal import Auditing
internal import ClaimModel

/// Reads the list of ICD-10-CM, the order file (`icd10cm_order_2026.txt`) or the codes file (`icd10cm_codes_2026.txt`).
///
///     00002 A000    1 …        order file: number, code, 1 for a code without further subdivision
///     A000    …                codes file: only such codes
struct DiagnosisFile {
  enum Layout { case order, codes }

  /// The layout of a list whose first line it is, `nil` when it is no list.
  ///
  /// A whole list begins with the codes under A00; one that does not cannot take the place of the built-in one.
  static func layout(of line: ArraySlice<UInt8>) -> Layout? {
    guard line.count > 14 else { return nil }
    if line.prefix(5).allSatisfy({ 0x30...0x39 ~= $0 }), line[line.startIndex + 5] == 0x20,
      code(line, from: 6, width: 7)?.hasPrefix("A00") == true
    {
      return .order
    }
    return line[line.startIndex + 7] == 0x20 && code(line, from: 0, width: 7)?.hasPrefix("A00") == true ? .codes : nil
  }

  /// The billable codes of a file.
  static func read(_ reader: inout TableReader, _ header: TableHeader) throws(PackErrors) -> LoadedDiagnoses {
    guard let year = header.year, let from = Day(year: year - 1, month: 10, day: 1),
      let to = Day(year: year, month: 9, day: 30)
    else {
      throw .one(
        .missing, reader.file, 1, 1, "the name of the file does not say the fiscal year", "icd10cm_order_YYYY.txt")
    }
    let layout = layout(of: reader.firstLine)
    var codes: [UInt64] = []
    var faults = TableFaults(file: reader.file)
    while !faults.isFull, try reader.next() {
      // The reader takes blanks off the ends; both layouts begin with a code or a number.
      let line = reader.bytes(0)
      if line.isEmpty { continue }
      switch layout {
      case .order:
        let flag = line.count > 14 ? line[line.startIndex + 14] : 0
        guard let code = code(line, from: 6, width: 7), flag == 0x30 || flag == 0x31 else {
          faults.report(
            .code, reader, 0, "the line is not one of the order file",
            expected: "a number in columns 1 to 5, a code in 7 to 13 and 0 or 1 in 15")
          continue
        }
        if flag == 0x31 { codes.append(code.bits) }
      case .codes, nil:
        guard let code = code(line, from: 0, width: 7) else {
          faults.report(.code, reader, 0, "the line is not one of the codes file", expected: "a code in columns 1 to 7")
          continue
        }
        codes.append(code.bits)
      }
    }
    try faults.finish()
    return LoadedDiagnoses(codes: codes, validity: from...to)
  }

  /// The code in some columns of a line.
  private static func code(_ line: ArraySlice<UInt8>, from: Int, width: Int) -> Code? {
    guard line.count >= from + 3 else { return nil }
    let start = line.startIndex + from
    let code = Code(line[start..<min(start + width, line.endIndex)])
    guard code.count >= 3, 0x41...0x5A ~= code[0], 0x30...0x39 ~= code[1] else { return nil }
    for index in 2..<code.count {
      guard 0x30...0x39 ~= code[index] || 0x41...0x5A ~= code[index] else { return nil }
    }
    return code
  }
}

/// The billable codes of a fiscal year, from a file.
struct LoadedDiagnoses: DiagnosisTable {
  /// Sorted, each once.
  private(set) var codes: [UInt64]
  let validity: ClosedRange<Day>

  init(codes: [UInt64], validity: ClosedRange<Day>) {
    self.codes = Self.unique(codes)
    self.validity = validity
  }

  /// Adds the codes of another file of the same year.
  mutating func add(_ other: LoadedDiagnoses) { codes = Self.unique(codes + other.codes) }

  func isBillable(_ code: Code) -> Bool {
    let index = lowerBound(code)
    return !code.isNone && index < codes.count && codes[index] == code.bits
  }

  func isHeading(_ code: Code) -> Bool {
    let index = lowerBound(code)
    return !code.isNone && index < codes.count && codes[index] != code.bits && Code(bits: codes[index]).hasPrefix(code)
  }

  private static func unique(_ codes: [UInt64]) -> [UInt64] {
    var unique: [UInt64] = []
    unique.reserveCapacity(codes.count)
    for code in codes.sorted() where unique.last != code { unique.append(code) }
    return unique
  }

  /// The first position whose code is not before `code`.
  private func lowerBound(_ code: Code) -> Int {
    var low = 0
    var high = codes.count
    while low < high {
      let middle = (low + high) / 2
      if codes[middle] < code.bits { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
