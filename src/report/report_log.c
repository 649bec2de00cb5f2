/*
 * report_log.c: see report_log.h. A note is one small file of JSON that has its name when it is
 * whole and on disk, FOLDER/exports/TIME-HASH.json, so that it is there before the export has its
 * own name. Taking it is a commit, then its removal: who dies between the two takes it again, and
 * the same row is not written twice. What is none is set aside with a warning.
 */
#include "report/report_log.h"

#include "base/json.h"
#include "base/log.h"
#include "report/report.h"
#include "report/report_out.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOTE_MOST = 4096, NAMED_BY = 8, AT_ONCE = 50 };

enum { Q_THERE, Q_PUT };
static const struct stmt q[] = {
    [Q_THERE] = {"report.export_there",
                 "SELECT 1 FROM report_export WHERE at = $1 AND hash = $2", /* some a year */
                 STMT_SCAN},
    [Q_PUT] = {"report.log_export",
               "INSERT INTO report_export (at, what, who, from_day, to_day, visits, written, hash) "
               "VALUES ($1, 'visits', $2, $3, $4, $5, $6, $7)",
               0},
};
const struct stmt_table report_export_statements = {q, sizeof q / sizeof *q};

static void put_row(struct db *db, void *arg)
{
    const struct export_row *x = arg;
    const struct val hash = V_BLOB(((struct str){(const char *)x->hash, EXPORT_HASH}));
    if (!DB_INT(db, 0, &q[Q_THERE], V_INT(x->at.ms), hash))
        DB_EXEC(db, &q[Q_PUT], V_INT(x->at.ms), V_STR(x->who), V_INT(x->from.day), V_INT(x->to.day),
                V_INT(x->visits), V_INT(x->written), hash);
}

/* ---- a note ---- */

static struct str hex(struct arena *a, const unsigned char *bytes, size_t n)
{
    char *s = arena_alloc(a, 2 * n + 1);
    sodium_bin2hex(s, 2 * n + 1, bytes, n);
    return (struct str){s, 2 * n};
}

static struct str note_of(struct arena *a, const struct export_row *x)
{
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_int(&w, "at", x->at.ms);
    jw_str(&w, "who", x->who);
    jw_str(&w, "from", date_iso(a, x->from));
    jw_str(&w, "to", date_iso(a, x->to));
    jw_int(&w, "visits", x->visits);
    jw_int(&w, "written", x->written);
    jw_str(&w, "hash", hex(a, x->hash, EXPORT_HASH));
    jw_end_object(&w);
    return buf_get(&b);
}

static bool read_note(struct arena *a, struct str text, struct export_row *x)
{
    struct json_error je;
    const struct jv *v = json_parse(a, text, &je);
    struct str hash = jv_str_of(v, "hash");
    size_t n = 0;
    *x = (struct export_row){.at = {jv_int(jv_get(v, "at"))},
                             .who = jv_str_of(v, "who"),
                             .visits = jv_int(jv_get(v, "visits")),
                             .written = jv_int(jv_get(v, "written"))};
    return x->at.ms > 0 && x->who.n && date_parse(jv_str_of(v, "from"), &x->from) &&
           date_parse(jv_str_of(v, "to"), &x->to) && hash.n == 2 * (size_t)EXPORT_HASH &&
           sodium_hex2bin(x->hash, EXPORT_HASH, hash.p, hash.n, NULL, &n, NULL) == 0 &&
           n == EXPORT_HASH;
}

static struct str notes_in(struct arena *a, const char *folder)
{
    return str_fmt(a, "%s/exports", folder);
}

static bool write_note(struct arena *a, const char *folder, const struct export_row *x,
                       struct str *why)
{
    struct str notes = notes_in(a, folder);
    struct str name = str_fmt(a, STR_FMT "/%lld-" STR_FMT, STR_ARG(notes), (long long)x->at.ms,
                              STR_ARG(hex(a, x->hash, NAMED_BY)));
    if (mkdir(notes.p, 0700) != 0 && errno != EEXIST) {
        *why = str_fmt(a, STR_FMT ": %s", STR_ARG(notes), strerror(errno));
        return false;
    }
    return report_out_beside(a, name.p, ".json", note_of(a, x), why);
}

bool report_log_write(struct arena *a, struct store *s, const char *folder,
                      const struct export_row *row, struct str *why)
{
    struct export_row x = *row;
    if (folder)
        return write_note(a, folder, row, why);
    *why = S("the store could not keep that the file was made");
    return store_write(s, put_row, &x) == ERR_OK;
}

/* ---- taking notes into the table ---- */

static bool is_note(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && strcmp(name + n - 5, ".json") == 0;
}

bool report_notes_wanted(struct arena *a, const char *folder)
{
    DIR *d = opendir(notes_in(a, folder).p);
    bool any = false;
    for (const struct dirent *e; d && !any && (e = readdir(d)) != NULL;)
        any = is_note(e->d_name);
    if (d)
        closedir(d);
    return any;
}

static struct str read_file(struct arena *a, const char *path)
{
    char *p = arena_alloc(a, NOTE_MOST);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd < 0 ? -1 : read(fd, p, NOTE_MOST);
    if (fd >= 0)
        close(fd);
    return (struct str){p, n > 0 ? (size_t)n : 0};
}

static void take(struct arena *a, struct store *s, const char *path)
{
    struct export_row row;
    if (read_note(a, read_file(a, path), &row)) {
        if (store_write(s, put_row, &row) == ERR_OK)
            unlink(path);
        return;
    }
    log_warn("report", "%s: it is no note of an export; it is kept as %s.broken", path, path);
    rename(path, str_fmt(a, "%s.broken", path).p);
}

void report_notes_take(struct arena *a, struct store *s, const char *folder)
{
    struct str notes = notes_in(a, folder);
    struct {
        LIST_FIELDS(struct str);
    } found = {0};
    DIR *d = opendir(notes.p);
    for (const struct dirent *e; d && found.n < AT_ONCE && (e = readdir(d)) != NULL;)
        if (is_note(e->d_name))
            VEC_PUSH(a, &found, str_fmt(a, STR_FMT "/%s", STR_ARG(notes), e->d_name));
    if (d)
        closedir(d);
    for (size_t i = 0; i < found.n; i++)
        take(a, s, found.p[i].p);
}
