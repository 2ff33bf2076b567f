/// The checks of a run, called by position.
///
/// A check out of an array of existentials is copied before it is called, and one out of an array of objects is retained, with
/// two threads counting in one place: either is several times what most checks cost themselves (measured: 4 % of an audit in which
/// every line is watched). Here the objects live as long as the list and are called where they are.
@safe
struct CheckList: @unchecked Sendable {
  /// What keeps the objects alive.
  private let owners: [CheckBox]
  private let boxes: [Unmanaged<CheckBox>]

  init(_ checks: [any LineCheck]) {
    owners = checks.map { CheckList.box($0) }
    unsafe boxes = owners.map { unsafe Unmanaged.passUnretained($0) }
  }

  private static func box(_ check: some LineCheck) -> CheckBox { HeldCheck(check) }

  /// Asks the check at a position about a line.
  @inline(__always)
  func check(_ position: Int, _ line: AuditedLine, _ findings: inout FindingSink) {
    unsafe boxes[position]._withUnsafeGuaranteedRef { $0.check(line, &findings) }
  }
}

/// A check as an object.
private class CheckBox {
  func check(_ line: AuditedLine, _ findings: inout FindingSink) {}
}

private final class HeldCheck<Check: LineCheck>: CheckBox {
  private let held: Check

  init(_ check: Check) { held = check }

  override func check(_ line: AuditedLine, _ findings: inout FindingSink) { held.check(line, &findings) }
}
