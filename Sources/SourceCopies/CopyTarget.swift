internal import ByteInput
internal import Glibc
internal import Reporting

/// Where extracted claims go: one output, or a folder with a file for each input.
final class CopyTarget {
  /// Where what has to wait may wait.
  let spoolFolder: String
  /// The one output; `nil` for a folder.
  let single: CopyOutput?

  private let file: CopyFile?
  private let folder: CopyFolder?
  private var names = CopyNames()
  private let inputs: [FileIdentity]
  private(set) var written: [String] = []

  init(_ destination: ClaimExtraction.Destination, inputs: [InputReference]) throws {
    self.inputs = inputs.compactMap { FileIdentity.regular($0.name) }
    switch destination {
    case .standardOutput:
      (file, folder) = (nil, nil)
      single = .standardOutput()
      spoolFolder = TemporaryFolder.path
    case .file(let path):
      if let identity = FileIdentity.regular(path), self.inputs.contains(identity) {
        throw ExtractionFailure.overInput(path)
      }
      let file = try CopyFile(path: path)
      (self.file, folder) = (file, nil)
      single = file.output
      spoolFolder = file.folder
      written = [path]
    case .folder(let path):
      let folder = try CopyFolder(path: path)
      (file, self.folder) = (nil, folder)
      single = nil
      spoolFolder = folder.path
    }
  }

  /// The output for the claims of the input stream at `path`.
  func output(for path: String, ending: String) throws -> CopyOutput {
    if let single { return single }
    guard let folder else { return .standardOutput() }
    let name = names.name(for: path, ending: ending)
    let file = folder.path + (folder.path.hasSuffix("/") ? "" : "/") + name
    if let identity = FileIdentity.regular(file), inputs.contains(identity) { throw ExtractionFailure.overInput(file) }
    written.append(file)
    return try folder.create(name)
  }

  /// Ends the output of one input.
  func finish(_ output: CopyOutput) throws { if let folder { try folder.finish(output) } }

  /// Puts everything in place.
  func publish() throws {
    try single?.flush()
    try file?.publish()
    try folder?.publish()
  }

  /// Removes what was begun and not put in place.
  func abort() {
    file?.abort()
    folder?.abort()
  }
}

/// What a file at a path is, as far as another reading of it could tell.
struct FileState: Equatable {
  private let identity: FileIdentity?
  private var size = 0
  private var seconds = 0
  private var nanoseconds = 0

  /// The state of the regular file at `path`; nothing but that there is none otherwise.
  init(_ path: String) {
    identity = FileIdentity.regular(path)
    var status = stat()
    guard identity != nil, unsafe stat(path, &status) == 0 else { return }
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
