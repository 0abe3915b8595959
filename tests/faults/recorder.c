/* Writes down what a process does to the files of one folder: for replaying a power cut.
 *
 * LD_PRELOAD=recorder.so TD_RECORD=log TD_FOLDER=/folder program
 *
 * Each entry: one letter, length of the name, name, two numbers of eight bytes, data.
 * c created, w written (place, size, data), t cut (size), s synced, d folder synced,
 * u unlinked, r renamed (data: the new name).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 4096
static char *names[MOST];
static int out = -1;
static const char *folder;
static size_t folder_length;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(result, name, ...) static result (*real_##name)(__VA_ARGS__)
REAL(int, open64, const char *, int, ...);
REAL(int, close, int);
REAL(ssize_t, write, int, const void *, size_t);
REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
REAL(int, fsync, int);
REAL(int, fdatasync, int);
REAL(int, ftruncate64, int, off64_t);
REAL(int, unlink, const char *);
REAL(int, rename, const char *, const char *);

__attribute__((constructor)) static void begin(void) {
    real_open64 = dlsym(RTLD_NEXT, "open64");
    real_close = dlsym(RTLD_NEXT, "close");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    folder = getenv("TD_FOLDER");
    const char *log = getenv("TD_RECORD");
    if (folder && log) {
        folder_length = strlen(folder);
        out = real_open64(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    }
}

static int ours(const char *path) {
    return out >= 0 && path && !strncmp(path, folder, folder_length) &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

/* The k-th write, sync or cut from now on fails with this error, once. */
static int fail_in, fail_with;
void td_fail(int k, int error) { fail_in = k, fail_with = error; }
int td_left(void) { return fail_in; }
static int failing(const char *name) {
    if (!name || !fail_in || strstr(name, "-shm") || --fail_in) return 0;
    errno = fail_with;
    return 1;
}

static void note(char what, const char *name, uint64_t a, uint64_t b, const void *data, size_t n) {
    uint32_t length = strlen(name);
    size_t size = 1 + 4 + length + 16 + 8 + n;
    char *entry = malloc(size), *at = entry;
    uint64_t count = n;
    *at++ = what;
    memcpy(at, &length, 4), at += 4;
    memcpy(at, name, length), at += length;
    memcpy(at, &a, 8), at += 8;
    memcpy(at, &b, 8), at += 8;
    memcpy(at, &count, 8), at += 8;
    if (n) memcpy(at, data, n);
    pthread_mutex_lock(&lock);
    if (real_write(out, entry, size) != (ssize_t)size) abort();
    pthread_mutex_unlock(&lock);
    free(entry);
}

static const char *of(int fd) { return fd >= 0 && fd < MOST ? names[fd] : NULL; }

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    int mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, int) : 0;
    va_end(more);
    int mine = ours(path);
    int fresh = mine && (flags & O_CREAT) && access(path, F_OK) != 0;
    int fd = real_open64(path, flags, mode);
    if (mine && fd >= 0 && fd < MOST) {
        if (fresh) note('c', path, 0, 0, NULL, 0);
        if (!fresh && (flags & O_TRUNC)) note('t', path, 0, 0, NULL, 0);
        free(names[fd]);
        names[fd] = strdup(path);
    }
    return fd;
}
int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    int mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, int) : 0;
    va_end(more);
    return open64(path, flags, mode);
}
int close(int fd) {
    if (of(fd)) free(names[fd]), names[fd] = NULL;
    return real_close(fd);
}
ssize_t write(int fd, const void *data, size_t n) {
    const char *name = of(fd);
    if (failing(name)) return -1;
    off64_t place = name ? lseek64(fd, 0, SEEK_CUR) : 0;
    ssize_t done = real_write(fd, data, n);
    if (name && done > 0) note('w', name, place, 0, data, done);
    return done;
}
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t place) {
    if (failing(of(fd))) return -1;
    ssize_t done = real_pwrite64(fd, data, n, place);
    if (of(fd) && done > 0) note('w', of(fd), place, 0, data, done);
    return done;
}
int fsync(int fd) {
    if (failing(of(fd))) return -1;
    int result = real_fsync(fd);
    struct stat seen;
    if (of(fd) && !result)
        note(!fstat(fd, &seen) && S_ISDIR(seen.st_mode) ? 'd' : 's', of(fd), 0, 0, NULL, 0);
    return result;
}
int fdatasync(int fd) {
    if (failing(of(fd))) return -1;
    int result = real_fdatasync(fd);
    if (of(fd) && !result) note('s', of(fd), 0, 0, NULL, 0);
    return result;
}
int ftruncate64(int fd, off64_t size) {
    if (failing(of(fd))) return -1;
    int result = real_ftruncate64(fd, size);
    if (of(fd) && !result) note('t', of(fd), size, 0, NULL, 0);
    return result;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int unlink(const char *path) {
    int result = real_unlink(path);
    if (ours(path) && !result) note('u', path, 0, 0, NULL, 0);
    return result;
}
int rename(const char *before, const char *after) {
    int result = real_rename(before, after);
    if (ours(before) && !result) note('r', before, 0, 0, after, strlen(after));
    return result;
}
