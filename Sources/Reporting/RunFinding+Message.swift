internal import Auditing

extension RunFinding {
  /// The message with the other line's place in it.
  func message(in files: [SourceFile]) -> String {
    guard let relatedLine else { return message }
    let stream = Int(relatedLine.stream)
    let path = stream < files.count ? files[stream].path : ""
    return message.replacing(RunFinding.placeholder, with: "\(path) record \(relatedLine.record)")
  }
}
