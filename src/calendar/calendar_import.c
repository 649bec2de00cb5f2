/*
 * calendar_import.c: taking in service types, calendars and their plans (data/county/calendars.json
 * has the shape, data/county/README.md tells it). Strict: a key that is not known, a word that
 * names nothing, is refused with its place, and then nothing of the file is taken. The same file
 * again changes nothing.
 *
 * What a file does not name stays as it is. Where a calendar has a "plan", that is all of its plan,
 * and times booked that it leaves without hours become tasks, as when a unit's head changes it. A
 * professional's calendar is of who has that user name; where nobody has, that calendar is left
 * out, and told: a county's people are not made here.
 */
#include "calendar/plan_room.h"

#include <stdio.h>
#include <stdlib.h>

enum { TYPES_MOST = 500, CODE_MOST = 64, WORDS_MOST = 64, TEXT_MOST = 2000, HOURS_MOST = 24 * 60 };

enum { Q_TYPE_PUT, Q_CALENDAR_PUT, Q_LOGIN, Q_COUNT };
/* Q_CALENDAR_PUT is marked STMT_SCAN: as in team_settings.c, its plan names a table that refers to
 * it without an index. */
static const struct stmt q[] = {
    [Q_TYPE_PUT] = {"calendar_import.type",
                    "INSERT INTO service_type (ref, nth, name_fi, name_sv, name_en, "
                    "instructions_fi, instructions_sv, instructions_en, register, minutes, "
                    "before, after, lead_minutes, ahead_days, on_site, remote, needs, booker, "
                    "form, reason, realises, cancel_hours, move_hours, offer_hours, offer_n, "
                    "remind1, remind2, remind3, t3, child) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                    "$8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, "
                    "$23, $24, $25, $26, $27, $28, $29, $30) ON CONFLICT (ref) DO UPDATE SET "
                    "nth = excluded.nth, name_fi = excluded.name_fi, name_sv = excluded.name_sv, "
                    "name_en = excluded.name_en, instructions_fi = excluded.instructions_fi, "
                    "instructions_sv = excluded.instructions_sv, "
                    "instructions_en = excluded.instructions_en, register = excluded.register, "
                    "minutes = excluded.minutes, before = excluded.before, "
                    "after = excluded.after, lead_minutes = excluded.lead_minutes, "
                    "ahead_days = excluded.ahead_days, on_site = excluded.on_site, "
                    "remote = excluded.remote, needs = excluded.needs, booker = excluded.booker, "
                    "form = excluded.form, reason = excluded.reason, "
                    "realises = excluded.realises, cancel_hours = excluded.cancel_hours, "
                    "move_hours = excluded.move_hours, offer_hours = excluded.offer_hours, "
                    "offer_n = excluded.offer_n, remind1 = excluded.remind1, "
                    "remind2 = excluded.remind2, remind3 = excluded.remind3, t3 = excluded.t3, "
                    "child = excluded.child",
                    0},
    [Q_CALENDAR_PUT] = {"calendar_import.calendar",
                        "INSERT INTO calendar (ref, kind, name_fi, name_sv, name_en, staff, team, "
                        "place, place_fi, place_sv, place_en, area, profession, languages, types, "
                        "ended, address_fi, address_sv, address_en) VALUES ($1, $2, $3, $4, $5, "
                        "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON "
                        "CONFLICT (ref) DO UPDATE SET kind = excluded.kind, "
                        "name_fi = excluded.name_fi, name_sv = excluded.name_sv, "
                        "name_en = excluded.name_en, staff = excluded.staff, "
                        "team = excluded.team, place = excluded.place, "
                        "place_fi = excluded.place_fi, place_sv = excluded.place_sv, "
                        "place_en = excluded.place_en, area = excluded.area, "
                        "profession = excluded.profession, languages = excluded.languages, "
                        "types = excluded.types, ended = excluded.ended, "
                        "address_fi = excluded.address_fi, address_sv = excluded.address_sv, "
                        "address_en = excluded.address_en RETURNING id",
                        STMT_SCAN},
    [Q_LOGIN] = {"calendar_import.login",
                 "SELECT id, name, profession, languages FROM staff WHERE login = $1", 0},
    [Q_COUNT] = {"calendar_import.count", "SELECT count(*) FROM calendar", STMT_SCAN},
};
const struct stmt_table calendar_import_statements = {q, sizeof q / sizeof *q};

