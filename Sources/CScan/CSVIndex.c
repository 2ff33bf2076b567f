#include "CSVIndex.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

/// What stands where in a block of 64 bytes: one bit a byte, the first byte lowest.
typedef struct {
  uint64_t quotes, delimiters, feeds;
  /// Control characters, line breaks among them, and bytes above 0x7F.
  uint64_t odd;
} masks;

/// Finds the masks of a block.
typedef masks (*look)(const uint8_t *block, uint8_t quote, uint8_t delimiter);
/// Writes down the positions of the bits of a block that begins at `offset`; 64 may be written, whatever their number.
typedef void (*put)(uint32_t *into, uint64_t bits, uint32_t offset);

/// For every bit whether an odd number of bits is set up to and with it: between quotes the answer is one.
INLINE uint64_t parity(uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

/// The bytes above 0x7F of a block.
static uint64_t high_bytes(const uint8_t *block) {
  uint64_t bits = 0;
  for (int i = 0; i < 64; i++) bits |= (uint64_t)(block[i] >> 7) << i;
  return bits;
}

/// Takes the marks of a block: `breaks` are those that end records, `inner` the line breaks inside quotes.
///
/// Without `rows` the records are counted and nothing is written down.
INLINE void take(claimaudit_csv_walk *walk, uint64_t structural, uint64_t breaks, uint64_t inner, put put, uint32_t *marks,
                 uint32_t *rows) {
  if (breaks) {
    walk->end = walk->position + 64 - (size_t)__builtin_clzll(breaks);
    if (inner | walk->pending_breaks) {
      uint64_t ended = ~0ull >> __builtin_clzll(breaks);
      walk->quoted_breaks += walk->pending_breaks + (size_t)__builtin_popcountll(inner & ended);
      walk->pending_breaks = (size_t)__builtin_popcountll(inner & ~ended);
    }
    if (rows) {
      for (uint64_t left = breaks; left; left &= left - 1)
        rows[walk->rows++] = (uint32_t)(walk->marks + (size_t)__builtin_popcountll(structural & (left ^ (left - 1))));
    } else {
      walk->rows += (size_t)__builtin_popcountll(breaks);
    }
  } else {
    walk->pending_breaks += (size_t)__builtin_popcountll(inner);
  }
  if (rows) put(marks + walk->marks, structural, (uint32_t)walk->position);
  walk->marks += (size_t)__builtin_popcountll(structural);
}

/// Takes a block that holds quotes, control characters or bytes above 0x7F, or that is not whole; the answer is whether to go on.
///
/// `next` is the byte behind the block, -1 where nobody knows it yet.
INLINE int judge(const uint8_t *block, size_t width, int next, claimaudit_csv_dialect dialect, claimaudit_csv_walk *walk,
                 look look, put put, uint32_t *marks, uint32_t *rows) {
  masks found = look(block, dialect.quote, dialect.delimiter);
  uint64_t valid = width == 64 ? ~0ull : (1ull << width) - 1;
  uint64_t inside = parity(found.quotes) ^ walk->inside;
  uint64_t breaks = found.feeds, inner = found.feeds & inside, odd = found.odd & ~found.feeds;
  uint64_t returns = 0, trouble = 0;
  if (odd || !dialect.ends_with_feed) {
    masks other = look(block, '\r', '\t');
    returns = other.quotes;
    odd &= ~(returns | other.delimiters);
    if (odd && dialect.accepts_high_bytes) odd &= ~high_bytes(block);
    uint64_t followed = found.feeds >> 1 | (uint64_t)(next == '\n') << 63;
    inner |= returns & ~followed & inside;
    uint64_t outer = returns & ~inside;
    if (dialect.ends_with_feed) {
      trouble = outer & ~followed;
    } else {
      // CR LF where CR is the rule, and a CR of which nobody knows yet what follows.
      uint64_t unknown = width < 64 ? 1ull << (width - 1) : (uint64_t)(next < 0) << 63;
      trouble = (outer & (followed | unknown)) | (found.feeds & ~inside);
      breaks = outer & ~followed & ~unknown;
    }
  }
  breaks &= ~inside;
  uint64_t structural = (found.delimiters & ~inside) | breaks;
  uint64_t opening = found.quotes & inside, closing = found.quotes & ~inside;
  // A quote opens a field only behind a mark, or doubles the quote that has just closed.
  trouble |= odd | (opening & ~((structural | closing) << 1 | walk->may_open));
  trouble |= (closing << 1 | walk->closed) & ~(structural | opening | returns);
  trouble &= valid;
  // Marks from the first trouble on are not to be trusted.
  uint64_t trusted = (trouble ? (trouble & -trouble) - 1 : ~0ull) & structural & valid;
  take(walk, trusted, breaks & trusted, inner, put, marks, rows);
  if (trouble) {
    walk->is_odd = 1;
    return 0;
  }
  walk->inside = (uint64_t)((int64_t)inside >> 63);
  walk->may_open = (structural | closing) >> 63;
  walk->closed = closing >> 63;
  return 1;
}

/// The loop, to be made for one set of instructions: `look` and `put` are known where it is inlined.
INLINE void run(const uint8_t *bytes, size_t limit, claimaudit_csv_dialect dialect, claimaudit_csv_walk *into, look look,
                put put, uint32_t *marks, uint32_t *rows) {
  claimaudit_csv_walk walk = *into;
  while (walk.position + 64 <= limit) {
    const uint8_t *block = bytes + walk.position;
    masks found = look(block, dialect.quote, dialect.delimiter);
    // Most blocks hold neither quotes nor anything odd, and are outside of quotes.
    uint64_t special = found.quotes | (found.odd & ~found.feeds) | walk.closed | walk.inside | walk.pending_breaks;
    if (__builtin_expect(!special && dialect.ends_with_feed, 1)) {
      uint64_t structural = found.delimiters | found.feeds, breaks = found.feeds;
      if (!rows) {
        walk.rows += (size_t)__builtin_popcountll(breaks);
        walk.end = breaks ? walk.position + 64 - (size_t)__builtin_clzll(breaks) : walk.end;
      } else if (__builtin_expect(breaks & (breaks - 1), 0)) {
        take(&walk, structural, breaks, 0, put, marks, rows);
      } else {
        // One record ends here or none: written down either way, without a branch that nothing could foretell.
        rows[walk.rows] = (uint32_t)(walk.marks + (size_t)__builtin_popcountll(structural & (breaks ^ (breaks - 1))));
        walk.rows += breaks != 0;
        walk.end = breaks ? walk.position + 64 - (size_t)__builtin_clzll(breaks) : walk.end;
        put(marks + walk.marks, structural, (uint32_t)walk.position);
        walk.marks += (size_t)__builtin_popcountll(structural);
      }
      walk.may_open = structural >> 63;
    } else {
      int next = walk.position + 64 < limit ? block[64] : -1;
      if (!judge(block, 64, next, dialect, &walk, look, put, marks, rows)) goto end;
    }
    walk.position += 64;
  }
  if (walk.position < limit) {
    // The rest is copied, so that nothing behind the bytes is touched; blanks stand for what is not there.
    uint8_t block[64];
    memset(block, ' ', sizeof block);
    memcpy(block, bytes + walk.position, limit - walk.position);
    if (judge(block, limit - walk.position, -1, dialect, &walk, look, put, marks, rows)) walk.position = limit;
  }
end:
  *into = walk;
}

// MARK: Plain integers

#define LOW 0x7F7F7F7F7F7F7F7Full
#define HIGH 0x8080808080808080ull

/// The high bits of eight bytes, side by side.
INLINE uint64_t gather(uint64_t high) { return ((high >> 7) * 0x0102040810204080ull) >> 56; }

/// The bytes that are zero, by their high bit: adding 0x7F to the low seven bits leaves it clear for them alone.
INLINE uint64_t zeros(uint64_t word) { return ~(((word & LOW) + LOW) | word) & HIGH; }

INLINE masks look_words(const uint8_t *block, uint8_t quote, uint8_t delimiter) {
  const uint64_t ones = 0x0101010101010101ull;
  masks found = {0, 0, 0, 0};
  for (int i = 0; i < 8; i++) {
    uint64_t word;
    memcpy(&word, block + 8 * i, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    found.quotes |= gather(zeros(word ^ quote * ones)) << (8 * i);
    found.delimiters |= gather(zeros(word ^ delimiter * ones)) << (8 * i);
    found.feeds |= gather(zeros(word ^ '\n' * ones)) << (8 * i);
    // Below 0x20: adding 0x60 to the low seven bits does not reach the high bit.
    found.odd |= gather((~((word & LOW) + 0x6060606060606060ull) | word) & HIGH) << (8 * i);
  }
  return found;
}

/// Eight at a time, whether there are as many or not: a branch for every mark costs more than a store too many.
INLINE void put_words(uint32_t *into, uint64_t bits, uint32_t offset) {
  do {
    for (int i = 0; i < 8; i++, bits &= bits - 1) into[i] = offset + (bits ? (uint32_t)__builtin_ctzll(bits) : 0);
    into += 8;
  } while (bits);
}

static void run_words(const uint8_t *bytes, size_t limit, claimaudit_csv_dialect dialect, claimaudit_csv_walk *walk,
                      uint32_t *marks, uint32_t *rows) {
  if (rows)
    run(bytes, limit, dialect, walk, look_words, put_words, marks, rows);
  else
    run(bytes, limit, dialect, walk, look_words, put_words, 0, 0);
}

// MARK: Vectors

#if defined(__x86_64__)

INLINE uint64_t mask_sse2(__m128i bytes, int i) { return (uint64_t)(uint16_t)_mm_movemask_epi8(bytes) << (16 * i); }

/// A signed comparison with the blank finds control characters and bytes above 0x7F in one.
INLINE masks look_sse2(const uint8_t *block, uint8_t quote, uint8_t delimiter) {
  masks found = {0, 0, 0, 0};
  for (int i = 0; i < 4; i++) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)block + i);
    found.quotes |= mask_sse2(_mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)quote)), i);
    found.delimiters |= mask_sse2(_mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)delimiter)), i);
    found.feeds |= mask_sse2(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')), i);
    found.odd |= mask_sse2(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')), i);
  }
  return found;
}

