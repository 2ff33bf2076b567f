#ifndef CLAIMAUDIT_CHOST_H
#define CLAIMAUDIT_CHOST_H

#include <pthread.h>
#include <stdint.h>

/// Opens a file as open(2) does, and once more where a signal came in between; a negative answer has its reason in errno.
int claimaudit_open(const char *path, int flags, unsigned mode);

/// Makes the process keep what it reads to itself: no core dump, no memory readable by other processes of the user, and the
/// default action for the signals of a crash, so that no backtrace with register or memory contents is printed.
void claimaudit_harden_process(void);

/// How many processors this process may use: the affinity mask and, where set, the CPU quota of its control group.
int claimaudit_available_processors(void);

/// Starts a thread, on another processor than the one this thread runs on where it may use several; from then on it runs wherever
/// the system wants it. Says 0, or what pthread_create says.
///
/// A system that has just begun with a process may leave both its threads on one processor for tens of milliseconds while
/// another one is idle.
int claimaudit_start_thread(pthread_t *thread, void *(*body)(void *), void *context);

/// Installs `handler` for a signal, with interrupted system calls failing so that loops notice.
int claimaudit_on_signal(int signal, void (*handler)(int));

/// Ends the process by the default action of a signal, so that a parent sees the signal.
void claimaudit_die_of_signal(int signal);

/// The process's peak resident memory in KiB.
int64_t claimaudit_peak_memory_kib(void);

/// Asks the system to begin bringing `count` bytes of a file from `offset` on to disk, without waiting for it; it may decline.
void claimaudit_begin_sync(int descriptor, int64_t offset, int64_t count);

/// Asks the system to set space aside for `count` bytes of a file from `offset` on, without making the file longer; it may decline.
void claimaudit_reserve(int descriptor, int64_t offset, int64_t count);

/// Gives back the pages of the program and its libraries that only the start needed: those that are still needed come back from
/// the page cache when they are touched. Nothing that was written to is among them.
void claimaudit_release_program_pages(void);

/// How many columns the terminal behind a descriptor has; 0 when that is not known.
int claimaudit_terminal_columns(int descriptor);

#endif
