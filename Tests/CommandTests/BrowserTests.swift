import Foundation
import Glibc
import TestSupport
import Testing

/// A program of the machine that some tests need and that need not be there.
struct OutsideProgram {
  let path: String

  /// The first of these names that stands in a usual folder.
  init?(_ names: String...) {
    let paths = names.flatMap { name in ["/usr/bin/", "/usr/local/bin/"].map { $0 + name } }
    guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
    self.path = path
  }

  static let browser = OutsideProgram("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
  static let office = OutsideProgram("soffice", "libreoffice")

  /// Runs it with a home of its own; what it writes to both streams.
  func run(_ arguments: [String], home: Scratch) throws -> (output: String, messages: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ["HOME": home.path, "TMPDIR": home.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
    let (output, messages) = (try home.write("output", ""), try home.write("messages", ""))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: messages)
    try process.run()
    process.waitUntilExit()
    return (home.text("output"), home.text("messages"))
  }
}

@Suite(
  "report.html in a browser",
  .enabled(if: OutsideProgram.browser != nil, "chromium is not installed: the page is not looked at"), .serialized)
struct BrowserTests {
  private let scratch: Scratch
  private let page: String

  init() throws {
    scratch = try Scratch()
    let accepted = try scratch.write(
      "accepted.yaml", "version: 1\nsuppressions:\n  - {fingerprint: e79157d38a5960c4, reason: \"a <b> & \\\"c\\\"\"}\n"
    )
    let outcome = try Command(
      "audit", Fixture.repository + "/Fixtures/valid", "-o", scratch.path + "/reports", "--as-of", "2026-04-30",
      "--format", "html", "--suppressions", accepted, "-q"
    ).run()
    try #require(outcome.exitCode == 0)
    page = scratch.path + "/reports/report.html"
  }

  /// The page's tree after its script has run, and what the browser says.
  private func load(_ file: String, _ arguments: String..., fragment: String = "") throws -> (
    output: String, messages: String
  ) {
    let browser = try #require(OutsideProgram.browser)
    let home = try Scratch()
    return try browser.run(
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--user-data-dir=\(home.path)/profile", "--enable-logging=stderr",
      ] + arguments + ["file://\(file)\(fragment)"], home: home)
  }

  private func complaints(_ messages: String) -> [Substring] {
    messages.split(separator: "\n").filter { $0.contains("CONSOLE") }
  }

  @Test("its script runs, it has nothing to complain about and asks for nothing outside")
  func quiet() throws {
    let (tree, messages) = try load(page, "--dump-dom")
    #expect(complaints(messages) == [])
    // The script has made every head of a sortable table a button and shown the filter.
    #expect(tree.contains("<button type=\"button\">Rule</button>"))
    #expect(!tree.contains("<p class=\"tools\" hidden"))
    #expect(!tree.contains("<details open") && !tree.contains("open=\"\""))
    // A page that asks for something would be found out: its own policy forbids it, and the browser says so.
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: page)), as: UTF8.self)
    let poisoned = try scratch.write(
      "poisoned.html", text.replacing("<h1>", with: "<img src=\"https://example.invalid/x.png\"/><h1>"))
    #expect(complaints(try load(poisoned, "--dump-dom").messages).count == 1)
  }

  @Test("a link to a rule opens what is folded over it, and so does the list of suppressed findings")
  func unfolds() throws {
    let rule = try load(page, "--dump-dom", fragment: "#rule-MOD-003").output
    let opened = try #require(rule.range(of: "<details open=\"\">"))
    #expect(rule[opened.upperBound...].prefix(60).contains("MOD-003"))
    let list = try load(page, "--dump-dom", fragment: "#suppressed").output
    #expect(list.contains("<details id=\"suppressed\" open=\"\">"))
    #expect(list.contains("a &lt;b&gt; &amp; \"c\""))
  }

  @Test("it can be drawn in light and dark, and printed")
  func drawn() throws {
    let home = try Scratch()
    _ = try load(page, "--window-size=1400,3000", "--screenshot=\(home.path)/light.png")
    let light = home.bytes("light.png")
    #expect(light.starts(with: [0x89, 0x50, 0x4E, 0x47]) && light.count > 20_000)
    let dark = "\(home.path)/dark.png"
    _ = try load(
      page, "--window-size=1400,3000", "--force-dark-mode", "--blink-settings=preferredColorScheme=0",
      "--screenshot=\(dark)")
    #expect(!home.bytes("dark.png").isEmpty && home.bytes("dark.png") != light)
    let printed = "\(home.path)/page.pdf"
    _ = try load(page, "--print-to-pdf=\(printed)")
    #expect(home.bytes("page.pdf").starts(with: Array("%PDF".utf8)) && home.bytes("page.pdf").count > 100_000)
  }
}
