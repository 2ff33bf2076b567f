import Glibc

/// Finds out which inputs the user means: files, folders read to their depth, standard input, lists of paths.
///
/// The answer does not depend on the order of the arguments: `-` first, then byte order of path. A file reached twice,
/// by whatever path or link, is read once, under the first of its names.
public struct InputDiscovery: Sendable {
  /// Everything to be read, and what was passed over.
  public struct Findings: Sendable, Equatable {
    public var inputs: [InputReference] = []

    /// What is not read and does no harm, and folders in which nothing was found, each with the path it is about.
    public var notices: [Notice] = []
  }

  public struct Notice: Sendable, Equatable {
    public let name: String
    public let remark: InputRemark
  }

  /// How the paths of a list are told apart.
  public enum ListSeparator: Sendable {
    case newline, nul
  }

  public init() {}

  /// Expands the arguments of the command line.
  public func find(_ arguments: [String]) -> Findings {
    find(paths: arguments.map { Array($0.utf8) })
  }

  /// Expands paths that need not be UTF-8.
  ///
  /// `-` is standard input.
  public func find(paths: [[UInt8]]) -> Findings {
    var findings = Findings()
    var candidates: [DirectoryWalk.Candidate] = []
    for path in paths {
      if path == [UInt8(ascii: "-")] {
        if findings.inputs.isEmpty { findings.inputs.append(.standardInput) }
        continue
      }
      switch FileIdentity.of(path) {
      // Whatever is wrong with it is said when it is opened.
      case .failure: candidates.append(DirectoryWalk.Candidate(path: path, identity: nil))
      case .success(let identity):
        if identity.kind == .directory {
          var walk = DirectoryWalk()
          walk.enter(path)
          if walk.candidates.isEmpty {
            findings.notices.append(
              Notice(
                name: InputReference.shown(path),
                remark: InputRemark(.empty, .warning, "there is no file to read in this folder")))
          }
          candidates += walk.candidates
          findings.notices += walk.notices
        } else {
          candidates.append(DirectoryWalk.Candidate(path: path, identity: identity))
        }
      }
    }
    // What the user named comes before what was found under the same path.
    candidates.sort { $0.path == $1.path ? !$0.isFound && $1.isFound : $0.path.lexicographicallyPrecedes($1.path) }
    var first: [FileIdentity: Int] = [:]
    var missing: Set<[UInt8]> = []
    for candidate in candidates {
      let input = candidate.reference
      if let identity = candidate.identity {
        if let first = first[identity] {
          let name = findings.inputs[first].name
          let message =
            name == input.name
            ? "this file is named twice; it is read once"
            : "this is the same file as \(name); it is read once, under that name"
          if !input.isFound { findings.inputs[first].isFound = false }
          findings.notices.append(Notice(name: input.name, remark: InputRemark(.fileDuplicate, .info, message)))
          continue
        }
        first[identity] = findings.inputs.count
      } else if !missing.insert(candidate.path).inserted {
        continue
      }
      findings.inputs.append(input)
    }
    findings.notices.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return findings
  }

  /// The paths in the content of a list (`--files-from`).
  ///
  /// Blank lines are ignored, and so is a CR before a newline.
  public static func paths(inList content: [UInt8], separatedBy separator: ListSeparator) -> [[UInt8]] {
    let parts = content.split(separator: separator == .nul ? 0 : UInt8(ascii: "\n"))
    return parts.compactMap { part in
      if separator == .nul { return Array(part) }
      let line = part.last == UInt8(ascii: "\r") ? part.dropLast() : part
      let isBlank = line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      return isBlank ? nil : Array(line)
    }
  }
}
