internal import FoundationEssentials
internal import Glibc

/// One file below `Fixtures/`, named in test output by its path there.
public struct Fixture: Sendable, Hashable, CustomStringConvertible {
  /// The path below `Fixtures/`, `x12/edge/bom.837`.
  public let name: String

  /// The fixture at `name`.
  public init(_ name: String) { self.name = name }

  /// The folder of the whole project, found from this file.
  public static let repository: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    // A build may reach this file through a link; the fixtures lie beside the file itself.
    if let real = unsafe realpath(#filePath, nil) {
      parts = unsafe String(cString: real).split(separator: "/", omittingEmptySubsequences: false)
      unsafe free(real)
    }
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// The file's path.
  public var path: String { "\(Fixture.repository)/Fixtures/\(name)" }

  /// The file's bytes; none where there is no such file.
  public var bytes: [UInt8] { Fixture.bytes(at: path) ?? [] }

  /// The file's lines.
  public var lines: [String] { Fixture.lines(of: bytes) }

  /// The fixture of the same name with another ending.
  public func with(ending: String) -> Fixture {
    Fixture(String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)]) + "." + ending)
  }

  /// Whether there is such a file.
  public var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// The files of a folder below `Fixtures/` whose names end with `ending`, in byte order.
  public static func all(in folder: String, ending: String) -> [Fixture] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(repository)/Fixtures/\(folder)")) ?? []
    return names.filter { $0.hasSuffix(ending) }.sorted().map { Fixture("\(folder)/\($0)") }
  }

  /// The bytes of any file, `nil` when it cannot be read.
  public static func bytes(at path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { [UInt8]($0) }
  }

  /// The lines of a text, without their ends; an empty last one is none.
  public static func lines(of bytes: [UInt8]) -> [String] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The name.
  public var description: String { name }
}
