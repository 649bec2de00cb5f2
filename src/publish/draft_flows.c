/*
 * draft_flows.c: what came and what went, of the county. Nothing of a night is tied to the nights
 * before by what the run lets out: that would be flows of teams. Of the county in and out are told
 * where the teams' can still be many things: each team's stocks ask for some at least, and of the
 * county's in there must be more than that, by twice the width. So whatever stocks could be before,
 * they can be still.
 */
#include "publish/draft.h"

struct flow {
    int stock, in, out; /* measures */
    struct str rule;
    struct date before, to; /* after the one day, up to the other */
    struct publish_key at;  /* of the cells, without the measure */
    int64_t n[2];
    bool of_month;
};

/* Of a day in or at the ends of the flow of which a stock was published; the number that was shown
 * then, or what it is by today's sums. */
static int64_t stock_at(const struct drafting *k, const struct flow *fl, int64_t team,
                        struct date d)
{
    struct publish_key key = {fl->stock, CUT_DAY, team, fl->rule, S(""), d.day};
    const struct publish_sum *was = publish_map_get(&k->before->cells, &key);
    const struct publish_series *s = publish_series(k->f, team, fl->rule);
    if (was && !was->hidden)
        return was->n;
    return fl->stock == PUBLISH_WAITING ? publish_waiting(k->f, s, d) : publish_over(k->f, s, d);
}

static bool is_stock_day(const struct drafting *k, struct date d)
{
    if (d.day == k->day.day)
        return true;
    for (size_t i = 0; i < k->before->days.n; i++)
        if (k->before->days.p[i].day == d.day)
            return true;
    return false;
}

/* What the team must have got at least, by all that is told of its stocks. */
static int64_t least_in(const struct drafting *k, const struct flow *fl, int64_t team)
{
    int64_t up = 0, net = 0, last = -1;
    for (struct date d = fl->before; d.day <= fl->to.day; d = date_add(d, 1)) {
        if (!is_stock_day(k, d))
            continue;
        int64_t n = stock_at(k, fl, team, d);
        if (last >= 0) {
            up += n > last ? n - last : 0;
            net += n - last;
        }
        last = n;
    }
    struct publish_key realised = {FACT_REALISED, CUT_MONTH, team, fl->rule, S(""), fl->at.day};
    int64_t most = fl->of_month ? net + draft_sum(k, &realised) : up;
    return most > up ? most : up;
}

/* Is the county's own cell, or one that goes with it, hidden? */
static bool hides(const struct drafting *k, const struct publish_key *key)
{
    const struct publish_sum *was = publish_map_get(&k->before->cells, key);
    const struct publish_cells *lists[] = {&k->out->daily, &k->out->monthly};
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->n; i++)
            if (publish_hash(&lists[l]->p[i].key) == publish_hash(key))
                return lists[l]->p[i].hidden;
    return was && was->hidden;
}

static bool flow_told(const struct drafting *k, const struct flow *fl)
{
    const struct publish_data *p = publish_data();
    int64_t least = 0, all = least_in(k, fl, 0);
    struct publish_key realised = {FACT_REALISED, CUT_MONTH, 0, fl->rule, S(""), fl->at.day};
    if (fl->n[0] == 0 && fl->n[1] == 0 && all == 0)
        return false;
    for (size_t t = 0; t < k->f->teams.n; t++)
        least += least_in(k, fl, k->f->teams.p[t]);
    for (struct date d = fl->before; d.day <= fl->to.day; d = date_add(d, 1)) {
        struct publish_key key = {fl->stock, CUT_DAY, 0, fl->rule, S(""), d.day};
        if (is_stock_day(k, d) && hides(k, &key))
            return false;
    }
    if (fl->of_month && hides(k, &realised))
        return false;
    return fl->n[0] - least >= 2 * p->rule.width && fl->n[0] - all >= 2 * p->rule.width &&
           fl->n[1] >= p->rule.few;
}

static void put_flow(struct drafting *k, const struct flow *fl)
{
    bool told = k->out->level < PUBLISH_NOTHING && flow_told(k, fl);
    for (int side = 0; side < 2; side++) {
        struct publish_cell c = {
            .key = fl->at, .n = fl->n[side], .hidden = !told, .at = DRAFT_NONE};
        c.key.measure = side ? fl->out : fl->in;
        if (publish_naive)
            c.hidden = c.n > 0 && c.n < publish_data()->rule.few;
        c.few = c.hidden;
        VEC_PUSH(k->a, draft_list(k, &c.key), c);
    }
}

void draft_month_flows(struct drafting *k, struct date month)
{
    struct date before = date_add(month, -1), end = k->day;
    for (size_t r = 0; r < k->f->rules.n; r++) {
        const struct publish_series *s = publish_series(k->f, 0, k->f->rules.p[r]);
        if (!s || !draft_active(k, s, month))
            continue;
        struct publish_key key = draft_month_key(FACT_ENDED, s, month);
        struct flow fl = {.stock = PUBLISH_WAITING,
                          .in = FACT_STARTED,
                          .out = FACT_ENDED,
                          .rule = s->rule,
                          .before = before,
                          .to = end,
                          .at = key,
                          .of_month = true};
        fl.n[0] = publish_flow(k->f, s, FLOW_STARTED, before, end);
        fl.n[1] = draft_sum(k, &key);
        put_flow(k, &fl);
    }
}

/* The debt's weeks by rule, that begin on `monday` or later and are over. */
void draft_week_flows(struct drafting *k, struct date monday)
{
    for (; date_add(monday, 6).day <= k->day.day; monday = date_add(monday, 7))
        for (size_t r = 0; r < k->f->rules.n; r++) {
            const struct publish_series *s = publish_series(k->f, 0, k->f->rules.p[r]);
            struct flow fl = {.stock = PUBLISH_WAITING_OVER,
                              .in = FACT_OVER,
                              .out = FACT_OVER_ENDED,
                              .rule = k->f->rules.p[r],
                              .before = date_add(monday, -1),
                              .to = date_add(monday, 6),
                              .at = {0, CUT_DAY, 0, k->f->rules.p[r], S(""), monday.day}};
            fl.n[0] = publish_flow(k->f, s, FLOW_OVER, fl.before, fl.to);
            fl.n[1] = publish_flow(k->f, s, FLOW_OVER_ENDED, fl.before, fl.to);
            put_flow(k, &fl);
        }
}
