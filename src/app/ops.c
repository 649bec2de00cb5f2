/*
 * ops.c: what the machinery around us asks: is it up (/health) and ready (/health/ready), how is
 * it doing (/metrics, Prometheus text format 0.0.4), and the files compiled in (/static/).
 * Nothing here tells anything about a person; how busy a county is stays inside its own networks
 * all the same.
 */
#include "app/counted.h"
#include "app/frame.h"

#include "base/json.h"
#include "search/search.h"
#include "web/asset.h"

#include <arpa/inet.h>
#include <stdatomic.h>

static void write_trouble(struct jw *w, const char *name, enum store_trouble t, int64_t since_ms)
{
    jw_object(w, name);
    jw_str(w, "state", str_of(store_trouble_word(t)));
    if (since_ms)
        jw_int(w, "since", since_ms / 1000);
    jw_end_object(w);
}

/* A slow store is still one to send people to; so is one whose commits wait for a standby that is
 * away, for they do so on every server, and all of them can show pages; and so is one with damaged
 * pages, for the others of it can be read, and every server would meet the same. */
static bool is_ready(const struct store_health *h)
{
    return (h->writing == STORE_WELL || h->writing == STORE_SLOW || h->writing == STORE_HANGING) &&
           (h->reading == STORE_WELL || h->reading == STORE_DAMAGED);
}

/* The service directory's imports: wanted by the clock, or by hand. Stale data is no reason to be
 * sent no requests: every server has the same. */
static void write_import(struct jw *w, struct app *app)
{
    int64_t succeeded = app->import.succeeded, failures = app->import.failures;
    if (!app->import.wanted && !succeeded && !failures)
        return;
    jw_object(w, "import");
    jw_str(w, "state", app->import.stale ? S("stale") : failures ? S("failing") : S("well"));
    if (succeeded)
        jw_int(w, "succeeded", succeeded / 1000);
    jw_int(w, "failures", failures);
    jw_end_object(w);
}

/* Whether the search knows Finnish words (libvoikko) or only their letters; it works both ways. */
static void write_words(struct jw *w)
{
    const char *why = "";
    bool known = search_has_morphology(&why);
    jw_object(w, "search");
    jw_str(w, "finnish", known ? S("words") : S("letters"));
    if (!known)
        jw_str(w, "why", str_of(why));
    jw_end_object(w);
}

/* Messages that leave the house. A way that goes nowhere keeps them. */
static void write_outbox(struct jw *w, struct app *app)
{
    static const char *const ways[] = {"sms", "email", "letter"};
    bool nowhere = false;
    if (!app->outbox.to[0])
        return;
    for (int i = 0; i < 3; i++)
        nowhere = nowhere || str_eq(str_of(app->outbox.to[i]), S("none"));
    int64_t late = app->outbox.late, failed = app->outbox.failed;
    jw_object(w, "outbox");
    jw_str(w, "state",
           nowhere  ? S("not configured")
           : late   ? S("late")
           : failed ? S("failed")
                    : S("well"));
    for (int i = 0; i < 3; i++)
        jw_str(w, ways[i], str_of(app->outbox.to[i]));
    jw_int(w, "waiting", app->outbox.waiting);
    jw_int(w, "late", late);
    jw_int(w, "failed", failed);
    jw_end_object(w);
}

static void reply_health(struct rq *rq, bool by_status)
{
    struct store_health h = store_health(rq->app->store);
    struct buf b = buf_new(rq->a, 4096);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "status", S("ok"));
    jw_bool(&w, "ready", is_ready(&h));
    write_trouble(&w, "writing", h.writing, h.writing_since);
    write_trouble(&w, "reading", h.reading, h.reading_since);
    jw_str(&w, "version", str_of(ASIALLA_VERSION));
    jw_int(&w, "schema", store_schema(rq->app->store));
    jw_str(&w, "engine", str_of(store_engine(rq->app->store)));
    jw_bool(&w, "leads", store_leads(rq->app->store));
    write_import(&w, rq->app);
    write_outbox(&w, rq->app);
    write_words(&w);
    jw_end_object(&w);
    buf_char(&b, '\n');
    rq_reply(rq, is_ready(&h) || !by_status ? 200 : 503, "application/json", buf_get(&b));
}

/* Alive: 200 as long as anything is answered, for who restarts what is not. */
static void health(struct rq *rq)
{
    reply_health(rq, false);
}

/* Ready: 503 while it would be better to ask another server, for who divides requests. */
static void ready(struct rq *rq)
{
    reply_health(rq, true);
}

/* This machine or a private network (RFC 1918; RFC 4193; RFC 4291, 2.5.6; RFC 3927). */
static bool is_inside(struct arena *a, struct str peer)
{
    unsigned char b[16];
    const char *z = str_z(a, peer);
    if (inet_pton(AF_INET, z, b) == 1)
        return b[0] == 127 || b[0] == 10 || (b[0] == 172 && (b[1] & 0xF0) == 16) ||
               (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254);
    return inet_pton(AF_INET6, z, b) == 1 &&
           (str_eq(peer, S("::1")) || (b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && b[1] >> 6 == 2));
}

static void metric(struct buf *b, const char *name, const char *type, const char *help,
                   int64_t value)
{
    buf_fmt(b, "# HELP asialla_%s %s\n# TYPE asialla_%s %s\nasialla_%s %lld\n", name, help, name,
            type, name, (long long)value);
}