struct place {
    struct str ref, name[LANG_COUNT], address[LANG_COUNT], area;
};

/* What is being taken in. */
struct taking {
    struct arena *a;
    struct db *db;
    const struct law *law;
    const struct jv *settings;
    struct instant now;
    struct str why; /* what is wrong, and where */
    struct teams teams;
    struct named_list districts;
    struct service_types types; /* with those of the file */
    struct {
        LIST_FIELDS(struct place);
    } places;
};
#define WRONG(k, ...) ((k)->why = str_fmt((k)->a, __VA_ARGS__), false)

/* ---- parts ---- */

static struct str below(const struct taking *k, struct str at, const char *key)
{
    return str_fmt(k->a, STR_FMT ".%s", STR_ARG(at), key);
}

static bool keys_known(struct taking *k, const struct jv *v, struct str at,
                       const char *const *known)
{
    struct str key = jv_unknown(v, known);
    if (jv_kind(v) != JV_OBJECT)
        return WRONG(k, STR_FMT ": wants an object", STR_ARG(at));
    return !key.n || WRONG(k, STR_FMT "." STR_FMT ": is not known here", STR_ARG(at), STR_ARG(key));
}

static bool is_code(struct str s)
{
    bool ok = s.n > 0 && s.n <= CODE_MOST;
    for (size_t i = 0; i < s.n; i++)
        ok = ok && ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
                    s.p[i] == '-' || s.p[i] == '.');
    return ok;
}

static bool read_code(struct taking *k, const struct jv *v, struct str at, const char *key,
                      bool needed, struct str *out)
{
    const struct jv *one = jv_get(v, key);
    *out = jv_kind(one) == JV_STRING ? jv_str(one) : S("");
    if (!needed && jv_kind(one) == JV_MISSING)
        return true;
    return is_code(*out) ||
           WRONG(k, STR_FMT ".%s: wants small letters, digits and dashes", STR_ARG(at), key);
}

static bool read_texts(struct taking *k, const struct jv *v, struct str at, const char *key,
                       bool needed, struct str out[LANG_COUNT])
{
    const struct jv *one = jv_get(v, key);
    for (int l = 0; l < LANG_COUNT; l++)
        out[l] = S("");
    if (!needed && jv_kind(one) == JV_MISSING)
        return true;
    bool ok = lang_texts(one, out);
    for (int l = 0; l < LANG_COUNT; l++)
        ok = ok && out[l].n <= TEXT_MOST;
    return ok || WRONG(k, STR_FMT ".%s: wants a text in fi, sv and en", STR_ARG(at), key);
}

struct bounds {
    int least, most, otherwise; /* where it is missing */
};
static bool read_number(struct taking *k, const struct jv *v, struct str at, const char *key,
                        struct bounds b, int *out)
{
    const struct jv *one = jv_get(v, key);
    int64_t n = jv_int(one);
    *out = b.otherwise;
    if (jv_kind(one) == JV_MISSING)
        return true;
    *out = (int)n;
    return (jv_kind(one) == JV_NUMBER && jv_real(one) == (double)n && n >= b.least &&
            n <= b.most) ||
           WRONG(k, STR_FMT ".%s: wants a whole number from %d to %d", STR_ARG(at), key, b.least,
                 b.most);
}

static bool read_bool(struct taking *k, const struct jv *v, struct str at, const char *key,
                      bool *out)
{
    const struct jv *one = jv_get(v, key);
    *out = jv_bool(one);
    return jv_kind(one) == JV_MISSING || jv_kind(one) == JV_BOOL ||
           WRONG(k, STR_FMT ".%s: wants true or false", STR_ARG(at), key);
}

/* A list of codes, kept with a blank between; `fits` may be NULL. Missing: none. */
static bool read_words(struct taking *k, const struct jv *v, struct str at, const char *key,
                       bool (*fits)(const struct taking *k, struct str word), struct str *out)
{
    const struct jv *list = jv_get(v, key);
    struct buf b = buf_new(k->a, 0);
    *out = S("");
    if (jv_kind(list) == JV_MISSING)
        return true;
    if (jv_kind(list) != JV_ARRAY || jv_len(list) > WORDS_MOST)
        return WRONG(k, STR_FMT ".%s: wants a list of at most %d words", STR_ARG(at), key,
                     WORDS_MOST);
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str one = jv_str(jv_at(list, i));
        if (!is_code(one) || (fits && !fits(k, one)))
            return WRONG(k, STR_FMT ".%s[%zu]: \"" STR_FMT "\" is not known", STR_ARG(at), key, i,
                         STR_ARG(one));
        if (team_words_have(buf_get(&b), one))
            return WRONG(k, STR_FMT ".%s[%zu]: stands there twice", STR_ARG(at), key, i);
        buf_fmt(&b, "%s" STR_FMT, i ? " " : "", STR_ARG(one));
    }
    *out = b.n ? buf_get(&b) : S("");
    return true;
}

