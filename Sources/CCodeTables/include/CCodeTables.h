#pragma once

#include <stddef.h>

/// Bytes of a file under data/, as they were when the program was built.
///
/// The tables travel inside the program: one file to install, nothing to find at run time, and a page of a table
/// is read from disk only when it is asked.
struct claimaudit_table {
  const unsigned char *_Nonnull bytes;
  size_t count;
};

/// Modifiers with their families and dates, tab-separated.
struct claimaudit_table claimaudit_modifiers(void);
/// Places of service with their setting and dates, tab-separated.
struct claimaudit_table claimaudit_places_of_service(void);
/// Types of bill, tab-separated.
struct claimaudit_table claimaudit_bill_types(void);
/// Medicare's physician fee schedule for 32960 and its neighbours, tab-separated.
struct claimaudit_table claimaudit_fee_schedule(void);
/// The billable codes of ICD-10-CM, release of April 2026: sorted records of eight bytes, blanks behind the code, a line end.
struct claimaudit_table claimaudit_icd10cm(void);
/// The pack that holds for every procedure, YAML.
struct claimaudit_table claimaudit_common_pack(void);
/// The built-in pack of 32960, YAML.
struct claimaudit_table claimaudit_cpt_32960_pack(void);
/// The two packs again, as trees of values: made from the YAML, so that none is parsed when the program starts.
struct claimaudit_table claimaudit_common_pack_compact(void);
/// See `claimaudit_common_pack_compact`.
struct claimaudit_table claimaudit_cpt_32960_pack_compact(void);
