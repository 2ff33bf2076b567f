// The look at the values of rows, compiled once for each set of instructions: TARGET names them, LANES is how many rows a vector takes,
// and NAMED gives names of their own.

#include "ValueLanes.h"

/// Some rows, a lane each.
typedef struct {
  const uint8_t *bytes;
  /// The end of the first field of each.
  const uint32_t *first[LANES];
} NAMED(rows);

/// Where a field starts less one, and where it ends: the lower and the upper half of each lane.
TARGET static inline lanes NAMED(ends)(const NAMED(rows) *rows, int32_t column) {
  lanes ends;
  for (int i = 0; i < LANES; i++) ends[i] = eight((const uint8_t *)(rows->first[i] + column - 1));
  return ends;
}

/// The eight bytes from the start of a field.
TARGET static inline lanes NAMED(head)(const NAMED(rows) *rows, int32_t column) {
  lanes words;
  for (int i = 0; i < LANES; i++) words[i] = eight(rows->bytes + (uint32_t)(rows->first[i][column - 1] + 1));
  return words;
}

/// The eight bytes up to the end of a field.
TARGET static inline lanes NAMED(tail)(const NAMED(rows) *rows, int32_t column) {
  lanes words;
  for (int i = 0; i < LANES; i++) words[i] = eight(rows->bytes + rows->first[i][column] - 8);
  return words;
}

/// How long a field is.
TARGET static inline lanes NAMED(length)(lanes ends) { return (ends >> 32) - ((ends + 1) & 0xFFFFFFFF); }

/// Whether a byte, the lowest of each lane, is a control character, a blank, a quote, `!` or not ASCII.
TARGET static inline lanes NAMED(invisible)(lanes bytes) { return (lanes)(((bytes - 0x23) & 0xFF) >= 0x5C); }

/// The same, or one of the other bytes up to the apostrophe, which marks texts for spreadsheets.
TARGET static inline lanes NAMED(no_beginning)(lanes bytes) { return (lanes)(((bytes - 0x28) & 0xFF) >= 0x57); }

/// The digits of `0.00` to `99999.99`, none for an empty field.
TARGET static inline lanes NAMED(amount)(const NAMED(rows) *rows, int32_t column, lanes *wrong) {
  const lanes length = NAMED(length)(NAMED(ends)(rows, column));
  const lanes some = (lanes)(length != 0);
  // Of the eight bytes that end with the field those before it become zeros, and its own their digits.
  const lanes keep = ~(lanes){0} << ((64 - 8 * length) & 63);
  const lanes digits = (NAMED(tail)(rows, column) ^ 0x30302E3030303030) & keep & some;
  *wrong |= (lanes)(length - 4 > 4) & some;
  *wrong |= (digits | (digits + 0x0606000606060606)) & 0xF0F0FFF0F0F0F0F0;
  return (digits & 0xFFFFFFFFFF) << 8 | digits >> 48 << 48;
}

/// A day of 1900 to 2199 but for the 29th of February, as `2026-01-31` or `20260131`, or nothing.
TARGET static inline void NAMED(day)(const NAMED(rows) *rows, int32_t column, uint64_t no_eight, lanes *wrong) {
  const lanes length = NAMED(length)(NAMED(ends)(rows, column));
  const lanes some = (lanes)(length != 0), is_long = (lanes)(length == 10);
  const lanes head = NAMED(head)(rows, column), tail = NAMED(tail)(rows, column);
  lanes found = (lanes)(length != 8) & ~is_long;
  found |= no_eight & ~is_long;
  found |= (head ^ 0x2D00002D00000000) & 0xFF0000FF00000000 & is_long;
  const lanes joined = (head & 0xFFFFFFFF) | (head >> 8 & 0xFFFF00000000) | (tail & 0xFFFF000000000000);
  const lanes digits = (joined & is_long) | (head & ~is_long);
  found |= NAMED(no_day)(digits);
  *wrong |= found & some;
}

/// Ten digits, or nothing.
TARGET static inline void NAMED(identifier)(const NAMED(rows) *rows, int32_t column, lanes *wrong) {
  const lanes length = NAMED(length)(NAMED(ends)(rows, column));
  const lanes found = (length ^ 10) | NAMED(no_digits)(NAMED(head)(rows, column)) | NAMED(no_digits)(NAMED(tail)(rows, column));
  *wrong |= found & (lanes)(length != 0);
}