static void run_sse2(const uint8_t *bytes, size_t limit, claimaudit_csv_dialect dialect, claimaudit_csv_walk *walk,
                     uint32_t *marks, uint32_t *rows) {
  if (rows)
    run(bytes, limit, dialect, walk, look_sse2, put_words, marks, rows);
  else
    run(bytes, limit, dialect, walk, look_sse2, put_words, 0, 0);
}

#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))

AVX2 INLINE uint64_t mask_avx2(__m256i low, __m256i high) {
  return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

AVX2 INLINE masks look_avx2(const uint8_t *block, uint8_t quote, uint8_t delimiter) {
  __m256i low = _mm256_loadu_si256((const __m256i *)block), high = _mm256_loadu_si256((const __m256i *)block + 1);
  __m256i q = _mm256_set1_epi8((char)quote), d = _mm256_set1_epi8((char)delimiter), f = _mm256_set1_epi8('\n');
  __m256i blank = _mm256_set1_epi8(' ');
  masks found = {mask_avx2(_mm256_cmpeq_epi8(low, q), _mm256_cmpeq_epi8(high, q)),
                 mask_avx2(_mm256_cmpeq_epi8(low, d), _mm256_cmpeq_epi8(high, d)),
                 mask_avx2(_mm256_cmpeq_epi8(low, f), _mm256_cmpeq_epi8(high, f)),
                 mask_avx2(_mm256_cmpgt_epi8(blank, low), _mm256_cmpgt_epi8(blank, high))};
  return found;
}

AVX2 INLINE void put_avx2(uint32_t *into, uint64_t bits, uint32_t offset) {
  do {
    for (int i = 0; i < 8; i++, bits = _blsr_u64(bits)) into[i] = offset + (uint32_t)_tzcnt_u64(bits);
    into += 8;
  } while (bits);
}

AVX2 static void run_avx2(const uint8_t *bytes, size_t limit, claimaudit_csv_dialect dialect, claimaudit_csv_walk *walk,
                          uint32_t *marks, uint32_t *rows) {
  if (rows)
    run(bytes, limit, dialect, walk, look_avx2, put_avx2, marks, rows);
  else
    run(bytes, limit, dialect, walk, look_avx2, put_avx2, 0, 0);
}

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,lzcnt,popcnt")))

AVX512 INLINE masks look_avx512(const uint8_t *block, uint8_t quote, uint8_t delimiter) {
  __m512i bytes = _mm512_loadu_si512(block);
  masks found = {_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)quote)),
                 _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)delimiter)),
                 _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
                 _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(' '))};
  return found;
}

