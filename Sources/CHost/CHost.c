#define _GNU_SOURCE
#include "CHost.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

void claimaudit_harden_process(void) {
  static const int fatal[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT, SIGSYS};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], SIG_DFL);
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  // A parent may have blocked the signals that ask for the end; they are answered all the same.
  sigset_t asked;
  sigemptyset(&asked);
  sigaddset(&asked, SIGINT);
  sigaddset(&asked, SIGTERM);
  sigaddset(&asked, SIGHUP);
  sigaddset(&asked, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &asked, NULL);
  // A write beyond the file size limit is an error of the call, not the end of the process.
  signal(SIGXFSZ, SIG_IGN);
}

/// What a thread is to do once it may run anywhere again.
typedef struct {
  cpu_set_t allowed;
  void *(*body)(void *);
  void *context;
} thread_start;

static void *begin_thread(void *given) {
  thread_start start = *(thread_start *)given;
  free(given);
  sched_setaffinity(0, sizeof start.allowed, &start.allowed);
  return start.body(start.context);
}

int claimaudit_start_thread(pthread_t *thread, void *(*body)(void *), void *context) {
  thread_start *start = malloc(sizeof *start);
  int here = sched_getcpu();
  pthread_attr_t attributes;
  if (!start || here < 0 || here >= CPU_SETSIZE || pthread_attr_init(&attributes) != 0) {
    free(start);
    return pthread_create(thread, NULL, body, context);
  }
  start->body = body;
  start->context = context;
  int status = EINVAL;
  if (sched_getaffinity(0, sizeof start->allowed, &start->allowed) == 0) {
    cpu_set_t elsewhere = start->allowed;
    CPU_CLR(here, &elsewhere);
    if (CPU_COUNT(&elsewhere) > 0 && pthread_attr_setaffinity_np(&attributes, sizeof elsewhere, &elsewhere) == 0) {
      status = pthread_create(thread, &attributes, begin_thread, start);
    }
  }
  pthread_attr_destroy(&attributes);
  if (status == 0) return 0;
  free(start);
  return pthread_create(thread, NULL, body, context);
}

/// The quota of a version 2 control group in whole processors, 0 when there is none.
static int cgroup_quota(void) {
  FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
  if (!file) return 0;
  char quota[32];
  long period = 0;
  int found = fscanf(file, "%31s %ld", quota, &period);
  fclose(file);
  if (found != 2 || period <= 0 || strcmp(quota, "max") == 0) return 0;
  long value = strtol(quota, NULL, 10);
  if (value <= 0) return 0;
  return (int)((value + period - 1) / period);
}

int claimaudit_available_processors(void) {
  cpu_set_t set;
  int count = 1;
  if (sched_getaffinity(0, sizeof set, &set) == 0) count = CPU_COUNT(&set);
  int quota = cgroup_quota();
  if (quota > 0 && quota < count) count = quota;
  return count < 1 ? 1 : count;
}

int claimaudit_on_signal(int number, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  return sigaction(number, &action, NULL);
}

void claimaudit_die_of_signal(int number) {
  signal(number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  raise(number);
  _exit(128 + number);
}

int64_t claimaudit_peak_memory_kib(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss : 0;
}

int claimaudit_open(const char *path, int flags, unsigned mode) {
  int descriptor;
  do descriptor = open(path, flags, (mode_t)mode);
  while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

void claimaudit_begin_sync(int descriptor, int64_t offset, int64_t count) {
  (void)sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
}

void claimaudit_reserve(int descriptor, int64_t offset, int64_t count) {
  (void)fallocate(descriptor, FALLOC_FL_KEEP_SIZE, offset, count);
}

static int release_object(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size;
  (void)context;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || (part->p_flags & PF_W)) continue;
    uintptr_t start = (object->dlpi_addr + part->p_vaddr + page - 1) & ~(page - 1);
    uintptr_t end = (object->dlpi_addr + part->p_vaddr + part->p_memsz) & ~(page - 1);
    if (end > start) (void)madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 0;
}

void claimaudit_release_program_pages(void) { dl_iterate_phdr(release_object, NULL); }

int claimaudit_terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
