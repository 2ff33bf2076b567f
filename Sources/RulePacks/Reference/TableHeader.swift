/// The heading of a table: the name of each column, put together from the rows over one another, and the title above.
///
///     ,,2025 … Relative Value File January Release,,     the title: the one cell of its row
///     ,,,STATUS,WORK,NON-FAC                              names over several rows
///     HCPCS,MOD,DESCRIPTION,CODE,RVU,PE RVU               the last row of names
struct TableHeader {
  /// The name of each column, rows above first, in upper case.
  var names: [String] = []
  /// The name of each column in the row that was recognised.
  var bottoms: [String] = []
  /// The rows that hold one cell, and the name of the file, in upper case.
  var title = ""
  /// The line of the recognised row.
  var line = 0

  /// The columns whose name satisfies a test.
  func columns(_ isWanted: (_ name: String, _ bottom: String) -> Bool) -> [Int] {
    bottoms.indices.filter { isWanted($0 < names.count ? names[$0] : "", bottoms[$0]) }
  }

  /// The first column whose name satisfies a test.
  func column(_ isWanted: (_ name: String, _ bottom: String) -> Bool) -> Int? { columns(isWanted).first }

  /// The words of a name.
  static func words(_ name: String) -> [Substring] {
    name.split { !($0.isLetter || $0.isNumber) }
  }

  /// Whether a name has a word.
  static func has(_ name: String, _ word: String) -> Bool { words(name).contains { $0 == word } }

  /// The first number between 2000 and 2199 in the title.
  var year: Int? { Self.year(in: title) }

  /// The first number between 2000 and 2199 in a text.
  static func year(in text: String) -> Int? {
    text.split { !$0.isNumber }.lazy.compactMap { Int($0) }.first { 2000...2199 ~= $0 }
  }
}

/// The kinds of reference files.
enum ReferenceKind: String {
  case relativeValues = "relative values"
  case localities = "geographic indices"
  case pairs = "NCCI pairs"
  case units = "units per day"
  case places = "places of service"
  case diagnoses = "ICD-10-CM codes"
}

extension TableReader {
  /// Recognises what a file is by its heading and goes to its first row of data; `nil` when it is none of the kinds.
  mutating func recognise() -> (kind: ReferenceKind, header: TableHeader)? {
    guard isText else { return nil }
    var header = TableHeader()
    header.title = name.uppercased()
    if DiagnosisFile.layout(of: firstLine) != nil {
      takesWholeLines = true
      return (.diagnoses, header)
    }
    for _ in 0..<60 {
      // A text that is no table at all is not broken, it is not ours.
      guard let isThere = try? next(), isThere else { return nil }
      let labels = (0..<count).map { label($0) }
      let filled = labels.count { !$0.isEmpty }
      guard filled > 1 else {
        header.title += " " + labels.joined()
        continue
      }
      header.add(labels)
      header.bottoms = labels
      header.line = line
      if let kind = Self.kind(of: labels, title: header.title) { return (kind, header) }
    }
    return nil
  }

  private static func kind(of labels: [String], title: String) -> ReferenceKind? {
    func has(_ isWanted: (String) -> Bool) -> Bool { labels.contains(where: isWanted) }
    if has({ $0.contains("MUE VALUE") }) { return .units }
    if labels.count(where: { $0.contains("GPCI") }) >= 2 { return .localities }
    if has({ $0.hasPrefix("HCPCS") }), has({ $0.hasSuffix("RVU") }) { return .relativeValues }
    if has({ $0.hasPrefix("COLUMN 1") || $0.hasPrefix("COLUMN1") }),
      has({ $0.hasPrefix("COLUMN 2") || $0.hasPrefix("COLUMN2") })
    {
      return .pairs
    }
    if has({ $0.hasPrefix("PLACE OF SERVICE CODE") || $0.hasPrefix("POS CODE") }) { return .places }
    let isTitled = title.contains("PLACE OF SERVICE") || title.contains("PLACE-OF-SERVICE")
    return isTitled && has({ $0 == "CODE" }) && has({ $0.hasSuffix("NAME") }) ? .places : nil
  }
}

extension TableHeader {
  /// Adds a row of names.
  mutating func add(_ labels: [String]) {
    while names.count < labels.count { names.append("") }
    for (index, label) in labels.enumerated() where !label.isEmpty {
      names[index] += names[index].isEmpty ? label : " " + label
    }
  }
}
