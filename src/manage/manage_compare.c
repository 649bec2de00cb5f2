/*
 * manage_compare.c: two periods or two units side by side. A difference is told only where both are
 * of one definition on all their days; else a plain warning says what changed and when, and the
 * numbers stand beside each other without one.
 */
#include "manage/manage_web.h"

enum { MONTHS_BACK = 39, SPAN = 3 };
static const double LEVEL = 0.05;

/* One side of the comparison. */
struct side {
    int64_t team;
    struct manage_span months; /* first days; both within */
    struct manage_point point;
};
struct comparing {
    struct manage_look *k;
    const struct manage_figure *f;
    struct side x, y;
};

/* "2026-10"; the fallback where it is not a month of the last years. */
static struct date month_asked(const struct comparing *c, struct str text, struct date fallback)
{
    struct date d, last = date_month(date_of(c->k->now));
    if (!date_parse(str_fmt(c->k->a, "%.7s-01", str_z(c->k->a, text)), &d) || text.n != 7)
        return fallback;
    return d.day > last.day || d.day < date_add_months(last, -MONTHS_BACK).day ? fallback : d;
}

static bool read_side(struct rq *rq, struct comparing *c, struct side *s, const char *names[3],
                      struct date to)
{
    struct str team = rq_query(rq, names[0]);
    s->team = c->k->team;
    if (team.n && (!str_int(team, &s->team) || (s->team && !teams_by_id(&c->k->teams, s->team))))
        return false;
    s->months.to = month_asked(c, rq_query(rq, names[2]), to);
    s->months.from = month_asked(c, rq_query(rq, names[1]), date_add_months(to, 1 - SPAN));
    if (s->months.from.day > s->months.to.day)
        s->months.from = s->months.to;
    return true;
}

static bool read_asked(struct rq *rq, struct comparing *c)
{
    struct date last = manage_month(&c->k->s, 0);
    if (!date_is(last))
        last = date_add_months(date_month(date_of(c->k->now)), -1);
    c->f = manage_figure_find(rq_query(rq, "figure"));
    if (!c->f)
        c->f = &manage_figures[1];
    return read_side(rq, c, &c->x, (const char *[]){"x", "xf", "xt"}, date_add_months(last, -12)) &&
           read_side(rq, c, &c->y, (const char *[]){"y", "yf", "yt"}, last);
}

/* ---- are they equal? ---- */

static struct manage_span days_of(struct manage_span months)
{
    return (struct manage_span){months.from, date_month_end(months.to)};
}

static struct manage_span around(struct manage_span x, struct manage_span y)
{
    return (struct manage_span){x.from.day < y.from.day ? x.from : y.from,
                                x.to.day > y.to.day ? x.to : y.to};
}

/* The rule's limit itself: what is held against it means something else after it changed. */
static bool limit_changed(const struct comparing *c, struct manage_span all, struct str *words)
{
    int rule = law_rule_find(c->k->law, c->k->rule);
    struct buf b = buf_new(c->k->a, 4096);
    const struct law_rule *r = rule < 0 ? NULL : law_rule(c->k->law, rule);
    struct date last = DATE_NONE;
    for (size_t i = 0; c->f->limit && r && i < r->version_count; i++) {
        struct date from = r->versions[i].from;
        if (from.day > all.from.day && from.day <= all.to.day && from.day != last.day) {
            struct str day = fmt_date(c->k->a, c->k->l, from);
            struct str said = tr_fill(
                c->k->a, tr(c->k->l, "On %1 the limit in the law or in the promise changed."), &day,
                1);
            buf_fmt(&b, " " STR_FMT, STR_ARG(said));
            last = from;
        }
    }
    *words = buf_get(&b);
    return b.n > 0;
}

static void add_versions(const struct comparing *c, const struct figure_def *d,
                         struct manage_span all, struct buf *b)
{
    for (size_t i = 1; i < d->versions.n; i++) {
        const struct figure_version *v = &d->versions.p[i];
        if (v->from.day <= all.from.day || v->from.day > all.to.day ||
            str_eq(v->key, d->versions.p[i - 1].key))
            continue;
        struct str words[] = {fmt_date(c->k->a, c->k->l, v->from), v->note[c->k->l]};
        struct str said = tr_fill(c->k->a, tr(c->k->l, "On %1: %2"), words, 2);
        buf_fmt(b, " " STR_FMT, STR_ARG(said));
    }
}

