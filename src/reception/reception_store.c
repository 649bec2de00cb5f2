/*
 * reception_store.c: the room's rows: screens, wrong numbers, feed addresses; and what is logged of
 * sights. The secrets of addresses are kept as keyed hashes, each use with a label of its own.
 */
#include "reception/reception_room.h"

enum {
    Q_SCREENS,
    Q_SCREEN,
    Q_SCREEN_FIND,
    Q_SCREEN_ADD,
    Q_SCREEN_REVOKE,
    Q_WRONG_ADD,
    Q_WRONG_FORGET,
    Q_WRONG_COUNT,
    Q_FEED_OF,
    Q_FEED_FIND,
    Q_FEED_ADD,
    Q_FEED_REVOKE,
    Q_SEEN,
    Q_TICKET,
    Q_UNRECORDED,
    Q_CANCELLED,
    Q_OF_PLACE,
    Q_CALLED,
    Q_SESSION,
    Q_WAITS
};
#define SCREEN                                                                                 \
    "SELECT s.id, s.team, s.kind, s.place, s.made, s.revoked, f.name FROM reception_screen s " \
    "LEFT JOIN staff f ON f.id = s.staff "
static const struct stmt q[] = {
    [Q_SCREENS] = {"reception.screens", SCREEN "WHERE s.team = $1 ORDER BY s.id DESC", 0},
    [Q_SCREEN] = {"reception.screen", SCREEN "WHERE s.id = $1", 0},
    [Q_SCREEN_FIND] = {"reception.screen_find", SCREEN "WHERE s.secret = $1 AND s.revoked IS NULL",
                       0},
    [Q_SCREEN_ADD] = {"reception.screen_add",
                      "INSERT INTO reception_screen (secret, kind, place, team, made, staff) "
                      "VALUES ($1, $2, $3, $4, $5, $6)",
                      0},
    [Q_SCREEN_REVOKE] = {"reception.screen_revoke",
                         "UPDATE reception_screen SET revoked = $2, revoked_by = $3 "
                         "WHERE id = $1 AND revoked IS NULL",
                         0},
    [Q_WRONG_ADD] = {"reception.wrong_add",
                     "INSERT INTO reception_wrong (screen, at) VALUES ($1, $2)", 0},
    [Q_WRONG_FORGET] = {"reception.wrong_forget",
                        "DELETE FROM reception_wrong WHERE screen = $1 AND at < $2", 0},
    [Q_WRONG_COUNT] = {"reception.wrong_count",
                       "SELECT count(*) FROM reception_wrong WHERE screen = $1 AND at >= $2", 0},
    [Q_FEED_OF] = {"reception.feed_of",
                   "SELECT id, staff, made FROM reception_feed WHERE staff = $1", 0},
    [Q_FEED_FIND] = {"reception.feed_find",
                     "SELECT id, staff, made FROM reception_feed WHERE secret = $1", 0},
    [Q_FEED_ADD] = {"reception.feed_add",
                    "INSERT INTO reception_feed (secret, staff, made) VALUES ($1, $2, $3)", 0},
    [Q_FEED_REVOKE] = {"reception.feed_revoke", "DELETE FROM reception_feed WHERE staff = $1", 0},
    [Q_SEEN] = {"reception.seen",
                "SELECT DISTINCT matter FROM access_log WHERE matter IN (" STMT_IDS_LIST ") AND "
                "staff = $26 AND at >= $27",
                0},
    [Q_TICKET] = {"reception.ticket",
                  "SELECT t.appointment FROM ticket t JOIN appointment p ON p.id = t.appointment "
                  "WHERE t.day IN ($1, $2) AND t.place = $3 AND t.ticket = $4 "
                  "ORDER BY abs(p.start_at - $5), p.id LIMIT 1",
                  0},
    [Q_UNRECORDED] = {"reception.unrecorded",
                      "SELECT id FROM appointment WHERE calendar = $1 AND start_at >= $2 "
                      "AND start_at < $3 AND end_at <= $3 "
                      "AND state IN ('booked', 'checked-in', 'started') "
                      "ORDER BY start_at, id LIMIT $4",
                      0},
    [Q_CANCELLED] = {"reception.cancelled",
                     "SELECT id FROM appointment WHERE calendar = $1 AND start_at >= $2 "
                     "AND start_at < $3 AND state = 'cancelled' AND changed_at >= $4 "
                     "ORDER BY start_at, id LIMIT 500",
                     0},
    [Q_OF_PLACE] = {"reception.of_place",
                    "SELECT id FROM appointment WHERE calendar IN (SELECT id FROM calendar WHERE "
                    "place = $1) AND start_at >= $2 AND start_at < $3 AND remote = 0 AND state IN "
                    "('booked', 'checked-in', 'started', 'fulfilled', 'noshow') "
                    "ORDER BY start_at, id LIMIT 1000",
                    0},
    [Q_CALLED] = {"reception.called",
                  "SELECT t.ticket, a.called_to, max(e.at) FROM ticket t "
                  "JOIN appointment a ON a.id = t.appointment "
                  "JOIN booking_event e ON e.appointment = a.id AND e.kind = 'called' "
                  "WHERE t.day IN ($1, $5, $6) AND t.place = $2 AND a.called_to IS NOT NULL "
                  "AND a.state IN ('checked-in', 'started') "
                  "GROUP BY a.id, t.ticket, a.called_to HAVING max(e.at) >= $3 "
                  "ORDER BY max(e.at) DESC, a.id DESC LIMIT $4",
                  0},
    [Q_SESSION] = {"reception.session",
                   "SELECT g.name_fi, g.name_sv, g.name_en FROM group_session s "
                   "JOIN group_series g ON g.id = s.series WHERE s.id = $1",
                   0},
    [Q_WAITS] = {"reception.waits",
                 "SELECT count(*) FROM calendar c JOIN appointment a ON a.calendar = c.id "
                 "WHERE c.staff = $1 AND a.start_at >= $2 AND a.start_at < $3 "
                 "AND a.state = 'checked-in' AND a.called_to IS NULL",
                 0},
};
const struct stmt_table reception_statements = {q, sizeof q / sizeof *q};

