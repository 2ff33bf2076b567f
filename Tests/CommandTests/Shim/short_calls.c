/* What the system may do to any program, and hardly ever does: reads and writes that take a part of what they were asked for, and
   signals in between. Loaded before the C library (LD_PRELOAD) by ShortCallFaultTests.

   SHORT_CALLS=one    every read and write takes one byte
   SHORT_CALLS=SEED   a random part of it, by a number

   In both ways one call in five is interrupted: it does nothing and says EINTR, except close, which has closed the file. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic uint64_t state;
static int takes_one;

__attribute__((constructor)) static void begin(void) {
  const char *word = getenv("SHORT_CALLS");
  takes_one = word && !strcmp(word, "one");
  state = word ? strtoull(word, NULL, 10) << 32 : 0;
}

/* SplitMix64. */
static uint64_t draw(void) {
  uint64_t z = (atomic_fetch_add(&state, 1) + 1) * 0x9E3779B97F4A7C15ull;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ z >> 27) * 0x94D049BB133111EBull;
  return z ^ z >> 31;
}

static int is_interrupted(void) {
  if (draw() % 5) return 0;
  errno = EINTR;
  return 1;
}

static size_t part(size_t count) {
  if (count < 2) return count;
  return takes_one ? 1 : 1 + draw() % count;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t read(int file, void *bytes, size_t count) {
  REAL(read);
  return is_interrupted() ? -1 : real(file, bytes, part(count));
}
ssize_t pread(int file, void *bytes, size_t count, off_t offset) {
  REAL(pread);
  return is_interrupted() ? -1 : real(file, bytes, part(count), offset);
}
ssize_t pread64(int file, void *bytes, size_t count, off64_t offset) {
  REAL(pread64);
  return is_interrupted() ? -1 : real(file, bytes, part(count), offset);
}
ssize_t write(int file, const void *bytes, size_t count) {
  REAL(write);
  return is_interrupted() ? -1 : real(file, bytes, part(count));
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  REAL(pwrite);
  return is_interrupted() ? -1 : real(file, bytes, part(count), offset);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  REAL(pwrite64);
  return is_interrupted() ? -1 : real(file, bytes, part(count), offset);
}
int fsync(int file) {
  REAL(fsync);
  return is_interrupted() ? -1 : real(file);
}
int close(int file) {
  REAL(close);
  int result = real(file);
  return result == 0 && is_interrupted() ? -1 : result;
}

#define OPENING(name, before, ...)                                                                                        \
  int name(before const char *path, int flags, ...) {                                                                     \
    REAL(name);                                                                                                           \
    va_list rest;                                                                                                         \
    va_start(rest, flags);                                                                                                \
    int mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, int) : 0;                                                   \
    va_end(rest);                                                                                                         \
    return is_interrupted() ? -1 : real(__VA_ARGS__, flags, mode);                                                        \
  }
#define COMMA ,
OPENING(open, , path)
OPENING(open64, , path)
OPENING(openat, int folder COMMA, folder, path)
OPENING(openat64, int folder COMMA, folder, path)
