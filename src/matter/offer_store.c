/*
 * offer_store.c: hand-overs in the store: what carries one across registers, both ends told of what
 * became of it, the lists of both teams, and the giving back of what nobody took.
 */
#include "matter/matter_rows.h"

#include "base/guard.h"

#include <sodium.h>

#define LINE                                                                                       \
    "SELECT m.id, m.team, m.owner, m.form, m.language, m.offer_from, m.offer_team, m.offer_name, " \
    "s.name, m.received_at, m.offer_at, m.offer_ends, m.returned_at, m.due_at, m.due, m.warn, "    \
    "m.due_rule, m.offer_open, m.offer_declined, m.origin FROM matter m "                          \
    "LEFT JOIN staff s ON s.id = m.offer_staff "

enum { Q_TO, Q_BY, Q_CARRIED, Q_ENDED };
/* An offer whose team is the matter's own is a carrier's; the sender's own matter, where there is
 * a carrier, is on the sender's list alone. */
static const struct stmt q[] = {
    [Q_TO] = {"offer.to",
              LINE "WHERE m.offer_team = $1 AND m.offer_at IS NOT NULL "
                   "AND (m.offer_matter IS NULL OR m.team = m.offer_team) AND (m.offer_open = 1 OR "
                   "(m.offer_declined = 0 AND m.returned_at >= $2)) "
                   "ORDER BY m.offer_open DESC, m.offer_ends, m.id LIMIT $3",
              0},
    [Q_BY] = {"offer.by",
              LINE "WHERE m.team = $1 AND m.offer_at IS NOT NULL AND m.state = 'open' "
                   "AND COALESCE(m.offer_team, 0) <> m.team "
                   "ORDER BY m.offer_open, m.offer_ends, m.id LIMIT $2",
              0},
    [Q_CARRIED] = {"offer.carried",
                   "SELECT id FROM matter WHERE origin = $1 ORDER BY id DESC LIMIT 20", 0},
    [Q_ENDED] = {"offer.ended",
                 "SELECT id FROM matter WHERE offer_open = 1 AND offer_ends <= $1 "
                 "AND COALESCE(offer_team, 0) <> team ORDER BY offer_ends, id LIMIT $2",
                 0},
};
const struct stmt_table offer_statements = {q, sizeof q / sizeof *q};

/* ---- across registers ---- */

/* No receipt opens a carrier: its code's hash is of nothing that can be typed, and one of its own
 * for each offering, however often the commit is tried. */
static struct str code_of_none(struct arena *a, const struct matter *m, struct instant at)
{
    enum { HASH = 32 };
    unsigned char *hash = arena_alloc(a, HASH);
    struct str of = str_fmt(a, "carrier %lld %lld", (long long)m->id, (long long)at.ms);
    crypto_generichash(hash, HASH, (const unsigned char *)of.p, of.n, NULL, 0);
    return (struct str){(const char *)hash, HASH};
}

int64_t offer_carry(struct arena *a, struct db *db, const struct law *law, const struct matter *m,
                    const struct matter_act *act)
{
    struct matter_offer offer = {.team = act->team,
                                 .from_team = m->team,
                                 .staff = act->staff,
                                 .at = act->at,
                                 .ends = act->ends,
                                 .matter = m->id,
                                 .open = true};
    struct matter_contact c = offer_carrier(m, act, &offer);
    c.hours = team_hours(a, db, act->team);
    bool again;
    c.code_hash = code_of_none(a, m, act->at);
    contact_make(a, law, &c);
    int64_t id = matter_contact_store(a, db, &c, &again);
    if (again)
        guard_fail(ERR_INTERNAL, "matter %lld is offered twice in one moment", (long long)m->id);
    return id;
}

/* ---- the other end ---- */

/* What the other end hears; false: nothing. */
static bool heard(const struct matter *before, const struct matter_act *act, enum matter_kind *out)
{
    switch (act->kind) {
    case MATTER_TAKEN:
    case MATTER_HAND_TAKEN:
        *out = MATTER_HAND_TAKEN;
        return true;
    case MATTER_HAND_DECLINED:
    case MATTER_HAND_RETURNED:
        *out = act->kind;
        return true;
    case MATTER_HAND_WITHDRAWN:
    case MATTER_CANCELLED:
        *out = matter_is_carrier(before) ? MATTER_HAND_DECLINED : MATTER_HAND_WITHDRAWN;
        return true;
    default:
        return false;
    }
}

/* What the log of a carrier says of its end, in the language of its texts. */
static struct str carrier_text(const struct matter *carrier, enum matter_kind kind)
{
    enum lang l;
    if (!lang_from(carrier->language, &l))
        l = LANG_FI;
    return kind == MATTER_HAND_RETURNED
               ? tr(l, "Nobody took this in time. It went back to the sender.")
               : tr(l, "The sender took the hand-over back.");
}

