/*
 * directory_store.c: the room's SQL. An import changes only rows whose content has another hash,
 * and the generation goes up only when a row did: importing the same files twice changes nothing.
 */
#include "directory/directory_store.h"

#include "directory/shape.h"

#include <sodium.h>

enum { Q_ONE, Q_ALL, Q_PUT, Q_WITHDRAW, Q_GENERATION, Q_BUMP, Q_COUNT };
static const struct stmt q[] = {
    [Q_ONE] = {"directory.one", "SELECT hash, kind, withdrawn FROM directory_entry WHERE id = $1",
               0},
    [Q_ALL] = {"directory.all",
               "SELECT id, kind, content FROM directory_entry WHERE withdrawn = 0 ORDER BY id",
               STMT_SCAN},
    [Q_PUT] = {"directory.put",
               "INSERT INTO directory_entry (id, kind, content, hash, withdrawn, changed_at) "
               "VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (id) DO UPDATE SET "
               "kind = excluded.kind, content = excluded.content, hash = excluded.hash, "
               "withdrawn = 0, changed_at = excluded.changed_at",
               0},
    [Q_WITHDRAW] = {"directory.withdraw",
                    "UPDATE directory_entry SET withdrawn = 1, changed_at = $2 "
                    "WHERE id = $1 AND withdrawn = 0",
                    0},
    [Q_GENERATION] = {"directory.generation",
                      "SELECT generation FROM directory_generation WHERE nr = 1", 0},
    [Q_BUMP] = {"directory.bump",
                "UPDATE directory_generation SET generation = generation + 1 WHERE nr = 1", 0},
};
const struct stmt_table directory_statements = {q, Q_COUNT};

static const char *const kind_names[DIR_KINDS] = {
    [DIR_ORGANISATION] = "Organization",
    [DIR_SERVICE] = "Service",
    [DIR_GENERAL] = "GeneralDescription",
    [DIR_LOCATION] = "ServiceLocation",
    [DIR_PHONE_CHANNEL] = "Phone",
    [DIR_ECHANNEL] = "EChannel",
    [DIR_WEB_PAGE] = "WebPage",
    [DIR_FORM] = "PrintableForm",
    [DIR_OTHER] = "other",
};

const char *dir_kind_name(enum dir_kind k)
{
    return kind_names[k];
}

static enum dir_kind kind_from(struct str name)
{
    for (int k = 0; k < DIR_OTHER; k++)
        if (str_eq(name, str_of(kind_names[k])))
            return (enum dir_kind)k;
    return DIR_OTHER;
}

int64_t directory_stored_generation(struct db *db)
{
    return db_int(db, 0, &q[Q_GENERATION], NULL, 0);
}

struct holder {
    struct arena *a;
};

static void free_held(void *arg)
{
    arena_free(((struct holder *)arg)->a);
}

/* A second arena that goes with `a`, to be reset between rows. */
static struct arena *directory_scratch(struct arena *a)
{
    struct holder *h = ARENA_NEW(a, struct holder);
    arena_defer(a, free_held, h); /* first: from here on nothing can be lost */
    h->a = arena_new((size_t)1 << 30);
    return h->a;
}

struct dir_rows directory_rows(struct arena *a, struct db *db)
{
    struct dir_rows out = {0};
    struct arena *scratch = directory_scratch(a);
    struct rows r = db_query(db, &q[Q_ALL], NULL, 0);
    while (rows_next(&r)) {
        enum dir_kind kind = kind_from(rows_peek(&r, 1));
        if (kind == DIR_OTHER)
            continue; /* of a later version of the program */
        struct dir_entry e = {.kind = kind, .id = rows_str(&r, a, 0)};
        e.row = dir_decode(a, scratch, kind, rows_peek(&r, 2));
        VEC_PUSH(a, &out, e);
        arena_reset(scratch);
    }
    rows_end(&r);
    return out;
}

static struct str hash_of(struct arena *a, struct str content)
{
    unsigned char hash[32];
    char hex[sizeof hash * 2 + 1];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)content.p, content.n, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return str_dup(a, (struct str){hex, sizeof hex - 1});
}

enum outcome { OUT_NEW, OUT_CHANGED, OUT_SAME };

static enum outcome put(struct arena *a, struct db *db, const struct dir_entry *e,
                        struct instant now)
{
    struct str content = dir_encode(a, e->kind, e->row), hash = hash_of(a, content);
    struct str kind = str_of(kind_names[e->kind]);
    enum outcome out = OUT_NEW;
    struct rows r = DB_QUERY(db, &q[Q_ONE], V_STR(e->id));
    if (rows_next(&r))
        out =
            str_eq(rows_peek(&r, 0), hash) && str_eq(rows_peek(&r, 1), kind) && rows_int(&r, 2) == 0
                ? OUT_SAME
                : OUT_CHANGED;
    rows_end(&r);
    if (out != OUT_SAME)
        DB_EXEC(db, &q[Q_PUT], V_STR(e->id), V_STR(kind), V_STR(content), V_STR(hash),
                V_INT(now.ms));
    return out;
}

void directory_store_batch(struct arena *a, struct db *db, const struct dir_batch *batch,
                           struct instant now, struct dir_report *report)
{
    struct arena *scratch = directory_scratch(a);
    memset(report->counts, 0, sizeof report->counts);
    int64_t changes = 0;
    for (size_t i = 0; i < batch->entries.n; i++) {
        const struct dir_entry *e = &batch->entries.p[i];
        struct dir_counts *c = &report->counts[e->kind];
        c->read++;
        if (e->reason.n > 0) {
            c->rejected++;
            if (e->withdraw)
                changes += DB_EXEC(db, &q[Q_WITHDRAW], V_STR(e->id), V_INT(now.ms));
            continue;
        }
        enum outcome out = put(scratch, db, e, now);
        c->added += out == OUT_NEW;
        c->changed += out == OUT_CHANGED;
        c->unchanged += out == OUT_SAME;
        changes += out != OUT_SAME;
        arena_reset(scratch);
    }
    if (changes > 0)
        db_exec(db, &q[Q_BUMP], NULL, 0);
}
