/*
 * times.c: free times: the index beside a straightforward SQL scan of the same rows, and booking.
 *
 *     times make DIR URL CALENDARS DAYS    a county of so many, 85 % full      (URL "-": SQLite)
 *     times load DIR URL                   "ms MiB calendars days"
 *     times search DIR URL THREADS         "name p50 p99 p50 p99" of the first 20: passed, worked
 *     times scan DIR URL                   the same by SQL: "name p50 p99"
 *     times book DIR URL PEOPLE SECONDS    "a second p50 p99 too-late failed run-again overlaps":
 *                                          each books once a second, one of the first times that
 * the index shows, as everybody else does
 *
 * Milliseconds. The scan gets the plan as rows of hours that are closed, puts them beside what is
 * taken and looks at the gaps between, a week at a time until it has 20: what one would write
 * without an index. It knows no needed rooms, no shares and no lead times.
 */
#include "bench_store.h"

#include "base/guard.h"
#include "calendar/busy.h"
#include "slot/slot.h"

#include <inttypes.h>
#include <pthread.h>
#include <unistd.h>

static const int64_t NOBODYS =
    1000000000000; /* what is taken is of appointments that are not there */
enum { TYPES = 8, PLACES = 50, FULL = 85, PER_JOB = 4000, ASKS = 400, SCANS = 3, WEEK = 7 };

static struct instant now;

/* ---- making ---- */

enum { Q_TEAM, Q_TYPE, Q_CALENDAR, Q_RULE, Q_BUSY, Q_TABLE, Q_INDEX, Q_CLOSED, Q_ANALYZE };
static const struct stmt q[] = {
    [Q_TEAM] = {"bench.team",
                "INSERT INTO team (id, ref, register, name_fi, name_sv, name_en, phone, hours) "
                "VALUES (1, 'bench', 'health', 'x', 'x', 'x', '', '')",
                0},
    [Q_TYPE] =
        {"bench.type",
         "INSERT INTO service_type (id, ref, nth, name_fi, name_sv, name_en, instructions_fi, "
         "instructions_sv, instructions_en, register, minutes, before, after, lead_minutes, "
         "ahead_days, on_site, remote, needs, booker, form, reason, realises, cancel_hours, "
         "move_hours, offer_hours, offer_n, remind1, remind2, remind3, t3, child) VALUES ($1, $2, "
         "$1, 'x', 'x', 'x', '', '', '', 'health', $3, $4, $5, 60, $6, $7, $8, $9, 'anybody', "
         "'health', 'health-check', 'care-given', 24, 24, 0, 0, 24, 0, 0, 0, 0)",
         0},
    [Q_CALENDAR] = {"bench.calendar",
                    "INSERT INTO calendar (id, ref, kind, name_fi, name_sv, name_en, staff, team, "
                    "place, place_fi, place_sv, place_en, area, profession, languages, types, "
                    "ended) VALUES ($1, $2, $3, 'x', 'x', 'x', NULL, 1, $4, 'x', 'x', 'x', $5, $6, "
                    "$7, $8, 0)",
                    0},
    [Q_RULE] = {"bench.rule",
                "INSERT INTO plan_rule (calendar, from_day, to_day, weekdays, every, from_minute, "
                "to_minute, holidays, on_site, remote, types, share, release_minutes) VALUES ($1, "
                "0, NULL, 31, 1, $2, $3, 1, 1, $4, '', $5, 1440)",
                0},
    [Q_BUSY] = {"bench.busy",
                "INSERT INTO busy (whose, whom, from_at, to_at, taker, taker_id, ends) VALUES (0, "
                "$1, $2, $3, 0, $4, NULL)",
                0},
    [Q_TABLE] = {"bench.table",
                 "CREATE TABLE bench_closed (calendar BIGINT NOT NULL, from_at BIGINT NOT NULL, "
                 "to_at BIGINT NOT NULL)",
                 0},
    [Q_INDEX] = {"bench.index", "CREATE INDEX bench_closed_at ON bench_closed (calendar, from_at)",
                 0},
    [Q_CLOSED] = {"bench.closed",
                  "INSERT INTO bench_closed (calendar, from_at, to_at) VALUES ($1, $2, $3)", 0},
    [Q_ANALYZE] = {"bench.analyze", "ANALYZE", 0},
};

