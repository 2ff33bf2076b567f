import AuditPipeline
import TestSupport
import Testing

@Suite("Envelopes and levels of extracted claims")
struct HierarchyTests {
  private static let isa =
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000901*0*T*:~"
  private static let head = isa + "GS*HC*S*R*20260105*1200*77*X*005010X222A1~"

  private static func set(_ control: String, _ body: String, count: String = "99") -> String {
    "ST*837*\(control)*005010X222A1~BHT*0019*00*1*20260105*1200*CH~" + body + "SE*\(count)*\(control)~"
  }

  private static func claim(_ id: String) -> String {
    "CLM*\(id)*10***11:B:1*Y*A*Y*Y~LX*1~SV1*HC:71046*10*UN*1***1~"
  }

  private func extracted(_ text: String, _ ids: String...) throws -> (selected: String, others: String) {
    let parts = try Extracted(text) { $0.claimIDs = Set(ids.map { Array($0.utf8) }) }
    return (String(decoding: parts.selected, as: UTF8.self), String(decoding: parts.others, as: UTF8.self))
  }

  @Test("levels are numbered anew, parents and child flags follow what is left")
  func levels() throws {
    let body =
      "HL*1**20*1~NM1*85*2*A~HL*2*1*22*0~SBR*P~" + Self.claim("A") + "HL*3*1*22*1~SBR*S~HL*4*3*23*0~PAT*19~"
      + Self.claim("B") + Self.claim("C") + "HL*5*3*23*0~PAT*19~" + Self.claim("D")
      + "HL*6**20*1~NM1*85*2*B~HL*7*6*22*0~"
      + Self.claim("E")
    let text = Self.head + Self.set("0001", body, count: "31") + "GE*1*77~IEA*1*000000901~"
    let parts = try extracted(text, "C", "E")
    #expect(
      parts.selected == Self.head
        + Self.set(
          "0001",
          "HL*1**20*1~NM1*85*2*A~HL*2*1*22*1~SBR*S~HL*3*2*23*0~PAT*19~" + Self.claim("C")
            + "HL*4**20*1~NM1*85*2*B~HL*5*4*22*0~" + Self.claim("E"), count: "18") + "GE*1*77~IEA*1*000000901~")
    #expect(
      parts.others == Self.head
        + Self.set(
          "0001",
          "HL*1**20*1~NM1*85*2*A~HL*2*1*22*0~SBR*P~" + Self.claim("A") + "HL*3*1*22*1~SBR*S~HL*4*3*23*0~PAT*19~"
            + Self.claim("B") + "HL*5*3*23*0~PAT*19~" + Self.claim("D"), count: "22") + "GE*1*77~IEA*1*000000901~")
  }

  @Test("a subscriber with claims of his own and of a patient is a parent only where a patient's claim is left")
  func mixedSubscriber() throws {
    let body = "HL*1**20*1~HL*2*1*22*1~" + Self.claim("OWN") + "HL*3*2*23*0~" + Self.claim("CHILD")
    let text = Self.head + Self.set("1", body) + "GE*1*77~IEA*1*000000901~"
    let own = try extracted(text, "OWN")
    #expect(own.selected.contains("HL*2*1*22*0~" + Self.claim("OWN") + "SE*8*1~"))
    #expect(own.others.contains("HL*2*1*22*1~HL*3*2*23*0~" + Self.claim("CHILD")))
    #expect(try extracted(text, "OWN", "CHILD").selected.contains("HL*2*1*22*1~" + Self.claim("OWN") + "HL*3*2*23*0~"))
  }

  @Test("sets and groups without a selected claim are left out and not counted")
  func leftOut() throws {
    let text =
      Self.head + Self.set("1", "HL*1**20*1~HL*2*1*22*0~" + Self.claim("A"))
      + Self.set("2", "HL*1**20*1~HL*2*1*22*0~" + Self.claim("B")) + "GE*2*77~"
      + "GS*HC*S*R*20260105*1200*78*X*005010X222A1~" + Self.set("3", "HL*1**20*1~HL*2*1*22*0~" + Self.claim("C"))
      + "GE*1*78~IEA*2*000000901~"
    let parts = try extracted(text, "B")
    #expect(
      parts.selected == Self.head + Self.set("2", "HL*1**20*1~HL*2*1*22*0~" + Self.claim("B"), count: "8")
        + "GE*1*77~IEA*1*000000901~")
    #expect(parts.others.contains("GE*1*77~GS*HC*S*R*20260105*1200*78*") && parts.others.hasSuffix("IEA*2*000000901~"))
    #expect(!parts.others.contains("CLM*B*"))
  }

  @Test("what is missing at the end is closed, with the line break of the file")
  func missingTrailers() throws {
    let lines = (Self.head + "ST*837*9~HL*1**20*1~HL*2*1*22*0~" + Self.claim("A") + Self.claim("B"))
      .replacing("~", with: "~\r\n")
    let parts = try extracted(lines, "A")
    #expect(parts.selected.hasSuffix("SV1*HC:71046*10*UN*1***1~\r\nSE*7*9~\r\nGE*1*77~\r\nIEA*1*000000901~\r\n"))
    // The next interchange, set and group close what is open before them.
    let nested = Self.head + "ST*837*9~HL*1**20*1~HL*2*1*22*0~" + Self.claim("A")
    let twice = try extracted(nested + nested.replacing("CLM*A", with: "CLM*B"), "A", "B")
    #expect(twice.selected.components("IEA*1*000000901~") == 2)
    #expect(twice.selected.components("SE*7*9~GE*1*77~IEA*1*000000901~") == 2)
  }

  @Test("other delimiters, wrong counts and other control numbers in trailers are met")
  func delimiters() throws {
    let text =
      (Self.head + Self.set("0007", "HL*1**20*1~HL*2*1*22*0~" + Self.claim("A"), count: "3")
        + "GE*5*99~IEA*4*123456789~")
    let odd = String(text.map { $0 == "*" ? "|" : $0 == "~" ? "\n" : $0 == ":" ? ">" : $0 })
    let parts = try extracted(odd, "A")
    #expect(parts.selected.contains("CLM|A|10|||11>B>1|"))
    #expect(parts.selected.hasSuffix("SE|8|0007\nGE|1|77\nIEA|1|000000901\n"))
    #expect(parts.others.isEmpty)
  }

  @Test("an HL that is right stays as it came, and what else it holds stays in one that is not")
  func hlBytes() throws {
    let body = "HL*1**20*1~HL*2* 1*22*0*X~" + Self.claim("A") + "HL*3*1*22*0*Y~" + Self.claim("B")
    let text = Self.head + Self.set("1", body) + "GE*1*77~IEA*1*000000901~"
    #expect(try extracted(text, "A").selected.contains("~HL*2* 1*22*0*X~"))
    #expect(try extracted(text, "B").selected.contains("~HL*2*1*22*0*Y~"))
  }

  @Test("sets that are no claims are in neither part")
  func otherSets() throws {
    let other = "ST*270*0005*005010X279A1~BHT*0022*13*1*20260105*1200~HL*1**20*1~NM1*PR*2*X~SE*5*0005~"
    let text =
      Self.head + other + Self.set("1", "HL*1**20*1~HL*2*1*22*0~" + Self.claim("A")) + "GE*2*77~IEA*1*000000901~"
    let parts = try extracted(text, "A")
    #expect(!parts.selected.contains("ST*270"))
    #expect(parts.selected.hasSuffix("GE*1*77~IEA*1*000000901~"))
    #expect(parts.others.isEmpty)
  }

  @Test("interchanges with delimiters of their own stay what they are, wherever the claims are")
  func ownDelimiters() throws {
    func interchange(_ id: String, _ element: String, _ end: String) -> String {
      (Self.head + Self.set("0001", "HL*1**20*1~HL*2*1*22*0~" + Self.claim(id), count: "8") + "GE*1*77~IEA*1*000000901~")
        .replacing("*", with: element).replacing("~", with: end)
    }
    let parts = [
      interchange("A", "*", "~"), interchange("B", "|", "'"), interchange("C", "|", "~\n"), interchange("D", "*", "~"),
    ]
    let all = try extracted(parts.joined(), "B", "D")
    #expect(all.selected == parts[1] + parts[3] && all.others == parts[0] + parts[2])
    for (index, id) in ["A", "B", "C", "D"].enumerated() {
      #expect(try extracted(parts.joined(), id).selected == parts[index])
    }
  }
}

extension String {
  /// How often a text stands in this one.
  fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
