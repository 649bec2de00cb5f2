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
#include "publish/publish_room.h"

#include <assert.h>

bool publish_naive;

enum fresh { OLD, DAILY, MONTHLY };
enum { NONE = -1 }; /* a cell that is known to be zero */

struct ints {
    LIST_FIELDS(int);
};

struct making {
    struct arena *a;
    struct disclose *d;
    const struct publish_figures *f;
    const struct publish_before *before;
    struct date day;
    int known; /* cells of the run up to this number have been met */
    struct {
        LIST_FIELDS(int64_t);
    } n; /* by number of the run; of cells that have a key */
    struct publish_draft *out;
};

/* ---- cells ---- */

static struct publish_cells *list_of(struct making *k, enum fresh fresh)
{
    return fresh == DAILY ? &k->out->daily : &k->out->monthly;
}

static bool is_cut(const struct publish_key *key)
{
    return key->cut != CUT_DAY && key->cut != CUT_MONTH;
}

static int weight_of(const struct publish_key *key, int64_t n)
{
    const struct publish_data *p = publish_data();
    bool band = key->measure == PUBLISH_BAND || key->measure == PUBLISH_WITHIN;
    int w = is_cut(key) || (band && key->team) ? p->weight_part
            : key->team                        ? p->weight_team
            : band                             ? p->weight_band
            : key->measure == FACT_KEPT        ? p->weight_kept
                                               : p->weight_county;
    w *= n == 0 ? p->weight_zero : 1;
    return w < 1000 ? w : 1000;
}

static void put_cell(struct making *k, enum fresh fresh, const struct publish_key *key, int64_t n,
                     int64_t total, int at)
{
    struct publish_cell c = {.key = *key, .n = n, .total = total, .at = at};
    VEC_PUSH(k->a, list_of(k, fresh), c);
}

/* A cell of the run, under its key: one, however often it is asked for. */
static int node(struct making *k, enum fresh fresh, const struct publish_key *key, int64_t n,
                int64_t total)
{
    bool whole = k->out->level >= 2 && is_cut(key);
    uint64_t h = publish_hash(key);
    int at = fresh == OLD || whole ? disclose_implicit(k->d, h, n) : disclose_cell(k->d, h, n);
    if (at < k->known)
        return at;
    k->known = at + 1;
    while (k->n.n <= (size_t)at)
        VEC_PUSH(k->a, &k->n, n);
    if (fresh != OLD) {
        disclose_weight(k->d, at, weight_of(key, n));
        put_cell(k, fresh, key, n, total, at);
        return at;
    }
    const struct publish_sum *was = publish_map_get(&k->before->cells, key);
    if (was && was->hidden)
        disclose_was_hidden(k->d, at);
    else if (was)
        disclose_was_shown(k->d, at, was->n);
    return at;
}

/* Of a sum that figures have. Zero where it is not there: and then no cell either, if `sparse`. */
static int sum_node(struct making *k, enum fresh fresh, const struct publish_key *key, bool sparse)
{
    const struct publish_sum *s = publish_map_get(&k->f->sums, key);
    bool old = fresh == OLD && publish_map_get(&k->before->cells, key);
    if (sparse && !old && (!s || s->n == 0))
        return NONE;
    return node(k, fresh, key, s ? s->n : 0, s ? s->total : 0);
}

static void push(struct making *k, struct ints *list, int cell)
{
    if (cell != NONE)
        VEC_PUSH(k->a, list, cell);
}

static void sum_up(struct making *k, int total, const struct ints *parts)
{
    if (total != NONE && parts->n)
        disclose_sum(k->d, total, parts->p, parts->n);
}

/* A part beside its total: the rest is as telling. */
static int rest(struct making *k, int total, int part)
{
    bool there = total != NONE && part != NONE && total != part;
    return there ? disclose_rest(k->d, total, part) : NONE;
}

/* ---- stocks of a day ---- */

static struct publish_key stock_key(int measure, const struct publish_series *s, struct date day)
{
    return (struct publish_key){measure, CUT_DAY, s->team, s->rule, S(""), day.day};
}

static int stock(struct making *k, enum fresh fresh, int measure, const struct publish_series *s,
                 struct date day)
{
    struct publish_key key = stock_key(measure, s, day);
    int64_t n =
        measure == PUBLISH_WAITING ? publish_waiting(k->f, s, day) : publish_over(k->f, s, day);
    return node(k, fresh, &key, n > 0 ? n : 0, 0);
}

