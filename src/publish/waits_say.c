/* waits_say.c: the sentences of the page of waits. */
#include "publish/waits_say.h"

/* ---- words ---- */

struct str waits_number(const struct waits_telling *k, struct waits_cell c)
{
    return c.state == CHART_KNOWN    ? fmt_int(k->a, k->l, c.n)
           : c.state == CHART_HIDDEN ? tr(k->l, "hidden")
                                     : S("–");
}

bool waits_known(struct waits_cell c)
{
    return c.state == CHART_KNOWN;
}

/* Per cent of what is known; an empty text where it cannot be said. */
struct str waits_share(const struct waits_telling *k, struct waits_cell part,
                       struct waits_cell whole)
{
    if (!waits_known(part) || !waits_known(whole))
        return part.state == CHART_HIDDEN || whole.state == CHART_HIDDEN ? tr(k->l, "hidden")
                                                                         : S("–");
    return fmt_share(k->a, k->l, part.n, whole.n);
}

struct waits_cell waits_plus(struct waits_cell x, struct waits_cell y)
{
    if (!waits_known(x) || !waits_known(y))
        return (struct waits_cell){
            x.state == CHART_HIDDEN || y.state == CHART_HIDDEN ? CHART_HIDDEN : CHART_MISSING, 0};
    return (struct waits_cell){CHART_KNOWN, x.n + y.n};
}

static void say(struct waits_telling *k, const char *figure, struct str text)
{
    const struct figure_def *d = figure_def_find(str_of(figure));
    struct waits_said s = {.text = text};
    if (d) {
        s.href = figure_def_path(k->a, k->l, d->id);
        s.figure = d->name[k->l];
    }
    VEC_PUSH(k->a, &k->v->said, s);
}

struct str waits_fill(const struct waits_telling *k, const char *text, struct str x)
{
    return tr_fill(k->a, tr(k->l, text), &x, 1);
}

void waits_say_month(struct waits_telling *k)
{
    const struct waits_month *m = waits_last_month(k->w);
    if (!m)
        return;
    struct str month = fmt_month(k->a, k->l, m->first);
    if (waits_known(m->median)) {
        struct str args[] = {month, fmt_days(k->a, k->l, m->median.n)};
        say(k, "median-wait",
            tr_fill(k->a, tr(k->l, "%1: half of those who got in had waited at most %2."), args,
                    2));
    } else if (waits_known(m->realised) && m->realised.n == 0) {
        say(k, "realised-waits", waits_fill(k, N_("%1: nobody got in."), month));
    } else {
        say(k, "median-wait",
            waits_fill(k, N_("%1: how long they had waited is not told, as so few got in."),
                       month));
    }
    struct str in_time = waits_share(k, m->kept, m->realised);
    if (waits_known(m->kept) && waits_known(m->realised) && m->realised.n > 0)
        say(k, "realised-in-time",
            waits_fill(k, N_("%1 of them got in within the time that the law allows."), in_time));
    struct waits_cell stopped = waits_plus(m->realised, m->ended);
    if (waits_known(m->offered) && waits_known(stopped) && stopped.n > 0)
        say(k, "offered-in-time",
            waits_fill(
                k,
                N_("%1 of those whose wait ended had been offered a time within the law's limit."),
                waits_share(k, m->offered, stopped)));
}

/* What is reported by days, beside the limit of law that ends by calendar months. */
static void say_reported(struct waits_telling *k)
{
    const struct law_codes *rules = &publish_data()->reported;
    const struct publish_bands *bands = publish_bands();
    struct waits_cell longest = k->w->band[bands->n - 1];
    struct str args[] = {fmt_int(k->a, k->l, bands->p[bands->n - 2].most),
                         waits_number(k, longest)};
    for (size_t i = 0; i < rules->n; i++)
        if (str_eq(rules->p[i], k->w->rule->id) && longest.state != CHART_MISSING)
            say(k, "wait-bands",
                tr_fill(k->a,
                        tr(k->l, "Have waited over %1 days, as specialised care is reported: %2. "
                                 "The law's own limit ends by calendar months, so the two can "
                                 "differ."),
                        args, 2));
}

