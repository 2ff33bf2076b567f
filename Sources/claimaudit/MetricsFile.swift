internal import CHost
internal import ClaimModel
internal import Glibc
internal import Reporting

/// What a run leaves for Prometheus: a file for node_exporter's textfile collector, replaced as a whole at the end of every run,
/// whatever its outcome.
///
/// It holds counts and nothing that came out of a file, not even a path, and so it is readable by all (0644): the collector runs as
/// another user. A run that ended before it had a summary leaves only when it ended, how long it took and with what exit code.
///
/// Source: the text format of <https://prometheus.io/docs/instrumenting/exposition_formats/>.
struct MetricsFile {
  let path: String

  /// Refuses to take the place of a file that the run reads or writes otherwise, and of what is no file: a link, a pipe, a device.
  func refuse(over others: [String]) throws(CommandFailure) {
    var status = stat()
    if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw CommandFailure(
        code: 73, message: "\(path): is no regular file; --metrics names one that is replaced by every run")
    }
    guard !FilePlace.isTaken(path, by: others) else {
      throw CommandFailure(
        code: 64,
        message: "\(path): the metrics would be written over a file of this run; choose another one for --metrics")
    }
  }

  /// Writes the metrics of a run.
  ///
  /// - Parameters:
  ///   - exitCode: the exit code the run is about to give.
  ///   - milliseconds: how long it took.
  ///   - summary: what it added up to, where it came so far.
  func write(exitCode: Int32, milliseconds: Int, summary: Summary?) throws(ReportError) {
    let text = MetricsFile.text(exitCode: exitCode, milliseconds: milliseconds, ended: Int(time(nil)), summary: summary)
    // In the same folder, or the rename would not be one step; not ending in .prom, or the collector would read it.
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let temporary = "\(path[..<slash]).\(path[slash...]).\(getpid()).tmp"
    let descriptor = unsafe claimaudit_open(
      temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw ReportError(.cannotCreate, call: "open", file: path, code: errno) }
    do throws(ReportError) {
      // Whatever the umask says.
      guard fchmod(descriptor, 0o644) == 0 else { throw failure("fchmod") }
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw failure("write") }
        bytes = bytes.dropFirst(count)
      }
      while fsync(descriptor) != 0 { if errno != EINTR { throw failure("fsync") } }
      guard unsafe rename(temporary, path) == 0 else { throw failure("rename") }
    } catch {
      close(descriptor)
      unsafe unlink(temporary)
      throw error
    }
    close(descriptor)
  }

  private func failure(_ call: String) -> ReportError {
    ReportError(.cannotWrite, call: call, file: path, code: errno)
  }

  /// The content of the file.
  private static func text(exitCode: Int32, milliseconds: Int, ended: Int, summary: Summary?) -> String {
    var metrics = Metrics()
    metrics.add("last_run_timestamp_seconds", "When the last run ended.", "\(ended)")
    metrics.add("last_run_exit_code", "The exit code of the last run.", "\(exitCode)")
    metrics.add("last_run_duration_seconds", "How long the last run took.", decimal(milliseconds, places: 3))
    metrics.add("build_info", "The version of claimaudit.", "1", label: "version", of: Version.current)
    guard let summary else { return metrics.text }
    let totals = summary.totals
    metrics.add(
      "files", "Input streams of the last run, by how far they were read.", label: "status",
      SourceFile.Status.allCases.map { status in
        (status.rawValue, "\(summary.files.count { $0.status == status.rawValue })")
      })
    if let coverage = summary.coverage {
      metrics.add(
        "unchanged_files", "Inputs that an earlier run has read, by the ledger, and that have not changed since.",
        "\(coverage.unchanged)")
    }
    metrics.add("input_bytes", "Bytes of the input, decompressed.", "\(totals.bytes)")
    metrics.add("claims", "Claims read.", "\(totals.claims)")
    metrics.add("lines", "Service lines read.", "\(totals.lines)")
    metrics.add("watched_lines", "Service lines whose procedure is watched.", "\(totals.watchedLines)")
    metrics.add(
      "findings", "Findings by severity.", label: "severity", summary.bySeverity.map { ($0.name, "\($0.value)") })
    metrics.add(
      "at_risk_dollars", "Charges of the lines with an error or a warning, each line once.",
      decimal(Int(totals.atRiskCents), places: 2))
    metrics.add(
      "issues", "What was odd about the input, by what it did to the claims.", label: "effect",
      IssueEffect.allCases.map { effect in
        (effect.rawValue, "\(summary.issuesByEffect.first { $0.name == effect.rawValue }?.value ?? 0)")
      })
    return metrics.text
  }

  /// A whole number of small units as a decimal number, exactly.
  private static func decimal(_ units: Int, places: Int) -> String {
    let digits = String(units.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return (units < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
  }
}

/// Metrics in Prometheus's text format.
private struct Metrics {
  private(set) var text = ""

  mutating func add(_ name: String, _ help: String, _ value: String, label: String = "", of labelled: String = "") {
    add(name, help, label: label, [(labelled, value)])
  }

  mutating func add(_ name: String, _ help: String, label: String, _ samples: [(label: String, value: String)]) {
    text += "# HELP claimaudit_\(name) \(help)\n# TYPE claimaudit_\(name) gauge\n"
    for sample in samples {
      text += "claimaudit_\(name)\(label.isEmpty ? "" : "{\(label)=\"\(sample.label)\"}") \(sample.value)\n"
    }
  }
}
