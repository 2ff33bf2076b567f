internal import Glibc

/// Counts the instructions of the command with valgrind and holds them against the figures below: a measure of speed that other work
/// on the machine does not touch.
///
/// A figure that is exceeded by more than the tolerance fails; one that is undercut by as much asks to be lowered.
struct InstructionCount {
  let folder: String
  let program: String

  /// Percent.
  private static let tolerance = 15.0

  /// What each file takes: instructions a byte over the second half of it, so that what a start costs is left out.
  private static let perByte: [(name: String, figure: Double)] = [
    ("837P", 9.6), ("837I", 9.9), ("CSV", 8.5), (allWatched, 153),
  ]
  /// An 837P every line of which is watched.
  private static let allWatched = "837P with all lines watched"
  /// What a start costs, in millions: a run over the smaller 837P.
  private static let start = 69.2

  func run() -> Bool {
    guard ProcessTiming.run(["valgrind", "--version"])?.succeeded == true else {
      Output.say("valgrind is not installed: instructions are not counted\n")
      return true
    }
    unsafe mkdir(folder, 0o700)
    // valgrind reads debugging information it does not understand, so it gets a copy without.
    let stripped = folder + "/claimaudit"
    guard ProcessTiming.run(["strip", "-g", "-o", stripped, program])?.succeeded == true else {
      Output.say("\(program) could not be copied to \(stripped)\n")
      return false
    }
    var isRight = true
    for (name, figure) in Self.perByte {
      var counts: [(bytes: Int, instructions: Int)] = []
      for size in [1_000_000, 3_000_000] {
        let path = "\(folder)/count.\(name)"
        let truth =
          name == "CSV"
          ? BenchData.csv(path, size: size, seed: 3)
          : BenchData.x12(
            path, size: size, seed: 3, kind: name == "837I" ? .institutional : .professional,
            watchedPercent: name == Self.allWatched ? 100 : 1)
        guard let truth, let count = instructions(stripped, path) else {
          // A processor or program that valgrind does not know is no matter of speed.
          Output.say("\(name): valgrind could not run the program; its instructions are not counted\n")
          return isRight
        }
        counts.append((truth.bytes, count))
      }
      let perByte = Double(counts[1].instructions - counts[0].instructions) / Double(counts[1].bytes - counts[0].bytes)
      if !compare("\(name), instructions a byte", perByte, figure) { isRight = false }
      if name == "837P",
        !compare("a run over 1 MB, million instructions", Double(counts[0].instructions) / 1e6, Self.start)
      {
        isRight = false
      }
    }
    return isRight
  }

  private func compare(_ name: String, _ measured: Double, _ figure: Double) -> Bool {
    let percent = (measured / figure - 1) * 100
    let verdict =
      percent > Self.tolerance
      ? "SLOWER than \(figure)" : percent < -Self.tolerance ? "faster than \(figure): lower the figure" : "as \(figure)"
    Output.say("\(name): \(Output.rounded(measured, 2)), \(verdict)\n")
    return percent <= Self.tolerance
  }

  private func instructions(_ program: String, _ path: String) -> Int? {
    let counts = folder + "/callgrind.out"
    unsafe unlink(counts)
    let timing = ProcessTiming.run([
      "valgrind", "--tool=callgrind", "--callgrind-out-file=\(counts)", program, "audit", path, "--quiet", "--jobs",
      "1",
      "--format", "csv", "--as-of", "2026-11-25", "--output", folder + "/reports",
    ])
    guard timing?.succeeded == true, let text = Output.text(counts) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("summary:") || $0.hasPrefix("totals:") }
    return line?.split(separator: " ").last.flatMap { Int($0) }
  }
}
