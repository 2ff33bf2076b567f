internal import ArgumentParser
internal import Glibc
internal import RulePacks
internal import Synchronization

/// Options from the environment and from a config file, put in front of those of the command line: the command line wins, then the
/// environment (`CLAIMAUDIT_SEVERITY=warning`), then the file.
///
/// `--config FILE`, else `./.claimaudit.yaml`, else `$XDG_CONFIG_HOME/claimaudit/config.yaml` (`~/.config` without the variable).
enum ConfigArguments {
  /// The commands that take no options from a file.
  private static let otherCommands: Set<String> = [
    "inspect", "rules", "explain", "check-pack", "diff", "ledger", "manual", "help",
  ]

  /// What `extract` takes of the options of `audit`.
  private static let extractOptions: Set<String> = [
    "watch", "pack", "reference", "locality", "select", "ignore", "since", "until", "as-of", "mapping", "column",
    "input-format", "jobs", "max-expansion", "key-file", "quiet", "verbose", "log-format", "no-progress", "color",
    "show-values",
  ]

  /// Short names of options that a file may set too.
  private static let shortNames: [String: String] = [
    "output": "o", "format": "f", "jobs": "j", "quiet": "q", "verbose": "v",
  ]

  /// Where the options of this run stand that a config file sets, by name: `claims.yaml:3:1`.
  private static let places = Mutex<[String: String]>([:])

  /// What is wrong with the value of an option: the fault of the config file, where that sets it, else of the command line.
  static func failure(of option: String, _ message: String) -> CommandFailure {
    guard let place = places.withLock({ $0[option] }) else { return CommandFailure(code: 64, message: message) }
    return CommandFailure(code: 78, message: "\(place): \(option): \(message)")
  }

  /// The fault of the config file, where these arguments cannot be followed because of an option that it adds.
  static func fault(in arguments: [String]) -> CommandFailure? {
    let names = places.withLock { $0.keys.sorted() }
    guard !names.isEmpty, let message = refusal(of: arguments) else { return nil }
    // The command line does not name what the file sets, so every such option is the file's.
    let atFault = names.first { name in
      let others = arguments.filter { $0 != "--\(name)" && !$0.hasPrefix("--\(name)=") }
      guard let rest = refusal(of: others) else { return true }
      return rest != message
    }
    return atFault.map { failure(of: $0, message) }
  }

  /// Why arguments cannot be followed.
  private static func refusal(of arguments: [String]) -> String? {
    do {
      _ = try Claimaudit.parseAsRoot(arguments)
      return nil
    } catch {
      return Claimaudit.message(for: error)
    }
  }

  /// The arguments with what the config file adds.
  static func merged(into arguments: [String]) throws(CommandFailure) -> [String] {
    var rest = arguments
    let named = try takeConfig(&rest)
    if let first = rest.first, otherCommands.contains(first) { return rest }
    // Help, version and completion scripts need no options.
    if rest.isEmpty
      || rest.contains(where: {
        $0 == "--help" || $0 == "-h" || $0 == "--version" || $0.hasPrefix("--generate-completion")
      })
    {
      return rest
    }
    var set = try environmentOptions().filter { !isGiven($0.name, in: rest) }
    if let path = named ?? environment("CLAIMAUDIT_CONFIG") ?? found() {
      let content = try FileContent.read(path, limit: 1 << 20, failing: 78)
      do {
        let options = try ConfigFile(yaml: content, file: path).options
        let before = Set(set.map(\.name))
        let added = options.filter { !isGiven($0.name, in: rest) && !before.contains($0.name) }
        set += added
        places.withLock { places in
          for option in added { places[option.name] = "\(path):\(option.line):\(option.column)" }
        }
      } catch {
        throw CommandFailure(error)
      }
    }
    var added: [String] = []
    let isExtract = rest.first == "extract"
    for option in set where !isExtract || extractOptions.contains(option.name) {
      switch ConfigFile.auditOptions[option.name] {
      case .flag: if option.values == ["true"] { added.append("--\(option.name)") }
      case .list where option.name == "format": added.append("--format=\(option.values.joined(separator: ","))")
      default: for value in option.values { added.append("--\(option.name)=\(value)") }
      }
    }
    let hasCommand = rest.first == "audit" || isExtract
    return Array(rest.prefix(hasCommand ? 1 : 0)) + added + (hasCommand ? Array(rest.dropFirst()) : rest)
  }

  /// The options that the environment sets: `CLAIMAUDIT_FAIL_ON=error` is `--fail-on error`.
  ///
  /// A flag is set by `1` or `true`; of an option that may be repeated each line is a value. An empty variable sets nothing.
  private static func environmentOptions() throws(CommandFailure) -> [ConfigFile.Option] {
    var options: [ConfigFile.Option] = []
    for (name, kind) in ConfigFile.auditOptions.sorted(by: { $0.key < $1.key }) {
      let variable = "CLAIMAUDIT_" + name.uppercased().replacing("-", with: "_")
      guard let text = environment(variable) else { continue }
      switch kind {
      case .flag:
        guard let isSet = ["1": true, "true": true, "0": false, "false": false][text] else {
          throw CommandFailure(code: 78, message: "\(variable): is neither true nor false")
        }
        options.append(ConfigFile.Option(name: name, values: ["\(isSet)"]))
      case .list:
        options.append(ConfigFile.Option(name: name, values: text.split(separator: "\n").map(String.init)))
      default: options.append(ConfigFile.Option(name: name, values: [text]))
      }
    }
    return options
  }

  /// Takes `--config FILE` out of the arguments.
  private static func takeConfig(_ arguments: inout [String]) throws(CommandFailure) -> String? {
    var file: String?
    var index = 0
    while index < arguments.count, arguments[index] != "--" {
      if arguments[index].hasPrefix("--config=") {
        file = String(arguments[index].dropFirst("--config=".count))
        arguments.remove(at: index)
      } else if arguments[index] == "--config" {
        guard index + 1 < arguments.count else { throw CommandFailure(code: 64, message: "--config needs a file") }
        file = arguments[index + 1]
        arguments.removeSubrange(index...index + 1)
      } else {
        index += 1
      }
    }
    return file
  }

  /// Whether the command line names an option itself.
  private static func isGiven(_ name: String, in arguments: [String]) -> Bool {
    let short = shortNames[name]
    for argument in arguments {
      if argument == "--" { return false }
      if argument == "--\(name)" || argument.hasPrefix("--\(name)=") { return true }
      guard let short, argument.hasPrefix("-"), !argument.hasPrefix("--") else { continue }
      if argument.dropFirst().hasPrefix(short) { return true }
    }
    return false
  }

  /// The config file that is there without being named.
  private static func found() -> String? {
    var candidates = ["./.claimaudit.yaml"]
    if let folder = environment("XDG_CONFIG_HOME") {
      candidates.append(folder + "/claimaudit/config.yaml")
    } else if let home = environment("HOME") {
      candidates.append(home + "/.config/claimaudit/config.yaml")
    }
    return candidates.first { path in unsafe access(path, R_OK) == 0 }
  }

  private static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
