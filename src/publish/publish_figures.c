/*
 * publish_figures.c: the sums that publications ask for, read once on one snapshot and kept by key:
 * months' sums as figure.h has them, and those that exist only as published (bands, medians, what
 * will be over soon, what came by digital channels). Stocks are made of flows.
 */
#include "publish/publish_room.h"

/* ---- cells by key ---- */

uint64_t publish_hash(const struct publish_key *k)
{
    uint64_t h = str_hash(k->rule) * 3 + str_hash(k->part);
    h = (h ^ (uint64_t)(k->measure * 64 + k->cut)) * 0x9E3779B97F4A7C15u;
    h = (h ^ h >> 29 ^ (uint64_t)k->team) * 0xBF58476D1CE4E5B9u;
    h = (h ^ h >> 32 ^ (uint64_t)(uint32_t)k->day) * 0x94D049BB133111EBu;
    return h ^ h >> 31;
}

static bool same_key(const struct publish_key *x, const struct publish_key *y)
{
    return x->measure == y->measure && x->cut == y->cut && x->team == y->team && x->day == y->day &&
           str_eq(x->rule, y->rule) && str_eq(x->part, y->part);
}

static struct publish_sum *slot_of(const struct publish_map *m, const struct publish_key *k)
{
    size_t at = (size_t)publish_hash(k) & (m->slots_n - 1);
    while (m->slots[at].there && !same_key(&m->slots[at].key, k))
        at = (at + 1) & (m->slots_n - 1);
    return &m->slots[at];
}

struct publish_sum *publish_map_put(struct arena *a, struct publish_map *m,
                                    const struct publish_key *k)
{
    if (m->n * 2 >= m->slots_n) {
        struct publish_map old = *m;
        m->slots_n = old.slots_n ? old.slots_n * 4 : 1024;
        m->slots = ARENA_ARRAY(a, m->slots_n, struct publish_sum);
        for (size_t i = 0; i < old.slots_n; i++)
            if (old.slots[i].there)
                *slot_of(m, &old.slots[i].key) = old.slots[i];
    }
    struct publish_sum *s = slot_of(m, k);
    if (!s->there) {
        *s = (struct publish_sum){.key = *k, .there = true};
        m->n++;
    }
    return s;
}

const struct publish_sum *publish_map_get(const struct publish_map *m, const struct publish_key *k)
{
    const struct publish_sum *s = m->slots_n ? slot_of(m, k) : NULL;
    return s && s->there ? s : NULL;
}

/* ---- reading ---- */

struct loading {
    struct publish_figures *f;
    struct db *db;
    struct arena *scratch; /* of one reading */
    size_t series;         /* which one the row before was of */
};

static struct str rule_kept(struct publish_figures *f, struct str rule)
{
    if (!rule.n)
        return S("");
    for (size_t i = 0; i < f->rules.n; i++)
        if (str_eq(f->rules.p[i], rule))
            return f->rules.p[i];
    VEC_PUSH(f->a, &f->rules, str_dup(f->a, rule));
    return f->rules.p[f->rules.n - 1];
}

static void team_kept(struct publish_figures *f, int64_t team)
{
    for (size_t i = 0; i < f->teams.n; i++)
        if (f->teams.p[i] == team)
            return;
    if (team)
        VEC_PUSH(f->a, &f->teams, team);
}

static struct str part_kept(struct publish_figures *f, int cut, struct str part)
{
    struct law_codes *parts = &f->parts[cut];
    if (cut == CUT_DAY || cut == CUT_MONTH)
        return part.n ? str_dup(f->a, part) : S("");
    for (size_t i = 0; i < parts->n; i++)
        if (str_eq(parts->p[i], part))
            return parts->p[i];
    VEC_PUSH(f->a, parts, part.n ? str_dup(f->a, part) : S(""));
    return parts->p[parts->n - 1];
}

