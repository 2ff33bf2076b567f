internal import ClaimReading

extension ReadingTotals {
  /// What was counted since `before`.
  func since(_ before: ReadingTotals) -> ReadingTotals {
    var difference = self
    difference.claims -= before.claims
    difference.lines -= before.lines
    difference.chargeCents &-= before.chargeCents
    difference.records -= before.records
    difference.transactionSets -= before.transactionSets
    difference.skippedTransactionSets -= before.skippedTransactionSets
    return difference
  }
}
