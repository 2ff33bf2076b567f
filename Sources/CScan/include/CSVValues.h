#ifndef CLAIMAUDIT_CSVVALUES_H
#define CLAIMAUDIT_CSVVALUES_H

#include <stddef.h>
#include <stdint.h>

#include "CSVIndex.h"

/// The columns of a table whose values are looked at, counted from 0; -1 where there is none.
typedef struct {
  /// How many columns there are.
  int32_t width;
  int32_t claim_id;
  int32_t procedure;
  /// Amounts of money, the charge first.
  int32_t amounts[4];
  int32_t units;
  int32_t dates[6];
  /// Whether eight digits are a year, a month and a day.
  int32_t takes_eight_digits;
  /// National provider identifiers.
  int32_t identifiers[2];
  /// The first and the last of the modifiers, which stand side by side, and how far they may reach; -1 for both where there are none.
  int32_t first_modifier;
  int32_t last_modifier;
  int32_t modifier_span;
  int32_t place;
  int32_t revenue;
  int32_t bill;
} claimaudit_csv_columns;

/// Looks at the values of `count` rows of an index, eight rows at a time.
///
/// `marks` and `rows` are those that `claimaudit_csv_index` made, with what stood before them at -1: the place before the first field, and
/// 0. `readable` bytes can be read. For every row in which each value has the form that nearly all have, `codes` takes the five bytes of
/// the procedure's code, the first lowest, and `digits` the eight digits of the charge in cents, the first lowest, as numbers from 0 to
/// 9. For all other rows, those too that have another number of fields or end less than eight bytes before what is readable, `codes`
/// takes 0. Both have room for a multiple of eight.
///
/// Says whether it did: vectors of AVX2 or AVX-512 are needed for it. The set of instructions is one that the processor has.
int claimaudit_csv_look(claimaudit_csv_instructions instructions, const uint8_t *bytes, size_t readable, const uint32_t *marks,
                        const uint32_t *rows, size_t count, const claimaudit_csv_columns *columns, uint64_t *codes,
                        uint64_t *digits);

#endif