static void add(struct loading *k, const struct publish_key *key, int64_t n, int64_t total)
{
    const struct publish_sum *there = publish_map_get(&k->f->sums, key);
    struct publish_key own = *key;
    if (!there) {
        own.rule = rule_kept(k->f, key->rule);
        own.part = part_kept(k->f, key->cut, key->part);
        team_kept(k->f, key->team);
    }
    struct publish_sum *s = publish_map_put(k->f->a, &k->f->sums, &own);
    s->n += n;
    s->total += total;
}

enum who { COUNTY = 1, TEAMS = 2, BOTH = 3 };

struct wanted {
    enum fact_measure measure;
    enum figure_cut cut;
    enum who who;
    bool rules;
};

/* Each row of what is asked for goes to fn; the scratch is empty afterwards. */
static void each(struct loading *k, const struct wanted *w, struct date from, struct date to,
                 bool by_day,
                 void (*fn)(struct loading *k, const struct wanted *w, const struct figure_row *r))
{
    for (int who = COUNTY; who <= TEAMS; who++) {
        if (!((int)w->who & who))
            continue;
        struct figure_ask ask = {.measure = w->measure,
                                 .cut = w->cut,
                                 .all_teams = who == TEAMS,
                                 .any_rule = w->rules,
                                 .from = from,
                                 .to = to,
                                 .by_day = by_day};
        struct figure_rows rows = figure_read(k->scratch, k->db, &ask);
        for (size_t i = 0; i < rows.n; i++)
            if (w->rules ? law_is_statute(k->f->law, rows.p[i].rule) : !rows.p[i].rule.n)
                fn(k, w, &rows.p[i]);
        arena_reset(k->scratch);
    }
}

static void put_month(struct loading *k, const struct wanted *w, const struct figure_row *r)
{
    struct publish_key key = {(int)w->measure, (int)w->cut, r->team, r->rule, r->part, r->day.day};
    add(k, &key, r->n, r->total);
}

bool publish_is_digital(struct str channel)
{
    const struct law_codes *c = &publish_data()->digital;
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->p[i], channel))
            return true;
    return false;
}

static void put_digital_team(struct loading *k, const struct wanted *w, const struct figure_row *r)
{
    struct publish_key key = {PUBLISH_DIGITAL, CUT_MONTH, r->team, S(""), S(""), r->day.day};
    add(k, &key, publish_is_digital(r->part) ? r->n : 0, 0);
}

/* "district/age/language/channel" */
static void put_digital_cross(struct loading *k, const struct wanted *w, const struct figure_row *r)
{
    struct str rest = r->part;
    struct str district = str_cut(&rest, '/'), age = str_cut(&rest, '/'),
               language = str_cut(&rest, '/');
    const struct {
        enum figure_cut cut;
        struct str part;
    } to[] = {{CUT_DISTRICT, district}, {CUT_AGE, age}, {CUT_LANGUAGE, language}};
    for (size_t i = 0; i < 3; i++) {
        struct publish_key key = {PUBLISH_DIGITAL, (int)to[i].cut, 0,
                                  S(""),           to[i].part,     r->day.day};
        add(k, &key, publish_is_digital(rest) ? r->n : 0, 0);
    }
}

/* ---- waits of a month: bands and medians ---- */

/* Rows that belong together follow one another, waits in order. */
struct grouping {
    enum fact_measure measure;
    enum figure_cut cut;
    bool rules;
    bool (*same)(const struct figure_row *x, const struct figure_row *y);
    void (*put)(struct loading *k, const struct figure_row *rows, size_t n);
};

/* Of the county, then of the teams. */
static void each_group(struct loading *k, const struct grouping *g, struct date month)
{
    for (int teams = 0; teams < 2; teams++) {
        struct figure_ask ask = {.measure = g->measure,
                                 .cut = g->cut,
                                 .all_teams = teams,
                                 .any_rule = g->rules,
                                 .from = month,
                                 .to = month,
                                 .by_day = true};
        struct figure_rows rows = figure_read(k->scratch, k->db, &ask);
        for (size_t from = 0, to; from < rows.n; from = to) {
            const struct figure_row *r = &rows.p[from];
            for (to = from + 1;
                 to < rows.n && rows.p[to].team == r->team && g->same(&rows.p[to], r);)
                to++;
            g->put(k, r, to - from);
        }
        arena_reset(k->scratch);
    }
}

