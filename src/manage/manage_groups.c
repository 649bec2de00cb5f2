/*
 * manage_groups.c: who uses digital channels and who does not, and whether waits are kept in time
 * alike: shares of groups by age, language, area and channel, each with its interval, against
 * everybody.
 *
 * A group is held against all others (a z test of two proportions); as many groups are looked at on
 * a page at once, a difference is told only where it stands Holm's correction for all of them.
 *
 * Whether a month is hidden depends on its own numbers: those with one to four late are, those with
 * none are not. A share of the months that are left would be too good, so a group of which more
 * than two months of twelve are hidden has none, and only one of which all are told is compared.
 */
#include "manage/manage_look.h"

#include "matter/fact.h"

enum { MONTHS = 12, MONTHS_LEAST = 10, CUTS = 4, DIGITAL_CUTS = 3 };
static const double LEVEL = 0.05;

struct group {
    struct str code, name;
    int64_t k, n, others_k, others_n;
    int months;
    bool differs;
};
struct groups {
    LIST_FIELDS(struct group);
};

/* What share of what, of whom. */
struct sharing {
    int top, bottom;
    struct str rule;
    int64_t team;
    struct manage_span months;
    struct groups of[CUTS];
    struct manage_rows whole_top, whole_bottom;
    int cuts; /* how many of them */
    size_t compared;
};
static const struct cutting {
    enum figure_cut cut;
    const char *id, *head;
} cuts[CUTS] = {
    {CUT_LANGUAGE, "language", N_("Language")},
    {CUT_AGE, "age", N_("Age")},
    {CUT_DISTRICT, "area", N_("Area")},
    {CUT_CHANNEL, "channel", N_("Channel")},
};

/* ---- the groups ---- */

static void add_name(struct manage_look *k, struct manage_names *list, struct str code,
                     struct str name)
{
    struct manage_name n = {code, name};
    VEC_PUSH(k->a, list, n);
}

struct manage_names manage_groups_of(struct manage_look *k, enum figure_cut cut)
{
    const struct fact_data *d = fact_data();
    struct manage_names list = {0};
    for (size_t i = 0; cut == CUT_AGE && i < d->ages.n; i++)
        add_name(k, &list, d->ages.p[i].code, d->ages.p[i].name[k->l]);
    for (size_t i = 0; cut == CUT_LANGUAGE && i < d->languages.n; i++)
        add_name(k, &list, d->languages.p[i].code, d->languages.p[i].name[k->l]);
    for (int i = 0; cut == CUT_CHANNEL && i < CHANNEL_COUNT; i++)
        add_name(k, &list, str_of(matter_channel_code((enum matter_channel)i)),
                 tr(k->l, matter_channel_words((enum matter_channel)i)));
    if (cut == CUT_DISTRICT) {
        struct named_list districts = districts_load(k->a, k->db);
        for (size_t i = 0; i < districts.n; i++)
            add_name(k, &list, districts.p[i].ref, districts.p[i].name[k->l]);
    }
    if (cut == CUT_LANGUAGE || cut == CUT_DISTRICT)
        add_name(k, &list, S("unknown"), tr(k->l, "Not known"));
    return list;
}

static struct groups groups_of(struct manage_look *k, enum figure_cut cut)
{
    struct manage_names names = manage_groups_of(k, cut);
    struct groups list = {0};
    for (size_t i = 0; i < names.n; i++) {
        struct group g = {.code = names.p[i].code, .name = names.p[i].name};
        VEC_PUSH(k->a, &list, g);
    }
    return list;
}

static struct manage_rows read_cut(struct manage_look *k, const struct sharing *s, int measure,
                                   enum figure_cut cut)
{
    struct manage_ask ask = {.measure = measure,
                             .cut = cut,
                             .team = s->team,
                             .rule = s->rule,
                             .from = s->months.from,
                             .to = s->months.to};
    return manage_read(&k->s, &ask);
}

static struct manage_value cell(struct manage_look *k, const struct sharing *s,
                                const struct manage_rows *rows, struct str part, int month)
{
    struct manage_row where = {.team = s->team,
                               .rule = s->rule,
                               .part = part,
                               .day = date_add_months(s->months.from, month)};
    return manage_at(&k->s, rows, &where);
}

static void sum_group(struct manage_look *k, struct sharing *s, const struct manage_rows *top,
                      const struct manage_rows *bottom, struct group *g)
{
    for (int m = 0; m < MONTHS; m++) {
        struct manage_value t = cell(k, s, top, g->code, m), b = cell(k, s, bottom, g->code, m),
                            all_t = cell(k, s, &s->whole_top, S(""), m),
                            all_b = cell(k, s, &s->whole_bottom, S(""), m);
        if (manage_add(manage_add(t, b), manage_add(all_t, all_b)).state != MANAGE_SHOWN)
            continue;
        g->k += t.n;
        g->n += b.n;
        g->others_k += all_t.n - t.n;
        g->others_n += all_b.n - b.n;
        g->months++;
    }
}