struct making {
    int calendars, days, from, to; /* calendars of this job */
    int64_t *appointment;
};

static void make_types(struct db *db)
{
    static const struct {
        int minutes, before, after, remote;
        const char *needs;
    } t[TYPES] = {{15, 0, 0, 0, ""}, {30, 0, 0, 1, ""},     {45, 0, 0, 0, ""},  {60, 0, 0, 1, ""},
                  {20, 5, 5, 0, ""}, {30, 0, 0, 0, "room"}, {240, 0, 0, 0, ""}, {10, 0, 0, 1, ""}};
    for (int i = 0; i < TYPES; i++)
        DB_EXEC(db, &q[Q_TYPE], V_INT(i + 1), V_STR(str_fmt(a, "t%d", i + 1)), V_INT(t[i].minutes),
                V_INT(t[i].before), V_INT(t[i].after), V_INT(90), V_INT(1), V_INT(t[i].remote),
                V_STR(str_of(t[i].needs)));
}

static void take(struct db *db, struct making *m, int calendar, int64_t from, int64_t to)
{
    DB_PUT(db, &q[Q_BUSY], V_INT(calendar), V_INT(from), V_INT(to), V_INT(++*m->appointment));
}

/* From 8 to 16 with lunch; the last hour is the professionals', the first is kept for the day. */
static void make_days(struct db *db, struct making *m, int calendar)
{
    int64_t closed = 0;
    for (int d = 0; d < m->days; d++) {
        struct date day = date_add(date_of(now), d);
        int64_t midnight = instant_at(day, 0).ms, at = instant_at(day, 480).ms;
        int64_t lunch = instant_at(day, 690).ms, end = instant_at(day, 960).ms;
        if (date_weekday(day) > 5)
            continue;
        DB_PUT(db, &q[Q_CLOSED], V_INT(calendar), V_INT(closed ? closed : midnight), V_INT(at));
        DB_PUT(db, &q[Q_CLOSED], V_INT(calendar), V_INT(lunch), V_INT(lunch + 30 * MINUTE_MS));
        closed = end;
        while (at < end) {
            int64_t n = (15 + 5 * rolled(8)) * MINUTE_MS, to = at + n;
            int64_t bound = at < lunch ? lunch : end;
            to = to < bound ? to : bound;
            if (rolled(100) < FULL)
                take(db, m, calendar, at, to);
            at = to == lunch ? lunch + 30 * MINUTE_MS : to;
        }
    }
    DB_PUT(db, &q[Q_CLOSED], V_INT(calendar), V_INT(closed),
           V_INT(closed + 3 * 24 * (int64_t)HOUR_MS));
}

static void make_calendar(struct db *db, struct making *m, int i)
{
    static const char *const languages[] = {"fi", "fi", "fi en", "fi sv"};
    static const char *const professions[] = {"nurse", "nurse", "doctor", "physiotherapist"};
    bool room = i % 7 == 6;
    int place = i % PLACES;
    DB_PUT(db, &q[Q_CALENDAR], V_INT(i), V_STR(str_fmt(a, "c%d", i)),
           V_STR(room ? S("room") : S("person")), V_STR(str_fmt(a, "p%d", place)),
           V_STR(str_fmt(a, "a%d", place % 6)),
           V_STR(room ? S("room") : str_of(professions[rolled(4)])),
           V_STR(str_of(languages[rolled(4)])),
           V_STR(room ? S("") : str_fmt(a, "t1 t%d t%d t6 t7", 2 + rolled(2), 4 + rolled(2))));
    DB_PUT(db, &q[Q_RULE], V_INT(i), V_INT(480), V_INT(540), V_INT(1), V_STR(S("same-day")));
    DB_PUT(db, &q[Q_RULE], V_INT(i), V_INT(540), V_INT(690), V_INT(1), V_STR(S("open")));
    DB_PUT(db, &q[Q_RULE], V_INT(i), V_INT(720), V_INT(900), V_INT(i % 2), V_STR(S("open")));
    DB_PUT(db, &q[Q_RULE], V_INT(i), V_INT(900), V_INT(960), V_INT(1), V_STR(S("staff")));
    make_days(db, m, i);
}

