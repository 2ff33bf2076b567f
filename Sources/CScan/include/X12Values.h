#ifndef CLAIMAUDIT_X12VALUES_H
#define CLAIMAUDIT_X12VALUES_H

#include <stddef.h>
#include <stdint.h>

/// A window of 837 bytes and what `claimaudit_x12_index` made of it.
typedef struct {
  const uint8_t *bytes;
  /// How many bytes can be read, at least 128.
  size_t readable;
  const uint64_t *terminators;
  const uint64_t *separators;
  /// The segments worth a look.
  const uint64_t *marks;
  size_t count;
  uint8_t terminator;
  uint8_t separator;
  uint8_t component;
  /// The classes of LX, SV1, SV2 and DTP.
  uint8_t line, professional, institutional, date;
} claimaudit_x12_window;

/// Looks at the service lines of a window, eight at a time; says how many there are, or -1 where it cannot.
///
/// For every LX of the list `positions` takes its position there. Where it is LX, SV1 or SV2 with a procedure of five
/// bytes and values of the form that nearly all have, `codes` takes the five bytes, the first lowest, and
/// `values` from the lowest bit on 40 bits of cents, 16 bits of LX01, one bit that is set for an SV2, and one that is set when the next
/// segment of the list is a DTP*472 of one good day, but for the 29th of February. For every other line `codes` takes 0. All have room for as many as the
/// list has segments, and for sixteen more.
///
/// Vectors of AVX2 or AVX-512 are needed for it. The level is as `claimaudit_x12_index_with` has it.
ptrdiff_t claimaudit_x12_look(int level, const claimaudit_x12_window *window, uint32_t *positions, uint64_t *codes,
                              uint64_t *values);

#endif