/* All groups of all cuts at once: that is how many are compared. */
static void judge(struct manage_look *k, struct sharing *s)
{
    size_t n = 0, at = 0;
    for (int c = 0; c < CUTS; c++)
        n += s->of[c].n;
    double *p = ARENA_ARRAY(k->a, n, double);
    bool *differs = ARENA_ARRAY(k->a, n, bool);
    for (int c = 0; c < CUTS; c++)
        for (size_t i = 0; i < s->of[c].n; i++, at++) {
            const struct group *g = &s->of[c].p[i];
            p[at] = g->months < MONTHS ? -1 : manage_chance(g->k, g->n, g->others_k, g->others_n);
        }
    s->compared = manage_holm(p, n, LEVEL, differs);
    at = 0;
    for (int c = 0; c < CUTS; c++)
        for (size_t i = 0; i < s->of[c].n; i++)
            s->of[c].p[i].differs = differs[at++];
}

static void read_sharing(struct manage_look *k, struct sharing *s)
{
    s->whole_top = read_cut(k, s, s->top, CUT_MONTH);
    s->whole_bottom = read_cut(k, s, s->bottom, CUT_MONTH);
    for (int c = 0; c < s->cuts; c++) {
        struct manage_rows top = read_cut(k, s, s->top, cuts[c].cut),
                           bottom = read_cut(k, s, s->bottom, cuts[c].cut);
        s->of[c] = groups_of(k, cuts[c].cut);
        for (size_t i = 0; i < s->of[c].n; i++)
            sum_group(k, s, &top, &bottom, &s->of[c].p[i]);
    }
    judge(k, s);
}

/* ---- showing ---- */

static struct chart_value share_value(int64_t k, int64_t n)
{
    struct manage_share s;
    return manage_wilson(k, n, &s) ? chart_between(100 * s.v, 100 * s.low, 100 * s.high)
                                   : (struct chart_value){0};
}

static void put_whole(struct manage_look *k, const struct sharing *s, struct chart *c)
{
    int64_t top = 0, bottom = 0;
    for (int m = 0; m < MONTHS; m++) {
        struct manage_value t = cell(k, s, &s->whole_top, S(""), m),
                            b = cell(k, s, &s->whole_bottom, S(""), m);
        if (t.state != MANAGE_SHOWN || b.state != MANAGE_SHOWN)
            continue;
        top += t.n;
        bottom += b.n;
    }
    chart_whole(c, tr(k->l, "Everybody"), share_value(top, bottom));
}

static void say_differences(struct manage_look *k, struct manage_part *p, const struct groups *list)
{
    struct buf names = buf_new(k->a, 4096);
    bool short_of_months = false, compared = false;
    for (size_t i = 0; i < list->n; i++) {
        const struct group *g = &list->p[i];
        short_of_months = short_of_months || (g->months && g->months < MONTHS);
        compared = compared || g->months == MONTHS;
        if (!g->differs)
            continue;
        bool less = (double)g->k / (double)g->n < (double)g->others_k / (double)g->others_n;
        struct str words =
            tr_fill(k->a, less ? tr(k->l, "%1 (less)") : tr(k->l, "%1 (more)"), &g->name, 1);
        buf_fmt(&names, "%s" STR_FMT, names.n ? ", " : "", STR_ARG(words));
    }
    struct str differ = buf_get(&names);
    if (differ.n)
        manage_say(k, p,
                   tr_fill(k->a, tr(k->l, "Differs from all others by more than chance: %1."),
                           &differ, 1));
    else if (compared)
        manage_say(k, p, tr(k->l, "No difference here is told apart from chance."));
    if (short_of_months)
        manage_say(k, p,
                   tr(k->l, "Of some groups months are hidden. Hidden months are those with small "
                            "numbers, and what is left would look too good: so a group is compared "
                            "only if all its months are told, and has no share if more than two "
                            "are not."));
}

static void put_cut(struct manage_look *k, const struct sharing *s, int at, struct chart c)
{
    const struct groups *list = &s->of[at];
    struct str head = tr(k->l, cuts[at].head),
               title = str_fmt(k->a, STR_FMT ": " STR_FMT, STR_ARG(head), STR_ARG(c.title));
    struct manage_part *p = manage_part(k, cuts[at].id, title);
    size_t shown = 0;
    c.kind = CHART_INTERVALS;
    c.judged = true;
    c.id = str_fmt(k->a, "by-%s", cuts[at].id);
    c.head = head;
    c.title = title;
    chart_series(&c, tr(k->l, "Share, per cent"));
    put_whole(k, s, &c);
    for (size_t i = 0; i < list->n; i++) {
        const struct group *g = &list->p[i];
        bool told = g->months >= MONTHS_LEAST;
        struct chart_value v = told ? share_value(g->k, g->n) : chart_hidden();
        if (told && !g->n)
            continue;
        chart_row(k->a, &c, g->name, &v);
        shown += told;
    }
    if (!shown) {
        manage_say(k, p, tr(k->l, "Nothing of this can be told."));
        return;
    }
    say_differences(k, p, list);
    manage_chart(k, p, c);
}

