public import Auditing
internal import ClaimModel

extension RecordChunk {
  /// The cells, in the columns of `ReportTable.findings`, of something that the run found on one of the lines here; `nil` when the
  /// line is not among them.
  ///
  /// The reports put such findings on their lines as they are written; this is for lines that stand in no report any more.
  public func cells(of finding: RunFinding, files: [SourceFile], catalogue: RuleCatalogue) -> [String]? {
    var start = 0
    while start < bytes.count {
      let record = Record(in: bytes, at: start, of: base)
      start += record.length
      guard record.key.record == finding.key.record, record.key.slot == finding.key.slot else { continue }
      var row = TableRow()
      record.copyCells(from: bytes, to: &row)
      func cell(_ column: Int) -> String { row.string(LineColumn.inRecord(column)) }
      let format = record.traits.contains(.csv) ? ClaimFormat.csv : .x12
      let file = files[Int(finding.key.stream)]
      var element = ByteBuffer()
      _ = element.append(
        element: finding.field, kind: ClaimKind(rawValue: record.kind) ?? .professional, format: format,
        ownPlaceOfService: record.traits.contains(.ownPlaceOfService), columns: file.columns)
      let ofRule = catalogue.texts[Int(finding.rule.position)]
      var amount = ByteBuffer()
      amount.append(cents: finding.severity >= .warning ? record.charge ?? 0 : 0)
      return [
        cleaned(file.path), format.word, String(record.key.record), String(record.byteOffset), cell(LineColumn.claimID),
        cell(LineColumn.lineNumber), cell(LineColumn.procedure), cell(LineColumn.payer), cell(LineColumn.serviceFrom),
        catalogue[finding.rule], finding.severity.name, element.string(0..<element.count),
        cleaned(finding.message(in: files)).replacing(";", with: ","), cleaned(finding.fix ?? ofRule.fix),
        cleaned(finding.carc ?? ofRule.carc), cleaned(finding.rarc ?? ofRule.rarc), amount.string(0..<amount.count),
      ]
    }
    return nil
  }
}

extension RunFinding {
  /// The message with the other line's place in it.
  fileprivate func message(in files: [SourceFile]) -> String {
    guard let relatedLine else { return message.string }
    let stream = Int(relatedLine.stream)
    let path = stream < files.count ? files[stream].path : ""
    return message.string.replacing(RunFinding.placeholder, with: "\(path) record \(relatedLine.record)")
  }
}
