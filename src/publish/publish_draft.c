/*
 * publish_draft.c: a publication: its cells, every equation that holds between them and with what
 * was published before, one run of src/disclose over all of it, and what that run lets out.
 *
 * In one system of equations stand:
 * - of the day: stocks by rule and team, what of them is over, will be over soon, by bands;
 * - of a month that ends: realised waits, bands, cuts, matters, visits; the county is the sum of
 * its teams and of each cut's parts; no cell is a sum of rules. What would tie nights to one
 * another are flows: waiting now = before + started - realised - ended. Those are told of the
 * county alone, and only where they leave the teams' stocks open: flow_told().
 *
 * Where the run finds no way to protect a cell, the county's cuts are hidden whole, then
 * everything: nothing is published that the run does not answer for.
 */
#include "publish/draft.h"

bool publish_naive;

/* ---- totals ---- */

/* A sum over the matters that a cell counts. Of the parts of a whole those whose sum is not told
 * must be two, and of enough matters together: else one more of them goes. */
struct group {
    LIST_FIELDS(struct publish_cell *);
};

static bool mean_told(const struct drafting *k, const struct publish_cell *c)
{
    return !c->hidden && c->n >= publish_data()->rule.few_mean;
}

static void settle_group(struct drafting *k, const struct group *g)
{
    for (;;) {
        struct publish_cell *least = NULL;
        int64_t n = 0;
        int untold = 0;
        for (size_t i = 0; i < g->n; i++) {
            struct publish_cell *c = g->p[i];
            if (c->few && c->n > 0) {
                untold++;
                n += c->n;
            } else if (!c->few && c->n > 0 && (!least || c->n < least->n)) {
                least = c;
            }
        }
        if (untold == 0 || (untold > 1 && n >= publish_data()->rule.few_mean) || !least)
            return;
        least->few = true;
    }
}

static bool has_total(const struct publish_cell *c)
{
    return c->key.measure == FACT_REALISED || c->key.measure == FACT_CLOSED ||
           c->key.measure == FACT_TOUCH || c->key.measure == FACT_HANDOFFS ||
           c->key.measure == FACT_ASSESSED;
}

/* Of these the median alone is told beside the count. */
static bool of_team_part(const struct publish_key *key)
{
    return key->team && key->cut == CUT_PART;
}

static void settle_totals(struct drafting *k, struct publish_cells *cells)
{
    for (size_t i = 0; i < cells->n; i++)
        cells->p[i].few = !mean_told(k, &cells->p[i]) || of_team_part(&cells->p[i].key);
    for (size_t i = 0; i < cells->n; i++) {
        struct publish_cell *whole = &cells->p[i];
        if (!has_total(whole) || whole->key.team || whole->key.cut != CUT_MONTH || whole->few)
            continue;
        for (int cut = 0; cut < CUT_COUNT; cut++) {
            struct group g = {0};
            for (size_t j = 0; j < cells->n; j++) {
                struct publish_cell *c = &cells->p[j];
                if (c->key.measure == whole->key.measure && c->key.cut == cut &&
                    str_eq(c->key.rule, whole->key.rule) &&
                    (cut == CUT_MONTH ? c->key.team != 0 : c->key.team == 0))
                    VEC_PUSH(k->a, &g, c);
            }
            settle_group(k, &g);
        }
    }
}

/* ---- medians: beside their counts, told where a mean may be ---- */

static void put_medians(struct drafting *k)
{
    size_t n = k->out->monthly.n;
    for (size_t i = 0; i < n; i++) {
        struct publish_cell c = k->out->monthly.p[i];
        bool has_median = (c.key.measure == FACT_REALISED && c.key.cut == CUT_MONTH) ||
                          (c.key.measure == FACT_ASSESSED && c.key.cut == CUT_PART);
        if (!has_median || c.n == 0)
            continue;
        bool untold = publish_map_get(&k->untold, &c.key);
        c.key.measure = PUBLISH_MEDIAN;
        const struct publish_sum *m = publish_map_get(&k->f->sums, &c.key);
        c.few = !m || untold || !mean_told(k, &c) || k->out->level >= 1;
        c.total = m ? m->total : 0;
        VEC_PUSH(k->a, &k->out->monthly, c);
    }
}

/* ---- the run ---- */

static void take_fates(struct drafting *k, struct publish_cells *cells, bool all)
{
    for (size_t i = 0; i < cells->n; i++) {
        struct publish_cell *c = &cells->p[i];
        bool whole = k->out->level >= 2 && draft_is_cut(&c->key);
        bool small = c->n > 0 && c->n < publish_data()->rule.few;
        c->hidden = all || whole || disclose_fate(k->d, c->at) != DISCLOSE_SHOWN;
        if (publish_naive)
            c->hidden = small;
        c->few = c->hidden;
    }
}

static struct disclose_result attempt(struct drafting *k, int level)
{
    struct publish_draft *out = k->out;
    struct date month = date_month(k->day);
    *out = (struct publish_draft){.day = k->day,
                                  .month = date_add(k->day, 1).day == date_add_months(month, 1).day,
                                  .level = level};
    k->d = disclose_new(k->a, &publish_data()->rule);
    k->known = 0;
    k->n.n = 0;
    draft_stocks(k, k->day);
    if (out->month)
        draft_month(k, month);
    return disclose_run(k->d);
}

/* Where the count is hidden its median is not told either; without it, which bounds the bands, the
 * count can often be shown. True: there are such, and another run is worth it. */
static bool drop_medians(struct drafting *k)
{
    size_t before = k->untold.n;
    for (size_t i = 0; i < k->out->monthly.n; i++) {
        const struct publish_cell *c = &k->out->monthly.p[i];
        if (c->key.measure == FACT_REALISED && c->key.cut == CUT_MONTH &&
            c->n >= publish_data()->rule.few_mean && disclose_fate(k->d, c->at) != DISCLOSE_SHOWN)
            publish_map_put(k->a, &k->untold, &c->key);
    }
    return k->untold.n > before;
}

struct publish_draft publish_draft(struct arena *a, const struct publish_figures *f,
                                   const struct publish_before *before, struct date day,
                                   struct date weeks)
{
    struct publish_draft out;
    struct drafting k = {.a = a, .f = f, .before = before, .day = day, .out = &out};
    struct disclose_result r = {.fault = DISCLOSE_EXPOSED};
    for (int level = 0; level < PUBLISH_NOTHING && r.fault != DISCLOSE_OK; level++) {
        r = attempt(&k, level);
        if (level == 0 && r.fault == DISCLOSE_OK && drop_medians(&k))
            r = attempt(&k, level);
        if (publish_naive)
            r.fault = DISCLOSE_OK;
    }
    out.level = r.fault == DISCLOSE_OK ? out.level : PUBLISH_NOTHING;
    out.result = r;
    take_fates(&k, &out.daily, out.level == PUBLISH_NOTHING);
    take_fates(&k, &out.monthly, out.level == PUBLISH_NOTHING);
    settle_totals(&k, &out.monthly);
    put_medians(&k);
    draft_week_flows(&k, weeks);
    if (out.month)
        draft_month_flows(&k, date_month(day));
    return out;
}