static struct sharing sharing_of(struct manage_look *k, int top, int bottom, struct str rule)
{
    int64_t team = manage_exact(&k->s, k->team) && top != PUBLISH_DIGITAL ? k->team : 0;
    struct date last = manage_month(&k->s, team);
    return (struct sharing){
        .top = top,
        .bottom = bottom,
        .rule = rule,
        .team = team,
        .cuts = top == PUBLISH_DIGITAL ? DIGITAL_CUTS : CUTS,
        .months = {date_is(last) ? date_add_months(last, 1 - MONTHS) : DATE_NONE, last}};
}

/* Whose numbers these are, how they were compared; false: there are none. */
static bool say_method(struct manage_look *k, struct manage_part *p, struct sharing *s)
{
    if (s->team != k->team)
        manage_say(k, p, tr(k->l, "Published of the whole county, not of each unit."));
    if (!date_is(s->months.to)) {
        manage_say(k, p, tr(k->l, "No whole month has been published yet."));
        return false;
    }
    read_sharing(k, s);
    struct str words[] = {fmt_month(k->a, k->l, s->months.from),
                          fmt_month(k->a, k->l, s->months.to),
                          fmt_int(k->a, k->l, (int64_t)s->compared)};
    manage_say(k, p,
               tr_fill(k->a,
                       tr(k->l, "From %1 to %2. The lines are 95% intervals (Wilson): what "
                                "another year like this could as well have given."),
                       words, 3));
    manage_say(
        k, p,
        tr_fill(k->a,
                tr(k->l, "%3 groups were each compared with all others. Among so many some "
                         "always differ by chance, so a difference is told only where chance "
                         "would give even one such in less than 5% of all cases (Holm's "
                         "method)."),
                words, 3));
    return true;
}

/* ---- in time alike? ---- */

void manage_put_kept(struct manage_look *k)
{
    struct sharing s = sharing_of(k, FACT_KEPT, FACT_REALISED, k->rule);
    struct manage_part *p = manage_part(k, "how", tr(k->l, "In time alike?"));
    manage_def(k, p, "equity");
    manage_def(k, p, "realised-in-time");
    struct chart c = {.title = tr(k->l, "realised in time"),
                      .unit = tr(k->l, "% of realised waits")};
    if (say_method(k, p, &s))
        for (int i = 0; i < s.cuts; i++)
            put_cut(k, &s, i, c);
}

/* ---- digital ---- */

static void put_channels(struct manage_look *k)
{
    struct sharing s = sharing_of(k, FACT_RECEIVED, FACT_RECEIVED, S(""));
    if (!date_is(s.months.to))
        return;
    struct manage_part *p = manage_part(k, "channels", tr(k->l, "How contacts came"));
    struct manage_rows rows = read_cut(k, &s, FACT_RECEIVED, CUT_CHANNEL);
    struct str name = fmt_month(k->a, k->l, s.months.to);
    struct chart c = {.kind = CHART_BARS,
                      .id = S("channel"),
                      .title = tr_fill(k->a, tr(k->l, "Contacts in %1 by channel"), &name, 1),
                      .unit = tr(k->l, "contacts"),
                      .head = tr(k->l, "Channel")};
    chart_series(&c, tr(k->l, "Contacts"));
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        struct str code = str_of(matter_channel_code((enum matter_channel)i));
        struct chart_value v = manage_chart_value(cell(k, &s, &rows, code, MONTHS - 1));
        chart_row(k->a, &c, tr(k->l, matter_channel_words((enum matter_channel)i)), &v);
    }
    manage_chart(k, p, c);
    manage_def(k, p, "received");
}

void manage_digital(struct manage_look *k)
{
    struct sharing s = sharing_of(k, PUBLISH_DIGITAL, FACT_RECEIVED, S(""));
    k->v.title = tr(k->l, "Who uses digital channels, and who does not");
    struct manage_part *p = manage_part(k, "how", tr(k->l, "How this is read"));
    manage_def(k, p, "digital-use");
    struct chart c = {.title = tr(k->l, "came by a digital channel"),
                      .unit = tr(k->l, "% of contacts")};
    if (say_method(k, p, &s))
        for (int i = 0; i < s.cuts; i++)
            put_cut(k, &s, i, c);
    put_channels(k);
    p = manage_part(k, "digital-trend", tr(k->l, "By month"));
    manage_trend(
        k, p,
        &(struct manage_trend){"digital", tr(k->l, "Came by a digital channel"), {"digital"}});
}
