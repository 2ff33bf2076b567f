#ifndef CLAIMAUDIT_CSVINDEX_H
#define CLAIMAUDIT_CSVINDEX_H

#include <stddef.h>
#include <stdint.h>

/// How a table is written, and what of it the index may pass over.
typedef struct {
  /// The byte between two fields.
  uint8_t delimiter;
  /// The byte around fields; 0 where there is none.
  uint8_t quote;
  /// Whether LF or CR LF ends a record; CR alone does otherwise.
  uint8_t ends_with_feed;
  /// Whether bytes above 0x7F are plain.
  uint8_t accepts_high_bytes;
} claimaudit_csv_dialect;

/// What the index of a table has found so far, and what it carries from one block of 64 bytes to the next.
typedef struct {
  /// The first byte that was not looked at.
  size_t position;
  /// How many ends of fields were found.
  size_t marks;
  /// How many records.
  size_t rows;
  /// Behind the last of them.
  size_t end;
  /// How many line breaks stand inside the quotes of the records.
  size_t quoted_breaks;
  /// The same of the record that has not ended.
  size_t pending_breaks;
  /// All ones inside quotes.
  uint64_t inside;
  /// Whether a quote may open a field: the last byte was a mark or a closing quote.
  uint64_t may_open;
  /// Whether the last byte was a closing quote.
  uint64_t closed;
  /// Whether the index ends before something that it cannot judge.
  uint64_t is_odd;
} claimaudit_csv_walk;

/// Finds where fields and records end in `bytes`, from `walk->position`, where a record begins, up to `limit`.
///
/// `marks` takes the position of every delimiter and line break outside of quotes, `rows` for every record how many marks there
/// are up to its end; both have room for as many as there are bytes, and 64 more. With both null the records are only counted. The
/// index ends before the first byte that only a
/// closer look can judge: a quote in the wrong place, a control character, a line break of the other kind. The widest instructions
/// the processor has are used, chosen at run time.
void claimaudit_csv_index(const uint8_t *bytes, size_t limit, claimaudit_csv_dialect dialect, claimaudit_csv_walk *walk,
                          uint32_t *marks, uint32_t *rows);

/// The sets of instructions that an index can be made with.
typedef enum {
  /// None but those of plain integers.
  claimaudit_csv_words,
  /// What every x86-64 processor has.
  claimaudit_csv_sse2,
  claimaudit_csv_avx2,
  claimaudit_csv_avx512,
} claimaudit_csv_instructions;

/// The widest set this processor has.
claimaudit_csv_instructions claimaudit_csv_widest(void);

/// The same with a set of instructions that the processor has: to test one against the other.
void claimaudit_csv_index_with(claimaudit_csv_instructions instructions, const uint8_t *bytes, size_t limit,
                               claimaudit_csv_dialect dialect, claimaudit_csv_walk *walk, uint32_t *marks, uint32_t *rows);

#endif
