internal import ClaimReading

/// An uncompressed regular file that several threads may read.
typealias PlainFile = (descriptor: Int32, size: Int)

/// A way to read what is left of a large file in units, by as many threads as are to spare, with the same outcome as reading on with one.
protocol UnitReading {
  /// Who reads files of that kind.
  associatedtype Reader: ClaimReader
  /// What is known at a place where a unit may begin.
  associatedtype Start

  /// Goes with `reader` to the next place where a unit may begin; `nil` where none is near or something reaches over it, with the
  /// reader as far as it has come.
  func start(in file: PlainFile, with reader: inout Reader, to handler: inout ClaimAuditing) -> Start?

  /// Reads `file` from there on, handing on its parts in order; `claims` of the stream come before.
  func read(
    _ file: PlainFile, from start: Start, after claims: Int, emit: @escaping (StreamPart) -> Void
  ) -> UnitOutcome
}

/// What reading a stream gave, besides what was handed on.
struct UnitOutcome {
  var totals = ReadingTotals()
  /// How many bytes the file has, where its end was not read through the stream.
  var bytes: Int?
  var isDamaged = false
  var isRefused = false
}
