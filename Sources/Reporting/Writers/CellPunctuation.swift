/// What a format puts between the cells of a row: names, brackets, quotation marks; made once a table.
final class CellPunctuation {
  // Constant, so that reading them in the loop over the cells asks nothing of the runtime.
  private let bytes: ByteBuffer
  private let ends: [49 of Int]
  private let count: Int

  /// Pieces: one before each cell and one behind the last.
  init(_ pieces: [String]) {
    var bytes = ByteBuffer(capacity: 1024)
    var ends = [49 of Int](repeating: 0)
    for (index, piece) in pieces.enumerated() {
      bytes.append(piece)
      ends[index] = bytes.count
    }
    self.bytes = bytes
    self.ends = ends
    count = pieces.count
  }

  /// Adds the cells at `columns` of a row to `buffer`, each behind its piece, and the last piece; special cells go through `escape`.
  @inline(__always)
  func append(
    _ row: borrowing TableRow, _ columns: Range<Int>, to buffer: inout ByteBuffer,
    escape: (inout ByteBuffer, borrowing ByteBuffer, Range<Int>) -> Void
  ) {
    precondition(columns.count == count - 1)
    buffer.append(row, columns, pieces: bytes, ends: ends.span, escape: escape)
  }
}