static void make_job(struct db *db, void *arg)
{
    struct making *m = arg;
    if (m->from == 1) {
        DB_EXEC(db, &q[Q_TEAM]);
        DB_EXEC(db, &q[Q_TABLE]);
        DB_EXEC(db, &q[Q_INDEX]);
        make_types(db);
    }
    for (int i = m->from; i < m->to; i++)
        make_calendar(db, m, i);
}

static void analyze(struct db *db, void *arg)
{
    DB_EXEC(db, &q[Q_ANALYZE]);
}

static void make(int calendars, int days)
{
    int64_t appointment = NOBODYS;
    for (int from = 1; from <= calendars; from += 20) {
        int to = from + 20 <= calendars ? from + 20 : calendars + 1;
        struct making m = {calendars, days, from, to, &appointment};
        if (store_write(store, make_job, &m) != ERR_OK)
            die("not made");
    }
    store_write(store, analyze, NULL);
    printf("%" PRId64 "\n", appointment - NOBODYS);
}

/* ---- questions ---- */

struct question {
    const char *name;
    struct slot_ask ask;
};
static struct question questions[] = {
    {"any 30 minutes", {.type = 2}},
    {"an area", {.type = 1, .area = S_INIT("a3")}},
    {"a place, Swedish", {.type = 1, .place = S_INIT("p7"), .language = S_INIT("sv")}},
    {"remote, Tuesday afternoons",
     {.type = 4, .mode = SLOT_REMOTE, .weekdays = 2, .day_from = 780, .day_to = 900}},
    {"with a room", {.type = 6}},
    {"a doctor, for a professional", {.type = 3, .profession = S_INIT("doctor"), .by_staff = true}},
    {"four hours: nothing fits", {.type = 7}},
    {"at eleven at night: nothing", {.type = 1, .day_from = 1380, .day_to = 1440}},
};
enum { QUESTIONS = sizeof questions / sizeof *questions };

static int by_size(const void *x, const void *y)
{
    double c = *(const double *)x, d = *(const double *)y;
    return (c > d) - (c < d);
}

static void tell(const char *name, double *ms, size_t n)
{
    qsort(ms, n, sizeof *ms, by_size);
    printf("%-32s %.3f %.3f", name, ms[n / 2], ms[n * 99 / 100]);
}

static struct slot_index *x;
static double taken[QUESTIONS][64 * ASKS], worked[QUESTIONS][64 * ASKS];
static int threads;

/* Of this thread alone: what the search takes, however many there are for how many cores. */
static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void *ask_all(void *arg)
{
    int nth = *(int *)arg;
    struct arena *own = arena_new(0);
    for (int i = 0; i < ASKS; i++)
        for (int k = 0; k < QUESTIONS; k++) {
            struct slot_ask ask = questions[k].ask;
            ask.limit = 20;
            ask.now = now;
            /* half of them from some later day on */
            ask.from.ms = i % 2 ? now.ms + i % 60 * 24 * (int64_t)HOUR_MS : 0;
            int64_t from = steady_us();
            double cpu = cpu_ms();
            slot_find(own, x, &ask);
            taken[k][nth * ASKS + i] = (double)(steady_us() - from) / 1000;
            worked[k][nth * ASKS + i] = cpu_ms() - cpu;
            arena_reset(own);
        }
    arena_free(own);
    return NULL;
}

