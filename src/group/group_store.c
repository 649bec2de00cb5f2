/*
 * group_store.c: rows of groups, sessions, sign-ups and attendance. What is decided by them is in
 * group.c and group_act.c.
 */
#include "group/group_room.h"

enum {
    Q_SHOWN,
    Q_OF_TEAM,
    Q_OPEN_OF_TEAM,
    Q_BY_REF,
    Q_BY_ID,
    Q_INSERT,
    Q_UPDATE,
    Q_STATE,
    Q_SESSIONS,
    Q_SESSION,
    Q_LED,
    Q_SESSION_INSERT,
    Q_SESSION_CANCEL,
    Q_SESSION_ATTENDED,
    Q_REMINDED,
    Q_COUNT,
    Q_SIGNUPS,
    Q_SIGNUP,
    Q_SIGNUP_ONCE,
    Q_SIGNUP_CODE,
    Q_SIGNUP_INSERT,
    Q_SIGNUP_UPDATE,
    Q_MARKS,
    Q_MARK,
    Q_OFFERS_OVER,
    Q_TO_REMIND,
    Q_TO_ERASE,
    Q_OVER,
    Q_ERASE_MARKS,
    Q_ERASE_SIGNUPS,
    Q_SIGNUPS_OF_MATTER,
    Q_FORGET_MATTER,
    Q_ERASED,
    Q_FIGURES,
    Q_SIGHT,
};

#define GROUP                                                                                     \
    "SELECT g.id, g.ref, g.team, g.state, g.names, g.whole, g.remote, g.places, g.waiting_most, " \
    "g.offer_hours, g.opens_at, g.closes_at, g.area, g.languages, g.audience, g.name_fi, "        \
    "g.name_sv, g.name_en, g.text_fi, g.text_sv, g.text_en, g.place_fi, g.place_sv, g.place_en, " \
    "g.price_fi, g.price_sv, g.price_en FROM group_series g "
#define SIGNUP                                                                                \
    "SELECT id, series, session, state, name, phone, email, site, lang, made_at, queued_at, " \
    "offer_until, offers, staff, matter FROM group_signup "

