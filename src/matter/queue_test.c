/*
 * queue_test.c: the queue's figures and pages, which are found by numbers kept beside the matters,
 * are those that counting the matters gives: at every moment, for every filter, page by page. argv:
 * rules.json reasons.json.
 */
#include "matter/matter_test.h"

enum { ADVICE = 1, DENTAL = 2, NURSE = 1, DOCTOR = 2, MANY = 150 };

static struct instant now;

static const struct stmt seed[] = {
    {"test.kept", "SELECT count(*) FROM queue_count WHERE n <> 0", STMT_SCAN},
    {"test.empty", "SELECT count(*) FROM queue_count WHERE n = 0", STMT_SCAN},
    {"test.waiting", "SELECT count(*) FROM queue_change", STMT_SCAN},
    {"test.miscount", "UPDATE queue_count SET n = n + $1 WHERE facet = 2 AND word = 'interpreter'",
     STMT_SCAN},
};

static void make_people(struct db *db, void *arg)
{
    team_add(db, ADVICE, "advice", REG_HEALTH);
    team_add(db, DENTAL, "dental", REG_HEALTH);
    worker_add(db, NURSE, "nurse");
    worker_add(db, DOCTOR, "doctor");
}

static int64_t number(int which)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    int64_t n = DB_INT(db, -1, &seed[which]);
    db_end_read(db);
    return n;
}

/* ---- a county that is busy ---- */

static void come(struct db *db, int i)
{
    static const char *const reasons[] = {"health-new-problem", "certificate"};
    static const char *const languages[] = {"fi", "fi", "fi", "sv", "en", "so", "fi"};
    struct matter_contact c = {
        .once = str_fmt(a, "0123456789abcdef-%d", i),
        .form = S("health"),
        .reason = str_of(reasons[i % 2]),
        .reg = REG_HEALTH,
        .channel = CHANNEL_WEB,
        .team = i % 5 ? ADVICE : DENTAL,
        .at = {now.ms - (int64_t)(i % 40) * 7 * HOUR_MS},
        .reach = S("message"),
        .language = str_of(languages[i % 7]),
        .interpreter = i % 7 == 5,
        .born = DATE_NONE,
        .text = S("It hurts."),
    };
    bool again;
    matter_contact_prepare(a, law, (const unsigned char *)"0123456789abcdef0123456789abcdef", &c);
    int64_t id = matter_contact_store(a, db, &c, &again);
    CHECK(id == i + 1 && !again);
}

static void act(struct db *db, int64_t id, struct matter_act act)
{
    struct matter m;
    act.at = now;
    act.wish.day = DATE_NONE;
    CHECK(matter_load(a, db, law, id, &m));
    CHECK_INT(matter_do(a, db, law, &m, &act), REFUSED_FINE);
}

static void all_come(struct db *db, void *arg)
{
    for (int i = 0; i < MANY; i++)
        come(db, i);
}

static void hand_over(struct db *db, int64_t id, int64_t staff)
{
    act(db, id,
        (struct matter_act){.kind = MATTER_HAND_OFFERED,
                            .staff = staff,
                            .text = S("Teeth."),
                            .team = DENTAL,
                            .team_reg = REG_HEALTH});
    act(db, id, (struct matter_act){.kind = MATTER_HAND_TAKEN, .staff = 3 - staff});
}

static void some_are_taken(struct db *db, void *arg)
{
    for (int64_t id = 1; id <= MANY; id += 3)
        act(db, id, (struct matter_act){.kind = MATTER_TAKEN, .staff = 1 + id % 2});
}

static void much_is_done(struct db *db, void *arg)
{
    for (int64_t id = 1; id <= MANY; id += 3) {
        int64_t staff = 1 + id % 2;
        if (id % 4 == 0)
            act(db, id,
                (struct matter_act){.kind = MATTER_CLOSED,
                                    .staff = staff,
                                    .outcome = S("advice"),
                                    .text = S("Rest.")});
        else if (id % 4 == 1)
            act(db, id, (struct matter_act){.kind = MATTER_RELEASED, .staff = staff});
        else if (id % 4 == 2 && id % 5 != 1)
            hand_over(db, id, staff);
        else
            act(db, id,
                (struct matter_act){.kind = MATTER_CONTACTED, .staff = staff, .text = S("x")});
    }
}

static void all_are_closed(struct db *db, void *arg)
{
    for (int64_t id = 1; id <= MANY; id++) {
        struct matter m;
        CHECK(matter_load(a, db, law, id, &m));
        if (m.state != MATTER_OPEN)
            continue;
        if (!m.owner)
            act(db, id, (struct matter_act){.kind = MATTER_TAKEN, .staff = NURSE});
        act(db, id,
            (struct matter_act){.kind = MATTER_CLOSED,
                                .staff = m.owner ? m.owner : NURSE,
                                .outcome = S("advice"),
                                .text = S("Rest.")});
    }
}

static void gather(struct db *db, void *arg)
{
    while (queue_gather(db))
        ;
}

/* ---- what must be ---- */

static bool fits(const struct queue_filter *f, const struct matter_line *l)
{
    static const enum queue_clock tabs[] = {
        [LAW_IN_TIME] = QUEUE_LATER, [LAW_DUE_TODAY] = QUEUE_TODAY, [LAW_OVER] = QUEUE_OVER};
    bool language = !f->language.n || str_eq(f->language, l->language) ||
                    (l->interpreter && str_eq(f->language, S("interpreter")));
    return language && (!f->owner || l->owner == (f->owner < 0 ? 0 : f->owner)) &&
           (f->clock == QUEUE_ALL || f->clock == tabs[law_state(&l->clock, now)]);
}

