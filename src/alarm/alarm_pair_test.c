/*
 * alarm_pair_test.c: two servers whose keepers look at the same moment, as when one leads and the
 * other has not heard of it yet: whatever is said is said once. Two heads who acknowledge at once:
 * one of them reads who was first. On SQLite two threads of one server, and once more on PostgreSQL
 * two stores where ASIALLA_PG names an empty database. argv: rules.json reasons.json alarm.json.
 */
#include "alarm/alarm_test.h"

#include <pthread.h>

enum { COME = 24, ROUNDS = 12 };

static struct store *servers[2]; /* of SQLite twice the same */
static int64_t ids[COME];
static pthread_barrier_t together;

/* ---- what they have to say ---- */

/* A fortnight from Monday 1.3.2027, in two teams; the nurse has every second one. */
static void many_come(struct db *db, void *arg)
{
    for (int i = 0; i < COME; i++) {
        struct instant now = when("2027-03-01", 9, i);
        ids[i] = come(db, i % 4 < 2 ? OFFICE : SHORT, "health-new-problem", CHANNEL_WEB, now);
        act(db, ids[i], (struct matter_act){.kind = MATTER_TAKEN, .staff = NURSE, .at = now});
        act(db, ids[i],
            (struct matter_act){.kind = MATTER_ASSESSED,
                                .staff = NURSE,
                                .at = now,
                                .urgency = S("week"),
                                .reason = S("health-new-problem"),
                                .profession = S("nurse"),
                                .text = S("x")});
        act(db, ids[i],
            (struct matter_act){
                .kind = MATTER_ANSWERED, .staff = NURSE, .at = now, .text = S("A time is sent.")});
    }
}

struct keeping {
    struct store *store;
    struct arena *own; /* of the thread: a job can be run again */
    struct instant now;
    bool more;
};

static void keep_once(struct db *db, void *arg)
{
    struct keeping *k = arg;
    k->more = alarm_run(k->own, db, law, k->now);
}

/* As a keeper does it: each half an hour of sixteen days, whether it is open or not. */
static void *keep(void *arg)
{
    struct keeping *k = arg;
    struct instant end = when("2027-03-17", 12, 0);
    bool failed = false;
    for (k->now = when("2027-03-01", 9, 30); k->now.ms < end.ms; k->now.ms += 30 * MINUTE_MS) {
        struct db *db = store_reader(k->store);
        db_begin_read(db);
        bool wanted = alarm_wanted(db, k->now);
        db_end_read(db);
        pthread_barrier_wait(&together); /* both have seen that there is something */
        for (k->more = wanted; k->more && !failed;)
            failed = store_write(k->store, keep_once, k) != ERR_OK;
    }
    return failed ? arg : NULL;
}

/* ---- said once ---- */

struct told {
    int rows;
    struct instant at;
};

static struct told told_of(int64_t id)
{
    static const struct stmt q = {
        "test.told", "SELECT told_at FROM alarm_ahead WHERE matter = $1 AND rule = 'phc-treatment'",
        0};
    struct told t = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct rows r = DB_QUERY(db, &q, V_INT(id));
    for (; rows_next(&r); t.rows++)
        t.at.ms = rows_int(&r, 0);
    db_end_read(db);
    return t;
}

static void run_both(void *(*run)(void *), void *one, void *two)
{
    pthread_t thread[2];
    void *failed[2];
    CHECK_INT(pthread_create(&thread[0], NULL, run, one), 0);
    CHECK_INT(pthread_create(&thread[1], NULL, run, two), 0);
    for (int i = 0; i < 2; i++) {
        pthread_join(thread[i], &failed[i]);
        CHECK(!failed[i]);
    }
}

static void two_keepers_say_it_once(void)
{
    struct keeping k[2] = {{servers[0], arena_new(0)}, {servers[1], arena_new(0)}};
    CHECK_INT(store_write(store, many_come, NULL), ERR_OK);
    run_both(keep, &k[0], &k[1]);
    for (int i = 0; i < COME; i++) {
        struct said n = said_of(ids[i], (struct instant){0});
        struct told t = told_of(ids[i]);
        bool office = i % 4 < 2;
        CHECK_INT(n.reminds, 1);
        CHECK_INT(n.raises, 1);
        CHECK_INT(t.rows, 1);
        /* Three working days before Monday 15.3.; the other team is away on Wednesdays. */
        CHECK_STR(shown(t.at), office ? "2027-03-10 08:00" : "2027-03-11 09:00");
        CHECK_INT(
            said_of(ids[i], office ? when("2027-03-16", 8, 0) : when("2027-03-16", 9, 0)).raises,
            1);
    }
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK_INT(matter_verify(db, law).faults, 0);
    db_end_read(db);
    for (int i = 0; i < 2; i++)
        arena_free(k[i].own);
}

