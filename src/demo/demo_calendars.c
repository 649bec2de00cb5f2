/*
 * demo_calendars.c: the sample county's service types, rooms and devices as data/county says, and a
 * calendar for each of its staff, with the plan of somebody's week, leave and training, a share
 * kept for the same day's need. Decided from the seed, so that the commit may be run again.
 */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "base/week.h"
#include "calendar/plan_room.h"

enum {
    MORNING = 8 * 60 + 30,
    AFTERNOON = 13 * 60,
    HALF_DAY = 180,
    SHORT = 30,        /* a visit that long at most: part of the morning is kept */
    KEPT_MINUTES = 30, /* for the same day's need */
};

static const struct stmt q[] = {
    {"demo_calendars.staff", "SELECT name, profession, languages FROM staff WHERE id = $1", 0},
};
const struct stmt_table demo_calendar_statements = {q, sizeof q / sizeof *q};

struct planning {
    struct demo *d;
    struct arena *a;
    struct demo_calendars out;
    struct str why;
};

static const struct jv *place_of(const struct demo *d, struct str ref)
{
    const struct jv *places = jv_get(demo_file(d, "calendars.json"), "places");
    for (size_t i = 0; i < jv_len(places); i++)
        if (str_eq(jv_str_of(jv_at(places, i), "ref"), ref))
            return jv_at(places, i);
    guard_fail(ERR_INTERNAL, "data/county/times.json: no place " STR_FMT, STR_ARG(ref));
}

static struct str words_of(struct arena *a, const struct jv *list)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str one = jv_str(jv_at(list, i));
        buf_fmt(&b, "%s" STR_FMT, i ? " " : "", STR_ARG(one));
    }
    return b.n ? buf_get(&b) : S("");
}

static struct str types_of(struct planning *k, struct str profession, enum reg reg)
{
    const struct jv *file = demo_file(k->d, "times.json");
    const struct jv *list = jv_get(jv_get(file, "professions"), str_z(k->a, profession));
    if (!list)
        list = jv_get(jv_get(file, "registers"), reg_code(reg));
    return words_of(k->a, list);
}

static struct calendar calendar_of(struct planning *k, struct db *db, const struct demo_team *t,
                                   size_t nth)
{
    const struct jv *places =
        jv_get(jv_get(demo_file(k->d, "times.json"), "teams"), str_z(k->a, t->ref));
    struct calendar c = {.kind = CALENDAR_PERSON, .staff = t->member[nth], .team = t->id};
    if (!jv_len(places))
        guard_fail(ERR_INTERNAL, "data/county/times.json: no places of " STR_FMT, STR_ARG(t->ref));
    const struct jv *place = place_of(k->d, jv_str(jv_at(places, nth % jv_len(places))));
    c.ref = str_fmt(k->a, STR_FMT "-%zu", STR_ARG(t->ref), nth + 1);
    c.place = jv_str_of(place, "ref");
    c.area = jv_str_of(place, "area");
    lang_texts(jv_get(place, "name"), c.place_name);
    lang_texts(jv_get(place, "address"), c.address);
    struct rows r = DB_QUERY(db, &q[0], V_INT(c.staff));
    if (rows_next(&r)) {
        for (int l = 0; l < LANG_COUNT; l++)
            c.name[l] = rows_str(&r, k->a, 0);
        c.profession = rows_str(&r, k->a, 1);
        c.languages = rows_str(&r, k->a, 2);
    }
    rows_end(&r);
    c.types = types_of(k, c.profession, t->reg);
    return c;
}

static struct plan_rule rule_of(struct date from, int start, int end)
{
    return (struct plan_rule){.from = from,
                              .to = DATE_NONE,
                              .weekdays = 31,
                              .every = 1,
                              .start = start,
                              .end = end,
                              .on_site = true,
                              .remote = true,
                              .types = S("")};
}

/* Mornings, and afternoons but one, as long as whole visits need; where they are short half an
 * hour of the morning is kept for the same day; a week of leave behind and one ahead, and a day of
 * training. */
static struct plan plan_of(struct planning *k, const struct calendar *c, size_t nth, enum reg reg)
{
    struct plan p = {0};
    struct seeded r = demo_seeded(k->d, "plan", (int64_t)nth);
    struct date first = date_add(k->d->today, -DEMO_FILLED - 30);
    struct str types = c->types;
    const struct service_type *t = service_types_by_ref(&k->out.types, str_cut(&types, ' '));
    int visit = t->before + t->minutes + t->after, length = HALF_DAY / visit * visit;
    struct plan_rule morning = rule_of(first, MORNING, MORNING + length), kept = morning,
                     afternoon = rule_of(first, AFTERNOON, AFTERNOON + length);
    if (visit <= SHORT) {
        morning.end = kept.start = MORNING + length - KEPT_MINUTES;
        kept.share = SHARE_SAME_DAY;
        kept.release_minutes = 120;
        VEC_PUSH(k->a, &p.rules, kept);
    }
    afternoon.weekdays &= ~(1u << seeded_below(&r, 5));
    VEC_PUSH(k->a, &p.rules, morning);
    if (reg != REG_RESCUE) /* who is out on inspections then */
        VEC_PUSH(k->a, &p.rules, afternoon);
    const int weeks[] = {-(int)(14 + seeded_below(&r, 60)), (int)(10 + seeded_below(&r, 60))};
    for (size_t i = 0; i < 2; i++) {
        struct date monday = date_add(k->d->today, weeks[i]);
        monday = monday_of(monday);
        struct plan_exception e = {.why = i && nth % 3 == 0 ? PLAN_TRAINING : PLAN_HOLIDAY,
                                   .from = monday,
                                   .end = DAY_MINUTES,
                                   .on_site = true,
                                   .types = S("")};
        e.to = date_add(monday, e.why == PLAN_TRAINING ? 1 : 4);
        VEC_PUSH(k->a, &p.exceptions, e);
    }
    return p;
}

static void store_calendars(struct db *db, void *arg)
{
    struct planning *k = arg;
    struct demo *d = k->d;
    k->out.n = 0; /* the commit may be run again */
    if (!calendar_settings_store(k->a, db, d->conf.law, demo_file(d, "calendars.json"), &k->why))
        guard_fail(ERR_INTERNAL, "data/county/calendars.json: " STR_FMT, STR_ARG(k->why));
    k->out.types = service_types_load(k->a, db);
    for (size_t i = 0; i < d->team_n; i++)
        for (size_t m = 0; m < DEMO_MEMBERS; m++) {
            struct calendar c = calendar_of(k, db, &d->teams[i], m);
            calendar_put(db, &c);
            struct plan p = plan_of(k, &c, k->out.n, d->teams[i].reg);
            plan_replace(k->a, db, d->conf.law, &c, &p, d->as_of);
            VEC_PUSH(k->a, &k->out, c);
        }
}

struct demo_calendars demo_calendars_store(struct arena *a, struct demo *d, struct store *s)
{
    struct planning k = {.d = d, .a = a};
    if (store_write(s, store_calendars, &k) != ERR_OK)
        guard_fail(ERR_STORE, "the calendars could not be written");
    return k.out;
}
