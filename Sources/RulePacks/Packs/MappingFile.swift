internal import ClaimModel

/// A column mapping as its file says it: which header of an export is which field of a claim, and how its values are written.
///
///     version: 1
///     name: billing-system-export
///     match: { headersAll: ["Encounter ID", "Procedure", "Total Charge"] }
///     file: { delimiter: ",", encoding: utf-8, headerRow: 3, nulls: ["~", "NULL"] }
///     columns:
///       claim_id: "Encounter ID"
///       modifiers: ["Mod 1", "Mod 2"]
///       service_date: { header: "From", format: M/d/yyyy }
///
/// Only the file is judged here; whether a field exists is the reader's to say, unless `fields` tells.
public struct MappingFile: Sendable, Equatable {
  /// How a column is read.
  public struct Column: Sendable, Equatable {
    /// The header, or the headers of a field with several columns, in order.
    public var headers: [String]
    /// Whether the headers' values are put one behind the other to make one value.
    public var isConcatenation = false
    /// How dates are written, as `M/d/yyyy`.
    public var format: String?
    /// How amounts are written: `us`, `eu` or `cents`.
    public var money: String?
    /// What is taken of a value: `leadingDigits` of `21 - Inpatient`.
    public var take: String?
    /// To how many characters a number is filled with zeros in front.
    public var pad: Int?
    /// How one value is split into several: `auto`, or the character.
    public var split: String?
    /// Where the column stands in the mapping file.
    public var line: Int
    /// Where the column stands in the mapping file.
    public var column: Int
  }

  /// The character around fields.
  public enum Quote: Sendable, Equatable {
    /// Found from the file.
    case automatic
    /// This byte.
    case byte(UInt8)
    /// None.
    case none
  }

  /// The mapping's name.
  public var name = ""
  /// The headers that a file must have for the mapping to choose itself.
  public var headersAll: [String] = []
  /// The byte between fields; found from the file where it is `nil`.
  public var delimiter: UInt8?
  /// The character around fields.
  public var quote = Quote.automatic
  /// The encoding; found from the file where it is `nil`.
  public var encoding: String?
  /// Which record is the header, 1 is the first; found where it is `nil`.
  public var headerRow: Int?
  /// Values that mean that there is none; the reader's own where it is `nil`.
  public var nulls: [String]?
  /// Fields that make a row be passed over when they hold one of the values; an empty list: when they are empty.
  public var skipRowsWhere: [String: [String]] = [:]
  /// How lines stand in the table: `lines`, `wide`, `ledger`, `continuation`; found where it is `nil`.
  public var layout: String?
  /// How many groups of columns a wide row has.
  public var wideGroups: Int?
  /// What stands behind a header for a group, with `{k}` for its number.
  public var wideSuffix: String?
  /// The column of a ledger that says what a row is.
  public var ledgerColumn: String?
  /// The values of that column that are charges.
  public var ledgerKeep: [String] = []
  /// The columns by field.
  public var columns: [String: Column] = [:]
  /// Values of fields that have no column.
  public var constants: [String: String] = [:]
  /// Headers that are copied to an annotated output.
  public var passthrough: [String] = []

  /// The mapping in a file's bytes.
  ///
  /// - Parameters:
  ///   - bytes: the YAML.
  ///   - file: its name for errors.
  ///   - fields: the fields there are, in lower case and without underscores; empty: any word.
  public init(yaml bytes: [UInt8], file: String, fields: Set<String> = []) throws(PackErrors) {
    self = try MappingReading(decoder: PackDecoder(file: file), fields: fields).mapping(
      YAMLReading.node(of: bytes, file: file))
  }

  fileprivate init() {}
}

/// Makes a `MappingFile` of a node.
private struct MappingReading {
  let decoder: PackDecoder
  let fields: Set<String>

  func mapping(_ node: PackNode) throws(PackErrors) -> MappingFile {
    var mapping = MappingFile()
    if var keys = decoder.keys(node, "the mapping") {
      decoder.version(&keys)
      mapping.name = keys.take("name").flatMap { decoder.text($0, "name", limit: 100) } ?? ""
      if let node = keys.take("match"), var match = decoder.keys(node, "match") {
        mapping.headersAll = match.take("headersAll").map { decoder.texts($0, "a header").map(\.text) } ?? []
        decoder.close(match)
      }
      if let node = keys.take("file") { file(node, &mapping) }
      mapping.layout = keys.take("layout").flatMap {
        decoder.choice($0, "layout", ["lines", "wide", "ledger", "continuation"])
      }
      if let node = keys.take("wide"), var wide = decoder.keys(node, "wide") {
        mapping.wideGroups = wide.take("groups").flatMap { decoder.integer($0, "groups", 1...200) }.map { Int($0) }
        if let node = wide.take("suffix"), let suffix = decoder.text(node, "suffix", limit: 40) {
          if !suffix.contains("{k}") {
            decoder.report(.missing, node, "suffix has no {k}", expected: "{k} where the number stands, as \"_{k}\"")
          }
          mapping.wideSuffix = suffix
        }
        decoder.close(wide)
      }
      if let node = keys.take("ledger"), var ledger = decoder.keys(node, "ledger") {
        mapping.ledgerColumn = decoder.required(&ledger, "column").flatMap { decoder.text($0, "column") }
        mapping.ledgerKeep = decoder.required(&ledger, "keep").map { decoder.texts($0, "a value").map(\.text) } ?? []
        decoder.close(ledger)
      }
      // How rows stand may be all there is to say.
      let node = mapping.layout == nil ? decoder.required(&keys, "columns") : keys.take("columns")
      if let node, var columns = decoder.keys(node, "columns") {
        for entry in columns.takeAll() {
          check(field: entry)
          mapping.columns[entry.key] = column(entry.value, entry.key)
        }
      }
      if let node = keys.take("constants"), var constants = decoder.keys(node, "constants") {
        for entry in constants.takeAll() {
          check(field: entry)
          mapping.constants[entry.key] = value(entry.value, entry.key)
        }
      }
      mapping.passthrough = keys.take("passthrough").map { decoder.texts($0, "a header").map(\.text) } ?? []
      decoder.close(keys)
    }
    try decoder.finish()
    return mapping
  }

