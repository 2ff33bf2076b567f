#include "CScan.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define ALWAYS static inline __attribute__((always_inline))

/// What one word of 64 bytes holds, one bit a byte.
typedef struct {
  uint64_t terminators;
  uint64_t separators;
  /// Not printable ASCII.
  uint64_t unprintable;
  /// Line breaks; only looked at where something is unprintable.
  uint64_t breaks;
} word_masks;

/// How many words are looked through before the segments that begin in them are told apart.
#define BATCH 64

/// The class of a segment that begins with these four bytes, where it stands in a mark.
ALWAYS uint64_t class_of(const claimaudit_x12_ids *ids, uint32_t head) {
  const claimaudit_x12_slot *slot = &ids->slots[((head & 0xFFFFFF) * ids->multiplier) >> 23];
  return (head & slot->mask) == slot->head ? slot->mark : (uint64_t)CLAIMAUDIT_X12_UNKNOWN << 28;
}

/// Lists the segments that begin at `starts`.
///
/// There is no branch that depends on the bytes, save for a segment that is very long, which only a batch with `long_ones` has.
ALWAYS void list(claimaudit_x12_index_state *state, const uint8_t *bytes, const uint32_t *starts, size_t many,
                 const int long_ones) {
  const claimaudit_x12_ids ids = state->ids;
  uint64_t *marks = state->marks;
  size_t count = state->count;
  uint64_t ordinal = (uint64_t)state->segments << 36;
  const uint64_t unknown = (uint64_t)CLAIMAUDIT_X12_UNKNOWN << 28, neutral = (uint64_t)CLAIMAUDIT_X12_NEUTRAL << 28;
  uint32_t last = state->last;
  const uint8_t *origin = bytes - state->position;
  for (size_t i = 0; i < many; i++) {
    uint32_t begin = starts[i], head;
    memcpy(&head, origin + begin, 4);
    uint64_t mark = class_of(&ids, head);
    if (long_ones && begin - last > CLAIMAUDIT_X12_LONGEST && ordinal > 0) {
      uint64_t before = ordinal - (1ULL << 36);
      if (count > 0 && marks[count - 1] >> 36 == before >> 36) count--;
      marks[count++] = last | before | unknown;
    }
    marks[count] = (begin | ordinal) + mark;
    count += mark != neutral;
    ordinal += 1ULL << 36;
    last = begin;
  }
  state->count = count;
  state->segments += (uint32_t)many;
  state->last = last;
}

// Functions of their own, so that the loops have all registers to themselves.
static __attribute__((noinline)) void list_short(claimaudit_x12_index_state *state, const uint8_t *bytes,
                                                 const uint32_t *starts, size_t many) {
  list(state, bytes, starts, many, 0);
}

static __attribute__((noinline)) void list_long(claimaudit_x12_index_state *state, const uint8_t *bytes,
                                                const uint32_t *starts, size_t many) {
  list(state, bytes, starts, many, 1);
}

/// Writes where the bits of `starts` stand, from `base` on, and says how many there are; places behind them may be written too.
ALWAYS size_t flatten(uint64_t starts, uint32_t base, uint32_t *places) {
  size_t many = (size_t)__builtin_popcountll(starts);
  // Four at a time whatever their number: most words hold fewer, and a branch on the number would be guessed wrong.
  for (size_t i = 0; i == 0 || __builtin_expect(i < many, 0); i += 4) {
    for (size_t lane = 0; lane < 4; lane++) {
      places[i + lane] = base + (uint32_t)__builtin_ctzll(starts | 1ULL << 63);
      starts &= starts - 1;
    }
  }
  return many;
}

/// Takes one word into the index and gives the segments that begin in it.
ALWAYS uint64_t take(claimaudit_x12_index_state *state, size_t w, word_masks m) {
  state->terminators[w] = m.terminators;
  state->separators[w] = m.separators;
  // Behind a terminator stand one or two line breaks, or none.
  uint64_t after = m.terminators << 1 | state->after_terminator;
  uint64_t first = m.breaks & after;
  uint64_t behind = first << 1 | state->after_break;
  uint64_t known = m.terminators | first;
  uint64_t starts = after | behind | state->after_second;
  state->after_second = 0;
  uint64_t second = m.breaks & behind;
  if (__builtin_expect(second != 0, 0)) {
    known |= second;
    starts |= second << 1;
    state->after_second = second >> 63;
  }
  uint64_t odd = m.unprintable & ~known;
  // A branch that is hardly ever taken: most windows have no odd byte.
  if (__builtin_expect(odd != 0, 0)) {
    state->odd[w] = odd;
    state->oddities = 1;
  }
  starts &= ~(first | second);
  state->after_terminator = m.terminators >> 63;
  state->after_break = first >> 63;
  state->breaks |= first;
  return starts;
}

