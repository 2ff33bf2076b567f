/// The summary as the last element of `report.xml`: the members of `summary.json` under their names, in their order.
extension XMLTextWriter {
  /// Writes the element.
  func write(_ summary: Summary) throws(ReportError) {
    try start("summary")
    if let coverage = summary.coverage {
      try attribute("coverage", coverage.name)
      try attribute("unchanged_files", String(coverage.unchanged))
    }
    try start("totals")
    try attributes(summary.totals.named)
    try end()
    try write("by_rule", summary.byRule)
    try write("by_severity", summary.bySeverity)
    try write("by_payer", summary.byPayer)
    try write("by_place_of_service", summary.byPlaceOfService)
    try write("by_type_of_bill", summary.byTypeOfBill)
    try write("by_modifier", summary.byModifier)
    try write("at_risk_by_payer", summary.atRiskByPayer)
    try start("benchmark")
    for entry in summary.benchmark { try write(entry) }
    try end(onOwnLine: true)
    try write("issues_by_code", summary.issuesByCode)
    try write("issues_by_effect", summary.issuesByEffect)
    try write("not_evaluated", summary.notEvaluated)
    if let suppressed = summary.suppressed {
      try start("suppressed")
      try attribute("findings", String(suppressed.findings))
      try attribute("at_risk_cents", String(suppressed.atRiskCents))
      try attribute("unused", String(suppressed.unused.count))
      try attribute("expired", String(suppressed.expired.count))
      try write("by_rule", suppressed.byRule)
      try end(onOwnLine: true)
    }
    try start("files")
    for file in summary.files { try write(file) }
    try end(onOwnLine: true)
    try end(onOwnLine: true)
  }

  private func write(_ name: String, _ counts: Summary.Counts) throws(ReportError) {
    try start(name)
    for count in counts {
      try start("entry")
      try attribute("name", count.name)
      try attribute("value", String(count.value))
      try end()
    }
    try end(onOwnLine: true)
  }

  private func write(_ entry: BenchmarkEntry) throws(ReportError) {
    try start("prices")
    try attribute("payer", entry.payer)
    try attribute("claim_type", entry.claimType)
    try attribute("setting", entry.setting.rawValue)
    try attribute("measure", entry.measure.rawValue)
    for value in entry.values {
      if let cents = value.value { try attribute(value.name, String(cents)) }
    }
    if let reference = entry.medicareReference { try attribute("medicare_reference_cents", String(reference)) }
    try end()
  }

  private func write(_ file: Summary.File) throws(ReportError) {
    try start("input")
    try attribute("path", file.path)
    if let format = file.format { try attribute("format", format) }
    try attribute("compression", file.compression)
    try attributes(file.counts)
    try attribute("status", file.status)
    try end()
  }
}
