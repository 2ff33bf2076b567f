#ifndef CLAIMAUDIT_CSCAN_H
#define CLAIMAUDIT_CSCAN_H

#include <stddef.h>
#include <stdint.h>

#include "CSVIndex.h"
#include "CSVValues.h"
#include "TextMarks.h"
#include "X12Borders.h"
#include "X12Values.h"

/// A slot of the table of segment ids.
typedef struct {
  /// Which bits of the first four bytes of a segment tell its id: three bytes for an id of two letters, else all.
  uint32_t mask;
  /// What they are, the first byte lowest.
  uint32_t head;
  /// The class of the segment, where it stands in a mark.
  uint64_t mark;
} claimaudit_x12_slot;

/// A few ids that nearly all segments have as a hash table of 32 slots without collisions, which fits into two vectors.
///
/// The slot of a segment is told by the five highest bits of the product of its first three bytes and the multiplier.
typedef struct {
  uint32_t multiplier;
  /// The first three bytes of the id with its separator, the first lowest; 0 in a slot that is free.
  uint32_t heads[32];
  /// The class, of which only the lowest four bits are used, `CLAIMAUDIT_X12_USUAL_NEUTRAL` for those that are not listed, and whether
  /// the id has three letters.
  uint32_t classes[32];
} claimaudit_x12_usual_ids;

#define CLAIMAUDIT_X12_USUAL_NEUTRAL 16
#define CLAIMAUDIT_X12_USUAL_THREE 32

/// The ids of segments as a hash table of 512 slots without collisions, made for one element separator.
///
/// The slot of a segment is told by the nine highest bits of the product of its first three bytes and the multiplier.
typedef struct {
  const claimaudit_x12_slot *slots;
  uint32_t multiplier;
  const claimaudit_x12_usual_ids *usual;
} claimaudit_x12_ids;

/// The class of a segment whose id is not in the table.
#define CLAIMAUDIT_X12_UNKNOWN 16
/// The class of segments that are counted and not listed.
#define CLAIMAUDIT_X12_NEUTRAL 1
/// A segment longer than this is listed as unknown.
#define CLAIMAUDIT_X12_LONGEST 1024

/// The index of an 837 under construction: what it is written to, and what it carries from one run of words to the next.
typedef struct {
  uint8_t terminator;
  uint8_t separator;
  claimaudit_x12_ids ids;

  /// One bit a byte, lowest bit first: terminators, separators, odd bytes. The last are clear before; only words that have some are written.
  uint64_t *terminators;
  uint64_t *separators;
  uint64_t *odd;
  /// Segments worth a look: 28 bits where they begin, 8 bits of class, 28 bits of their ordinal, lowest first.
  uint64_t *marks;
  size_t capacity;
  size_t count;

  /// Where the next word stands in the window.
  uint32_t position;
  /// How many segments began so far, and where the last one did.
  uint32_t segments;
  uint32_t last;
  /// How many words without a terminator stand behind the last one.
  uint32_t quiet;
  /// Whether a very long segment may have ended in the last word.
  uint32_t was_long;
  /// The last byte was a terminator; a line break behind one; a second line break behind that.
  uint64_t after_terminator;
  uint64_t after_break;
  uint64_t after_second;
  /// Whether line breaks stand behind terminators at all, and whether there are odd bytes.
  uint64_t breaks;
  uint64_t oddities;
} claimaudit_x12_index_state;

/// Indexes `words` times 64 bytes that follow what `state` has indexed so far.
///
/// `terminators` and `separators` mark those two bytes. `odd` marks every byte that is not printable ASCII, save terminators and
/// the one or two line breaks that follow a terminator. A segment begins behind a terminator and those breaks; it is listed in
/// `marks` unless its class is neutral. Where `marks` may become
/// too short, nothing more is listed. All of `bytes` and
/// eight bytes more must be readable.
///
/// The level is one of the ways to do it: 0 plain C, for processors without vectors and to test the others against; 1 SSE2,
/// 2 AVX2, 3 AVX-512 (BW, VBMI2). Says which was used: the best there is that is no better than asked for.
int claimaudit_x12_index_with(int level, claimaudit_x12_index_state *state, const uint8_t *bytes, size_t words);

#endif
