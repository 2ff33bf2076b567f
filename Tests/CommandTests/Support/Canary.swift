import Foundation
import Testing

/// What stands in every generated input where a claim names a patient, and must stand in nothing that leaves the program.
enum Canary {
  /// The word in names, addresses and member ids.
  static let word = "PHICANARY"
  /// The birth date of every patient.
  static let birthDate = "19410203"

  private static let texts = [word, birthDate, "1941-02-03", "02/03/1941"].map { Data($0.utf8) }

  /// Records an issue of the test when the bytes hold one of the words.
  static func expectNone(in bytes: [UInt8], _ place: String, _ location: SourceLocation) {
    let data = Data(bytes)
    for text in texts where data.range(of: text) != nil {
      Issue.record("\(String(decoding: text, as: UTF8.self)) in \(place)", sourceLocation: location)
    }
  }

  /// The same for a file, where there is one.
  static func expectNone(inFile path: String, _ location: SourceLocation) {
    guard let content = FileManager.default.contents(atPath: path) else { return }
    expectNone(in: Array(content), path, location)
  }

  /// The same for every file of a folder.
  static func expectNone(inFolder folder: String, _ location: SourceLocation) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard let content = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
      expectNone(in: Array(content), name, location)
    }
  }
}
