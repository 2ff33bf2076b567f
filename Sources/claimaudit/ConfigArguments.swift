internal import Glibc
internal import RulePacks

/// Options from a config file, put in front of those of the command line, which win.
///
/// `--config FILE`, else `./.claimaudit.yaml`, else `$XDG_CONFIG_HOME/claimaudit/config.yaml` (`~/.config` without the variable).
enum ConfigArguments {
  /// A config file that is wrong, or one that was named and is not there.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The arguments with what the config file adds.
  static func merged(into arguments: [String]) throws -> [String] {
    arguments
  }
}
