internal import ArgumentParser
internal import Auditing
internal import RulePacks

/// `claimaudit rules`: every rule there is.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "List the rules with severity, what they need and the expected denial codes.")

  /// How the list looks.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case markdown
    case json
  }

  @Option(name: .long, help: ArgumentHelp("text, markdown or json.", valueName: "format"))
  var format = Format.text

  @Option(name: .long, help: ArgumentHelp("Rules of this rule pack too; may be repeated.", valueName: "file"))
  var pack: [String] = []

  func run() throws {
    let descriptions = try RuleDescriptions.load(packs: pack)
    switch format {
    case .text: StandardOutput.write(RuleReference.text(descriptions))
    case .markdown: StandardOutput.write(RuleReference.markdown(descriptions))
    case .json: StandardOutput.write(RuleReference.json(descriptions))
    }
  }
}

/// `claimaudit explain RULE`: one rule.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain a rule: what, why, examples, fix, source, expected denial codes.")

  @Argument(help: ArgumentHelp("The rule's id, for instance MOD-003.", valueName: "rule"))
  var rule: String

  @Option(name: .long, help: ArgumentHelp("Rules of this rule pack too; may be repeated.", valueName: "file"))
  var pack: [String] = []

  func run() throws {
    let descriptions = try RuleDescriptions.load(packs: pack)
    let wanted = rule.uppercased()
    guard let found = descriptions.first(where: { $0.id == wanted }) else {
      let family = wanted.split(separator: "-").first.map(String.init) ?? wanted
      let near = descriptions.map(\.id).filter { $0.hasPrefix(family) }
      let hint = near.isEmpty ? "claimaudit rules lists them" : "near it are \(near.joined(separator: ", "))"
      throw ValidationError("there is no rule \"\(rule)\"; \(hint)")
    }
    StandardOutput.write(RuleReference.explanation(of: found))
  }
}

/// What is said of the built-in rules and of those of packs.
private enum RuleDescriptions {
  static func load(packs files: [String]) throws -> [RuleDescription] {
    do {
      var packs = [RulePack.builtIn]
      for file in files {
        packs.append(try RulePack(yaml: FileContent.read(file, limit: 1 << 20, failing: 78), file: file))
      }
      return AuditProgram(packs: packs).descriptions
    } catch let failure as CommandFailure {
      failure.endProcess()
    } catch let errors as PackErrors {
      StandardError.write("\(errors.description)\n")
      exitProcess(78)
    }
  }
}