/* Each page of the filtered queue is a stretch of the whole one; the last is followed by nothing.
 */
static void check_pages(struct db *db, const struct matter_lines *whole, struct queue_filter f)
{
    f.limit = 7;
    size_t at = 0;
    for (f.offset = 0;; f.offset += f.limit) {
        struct matter_lines page = matter_queue(a, db, law, &f);
        for (size_t i = 0; i < page.n; i++, at++) {
            while (at < whole->n && !fits(&f, &whole->p[at]))
                at++;
            CHECK(at < whole->n && whole->p[at].id == page.p[i].id);
        }
        if (page.n < (size_t)f.limit)
            break;
    }
    while (at < whole->n && !fits(&f, &whole->p[at]))
        at++;
    CHECK_INT(at, whole->n);
}

static int64_t count(const struct matter_lines *whole, enum queue_clock clock, int64_t owner)
{
    struct queue_filter f = {.clock = clock, .owner = owner};
    int64_t n = 0;
    for (size_t i = 0; i < whole->n; i++)
        n += fits(&f, &whole->p[i]);
    return n;
}

static void check_counts(const struct queue_counts *n, const struct matter_lines *whole)
{
    CHECK_INT(n->open, whole->n);
    CHECK_INT(n->over, count(whole, QUEUE_OVER, 0));
    CHECK_INT(n->today, count(whole, QUEUE_TODAY, 0));
    CHECK_INT(n->later, count(whole, QUEUE_LATER, 0));
    CHECK_INT(n->nobodys, count(whole, QUEUE_ALL, -1));
}

static void check_figures(struct db *db, const struct matter_lines *whole, int64_t team)
{
    struct queue_counts n = matter_queue_counts(a, db, team, now);
    struct matter_figures f = matter_figures(a, db, team, now);
    int64_t rules = 0;
    check_counts(&n, whole);
    check_counts(&f.all, whole);
    for (size_t i = 0; i < f.shares.n; i++) {
        const struct matter_share *s = &f.shares.p[i];
        int64_t owner = s->owner ? s->owner : -1;
        CHECK(s->counts.open == count(whole, QUEUE_ALL, owner) && s->counts.open > 0);
        CHECK_INT(s->counts.over, count(whole, QUEUE_OVER, owner));
        CHECK(!s->owner || s->name.n > 0);
    }
    for (size_t i = 0; i < f.rules.n; i++)
        rules += f.rules.p[i].counts.open;
    CHECK_INT(rules, whole->n);
}

static void check_team(struct db *db, int64_t team)
{
    static const char *const languages[] = {"", "fi", "sv", "so", "interpreter", "de"};
    struct queue_filter f = {.team = team, .limit = MANY + 1, .now = now};
    struct matter_lines whole = matter_queue(a, db, law, &f);
    check_figures(db, &whole, team);
    for (f.clock = QUEUE_ALL; f.clock <= QUEUE_LATER; f.clock++)
        for (f.owner = -1; f.owner <= DOCTOR; f.owner++)
            for (size_t l = 0; l < sizeof languages / sizeof *languages; l++) {
                f.language = str_of(languages[l]);
                check_pages(db, &whole, f);
            }
}

static void check_all(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    check_team(db, ADVICE);
    check_team(db, DENTAL);
    CHECK_INT(matter_verify(db, law).faults, 0);
    db_end_read(db);
}

/* ---- the tests ---- */

static void (*const course[])(struct db *db, void *arg) = {all_come, gather,       some_are_taken,
                                                           gather,   much_is_done, gather};

static void figures_are_the_matters_at_every_moment(void)
{
    for (size_t i = 0; i < sizeof course / sizeof *course; i++) {
        CHECK_INT(store_write(store, course[i], NULL), ERR_OK);
        check_all();
        CHECK((number(2) == 0) == (course[i] == gather));
    }
}

static void miscount(struct db *db, void *n)
{
    DB_EXEC(db, &seed[3], V_INT(*(int *)n));
}

static void a_wrong_number_shows(void)
{
    int by = 1;
    struct db *db = store_reader(store);
    puts("# a fault is made and must be found:");
    CHECK_INT(store_write(store, miscount, &by), ERR_OK);
    db_begin_read(db);
    CHECK(matter_verify(db, law).faults > 0);
    db_end_read(db);
    by = -1;
    CHECK_INT(store_write(store, miscount, &by), ERR_OK);
    check_all();
}

static void what_is_over_leaves_no_numbers(void)
{
    CHECK(number(0) > 0 && number(1) == 0);
    CHECK_INT(store_write(store, all_are_closed, NULL), ERR_OK);
    check_all();
    CHECK_INT(store_write(store, gather, NULL), ERR_OK);
    check_all();
    CHECK(number(0) == 0 && number(1) == 0 && number(2) == 0);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, make_people) || !instant_parse(S("2026-11-24T09:00:00Z"), &now))
        return 1;
    TEST(figures_are_the_matters_at_every_moment);
    TEST(a_wrong_number_shows);
    TEST(what_is_over_leaves_no_numbers);
    return county_close();
}
