internal import Glibc

/// A file of the user's own data on its way out: bytes are added at the end and go out in blocks.
public final class CopyOutput {
  fileprivate let output: ReportOutput

  fileprivate init(_ output: ReportOutput) { self.output = output }

  /// Standard output.
  public static func standardOutput() -> CopyOutput { CopyOutput(.standardOutput()) }

  /// Adds bytes.
  public func append(_ bytes: Span<UInt8>) throws(ReportError) {
    output.buffer.append(bytes)
    try output.flushIfFull()
  }

  /// Adds bytes.
  public func append(_ bytes: [UInt8]) throws(ReportError) { try append(bytes.span) }

  /// Hands everything to the system.
  public func flush() throws(ReportError) { try output.flush() }
}

/// One file that is put in place when it is whole, or not at all: mode 0600, beside its final name until then.
///
/// A device or a FIFO of that name (`/dev/null`) is written to as it is; a link is refused, as it is for reports.
public final class CopyFile {
  /// Where its bytes go.
  public let output: CopyOutput
  /// The folder it stands in, where what has to wait may wait.
  public let folder: String
  private let place: OutputFolder?
  private let descriptor: Int32

  /// Begins the file at `path`, whose folder is there.
  public init(path: String) throws(ReportError) {
    var status = stat()
    let kind = unsafe lstat(path, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
    if kind == S_IFCHR || kind == S_IFIFO {
      descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw ReportError(.cannotCreate, call: "open", file: path, code: errno) }
      folder = TemporaryFolder.path
      place = nil
      output = CopyOutput(ReportOutput(name: path, descriptor: descriptor))
      return
    }
    descriptor = -1
    let slash = path.utf8.lastIndex(of: 0x2F)
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let place = try OutputFolder(placeAt: folder)
    output = CopyOutput(try place.create(name))
    self.place = place
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Puts the file in place.
  public func publish() throws(ReportError) {
    if let place { try place.publish() } else { try output.flush() }
  }

  /// Removes what was begun.
  public func abort() { place?.abort() }
}

/// A folder that takes copies of the user's files, all of them or none.
public final class CopyFolder {
  /// The path as given.
  public var path: String { folder.path }
  private let folder: OutputFolder

  /// Opens the folder, creates it where needed, and takes it for this run.
  public convenience init(path: String) throws(ReportError) { self.init(try OutputFolder(path: path)) }

  init(_ folder: OutputFolder) { self.folder = folder }

  /// Begins a file.
  public func create(_ name: String) throws(ReportError) -> CopyOutput { CopyOutput(try folder.create(name)) }

  /// Ends a file; it is put in place with the others.
  public func finish(_ output: CopyOutput) throws(ReportError) { try folder.finish(output.output) }

  /// Puts all files in place.
  public func publish() throws(ReportError) { try folder.publish() }

  /// Removes what was begun and not put in place.
  public func abort() { folder.abort() }
}
