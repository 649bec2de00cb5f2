/* waits_to.c: see waits_to.h. */
#include "publish/waits_to.h"

#include "calendar/calendar.h"
#include "search/search.h"

#include <stdlib.h>

/* ---- what was published ---- */

struct reading {
    struct waits_tos *out;
    const struct law *law;
    struct named_list professions, districts;
    struct service_types types;
    struct calendars calendars;
    struct publish_rows t3, visits, median, waiting, over;
};

static struct publish_rows rows_of(struct reading *k, struct db *db, int measure,
                                   enum figure_cut cut, struct date day)
{
    struct figure_ask ask = {.measure = (enum fact_measure)measure,
                             .cut = cut,
                             .all_teams = measure != PUBLISH_T3,
                             .any_rule = cut == CUT_DAY && measure != PUBLISH_T3,
                             .from = day,
                             .to = day};
    return publish_read(k->out->a, db, &ask);
}

/* No row: missing. */
static struct waits_cell find(const struct publish_rows *rows, int64_t team, struct str rule,
                              struct str part, bool total)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct publish_row *r = &rows->p[i];
        if (r->team != team || !str_eq(r->rule, rule) || !str_eq(r->part, part))
            continue;
        if (r->hidden || (total && r->few))
            return (struct waits_cell){CHART_HIDDEN, 0};
        return (struct waits_cell){CHART_KNOWN, total ? r->total : r->n};
    }
    return (struct waits_cell){CHART_MISSING, 0};
}

/* ---- who gives times where ---- */

struct str waits_profession(const struct named_list *county, struct str code, enum lang l)
{
    const struct publish_data *d = publish_data();
    for (size_t i = 0; i < d->professions.n; i++)
        if (str_eq(d->professions.p[i].code, code) && d->professions.p[i].name[l].n)
            return d->professions.p[i].name[l];
    return named_find(county, code, l);
}

static int by_unit(const void *p, const void *r)
{
    const struct calendar *x = p, *y = r;
    int c = str_cmp(x->profession, y->profession);
    if (!c)
        c = str_cmp(x->place, y->place);
    return c ? c : (x->team > y->team) - (x->team < y->team);
}

static struct waits_to *to_of(struct reading *k, const struct calendar *c)
{
    struct waits_tos *out = k->out;
    struct waits_to *last = out->list.n ? &out->list.p[out->list.n - 1] : NULL;
    if (last && waits_to_is(last, c->profession, c->place))
        return last;
    struct str part =
        str_fmt(out->a, STR_FMT "/" STR_FMT, STR_ARG(c->place), STR_ARG(c->profession));
    struct waits_to t = {.profession = c->profession,
                         .place = c->place,
                         .t3 = find(&k->t3, 0, S(""), part, true),
                         .calendars = find(&k->t3, 0, S(""), part, false).n};
    for (int l = 0; l < LANG_COUNT; l++) {
        t.profession_name[l] = waits_profession(&k->professions, c->profession, (enum lang)l);
        t.place_name[l] = c->place_name[l];
        t.area_name[l] = c->area.n ? named_find(&k->districts, c->area, (enum lang)l) : S("");
    }
    VEC_PUSH(out->a, &out->list, t);
    return &out->list.p[out->list.n - 1];
}

static void put_places(const struct reading *k, const struct team *team, struct waits_to_unit *u)
{
    for (size_t i = 0; i < k->calendars.n; i++) {
        const struct calendar *c = &k->calendars.p[i];
        struct str name = c->place_name[k->out->l];
        bool there = c->team != team->id;
        for (size_t j = 0; j < u->places.n && !there; j++)
            there = str_eq(u->places.p[j], name);
        if (!there)
            VEC_PUSH(k->out->a, &u->places, name);
    }
}

static struct waits_to_unit *unit_of(struct reading *k, struct waits_to *t,
                                     const struct calendar *c)
{
    const struct team *team = teams_by_id(&k->out->teams, c->team);
    struct waits_to_unit *last = t->units.n ? &t->units.p[t->units.n - 1] : NULL;
    if (!team || (last && last->team == team))
        return team ? last : NULL;
    struct waits_to_unit u = {.team = team,
                              .visits = find(&k->visits, team->id, S(""), c->profession, false),
                              .median = find(&k->median, team->id, S(""), c->profession, true)};
    put_places(k, team, &u);
    VEC_PUSH(k->out->a, &t->units, u);
    return &t->units.p[t->units.n - 1];
}

static void put_rule(struct reading *k, struct waits_to_unit *u, struct str rule)
{
    int found = law_rule_find(k->law, rule);
    struct waits_to_rule r = {.waiting = find(&k->waiting, u->team->id, rule, S(""), false),
                              .over = find(&k->over, u->team->id, rule, S(""), false)};
    if (found < 0 || r.waiting.state == CHART_MISSING)
        return;
    r.rule = law_rule(k->law, found);
    for (size_t i = 0; i < u->rules.n; i++)
        if (u->rules.p[i].rule == r.rule)
            return;
    VEC_PUSH(k->out->a, &u->rules, r);
}

