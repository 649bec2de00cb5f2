/*
 * report_out.c: writing a file so that its name never stands on half of it. The bytes go into a
 * file without a name (O_TMPFILE), which the kernel takes away with the process that made it,
 * however that ends; where a file system has none, into NAME.part, which the next export replaces.
 */
#include "report/report_out.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static bool fail(struct arena *a, struct report_out *o, const char *what, const char *text)
{
    if (!o->failed)
        o->why = str_fmt(a, "%s: %s", what, text);
    o->failed = true;
    return false;
}

static const char *folder_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : str_fmt(a, "%.*s", (int)(slash - path), path).p;
}

bool report_out_begin(struct arena *a, struct report_out *o, const char *to)
{
    *o = (struct report_out){.fd = -1, .to = to};
    o->standard = strcmp(to, "-") == 0;
    if (o->standard) {
        o->fd = STDOUT_FILENO;
        return true;
    }
    if (access(to, F_OK) == 0)
        return fail(a, o, to, "exists already; an export replaces nothing");
    o->fd = open(folder_of(a, to), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (o->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
        o->part = str_fmt(a, "%s.part", to).p;
        unlink(o->part); /* not written into: it may be somebody else's, or open to all */
        o->fd = open(o->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (o->fd < 0)
            o->part = NULL;
    }
    return o->fd >= 0 || fail(a, o, to, strerror(errno));
}

void report_out_put(struct arena *a, struct report_out *o, struct str bytes)
{
    while (bytes.n && !o->failed) {
        ssize_t n = write(o->fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            fail(a, o, o->standard ? "standard output" : o->to,
                 n < 0 ? strerror(errno) : "nothing can be written");
            return;
        }
        o->bytes += n;
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
}

static int64_t seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

void report_out_tell(struct report_out *o, int64_t n, const char *what)
{
    int64_t now = seconds();
    if (now == o->told_at || !isatty(STDERR_FILENO))
        return;
    o->told_at = now;
    fprintf(stderr, "\r%" PRId64 " %s ", n, what);
}

/* What was told of a file under way goes. */
static void told_all(struct report_out *o)
{
    if (o->told_at && isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    o->told_at = 0;
}

static bool sync_folder(struct arena *a, const char *to)
{
    int fd = open(folder_of(a, to), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* A name for what had none: linkat() replaces nothing. */
static bool give_name(struct arena *a, struct report_out *o)
{
    if (!o->part)
        return linkat(AT_FDCWD, str_fmt(a, "/proc/self/fd/%d", o->fd).p, AT_FDCWD, o->to,
                      AT_SYMLINK_FOLLOW) == 0;
    if (renameat2(AT_FDCWD, o->part, AT_FDCWD, o->to, RENAME_NOREPLACE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && access(o->to, F_OK) != 0 &&
           rename(o->part, o->to) == 0;
}

bool report_out_end(struct arena *a, struct report_out *o)
{
    if (o->standard || o->failed) {
        report_out_drop(o);
        return !o->failed;
    }
    if (fsync(o->fd) != 0 || !give_name(a, o))
        fail(a, o, o->to, strerror(errno));
    else if (!sync_folder(a, o->to))
        fail(a, o, o->to, "its folder could not be synced");
    else
        o->part = NULL; /* it is the file now */
    report_out_drop(o);
    return !o->failed;
}

void report_out_drop(struct report_out *o)
{
    told_all(o);
    if (o->fd >= 0 && !o->standard)
        close(o->fd);
    o->fd = -1;
    if (o->part)
        unlink(o->part);
    o->part = NULL;
}

bool report_out_beside(struct arena *a, const char *to, const char *ending, struct str text,
                       struct str *why)
{
    struct report_out o;
    bool begun = report_out_begin(a, &o, str_fmt(a, "%s%s", to, ending).p);
    if (begun)
        report_out_put(a, &o, text);
    bool ok = begun && report_out_end(a, &o);
    *why = o.why;
    return ok;
}
