/*
 * Lets operations on files fail: preloaded into a process, it counts those that change something below FAULTS_BELOW.
 *
 * FAULTS_KIND  count: only counts; full: from operation FAULTS_AT on there is no room; readonly: nothing can be changed;
 *              vanish: the file of that operation is removed before it; kill: the process ends there
 * FAULTS_AT    the operation, from 1
 * FAULTS_COUNT the file that receives the number of operations
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long operations;

/* Whether an operation takes room on the disk, or only changes names. */
enum { NAMES, ROOM };

/* The process runs in that folder. */
static int below(const char *path) {
  const char *folder = getenv("FAULTS_BELOW");
  return folder && path && (path[0] != '/' || strncmp(path, folder, strlen(folder)) == 0);
}

/* 0 if the operation may go on, otherwise -1 with errno. */
static int allowed(const char *path, int kind) {
  if (!below(path)) {
    return 0;
  }
  pthread_mutex_lock(&lock);
  long now = ++operations;
  pthread_mutex_unlock(&lock);
  const char *what = getenv("FAULTS_KIND");
  const char *text = getenv("FAULTS_AT");
  long at = text ? atol(text) : 0;
  if (!what || at == 0 || now < at) {
    return 0;
  }
  if (strcmp(what, "kill") == 0) {
    raise(SIGKILL);
  }
  if (strcmp(what, "full") == 0 && kind == ROOM) {
    errno = ENOSPC;
    return -1;
  }
  if (strcmp(what, "readonly") == 0) {
    errno = EROFS;
    return -1;
  }
  if (strcmp(what, "vanish") == 0 && now == at) {
    int (*really)(const char *) = dlsym(RTLD_NEXT, "unlink");
    really(path);
  }
  return 0;
}

static int allowed_at(int file, int kind) {
  char link[64];
  char path[PATH_MAX];
  int before = errno;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = before;
  // Pipes and sockets have no path.
  if (length < 0 || path[0] != '/') {
    return 0;
  }
  path[length] = 0;
  return allowed(path, kind);
}

__attribute__((destructor)) static void tell(void) {
  const char *file = getenv("FAULTS_COUNT");
  FILE *out = file ? fopen(file, "w") : NULL;
  if (out) {
    fprintf(out, "%ld\n", operations);
    fclose(out);
  }
}

#define REALLY(result, name, ...) \
  static result (*really)(__VA_ARGS__); \
  if (!really) { \
    really = dlsym(RTLD_NEXT, #name); \
  }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REALLY(int, name, const char *, int, ...) \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if (flags & O_CREAT && allowed(path, ROOM)) { \
      return -1; \
    } \
    return really(path, flags, mode); \
  }

OPEN(open)
OPEN(open64)

#define WITH_FILE(result, name, kind, parameters, arguments, ...) \
  result name parameters { \
    REALLY(result, name, __VA_ARGS__) \
    return allowed_at(file, kind) ? -1 : really arguments; \
  }

WITH_FILE(ssize_t, write, ROOM, (int file, const void *bytes, size_t count), (file, bytes, count), int, const void *, size_t)
WITH_FILE(ssize_t, pwrite, ROOM, (int file, const void *bytes, size_t count, off_t at), (file, bytes, count, at), int,
          const void *, size_t, off_t)
WITH_FILE(ssize_t, pwrite64, ROOM, (int file, const void *bytes, size_t count, off64_t at), (file, bytes, count, at), int,
          const void *, size_t, off64_t)
WITH_FILE(ssize_t, writev, ROOM, (int file, const struct iovec *parts, int count), (file, parts, count), int,
          const struct iovec *, int)
WITH_FILE(int, ftruncate, ROOM, (int file, off_t length), (file, length), int, off_t)
WITH_FILE(int, ftruncate64, ROOM, (int file, off64_t length), (file, length), int, off64_t)
WITH_FILE(int, fsync, ROOM, (int file), (file), int)
WITH_FILE(int, fdatasync, ROOM, (int file), (file), int)

#define WITH_PATH(name, kind, parameters, arguments, ...) \
  int name parameters { \
    REALLY(int, name, __VA_ARGS__) \
    return allowed(path, kind) ? -1 : really arguments; \
  }

WITH_PATH(mkdir, ROOM, (const char *path, mode_t mode), (path, mode), const char *, mode_t)
WITH_PATH(rename, NAMES, (const char *path, const char *to), (path, to), const char *, const char *)
WITH_PATH(unlink, NAMES, (const char *path), (path), const char *)
WITH_PATH(rmdir, NAMES, (const char *path), (path), const char *)
