internal import ByteInput
internal import ClaimModel
internal import ClaimReading
internal import Glibc
internal import RulePacks

/// `claimaudit-fuzz`: feeds bytes that libFuzzer makes up to one reader, named by `CLAIMAUDIT_FUZZ` (`x12`, `csv`, `input`, `pack`).
///
/// Besides not crashing, readers must give the same whatever the pieces they are lent, and with and without their fast paths:
/// a difference ends the process as a crash does. Built by `make fuzz` only.
@main
struct Fuzz {
  static func main() {
    let target = unsafe getenv("CLAIMAUDIT_FUZZ").map { unsafe String(cString: $0) } ?? "x12"
    var count = CommandLine.argc
    var arguments = unsafe CommandLine.unsafeArgv
    let status = unsafe withUnsafeMutablePointer(to: &arguments) { arguments in
      switch target {
      case "csv": unsafe runDriver(&count, arguments) { bytes, count in unsafe Fuzz.csv(bytes, count) }
      case "input": unsafe runDriver(&count, arguments) { bytes, count in unsafe Fuzz.input(bytes, count) }
      case "pack": unsafe runDriver(&count, arguments) { bytes, count in unsafe Fuzz.pack(bytes, count) }
      default: unsafe runDriver(&count, arguments) { bytes, count in unsafe Fuzz.x12(bytes, count) }
      }
    }
    exit(status)
  }

  /// An X12 reader, whole and fast, then in pieces and in full.
  private static func x12(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
    let interest = ClaimInterest(procedures: ["32960"])
    let hash = KeyedHash(key0: 1, key1: 2)
    _ = unsafe X12ClaimReader.recognises(input)
    let fast = unsafe read(X12ClaimReader(interest: interest, hash: hash), input, pieces: count + 1)
    let full = unsafe read(
      X12ClaimReader(interest: interest, hash: hash, readsEveryClaimInFull: true), input, pieces: 1 + count % 97)
    if fast != full { abort() }
    return 0
  }

  /// A reader of exports, whole and in pieces.
  private static func csv(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
    let opening = unsafe CSVClaimReader.open(
      sample: input, interest: ClaimInterest(procedures: ["32960"]), hash: KeyedHash(key0: 1, key1: 2))
    guard case .reader(let reader, _) = opening else { return 0 }
    if unsafe read(reader, input, pieces: count + 1) != read(reader, input, pieces: 1 + count % 89) { abort() }
    return 0
  }

  /// The layers of compression, over a nameless file that is written anew each time.
  private static func input(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ftruncate(scratch.descriptor, 0)
    unsafe pwrite(scratch.descriptor, bytes, count, 0)
    var limits = InputLimits()
    limits.expansionGrace = 1 << 20
    let opener = InputOpener(limits: limits, spoolDirectory: "/tmp")
    _ = opener.forEachStream(of: InputReference(path: scratch.path)) { stream in
      unsafe withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 64) { buffer in
        while unsafe stream.read(into: buffer) > 0 {}
      }
      _ = stream.takeRemarks()
    }
    return 0
  }

  /// Packs, mappings and configurations.
  private static func pack(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let content = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    _ = try? CheckedFile(yaml: content, file: "fuzz.yaml")
    return 0
  }

  private static let scratch: (descriptor: Int32, path: String) = {
    var name = Array("/tmp/claimaudit-fuzz-XXXXXX\0".utf8CString)
    let descriptor = unsafe mkstemp(&name)
    return (descriptor, "/proc/self/fd/\(descriptor)")
  }()

  /// What a reader gives, in plain words.
  private static func read(_ reader: some ClaimReader, _ input: UnsafeRawBufferPointer, pieces: Int) -> [String] {
    var reader = reader
    var recorder = Recorder()
    var used = 0
    var lent = min(pieces, input.count)
    while true {
      let isLast = lent == input.count
      let step = unsafe reader.read(
        UnsafeRawBufferPointer(rebasing: input[used..<lent]), isLast: isLast, handler: &recorder)
      used += step
      if isLast { break }
      lent = min(lent + pieces, input.count)
    }
    return recorder.seen + ["\(reader.totals)"]
  }
}

/// Notes claims and issues.
private struct Recorder: ClaimHandler {
  var seen: [String] = []

  mutating func claim(_ claim: inout Claim) {
    // Only claims with a wanted line need be handed out, and others may be.
    guard claim.lines.contains(where: { $0.procedure.code == "32960" }) else { return }
    seen.append(
      "claim \(claim.text.string(claim.id)) \(claim.lines.map { "\($0.location) \($0.charge) \($0.serviceFrom)" })")
  }

  mutating func issue(_ issue: ReadingIssue) {
    seen.append("\(issue.code) \(issue.effect) \(issue.location) \(issue.element)")
  }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
