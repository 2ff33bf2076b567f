internal import Glibc

/// `claimaudit-bench`: makes claim files of its own and measures on them.
///
///     compare FOLDER CLAIMAUDIT [MEGABYTES [ROUNDS]]    the command beside the programs people would else use
///     parts FOLDER [MEGABYTES [ROUNDS]]                 each stage alone, in this process: inflate, read, audit, encode
///     instructions FOLDER CLAIMAUDIT                    instructions of the command, held against the figures in the source
///     inflate FILE ENGINE                               unpacks a file to nowhere: a limit to set times against
///     count FILE                                        reads a file and counts its delimiters: another
///
/// The harness is its own, since it has to time whole processes in turn and to count instructions, which the packages for
/// benchmarks do not, and since none of them is worth the minutes it adds to a build of everything.
@main
struct Bench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    func number(_ index: Int, _ usual: Int) -> Int { arguments.count > index ? Int(arguments[index]) ?? usual : usual }
    let isRight: Bool
    switch (arguments.first, arguments.count) {
    case ("compare", 3...):
      isRight = Comparing(folder: arguments[1], program: arguments[2], megabytes: number(3, 100), rounds: number(4, 5))
        .run()
    case ("parts", 2...): isRight = Parts(folder: arguments[1], megabytes: number(2, 50), rounds: number(3, 5)).run()
    case ("instructions", 3...): isRight = InstructionCount(folder: arguments[1], program: arguments[2]).run()
    case ("inflate", 3...): isRight = Limits.inflate(arguments[1], engine: arguments[2])
    case ("count", 2...): isRight = Limits.count(arguments[1])
    default:
      Output.say("claimaudit-bench compare|parts|instructions FOLDER ... (see Bench.swift)\n")
      exit(64)
    }
    exit(isRight ? 0 : 1)
  }
}
