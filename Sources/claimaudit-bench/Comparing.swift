internal import Glibc

/// Times claimaudit beside the programs people would else use, all in turn, several rounds.
///
/// Times of one machine say little, ratios within one run say much: every row is set against the limit or program named in the last
/// column, on the same file. Totals are compared with what was written; a fast wrong answer is no answer.
struct Comparing {
  let folder: String
  let program: String
  let megabytes: Int
  let rounds: Int

  private struct Row {
    var name: String
    var file: String
    var bytes: Int
    var command: [String]
    var against: String?
    var times: [ProcessTiming] = []

    func median(_ value: (ProcessTiming) -> Double) -> Double { Output.median(times.map(value)) }
  }

  /// One file or folder to read, and what it holds.
  private struct Sample {
    var name: String
    var path: String
    var truth: BenchData.Truth
  }

  func run() -> Bool {
    unsafe mkdir(folder, 0o700)
    guard let samples = makeSamples() else {
      Output.say("the data could not be written into \(folder)\n")
      return false
    }
    var rows = samples.flatMap { self.rows(for: $0) }
    for round in 0...rounds {
      for index in rows.indices {
        guard let timing = ProcessTiming.run(rows[index].command), timing.succeeded else { continue }
        // The first round warms the caches.
        if round > 0 { rows[index].times.append(timing) }
      }
    }
    let isRight = samples.map { check($0) }.allSatisfy { $0 }
    report(rows, isRight: isRight)
    return isRight
  }

  /// Writes what is to be read: one file of each kind, packed copies, folders of small files, and the extremes.
  private func makeSamples() -> [Sample]? {
    let size = megabytes * 1_000_000
    func path(_ name: String) -> String { folder + "/" + name }
    func packed(_ sample: Sample) -> Sample? {
      guard ProcessTiming.run(["gzip", "-kf6", sample.path])?.succeeded == true else { return nil }
      return Sample(name: sample.name + ".gz", path: sample.path + ".gz", truth: sample.truth)
    }
    guard let professional = BenchData.x12(path("bench.837p"), size: size, seed: 7),
      let institutional = BenchData.x12(path("bench.837i"), size: size, seed: 8, kind: .institutional),
      let csv = BenchData.csv(path("bench.csv"), size: size, seed: 9),
      let hits = BenchData.x12(path("hits.837p"), size: size / 4, seed: 10, watchedPercent: 100),
      let small = BenchData.x12(path("small.837p"), size: 1_000_000, seed: 11)
    else { return nil }
    var samples = [
      Sample(name: "837P", path: path("bench.837p"), truth: professional),
      Sample(name: "837I", path: path("bench.837i"), truth: institutional),
      Sample(name: "CSV", path: path("bench.csv"), truth: csv),
      Sample(name: "all hits", path: path("hits.837p"), truth: hits),
      Sample(name: "1 MB", path: path("small.837p"), truth: small),
    ]
    for index in [0, 2] {
      guard let sample = packed(samples[index]) else { return nil }
      samples.append(sample)
    }
    // Many files that are even, and one large file among small ones.
    var even = BenchData.Truth()
    var uneven = BenchData.Truth()
    for name in ["even", "uneven"] { unsafe mkdir(path(name), 0o700) }
    for file in 0..<64 {
      let name = file < 10 ? "0\(file)" : "\(file)"
      let seed = UInt64(100 + file)
      guard let one = BenchData.x12(path("even/\(name).837"), size: size / 64, seed: seed),
        let other = BenchData.x12(
          path("uneven/\(name).837"), size: file == 20 ? size / 2 : size / 128, seed: seed)
      else { return nil }
      even += one
      uneven += other
    }
    samples.append(Sample(name: "64 files", path: path("even"), truth: even))
    samples.append(Sample(name: "1 large, 63 small", path: path("uneven"), truth: uneven))
    return samples
  }