/* Is the second period of one definition throughout, so that units may stand side by side? */
static bool one_definition(const struct comparing *c)
{
    struct manage_span y = days_of(c->y.months);
    const struct figure_def *d = figure_def_find(str_of(c->f->def));
    struct str limit;
    return !limit_changed(c, y, &limit) && (!d || manage_equal(d, y, y));
}

/* May a difference be told? Else the page warns. */
static bool warn_unequal(const struct comparing *c)
{
    struct manage_look *k = c->k;
    struct manage_span x = days_of(c->x.months), y = days_of(c->y.months), all = around(x, y);
    const struct figure_def *d = figure_def_find(str_of(c->f->def));
    struct str limit;
    bool changed = limit_changed(c, all, &limit), unequal = d && !manage_equal(d, x, y);
    if (!changed && !unequal)
        return false;
    struct buf b = buf_new(k->a, 16384);
    buf_str(&b, tr(k->l, "The definition is not the same in both, so no difference is calculated: "
                         "it would tell of the change of the definition."));
    if (unequal)
        add_versions(c, d, all, &b);
    buf_str(&b, limit);
    k->v.notice = (struct ui_notice){
        .tone = UI_WARN, .heading = tr(k->l, "These cannot be compared"), .text = buf_get(&b)};
    return true;
}

/* ---- showing ---- */

static struct str months_words(struct manage_look *k, struct manage_span m)
{
    struct str ends[] = {fmt_month(k->a, k->l, m.from), fmt_month(k->a, k->l, m.to)};
    return m.from.day == m.to.day
               ? ends[0]
               : str_fmt(k->a, STR_FMT " – " STR_FMT, STR_ARG(ends[0]), STR_ARG(ends[1]));
}

static void put_side(struct comparing *c, struct manage_table *t, struct side *s)
{
    struct manage_look *k = c->k;
    struct manage_line *line = manage_line(k, t);
    s->point = manage_whole(k, c->f, s->team, s->months);
    manage_cell(k, line, manage_team_name(k, s->team), false);
    manage_cell(k, line, months_words(k, s->months), false);
    manage_cell(k, line, manage_point_words(k, c->f, s->point), true);
    manage_cell(k, line,
                s->point.state == MANAGE_SHOWN && c->f->kind != MANAGE_COUNT &&
                        c->f->kind != MANAGE_STOCK
                    ? fmt_int(k->a, k->l, s->point.n)
                    : S("–"),
                true);
}

static void put_difference(struct comparing *c, struct manage_part *p)
{
    struct manage_look *k = c->k;
    if (c->x.point.state != MANAGE_SHOWN || c->y.point.state != MANAGE_SHOWN) {
        manage_say(k, p,
                   tr(k->l, "No difference can be calculated: one of the numbers is not told."));
        return;
    }
    struct str by = manage_decimal(k, c->y.point.v - c->x.point.v, c->f->decimals);
    manage_say(
        k, p,
        tr_fill(k->a,
                c->f->kind == MANAGE_SHARE
                    ? tr(k->l, "Difference, the second less the first: %1 percentage points.")
                    : tr(k->l, "Difference, the second less the first: %1."),
                &by, 1));
    if (c->f->kind != MANAGE_SHARE)
        return;
    double chance = manage_chance(c->x.point.k, c->x.point.n, c->y.point.k, c->y.point.n);
    manage_say(k, p,
               chance < 0      ? tr(k->l, "They are too few to tell it from chance.")
               : chance < 0.05 ? tr(k->l, "Chance alone would seldom give so much (less than 5% of "
                                          "all cases).")
                               : tr(k->l, "Chance alone could give as much."));
}

/* ---- all units of the second period ---- */

struct unit {
    const struct team *team;
    struct manage_point point;
    bool differs;
};
struct units {
    LIST_FIELDS(struct unit);
};

