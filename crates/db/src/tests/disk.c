/* A disk that fails, for the test beside this file: loaded before the C library, it counts what is written or synced to files
 * whose path holds ".sqlite" and lets some of it fail.
 *
 *   DISK_FAULT  eio: the call fails with EIO · full: with ENOSPC · short: half of it is written, then ENOSPC
 *   DISK_AT     the first call that fails, from 1
 *   DISK_FOR    how many fail one after another
 *
 * "struck" goes to standard error once. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

static int is_data(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, ".sqlite") != NULL;
}

/* Whether this call on a file fails. */
static int fails(int fd) {
  if (!is_data(fd)) return 0;
  long call = atomic_fetch_add(&calls, 1) + 1, at = number("DISK_AT");
  if (call == at) dprintf(2, "struck\n");
  return call >= at && call < at + number("DISK_FOR");
}

static const char *fault(void) {
  const char *text = getenv("DISK_FAULT");
  return text ? text : "";
}

static int error(void) { return strcmp(fault(), "eio") == 0 ? EIO : ENOSPC; }

static int is_short(void) { return strcmp(fault(), "short") == 0; }

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(write);
  if (!fails(fd)) return real(fd, bytes, length);
  if (is_short() && length > 1) return real(fd, bytes, length / 2);
  errno = error();
  return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  REAL(pwrite);
  if (!fails(fd)) return real(fd, bytes, length, at);
  if (is_short() && length > 1) return real(fd, bytes, length / 2, at);
  errno = error();
  return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  REAL(pwrite64);
  if (!fails(fd)) return real(fd, bytes, length, at);
  if (is_short() && length > 1) return real(fd, bytes, length / 2, at);
  errno = error();
  return -1;
}

int fsync(int fd) {
  REAL(fsync);
  if (!fails(fd)) return real(fd);
  errno = error();
  return -1;
}

int fdatasync(int fd) {
  REAL(fdatasync);
  if (!fails(fd)) return real(fd);
  errno = error();
  return -1;
}
