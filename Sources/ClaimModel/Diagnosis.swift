/// One diagnosis of a claim (HI*ABK, HI*ABF, HI*BK, HI*BF and the further diagnosis qualifiers).
public struct Diagnosis: Sendable {
  /// The code with dots removed, upper-cased.
  public var code: Code
  /// The code as written.
  public var text: TextRange
  /// Which edition the qualifier names.
  public var edition: Edition

  /// The edition of the ICD that a qualifier or a type column names.
  public enum Edition: UInt8, Sendable {
    /// The source does not say.
    case unknown
    /// ICD-9-CM: BK, BF.
    case icd9
    /// ICD-10-CM: ABK, ABF.
    case icd10
  }

  /// A diagnosis.
  public init(code: Code, text: TextRange, edition: Edition) {
    self.code = code
    self.text = text
    self.edition = edition
  }
}
