internal import ClaimReading
internal import RulePacks

extension ColumnMapping {
  /// The mapping a YAML file describes, as the reader takes it.
  ///
  /// What the file may say and the reader cannot do is refused: a part of a mapping that is passed over in silence would be a wrong
  /// answer.
  init(file: String) throws(CommandFailure) {
    let content = try FileContent.read(file, limit: 1 << 20, failing: 78)
    let parsed: MappingFile
    do {
      parsed = try MappingFile(yaml: content, file: file)
    } catch {
      throw CommandFailure(error)
    }
    self.init()
    func unsupported(_ what: String, _ instead: String) -> CommandFailure {
      CommandFailure(code: 78, message: "\(file): \(what) is not supported; \(instead)")
    }
    delimiter = parsed.delimiter
    switch parsed.quote {
    case .automatic: quoting = .automatic
    case .byte(let byte): quoting = .byte(byte)
    case .none: quoting = .none
    }
    headerRow = parsed.headerRow
    if let nulls = parsed.nulls { self.nulls = nulls }
    if let layout = parsed.layout.flatMap({ Layout(rawValue: $0) }) { self.layout = layout }
    constants = parsed.constants
    if let encoding = parsed.encoding, encoding.hasPrefix("utf-16") {
      throw unsupported("encoding \(encoding)", "convert the export to UTF-8 first")
    }
    if !parsed.skipRowsWhere.isEmpty {
      throw unsupported("skipRowsWhere", "rows without a procedure or a date are passed over and said")
    }
    if parsed.wideGroups != nil || parsed.wideSuffix != nil {
      throw unsupported("wide", "columns that end in _1, _2, … are found by themselves")
    }
    if parsed.ledgerColumn != nil {
      throw unsupported("ledger", "rows that are payments are found by their type column")
    }
    for (field, column) in parsed.columns.sorted(by: { $0.key < $1.key }) {
      if column.isConcatenation {
        throw unsupported("\(field): concat", "name the columns of facility, class and frequency each")
      }
      columns[field] = column.headers
      if let money = column.money.flatMap({ AmountFormat(rawValue: $0) }) { amounts = money }
      if let format = column.format {
        guard let order = DateOrder(format) else {
          throw CommandFailure(
            code: 78,
            message:
              "\(file):\(column.line):\(column.column): \"\(format)\" is no date format, expected M/d/yyyy, d.M.yyyy or the like"
          )
        }
        if order != .automatic { dates = order }
      }
    }
    if let problem = problems.first { throw CommandFailure(code: 78, message: "\(file): \(problem)") }
  }
}
