#ifndef CLAIMAUDIT_CDIGEST_H
#define CLAIMAUDIT_CDIGEST_H

#include <stddef.h>
#include <stdint.h>

/// A SHA-256 that is being computed (FIPS 180-4).
struct claimaudit_sha256 {
  uint32_t state[8];
  uint64_t length;
  uint8_t block[64];
  int portable;
};

/// Begins a digest; `portable` is 0 to use the processor's own instructions where it has them, 1 for plain C: the two are
/// compared by a test.
void claimaudit_sha256_begin(struct claimaudit_sha256 *digest, int portable);

/// Adds bytes.
void claimaudit_sha256_add(struct claimaudit_sha256 *digest, const void *bytes, size_t count);

/// Ends a digest and writes its 32 bytes.
void claimaudit_sha256_end(struct claimaudit_sha256 *digest, uint8_t *result);

#endif
