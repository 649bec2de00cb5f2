/* draft_months.c: a month: realised waits by rule and team, cuts of the county, matters, visits. */
#include "publish/draft.h"

#include <assert.h>

/* ---- months: rules and teams ---- */

static const int rule_measures[] = {FACT_REALISED, FACT_KEPT, FACT_OFFERED};
enum { M_REALISED, M_KEPT, M_OFFERED, RULE_MEASURES };

bool draft_active(const struct drafting *k, const struct publish_series *s, struct date month)
{
    struct date end = date_month_end(month);
    struct publish_key key = draft_month_key(FACT_REALISED, s, month);
    bool any = publish_flow(k->f, s, FLOW_STARTED, date_add(month, -1), end) > 0 ||
               publish_flow(k->f, s, FLOW_STOPPED, date_add(month, -1), end) > 0 ||
               publish_waiting(k->f, s, end) > 0 ||
               publish_waiting(k->f, s, date_add(month, -1)) > 0;
    for (int i = 0; i < RULE_MEASURES && !any; i++) {
        key.measure = rule_measures[i];
        any = draft_sum(k, &key) > 0;
    }
    return any;
}

/* What a median tells: at most half waited less than its band, more than half up to it. */
static void median_tells(struct drafting *k, const struct publish_series *s, struct date month,
                         const int *band, int64_t all)
{
    struct publish_key key = draft_month_key(PUBLISH_MEDIAN, s, month);
    const struct publish_sum *m = publish_map_get(&k->f->sums, &key);
    const struct publish_bands *bands = publish_bands();
    int64_t n[2] = {0};
    struct draft_ints parts[2] = {{0}};
    struct publish_key count = draft_month_key(FACT_REALISED, s, month);
    if (!m || all < publish_data()->rule.few_mean || k->out->level >= 1 ||
        publish_map_get(&k->untold, &count))
        return;
    size_t of = publish_band_of(bands, m->total);
    for (size_t i = 0; i <= of; i++)
        for (int j = i == of; j < 2; j++) {
            struct publish_key b = draft_month_key(PUBLISH_WITHIN, s, month);
            b.part = bands->p[i].code;
            draft_push(k, &parts[j], band[i]);
            n[j] += draft_sum(k, &b);
        }
    for (int j = 0; j < 2; j++) {
        struct str name = str_fmt(k->a, "median %d %lld " STR_FMT " %d", j, (long long)s->team,
                                  STR_ARG(s->rule), month.day);
        if (!parts[j].n)
            continue;
        int cell = disclose_implicit(k->d, disclose_key(name), n[j]);
        draft_sum_up(k, cell, &parts[j]);
        if (j == 0)
            disclose_bounds(k->d, cell, 0, all / 2 > n[j] ? all / 2 : n[j]);
        else
            disclose_bounds(k->d, cell, n[j] < (all + 1) / 2 ? n[j] : (all + 1) / 2, all);
    }
}

/* The cells of one rule and team (0: county) in a month. */
static void rule_team(struct drafting *k, const struct publish_series *s, struct date month,
                      int cell[RULE_MEASURES], int *band)
{
    const struct publish_bands *bands = publish_bands();
    struct draft_ints parts = {0};
    for (int i = 0; i < RULE_MEASURES; i++) {
        struct publish_key key = draft_month_key(rule_measures[i], s, month);
        cell[i] = draft_sum_node(k, &key, false);
    }
    for (size_t i = 0; i < bands->n; i++) {
        struct publish_key key = draft_month_key(PUBLISH_WITHIN, s, month);
        key.part = bands->p[i].code;
        band[i] = draft_sum_node(k, &key, false);
        draft_push(k, &parts, band[i]);
    }
    draft_sum_up(k, cell[M_REALISED], &parts);
    draft_rest(k, cell[M_REALISED], cell[M_KEPT]);
    struct publish_key key = draft_month_key(FACT_REALISED, s, month);
    median_tells(k, s, month, band, draft_sum(k, &key));
}

static const enum figure_cut rule_cuts[] = {CUT_AGE, CUT_LANGUAGE, CUT_DISTRICT, CUT_CHANNEL};

struct cutting {
    int measure, whole; /* whole: the node of the county's cell, or DRAFT_NONE */
};