void offer_follow(struct arena *a, struct db *db, const struct law *law,
                  const struct matter *before, const struct matter *m, const struct matter_act *act)
{
    struct matter other;
    struct matter_act told = {.at = act->at};
    bool was_ended = before->offer.open && !m->offer.open && before->offer.matter;
    if (!was_ended || !heard(before, act, &told.kind) ||
        !matter_load(a, db, law, before->offer.matter, &other) || !other.offer.open ||
        other.offer.matter != m->id)
        return;
    told.text = matter_is_carrier(&other)           ? carrier_text(&other, told.kind)
                : act->kind == MATTER_HAND_DECLINED ? act->text
                                                    : (struct str){NULL, 0};
    told.wish.day = DATE_NONE;
    told.hours = team_hours(a, db, other.team);
    matter_happen(a, db, law, &other, &told);
}

/* ---- the lists ---- */

static struct instant instant_of(const struct rows *r, int column)
{
    return (struct instant){rows_int(r, column)};
}

static struct date date_or_none(const struct rows *r, int column)
{
    return rows_null(r, column) ? DATE_NONE : (struct date){(int32_t)rows_int(r, column)};
}

static struct matter_handed read_line(struct arena *a, const struct rows *r, const struct law *law)
{
    struct matter_handed l = {
        .id = rows_int(r, 0),
        .ref = matter_ref(a, rows_int(r, 0)),
        .team = rows_int(r, 1),
        .owner = rows_int(r, 2),
        .form = rows_str(r, a, 3),
        .language = rows_str(r, a, 4),
        .from_team = rows_int(r, 5),
        .to_team = rows_int(r, 6),
        .to_name = rows_str(r, a, 7),
        .from_staff = rows_str(r, a, 8),
        .received = instant_of(r, 9),
        .at = instant_of(r, 10),
        .ends = instant_of(r, 11),
        .returned = instant_of(r, 12),
        .due_at = instant_of(r, 13),
        .due_rule = rows_str(r, a, 16),
        .open = rows_int(r, 17),
        .declined = rows_int(r, 18),
        .carrier = rows_int(r, 19) && rows_int(r, 1) == rows_int(r, 6),
    };
    l.clock = (struct law_clock){.rule = l.due_rule.n ? law_rule_find(law, l.due_rule) : -1,
                                 .due = date_or_none(r, 14),
                                 .warn = date_or_none(r, 15),
                                 .due_at = l.due_at};
    return l;
}

static struct matter_handed_list read_lines(struct arena *a, const struct law *law, struct rows r)
{
    struct matter_handed_list list = {0};
    while (rows_next(&r))
        VEC_PUSH(a, &list, read_line(a, &r, law));
    return list;
}

struct matter_handed_list matter_offered_to(struct arena *a, struct db *db, const struct law *law,
                                            int64_t team, struct instant now, int64_t max)
{
    int64_t shown = (int64_t)matter_data()->returned_shown_days * 24 * HOUR_MS;
    return read_lines(a, law,
                      DB_QUERY(db, &q[Q_TO], V_INT(team), V_INT(now.ms - shown), V_INT(max)));
}

struct matter_handed_list matter_offered_by(struct arena *a, struct db *db, const struct law *law,
                                            int64_t team, int64_t max)
{
    return read_lines(a, law, DB_QUERY(db, &q[Q_BY], V_INT(team), V_INT(max)));
}

struct matter_ids matter_carried(struct arena *a, struct db *db, int64_t id)
{
    struct matter_ids ids = {0};
    struct rows r = DB_QUERY(db, &q[Q_CARRIED], V_INT(id));
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    return ids;
}

/* ---- going back ---- */

static struct matter_ids ended(struct arena *a, struct db *db, struct instant now, int64_t max)
{
    struct matter_ids ids = {0};
    struct rows r = DB_QUERY(db, &q[Q_ENDED], V_INT(now.ms), V_INT(max));
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    return ids;
}

bool matter_hand_wanted(struct db *db, struct instant now)
{
    return DB_INT(db, 0, &q[Q_ENDED], V_INT(now.ms), V_INT(1)) != 0;
}

bool matter_hand_run(struct arena *a, struct db *db, const struct law *law, struct instant now)
{
    enum { AT_ONCE = 20 };
    struct matter_ids ids = ended(a, db, now, AT_ONCE);
    bool any = false; /* else the same ones would be looked at again at once */
    for (size_t i = 0; i < ids.n; i++) {
        struct matter m;
        struct matter_act back = {.kind = MATTER_HAND_RETURNED, .at = now};
        any |= matter_load(a, db, law, ids.p[i], &m) &&
               matter_do(a, db, law, &m, &back) == REFUSED_FINE;
    }
    return any && ids.n == AT_ONCE;
}
