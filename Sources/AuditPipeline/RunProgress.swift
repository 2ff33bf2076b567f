public import ByteInput
internal import Synchronization

/// How far a run has come, as far as it is known between blocks: for showing it, never for deciding anything.
public final class RunProgress: Sendable {
  /// The bytes read from disk.
  public let meter: ReadingMeter
  private let claimCount = Atomic<Int>(0)
  private let findingCount = Atomic<Int>(0)

  /// Nothing yet; the bytes are counted by `meter`.
  public init(meter: ReadingMeter) { self.meter = meter }

  /// Claims read.
  public var claims: Int { claimCount.load(ordering: .relaxed) }
  /// Findings on single claims; those of the rules over the run come when all is read.
  public var findings: Int { findingCount.load(ordering: .relaxed) }

  func add(claims: Int) { claimCount.add(claims, ordering: .relaxed) }
  func add(findings: Int) { findingCount.add(findings, ordering: .relaxed) }
}