static void search(void)
{
    pthread_t thread[64];
    int nth[64];
    for (int i = 0; i < threads; i++) {
        nth[i] = i;
        if (pthread_create(&thread[i], NULL, ask_all, &nth[i]) != 0)
            die("no thread");
    }
    for (int i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    for (int k = 0; k < QUESTIONS; k++) {
        size_t n = (size_t)(threads * ASKS);
        tell(questions[k].name, taken[k], n);
        tell("", worked[k], n);
        printf("\n");
    }
}

/* ---- the peer ---- */

static const struct stmt scan_q = {
    "bench.scan",
    "WITH c AS (SELECT id FROM calendar WHERE kind = 'person' AND "
    "' ' || types || ' ' LIKE $3 AND ($4 = '' OR area = $4) AND ($5 = '' OR place = $5) AND "
    "($6 = '' OR profession = $6) AND ($7 = '' OR ' ' || languages || ' ' LIKE $7)), "
    "t AS (SELECT c.id, b.from_at, b.to_at FROM c JOIN busy b ON b.whose = 0 AND b.whom = c.id AND "
    "b.from_at >= $1 AND b.from_at < $2 UNION ALL SELECT c.id, k.from_at, k.to_at FROM c JOIN "
    "bench_closed k ON k.calendar = c.id AND k.from_at >= $1 AND k.from_at < $2) "
    "SELECT id, gap, until FROM (SELECT id, to_at AS gap, lead(from_at) OVER (PARTITION BY id "
    "ORDER BY from_at) AS until FROM t) g WHERE until - gap >= $8 ORDER BY gap, id LIMIT 20",
    0};

static int scan_week(struct db *db, const struct slot_ask *ask, int64_t from, int64_t minutes)
{
    int n = 0;
    struct str language =
        ask->language.n ? str_fmt(a, "%% " STR_FMT " %%", STR_ARG(ask->language)) : S("");
    struct rows r =
        DB_QUERY(db, &scan_q, V_INT(from), V_INT(from + WEEK * 24 * (int64_t)HOUR_MS),
                 V_STR(str_fmt(a, "%% t%d %%", (int)ask->type)),
                 V_STR(ask->area.p ? ask->area : S("")), V_STR(ask->place.p ? ask->place : S("")),
                 V_STR(ask->profession.p ? ask->profession : S("")), V_STR(language),
                 V_INT(minutes * MINUTE_MS));
    while (rows_next(&r)) {
        struct instant gap = {rows_int(&r, 1)};
        bool day = !ask->weekdays || ask->weekdays >> (date_weekday(date_of(gap)) - 1) & 1;
        int minute = minute_of(gap);
        n += day && (!ask->day_to || (minute >= ask->day_from && minute < ask->day_to));
    }
    return n;
}

static void scan(struct db *db)
{
    static const int minutes[TYPES] = {15, 30, 45, 60, 30, 30, 240, 10};
    for (int k = 0; k < QUESTIONS; k++) {
        double ms[SCANS];
        for (int i = 0; i < SCANS; i++) {
            int64_t began = steady_us(), from = instant_at(date_of(now), 0).ms;
            int found = 0;
            for (int week = 0; week < 13 && found < 20; week++)
                found +=
                    scan_week(db, &questions[k].ask, from + week * WEEK * 24 * (int64_t)HOUR_MS,
                              minutes[questions[k].ask.type - 1]);
            ms[i] = (double)(steady_us() - began) / 1000;
        }
        tell(questions[k].name, ms, SCANS);
        printf("\n");
    }
}

/* ---- booking ---- */

struct person {
    struct job job;
    struct busy_want want;
    struct person *next;
    int64_t id, began;
    bool won;
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct person *idle;
static double answered[4 << 20];
static size_t answers, lost, failed;
static int under_way;

static void book(struct db *db, struct job *job)
{
    struct person *p = (struct person *)job;
    struct busy_want want[2] = {p->want, p->want};
    want[1].whose = BUSY_PERSON;
    want[1].id = p->id;
    p->won = busy_take(db, want, 2, BUSY_APPOINTMENT, p->id, (struct instant){0}, now);
    job->refused = !p->won;
}

static void booked(struct job *job, enum err err)
{
    struct person *p = (struct person *)job;
    pthread_mutex_lock(&lock);
    if (answers < sizeof answered / sizeof *answered)
        answered[answers++] = (double)(steady_us() - p->began) / 1000;
    lost += !p->won;
    failed += err != ERR_OK;
    p->next = idle;
    idle = p;
    under_way--;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void hear(void *ctx, uint64_t topic)
{
    if (x)
        slot_index_told(x, topic);
}

static struct person *next_person(void)
{
    pthread_mutex_lock(&lock);
    while (!idle)
        pthread_cond_wait(&changed, &lock);
    struct person *p = idle;
    idle = p->next;
    under_way++;
    pthread_mutex_unlock(&lock);
    return p;
}

/* Somebody's own choice among what is shown. */
static void choose(struct arena *own, struct person *p)
{
    struct slot_ask ask = {.type = 1 + rolled(5), .limit = 100, .now = now};
    struct slots s;
    ask.place = str_fmt(own, "p%d", rolled(PLACES));
    ask.from.ms = now.ms + rolled(80) * 24 * (int64_t)HOUR_MS;
    do {
        s = slot_find(own, x, &ask);
        ask.from.ms = 0;
        ask.place = S("");
    } while (s.n == 0);
    const struct slot *one = &s.p[rolled((int)s.n)];
    p->want = (struct busy_want){BUSY_CALENDAR, one->calendar, one->start, one->end};
}

static void *follow(void *stop)
{
    while (!*(_Atomic bool *)stop)
        if (!slot_index_refresh(x, store_reader(store), now))
            usleep(500);
    return NULL;
}

static void book_all(int people, int seconds)
{
    static _Atomic bool stop;
    pthread_t follower;
    struct arena *own = arena_new(0);
    struct person *all = ARENA_ARRAY(a, (size_t)people, struct person);
    int64_t id = 1000000000, until = steady_ms() + seconds * 1000, began = steady_ms();
    for (int i = 0; i < people; i++) {
        all[i].next = idle;
        idle = &all[i];
    }
    store_listen(store, hear, NULL);
    if (pthread_create(&follower, NULL, follow, &stop) != 0)
        die("no thread");
    for (int64_t n = 0; steady_ms() < until; n++) {
        struct person *p = next_person();
        int64_t turn = began + n * 1000 / people - steady_ms();
        if (turn > 0)
            usleep((unsigned)turn * 1000);
        *p = (struct person){.job = {.run = book, .done = booked}, .id = ++id};
        choose(own, p);
        arena_reset(own);
        p->began = steady_us();
        if (!store_submit(store, &p->job))
            die("the queue is full");
    }
    pthread_mutex_lock(&lock);
    while (under_way > 0)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    double rate = (double)answers * 1000 / (double)(steady_ms() - began);
    stop = true;
    pthread_join(follower, NULL);
    qsort(answered, answers, sizeof *answered, by_size);
    printf("%.0f %.2f %.2f %zu %zu %" PRId64 " %" PRId64 "\n", rate, answered[answers / 2],
           answered[answers * 99 / 100], lost, failed, store_counts(store).retried,
           busy_overlaps(store_reader(store)));
    arena_free(own);
}

/* ---- */

static void index_open(bool tells)
{
    struct arena *of_index = arena_new((size_t)1 << 30);
    int64_t began = steady_us();
    x = slot_index_open(of_index, store, law, now);
    struct slot_figures f = slot_index_figures(x);
    if (tells)
        printf("%" PRId64 " %.1f %" PRId64 " %" PRId64 "\n", (steady_us() - began) / 1000,
               (double)f.bytes / 1048576, f.calendars, f.days);
}

int main(int argc, char **argv)
{
    const char *what = argc > 3 ? argv[1] : "";
    bool makes = strcmp(what, "make") == 0, books = strcmp(what, "book") == 0;
    int numbers[2] = {argc > 4 ? atoi(argv[4]) : 1, argc > 5 ? atoi(argv[5]) : 1};
    if (argc < 4) {
        fprintf(stderr, "usage: times make|load|search|scan|book DIR URL [NUMBER [NUMBER]]\n");
        return 2;
    }
    county_open((size_t)3 << 30, &(struct store_conf){.folder = argv[2],
                                                      .url = argv[3],
                                                      .create = makes,
                                                      .writers = makes ? 1 : 0,
                                                      .read_only = !makes && !books});
    now = instant_at(date_of(instant_now()), 7 * 60); /* a server can be asked of the same days */
    if (makes)
        make(numbers[0], numbers[1]);
    else if (strcmp(what, "scan") == 0)
        scan(store_reader(store));
    else
        index_open(strcmp(what, "load") == 0);
    threads = numbers[0] < 64 ? numbers[0] : 64;
    if (strcmp(what, "search") == 0)
        search();
    if (books)
        book_all(numbers[0], numbers[1]);
    store_close(store);
    return 0;
}