static bool same_rule(const struct figure_row *x, const struct figure_row *y)
{
    return str_eq(x->rule, y->rule);
}

static void put_waits(struct loading *k, const struct figure_row *rows, size_t n)
{
    const struct publish_bands *bands = publish_bands();
    struct figure_waits waits = {0};
    int64_t all = 0, days = 0;
    if (!law_is_statute(k->f->law, rows->rule))
        return;
    struct publish_key key = {PUBLISH_WITHIN, CUT_MONTH, rows->team,
                              rows->rule,     S(""),     rows->day.day};
    for (size_t i = 0; i < n; i++) {
        str_int(rows[i].part, &days);
        all += rows[i].n;
        VEC_PUSH(k->scratch, &waits, ((struct figure_waited){(int)days, rows[i].n}));
        key.part = bands->p[publish_band_of(bands, days)].code;
        add(k, &key, rows[i].n, 0);
    }
    key.measure = PUBLISH_MEDIAN;
    key.part = S("");
    if (all > 0)
        add(k, &key, all, figure_median(&waits));
}

static struct str profession_of(const struct figure_row *r, struct str *wait)
{
    *wait = r->part;
    return str_cut(wait, '/');
}

static bool same_profession(const struct figure_row *x, const struct figure_row *y)
{
    struct str rest;
    return str_eq(profession_of(x, &rest), profession_of(y, &rest));
}

/* Of visits, by who gave them: "doctor/007". The median alone. */
static void put_visits(struct loading *k, const struct figure_row *rows, size_t n)
{
    struct figure_waits waits = {0};
    struct str wait, profession = profession_of(rows, &wait);
    int64_t all = 0, days = 0;
    for (size_t i = 0; i < n; i++) {
        profession_of(&rows[i], &wait);
        str_int(wait, &days);
        all += rows[i].n;
        VEC_PUSH(k->scratch, &waits, ((struct figure_waited){(int)days, rows[i].n}));
    }
    struct publish_key key = {PUBLISH_MEDIAN, CUT_PART,   rows->team,
                              S(""),          profession, rows->day.day};
    if (all > 0)
        add(k, &key, all, figure_median(&waits));
}

static const struct grouping by_rule = {FACT_REALISED, CUT_WAIT, true, same_rule, put_waits};
static const struct grouping by_profession = {FACT_ASSESSED, CUT_PART_WAIT, false, same_profession,
                                              put_visits};

/* ---- stocks ---- */

/* Rows come by team and rule: it is mostly the one of before. */
static struct publish_series *series_put(struct loading *k, int64_t team, struct str rule)
{
    struct publish_figures *f = k->f;
    for (size_t n = 0; n < f->series.n; n++, k->series = (k->series + 1) % f->series.n)
        if (f->series.p[k->series].team == team && str_eq(f->series.p[k->series].rule, rule))
            return &f->series.p[k->series];
    struct publish_series s = {.team = team, .rule = rule_kept(f, rule)};
    size_t days = (size_t)(f->to.day - f->from.day + 2);
    for (int i = 0; i < FLOW_COUNT; i++)
        s.up_to[i] = ARENA_ARRAY(f->a, days, int64_t);
    team_kept(f, team);
    VEC_PUSH(f->a, &f->series, s);
    k->series = f->series.n - 1;
    return &f->series.p[k->series];
}

const struct publish_series *publish_series(const struct publish_figures *f, int64_t team,
                                            struct str rule)
{
    for (size_t i = 0; i < f->series.n; i++)
        if (f->series.p[i].team == team && str_eq(f->series.p[i].rule, rule))
            return &f->series.p[i];
    return NULL;
}

static enum publish_flow flow_of(enum fact_measure m)
{
    return m == FACT_STARTED      ? FLOW_STARTED
           : m == FACT_OVER       ? FLOW_OVER
           : m == FACT_OVER_ENDED ? FLOW_OVER_ENDED
                                  : FLOW_STOPPED;
}

