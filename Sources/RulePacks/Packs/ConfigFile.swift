internal import ClaimModel

/// The options of the program from a file: long option names without the hyphens in front, and their values.
///
///     version: 1
///     format: [csv, html]
///     severity: warning
///     jobs: 4
///     ignore: [POS-005, PAYER-001]
public struct ConfigFile: Sendable, Equatable {
  /// What an option takes.
  public enum Kind: Sendable, Equatable {
    /// `true` or `false`.
    case flag
    /// A whole number in a range.
    case number(ClosedRange<Int64>)
    /// A date.
    case date
    /// One of these words.
    case choice([String])
    /// A text.
    case text
    /// A text or a list of texts.
    case list
  }

  /// One option.
  public struct Option: Sendable, Equatable {
    /// The long name, without hyphens in front.
    public var name: String
    /// The values, `true` or `false` for a flag.
    public var values: [String]
    /// Where it stands.
    public var line: Int
    /// Where it stands.
    public var column: Int

    /// An option.
    public init(name: String, values: [String], line: Int = 0, column: Int = 0) {
      self.name = name
      self.values = values
      self.line = line
      self.column = column
    }
  }

  /// The options, in the order of the file.
  public var options: [Option] = []

  /// What `claimaudit audit` takes from a file.
  public static let auditOptions: [String: Kind] = [
    "output": .text, "format": .list, "scope": .choice(["hits", "claims", "all"]), "watch": .list, "pack": .list,
    "select": .list, "ignore": .list, "severity": .choice(["info", "warning", "error"]), "since": .date, "until": .date,
    "payer": .text, "mapping": .text, "column": .list, "input-format": .choice(["auto", "x12", "csv"]),
    "jobs": .number(1...1024), "fail-on": .choice(["error", "warning", "info", "never"]), "as-of": .date,
    "strict": .flag,
    "show-values": .flag, "quiet": .flag, "verbose": .flag, "log-format": .choice(["text", "json"]),
    "no-progress": .flag,
    "color": .choice(["auto", "always", "never"]), "max-expansion": .number(1...1_000_000), "excel": .flag,
    "annotate": .flag, "key-file": .text, "suppressions": .text, "reference": .text, "locality": .text,
    "files-from": .text, "metrics": .text, "ledger": .text, "force": .flag, "coverage": .choice(["new", "all"]),
  ]

  /// The options in a file's bytes; options that are not `known` are an error.
  public init(
    yaml bytes: [UInt8], file: String, known: [String: Kind] = ConfigFile.auditOptions
  ) throws(PackErrors) {
    let decoder = PackDecoder(file: file)
    let node = try YAMLReading.node(of: bytes, file: file)
    if var keys = decoder.keys(node, "the configuration") {
      if keys.has("version") { decoder.version(&keys) }
      var days: [String: Day] = [:]
      for name in known.keys.sorted() {
        guard let kind = known[name], let node = keys.take(name) else { continue }
        guard let values = Self.values(node, name, kind, decoder) else { continue }
        if kind == .date { days[name] = values.first.flatMap { Day(iso: $0) } }
        options.append(Option(name: name, values: values, line: node.line, column: node.column))
      }
      if let since = days["since"], let until = days["until"], until < since {
        decoder.report(
          .date, node, "until (\(until)) is before since (\(since))", expected: "a day on or after \(since)")
      }
      decoder.close(keys)
    }
    try decoder.finish()
    options.sort { $0.line != $1.line ? $0.line < $1.line : $0.column < $1.column }
  }

  private static func values(_ node: PackNode, _ name: String, _ kind: Kind, _ decoder: PackDecoder) -> [String]? {
    switch kind {
    case .flag: return decoder.boolean(node, name).map { [$0 ? "true" : "false"] }
    case .number(let range): return decoder.integer(node, name, range).map { [String($0)] }
    case .date: return decoder.day(node, name).map { [$0.description] }
    case .text: return decoder.text(node, name).map { [$0] }
    case .choice(let words):
      guard let text = decoder.text(node, name) else { return nil }
      guard words.contains(text) else {
        decoder.report(.type, node, "\(name) is \"\(text)\"", expected: words.joined(separator: ", "))
        return nil
      }
      return [text]
    case .list:
      // Codes lose no zeros here either: `watch: 00123` is as much in doubt as in a pack.
      let values = decoder.texts(node, name)
      if name == "watch" { _ = decoder.words(node, "the code") }
      return values.map(\.text)
    }
  }
}

/// A file of the four kinds that `check-pack` validates, told apart by its keys.
public enum CheckedFile: Sendable {
  /// A rule pack.
  case pack(RulePack)
  /// A column mapping.
  case mapping(MappingFile)
  /// A configuration.
  case config(ConfigFile)
  /// A file of accepted findings.
  case suppressions(SuppressionFile)

  /// The file in `bytes`: a mapping when it names columns, accepted findings when it lists suppressions, a configuration when it names
  /// options and nothing of a pack, else a pack.
  ///
  /// - Parameters:
  ///   - bytes: the YAML.
  ///   - file: its name for errors.
  ///   - fields: the fields that a mapping may name, in lower case and without underscores; empty: any word.
  ///   - options: the options that a configuration may name.
  public init(
    yaml bytes: [UInt8], file: String, fields: Set<String> = [],
    options: [String: ConfigFile.Kind] = ConfigFile.auditOptions
  ) throws(PackErrors) {
    let node = try YAMLReading.node(of: bytes, file: file, limit: SuppressionFile.sizeLimit)
    var keys: Set<String> = []
    var listsSuppressions = false
    if case .mapping(let entries) = node.value {
      keys = Set(entries.map(\.key))
      // A configuration has the name of the file there.
      listsSuppressions = entries.contains { entry in
        if case .sequence = entry.value.value { entry.key == "suppressions" } else { false }
      }
    }
    if !keys.isDisjoint(with: ["columns", "layout", "match", "passthrough", "constants"]) {
      self = .mapping(try MappingFile(yaml: bytes, file: file, fields: fields))
    } else if listsSuppressions {
      self = .suppressions(try SuppressionFile(yaml: bytes, file: file))
    } else if keys.isDisjoint(with: ["id", "rules", "overrides", "payers", "modifiers"]),
      keys.contains(where: { options[$0] != nil })
    {
      self = .config(try ConfigFile(yaml: bytes, file: file, known: options))
    } else {
      self = .pack(try RulePack(yaml: bytes, file: file))
    }
  }
}