static bool is_mode(const struct taking *k, struct str word)
{
    (void)k;
    return str_eq(word, S("on-site")) || str_eq(word, S("remote"));
}

static bool is_type(const struct taking *k, struct str word)
{
    return service_types_by_ref(&k->types, word) != NULL;
}

static bool is_language(const struct taking *k, struct str word)
{
    (void)k;
    return word.n == 2 && word.p[0] >= 'a' && word.p[1] >= 'a';
}

/* {"modes": ["on-site", "remote"]}; missing: on site alone. */
static bool read_modes(struct taking *k, const struct jv *v, struct str at, bool *on_site,
                       bool *remote)
{
    struct str words;
    if (!read_words(k, v, at, "modes", is_mode, &words))
        return false;
    *remote = team_words_have(words, S("remote"));
    *on_site = team_words_have(words, S("on-site")) || !words.n;
    return true;
}

/* ---- service types ---- */

static bool read_reminders(struct taking *k, const struct jv *v, struct str at,
                           struct service_type *t)
{
    const struct jv *list = jv_get(v, "remindHours");
    bool ok = jv_kind(list) == JV_MISSING || (jv_kind(list) == JV_ARRAY && jv_len(list) <= 3);
    for (size_t i = 0; ok && i < jv_len(list); i++) {
        int64_t n = jv_int(jv_at(list, i));
        ok = jv_kind(jv_at(list, i)) == JV_NUMBER && n >= 1 && n <= 24 * 30;
        t->remind_hours[i] = (int)n;
    }
    return ok || WRONG(k, STR_FMT ".remindHours: wants at most three numbers of hours, 1 to 720",
                       STR_ARG(at));
}

static bool read_type_words(struct taking *k, const struct jv *v, struct str at,
                            struct service_type *t)
{
    if (!read_code(k, v, at, "ref", true, &t->ref) ||
        !read_texts(k, v, at, "name", true, t->name) ||
        !read_texts(k, v, at, "instructions", false, t->instructions) ||
        !read_words(k, v, at, "needs", NULL, &t->needs) ||
        !read_code(k, v, at, "form", true, &t->form) ||
        !read_code(k, v, at, "reason", true, &t->reason) ||
        !read_code(k, v, at, "realises", false, &t->realises) ||
        !read_modes(k, v, at, &t->on_site, &t->remote))
        return false;
    if (!reg_from(jv_str_of(v, "register"), &t->reg))
        return WRONG(k, STR_FMT ".register: wants health, social or rescue", STR_ARG(at));
    if (!type_booker_from(jv_str_of(v, "booker"), &t->booker))
        return WRONG(k, STR_FMT ".booker: wants anybody, resident or staff", STR_ARG(at));
    if (law_reason_find(k->law, t->reason) < 0)
        return WRONG(k, STR_FMT ".reason: data/law/reasons.json has no such reason", STR_ARG(at));
    return true;
}

static bool read_type_numbers(struct taking *k, const struct jv *v, struct str at,
                              struct service_type *t)
{
    const struct bounds buffer = {0, 120, 0}, until = {-1, 24 * 30, 24};
    bool ok = read_number(k, v, at, "minutes", (struct bounds){5, 480, 0}, &t->minutes) &&
              read_number(k, v, at, "before", buffer, &t->before) &&
              read_number(k, v, at, "after", buffer, &t->after) &&
              read_number(k, v, at, "leadMinutes", (struct bounds){0, 30 * DAY_MINUTES, 60},
                          &t->lead_minutes) &&
              read_number(k, v, at, "aheadDays", (struct bounds){1, CALENDAR_AHEAD_DAYS, 90},
                          &t->ahead_days) &&
              read_number(k, v, at, "cancelHours", until, &t->cancel_hours) &&
              read_number(k, v, at, "moveHours", until, &t->move_hours) &&
              read_number(k, v, at, "offerHours", (struct bounds){0, 24 * 7, 0}, &t->offer_hours) &&
              read_number(k, v, at, "offerTo", (struct bounds){0, 20, 3}, &t->offer_n) &&
              read_bool(k, v, at, "t3", &t->t3) && read_bool(k, v, at, "child", &t->child) &&
              read_reminders(k, v, at, t);
    if (!ok)
        return false;
    if (!t->minutes || t->minutes % QUANTUM_MINUTES || t->before % QUANTUM_MINUTES ||
        t->after % QUANTUM_MINUTES)
        return WRONG(k, STR_FMT ".minutes, before, after: want steps of five minutes", STR_ARG(at));
    if (!t->offer_hours)
        t->offer_n = 0;
    return true;
}

