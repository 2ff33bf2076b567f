package import ByteInput
internal import CSV
package import ClaimModel
package import ClaimReading

/// What a stream turned out to hold.
package enum StreamKind {
  /// X12 interchanges.
  case x12(X12ClaimReader)
  /// A claim export, with what was noticed about its header.
  case csv(CSVClaimReader, notices: [ReadingIssue])
  /// Nothing that can be read as claims, and why.
  case refused([ReadingIssue])
  /// No bytes at all: the stream itself says so.
  case empty
  /// Something of ours in a folder that is read to its depth.
  case ownOutput

  /// Looks at the first bytes of a stream.
  ///
  /// Names and endings do not count.
  package init(_ stream: ClaimStream, plan: AuditPlan, interest: ClaimInterest) {
    let sample = stream.peek(ClaimStream.peekLimit)
    if sample.isEmpty {
      self = .empty
      return
    }
    if stream.isFound, OwnOutput.recognises(sample) {
      self = .ownOutput
      return
    }
    if let blank = StreamKind.blankness(sample) {
      self = .refused([blank])
      return
    }
    if let encoding = StreamKind.foreignEncoding(sample) {
      self = .refused([encoding])
      return
    }
    let isX12 = unsafe sample.withUnsafeBytes { unsafe X12ClaimReader.recognises($0) }
    if plan.inputFormat == .x12 || plan.inputFormat == .auto && isX12 {
      guard isX12 else {
        self = .refused([.refusal("NOT_X12", "no interchange (ISA) was found, and --input-format x12 asks for one")])
        return
      }
      self = .x12(
        X12ClaimReader(
          interest: interest, limits: plan.limits, hash: plan.identityHash,
          readsEveryClaimInFull: plan.readsEveryClaimInFull))
      return
    }
    if StreamKind.isBinary(sample) {
      self = .refused([.refusal("NOT_X12", "the input is neither X12 nor text; it cannot hold claims")])
      return
    }
    // Where claims are marked every row counts: of a claim that is handed out in parts all of them.
    let interest = plan.criteria == nil ? interest : .everything
    let opening = unsafe sample.withUnsafeBytes { sample in
      unsafe CSVClaimReader.open(
        sample: sample, mapping: plan.mapping, interest: interest, limits: plan.limits, hash: plan.identityHash)
    }
    switch opening {
    case .reader(let reader, let notices): self = .csv(reader, notices: notices)
    case .refused(let issues): self = .refused(issues)
    case .notCSV:
      self = .refused([
        .refusal(
          "NOT_X12",
          isX12
            ? "the input is X12 and no claim export (NOT_CLAIMS), which --input-format csv asks for"
            : "the input is neither X12 (no ISA was found) nor a claim export (NOT_CLAIMS)")
      ])
    }
  }

  /// Whether the bytes are no text: a zero byte here and there is damage to a row, many of them are another kind of file.
  private static func isBinary(_ sample: [UInt8]) -> Bool {
    let head = sample.prefix(4096)
    return head.count { $0 == 0 } > head.count / 64
  }

  /// Says so when a stream's name promises the other format than its bytes hold.
  func mismatch(withName name: String) -> ReadingIssue? {
    let lowered = name.lowercased()
    let isNamedTable = [".csv", ".tsv", ".csv.gz", ".tsv.gz"].contains { lowered.hasSuffix($0) }
    let isNamedX12 = [".837", ".x12", ".edi", ".837.gz", ".x12.gz", ".edi.gz"].contains { lowered.hasSuffix($0) }
    switch self {
    case .x12 where isNamedTable: return StreamKind.mismatch(found: "X12")
    case .csv where isNamedX12: return StreamKind.mismatch(found: "a table")
    default: return nil
    }
  }

  private static func mismatch(found: String) -> ReadingIssue {
    ReadingIssue(
      code: "FORMAT_MISMATCH", severity: .info, effect: .none, location: SourceLocation(),
      message: "the content is \(found), whatever the name says; it is read as such")
  }

  /// A sample of nothing but blanks and zeros.
  private static func blankness(_ sample: [UInt8]) -> ReadingIssue? {
    if sample.allSatisfy({ $0 == 0x20 || $0 >= 0x09 && $0 <= 0x0D }) {
      return .refusal("EMPTY", "the input begins with nothing but white space; there are no claims in it")
    }
    if sample.allSatisfy({ $0 == 0 }) {
      return .refusal("NOT_X12", "the input begins with nothing but zero bytes; there are no claims in it")
    }
    return nil
  }

  /// UTF-16 and EBCDIC, which look like noise and are not.
  private static func foreignEncoding(_ sample: [UInt8]) -> ReadingIssue? {
    func utf16(_ how: String) -> ReadingIssue {
      .refusal(
        "ENCODING",
        "the input is UTF-16 \(how) (what=utf-16); save it as UTF-8, for instance with iconv -f UTF-16 -t UTF-8")
    }
    if sample.starts(with: [0xFF, 0xFE]) || sample.starts(with: [0xFE, 0xFF]) {
      return utf16("with a byte order mark")
    }
    let head = sample.prefix(256)
    if head.count >= 8 {
      var even = 0
      var odd = 0
      for (index, byte) in head.enumerated() where byte == 0 {
        if index % 2 == 0 { even += 1 } else { odd += 1 }
      }
      if max(even, odd) > head.count / 3, min(even, odd) < head.count / 16 { return utf16("without a byte order mark") }
    }
    if sample.starts(with: [0xC9, 0xE2, 0xC1]) {
      return .refusal(
        "ENCODING",
        "the input is EBCDIC (what=ebcdic); convert it to ASCII, for instance with iconv -f IBM1047 -t UTF-8")
    }
    return nil
  }
}

extension ReadingIssue {
  /// What is said of a file of ours that is passed over.
  static let ownOutput = ReadingIssue(
    code: InputRemark.Code.fileSkipped.rawValue, severity: .info, effect: .none, location: SourceLocation(),
    message: "this was written by claimaudit itself; name it on the command line to read it")

  /// An issue that refuses a stream as a whole.
  static func refusal(_ code: String, _ message: String) -> ReadingIssue {
    ReadingIssue(
      code: code, severity: .error, effect: .fileRefused, location: SourceLocation(), message: message)
  }

  /// What the byte layer noticed.
  init(_ remark: InputRemark) {
    let effect: IssueEffect =
      switch remark.effect {
      case .none: .none
      case .unverified: .unverified
      case .fileCut: .fileCut
      case .fileRefused: .fileRefused
      }
    let severity: IssueSeverity =
      switch remark.severity {
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
    let compressed = remark.compressedOffset.map { " (compressed byte \($0))" } ?? ""
    self.init(
      code: remark.code.rawValue, severity: severity, effect: effect,
      location: SourceLocation(record: 0, byteOffset: remark.decompressedOffset), message: remark.message + compressed)
  }
}
