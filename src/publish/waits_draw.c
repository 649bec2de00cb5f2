/* waits_draw.c: the pictures and tables of the page of waits. */
#include "publish/waits_say.h"

#include "calendar/calendar.h"

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
    if (!waits_known(part) || !waits_known(whole) || whole.n <= 0)
        return (struct chart_value){0};
    return chart_known((double)part.n * 100 / (double)whole.n);
}

/* The days from which the law has another limit. */
static void mark_law(struct waits_telling *k, struct chart *c)
{
    const struct law_rule *r = k->w->rule;
    for (size_t i = 0; i < r->version_count; i++)
        if (i == 0 || r->versions[i].from.day != r->versions[i - 1].from.day)
            chart_mark(c, r->versions[i].from, tr(k->l, "The law changed: another time limit"));
}

static struct chart begin_chart(const struct waits_telling *k, enum chart_kind kind, const char *id,
                                const char *title, const char *unit, enum chart_step step)
{
    return (struct chart){.kind = kind,
                          .id = str_of(id),
                          .title = tr(k->l, title),
                          .unit = tr(k->l, unit),
                          .step = step,
                          .csv = k->v->csv};
}

void waits_put_charts(struct waits_telling *k)
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
        chart_row_at(
            k->a, &v->kept, m->first,
            (struct chart_value[]){percent(m->kept, m->realised),
                                   percent(m->offered, waits_plus(m->realised, m->ended))});
    }
    mark_law(k, &v->wait);
    mark_law(k, &v->stock);
    mark_law(k, &v->kept);
}

void waits_put_flow(struct waits_telling *k)
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
        k->v->has_flow = k->v->has_flow || waits_known(w->weeks.p[i].in);
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

static void head(struct waits_telling *k, struct waits_table *t, struct str words,
                 const char *figure)
{
    struct waits_head h = {.words = words};
    if (figure && figure_def_find(str_of(figure)))
        h.href = figure_def_path(k->a, k->l, str_of(figure));
    VEC_PUSH(k->a, &t->heads, h);
}

enum { MONTHS_SEEN = 13 }; /* a year and the month before it; earlier ones are folded */

void waits_put_months(struct waits_telling *k)
{
    struct waits_table *t = &k->v->months;
    const struct publish_bands *bands = publish_bands();
    *t = (struct waits_table){
        .id = S("months"), .caption = tr(k->l, "Waits by month"), .first = tr(k->l, "Month")};
    head(k, t, tr(k->l, "Got in"), "realised-waits");
    for (size_t b = 0; b + 1 < bands->n && b < WAITS_BANDS; b++) {
        struct str days = str_fmt(k->a, "%d", bands->p[b].most);
        head(k, t,
             b == 0 ? waits_fill(k, N_("Under %1 days"), str_fmt(k->a, "%d", bands->p[b].most + 1))
                    : waits_fill(k, N_("At most %1 days"), days),
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
        VEC_PUSH(k->a, &row.cells, waits_number(k, m->realised));
        struct waits_cell within = {CHART_KNOWN, 0};
        for (size_t b = 0; b + 1 < bands->n && b < WAITS_BANDS; b++) {
            within = waits_plus(within, m->band[b]);
            VEC_PUSH(k->a, &row.cells, waits_share(k, within, m->realised));
        }
        VEC_PUSH(k->a, &row.cells, waits_number(k, m->median));
        VEC_PUSH(k->a, &row.cells, waits_share(k, m->kept, m->realised));
        if (!k->w->team)
            VEC_PUSH(k->a, &row.cells,
                     waits_share(k, m->offered, waits_plus(m->realised, m->ended)));
        VEC_PUSH(k->a, &row.cells, waits_number(k, m->waiting));
        VEC_PUSH(k->a, &row.cells, waits_number(k, m->over));
        bool late = t->rows.n < MONTHS_SEEN;
        VEC_PUSH(k->a, late ? &t->rows : &k->v->older.rows, row);
    }
    k->v->older.caption = tr(k->l, "Waits by month, earlier");
    k->v->older.first = t->first;
    k->v->older.heads.p = t->heads.p;
    k->v->older.heads.n = t->heads.n;
}

/* Not where all of it is hidden. */
void waits_put_ages(struct waits_telling *k)
{
    struct waits_table *t = &k->v->ages;
    struct str edge = str_fmt(k->a, "%d", publish_data()->age_edge);
    struct str names[] = {waits_fill(k, N_("Under %1 years"), edge),
                          waits_fill(k, N_("%1 years and over"), edge)};
    *t = (struct waits_table){
        .id = S("ages"),
        .caption = waits_fill(k, N_("By age, %1"), fmt_month(k->a, k->l, k->w->month)),
        .first = tr(k->l, "Age")};
    head(k, t, tr(k->l, "Got in"), "realised-waits");
    head(k, t, tr(k->l, "Within the law's limit"), "realised-in-time");
    bool any = waits_known(k->w->age[0].realised) || waits_known(k->w->age[1].realised);
    for (size_t i = 0; k->w->has_ages && any && i < 2; i++) {
        const struct waits_age *of = &k->w->age[i];
        struct waits_row row = {.name = names[i]};
        VEC_PUSH(k->a, &row.cells, waits_number(k, of->realised));
        VEC_PUSH(k->a, &row.cells, waits_share(k, of->kept, of->realised));
        VEC_PUSH(k->a, &t->rows, row);
    }
}

void waits_put_bands(struct waits_telling *k)
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
        VEC_PUSH(k->a, &row.cells, waits_number(k, k->w->band[b]));
        VEC_PUSH(k->a, &t->rows, row);
    }
}

void waits_put_t3(struct waits_telling *k, struct db *db)
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
        struct str profession = waits_profession(&professions, one->profession, k->l);
        struct waits_row row = {
            .name = str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(place), STR_ARG(profession)),
            .href = str_fmt(k->a, "/%s/waits/to/" STR_FMT "/" STR_FMT, lang_code(k->l),
                            STR_ARG(one->profession), STR_ARG(one->place))};
        VEC_PUSH(k->a, &row.cells, fmt_int(k->a, k->l, one->days));
        VEC_PUSH(k->a, &t->rows, row);
    }
}
