import Glibc

/// An open descriptor and what was known of the file when it was opened.
///
/// Closed when it is let go.
final class OpenFile {
  enum Kind {
    case regular, directory, fifo, characterDevice, blockDevice, socket, symbolicLink
  }

  /// What `fstat` says, as far as it matters here.
  struct Status {
    let kind: Kind
    let size: Int
    let modified: timespec
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
      kind =
        switch status.st_mode & S_IFMT {
        case S_IFDIR: .directory
        case S_IFIFO: .fifo
        case S_IFCHR: .characterDevice
        case S_IFBLK: .blockDevice
        case S_IFSOCK: .socket
        case S_IFLNK: .symbolicLink
        default: .regular
        }
      size = Int(status.st_size)
      modified = status.st_mtim
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
    }
  }

  /// How a file differs from what it was when it was opened.
  enum Change {
    case grew, shrank, rewritten
  }

  let descriptor: Int32
  let atOpening: Status
  private let ownsDescriptor: Bool
  /// Told of every block that is read through this file.
  var meter: ReadingMeter?

  private init(descriptor: Int32, status: Status, ownsDescriptor: Bool) {
    self.descriptor = descriptor
    atOpening = status
    self.ownsDescriptor = ownsDescriptor
  }

  deinit {
    if ownsDescriptor { _ = close(descriptor) }
  }

  /// Takes over a descriptor, which is closed in the end unless it is `borrowed` (standard input).
  static func adopt(_ descriptor: Int32, borrowed: Bool = false) -> Result<OpenFile, Errno> {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let reason = Errno.current
      if !borrowed { _ = close(descriptor) }
      return .failure(reason)
    }
    return .success(OpenFile(descriptor: descriptor, status: Status(status), ownsDescriptor: !borrowed))
  }

  /// Opens a path to read from it.
  ///
  /// Nothing here can hang: a FIFO without a writer is opened all the same.
  static func open(_ path: [UInt8]) -> Result<OpenFile, Errno> {
    while true {
      let descriptor = unsafe (path + [0]).withUnsafeBytes { bytes in
        guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return Int32(-1) }
        return unsafe Glibc.open(start, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
      }
      if descriptor >= 0 { return adopt(descriptor) }
      if errno != EINTR { return .failure(.current) }
    }
  }

  /// Lets reads wait for data again, as a FIFO or a terminal needs it.
  func waitForData() {
    let flags = fcntl(descriptor, F_GETFL)
    if flags >= 0, flags & O_NONBLOCK != 0 { _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) }
    // A FIFO that no one has opened for writing yet reads as ended; poll waits for the first writer.
    if atOpening.kind == .fifo {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      while unsafe poll(&request, 1, -1) < 0, errno == EINTR {}
    }
  }

  /// Reads at an offset, leaving the descriptor's own position alone.
  ///
  /// 0 at the end; an `Errno` on failure.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, Errno> {
    while true {
      let count = unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      if count >= 0 { return .success(metered(count)) }
      if errno != EINTR { return .failure(.current) }
    }
  }

  /// Reads at the descriptor's position.
  ///
  /// 0 at the end; an `Errno` on failure.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, Errno> {
    while true {
      let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return .success(metered(count)) }
      if errno != EINTR { return .failure(.current) }
    }
  }

  private func metered(_ count: Int) -> Int {
    meter?.add(count)
    return count
  }

  /// Whether a regular file is still what it was.
  ///
  /// `nil` when it is, or when the question makes no sense.
  func changeSinceOpening() -> Change? {
    guard atOpening.kind == .regular else { return nil }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    let now = Status(status)
    if now.size > atOpening.size { return .grew }
    if now.size < atOpening.size { return .shrank }
    let sameTime =
      now.modified.tv_sec == atOpening.modified.tv_sec && now.modified.tv_nsec == atOpening.modified.tv_nsec
    return sameTime ? nil : .rewritten
  }
}

/// Why the system refused something.
struct Errno: Error, Equatable {
  let number: Int32

  static var current: Errno { Errno(number: errno) }

  /// The system's own words, in lower case as our messages are.
  var text: String {
    guard let words = unsafe strerror(number) else { return "error \(number)" }
    let text = unsafe String(cString: words)
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
