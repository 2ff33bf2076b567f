internal import ClaimModel

/// The values of a claim as cells.
extension TableRow {
  /// A text of the claim.
  @inline(never)
  mutating func append(_ range: TextRange, _ text: Span<UInt8>) {
    if range.isEmpty { return close() }
    append { bytes in bytes.append(clean: text.extracting(Int(range.start)..<Int(range.start) + Int(range.count))) }
  }

  /// A code, or what is there instead of one.
  @inline(never)
  mutating func append(_ value: CodedValue, _ text: Span<UInt8>) {
    if value.isEmpty { return close() }
    append { bytes in bytes.append(value, text) }
  }

  /// Two modifiers that share a column.
  mutating func append(_ value: CodedValue, and other: CodedValue, _ text: Span<UInt8>) {
    if value.isEmpty { return close() }
    append { bytes in
      let traits = bytes.append(value, text)
      if other.isEmpty { return traits }
      bytes.append(0x3B)
      return traits.union(bytes.append(other, text))
    }
  }

  /// A code, empty when there is none.
  mutating func append(code: Code) {
    if code.isNone { return close() }
    append { bytes in bytes.append(checked: code) }
  }

  /// A date; absent and malformed ones are empty.
  @inline(__always)
  mutating func append(_ date: DateValue, _ days: inout DayText) {
    guard let day = date.day else { return close() }
    append { bytes in
      days.append(day, to: &bytes)
      return []
    }
  }

  /// Units; absent and malformed ones are empty.
  @inline(__always)
  mutating func append(_ units: Quantity) {
    guard let value = units.tenThousandths else { return close() }
    append { bytes in
      bytes.append(tenThousandths: value)
      return value < 0 ? .special : []
    }
  }

  /// The diagnoses a line points to in the order of its pointers, or all of the claim's when it points to nothing.
  mutating func appendDiagnoses(of line: ServiceLine, in claim: Claim, _ text: Span<UInt8>) {
    append { bytes in
      let start = bytes.count
      var traits: CellTraits = []
      func add(_ diagnosis: Diagnosis, to bytes: inout ByteBuffer) {
        if bytes.count > start { bytes.append(0x3B) }
        traits.formUnion(bytes.append(CodedValue(code: diagnosis.code, text: diagnosis.text), text))
      }
      if line.diagnosisPointers.isEmpty {
        for diagnosis in claim.diagnoses { add(diagnosis, to: &bytes) }
      } else {
        for index in line.diagnosisPointers.indices {
          // A pointer that cannot be read or points past the list names no diagnosis.
          let pointer = line.diagnosisPointers[index]
          if pointer >= 1, pointer <= claim.diagnoses.count { add(claim.diagnoses[pointer - 1], to: &bytes) }
        }
      }
      return traits
    }
  }
}

extension ByteBuffer {
  /// Adds the code, or the text where it is no code.
  @inline(__always)
  fileprivate mutating func append(_ value: CodedValue, _ text: Span<UInt8>) -> CellTraits {
    if !value.code.isNone { return append(checked: value.code) }
    let range = value.text
    return append(clean: text.extracting(Int(range.start)..<Int(range.start) + Int(range.count)))
  }

  /// Adds a code: printable ASCII, but it may hold what a format must quote.
  @inline(__always)
  fileprivate mutating func append(checked code: Code) -> CellTraits {
    append(code)
    return code.isSpecial ? .special : []
  }
}

extension Code {
  /// Whether some format has to quote or escape it: it holds `"`, `&`, `,`, `<`, `>` or `\`, or begins with `+`, `-`, `=` or `@`.
  @inline(__always)
  fileprivate var isSpecial: Bool {
    let every: UInt64 = 0x0101_0101_0101_0101
    // The high bits of such bytes, and perhaps of some above the lowest of them.
    func found(_ byte: UInt64, _ word: UInt64) -> UInt64 {
      let other = word ^ byte &* every
      return (other &- every) & ~other
    }
    // `<` and `>` differ in one bit, and so do `"` and `&`.
    let marks =
      found(0x3E, bits | 0x02 &* every) | found(0x26, bits | 0x04 &* every) | found(0x2C, bits) | found(0x5C, bits)
    if marks & (0x80 &* every) != 0 { return true }
    switch UInt8(truncatingIfNeeded: bits >> 56) {
    case 0x2B, 0x2D, 0x3D, 0x40: return true
    default: return false
    }
  }
}

extension ByteBuffer {
  /// Adds what the source calls a field: the element of an 837, the header of an export's column, or the column's usual name
  /// where the export has none.
  mutating func append(
    element field: ClaimField, kind: ClaimKind, format: ClaimFormat, ownPlaceOfService: Bool, columns: ColumnNames
  ) -> CellTraits {
    switch format {
    case .x12:
      return append(clean: field.x12Element(kind, ownPlaceOfService: ownPlaceOfService))
    case .csv: return append(clean: columns[field] ?? field.columnName)
    }
  }
}

extension ClaimField {

  /// The field's usual column name.
  var columnName: String {
    switch self {
    case .whole: "claim_line"
    case .claimID: "claim_id"
    case .totalCharge: "claim_total_charge"
    case .frequency: "claim_frequency_code"
    case .originalClaimID: "original_claim_id"
    case .typeOfBill: "bill_type_code"
    case .placeOfService: "place_of_service_code"
    case .procedure: "hcpcs_code"
    case .modifier(let index): "hcpcs_modifier_\(index + 1)"
    case .revenueCode: "revenue_center_code"
    case .charge: "charge_amount"
    case .units: "service_unit_quantity"
    case .diagnosis(let index): "diagnosis_code_\(index + 1)"
    case .diagnosisPointers: "diagnosis_pointer"
    case .serviceFrom: "claim_line_start_date"
    case .serviceTo: "claim_line_end_date"
    case .statementPeriod: "claim_start_date"
    case .admission: "admission_date"
    case .discharge: "discharge_date"
    case .payer: "payer"
    case .filingIndicator: "filing_indicator"
    case .clinician: "rendering_npi"
    case .inpatientProcedures: "procedure_code_1"
    case .documentation: "attachment_control_number"
    case .patient: "person_id"
    }
  }
}