/// The numbers of the bits, pushed together and widened: sixteen positions a store.
AVX512 INLINE void put_avx512(uint32_t *into, uint64_t bits, uint32_t offset) {
  const __m512i numbers = _mm512_set_epi8(
      63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34,
      33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2,
      1, 0);
  __m512i found = _mm512_maskz_compress_epi8(bits, numbers), base = _mm512_set1_epi32((int)offset);
#define PUT(i) \
  _mm512_storeu_si512(into + 16 * i, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(found, i))))
  PUT(0);
  PUT(1);
  if (__builtin_expect(_mm_popcnt_u64(bits) > 32, 0)) {
    PUT(2);
    PUT(3);
  }
#undef PUT
}

AVX512 static void run_avx512(const uint8_t *bytes, size_t limit, claimaudit_csv_dialect dialect, claimaudit_csv_walk *walk,
                              uint32_t *marks, uint32_t *rows) {
  if (rows)
    run(bytes, limit, dialect, walk, look_avx512, put_avx512, marks, rows);
  else
    run(bytes, limit, dialect, walk, look_avx512, put_avx512, 0, 0);
}

#endif

claimaudit_csv_instructions claimaudit_csv_widest(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("bmi2"))
    return claimaudit_csv_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) return claimaudit_csv_avx2;
  return claimaudit_csv_sse2;
#else
  return claimaudit_csv_words;
#endif
}

void claimaudit_csv_index_with(claimaudit_csv_instructions instructions, const uint8_t *bytes, size_t limit,
                               claimaudit_csv_dialect dialect, claimaudit_csv_walk *walk, uint32_t *marks, uint32_t *rows) {
  switch (instructions) {
#if defined(__x86_64__)
    case claimaudit_csv_avx512: return run_avx512(bytes, limit, dialect, walk, marks, rows);
    case claimaudit_csv_avx2: return run_avx2(bytes, limit, dialect, walk, marks, rows);
    case claimaudit_csv_sse2: return run_sse2(bytes, limit, dialect, walk, marks, rows);
#endif
    default: return run_words(bytes, limit, dialect, walk, marks, rows);
  }
}

void claimaudit_csv_index(const uint8_t *bytes, size_t limit, claimaudit_csv_dialect dialect, claimaudit_csv_walk *walk,
                          uint32_t *marks, uint32_t *rows) {
  claimaudit_csv_index_with(claimaudit_csv_widest(), bytes, limit, dialect, walk, marks, rows);
}
