// The inflater and checksums of ISA-L, and what Swift cannot reach in its state by itself.
#ifndef CLAIMAUDIT_CISAL_SHIM_H
#define CLAIMAUDIT_CISAL_SHIM_H

#include <isa-l.h>

/// Whether the last block has ended and everything was put out.
static inline int claimaudit_isal_is_finished(const struct inflate_state *state) {
  return state->block_state == ISAL_BLOCK_FINISH;
}

#endif
