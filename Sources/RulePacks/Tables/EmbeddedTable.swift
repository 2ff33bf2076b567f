internal import CCodeTables
internal import ClaimModel

/// A file that travels inside the program.
///
/// The only place where the pointers of `CCodeTables` are touched: the bytes are constants of the program, so they live as long
/// as it runs and nobody writes them.
@safe
struct EmbeddedTable: @unchecked Sendable {
  private let bytes: UnsafePointer<UInt8>
  /// How many bytes there are.
  let count: Int

  private init(_ table: claimaudit_table) {
    unsafe bytes = table.bytes
    count = unsafe Int(table.count)
  }

  static var modifiers: EmbeddedTable { unsafe EmbeddedTable(claimaudit_modifiers()) }
  static var placesOfService: EmbeddedTable { unsafe EmbeddedTable(claimaudit_places_of_service()) }
  static var billTypes: EmbeddedTable { unsafe EmbeddedTable(claimaudit_bill_types()) }
  static var feeSchedule: EmbeddedTable { unsafe EmbeddedTable(claimaudit_fee_schedule()) }
  static var icd10cm: EmbeddedTable { unsafe EmbeddedTable(claimaudit_icd10cm()) }
  static var commonPack: EmbeddedTable { unsafe EmbeddedTable(claimaudit_common_pack()) }
  static var cpt32960Pack: EmbeddedTable { unsafe EmbeddedTable(claimaudit_cpt_32960_pack()) }
  static var commonPackCompact: EmbeddedTable { unsafe EmbeddedTable(claimaudit_common_pack_compact()) }
  static var cpt32960PackCompact: EmbeddedTable { unsafe EmbeddedTable(claimaudit_cpt_32960_pack_compact()) }

  /// The byte at `index`.
  subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    return unsafe bytes[index]
  }

  /// The eight bytes at `index` as a number, the first the highest.
  func word(at index: Int) -> UInt64 {
    precondition(index >= 0 && index <= count - 8)
    return unsafe UInt64(bigEndian: UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self))
  }

  /// A copy of the bytes.
  var array: [UInt8] { unsafe Array(UnsafeBufferPointer(start: bytes, count: count)) }

  /// The cells of each line that is neither empty nor a comment.
  func forEachRow(_ body: ([ArraySlice<UInt8>]) -> Void) {
    let bytes = array
    var cells: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      defer { start = end + 1 }
      guard end > start, bytes[start] != 0x23 else { continue }
      cells.removeAll(keepingCapacity: true)
      var cell = start
      for index in start..<end where bytes[index] == 0x09 {
        cells.append(bytes[cell..<index])
        cell = index + 1
      }
      cells.append(bytes[cell..<end])
      body(cells)
    }
  }
}
