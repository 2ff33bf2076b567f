public import ClaimModel
public import Reporting

/// Something the user may want to read about one input, as the run goes.
public enum SourceNotice: Sendable {
  /// An issue of a stream; the first twenty of each severity are told.
  case issue(ReadingIssue, path: String)
  /// How many more there are of at least a warning.
  case more(Int, path: String)
  /// What the stream was taken for, where the plan says that it be told.
  case recognised(Recognition)
  /// The stream has been read.
  case read(SourceFile)
}
