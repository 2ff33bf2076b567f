/// What is true of one run and not of its input: the content of `run.json`.
///
/// This is the only report in which time, place and paths of the machine may stand.
public struct RunFacts: Sendable {
  /// The version of the program.
  public var version: String
  /// When the run began, RFC 3339 in UTC.
  public var started: String
  /// When it ended.
  public var finished: String
  /// How long it took, in milliseconds.
  public var elapsedMilliseconds: Int
  /// The name of the machine.
  public var host: String
  /// The exit code the run is about to give.
  public var exitCode: Int
  /// The options in force, each with its values, in the order of the help text.
  public var options: [(name: String, values: [String])]
  /// The rule packs: name and version or digest.
  public var packs: [(name: String, version: String)]
  /// Anything else worth a line, name and value.
  public var notes: [(name: String, value: String)]

  /// Facts of a run.
  public init(
    version: String, started: String, finished: String, elapsedMilliseconds: Int, host: String, exitCode: Int = 0,
    options: [(name: String, values: [String])] = [], packs: [(name: String, version: String)] = [],
    notes: [(name: String, value: String)] = []
  ) {
    self.version = version
    self.started = started
    self.finished = finished
    self.elapsedMilliseconds = elapsedMilliseconds
    self.host = host
    self.exitCode = exitCode
    self.options = options
    self.packs = packs
    self.notes = notes
  }
}
