internal import Auditing

/// `summary.json`, in the shape of `Schemas/summary.schema.json`.
extension Summary {
  /// The document: the same bytes for the same summary.
  func json() -> ByteBuffer {
    var json = JSONText()
    json.object { json in
      json.value("schema_version", 1)
      if let coverage {
        json.value("coverage", coverage.name)
        json.value("unchanged_files", coverage.unchanged)
      }
      json.object("totals") { json in
        for total in totals.named { json.value(total.name, total.value) }
      }
      json.counts("by_rule", byRule)
      json.counts("by_severity", bySeverity)
      json.counts("by_payer", byPayer)
      json.counts("by_place_of_service", byPlaceOfService)
      json.counts("by_type_of_bill", byTypeOfBill)
      json.counts("by_modifier", byModifier)
      json.counts("at_risk_by_payer", atRiskByPayer)
      json.array("benchmark") { json in
        for entry in benchmark { json.entry(entry) }
      }
      json.object("issues") { json in
        json.counts("by_code", issuesByCode)
        json.counts("by_effect", issuesByEffect)
      }
      json.counts("not_evaluated", notEvaluated)
      if let suppressed {
        json.object("suppressed") { json in
          json.value("findings", suppressed.findings)
          json.value("at_risk_cents", Int(suppressed.atRiskCents))
          json.counts("by_rule", suppressed.byRule)
          json.array("unused") { json in
            for suppression in suppressed.unused { json.element(suppression.fingerprint.description) }
          }
          json.array("expired") { json in
            for suppression in suppressed.expired { json.element(suppression.fingerprint.description) }
          }
        }
      }
      json.array("files") { json in
        for file in files { json.file(file) }
      }
    }
    return json.finish()
  }
}

extension Summary.Totals {
  /// The totals under the names that every format uses.
  public var named: [Summary.Count] {
    [
      ("files", Int64(files)), ("bytes", Int64(bytes)), ("claims", Int64(claims)), ("lines", Int64(lines)),
      ("watched_lines", Int64(watchedLines)), ("reported_lines", Int64(reportedLines)), ("findings", Int64(findings)),
      ("issues", Int64(issues)), ("charge_cents", chargeCents), ("watched_charge_cents", watchedChargeCents),
      ("at_risk_cents", atRiskCents),
    ].map { Summary.Count(name: $0.0, value: $0.1) }
  }
}

extension Summary.File {
  /// The counts under the names that every format uses.
  var counts: [Summary.Count] {
    [
      ("bytes", bytes), ("claims", claims), ("lines", lines), ("watched_lines", watchedLines), ("findings", findings),
      ("issues", issues),
    ].map { Summary.Count(name: $0.0, value: Int64($0.1)) }
  }
}

extension BenchmarkEntry {
  /// The values in cents under the names that every format uses.
  var values: [(name: String, value: Int64?)] {
    [
      ("count", Int64(count)), ("min", minimum), ("p25", p25), ("median", median), ("p75", p75), ("p90", p90),
      ("max", maximum),
    ]
  }
}

extension JSONText {
  fileprivate mutating func counts(_ name: String, _ counts: Summary.Counts) {
    object(name) { json in
      for count in counts { json.value(count.name, count.value) }
    }
  }

  fileprivate mutating func entry(_ entry: BenchmarkEntry) {
    object { json in
      json.value("payer", entry.payer)
      json.value("claim_type", entry.claimType)
      json.value("setting", entry.setting.rawValue)
      json.value("measure", entry.measure.rawValue)
      for value in entry.values { json.value(value.name, value.value) }
      if let reference = entry.medicareReference { json.value("medicare_reference_cents", reference) }
    }
  }

  fileprivate mutating func file(_ file: Summary.File) {
    object { json in
      json.value("path", file.path)
      json.value("format", file.format)
      json.value("compression", file.compression)
      for count in file.counts { json.value(count.name, count.value) }
      json.value("status", file.status)
    }
  }
}