/// The loop over words: `masks` says what a word holds.
#define INDEX(masks)                                                                            \
  claimaudit_x12_index_state local = *state;                                                    \
  uint32_t places[BATCH * 64 + 64];                                                             \
  for (size_t done = 0; done < words;) {                                                        \
    size_t batch = words - done < BATCH ? words - done : BATCH, many = 0;                       \
    /* A segment that ended with the last word may be followed by line breaks. */               \
    uint32_t long_ones = local.was_long;                                                        \
    for (size_t w = 0; w < batch; w++) {                                                        \
      word_masks m = masks(bytes + 64 * w, local.terminator, local.separator);                  \
      /* A segment of more than 1024 bytes has fourteen whole words that nothing ends in. */    \
      local.was_long = local.quiet >= 14;                                                       \
      local.quiet = m.terminators ? 0 : local.quiet + 1;                                        \
      long_ones |= local.was_long;                                                              \
      many += flatten(take(&local, done + w, m), local.position + (uint32_t)(64 * w), places + many); \
    }                                                                                           \
    if (__builtin_expect(local.count + 2 * many + 8 > local.capacity, 0)) local.capacity = 0;   \
    else if (__builtin_expect(long_ones, 0)) list_long(&local, bytes, places, many);             \
    else list_short(&local, bytes, places, many);                                               \
    local.position += (uint32_t)(64 * batch);                                                   \
    bytes += 64 * batch;                                                                        \
    done += batch;                                                                              \
  }                                                                                             \
  local.terminators += words;                                                                   \
  local.separators += words;                                                                    \
  local.odd += words;                                                                           \
  *state = local;

ALWAYS word_masks masks_plain(const uint8_t *bytes, uint8_t terminator, uint8_t separator) {
  word_masks m = {0, 0, 0, 0};
  for (int i = 0; i < 64; i++) {
    uint8_t c = bytes[i];
    m.terminators |= (uint64_t)(c == terminator) << i;
    m.separators |= (uint64_t)(c == separator) << i;
    m.unprintable |= (uint64_t)(c < 0x20 || c >= 0x7F) << i;
    m.breaks |= (uint64_t)(c == '\n' || c == '\r') << i;
  }
  return m;
}

static void index_plain(claimaudit_x12_index_state *state, const uint8_t *bytes, size_t words) { INDEX(masks_plain) }

#if defined(__x86_64__)

ALWAYS word_masks masks_sse2(const uint8_t *bytes, uint8_t terminator, uint8_t separator) {
  const __m128i vt = _mm_set1_epi8((char)terminator), vs = _mm_set1_epi8((char)separator);
  const __m128i low = _mm_set1_epi8(0x20), span = _mm_set1_epi8(0x5F);
  const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
  word_masks m = {0, 0, 0, 0};
  for (int i = 0; i < 4; i++) {
    // c - 0x20 as an unsigned byte is 0x5F or more for everything that is not printable ASCII.
    __m128i x = _mm_loadu_si128((const __m128i *)(bytes + 16 * i)), xs = _mm_sub_epi8(x, low);
#define MASK(v) ((uint64_t)(uint16_t)_mm_movemask_epi8(v) << (16 * i))
    m.terminators |= MASK(_mm_cmpeq_epi8(x, vt));
    m.separators |= MASK(_mm_cmpeq_epi8(x, vs));
    m.unprintable |= MASK(_mm_cmpeq_epi8(_mm_max_epu8(xs, span), xs));
    m.breaks |= MASK(_mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr)));
#undef MASK
  }
  return m;
}

static void index_sse2(claimaudit_x12_index_state *state, const uint8_t *bytes, size_t words) { INDEX(masks_sse2) }

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

