internal import ClaimReading

extension ColumnMapping {
  /// The mapping a file describes.
  init(file: String) throws(CommandFailure) {
    throw CommandFailure(code: 78, message: "\(file): mapping files are not read yet")
  }
}