/* Is anything of it on that day, or was anything published of it? */
static bool stands(const struct making *k, const struct publish_series *s, struct date day)
{
    struct publish_key key = stock_key(PUBLISH_WAITING, s, day);
    return publish_waiting(k->f, s, day) > 0 || publish_over(k->f, s, day) > 0 ||
           publish_map_get(&k->before->cells, &key);
}

/* Figures of what is open were read a moment later than the day ended: what differs is a constant
 * that everybody may know. */
static void tie(struct making *k, int whole, const struct ints *parts)
{
    int64_t sum = 0, n = whole == NONE ? 0 : k->n.p[whole];
    struct ints left = {0}, right = {0};
    for (size_t i = 0; i < parts->n; i++) {
        push(k, &right, parts->p[i]);
        sum += k->n.p[parts->p[i]];
    }
    if (whole == NONE || (n == sum && parts->n == 0))
        return;
    push(k, &left, whole);
    if (n != sum) {
        int64_t apart = n > sum ? n - sum : sum - n, base = 1000 + apart, other = base + n - sum;
        int x = disclose_implicit(k->d, disclose_key(str_fmt(k->a, "base %d", whole)), base);
        int y = disclose_implicit(k->d, disclose_key(str_fmt(k->a, "other %d", whole)), other);
        disclose_bounds(k->d, x, base, base);
        disclose_bounds(k->d, y, other, other);
        push(k, &left, x);
        push(k, &right, y);
    }
    disclose_balance(k->d, left.p, left.n, right.p, right.n);
}

static int64_t sum_of(const struct making *k, const struct publish_key *key)
{
    const struct publish_sum *s = publish_map_get(&k->f->sums, key);
    return s ? s->n : 0;
}

/* What is told of a day, in the order of columns: waiting, over, soon over (three), bands. */
enum { C_WAITING, C_OVER, C_SOON, C_BANDS = C_SOON + 3, COLUMNS_MOST = 24 };

static int column(struct making *k, enum fresh fresh, const struct publish_series *s,
                  struct date day, size_t c)
{
    if (c < C_SOON)
        return stock(k, fresh, PUBLISH_WAITING + (int)c, s, day);
    struct publish_key key =
        stock_key(c < C_BANDS ? PUBLISH_SOON7 + (int)c - C_SOON : PUBLISH_BAND, s, day);
    if (c >= C_BANDS)
        key.part = publish_bands()->p[c - C_BANDS].code;
    return sum_node(k, fresh, &key, false);
}

/* Of one rule and team: over is of what waits; 7 within 14 within 30 days within what is in time;
 * bands add up. */
static void across(struct making *k, const int *cell, size_t columns)
{
    struct ints parts = {0};
    int in_time = rest(k, cell[C_WAITING], cell[C_OVER]);
    if (columns <= C_SOON)
        return;
    for (size_t i = C_BANDS; i < columns; i++)
        push(k, &parts, cell[i]);
    tie(k, cell[C_WAITING], &parts);
    for (int i = C_SOON; i + 1 < C_BANDS; i++)
        rest(k, cell[i + 1], cell[i]);
    if (k->n.p[cell[C_BANDS - 1]] <= k->n.p[cell[C_WAITING]] - k->n.p[cell[C_OVER]])
        rest(k, in_time, cell[C_BANDS - 1]);
}

/* All of a day: rules by teams, and the county of each rule. What all rules are together is no cell
 * and in no equation: it would cost a large rule where a small one is beside it. */
static void stocks_of(struct making *k, enum fresh fresh, struct date day)
{
    const struct publish_figures *f = k->f;
    bool now = fresh == DAILY && f->current && day.day == f->to.day;
    size_t teams = f->teams.n + 1; /* team 0: the county */
    size_t columns = now ? C_BANDS + publish_bands()->n : C_SOON;
    struct ints *of_rule = ARENA_ARRAY(k->a, f->rules.n * columns, struct ints);
    int *cells = ARENA_ARRAY(k->a, f->rules.n * teams * columns, int);
    assert(columns <= COLUMNS_MOST);
    for (size_t i = 0; i < f->rules.n * teams; i++) {
        size_t r = i / teams, t = i % teams;
        int *cell = &cells[i * columns];
        const struct publish_series *s =
            publish_series(f, t ? f->teams.p[t - 1] : 0, f->rules.p[r]);
        bool there = s && stands(k, s, day);
        for (size_t c = 0; c < columns; c++) {
            cell[c] = there ? column(k, fresh, s, day, c) : NONE;
            if (t)
                push(k, &of_rule[r * columns + c], cell[c]);
        }
        if (there)
            across(k, cell, columns);
    }
    for (size_t r = 0; r < f->rules.n; r++)
        for (size_t i = 0; i < columns; i++)
            tie(k, cells[r * teams * columns + i], &of_rule[r * columns + i]);
}