/* ---- acknowledged once ---- */

struct acking {
    struct store *store;
    struct arena *own;
    struct session s;
    int64_t id;
    enum alarm_refusal no[ROUNDS];
    struct str first[ROUNDS]; /* who was, where one was refused */
    int round;
};

static struct instant round_at(int round)
{
    return when("2027-04-01", 9, round);
}

static void ack_it(struct db *db, void *arg)
{
    struct acking *k = arg;
    struct alarm_ack there = {0}, ack = {.team = OFFICE,
                                         .rule = S("phc-treatment"),
                                         .reason = S("Extra times on Friday."),
                                         .made = round_at(k->round),
                                         .until = day_of("2027-04-09")};
    k->no[k->round] = alarm_ack_put(k->own, db, law, &k->s, &ack, &there);
    k->first[k->round] = there.name;
}

static void end_all(struct db *db, void *arg)
{
    struct acking *k = arg;
    struct alarm_acks all = alarm_acks(k->own, db, OFFICE, 100);
    for (size_t i = 0; i < all.n; i++)
        if (alarm_ack_in_force(&all.p[i], round_at(k->round)))
            alarm_ack_end(k->own, db, &k->s, all.p[i].id, round_at(k->round));
}

static void *ack_on(void *arg)
{
    struct acking *k = arg;
    bool failed = false;
    for (k->round = 0; k->round < ROUNDS; k->round++) {
        pthread_barrier_wait(&together);
        failed |= store_write(k->store, ack_it, k) != ERR_OK;
        if (pthread_barrier_wait(&together) == PTHREAD_BARRIER_SERIAL_THREAD)
            failed |= store_write(k->store, end_all, k) != ERR_OK;
    }
    return failed ? arg : NULL;
}

static void two_heads_at_once(void)
{
    struct acking k[2] = {
        {servers[0], arena_new(0), who(HEAD, ROLE_WORKER | ROLE_HEAD)},
        {servers[1], arena_new(0), who(NURSE, ROLE_WORKER | ROLE_HEAD)},
    };
    run_both(ack_on, &k[0], &k[1]);
    for (int i = 0; i < ROUNDS; i++) {
        int second = k[0].no[i] == ALARM_FINE;
        CHECK_INT(k[!second].no[i], ALARM_FINE);
        CHECK_INT(k[second].no[i], ALARM_THERE_IS_ONE);
        CHECK_STR(k[second].first[i], second ? "head" : "nurse");
    }
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK_INT(alarm_acks(a, db, OFFICE, 100).n, ROUNDS); /* rows stay */
    CHECK_INT(alarm_ack_counts(a, db, round_at(ROUNDS)).n, 0);
    db_end_read(db);
    for (int i = 0; i < 2; i++)
        arena_free(k[i].own);
}

static void at_once(void)
{
    servers[0] = store;
    if (!store_shared(store))
        servers[1] = store;
    pthread_barrier_init(&together, NULL, 2);
    TEST(two_keepers_say_it_once);
    TEST(two_heads_at_once);
    printf("# %s: %lld run again\n", store_engine(store),
           (long long)(store_counts(servers[0]).retried + store_counts(servers[1]).retried));
    pthread_barrier_destroy(&together);
}

/* A second server has a folder of its own, and the same database. */
static void with_another_server(void)
{
    char beside[] = "/tmp/asialla-beside-XXXXXX";
    struct str why = S("");
    CHECK(mkdtemp(beside) != NULL);
    struct store_conf conf = {.folder = beside, .url = getenv("ASIALLA_PG"), .create = true};
    servers[1] = store_open(a, &conf, &why);
    if (!servers[1]) {
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
        abort();
    }
    at_once();
    store_close(servers[1]);
    unlink(str_z(a, str_fmt(a, "%s/lock", beside)));
    rmdir(beside);
}

int main(int argc, char **argv)
{
    if (!alarm_open(argc, argv))
        return 1;
    at_once();
    county_again(getenv("ASIALLA_PG"), make_people, with_another_server);
    return county_close();
}
