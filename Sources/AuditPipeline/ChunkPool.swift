internal import Reporting
internal import Threads

/// Chunks of lines that have been read out of and may be filled again.
///
/// A worker fills them and whoever puts the run in order empties them: freed by another thread than the one that will ask for the next,
/// their memory would be given back to the system and asked for again, page by page, for every quarter of a megabyte of records.
final class ChunkPool: @unchecked Sendable {
  /// How many wait at most: as many as are on their way between two turns.
  private static let limit = 4
  /// How many bytes one that waits has held at most: a claim of very many lines leaves no more behind.
  private static let largest = 1 << 20

  private let monitor = Monitor()
  private var chunks: [RecordChunk] = []

  /// A chunk that is empty, `nil` where none waits.
  func take() -> RecordChunk? { monitor.locked { chunks.popLast() } }

  /// Takes a chunk back that nobody will look at any more.
  func giveBack(_ chunk: RecordChunk) {
    if chunk.byteCount > ChunkPool.largest { return }
    chunk.removeAll()
    monitor.locked {
      if chunks.count < ChunkPool.limit { chunks.append(chunk) }
    }
  }
}