static void put_type(struct taking *k, const struct service_type *t, size_t nth)
{
    const struct str *n = t->name, *i = t->instructions;
    DB_EXEC(k->db, &q[Q_TYPE_PUT], V_STR(t->ref), V_INT((int64_t)nth), V_STR(n[LANG_FI]),
            V_STR(n[LANG_SV]), V_STR(n[LANG_EN]), V_STR(i[LANG_FI]), V_STR(i[LANG_SV]),
            V_STR(i[LANG_EN]), V_STR(str_of(reg_code(t->reg))), V_INT(t->minutes), V_INT(t->before),
            V_INT(t->after), V_INT(t->lead_minutes), V_INT(t->ahead_days), V_INT(t->on_site),
            V_INT(t->remote), V_STR(t->needs), V_STR(str_of(type_booker_code(t->booker))),
            V_STR(t->form), V_STR(t->reason), V_STR(t->realises), V_INT(t->cancel_hours),
            V_INT(t->move_hours), V_INT(t->offer_hours), V_INT(t->offer_n),
            V_INT(t->remind_hours[0]), V_INT(t->remind_hours[1]), V_INT(t->remind_hours[2]),
            V_INT(t->t3), V_INT(t->child));
}

static bool store_types(struct taking *k)
{
    static const char *const known[] = {
        "ref",     "name",        "instructions", "register",    "minutes",   "before",
        "after",   "modes",       "leadMinutes",  "aheadDays",   "needs",     "booker",
        "form",    "reason",      "realises",     "cancelHours", "moveHours", "offerHours",
        "offerTo", "remindHours", "t3",           "child",       "note",      NULL};
    const struct jv *list = jv_get(k->settings, "types");
    if (jv_len(list) > TYPES_MOST)
        return WRONG(k, "types: at most %d", TYPES_MOST);
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str at = str_fmt(k->a, "types[%zu]", i);
        struct service_type t = {0};
        if (!keys_known(k, jv_at(list, i), at, known) ||
            !read_type_words(k, jv_at(list, i), at, &t) ||
            !read_type_numbers(k, jv_at(list, i), at, &t))
            return false;
        for (size_t j = 0; j < i; j++)
            if (str_eq(jv_str_of(jv_at(list, j), "ref"), t.ref))
                return WRONG(k, STR_FMT ".ref: another type has it", STR_ARG(at));
        put_type(k, &t, i);
    }
    k->types = service_types_load(k->a, k->db);
    return true;
}

/* ---- places ---- */

static bool store_places(struct taking *k)
{
    static const char *const known[] = {"ref", "name", "address", "area", "note", NULL};
    const struct jv *list = jv_get(k->settings, "places");
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        struct str at = str_fmt(k->a, "places[%zu]", i);
        struct place p = {0};
        if (!keys_known(k, v, at, known) || !read_code(k, v, at, "ref", true, &p.ref) ||
            !read_texts(k, v, at, "name", true, p.name) ||
            !read_texts(k, v, at, "address", false, p.address) ||
            !read_code(k, v, at, "area", false, &p.area))
            return false;
        bool found = !p.area.n;
        for (size_t d = 0; d < k->districts.n && !found; d++)
            found = str_eq(k->districts.p[d].ref, p.area);
        if (!found)
            return WRONG(k, STR_FMT ".area: there is no such district", STR_ARG(at));
        VEC_PUSH(k->a, &k->places, p);
    }
    return true;
}

static const struct place *place_of(const struct taking *k, struct str ref)
{
    for (size_t i = 0; i < k->places.n; i++)
        if (str_eq(k->places.p[i].ref, ref))
            return &k->places.p[i];
    return NULL;
}