/* ---- secrets ---- */

struct str reception_secret_hash(struct arena *a, const unsigned char key[32], const char *use,
                                 struct str secret)
{
    if (secret.n != SECRET_CHARS)
        return (struct str){NULL, 0};
    return auth_secret_hash(a, key, str_z(a, str_fmt(a, "reception %s:", use)), secret);
}

/* ---- screens ---- */

static struct screen screen_row(struct arena *a, const struct rows *r)
{
    return (struct screen){
        .id = rows_int(r, 0),
        .team = rows_int(r, 1),
        .kind = rows_int(r, 2) == SCREEN_CALLS ? SCREEN_CALLS : SCREEN_KIOSK,
        .place = rows_str(r, a, 3),
        .made = {rows_int(r, 4)},
        .revoked = {rows_int(r, 5)},
        .made_by = rows_str(r, a, 6),
    };
}

struct screens screens_of_team(struct arena *a, struct db *db, int64_t team)
{
    struct screens out = {0};
    struct rows r = DB_QUERY(db, &q[Q_SCREENS], V_INT(team));
    while (rows_next(&r))
        VEC_PUSH(a, &out, screen_row(a, &r));
    return out;
}

static bool one_screen(struct arena *a, struct rows r, struct screen *out)
{
    bool found = rows_next(&r);
    if (found)
        *out = screen_row(a, &r);
    rows_end(&r);
    return found;
}

bool screen_load(struct arena *a, struct db *db, int64_t id, struct screen *out)
{
    return one_screen(a, DB_QUERY(db, &q[Q_SCREEN], V_INT(id)), out);
}

bool screen_find(struct arena *a, struct db *db, struct str hash, struct screen *out)
{
    return hash.n && one_screen(a, DB_QUERY(db, &q[Q_SCREEN_FIND], V_BLOB(hash)), out);
}

void screen_add(struct db *db, const struct screen *s, struct str hash, int64_t staff)
{
    DB_PUT(db, &q[Q_SCREEN_ADD], V_BLOB(hash), V_INT(s->kind), V_STR(s->place), V_INT(s->team),
           V_INT(s->made.ms), V_INT(staff));
}