  private func rows(for sample: Sample) -> [Row] {
    func row(_ name: String, _ command: [String], against: String? = nil) -> Row {
      Row(name: name, file: sample.name, bytes: sample.truth.bytes, command: command, against: against)
    }
    func ours(_ jobs: String, against: String?, _ more: [String] = []) -> Row {
      let words = (["claimaudit -j\(jobs)"] + more).joined(separator: " ")
      return row(words, audit(sample.path, jobs: jobs) + more, against: against)
    }
    let itself = CommandLine.arguments[0]
    switch sample.name {
    case "837P", "837I":
      var rows = [
        row("count delimiters", [itself, "count", sample.path]),
        row("wc -l", ["wc", "-l", sample.path], against: "count delimiters"),
        ours("1", against: "count delimiters"), ours("2", against: "claimaudit -j1"),
        row(
          "mawk",
          ["mawk", "-F*", "-v", "RS=~", "/^\\n?SV[12]/ && /HC:32960/ {n++} END {print n}", sample.path],
          against: "claimaudit -j1"),
      ]
      if sample.name == "837P" {
        let copy = "cat '\(sample.path)' > '\(folder)/copy'"
        rows.append(row("cat IN > OUT", ["sh", "-c", copy], against: "count delimiters"))
        rows.append(ours("1", against: "claimaudit -j1", ["--scope", "all"]))
        rows.append(ours("2", against: "claimaudit -j1 --scope all", ["--scope", "all"]))
      }
      return rows
    case "CSV":
      var rows = [
        row("wc -l", ["wc", "-l", sample.path]), ours("1", against: "wc -l"), ours("2", against: "claimaudit -j1"),
      ]
      if ProcessTiming.run(["python3", "-c", "import duckdb"])?.succeeded == true {
        let query =
          "import duckdb; duckdb.sql(\"set threads=2\"); print(duckdb.sql(\"select * from read_csv('\(sample.path)', all_varchar=true) where procedure_code = '32960'\").fetchall()[:1])"
        rows.append(row("duckdb, 2 threads", ["python3", "-c", query], against: "claimaudit -j1"))
      }
      return rows
    case "837P.gz", "CSV.gz":
      return [
        row("inflate only, zlib", [itself, "inflate", sample.path, "zlib"]),
        row("inflate only, fastest", [itself, "inflate", sample.path, "fastest"], against: "inflate only, zlib"),
        row("gzip -dc", ["gzip", "-dc", sample.path], against: "inflate only, zlib"),
        ours("1", against: "inflate only, zlib"), ours("2", against: "inflate only, zlib"),
      ]
    case "1 MB": return [ours("1", against: nil), ours("2", against: "claimaudit -j1")]
    default: return [ours("1", against: nil), ours("2", against: "claimaudit -j1")]
    }
  }

  private func audit(_ path: String, jobs: String) -> [String] {
    [program, "audit", path, "--quiet", "--jobs", jobs, "--format", "csv", "--output", folder + "/reports"]
  }

  /// Whether the summary of a run has the totals that were written.
  private func check(_ sample: Sample) -> Bool {
    guard ProcessTiming.run(audit(sample.path, jobs: "2"))?.succeeded == true,
      let summary = Output.text(folder + "/reports/summary.json")
    else {
      Output.say("\(sample.name): the run failed\n")
      return false
    }
    let plain = summary.filter { $0 != " " && $0 != "\n" }
    let truth = sample.truth
    for expected in [
      "\"claims\":\(truth.claims)", "\"lines\":\(truth.lines)", "\"watched_lines\":\(truth.watched)",
      "\"charge_cents\":\(truth.cents)",
    ] where !plain.contains(expected) {
      Output.say("\(sample.name): the summary does not have \(expected)\n")
      return false
    }
    return true
  }

  private func report(_ rows: [Row], isRight: Bool) {
    var text =
      "| file | program | median s | CPU s | MB/s | peak MiB | ratio | of the time of |\n|---|---|---:|---:|---:|---:|---:|---|\n"
    for row in rows where !row.times.isEmpty {
      let wall = row.median { $0.wall }
      let other = rows.first { $0.file == row.file && $0.name == row.against }
      let ratio = other.map { Output.rounded(wall / max($0.median { $0.wall }, 0.000_001), 2) }
      let rate = Double(row.bytes) / 1_000_000 / max(wall, 0.000_001)
      let cells = [
        row.file, row.name, Output.rounded(wall, 3), Output.rounded(row.median { $0.processor }, 3),
        Output.rounded(rate, 0), Output.rounded(row.times.map(\.memory).max() ?? 0, 1), ratio ?? "",
        ratio == nil ? "" : row.against ?? "",
      ]
      text += "| " + cells.joined(separator: " | ") + " |\n"
    }
    text += "\n\(Output.machine); medians of \(rounds) rounds in turn, MB are 10^6 bytes before compression\n"
    text += isRight ? "totals equal what was written\n" : "TOTALS DIFFER from what was written\n"
    Output.say(text)
    Output.save(text, to: folder + "/results.md")
  }
}
