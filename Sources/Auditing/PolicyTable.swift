public import ClaimModel

/// Which policy holds for which watched procedure, and how many days of aftercare a procedure brings.
public final class PolicyTable: Sendable {
  private let procedures: [Code]
  private let policies: [ProcedurePolicy]
  private let globalCodes: [Code]
  private let globalDays: [Int32]
  /// The watched procedures and those whose global days are known.
  private let ofInterest: CodeSet

  /// A table.
  public init(policies: [Code: ProcedurePolicy], globalDays: [Code: Int32]) {
    let sorted = policies.sorted { $0.key < $1.key }
    procedures = sorted.map(\.key)
    self.policies = sorted.map(\.value)
    let days = globalDays.sorted { $0.key < $1.key }
    globalCodes = days.map(\.key)
    self.globalDays = days.map(\.value)
    ofInterest = CodeSet(procedures + globalCodes)
  }

  /// Whether a procedure is watched or its global days are known.
  func isOfInterest(_ procedure: Code) -> Bool { ofInterest.contains(procedure) }

  /// Where the policy of a procedure stands, `nil` when the procedure is not watched.
  ///
  /// Nearly always there are one or two: a walk beats a search.
  func position(of procedure: Code) -> Int? {
    for position in procedures.indices where procedures[position] == procedure { return position }
    return nil
  }

  /// The policy at a position, the one that says nothing where there is none.
  func policy(at position: Int?) -> ProcedurePolicy { position.map { policies[$0] } ?? .none }

  /// The watched procedures, sorted.
  public var watched: [Code] { procedures }

  /// The procedures whose global days are known, sorted.
  public var withGlobalDays: [Code] { globalCodes }

  /// The policy of a watched procedure, `nil` when it is not watched.
  public func policy(of procedure: Code) -> ProcedurePolicy? {
    position(of: procedure).map { policies[$0] }
  }

  /// The global days of a procedure: 0, 10 or 90; `nil` when they are not known.
  public func globalDays(of procedure: Code) -> Int32? {
    var low = 0
    var high = globalCodes.count
    while low < high {
      let middle = (low + high) / 2
      if globalCodes[middle] < procedure { low = middle + 1 } else { high = middle }
    }
    return low < globalCodes.count && globalCodes[low] == procedure ? globalDays[low] : nil
  }
}