/* By day, or what was before the first one. */
static void put_flow(struct loading *k, const struct wanted *w, const struct figure_row *r)
{
    size_t at = date_is(r->day) ? (size_t)(r->day.day - k->f->from.day + 1) : 0;
    series_put(k, r->team, r->rule)->up_to[flow_of(w->measure)][at] += r->n;
}

static void load_flows(struct loading *k)
{
    static const enum fact_measure flows[] = {FACT_STARTED, FACT_REALISED, FACT_ENDED, FACT_OVER,
                                              FACT_OVER_ENDED};
    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++) {
        struct wanted before = {flows[i], CUT_MONTH, BOTH, true};
        struct wanted days = {flows[i], CUT_DAY, BOTH, true};
        each(k, &before, DATE_NONE, date_add(k->f->from, -1), false, put_flow);
        each(k, &days, k->f->from, k->f->to, true, put_flow);
    }
    int32_t n = k->f->to.day - k->f->from.day + 2;
    for (size_t s = 0; s < k->f->series.n; s++)
        for (int i = 0; i < FLOW_COUNT; i++)
            for (int32_t d = 1; d < n; d++)
                k->f->series.p[s].up_to[i][d] += k->f->series.p[s].up_to[i][d - 1];
}

int64_t publish_flow(const struct publish_figures *f, const struct publish_series *s,
                     enum publish_flow flow, struct date x, struct date y)
{
    if (!s || y.day < f->from.day - 1)
        return 0;
    int64_t before = x.day < f->from.day - 1 ? 0 : s->up_to[flow][x.day - f->from.day + 1];
    return s->up_to[flow][y.day - f->from.day + 1] - before;
}

int64_t publish_waiting(const struct publish_figures *f, const struct publish_series *s,
                        struct date at)
{
    return publish_flow(f, s, FLOW_STARTED, DATE_NONE, at) -
           publish_flow(f, s, FLOW_STOPPED, DATE_NONE, at);
}

int64_t publish_over(const struct publish_figures *f, const struct publish_series *s,
                     struct date at)
{
    return publish_flow(f, s, FLOW_OVER, DATE_NONE, at) -
           publish_flow(f, s, FLOW_OVER_ENDED, DATE_NONE, at);
}

/* ---- what is open now ---- */

static void put_open(struct loading *k, const struct wanted *w, const struct figure_row *r)
{
    const struct publish_bands *bands = publish_bands();
    int64_t days = k->f->to.day - r->day.day;
    if (days < 0)
        return;
    struct publish_key key = {
        PUBLISH_BAND, CUT_DAY, r->team, r->rule, bands->p[publish_band_of(bands, days)].code,
        k->f->to.day};
    add(k, &key, r->n, 0);
}

static const int within[] = {7, 14, 30}; /* of PUBLISH_SOON7 and on; the longest is the last */
enum { WITHINS = sizeof within / sizeof *within };

/* By its last day. Whose last day is `to` itself was in time at its end, and is over the next
 * morning: the first of the days ahead. */
static void put_due(struct loading *k, const struct wanted *w, const struct figure_row *r)
{
    int64_t days = date_add(r->day, 1).day - k->f->to.day;
    for (int i = 0; i < WITHINS; i++) {
        struct publish_key key = {PUBLISH_SOON7 + i, CUT_DAY, r->team,
                                  r->rule,           S(""),   k->f->to.day};
        if (days >= 1 && days <= within[i])
            add(k, &key, r->n, 0);
    }
}

/* ---- all of it ---- */