void waits_say_now(struct waits_telling *k)
{
    const struct waits *w = k->w;
    struct waits_cell waiting = {0}, over = {0};
    for (size_t i = 0; i < w->days.n; i++)
        if (w->days.p[i].day.day == w->until.day) {
            waiting = w->days.p[i].waiting;
            over = w->days.p[i].over;
        }
    if (waits_known(waiting) && waiting.n == 0) {
        say(k, "waiting", tr(k->l, "Nobody waits now."));
        return;
    }
    if (waits_known(waiting))
        say(k, "waiting",
            tr_fill(k->a, tr_n(k->l, "%1 wait goes on now.", "%1 waits go on now.", waiting.n),
                    (struct str[]){fmt_int(k->a, k->l, waiting.n)}, 1));
    else
        say(k, "waiting",
            waits_fill(
                k,
                N_("How many wait now is not told: fewer than %1, or the number would give such a "
                   "one away."),
                fmt_int(k->a, k->l, publish_few())));
    if (waits_known(over) && over.n == 0)
        say(k, "waiting-over", tr(k->l, "None of them has waited longer than the law allows."));
    else if (waits_known(over))
        say(k, "waiting-over",
            tr_fill(k->a,
                    tr_n(k->l, "%1 of them has waited longer than the law allows.",
                         "%1 of them have waited longer than the law allows.", over.n),
                    (struct str[]){fmt_int(k->a, k->l, over.n)}, 1));
    else
        say(k, "waiting-over",
            tr(k->l, "How many of them have waited longer than the law allows is hidden."));
    say_reported(k);
    if (waits_known(w->soon[1]) && w->soon[1].n > 0)
        say(k, "due-soon",
            waits_fill(
                k,
                N_("%1 more will have waited too long within 14 days, unless they get in before."),
                fmt_int(k->a, k->l, w->soon[1].n)));
}

/* The whole county, before all else. */
void waits_say_all(struct waits_telling *k)
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

void waits_say_coverage(struct waits_telling *k)
{
    const struct waits_month *m = waits_last_month(k->w);
    if (m && waits_known(m->visits) && waits_known(m->assessed) && m->visits.n > 0)
        say(k, "coverage",
            waits_fill(
                k,
                N_("Of all visits of the month %1 have a recorded assessment: only these can be "
                   "counted as the national institute counts."),
                waits_share(k, m->assessed, m->visits)));
}

void waits_say_reference(struct waits_telling *k)
{
    const struct publish_data *d = publish_data();
    for (size_t i = 0; i < d->references.n; i++)
        if (str_eq(d->references.p[i].rule, k->w->rule->id) &&
            d->references.p[i].from.day <= k->w->month.day)
            k->v->reference = d->references.p[i].words[k->l];
}

void waits_say_purges(struct waits_telling *k)
{
    size_t n = k->w->purges.n;
    for (size_t i = n > 3 ? n - 3 : 0; i < n; i++) {
        const struct waits_purge *p = &k->w->purges.p[i];
        struct str args[] = {fmt_month(k->a, k->l, p->before),     fmt_month(k->a, k->l, p->month),
                             fmt_days(k->a, k->l, p->mean_before), fmt_days(k->a, k->l, p->mean),
                             fmt_int(k->a, k->l, p->over_before),  fmt_int(k->a, k->l, p->over)};
        VEC_PUSH(
            k->a, &k->v->purges,
            tr_fill(k->a,
                    tr(k->l, "From %1 to %2 those who had waited longest got in: how long those "
                             "who got in had waited rose (on average from %3 to %4), while "
                             "fewer were left who had waited too long (%6, before %5). So a "
                             "rising curve of waits does not mean here that things became "
                             "worse."),
                    args, 6));
    }
}
