/*
 * publish_test.c: publications of made-up counties with small numbers, attacked with everything
 * that can be read of them: elimination, intervals, exact linear programming over all months, weeks
 * and days at once. Who attacks knows every equation and nothing of how cells were chosen. Then
 * what is frozen, what is told of sums, and what is due when. argv: rules.json reasons.json
 * publish.json. ASIALLA_PG: there, not in a folder.
 */
#include "publish/publish_store.h"

#include "base/rand.h"
#include "base/test.h"
#include "disclose/disclose_attack.h"
#include "store/folder_test.h"

#include <stdlib.h>

static struct arena *a;
static const struct law *law;
static char folder[] = "/tmp/asialla-publish-XXXXXX";
static struct store *store;

static const struct stmt sql[] = {
    {"test.team",
     "INSERT INTO team (id, ref, register, name_fi, name_sv, name_en, phone, hours) "
     "VALUES ($1, $2, 'health', $2, $2, $2, '', '')",
     0},
    {"test.change", "INSERT INTO figure_change (facts) VALUES ($1)", 0},
    {"test.forget", "DELETE FROM figure_sum", STMT_SCAN},
    {"test.all", "SELECT measure, cut, team, rule, part, day, n, total FROM published", STMT_SCAN},
    {"test.clear", "DELETE FROM published", STMT_SCAN},
    {"test.clear2", "DELETE FROM publication", STMT_SCAN},
};
enum { T_TEAM, T_CHANGE, T_FORGET, T_ALL, T_CLEAR, T_CLEAR2 };

static struct str read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *p = arena_alloc(a, 1 << 20);
    size_t n = f ? fread(p, 1, 1 << 20, f) : 0;
    if (f)
        fclose(f);
    return (struct str){p, n};
}

/* ---- a county ---- */

enum { TEAMS = 3, RULES = 2, MATTERS_MOST = 1200 };
static const char *const rules[RULES] = {"phc-treatment", "dental"};
static const int limits[RULES] = {14, 60};
static const char *const ages[] = {"0-6", "23-64", "75+"}, *const languages[] = {"fi", "sv"},
                         *const districts[] = {"korso", "kerava"},
                         *const channels[] = {"web", "phone", "visit"},
                         *const reasons[] = {"health-new-problem", "dental"},
                         *const professions[] = {"nurse", "doctor", "physiotherapist"};

struct made {
    int team, rule, start, due, stop, wait; /* days; stop 0: never */
    bool realised, offered, erased;
    int age, language, district, channel, profession;
};
static struct made matter[MATTERS_MOST];
static int matters;
static struct date begin; /* day 0 */

static void make_county(struct seeded *r, int months, int busy)
{
    matters = 0;
    for (int t = 1; t <= TEAMS; t++)
        for (int rule = 0; rule < RULES; rule++) {
            int much = 1 + (int)seeded_below(r, (uint32_t)busy); /* a month */
            for (int i = 0; i < much * months && matters < MATTERS_MOST; i++) {
                struct made m = {.team = t, .rule = rule};
                m.start = (int)seeded_below(r, (uint32_t)(months * 30));
                m.due = m.start + limits[rule];
                m.wait = (int)seeded_below(r, (uint32_t)(limits[rule] * 2));
                m.stop = seeded_below(r, 12) ? m.start + m.wait : 0;
                m.realised = seeded_below(r, 6) != 0;
                m.offered = seeded_below(r, 2) != 0;
                m.age = (int)seeded_below(r, 3);
                m.language = seeded_below(r, 8) == 0;
                m.district = (int)seeded_below(r, 2);
                m.channel = (int)seeded_below(r, 3);
                m.profession = (int)seeded_below(r, 3);
                matter[matters++] = m;
            }
        }
}

