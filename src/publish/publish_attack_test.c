/*
 * publish_attack_test.c: all that was published, attacked with elimination, intervals and exact
 * linear programming over all months, weeks and days at once. Who attacks knows every equation and
 * nothing of how cells were chosen.
 */
#include "publish/publish_world.h"

#include "disclose/disclose_attack.h"

static const struct stmt all_rows = {
    "test.all", "SELECT measure, cut, team, rule, part, day, n, total FROM published", STMT_SCAN};

struct seens seen;
static struct publish_map index_of; /* total: its place in seen */
static struct attack x;
static bool full;    /* the county is too large for the attack */
bool attack_by_time; /* equations between publications hold: nothing was corrected between */

void attack_read(void)
{
    struct db *db = store_reader(store);
    seen.n = 0;
    index_of = (struct publish_map){0};
    db_begin_read(db);
    struct rows r = DB_QUERY(db, &all_rows);
    while (rows_next(&r)) {
        struct seen s = {.n = rows_int(&r, 6), .hidden = rows_null(&r, 6), .at = -1};
        s.key = (struct publish_key){(int)rows_int(&r, 0), (int)rows_int(&r, 1),
                                     rows_int(&r, 2),      rows_str(&r, a, 3),
                                     rows_str(&r, a, 4),   (int32_t)rows_int(&r, 5)};
        publish_map_put(a, &index_of, &s.key)->total = (int64_t)seen.n;
        VEC_PUSH(a, &seen, s);
    }
    db_end_read(db);
}

static struct seen *find(struct publish_key key)
{
    const struct publish_sum *s = publish_map_get(&index_of, &key);
    return s ? &seen.p[s->total] : NULL;
}

static int variable(int64_t lo, int64_t hi)
{
    if (x.cells == ATTACK_CELLS) {
        full = true;
        return 0;
    }
    x.lo[x.cells] = lo;
    x.hi[x.cells] = hi;
    return x.cells++;
}

static int any(void)
{
    return variable(0, ATTACK_FAR);
}

static int of_seen(struct seen *s)
{
    if (s->at < 0)
        s->at = s->hidden ? any() : variable(s->n, s->n);
    return s->at;
}

static void term(int at, int sign)
{
    if (x.terms == ATTACK_TERMS) {
        full = true;
        return;
    }
    x.at[x.terms] = at;
    x.sign[x.terms++] = sign;
}

static void term_key(struct publish_key key, int sign)
{
    struct seen *s = find(key);
    if (s) /* what is not there is zero */
        term(of_seen(s), sign);
}

static void equation_end(void)
{
    if (x.equations + 1 >= ATTACK_EQUATIONS)
        full = true;
    else
        x.from[++x.equations] = x.terms;
}

static struct publish_key with(struct publish_key k, int measure, int cut, int64_t team)
{
    k.measure = measure;
    k.cut = cut;
    k.team = team;
    return k;
}

/* s = the sum of all cells that `is` says. */
static void sum_of_those(struct seen *s, bool (*is)(const struct seen *part, const struct seen *s))
{
    int n = 0;
    for (size_t i = 0; i < seen.n; i++)
        if (is(&seen.p[i], s)) {
            term(of_seen(&seen.p[i]), 1);
            n++;
        }
    if (n) {
        term(of_seen(s), -1);
        equation_end();
    }
}

static bool same_but_team(const struct seen *p, const struct seen *s)
{
    return p->key.team != 0 && p->key.measure == s->key.measure && p->key.cut == s->key.cut &&
           p->key.day == s->key.day && str_eq(p->key.rule, s->key.rule) &&
           str_eq(p->key.part, s->key.part);
}

static bool same_but_rule(const struct seen *p, const struct seen *s)
{
    return p->key.rule.n && p->key.measure == s->key.measure && p->key.cut == s->key.cut &&
           p->key.day == s->key.day && p->key.team == s->key.team &&
           str_eq(p->key.part, s->key.part);
}

static bool band_of(const struct seen *p, const struct seen *s)
{
    int measure = s->key.measure == FACT_REALISED ? PUBLISH_WITHIN : PUBLISH_BAND;
    return p->key.measure == measure && p->key.day == s->key.day && p->key.team == s->key.team &&
           str_eq(p->key.rule, s->key.rule);
}

