/// A value of a pack with its place: what is left of YAML once everything that we refuse is gone.
struct PackNode: Sendable, Equatable {
  /// A value.
  enum Value: Sendable, Equatable {
    /// A text, and whether it was quoted or a block: then it is a text whatever it looks like.
    case scalar(String, isText: Bool)
    /// A list.
    case sequence([PackNode])
    /// Keys and values, in order.
    case mapping([Entry])
  }

  /// A key and its value.
  struct Entry: Sendable, Equatable {
    var key: String
    var keyLine: Int
    var keyColumn: Int
    var value: PackNode
  }

  var value: Value
  var line: Int
  var column: Int

  /// Whether there is nothing: an empty plain scalar, `~` or `null`.
  var isNull: Bool {
    if case .scalar(let text, isText: false) = value { return ["", "~", "null", "Null", "NULL"].contains(text) }
    return false
  }

  /// What kind of value it is, in words.
  var kind: String {
    switch value {
    case .scalar(_, let isText):
      isNull ? "nothing" : isText ? "a text" : "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