static struct publish_key month_key(int measure, const struct publish_series *s, struct date month)
{
    return (struct publish_key){measure, CUT_MONTH, s->team, s->rule, S(""), month.day};
}

/* ---- months: rules and teams ---- */

static const int rule_measures[] = {FACT_REALISED, FACT_KEPT, FACT_OFFERED};
enum { M_REALISED, M_KEPT, M_OFFERED, RULE_MEASURES };

static bool active(const struct making *k, const struct publish_series *s, struct date month)
{
    struct date end = date_add(date_add_months(month, 1), -1);
    struct publish_key key = month_key(FACT_REALISED, s, month);
    bool any = publish_flow(k->f, s, FLOW_STARTED, date_add(month, -1), end) > 0 ||
               publish_flow(k->f, s, FLOW_STOPPED, date_add(month, -1), end) > 0 ||
               publish_waiting(k->f, s, end) > 0 ||
               publish_waiting(k->f, s, date_add(month, -1)) > 0 ||
               publish_map_get(&k->before->cells, &key);
    for (int i = 0; i < RULE_MEASURES && !any; i++) {
        key.measure = rule_measures[i];
        any = sum_of(k, &key) > 0;
    }
    return any;
}

/* What a median tells: at most half waited less than its band, more than half up to it. */
static void median_tells(struct making *k, const struct publish_series *s, struct date month,
                         const int *band, int64_t all)
{
    struct publish_key key = month_key(PUBLISH_MEDIAN, s, month);
    const struct publish_sum *m = publish_map_get(&k->f->sums, &key);
    const struct publish_bands *bands = publish_bands();
    int64_t n[2] = {0};
    struct ints parts[2] = {{0}};
    if (!m || all < publish_data()->rule.few_mean || k->out->level >= 1)
        return;
    size_t of = publish_band_of(bands, m->total);
    for (size_t i = 0; i <= of; i++)
        for (int j = i == of; j < 2; j++) {
            struct publish_key b = month_key(PUBLISH_WITHIN, s, month);
            b.part = bands->p[i].code;
            push(k, &parts[j], band[i]);
            n[j] += sum_of(k, &b);
        }
    for (int j = 0; j < 2; j++) {
        struct str name = str_fmt(k->a, "median %d %lld " STR_FMT " %d", j, (long long)s->team,
                                  STR_ARG(s->rule), month.day);
        if (!parts[j].n)
            continue;
        int cell = disclose_implicit(k->d, disclose_key(name), n[j]);
        sum_up(k, cell, &parts[j]);
        if (j == 0)
            disclose_bounds(k->d, cell, 0, all / 2 > n[j] ? all / 2 : n[j]);
        else
            disclose_bounds(k->d, cell, n[j] < (all + 1) / 2 ? n[j] : (all + 1) / 2, all);
    }
}

/* The cells of one rule and team (0: county) in a month. */
static void rule_team(struct making *k, enum fresh fresh, const struct publish_series *s,
                      struct date month, int cell[RULE_MEASURES], int *band)
{
    const struct publish_bands *bands = publish_bands();
    struct ints parts = {0};
    for (int i = 0; i < RULE_MEASURES; i++) {
        struct publish_key key = month_key(rule_measures[i], s, month);
        cell[i] = sum_node(k, fresh, &key, false);
    }
    for (size_t i = 0; i < bands->n; i++) {
        struct publish_key key = month_key(PUBLISH_WITHIN, s, month);
        key.part = bands->p[i].code;
        band[i] = sum_node(k, fresh, &key, false);
        push(k, &parts, band[i]);
    }
    sum_up(k, cell[M_REALISED], &parts);
    rest(k, cell[M_REALISED], cell[M_KEPT]);
    struct publish_key key = month_key(FACT_REALISED, s, month);
    median_tells(k, s, month, band, sum_of(k, &key));
}

