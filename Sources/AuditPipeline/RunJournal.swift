public import Reporting

/// What outlives a run: the streams that earlier runs have read, and those of this one as they are read.
///
/// It is called by one thread at a time, in input order. A stream's records come in any number of pieces before its end, an input's
/// streams before the end of the input.
public protocol RunJournal: AnyObject {
  /// Hands out what earlier runs have read and this one builds on, before anything is read: the records of each stream, then its
  /// end. Streams that are history (`SourceFile.isHistory`) have facts and nothing else.
  func replay(
    records: (StreamRecords) throws(ReportError) -> Void, end: (StreamEnd) throws(ReportError) -> Void
  ) throws(ReportError)

  /// Takes records of the stream that is being read.
  func add(_ records: StreamRecords) throws(ReportError)

  /// Takes the end of the stream that is being read.
  func end(_ stream: StreamEnd) throws(ReportError)

  /// Says that the input of that position in the plan has been read to its end.
  func endInput(_ input: Int) throws(ReportError)
}
