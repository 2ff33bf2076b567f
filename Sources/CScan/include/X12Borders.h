#ifndef CLAIMAUDIT_X12BORDERS_H
#define CLAIMAUDIT_X12BORDERS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// The first place from `from` on at which `HL` or `ST` stands, both letters before `end`; `end` where there is none.
///
/// Borders are tens of kilobytes apart: going from segment to segment to the next one took five times as long.
static inline size_t claimaudit_x12_next_border_id(const uint8_t *bytes, size_t from, size_t end) {
  size_t at = from;
#if defined(__SSE2__)
  const __m128i h = _mm_set1_epi8('H'), l = _mm_set1_epi8('L'), s = _mm_set1_epi8('S'), t = _mm_set1_epi8('T');
  for (; at + 17 <= end; at += 16) {
    const __m128i first = _mm_loadu_si128((const __m128i *)(bytes + at));
    const __m128i second = _mm_loadu_si128((const __m128i *)(bytes + at + 1));
    const __m128i found = _mm_or_si128(_mm_and_si128(_mm_cmpeq_epi8(first, h), _mm_cmpeq_epi8(second, l)),
                                       _mm_and_si128(_mm_cmpeq_epi8(first, s), _mm_cmpeq_epi8(second, t)));
    const unsigned places = (unsigned)_mm_movemask_epi8(found);
    if (places) return at + (size_t)__builtin_ctz(places);
  }
#endif
  for (; at + 2 <= end; at++) {
    if ((bytes[at] == 'H' && bytes[at + 1] == 'L') || (bytes[at] == 'S' && bytes[at + 1] == 'T')) return at;
  }
  return end;
}

#endif
