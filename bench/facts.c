/*
 * facts.c: what the figures cost a commit: the same contacts, and contacts with a booked time, with
 * and without their facts, in turns of a second; and how quickly what was written is gathered.
 *
 *     facts DIR URL CLIENTS TURNS    on a county of `times make`  (URL "-": SQLite)
 *
 * Prints a line for contacts, for contacts of any day of three years (as an import brings them) and
 * for bookings, and after each one for gathering:
 *
 *     contact  with without  ratio  trips statements KiB (with)  trips statements KiB (without)
 *     gathered  commits a second
 *
 * a second, and of each commit: round trips and statements on PostgreSQL, KiB written to its log
 * (SQLite: by system calls). Each second of commits is followed by gathering them, outside the
 * measured time of the first line; the second line's rate is of that gathering alone.
 *
 * The switch is here and not in the program: the linker puts __wrap_fact_changed() in the place of
 * fact_changed(), and counts what libpq is asked in the same way.
 */
#include "bench_store.h"

#include "base/guard.h"
#include "booking/booking.h"
#include "figure/figure.h"
#include "slot/slot.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { CLIENTS_MOST = 64, PLACES = 50, TYPES = 5 };

static struct slot_index *slots;
static struct service_types types;
static struct instant now;
static atomic_bool facts_on;
static atomic_llong trips, statements;

/* ---- what the linker puts in between ---- */

void __real_fact_changed(struct arena *of, struct db *db, const struct law *l,
                         const struct matter *before, const struct matter_event *e,
                         const struct matter *after);
void __wrap_fact_changed(struct arena *of, struct db *db, const struct law *l,
                         const struct matter *before, const struct matter_event *e,
                         const struct matter *after);
void __wrap_fact_changed(struct arena *of, struct db *db, const struct law *l,
                         const struct matter *before, const struct matter_event *e,
                         const struct matter *after)
{
    if (facts_on)
        __real_fact_changed(of, db, l, before, e, after);
}

int __real_PQpipelineSync(PGconn *c);
int __wrap_PQpipelineSync(PGconn *c);
int __wrap_PQpipelineSync(PGconn *c)
{
    trips++;
    return __real_PQpipelineSync(c);
}

int __real_PQsendQueryPrepared(PGconn *c, const char *name, int n, const char *const *v,
                               const int *length, const int *format, int result);
int __wrap_PQsendQueryPrepared(PGconn *c, const char *name, int n, const char *const *v,
                               const int *length, const int *format, int result);
int __wrap_PQsendQueryPrepared(PGconn *c, const char *name, int n, const char *const *v,
                               const int *length, const int *format, int result)
{
    statements++;
    return __real_PQsendQueryPrepared(c, name, n, v, length, format, result);
}

/* ---- */

static const struct stmt wal_q = {
    "bench.wal", "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint", 0};

static int64_t written(void)
{
    char line[128];
    long long n = 0;
    if (store_shared(store)) {
        struct db *db = store_reader(store);
        db_begin_read(db);
        n = DB_INT(db, 0, &wal_q);
        db_end_read(db);
        return n;
    }
    FILE *f = fopen("/proc/self/io", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "wchar: %lld", &n) == 1)
            break;
    if (f)
        fclose(f);
    return n;
}

/* ---- a person, over and over ---- */