static const enum figure_cut rule_cuts[] = {CUT_AGE, CUT_LANGUAGE, CUT_DISTRICT, CUT_CHANNEL};

/* Each cut of the county's cell is its sum: by the parts of `lead`, that there is most of. */
static void cut_up(struct making *k, enum fresh fresh, const int *measures, size_t n,
                   const int *totals, struct str rule, enum figure_cut cut, struct date month)
{
    struct ints parts[4] = {{0}};
    assert(n <= 4);
    for (size_t i = 0; i < k->f->parts[cut].n; i++) {
        struct publish_key lead = {measures[0],           (int)cut, 0, rule,
                                   k->f->parts[cut].p[i], month.day};
        bool old = fresh == OLD && publish_map_get(&k->before->cells, &lead);
        bool any = old;
        for (size_t m = 0; m < n && !any; m++) {
            struct publish_key key = lead;
            key.measure = measures[m];
            any = sum_of(k, &key) > 0;
        }
        if (!any)
            continue;
        int first = NONE;
        for (size_t m = 0; m < n; m++) {
            struct publish_key key = lead;
            key.measure = measures[m];
            int cell = sum_node(k, fresh, &key, false);
            push(k, &parts[m], cell);
            if (m == 0)
                first = cell;
            else if (measures[m] != FACT_OFFERED)
                rest(k, first, cell);
        }
    }
    for (size_t m = 0; m < n; m++)
        if (totals[m] != NONE)
            sum_up(k, totals[m], &parts[m]);
}

