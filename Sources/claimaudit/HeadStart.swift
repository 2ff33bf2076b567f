internal import Auditing
internal import RulePacks
internal import Threads

/// What nearly every audit needs first, made on a thread of its own while ArgumentParser takes the command line apart: rules and tables
/// of the built-in packs.
enum HeadStart {
  /// Begins; who needs what is made before it is done waits for it.
  static func begin() {
    WorkerThreads.start {
      _ = AuditProgram.builtIn
      _ = MedicareReference.builtIn
      // Looking up a type that is met for the first time takes the runtime longer than making an auditor of it: whoever made one like
      // the one to come has met them all.
      _ = try? Auditor(AuditProgram.builtIn, options: AuditOptions(asOf: RunClock.today))
    }
  }
}