void screen_revoke(struct db *db, int64_t id, int64_t staff, struct instant now)
{
    DB_PUT(db, &q[Q_SCREEN_REVOKE], V_INT(id), V_INT(now.ms), V_INT(staff));
}

void screen_wrong(struct db *db, int64_t screen, struct instant now, struct instant forget)
{
    DB_PUT(db, &q[Q_WRONG_FORGET], V_INT(screen), V_INT(forget.ms));
    DB_PUT(db, &q[Q_WRONG_ADD], V_INT(screen), V_INT(now.ms));
}

int64_t screen_wrongs(struct db *db, int64_t screen, struct instant since)
{
    return DB_INT(db, 0, &q[Q_WRONG_COUNT], V_INT(screen), V_INT(since.ms));
}

uint64_t place_topic(struct str place)
{
    return topic_of("reception place", (int64_t)(str_hash(place) & INT64_MAX));
}

/* ---- feeds ---- */

static bool one_feed(struct rows r, struct feed *out)
{
    bool found = rows_next(&r);
    if (found)
        *out = (struct feed){
            .id = rows_int(&r, 0), .staff = rows_int(&r, 1), .made = {rows_int(&r, 2)}};
    rows_end(&r);
    return found;
}

bool feed_of(struct db *db, int64_t staff, struct feed *out)
{
    return one_feed(DB_QUERY(db, &q[Q_FEED_OF], V_INT(staff)), out);
}

bool feed_find(struct db *db, struct str hash, struct feed *out)
{
    return hash.n && one_feed(DB_QUERY(db, &q[Q_FEED_FIND], V_BLOB(hash)), out);
}

void feed_make(struct db *db, int64_t staff, struct str hash, struct instant now)
{
    feed_revoke(db, staff, now);
    DB_PUT(db, &q[Q_FEED_ADD], V_BLOB(hash), V_INT(staff), V_INT(now.ms));
}

void feed_revoke(struct db *db, int64_t staff, struct instant now)
{
    DB_PUT(db, &q[Q_FEED_REVOKE], V_INT(staff));
}

/* ---- what is read of others' tables ---- */

int64_t reception_by_ticket(struct db *db, struct str place, struct instant now, struct str ticket)
{
    const struct reception_data *r = reception_data();
    struct instant since = {now.ms - r->late_minutes * (int64_t)MINUTE_MS};
    struct instant until = {now.ms + r->early_minutes * (int64_t)MINUTE_MS};
    if (!ticket.n)
        return 0;
    return DB_INT(db, 0, &q[Q_TICKET], V_INT(date_of(since).day), V_INT(date_of(until).day),
                  V_STR(place), V_STR(ticket), V_INT(now.ms));
}

/* Their rows, once the query that named them has ended. */
static struct appointments load_all(struct arena *a, struct db *db, struct rows r)
{
    struct {
        LIST_FIELDS(int64_t);
    } ids = {0};
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    return appointments_load(a, db, ids.p, ids.n);
}

struct appointments reception_unrecorded(struct arena *a, struct db *db, int64_t calendar,
                                         struct instant since, struct instant now, size_t max)
{
    return load_all(a, db,
                    DB_QUERY(db, &q[Q_UNRECORDED], V_INT(calendar), V_INT(since.ms), V_INT(now.ms),
                             V_INT((int64_t)max)));
}

struct appointments reception_cancelled(struct arena *a, struct db *db, int64_t calendar,
                                        struct instant from, struct instant to,
                                        struct instant since)
{
    return load_all(a, db,
                    DB_QUERY(db, &q[Q_CANCELLED], V_INT(calendar), V_INT(from.ms), V_INT(to.ms),
                             V_INT(since.ms)));
}

struct appointments reception_of_place(struct arena *a, struct db *db, struct str place,
                                       struct date d)
{
    return load_all(a, db,
                    DB_QUERY(db, &q[Q_OF_PLACE], V_STR(place), V_INT(instant_at(d, 0).ms),
                             V_INT(instant_at(date_add(d, 1), 0).ms)));
}

