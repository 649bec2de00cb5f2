/*
 * reply_store.c: the templates' rows. A version is never changed; the template names its newest.
 */
#include "reply/reply.h"

#include <stdlib.h>

enum { Q_MAKE, Q_VERSION, Q_NEWEST, Q_OFFERED, Q_ALL, Q_FIND, Q_HISTORY };

#define VERSION                                                                                \
    "v.template, COALESCE(v.team, 0), v.uses, v.title_fi, v.title_sv, v.title_en, v.text_fi, " \
    "v.text_sv, v.text_en, v.retired "

static const struct stmt q[] = {
    [Q_MAKE] = {"reply.make",
                "INSERT INTO reply_template (version, retired) VALUES (0, 0) RETURNING id", 0},
    [Q_VERSION] = {"reply.version",
                   "INSERT INTO reply_version (template, at, staff, team, uses, title_fi, "
                   "title_sv, title_en, text_fi, text_sv, text_en, retired) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
                   0},
    [Q_NEWEST] = {"reply.newest",
                  "UPDATE reply_template SET version = $2, retired = $3 WHERE id = $1", 0},
    [Q_OFFERED] = {"reply.offered",
                   "SELECT " VERSION "FROM reply_template t JOIN reply_version v ON v.id = "
                   "t.version WHERE t.retired = 0 AND COALESCE(v.team, $1) = $1",
                   0},
    [Q_ALL] = {"reply.all",
               "SELECT " VERSION "FROM reply_template t JOIN reply_version v ON v.id = t.version "
               "WHERE t.retired = $1",
               0},
    [Q_FIND] = {"reply.find",
                "SELECT " VERSION "FROM reply_template t JOIN reply_version v ON v.id = t.version "
                "WHERE t.id = $1",
                0},
    [Q_HISTORY] = {"reply.history",
                   "SELECT " VERSION ", v.at, COALESCE(s.name, '') FROM reply_version v "
                   "LEFT JOIN staff s ON s.id = v.staff WHERE v.template = $1 "
                   "ORDER BY v.id DESC LIMIT 100",
                   0},
};
const struct stmt_table reply_statements = {q, sizeof q / sizeof *q};

static const enum lang columns[] = {LANG_FI, LANG_SV, LANG_EN};
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct reply read_reply(struct arena *a, const struct rows *r)
{
    struct reply x = {.id = rows_int(r, 0),
                      .team = rows_int(r, 1),
                      .uses = (unsigned)rows_int(r, 2),
                      .retired = rows_int(r, 9) != 0};
    for (int i = 0; i < COLUMNS; i++) {
        x.title[columns[i]] = rows_str(r, a, 3 + i);
        x.text[columns[i]] = rows_str(r, a, 6 + i);
    }
    return x;
}

static int by_title(const void *x, const void *y, void *lang)
{
    const struct reply *a = x, *b = y;
    int order = str_cmp(a->title[*(enum lang *)lang], b->title[*(enum lang *)lang]);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

static void sort(struct replies *list, enum lang l)
{
    if (list->n)
        qsort_r(list->p, list->n, sizeof *list->p, by_title, &l);
}

struct replies reply_list(struct arena *a, struct db *db, int64_t team, enum reply_use use,
                          enum lang l)
{
    struct replies list = {0};
    struct rows r = DB_QUERY(db, &q[Q_OFFERED], V_INT(team));
    while (rows_next(&r)) {
        struct reply x = read_reply(a, &r);
        if (x.uses & use)
            VEC_PUSH(a, &list, x);
    }
    sort(&list, l);
    return list;
}

struct replies reply_all(struct arena *a, struct db *db, bool retired, enum lang l)
{
    struct replies list = {0};
    struct rows r = DB_QUERY(db, &q[Q_ALL], V_INT(retired));
    while (rows_next(&r))
        VEC_PUSH(a, &list, read_reply(a, &r));
    sort(&list, l);
    return list;
}

bool reply_find(struct arena *a, struct db *db, int64_t id, struct reply *out)
{
    struct rows r = DB_QUERY(db, &q[Q_FIND], V_INT(id));
    bool found = rows_next(&r);
    if (found)
        *out = read_reply(a, &r);
    rows_end(&r);
    return found;
}

int64_t reply_save(struct db *db, const struct reply *x, int64_t staff, struct instant at)
{
    int64_t id = x->id ? x->id : DB_INT(db, 0, &q[Q_MAKE]);
    int64_t version =
        DB_INT(db, 0, &q[Q_VERSION], V_INT(id), V_INT(at.ms), staff ? V_INT(staff) : V_NULL,
               x->team ? V_INT(x->team) : V_NULL, V_INT(x->uses), V_STR(x->title[LANG_FI]),
               V_STR(x->title[LANG_SV]), V_STR(x->title[LANG_EN]), V_STR(x->text[LANG_FI]),
               V_STR(x->text[LANG_SV]), V_STR(x->text[LANG_EN]), V_INT(x->retired));
    DB_EXEC(db, &q[Q_NEWEST], V_INT(id), V_INT(version), V_INT(x->retired));
    return id;
}

struct reply_versions reply_history(struct arena *a, struct db *db, int64_t id)
{
    struct reply_versions list = {0};
    struct rows r = DB_QUERY(db, &q[Q_HISTORY], V_INT(id));
    while (rows_next(&r))
        VEC_PUSH(a, &list,
                 (struct reply_version){.at = {rows_int(&r, 10)},
                                        .staff = rows_str(&r, a, 11),
                                        .reply = read_reply(a, &r)});
    return list;
}
