/*
 * part.c: a database file that grows beside its final name and gets it when it is whole and on
 * disk, so a file under that name is always a good one. An existing file is never replaced.
 */
#include "store/open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static bool fail(struct arena *a, struct str *why, const char *file, const char *text)
{
    *why = str_fmt(a, "%s: %s", file, text);
    return false;
}

const char *part_of(struct arena *a, const char *to)
{
    return str_fmt(a, "%s.part", to).p;
}

bool part_make(struct arena *a, const char *to, struct str *why)
{
    const char *part = part_of(a, to);
    if (access(to, F_OK) == 0)
        return fail(a, why, to, "exists already; a copy replaces nothing");
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return fail(
            a, why, part,
            "exists: another copy is being made, or one was cut off; if none is, remove it");
    if (fd < 0)
        return fail(a, why, part, strerror(errno));
    close(fd);
    return true;
}

static bool file_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Not every file system can rename without replacing; there the look beforehand must do. */
static bool part_name(const char *part, const char *to)
{
    if (renameat2(AT_FDCWD, part, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && access(to, F_OK) != 0 && rename(part, to) == 0;
}

bool part_end(struct arena *a, const char *to, struct str *why)
{
    const char *part = part_of(a, to);
    if (!file_sync(part))
        return fail(a, why, part, strerror(errno));
    if (!part_name(part, to))
        return fail(a, why, to, strerror(errno));
    if (folder_sync(a, to))
        return true;
    unlink(to); /* it might not be there after a fall */
    return fail(a, why, to, "its folder could not be synced");
}

/* SQLite's own files beside it are there only after a fall. */
void part_drop(struct arena *a, const char *to)
{
    static const char *const beside[] = {"", "-journal", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        unlink(str_fmt(a, "%s%s", part_of(a, to), beside[i]).p);
}
