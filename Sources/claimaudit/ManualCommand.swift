internal import ArgumentParser
internal import ClaimModel
internal import FoundationEssentials

/// `claimaudit manual`: the manual page, for `make install`; it is written from the commands themselves and so cannot lag behind them.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Write the manual page (mdoc) to standard output.", shouldDisplay: false)

  func run() throws { StandardOutput.write(try ManualPage().text) }
}

/// The manual page in mdoc, the macros that both mandoc and groff know.
struct ManualPage {
  /// What ArgumentParser says of a command when it is asked with `--experimental-dump-help`.
  private struct Dump: Decodable {
    var command: Command
  }

  private struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool?
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  private struct Argument: Decodable {
    var kind: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
    var sectionTitle: String?
    var valueName: String?
    var defaultValue: String?
    var names: [Name]?

    struct Name: Decodable {
      var kind: String
      var name: String
    }
  }

  private let root: Command

  init() throws {
    root = try JSONDecoder().decode(Dump.self, from: Data(Claimaudit._dumpHelp().utf8)).command
  }

  /// The page.
  var text: String {
    var lines = [
      ".Dd \(ManualPage.date(RunClock.today))", ".Dt CLAIMAUDIT 1", ".Os", ".Sh NAME", ".Nm claimaudit",
      ".Nd \(ManualPage.escaped((root.abstract ?? "").trimmingPeriod))", ".Sh SYNOPSIS",
    ]
    for command in commands(below: root) where command.command.subcommands?.isEmpty ?? true {
      lines += [".Nm claimaudit", "\(ManualPage.escaped(command.name)) \(synopsis(command.command))"]
    }
    lines.append(".Sh DESCRIPTION")
    lines += discussion(root.discussion ?? "")
    lines.append(".Sh COMMANDS")
    for (name, command) in commands(below: root) {
      lines.append(".Ss \(ManualPage.escaped(name))")
      lines += [ManualPage.escaped(command.abstract ?? "")]
      if let discussion = command.discussion, !discussion.isEmpty {
        for paragraph in discussion.split(separator: "\n") { lines += [".Pp", ManualPage.escaped(String(paragraph))] }
      }
      lines += options(of: command)
    }
    lines += [".Sh SEE ALSO", ".Xr crontab 5 ,", ".Xr systemd.timer 5"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The commands that are shown, each with its name in full.
  private func commands(below command: Command, _ name: String = "") -> [(name: String, command: Command)] {
    (command.subcommands ?? []).filter { $0.shouldDisplay ?? true && $0.commandName != "help" }.flatMap { sub in
      [(name + sub.commandName, sub)] + commands(below: sub, name + sub.commandName + " ")
    }
  }

  private func synopsis(_ command: Command) -> String {
    let arguments = (command.arguments ?? []).filter { $0.kind == "positional" && $0.shouldDisplay }.map { argument in
      let name = (argument.valueName ?? "") + (argument.isRepeating ? " ..." : "")
      return argument.isOptional ? "[\(name)]" : name
    }
    return (["[options]"] + arguments).joined(separator: " ")
  }

  private func options(of command: Command) -> [String] {
    let arguments = (command.arguments ?? []).filter { $0.shouldDisplay && $0.names?.first?.name != "help" }
    guard !arguments.isEmpty else { return [] }
    var lines: [String] = []
    var section: String??
    for argument in arguments where !(argument.names?.contains { $0.name == "version" } ?? false) {
      if section != argument.sectionTitle {
        if section != nil { lines.append(".El") }
        section = argument.sectionTitle
        if let title = argument.sectionTitle { lines += [".Pp", "\(ManualPage.escaped(title)):"] }
        lines.append(".Bl -tag -width Ds")
      }
      lines.append(".It \(heading(argument))")
      var text = [argument.abstract, argument.discussion].compactMap { $0 }.filter { !$0.isEmpty }.joined(
        separator: " ")
      if let value = argument.defaultValue { text += " The default is \(value)." }
      lines.append(ManualPage.escaped(text))
    }
    if section != nil { lines.append(".El") }
    return lines
  }

  private func heading(_ argument: Argument) -> String {
    let value = "Ar \(ManualPage.escaped(argument.valueName ?? ""))"
    guard let names = argument.names, argument.kind != "positional" else { return value }
    let flags = names.map { name in
      name.kind == "long" ? "Fl Fl \(ManualPage.escaped(name.name))" : "Fl \(ManualPage.escaped(name.name))"
    }
    return flags.joined(separator: " , ") + (argument.kind == "option" ? " " + value : "")
  }

  /// The text of the whole command: a line in capitals begins a section; a section of indented lines is a table, kept as it stands.
  private func discussion(_ text: String) -> [String] {
    var lines: [String] = []
    var isTable = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isTitle = !line.isEmpty && line.allSatisfy { $0.isUppercase || $0 == " " }
      let isIndented = line.hasPrefix("  ") && line.dropFirst(2).contains("  ")
      if isTable, !isIndented {
        lines.append(".Ed")
        isTable = false
      }
      if isTitle {
        lines.append(".Sh \(line)")
      } else if isIndented {
        if !isTable { lines.append(".Bd -literal") }
        isTable = true
        lines.append(ManualPage.escaped(String(line)))
      } else if line.isEmpty {
        if lines.last?.hasPrefix(".") == false { lines.append(".Pp") }
      } else {
        lines.append(ManualPage.escaped(String(line.drop { $0 == " " })))
      }
    }
    if isTable { lines.append(".Ed") }
    // A paragraph before a section is none.
    return lines.indices.filter { lines[$0] != ".Pp" || $0 + 1 < lines.count && !lines[$0 + 1].hasPrefix(".Sh") }
      .map { lines[$0] }
  }

  /// A text that roff takes for nothing but text.
  private static func escaped(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }

  private static func date(_ day: Day) -> String {
    let names = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ]
    let parts = day.components
    return "\(names[(Int(parts.month) - 1) % 12]) \(parts.day), \(parts.year)"
  }
}

extension String {
  /// The sentence without the period at its end.
  fileprivate var trimmingPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
