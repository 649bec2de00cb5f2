/*
 * directory_store.c: the room's SQL for what is shown. Whoever changes it goes through
 * directory_put() or directory_put_addition(), leaves a line of history (directory_record()) and
 * raises the generation once (directory_bump()).
 */
#include "directory/directory_store.h"

#include "directory/shape.h"

#include <sodium.h>

enum {
    Q_STORED,
    Q_STORED_OF,
    Q_ALL,
    Q_PUT,
    Q_GENERATION,
    Q_BUMP,
    Q_ADDITIONS,
    Q_ADDITION,
    Q_ADDITIONS_OF,
    Q_PUT_ADDITION,
    Q_DROP_ADDITION,
    Q_RECORD,
    Q_FORGET,
    Q_COUNT
};
#define STORED \
    "SELECT id, kind, content, hash, withdrawn, source, owner, source_hash FROM directory_entry "
static const struct stmt q[] = {
    [Q_STORED] = {"directory.stored", STORED "WHERE id = $1", 0},
    [Q_STORED_OF] = {"directory.stored_of",
                     STORED "WHERE source = 'local' AND owner = $1 ORDER BY id", 0},
    [Q_ALL] = {"directory.all",
               "SELECT id, kind, content, source, owner FROM directory_entry WHERE withdrawn = 0 "
               "ORDER BY id",
               STMT_SCAN},
    [Q_PUT] = {"directory.put",
               "INSERT INTO directory_entry (id, kind, content, hash, withdrawn, changed_at, "
               "source, owner, source_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
               "ON CONFLICT (id) DO UPDATE SET "
               "kind = excluded.kind, content = excluded.content, hash = excluded.hash, "
               "withdrawn = excluded.withdrawn, changed_at = excluded.changed_at, "
               "source = excluded.source, owner = excluded.owner, "
               "source_hash = excluded.source_hash",
               0},
    [Q_GENERATION] = {"directory.generation",
                      "SELECT generation FROM directory_generation WHERE nr = 1", 0},
    [Q_BUMP] = {"directory.bump",
                "UPDATE directory_generation SET generation = generation + 1 WHERE nr = 1", 0},
    [Q_ADDITIONS] = {"directory.additions",
                     "SELECT entry, content FROM directory_addition ORDER BY entry", STMT_SCAN},
    [Q_ADDITION] = {"directory.addition", "SELECT content FROM directory_addition WHERE entry = $1",
                    0},
    [Q_ADDITIONS_OF] = {"directory.additions_of",
                        "SELECT a.entry, a.content FROM directory_entry e "
                        "JOIN directory_addition a ON a.entry = e.id "
                        "WHERE e.source = 'local' AND e.owner = $1 ORDER BY a.entry",
                        0},
    [Q_PUT_ADDITION] = {"directory.put_addition",
                        "INSERT INTO directory_addition (entry, content, changed_at) "
                        "VALUES ($1, $2, $3) ON CONFLICT (entry) DO UPDATE SET "
                        "content = excluded.content, changed_at = excluded.changed_at",
                        0},
    [Q_DROP_ADDITION] = {"directory.drop_addition",
                         "DELETE FROM directory_addition WHERE entry = $1", 0},
    [Q_RECORD] = {"directory.record",
                  "INSERT INTO directory_change (entry, at, what, staff, part, kind, "
                  "before_content, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  0},
    [Q_FORGET] = {"directory.forget",
                  "DELETE FROM directory_change WHERE id IN (SELECT id FROM directory_change "
                  "WHERE entry = $1 AND part = $2 ORDER BY id DESC LIMIT 10 OFFSET $3)",
                  0},
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

enum dir_kind dir_kind_from(struct str name)
{
    return (enum dir_kind)str_place(name, kind_names, DIR_OTHER);
}

int64_t directory_stored_generation(struct db *db)
{
    return db_int(db, 0, &q[Q_GENERATION], NULL, 0);
}

/* ---- what is shown ---- */

static void set_local(enum dir_kind kind, void *row, bool local, struct str owner)
{
    if (kind == DIR_SERVICE) {
        ((struct dir_service *)row)->local = local;
        ((struct dir_service *)row)->owner = owner;
    } else if (dir_kind_is_channel(kind)) {
        ((struct dir_channel *)row)->local = local;
        ((struct dir_channel *)row)->owner = owner;
    }
}

/* Both lists are in the order of their ids. */
static void read_additions(struct arena *a, struct arena *scratch, struct db *db,
                           struct dir_rows *rows)
{
    size_t at = 0;
    struct rows r = db_query(db, &q[Q_ADDITIONS], NULL, 0);
    while (rows_next(&r)) {
        struct str id = rows_str(&r, scratch, 0);
        while (at < rows->n && str_cmp(rows->p[at].id, id) < 0)
            at++;
        if (at < rows->n && str_eq(rows->p[at].id, id) && rows->p[at].kind == DIR_SERVICE) {
            struct dir_service *s = rows->p[at].row;
            const struct dir_addition *addition =
                dir_decode(a, scratch, DIR_ADDITION, rows_peek(&r, 1));
            s->addition = *addition;
        }
        arena_reset(scratch);
    }
    rows_end(&r);
}

struct dir_rows directory_rows(struct arena *a, struct db *db)
{
    struct dir_rows out = {0};
    struct arena *scratch = arena_in(a, DIR_SCRATCH);
    struct rows r = db_query(db, &q[Q_ALL], NULL, 0);
    while (rows_next(&r)) {
        enum dir_kind kind = dir_kind_from(rows_peek(&r, 1));
        if (kind == DIR_OTHER)
            continue; /* of a later version of the program */
        struct dir_entry e = {.kind = kind, .id = rows_str(&r, a, 0)};
        e.row = dir_decode(a, scratch, kind, rows_peek(&r, 2));
        if (kind == DIR_SERVICE)
            ((struct dir_service *)e.row)->addition = dir_no_addition;
        if (str_eq(rows_peek(&r, 3), S("local")))
            set_local(kind, e.row, true, rows_str(&r, a, 4));
        VEC_PUSH(a, &out, e);
        arena_reset(scratch);
    }
    rows_end(&r);
    read_additions(a, scratch, db, &out);
    return out;
}

/* ---- an entry ---- */

struct str dir_hash(struct arena *a, struct str content)
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)content.p, content.n, NULL, 0);
    return str_to_hex(a, hash, sizeof hash);
}

