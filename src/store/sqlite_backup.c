/*
 * sqlite_backup.c: a copy of a folder's store into one new file while it is in use. The copy grows beside its
 * final name and gets it when it is whole and on disk, so a file under that name is always a good
 * one. An existing file is never replaced.
 */
#include "store/open.h"
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static bool fail(struct arena *a, struct str *why, const char *file, const char *text)
{
    *why = str_fmt(a, "%s: %s", file, text);
    return false;
}

static bool file_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool part_fill(struct arena *a, const char *from, const char *part, struct str *why)
{
    struct engine_error e;
    if (!sqlite_copy(from, part, &e))
        return fail(a, why, part, e.text);
    return file_sync(part) || fail(a, why, part, strerror(errno));
}

/* Not every file system can rename without replacing; there the look beforehand must do. */
static bool part_name(const char *part, const char *to)
{
    if (renameat2(AT_FDCWD, part, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && access(to, F_OK) != 0 && rename(part, to) == 0;
}

bool store_backup(struct arena *a, const char *folder, const char *to, struct str *why)
{
    const char *part = str_fmt(a, "%s.part", to).p;
    const char *from = store_file(a, folder);
    if (access(from, R_OK) != 0)
        return fail(a, why, from, strerror(errno));
    if (access(to, F_OK) == 0)
        return fail(a, why, to, "exists already; a backup replaces nothing");
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return fail(
            a, why, part,
            "exists: another backup is running, or one was cut off; if none runs, remove it");
    if (fd < 0)
        return fail(a, why, part, strerror(errno));
    close(fd);

    bool ok = part_fill(a, from, part, why);
    if (ok && !part_name(part, to))
        ok = fail(a, why, to, strerror(errno));
    if (!ok)
        unlink(part);
    else if (!folder_sync(a, to))
        return fail(a, why, to, "its folder could not be synced");
    return ok;
}
