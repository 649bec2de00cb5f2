/*
 * group_import.c: groups out of a JSON file (`asialla import groups FILE`,
 * data/county/groups.json). Strict: a key that is not known, a text that is missing, a day that is
 * none are named with their place, and nothing is changed. What a group is is taken anew each time;
 * its sessions are made when the group is new, and from then on belong to those who lead it.
 *
 * "series": weekly sessions from a day on ("from"), or, in a county that is made for trying, so
 * many weeks from now ("inWeeks", "weekday").
 */
#include "group/group_room.h"

#include <stdio.h>

struct importing {
    struct arena *a;
    struct db *db;
    struct teams teams;
    struct instant now;
    struct str what; /* what is wrong with the group at hand */
};

static bool wrong(struct importing *i, const char *what)
{
    if (!i->what.n)
        i->what = str_of(what);
    return false;
}

static int number(const struct jv *o, const char *key, int64_t none)
{
    const struct jv *v = jv_get(o, key);
    int64_t n = jv_kind(v) == JV_NUMBER ? jv_int(v) : none;
    return n >= 0 && n <= 100000 ? (int)n : -1;
}

static bool read_time(const struct jv *o, const char *key, struct instant *out)
{
    const struct jv *v = jv_get(o, key);
    return jv_kind(v) == JV_MISSING || instant_parse(jv_str(v), out);
}

static struct str read_languages(struct arena *a, const struct jv *list)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < jv_len(list); i++) {
        if (i)
            buf_char(&b, ' ');
        buf_str(&b, jv_str(jv_at(list, i)));
    }
    return buf_get(&b);
}

static bool read_price(const struct jv *o, struct str out[LANG_COUNT])
{
    const struct jv *v = jv_get(o, "price");
    return jv_kind(v) == JV_MISSING || lang_texts(v, out);
}

static bool ref_fits(struct str ref)
{
    for (size_t i = 0; i < ref.n; i++)
        if (!((ref.p[i] >= 'a' && ref.p[i] <= 'z') || (ref.p[i] >= '0' && ref.p[i] <= '9') ||
              ref.p[i] == '-'))
            return false;
    return ref.n >= 2 && ref.n <= 60 && !str_eq(ref, S("mine")) && !str_eq(ref, S("new")) &&
           !str_eq(ref, S("figures"));
}

static bool read_group(struct importing *i, const struct jv *o, struct group *g)
{
    static const char *const known[] = {"ref",      "team",   "state",  "names",     "name",
                                        "text",     "place",  "area",   "places",    "waiting",
                                        "whole",    "remote", "opens",  "closes",    "offerHours",
                                        "audience", "price",  "series", "languages", NULL};
    const struct team *team = teams_by_ref(&i->teams, jv_str_of(o, "team"));
    struct str unknown = jv_unknown(o, known);
    *g = (struct group){
        .ref = jv_str_of(o, "ref"),
        .team = team ? team->id : 0,
        .area = jv_str_of(o, "area"),
        .places = number(o, "places", -1),
        .waiting_most = number(o, "waiting", 0),
        .offer_hours = number(o, "offerHours", 24),
        .whole = jv_bool(jv_get(o, "whole")),
        .remote = jv_bool(jv_get(o, "remote")),
        .languages = read_languages(i->a, jv_get(o, "languages")),
        .audience = jv_str_of(o, "audience"),
    };
    if (unknown.n)
        return wrong(
            i, str_z(i->a, str_fmt(i->a, STR_FMT ": there is no such setting", STR_ARG(unknown))));
    if (!ref_fits(g->ref))
        return wrong(i, "ref: small letters, digits and dashes, at most 60");
    if (!team)
        return wrong(i, "team: there is no such team; `asialla import teams FILE` makes teams");
    if (g->area.n && !district_load(i->a, i->db, g->area).n)
        return wrong(i, "area: there is no such district");
    if (!group_state_from(jv_str_of(o, "state"), &g->state))
        return wrong(i, "state: draft, open, shut or ended");
    if (!group_names_from(jv_str_of(o, "names"), &g->names))
        return wrong(i, "names: none, may or must");
    if (!lang_texts(jv_get(o, "name"), g->name) || !lang_texts(jv_get(o, "text"), g->text) ||
        !lang_texts(jv_get(o, "place"), g->place_name) || !read_price(o, g->price))
        return wrong(i, "name, text, place and, where there is one, price: in fi, sv and en");
    if (!read_time(o, "opens", &g->opens) || !read_time(o, "closes", &g->closes))
        return wrong(i, "opens, closes: a time like 2027-01-12T08:00:00+02:00");
    struct group_fault fault = group_wrong(g);
    if (fault.words)
        return wrong(i, str_z(i->a, str_fmt(i->a, "%s: %s", fault.field, fault.words)));
    return true;
}