/* Each share is held against that of all other units together; as many as there are (Holm). */
static void judge_units(const struct comparing *c, struct units *list, struct manage_point county)
{
    double *p = ARENA_ARRAY(c->k->a, list->n, double);
    bool *differs = ARENA_ARRAY(c->k->a, list->n, bool);
    for (size_t i = 0; i < list->n; i++) {
        const struct manage_point *u = &list->p[i].point;
        bool can =
            c->f->kind == MANAGE_SHARE && u->state == MANAGE_SHOWN && county.state == MANAGE_SHOWN;
        p[i] = can ? manage_chance(u->k, u->n, county.k - u->k, county.n - u->n) : -1;
    }
    manage_holm(p, list->n, LEVEL, differs);
    for (size_t i = 0; i < list->n; i++)
        list->p[i].differs = differs[i];
}

static struct chart_value unit_value(const struct comparing *c, struct manage_point p)
{
    struct manage_share s;
    if (p.state != MANAGE_SHOWN)
        return p.state == MANAGE_HIDDEN ? chart_hidden() : (struct chart_value){0};
    if (c->f->kind == MANAGE_SHARE && manage_wilson(p.k, p.n, &s))
        return chart_between(100 * s.v, 100 * s.low, 100 * s.high);
    return chart_known(p.v);
}

static struct units read_units(const struct comparing *c, struct manage_point county)
{
    struct manage_look *k = c->k;
    struct units list = {0};
    for (size_t i = 0; i < k->teams.n; i++) {
        struct unit u = {.team = &k->teams.p[i]};
        u.point = manage_whole(k, c->f, u.team->id, c->y.months);
        if (u.point.state != MANAGE_NONE)
            VEC_PUSH(k->a, &list, u);
    }
    judge_units(c, &list, county);
    return list;
}

static void say_units(const struct comparing *c, struct manage_part *p, const struct units *list)
{
    struct manage_look *k = c->k;
    struct buf names = buf_new(k->a, 4096);
    size_t shown = 0;
    for (size_t i = 0; i < list->n; i++) {
        shown += list->p[i].point.state == MANAGE_SHOWN;
        if (list->p[i].differs)
            buf_fmt(&names, "%s" STR_FMT, names.n ? ", " : "",
                    STR_ARG(list->p[i].team->name[k->l]));
    }
    if (c->f->kind != MANAGE_SHARE || !shown) /* the picture tells that all are hidden */
        return;
    if (names.n)
        manage_sayf(k, p, tr(k->l, "Differs from all others by more than chance: %1."),
                    buf_get(&names));
    else
        manage_say(k, p, tr(k->l, "No difference here is told apart from chance."));
}

/* The same choices, as a file. */
static struct str units_path(const struct comparing *c)
{
    struct manage_look *k = c->k;
    struct buf b = buf_new(k->a, 1024);
    const struct side *sides[] = {&c->x, &c->y};
    buf_fmt(&b, "/%s/staff/figures/compare?figure=%s&rule=" STR_FMT, lang_code(k->l), c->f->id,
            STR_ARG(k->rule));
    for (int i = 0; i < 2; i++) {
        char name = i ? 'y' : 'x';
        struct str from = str_sub(date_iso(k->a, sides[i]->months.from), 0, 7),
                   to = str_sub(date_iso(k->a, sides[i]->months.to), 0, 7);
        buf_fmt(&b, "&%c=%lld&%cf=" STR_FMT "&%ct=" STR_FMT, name, (long long)sides[i]->team, name,
                STR_ARG(from), name, STR_ARG(to));
    }
    buf_lit(&b, "&csv=all-units");
    return buf_get(&b);
}

static void put_units(const struct comparing *c)
{
    struct manage_look *k = c->k;
    struct manage_point county = manage_whole(k, c->f, 0, c->y.months);
    struct str months = months_words(k, c->y.months);
    struct manage_part *p = manage_part(k, "units", tr(k->l, "All units in the second period"));
    struct units list = read_units(c, county);
    struct chart chart = {.kind = c->f->kind == MANAGE_SHARE ? CHART_INTERVALS : CHART_BARS,
                          .id = S("all-units"),
                          .title = str_fmt(k->a, STR_FMT ", " STR_FMT,
                                           STR_ARG(tr(k->l, c->f->words)), STR_ARG(months)),
                          .unit = tr(k->l, c->f->unit),
                          .head = tr(k->l, "Unit"),
                          .csv = units_path(c),
                          .decimals = c->f->decimals,
                          .judged = true};
    chart_series(&chart, tr(k->l, c->f->words));
    if (chart.kind == CHART_INTERVALS)
        chart_whole(&chart, tr(k->l, "The whole county"), unit_value(c, county));
    for (size_t i = 0; i < list.n; i++) {
        struct chart_value v = unit_value(c, list.p[i].point);
        k->v.hidden = k->v.hidden || v.state == CHART_HIDDEN;
        chart_row(k->a, &chart, list.p[i].team->name[k->l], &v);
    }
    if (!list.n) {
        manage_say(k, p, tr(k->l, "Nothing of this can be told."));
        return;
    }
    say_units(c, p, &list);
    manage_chart(k, p, chart);
    manage_def(k, p, c->f->def);
}

