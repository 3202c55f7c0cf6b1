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
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/time.h>
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

/* The path of an open file or folder; 0 if it has none, as pipes and sockets. */
static int path_of(int file, char *path) {
  char link[64];
  int before = errno;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  errno = before;
  path[length < 0 ? 0 : length] = 0;
  return path[0] == '/';
}

static int allowed_at(int file, int kind) {
  char path[PATH_MAX];
  return path_of(file, path) ? allowed(path, kind) : 0;
}

/* A name within an open folder. */
static int allowed_in(int folder, const char *name, int kind) {
  char path[2 * PATH_MAX];
  if (name[0] == '/' || folder == AT_FDCWD || !path_of(folder, path)) {
    return allowed(name, kind);
  }
  strcat(path, "/");
  strncat(path, name, PATH_MAX - 1);
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
    int makes = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE; \
    mode_t mode = makes ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if (makes && allowed(path, ROOM)) { \
      return -1; \
    } \
    return really(path, flags, mode); \
  }

OPEN(open)
OPEN(open64)

#define OPEN_IN(name) \
  int name(int folder, const char *path, int flags, ...) { \
    REALLY(int, name, int, const char *, int, ...) \
    va_list rest; \
    va_start(rest, flags); \
    int makes = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE; \
    mode_t mode = makes ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if (makes && allowed_in(folder, path, ROOM)) { \
      return -1; \
    } \
    return really(folder, path, flags, mode); \
  }

OPEN_IN(openat)
OPEN_IN(openat64)

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
WITH_FILE(int, fallocate, ROOM, (int file, int mode, off_t at, off_t length), (file, mode, at, length), int, int, off_t, off_t)
WITH_FILE(int, fallocate64, ROOM, (int file, int mode, off64_t at, off64_t length), (file, mode, at, length), int, int, off64_t,
          off64_t)
WITH_FILE(ssize_t, sendfile, ROOM, (int file, int from, off_t *at, size_t count), (file, from, at, count), int, int, off_t *,
          size_t)
WITH_FILE(ssize_t, sendfile64, ROOM, (int file, int from, off64_t *at, size_t count), (file, from, at, count), int, int,
          off64_t *, size_t)
WITH_FILE(ssize_t, copy_file_range, ROOM, (int from, off64_t *at, int file, off64_t *to, size_t count, unsigned flags),
          (from, at, file, to, count, flags), int, off64_t *, int, off64_t *, size_t, unsigned)
WITH_FILE(int, futimens, NAMES, (int file, const struct timespec times[2]), (file, times), int, const struct timespec *)
WITH_FILE(int, fsync, ROOM, (int file), (file), int)
WITH_FILE(int, fdatasync, ROOM, (int file), (file), int)

/* These return the reason itself. */
#define RESERVE(name, offset) \
  int name(int file, offset at, offset length) { \
    REALLY(int, name, int, offset, offset) \
    return allowed_at(file, ROOM) ? errno : really(file, at, length); \
  }

RESERVE(posix_fallocate, off_t)
RESERVE(posix_fallocate64, off64_t)

#define WITH_PATH(name, kind, parameters, arguments, ...) \
  int name parameters { \
    REALLY(int, name, __VA_ARGS__) \
    return allowed(path, kind) ? -1 : really arguments; \
  }

WITH_PATH(mkdir, ROOM, (const char *path, mode_t mode), (path, mode), const char *, mode_t)
WITH_PATH(rename, NAMES, (const char *path, const char *to), (path, to), const char *, const char *)
WITH_PATH(unlink, NAMES, (const char *path), (path), const char *)
WITH_PATH(rmdir, NAMES, (const char *path), (path), const char *)
WITH_PATH(remove, NAMES, (const char *path), (path), const char *)
WITH_PATH(link, NAMES, (const char *from, const char *path), (from, path), const char *, const char *)
WITH_PATH(symlink, NAMES, (const char *to, const char *path), (to, path), const char *, const char *)
WITH_PATH(utimes, NAMES, (const char *path, const struct timeval times[2]), (path, times), const char *, const struct timeval *)

#define WITH_NAME(name, kind, parameters, arguments, ...) \
  int name parameters { \
    REALLY(int, name, __VA_ARGS__) \
    return allowed_in(folder, path, kind) ? -1 : really arguments; \
  }

WITH_NAME(mkdirat, ROOM, (int folder, const char *path, mode_t mode), (folder, path, mode), int, const char *, mode_t)
WITH_NAME(unlinkat, NAMES, (int folder, const char *path, int flags), (folder, path, flags), int, const char *, int)
WITH_NAME(renameat, NAMES, (int folder, const char *path, int other, const char *to), (folder, path, other, to), int,
          const char *, int, const char *)
WITH_NAME(renameat2, NAMES, (int folder, const char *path, int other, const char *to, unsigned flags),
          (folder, path, other, to, flags), int, const char *, int, const char *, unsigned)