static const struct stmt q[] = {
    [Q_SHOWN] = {"group.shown",
                 GROUP "JOIN group_session s ON s.id = (SELECT n.id FROM group_session n WHERE "
                       "n.series = g.id AND n.cancelled = 0 AND n.start_at > $1 ORDER BY "
                       "n.start_at LIMIT 1) WHERE g.state IN ('open', 'shut') ORDER BY s.start_at, "
                       "g.id LIMIT 500",
                 0},
    [Q_OF_TEAM] = {"group.of_team", GROUP "WHERE g.team = $1 ORDER BY g.id DESC LIMIT 500", 0},
    [Q_OPEN_OF_TEAM] = {"group.open_of_team",
                        GROUP "WHERE g.team = $1 AND g.state = 'open' ORDER BY g.id DESC LIMIT 100",
                        0},
    [Q_BY_REF] = {"group.by_ref", GROUP "WHERE g.ref = $1", 0},
    [Q_BY_ID] = {"group.by_id", GROUP "WHERE g.id = $1", 0},
    [Q_INSERT] = {"group.insert",
                  "INSERT INTO group_series (ref, team, state, names, whole, remote, places, "
                  "waiting_most, offer_hours, opens_at, closes_at, area, languages, audience, "
                  "name_fi, name_sv, name_en, text_fi, text_sv, text_en, place_fi, place_sv, "
                  "place_en, price_fi, price_sv, price_en) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
                  "$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, "
                  "$25, $26) ON CONFLICT (ref) DO NOTHING RETURNING id",
                  0},
    [Q_UPDATE] = {"group.update",
                  "UPDATE group_series SET team = $2, state = $3, names = $4, whole = $5, remote = "
                  "$6, places = $7, waiting_most = $8, offer_hours = $9, opens_at = $10, closes_at "
                  "= $11, area = $12, languages = $13, audience = $14, name_fi = $15, name_sv = "
                  "$16, name_en = $17, text_fi = $18, text_sv = $19, text_en = $20, place_fi = "
                  "$21, place_sv = $22, place_en = $23, price_fi = $24, price_sv = $25, price_en "
                  "= $26 WHERE ref = $1",
                  0},
    [Q_STATE] = {"group.state", "UPDATE group_series SET state = $2 WHERE id = $1", 0},
    [Q_SESSIONS] = {"group.sessions", GROUP_SESSION "WHERE series = $1 ORDER BY start_at", 0},
    [Q_LED] = {"group.led_by",
               "SELECT s.id, s.series, s.calendar, s.start_at, s.end_at, s.sequence, s.changed_at, "
               "s.cancelled, s.why, s.attended_at, s.signed, s.came, s.came_without, g.ref, "
               "g.name_fi, g.name_sv, g.name_en, g.place_fi, g.place_sv, g.place_en FROM "
               "group_series g JOIN group_session s ON s.series = g.id AND s.start_at >= $2 AND "
               "s.start_at < $3 WHERE g.team IN (SELECT team FROM team_member WHERE staff = $1) "
               "AND g.state <> 'draft' ORDER BY s.start_at, s.id LIMIT 500",
               0},
    [Q_SESSION] = {"group.session", GROUP_SESSION "WHERE id = $1", 0},
    [Q_SESSION_INSERT] =
        {"group.session_insert",
         "INSERT INTO group_session (series, calendar, start_at, end_at, sequence, changed_at, "
         "cancelled, why, attended_at, signed, came, came_without, reminded, erased) VALUES ($1, "
         "$2, $3, $4, 0, $5, 0, '', 0, 0, 0, 0, 0, 0) ON CONFLICT (series, start_at) DO NOTHING "
         "RETURNING id",
         0},
    [Q_SESSION_CANCEL] = {"group.session_cancel",
                          "UPDATE group_session SET cancelled = 1, why = $2, changed_at = $3, "
                          "sequence = sequence + 1, reminded = 1 WHERE id = $1",
                          0},
    [Q_SESSION_ATTENDED] = {"group.session_attended",
                            "UPDATE group_session SET attended_at = $2, signed = $3, came = $4, "
                            "came_without = $5 WHERE id = $1",
                            0},
    [Q_REMINDED] = {"group.reminded", "UPDATE group_session SET reminded = 1 WHERE id = $1", 0},
    [Q_COUNT] = {"group.count",
                 "SELECT state, count(*) FROM group_signup WHERE series = $1 AND session = $2 "
                 "GROUP BY state",
                 0},
    [Q_SIGNUPS] = {"group.signups",
                   SIGNUP "WHERE series = $1 AND session = $2 AND state = $3 ORDER BY queued_at, "
                          "id LIMIT 1000",
                   0},
    [Q_SIGNUP] = {"group.signup", SIGNUP "WHERE id = $1", 0},
    [Q_SIGNUP_ONCE] = {"group.signup_once", SIGNUP "WHERE once = $1", 0},
    [Q_SIGNUP_CODE] = {"group.signup_code", SIGNUP "WHERE code = $1", 0},
    [Q_SIGNUP_INSERT] =
        {"group.signup_insert",
         "INSERT INTO group_signup (series, session, state, once, code, name, phone, email, lang, "
         "site, made_at, queued_at, offers, staff, matter) VALUES ($1, $2, $3, $4, $5, $6, $7, "
         "$8, $9, $10, $11, $12, 0, $13, $14) RETURNING id",
         0},
    [Q_SIGNUP_UPDATE] =
        {"group.signup_update",
         "UPDATE group_signup SET state = $2, name = $3, phone = $4, email = $5, queued_at = $6, "
         "offer_until = $7, offers = $8 WHERE id = $1",
         0},
    [Q_MARKS] = {"group.marks", "SELECT signup, came FROM group_came WHERE session = $1", 0},
    [Q_MARK] = {"group.mark",
                "INSERT INTO group_came (session, signup, came) VALUES ($1, $2, $3) ON CONFLICT "
                "(session, signup) DO UPDATE SET came = excluded.came",
                0},
    [Q_OFFERS_OVER] = {"group.offers_over",
                       "SELECT id FROM group_signup WHERE offer_until <= $1 ORDER BY offer_until, "
                       "id LIMIT 50",
                       0},
    [Q_TO_REMIND] = {"group.to_remind",
                     "SELECT id FROM group_session WHERE reminded = 0 AND start_at > $1 AND "
                     "start_at <= $2 ORDER BY start_at, id LIMIT 50",
                     0},
    [Q_TO_ERASE] = {"group.to_erase",
                    "SELECT id FROM group_session WHERE erased = 0 AND end_at < $1 ORDER BY "
                    "end_at, id LIMIT 50",
                    0},
    [Q_OVER] = {"group.over",
                "SELECT g.id FROM group_series g WHERE g.state = $2 AND EXISTS (SELECT 1 FROM "
                "group_session s WHERE s.series = g.id) AND NOT EXISTS (SELECT 1 FROM "
                "group_session s WHERE s.series = g.id AND s.end_at > $1) ORDER BY g.id LIMIT 25",
                0},
    [Q_ERASE_MARKS] = {"group.erase_marks", "DELETE FROM group_came WHERE session = $1", 0},
    [Q_ERASE_SIGNUPS] = {"group.erase_signups",
                         "DELETE FROM group_signup WHERE series = $1 AND session = $2", 0},
    [Q_SIGNUPS_OF_MATTER] = {"group.signups_of_matter", SIGNUP "WHERE matter = $1 ORDER BY id", 0},
    [Q_FORGET_MATTER] = {"group.forget_matter",
                         "UPDATE group_signup SET matter = NULL WHERE matter = $1", 0},
    [Q_ERASED] = {"group.erased", "UPDATE group_session SET erased = 1 WHERE id = $1", 0},
    [Q_FIGURES] =
        {"group.figures",
         "SELECT g.ref, g.name_fi, g.name_sv, g.name_en, count(s.id), "
         "CAST(coalesce(sum(s.cancelled), 0) AS BIGINT), "
         "CAST(coalesce(sum(CASE WHEN s.attended_at > 0 THEN 1 ELSE 0 END), 0) AS BIGINT), "
         "CAST(coalesce(sum(s.signed), 0) AS BIGINT), CAST(coalesce(sum(s.came), 0) AS BIGINT), "
         "CAST(coalesce(sum(s.came_without), 0) AS BIGINT) FROM group_series g JOIN group_session "
         "s ON s.series = g.id AND s.start_at >= $2 AND s.start_at < $3 WHERE g.team = $1 GROUP BY "
         "g.id, g.ref, g.name_fi, g.name_sv, g.name_en ORDER BY g.id",
         0},
    [Q_SIGHT] = {"group.sight",
                 "INSERT INTO group_sight (at, staff, series, session) VALUES ($1, $2, $3, $4)", 0},
};
const struct stmt_table group_statements = {q, sizeof q / sizeof *q};

