/*
 * demo_merge.c: duplicates of the sample county: in two teams somebody who wrote without a name
 * turns out to have the phone number of another open matter, so both are offered as perhaps the
 * same; and an earlier matter of a person is joined to the one that is open now. No matter is
 * added.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "matter/merge.h"

enum { PAIRS = 2, LOOKED_AT = 2000 };
enum { Q_PAIRS, Q_EARLIER };
static const struct stmt q[] = {
    [Q_PAIRS] = {"demo_merge.pairs",
                 "SELECT m.team, m.id, n.id, n.owner FROM matter m JOIN matter n "
                 "ON n.team = m.team AND n.form = m.form AND n.id > m.id WHERE m.state = 'open' "
                 "AND m.phone IS NOT NULL AND n.state = 'open' AND n.owner IS NOT NULL "
                 "AND n.person IS NULL AND n.phone IS NULL AND n.born IS NULL "
                 "AND n.received_at - m.received_at < 14 * 86400000 "
                 "ORDER BY m.team, m.id, n.id LIMIT $1",
                 STMT_SCAN},
    [Q_EARLIER] = {"demo_merge.earlier",
                   "SELECT o.id, c.id, o.owner FROM matter o JOIN matter c "
                   "ON c.person = o.person AND c.register = o.register AND c.team = o.team "
                   "WHERE o.state = 'open' AND o.owner IS NOT NULL AND c.state = 'closed' "
                   "AND c.closed_at < o.received_at ORDER BY o.id, c.id DESC LIMIT 1",
                   STMT_SCAN},
};
const struct stmt_table demo_merge_statements = {q, sizeof q / sizeof *q};

struct pair {
    int64_t team, one, two, staff;
};

static struct matter loaded(struct demo *d, struct db *db, int64_t id)
{
    struct matter m;
    if (!matter_load(d->a, db, d->conf.law, id, &m))
        guard_fail(ERR_INTERNAL, "sample duplicates: matter %lld", (long long)id);
    return m;
}

/* Who has the second has heard on the phone who it is. */
static void learn(struct demo *d, struct db *db, const struct pair *p)
{
    struct matter one = loaded(d, db, p->one), two = loaded(d, db, p->two);
    const struct matter_details told = {.name = one.name, .phone = one.phone, .born = DATE_NONE};
    const struct matter_act act = {
        .kind = MATTER_DETAILS, .at = d->as_of, .staff = p->staff, .details = &told};
    enum matter_refusal no = matter_do(d->a, db, d->conf.law, &two, &act);
    if (no != REFUSED_FINE)
        guard_fail(ERR_INTERNAL, "sample duplicates: %s", matter_refusal_words(no));
}

static void join(struct demo *d, struct db *db, const struct pair *p)
{
    struct matter kept = loaded(d, db, p->one), joined = loaded(d, db, p->two);
    const struct merge_act act = {
        .kept = p->one, .joined = p->two, .staff = p->staff, .at = d->as_of};
    enum merge_refusal no = merge_do(d->a, db, d->conf.law, &kept, &joined, &act);
    if (no != MERGE_NO_FINE)
        guard_fail(ERR_INTERNAL, "sample duplicates: %s", merge_refusal_words(no));
}

/* One of a team. */
static size_t pairs_load(struct db *db, struct pair *out)
{
    size_t n = 0;
    struct rows r = DB_QUERY(db, &q[Q_PAIRS], V_INT(LOOKED_AT));
    while (n < PAIRS && rows_next(&r)) {
        struct pair p = {rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), rows_int(&r, 3)};
        if (n == 0 || out[n - 1].team != p.team)
            out[n++] = p;
    }
    rows_end(&r);
    return n;
}

static void store_merges(struct db *db, void *demo)
{
    struct demo *d = demo;
    struct pair pairs[PAIRS], earlier = {0};
    size_t n = pairs_load(db, pairs);
    struct rows r = DB_QUERY(db, &q[Q_EARLIER]);
    if (rows_next(&r))
        earlier = (struct pair){0, rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2)};
    rows_end(&r);
    for (size_t i = 0; i < n; i++)
        learn(d, db, &pairs[i]);
    if (earlier.one)
        join(d, db, &earlier);
}

void demo_merges_store(struct demo *d, struct store *s)
{
    if (store_write(s, store_merges, d) != ERR_OK)
        guard_fail(ERR_STORE, "the duplicates could not be written");
}
