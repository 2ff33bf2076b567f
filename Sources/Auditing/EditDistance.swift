/// How far two words are apart: for saying which known word a misspelt one may have meant.
public enum EditDistance {
  /// How many letters must be changed, added or dropped to make one word of the other.
  public static func between(_ one: String, _ other: String) -> Int {
    let left = Array(one.utf8)
    let right = Array(other.utf8)
    var row = Array(0...right.count)
    for i in left.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in right.indices {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left[i] == right[j] ? 0 : 1))
        diagonal = above
      }
    }
    return row[right.count]
  }
}