static void say(struct facts *out, const struct made *m, enum fact_measure measure, int day,
                int64_t total, bool of_rule)
{
    struct fact f = {.measure = measure,
                     .team = m->team,
                     .n = 1,
                     .total = total,
                     .day = date_add(begin, day),
                     .rule = of_rule ? str_of(rules[m->rule]) : S(""),
                     .part = measure == FACT_VISIT || measure == FACT_ASSESSED
                                 ? str_of(professions[m->profession])
                                 : S(""),
                     .age = str_of(ages[m->age]),
                     .language = str_of(languages[m->language]),
                     .district = str_of(districts[m->district]),
                     .channel = str_of(channels[m->channel]),
                     .reason = str_of(reasons[m->rule]),
                     .wait = measure == FACT_REALISED || measure == FACT_ASSESSED ? m->wait
                                                                                  : FACT_NO_WAIT};
    VEC_PUSH(a, out, f);
}

/* What is known of it at the end of day `now`. */
static void facts_of(const struct made *m, int now, struct facts *out)
{
    bool stopped = m->stop && m->stop <= now;
    if (m->start > now || m->erased)
        return;
    say(out, m, FACT_STARTED, m->start, 0, true);
    say(out, m, FACT_RECEIVED, m->start, 0, false);
    if (m->age)
        say(out, m, FACT_KNOWN, m->start, 0, false);
    if (!stopped || m->stop > m->due)
        say(out, m, FACT_OVER, m->due + 1, 0, true);
    if (!stopped) {
        say(out, m, FACT_OPEN, m->start, 0, true);
        say(out, m, FACT_OPEN_DUE, m->due, 0, true);
        return;
    }
    if (m->stop > m->due)
        say(out, m, FACT_OVER_ENDED, m->stop, 0, true);
    say(out, m, m->realised ? FACT_REALISED : FACT_ENDED, m->stop, m->wait, true);
    if (m->realised && m->stop <= m->due)
        say(out, m, FACT_KEPT, m->stop, 0, true);
    if (m->offered)
        say(out, m, FACT_OFFERED, m->stop, 0, true);
    say(out, m, FACT_CLOSED, m->stop, 60 * m->wait, false);
    if (m->realised) {
        say(out, m, FACT_VISIT, m->stop, 0, false);
        say(out, m, FACT_ASSESSED, m->stop, m->wait, false);
    }
}

static void write_county(struct db *db, void *now)
{
    struct facts all = {0};
    struct buf b = buf_new(a, 64 << 20);
    DB_EXEC(db, &sql[T_FORGET]);
    for (int i = 0; i < matters; i++)
        facts_of(&matter[i], *(int *)now, &all);
    fact_settle(&all);
    for (size_t from = 0; from < all.n; from += 500) {
        struct facts some = {.p = all.p + from, .n = all.n - from < 500 ? all.n - from : 500};
        b.n = 0;
        fact_write(&b, &some);
        DB_EXEC(db, &sql[T_CHANGE], V_STR(buf_get(&b)));
    }
    while (figure_gather(db))
        ;
}

static struct date to_publish;

static void publish_job(struct db *db, void *arg)
{
    struct arena *own = arena_new(1 << 30);
    publish_make(own, db, law, to_publish, instant_at(date_add(to_publish, 1), 10));
    arena_free(own);
}

static void publish_on(int day)
{
    to_publish = date_add(begin, day);
    CHECK_INT(store_write(store, write_county, &day), ERR_OK);
    CHECK_INT(store_write(store, publish_job, NULL), ERR_OK);
}

static void clear(struct db *db, void *arg)
{
    DB_EXEC(db, &sql[T_CLEAR]);
    DB_EXEC(db, &sql[T_CLEAR2]);
}

static void make_teams(struct db *db, void *arg)
{
    for (int t = 1; t <= TEAMS; t++)
        DB_EXEC(db, &sql[T_TEAM], V_INT(t), V_STR(str_fmt(a, "team-%d", t)));
}

/* ---- the attack: what can be read, and what everybody knows ---- */

