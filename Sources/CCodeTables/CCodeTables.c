#include "CCodeTables.h"

// #embed is C23, which the compiler takes in every dialect; it also makes this file depend on the data.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char modifiers[] = {
#embed "data/modifiers.tsv"
};
static const unsigned char places_of_service[] = {
#embed "data/places-of-service.tsv"
};
static const unsigned char bill_types[] = {
#embed "data/bill-types.tsv"
};
static const unsigned char fee_schedule[] = {
#embed "data/fee-schedule.tsv"
};
static const unsigned char icd10cm[] = {
#embed "data/icd10cm-2026-april.txt"
};
static const unsigned char common_pack[] = {
#embed "data/common.yaml"
};
static const unsigned char cpt_32960_pack[] = {
#embed "data/cpt-32960.yaml"
};
static const unsigned char common_pack_compact[] = {
#embed "data/common.pack"
};
static const unsigned char cpt_32960_pack_compact[] = {
#embed "data/cpt-32960.pack"
};

#define TABLE_OF(name)                                          \
  struct claimaudit_table claimaudit_##name(void) {             \
    return (struct claimaudit_table){name, sizeof name};        \
  }

TABLE_OF(modifiers)
TABLE_OF(places_of_service)
TABLE_OF(bill_types)
TABLE_OF(fee_schedule)
TABLE_OF(icd10cm)
TABLE_OF(common_pack)
TABLE_OF(cpt_32960_pack)
TABLE_OF(common_pack_compact)
TABLE_OF(cpt_32960_pack_compact)