/* ---- plans ---- */

/* "08:00", "24:00" */
static bool read_minute(struct str s, int *out)
{
    int64_t h, m;
    struct str rest = s, hours = str_cut(&rest, ':');
    if (hours.n != 2 || rest.n != 2 || !str_int(hours, &h) || !str_int(rest, &m) || h < 0 ||
        m < 0 || m > 59)
        return false;
    *out = (int)(h * 60 + m);
    return *out <= DAY_MINUTES;
}

/* "08:00-16:00"; missing: the whole day. */
static bool read_hours(struct taking *k, const struct jv *v, struct str at, int *start, int *end)
{
    struct str to = jv_str_of(v, "time"), from;
    *start = 0;
    *end = DAY_MINUTES;
    if (jv_kind(jv_get(v, "time")) == JV_MISSING)
        return true;
    from = str_cut(&to, '-');
    return (read_minute(from, start) && read_minute(to, end)) ||
           WRONG(k, STR_FMT ".time: wants hours like 08:00-16:00", STR_ARG(at));
}

static bool read_date(struct taking *k, const struct jv *v, struct str at, const char *key,
                      struct date *out)
{
    *out = DATE_NONE;
    return jv_kind(jv_get(v, key)) == JV_MISSING || date_parse(jv_str_of(v, key), out) ||
           WRONG(k, STR_FMT ".%s: wants a day like 2026-11-30", STR_ARG(at), key);
}

static bool is_weekday(const struct taking *k, struct str word)
{
    (void)k;
    return word.n == 2;
}

static bool read_weekdays(struct taking *k, const struct jv *v, struct str at, unsigned *out)
{
    static const char *const days[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};
    struct str words;
    *out = 0;
    if (!read_words(k, v, at, "weekdays", is_weekday, &words))
        return false;
    for (unsigned d = 0; d < 7; d++)
        *out |= (unsigned)team_words_have(words, str_of(days[d])) << d;
    return true;
}

static bool read_share(struct taking *k, const struct jv *v, struct str at, enum plan_share *out)
{
    *out = SHARE_OPEN;
    return jv_kind(jv_get(v, "share")) == JV_MISSING ||
           plan_share_from(jv_str_of(v, "share"), out) ||
           WRONG(k, STR_FMT ".share: wants open, staff or same-day", STR_ARG(at));
}

static bool read_rule(struct taking *k, const struct jv *v, struct str at, struct plan_rule *r)
{
    static const char *const known[] = {"from",  "to",    "weekdays", "every", "time",
                                        "modes", "types", "holidays", "share", "releaseMinutes",
                                        "note",  NULL};
    if (!keys_known(k, v, at, known) || !read_date(k, v, at, "from", &r->from) ||
        !read_date(k, v, at, "to", &r->to) || !read_weekdays(k, v, at, &r->weekdays) ||
        !read_number(k, v, at, "every", (struct bounds){1, 12, 1}, &r->every) ||
        !read_hours(k, v, at, &r->start, &r->end) ||
        !read_modes(k, v, at, &r->on_site, &r->remote) ||
        !read_words(k, v, at, "types", is_type, &r->types) ||
        !read_bool(k, v, at, "holidays", &r->holidays) || !read_share(k, v, at, &r->share) ||
        !read_number(k, v, at, "releaseMinutes", (struct bounds){0, 7 * DAY_MINUTES, 0},
                     &r->release_minutes))
        return false;
    const char *wrong = plan_rule_wrong(r);
    return !wrong || WRONG(k, STR_FMT ": %s", STR_ARG(at), wrong);
}

static bool read_exception(struct taking *k, const struct jv *v, struct str at,
                           struct plan_exception *e)
{
    static const char *const known[] = {"why",   "from",  "to",   "time", "modes",
                                        "types", "share", "note", NULL};
    if (!keys_known(k, v, at, known) || !read_date(k, v, at, "from", &e->from) ||
        !read_date(k, v, at, "to", &e->to) || !read_hours(k, v, at, &e->start, &e->end) ||
        !read_modes(k, v, at, &e->on_site, &e->remote) ||
        !read_words(k, v, at, "types", is_type, &e->types) || !read_share(k, v, at, &e->share))
        return false;
    if (!plan_why_from(jv_str_of(v, "why"), &e->why))
        return WRONG(k, STR_FMT ".why: wants holiday, leave, sick, training, other or extra",
                     STR_ARG(at));
    if (!date_is(e->to))
        e->to = e->from;
    const char *wrong = plan_exception_wrong(e);
    return !wrong || WRONG(k, STR_FMT ": %s", STR_ARG(at), wrong);
}

