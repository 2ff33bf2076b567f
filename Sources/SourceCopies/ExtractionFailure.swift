public import Reporting

/// Why claims cannot be written back.
public enum ExtractionFailure: Error, Sendable {
  /// The output cannot be made or written.
  case output(ReportError)
  /// One output cannot hold both 837 interchanges and an export.
  case mixedFormats(x12: String, csv: String)
  /// One output cannot hold exports with different headers.
  case differentHeaders(String, String)
  /// A file is not what it was when it was audited.
  case changed
  /// A file that was audited cannot be read a second time.
  case unreadable(String)
  /// More stands above a claim than a claim may have itself.
  case headerTooLong
  /// The output is one of the inputs.
  case overInput(String)

  /// The exit code it ends the command with.
  public var exitCode: Int32 {
    switch self {
    case .output(let error):
      switch error.kind {
      case .cannotCreate: 73
      case .cannotWrite: 74
      case .locked: 75
      case .brokenPipe: 141
      }
    case .mixedFormats, .differentHeaders, .overInput: 64
    case .changed, .unreadable, .headerTooLong: 65
    }
  }
}

extension ExtractionFailure: CustomStringConvertible {
  /// The sentence for standard error.
  public var description: String {
    switch self {
    case .output(let error): error.description
    case .mixedFormats(let x12, let csv):
      "\(x12) is an 837 and \(csv) is an export: one file cannot hold both; name a folder with -o DIR/ for a file each"
    case .differentHeaders(let first, let other):
      "\(other) has another header than \(first): one file cannot hold both; name a folder with -o DIR/ for a file each"
    case .changed: "an input changed while it was read; nothing was written, run again when it is complete"
    case .unreadable(let path): "\(path): cannot be read a second time, to copy its claims; nothing was written"
    case .headerTooLong:
      "more than 16 MiB stand above a claim in one set or level; nothing was written"
    case .overInput(let path): "\(path): the output would be written over this input; choose another name with -o"
    }
  }
}
