/*
 * merge_find.c: probable duplicates of a matter: its keys, made a moment after it changed, and the
 * matters that share one. Each look-up is by index and bounded, however many share a key (the phone
 * of a care home; a text that many send).
 */
#include "matter/merge.h"

#include <stdlib.h>

enum { AT_ONCE = 100, LOOKED_AT = 30 };

enum {
    Q_UNKEYED,
    Q_ANY,
    Q_NEXT,
    Q_KEYED,
    Q_FORGET,
    Q_PUT,
    Q_TRAITS,
    Q_TOLD,
    Q_THERE,
    Q_OWN,
    Q_SHARING
};
/* Marked STMT_SCAN: matter_unkeyed holds what was written within the last second. */
static const struct stmt q[] = {
    [Q_UNKEYED] = {"merge.unkeyed", "INSERT INTO matter_unkeyed (matter) VALUES ($1)", 0},
    [Q_ANY] = {"merge.any", "SELECT id FROM matter_unkeyed LIMIT 1", STMT_SCAN},
    [Q_NEXT] = {"merge.next", "SELECT id, matter FROM matter_unkeyed ORDER BY id LIMIT $1",
                STMT_SCAN},
    [Q_KEYED] = {"merge.keyed", "DELETE FROM matter_unkeyed WHERE id = $1", 0},
    [Q_FORGET] = {"merge.forget", "DELETE FROM matter_key WHERE matter = $1", 0},
    [Q_PUT] = {"merge.put",
               "INSERT INTO matter_key (key, matter, kind) VALUES ($1, $2, $3) "
               "ON CONFLICT (key, matter) DO NOTHING",
               0},
    [Q_TRAITS] = {"merge.traits",
                  "SELECT person, name, phone, email, born FROM matter WHERE id = $1", 0},
    [Q_TOLD] = {"merge.told",
                "SELECT kind, body FROM matter_event WHERE matter = $1 "
                "AND kind IN ('received', 'message') ORDER BY id LIMIT 50",
                0},
    [Q_THERE] = {"merge.there", "SELECT id FROM matter WHERE id = $1", 0},
    [Q_OWN] = {"merge.own", "SELECT key, kind FROM matter_key WHERE matter = $1", 0},
    [Q_SHARING] = {"merge.sharing",
                   "SELECT m.id FROM (SELECT matter FROM matter_key WHERE key = $1 "
                   "ORDER BY matter DESC LIMIT 100) k JOIN matter m ON m.id = k.matter "
                   "WHERE m.register = $2 AND (m.state IN ('open', 'joined') "
                   "OR m.closed_at >= $3) ORDER BY m.id DESC LIMIT 20",
                   0},
};
const struct stmt_table merge_find_statements = {q, sizeof q / sizeof *q};

/* ---- traits ---- */

struct reading {
    struct arena *a;
    struct db *db;
    const unsigned char *secret;
    struct merge_traits *out;
};

/* A number or a code of a matter that there is. */
static bool resolve(void *ctx, struct str number)
{
    enum { NUMBERS = 8, CHARS = 8 };
    struct reading *r = ctx;
    struct str ref = matter_ref_typed(r->a, number), hash;
    int64_t id = ref.n == CHARS ? DB_INT(r->db, 0, &q[Q_THERE], V_INT(matter_ref_id(ref))) : 0;
    if (!id && auth_code_hash(r->a, r->secret, number, &hash))
        id = matter_find_code(r->db, hash);
    if (id && id != r->out->id)
        VEC_PUSH(r->a, &r->out->numbers, id);
    return r->out->numbers.n < NUMBERS;
}

struct told {
    LIST_FIELDS(struct str);
};

static void read_told(struct reading *r)
{
    struct told texts = {0};
    struct rows rows = DB_QUERY(r->db, &q[Q_TOLD], V_INT(r->out->id));
    while (rows_next(&rows)) {
        struct json_error je;
        bool first = str_eq(rows_peek(&rows, 0), S("received"));
        const struct jv *body = json_parse(r->a, rows_str(&rows, r->a, 1), &je);
        struct str text = first ? merge_text(r->a, body) : jv_str_of(body, "text");
        if (first)
            r->out->text = text;
        VEC_PUSH(r->a, &texts, text);
    }
    for (size_t i = 0; i < texts.n; i++)
        merge_numbers(texts.p[i], resolve, r);
}

static struct merge_traits traits_load(struct arena *a, struct db *db, const unsigned char *secret,
                                       int64_t id)
{
    struct merge_traits t = {.id = id, .born = DATE_NONE};
    struct rows r = DB_QUERY(db, &q[Q_TRAITS], V_INT(id));
    if (rows_next(&r)) {
        t.person = rows_int(&r, 0);
        t.name = rows_str(&r, a, 1);
        t.phone = rows_str(&r, a, 2);
        t.email = rows_str(&r, a, 3);
        if (!rows_null(&r, 4))
            t.born = (struct date){(int32_t)rows_int(&r, 4)};
    }
    rows_end(&r);
    read_told(&(struct reading){a, db, secret, &t});
    return t;
}

/* ---- keys ---- */

