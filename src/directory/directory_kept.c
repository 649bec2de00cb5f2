/*
 * directory_kept.c: entries as their keepers see them: the draft beside what is shown, and the
 * places and phones that a service of theirs would be shown with.
 */
#include "directory/directory_kept.h"

#include "directory/shape.h"

#include <stdlib.h>

enum {
    Q_DRAFT,
    Q_DRAFTS,
    Q_WAITING,
    Q_WAITING_N,
    Q_SHOWN,
    Q_PUT,
    Q_STATE,
    Q_DROP,
    Q_HOW_MANY,
    Q_HOW_MUCH,
    Q_COUNT
};
#define DRAFT                                                                                  \
    "SELECT d.entry, d.kind, d.owner, d.content, d.hash, d.state, d.reason, d.staff, s.name, " \
    "d.changed_at FROM directory_draft d LEFT JOIN staff s ON s.id = d.staff "
static const struct stmt q[] = {
    [Q_DRAFT] = {"directory_kept.draft", DRAFT "WHERE d.entry = $1", 0},
    [Q_DRAFTS] = {"directory_kept.drafts", DRAFT "WHERE d.owner = $1 ORDER BY d.entry", 0},
    [Q_WAITING] = {"directory_kept.waiting",
                   DRAFT "WHERE d.state = 'waiting' ORDER BY d.changed_at, d.entry LIMIT $1", 0},
    [Q_WAITING_N] = {"directory_kept.waiting_n",
                     "SELECT count(*) FROM directory_draft WHERE state = 'waiting'", 0},
    [Q_SHOWN] = {"directory_kept.shown",
                 "SELECT id FROM directory_entry WHERE source = 'local' AND kind = 'Service' "
                 "AND withdrawn = 0 ORDER BY owner, id",
                 STMT_SCAN},
    [Q_PUT] = {"directory_kept.put",
               "INSERT INTO directory_draft (entry, kind, owner, content, hash, state, reason, "
               "staff, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
               "ON CONFLICT (entry) DO UPDATE SET kind = excluded.kind, "
               "content = excluded.content, hash = excluded.hash, state = excluded.state, "
               "reason = excluded.reason, staff = excluded.staff, "
               "changed_at = excluded.changed_at",
               0},
    [Q_STATE] = {"directory_kept.state",
                 "UPDATE directory_draft SET state = $2, reason = $3, changed_at = $4 "
                 "WHERE entry = $1",
                 0},
    [Q_DROP] = {"directory_kept.drop", "DELETE FROM directory_draft WHERE entry = $1", 0},
    [Q_HOW_MANY] = {"directory_kept.how_many",
                    "SELECT (SELECT count(*) FROM directory_draft WHERE owner = $1) + "
                    "(SELECT count(*) FROM directory_entry WHERE source = 'local' AND owner = $1)",
                    0},
    [Q_HOW_MUCH] = {"directory_kept.how_much",
                    "SELECT CAST(COALESCE((SELECT sum(length(content)) FROM directory_draft "
                    "WHERE owner = $1), 0) + COALESCE((SELECT sum(length(content)) "
                    "FROM directory_entry WHERE source = 'local' AND owner = $1), 0) AS BIGINT)",
                    0},
};
const struct stmt_table directory_kept_statements = {q, Q_COUNT};

static const char *const state_words[] = {
    [DIR_DRAFT] = "draft", [DIR_WAITING] = "waiting", [DIR_RETURNED] = "returned"};

/* ---- drafts ---- */

static struct dir_draft read_draft(struct arena *a, const struct rows *r)
{
    struct dir_draft d = {
        .id = rows_str(r, a, 0),
        .kind = dir_kind_from(rows_peek(r, 1)),
        .owner = rows_str(r, a, 2),
        .content = rows_str(r, a, 3),
        .hash = rows_str(r, a, 4),
        .reason = rows_str(r, a, 6),
        .staff = rows_int(r, 7),
        .by = rows_str(r, a, 8),
        .changed = {rows_int(r, 9)},
    };
    struct str state = rows_peek(r, 5);
    for (int s = DIR_DRAFT; s <= DIR_RETURNED; s++)
        if (str_eq(state, str_of(state_words[s])))
            d.state = (enum dir_state)s;
    if (!d.by.p)
        d.by = S("");
    return d;
}

