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
#include "calendar/import_room.h"

#include <stdio.h>
#include <stdlib.h>

enum { Q_CALENDAR_PUT, Q_LOGIN, Q_COUNT };
/* Q_CALENDAR_PUT is marked STMT_SCAN: as in team_settings.c, its plan names a table that refers to
 * it without an index. */
static const struct stmt q[] = {
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

/* ---- places ---- */

static bool store_places(struct taking *k)
{
    static const char *const known[] = {"ref", "name", "address", "area", "note", NULL};
    const struct jv *list = jv_get(k->settings, "places");
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        struct str at = str_fmt(k->a, "places[%zu]", i);
        struct place p = {0};
        if (!taking_keys(k, v, at, known) || !taking_code(k, v, at, "ref", true, &p.ref) ||
            !taking_texts(k, v, at, "name", true, p.name) ||
            !taking_texts(k, v, at, "address", false, p.address) ||
            !taking_code(k, v, at, "area", false, &p.area))
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

/* ---- calendars ---- */

/* Whose it is: name, profession and languages are the professional's own where the file says none.
 * *skip: nobody has that user name. */
static bool read_person(struct taking *k, const struct jv *v, struct str at, struct calendar *c,
                        bool *skip)
{
    struct str login = jv_str_of(v, "login");
    if (c->kind != CALENDAR_PERSON)
        return jv_kind(jv_get(v, "login")) == JV_MISSING
                   ? taking_texts(k, v, at, "name", true, c->name)
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

static bool is_language(const struct taking *k, struct str word)
{
    (void)k;
    return word.n == 2 && word.p[0] >= 'a' && word.p[1] >= 'a';
}

static bool read_calendar(struct taking *k, const struct jv *v, struct str at, struct calendar *c,
                          bool *skip)
{
    static const char *const known[] = {"ref",   "kind",       "name",      "login", "team",
                                        "place", "profession", "languages", "types", "ended",
                                        "plan",  "note",       NULL};
    struct str place;
    if (!taking_keys(k, v, at, known) || !taking_code(k, v, at, "ref", true, &c->ref) ||
        !taking_code(k, v, at, "place", true, &place) ||
        !taking_code(k, v, at, "profession", false, &c->profession) ||
        !taking_words(k, v, at, "languages", is_language, &c->languages) ||
        !taking_words(k, v, at, "types", taking_is_type, &c->types) ||
        !taking_bool(k, v, at, "ended", &c->ended))
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
            (planned && !import_plan(k, jv_get(v, "plan"), taking_below(k, at, "plan"), &plan)))
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
    bool ok = taking_keys(&k, settings, S("the file"), known) && import_types(&k) &&
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
