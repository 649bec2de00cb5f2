/*
 * sqlite_backup.c: a copy of a folder's store into one new file while it is in use, page by page.
 */
#include "store/open.h"
#include "store/sqlite.h"

#include <errno.h>
#include <unistd.h>

bool store_backup(struct arena *a, const char *folder, const char *to, struct str *why)
{
    const char *from = store_file(a, folder);
    struct engine_error e;
    if (access(from, R_OK) != 0) {
        *why = str_fmt(a, "%s: %s", from, strerror(errno));
        return false;
    }
    if (!part_make(a, to, why))
        return false;
    bool ok = sqlite_copy(from, part_of(a, to), &e);
    if (!ok)
        *why = str_fmt(a, "%s: %s", part_of(a, to), e.text);
    ok = ok && part_end(a, to, why);
    if (!ok)
        part_drop(a, to);
    return ok;
}
