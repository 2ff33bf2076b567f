#ifndef CLAIMAUDIT_TEXTMARKS_H
#define CLAIMAUDIT_TEXTMARKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// What a text holds that a report has to do something about, sixteen bytes at a time in the vectors every processor this runs on
// has. Here and not in Swift, whose comparisons of vectors go through them byte by byte; inline, since most texts are one block.

typedef uint8_t claimaudit_block __attribute__((vector_size(16)));

/// Control characters or bytes that are not ASCII.
#define CLAIMAUDIT_UNPRINTABLE 1
/// `&`, `<`, `>` or `\`.
#define CLAIMAUDIT_MARKUP 2
/// `"`.
#define CLAIMAUDIT_QUOTE 4
/// A comma or a line end.
#define CLAIMAUDIT_SEPARATOR 8
/// `;`.
#define CLAIMAUDIT_SEMICOLON 16

/// The block at `bytes`.
__attribute__((always_inline)) static inline claimaudit_block claimaudit_block_at(const uint8_t *bytes) {
  claimaudit_block block;
  memcpy(&block, bytes, sizeof block);
  return block;
}

/// The 1 to 15 bytes at `bytes`, of which eight must be readable, as two words that overlap or one filled up with letters.
__attribute__((always_inline)) static inline claimaudit_block claimaudit_short_block(const uint8_t *bytes, size_t count) {
  uint64_t words[2] = {0x6161616161616161, 0x6161616161616161};
  memcpy(&words[0], bytes, 8);
  if (count >= 8) {
    memcpy(&words[1], bytes + count - 8, 8);
  } else {
    // The first byte is the lowest, as on every processor this is built for.
    const uint64_t beyond = ~(uint64_t)0 << (8 * count);
    words[0] = (words[0] & ~beyond) | (words[1] & beyond);
  }
  claimaudit_block block;
  memcpy(&block, words, sizeof block);
  return block;
}

/// Whether a byte of the block is not zero.
__attribute__((always_inline)) static inline int claimaudit_is_any(claimaudit_block block) {
  uint64_t words[2];
  memcpy(words, &block, sizeof words);
  return (words[0] | words[1]) != 0;
}

/// Which bytes are no printable ASCII.
__attribute__((always_inline)) static inline claimaudit_block claimaudit_unprintable(claimaudit_block block) {
  return (claimaudit_block)((block - 0x20) > 0x5E);
}

/// Which bytes have to be escaped or quoted in some format.
__attribute__((always_inline)) static inline claimaudit_block claimaudit_special(claimaudit_block block) {
  // `<` and `>` differ in one bit, and so do `"` and `&`.
  return (claimaudit_block)((block | 0x02) == 0x3E) | (claimaudit_block)((block | 0x04) == 0x26)
    | (claimaudit_block)(block == 0x2C) | (claimaudit_block)(block == 0x5C);
}

/// Whether the `count` bytes at `bytes`, of which at least eight must be readable, are printable ASCII without `"`, `&`, `,`, `<`,
/// `>` and `\`.
__attribute__((always_inline)) static inline int claimaudit_is_plain(const uint8_t *bytes, size_t count) {
  if (count == 0) return 1;
  claimaudit_block found;
  if (count < 16) {
    const claimaudit_block block = claimaudit_short_block(bytes, count);
    found = claimaudit_unprintable(block) | claimaudit_special(block);
  } else {
    // The last block overlaps the one before it.
    const claimaudit_block last = claimaudit_block_at(bytes + count - 16);
    found = claimaudit_unprintable(last) | claimaudit_special(last);
    for (size_t position = 0; position + 16 < count; position += 16) {
      const claimaudit_block block = claimaudit_block_at(bytes + position);
      found |= claimaudit_unprintable(block) | claimaudit_special(block);
    }
  }
  return !claimaudit_is_any(found);
}

/// What the `count` bytes at `bytes`, of which at least eight must be readable, hold: a sum of the constants above.
__attribute__((always_inline)) static inline uint8_t claimaudit_text_marks(const uint8_t *bytes, size_t count) {
  if (count == 0) return 0;
  claimaudit_block last = count < 16 ? claimaudit_short_block(bytes, count) : claimaudit_block_at(bytes + count - 16);
  claimaudit_block unprintable = {0}, markup = {0}, quote = {0}, comma = {0}, semicolon = {0};
  size_t position = 0;
  for (;;) {
    const int is_last = position + 16 >= count;
    const claimaudit_block block = is_last ? last : claimaudit_block_at(bytes + position);
    unprintable |= claimaudit_unprintable(block);
    markup |= (claimaudit_block)((block | 0x02) == 0x3E) | (claimaudit_block)(block == 0x26)
      | (claimaudit_block)(block == 0x5C);
    quote |= (claimaudit_block)(block == 0x22);
    comma |= (claimaudit_block)(block == 0x2C);
    semicolon |= (claimaudit_block)(block == 0x3B);
    if (is_last) break;
    position += 16;
  }
  uint8_t marks = 0;
  if (claimaudit_is_any(unprintable)) {
    marks |= CLAIMAUDIT_UNPRINTABLE;
    // Line ends are among them, and few texts have any.
    if (memchr(bytes, 0x0A, count) || memchr(bytes, 0x0D, count)) marks |= CLAIMAUDIT_SEPARATOR;
  }
  if (claimaudit_is_any(markup)) marks |= CLAIMAUDIT_MARKUP;
  if (claimaudit_is_any(quote)) marks |= CLAIMAUDIT_QUOTE;
  if (claimaudit_is_any(comma)) marks |= CLAIMAUDIT_SEPARATOR;
  if (claimaudit_is_any(semicolon)) marks |= CLAIMAUDIT_SEMICOLON;
  return marks;
}

/// Which of the 32 bytes at `bytes` are commas: one bit a byte, the first byte lowest.
__attribute__((always_inline)) static inline uint32_t claimaudit_commas(const uint8_t *bytes) {
#if defined(__SSE2__)
  const __m128i comma = _mm_set1_epi8(',');
  const __m128i low = _mm_loadu_si128((const __m128i *)bytes), high = _mm_loadu_si128((const __m128i *)bytes + 1);
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, comma))
    | (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(high, comma)) << 16;
#else
  uint32_t found = 0;
  for (int i = 0; i < 32; i++) found |= (uint32_t)(bytes[i] == ',') << i;
  return found;
#endif
}

/// Writes down where the first `limit` commas stand among the bytes from `start` to `end` of `bytes`, behind which 31 more must be
/// readable; the answer is how many were written.
__attribute__((always_inline)) static inline size_t claimaudit_comma_places(const uint8_t *bytes, size_t start, size_t end,
                                                                            uint32_t *places, size_t limit) {
  size_t found = 0;
  for (size_t offset = start; offset < end; offset += 32) {
    uint64_t commas = claimaudit_commas(bytes + offset);
    if (end - offset < 32) commas &= (1ull << (end - offset)) - 1;
    for (; commas && found < limit; commas &= commas - 1)
      places[found++] = (uint32_t)(offset + (size_t)__builtin_ctzll(commas));
  }
  return found;
}

#endif