static const struct wanted months[] = {
    {FACT_STARTED, CUT_MONTH, BOTH, true},        {FACT_REALISED, CUT_MONTH, BOTH, true},
    {FACT_ENDED, CUT_MONTH, BOTH, true},          {FACT_KEPT, CUT_MONTH, BOTH, true},
    {FACT_OFFERED, CUT_MONTH, BOTH, true},        {FACT_REALISED, CUT_AGE, COUNTY, true},
    {FACT_REALISED, CUT_LANGUAGE, COUNTY, true},  {FACT_REALISED, CUT_DISTRICT, COUNTY, true},
    {FACT_REALISED, CUT_CHANNEL, COUNTY, true},   {FACT_KEPT, CUT_AGE, COUNTY, true},
    {FACT_KEPT, CUT_LANGUAGE, COUNTY, true},      {FACT_KEPT, CUT_DISTRICT, COUNTY, true},
    {FACT_KEPT, CUT_CHANNEL, COUNTY, true},       {FACT_OFFERED, CUT_AGE, COUNTY, true},
    {FACT_OFFERED, CUT_LANGUAGE, COUNTY, true},   {FACT_OFFERED, CUT_DISTRICT, COUNTY, true},
    {FACT_OFFERED, CUT_CHANNEL, COUNTY, true},    {FACT_RECEIVED, CUT_MONTH, BOTH, false},
    {FACT_CLOSED, CUT_MONTH, BOTH, false},        {FACT_FIRST, CUT_MONTH, BOTH, false},
    {FACT_JUDGED, CUT_MONTH, BOTH, false},        {FACT_KNOWN, CUT_MONTH, BOTH, false},
    {FACT_AGAIN7, CUT_MONTH, BOTH, false},        {FACT_AGAIN14, CUT_MONTH, BOTH, false},
    {FACT_TOUCH, CUT_MONTH, BOTH, false},         {FACT_HANDOFFS, CUT_MONTH, BOTH, false},
    {FACT_RECEIVED, CUT_AGE, COUNTY, false},      {FACT_RECEIVED, CUT_LANGUAGE, COUNTY, false},
    {FACT_RECEIVED, CUT_DISTRICT, COUNTY, false}, {FACT_RECEIVED, CUT_CHANNEL, COUNTY, false},
    {FACT_RECEIVED, CUT_REASON, COUNTY, false},   {FACT_VISIT, CUT_MONTH, BOTH, false},
    {FACT_ASSESSED, CUT_MONTH, BOTH, false},      {FACT_MISSED, CUT_MONTH, BOTH, false},
    {FACT_VISIT, CUT_PART, COUNTY, false},        {FACT_ASSESSED, CUT_PART, BOTH, false},
    {FACT_MISSED, CUT_PART, COUNTY, false},       {FACT_STEP_LEFT, CUT_PART, COUNTY, false},
};

static void load_months(struct loading *k)
{
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        each(k, &months[i], k->f->from, k->f->to, true, put_month);
    for (struct date m = k->f->from; m.day <= k->f->to.day; m = date_add_months(m, 1))
        each_group(k, &by_rule, m);
    for (struct date m = k->f->from; m.day <= k->f->to.day; m = date_add_months(m, 1))
        each_group(k, &by_profession, m);
    each(k, &(struct wanted){FACT_RECEIVED, CUT_CHANNEL, BOTH, false}, k->f->from, k->f->to, true,
         put_digital_team);
    each(k, &(struct wanted){FACT_RECEIVED, CUT_CROSS, COUNTY, false}, k->f->from, k->f->to, true,
         put_digital_cross);
}

struct publish_figures *publish_figures_read(struct arena *a, struct db *db, const struct law *law,
                                             const struct publish_span *span)
{
    struct publish_figures *f = ARENA_NEW(a, struct publish_figures);
    struct date to = span->to;
    *f = (struct publish_figures){
        .a = a, .law = law, .from = span->from, .to = to, .current = span->current};
    struct loading k = {.f = f, .db = db, .scratch = arena_in(a, 512 << 20)};
    load_flows(&k);
    if (span->by_month)
        load_months(&k);
    if (span->current) {
        each(&k, &(struct wanted){FACT_OPEN, CUT_DAY, BOTH, true}, DATE_NONE, to, true, put_open);
        each(&k, &(struct wanted){FACT_OPEN_DUE, CUT_DAY, BOTH, true}, to,
             date_add(to, within[WITHINS - 1] - 1), true, put_due);
    }
    return f;
}