struct seen {
    struct publish_key key;
    int64_t n;
    bool hidden;
    int at; /* in the attack; -1: not yet */
};
static struct {
    LIST_FIELDS(struct seen);
} seen;
static struct publish_map index_of; /* total: its place in seen */
static struct attack x;
static bool full;    /* the county is too large for the attack */
static bool by_time; /* equations between publications hold: nothing was corrected between */

static void read_published(void)
{
    struct db *db = store_reader(store);
    seen.n = 0;
    index_of = (struct publish_map){0};
    db_begin_read(db);
    struct rows r = DB_QUERY(db, &sql[T_ALL]);
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
        end = debt ? date_add(first, 6) : date_add(date_add_months(first, 1), -1);
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
    read_published();
    db_begin_read(db);
    days = publish_periods(a, db, "day", DATE_NONE);
    db_end_read(db);
    for (size_t i = 0; i < seen.n; i++)
        structure(&seen.p[i]);
    for (int t = 0; by_time && t <= TEAMS; t++) {
        for (int r = 0; r < RULES; r++) {
            chain(t, rules[r], false);
            chain(t, rules[r], true);
        }
    }
    if (by_time)
        add_up_flows();
}

struct found {
    int hidden, narrow, determined, simplex, parts, tried;
    bool solvable;
};

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

