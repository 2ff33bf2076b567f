#include "CSVValues.h"

#include <string.h>

#if defined(__x86_64__)

__attribute__((always_inline)) static inline uint64_t eight(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

#define TARGET __attribute__((target("avx2,bmi,bmi2")))
#define LANES 4
#define NAMED(name) name##_avx2
#include "CSVValuesLoop.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2")))
#define LANES 8
#define NAMED(name) name##_avx512
#include "CSVValuesLoop.h"

int claimaudit_csv_look_avx2(const uint8_t *bytes, size_t readable, const uint32_t *marks, const uint32_t *rows, size_t count,
                             const claimaudit_csv_columns *columns, uint64_t *codes, uint64_t *digits) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) return 0;
  look_avx2(bytes, readable, marks, rows, count, columns, codes, digits);
  return 1;
}

int claimaudit_csv_look(const uint8_t *bytes, size_t readable, const uint32_t *marks, const uint32_t *rows, size_t count,
                        const claimaudit_csv_columns *columns, uint64_t *codes, uint64_t *digits) {
  if (!__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl") ||
      !__builtin_cpu_supports("bmi2"))
    return claimaudit_csv_look_avx2(bytes, readable, marks, rows, count, columns, codes, digits);
  look_avx512(bytes, readable, marks, rows, count, columns, codes, digits);
  return 1;
}

#else

int claimaudit_csv_look_avx2(const uint8_t *bytes, size_t readable, const uint32_t *marks, const uint32_t *rows, size_t count,
                             const claimaudit_csv_columns *columns, uint64_t *codes, uint64_t *digits) {
  return 0;
}

int claimaudit_csv_look(const uint8_t *bytes, size_t readable, const uint32_t *marks, const uint32_t *rows, size_t count,
                        const claimaudit_csv_columns *columns, uint64_t *codes, uint64_t *digits) {
  return 0;
}

#endif
