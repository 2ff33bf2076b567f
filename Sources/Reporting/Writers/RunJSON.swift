/// `run.json`: what is true of the run and not of its input, and the reports that belong to it.
extension RunFacts {
  /// The document; it begins with the name of the program, by which a folder of ours is known for one.
  func json(reports: [PublishedReport]) -> ByteBuffer {
    var json = JSONText()
    json.object { json in
      json.value("tool", "claimaudit")
      json.value("version", version)
      json.value("schema_version", 1)
      json.value("started", started)
      json.value("finished", finished)
      json.value("elapsed_ms", elapsedMilliseconds)
      json.value("host", host)
      json.value("exit_code", exitCode)
      json.object("options") { json in
        for option in options {
          json.array(option.name) { json in
            for value in option.values { json.element(value) }
          }
        }
      }
      json.object("packs") { json in
        for pack in packs { json.value(pack.name, pack.version) }
      }
      json.object("notes") { json in
        for note in notes { json.value(note.name, note.value) }
      }
      json.object("reports") { json in
        for report in reports { json.value(report.name, report.bytes) }
      }
      json.object("checksums") { json in
        for report in reports { json.value(report.name, report.checksumText) }
      }
    }
    return json.finish()
  }
}