static void rule_month(struct making *k, enum fresh fresh, struct str rule, struct date month)
{
    const size_t bands = publish_bands()->n;
    const struct publish_series *s = publish_series(k->f, 0, rule);
    int whole[RULE_MEASURES], cell[RULE_MEASURES];
    int *band = ARENA_ARRAY(k->a, bands * 2, int);
    struct ints *parts = ARENA_ARRAY(k->a, RULE_MEASURES + bands, struct ints);
    if (!s || !active(k, s, month))
        return;
    rule_team(k, fresh, s, month, whole, band);
    for (size_t t = 0; t < k->f->teams.n; t++) {
        const struct publish_series *own = publish_series(k->f, k->f->teams.p[t], rule);
        if (!own || !active(k, own, month))
            continue;
        rule_team(k, fresh, own, month, cell, band + bands);
        for (size_t i = 0; i < RULE_MEASURES + bands; i++)
            push(k, &parts[i], i < RULE_MEASURES ? cell[i] : band[bands + i - RULE_MEASURES]);
    }
    for (size_t i = 0; i < RULE_MEASURES + bands; i++)
        sum_up(k, i < RULE_MEASURES ? whole[i] : band[i - RULE_MEASURES], &parts[i]);
    const int measures[] = {FACT_REALISED, FACT_KEPT, FACT_OFFERED};
    const int totals[] = {whole[M_REALISED], whole[M_KEPT], whole[M_OFFERED]};
    for (size_t c = 0; c < 4; c++)
        cut_up(k, fresh, measures, 3, totals, rule, rule_cuts[c], month);
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

static void team_month(struct making *k, enum fresh fresh, int64_t team, struct date month,
                       int cell[MATTER_MEASURES])
{
    for (size_t i = 0; i < MATTER_MEASURES; i++) {
        struct publish_key key = {
            matter_measures[i].measure, CUT_MONTH, team, S(""), S(""), month.day};
        cell[i] = sum_node(k, fresh, &key, team != 0);
        for (size_t j = 0; j < i; j++) {
            struct publish_key of = key;
            of.measure = matter_measures[j].measure;
            if (matter_measures[j].measure == matter_measures[i].within &&
                sum_of(k, &of) >= sum_of(k, &key))
                rest(k, cell[j], cell[i]);
        }
    }
}

static void matters_month(struct making *k, enum fresh fresh, struct date month)
{
    int whole[MATTER_MEASURES], cell[MATTER_MEASURES];
    struct ints parts[MATTER_MEASURES] = {{0}};
    team_month(k, fresh, 0, month, whole);
    for (size_t t = 0; t < k->f->teams.n; t++) {
        team_month(k, fresh, k->f->teams.p[t], month, cell);
        for (size_t i = 0; i < MATTER_MEASURES; i++)
            push(k, &parts[i], cell[i]);
    }
    for (size_t i = 0; i < MATTER_MEASURES; i++)
        sum_up(k, whole[i], &parts[i]);
    const int received[] = {FACT_RECEIVED, PUBLISH_DIGITAL}, digital[] = {whole[0], whole[4]};
    const enum figure_cut cuts[] = {CUT_AGE, CUT_LANGUAGE, CUT_DISTRICT, CUT_CHANNEL, CUT_REASON};
    for (size_t c = 0; c < 5; c++)
        cut_up(k, fresh, received, c < 3 ? 2 : 1, digital, S(""), cuts[c], month);
    cut_up(k, fresh, (int[]){FACT_VISIT, FACT_ASSESSED}, 2, (int[]){whole[10], whole[11]}, S(""),
           CUT_PART, month);
    cut_up(k, fresh, (int[]){FACT_MISSED}, 1, (int[]){whole[12]}, S(""), CUT_PART, month);
    cut_up(k, fresh, (int[]){FACT_STEP_LEFT}, 1, (int[]){NONE}, S(""), CUT_PART, month);
}

/* The digital channels of the county are its digital matters. */
static void digital_channels(struct making *k, enum fresh fresh, struct date month)
{
    const struct law_codes *codes = &publish_data()->digital;
    struct publish_key whole = {PUBLISH_DIGITAL, CUT_MONTH, 0, S(""), S(""), month.day};
    struct ints parts = {0};
    for (size_t i = 0; i < codes->n; i++) {
        struct publish_key key = {FACT_RECEIVED, CUT_CHANNEL, 0, S(""), codes->p[i], month.day};
        push(k, &parts, sum_node(k, fresh, &key, true));
    }
    if (sum_of(k, &whole) > 0)
        sum_up(k, sum_node(k, fresh, &whole, false), &parts);
}

static void month_of(struct making *k, enum fresh fresh, struct date month)
{
    for (size_t r = 0; r < k->f->rules.n; r++)
        rule_month(k, fresh, k->f->rules.p[r], month);
    matters_month(k, fresh, month);
    digital_channels(k, fresh, month);
}

/* ---- flows: what came and what went, of the county ---- */

/* Nothing of a night is tied to the nights before by what the run lets out: that would be flows of
 * teams. Of the county in and out are told where the teams' can still be many things: each team's
 * stocks ask for some at least, and of the county's in there must be more than that, by twice the
 * width. So whatever stocks could be before, they can be still. */

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
static int64_t stock_at(const struct making *k, const struct flow *fl, int64_t team, struct date d)
{
    struct publish_key key = {fl->stock, CUT_DAY, team, fl->rule, S(""), d.day};
    const struct publish_sum *was = publish_map_get(&k->before->cells, &key);
    const struct publish_series *s = publish_series(k->f, team, fl->rule);
    if (was && !was->hidden)
        return was->n;
    return fl->stock == PUBLISH_WAITING ? publish_waiting(k->f, s, d) : publish_over(k->f, s, d);
}

static bool is_stock_day(const struct making *k, struct date d)
{
    if (d.day == k->day.day)
        return true;
    for (size_t i = 0; i < k->before->days.n; i++)
        if (k->before->days.p[i].day == d.day)
            return true;
    return false;
}

/* What the team must have got at least, by all that is told of its stocks. */
static int64_t least_in(const struct making *k, const struct flow *fl, int64_t team)
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
    int64_t most = fl->of_month ? net + sum_of(k, &realised) : up;
    return most > up ? most : up;
}

/* Is the county's own cell, or one that goes with it, hidden? */
static bool hides(const struct making *k, const struct publish_key *key)
{
    const struct publish_sum *was = publish_map_get(&k->before->cells, key);
    const struct publish_cells *lists[] = {&k->out->daily, &k->out->monthly};
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->n; i++)
            if (publish_hash(&lists[l]->p[i].key) == publish_hash(key))
                return lists[l]->p[i].hidden;
    return was && was->hidden;
}

static bool flow_told(const struct making *k, const struct flow *fl)
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

