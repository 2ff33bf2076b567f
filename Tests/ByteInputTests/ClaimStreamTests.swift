import FoundationEssentials
import Glibc
import Testing

@testable import ByteInput

@Suite("A claim stream")
struct ClaimStreamTests {
  @Test("can be peeked into without losing a byte", arguments: ReadSizes.all)
  func peek(sizes: ReadSizes) throws {
    let folder = try TemporaryFolder()
    let text = claimText(100_000)
    for (name, bytes) in [("a.837", text), ("a.gz", gzip(text)), ("a.zip", ZipBuilder("a", text).bytes())] {
      let path = try folder.write(name, bytes)
      var read: [UInt8] = []
      let outcome = InputOpener().forEachStream(of: InputReference(path: path)) { stream in
        #expect(stream.peek(10).starts(with: text.prefix(10)))
        #expect(stream.peek(40_000).starts(with: text.prefix(40_000)))
        #expect(stream.peek(10).starts(with: text.prefix(10)))
        #expect(stream.peek(1 << 30).count == ClaimStream.peekLimit)
        read = readAll(stream, sizes).bytes
        #expect(stream.bytesRead == text.count)
        #expect(stream.peek(10).isEmpty)
      }
      #expect(read == text)
      #expect(outcome.remarks.isEmpty)
    }
  }