static struct val v_text(struct str s)
{
    return V_STR(s.p ? s : S(""));
}

/* ---- groups ---- */

static struct group read_group(struct arena *a, const struct rows *r)
{
    struct group g = {
        .id = rows_int(r, 0),
        .ref = rows_str(r, a, 1),
        .team = rows_int(r, 2),
        .whole = rows_int(r, 5) != 0,
        .remote = rows_int(r, 6) != 0,
        .places = (int)rows_int(r, 7),
        .waiting_most = (int)rows_int(r, 8),
        .offer_hours = (int)rows_int(r, 9),
        .opens = {rows_int(r, 10)},
        .closes = {rows_int(r, 11)},
        .area = rows_str(r, a, 12),
        .languages = rows_str(r, a, 13),
        .audience = rows_str(r, a, 14),
    };
    group_state_from(rows_peek(r, 3), &g.state);
    group_names_from(rows_peek(r, 4), &g.names);
    rows_strs(r, a, 15, g.name, LANG_COUNT);
    rows_strs(r, a, 18, g.text, LANG_COUNT);
    rows_strs(r, a, 21, g.place_name, LANG_COUNT);
    rows_strs(r, a, 24, g.price, LANG_COUNT);
    return g;
}

static void read_groups(struct arena *a, struct rows r, struct groups *list)
{
    while (rows_next(&r))
        VEC_PUSH(a, list, read_group(a, &r));
}

struct groups groups_shown(struct arena *a, struct db *db, struct instant now)
{
    struct groups list = {0};
    read_groups(a, DB_QUERY(db, &q[Q_SHOWN], V_INT(now.ms)), &list);
    return list;
}

struct groups groups_of_team(struct arena *a, struct db *db, int64_t team)
{
    struct groups list = {0};
    read_groups(a, DB_QUERY(db, &q[Q_OF_TEAM], V_INT(team)), &list);
    return list;
}

struct groups groups_open_of_team(struct arena *a, struct db *db, int64_t team)
{
    struct groups list = {0};
    read_groups(a, DB_QUERY(db, &q[Q_OPEN_OF_TEAM], V_INT(team)), &list);
    return list;
}

static bool read_one(struct arena *a, struct rows r, struct group *out)
{
    bool there = rows_next(&r);
    if (there)
        *out = read_group(a, &r);
    rows_end(&r);
    return there;
}