static bool read_plan(struct taking *k, const struct jv *v, struct str at, struct plan *out)
{
    static const char *const known[] = {"rules", "exceptions", "note", NULL};
    const struct jv *rules = jv_get(v, "rules"), *exceptions = jv_get(v, "exceptions");
    if (!keys_known(k, v, at, known))
        return false;
    if (jv_len(rules) > PLAN_RULES_MOST || jv_len(exceptions) > PLAN_EXCEPTIONS_MOST)
        return WRONG(k, STR_FMT ": at most %d rules and %d exceptions", STR_ARG(at),
                     PLAN_RULES_MOST, PLAN_EXCEPTIONS_MOST);
    for (size_t i = 0; i < jv_len(rules); i++) {
        struct plan_rule r = {0};
        if (!read_rule(k, jv_at(rules, i), str_fmt(k->a, STR_FMT ".rules[%zu]", STR_ARG(at), i),
                       &r))
            return false;
        VEC_PUSH(k->a, &out->rules, r);
    }
    for (size_t i = 0; i < jv_len(exceptions); i++) {
        struct plan_exception e = {0};
        if (!read_exception(k, jv_at(exceptions, i),
                            str_fmt(k->a, STR_FMT ".exceptions[%zu]", STR_ARG(at), i), &e))
            return false;
        VEC_PUSH(k->a, &out->exceptions, e);
    }
    return true;
}

/* ---- calendars ---- */

/* Whose it is: name, profession and languages are the professional's own where the file says none.
 * *skip: nobody has that user name. */
static bool read_person(struct taking *k, const struct jv *v, struct str at, struct calendar *c,
                        bool *skip)
{
    struct str login = jv_str_of(v, "login");
    if (c->kind != CALENDAR_PERSON)
        return jv_kind(jv_get(v, "login")) == JV_MISSING
                   ? read_texts(k, v, at, "name", true, c->name)
                   : WRONG(k, STR_FMT ".login: is of a person's calendar alone", STR_ARG(at));
    if (!login.n || jv_get(v, "name"))
        return WRONG(k, STR_FMT ".login: a person's calendar wants a user name, and no name",
                     STR_ARG(at));
    struct rows r = DB_QUERY(k->db, &q[Q_LOGIN], V_STR(login));
    *skip = !rows_next(&r);
    if (!*skip) {
        c->staff = rows_int(&r, 0);
        for (int l = 0; l < LANG_COUNT; l++)
            c->name[l] = rows_str(&r, k->a, 1);
        if (!c->profession.n)
            c->profession = rows_str(&r, k->a, 2);
        if (!c->languages.n)
            c->languages = rows_str(&r, k->a, 3);
        rows_end(&r);
    } else {
        fprintf(stderr,
                "asialla: " STR_FMT ".login: nobody has the user name " STR_FMT
                "; this calendar is left out (asialla user add makes users)\n",
                STR_ARG(at), STR_ARG(login));
    }
    return true;
}

static bool read_calendar(struct taking *k, const struct jv *v, struct str at, struct calendar *c,
                          bool *skip)
{
    static const char *const known[] = {"ref",   "kind",       "name",      "login", "team",
                                        "place", "profession", "languages", "types", "ended",
                                        "plan",  "note",       NULL};
    struct str place;
    if (!keys_known(k, v, at, known) || !read_code(k, v, at, "ref", true, &c->ref) ||
        !read_code(k, v, at, "place", true, &place) ||
        !read_code(k, v, at, "profession", false, &c->profession) ||
        !read_words(k, v, at, "languages", is_language, &c->languages) ||
        !read_words(k, v, at, "types", is_type, &c->types) ||
        !read_bool(k, v, at, "ended", &c->ended))
        return false;
    if (!calendar_kind_from(jv_str_of(v, "kind"), &c->kind))
        return WRONG(k, STR_FMT ".kind: wants person, room, device or team", STR_ARG(at));
    const struct team *team = teams_by_ref(&k->teams, jv_str_of(v, "team"));
    if (!team)
        return WRONG(k,
                     STR_FMT ".team: there is no such team; `asialla import teams FILE` makes "
                             "teams",
                     STR_ARG(at));
    const struct place *p = place_of(k, place);
    if (!p)
        return WRONG(k, STR_FMT ".place: wants the ref of a place of this file", STR_ARG(at));
    if ((c->kind == CALENDAR_ROOM || c->kind == CALENDAR_DEVICE) && !c->profession.n)
        return WRONG(k, STR_FMT ".profession: what the room or device is, as types need it",
                     STR_ARG(at));
    c->team = team->id;
    c->place = p->ref;
    c->area = p->area;
    memcpy(c->place_name, p->name, sizeof c->place_name);
    memcpy(c->address, p->address, sizeof c->address);
    return read_person(k, v, at, c, skip);
}

