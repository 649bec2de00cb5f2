/*
 * publish_web.c: the public page of waits, for anybody, and its files: /:lang/waits, with a service
 * and a unit /:lang/waits/RULE/UNIT; the same as .csv and .json; each month's whole publication as
 * /waits/YYYY-MM.csv. All of it from published cells: what is hidden there is hidden here.
 */
#include "publish/waits_to.h"

#include "base/guard.h"
#include "calendar/calendar.h"
#include "publish/waits_view.h"

#include "publish/publish_pages.h"

#define CSV    "text/csv; charset=utf-8"
#define PUBLIC "public, max-age=300"

struct telling {
    struct arena *a;
    enum lang l;
    const struct waits *w;
    struct waits_view *v;
};

/* ---- words ---- */

static struct str number(const struct telling *k, struct waits_cell c)
{
    return c.state == CHART_KNOWN    ? fmt_int(k->a, k->l, c.n)
           : c.state == CHART_HIDDEN ? tr(k->l, "hidden")
                                     : S("–");
}

static bool known(struct waits_cell c)
{
    return c.state == CHART_KNOWN;
}

/* Per cent of what is known; an empty text where it cannot be said. */
static struct str share(const struct telling *k, struct waits_cell part, struct waits_cell whole)
{
    if (!known(part) || !known(whole))
        return part.state == CHART_HIDDEN || whole.state == CHART_HIDDEN ? tr(k->l, "hidden")
                                                                         : S("–");
    return fmt_share(k->a, k->l, part.n, whole.n);
}

static struct waits_cell plus(struct waits_cell x, struct waits_cell y)
{
    if (!known(x) || !known(y))
        return (struct waits_cell){
            x.state == CHART_HIDDEN || y.state == CHART_HIDDEN ? CHART_HIDDEN : CHART_MISSING, 0};
    return (struct waits_cell){CHART_KNOWN, x.n + y.n};
}

static void say(struct telling *k, const char *figure, struct str text)
{
    const struct figure_def *d = figure_def_find(str_of(figure));
    struct waits_said s = {.text = text};
    if (d) {
        s.href = figure_def_path(k->a, k->l, d->id);
        s.figure = d->name[k->l];
    }
    VEC_PUSH(k->a, &k->v->said, s);
}

static struct str fill1(const struct telling *k, const char *text, struct str x)
{
    return tr_fill(k->a, tr(k->l, text), &x, 1);
}

static void say_month(struct telling *k)
{
    const struct waits_month *m = waits_last_month(k->w);
    if (!m)
        return;
    struct str month = fmt_month(k->a, k->l, m->first);
    if (known(m->median)) {
        struct str args[] = {month, fmt_days(k->a, k->l, m->median.n)};
        say(k, "median-wait",
            tr_fill(k->a, tr(k->l, "%1: half of those who got in had waited at most %2."), args,
                    2));
    } else if (known(m->realised) && m->realised.n == 0) {
        say(k, "realised-waits", fill1(k, N_("%1: nobody got in."), month));
    } else {
        say(k, "median-wait",
            fill1(k, N_("%1: how long they had waited is not told, as so few got in."), month));
    }
    struct str in_time = share(k, m->kept, m->realised);
    if (known(m->kept) && known(m->realised) && m->realised.n > 0)
        say(k, "realised-in-time",
            fill1(k, N_("%1 of them got in within the time that the law allows."), in_time));
    struct waits_cell stopped = plus(m->realised, m->ended);
    if (known(m->offered) && known(stopped) && stopped.n > 0)
        say(k, "offered-in-time",
            fill1(
                k,
                N_("%1 of those whose wait ended had been offered a time within the law's limit."),
                share(k, m->offered, stopped)));
}

