#include "CScan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Takes out of `odd` what is allowed to be there: terminators, and line breaks behind them.
static inline uint64_t allow(uint64_t odd, uint64_t term, uint64_t breaks, claimaudit_x12_carry *carry) {
  uint64_t first = breaks & ((term << 1) | carry->after_terminator);
  uint64_t second = breaks & ((first << 1) | carry->after_break);
  carry->after_terminator = term >> 63;
  carry->after_break = first >> 63;
  return odd & ~(term | first | second);
}

void claimaudit_x12_index_plain(const uint8_t *bytes, size_t words, uint8_t terminator, uint8_t separator,
                                uint64_t *terminators, uint64_t *separators, uint64_t *odd, claimaudit_x12_carry *carry) {
  for (size_t w = 0; w < words; w++, bytes += 64) {
    uint64_t t = 0, s = 0, o = 0, b = 0;
    for (int i = 0; i < 64; i++) {
      uint8_t c = bytes[i];
      t |= (uint64_t)(c == terminator) << i;
      s |= (uint64_t)(c == separator) << i;
      o |= (uint64_t)(c < 0x20 || c >= 0x7F) << i;
      b |= (uint64_t)(c == '\n' || c == '\r') << i;
    }
    terminators[w] = t;
    separators[w] = s;
    odd[w] = o ? allow(o, t, b, carry) : (carry->after_terminator = t >> 63, carry->after_break = 0, 0);
  }
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static void index_avx2(const uint8_t *bytes, size_t words, uint8_t terminator,
                                                       uint8_t separator, uint64_t *terminators, uint64_t *separators,
                                                       uint64_t *odd, claimaudit_x12_carry *carry) {
  const __m256i vt = _mm256_set1_epi8((char)terminator), vs = _mm256_set1_epi8((char)separator);
  const __m256i low = _mm256_set1_epi8(0x20), span = _mm256_set1_epi8(0x5F);
  const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
#define MASK(a, b) \
  ((uint64_t)(uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32)
  for (size_t w = 0; w < words; w++, bytes += 64) {
    __m256i x = _mm256_loadu_si256((const __m256i *)bytes), y = _mm256_loadu_si256((const __m256i *)(bytes + 32));
    uint64_t t = MASK(_mm256_cmpeq_epi8(x, vt), _mm256_cmpeq_epi8(y, vt));
    terminators[w] = t;
    separators[w] = MASK(_mm256_cmpeq_epi8(x, vs), _mm256_cmpeq_epi8(y, vs));
    // c - 0x20 as an unsigned byte is 0x5F or more for everything that is not printable ASCII.
    __m256i xs = _mm256_sub_epi8(x, low), ys = _mm256_sub_epi8(y, low);
    uint64_t o = MASK(_mm256_cmpeq_epi8(_mm256_max_epu8(xs, span), xs), _mm256_cmpeq_epi8(_mm256_max_epu8(ys, span), ys));
    if (o) {
      uint64_t b = MASK(_mm256_or_si256(_mm256_cmpeq_epi8(x, lf), _mm256_cmpeq_epi8(x, cr)),
                        _mm256_or_si256(_mm256_cmpeq_epi8(y, lf), _mm256_cmpeq_epi8(y, cr)));
      odd[w] = allow(o, t, b, carry);
    } else {
      carry->after_terminator = t >> 63;
      carry->after_break = 0;
      odd[w] = 0;
    }
  }
#undef MASK
}

static void index_sse2(const uint8_t *bytes, size_t words, uint8_t terminator, uint8_t separator, uint64_t *terminators,
                       uint64_t *separators, uint64_t *odd, claimaudit_x12_carry *carry) {
  const __m128i vt = _mm_set1_epi8((char)terminator), vs = _mm_set1_epi8((char)separator);
  const __m128i low = _mm_set1_epi8(0x20), span = _mm_set1_epi8(0x5F);
  const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
  for (size_t w = 0; w < words; w++, bytes += 64) {
    uint64_t t = 0, s = 0, o = 0, b = 0;
    for (int i = 0; i < 4; i++) {
      __m128i x = _mm_loadu_si128((const __m128i *)(bytes + 16 * i)), xs = _mm_sub_epi8(x, low);
      t |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, vt)) << (16 * i);
      s |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, vs)) << (16 * i);
      o |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(xs, span), xs)) << (16 * i);
      b |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr))) << (16 * i);
    }
    terminators[w] = t;
    separators[w] = s;
    odd[w] = allow(o, t, b, carry);
  }
}

#endif

void claimaudit_x12_index(const uint8_t *bytes, size_t words, uint8_t terminator, uint8_t separator,
                          uint64_t *terminators, uint64_t *separators, uint64_t *odd, claimaudit_x12_carry *carry) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    index_avx2(bytes, words, terminator, separator, terminators, separators, odd, carry);
  else
    index_sse2(bytes, words, terminator, separator, terminators, separators, odd, carry);
#else
  claimaudit_x12_index_plain(bytes, words, terminator, separator, terminators, separators, odd, carry);
#endif
}