bool group_load(struct arena *a, struct db *db, struct str ref, struct group *out)
{
    return read_one(a, DB_QUERY(db, &q[Q_BY_REF], V_STR(ref)), out);
}

bool group_load_id(struct arena *a, struct db *db, int64_t id, struct group *out)
{
    return read_one(a, DB_QUERY(db, &q[Q_BY_ID], V_INT(id)), out);
}

enum { COLUMNS = 26 };

static void group_values(const struct group *g, struct val v[COLUMNS])
{
    const struct val all[COLUMNS] = {
        V_STR(g->ref),
        V_INT(g->team),
        V_STR(str_of(group_state_code(g->state))),
        V_STR(str_of(group_names_code(g->names))),
        V_INT(g->whole),
        V_INT(g->remote),
        V_INT(g->places),
        V_INT(g->waiting_most),
        V_INT(g->offer_hours),
        V_INT(g->opens.ms),
        V_INT(g->closes.ms),
        v_text(g->area),
        v_text(g->languages),
        v_text(g->audience),
        v_text(g->name[0]),
        v_text(g->name[1]),
        v_text(g->name[2]),
        v_text(g->text[0]),
        v_text(g->text[1]),
        v_text(g->text[2]),
        v_text(g->place_name[0]),
        v_text(g->place_name[1]),
        v_text(g->place_name[2]),
        v_text(g->price[0]),
        v_text(g->price[1]),
        v_text(g->price[2]),
    };
    memcpy(v, all, sizeof all);
}

int64_t group_insert(struct db *db, const struct group *g)
{
    struct val v[COLUMNS];
    group_values(g, v);
    return db_int(db, 0, &q[Q_INSERT], v, COLUMNS);
}

void group_update(struct db *db, const struct group *g)
{
    struct val v[COLUMNS];
    group_values(g, v);
    db_put(db, &q[Q_UPDATE], v, COLUMNS);
}

void group_state_set(struct db *db, int64_t group, enum group_state state)
{
    DB_PUT(db, &q[Q_STATE], V_INT(group), V_STR(str_of(group_state_code(state))));
}

/* ---- sessions ---- */

static struct group_session read_session(struct arena *a, const struct rows *r)
{
    return (struct group_session){
        .id = rows_int(r, 0),
        .group = rows_int(r, 1),
        .calendar = rows_int(r, 2),
        .start = {rows_int(r, 3)},
        .end = {rows_int(r, 4)},
        .sequence = (int)rows_int(r, 5),
        .changed = {rows_int(r, 6)},
        .cancelled = rows_int(r, 7) != 0,
        .why = rows_str(r, a, 8),
        .attended = {rows_int(r, 9)},
        .signed_up = (int)rows_int(r, 10),
        .came = (int)rows_int(r, 11),
        .came_without = (int)rows_int(r, 12),
    };
}

struct group_sessions group_sessions_read(struct arena *a, struct rows r)
{
    struct group_sessions list = {0};
    while (rows_next(&r))
        VEC_PUSH(a, &list, read_session(a, &r));
    return list;
}

struct group_leds group_led_by(struct arena *a, struct db *db, int64_t staff, struct instant from,
                               struct instant to)
{
    struct group_leds list = {0};
    struct rows r = DB_QUERY(db, &q[Q_LED], V_INT(staff), V_INT(from.ms), V_INT(to.ms));
    while (rows_next(&r)) {
        struct group_led x = {.session = read_session(a, &r)};
        x.group.id = x.session.group;
        x.group.ref = rows_str(&r, a, 13);
        rows_strs(&r, a, 14, x.group.name, LANG_COUNT);
        rows_strs(&r, a, 17, x.group.place_name, LANG_COUNT);
        VEC_PUSH(a, &list, x);
    }
    return list;
}

struct group_sessions group_sessions_load(struct arena *a, struct db *db, int64_t group)
{
    return group_sessions_read(a, DB_QUERY(db, &q[Q_SESSIONS], V_INT(group)));
}

bool group_session_load(struct arena *a, struct db *db, int64_t id, struct group_session *out)
{
    struct rows r = DB_QUERY(db, &q[Q_SESSION], V_INT(id));
    bool there = rows_next(&r);
    if (there)
        *out = read_session(a, &r);
    rows_end(&r);
    return there;
}

int64_t group_session_insert(struct db *db, const struct group_session *s)
{
    return DB_INT(db, 0, &q[Q_SESSION_INSERT], V_INT(s->group), v_opt(s->calendar),
                  V_INT(s->start.ms), V_INT(s->end.ms), V_INT(s->changed.ms));
}