/* A histogram as Prometheus has it: each bucket holds those before it. */
static void times(struct buf *b, const char *name, const struct http_times *t)
{
    int64_t n = 0;
    buf_fmt(b,
            "# HELP asialla_%s From the call of the handler until the answer is handed on.\n"
            "# TYPE asialla_%s histogram\n",
            name, name);
    for (size_t i = 0; i < HTTP_TIMES; i++) {
        n += t->n[i];
        buf_fmt(b, "asialla_%s_bucket{le=\"%lld\"} %lld\n", name, (long long)http_time_us[i],
                (long long)n);
    }
    n += t->n[HTTP_TIMES];
    buf_fmt(b, "asialla_%s_bucket{le=\"+Inf\"} %lld\nasialla_%s_sum %lld\nasialla_%s_count %lld\n",
            name, (long long)n, name, (long long)t->sum_us, name, (long long)n);
}

static void put_answers(struct buf *b, const struct app *app)
{
    struct http_counts h = app->http ? http_counts(app->http) : (struct http_counts){0};
    metric(b, "requests_total", "counter", "Requests received.", h.requests);
    buf_lit(b, "# HELP asialla_answers_total Answers by class of status.\n# TYPE "
               "asialla_answers_total counter\n");
    for (int i = 1; i <= 5; i++)
        buf_fmt(b, "asialla_answers_total{class=\"%dxx\"} %lld\n", i, (long long)h.by_class[i]);
    times(b, "get_microseconds", &h.gets);
    times(b, "post_microseconds", &h.posts);
    metric(b, "connections", "gauge", "Open connections.", h.connections);
    metric(b, "streams", "gauge", "Live streams.", h.streams);
}

static void put_store(struct buf *b, const struct app *app)
{
    struct store_counts s = store_counts(app->store);
    metric(b, "queries_total", "counter", "Statements run in the store.", s.queries);
    metric(b, "write_jobs_total", "counter", "Write jobs run.", s.jobs);
    metric(b, "write_jobs_failed_total", "counter", "Write jobs that failed.", s.failed);
    metric(b, "write_batches_total", "counter", "Commits; each holds one or more jobs.", s.batches);
    metric(b, "write_queue", "gauge", "Write jobs waiting.", s.queued);
    metric(b, "write_retries_total", "counter",
           "Runs of write jobs after a serialisation failure, a deadlock or a lost connection.",
           s.retried);
    metric(b, "write_last_microseconds", "gauge",
           "From submitting to the end of the last commit, for the job that waited longest.",
           s.commit_us);
    metric(b, "store_reconnects_total", "counter", "Connections to the other servers made anew.",
           s.reconnects);
    struct store_health health = store_health(app->store);
    metric(b, "store_writing", "gauge",
           "0 when writes succeed; else what is wrong (docs/operations.md).", health.writing);
    metric(b, "store_reading", "gauge",
           "0 when reads succeed; else what is wrong (docs/operations.md).", health.reading);
    metric(b, "store_leads", "gauge", "1 on the server that does what is done once for all.",
           store_leads(app->store));
    metric(b, "write_batch_largest", "gauge", "Most jobs in one commit.", s.largest_batch);
}

static atomic_int figures_counted = 100;

void app_figures_counted(int percent)
{
    atomic_store(&figures_counted, percent);
}

static void put_work(struct buf *b, const struct app *app)
{
    metric(b, "import_success_seconds", "gauge",
           "When the service directory was last imported, Unix time; 0: never.",
           app->import.succeeded / 1000);
    metric(b, "import_failures", "gauge", "Tries to import since then that failed.",
           app->import.failures);
    metric(b, "outbox_waiting", "gauge", "Messages out that are due and have not gone.",
           app->outbox.waiting);
    metric(b, "outbox_late", "gauge", "Of them, those that could have gone for over an hour.",
           app->outbox.late);
    metric(b, "outbox_failed", "gauge",
           "Messages out that failed or came too late, and that nobody has seen to.",
           app->outbox.failed);
    metric(b, "slot_calendars", "gauge", "Calendars in the index of free times.",
           app->free_times.calendars);
    metric(b, "slot_days", "gauge", "Days ahead in it.", app->free_times.days);
    metric(b, "slot_bytes", "gauge", "Memory that it takes.", app->free_times.bytes);
    metric(b, "slot_refreshes_total", "counter", "Times that it took in changes.",
           app->free_times.refreshes);
    metric(b, "figures_counted_percent", "gauge",
           "Of a store of before there were figures: how much of it is counted.",
           atomic_load(&figures_counted));
    metric(b, "start_time_seconds", "gauge", "When the server started, Unix time.",
           app->started.ms / 1000);
}

static void metrics(struct rq *rq)
{
    if (!is_inside(rq->a, rq->http->peer)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    struct buf b = buf_new(rq->a, 16384);
    put_answers(&b, rq->app);
    put_store(&b, rq->app);
    put_work(&b, rq->app);
    rq_reply(rq, 200, "text/plain; version=0.0.4; charset=utf-8", buf_get(&b));
}

static void file(struct rq *rq)
{
    const struct asset *asset = asset_find(rq->http->path);
    if (!asset) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq->frame->answer = (struct answer){.given = true, .asset = asset};
}

static const struct route routes[] = {
    {HTTP_GET, "/health", ACCESS_PUBLIC, ROUTE_NO_LANG, health},
    {HTTP_GET, "/health/ready", ACCESS_PUBLIC, ROUTE_NO_LANG, ready},
    {HTTP_GET, "/metrics", ACCESS_PUBLIC, ROUTE_NO_LANG, metrics},
    {HTTP_GET, "/static/:file", ACCESS_PUBLIC, ROUTE_NO_LANG, file},
};
const struct route_table ops_routes = {routes, sizeof routes / sizeof *routes};