  @Test("of an uncompressed regular file lends its descriptor")
  func plainFile() throws {
    let folder = try TemporaryFolder()
    let text = claimText(1000)
    let path = try folder.write("a.837", text)
    _ = InputOpener().forEachStream(of: InputReference(path: path)) { stream in
      _ = stream.peek(100)
      guard let (descriptor, size) = stream.plainFile else {
        Issue.record("no descriptor")
        return
      }
      #expect(size == 1000)
      var front = [UInt8](repeating: 0, count: 10)
      let count = unsafe pread(descriptor, &front, 10, 500)
      #expect(count == 10)
      #expect(front == Array(text[500..<510]))
    }
    let compressed = try folder.write("b.837.gz", gzip(text))
    _ = InputOpener().forEachStream(of: InputReference(path: compressed)) { #expect($0.plainFile == nil) }
  }

  @Test("of an empty file says so")
  func empty() throws {
    let (streams, remarks) = try open([])
    #expect(streams.map(\.codes) == [[.empty]])
    #expect(remarks.isEmpty)
  }

  @Test("of a file that changes while it is read says so, read through or not", arguments: [true, false])
  func changes(readThrough: Bool) throws {
    let folder = try TemporaryFolder()
    let text = claimText(1000)
    let input = InputReference(path: try folder.write("a.837", text))
    var bytes: [UInt8] = []
    var remarks: [InputRemark] = []
    var outcome = InputOpener().forEachStream(of: input) { stream in
      try? folder.append("a.837", Array("more".utf8))
      if readThrough { (bytes, remarks) = readAll(stream) }
    }
    #expect((remarks + outcome.remarks).map(\.code) == [.changedDuringRead])
    #expect((remarks + outcome.remarks).map(\.effect) == [.fileCut])
    if readThrough { #expect(bytes == text) }
    remarks = []
    outcome = InputOpener().forEachStream(of: input) { stream in
      _ = unsafe truncate("\(folder.path)/a.837", 10)
      if readThrough { (bytes, remarks) = readAll(stream) }
    }
    #expect((remarks + outcome.remarks).map(\.code) == [.changedDuringRead])
    #expect((remarks + outcome.remarks).map(\.effect) == [.fileCut])
  }

  @Test("of a file that is replaced while it is read has the bytes of the first")
  func replaced() throws {
    let folder = try TemporaryFolder()
    let text = claimText(1000)
    let path = try folder.write("a.837", text)
    let other = try folder.write("b.837", claimText(50, seed: 9))
    var result: (bytes: [UInt8], remarks: [InputRemark]) = ([], [])
    let outcome = InputOpener().forEachStream(of: InputReference(path: path)) { stream in
      _ = unsafe rename(other, path)
      result = readAll(stream)
    }
    #expect(result.bytes == text)
    #expect(result.remarks.isEmpty && outcome.remarks.isEmpty)
  }

  @Test("comes out of a FIFO, compressed in whatever way, and waits for its writer")
  func fifo() throws {
    let folder = try TemporaryFolder()
    let text = claimText(200_000)
    for (index, bytes) in [text, gzip(text), ZipBuilder("a", text).bytes()].enumerated() {
      let path = try folder.makeFIFO("fifo\(index)")
      let writer = try Writer(path, bytes, delayMicroseconds: 30_000)
      let (streams, outcome) = open(InputReference(path: path))
      writer.wait()
      #expect(streams.map(\.bytes) == [text])
      #expect(outcome == .read(remarks: []))
    }
  }

  @Test("of a file that cannot be read says so")
  func readError() {
    // The memory of a process begins with pages that no one may read.
    let (streams, _) = open(InputReference(path: "/proc/self/mem"))
    #expect(streams.map(\.codes) == [[.readError]])
    #expect(streams.first?.remarks.first?.effect == .fileCut)
  }

  @Test("of a file that the kernel makes up as it is read is read whole")
  func kernelFile() {
    let (streams, outcome) = open(InputReference(path: "/proc/self/status"))
    #expect(streams.first?.bytes.isEmpty == false)
    #expect(streams.first?.remarks == [])
    #expect(outcome == .read(remarks: []))
  }

  @Test("of a device that never ends can be peeked into")
  func devZero() {
    var front: [UInt8] = [1]
    _ = InputOpener().forEachStream(of: InputReference(path: "/dev/zero")) { front = $0.peek(1000) }
    #expect(front == [UInt8](repeating: 0, count: 1000))
  }

  @Test("is not to be had of a folder, a missing file or a link to itself")
  func cannotOpen() throws {
    let folder = try TemporaryFolder()
    try folder.link("loop", to: "loop")
    for (path, errno) in [(folder.path, EISDIR), ("\(folder.path)/none", ENOENT), ("\(folder.path)/loop", ELOOP)] {
      let (streams, outcome) = open(InputReference(path: path))
      #expect(streams.isEmpty)
      guard case .cannotOpen(errno, _) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(outcome.remarks.map(\.code) == [.open])
    }
  }

  @Test("of an archive on a pipe says when there is no room for its copy")
  func spoolFailure() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.zip.gz", gzip(ZipBuilder("a", claimText(10)).bytes()))
    let outcome = InputOpener(spoolDirectory: "\(folder.path)/missing").forEachStream(of: InputReference(path: path)) {
      _ in
      Issue.record("there is no stream")
    }
    #expect(outcome.remarks.map(\.code) == [.spool])
    #expect(outcome.remarks.map(\.effect) == [.fileRefused])
  }

  @Test("leaves nothing behind in the folder for copies")
  func spoolIsNameless() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("in/a.zip.gz", gzip(ZipBuilder("a", claimText(10)).bytes()))
    try folder.write("spool/keep")
    _ = InputOpener(spoolDirectory: "\(folder.path)/spool").forEachStream(of: InputReference(path: path)) { _ in
      #expect((try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/spool")) == ["keep"])
    }
  }
}

/// Writes to a FIFO from another thread.
final class Writer: @unchecked Sendable {
  private let path: String
  private let bytes: [UInt8]
  private let delay: UInt32
  private var thread = pthread_t()

  init(_ path: String, _ bytes: [UInt8], delayMicroseconds: UInt32) throws {
    self.path = path
    self.bytes = bytes
    delay = delayMicroseconds
    let context = unsafe Unmanaged.passRetained(self).toOpaque()
    let result = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Writer>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
    try #require(result == 0)
  }

  func wait() {
    _ = pthread_join(thread, nil)
  }

  private func run() {
    usleep(delay)
    guard let file = unsafe fopen(path, "w") else { return }
    for start in stride(from: 0, to: bytes.count, by: 5000) {
      let piece = Array(bytes[start..<min(start + 5000, bytes.count)])
      unsafe fwrite(piece, 1, piece.count, file)
      unsafe fflush(file)
    }
    unsafe fclose(file)
  }
}