/* ---- choices ---- */

static struct ui_choice month_choice(struct manage_look *k, const char *name, struct str label,
                                     struct date chosen)
{
    struct ui_choice c = {.name = str_of(name), .label = label};
    struct date month = date_month(date_of(k->now));
    for (int i = 0; i < MONTHS_BACK; i++) {
        struct date d = date_add_months(month, -i);
        manage_option(k, &c, str_sub(date_iso(k->a, d), 0, 7), fmt_month(k->a, k->l, d),
                      d.day == chosen.day);
    }
    return c;
}

static void put_choices(const struct comparing *c)
{
    struct manage_look *k = c->k;
    struct ui_choice figure = {.name = S("figure"), .label = tr(k->l, "Figure")};
    struct ui_choice x = manage_team_choice(k, "x", c->x.team),
                     y = manage_team_choice(k, "y", c->y.team);
    for (size_t i = 0; i < manage_figure_n; i++)
        manage_option(k, &figure, str_of(manage_figures[i].id), tr(k->l, manage_figures[i].words),
                      &manage_figures[i] == c->f);
    x.label = tr(k->l, "First: unit");
    y.label = tr(k->l, "Second: unit");
    k->v.action = str_fmt(k->a, "/%s/staff/figures/compare", lang_code(k->l));
    VEC_PUSH(k->a, &k->v.choices, figure);
    VEC_PUSH(k->a, &k->v.choices, manage_rule_choice(k, k->rule));
    VEC_PUSH(k->a, &k->v.choices, x);
    VEC_PUSH(k->a, &k->v.choices, month_choice(k, "xf", tr(k->l, "First: from"), c->x.months.from));
    VEC_PUSH(k->a, &k->v.choices, month_choice(k, "xt", tr(k->l, "First: to"), c->x.months.to));
    VEC_PUSH(k->a, &k->v.choices, y);
    VEC_PUSH(k->a, &k->v.choices,
             month_choice(k, "yf", tr(k->l, "Second: from"), c->y.months.from));
    VEC_PUSH(k->a, &k->v.choices, month_choice(k, "yt", tr(k->l, "Second: to"), c->y.months.to));
}

static void put_two(struct comparing *c, bool unequal)
{
    struct manage_look *k = c->k;
    struct manage_part *p = manage_part(k, "compared", tr(k->l, c->f->words));
    if (c->f->of_rule)
        manage_say(k, p, manage_rule_name(k, k->rule));
    if (c->f->kind == MANAGE_MEDIAN)
        manage_say(k, p,
                   tr(k->l, "Medians of several months do not make one: choose single months."));
    if (c->f->kind == MANAGE_STOCK)
        manage_say(k, p, tr(k->l, "Of those who wait, the end of the last month is told."));
    struct manage_table *t = manage_table(k, p, p->heading);
    manage_head(k, t, tr(k->l, "Unit"), false);
    manage_head(k, t, tr(k->l, "Period"), false);
    manage_head(k, t, tr(k->l, c->f->unit), true);
    manage_head(k, t, tr(k->l, "Of how many"), true);
    put_side(c, t, &c->x);
    put_side(c, t, &c->y);
    if (!unequal)
        put_difference(c, p);
    manage_def(k, p, c->f->def);
}

void manage_compare_get(struct rq *rq)
{
    struct manage_look k;
    if (!manage_open(rq, "compare", &k))
        return;
    struct comparing c = {.k = &k};
    if (!read_asked(rq, &c)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    k.v.title = tr(k.l, "Compare periods or units");
    k.v.told = tr(k.l, "Two numbers of one figure, and their difference where they mean the same.");
    put_choices(&c);
    bool unequal = warn_unequal(&c);
    put_two(&c, unequal);
    if (one_definition(&c))
        put_units(&c);
    manage_show(rq, &k);
}
