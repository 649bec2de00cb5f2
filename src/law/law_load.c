/*
 * law_load.c: data/law/rules.json and reasons.json into a struct law. The data is edited by people
 * who read statutes, not C, so it is checked to the last member: an unknown or missing one, a date
 * that is none, versions that overlap, a rule that no event can start, is an error that names its
 * place. The first error is kept; reading goes on with empty values.
 */
#include "law/law_read.h"

/* ---- switches, holidays, conditions ---- */

static int clock_time(struct load *l, const struct jv *o, const char *key)
{
    struct str m = jv_str_of(o, key), h = str_cut(&m, ':');
    int64_t hour = -1, minute = -1;
    if (!str_int(h, &hour) || !str_int(m, &minute) || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59)
        bad(l, key, "a time as 08:00 is needed");
    return (int)(hour * 60 + minute);
}

static const struct jv *a_switch(struct load *l, const struct jv *all, const char *name)
{
    at(l, "switches.%s", name);
    const struct jv *s = jv_get(all, name);
    word(l, s, "mark", "C S NC");
    text(l, s, "source");
    return s;
}

static bool flag(struct load *l, const struct jv *all, const char *name)
{
    const struct jv *s = a_switch(l, all, name);
    only(l, s, "value mark source");
    if (jv_kind(jv_get(s, "value")) != JV_BOOL)
        bad(l, "value", "true or false is needed");
    return jv_bool(jv_get(s, "value"));
}

static void read_switches(struct load *l, const struct jv *all)
{
    struct law *law = l->law;
    at(l, "switches");
    only(l, all,
         "office-hours outside-office-hours keep-shorter-limit social-month-shift "
         "at-once-minutes fallback");
    const struct jv *s = a_switch(l, all, "office-hours");
    only(l, s, "open close mark source");
    law->office_open = clock_time(l, s, "open");
    law->office_close = clock_time(l, s, "close");
    if (law->office_open >= law->office_close)
        bad(l, "close", "must be after \"open\"");
    for (int i = 0; i < 5; i++)
        law->office.week[i] =
            (struct law_open){.span = {{law->office_open, law->office_close}}, .n = 1};
    s = a_switch(l, all, "outside-office-hours");
    only(l, s, "value mark source");
    law->next_opening = word(l, s, "value", "same-day next-opening") == 1;
    law->keep_shorter = flag(l, all, "keep-shorter-limit");
    law->social_shift = flag(l, all, "social-month-shift");
    s = a_switch(l, all, "at-once-minutes");
    only(l, s, "value mark source");
    law->at_once_minutes = number(l, s, "value", 1, 480);
}

static void month_day(struct load *l, const struct jv *o, const char *key, struct holiday_rule *h)
{
    struct str d = jv_str_of(o, key), m = str_cut(&d, '-');
    int64_t month = 0, dom = 0;
    /* 2001 had no 29 February: a day that not every year has cannot be a holiday here. */
    if (str_int(m, &month) && str_int(d, &dom) && month > 0 && month < 13 && dom > 0 && dom < 32 &&
        date_valid(2001, (int)month, (int)dom)) {
        h->month = (int)month;
        h->day = (int)dom;
        return;
    }
    bad(l, key, "a month and day as 12-06 is needed");
    h->month = h->day = 1;
}

static void read_holiday(struct load *l, const struct jv *o, struct holiday_rule *h)
{
    if (jv_get(o, "easter")) {
        h->kind = HOLIDAY_EASTER;
        h->offset = number(l, o, "easter", -60, 60);
    } else if (jv_get(o, "weekday")) {
        h->kind = HOLIDAY_WEEKDAY;
        h->weekday = number(l, o, "weekday", 1, 7);
        month_day(l, o, "from", h);
    } else {
        h->kind = HOLIDAY_FIXED;
        month_day(l, o, "fixed", h);
    }
}

