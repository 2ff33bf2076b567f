/// What is kept of a line for the rules of one grouping, until the whole run has been read.
public protocol GroupedFact: BitwiseCopyable, Sendable {
  /// The grouping.
  static var grouping: FactGrouping { get }
  /// What is kept of a line, `nil` where it belongs to no group.
  init?(_ fact: LineFact)
  /// The line's place in the run.
  var key: LineKey { get set }
  /// What kind of line it is.
  var traits: LineFact.Traits { get }
  /// What the lines of its group have in common; never 0.
  var group: UInt64 { get }
  /// The line as rules of the grouping see it.
  var fact: LineFact { get }
}
