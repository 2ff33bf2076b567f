// zlib as Swift can see it: its functions, and the macros that Swift cannot import.
#ifndef CLAIMAUDIT_CZLIB_SHIM_H
#define CLAIMAUDIT_CZLIB_SHIM_H

#include <zlib.h>

/// Prepares `stream` to inflate raw deflate data (no gzip or zlib frame around it).
static inline int claimaudit_inflate_init_raw(z_stream *stream) {
  return inflateInit2(stream, -15);
}

#endif
