/*
 * key.c: the installation's secret, DIR/key: 32 random bytes that form tokens and receipt codes
 * are keyed with. It is made once, whole or not at all, and readable by its owner only. The store
 * remembers which key it was begun with (a keyed hash, which tells nothing of the key): with
 * another one, every code that residents have been given would be dead without anybody noticing.
 *
 * Several servers on one store have the same key, each in its own folder: the first one's is copied
 * to the others. Of servers that begin an empty store at the same time, the one whose mark came
 * first has begun it; the others take back the key they made and say so. Two in one folder wait for
 * each other (flock on it).
 */
#include "server/server.h"

#include "base/guard.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY = 32 };

enum { Q_MARK, Q_FIRST_MARK, Q_NEW_MARK };
static const struct stmt q[] = {
    [Q_MARK] = {"key.mark", "SELECT value FROM meta WHERE name = 'key'", 0},
    [Q_FIRST_MARK] = {"key.first_mark",
                      "INSERT INTO meta (name, value) VALUES ('key', $1) ON CONFLICT DO NOTHING",
                      0},
    [Q_NEW_MARK] = {"key.new_mark",
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

/* Until it is closed, no other server makes a key in the folder. */
static int folder_hold(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        flock(fd, LOCK_EX);
    return fd;
}

/* Written beside and moved into place: a full disk or a fall leaves no half a key. Who calls holds
 * the folder. */
static bool key_write(struct arena *a, const char *folder, const unsigned char key[KEY])
{
    const char *path = str_fmt(a, "%s/key", folder).p;
    const char *beside = str_fmt(a, "%s.new", path).p;
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
    struct arena *a;
    struct str mark, stands; /* ours; the store's after the commit */
    bool new_key;
};

static struct str mark_of(struct arena *a, const unsigned char key[KEY])
{
    return auth_form_token(a, key, S("the key of this store"));
}

static struct str read_mark(struct arena *a, struct db *db)
{
    struct str mark = {NULL, 0};
    struct rows r = DB_QUERY(db, &q[Q_MARK]);
    if (rows_next(&r))
        mark = rows_str(&r, a, 0);
    rows_end(&r);
    return mark;
}

static void put_mark(struct db *db, void *arg)
{
    struct marking *m = arg;
    DB_EXEC(db, &q[m->new_key ? Q_NEW_MARK : Q_FIRST_MARK], V_STR(m->mark));
    m->stands = read_mark(m->a, db);
}

/* ---- both ---- */

static bool refuse(const struct store *s, const char *path, const char *why)
{
    fprintf(stderr,
            "asialla: the secret %s %s. Without it the receipt codes that residents have do not "
            "work.\n%s; --new-key makes a new one and gives up the old codes.\n",
            path, why,
            store_shared(s) ? "Copy the file \"key\" here from the data folder of a server that "
                              "uses this store already, or put it back from where you keep it"
                            : "Put it back from where you keep it");
    return false;
}

/* The mark is in the store and is ours. False: printed why not. A key made just now, for a store
 * that another server has begun meanwhile, is taken back; but not where it is unknown whether the
 * mark was written. */
static bool settle_mark(struct arena *a, const struct options *o, struct store *s, const char *path,
                        struct str mark, bool made)
{
    struct marking m = {.a = a, .mark = mark, .new_key = o->new_key};
    if (store_write(s, put_mark, &m) != ERR_OK) {
        fprintf(stderr, "asialla: %s cannot be written\n", boot_store_name(o));
        return false;
    }
    if (str_eq(m.stands, mark))
        return true;
    if (made)
        unlink(path);
    return refuse(s, path, made ? "is missing" : "is not the one that this store was begun with");
}

static bool boot_held(struct arena *a, const struct options *o, struct store *s,
                      unsigned char key[KEY])
{
    const char *path = str_fmt(a, "%s/key", o->data).p;
    struct str before = read_mark(a, store_reader(s));
    int found = o->new_key ? 0 : key_read(path, key);
    if (found < 0)
        return refuse(s, path, "is not a file of 32 bytes that can be read");
    if (found == 0 && before.n && !o->new_key)
        return refuse(s, path, "is missing");
    if (found == 0)
        rand_bytes(key, KEY);
    if (found == 0 && !key_write(a, o->data, key)) {
        fprintf(stderr, "asialla: the secret %s cannot be made: %s\n", path, strerror(errno));
        return false;
    }
    struct str mark = mark_of(a, key);
    return str_eq(before, mark) || settle_mark(a, o, s, path, mark, found == 0);
}

bool boot_key(struct arena *a, const struct options *o, struct store *s, unsigned char key[KEY])
{
    int folder = folder_hold(o->data);
    bool ok = boot_held(a, o, s, key);
    if (folder >= 0)
        close(folder); /* and the lock goes */
    return ok;
}

/* ---- a key that goes along with a copy of its store ---- */

bool boot_key_room(struct arena *a, const char *from, const char *to)
{
    unsigned char key[KEY], there[KEY];
    return key_read(str_fmt(a, "%s/key", to).p, there) <= 0 ||
           key_read(str_fmt(a, "%s/key", from).p, key) <= 0 || memcmp(key, there, KEY) == 0;
}

enum boot_key_copied boot_key_copy(struct arena *a, struct db *db, const char *from, const char *to)
{
    unsigned char key[KEY], there[KEY];
    struct str mark = read_mark(a, db);
    int is_there = key_read(str_fmt(a, "%s/key", to).p, there);
    if (!mark.n)
        return BOOT_KEY_UNBEGUN;
    if (is_there < 0 || (is_there > 0 && !str_eq(mark, mark_of(a, there))))
        guard_fail(ERR_STORE, "%s/key is not the secret that this store was begun with", to);
    if (is_there > 0)
        return BOOT_KEY_THERE;
    if (key_read(str_fmt(a, "%s/key", from).p, key) <= 0)
        return BOOT_KEY_NONE;
    if (!str_eq(mark, mark_of(a, key)))
        return BOOT_KEY_OTHER;
    if (!key_write(a, to, key))
        guard_fail(ERR_STORE, "the secret cannot be written to %s/key: %s", to, strerror(errno));
    return BOOT_KEY_COPIED;
}