bool directory_draft(struct arena *a, struct db *db, struct str id, struct dir_draft *out)
{
    struct rows r = DB_QUERY(db, &q[Q_DRAFT], V_STR(id));
    bool there = rows_next(&r);
    if (there)
        *out = read_draft(a, &r);
    rows_end(&r);
    return there;
}

void directory_put_draft(struct db *db, const struct dir_draft *d)
{
    DB_PUT(db, &q[Q_PUT], V_STR(d->id), V_STR(str_of(dir_kind_name(d->kind))), V_STR(d->owner),
           V_STR(d->content), V_STR(d->hash), V_STR(str_of(state_words[d->state])),
           V_STR(d->reason.p ? d->reason : S("")), d->staff ? V_INT(d->staff) : V_NULL,
           V_INT(d->changed.ms));
}

void directory_draft_state(struct db *db, struct instant now, struct str id, enum dir_state state,
                           struct str reason)
{
    DB_PUT(db, &q[Q_STATE], V_STR(id), V_STR(str_of(state_words[state])), V_STR(reason),
           V_INT(now.ms));
}

void directory_drop_draft(struct db *db, struct str id)
{
    DB_PUT(db, &q[Q_DROP], V_STR(id));
}

int64_t directory_how_many(struct db *db, struct str owner)
{
    return DB_INT(db, 0, &q[Q_HOW_MANY], V_STR(owner));
}

int64_t directory_how_much(struct db *db, struct str owner)
{
    return DB_INT(db, 0, &q[Q_HOW_MUCH], V_STR(owner));
}

/* ---- one entry ---- */

static void set_state(struct dir_kept *k)
{
    if (k->kind == DIR_SERVICE) {
        struct dir_service *s = k->row;
        s->local = true;
        s->owner = k->owner;
        s->state = (int32_t)k->state;
    } else if (dir_kind_is_channel(k->kind)) {
        struct dir_channel *c = k->row;
        c->local = true;
        c->owner = k->owner;
        c->state = (int32_t)k->state;
    }
}

static void set_addition(struct dir_kept *k, const struct dir_addition *addition)
{
    if (k->kind == DIR_SERVICE)
        ((struct dir_service *)k->row)->addition = *addition;
}

/* From the draft, or NULL, and what is stored, or NULL; not both. A service has no addition yet. */
static struct dir_kept make(struct arena *a, const struct dir_draft *d, const struct dir_stored *s)
{
    struct dir_kept k = {.id = d ? d->id : s->id,
                         .owner = d ? d->owner : s->owner,
                         .reason = d ? d->reason : S(""),
                         .kind = d ? d->kind : s->kind,
                         .state = d              ? d->state
                                  : s->withdrawn ? DIR_WITHDRAWN
                                                 : DIR_SHOWN,
                         .shown = s && !s->withdrawn,
                         .changed = d ? d->changed : (struct instant){0},
                         .hash = d ? d->hash : s->hash,
                         .by = d ? d->by : S("")};
    k.row = directory_decode(a, k.kind, d ? d->content : s->content);
    if (k.shown && s->kind == k.kind) {
        k.shown_row = directory_decode(a, k.kind, s->content);
        k.fields = dir_differences(a, k.kind, k.row, k.shown_row);
    }
    set_state(&k);
    set_addition(&k, &dir_no_addition);
    return k;
}

/* Reads a local entry, or one that is only a draft. */
static bool read_one(struct arena *a, struct db *db, struct str id, struct dir_kept *out)
{
    struct dir_draft d;
    struct dir_stored s;
    bool drafted = directory_draft(a, db, id, &d), stored = directory_stored(a, db, id, &s);
    if (stored && !s.local)
        return false;
    if (!drafted && !stored)
        return false;
    struct dir_addition addition;
    *out = make(a, drafted ? &d : NULL, stored ? &s : NULL);
    directory_addition(a, db, id, &addition);
    set_addition(out, &addition);
    return true;
}

