import Foundation
import TestSupport
import Testing

/// Runs what the README and the pages of the documentation show.
///
/// A block that is marked `sh` is run line by line in a shell, in a folder with the files that the pages speak of, with the built
/// program under its name. Every line must do its work; `# exit 1` behind a line says that it ends with that code. A block of
/// YAML that begins with `# NAME` is that file.
@Suite("What the pages show")
struct DocumentationTests {
  /// A page and the lines of its blocks.
  struct Page: CustomTestStringConvertible, Sendable {
    let path: String
    let lines: [String]

    var testDescription: String { path }
  }

  /// The files that a page shows, by name.
  static func files(of page: String) -> [(name: String, content: String)] {
    page.components(separatedBy: "```yaml\n# ").dropFirst().compactMap { block in
      guard let end = block.range(of: "```"), let line = block.range(of: "\n") else { return nil }
      return (String(block[..<line.lowerBound]), String(block[line.upperBound..<end.lowerBound]))
    }
  }

  static let pages: [Page] = {
    var paths = ["README.md"]
    let sources = FileManager.default.enumerator(atPath: Fixture.repository + "/Sources")
    while let path = sources?.nextObject() as? String {
      if path.contains(".docc/"), path.hasSuffix(".md") { paths.append("Sources/" + path) }
    }
    return paths.sorted().map { Page(path: $0, lines: shellLines(of: text($0))) }.filter { !$0.lines.isEmpty }
  }()

  static func text(_ path: String) -> String {
    String(decoding: Fixture.bytes(at: Fixture.repository + "/" + path) ?? [], as: UTF8.self)
  }

  /// The lines of the blocks that are marked `sh`, a continued line as one.
  static func shellLines(of page: String) -> [String] {
    var lines: [String] = []
    var isInside = false
    var continued = ""
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = !isInside && line == "```sh"
      } else if isInside, line.hasSuffix("\\") {
        continued += line.dropLast()
      } else if isInside {
        let whole = continued + line
        continued = ""
        if !whole.isEmpty, !whole.hasPrefix("#"), !whole.hasPrefix("make ") { lines.append(whole) }
      }
    }
    return lines
  }

  @Test("there are pages with commands")
  func thereArePages() {
    #expect(Self.pages.contains { $0.path == "README.md" })
    #expect(Self.pages.count >= 3)
  }

  @Test("every command does what it is shown for", arguments: pages)
  func commandsRun(page: Page) throws {
    let scratch = try Scratch()
    let folder = Fixture.repository + "/Fixtures"
    for (name, file) in [
      ("dumps/professional.837", "valid/professional.837"), ("dumps/institutional.837", "valid/institutional.837"),
      ("dumps/secondary.837.gz", "valid/secondary.837.gz"), ("x.837.gz", "valid/secondary.837.gz"),
      ("export.csv", "valid/professional-export.csv"), ("my-pack.yaml", "packs/house-rules.yaml"),
    ] {
      try scratch.write(name, #require(Fixture.bytes(at: "\(folder)/\(file)")))
    }
    for file in Self.files(of: Self.text(page.path)) { try scratch.write(file.name, file.content) }
    let manager = FileManager.default
    try manager.createDirectory(atPath: scratch.path + "/bin", withIntermediateDirectories: true)
    try manager.createSymbolicLink(atPath: scratch.path + "/bin/claimaudit", withDestinationPath: Command.program)
    try manager.createSymbolicLink(atPath: scratch.path + "/Fixtures", withDestinationPath: folder)
    for line in page.lines {
      let parts = line.components(separatedBy: "# exit ")
      let wanted = parts.count > 1 ? Int32(parts[1].prefix { $0.isNumber }) ?? 0 : 0
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-o", "pipefail", "-c", parts[0]]
      process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
      process.environment = [
        "PATH": scratch.path + "/bin:/usr/local/bin:/usr/bin:/bin", "HOME": scratch.path, "TMPDIR": scratch.path,
      ]
      let errors = Pipe()
      process.standardOutput = FileHandle.nullDevice
      process.standardError = errors
      process.standardInput = FileHandle.nullDevice
      try process.run()
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == wanted, "\(line)\n\(said)")
    }
  }
}
