// The look at service lines, compiled once for each set of instructions: TARGET names them, LANES is how many lines a vector takes, and
// NAMED gives names of their own.

#include "ValueLanes.h"

/// The next of some lines.
TARGET static inline lanes NAMED(some)(const uint64_t *values) {
  lanes some;
  memcpy(&some, values, sizeof some);
  return some;
}

/// The cents of an amount of up to eight bytes that ends with the bytes of `tail`: digits, and behind a point two at most.
TARGET static inline lanes NAMED(cents)(lanes tail, lanes length, lanes *wrong) {
  *wrong |= (lanes)(length - 1 > 7);
  const lanes given = ~(lanes){0} << ((64 - 8 * length) & 63);
  const lanes text = (tail & given) | (0x3030303030303030 & ~given);
  // Where a point stands; the lowest bit found is right.
  const lanes zeros = text ^ 0x2E2E2E2E2E2E2E2E;
  const lanes points = (zeros - 0x0101010101010101) & ~zeros & 0x8080808080808080;
  const lanes is_whole = (lanes)(points == 0);
  const lanes point = (points & -points) >> 7;
  const lanes below = point - 1;
  // What stands before the point moves up by one byte.
  const lanes closed = ((text & below) << 8) | 0x30 | (text & (~below << 8));
  const lanes written = (text & is_whole) | (closed & ~is_whole), digits = written ^ 0x3030303030303030;
  *wrong |= NAMED(no_digits)(written);
  // A point behind all digits, before the last, or before the last two.
  const lanes last = (lanes)(point == 1ULL << 56), second = (lanes)(point == 1ULL << 48), third = (lanes)(point == 1ULL << 40);
  *wrong |= ~(is_whole | last | second | third) | (last & (lanes)(length == 1));
  // Pairs, fours, eight: the first byte is the lowest.
  const lanes pairs = ((digits << 3) + (digits << 1) + (digits >> 8)) & 0x00FF00FF00FF00FF;
  const lanes tens = pairs & 0x000000FF000000FF, ones = pairs >> 16 & 0x000000FF000000FF;
  const lanes fours = (tens << 6) + (tens << 5) + (tens << 2) + ones;
  const lanes value = (fours & 0xFFFFFFFF) * 10000 + (fours >> 32);
  const lanes scale = ((is_whole | last) & 100) | (second & 10) | (third & 1);
  return value * scale;
}

/// Whether what follows a line is a DTP*472 of one good day, but for the 29th of February.
TARGET static inline lanes NAMED(is_dated)(const gathered_lines *lines, size_t at, uint64_t qualifier, uint64_t terminator) {
  lanes wrong = (NAMED(some)(lines->qualifier + at) & 0x00FFFFFFFFFFFFFF) ^ qualifier;
  wrong |= NAMED(some)(lines->end + at) >> 56 ^ terminator;
  wrong |= NAMED(no_day)(NAMED(some)(lines->day + at));
  return (lanes)(wrong == 0);
}

/// Says for some lines what `claimaudit_x12_look` says.
TARGET static inline void NAMED(look_at)(const gathered_lines *lines, size_t at, const claimaudit_x12_window *window, lanes *codes,
                                         lanes *values) {
  const uint64_t separator = window->separator, component = window->component, terminator = window->terminator;
  lanes wrong = {0};

  // LX01: one digit or two.
  const lanes line = NAMED(some)(lines->number + at);
  const lanes first = (line >> 24 & 0xFF) - 0x30, second = (line >> 32 & 0xFF) - 0x30;
  const lanes is_short = (lanes)((line >> 32 & 0xFF) == terminator);
  const lanes is_long = (lanes)((line >> 40 & 0xFF) == terminator) & (lanes)(second <= 9) & (lanes)(first != 0);
  wrong |= ~(is_short | is_long) | (lanes)(first > 9);
  const lanes number = (first & is_short) | (((first << 3) + (first << 1) + second) & ~is_short);

  // HC and a code.
  const lanes form = NAMED(some)(lines->form + at), is_bare = -(form >> 8 & 1);
  const lanes procedure = NAMED(some)(lines->procedure + at);
  const lanes code = procedure >> 24;
  wrong |= (((procedure & 0xFFFFFF) ^ (0x4348 | component << 16)) | NAMED(no_code)(code)) & ~is_bare;

  const lanes cents = NAMED(cents)(NAMED(some)(lines->charge + at), form & 0xFF, &wrong);
  // One digit of units, not zero.
  wrong |= (lanes)((NAMED(some)(lines->behind + at) >> 32 & 0xFF) - 0x31 > 8);

  const uint64_t qualifier = 0x0000384400323734 | separator << 24 | separator << 48;  // 472, D8
  const lanes is_dated = NAMED(is_dated)(lines, at, qualifier, terminator);
  *codes = code & ~is_bare;
  *values = (cents | number << 40 | (is_dated & 1ULL << 56)) & (lanes)(wrong == 0);
}

/// Looks at all lines of a window; says how many they are.
TARGET static size_t NAMED(look)(const claimaudit_x12_window *window, const claimaudit_x12_lines *lines) {
  gathered_lines gathered;
  const size_t count = NAMED(find_lines)(window, lines->positions);
  for (size_t done = 0; done < count; done += BATCH) {
    const size_t many = count - done < BATCH ? count - done : BATCH;
    gather(window, lines->positions + done, many, &gathered);
    for (size_t at = 0; at < many; at += LANES) {
      lanes codes, values;
      NAMED(look_at)(&gathered, at, window, &codes, &values);
      memcpy(lines->codes + done + at, &codes, sizeof codes);
      memcpy(lines->values + done + at, &values, sizeof values);
    }
  }
  NAMED(link_lines)(window, count, lines);
  return count;
}

#undef lanes
#undef TARGET
#undef LANES
#undef NAMED
