/* manage_store.c: targets and snapshots: rows that are added, and never changed. */
#include "manage/manage.h"

#include "base/rand.h"

#include <sodium.h>

enum { Q_TARGETS, Q_TARGET_ADD, Q_SNAPSHOTS, Q_SNAPSHOT, Q_SNAPSHOT_ADD, Q_PIECES, Q_PIECE_ADD };
enum { SEAL = 32, REF = 12, SHOWN = 200 };

#define HEAD                                                                                  \
    "s.id, s.ref, s.name, s.page, s.team, s.exact, s.until_day, s.staff, s.made_at, s.seal, " \
    "p.name "                                                                                 \
    "FROM manage_snapshot s LEFT JOIN staff p ON p.id = s.staff "

static const struct stmt q[] = {
    [Q_TARGETS] = {"manage.targets",
                   "SELECT t.id, t.figure, t.rule, t.team, t.value, t.from_day, t.source, t.staff, "
                   "t.made_at, p.name FROM manage_target t LEFT JOIN staff p ON p.id = t.staff "
                   "ORDER BY t.id",
                   STMT_SCAN},
    [Q_TARGET_ADD] = {"manage.target_add",
                      "INSERT INTO manage_target (figure, rule, team, value, from_day, source, "
                      "staff, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                      0},
    [Q_SNAPSHOTS] = {"manage.snapshots", "SELECT " HEAD "ORDER BY s.id DESC LIMIT $1", STMT_SCAN},
    [Q_SNAPSHOT] = {"manage.snapshot", "SELECT " HEAD "WHERE s.ref = $1", 0},
    [Q_SNAPSHOT_ADD] = {"manage.snapshot_add",
                        "INSERT INTO manage_snapshot (ref, name, page, team, exact, until_day, "
                        "staff, made_at, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
                        "RETURNING id",
                        0},
    [Q_PIECES] = {"manage.pieces",
                  "SELECT lang, chart, content FROM manage_piece WHERE snapshot = $1 ORDER BY seq",
                  0},
    [Q_PIECE_ADD] = {"manage.piece_add",
                     "INSERT INTO manage_piece (snapshot, seq, lang, chart, content) "
                     "VALUES ($1, $2, $3, $4, $5)",
                     0},
};
const struct stmt_table manage_statements = {q, sizeof q / sizeof *q};

/* ---- targets ---- */

struct manage_targets manage_targets(struct arena *a, struct db *db)
{
    struct manage_targets list = {0};
    struct rows r = db_query(db, &q[Q_TARGETS], NULL, 0);
    while (rows_next(&r)) {
        struct manage_target t = {.id = rows_int(&r, 0),
                                  .figure = rows_str(&r, a, 1),
                                  .rule = rows_str(&r, a, 2),
                                  .team = rows_int(&r, 3),
                                  .none = rows_null(&r, 4),
                                  .value = rows_real(&r, 4),
                                  .from = {(int32_t)rows_int(&r, 5)},
                                  .source = rows_str(&r, a, 6),
                                  .staff = rows_int(&r, 7),
                                  .at = {rows_int(&r, 8)},
                                  .staff_name = rows_str(&r, a, 9)};
        VEC_PUSH(a, &list, t);
    }
    return list;
}

static struct str text(struct str s)
{
    return s.p ? s : S("");
}

void manage_target_set(struct db *db, const struct manage_target *t)
{
    DB_EXEC(db, &q[Q_TARGET_ADD], V_STR(t->figure), V_STR(text(t->rule)), V_INT(t->team),
            t->none ? V_NULL : V_REAL(t->value), V_INT(t->from.day), V_STR(text(t->source)),
            v_opt(t->staff), V_INT(t->at.ms));
}

/* ---- snapshots ---- */

static void seal_add(crypto_generichash_state *st, struct str s)
{
    unsigned char n[8];
    for (int i = 0; i < 8; i++)
        n[i] = (unsigned char)((uint64_t)s.n >> (8 * i));
    crypto_generichash_update(st, n, sizeof n);
    crypto_generichash_update(st, (const unsigned char *)s.p, s.n);
}

/* Everything that is shown, each with its length before it. */
static struct str seal_of(struct arena *a, const struct manage_snapshot *s)
{
    unsigned char *seal = arena_alloc(a, SEAL);
    crypto_generichash_state st;
    crypto_generichash_init(&st, NULL, 0, SEAL);
    seal_add(&st, str_fmt(a, STR_FMT " %lld %d %d %lld %lld", STR_ARG(s->ref), (long long)s->team,
                          s->exact, (int)s->until.day, (long long)s->staff, (long long)s->made.ms));
    seal_add(&st, s->name);
    seal_add(&st, s->page);
    for (size_t i = 0; i < s->pieces.n; i++) {
        const struct manage_piece *p = &s->pieces.p[i];
        seal_add(&st, str_of(lang_code(p->lang)));
        seal_add(&st, p->id);
        seal_add(&st, p->id.n ? p->csv : p->html);
    }
    crypto_generichash_final(&st, seal, SEAL);
    return (struct str){(const char *)seal, SEAL};
}

static struct manage_snapshot read_head(struct arena *a, const struct rows *r, struct str *seal)
{
    *seal = rows_str(r, a, 9);
    return (struct manage_snapshot){.id = rows_int(r, 0),
                                    .ref = rows_str(r, a, 1),
                                    .name = rows_str(r, a, 2),
                                    .page = rows_str(r, a, 3),
                                    .team = rows_int(r, 4),
                                    .exact = rows_int(r, 5),
                                    .until = {(int32_t)rows_int(r, 6)},
                                    .staff = rows_int(r, 7),
                                    .made = {rows_int(r, 8)},
                                    .staff_name = rows_str(r, a, 10)};
}

struct manage_snapshots manage_snapshots(struct arena *a, struct db *db)
{
    struct manage_snapshots list = {0};
    struct str seal;
    struct rows r = DB_QUERY(db, &q[Q_SNAPSHOTS], V_INT(SHOWN));
    while (rows_next(&r))
        VEC_PUSH(a, &list, read_head(a, &r, &seal));
    return list;
}

bool manage_snapshot_load(struct arena *a, struct db *db, struct str ref,
                          struct manage_snapshot *out)
{
    struct str seal = {0};
    struct rows r = DB_QUERY(db, &q[Q_SNAPSHOT], V_STR(text(ref)));
    bool found = rows_next(&r);
    if (found)
        *out = read_head(a, &r, &seal);
    rows_end(&r);
    if (!found)
        return false;
    r = DB_QUERY(db, &q[Q_PIECES], V_INT(out->id));
    while (rows_next(&r)) {
        struct manage_piece p = {.id = rows_str(&r, a, 1)};
        lang_from(rows_peek(&r, 0), &p.lang);
        *(p.id.n ? &p.csv : &p.html) = rows_str(&r, a, 2);
        VEC_PUSH(a, &out->pieces, p);
    }
    out->whole = str_eq(seal, seal_of(a, out));
    out->seal = str_to_hex(a, seal.p, seal.n);
    return true;
}

struct str manage_snapshot_store(struct arena *a, struct db *db, const struct manage_snapshot *s)
{
    struct manage_snapshot made = *s;
    if (!made.ref.n)
        made.ref = rand_ref(a, REF);
    int64_t id =
        DB_INT(db, 0, &q[Q_SNAPSHOT_ADD], V_STR(made.ref), V_STR(text(made.name)),
               V_STR(text(made.page)), V_INT(made.team), V_INT(made.exact), V_INT(made.until.day),
               v_opt(made.staff), V_INT(made.made.ms), V_BLOB(seal_of(a, &made)));
    for (size_t i = 0; i < made.pieces.n; i++) {
        const struct manage_piece *p = &made.pieces.p[i];
        DB_PUT(db, &q[Q_PIECE_ADD], V_INT(id), V_INT((int64_t)i), V_STR(str_of(lang_code(p->lang))),
               V_STR(text(p->id)), V_STR(text(p->id.n ? p->csv : p->html)));
    }
    return made.ref;
}
