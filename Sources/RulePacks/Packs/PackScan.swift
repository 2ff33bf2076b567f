/// Looks over the text of a pack before the YAML parser sees it, for what the parser would follow and we do not: anchors and
/// aliases (a few lines of them make billions of values), tags, and nesting without end.
///
/// It knows as much of YAML as is needed to tell where a value may begin: quotes, comments, block texts, flow brackets. A plain text
/// that goes on over several lines may not begin a line with `&`, `*` or `!`; that is refused too, and quoting it helps.
struct PackScan {
  /// How many levels a pack may have.
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0
  private var flowDepth = 0
  /// The indentations of the open block levels.
  private var indents: [Int] = []
  private var found: PackError?
  private let file: String

  /// The first thing in `bytes` that we do not follow.
  static func firstFault(in bytes: [UInt8], file: String) -> PackError? {
    var scan = PackScan(bytes: bytes, file: file)
    scan.run()
    return scan.found
  }

  private init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  private mutating func run() {
    while index < bytes.count, found == nil { scanLine() }
  }

  /// One line, or what is left of one after a quoted text that spans lines.
  private mutating func scanLine() {
    lineStart = index
    var indent = 0
    while index < bytes.count, bytes[index] == 0x20 {
      index += 1
      indent += 1
    }
    if flowDepth == 0, index < bytes.count, ![0x0A, 0x0D, 0x23].contains(bytes[index]) { open(indent) }
    var mayBegin = true
    while index < bytes.count, found == nil {
      let byte = bytes[index]
      switch byte {
      case 0x0A:
        index += 1
        line += 1
        // `|` or `>` at the end: a block text follows, every deeper line of which is text.
        if isBlockHeader { skipBlockText(deeperThan: indent) }
        return
      case 0x20, 0x09, 0x0D:
        index += 1
        continue
      case 0x23 where index == lineStart || bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09:
        while index < bytes.count, bytes[index] != 0x0A { index += 1 }
        continue
      case 0x22 where mayBegin, 0x27 where mayBegin:
        skipQuoted(byte)
        mayBegin = false
        continue
      case 0x26 where mayBegin && isName(index + 1): refuse(.alias, "an anchor (&)")
      case 0x2A where mayBegin && isName(index + 1): refuse(.alias, "an alias (*)")
      case 0x21 where mayBegin: refuse(.tag, "a tag (!)")
      case 0x5B where mayBegin || flowDepth > 0, 0x7B where mayBegin || flowDepth > 0:
        flowDepth += 1
        if flowDepth + indents.count > Self.depthLimit { refuseDepth() }
        mayBegin = true
        index += 1
        continue
      case 0x5D where flowDepth > 0, 0x7D where flowDepth > 0:
        flowDepth -= 1
        mayBegin = false
        index += 1
        continue
      case 0x2C where flowDepth > 0:
        mayBegin = true
        index += 1
        continue
      case 0x2D where mayBegin && isBlank(index + 1), 0x3F where mayBegin && isBlank(index + 1),
        0x3A where isBlank(index + 1):
        // `- `, `? ` and `: ` let a value begin behind them; the first two open a level of their own.
        index += 1
        if byte != 0x3A, flowDepth == 0 {
          var deeper = index
          while deeper < bytes.count, bytes[deeper] == 0x20 { deeper += 1 }
          open(deeper - lineStart)
        }
        mayBegin = true
        continue
      default: break
      }
      mayBegin = false
      index += 1
    }
  }

  private mutating func open(_ indent: Int) {
    while let last = indents.last, last >= indent { indents.removeLast() }
    indents.append(indent)
    if indents.count + flowDepth > Self.depthLimit { refuseDepth() }
  }

  private func isBlank(_ position: Int) -> Bool {
    position >= bytes.count || [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position])
      || (flowDepth > 0 && [0x2C, 0x5D, 0x7D].contains(bytes[position]))
  }

  private func isName(_ position: Int) -> Bool { position < bytes.count && !isBlank(position) }

  /// Whether the line that just ended says that a block text follows: `|` or `>`, perhaps with a digit and a sign, where a value
  /// may stand.
  private var isBlockHeader: Bool {
    guard flowDepth == 0 else { return false }
    var end = index - 1
    var position = lineStart
    // A comment behind the header does not count.
    while position < end {
      if bytes[position] == 0x23, position > lineStart, bytes[position - 1] == 0x20 {
        end = position
        break
      }
      position += 1
    }
    while end > lineStart, [0x20, 0x09, 0x0D].contains(bytes[end - 1]) { end -= 1 }
    var start = end
    while start > lineStart, bytes[start - 1] > 0x20 { start -= 1 }
    guard start < end, bytes[start] == 0x7C || bytes[start] == 0x3E, end - start <= 3 else { return false }
    return bytes[start + 1..<end].allSatisfy { $0 == 0x2B || $0 == 0x2D || ($0 >= 0x30 && $0 <= 0x39) }
  }

  private mutating func skipBlockText(deeperThan indent: Int) {
    while index < bytes.count {
      var position = index
      while position < bytes.count, bytes[position] == 0x20 { position += 1 }
      let isEmpty = position < bytes.count && (bytes[position] == 0x0A || bytes[position] == 0x0D)
      guard isEmpty || position - index > indent else { return }
      while index < bytes.count, bytes[index] != 0x0A { index += 1 }
      if index < bytes.count {
        index += 1
        line += 1
      }
    }
  }

  private mutating func skipQuoted(_ quote: UInt8) {
    index += 1
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x0A {
        line += 1
        lineStart = index + 1
      }
      if quote == 0x22, byte == 0x5C, index + 1 < bytes.count, bytes[index + 1] != 0x0A {
        index += 2
        continue
      }
      index += 1
      guard byte == quote else { continue }
      // Two single quotes inside single quotes are one.
      if quote == 0x27, index < bytes.count, bytes[index] == 0x27 {
        index += 1
        continue
      }
      return
    }
  }

  private mutating func refuse(_ kind: PackError.Kind, _ what: String) {
    found = PackError(
      kind, file: file, line: line, column: index - lineStart + 1, "\(what) is not followed here",
      expected: "plain values, or a quoted text")
  }

  private mutating func refuseDepth() {
    found = PackError(
      .depth, file: file, line: line, column: index - lineStart + 1, "the values are nested too deeply",
      expected: "at most \(Self.depthLimit) levels")
  }
}
