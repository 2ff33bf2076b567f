#ifndef CLAIMAUDIT_WORDS_H
#define CLAIMAUDIT_WORDS_H

#include <stdint.h>
#include <string.h>

/// The eight bytes at `bytes`, the first lowest.
__attribute__((always_inline)) static inline uint64_t eight(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

#endif