/* Each cut of the county's cell is its sum: by the parts of the first, that there is most of. */
static void cut_up(struct drafting *k, const struct cutting *of, size_t n, struct str rule,
                   enum figure_cut cut, struct date month)
{
    struct draft_ints parts[4] = {{0}};
    assert(n <= 4);
    for (size_t i = 0; i < k->f->parts[cut].n; i++) {
        struct publish_key lead = {of[0].measure,         (int)cut, 0, rule,
                                   k->f->parts[cut].p[i], month.day};
        bool any = false;
        for (size_t m = 0; m < n && !any; m++) {
            struct publish_key key = lead;
            key.measure = of[m].measure;
            any = draft_sum(k, &key) > 0;
        }
        if (!any)
            continue;
        int first = DRAFT_NONE;
        for (size_t m = 0; m < n; m++) {
            struct publish_key key = lead;
            key.measure = of[m].measure;
            int cell = draft_sum_node(k, &key, false);
            draft_push(k, &parts[m], cell);
            if (m == 0)
                first = cell;
            else if (of[m].measure != FACT_OFFERED)
                draft_rest(k, first, cell);
        }
    }
    for (size_t m = 0; m < n; m++)
        if (of[m].whole != DRAFT_NONE)
            draft_sum_up(k, of[m].whole, &parts[m]);
}

static void rule_month(struct drafting *k, struct str rule, struct date month)
{
    const size_t bands = publish_bands()->n;
    const struct publish_series *s = publish_series(k->f, 0, rule);
    int whole[RULE_MEASURES], cell[RULE_MEASURES];
    int *band = ARENA_ARRAY(k->a, bands * 2, int);
    struct draft_ints *parts = ARENA_ARRAY(k->a, RULE_MEASURES + bands, struct draft_ints);
    if (!s || !draft_active(k, s, month))
        return;
    rule_team(k, s, month, whole, band);
    for (size_t t = 0; t < k->f->teams.n; t++) {
        const struct publish_series *own = publish_series(k->f, k->f->teams.p[t], rule);
        if (!own || !draft_active(k, own, month))
            continue;
        rule_team(k, own, month, cell, band + bands);
        for (size_t i = 0; i < RULE_MEASURES + bands; i++)
            draft_push(k, &parts[i], i < RULE_MEASURES ? cell[i] : band[bands + i - RULE_MEASURES]);
    }
    for (size_t i = 0; i < RULE_MEASURES + bands; i++)
        draft_sum_up(k, i < RULE_MEASURES ? whole[i] : band[i - RULE_MEASURES], &parts[i]);
    const struct cutting of[] = {{FACT_REALISED, whole[M_REALISED]},
                                 {FACT_KEPT, whole[M_KEPT]},
                                 {FACT_OFFERED, whole[M_OFFERED]}};
    for (size_t c = 0; c < 4; c++)
        cut_up(k, of, 3, rule, rule_cuts[c], month);
}

/* ---- months: matters and visits ---- */

static const struct matter_measure {
    int measure, within; /* its total; -1: none */
} matter_measures[] = {
    {FACT_RECEIVED, -1},
    {FACT_KNOWN, FACT_RECEIVED},
    {FACT_AGAIN14, FACT_KNOWN},
    {FACT_AGAIN7, FACT_AGAIN14},
    {PUBLISH_DIGITAL, FACT_RECEIVED},
    {FACT_CLOSED, -1},
    {FACT_JUDGED, FACT_CLOSED},
    {FACT_FIRST, FACT_JUDGED},
    {FACT_TOUCH, FACT_CLOSED},
    {FACT_HANDOFFS, FACT_CLOSED},
    {FACT_VISIT, -1},
    {FACT_ASSESSED, FACT_VISIT},
    {FACT_MISSED, -1},
};
enum { MATTER_MEASURES = sizeof matter_measures / sizeof *matter_measures };

