/*
 * calendar.c: calendars and service types as rows; the topics by which others hear that a plan or a
 * day has changed.
 */
#include "calendar/calendar.h"

#include <assert.h>

enum { Q_ALL, Q_OF_TEAM, Q_OF_STAFF, Q_BY_ID, Q_BY_REF, Q_TYPES };

#define CALENDAR                                                                                \
    "SELECT id, ref, kind, name_fi, name_sv, name_en, staff, team, place, place_fi, place_sv, " \
    "place_en, area, profession, languages, types, ended, address_fi, address_sv, address_en "  \
    "FROM calendar "

static const struct stmt q[] = {
    [Q_ALL] = {"calendar.all", CALENDAR "ORDER BY id", STMT_SCAN},
    [Q_OF_TEAM] = {"calendar.of_team", CALENDAR "WHERE team = $1 ORDER BY kind, name_fi, id", 0},
    [Q_OF_STAFF] = {"calendar.of_staff", CALENDAR "WHERE staff = $1 ORDER BY id", 0},
    [Q_BY_ID] = {"calendar.by_id", CALENDAR "WHERE id = $1", 0},
    [Q_BY_REF] = {"calendar.by_ref", CALENDAR "WHERE ref = $1", 0},
    [Q_TYPES] = {"calendar.types",
                 "SELECT id, ref, name_fi, name_sv, name_en, instructions_fi, instructions_sv, "
                 "instructions_en, register, minutes, before, after, lead_minutes, ahead_days, "
                 "on_site, remote, needs, booker, form, reason, realises, cancel_hours, "
                 "move_hours, offer_hours, offer_n, remind1, remind2, remind3, t3, child "
                 "FROM service_type ORDER BY nth, id",
                 STMT_SCAN},
};
const struct stmt_table calendar_statements = {q, sizeof q / sizeof *q};

/* ---- words ---- */

static const char *const kinds[CALENDAR_KINDS] = {"person", "room", "device", "team"};
static const char *const bookers[TYPE_BOOKERS] = {"anybody", "resident", "staff"};

const char *calendar_kind_code(enum calendar_kind k)
{
    return kinds[k];
}

bool calendar_kind_from(struct str code, enum calendar_kind *out)
{
    size_t place = str_place(code, kinds, CALENDAR_KINDS);
    if (place == CALENDAR_KINDS)
        return false;
    *out = (enum calendar_kind)place;
    return true;
}

const char *type_booker_code(enum type_booker b)
{
    return bookers[b];
}

bool type_booker_from(struct str code, enum type_booker *out)
{
    size_t place = str_place(code, bookers, TYPE_BOOKERS);
    if (place == TYPE_BOOKERS)
        return false;
    *out = (enum type_booker)place;
    return true;
}

/* ---- calendars ---- */

static struct calendar read_calendar(struct arena *a, const struct rows *r)
{
    struct calendar c = {
        .id = rows_int(r, 0),
        .ref = rows_str(r, a, 1),
        .staff = rows_int(r, 6),
        .team = rows_int(r, 7),
        .place = rows_str(r, a, 8),
        .area = rows_str(r, a, 12),
        .profession = rows_str(r, a, 13),
        .languages = rows_str(r, a, 14),
        .types = rows_str(r, a, 15),
        .ended = rows_int(r, 16) != 0,
    };
    calendar_kind_from(rows_peek(r, 2), &c.kind);
    rows_strs(r, a, 3, c.name, LANG_COUNT);
    rows_strs(r, a, 9, c.place_name, LANG_COUNT);
    rows_strs(r, a, 17, c.address, LANG_COUNT);
    return c;
}

static struct calendars read_all(struct arena *a, struct rows r)
{
    struct calendars list = {0};
    while (rows_next(&r))
        VEC_PUSH(a, &list, read_calendar(a, &r));
    return list;
}

static bool read_one(struct arena *a, struct rows r, struct calendar *out)
{
    bool found = rows_next(&r);
    if (found)
        *out = read_calendar(a, &r);
    rows_end(&r);
    return found;
}

struct calendars calendars_load(struct arena *a, struct db *db)
{
    return read_all(a, DB_QUERY(db, &q[Q_ALL]));
}

struct calendars calendars_of_team(struct arena *a, struct db *db, int64_t team)
{
    return read_all(a, DB_QUERY(db, &q[Q_OF_TEAM], V_INT(team)));
}

struct calendars calendars_of_staff(struct arena *a, struct db *db, int64_t staff)
{
    return read_all(a, DB_QUERY(db, &q[Q_OF_STAFF], V_INT(staff)));
}