static void say_now(struct telling *k)
{
    const struct waits *w = k->w;
    struct waits_cell waiting = {0}, over = {0};
    for (size_t i = 0; i < w->days.n; i++)
        if (w->days.p[i].day.day == w->until.day) {
            waiting = w->days.p[i].waiting;
            over = w->days.p[i].over;
        }
    if (known(waiting) && waiting.n == 0) {
        say(k, "waiting", tr(k->l, "Nobody waits now."));
        return;
    }
    if (known(waiting))
        say(k, "waiting",
            tr_fill(k->a, tr_n(k->l, "%1 wait goes on now.", "%1 waits go on now.", waiting.n),
                    (struct str[]){fmt_int(k->a, k->l, waiting.n)}, 1));
    else
        say(k, "waiting",
            fill1(
                k,
                N_("How many wait now is not told: fewer than %1, or the number would give such a "
                   "one away."),
                fmt_int(k->a, k->l, publish_few())));
    if (known(over) && over.n == 0)
        say(k, "waiting-over", tr(k->l, "None of them has waited longer than the law allows."));
    else if (known(over))
        say(k, "waiting-over",
            tr_fill(k->a,
                    tr_n(k->l, "%1 of them has waited longer than the law allows.",
                         "%1 of them have waited longer than the law allows.", over.n),
                    (struct str[]){fmt_int(k->a, k->l, over.n)}, 1));
    else
        say(k, "waiting-over",
            tr(k->l, "How many of them have waited longer than the law allows is hidden."));
    if (known(w->soon[1]) && w->soon[1].n > 0)
        say(k, "due-soon",
            fill1(
                k,
                N_("%1 more will have waited too long within 14 days, unless they get in before."),
                fmt_int(k->a, k->l, w->soon[1].n)));
}

/* The whole county, before all else. */
static void say_all(struct telling *k)
{
    const struct waits_sum *all = &k->w->all;
    struct str args[] = {fmt_date(k->a, k->l, k->w->until), k->w->county[k->l],
                         fmt_int(k->a, k->l, all->waiting), fmt_int(k->a, k->l, all->over)};
    if (!all->waiting)
        return;
    k->v->all =
        tr_fill(k->a,
                all->left_out ? tr(k->l, "%2, at the end of %1: at least %3 waits that the law "
                                         "sets a limit to go on, and at least %4 of them are "
                                         "longer than the law allows. Small numbers of some "
                                         "services are hidden, and not counted in.")
                              : tr(k->l, "%2, at the end of %1: %3 waits that the law sets a "
                                         "limit to go on, and %4 of them are longer than the law "
                                         "allows."),
                args, 4);
}

static void say_coverage(struct telling *k)
{
    const struct waits_month *m = waits_last_month(k->w);
    if (m && known(m->visits) && known(m->assessed) && m->visits.n > 0)
        say(k, "coverage",
            fill1(k,
                  N_("Of all visits of the month %1 have a recorded assessment: only these can be "
                     "counted as the national institute counts."),
                  share(k, m->assessed, m->visits)));
}

static void say_purges(struct telling *k)
{
    size_t n = k->w->purges.n;
    for (size_t i = n > 3 ? n - 3 : 0; i < n; i++) {
        const struct waits_purge *p = &k->w->purges.p[i];
        struct str args[] = {fmt_month(k->a, k->l, p->month), fmt_days(k->a, k->l, p->mean_before),
                             fmt_days(k->a, k->l, p->mean), fmt_int(k->a, k->l, p->over_before),
                             fmt_int(k->a, k->l, p->over)};
        VEC_PUSH(
            k->a, &k->v->purges,
            tr_fill(k->a,
                    tr(k->l, "%1: those who got in had waited longer than those of the month "
                             "before (on average %3, before %2), while fewer were left who had "
                             "waited too long (%5, before %4). Those who had waited longest "
                             "got in. So a rising curve of waits does not mean here that "
                             "things became worse."),
                    args, 5));
    }
}

/* ---- charts ---- */

static struct chart_value value(struct waits_cell c)
{
    return c.state == CHART_KNOWN    ? chart_known((double)c.n)
           : c.state == CHART_HIDDEN ? chart_hidden()
                                     : (struct chart_value){0};
}

static struct chart_value percent(struct waits_cell part, struct waits_cell whole)
{
    if (part.state == CHART_HIDDEN || whole.state == CHART_HIDDEN)
        return chart_hidden();
    if (!known(part) || !known(whole) || whole.n <= 0)
        return (struct chart_value){0};
    return chart_known((double)part.n * 100 / (double)whole.n);
}

/* The days from which the law has another limit. */
static void mark_law(struct telling *k, struct chart *c)
{
    const struct law_rule *r = k->w->rule;
    for (size_t i = 0; i < r->version_count; i++)
        if (i == 0 || r->versions[i].from.day != r->versions[i - 1].from.day)
            chart_mark(c, r->versions[i].from, tr(k->l, "The law changed: another time limit"));
}

static struct chart begin_chart(const struct telling *k, enum chart_kind kind, const char *id,
                                const char *title, const char *unit, enum chart_step step)
{
    return (struct chart){.kind = kind,
                          .id = str_of(id),
                          .title = tr(k->l, title),
                          .unit = tr(k->l, unit),
                          .step = step,
                          .csv = k->v->csv};
}

