/*
 * manage_equity.c: do all wait alike: by language, age, area and channel, how much longer or
 * shorter a group's realised waits were than all others', with an interval.
 *
 * Month by month a group's mean is held against that of all others in the same month, so that what
 * moves the waits of everybody (a purge, a summer) is no difference. Of those differences the mean
 * has Student's interval. Means are told of ten waits and more, whatever they were: unlike shares
 * (manage_groups.c) they do not look better for the months that are hidden.
 */
#include "manage/manage_look.h"

enum { MONTHS = 12, MONTHS_LEAST = 6, OTHERS_LEAST = 10, GROUPS_MOST = 80 };
static const double LEVEL = 0.05;

static const struct cutting {
    enum figure_cut cut;
    const char *id, *head;
} cuts[] = {{CUT_LANGUAGE, "wait-language", N_("Language")},
            {CUT_AGE, "wait-age", N_("Age")},
            {CUT_DISTRICT, "wait-area", N_("Area")},
            {CUT_CHANNEL, "wait-channel", N_("Channel")}};
enum { CUTS = sizeof cuts / sizeof *cuts };

struct waiter {
    struct str name;
    int cut, months;
    int64_t n, days, others_n, others_days;
    bool any, known, differs, exact;
    struct manage_mean apart;
};
struct waiters {
    struct manage_look *k;
    int64_t team;
    struct manage_span months;
    struct manage_rows whole;
    struct waiter p[GROUPS_MOST];
    size_t n, compared;
};

static struct manage_rows read_realised(const struct waiters *w, enum figure_cut cut)
{
    struct manage_ask ask = {.measure = FACT_REALISED,
                             .cut = cut,
                             .team = w->team,
                             .rule = w->k->rule,
                             .from = w->months.from,
                             .to = w->months.to};
    return manage_read(&w->k->s, &ask);
}

static struct manage_value value_of(const struct waiters *w, const struct manage_rows *rows,
                                    struct str part, struct date month)
{
    struct manage_row where = {.team = w->team, .rule = w->k->rule, .part = part, .day = month};
    return manage_at(&w->k->s, rows, &where);
}

static bool mean_told(struct manage_value v)
{
    return v.state == MANAGE_SHOWN && !v.few && v.n > 0;
}

static void read_group(struct waiters *w, const struct manage_rows *rows, int cut,
                       const struct manage_name *name)
{
    double apart[MONTHS];
    struct waiter g = {.name = name->name, .cut = cut, .exact = w->team};
    int least = g.exact ? 1 : OTHERS_LEAST;
    for (int m = 0; m < MONTHS; m++) {
        struct date month = date_add_months(w->months.from, m);
        struct manage_value own = value_of(w, rows, name->code, month),
                            all = value_of(w, &w->whole, S(""), month);
        g.any = g.any || own.n || own.state == MANAGE_HIDDEN;
        if (!mean_told(own) || !mean_told(all) || all.n - own.n < least)
            continue;
        g.n += own.n;
        g.days += own.total;
        g.others_n += all.n - own.n;
        g.others_days += all.total - own.total;
        apart[g.months++] = (double)own.total / (double)own.n -
                            (double)(all.total - own.total) / (double)(all.n - own.n);
    }
    g.known = g.months >= MONTHS_LEAST && manage_mean(apart, (size_t)g.months, &g.apart);
    if (g.any && w->n < GROUPS_MOST)
        w->p[w->n++] = g;
}

/* All groups of all cuts at once: that is how many are compared. */
static void judge(struct waiters *w)
{
    double p[GROUPS_MOST];
    bool differs[GROUPS_MOST];
    for (size_t i = 0; i < w->n; i++)
        p[i] = w->p[i].known ? w->p[i].apart.chance : -1;
    w->compared = manage_holm(p, w->n, LEVEL, differs);
    for (size_t i = 0; i < w->n; i++)
        w->p[i].differs = differs[i];
}

static struct waiters *read_waiters(struct manage_look *k)
{
    struct waiters *w = ARENA_NEW(k->a, struct waiters);
    w->k = k;
    w->team = manage_exact(&k->s, k->team) ? k->team : 0;
    struct date last = manage_month(&k->s, w->team);
    w->months =
        (struct manage_span){date_is(last) ? date_add_months(last, 1 - MONTHS) : DATE_NONE, last};
    if (!date_is(last))
        return w;
    w->whole = read_realised(w, CUT_MONTH);
    for (int c = 0; c < CUTS; c++) {
        struct manage_rows rows = read_realised(w, cuts[c].cut);
        struct manage_names names = manage_groups_of(k, cuts[c].cut);
        for (size_t i = 0; i < names.n; i++)
            read_group(w, &rows, c, &names.p[i]);
    }
    judge(w);
    return w;
}

