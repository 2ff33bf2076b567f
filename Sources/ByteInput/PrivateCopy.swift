import Glibc

/// A copy of a stream on disk that can be read more than once; the file has no name and mode 0600.
final class PrivateCopy: Sendable, Equatable {
  private let descriptor: Int32

  /// Keeps the copy that `file` has open.
  init(_ file: OpenFile) { descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0) }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// The copy from its front.
  func opened() -> Result<OpenFile, Errno> {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { return .failure(.current) }
    return OpenFile.adopt(descriptor, borrowed: true)
  }

  static func == (left: PrivateCopy, right: PrivateCopy) -> Bool { left === right }
}

extension InputReference {
  /// An input that can be read twice with the same outcome: standard input, a FIFO or a device is copied into `folder` first.
  ///
  /// What cannot be opened or copied stays as it is, or becomes an input that says so when it is read.
  public func rereadable(copiesIn folder: String) -> InputReference {
    let opened: Result<OpenFile, Errno>
    switch origin {
    case .unreachable, .dangling, .copy: return self
    case .standardInput: opened = OpenFile.adopt(STDIN_FILENO, borrowed: true)
    case .path(let path):
      // Opening a FIFO twice would take a writer twice.
      guard case .success(let identity) = FileIdentity.of(path), identity.kind != .regular else { return self }
      opened = OpenFile.open(path)
    }
    guard case .success(let file) = opened, file.atOpening.kind != .directory, file.atOpening.kind != .blockDevice
    else { return self }
    file.waitForData()
    switch SpoolFile.copy(FileSource(file), into: folder) {
    case .success(let copy): return InputReference(name: name, origin: .copy(PrivateCopy(copy)))
    case .failure(let reason):
      return InputReference(
        name: name, origin: .unreachable(errno: reason.number, message: "it could not be copied: \(reason.text)"))
    }
  }
}
