/*
 * day_test.c: the day's numbers are those that counting the matters gives, and the queue's. argv:
 * rules.json reasons.json.
 */
#include "matter/day.h"
#include "matter/matter_test.h"

enum { ADVICE = 1, DENTAL = 2, NURSE = 1, MANY = 120 };

static struct instant now;

static void make_people(struct db *db, void *arg)
{
    team_add(db, ADVICE, "advice", REG_HEALTH);
    team_add(db, DENTAL, "dental", REG_HEALTH);
    worker_add(db, NURSE, "nurse");
}

/* Contacts of the last weeks and of today, by three channels; every fifth wishes a call today. */
static void come(struct db *db, int i)
{
    static const enum matter_channel channels[] = {CHANNEL_WEB, CHANNEL_WEB, CHANNEL_PHONE,
                                                   CHANNEL_VISIT};
    bool call = i % 5 == 1;
    struct matter_contact c = {
        .once = str_fmt(a, "0123456789abcdef-%d", i),
        .form = S("health"),
        .reason = S("health-new-problem"),
        .reg = REG_HEALTH,
        .channel = channels[i % 4],
        .team = i % 6 ? ADVICE : DENTAL,
        .at = {now.ms - (int64_t)(i % 30) * 3 * HOUR_MS},
        .reach = call ? S("call") : S("message"),
        .phone = S("040 000 0000"),
        .language = S("fi"),
        .born = DATE_NONE,
        .text = S("It hurts."),
        .wish = {.day = DATE_NONE},
    };
    bool again;
    if (call)
        c.wish = (struct matter_wish){date_of(now), i % 10 == 1 ? 10 * 60 : 14 * 60,
                                      i % 10 == 1 ? 12 * 60 : 16 * 60};
    matter_contact_prepare(a, law, (const unsigned char *)"0123456789abcdef0123456789abcdef", &c);
    matter_contact_store(a, db, &c, &again);
}

static void act(struct db *db, int64_t id, struct matter_act act)
{
    struct matter m;
    act.at = now;
    act.staff = NURSE;
    act.wish.day = DATE_NONE;
    struct matter_act take = {.kind = MATTER_TAKEN, .at = now, .staff = NURSE};
    take.wish.day = DATE_NONE;
    CHECK(matter_load(a, db, law, id, &m));
    if (!m.owner)
        CHECK_INT(matter_do(a, db, law, &m, &take), REFUSED_FINE);
    CHECK_INT(matter_do(a, db, law, &m, &act), REFUSED_FINE);
}

/* Some are called, some answered and closed. */
static void a_day(struct db *db, void *arg)
{
    for (int i = 0; i < MANY; i++)
        come(db, i);
    for (int64_t id = 2; id <= MANY; id += 10)
        act(db, id, (struct matter_act){.kind = MATTER_CONTACTED, .text = S("Spoke.")});
    for (int64_t id = 3; id <= MANY; id += 7) {
        act(db, id,
            (struct matter_act){
                .kind = MATTER_CLOSED, .outcome = S("advice"), .text = S("All is well.")});
    }
}

static bool runs(const struct matter *m, const char *rule, bool *called)
{
    bool running = false;
    for (size_t i = 0; i < m->clocks.n; i++)
        if (str_eq(m->clocks.p[i].rule, str_of(rule))) {
            running = running || m->clocks.p[i].stopped.ms == 0;
            *called = *called || str_eq(m->clocks.p[i].stopped_by, S("contacted"));
        }
    return running;
}

/* What the page tells, counted from the matters themselves. */
struct hand {
    int64_t open, over, noon, came, wished, called, waiting, closed;
};

static struct hand by_hand(struct db *db, int64_t team)
{
    struct hand h = {0};
    struct instant noon = instant_at(date_of(now), 12 * 60);
    for (int64_t id = 1; id <= MANY; id++) {
        struct matter m;
        bool called = false;
        CHECK(matter_load(a, db, law, id, &m));
        if (m.team != team)
            continue;
        const struct matter_clock *p = matter_promise(&m);
        h.open += m.state == MATTER_OPEN;
        h.over += p && p->clock.due_at.ms <= now.ms;
        h.noon += p && p->clock.due_at.ms > now.ms && p->clock.due_at.ms <= noon.ms;
        h.came += date_of(m.received).day == date_of(now).day;
        h.closed += m.state == MATTER_SHUT && date_of(m.closed).day == date_of(now).day;
        bool wished = date_is(m.wish.day) && m.wish.day.day == date_of(now).day;
        bool waiting = wished && runs(&m, "call-back", &called);
        h.wished += wished;
        h.waiting += waiting;
        h.called += wished && called;
    }
    return h;
}

static void check(struct db *db, int64_t team)
{
    struct hand h = by_hand(db, team), sum = {0};
    struct matter_day day = matter_day(a, db, team, now);
    struct queue_counts queue = matter_queue_counts(a, db, team, now);
    CHECK_INT(day.all.all, h.open);
    CHECK_INT(day.all.n[DAY_OVER], h.over);
    CHECK_INT(day.all.n[DAY_NOON], h.noon);
    CHECK_INT(day.all.came, h.came);
    CHECK_INT(day.solved.closed, h.closed);
    CHECK_INT(day.all.all, queue.open);
    CHECK_INT(day.all.n[DAY_OVER], queue.over);
    CHECK_INT(day.all.n[DAY_NOON] + day.all.n[DAY_TODAY], queue.today);
    CHECK_INT(day.all.n[DAY_TOMORROW] + day.all.n[DAY_LATER], queue.later);
    for (size_t i = 0; i < day.windows.n; i++) {
        sum.wished += day.windows.p[i].wished;
        sum.called += day.windows.p[i].called;
        sum.waiting += day.windows.p[i].waiting;
    }
    CHECK_INT(sum.wished, h.wished);
    CHECK_INT(sum.called, h.called);
    CHECK_INT(sum.waiting, h.waiting);
    CHECK(h.open && h.over && h.came && h.wished && h.closed);
}

static void the_day_is_what_happened(void)
{
    CHECK_INT(store_write(store, a_day, NULL), ERR_OK);
    struct db *db = store_reader(store);
    static const char *const moments[] = {"2026-11-24T09:00:00Z", "2026-11-24T08:15:00Z",
                                          "2026-11-24T12:30:00Z"};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        db_begin_read(db);
        CHECK(instant_parse(str_of(moments[i]), &now));
        check(db, ADVICE);
        check(db, DENTAL);
        db_end_read(db);
    }
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, make_people) || !instant_parse(S("2026-11-24T09:00:00Z"), &now))
        return 1;
    TEST(the_day_is_what_happened);
    return county_close();
}