  private func file(_ node: PackNode, _ mapping: inout MappingFile) {
    guard var keys = decoder.keys(node, "file") else { return }
    if let node = keys.take("delimiter"), let text = decoder.text(node, "delimiter", limit: 10) {
      let bytes = text == "tab" ? [0x09] : Array(text.utf8)
      if bytes.count == 1, bytes[0] < 0x80, bytes[0] != 0x0A, bytes[0] != 0x0D, bytes[0] != 0x22 {
        mapping.delimiter = bytes[0]
      } else if text != "auto" {
        decoder.report(.type, node, "delimiter is not one character", expected: "one ASCII character, tab or auto")
      }
    }
    if let node = keys.take("quote"), let text = decoder.text(node, "quote", limit: 10) {
      if text == "none" {
        mapping.quote = .none
      } else if text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, byte != mapping.delimiter {
        mapping.quote = .byte(byte)
      } else if text != "auto" {
        decoder.report(.type, node, "quote is not one character", expected: "one ASCII character, none or auto")
      }
    }
    mapping.encoding = keys.take("encoding").flatMap {
      decoder.choice($0, "encoding", ["auto", "utf-8", "windows-1252", "utf-16", "utf-16le", "utf-16be"])
    }.flatMap { $0 == "auto" ? nil : $0 }
    if let node = keys.take("headerRow"), node.value != .scalar("auto", isText: false) {
      mapping.headerRow = decoder.integer(node, "headerRow", 1...1000).map { Int($0) }
    }
    mapping.nulls = keys.take("nulls").map { decoder.texts($0, "a value").map(\.text) }
    for key in ["skipRowsWhere", "skip"] {
      guard let node = keys.take(key), var skip = decoder.keys(node, key) else { continue }
      for entry in skip.takeAll() {
        check(field: entry)
        let values = decoder.texts(entry.value, entry.key).map(\.text)
        mapping.skipRowsWhere[entry.key] = values == ["empty"] ? [] : values
      }
    }
    decoder.close(keys)
  }

  private func column(_ node: PackNode, _ field: String) -> MappingFile.Column? {
    var column = MappingFile.Column(headers: [], line: node.line, column: node.column)
    guard case .mapping = node.value else {
      column.headers = decoder.texts(node, "the header of \(field)").map(\.text)
      if column.headers.isEmpty || column.headers.contains("") {
        decoder.report(.missing, node, "\(field) names no header", expected: "a header, or a list of headers")
      }
      return column
    }
    guard var keys = decoder.keys(node, field) else { return nil }
    if let node = keys.take("header") { column.headers = decoder.texts(node, "the header of \(field)").map(\.text) }
    if let node = keys.take("concat") {
      if !column.headers.isEmpty {
        decoder.report(.conflict, node, "\(field) has a header and a concat", expected: "one")
      }
      column.headers = decoder.texts(node, "the header of \(field)").map(\.text)
      column.isConcatenation = true
    }
    column.format = keys.take("format").flatMap { decoder.text($0, "format", limit: 40) }
    column.money = keys.take("money").flatMap { decoder.choice($0, "money", ["us", "eu", "cents"]) }
    column.take = keys.take("take").flatMap { decoder.choice($0, "take", ["leadingDigits"]) }
    column.pad = keys.take("pad").flatMap { decoder.integer($0, "pad", 1...10) }.map { Int($0) }
    column.split = keys.take("split").flatMap { decoder.text($0, "split", limit: 10) }
    if column.headers.isEmpty {
      decoder.report(.missing, node, "\(field) names no header", expected: "header or concat")
    }
    decoder.close(keys)
    return column
  }

  private func check(field entry: PackNode.Entry) {
    let plain = entry.key.lowercased().filter { $0 != "_" }
    let isWord = !plain.isEmpty && plain.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x7A }
    if !isWord || (!fields.isEmpty && !fields.contains(plain)) {
      decoder.report(
        .unknownKey, entry.keyLine, entry.keyColumn, "there is no field \"\(entry.key)\"",
        expected: "a field as `claimaudit inspect` names them")
    }
  }

  /// A constant: a text; a number that begins with a zero must be quoted, so that the zero is not in doubt.
  private func value(_ node: PackNode, _ what: String) -> String? {
    guard let text = decoder.text(node, what) else { return nil }
    if case .scalar(_, isText: false) = node.value, text.utf8.count > 1, text.utf8.first == 0x30,
      text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
    {
      decoder.report(.code, node, "\(text) would lose its leading zeros", expected: "it in quotes: \"\(text)\"")
    }
    return text
  }
}