static void put_charts(struct telling *k)
{
    struct waits_view *v = k->v;
    const struct waits *w = k->w;
    v->wait = begin_chart(k, CHART_LINES, "wait", N_("How long those who got in had waited"),
                          N_("days"), CHART_MONTH);
    v->stock = begin_chart(k, CHART_LINES, "stock", N_("How many wait at the end of each month"),
                           N_("waits"), CHART_MONTH);
    v->kept = begin_chart(k, CHART_LINES, "kept", N_("Within the law's limit"), N_("per cent"),
                          CHART_MONTH);
    chart_series(&v->wait, tr(k->l, "Half had waited at most"));
    chart_series(&v->wait, tr(k->l, "On average"));
    chart_series(&v->stock, tr(k->l, "Waiting"));
    chart_series(&v->stock, tr(k->l, "Longer than the law allows"));
    chart_series(&v->kept, tr(k->l, "Got in within the limit"));
    if (!w->team) /* which needs how many waits ended: told of the county alone */
        chart_series(&v->kept, tr(k->l, "Were offered a time within the limit"));
    for (size_t i = 0; i < w->months.n; i++) {
        const struct waits_month *m = &w->months.p[i];
        struct chart_value mean = percent(m->days, m->realised);
        if (mean.state == CHART_KNOWN)
            mean.v /= 100;
        chart_row_at(k->a, &v->wait, m->first, (struct chart_value[]){value(m->median), mean});
        chart_row_at(k->a, &v->stock, m->first,
                     (struct chart_value[]){value(m->waiting), value(m->over)});
        chart_row_at(k->a, &v->kept, m->first,
                     (struct chart_value[]){percent(m->kept, m->realised),
                                            percent(m->offered, plus(m->realised, m->ended))});
    }
    mark_law(k, &v->wait);
    mark_law(k, &v->stock);
    mark_law(k, &v->kept);
}

static void put_flow(struct telling *k)
{
    const struct waits *w = k->w;
    const char *title = N_("The debt by week");
    k->v->flow = begin_chart(k, CHART_FLOW, "flow", title, N_("waits"), CHART_WEEK);
    chart_series(&k->v->flow, tr(k->l, "Began to wait too long"));
    chart_series(&k->v->flow, tr(k->l, "No longer wait too long"));
    for (size_t i = 0; i < w->weeks.n; i++)
        chart_row_at(k->a, &k->v->flow, w->weeks.p[i].monday,
                     (struct chart_value[]){value(w->weeks.p[i].in), value(w->weeks.p[i].out)});
    for (size_t i = 0; i < w->weeks.n && w->weeks.n > 1; i++)
        k->v->has_flow = k->v->has_flow || known(w->weeks.p[i].in);
    k->v->days = begin_chart(k, CHART_LINES, "days", N_("How many wait, day by day"), N_("waits"),
                             CHART_DAY);
    chart_series(&k->v->days, tr(k->l, "Waiting"));
    chart_series(&k->v->days, tr(k->l, "Longer than the law allows"));
    for (size_t i = 0; i < w->days.n; i++)
        chart_row_at(k->a, &k->v->days, w->days.p[i].day,
                     (struct chart_value[]){value(w->days.p[i].waiting), value(w->days.p[i].over)});
    k->v->has_days = w->days.n > 6;
    k->v->has_months = w->months.n > 1;
}

/* ---- tables ---- */

static void head(struct telling *k, struct waits_table *t, struct str words, const char *figure)
{
    struct waits_head h = {.words = words};
    if (figure && figure_def_find(str_of(figure)))
        h.href = figure_def_path(k->a, k->l, str_of(figure));
    VEC_PUSH(k->a, &t->heads, h);
}

enum { MONTHS_SEEN = 13 }; /* a year and the month before it; earlier ones are folded */