void group_session_end(struct db *db, const struct group_session *s)
{
    DB_PUT(db, &q[Q_SESSION_CANCEL], V_INT(s->id), v_text(s->why), V_INT(s->changed.ms));
}

/* ---- sign-ups ---- */

struct group_counts group_count(struct db *db, int64_t group, int64_t session)
{
    struct group_counts n = {0};
    struct rows r = DB_QUERY(db, &q[Q_COUNT], V_INT(group), V_INT(session));
    while (rows_next(&r)) {
        enum group_sign s;
        if (group_sign_from(rows_peek(&r, 0), &s))
            n.of[s] = (int)rows_int(&r, 1);
    }
    return n;
}

static struct group_signup read_signup(struct arena *a, const struct rows *r)
{
    struct group_signup s = {
        .id = rows_int(r, 0),
        .group = rows_int(r, 1),
        .session = rows_int(r, 2),
        .name = rows_str(r, a, 4),
        .phone = rows_str(r, a, 5),
        .email = rows_str(r, a, 6),
        .site = rows_str(r, a, 7),
        .made = {rows_int(r, 9)},
        .queued = {rows_int(r, 10)},
        .offer_until = {rows_int(r, 11)},
        .offers = (int)rows_int(r, 12),
        .staff = rows_int(r, 13),
        .matter = rows_int(r, 14),
    };
    group_sign_from(rows_peek(r, 3), &s.state);
    lang_from(rows_peek(r, 8), &s.lang);
    return s;
}

static bool one_signup(struct arena *a, struct rows r, struct group_signup *out)
{
    bool there = rows_next(&r);
    if (there)
        *out = read_signup(a, &r);
    rows_end(&r);
    return there;
}

static struct group_signups all_signups(struct arena *a, struct rows r)
{
    struct group_signups list = {0};
    while (rows_next(&r))
        VEC_PUSH(a, &list, read_signup(a, &r));
    return list;
}

struct group_signups group_signups_load(struct arena *a, struct db *db, int64_t group,
                                        int64_t session, enum group_sign state)
{
    return all_signups(a, DB_QUERY(db, &q[Q_SIGNUPS], V_INT(group), V_INT(session),
                                   V_STR(str_of(group_sign_code(state)))));
}

bool group_signup_load(struct arena *a, struct db *db, int64_t id, struct group_signup *out)
{
    return one_signup(a, DB_QUERY(db, &q[Q_SIGNUP], V_INT(id)), out);
}

bool group_signup_by_once(struct arena *a, struct db *db, struct str once, struct group_signup *out)
{
    return one_signup(a, DB_QUERY(db, &q[Q_SIGNUP_ONCE], V_STR(once)), out);
}

bool group_signup_by_code(struct arena *a, struct db *db, struct str code_hash,
                          struct group_signup *out)
{
    return one_signup(a, DB_QUERY(db, &q[Q_SIGNUP_CODE], V_BLOB(code_hash)), out);
}

int64_t group_signup_insert(struct db *db, const struct group_signup *s, struct str once,
                            struct str code_hash)
{
    return DB_INT(db, 0, &q[Q_SIGNUP_INSERT], V_INT(s->group), V_INT(s->session),
                  V_STR(str_of(group_sign_code(s->state))), V_STR(once), V_BLOB(code_hash),
                  v_text(s->name), v_text(s->phone), v_text(s->email),
                  V_STR(str_of(lang_code(s->lang))), v_text(s->site), V_INT(s->made.ms),
                  V_INT(s->queued.ms), v_opt(s->staff), v_opt(s->matter));
}

void group_signup_update(struct db *db, const struct group_signup *s)
{
    DB_PUT(db, &q[Q_SIGNUP_UPDATE], V_INT(s->id), V_STR(str_of(group_sign_code(s->state))),
           v_text(s->name), v_text(s->phone), v_text(s->email), V_INT(s->queued.ms),
           v_opt(s->offer_until.ms), V_INT(s->offers));
}

/* ---- attendance ---- */

struct group_marks group_marks_load(struct arena *a, struct db *db, int64_t session)
{
    struct group_marks list = {0};
    struct rows r = DB_QUERY(db, &q[Q_MARKS], V_INT(session));
    while (rows_next(&r))
        VEC_PUSH(a, &list, (struct group_mark){rows_int(&r, 0), (int)rows_int(&r, 1)});
    return list;
}

