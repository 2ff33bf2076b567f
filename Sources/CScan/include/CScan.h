#ifndef CLAIMAUDIT_CSCAN_H
#define CLAIMAUDIT_CSCAN_H

#include <stddef.h>
#include <stdint.h>

#include "CSVIndex.h"

/// What the index of an 837 carries from one run of words to the next.
typedef struct {
  /// The last byte was a terminator.
  uint64_t after_terminator;
  /// The last byte was a line break behind a terminator.
  uint64_t after_break;
} claimaudit_x12_carry;

/// Marks the bytes of `words` times 64 bytes, one bit a byte, lowest bit first.
///
/// `terminators` and `separators` mark those two bytes. `odd` marks every byte that is not printable ASCII, save terminators and
/// the one or two line breaks that follow a terminator. All of `bytes` must be readable. The widest instructions
/// the processor has are used, chosen once at run time.
void claimaudit_x12_index(const uint8_t *bytes, size_t words, uint8_t terminator, uint8_t separator,
                          uint64_t *terminators, uint64_t *separators, uint64_t *odd, claimaudit_x12_carry *carry);

/// The same in plain C, for processors without vectors and to test the other against.
void claimaudit_x12_index_plain(const uint8_t *bytes, size_t words, uint8_t terminator, uint8_t separator,
                                uint64_t *terminators, uint64_t *separators, uint64_t *odd, claimaudit_x12_carry *carry);

#endif