/* ---- what a service would be shown with ---- */

struct keeping {
    struct arena *a;
    struct db *db;
    const struct dir_kept_list *own; /* what is looked at before the store */
    struct date today;
    struct str organisation_id;            /* the one that was last looked for, */
    struct dir_organisation *organisation; /* and what was found: mostly all have the same */
};

static const struct dir_channel *channel_of(const struct keeping *k, struct str id)
{
    for (size_t i = 0; i < k->own->n; i++)
        if (str_eq(k->own->p[i].id, id))
            return dir_kind_is_channel(k->own->p[i].kind) ? k->own->p[i].row : NULL;
    struct dir_stored s;
    if (!directory_stored(k->a, k->db, id, &s) || s.withdrawn || !dir_kind_is_channel(s.kind))
        return NULL;
    return directory_decode(k->a, s.kind, s.content);
}

static struct dir_organisation *organisation_of(struct keeping *k, struct str id)
{
    struct dir_stored s;
    if (str_eq(id, k->organisation_id))
        return k->organisation;
    bool there = directory_stored(k->a, k->db, id, &s) && s.kind == DIR_ORGANISATION;
    k->organisation_id = id;
    k->organisation = there ? directory_decode(k->a, s.kind, s.content) : NULL;
    return k->organisation;
}

static void add_way(struct arena *a, struct dir_service *s, const struct dir_channel *c,
                    const struct dir_connection *by)
{
    for (size_t i = 0; c && i < s->ways.n; i++)
        if (str_eq(s->ways.p[i].channel->id, c->id))
            return;
    if (c)
        VEC_PUSH(a, &s->ways, (struct dir_way){c, by});
}

static void resolve(struct keeping *k, struct dir_service *s)
{
    for (size_t i = 0; i < s->connections.n; i++)
        add_way(k->a, s, channel_of(k, s->connections.p[i].other), &s->connections.p[i]);
    for (size_t i = 0; i < k->own->n; i++) {
        const struct dir_channel *c = k->own->p[i].row;
        if (!dir_kind_is_channel(k->own->p[i].kind))
            continue;
        for (size_t n = 0; n < c->connections.n; n++)
            if (str_eq(c->connections.p[n].other, s->id))
                add_way(k->a, s, c, &c->connections.p[n]);
    }
    for (size_t i = 0; i < s->roles.n && !s->organisation; i++)
        if (str_eq(s->roles.p[i].role, S("Responsible")))
            s->organisation = organisation_of(k, s->roles.p[i].id);
}

static void finish(struct keeping *k, struct dir_kept *one)
{
    if (one->kind == DIR_SERVICE) {
        resolve(k, one->row);
        one->lacks = dir_lacks(one->row, k->today);
    } else if (dir_kind_is_channel(one->kind)) {
        one->lacks = dir_channel_lacks(one->row, k->today);
    }
}

static struct keeping keeping(struct arena *a, struct db *db, const struct dir_kept_list *own)
{
    return (struct keeping){.a = a, .db = db, .own = own, .today = date_of(instant_now())};
}

/* ---- lists ---- */

static struct str name_of(const struct dir_kept *k)
{
    if (k->kind == DIR_ORGANISATION)
        return dir_pick(&((const struct dir_organisation *)k->row)->name, LANG_FI).text;
    if (dir_kind_is_channel(k->kind))
        return dir_pick(&((const struct dir_channel *)k->row)->name, LANG_FI).text;
    return dir_pick(&((const struct dir_service *)k->row)->name, LANG_FI).text;
}

static int by_name(const void *x, const void *y)
{
    const struct dir_kept *one = x, *two = y;
    int order = str_cmp(name_of(one), name_of(two));
    return order ? order : str_cmp(one->id, two->id);
}

