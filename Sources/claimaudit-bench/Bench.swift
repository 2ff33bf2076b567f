internal import Glibc

/// `claimaudit-bench FOLDER CLAIMAUDIT [MEGABYTES]`: makes claim files and times claimaudit beside the programs people would else
/// use, all in turn, several rounds.
///
/// Times of one machine say little, ratios within one run say much: every row is set against `wc -l` on the same file. Totals are
/// compared with what was written; a fast wrong answer is no answer.
@main
struct Bench {
  private struct Row {
    var name: String
    var file: String
    var bytes: Int
    var command: [String]
    var times: [ProcessTiming] = []

    func median(_ value: (ProcessTiming) -> Double) -> Double {
      let sorted = times.map(value).sorted()
      return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
  }

  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else { return say("claimaudit-bench FOLDER CLAIMAUDIT [MEGABYTES [ROUNDS]]\n") }
    let folder = arguments[1]
    let program = arguments[2]
    let megabytes = arguments.count > 3 ? Int(arguments[3]) ?? 100 : 100
    let rounds = arguments.count > 4 ? Int(arguments[4]) ?? 5 : 5
    unsafe mkdir(folder, 0o700)
    let x12 = folder + "/bench.837"
    let csv = folder + "/bench.csv"
    guard let x12Truth = BenchData.x12(x12, size: megabytes * 1_000_000, seed: 7),
      let csvTruth = BenchData.csv(csv, size: megabytes * 1_000_000, seed: 7)
    else { return say("the data could not be written into \(folder)\n") }
    _ = ProcessTiming.run(["gzip", "-kf6", x12])
    var rows: [Row] = []
    func add(_ name: String, _ file: String, _ bytes: Int, _ command: [String]) {
      rows.append(Row(name: name, file: file, bytes: bytes, command: command))
    }
    for (file, truth) in [(x12, x12Truth), (csv, csvTruth)] {
      let kind = file.hasSuffix("csv") ? "csv" : "837"
      add("wc -l", kind, truth.bytes, ["wc", "-l", file])
      for jobs in ["1", "2"] {
        add("claimaudit -j \(jobs)", kind, truth.bytes, ours(program, file, jobs, folder))
      }
    }
    add(
      "mawk", "837", x12Truth.bytes,
      ["mawk", "-F*", "-v", "RS=~", "/^\\n?SV1/ && $2 ~ /^HC:32960/ {n++} END {print n}", x12])
    add("gzip -dc", "837.gz", x12Truth.bytes, ["gzip", "-dc", x12 + ".gz"])
    for jobs in ["1", "2"] {
      add("claimaudit -j \(jobs)", "837.gz", x12Truth.bytes, ours(program, x12 + ".gz", jobs, folder))
    }
    let query =
      "import duckdb; duckdb.sql(\"set threads=2\"); print(duckdb.sql(\"select count(*), sum(charge_amount) from read_csv('\(csv)', all_varchar=false) where procedure_code = '32960'\").fetchall())"
    if ProcessTiming.run(["python3", "-c", "import duckdb"])?.succeeded == true {
      add("duckdb, 2 threads", "csv", csvTruth.bytes, ["python3", "-c", query])
    }
    for round in 0...rounds {
      for index in rows.indices {
        guard let timing = ProcessTiming.run(rows[index].command), timing.succeeded else { continue }
        // The first round warms the caches.
        if round > 0 { rows[index].times.append(timing) }
      }
    }
    let isRight = check(program, x12, x12Truth, folder) && check(program, csv, csvTruth, folder)
    report(rows, folder: folder, rounds: rounds, isRight: isRight)
    exit(isRight ? 0 : 1)
  }

  private static func ours(_ program: String, _ file: String, _ jobs: String, _ folder: String) -> [String] {
    [program, "audit", file, "--quiet", "--jobs", jobs, "--format", "csv", "--output", folder + "/reports"]
  }

  /// Whether the summary of a run has the totals that were written.
  private static func check(_ program: String, _ file: String, _ truth: BenchData.Truth, _ folder: String) -> Bool {
    guard ProcessTiming.run(ours(program, file, "2", folder))?.succeeded == true,
      let summary = text(folder + "/reports/summary.json")
    else { return false }
    let plain = summary.filter { $0 != " " && $0 != "\n" }
    for expected in [
      "\"claims\":\(truth.claims)", "\"lines\":\(truth.lines)", "\"watched_lines\":\(truth.watched)",
      "\"charge_cents\":\(truth.cents)",
    ] where !plain.contains(expected) {
      say("\(file): the summary does not have \(expected)\n")
      return false
    }
    return true
  }

  private static func report(_ rows: [Row], folder: String, rounds: Int, isRight: Bool) {
    var text =
      "| file | program | median s | CPU s | MB/s | peak MiB | time / wc -l |\n|---|---|---:|---:|---:|---:|---:|\n"
    for row in rows where !row.times.isEmpty {
      let wall = row.median { $0.wall }
      let limit = rows.first { $0.file == row.file && $0.name == "wc -l" } ?? rows.first { $0.name == "wc -l" }
      let ratio = limit.map { wall / max($0.median { $0.wall }, 0.000_001) } ?? 0
      text +=
        "| \(row.file) | \(row.name) | \(rounded(wall, 3)) | \(rounded(row.median { $0.processor }, 3)) | \(rounded(Double(row.bytes) / 1_000_000 / max(wall, 0.000_001), 0)) | \(rounded(row.median { $0.memory }, 1)) | \(rounded(ratio, 2)) |\n"
    }
    let machine =
      Bench.text("/proc/cpuinfo")?.split(separator: "\n").first { $0.hasPrefix("model name") } ?? "model name: unknown"
    text +=
      "\n\(machine.split(separator: ":").last ?? ""), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors; medians of \(rounds) rounds in turn\n"
    text += isRight ? "totals equal what was written\n" : "TOTALS DIFFER from what was written\n"
    say(text)
    let descriptor = unsafe open(folder + "/results.md", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    if descriptor >= 0 {
      let bytes = Array(text.utf8)
      _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      close(descriptor)
    }
  }

  private static func rounded(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let whole = Int((value * scale).rounded())
    guard decimals > 0 else { return "\(whole)" }
    let digits = String(whole % Int(scale))
    return "\(whole / Int(scale))." + String(repeating: "0", count: decimals - digits.count) + digits
  }

  private static func text(_ path: String) -> String? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe fread(&block, 1, block.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += block[..<count]
    }
  }

  private static func say(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