static void team_month(struct drafting *k, int64_t team, struct date month,
                       int cell[MATTER_MEASURES])
{
    for (size_t i = 0; i < MATTER_MEASURES; i++) {
        struct publish_key key = {
            matter_measures[i].measure, CUT_MONTH, team, S(""), S(""), month.day};
        cell[i] = draft_sum_node(k, &key, team != 0);
        for (size_t j = 0; j < i; j++) {
            struct publish_key of = key;
            of.measure = matter_measures[j].measure;
            if (matter_measures[j].measure == matter_measures[i].within &&
                draft_sum(k, &of) >= draft_sum(k, &key))
                draft_rest(k, cell[j], cell[i]);
        }
    }
}

static void matters_month(struct drafting *k, struct date month)
{
    int whole[MATTER_MEASURES], cell[MATTER_MEASURES];
    struct draft_ints parts[MATTER_MEASURES] = {{0}};
    team_month(k, 0, month, whole);
    for (size_t t = 0; t < k->f->teams.n; t++) {
        team_month(k, k->f->teams.p[t], month, cell);
        for (size_t i = 0; i < MATTER_MEASURES; i++)
            draft_push(k, &parts[i], cell[i]);
    }
    for (size_t i = 0; i < MATTER_MEASURES; i++)
        draft_sum_up(k, whole[i], &parts[i]);
    const struct cutting received[] = {{FACT_RECEIVED, whole[0]}, {PUBLISH_DIGITAL, whole[4]}},
                         visits[] = {{FACT_VISIT, whole[10]}, {FACT_ASSESSED, whole[11]}},
                         missed = {FACT_MISSED, whole[12]}, left = {FACT_STEP_LEFT, DRAFT_NONE};
    const enum figure_cut cuts[] = {CUT_AGE, CUT_LANGUAGE, CUT_DISTRICT, CUT_CHANNEL, CUT_REASON};
    for (size_t c = 0; c < 5; c++)
        cut_up(k, received, c < 3 ? 2 : 1, S(""), cuts[c], month);
    cut_up(k, visits, 2, S(""), CUT_PART, month);
    cut_up(k, &missed, 1, S(""), CUT_PART, month);
    cut_up(k, &left, 1, S(""), CUT_PART, month);
}

/* Visits with their assessment, by who gave them: each profession of the county is the sum of its
 * teams, each team that of its professions. */
static void professions_month(struct drafting *k, struct date month)
{
    const struct publish_figures *f = k->f;
    struct draft_ints *of_team = ARENA_ARRAY(k->a, f->teams.n, struct draft_ints);
    for (size_t i = 0; i < f->parts[CUT_PART].n; i++) {
        struct publish_key key = {FACT_ASSESSED,           CUT_PART, 0, S(""),
                                  f->parts[CUT_PART].p[i], month.day};
        struct draft_ints parts = {0};
        int whole = draft_sum_node(k, &key, true);
        for (size_t t = 0; t < f->teams.n; t++) {
            key.team = f->teams.p[t];
            int cell = draft_sum_node(k, &key, true);
            draft_push(k, &parts, cell);
            draft_push(k, &of_team[t], cell);
        }
        draft_sum_up(k, whole, &parts);
    }
    for (size_t t = 0; t < f->teams.n; t++) {
        struct publish_key key = {FACT_ASSESSED, CUT_MONTH, f->teams.p[t], S(""), S(""), month.day};
        draft_sum_up(k, draft_sum_node(k, &key, true), &of_team[t]);
    }
}

/* The digital channels of the county are its digital matters. */
static void digital_channels(struct drafting *k, struct date month)
{
    const struct law_codes *codes = &publish_data()->digital;
    struct publish_key whole = {PUBLISH_DIGITAL, CUT_MONTH, 0, S(""), S(""), month.day};
    struct draft_ints parts = {0};
    for (size_t i = 0; i < codes->n; i++) {
        struct publish_key key = {FACT_RECEIVED, CUT_CHANNEL, 0, S(""), codes->p[i], month.day};
        draft_push(k, &parts, draft_sum_node(k, &key, true));
    }
    if (draft_sum(k, &whole) > 0)
        draft_sum_up(k, draft_sum_node(k, &whole, false), &parts);
}

void draft_month(struct drafting *k, struct date month)
{
    for (size_t r = 0; r < k->f->rules.n; r++)
        rule_month(k, k->f->rules.p[r], month);
    matters_month(k, month);
    professions_month(k, month);
    digital_channels(k, month);
}
