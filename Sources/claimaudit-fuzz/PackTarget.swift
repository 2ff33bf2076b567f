internal import RulePacks

/// Packs, mappings and configurations: whatever the bytes, an answer and never an end.
enum PackTarget {
  static func pack(_ bytes: UnsafeRawBufferPointer) -> CInt {
    let content = unsafe Array(bytes)
    _ = try? CheckedFile(yaml: content, file: "fuzz.yaml")
    _ = try? ConfigFile(yaml: content, file: "fuzz.yaml")
    return 0
  }
}