void *directory_decode(struct arena *a, enum dir_kind kind, struct str content)
{
    struct arena *scratch = arena_in(a, DIR_SCRATCH);
    void *row = dir_decode(a, scratch, kind, content);
    arena_reset(scratch);
    return row;
}

static struct dir_stored read_stored(struct arena *a, const struct rows *r)
{
    return (struct dir_stored){
        .id = rows_str(r, a, 0),
        .kind = dir_kind_from(rows_peek(r, 1)),
        .content = rows_str(r, a, 2),
        .hash = rows_str(r, a, 3),
        .withdrawn = rows_int(r, 4) != 0,
        .local = str_eq(rows_peek(r, 5), S("local")),
        .owner = rows_str(r, a, 6),
        .source_hash = rows_str(r, a, 7),
    };
}

bool directory_stored(struct arena *a, struct db *db, struct str id, struct dir_stored *out)
{
    struct rows r = DB_QUERY(db, &q[Q_STORED], V_STR(id));
    bool there = rows_next(&r);
    if (there)
        *out = read_stored(a, &r);
    rows_end(&r);
    return there;
}

struct dir_stored_list directory_stored_of(struct arena *a, struct db *db, struct str owner,
                                           bool channels_only)
{
    struct dir_stored_list out = {0};
    struct rows r = DB_QUERY(db, &q[Q_STORED_OF], V_STR(owner));
    while (rows_next(&r))
        if (!channels_only || dir_kind_is_channel(dir_kind_from(rows_peek(&r, 1))))
            VEC_PUSH(a, &out, read_stored(a, &r));
    rows_end(&r);
    return out;
}

static struct str not_null(struct str s)
{
    return s.p ? s : S("");
}

void directory_put(struct db *db, struct instant now, const struct dir_stored *s)
{
    DB_PUT(db, &q[Q_PUT], V_STR(s->id), V_STR(str_of(kind_names[s->kind])), V_STR(s->content),
           V_STR(s->hash), V_INT(s->withdrawn), V_INT(now.ms),
           V_STR(s->local ? S("local") : S("ptv")), V_STR(not_null(s->owner)),
           V_STR(not_null(s->source_hash)));
}

struct str directory_addition_text(struct arena *a, struct db *db, struct str entry)
{
    struct str text = {NULL, 0};
    struct rows r = DB_QUERY(db, &q[Q_ADDITION], V_STR(entry));
    if (rows_next(&r))
        text = rows_str(&r, a, 0);
    rows_end(&r);
    return text;
}

struct dir_entry_texts directory_additions_of(struct arena *a, struct db *db, struct str owner)
{
    struct dir_entry_texts out = {0};
    struct rows r = DB_QUERY(db, &q[Q_ADDITIONS_OF], V_STR(owner));
    while (rows_next(&r))
        VEC_PUSH(a, &out, (struct dir_entry_text){rows_str(&r, a, 0), rows_str(&r, a, 1)});
    rows_end(&r);
    return out;
}

void directory_put_addition(struct db *db, struct instant now, struct str entry, struct str content)
{
    if (content.p)
        DB_PUT(db, &q[Q_PUT_ADDITION], V_STR(entry), V_STR(content), V_INT(now.ms));
    else
        DB_PUT(db, &q[Q_DROP_ADDITION], V_STR(entry));
}

void directory_bump(struct db *db)
{
    db_exec(db, &q[Q_BUMP], NULL, 0);
    db_notify(db, topic_of("directory", 0));
    directory_expect();
}

void directory_record(struct db *db, struct instant now, const struct dir_past *p)
{
    DB_PUT(db, &q[Q_RECORD], V_STR(p->entry), V_INT(now.ms), V_STR(str_of(p->what)),
           p->staff ? V_INT(p->staff) : V_NULL, V_STR(str_of(p->part)),
           V_STR(str_of(kind_names[p->kind])), V_STR(p->before), V_STR(not_null(p->note)));
    if (p->before.p)
        DB_PUT(db, &q[Q_FORGET], V_STR(p->entry), V_STR(str_of(p->part)),
               V_INT(dir_policy()->history_max));
}
