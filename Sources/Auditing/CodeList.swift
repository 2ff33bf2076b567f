public import ClaimModel

/// A few codes in the order in which they were found, each once: what a message names.
///
/// The first ones stand on the stack, since nearly every message names one.
public struct CodeList: Sendable {
  private static let capacity = 4
  private var first: [4 of Code] = .init(repeating: .none)
  private var rest: [Code] = []
  /// How many there are.
  public private(set) var count = 0

  /// No codes.
  public init() {}

  /// Whether there are none.
  public var isEmpty: Bool { count == 0 }

  /// The code at `index`.
  public subscript(index: Int) -> Code { index < CodeList.capacity ? first[index] : rest[index - CodeList.capacity] }

  /// Whether a code is among them.
  public func contains(_ code: Code) -> Bool {
    for index in 0..<count where self[index] == code { return true }
    return false
  }

  /// Adds a code that is not yet there.
  public mutating func insert(_ code: Code) {
    if contains(code) { return }
    if count < CodeList.capacity { first[count] = code } else { rest.append(code) }
    count += 1
  }
}
