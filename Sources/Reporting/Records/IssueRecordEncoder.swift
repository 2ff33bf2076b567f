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
    var facts = Record.Header()
    facts.stream = UInt32(truncatingIfNeeded: stream)
    facts.record = UInt64(issue.location.record)
    facts.byteOffset = UInt64(issue.location.byteOffset)
    chunk.bytes.beginRecord(facts, row: row)
    chunk.bytes.finishRecord(at: start)
    chunk.recordCount += 1
  }
}