/// So many bytes, the first of which may begin a value and the last of which is visible, or nothing.
TARGET static inline void NAMED(short_code)(const NAMED(rows) *rows, int32_t column, uint64_t size, lanes *wrong) {
  const lanes length = NAMED(length)(NAMED(ends)(rows, column)), head = NAMED(head)(rows, column);
  const lanes found = (length ^ size) | NAMED(no_beginning)(head) | NAMED(invisible)(head >> 8 * (size - 1));
  *wrong |= found & (lanes)(length != 0);
}

/// Looks at some rows; what is wrong with one are the bits of its lane in the answer.
TARGET static inline lanes NAMED(look_at)(const NAMED(rows) *rows, const claimaudit_csv_columns *columns, lanes *codes,
                                          lanes *digits) {
  lanes wrong = {0};

  // The claim's id: there, and nothing about it that would have to be taken off.
  wrong |= (lanes)(NAMED(length)(NAMED(ends)(rows, columns->claim_id)) < 5);
  wrong |= NAMED(no_beginning)(NAMED(head)(rows, columns->claim_id));
  wrong |= NAMED(invisible)(NAMED(tail)(rows, columns->claim_id) >> 56);

  const lanes code = NAMED(head)(rows, columns->procedure) & 0xFFFFFFFFFF;
  wrong |= NAMED(length)(NAMED(ends)(rows, columns->procedure)) ^ 5;
  wrong |= NAMED(no_code)(code);
  *codes = code;

  *digits = (lanes){0};
  if (columns->amounts[0] >= 0) *digits = NAMED(amount)(rows, columns->amounts[0], &wrong);
  for (int i = 1; i < 4; i++)
    if (columns->amounts[i] >= 0) (void)NAMED(amount)(rows, columns->amounts[i], &wrong);
  if (columns->units >= 0) {
    wrong |= NAMED(length)(NAMED(ends)(rows, columns->units)) ^ 1;
    wrong |= (lanes)(((NAMED(head)(rows, columns->units) & 0xFF) - 0x30) > 9);
  }
  const uint64_t no_eight = columns->takes_eight_digits ? 0 : ~0ull;
  for (int i = 0; i < 6; i++)
    if (columns->dates[i] >= 0) NAMED(day)(rows, columns->dates[i], no_eight, &wrong);
  for (int i = 0; i < 2; i++)
    if (columns->identifiers[i] >= 0) NAMED(identifier)(rows, columns->identifiers[i], &wrong);
  if (columns->last_modifier >= 0) {
    const lanes from = (NAMED(ends)(rows, columns->first_modifier) + 1) & 0xFFFFFFFF;
    wrong |= (lanes)((NAMED(ends)(rows, columns->last_modifier) >> 32) - from > (uint64_t)columns->modifier_span);
  }
  if (columns->place >= 0) NAMED(short_code)(rows, columns->place, 2, &wrong);
  if (columns->revenue >= 0) NAMED(short_code)(rows, columns->revenue, 4, &wrong);
  if (columns->bill >= 0) NAMED(short_code)(rows, columns->bill, 4, &wrong);
  return wrong;
}

TARGET static void NAMED(look)(const uint8_t *bytes, size_t readable, const uint32_t *marks, const uint32_t *rows, size_t count,
                               const claimaudit_csv_columns *columns, uint64_t *codes, uint64_t *digits) {
  for (size_t row = 0; row < count; row += LANES) {
    NAMED(rows) some = {.bytes = bytes};
    const uint32_t *sound = NULL;
    unsigned misfits = 0;
    for (size_t i = 0; i < LANES; i++) {
      const uint32_t *first = NULL;
      if (row + i < count) {
        const uint32_t begin = rows[(ptrdiff_t)(row + i) - 1], past = rows[row + i];
        const uint32_t start = marks[(ptrdiff_t)begin - 1] + 1;
        if (past - begin == (uint32_t)columns->width && (size_t)marks[past - 1] + 8 <= readable && start >= 8)
          first = marks + begin;
      }
      if (first) sound = first;
      else misfits |= 1u << i;
      some.first[i] = first;
    }
    lanes found = {0}, numbers = {0};
    if (sound) {
      // In the place of a row that is not looked at stands one that can be.
      if (misfits)
        for (size_t i = 0; i < LANES; i++)
          if (!some.first[i]) some.first[i] = sound;
      lanes code;
      const lanes wrong = NAMED(look_at)(&some, columns, &code, &numbers);
      found = code & (lanes)(wrong == 0);
      for (size_t i = 0; misfits; i++, misfits >>= 1)
        if (misfits & 1) found[i] = 0;
    }
    memcpy(codes + row, &found, sizeof found);
    memcpy(digits + row, &numbers, sizeof numbers);
  }
}

#undef lanes
#undef TARGET
#undef LANES
#undef NAMED
