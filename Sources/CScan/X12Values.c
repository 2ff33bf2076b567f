#include "X12Values.h"

#include "Words.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx2,bmi,bmi2,popcnt")))

/// At least 57 bits of a map from `start` on.
__attribute__((always_inline)) static inline uint64_t bits(const uint64_t *map, size_t start) {
  return eight((const uint8_t *)map + (start >> 3)) >> (start & 7);
}

__attribute__((always_inline)) static inline uint8_t kind_of(uint64_t mark) { return (uint8_t)(mark >> 28); }

__attribute__((always_inline)) static inline size_t start_of(uint64_t mark) { return mark & 0xFFFFFFF; }

/// Where the lowest bit stands; 64 where there is none.
__attribute__((always_inline, target("bmi"))) static inline size_t lowest(uint64_t places) { return (size_t)_tzcnt_u64(places); }

/// How many lines are gathered before their values are looked at.
#define BATCH 64

/// Eight bytes each of some lines, the first lowest.
typedef struct {
  /// From the LX on.
  uint64_t number[BATCH];
  /// From the procedure's qualifier on.
  uint64_t procedure[BATCH];
  /// Up to the end of the charge, and from there on.
  uint64_t charge[BATCH], behind[BATCH];
  /// How long the charge is, and in bit 8 whether there is no procedure.
  uint64_t form[BATCH];
  /// From DTP01 on, from DTP03 on, and up to the end of the segment.
  uint64_t qualifier[BATCH], day[BATCH], end[BATCH];
} gathered_lines;

/// Writes down where the LX stand in the list.
static size_t find_lines_avx2(const claimaudit_x12_window *window, uint32_t *positions) {
  const uint64_t *marks = window->marks;
  const size_t count = window->count;
  const uint8_t line = window->line;
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    positions[found] = (uint32_t)i;
    found += kind_of(marks[i]) == line;
  }
  return found;
}

/// The same, sixteen segments at a time.
AVX512 static size_t find_lines_avx512(const claimaudit_x12_window *window, uint32_t *positions) {
  const __m512i kind = _mm512_set1_epi64((long long)window->line << 28), kinds = _mm512_set1_epi64(0xFFLL << 28);
  __m512i numbers = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  size_t found = 0;
  for (size_t i = 0; i < window->count; i += 16) {
    const unsigned valid = window->count - i < 16 ? (1u << (window->count - i)) - 1 : 0xFFFF;
    const __m512i low = _mm512_maskz_loadu_epi64((__mmask8)valid, window->marks + i);
    const __m512i high = _mm512_maskz_loadu_epi64((__mmask8)(valid >> 8), window->marks + i + 8);
    const unsigned lines = _mm512_cmpeq_epi64_mask(_mm512_and_si512(low, kinds), kind) |
                           (unsigned)_mm512_cmpeq_epi64_mask(_mm512_and_si512(high, kinds), kind) << 8;
    _mm512_storeu_si512(positions + found, _mm512_maskz_compress_epi32((__mmask16)lines, numbers));
    found += (size_t)__builtin_popcount(lines);
    numbers = _mm512_add_epi32(numbers, _mm512_set1_epi32(16));
  }
  return found;
}

