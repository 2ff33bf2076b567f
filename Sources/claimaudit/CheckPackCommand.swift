internal import ArgumentParser
internal import ClaimReading
internal import RulePacks

/// `claimaudit check-pack FILE`: says what is wrong with a rule pack, a column mapping, a config file or a file of suppressions, and where.
struct CheckPackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-pack",
    abstract: "Validate a rule pack, column mapping, config file or suppressions: errors with line and column.")

  @Argument(help: ArgumentHelp("The YAML file.", valueName: "file"))
  var file: String

  func run() throws {
    do {
      let content = try FileContent.read(file, limit: 2 * SuppressionFile.sizeLimit, failing: 66)
      let name = printable(file)
      switch try CheckedFile(yaml: content, file: file) {
      case .pack(let pack):
        StandardOutput.write(
          "\(name): a sound rule pack (\(pack.id)) for \(pack.watch.count) procedures, with \(pack.rules.count) rules of its own\n"
        )
      case .mapping(let mapping):
        _ = try ColumnMapping(file: file)
        StandardOutput.write("\(name): a sound column mapping of \(mapping.columns.count) fields\n")
      case .suppressions(let file):
        let count = file.suppressions.count
        StandardOutput.write("\(name): a sound file of \(count) accepted finding\(count == 1 ? "" : "s")\n")
      case .config(let config):
        StandardOutput.write("\(name): a sound config file with \(config.options.count) options\n")
      }
    } catch let failure as CommandFailure {
      failure.endProcess()
    } catch let errors as PackErrors {
      StandardError.write("\(errors.description)\n")
      exitProcess(78)
    }
  }
}
