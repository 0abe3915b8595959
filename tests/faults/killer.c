/* Ends a process at its k-th call that changes a disk: as kill -9 would, at a place of our choice.
 *
 * LD_PRELOAD=killer.so program; td_kill_at() begins to count.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

static int counting, torn;
static long calls, last;

/* Die at call *at* (0: never); a write that is *half* done first leaves its first half behind. */
void td_kill_at(long at, int half) { counting = 1, calls = 0, last = at, torn = half; }
long td_calls(void) { return calls; }

static int now(void) { return counting && ++calls == last; }
static void die(void) { kill(getpid(), SIGKILL); }

#define REAL(result, name, ...)                                    \
    static result (*real)(__VA_ARGS__);                            \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *data, size_t n) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (now()) {
        if (torn) real(fd, data, n / 2);
        die();
    }
    return real(fd, data, n);
}
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t place) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    if (now()) {
        if (torn) real(fd, data, n / 2, place);
        die();
    }
    return real(fd, data, n, place);
}
ssize_t pwrite(int fd, const void *data, size_t n, off_t place) {
    return pwrite64(fd, data, n, place);
}
int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    va_list more;
    va_start(more, flags);
    int mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, int) : 0;
    va_end(more);
    if ((flags & (O_CREAT | O_TRUNC)) && now()) die();
    return real(path, flags, mode);
}
int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    int mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, int) : 0;
    va_end(more);
    return open64(path, flags, mode);
}

#define CALL(name, declared, given, ...)              \
    int name declared {                               \
        REAL(int, #name, __VA_ARGS__);                \
        if (now()) die();                             \
        return real given;                            \
    }
CALL(fsync, (int fd), (fd), int)
CALL(fdatasync, (int fd), (fd), int)
CALL(ftruncate, (int fd, off_t size), (fd, size), int, off_t)
CALL(ftruncate64, (int fd, off64_t size), (fd, size), int, off64_t)
CALL(unlink, (const char *path), (path), const char *)
CALL(rename, (const char *from, const char *to), (from, to), const char *, const char *)
CALL(mkdir, (const char *path, mode_t mode), (path, mode), const char *, mode_t)
CALL(rmdir, (const char *path), (path), const char *)