static struct found attack(void)
{
    struct found f = {0};
    static bool done[ATTACK_CELLS];
    make_attack();
    CHECK(!full);
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

/* ---- tests ---- */

static void none_is_found(void)
{
    struct seeded r = seeded_new(2026);
    begin = date_from(2026, 1, 1);
    for (int county = 0; county < 6; county++) {
        make_county(&r, 5, county % 2 ? 6 : 25);
        store_write(store, clear, NULL);
        const int on[] = {30, 58, 89, 100, 101, 102, 103, 119}; /* months' ends, days, a Sunday */
        for (size_t i = 0; i < sizeof on / sizeof *on; i++)
            publish_on(on[i]);
        by_time = true;
        struct found f = attack();
        printf("# county %d: %zu cells, %d hidden; variables %d, equations %d, parts %d of which "
               "%d by simplex\n",
               county, seen.n, f.hidden, x.cells, x.equations, f.parts, f.tried);
        CHECK(f.solvable);
        CHECK(f.hidden > 0);
        CHECK_INT(f.determined, 0);
        CHECK_INT(f.narrow, 0);
        CHECK_INT(f.simplex, 0);
    }
}

/* The same attack finds what hiding small cells alone leaves. */
static void naive_ones_are_found(void)
{
    struct seeded r = seeded_new(7);
    make_county(&r, 3, 12);
    store_write(store, clear, NULL);
    publish_naive = true;
    publish_on(30);
    publish_on(58);
    struct found f = attack();
    publish_naive = false;
    printf("# %d hidden, %d determined, %d by simplex, %d by intervals\n", f.hidden, f.determined,
           f.simplex, f.narrow);
    CHECK(f.determined > 10 && f.narrow > 10);
}

/* Corrected between: matters are handed over and erased. What each publication gives alone, and
 * what they give together to who takes them for uncorrected, is not the truth of a hidden cell. */
static void corrections_give_nothing(void)
{
    struct seeded r = seeded_new(11);
    for (int county = 0; county < 3; county++) {
        make_county(&r, 4, county == 1 ? 25 : 8);
        store_write(store, clear, NULL);
        const int on[] = {30, 58, 89, 95};
        for (size_t i = 0; i < sizeof on / sizeof *on; i++) {
            publish_on(on[i]);
            for (int n = 0; n < matters / 20; n++) {
                struct made *m = &matter[seeded_below(&r, (uint32_t)matters)];
                if (seeded_below(&r, 2))
                    m->team = 1 + (int)seeded_below(&r, TEAMS);
                else
                    m->erased = true;
            }
        }
        by_time = false;
        struct found f = attack();
        CHECK(f.solvable && f.hidden > 0);
        CHECK_INT(f.determined + f.narrow + f.simplex, 0);
    }
}

/* ---- frozen ---- */

static struct str all_rows(void)
{
    struct buf b = buf_new(a, 64 << 20);
    read_published();
    for (size_t i = 0; i < seen.n; i++)
        buf_fmt(&b, "%d %d %lld " STR_FMT " " STR_FMT " %d %lld %d\n", seen.p[i].key.measure,
                seen.p[i].key.cut, (long long)seen.p[i].key.team, STR_ARG(seen.p[i].key.rule),
                STR_ARG(seen.p[i].key.part), seen.p[i].key.day, (long long)seen.p[i].n,
                seen.p[i].hidden);
    return buf_get(&b);
}

static void what_was_published_stays(void)
{
    struct seeded r = seeded_new(3);
    make_county(&r, 3, 20);
    store_write(store, clear, NULL);
    publish_on(30);
    struct str before = all_rows();
    CHECK(seen.n > 100);
    for (int i = 0; i < matters; i += 2)
        matter[i].erased = true;
    publish_on(30); /* the same day again: nothing */
    CHECK(str_eq(before, all_rows()));
    publish_on(29); /* nor an earlier one */
    CHECK(str_eq(before, all_rows()));
    int same = 0;
    size_t n = seen.n;
    publish_on(58);
    struct str after = all_rows();
    CHECK(seen.n > n);
    while (before.n) { /* every row of then is still a row of now */
        struct str line = str_cut(&before, '\n');
        same += memmem(after.p, after.n, line.p, line.n) != NULL;
    }
    CHECK_INT(same, n);
}

static void a_publication_is_due_after_midnight(void)
{
    struct db *db = store_reader(store);
    store_write(store, clear, NULL);
    struct date day = date_add(begin, 30);
    db_begin_read(db);
    CHECK(publish_wanted(db, instant_at(day, 600)));
    db_end_read(db);
    publish_on(30);
    db_begin_read(db);
    CHECK_INT(publish_until(db).day, day.day);
    CHECK_INT(publish_month(db).day, begin.day);
    CHECK(!publish_wanted(db, instant_at(date_add(day, 1), 0)));
    CHECK(!publish_wanted(db, instant_at(date_add(day, 1), 1439)));
    CHECK(publish_wanted(db, instant_at(date_add(day, 2), 0)));
    db_end_read(db);
}

static int64_t told(int measure)
{
    const struct figure_ask ask = {.measure = (enum fact_measure)measure,
                                   .cut = CUT_DAY,
                                   .team = 1,
                                   .rule = str_of(rules[0]),
                                   .from = to_publish,
                                   .to = to_publish};
    struct publish_rows rows = publish_read(a, store_reader(store), &ask);
    return rows.n == 1 && !rows.p[0].hidden ? rows.p[0].n : -1;
}

/* At the end of a day, whose last day it was is not over yet, and will be the next morning: nobody
 * is in neither. */
static void whose_last_day_it_was_is_soon_over(void)
{
    enum { TODAY = 30, OF_EACH = 10 };
    static const int due[] = {TODAY - 1, TODAY, TODAY, TODAY + 6, TODAY + 7};
    enum { DUES = sizeof due / sizeof *due };
    store_write(store, clear, NULL);
    for (matters = 0; matters < DUES * OF_EACH; matters++)
        matter[matters] = (struct made){
            .team = 1, .due = due[matters % DUES], .start = due[matters % DUES] - limits[0]};
    publish_on(TODAY);
    CHECK_INT(told(PUBLISH_WAITING), 5 * OF_EACH);
    CHECK_INT(told(PUBLISH_WAITING_OVER), OF_EACH);
    CHECK_INT(told(PUBLISH_SOON7), 3 * OF_EACH);
    CHECK_INT(told(PUBLISH_SOON14), 4 * OF_EACH);
}

static struct publish_rows read_rule(int measure, enum figure_cut cut, struct str rule, bool ends)
{
    struct figure_ask ask = {.measure = (enum fact_measure)measure,
                             .cut = cut,
                             .any_rule = !rule.n,
                             .rule = rule,
                             .from = begin,
                             .to = date_add(begin, 95),
                             .month_ends = ends};
    return publish_read(a, store_reader(store), &ask);
}

/* Ends of months, and one rule's months, are read one by one: they are the same as of the whole
 * span, of which the nights between and the other rules are left out. */
static void single_days_are_as_the_span(void)
{
    static const int nights[] = {30, 41, 58, 70, 89, 95};
    struct seeded r = seeded_new(9);
    make_county(&r, 4, 30);
    store_write(store, clear, NULL);
    for (size_t i = 0; i < sizeof nights / sizeof *nights; i++)
        publish_on(nights[i]);
    size_t compared = 0, left_out = 0;
    for (int of = 0; of < 4; of++) {
        bool ends = of < 2;
        int measure = ends ? PUBLISH_WAITING + of : of == 2 ? FACT_REALISED : PUBLISH_WITHIN;
        enum figure_cut cut = ends ? CUT_DAY : CUT_MONTH;
        struct publish_rows all = read_rule(measure, cut, S(""), false);
        struct publish_rows one = read_rule(measure, cut, str_of(rules[0]), ends);
        size_t at = 0;
        for (size_t i = 0; i < all.n; i++) {
            const struct publish_row *row = &all.p[i];
            struct date next = date_add(row->day, 1);
            bool end = date_month(next).day == next.day || row->day.day == begin.day + 95;
            if (!str_eq(row->rule, str_of(rules[0])) || (ends && !end)) {
                left_out++;
                continue;
            }
            CHECK(at < one.n && one.p[at].day.day == row->day.day && one.p[at].n == row->n &&
                  one.p[at].hidden == row->hidden && str_eq(one.p[at].part, row->part));
            at++;
        }
        CHECK_INT(at, one.n);
        compared += at;
        struct publish_rows rules_all = read_rule(measure, cut, S(""), ends);
        CHECK(rules_all.n >= one.n && (!ends || rules_all.n < all.n));
    }
    CHECK(compared > 10 && left_out > 10);
}

/* Hidden cells have no number in the store, and small ones are hidden. */
static void no_small_number_is_stored(void)
{
    struct seeded r = seeded_new(5);
    make_county(&r, 3, 10);
    store_write(store, clear, NULL);
    publish_on(30);
    publish_on(58);
    read_published();
    int small = 0, hidden = 0;
    for (size_t i = 0; i < seen.n; i++) {
        small += !seen.p[i].hidden && seen.p[i].n > 0 && seen.p[i].n < publish_few() &&
                 seen.p[i].key.measure != PUBLISH_T3;
        hidden += seen.p[i].hidden;
        bool stock =
            seen.p[i].key.measure >= PUBLISH_WAITING && seen.p[i].key.measure <= PUBLISH_SOON30;
        CHECK(!stock || seen.p[i].key.rule.n); /* no sum of rules */
        CHECK(!seen.p[i].hidden || seen.p[i].n == 0);
    }
    CHECK_INT(small, 0);
    CHECK(hidden > 10);
}

int main(int argc, char **argv)
{
    struct str why = {0};
    a = arena_new(4u << 30);
    law = law_load(a, read_file(argv[1]), read_file(argv[2]), &why);
    if (argc < 4 || !law || !mkdtemp(folder))
        return 1;
    store = store_open(
        a, &(struct store_conf){.folder = folder, .create = true, .url = getenv("ASIALLA_PG")},
        &why);
    if (!store)
        return 1;
    store_write(store, make_teams, NULL);
    TEST(none_is_found);
    TEST(naive_ones_are_found);
    TEST(corrections_give_nothing);
    TEST(what_was_published_stays);
    TEST(a_publication_is_due_after_midnight);
    TEST(no_small_number_is_stored);
    TEST(whose_last_day_it_was_is_soon_over);
    TEST(single_days_are_as_the_span);
    store_close(store);
    folder_remove(folder);
    arena_free(a);
    return test_end();
}
