#include "X12Values.h"

#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx2,bmi,bmi2,popcnt")))

__attribute__((always_inline)) static inline uint64_t eight(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

/// At least 57 bits of a map from `start` on.
__attribute__((always_inline)) static inline uint64_t bits(const uint64_t *map, size_t start) {
  return eight((const uint8_t *)map + (start >> 3)) >> (start & 7);
}

__attribute__((always_inline)) static inline uint8_t kind_of(uint64_t mark) { return (uint8_t)(mark >> 28); }

__attribute__((always_inline)) static inline size_t start_of(uint64_t mark) { return mark & 0xFFFFFFF; }

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
  /// How long the charge is, and from bit 8 on 1 for an SV2.
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

/// Gathers the lines at `positions`; of one that has not the form that nearly all have only zeros.
__attribute__((target("bmi,bmi2"))) static void gather(const claimaudit_x12_window *window, const uint32_t *positions, size_t count,
                                                       gathered_lines *lines) {
  static const uint8_t nothing[32];
  const uint8_t *bytes = window->bytes;
  const uint64_t *terminators = window->terminators, *separators = window->separators;
  const size_t last_service = window->readable - 96;
  const uint8_t professional = window->professional, institutional = window->institutional, date = window->date;
  const uint8_t component = window->component;
  for (size_t i = 0; i < count; i++) {
    // Behind the last segment stands the end of the list.
    const uint64_t *mark = window->marks + positions[i];
    const uint8_t kind = kind_of(mark[1]);
    const size_t service = start_of(mark[1]);
    const uint8_t *procedure = nothing, *charge_end = nothing + 8, *dated = nothing;
    size_t form = 0;
    if ((kind == professional || kind == institutional) && service <= last_service) {
      const uint64_t ends = bits(terminators, service);
      const uint64_t end = ends & -ends;
      // The ends of the elements behind the id, the last one being that of the segment.
      uint64_t places = (bits(separators, service) & (end - 1) & ~0xFULL) | end;
      size_t before = 3;
      if (kind == institutional) {
        before = (size_t)__builtin_ctzll(places | 1ULL << 63);
        places &= places - 1;
      }
      const size_t middle = (size_t)__builtin_ctzll(places | 1ULL << 63);
      places &= places - 1;
      const size_t last = (size_t)__builtin_ctzll(places | 1ULL << 63);
      const size_t length = middle - before - 1;
      // Behind the charge a basis of two bytes and units of one; no more than eight components in all. No branch on each: whether
      // there are modifiers cannot be guessed.
      const int is_usual = (ends != 0) & ((places >> last & 0x3F) == 0x29) & (length - 8 <= 6) &
                           ((length == 8) | (bytes[service + before + 9] == component));
      if (__builtin_expect(is_usual, 1)) {
        procedure = bytes + service + before + 1;
        charge_end = bytes + service + last;
        form = (last - middle - 1) | (size_t)(kind == institutional) << 8;
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

#define TARGET __attribute__((target("avx2,bmi,bmi2")))
#define LANES 4
#define NAMED(name) name##_avx2
#include "X12ValuesLoop.h"

#define TARGET AVX512
#define LANES 8
#define NAMED(name) name##_avx512
#include "X12ValuesLoop.h"

#endif

ptrdiff_t claimaudit_x12_look(int level, const claimaudit_x12_window *window, uint32_t *positions, uint64_t *codes,
                              uint64_t *values) {
#if defined(__x86_64__)
  if (level >= 2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
    if (level >= 3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq"))
      return look_avx512(window, positions, codes, values);
    return look_avx2(window, positions, codes, values);
  }
#endif
  return -1;
}