static void read_holidays(struct load *l, const struct jv *root)
{
    struct calendar *c = &l->law->cal;
    const struct jv *list = jv_get(root, "holidays");
    size_t n = jv_len(list);
    at(l, "holidays");
    if (n == 0 || n > 64)
        bad(l, "", "1 to 64 are needed, there are %zu", n);
    if (l->failed)
        return;
    struct str source = text(l, root, "holiday_source");
    c->holidays = ARENA_ARRAY(l->a, n, struct law_holiday);
    c->when = ARENA_ARRAY(l->a, n, struct holiday_rule);
    c->n = n;
    for (size_t i = 0; i < n; i++) {
        const struct jv *o = jv_at(list, i);
        at(l, "holidays[%zu]", i);
        only(l, o, "code fixed easter weekday from unsettled names");
        c->holidays[i].code = text(l, o, "code");
        c->holidays[i].unsettled = jv_bool(jv_get(o, "unsettled"));
        c->holidays[i].source = source;
        texts(l, o, "names", c->holidays[i].name);
        read_holiday(l, o, &c->when[i]);
    }
    calendar_build(c);
}

static void read_conditions(struct load *l, const struct jv *list)
{
    struct law *law = l->law;
    size_t n = jv_len(list);
    at(l, "conditions");
    if (n > CONDITIONS_MAX)
        bad(l, "", "at most %d fit", CONDITIONS_MAX);
    if (l->failed)
        return;
    law->conditions = ARENA_ARRAY(l->a, n, struct condition);
    law->condition_n = n;
    for (size_t i = 0; i < n; i++) {
        const struct jv *o = jv_at(list, i);
        struct condition *c = &law->conditions[i];
        at(l, "conditions[%zu]", i);
        only(l, o, "code under by_age names");
        c->code = text(l, o, "code");
        c->under = jv_get(o, "under") ? number(l, o, "under", 1, 130) : 0;
        c->by_age = jv_bool(jv_get(o, "by_age"));
        if (c->by_age && !c->under)
            bad(l, "by_age", "needs \"under\"");
        texts(l, o, "names", c->name);
    }
}

/* ---- rules ---- */

static struct str who_name(struct load *l, const struct who *w, size_t i)
{
    if (w->alt[i].condition >= 0)
        return l->law->conditions[w->alt[i].condition].name[LANG_EN];
    if (w->alt[i].under)
        return str_fmt(l->a, "under %d", w->alt[i].under);
    /* A birthday that stands against an "under" is "and over"; else it is a birthday. */
    if (w->n == 1)
        return str_fmt(l->a, "%d and over", w->alt[i].from);
    return str_fmt(l->a, "from the %dth birthday", w->alt[i].from);
}

static int read_who(struct load *l, const struct jv *v)
{
    struct who w = {0};
    struct law *law = l->law;
    if (jv_kind(v) == JV_ARRAY && jv_len(v) > 0 && jv_len(v) <= ALTERNATIVES_MAX)
        w.n = jv_len(v);
    else if (!str_eq(jv_str(v), S("all")))
        bad(l, "who", "\"all\" or a list of 1 to %d alternatives is needed", ALTERNATIVES_MAX);
    struct buf b = buf_new(l->a, 256);
    for (size_t i = 0; i < w.n; i++) {
        const struct jv *o = jv_at(v, i);
        only(l, o, "under from condition");
        if (jv_len(o) != 1)
            bad(l, "who", "an alternative has one of \"under\", \"from\", \"condition\"");
        w.alt[i].condition = -1;
        if (jv_get(o, "under"))
            w.alt[i].under = number(l, o, "under", 1, 130);
        else if (jv_get(o, "from"))
            w.alt[i].from = number(l, o, "from", 1, 130);
        else
            w.alt[i].condition = condition_index(l, "who", jv_str_of(o, "condition"));
        if (l->failed)
            return 0;
        if (i)
            buf_lit(&b, ", or ");
        buf_str(&b, who_name(l, &w, i));
    }
    w.text = w.n ? buf_get(&b) : S("all");
    for (size_t i = 0; i < law->who_n; i++)
        if (str_eq(law->who[i].text, w.text))
            return (int)i;
    struct {
        LIST_FIELDS(struct who);
    } list = {law->who, law->who_n, law->who_cap};
    VEC_PUSH(l->a, &list, w);
    law->who = list.p;
    law->who_n = list.n;
    law->who_cap = list.cap;
    return (int)law->who_n - 1;
}