/* Empty where there is none: never NULL. */
static struct val v_words(struct str s)
{
    return V_STR(s.p ? s : S(""));
}

void calendar_put(struct db *db, struct calendar *c)
{
    c->id = DB_INT(
        db, 0, &q[Q_CALENDAR_PUT], V_STR(c->ref), V_STR(str_of(calendar_kind_code(c->kind))),
        V_STR(c->name[LANG_FI]), V_STR(c->name[LANG_SV]), V_STR(c->name[LANG_EN]), v_opt(c->staff),
        V_INT(c->team), V_STR(c->place), V_STR(c->place_name[LANG_FI]),
        V_STR(c->place_name[LANG_SV]), V_STR(c->place_name[LANG_EN]), V_STR(c->area),
        V_STR(c->profession), V_STR(c->languages), V_STR(c->types), V_INT(c->ended),
        v_words(c->address[LANG_FI]), v_words(c->address[LANG_SV]), v_words(c->address[LANG_EN]));
    db_notify(db, calendar_plan_topic(c->id));
}

static bool store_calendars(struct taking *k)
{
    const struct jv *list = jv_get(k->settings, "calendars");
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        struct str at = str_fmt(k->a, "calendars[%zu]", i);
        struct calendar c = {0};
        struct plan plan = {0};
        bool skip = false, planned = jv_kind(jv_get(v, "plan")) != JV_MISSING;
        if (!read_calendar(k, v, at, &c, &skip) ||
            (planned && !read_plan(k, jv_get(v, "plan"), below(k, at, "plan"), &plan)))
            return false;
        for (size_t j = 0; j < i; j++)
            if (str_eq(jv_str_of(jv_at(list, j), "ref"), c.ref))
                return WRONG(k, STR_FMT ".ref: another calendar has it", STR_ARG(at));
        if (skip)
            continue;
        calendar_put(k->db, &c);
        if (planned)
            plan_replace(k->a, k->db, k->law, &c, &plan, k->now);
    }
    if (DB_INT(k->db, 0, &q[Q_COUNT]) > CALENDARS_MOST)
        return WRONG(k, "calendars: at most %d in all", CALENDARS_MOST);
    return true;
}

/* ASIALLA_NOW is what the sample county and tests are made with. */
static struct instant now_of_command(void)
{
    struct instant now;
    const char *said = getenv("ASIALLA_NOW");
    return said && instant_parse(str_of(said), &now) ? now : instant_now();
}

bool calendar_settings_store(struct arena *a, struct db *db, const struct law *law,
                             const struct jv *settings, struct str *why)
{
    static const char *const known[] = {"source", "types", "places", "calendars", NULL};
    struct taking k = {.a = a,
                       .db = db,
                       .law = law,
                       .settings = settings,
                       .now = now_of_command(),
                       .teams = teams_load(a, db),
                       .districts = districts_load(a, db)};
    bool ok = keys_known(&k, settings, S("the file"), known) && store_types(&k) &&
              store_places(&k) && store_calendars(&k);
    *why = k.why;
    return ok;
}

static bool take_calendars(struct arena *a, struct db *db, const struct jv *settings,
                           const void *law, struct str *why)
{
    return calendar_settings_store(a, db, law, settings, why);
}

int calendar_import_command(struct arena *a, struct store *s, const struct law *law, int argc,
                            char *const *argv)
{
    if (argc != 1) {
        fprintf(stderr, "asialla: usage: asialla import calendars --data DIR FILE\n");
        return 2;
    }
    return settings_import(a, s, argv[0], take_calendars, law);
}