AVX2 ALWAYS word_masks masks_avx2(const uint8_t *bytes, uint8_t terminator, uint8_t separator) {
  const __m256i vt = _mm256_set1_epi8((char)terminator), vs = _mm256_set1_epi8((char)separator);
  const __m256i low = _mm256_set1_epi8(0x20), span = _mm256_set1_epi8(0x5F);
  const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
  __m256i x = _mm256_loadu_si256((const __m256i *)bytes), y = _mm256_loadu_si256((const __m256i *)(bytes + 32));
  __m256i xs = _mm256_sub_epi8(x, low), ys = _mm256_sub_epi8(y, low);
  word_masks m;
#define MASK(a, b) \
  ((uint64_t)(uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32)
  m.terminators = MASK(_mm256_cmpeq_epi8(x, vt), _mm256_cmpeq_epi8(y, vt));
  m.separators = MASK(_mm256_cmpeq_epi8(x, vs), _mm256_cmpeq_epi8(y, vs));
  m.unprintable = MASK(_mm256_cmpeq_epi8(_mm256_max_epu8(xs, span), xs), _mm256_cmpeq_epi8(_mm256_max_epu8(ys, span), ys));
  m.breaks = MASK(_mm256_or_si256(_mm256_cmpeq_epi8(x, lf), _mm256_cmpeq_epi8(x, cr)),
                  _mm256_or_si256(_mm256_cmpeq_epi8(y, lf), _mm256_cmpeq_epi8(y, cr)));
#undef MASK
  return m;
}

AVX2 static void index_avx2(claimaudit_x12_index_state *state, const uint8_t *bytes, size_t words) { INDEX(masks_avx2) }

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi2,avx2,bmi,bmi2,popcnt")))

AVX512 ALWAYS word_masks masks_avx512(const uint8_t *bytes, uint8_t terminator, uint8_t separator) {
  __m512i x = _mm512_loadu_si512(bytes), xs = _mm512_sub_epi8(x, _mm512_set1_epi8(0x20));
  word_masks m;
  m.terminators = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8((char)terminator));
  m.separators = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8((char)separator));
  m.unprintable = _mm512_cmpge_epu8_mask(xs, _mm512_set1_epi8(0x5F));
  m.breaks = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('\n')) | _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('\r'));
  return m;
}

/// As `flatten`: the numbers of the bits are picked out of all numbers at once.
AVX512 ALWAYS size_t flatten_avx512(uint64_t starts, uint16_t base, uint16_t *places) {
  static const uint8_t numbers[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
      32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  size_t many = (size_t)__builtin_popcountll(starts);
  __m512i picked = _mm512_maskz_compress_epi8(starts, _mm512_loadu_si512(numbers));
  __m256i first = _mm256_set1_epi16((short)base);
  _mm256_storeu_si256((__m256i *)places, _mm256_add_epi16(_mm256_cvtepu8_epi16(_mm512_castsi512_si128(picked)), first));
  if (__builtin_expect(many > 16, 0)) {
    uint8_t all[64];
    _mm512_storeu_si512(all, picked);
    for (int i = 1; i < 4; i++) {
      const __m128i some = _mm_loadu_si128((const __m128i *)(all + 16 * i));
      _mm256_storeu_si256((__m256i *)(places + 16 * i), _mm256_add_epi16(_mm256_cvtepu8_epi16(some), first));
    }
  }
  return many;
}

/// The first four bytes of segments, some more than asked for.
///
/// Loaded one by one, and not compiled for AVX-512: a vector that gathers them takes longer.
static __attribute__((noinline)) void load_first_bytes(uint32_t *first_bytes, const uint8_t *bytes, const uint16_t *places, size_t many) {
  for (size_t i = 0; i < many; i += 8) {
    for (size_t j = 0; j < 8; j++) memcpy(first_bytes + i + j, bytes + places[i + j], 4);
  }
}

/// As `list`, sixteen segments at a time, of places in a batch that begins at `bytes`: only the ids that few segments have are looked up
/// one by one. Behind the places stand seven more that are in the batch.
AVX512 static __attribute__((noinline)) void list_avx512(claimaudit_x12_index_state *state, const uint8_t *bytes, const uint16_t *places,
                                                         size_t many) {
  const claimaudit_x12_usual_ids *usual = state->ids.usual;
  const __m512i heads_low = _mm512_loadu_si512(usual->heads), heads_high = _mm512_loadu_si512(usual->heads + 16);
  const __m512i classes_low = _mm512_loadu_si512(usual->classes), classes_high = _mm512_loadu_si512(usual->classes + 16);
  const __m512i multiplier = _mm512_set1_epi32((int)usual->multiplier);
  const __m512i separator = _mm512_set1_epi32((int)((uint32_t)state->separator << 24)), three_bytes = _mm512_set1_epi32(0xFFFFFF);
  const __m512i is_neutral = _mm512_set1_epi32(CLAIMAUDIT_X12_USUAL_NEUTRAL), has_three = _mm512_set1_epi32(CLAIMAUDIT_X12_USUAL_THREE);
  const __m512i lower = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __m512i upper = _mm512_add_epi32(lower, _mm512_set1_epi32(8));
  const __m512i lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i position = _mm512_set1_epi32((int)state->position);
  uint64_t *marks = state->marks + state->count;
  // The upper half of a mark: from bit 4 on the ordinal.
  __m512i highs = _mm512_slli_epi32(_mm512_add_epi32(lanes, _mm512_set1_epi32((int)state->segments)), 4);
  __m512i before = _mm512_set1_epi32((int)state->last);
  uint32_t first_bytes[BATCH * 64 + 64];
  load_first_bytes(first_bytes, bytes, places, many);
  for (size_t done = 0; done < many; done += 16) {
    const __mmask16 valid = many - done < 16 ? (__mmask16)((1u << (many - done)) - 1) : 0xFFFF;
    const __m512i begins =
        _mm512_add_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(places + done))), position);
    const __m512i lengths = _mm512_sub_epi32(begins, _mm512_alignr_epi32(begins, before, 15));
    before = begins;
    if (__builtin_expect(_mm512_mask_cmpgt_epu32_mask(valid, lengths, _mm512_set1_epi32(CLAIMAUDIT_X12_LONGEST)), 0)) {
      // Nothing was written down yet that counts.
      uint32_t starts[BATCH * 64];
      for (size_t i = 0; i < many; i++) starts[i] = state->position + places[i];
      list_long(state, bytes, starts, many);
      return;
    }
    const __m512i heads = _mm512_loadu_si512(first_bytes + done);
    const __m512i threes = _mm512_and_si512(heads, three_bytes);
    const __m512i slots = _mm512_srli_epi32(_mm512_mullo_epi32(threes, multiplier), 27);
    const __m512i classes = _mm512_permutex2var_epi32(classes_low, slots, classes_high);
    const __mmask16 same = _mm512_cmpeq_epi32_mask(threes, _mm512_permutex2var_epi32(heads_low, slots, heads_high));
    // Behind three letters stands the separator; with two letters it is the third byte.
    const __mmask16 ended = _mm512_cmpeq_epi32_mask(_mm512_andnot_si512(three_bytes, heads), separator);
    const unsigned known = same & (ended | _mm512_testn_epi32_mask(classes, has_three));
    unsigned neutral = _mm512_test_epi32_mask(classes, is_neutral);
    __m512i lows = _mm512_or_si512(begins, _mm512_slli_epi32(classes, 28)), tops = highs;
    unsigned others = valid & ~known;
    if (__builtin_expect(others != 0, 0)) {
      uint32_t low[16], top[16], head[16];
      _mm512_storeu_si512(low, lows);
      _mm512_storeu_si512(top, tops);
      _mm512_storeu_si512(head, heads);
      neutral &= known;
      for (; others; others &= others - 1) {
        const int lane = __builtin_ctz(others);
        const uint64_t mark = class_of(&state->ids, head[lane]);
        if (mark == (uint64_t)CLAIMAUDIT_X12_NEUTRAL << 28) neutral |= 1u << lane;
        low[lane] = state->position + places[done + (size_t)lane] + (uint32_t)mark;
        top[lane] |= (uint32_t)(mark >> 32);
      }
      lows = _mm512_loadu_si512(low);
      tops = _mm512_loadu_si512(top);
    }
    const unsigned kept = valid & ~neutral;
    _mm512_storeu_si512(marks, _mm512_maskz_compress_epi64((__mmask8)kept, _mm512_permutex2var_epi32(lows, lower, tops)));
    marks += __builtin_popcount(kept & 0xFF);
    _mm512_storeu_si512(marks, _mm512_maskz_compress_epi64((__mmask8)(kept >> 8), _mm512_permutex2var_epi32(lows, upper, tops)));
    marks += __builtin_popcount(kept >> 8);
    highs = _mm512_add_epi32(highs, _mm512_set1_epi32(16 << 4));
  }
  state->count = (size_t)(marks - state->marks);
  state->segments += (uint32_t)many;
  if (many > 0) state->last = state->position + places[many - 1];
}