void merge_unkeyed(struct db *db, int64_t matter)
{
    DB_PUT(db, &q[Q_UNKEYED], V_INT(matter));
}

bool merge_keying_wanted(struct db *db)
{
    return DB_INT(db, 0, &q[Q_ANY]) != 0;
}

struct merge_keying merge_keying_make(struct arena *a, struct db *db,
                                      const unsigned char secret[32])
{
    struct merge_keying k = {0};
    struct rows r = DB_QUERY(db, &q[Q_NEXT], V_INT(AT_ONCE));
    while (rows_next(&r)) {
        struct merge_keyed next = {.row = rows_int(&r, 0), .matter = rows_int(&r, 1)};
        VEC_PUSH(a, &k, next);
    }
    for (size_t i = 0; i < k.n; i++) {
        struct merge_traits t = traits_load(a, db, secret, k.p[i].matter);
        merge_keys_of(a, secret, &t, &k.p[i].keys);
    }
    return k;
}

void merge_keying_write(struct db *db, const struct merge_keying *k)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct merge_keyed *m = &k->p[i];
        DB_PUT(db, &q[Q_FORGET], V_INT(m->matter));
        for (size_t j = 0; j < m->keys.n; j++) {
            const struct merge_key *key = &m->keys.p[j];
            DB_PUT(db, &q[Q_PUT], V_BLOB(((struct str){(const char *)key->key, MERGE_KEY})),
                   V_INT(m->matter), V_INT(key->kind));
        }
        DB_PUT(db, &q[Q_KEYED], V_INT(m->row)); /* one that came since may have a lower number */
    }
}

/* ---- matters that share a key ---- */

struct hit {
    int64_t id;
    unsigned reasons;
};
struct hits {
    LIST_FIELDS(struct hit);
};

static void add_hit(struct arena *a, struct hits *hits, int64_t id, unsigned reasons)
{
    for (size_t i = 0; i < hits->n; i++)
        if (hits->p[i].id == id) {
            hits->p[i].reasons |= reasons;
            return;
        }
    VEC_PUSH(a, hits, (struct hit){id, reasons});
}

static void add_sharing(const struct merge_asker *k, struct hits *hits, const struct merge_key *key,
                        enum reg reg)
{
    int64_t since = k->now.ms - merge_rules()->closed_days * 24 * (int64_t)HOUR_MS;
    struct rows r =
        DB_QUERY(k->db, &q[Q_SHARING], V_BLOB(((struct str){(const char *)key->key, MERGE_KEY})),
                 V_STR(str_of(reg_code(reg))), V_INT(since));
    while (rows_next(&r))
        add_hit(k->a, hits, rows_int(&r, 0), 1u << key->kind);
}

static void keys_load(struct arena *a, struct db *db, int64_t matter, struct merge_keys *out)
{
    (void)a;
    struct rows r = DB_QUERY(db, &q[Q_OWN], V_INT(matter));
    out->n = 0;
    while (rows_next(&r)) {
        struct str key = rows_peek(&r, 0);
        if (key.n != MERGE_KEY || out->n == MERGE_KEYS)
            continue;
        memcpy(out->p[out->n].key, key.p, MERGE_KEY);
        out->p[out->n++].kind = (enum merge_reason)rows_int(&r, 1);
    }
}

static int by_strength(const void *p, const void *r)
{
    const struct hit *x = p, *y = r;
    unsigned strong = x->reasons & -x->reasons, other = y->reasons & -y->reasons;
    int order = (strong > other) - (strong < other);
    return order ? order : (x->id < y->id) - (x->id > y->id);
}

/* What was joined stands for what it was joined to. */
static struct hits standing(const struct merge_asker *k, const struct hits *found, int64_t not )
{
    struct hits hits = {0};
    for (size_t i = 0; i < found->n; i++) {
        int64_t id = matter_standing(k->db, found->p[i].id);
        if (id != not )
            add_hit(k->a, &hits, id, found->p[i].reasons);
    }
    if (hits.n > 1)
        qsort(hits.p, hits.n, sizeof *hits.p, by_strength);
    if (hits.n > LOOKED_AT)
        hits.n = LOOKED_AT;
    return hits;
}

/* ---- weighing ---- */

/* Certainly two people, so that only a number that one wrote can join their matters. */
static bool apart(const struct merge_traits *x, const struct merge_traits *y)
{
    return (x->person && y->person && x->person != y->person) ||
           (date_is(x->born) && date_is(y->born) && x->born.day != y->born.day);
}

static bool names_differ(struct arena *a, const struct merge_traits *x,
                         const struct merge_traits *y)
{
    return x->name.n && y->name.n && !str_eq(merge_name(a, x->name), merge_name(a, y->name));
}

/* What is left of the reasons when the two are looked at. */
static unsigned weighed(const struct merge_asker *k, const struct merge_traits *x,
                        const struct merge_traits *y, unsigned reasons, int alike)
{
    if (apart(x, y))
        return reasons & 1u << MERGE_NUMBER;
    if (alike < merge_rules()->alike || names_differ(k->a, x, y))
        reasons &= ~(1u << MERGE_TEXT);
    else
        reasons |= 1u << MERGE_TEXT;
    return reasons;
}