/* ---- showing ---- */

static struct str mean_words(struct manage_look *k, int64_t days, int64_t n)
{
    return n > 0 ? manage_decimal(k, (double)days / (double)n, 1) : S("–");
}

static void waiter_line(struct manage_look *k, struct manage_table *t, const struct waiter *g)
{
    struct manage_line *line = manage_line(k, t);
    struct str words[] = {manage_decimal(k, g->apart.v, 1), manage_decimal(k, g->apart.low, 1),
                          manage_decimal(k, g->apart.high, 1)};
    bool told = g->months > 0;
    struct str none =
        told || g->exact ? S("–") : manage_n(k, (struct manage_value){.state = MANAGE_HIDDEN});
    manage_cell(k, line, g->name, false);
    manage_cell(k, line, told ? mean_words(k, g->days, g->n) : none, true);
    manage_cell(k, line, told ? mean_words(k, g->others_days, g->others_n) : none, true);
    manage_cell(k, line, g->known ? tr_fill(k->a, tr(k->l, "%1 (%2 to %3)"), words, 3) : none,
                true);
    manage_cell(k, line, fmt_int(k->a, k->l, g->months), true);
    manage_cell(k, line,
                !g->known        ? tr(k->l, "too few to say")
                : !g->differs    ? tr(k->l, "may be chance")
                : g->apart.v > 0 ? tr(k->l, "waits longer")
                                 : tr(k->l, "waits less"),
                false);
}

static void put_cut(struct waiters *w, int cut)
{
    struct manage_look *k = w->k;
    struct str head = tr(k->l, cuts[cut].head);
    struct manage_part *p =
        manage_part(k, cuts[cut].id, tr_fill(k->a, tr(k->l, "%1: mean wait"), &head, 1));
    struct manage_table *t = manage_table(k, p, p->heading);
    static const char *const heads[] = {N_("Mean wait, days"), N_("All others"),
                                        N_("Difference, days"), N_("Months")};
    manage_head(k, t, head, false);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        manage_head(k, t, tr(k->l, heads[i]), true);
    manage_head(k, t, tr(k->l, "More than chance?"), false);
    for (size_t i = 0; i < w->n; i++)
        if (w->p[i].cut == cut)
            waiter_line(k, t, &w->p[i]);
    if (!t->lines.n)
        manage_say(k, p, tr(k->l, "Nothing of this can be told."));
}

/* A limit that is shorter for some is kept by letting the others wait. */
static bool limit_by_age(const struct manage_look *k)
{
    int rule = law_rule_find(k->law, k->rule), n = 0;
    const struct law_rule *r = rule < 0 ? NULL : law_rule(k->law, rule);
    for (size_t i = 0; r && i < r->version_count; i++) {
        const struct law_version *v = &r->versions[i];
        n += r->kind == LAW_STATUTE && v->from.day <= k->s.today.day &&
             (!date_is(v->to) || v->to.day >= k->s.today.day);
    }
    return n > 1;
}

static void put_waits(struct manage_look *k)
{
    struct waiters *w = read_waiters(k);
    struct manage_part *p = manage_part(k, "waits", tr(k->l, "Do all wait alike?"));
    manage_def(k, p, "equity");
    manage_def(k, p, "realised-waits");
    if (w->team != k->team)
        manage_say(k, p, tr(k->l, "Published of the whole county, not of each unit."));
    if (!date_is(w->months.to)) {
        manage_say(k, p, tr(k->l, "No whole month has been published yet."));
        return;
    }
    manage_sayf(k, p,
                tr(k->l, "From %1 to %2. In each month a group's mean wait is held against that of "
                         "all others, so that a purge or a summer, which moves everybody, is no "
                         "difference. In brackets is the 95% interval of the difference "
                         "(Student's t)."),
                fmt_month(k->a, k->l, w->months.from), fmt_month(k->a, k->l, w->months.to));
    manage_sayf(k, p,
                tr(k->l, "%1 groups were compared. Among so many some always differ by chance: "
                         "more than chance is said only where chance would give even one such in "
                         "less than 5% of all cases (Holm's method)."),
                fmt_int(k->a, k->l, (int64_t)w->compared));
    if (limit_by_age(k))
        manage_say(k, p,
                   tr(k->l, "The law sets a shorter limit for some, as for those under 23: a "
                            "difference between ages can be what the law asks for."));
    for (int c = 0; c < CUTS; c++)
        put_cut(w, c);
}

void manage_equity(struct manage_look *k)
{
    struct str rule = manage_rule_name(k, k->rule);
    k->v.title = tr_fill(k->a, tr(k->l, "Do all wait alike? %1"), &rule, 1);
    put_waits(k);
    manage_put_kept(k);
}