static void put_months(struct telling *k)
{
    struct waits_table *t = &k->v->months;
    const struct publish_bands *bands = publish_bands();
    *t = (struct waits_table){
        .id = S("months"), .caption = tr(k->l, "Waits by month"), .first = tr(k->l, "Month")};
    head(k, t, tr(k->l, "Got in"), "realised-waits");
    for (size_t b = 0; b + 1 < bands->n && b < WAITS_BANDS; b++) {
        struct str days = str_fmt(k->a, "%d", bands->p[b].most);
        head(k, t,
             b == 0 ? fill1(k, N_("Under %1 days"), str_fmt(k->a, "%d", bands->p[b].most + 1))
                    : fill1(k, N_("At most %1 days"), days),
             "realised-waits");
    }
    head(k, t, tr(k->l, "Half had waited at most, days"), "median-wait");
    head(k, t, tr(k->l, "Within the law's limit"), "realised-in-time");
    if (!k->w->team)
        head(k, t, tr(k->l, "Offered within the limit"), "offered-in-time");
    head(k, t, tr(k->l, "Waiting at the end"), "waiting");
    head(k, t, tr(k->l, "Of them too long"), "waiting-over");
    for (size_t i = k->w->months.n; i-- > 0;) {
        const struct waits_month *m = &k->w->months.p[i];
        struct waits_row row = {.name = fmt_month(k->a, k->l, m->first)};
        VEC_PUSH(k->a, &row.cells, number(k, m->realised));
        struct waits_cell within = {CHART_KNOWN, 0};
        for (size_t b = 0; b + 1 < bands->n && b < WAITS_BANDS; b++) {
            within = plus(within, m->band[b]);
            VEC_PUSH(k->a, &row.cells, share(k, within, m->realised));
        }
        VEC_PUSH(k->a, &row.cells, number(k, m->median));
        VEC_PUSH(k->a, &row.cells, share(k, m->kept, m->realised));
        if (!k->w->team)
            VEC_PUSH(k->a, &row.cells, share(k, m->offered, plus(m->realised, m->ended)));
        VEC_PUSH(k->a, &row.cells, number(k, m->waiting));
        VEC_PUSH(k->a, &row.cells, number(k, m->over));
        bool late = t->rows.n < MONTHS_SEEN;
        VEC_PUSH(k->a, late ? &t->rows : &k->v->older.rows, row);
    }
    k->v->older.caption = tr(k->l, "Waits by month, earlier");
    k->v->older.first = t->first;
    k->v->older.heads.p = t->heads.p;
    k->v->older.heads.n = t->heads.n;
}

static void put_bands(struct telling *k)
{
    struct waits_table *t = &k->v->bands;
    *t = (struct waits_table){.id = S("bands"),
                              .caption = tr(k->l, "How long those have waited who wait now"),
                              .first = tr(k->l, "Have waited")};
    head(k, t, tr(k->l, "Waits"), "wait-bands");
    for (size_t b = 0; b < publish_bands()->n && b < WAITS_BANDS; b++) {
        struct waits_row row = {.name = publish_bands()->p[b].name[k->l]};
        if (k->w->band[b].state == CHART_MISSING)
            return;
        VEC_PUSH(k->a, &row.cells, number(k, k->w->band[b]));
        VEC_PUSH(k->a, &t->rows, row);
    }
}

static void put_t3(struct telling *k, struct db *db)
{
    struct waits_table *t = &k->v->t3;
    struct calendars calendars = calendars_load(k->a, db);
    struct named_list professions = professions_load(k->a, db);
    *t = (struct waits_table){.id = S("t3"),
                              .caption = tr(k->l, "Days to the third free time"),
                              .first = tr(k->l, "Place and profession")};
    head(k, t, tr(k->l, "Days"), "t3");
    for (size_t i = 0; i < k->w->t3.n; i++) {
        const struct waits_t3 *one = &k->w->t3.p[i];
        struct str place = one->place;
        for (size_t c = 0; c < calendars.n; c++)
            if (str_eq(calendars.p[c].place, place))
                place = calendars.p[c].place_name[k->l];
        struct str profession = named_find(&professions, one->profession, k->l);
        struct waits_row row = {
            .name = str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(place), STR_ARG(profession)),
            .href = str_fmt(k->a, "/%s/waits/to/" STR_FMT "/" STR_FMT, lang_code(k->l),
                            STR_ARG(one->profession), STR_ARG(one->place))};
        VEC_PUSH(k->a, &row.cells, fmt_int(k->a, k->l, one->days));
        VEC_PUSH(k->a, &t->rows, row);
    }
}

/* ---- the page ---- */

static struct str unit_ref(const struct waits *w)
{
    return w->team ? w->team->ref : S("");
}

static struct str path_of(const struct telling *k, const char *ending)
{
    struct str unit = unit_ref(k->w);
    return str_fmt(k->a, "/%s/waits%s?rule=" STR_FMT "&unit=" STR_FMT, lang_code(k->l), ending,
                   STR_ARG(k->w->rule->id), STR_ARG(unit));
}