/* Texts are compared of the same team or form, that came in about the same time. */
static int alike(const struct merge_asker *k, const struct matter *m, const struct matter *other,
                 const struct merge_traits *x, const struct merge_traits *y)
{
    size_t shortest = (size_t)merge_rules()->shortest;
    int64_t apart_ms = m->received.ms - other->received.ms;
    bool near = llabs(apart_ms) <= merge_rules()->days * 24 * (int64_t)HOUR_MS;
    if (!near || (m->team != other->team && !str_eq(m->form, other->form)) ||
        str_utf8_len(x->text) < shortest || str_utf8_len(y->text) < shortest)
        return 0;
    return merge_alike(k->a, x->text, y->text);
}

static int by_offer(const void *p, const void *r)
{
    const struct merge_offer *x = p, *y = r;
    unsigned strong = x->reasons & -x->reasons, other = y->reasons & -y->reasons;
    int order = (strong > other) - (strong < other);
    order = order ? order : __builtin_popcount(y->reasons) - __builtin_popcount(x->reasons);
    order = order ? order : y->alike - x->alike;
    return order ? order : (x->matter.id < y->matter.id) - (x->matter.id > y->matter.id);
}

/* Of another team, or not there for this professional: not named. */
static bool load_offered(const struct merge_asker *k, int64_t id, enum reg reg, struct matter *out)
{
    return matter_load(k->a, k->db, k->law, id, out) && out->reg == reg &&
           matter_related(k->session, out);
}

static void settle(struct merge_offers *offers)
{
    if (offers->n > 1)
        qsort(offers->p, offers->n, sizeof *offers->p, by_offer);
    if (offers->n > MERGE_OFFERS)
        offers->n = MERGE_OFFERS;
}

struct merge_offers merge_find(const struct merge_asker *k, const struct matter *m)
{
    struct merge_offers offers = {0};
    struct hits found = {0};
    struct merge_family family = merge_family(k->a, k->db, m->id);
    for (size_t i = 0; i < family.n; i++) {
        struct merge_keys keys;
        keys_load(k->a, k->db, family.p[i], &keys);
        for (size_t j = 0; j < keys.n; j++)
            add_sharing(k, &found, &keys.p[j], m->reg);
    }
    struct hits hits = standing(k, &found, m->id);
    if (!hits.n)
        return offers;
    struct merge_traits own = traits_load(k->a, k->db, k->secret, m->id);
    for (size_t i = 0; i < hits.n; i++) {
        struct merge_offer o = {.reasons = hits.p[i].reasons};
        if (!load_offered(k, hits.p[i].id, m->reg, &o.matter))
            continue;
        struct merge_traits other = traits_load(k->a, k->db, k->secret, o.matter.id);
        o.alike = alike(k, m, &o.matter, &own, &other);
        o.reasons = weighed(k, &own, &other, o.reasons, o.alike);
        if (o.reasons)
            VEC_PUSH(k->a, &offers, o);
    }
    settle(&offers);
    return offers;
}

struct merge_offers merge_find_typed(const struct merge_asker *k, const struct merge_traits *t,
                                     enum reg reg)
{
    struct merge_offers offers = {0};
    struct merge_keys keys;
    struct hits found = {0};
    struct merge_traits typed = *t;
    merge_numbers(t->text, resolve, &(struct reading){k->a, k->db, k->secret, &typed});
    merge_keys_of(k->a, k->secret, &typed, &keys);
    for (size_t i = 0; i < keys.n; i++)
        if (keys.p[i].kind != MERGE_TEXT)
            add_sharing(k, &found, &keys.p[i], reg);
    struct hits hits = standing(k, &found, 0);
    for (size_t i = 0; i < hits.n; i++) {
        struct merge_offer o = {.reasons = hits.p[i].reasons};
        if (!load_offered(k, hits.p[i].id, reg, &o.matter))
            continue;
        struct merge_traits other = traits_load(k->a, k->db, k->secret, o.matter.id);
        o.reasons = weighed(k, &typed, &other, o.reasons, 0);
        if (o.reasons)
            VEC_PUSH(k->a, &offers, o);
    }
    settle(&offers);
    return offers;
}

struct merge_offer merge_compare(const struct merge_asker *k, const struct matter *m,
                                 const struct matter *other)
{
    struct merge_offer o = {.matter = *other};
    struct merge_traits x = traits_load(k->a, k->db, k->secret, m->id);
    struct merge_traits y = traits_load(k->a, k->db, k->secret, other->id);
    struct merge_keys own, its;
    merge_keys_of(k->a, k->secret, &x, &own);
    merge_keys_of(k->a, k->secret, &y, &its);
    for (size_t i = 0; i < own.n; i++)
        for (size_t j = 0; j < its.n; j++)
            if (own.p[i].kind == its.p[j].kind &&
                memcmp(own.p[i].key, its.p[j].key, MERGE_KEY) == 0)
                o.reasons |= 1u << own.p[i].kind;
    o.alike = alike(k, m, other, &x, &y);
    o.reasons = weighed(k, &x, &y, o.reasons, o.alike);
    return o;
}
