/// Something noticed about an input while it was opened, unwrapped or read: damage, a refusal, or a notice.
///
/// It never holds bytes of the input, except an archive entry's name in its escaped form.
public struct InputRemark: Sendable, Equatable {
  /// What was noticed.
  ///
  /// Raw values are stable: scripts look for them in `issues.csv`.
  public enum Code: String, Sendable, CaseIterable {
    case gzipTruncated = "GZIP_TRUNCATED"
    case gzipCRC = "GZIP_CRC"
    case gzipLength = "GZIP_LENGTH"
    case gzipData = "GZIP_DATA"
    case gzipTrailing = "GZIP_TRAILING"
    case gzipPadding = "GZIP_PADDING"
    case zlibTruncated = "ZLIB_TRUNCATED"
    case zlibData = "ZLIB_DATA"
    case zlibChecksum = "ZLIB_CHECKSUM"
    case zipTruncated = "ZIP_TRUNCATED"
    case zipDirectory = "ZIP_DIRECTORY"
    case zipEncrypted = "ZIP_ENCRYPTED"
    case zipMethod = "ZIP_METHOD"
    case zipCRC = "ZIP_CRC"
    case zipSize = "ZIP_SIZE"
    case zipData = "ZIP_DATA"
    case zipOverlap = "ZIP_OVERLAP"
    case noEntries = "NO_ENTRIES"
    case entryName = "ENTRY_NAME"
    case entrySkipped = "ENTRY_SKIPPED"
    case entryDuplicate = "ENTRY_DUPLICATE"
    case entryLimit = "ENTRY_LIMIT"
    case nestedCompression = "NESTED_COMPRESSION"
    /// The stream expanded beyond `InputLimits.maxExpansion`.
    case ratio = "RATIO"
    /// A compression or archive format that is recognised and not read: bzip2, zstd, xz …
    case compression = "COMPRESSION"
    /// The name promises another compression than the content has. The content decides.
    case formatMismatch = "FORMAT_MISMATCH"
    case readError = "READ_ERROR"
    case changedDuringRead = "CHANGED_DURING_READ"
    /// There is no data in a stream, or no file in a folder.
    case empty = "EMPTY"
    /// Something could not be opened.
    case open = "OPEN"
    /// An archive that cannot be read in place could not be copied to a temporary file.
    case spool = "SPOOL"
    /// The same file was named twice, or reached by two paths.
    case fileDuplicate = "FILE_DUPLICATE"
    /// Something in a folder is not read: a FIFO, a device, a link that leads nowhere or in a circle.
    case fileSkipped = "FILE_SKIPPED"
  }

  public enum Severity: String, Sendable {
    case info, warning, error
  }

  /// What the thing noticed did to the data, in the words of the `effect` column of `issues.csv`.
  public enum Effect: String, Sendable {
    case none = "none"
    /// Read, but its checksum or length did not agree.
    case unverified = "unverified"
    /// The stream ends before the data did.
    case fileCut = "file cut"
    /// Nothing of the file, or of the entry, is read.
    case fileRefused = "file refused"
  }

  public let code: Code
  public let severity: Severity
  public let effect: Effect

  /// Where in the stream's decompressed bytes: the first byte that is missing, or, for a member that failed its
  /// check, the end of that member.
  public let decompressedOffset: Int

  /// Where in the compressed bytes of the layer that noticed it (for an archive's entry: in the archive).
  public let compressedOffset: Int?

  /// Where in the decompressed bytes the member begins that failed its check: from here up to `decompressedOffset`
  /// nothing is vouched for.
  public let firstUnverifiedOffset: Int?

  /// The stream it speaks of, as `ClaimStream.name` would have it, when that is an archive's entry that was never
  /// opened; `nil` when the remark comes from a stream itself or is about the whole file.
  public let entryName: String?

  /// One plain sentence: what was found, and what to do about it where something can be done.
  public let message: String

  public init(
    _ code: Code, _ severity: Severity, effect: Effect = .none, at decompressedOffset: Int = 0,
    compressedOffset: Int? = nil, firstUnverifiedOffset: Int? = nil, entryName: String? = nil, _ message: String
  ) {
    self.code = code
    self.severity = severity
    self.effect = effect
    self.decompressedOffset = decompressedOffset
    self.compressedOffset = compressedOffset
    self.firstUnverifiedOffset = firstUnverifiedOffset
    self.entryName = entryName
    self.message = message
  }
}
