// Stands between a process and its disk, by LD_PRELOAD: counts how often it asks for what it wrote to be durable, as
// bytes in the file DISK_SYNCS, and has no space left while there is a file DISK_FULL.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int synced(const char *name, int fd) {
  int counter = open(getenv("DISK_SYNCS"), O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (write(counter, ".", 1) != 1) abort();
  close(counter);
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}
int fsync(int fd) { return synced("fsync", fd); }
int fdatasync(int fd) { return synced("fdatasync", fd); }

static ssize_t written(const char *name, int fd, const void *bytes, size_t count, off_t at) {
  if (access(getenv("DISK_FULL"), F_OK) == 0) { errno = ENOSPC; return -1; }
  return ((ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, name))(fd, bytes, count, at);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return written("pwrite", fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) { return written("pwrite64", fd, bytes, count, at); }