void group_attendance_put(struct db *db, const struct group_session *s,
                          const struct group_marks *marks)
{
    for (size_t i = 0; i < marks->n; i++)
        if (marks->p[i].came >= 0)
            DB_PUT(db, &q[Q_MARK], V_INT(s->id), V_INT(marks->p[i].signup),
                   V_INT(marks->p[i].came));
    DB_PUT(db, &q[Q_SESSION_ATTENDED], V_INT(s->id), V_INT(s->attended.ms), V_INT(s->signed_up),
           V_INT(s->came), V_INT(s->came_without));
}

struct group_figures group_figures(struct arena *a, struct db *db, int64_t team,
                                   struct instant from, struct instant to)
{
    struct group_figures list = {0};
    struct rows r = DB_QUERY(db, &q[Q_FIGURES], V_INT(team), V_INT(from.ms), V_INT(to.ms));
    while (rows_next(&r)) {
        struct group_figure f = {.ref = rows_str(&r, a, 0),
                                 .sessions = rows_int(&r, 4),
                                 .cancelled = rows_int(&r, 5),
                                 .told = rows_int(&r, 6),
                                 .signed_up = rows_int(&r, 7),
                                 .came = rows_int(&r, 8),
                                 .came_without = rows_int(&r, 9)};
        rows_strs(&r, a, 1, f.name, LANG_COUNT);
        VEC_PUSH(a, &list, f);
    }
    return list;
}

/* ---- what the keeper looks for ---- */

static void put_due(struct rows r, struct group_due *due)
{
    while (rows_next(&r))
        if (due->n < sizeof due->id / sizeof *due->id)
            due->id[due->n++] = rows_int(&r, 0);
}

struct group_due group_offers_over(struct db *db, struct instant now)
{
    struct group_due due = {.n = 0};
    put_due(DB_QUERY(db, &q[Q_OFFERS_OVER], V_INT(now.ms)), &due);
    return due;
}

struct group_due group_to_remind(struct db *db, struct instant now, struct instant until)
{
    struct group_due due = {.n = 0};
    put_due(DB_QUERY(db, &q[Q_TO_REMIND], V_INT(now.ms), V_INT(until.ms)), &due);
    return due;
}

struct group_due group_to_erase(struct db *db, struct instant before)
{
    struct group_due due = {.n = 0};
    put_due(DB_QUERY(db, &q[Q_TO_ERASE], V_INT(before.ms)), &due);
    return due;
}

struct group_due group_over(struct db *db, struct instant now)
{
    struct group_due due = {.n = 0};
    put_due(DB_QUERY(db, &q[Q_OVER], V_INT(now.ms), V_STR(S("open"))), &due);
    put_due(DB_QUERY(db, &q[Q_OVER], V_INT(now.ms), V_STR(S("shut"))), &due);
    return due;
}

void group_reminded(struct db *db, int64_t session)
{
    DB_PUT(db, &q[Q_REMINDED], V_INT(session));
}

struct group_signups group_signups_of_matter(struct arena *a, struct db *db, int64_t matter)
{
    return all_signups(a, DB_QUERY(db, &q[Q_SIGNUPS_OF_MATTER], V_INT(matter)));
}

void group_signups_forget_matter(struct db *db, int64_t matter)
{
    DB_PUT(db, &q[Q_FORGET_MATTER], V_INT(matter));
}

/* The session's persons; `whole`: it was the last of a series, whose sign-ups go too. */
void group_erase(struct db *db, const struct group_session *s, bool whole, int signed_up)
{
    if (!s->attended.ms)
        DB_PUT(db, &q[Q_SESSION_ATTENDED], V_INT(s->id), V_INT(0), V_INT(signed_up), V_INT(0),
               V_INT(0));
    DB_PUT(db, &q[Q_ERASE_MARKS], V_INT(s->id));
    DB_PUT(db, &q[Q_ERASE_SIGNUPS], V_INT(s->group), V_INT(s->id));
    if (whole)
        DB_PUT(db, &q[Q_ERASE_SIGNUPS], V_INT(s->group), V_INT(0));
    DB_PUT(db, &q[Q_ERASED], V_INT(s->id));
}

/* ---- sight ---- */

void group_sight_add(struct db *db, int64_t staff, int64_t group, int64_t session,
                     struct instant now)
{
    DB_PUT(db, &q[Q_SIGHT], V_INT(now.ms), V_INT(staff), V_INT(group), V_INT(session));
}
