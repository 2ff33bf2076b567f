#include "CSVValues.h"

#include "Words.h"

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2,bmi,bmi2")))
#define LANES 4
#define NAMED(name) name##_avx2
#include "CSVValuesLoop.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx2,bmi,bmi2")))
#define LANES 8
#define NAMED(name) name##_avx512
#include "CSVValuesLoop.h"

#endif

int claimaudit_csv_look(claimaudit_csv_instructions instructions, const uint8_t *bytes, size_t readable, const uint32_t *marks,
                        const uint32_t *rows, size_t count, const claimaudit_csv_columns *columns, uint64_t *codes,
                        uint64_t *digits) {
  switch (instructions) {
#if defined(__x86_64__)
    case claimaudit_csv_avx512: look_avx512(bytes, readable, marks, rows, count, columns, codes, digits); return 1;
    case claimaudit_csv_avx2: look_avx2(bytes, readable, marks, rows, count, columns, codes, digits); return 1;
#endif
    default: return 0;
  }
}