static void put_flow(struct making *k, const struct flow *fl, enum fresh fresh)
{
    bool told = k->out->level < PUBLISH_NOTHING && flow_told(k, fl);
    for (int side = 0; side < 2; side++) {
        struct publish_cell c = {.key = fl->at, .n = fl->n[side], .hidden = !told, .at = NONE};
        c.key.measure = side ? fl->out : fl->in;
        if (publish_naive)
            c.hidden = c.n > 0 && c.n < publish_data()->rule.few;
        c.few = c.hidden;
        VEC_PUSH(k->a, list_of(k, fresh), c);
    }
}

static void month_flows(struct making *k, struct date month)
{
    struct date before = date_add(month, -1), end = k->day;
    for (size_t r = 0; r < k->f->rules.n; r++) {
        const struct publish_series *s = publish_series(k->f, 0, k->f->rules.p[r]);
        if (!s || !active(k, s, month))
            continue;
        struct publish_key key = month_key(FACT_ENDED, s, month);
        struct flow fl = {.stock = PUBLISH_WAITING,
                          .in = FACT_STARTED,
                          .out = FACT_ENDED,
                          .rule = s->rule,
                          .before = before,
                          .to = end,
                          .at = key,
                          .of_month = true};
        fl.n[0] = publish_flow(k->f, s, FLOW_STARTED, before, end);
        fl.n[1] = sum_of(k, &key);
        put_flow(k, &fl, MONTHLY);
    }
}

/* The debt's weeks by rule, that begin on `monday` or later and are over. */
static void week_flows(struct making *k, struct date monday)
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
            put_flow(k, &fl, DAILY);
        }
}

/* ---- totals ---- */

/* A sum over the matters that a cell counts. Of the parts of a whole those whose sum is not told
 * must be two, and of enough matters together: else one more of them goes. */
struct group {
    LIST_FIELDS(struct publish_cell *);
};

static bool mean_told(const struct making *k, const struct publish_cell *c)
{
    return !c->hidden && c->n >= publish_data()->rule.few_mean;
}

static void settle_group(struct making *k, const struct group *g)
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

static void settle_totals(struct making *k, struct publish_cells *cells)
{
    for (size_t i = 0; i < cells->n; i++)
        cells->p[i].few = !mean_told(k, &cells->p[i]);
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

static void put_medians(struct making *k)
{
    size_t n = k->out->monthly.n;
    for (size_t i = 0; i < n; i++) {
        struct publish_cell c = k->out->monthly.p[i];
        if (c.key.measure != FACT_REALISED || c.key.cut != CUT_MONTH || c.n == 0)
            continue;
        c.key.measure = PUBLISH_MEDIAN;
        const struct publish_sum *m = publish_map_get(&k->f->sums, &c.key);
        c.few = !m || !mean_told(k, &c) || k->out->level >= 1;
        c.total = m ? m->total : 0;
        VEC_PUSH(k->a, &k->out->monthly, c);
    }
}

/* ---- the run ---- */

static void take_fates(struct making *k, struct publish_cells *cells, bool all)
{
    for (size_t i = 0; i < cells->n; i++) {
        struct publish_cell *c = &cells->p[i];
        bool whole = k->out->level >= 2 && is_cut(&c->key);
        bool small = c->n > 0 && c->n < publish_data()->rule.few;
        c->hidden = all || whole || disclose_fate(k->d, c->at) != DISCLOSE_SHOWN;
        if (publish_naive)
            c->hidden = small;
        c->few = c->hidden;
    }
}

static struct disclose_result attempt(struct making *k, int level)
{
    struct publish_draft *out = k->out;
    struct date month = date_month(k->day);
    *out = (struct publish_draft){.day = k->day,
                                  .month = date_add(k->day, 1).day == date_add_months(month, 1).day,
                                  .level = level};
    k->d = disclose_new(k->a, &publish_data()->rule);
    k->known = 0;
    k->n.n = 0;
    stocks_of(k, DAILY, k->day);
    if (out->month)
        month_of(k, MONTHLY, month);
    return disclose_run(k->d);
}

struct publish_draft publish_draft(struct arena *a, const struct publish_figures *f,
                                   const struct publish_before *before, struct date day,
                                   struct date weeks)
{
    struct publish_draft out;
    struct making k = {.a = a, .f = f, .before = before, .day = day, .out = &out};
    struct disclose_result r = {.fault = DISCLOSE_EXPOSED};
    for (int level = 0; level < PUBLISH_NOTHING && r.fault != DISCLOSE_OK; level++) {
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
    week_flows(&k, weeks);
    if (out.month)
        month_flows(&k, date_month(day));
    return out;
}