static int cut_now;

static bool in_cut(const struct seen *p, const struct seen *s)
{
    int32_t day = s->key.cut == CUT_DAY ? date_month((struct date){s->key.day}).day : s->key.day;
    return p->key.cut == cut_now && p->key.measure == s->key.measure && p->key.day == day &&
           p->key.team == s->key.team && str_eq(p->key.rule, s->key.rule);
}

/* part <= whole */
static void within(struct seen *whole, struct publish_key part)
{
    struct seen *p = find(part);
    if (!p)
        return;
    term(of_seen(p), 1);
    term(any(), 1);
    term(of_seen(whole), -1);
    equation_end();
}

static bool is_week(const struct seen *s)
{
    return s->key.measure == FACT_OVER || s->key.measure == FACT_OVER_ENDED;
}

static void structure(struct seen *s)
{
    struct publish_key k = s->key;
    int cut = k.cut;
    bool stock = k.measure >= PUBLISH_WAITING && k.measure <= PUBLISH_SOON30;
    bool all_rules = (stock || k.measure == PUBLISH_BAND || is_week(s)) && !k.rule.n;
    bool by_team =
        cut == CUT_MONTH || cut == CUT_DAY || (cut == CUT_PART && k.measure == FACT_ASSESSED);
    if (k.team == 0 && by_team && k.measure != PUBLISH_T3)
        sum_of_those(s, same_but_team);
    if (all_rules && cut == CUT_DAY)
        sum_of_those(s, same_but_rule);
    if ((k.measure == FACT_REALISED && cut == CUT_MONTH) ||
        (k.measure == PUBLISH_WAITING && cut == CUT_DAY))
        sum_of_those(s, band_of);
    struct date next = {k.day + 1};
    bool ends = cut == CUT_DAY && date_month(next).day == next.day;
    if (cut == CUT_MONTH || (k.team == 0 && ends && !k.rule.n && stock))
        for (cut_now = CUT_AGE; cut_now <= CUT_PART; cut_now++)
            sum_of_those(s, in_cut);
    static const int pairs[][2] = {{FACT_REALISED, FACT_KEPT},
                                   {FACT_RECEIVED, FACT_KNOWN},
                                   {FACT_RECEIVED, PUBLISH_DIGITAL},
                                   {FACT_VISIT, FACT_ASSESSED},
                                   {PUBLISH_WAITING, PUBLISH_WAITING_OVER},
                                   {PUBLISH_SOON14, PUBLISH_SOON7},
                                   {PUBLISH_SOON30, PUBLISH_SOON14}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (k.measure == pairs[i][0])
            within(s, with(k, pairs[i][1], cut, k.team));
    if (k.measure == PUBLISH_WAITING && cut == CUT_DAY &&
        find(with(k, PUBLISH_SOON30, cut, k.team))) {
        term_key(with(k, PUBLISH_SOON30, cut, k.team), 1);
        term_key(with(k, PUBLISH_WAITING_OVER, cut, k.team), 1);
        term(any(), 1);
        term(of_seen(s), -1);
        equation_end();
    }
    if (k.measure == PUBLISH_DIGITAL && cut == CUT_MONTH && k.team == 0) {
        struct publish_key web = with(k, FACT_RECEIVED, CUT_CHANNEL, 0);
        web.part = S("web");
        term_key(web, 1);
        term(of_seen(s), -1);
        equation_end();
    }
}

/* Days of which stocks were published, in order. */
static struct publish_periods days;

static struct publish_key at_day(int measure, int64_t team, const char *rule, struct date d)
{
    return (struct publish_key){measure, CUT_DAY, team, str_of(rule), S(""), d.day};
}

/* What came or went, of a team too, of which it is not told: it adds up to the county's. */
static struct {
    struct publish_key key;
    int at;
} team_flows[2000];
static int team_flows_n;

static int team_flow(struct publish_key key)
{
    struct seen *s = find(key);
    int at = s ? of_seen(s) : any();
    CHECK(team_flows_n < 2000);
    team_flows[team_flows_n].key = key;
    team_flows[team_flows_n++].at = at;
    return at;
}

static void add_up_flows(void)
{
    for (int i = 0; i < team_flows_n; i++) {
        struct publish_key key = team_flows[i].key;
        if (key.team)
            continue;
        for (int j = 0; j < team_flows_n; j++) {
            key.team = team_flows[j].key.team;
            if (key.team && publish_hash(&key) == publish_hash(&team_flows[j].key))
                term(team_flows[j].at, 1);
        }
        term(team_flows[i].at, -1);
        equation_end();
    }
}

static struct {
    struct date from, to;
    int in, out;
} steps[800];
static size_t steps_n;

static bool was_published(struct date d)
{
    for (size_t i = 0; i < days.n; i++)
        if (days.p[i].day.day == d.day)
            return true;
    return false;
}

/* The stocks of a series day by day. */
static void walk(int64_t team, const char *rule, bool debt)
{
    int stock = debt ? PUBLISH_WAITING_OVER : PUBLISH_WAITING, before = -1;
    struct date last = days.p[days.n - 1].day;
    steps_n = 0;
    for (struct date d = days.p[0].day; d.day <= last.day && steps_n < 799; d = date_add(d, 1)) {
        bool published = was_published(d);
        bool end = debt ? date_weekday(d) == 7 : date_month(date_add(d, 1)).day == d.day + 1;
        if (!published && !end)
            continue;
        struct seen *s = published ? find(at_day(stock, team, rule, d)) : NULL;
        int now = s ? of_seen(s) : published ? variable(0, 0) : any();
        if (before >= 0) {
            steps[steps_n].in = any();
            steps[steps_n].out = any();
            term(before, 1);
            term(steps[steps_n].in, 1);
            term(now, -1);
            term(steps[steps_n].out, -1);
            equation_end();
            steps[steps_n++].to = d;
        }
        steps[steps_n].from = d;
        before = now;
    }
}

/* The steps from i to `to` make up the month or week that begins on `first`. */
static void tie_steps(int64_t team, const char *rule, bool debt, size_t i, size_t to)
{
    struct date first = date_add(steps[i].from, 1);
    struct publish_key key = {0, debt ? CUT_DAY : CUT_MONTH, team, str_of(rule), S(""), first.day};
    const int measures[] = {debt ? FACT_OVER : FACT_STARTED, debt ? FACT_OVER_ENDED : FACT_ENDED};
    for (int side = 0; side < 2; side++) {
        int flow = team_flow(with(key, measures[side], key.cut, team));
        for (size_t j = i; j <= to; j++)
            term(side ? steps[j].out : steps[j].in, 1);
        term(flow, -1);
        if (side && !debt)
            term_key(with(key, FACT_REALISED, key.cut, team), -1);
        equation_end();
    }
}

/* Flows of months (or weeks) are the sums of the steps. */
static void chain(int64_t team, const char *rule, bool debt)
{
    walk(team, rule, debt);
    for (size_t i = 0, to; i < steps_n; i = to + 1) {
        struct date first = date_add(steps[i].from, 1), end;
        bool begins = debt ? date_weekday(first) == 1 : date_month(first).day == first.day;
        end = debt ? date_add(first, 6) : date_month_end(first);
        for (to = i; to < steps_n && steps[to].to.day < end.day;)
            to++;
        if (begins && to < steps_n && steps[to].to.day == end.day)
            tie_steps(team, rule, debt, i, to);
        else
            to = i;
    }
}

static void make_attack(void)
{
    struct db *db = store_reader(store);
    x.cells = x.equations = x.terms = x.from[0] = 0;
    full = false;
    team_flows_n = 0;
    attack_read();
    db_begin_read(db);
    days = publish_periods(a, db, "day", DATE_NONE);
    db_end_read(db);
    for (size_t i = 0; i < seen.n; i++)
        structure(&seen.p[i]);
    for (int t = 0; attack_by_time && t <= TEAMS; t++) {
        for (int r = 0; r < RULES; r++) {
            chain(t, world_rules[r], false);
            chain(t, world_rules[r], true);
        }
    }
    if (attack_by_time)
        add_up_flows();
}

/* The parts of the system that have nothing unknown in common. */
static int root_of[ATTACK_CELLS], cell_in_part[ATTACK_CELLS];
static struct attack part;

static int root(int c)
{
    while (root_of[c] != c)
        c = root_of[c] = root_of[root_of[c]];
    return c;
}

static bool unknown(int c)
{
    return x.lo[c] < x.hi[c];
}

static void find_parts(void)
{
    for (int c = 0; c < x.cells; c++)
        root_of[c] = c;
    for (int e = 0; e < x.equations; e++) {
        int first = -1;
        for (int i = x.from[e]; i < x.from[e + 1]; i++)
            if (unknown(x.at[i]) && first < 0)
                first = root(x.at[i]);
            else if (unknown(x.at[i]))
                root_of[root(x.at[i])] = first;
    }
}

static int put_part_cell(int c)
{
    if (cell_in_part[c] < 0) {
        cell_in_part[c] = part.cells;
        part.lo[part.cells] = x.lo[c];
        part.hi[part.cells++] = x.hi[c];
    }
    return cell_in_part[c];
}

static void make_part(int of)
{
    part.cells = part.equations = part.terms = part.from[0] = 0;
    for (int c = 0; c < x.cells; c++)
        cell_in_part[c] = -1;
    for (int e = 0; e < x.equations; e++) {
        bool in = false;
        for (int i = x.from[e]; i < x.from[e + 1] && !in; i++)
            in = unknown(x.at[i]) && root(x.at[i]) == of;
        for (int i = x.from[e]; i < x.from[e + 1] && in; i++) {
            part.at[part.terms] = put_part_cell(x.at[i]);
            part.sign[part.terms++] = x.sign[i];
        }
        if (in)
            part.from[++part.equations] = part.terms;
    }
}

static bool guarded(const struct seen *s)
{
    return s->hidden && s->key.measure != PUBLISH_MEDIAN && s->at >= 0;
}

static void tell_found(const char *how, const struct seen *s, int64_t least, int64_t most)
{
    if (!publish_naive)
        printf("# %s: measure %d cut %d team %lld " STR_FMT " " STR_FMT " day %d: %lld..%lld\n",
               how, s->key.measure, s->key.cut, (long long)s->key.team, STR_ARG(s->key.rule),
               STR_ARG(s->key.part), s->key.day, (long long)least, (long long)most);
}

enum { ELIMINATED = 700, COLUMNS_MOST = 1400 }; /* what disclose_attack.c has room for */

static void attack_part(struct found *f, int of)
{
    static bool determined[ATTACK_CELLS];
    make_part(of);
    int unknowns = 0;
    for (int c = 0; c < part.cells; c++)
        unknowns += part.lo[c] < part.hi[c];
    bool fits = part.equations <= ELIMINATED && unknowns <= COLUMNS_MOST;
    if (fits)
        attack_determined(&part, determined);
    bool loaded = fits && attack_simplex_load(&part);
    f->parts++;
    f->tried += loaded;
    for (size_t i = 0; i < seen.n; i++) {
        const struct seen *s = &seen.p[i];
        int64_t least = 0, most = ATTACK_FAR;
        if (!guarded(s) || root(s->at) != of || cell_in_part[s->at] < 0)
            continue;
        f->determined += fits && determined[cell_in_part[s->at]];
        if (fits && determined[cell_in_part[s->at]])
            tell_found("determined", s, 0, 0);
        if (loaded && attack_simplex(cell_in_part[s->at], &least, &most) && most - least < 4) {
            f->simplex++;
            tell_found("simplex", s, least, most);
        }
    }
}

struct found attack_all(void)
{
    struct found f = {0};
    static bool done[ATTACK_CELLS];
    make_attack();
    CHECK(!full);
    f.variables = x.cells;
    f.equations = x.equations;
    find_parts();
    memset(done, 0, sizeof done);
    for (size_t i = 0; i < seen.n && !full; i++) {
        if (!guarded(&seen.p[i]))
            continue;
        f.hidden++;
        if (!done[root(seen.p[i].at)])
            attack_part(&f, root(seen.p[i].at));
        done[root(seen.p[i].at)] = true;
    }
    f.solvable = attack_intervals(&x);
    for (size_t i = 0; i < seen.n; i++) {
        const struct seen *s = &seen.p[i];
        if (!guarded(s) || x.hi[s->at] - x.lo[s->at] >= 4)
            continue;
        f.narrow++;
        tell_found("intervals", s, x.lo[s->at], x.hi[s->at]);
    }
    return f;
}
