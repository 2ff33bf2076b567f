/// Names for copies of inputs in one folder: those of the inputs, made different where two are the same.
///
///     dumps/march/a.837.gz       a.837
///     dumps.zip!april/a.837      a-2.837
///     -                          stdin.csv
public struct CopyNames {
  private var given: Set<String> = []
  private let infix: String

  /// Names with `infix` before their ending, for instance `.annotated`.
  public init(infix: String = "") { self.infix = infix }

  /// The name for the copy of the input at `path`; `ending` is what an input without one gets.
  public mutating func name(for path: String, ending: String) -> String {
    var name = path
    if let cut = name.utf8.lastIndex(where: { $0 == 0x2F || $0 == 0x21 }) {
      name = String(name[name.index(after: cut)...])
    }
    if path == "-" || name.isEmpty { name = "stdin" }
    // Nothing that a list of names or a terminal would take for something else.
    name = String(String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "_" : $0 }))
    // A copy is plain, however the input was packed.
    var isPacked = true
    while isPacked {
      isPacked = false
      for packed in [".gz", ".z", ".zip", ".bgz"] where name.utf8.count > packed.utf8.count {
        if name.lowercased().hasSuffix(packed) {
          name.removeLast(packed.count)
          isPacked = true
        }
      }
    }
    var stem = name
    var extent = ending
    if let dot = name.lastIndex(of: "."), dot != name.startIndex, name.index(after: dot) != name.endIndex {
      stem = String(name[..<dot])
      extent = String(name[dot...])
    }
    // Room for the temporary name, and for a number.
    while stem.utf8.count > 120 { stem.removeLast() }
    while extent.utf8.count > 60 { extent.removeLast() }
    var number = 1
    while true {
      let candidate = stem + (number == 1 ? "" : "-\(number)") + infix + extent
      if given.insert(candidate).inserted { return candidate }
      number += 1
    }
  }
}