static struct law_limit read_limit(struct load *l, const struct jv *o)
{
    struct law_limit limit = {0, LAW_AT_ONCE};
    only(l, o, "n unit");
    limit.unit = (enum law_unit)word(l, o, "unit",
                                     "at-once same-day working-days days weeks months window "
                                     "opening-days opening-hours opening-minutes");
    if (limit.unit > LAW_SAME_DAY)
        limit.n = number(l, o, "n", 1, limit.unit == LAW_OPENING_HOURS ? 3000 : 400);
    return limit;
}

/* What a version does not say itself, the rule says. */
static struct str own_or(const struct jv *version, const struct jv *rule, const char *key)
{
    struct str s = jv_str_of(version, key);
    return s.n ? s : jv_str_of(rule, key);
}

static struct law_codes read_codes(struct load *l, const struct jv *o, const char *key)
{
    struct law_codes codes = {0};
    const struct jv *list = jv_get(o, key);
    if (list && (jv_kind(list) != JV_ARRAY || jv_len(list) == 0))
        bad(l, key, "a list of codes is needed");
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str code = jv_str(jv_at(list, i));
        if (!code.n)
            bad(l, key, "a code is a text");
        VEC_PUSH(l->a, &codes, code);
    }
    return codes;
}

/* The law makes no difference of channels, and counts in no team's hours. */
static void check_promise(struct load *l, const struct jv *rule, const struct law_version *v)
{
    if (str_eq(jv_str_of(rule, "kind"), S("promise")))
        return;
    if (has_conditions(v))
        bad(l, "", "only a promise may ask for channels, forms, reasons or teams");
    if (unit_is_opening(v->limit.unit))
        bad(l, "limit", "only a promise may be counted by a team's hours");
}

static struct law_version read_version(struct load *l, const struct jv *rule, const struct jv *o)
{
    only(l, o,
         "from to who channels forms reasons teams limit mark source note starts starts_text "
         "stops_text");
    struct law_version v = {
        .from = day(l, o, "from"),
        .to = jv_get(o, "to") ? day(l, o, "to") : DATE_NONE,
        .who = read_who(l, jv_get(o, "who")),
        .channels = read_codes(l, o, "channels"),
        .forms = read_codes(l, o, "forms"),
        .reasons = read_codes(l, o, "reasons"),
        .teams = read_codes(l, o, "teams"),
        .limit = read_limit(l, jv_get(o, "limit")),
        .mark = (enum law_mark)word(l, o, "mark", "C S NC"),
        .source = text(l, o, "source"),
        .note = jv_str_of(o, "note"),
        .starts = events(l, jv_get(o, "starts") ? o : rule, "starts"),
        .starts_text = own_or(o, rule, "starts_text"),
        .stops_text = own_or(o, rule, "stops_text"),
    };
    if (date_is(v.to) && v.to.day < v.from.day)
        bad(l, "to", "is before \"from\"");
    if (!v.starts_text.n || !v.stops_text.n)
        bad(l, "", "\"starts_text\" or \"stops_text\" is missing");
    check_promise(l, rule, &v);
    return v;
}

/* Could one matter be within both? Lists that share nothing keep versions apart; one that only one
 * of the two has does not count, as the version that has it asks for more. */
static bool lists_apart(const struct law_codes *x, const struct law_codes *y)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < y->n; k++)
            if (str_eq(x->p[i], y->p[k]))
                return false;
    return x->n || y->n;
}

static bool same_people(const struct law_version *x, const struct law_version *y)
{
    return x->who == y->who && !lists_apart(&x->channels, &y->channels) &&
           !lists_apart(&x->forms, &y->forms) && !lists_apart(&x->reasons, &y->reasons) &&
           !lists_apart(&x->teams, &y->teams);
}