/* "13:00" */
static int read_minute(struct str s)
{
    int64_t h, m;
    struct str rest = s, hour = str_cut(&rest, ':');
    if (hour.n != 2 || rest.n != 2 || !str_int(hour, &h) || !str_int(rest, &m) || h < 0 || h > 23 ||
        m < 0 || m > 59)
        return -1;
    return (int)(h * 60 + m);
}

static struct date read_first(const struct importing *i, const struct jv *o)
{
    struct date d = DATE_NONE, today = date_of(i->now);
    int64_t weekday = jv_int(jv_get(o, "weekday")), weeks = jv_int(jv_get(o, "inWeeks"));
    if (jv_get(o, "from"))
        return date_parse(jv_str_of(o, "from"), &d) ? d : DATE_NONE;
    if (!jv_get(o, "inWeeks") || weekday < 1 || weekday > 7 || weeks < -60 || weeks > 60)
        return DATE_NONE;
    return date_add(today, (int)(7 * weeks + weekday - date_weekday(today)));
}

static bool add_series(struct importing *i, const struct group *g, const struct jv *o)
{
    static const char *const known[] = {"from",  "weekday", "inWeeks", "time", "minutes",
                                        "times", "every",   "room",    NULL};
    struct calendar room = {0};
    struct group_weekly w = {.first = read_first(i, o),
                             .minute = read_minute(jv_str_of(o, "time")),
                             .minutes = number(o, "minutes", -1),
                             .n = number(o, "times", 1),
                             .every = number(o, "every", 1)};
    if (jv_unknown(o, known).n || group_weekly_wrong(&w))
        return wrong(i, "series: from (or inWeeks and weekday), time, minutes, times, every, room");
    if (jv_get(o, "room") && !calendar_load_ref(i->a, i->db, jv_str_of(o, "room"), &room))
        return wrong(i, "series: room: there is no such calendar");
    w.calendar = room.id;
    enum group_refusal no = group_sessions_add(i->a, i->db, g, &w, i->now);
    if (no != GROUP_NO_FINE)
        return wrong(i, str_z(i->a, str_fmt(i->a, "series: %s", group_refusal_words(no))));
    return true;
}

static bool store_one(struct importing *i, const struct jv *o)
{
    struct group g;
    const struct jv *series = jv_get(o, "series");
    if (!read_group(i, o, &g))
        return false;
    g.id = group_insert(i->db, &g);
    if (!g.id) {
        group_update(i->db, &g);
        return true;
    }
    for (size_t k = 0; k < jv_len(series); k++)
        if (!add_series(i, &g, jv_at(series, k)))
            return false;
    return true;
}

bool group_settings_store(struct arena *a, struct db *db, const struct jv *settings,
                          struct instant now, struct str *why)
{
    static const char *const known[] = {"source", "groups", NULL};
    const struct jv *list = jv_get(settings, "groups");
    struct str unknown = jv_unknown(settings, known);
    struct importing i = {a, db, teams_load(a, db), now, {NULL, 0}};
    if (unknown.n || jv_len(list) == 0 || jv_len(list) > 500) {
        *why = unknown.n ? str_fmt(a, STR_FMT ": there is no such setting", STR_ARG(unknown))
                         : S("groups: wants 1 to 500 groups");
        return false;
    }
    for (size_t k = 0; k < jv_len(list); k++)
        if (!store_one(&i, jv_at(list, k))) {
            *why = str_fmt(a, "groups[%zu]." STR_FMT, k, STR_ARG(i.what));
            return false;
        }
    return true;
}

static bool take_groups(struct arena *a, struct db *db, const struct jv *settings, const void *now,
                        struct str *why)
{
    return group_settings_store(a, db, settings, *(const struct instant *)now, why);
}

int group_import_command(struct arena *a, struct store *s, int argc, char *const *argv)
{
    struct instant now = instant_now();
    if (argc != 1) {
        fprintf(stderr, "asialla: usage: asialla import groups --data DIR FILE\n");
        return 2;
    }
    return settings_import(a, s, argv[0], take_groups, &now);
}
