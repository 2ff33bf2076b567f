import Glibc

/// Opens inputs, finds out by their first bytes how they are compressed, and lends the streams they unwrap to.
///
/// One stream is open at a time. What cannot be read in place (an archive on a pipe, or inside another compression) is
/// copied to a nameless temporary file first; nothing is ever written under a name from an archive.
public struct InputOpener: Sendable {
  public var limits: InputLimits

  /// What inflates.
  public var engine = InflateEngine.preferred

  /// Where temporary copies go.
  public var spoolDirectory: String

  /// Told of every block that is read from an input.
  public var meter: ReadingMeter?

  /// - Parameter spoolDirectory: `nil` for `$TMPDIR`, else `/tmp`.
  public init(limits: InputLimits = InputLimits(), spoolDirectory: String? = nil) {
    self.limits = limits
    self.spoolDirectory = spoolDirectory ?? InputOpener.defaultSpoolDirectory()
  }

  /// Calls `body` with each stream of an input, in order: one for a plain or gzip file, one for each entry of an
  /// archive that can be read.
  ///
  /// The remarks of a stream are the body's to take from it. What the outcome holds is about the file as a whole, and
  /// about entries that were left out.
  public func forEachStream(of input: InputReference, _ body: (ClaimStream) -> Void) -> InputOutcome {
    let file: OpenFile
    switch open(input) {
    case .success(let opened): file = opened
    case .failure(let refusal):
      if case .dangling = input.origin { return .read(remarks: [InputRemark(.fileSkipped, .warning, refusal.message)]) }
      return .cannotOpen(errno: refusal.errno, message: refusal.message)
    }
    file.meter = meter
    let source = FileSource(file)
    // A redirected standard input may stand anywhere in its file; only at the front is the stream the file.
    let isWholeFile =
      file.atOpening.kind == .regular && file.atOpening.size > 0 && lseek(file.descriptor, 0, SEEK_CUR) == 0
    var unwrapping = Unwrapping(meter: ExpansionMeter(limits), spoolDirectory: spoolDirectory, engine: engine)
    unwrapping.unwrap(
      Unwrapping.Layer(
        source: LookaheadSource(source), name: input.name, wholeFile: isWholeFile ? file : nil, isFound: input.isFound),
      body)
    source.noticeChange()
    return .read(remarks: unwrapping.remarks + source.takeRemarks())
  }

  private struct Refusal: Error {
    let errno: Int32
    let message: String
  }

  private func open(_ input: InputReference) -> Result<OpenFile, Refusal> {
    let opened: Result<OpenFile, Errno>
    switch input.origin {
    case .unreachable(let errno, let message): return .failure(Refusal(errno: errno, message: message))
    case .dangling(let message): return .failure(Refusal(errno: ENOENT, message: message))
    case .standardInput: opened = OpenFile.adopt(STDIN_FILENO, borrowed: true)
    case .path(let path): opened = OpenFile.open(path)
    case .copy(let copy): opened = copy.opened()
    }
    switch opened {
    case .failure(let reason):
      let message =
        input.origin == .standardInput ? "standard input is closed" : "the file could not be opened: \(reason.text)"
      return .failure(Refusal(errno: reason.number, message: message))
    case .success(let file):
      switch file.atOpening.kind {
      case .directory:
        return .failure(Refusal(errno: EISDIR, message: "this is a folder, not a file"))
      case .blockDevice:
        return .failure(Refusal(errno: EINVAL, message: "this is a disk, not a file"))
      case .regular: break
      default: file.waitForData()
      }
      return .success(file)
    }
  }

  private static func defaultSpoolDirectory() -> String {
    guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
    let directory = unsafe String(cString: value)
    return directory.isEmpty ? "/tmp" : directory
  }
}