/* Versions stand in order, and two for the same people are never in force on one day. */
static void check_versions(struct load *l, const struct law_rule *r)
{
    for (size_t i = 1; i < r->version_count; i++) {
        const struct law_version *v = &r->versions[i];
        if (v->from.day < r->versions[i - 1].from.day)
            bad(l, "versions", "not in order of \"from\"");
        for (size_t k = 0; k < i; k++) {
            const struct law_version *u = &r->versions[k];
            if ((!date_is(u->to) || u->to.day >= v->from.day) && same_people(u, v))
                bad(l, "versions", "numbers %zu and %zu overlap for the same people", k, i);
        }
    }
}

static void read_rule(struct load *l, const struct jv *o, size_t i)
{
    struct law_rule *r = &l->law->rules[i];
    at(l, "rules[%zu]", i);
    only(l, o,
         "id kind field names resident worker starts starts_text stops stops_text "
         "renewed_by counted versions");
    r->id = text(l, o, "id");
    if (law_rule_find(l->law, r->id) != (int)i)
        bad(l, "id", "\"" STR_FMT "\" stands here twice", STR_ARG(r->id));
    r->kind = (enum law_kind)word(l, o, "kind", "statute promise");
    r->field = (enum law_field)word(l, o, "field", "health social common");
    texts(l, o, "names", r->name);
    texts(l, o, "resident", r->resident);
    texts(l, o, "worker", r->worker);
    r->stops = events(l, o, "stops");
    r->renewed_by = events(l, o, "renewed_by");
    if (!r->stops)
        bad(l, "stops", "no event stops the clock");
    if (jv_get(o, "counted"))
        r->office_hours = word(l, o, "counted", "arrival office-hours") == 1;
    const struct jv *list = jv_get(o, "versions");
    size_t n = jv_len(list);
    struct law_version *v = ARENA_ARRAY(l->a, n, struct law_version);
    for (size_t k = 0; k < n; k++) {
        at(l, "rules[%zu].versions[%zu]", i, k);
        v[k] = read_version(l, o, jv_at(list, k));
    }
    r->versions = v;
    r->version_count = n;
    at(l, "rules[%zu]", i);
    if (!n)
        bad(l, "versions", "there is none");
    check_versions(l, r);
}

static void read_rules(struct load *l, const struct jv *root)
{
    at(l, "%s", "");
    only(l, root, "about switches holiday_source holidays conditions rules");
    read_switches(l, jv_get(root, "switches"));
    read_holidays(l, root);
    read_conditions(l, jv_get(root, "conditions"));
    const struct jv *list = jv_get(root, "rules");
    size_t n = jv_len(list);
    at(l, "rules");
    if (n == 0 || n > RULES_MAX)
        bad(l, "", "1 to %d are needed, there are %zu", RULES_MAX, n);
    if (l->failed)
        return;
    l->law->rules = ARENA_ARRAY(l->a, n, struct law_rule);
    l->law->rule_n = n;
    for (size_t i = 0; i < n && !l->failed; i++)
        read_rule(l, jv_at(list, i), i);
    const struct jv *s = a_switch(l, jv_get(root, "switches"), "fallback");
    only(l, s, "rule mark source");
    l->law->fallback = law_rule_find(l->law, text(l, s, "rule"));
    if (l->law->fallback < 0)
        bad(l, "rule", "is not among the rules");
}

/* ---- both files ---- */

static void load_file(struct load *l, const char *file, struct str json,
                      void (*read)(struct load *, const struct jv *))
{
    struct json_error e;
    l->file = file;
    if (l->failed)
        return;
    const struct jv *root = json_parse(l->a, json, &e);
    at(l, "%s", "");
    if (root)
        read(l, root);
    else
        bad(l, "", "line %d, column %d: %s", e.line, e.column, e.text);
}

const struct law *law_load(struct arena *a, struct str rules_text, struct str reasons_text,
                           struct str *why)
{
    struct load l = {.a = a, .law = ARENA_NEW(a, struct law), .why = why};
    load_file(&l, "rules.json", rules_text, read_rules);
    load_file(&l, "reasons.json", reasons_text, read_reasons);
    return l.failed ? NULL : l.law;
}
