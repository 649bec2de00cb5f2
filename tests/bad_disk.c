/*
 * bad_disk.c: a disk that behaves badly when told so, to be loaded before the C library
 * (LD_PRELOAD). The file named by BAD_DISK holds one line, looked at anew at each call; it holds
 * for files named asialla.db* only:
 *
 *     slow MS         fsync and fdatasync take that long
 *     write ERRNO     writing fails
 *     sync ERRNO      what was written is taken, but fsync and fdatasync fail
 *     once ERRNO      as `sync`, the next time only
 *     (nothing)       all is well
 */
#undef _FILE_OFFSET_BITS /* the names as SQLite calls them */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The number that the line has behind this word, if it is about that and fd is one of the store's;
 * else 0. */
static int ill(int fd, const char *word)
{
    char line[64] = "", path[64], file[256] = "", said[16];
    const char *ctl = getenv("BAD_DISK");
    int number = 0, kept = errno, in = ctl ? open(ctl, O_RDONLY | O_CLOEXEC) : -1;
    if (in < 0)
        return 0;
    ssize_t n = read(in, line, sizeof line - 1);
    close(in);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (n <= 0 || readlink(path, file, sizeof file - 1) < 0 || !strstr(file, "/asialla.db") ||
        sscanf(line, "%15s %d", said, &number) != 2 || strcmp(said, word) != 0)
        number = 0;
    errno = kept;
    return number;
}

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static int writing_fails(int fd)
{
    int e = ill(fd, "write");
    if (e)
        errno = e;
    return e;
}

static int sync_file(int fd, const char *name)
{
    int ms = ill(fd, "slow"), e = ill(fd, "sync"), once = ill(fd, "once");
    if (ms) {
        struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
        nanosleep(&t, NULL);
    }
    if (once && truncate(getenv("BAD_DISK"), 0) == 0)
        e = once;
    if (e) {
        errno = e;
        return -1;
    }
    int (*real)(int) = (int (*)(int))next(name);
    return real(fd);
}

int fsync(int fd)
{
    return sync_file(fd, "fsync");
}

int fdatasync(int fd)
{
    return sync_file(fd, "fdatasync");
}

ssize_t write(int fd, const void *p, size_t n)
{
    ssize_t (*real)(int, const void *, size_t) =
        (ssize_t(*)(int, const void *, size_t))next("write");
    return writing_fails(fd) ? -1 : real(fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    ssize_t (*real)(int, const void *, size_t, off64_t) =
        (ssize_t(*)(int, const void *, size_t, off64_t))next("pwrite64");
    return writing_fails(fd) ? -1 : real(fd, p, n, at);
}

int ftruncate64(int fd, off64_t n)
{
    int (*real)(int, off64_t) = (int (*)(int, off64_t))next("ftruncate64");
    return writing_fails(fd) ? -1 : real(fd, n);
}
