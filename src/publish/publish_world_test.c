/* publish_world_test.c: see publish_world.h. */
#include "publish/publish_world.h"

static const struct stmt sql[] = {
    {"test.team",
     "INSERT INTO team (id, ref, register, name_fi, name_sv, name_en, phone, hours) "
     "VALUES ($1, $2, 'health', $2, $2, $2, '', '')",
     0},
    {"test.change", "INSERT INTO figure_change (facts) VALUES ($1)", 0},
    {"test.forget", "DELETE FROM figure_sum", STMT_SCAN},
    {"test.clear", "DELETE FROM published", STMT_SCAN},
    {"test.clear2", "DELETE FROM publication", STMT_SCAN},
};
enum { T_TEAM, T_CHANGE, T_FORGET, T_CLEAR, T_CLEAR2 };

const char *const world_rules[RULES] = {"phc-treatment", "dental"};
const int world_limits[RULES] = {14, 60};
static const char *const ages[] = {"0-6", "23-64", "75+"}, *const languages[] = {"fi", "sv"},
                         *const districts[] = {"korso", "kerava"},
                         *const channels[] = {"web", "phone", "visit"},
                         *const reasons[] = {"health-new-problem", "dental"},
                         *const professions[] = {"nurse", "doctor", "physiotherapist"};

struct made world_matter[MATTERS_MOST];
int world_matters;
struct date world_begin; /* day 0 */

void world_make(struct seeded *r, int months, int busy)
{
    world_matters = 0;
    for (int t = 1; t <= TEAMS; t++)
        for (int rule = 0; rule < RULES; rule++) {
            int much = 1 + (int)seeded_below(r, (uint32_t)busy); /* a month */
            for (int i = 0; i < much * months && world_matters < MATTERS_MOST; i++) {
                struct made m = {.team = t, .rule = rule};
                m.start = (int)seeded_below(r, (uint32_t)(months * 30));
                m.due = m.start + world_limits[rule];
                m.wait = (int)seeded_below(r, (uint32_t)(world_limits[rule] * 2));
                m.stop = seeded_below(r, 12) ? m.start + m.wait : 0;
                m.realised = seeded_below(r, 6) != 0;
                m.offered = seeded_below(r, 2) != 0;
                m.age = (int)seeded_below(r, 3);
                m.language = seeded_below(r, 8) == 0;
                m.district = (int)seeded_below(r, 2);
                m.channel = (int)seeded_below(r, 3);
                m.profession = (int)seeded_below(r, 3);
                world_matter[world_matters++] = m;
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
                     .day = date_add(world_begin, day),
                     .rule = of_rule ? str_of(world_rules[m->rule]) : S(""),
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
    for (int i = 0; i < world_matters; i++)
        facts_of(&world_matter[i], *(int *)now, &all);
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

struct date world_day;

static void publish_job(struct db *db, void *arg)
{
    struct arena *own = arena_new(1 << 30);
    publish_make(own, db, law, world_day, instant_at(date_add(world_day, 1), 10));
    arena_free(own);
}

void world_publish(int day)
{
    world_day = date_add(world_begin, day);
    CHECK_INT(store_write(store, write_county, &day), ERR_OK);
    CHECK_INT(store_write(store, publish_job, NULL), ERR_OK);
}

void world_clear(struct db *db, void *arg)
{
    DB_EXEC(db, &sql[T_CLEAR]);
    DB_EXEC(db, &sql[T_CLEAR2]);
}

void world_teams(struct db *db, void *arg)
{
    for (int t = 1; t <= TEAMS; t++)
        DB_EXEC(db, &sql[T_TEAM], V_INT(t), V_STR(str_fmt(a, "team-%d", t)));
}