static void put_choices(struct telling *k, const struct law *law)
{
    struct waits_view *v = k->v;
    v->action = str_fmt(k->a, "/%s/waits", lang_code(k->l));
    v->rules = (struct ui_choice){.name = S("rule"), .label = tr(k->l, "What is waited for")};
    v->units = (struct ui_choice){.name = S("unit"), .label = tr(k->l, "Where")};
    for (size_t i = 0; i < k->w->rules.n; i++) {
        const struct law_rule *r = law_rule(law, law_rule_find(law, k->w->rules.p[i]));
        struct ui_option o = {.value = r->id, .label = r->name[k->l], .chosen = r == k->w->rule};
        VEC_PUSH(k->a, &v->rules.options, o);
    }
    struct ui_option all = {.value = S(""), .label = k->w->county[k->l], .chosen = !k->w->team};
    VEC_PUSH(k->a, &v->units.options, all);
    for (size_t i = 0; i < k->w->teams.n; i++) {
        const struct team *t = &k->w->teams.p[i];
        struct ui_option o = {.value = t->ref, .label = t->name[k->l], .chosen = t == k->w->team};
        VEC_PUSH(k->a, &v->units.options, o);
    }
}

static void put_files(struct telling *k)
{
    struct waits_view *v = k->v;
    for (size_t i = k->w->months.n; i-- > 0;) {
        struct civil c = date_civil(k->w->months.p[i].first);
        struct waits_link link = {str_fmt(k->a, "/waits/%04d-%02d.csv", c.year, c.month),
                                  fmt_month(k->a, k->l, k->w->months.p[i].first)};
        VEC_PUSH(k->a, &v->month_files, link);
    }
}

static void page(struct rq *rq, struct str rule, struct str unit)
{
    struct waits w;
    struct waits_view v = {0};
    struct telling k = {rq->a, rq_lang(rq), &w, &v};
    rq->page.active = S("waits");
    if (!waits_read(rq->a, rq->db, rq->app->law, k.l, rule, unit, &w)) {
        if (rule.n || unit.n) {
            rq_fault(rq, ERR_NOT_FOUND);
            return;
        }
        rq_page_begin(rq, tr(k.l, "How long is the wait?"));
        waits_none(&rq->page);
        rq_page_end(rq);
        return;
    }
    struct waits_tos tos;
    if (waits_to_read(rq->a, rq->db, rq->app->law, k.l, &tos))
        v.ask = waits_ask_of(&tos, S(""), S(""), S(""));
    v.few = publish_few();
    v.csv = path_of(&k, ".csv");
    v.json = path_of(&k, ".json");
    struct str place = waits_place(&w);
    v.title = str_fmt(rq->a, STR_FMT ", " STR_FMT, STR_ARG(w.rule->name[k.l]), STR_ARG(place));
    v.told = fill1(&k, N_("As it was at the end of %1."), fmt_date(rq->a, k.l, w.until));
    put_choices(&k, rq->app->law);
    say_all(&k);
    say_now(&k);
    say_month(&k);
    say_coverage(&k);
    say_purges(&k);
    put_charts(&k);
    put_flow(&k);
    put_months(&k);
    put_bands(&k);
    put_t3(&k, rq->db);
    put_files(&k);
    rq_page_begin(rq, tr(k.l, "How long is the wait?"));
    waits_page(&rq->page, &v);
    rq_page_end(rq);
}

static void waits_get(struct rq *rq)
{
    page(rq, rq_query(rq, "rule"), rq_query(rq, "unit"));
}

static void rule_get(struct rq *rq)
{
    page(rq, rq->params[0], S(""));
}

static void unit_get(struct rq *rq)
{
    page(rq, rq->params[0], rq->params[1]);
}

/* ---- files ---- */

static bool read_asked(struct rq *rq, struct waits *w)
{
    bool there = waits_read(rq->a, rq->db, rq->app->law, rq_lang(rq), rq_query(rq, "rule"),
                            rq_query(rq, "unit"), w);
    if (!there)
        rq_fault(rq, ERR_NOT_FOUND);
    return there;
}

static struct str cell_text(struct arena *a, struct waits_cell c)
{
    return c.state == CHART_HIDDEN ? S("hidden") : str_fmt(a, "%lld", (long long)c.n);
}

