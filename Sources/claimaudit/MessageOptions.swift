internal import ArgumentParser
internal import ByteInput
internal import Glibc

/// What the command says while it works.
struct MessageOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Errors only.")
  var quiet = false

  @Flag(name: [.short, .long], help: "What was recognised, and notices that change nothing.")
  var verbose = false

  @Option(name: .long, help: ArgumentHelp("How messages on standard error look: text or json.", valueName: "format"))
  var logFormat = Messenger.Format.text

  @Flag(name: .long, help: "No progress line; there is one only when standard error is a terminal.")
  var noProgress = false

  @Option(
    name: .long,
    help: ArgumentHelp("Colour on standard error: auto, always or never (NO_COLOR is respected).", valueName: "when"))
  var color = Color.auto

  @Flag(name: .long, help: "Name the claim in messages on standard error; claim ids may be PHI.")
  var showValues = false

  /// When there is colour.
  enum Color: String, CaseIterable, ExpressibleByArgument {
    case auto
    case always
    case never

    /// Whether what goes to a terminal, or to something else, is coloured.
    func isOn(forTerminal isTerminal: Bool) -> Bool {
      switch self {
      case .always: true
      case .never: false
      case .auto: isTerminal && !Color.isRefused
      }
    }

    /// Whether `NO_COLOR` is set to anything but nothing.
    private static var isRefused: Bool {
      guard let value = unsafe getenv("NO_COLOR") else { return false }
      return unsafe value.pointee != 0
    }
  }

  var messenger: Messenger { Messenger(format: logFormat, isQuiet: quiet, isVerbose: verbose, showsValues: showValues) }

  /// The line that shows how far a run over `inputs` has come, where there is anyone to see it.
  func progressLine(over inputs: [InputReference]) -> ProgressLine? {
    guard !quiet, !noProgress, ProgressLine.isWanted else { return nil }
    let sizes = inputs.map(\.stamp?.size)
    return ProgressLine(total: sizes.contains(nil) ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) })
  }

  /// Whether words to the terminal are coloured.
  var isColored: Bool { color.isOn(forTerminal: StandardError.isTerminal) }
}

extension Messenger.Format: ExpressibleByArgument {}