AVX512 static void index_avx512(claimaudit_x12_index_state *state, const uint8_t *bytes, size_t words) {
  claimaudit_x12_index_state local = *state;
  uint16_t places[BATCH * 64 + 64];
  for (size_t done = 0; done < words;) {
    const size_t batch = words - done < BATCH ? words - done : BATCH;
    size_t many = 0;
    for (size_t w = 0; w < batch; w++) {
      const word_masks m = masks_avx512(bytes + 64 * w, local.terminator, local.separator);
      many += flatten_avx512(take(&local, done + w, m), (uint16_t)(64 * w), places + many);
    }
    memset(places + many, 0, 7 * sizeof *places);
    if (__builtin_expect(local.count + 2 * many + 8 > local.capacity, 0)) local.capacity = 0;
    else list_avx512(&local, bytes, places, many);
    local.position += (uint32_t)(64 * batch);
    bytes += 64 * batch;
    done += batch;
  }
  local.terminators += words;
  local.separators += words;
  local.odd += words;
  *state = local;
}

#endif

int claimaudit_x12_index_with(int level, claimaudit_x12_index_state *state, const uint8_t *bytes, size_t words) {
#if defined(__x86_64__)
  if (level >= 2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("popcnt")) {
    if (level >= 3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vbmi2")) {
      index_avx512(state, bytes, words);
      return 3;
    }
    index_avx2(state, bytes, words);
    return 2;
  }
  if (level >= 1) {
    index_sse2(state, bytes, words);
    return 1;
  }
#endif
  index_plain(state, bytes, words);
  return 0;
}
