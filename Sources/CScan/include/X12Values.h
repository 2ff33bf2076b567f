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
  /// The segments worth a look, and behind them one of another class than those below.
  const uint64_t *marks;
  size_t count;
  uint8_t terminator;
  uint8_t separator;
  uint8_t component;
  /// The classes of LX, of the service segment behind it and of DTP.
  uint8_t line, service, date;
  /// Whether that service segment is SV2, else it is SV1.
  uint8_t is_institutional;
  /// One bit for each slot that a procedure of interest has, 4096 in all.
  const uint64_t *interest;
} claimaudit_x12_window;

/// What is known of the service lines of a window.
///
/// A line is of the usual form where it is LX and the service segment with a procedure of five bytes, SV2 also without one, and all its
/// values have the form that nearly all have. All have room for as many lines as the list has segments, and for 80 more.
typedef struct {
  /// Where its LX stands in the list.
  uint32_t *positions;
  /// 0 for a line of another form, else from the lowest bit on 40 bits of cents, 16 bits of LX01, and one bit that is set when the next
  /// segment of the list is a DTP*472 of one good day, but for the 29th of February.
  uint64_t *values;
  /// The five bytes of its procedure, the first lowest, 0 where it has none.
  uint64_t *codes;
  /// The cents of all lines before it.
  uint64_t *sums;
  /// One bit a line: whether the line behind it stands behind it in the list and has the next number; whether it has no day; whether its procedure has a slot of interest.
  uint64_t *followed, *undated, *interesting;
} claimaudit_x12_lines;

#define CLAIMAUDIT_X12_SLOT_MULTIPLIER 0x9E3779B97F4A7C15

/// The slot of a procedure, its first byte highest.
static inline uint64_t claimaudit_x12_slot_of(uint64_t code) { return code * CLAIMAUDIT_X12_SLOT_MULTIPLIER >> 52; }

/// Looks at the service lines of a window, eight at a time; says how many there are, or -1 where it cannot.
///
/// Vectors of AVX2 or AVX-512 are needed for it. The level is as `claimaudit_x12_index_with` has it.
ptrdiff_t claimaudit_x12_look(int level, const claimaudit_x12_window *window, const claimaudit_x12_lines *lines);

#endif