/// Gathers the lines at `positions`; of one of another form only zeros.
///
/// Compiled once for each service segment: one loop for both has more to remember than there are registers, and takes a fourth longer.
__attribute__((target("bmi,bmi2"), always_inline)) static inline void gather_kind(const claimaudit_x12_window *window,
                                                                                  const uint32_t *positions, size_t count,
                                                                                  gathered_lines *lines, const int is_institutional) {
  static const uint8_t nothing[32];
  const uint8_t *bytes = window->bytes;
  const uint64_t *terminators = window->terminators, *separators = window->separators;
  const size_t last_service = window->readable - 96;
  const uint8_t expected = window->service, date = window->date, component = window->component;
  for (size_t i = 0; i < count; i++) {
    // Behind the last segment stands the end of the list.
    const uint64_t *mark = window->marks + positions[i];
    const size_t service = start_of(mark[1]);
    const uint8_t *procedure = nothing, *charge_end = nothing + 8, *dated = nothing;
    size_t form = 0;
    if (kind_of(mark[1]) == expected && service <= last_service) {
      const uint64_t ends = bits(terminators, service);
      const uint64_t end = ends & -ends;
      // The ends of the elements behind the id, the last one being that of the segment.
      uint64_t places = (bits(separators, service) & (end - 1) & ~0xFULL) | end;
      size_t before = 3;
      if (is_institutional) {
        before = lowest(places);
        places &= places - 1;
      }
      const size_t middle = lowest(places);
      places &= places - 1;
      const size_t last = lowest(places);
      const size_t length = middle - before - 1;
      // Behind the charge a basis of two bytes and units of one; no more than eight components in all. No branch on each: whether
      // there are modifiers cannot be guessed.
      const int is_bare = is_institutional & (length == 0);
      const int has_usual = (length - 8 <= 6) & ((length == 8) | (bytes[service + before + 9] == component));
      const int is_usual = (ends != 0) & ((places >> (last & 63) & 0x3F) == 0x29) & (has_usual | is_bare);
      if (__builtin_expect(is_usual, 1)) {
        procedure = bytes + service + before + 1;
        charge_end = bytes + service + last;
        form = (last - middle - 1) | (size_t)is_bare << 8;
        if (kind_of(mark[2]) == date) dated = bytes + start_of(mark[2]);
      }
    }
    lines->number[i] = eight(bytes + start_of(mark[0]));
    lines->procedure[i] = eight(procedure);
    lines->charge[i] = eight(charge_end - 8);
    lines->behind[i] = eight(charge_end);
    lines->form[i] = form;
    lines->qualifier[i] = eight(dated + 4);
    lines->day[i] = eight(dated + 11);
    lines->end[i] = eight(dated + 12);
  }
}

__attribute__((target("bmi,bmi2"))) static void gather(const claimaudit_x12_window *window, const uint32_t *positions, size_t count,
                                                       gathered_lines *lines) {
  if (window->is_institutional) gather_kind(window, positions, count, lines, 1);
  else gather_kind(window, positions, count, lines, 0);
}

/// Tells of `count` lines, of which all values are known, what follows from those of several.
__attribute__((target("bmi,bmi2"))) static void link_lines_avx2(const claimaudit_x12_window *window, size_t count,
                                                                const claimaudit_x12_lines *lines) {
  uint32_t *positions = lines->positions;
  uint64_t *values = lines->values, *sums = lines->sums;
  const uint64_t *codes = lines->codes, *interest = window->interest;
  uint64_t sum = 0;
  values[count] = 0;
  positions[count] = 0;
  for (size_t done = 0; done <= count; done += 64) {
    const size_t many = count - done < 64 ? count - done : 64;
    uint64_t followed = 0, undated = 0, interesting = 0;
    for (size_t i = done; i < done + many; i++) {
      const uint64_t value = values[i], is_dated = value >> 56, next = value + (1ULL << 40);
      sums[i] = sum;
      sum += value & 0xFFFFFFFFFF;
      const uint64_t is_next = ((next ^ values[i + 1]) & 0x00FFFF0000000000) == 0;
      followed |= (is_next & (positions[i + 1] - positions[i] == 2 + is_dated)) << (i & 63);
      undated |= (is_dated ^ 1) << (i & 63);
      const uint64_t slot = claimaudit_x12_slot_of(__builtin_bswap64(codes[i]));
      interesting |= (interest[slot >> 6] >> (slot & 63) & 1) << (i & 63);
    }
    lines->followed[done / 64] = followed;
    lines->undated[done / 64] = undated;
    lines->interesting[done / 64] = interesting;
  }
  sums[count] = sum;
}