struct called_list reception_called(struct arena *a, struct db *db, struct str place,
                                    struct instant now, struct instant since, size_t max)
{
    struct called_list out = {0};
    int today = date_of(now).day; /* around midnight, times of both days are called in */
    struct rows r = DB_QUERY(db, &q[Q_CALLED], V_INT(today), V_STR(place), V_INT(since.ms),
                             V_INT((int64_t)max), V_INT(today - 1), V_INT(today + 1));
    while (rows_next(&r))
        VEC_PUSH(a, &out,
                 (struct called){.ticket = rows_str(&r, a, 0),
                                 .to = rows_str(&r, a, 1),
                                 .at = {rows_int(&r, 2)}});
    return out;
}

struct str reception_session_name(struct arena *a, struct db *db, int64_t session, enum lang l)
{
    struct str name = {NULL, 0};
    struct rows r = DB_QUERY(db, &q[Q_SESSION], V_INT(session));
    if (rows_next(&r))
        name = rows_str(&r, a, (int)l);
    rows_end(&r);
    return name;
}

int64_t reception_waits(struct db *db, const struct session *s, struct instant now)
{
    struct date d = date_of(now);
    return DB_INT(db, 0, &q[Q_WAITS], V_INT(s->staff), V_INT(instant_at(d, 0).ms),
                  V_INT(instant_at(date_add(d, 1), 0).ms));
}

/* ---- who may, and what they have seen ---- */

/* Of those matters, the ones whose sight by the professional has been logged since. */
static struct seen_matters logged_since(struct rq *rq, const struct seen_matters *of,
                                        struct instant since)
{
    struct seen_matters list = {0};
    struct val v[STMT_IDS + 2];
    v[STMT_IDS] = V_INT(rq->session.staff);
    v[STMT_IDS + 1] = V_INT(since.ms);
    for (size_t i = 0; i < of->n;) {
        i += db_ids(v, of->p + i, of->n - i);
        struct rows r = db_query(rq->db, &q[Q_SEEN], v, STMT_IDS + 2);
        while (rows_next(&r))
            VEC_PUSH(rq->a, &list, rows_int(&r, 0));
    }
    return list;
}

bool reception_calendar_may(const struct session *s, const struct calendar *c)
{
    return (c->staff && c->staff == s->staff) || auth_in_team(s, c->team);
}

bool reception_calendar(struct rq *rq, struct str ref, struct calendar *out)
{
    return ref.n && calendar_load_ref(rq->a, rq->db, ref, out) &&
           reception_calendar_may(&rq->session, out);
}

static bool has(const struct seen_matters *list, int64_t matter)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i] == matter)
            return true;
    return false;
}

const bool *reception_sight(struct rq *rq, const struct appointments *list)
{
    bool *sight = ARENA_ARRAY(rq->a, list->n ? list->n : 1, bool);
    booking_related_all(rq->a, rq->db, rq->app->law, &rq->session, list, sight);
    return sight;
}

void reception_saw(struct rq *rq, struct seen_matters *seen, const struct appointment *p)
{
    if (!has(seen, p->matter))
        VEC_PUSH(rq->a, seen, p->matter);
}

static void log_seen(struct rq *rq)
{
    const struct seen_matters *seen = rq->user;
    for (size_t i = 0; i < seen->n; i++)
        access_log_add(rq->db, rq->now, seen->p[i], rq->session.staff, S("read"));
}

void reception_log(struct rq *rq, const struct seen_matters *seen)
{
    struct seen_matters *fresh = ARENA_NEW(rq->a, struct seen_matters);
    struct instant today = instant_at(date_of(rq->now), 0);
    struct seen_matters before = {0};
    if (rq->page.part)
        before = logged_since(rq, seen, today);
    for (size_t i = 0; i < seen->n; i++)
        if (!has(&before, seen->p[i]))
            VEC_PUSH(rq->a, fresh, seen->p[i]);
    rq->user = fresh;
    if (fresh->n)
        rq_commit(rq, log_seen);
}
