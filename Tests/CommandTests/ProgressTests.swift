import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// The progress line on a terminal, and what `-v` says was recognised.
@Suite("Progress and what was recognised")
struct ProgressTests {
  private static let erasure = "\r\u{1B}[K"

  /// What a run that takes half a second says on a terminal, and its exit code.
  private func run(_ options: [String], environment: [String: String] = ["TERM": "xterm"]) throws -> (String, Int32)? {
    guard let terminal = Terminal() else { return nil }
    defer { terminal.close() }
    let scratch = try Scratch()
    var ends: [Int32] = [0, 0]
    RunningCommand.starting.withLock { _ in _ = unsafe pipe(&ends) }
    var command = Command(["audit", "-", "-o", scratch.path + "/out"] + options, input: .descriptor(ends[0]))
    command.errors = terminal.secondary
    command.environment = environment
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    let running = try command.start()
    close(ends[0])
    let bytes = Fixture.bytes(at: Fixture("valid/professional.837").path) ?? []
    // In small parts, until there was time for three lines: a machine that is busy needs longer for that.
    let isShown = options.isEmpty && environment["TERM"] == "xterm"
    let parts = isShown ? 80 : 8
    for part in 0..<parts {
      let range = bytes.count * part / parts..<bytes.count * (part + 1) / parts
      _ = unsafe Array(bytes[range]).withUnsafeBytes { unsafe write(ends[1], $0.baseAddress, $0.count) }
      if !isShown || terminal.text().components(separatedBy: Self.erasure).count < 4 { usleep(60_000) }
    }
    close(ends[1])
    let outcome = try running.wait()
    return (terminal.text { options == ["--quiet"] || $0.contains("at risk") }, outcome.exitCode)
  }

  @Test("a terminal gets a line with bytes, rate, claims and findings, which is gone when the summary comes")
  func line() throws {
    guard let (text, exitCode) = try run([]) else { return }
    #expect(exitCode == 0)
    let lines = text.components(separatedBy: Self.erasure).dropFirst()
    #expect(lines.count >= 3, "\(text)")
    #expect(lines.dropLast().contains { $0.contains("kB") && $0.contains("/s") && $0.contains("claims") }, "\(text)")
    // Standard input has no size, and so no end to foresee.
    #expect(!text.contains("eta"))
    // After the last erasure there is the summary and nothing of the line.
    let last = try #require(lines.last)
    #expect(last.contains("at risk") && !last.contains("/s"))
    // At most eight a second, however often something is read.
    #expect(lines.count < 12)
  }

  @Test("none with --no-progress, with --quiet, and on a terminal that cannot erase")
  func none() throws {
    for (options, terminal) in [(["--no-progress"], "xterm"), (["--quiet"], "xterm"), ([], "dumb")] {
      guard let (text, _) = try run(options, environment: ["TERM": terminal]) else { return }
      #expect(!text.contains(Self.erasure) && !text.contains("/s"), "\(options) \(text)")
    }
  }

  @Test("where the sizes are known the line says the share and the time to go")
  func share() throws {
    guard let terminal = Terminal() else { return }
    defer { terminal.close() }
    let scratch = try Scratch()
    let file = LargeFile(.manySets, claims: 6000)
    for name in ["a.837", "b.837"] { try scratch.write(name, file.bytes) }
    var command = Command("audit", scratch.path, "-j", "1", "-o", scratch.path + "/out")
    command.errors = terminal.secondary
    command.environment = ["TERM": "xterm"]
    #expect(try command.run().exitCode == 0)
    let text = terminal.text { $0.contains("at risk") }
    let shown = text.components(separatedBy: Self.erasure).dropFirst().dropLast()
    let total = Double(2 * file.bytes.count) / 1e6
    #expect(
      shown.contains { $0.contains("% ") && $0.contains("of \(Int(total)).") && $0.contains("eta 0:") }, "\(text)")
    #expect(shown.allSatisfy { $0.count < 80 })
  }

  @Test("-v says what each file was taken for, as text and as JSON")
  func recognition() throws {
    let export = Fixture("valid/professional-export.csv").path
    let packed = Fixture("valid/secondary.837.gz").path
    let text = try Command("audit", export, packed, "-v").run().standardError
    let lines = text.split(separator: "\n")
    #expect(
      lines.contains {
        $0.contains(packed) && $0.contains("X12 (gzip), guides 005010X222A1, delimiters element | component >")
      }, "\(text)")
    #expect(
      lines.contains { $0.contains(export) && $0.contains("CSV, ") && $0.contains("procedure_code <- hcpcs_code") },
      "\(text)")
    #expect(try Command("audit", export, packed).run().standardError == "")
    let objects = try Command("audit", export, packed, "-v", "--log-format", "json").run().standardError
      .split(separator: "\n").map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    #expect(objects.contains { $0?["file"] as? String == packed && $0?["guides"] as? String == "005010X222A1" })
    #expect(
      objects.contains {
        $0?["file"] as? String == export && ($0?["columns"] as? String)?.contains("procedure_code <-") == true
      })
  }
}
