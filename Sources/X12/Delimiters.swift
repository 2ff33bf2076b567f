/// The four bytes that structure an interchange, as its ISA segment declares them.
///
/// Each interchange has its own; a file may change them from one to the next.
public struct Delimiters: Hashable, Sendable {
  /// Between elements: the fourth byte of the ISA.
  public var element: UInt8
  /// Between the components of a composite: ISA16.
  public var component: UInt8
  /// Between repetitions of an element: ISA11 from 00402 on, `nil` before (there ISA11 is the standards id `U`).
  public var repetition: UInt8?
  /// Behind each segment: the byte behind ISA16.
  public var terminator: UInt8

  /// Four delimiters.
  public init(element: UInt8, component: UInt8, repetition: UInt8?, terminator: UInt8) {
    self.element = element
    self.component = component
    self.repetition = repetition
    self.terminator = terminator
  }

  /// What nearly every 837 uses, and what is assumed where an interchange has lost its ISA.
  public static let customary = Delimiters(element: 0x2A, component: 0x3A, repetition: 0x5E, terminator: 0x7E)
}

/// Whether a byte is a letter or a digit, which no delimiter can be.
@inlinable
public func isAlphanumeric(_ byte: UInt8) -> Bool {
  byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A || byte >= 0x61 && byte <= 0x7A
}

/// Whether a byte is a carriage return or a line feed.
@inlinable
public func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