static void csv_get(struct rq *rq)
{
    static const char *const heads[] = {"figure", "what", "rule", "unit", "date", "part", "value"};
    struct waits w;
    struct buf b = buf_new(rq->a, 0);
    if (!read_asked(rq, &w))
        return;
    for (size_t i = 0; i < 7; i++)
        buf_csv(&b, str_of(heads[i]), i == 6);
    struct waits_lines lines = waits_lines(&w);
    for (size_t i = 0; i < lines.n; i++) {
        const struct waits_line *x = &lines.p[i];
        struct str cells[] = {str_of(x->figure),
                              str_of(x->what),
                              w.rule->id,
                              unit_ref(&w),
                              date_iso(rq->a, x->day),
                              x->part,
                              cell_text(rq->a, x->cell)};
        for (size_t c = 0; c < 7; c++)
            buf_csv(&b, cells[c], c == 6);
    }
    rq_reply_tagged(rq, CSV, buf_get(&b), PUBLIC);
    rq_reply_open(rq);
}

static void put_json(struct rq *rq, struct jw *j, const struct waits_line *x)
{
    jw_object(j, NULL);
    jw_str(j, "figure", str_of(x->figure));
    jw_str(j, "what", str_of(x->what));
    jw_str(j, "date", date_iso(rq->a, x->day));
    if (x->part.n)
        jw_str(j, "part", x->part);
    if (x->cell.state == CHART_HIDDEN)
        jw_null(j, "value");
    else
        jw_int(j, "value", x->cell.n);
    jw_bool(j, "hidden", x->cell.state == CHART_HIDDEN);
    jw_str(j, "definition", figure_def_path(rq->a, rq_lang(rq), str_of(x->figure)));
    jw_end_object(j);
}

static void json_get(struct rq *rq)
{
    struct waits w;
    struct buf b = buf_new(rq->a, 0);
    struct jw j = jw_new(&b);
    if (!read_asked(rq, &w))
        return;
    jw_object(&j, NULL);
    jw_str(&j, "rule", w.rule->id);
    jw_str(&j, "ruleName", w.rule->name[w.l]);
    jw_str(&j, "unit", unit_ref(&w));
    jw_str(&j, "unitName", waits_place(&w));
    jw_str(&j, "until", date_iso(rq->a, w.until));
    jw_int(&j, "hiddenBelow", publish_few());
    jw_array(&j, "figures");
    struct waits_lines lines = waits_lines(&w);
    for (size_t i = 0; i < lines.n; i++)
        put_json(rq, &j, &lines.p[i]);
    jw_end_array(&j);
    jw_end_object(&j);
    rq_reply_tagged(rq, "application/json", buf_get(&b), PUBLIC);
    rq_reply_open(rq);
}

struct month_asked {
    struct arena *a;
    struct db *db;
    struct date month;
    struct str file;
};

static void read_month(void *arg)
{
    struct month_asked *m = arg;
    m->file = waits_month_file(m->a, m->db, m->month);
}

/* "2026-10.csv". Never changes once it is there. Has no language, and so no snapshot of the
 * frame's. */
static void month_get(struct rq *rq)
{
    struct str name = rq->params[0];
    struct month_asked m = {.a = rq->a};
    const char *why = "";
    bool named = name.n == 11 && str_ends(name, S(".csv")) &&
                 date_parse(str_fmt(rq->a, "%.7s-01", name.p), &m.month);
    if (named) {
        m.db = store_reader(rq->app->store);
        db_begin_read(m.db);
        enum err err = guard_run(read_month, &m, &why);
        db_end_read(m.db);
        if (err != ERR_OK)
            guard_fail(err, "%s", why);
    }
    if (!m.file.p) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq_reply_tagged(rq, CSV, m.file, "public, max-age=86400");
    rq_reply_open(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/waits", ACCESS_PUBLIC, ROUTE_CACHE, waits_get},
    {HTTP_GET, "/:lang/waits/:rule", ACCESS_PUBLIC, ROUTE_CACHE, rule_get},
    {HTTP_GET, "/:lang/waits/:rule/:unit", ACCESS_PUBLIC, ROUTE_CACHE, unit_get},
    {HTTP_GET, "/:lang/waits.csv", ACCESS_PUBLIC, 0, csv_get},
    {HTTP_GET, "/:lang/waits.json", ACCESS_PUBLIC, 0, json_get},
    {HTTP_GET, "/waits/:month", ACCESS_PUBLIC, ROUTE_NO_LANG, month_get},
};
const struct route_table publish_routes = {routes, sizeof routes / sizeof *routes};