static struct dir_drafts read_drafts(struct arena *a, struct rows r, bool channels_only)
{
    struct dir_drafts out = {0};
    while (rows_next(&r))
        if (!channels_only || dir_kind_is_channel(dir_kind_from(rows_peek(&r, 1))))
            VEC_PUSH(a, &out, read_draft(a, &r));
    rows_end(&r);
    return out;
}

/* Drafts, and what is stored without one, by id; services are not resolved yet. Three statements,
 * each by id, however many there are; of many entries only what is asked for is read: a keeper may
 * have hundreds, and megabytes of them. */
static struct dir_kept_list read_own(struct arena *a, struct db *db, struct str owner,
                                     bool channels_only)
{
    struct dir_kept_list out = {0};
    struct dir_entry_texts additions = {0};
    const struct dir_drafts drafts =
        read_drafts(a, DB_QUERY(db, &q[Q_DRAFTS], V_STR(owner)), channels_only);
    const struct dir_stored_list stored = directory_stored_of(a, db, owner, channels_only);
    if (!channels_only)
        additions = directory_additions_of(a, db, owner);
    for (size_t d = 0, s = 0, x = 0; d < drafts.n || s < stored.n;) {
        int order = d == drafts.n   ? 1
                    : s == stored.n ? -1
                                    : str_cmp(drafts.p[d].id, stored.p[s].id);
        struct dir_kept k =
            make(a, order <= 0 ? &drafts.p[d] : NULL, order >= 0 ? &stored.p[s] : NULL);
        while (x < additions.n && str_cmp(additions.p[x].entry, k.id) < 0)
            x++;
        if (x < additions.n && str_eq(additions.p[x].entry, k.id))
            set_addition(&k, directory_decode(a, DIR_ADDITION, additions.p[x].text));
        VEC_PUSH(a, &out, k);
        d += order <= 0;
        s += order >= 0;
    }
    return out;
}

static struct dir_kept_list kept(struct arena *a, struct db *db, struct str owner,
                                 bool channels_only)
{
    struct dir_kept_list own = read_own(a, db, owner.p ? owner : S(""), channels_only);
    struct keeping k = keeping(a, db, &own);
    for (size_t i = 0; i < own.n; i++)
        finish(&k, &own.p[i]);
    if (own.n > 1)
        qsort(own.p, own.n, sizeof *own.p, by_name);
    return own;
}

struct dir_kept_list directory_kept(struct arena *a, struct db *db, struct str owner)
{
    return kept(a, db, owner, false);
}

struct dir_kept_list directory_kept_channels(struct arena *a, struct db *db, struct str owner)
{
    return kept(a, db, owner, true);
}

struct dir_strs directory_shown_services(struct arena *a, struct db *db)
{
    struct dir_strs ids = {0};
    struct rows r = db_query(db, &q[Q_SHOWN], NULL, 0);
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_str(&r, a, 0));
    rows_end(&r);
    return ids;
}

struct dir_kept_list directory_waiting(struct arena *a, struct db *db)
{
    enum { WAITING_MAX = 200 };
    struct dir_kept_list out = {0};
    const struct dir_drafts drafts =
        read_drafts(a, DB_QUERY(db, &q[Q_WAITING], V_INT(WAITING_MAX)), false);
    for (size_t i = 0; i < drafts.n; i++)
        VEC_PUSH(a, &out, make(a, &drafts.p[i], NULL));
    return out;
}

int64_t directory_waiting_count(struct db *db)
{
    return db_int(db, 0, &q[Q_WAITING_N], NULL, 0);
}

bool directory_kept_one(struct arena *a, struct db *db, struct str id, struct dir_kept *out)
{
    if (!read_one(a, db, id, out))
        return false;
    struct dir_kept_list own = {0};
    if (out->kind == DIR_SERVICE)
        own = read_own(a, db, out->owner, true);
    struct keeping k = keeping(a, db, &own);
    finish(&k, out);
    return true;
}
