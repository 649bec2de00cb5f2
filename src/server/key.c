/*
 * key.c: the installation's secret, DIR/key: 32 random bytes that form tokens and receipt codes
 * are keyed with. It is made once, whole or not at all, and readable by its owner only. The store
 * remembers which key it was begun with (a keyed hash, which tells nothing of the key): with
 * another one, every code that residents have been given would be dead without anybody noticing.
 */
#include "server/server.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY = 32 };

enum { Q_MARK, Q_PUT_MARK };
static const struct stmt q[] = {
    [Q_MARK] = {"key.mark", "SELECT value FROM meta WHERE name = 'key'", 0},
    [Q_PUT_MARK] = {"key.put_mark",
                    "INSERT INTO meta (name, value) VALUES ('key', $1) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    0},
};
const struct stmt_table key_statements = {q, sizeof q / sizeof *q};

/* ---- the file ---- */

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Written beside and moved into place: a full disk or a fall leaves no half a key. Who calls holds
 * the folder's lock. */
static bool key_make(struct arena *a, const char *folder, const char *path, unsigned char key[KEY])
{
    const char *beside = str_fmt(a, "%s.new", path).p;
    rand_bytes(key, KEY);
    unlink(beside);
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool ok = write(fd, key, KEY) == KEY && fsync(fd) == 0;
    ok = close(fd) == 0 && ok && rename(beside, path) == 0 && sync_folder(folder);
    if (!ok)
        unlink(beside);
    return ok;
}

/* 1: read; 0: there is none; -1: there is something else. */
static int key_read(const char *path, unsigned char key[KEY])
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == KEY &&
              read(fd, key, KEY) == KEY;
    close(fd);
    if (ok && st.st_mode & (S_IRWXG | S_IRWXO))
        log_warn("key", "%s can be read by others than its owner: chmod 600 it", path);
    return ok ? 1 : -1;
}

/* ---- the store's mark ---- */

struct marking {
    struct str mark;
};

static void put_mark(struct db *db, void *arg)
{
    struct marking *m = arg;
    DB_EXEC(db, &q[Q_PUT_MARK], V_STR(m->mark));
}

static struct str load_mark(struct arena *a, struct store *s)
{
    struct str mark = {NULL, 0};
    struct rows r = DB_QUERY(store_reader(s), &q[Q_MARK]);
    if (rows_next(&r))
        mark = rows_str(&r, a, 0);
    rows_end(&r);
    return mark;
}

static bool refuse(const char *path, const char *why)
{
    fprintf(stderr,
            "asialla: the secret %s %s. Without it the receipt codes that residents have do not "
            "work.\nPut it back from where you keep it; --new-key makes a new one and gives up the "
            "old codes.\n",
            path, why);
    return false;
}

bool boot_key(struct arena *a, const struct options *o, struct store *s, unsigned char key[KEY])
{
    const char *path = str_fmt(a, "%s/key", o->data).p;
    struct str before = load_mark(a, s);
    int found = o->new_key ? 0 : key_read(path, key);
    if (found < 0)
        return refuse(path, "is not a file of 32 bytes that can be read");
    if (found == 0 && before.n && !o->new_key)
        return refuse(path, "is missing");
    if (found == 0 && !key_make(a, o->data, path, key)) {
        fprintf(stderr, "asialla: the secret %s cannot be made: %s\n", path, strerror(errno));
        return false;
    }
    struct marking m = {auth_form_token(a, key, S("the key of this store"))};
    if (found && before.n && !str_eq(before, m.mark))
        return refuse(path, "is not the one that this store was begun with");
    if (str_eq(before, m.mark) || store_write(s, put_mark, &m) == ERR_OK)
        return true;
    fprintf(stderr, "asialla: the store in %s cannot be written\n", o->data);
    return false;
}
