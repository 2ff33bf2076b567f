internal import Glibc

/// `claimaudit-fuzz`: feeds bytes that libFuzzer makes up to one part of the program, named by `CLAIMAUDIT_FUZZ`.
///
/// Besides not crashing, each part keeps a promise that is checked here; one that is broken ends the process as a crash does.
/// What a target does with an input depends on its bytes alone, so that a saved one fails again. Built by `make fuzz` only.
@main
struct Fuzz {
  static func main() {
    let target = unsafe getenv("CLAIMAUDIT_FUZZ").map { unsafe String(cString: $0) } ?? "x12"
    var count = CommandLine.argc
    var arguments = unsafe CommandLine.unsafeArgv
    let status = unsafe withUnsafeMutablePointer(to: &arguments) { arguments in
      switch target {
      case "x12": unsafe runDriver(&count, arguments) { unsafe ReaderTargets.x12(GuardedBytes.place($0, $1)) }
      case "csv": unsafe runDriver(&count, arguments) { unsafe ReaderTargets.csv(GuardedBytes.place($0, $1)) }
      case "gzip", "zip":
        unsafe runDriver(&count, arguments) { unsafe ContainerTarget.input(GuardedBytes.place($0, $1)) }
      case "pack": unsafe runDriver(&count, arguments) { unsafe PackTarget.pack(GuardedBytes.place($0, $1)) }
      case "report": unsafe runDriver(&count, arguments) { unsafe ReportTarget.report(GuardedBytes.place($0, $1)) }
      default: fail("CLAIMAUDIT_FUZZ is x12, csv, gzip, zip, pack or report")
      }
    }
    exit(status)
  }
}

/// Ends the process as a crash, after a word on standard error.
func fail(_ reason: StaticString) -> Never {
  unsafe write(STDERR_FILENO, reason.utf8Start, reason.utf8CodeUnitCount)
  unsafe write(STDERR_FILENO, "\n", 1)
  abort()
}

/// Copies inputs to the end of a piece of memory behind which nothing may be read: a reader that looks one byte too far dies of it,
/// also without AddressSanitizer.
enum GuardedBytes {
  private static let room = 1 << 20

  nonisolated(unsafe) private static let end: UnsafeMutableRawPointer = {
    let memory = unsafe mmap(nil, room + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { fail("no memory") }
    let end = unsafe memory + room
    unsafe mprotect(end, 4096, PROT_NONE)
    return unsafe end
  }()

  /// The bytes of an input, right before the guard; `prefix` stands before them.
  static func place(
    _ bytes: UnsafePointer<UInt8>?, _ count: Int, behind prefix: StaticString = ""
  ) -> UnsafeRawBufferPointer {
    let whole = min(count, room - prefix.utf8CodeUnitCount) + prefix.utf8CodeUnitCount
    let start = unsafe end - whole
    unsafe memcpy(start, prefix.utf8Start, prefix.utf8CodeUnitCount)
    if let bytes = unsafe bytes {
      unsafe memmove(start + prefix.utf8CodeUnitCount, bytes, whole - prefix.utf8CodeUnitCount)
    }
    return unsafe UnsafeRawBufferPointer(start: start, count: whole)
  }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
