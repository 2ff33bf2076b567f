public import ClaimModel

/// Turns reading issues into records, which the same spool carries.
public final class IssueRecordEncoder {
  private var row = TableRow()

  /// An encoder.
  public init() {}

  /// Adds an issue to a chunk.
  ///
  /// - Parameters:
  ///   - issue: the issue.
  ///   - stream: the ordinal of its stream in the run, if it is known yet (`RecordChunk.rebase`).
  ///   - chunk: where to.
  public func encode(_ issue: ReadingIssue, stream: Int, into chunk: RecordChunk) {
    row.truncate()
    row.append(clean: issue.code)
    row.append(clean: issue.severity.rawValue)
    row.append(clean: issue.segment)
    row.append(clean: issue.element)
    row.append { bytes in bytes.append(clean: issue.claimID.span) }
    row.append(clean: issue.message)
    row.append(clean: issue.effect.rawValue)
    let start = chunk.bytes.count
    chunk.bytes.beginRecord(
      stream: stream, record: issue.location.record, byteOffset: issue.location.byteOffset, claim: 0, facts: .init(),
      row: row)
    chunk.bytes.finishRecord(at: start)
    chunk.recordCount += 1
  }
}