/* The limits that visits of the calendar's kinds end. */
static void put_rules(struct reading *k, struct waits_to_unit *u, const struct calendar *c)
{
    const struct publish_data *d = publish_data();
    for (struct str left = c->types; left.n;) {
        const struct service_type *type = service_types_by_ref(&k->types, str_cut(&left, ' '));
        for (size_t i = 0; type && i < d->visits.n; i++)
            for (size_t r = 0;
                 r < d->visits.p[i].rules.n && str_eq(d->visits.p[i].reason, type->reason); r++)
                put_rule(k, u, d->visits.p[i].rules.p[r]);
    }
}

static int by_name(const void *p, const void *r)
{
    const struct waits_to *x = p, *y = r;
    int c = str_cmp(x->profession_name[0], y->profession_name[0]);
    return c ? c : str_cmp(x->place_name[0], y->place_name[0]);
}

static void put_all(struct reading *k)
{
    struct waits_tos *out = k->out;
    if (k->calendars.n)
        qsort(k->calendars.p, k->calendars.n, sizeof *k->calendars.p, by_unit);
    for (size_t i = 0; i < k->calendars.n; i++) {
        const struct calendar *c = &k->calendars.p[i];
        bool gives = c->kind == CALENDAR_PERSON || c->kind == CALENDAR_TEAM;
        if (!gives || c->ended || !c->profession.n || !c->place.n)
            continue;
        struct waits_to_unit *u = unit_of(k, to_of(k, c), c);
        if (u)
            put_rules(k, u, c);
    }
    if (out->list.n)
        qsort(out->list.p, out->list.n, sizeof *out->list.p, by_name);
}

bool waits_to_read(struct arena *a, struct db *db, const struct law *law, enum lang l,
                   struct waits_tos *out)
{
    *out =
        (struct waits_tos){.a = a, .l = l, .until = publish_until(db), .month = publish_month(db)};
    if (!date_is(out->until) || !date_is(out->month))
        return false;
    out->teams = teams_load(a, db);
    struct reading k = {.out = out,
                        .law = law,
                        .professions = professions_load(a, db),
                        .districts = districts_load(a, db),
                        .types = service_types_load(a, db),
                        .calendars = calendars_load(a, db)};
    k.t3 = rows_of(&k, db, PUBLISH_T3, CUT_DAY, out->until);
    k.visits = rows_of(&k, db, FACT_ASSESSED, CUT_PART, out->month);
    k.median = rows_of(&k, db, PUBLISH_MEDIAN, CUT_PART, out->month);
    k.waiting = rows_of(&k, db, PUBLISH_WAITING, CUT_DAY, out->until);
    k.over = rows_of(&k, db, PUBLISH_WAITING_OVER, CUT_DAY, out->until);
    put_all(&k);
    return true;
}

bool waits_to_is(const struct waits_to *t, struct str profession, struct str place)
{
    return (!profession.n || str_eq(t->profession, profession)) &&
           (!place.n || str_eq(t->place, place));
}

/* ---- the search ---- */

static void add_words(struct search_builder *b, uint32_t doc, struct str profession)
{
    const struct publish_data *d = publish_data();
    for (size_t i = 0; i < d->professions.n; i++)
        for (int l = 0; l < LANG_COUNT && str_eq(d->professions.p[i].code, profession); l++)
            search_add(b, doc, (enum lang)l, SEARCH_KEYWORD, d->professions.p[i].says[l]);
}

struct waits_to_hits waits_to_find(const struct waits_tos *tos, struct str text, size_t most)
{
    struct waits_to_hits out = {0};
    struct search_builder *b =
        search_begin_with(tos->a, &(struct search_conf){.no_synonyms = true});
    for (size_t i = 0; i < tos->list.n; i++) {
        const struct waits_to *t = &tos->list.p[i];
        for (int l = 0; l < LANG_COUNT; l++) {
            search_add(b, (uint32_t)i, (enum lang)l, SEARCH_NAME, t->profession_name[l]);
            search_add(b, (uint32_t)i, (enum lang)l, SEARCH_NAME, t->place_name[l]);
            search_add(b, (uint32_t)i, (enum lang)l, SEARCH_TEXT, t->area_name[l]);
        }
        add_words(b, (uint32_t)i, t->profession);
    }
    struct search *index = search_end(b, tos->list.n);
    struct search_hits hits = search_find(tos->a, index, tos->l, text, most);
    for (size_t i = 0; i < hits.n; i++)
        if (i == 0 || hits.p[i].score * 2 > hits.p[0].score)
            VEC_PUSH(tos->a, &out, &tos->list.p[hits.p[i].doc]);
    out.clear =
        (out.n == 1 && !hits.near) || (out.n > 1 && hits.p[1].score * 1.02 < hits.p[0].score);
    return out;
}
