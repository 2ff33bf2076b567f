import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// That no value of the input, of a pack or of a path becomes markup, and that the page lets nothing in or out.
@Suite struct HTMLEscapingTests {
  static let hostile: [[UInt8]] =
    [
      "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "&lt;b&gt;", "a & b",
      "</style><h1>", "</script><h1>", "]]>", "<!--", "{{version}}", "{{{version}}}", "\u{202E}gpj.exe", "\u{2066}x",
      "\"\u{301} onmouseover=alert(1) y=\"", "<\u{338}b>", "&\u{301}amp;", "'\u{20E3}", "javascript:alert(1)",
    ].map { Array($0.utf8) } + [
      [0x41, 0x00, 0x42], [0x1B, 0x5B, 0x33, 0x31, 0x6D], [0xE2, 0x82, 0x41, 0x81], [0xC0, 0xBC, 0x62, 0x3E],
      [0xFF, 0xFE],
      Array("\u{FFFE}\u{9B}".utf8),
    ]

  @Test(arguments: hostile)
  func aHostileValueStaysText(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    var test = TestClaim()
    test.claim.id = test.text(bytes: bytes)
    test.line(record: 1) { line, test in
      line.procedure = CodedValue(code: Code("32960"), text: test.text(bytes: bytes))
      line.renderingNPI = test.text("x<y")
    }
    let found = finding("MOD-003", .error, message: text, fix: text, carc: text, rarc: text)
    let plain = try Published([(TestClaim().claim, audit(TestClaim().claim))], formats: [.html])
    let published = try Published(
      [(test.claim, audit(test.claim, payer: text, findings: [found]))], formats: [.html],
      issues: [
        ReadingIssue(
          code: text, severity: .error, effect: .claimLost, location: SourceLocation(record: 1, byteOffset: 2),
          message: text)
      ],
      files: [SourceFile(path: text, format: .x12, compression: text, status: .partial)])
    let page = try #require(published.html, "not well-formed")
    let markup = published.folder.text("report.html")
    #expect(page.all("img").isEmpty && page.all("b").isEmpty)
    #expect(page.all("script").count == 1 && page.all("h1").count == 1 && page.all("style").count == 1)
    let known = Set(try #require(plain.html).everyAttribute).union([
      "title", "data-v", "href", "data-filter", "hidden", "autocomplete", "tabindex", "role", "aria-labelledby", "x",
      "y",
      "width", "height", "type", "scope", "id", "class", "x1", "x2", "y1", "y2", "cx", "cy", "r",
    ])
    #expect(Set(page.everyAttribute).subtracting(known) == [])
    #expect(
      markup.unicodeScalars.allSatisfy {
        !(0x202A...0x202E).contains($0.value) && !(0x2066...0x2069).contains($0.value)
      })
    #expect(markup.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    // What is left of the value is there to be read.
    let message = page.all("table").first { $0["id"] == "finding-table" }?.all("td")[5].children.first?.content
    #expect(message?.isEmpty == false)
    if text == "</style><h1>" || text == "{{version}}" || text == "a & b" { #expect(message == text) }
  }

  @Test func everySpecialCharacterIsAReference() {
    #expect(escapedForHTML("<a href=\"x\" b='y'>&") == "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;")
    #expect(escapedForHTML("plain text, 1.5") == "plain text, 1.5")
    #expect(escapedForHTML("Müller 日本") == "Müller 日本")
    #expect(escapedForHTML("a\u{202E}b\u{61C}") == "a[U+202E]b[U+061C]")
    #expect(escapedForHTML("\"\u{301}").utf8.first == 0x26)
    #expect(escapedForHTML("\0\u{1B}\u{7F}\u{85}") == "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")
  }

  @Test func thePolicyLetsOneScriptRunAndNothingLoad() throws {
    let page = try #require(try Published(formats: [.html]).html)
    let policy = page.all("meta").first { $0["http-equiv"] == "Content-Security-Policy" }?["content"] ?? ""
    let hash = "sha256-" + base64(sha256(Array((page.all("script").first?.content ?? "").utf8)))
    #expect(hash == HTMLPage.script.hash, "the script was changed: this is its new hash")
    #expect(
      policy == "default-src 'none'; style-src 'unsafe-inline'; script-src '\(hash)'; img-src data:; "
        + "base-uri 'none'; form-action 'none'")
    for attribute in ["src", "srcset", "action", "style"] { #expect(!page.everyAttribute.contains(attribute)) }
    #expect(page.everyAttribute.allSatisfy { !$0.hasPrefix("on") })
    #expect(page.all("link").isEmpty)
    for link in page.all("a") { #expect(link["href"]?.hasPrefix("#") == true) }
    #expect(!HTMLPage.style.contains("@import") && !HTMLPage.style.contains("http"))
  }

  @Test func everyLinkLeadsSomewhere() throws {
    var test = TestClaim()
    test.line(record: 1)
    let page = try #require(
      try Published(
        [(test.claim, audit(test.claim))], formats: [.html], files: [SourceFile(path: "a", status: .partial)]
      ).html)
    let names = page.all("a").compactMap { $0["href"]?.dropFirst() }
    let ids = Set(page.everyID)
    for name in names { #expect(ids.contains(String(name)), "\(name)") }
    #expect(ids.count == page.everyID.count)
  }
}