/// The same, eight lines at a time.
AVX512 static void link_lines_avx512(const claimaudit_x12_window *window, size_t count, const claimaudit_x12_lines *lines) {
  const uint32_t *positions = lines->positions;
  const uint64_t *values = lines->values;
  uint8_t *followed = (uint8_t *)lines->followed, *undated = (uint8_t *)lines->undated, *interesting = (uint8_t *)lines->interesting;
  const __m512i one = _mm512_set1_epi64(1LL << 40), numbering = _mm512_set1_epi64(0x00FFFF0000000000);
  const __m512i cents_only = _mm512_set1_epi64(0xFFFFFFFFFF), is_dated = _mm512_set1_epi64(1LL << 56);
  const __m512i reversed = _mm512_broadcast_i32x4(_mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  const __m512i last = _mm512_set1_epi64(7), zero = _mm512_setzero_si512();
  // Behind the last line stand lines of another form.
  memset(lines->values + count, 0, 9 * sizeof *values);
  memset(lines->positions + count, 0, 9 * sizeof *positions);
  __m512i sum = zero;
  for (size_t i = 0; i <= count; i += 8) {
    const __m512i value = _mm512_loadu_si512(values + i), next = _mm512_loadu_si512(values + i + 1);
    const __m256i distance = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(positions + i + 1)),
                                              _mm256_loadu_si256((const __m256i *)(positions + i)));
    const __m512i expected = _mm512_add_epi64(_mm512_srli_epi64(value, 56), _mm512_set1_epi64(2));
    followed[i / 8] = _mm512_testn_epi64_mask(_mm512_xor_si512(_mm512_add_epi64(value, one), next), numbering) &
                      _mm512_cmpeq_epi64_mask(_mm512_cvtepu32_epi64(distance), expected);
    undated[i / 8] = _mm512_testn_epi64_mask(value, is_dated);
    // The sums of the lanes below, then those of all before.
    const __m512i cents = _mm512_and_si512(value, cents_only);
    __m512i below = _mm512_alignr_epi64(cents, zero, 7);
    below = _mm512_add_epi64(below, _mm512_alignr_epi64(below, zero, 7));
    below = _mm512_add_epi64(below, _mm512_alignr_epi64(below, zero, 6));
    below = _mm512_add_epi64(below, _mm512_alignr_epi64(below, zero, 4));
    below = _mm512_add_epi64(below, sum);
    _mm512_storeu_si512(lines->sums + i, below);
    sum = _mm512_permutexvar_epi64(last, _mm512_add_epi64(below, cents));
    // As `claimaudit_x12_slot_of` has it.
    const __m512i code = _mm512_shuffle_epi8(_mm512_loadu_si512(lines->codes + i), reversed);
    const __m512i slot = _mm512_srli_epi64(_mm512_mullo_epi64(code, _mm512_set1_epi64((long long)CLAIMAUDIT_X12_SLOT_MULTIPLIER)), 52);
    const __m512i word = _mm512_i64gather_epi64(_mm512_srli_epi64(slot, 6), window->interest, 8);
    const __m512i bit = _mm512_srlv_epi64(word, _mm512_and_si512(slot, _mm512_set1_epi64(63)));
    interesting[i / 8] = _mm512_test_epi64_mask(bit, _mm512_set1_epi64(1));
  }
}

#define TARGET __attribute__((target("avx2,bmi,bmi2")))
#define LANES 4
#define NAMED(name) name##_avx2
#include "X12ValuesLoop.h"

#define TARGET AVX512
#define LANES 8
#define NAMED(name) name##_avx512
#include "X12ValuesLoop.h"

#endif

ptrdiff_t claimaudit_x12_look(int level, const claimaudit_x12_window *window, const claimaudit_x12_lines *lines) {
#if defined(__x86_64__)
  if (level >= 2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
    const int is_wide = level >= 3 && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq");
    return (ptrdiff_t)(is_wide ? look_avx512(window, lines) : look_avx2(window, lines));
  }
#endif
  return -1;
}