struct person {
    struct job job;
    struct arena *a;
    struct matter_contact contact;
    struct booking_act act;
    struct slot slot;
    const struct service_type *type; /* NULL: a contact alone */
    bool done;
    struct person *next;
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct person people[CLIENTS_MOST], *idle;
static int under_way;
static int64_t kept, refused;

static void run(struct db *db, struct job *job)
{
    struct person *p = (struct person *)job;
    struct appointment appointment;
    bool again;
    if (p->type)
        booking_ahead(p->a, db, &p->act, 1);
    matter_contact_store(p->a, db, &p->contact, &again);
    p->done = true;
    if (!p->type)
        return;
    struct matter m = matter_contact_began(p->a, &p->contact);
    p->done =
        booking_make(p->a, db, law, &m, p->type, &p->act, &appointment) == BOOKING_REFUSED_FINE;
    job->refused = !p->done;
}

static void ran(struct job *job, enum err err)
{
    struct person *p = (struct person *)job;
    pthread_mutex_lock(&lock);
    *(err == ERR_OK && p->done ? &kept : &refused) += 1;
    p->next = idle;
    idle = p;
    under_way--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
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

static void all_home(void)
{
    pthread_mutex_lock(&lock);
    while (under_way > 0)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static void choose(struct person *p)
{
    struct slot_ask ask = {.limit = 100, .now = now};
    struct slots s;
    p->type = &types.p[rolled(TYPES)];
    ask.type = p->type->id;
    ask.place = str_fmt(p->a, "p%d", rolled(PLACES));
    ask.from.ms = now.ms + rolled(80) * 24 * (int64_t)HOUR_MS;
    do {
        s = slot_find(p->a, slots, &ask);
        ask.from.ms = 0;
        ask.place = S("");
    } while (s.n == 0);
    p->slot = s.p[rolled((int)s.n)];
    p->act = (struct booking_act){.kind = BOOKING_BOOKED,
                                  .at = now,
                                  .once = rand_ref(p->a, 26),
                                  .slot = &p->slot,
                                  .name = p->contact.name,
                                  .phone = p->contact.phone,
                                  .email = p->contact.email,
                                  .medium = OUTBOX_SMS,
                                  .told = true,
                                  .lang = LANG_EN,
                                  .site = S("https://asialla.example")};
}

enum kind { CONTACT, HISTORY, BOOKING };

static void prepare(struct person *p, enum kind kind)
{
    static const unsigned char key[32] = {1};
    static int64_t nth;
    struct matter_contact *c = &p->contact;
    arena_reset(p->a);
    p->job = (struct job){.run = run, .done = ran};
    nth++;
    int64_t ago = kind == HISTORY ? rolled(1000) * 24 * (int64_t)HOUR_MS : 0;
    *c = (struct matter_contact){.once = rand_ref(p->a, 26),
                                 .form = S("health"),
                                 .reason = S("health-check"),
                                 .reg = REG_HEALTH,
                                 .channel = CHANNEL_WEB,
                                 .team = 1,
                                 .at = {now.ms - ago},
                                 .name = S("Testi Henkilö"),
                                 .phone = str_fmt(p->a, "040%07lld", (long long)nth),
                                 .email = str_fmt(p->a, "p%lld@a.example", (long long)nth),
                                 .reach = S("message"),
                                 .language = S("en"),
                                 .born = {(int32_t)rolled(20000)},
                                 .wish = {.day = DATE_NONE}};
    matter_contact_prepare(p->a, law, key, c);
    p->type = NULL;
    if (kind == BOOKING)
        choose(p);
}

/* ---- turns ---- */

struct sums {
    double seconds;
    int64_t n, trips, statements, bytes;
};

static void turn(enum kind kind, struct sums *s)
{
    int64_t began = steady_us(), until = began + 1000000, from = written();
    kept = trips = statements = 0;
    while (steady_us() < until) {
        struct person *p = next_person();
        prepare(p, kind);
        if (!store_submit(store, &p->job))
            die("the queue is full");
    }
    all_home();
    s->seconds += (double)(steady_us() - began) / 1e6;
    s->n += kept;
    s->trips += trips;
    s->statements += statements;
    s->bytes += written() - from;
}

static void gather_run(struct db *db, void *more)
{
    *(bool *)more = figure_gather(db);
}

static double gather(void)
{
    int64_t began = steady_us();
    for (bool more = true; more;)
        if (store_write(store, gather_run, &more) != ERR_OK)
            die("not gathered");
    return (double)(steady_us() - began) / 1e6;
}

static void tell(const struct sums *s)
{
    double n = s->n ? (double)s->n : 1;
    printf("  %.1f %.1f %.2f", (double)s->trips / n, (double)s->statements / n,
           (double)s->bytes / n / 1024);
}

static void measure(const char *name, enum kind kind, int turns)
{
    struct sums sums[2] = {0};
    double gathering = 0;
    refused = 0;
    for (int i = 0; i < 2 * turns; i++) {
        facts_on = i % 2 != 0;
        if (kind == BOOKING)
            slot_index_refresh(slots, store_reader(store), now);
        turn(kind, &sums[facts_on]);
        gathering += facts_on ? gather() : 0;
    }
    double without = (double)sums[0].n / sums[0].seconds,
           with = (double)sums[1].n / sums[1].seconds;
    printf("%-8s %.0f %.0f %.3f", name, with, without, with / without);
    tell(&sums[1]);
    tell(&sums[0]);
    printf("  refused %lld\n", (long long)refused);
    printf("gathered %.0f commits a second\n", (double)sums[1].n / gathering);
}

static void hear(void *ctx, uint64_t topic)
{
    if (slots)
        slot_index_told(slots, topic);
}

int main(int argc, char **argv)
{
    int clients = argc > 3 ? atoi(argv[3]) : 0, turns = argc > 4 ? atoi(argv[4]) : 0;
    if (clients < 1 || clients > CLIENTS_MOST || turns < 1) {
        fprintf(stderr, "usage: facts DIR URL CLIENTS TURNS\n");
        return 2;
    }
    county_open((size_t)3 << 30, &(struct store_conf){.folder = argv[1], .url = argv[2]});
    now = instant_at(date_of(instant_now()), 7 * 60);
    types = service_types_load(a, store_reader(store));
    if (types.n < TYPES)
        die("this is no county of `times make`");
    struct arena *of_index = arena_new((size_t)1 << 30);
    slots = slot_index_open(of_index, store, law, now);
    store_listen(store, hear, NULL);
    for (int i = 0; i < clients; i++) {
        people[i].a = arena_new(0);
        people[i].next = idle;
        idle = &people[i];
    }
    measure("contact", CONTACT, turns);
    measure("history", HISTORY, turns);
    measure("booking", BOOKING, turns);
    store_close(store);
    return 0;
}