bool calendar_load(struct arena *a, struct db *db, int64_t id, struct calendar *out)
{
    return read_one(a, DB_QUERY(db, &q[Q_BY_ID], V_INT(id)), out);
}

void calendar_ahead(struct db *db, int64_t id)
{
    DB_AHEAD(db, &q[Q_BY_ID], V_INT(id));
}

bool calendar_load_ref(struct arena *a, struct db *db, struct str ref, struct calendar *out)
{
    return ref.n && read_one(a, DB_QUERY(db, &q[Q_BY_REF], V_STR(ref)), out);
}

/* ---- service types ---- */

static struct service_type read_type(struct arena *a, const struct rows *r)
{
    struct service_type t = {
        .id = rows_int(r, 0),
        .ref = rows_str(r, a, 1),
        .minutes = (int)rows_int(r, 9),
        .before = (int)rows_int(r, 10),
        .after = (int)rows_int(r, 11),
        .lead_minutes = (int)rows_int(r, 12),
        .ahead_days = (int)rows_int(r, 13),
        .on_site = rows_int(r, 14) != 0,
        .remote = rows_int(r, 15) != 0,
        .needs = rows_str(r, a, 16),
        .form = rows_str(r, a, 18),
        .reason = rows_str(r, a, 19),
        .realises = rows_str(r, a, 20),
        .cancel_hours = (int)rows_int(r, 21),
        .move_hours = (int)rows_int(r, 22),
        .offer_hours = (int)rows_int(r, 23),
        .offer_n = (int)rows_int(r, 24),
        .t3 = rows_int(r, 28) != 0,
        .child = rows_int(r, 29) != 0,
    };
    rows_strs(r, a, 2, t.name, LANG_COUNT);
    rows_strs(r, a, 5, t.instructions, LANG_COUNT);
    reg_from(rows_peek(r, 8), &t.reg);
    type_booker_from(rows_peek(r, 17), &t.booker);
    for (int i = 0; i < 3; i++)
        t.remind_hours[i] = (int)rows_int(r, 25 + i);
    return t;
}

struct service_types service_types_load(struct arena *a, struct db *db)
{
    struct service_types list = {0};
    struct rows r = DB_QUERY(db, &q[Q_TYPES]);
    while (rows_next(&r))
        VEC_PUSH(a, &list, read_type(a, &r));
    return list;
}

const struct service_type *service_types_by_ref(const struct service_types *t, struct str ref)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].ref, ref))
            return &t->p[i];
    return NULL;
}

const struct service_type *service_types_by_id(const struct service_types *t, int64_t id)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->p[i].id == id)
            return &t->p[i];
    return NULL;
}

/* ---- topics ---- */

/* topic_of() multiplies by an odd number, which has an inverse modulo 2^64: what a topic was made
 * of can be told back. Another kind's gives a number beyond what ours can be, but for one in
 * millions; who then loads a day for nothing has lost nothing. A day stands in the low 16 bits
 * (until the year 2149). */
enum { DAY_BITS = 16, CALENDAR_BITS = 24 };
static const uint64_t UNDO = 0xF1DE83E19937733Du; /* * 0x9E3779B97F4A7C15 == 1 */

uint64_t calendar_plan_topic(int64_t calendar)
{
    assert(calendar > 0 && calendar >> CALENDAR_BITS == 0);
    return topic_of("calendar.plan", calendar);
}

uint64_t calendar_day_topic(int64_t calendar, struct date d)
{
    assert(calendar > 0 && calendar >> CALENDAR_BITS == 0);
    assert(d.day >= 0 && d.day >> DAY_BITS == 0);
    return topic_of("calendar.day", calendar << DAY_BITS | d.day);
}

bool calendar_topic_read(uint64_t topic, int64_t *calendar, struct date *d)
{
    uint64_t plan = (topic ^ topic_of("calendar.plan", 0)) * UNDO;
    uint64_t day = (topic ^ topic_of("calendar.day", 0)) * UNDO;
    if (plan && plan >> CALENDAR_BITS == 0) {
        *calendar = (int64_t)plan;
        *d = DATE_NONE;
        return true;
    }
    if (day >> DAY_BITS == 0 || day >> (DAY_BITS + CALENDAR_BITS))
        return false;
    *calendar = (int64_t)(day >> DAY_BITS);
    *d = (struct date){(int32_t)(day & ((1u << DAY_BITS) - 1))};
    return true;
}
