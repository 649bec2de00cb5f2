/*
 * sse.c: live streams (text/event-stream, WHATWG HTML 9.2). A stream that has nothing to say is a
 * suspended connection: no thread, no arena, no place in epoll. It is woken for a change, for a
 * comment every 20 seconds, and for its end.
 *
 *   asleep   suspended; only who holds the hub's lock may wake it, and does so once
 *   awake    libmicrohttpd calls stream_read() for what to send; with nothing to send it sleeps
 *   gone     stream_free(), called by libmicrohttpd when the connection ends for whatever reason
 *
 * libmicrohttpd cannot end a suspended connection, so one that is asleep is always there to be
 * resumed; that is why no pointer here can outlive its connection.
 *
 * Publishing marks a topic; the hub's thread finds its streams. So publishing costs the same with
 * one listener as with a thousand, and what is published within a beat is one event.
 *
 * A page that was made before its stream was opened may have missed something in between. So the
 * hub remembers when it last heard of each topic (of several that share a place, the last: then a
 * stream may be told of nothing, never the other way round), and a stream says when its page was
 * made.
 */
#include "base/log.h"
#include "base/time.h"
#include "http/conn.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { PING_S = 20, BEAT_MS = 100, BLOCK = 128 };

struct subscription {
    struct topic *topic;
    struct http_stream *stream;
    struct subscription *prev, *next; /* of the topic */
};

struct topic {
    uint64_t id;
    struct topic *next; /* of the bucket */
    struct topic *next_dirty;
    bool dirty;
    struct subscription *subscriptions;
};

struct http_stream {
    struct http_stream *prev, *next; /* of the hub */
    struct hub *hub;
    struct MHD_Connection *mhd;
    int fd;
    bool asleep, changed, ping, greeted;
    int64_t sent_s; /* of the monotonic clock */
    size_t n;
    struct subscription subscriptions[];
};

static int64_t seconds(void)
{
    return steady_ms() / 1000;
}

/* ---- topics; all with the lock held ---- */

static uint64_t mixed(uint64_t id)
{
    return id * 0x9E3779B97F4A7C15u >> 40;
}

static struct topic **topic_at(struct hub *h, uint64_t id)
{
    struct topic **at = &h->bucket[mixed(id) % TOPIC_BUCKETS];
    while (*at && (*at)->id != id)
        at = &(*at)->next;
    return at;
}

static bool subscribe(struct hub *h, struct http_stream *s, uint64_t id)
{
    struct topic **at = topic_at(h, id);
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (!*at)
            return false;
        (*at)->id = id;
    }
    struct subscription *sub = &s->subscriptions[s->n++];
    *sub = (struct subscription){.topic = *at, .stream = s, .next = (*at)->subscriptions};
    if (sub->next)
        sub->next->prev = sub;
    (*at)->subscriptions = sub;
    return true;
}

/* A dirty one is still in the list of those; the hub's thread drops it there. */
static void topic_drop_unused(struct hub *h, struct topic *t)
{
    if (t->subscriptions || t->dirty)
        return;
    struct topic **at = topic_at(h, t->id);
    *at = t->next;
    free(t);
}

static void unsubscribe(struct hub *h, struct subscription *sub)
{
    if (sub->prev)
        sub->prev->next = sub->next;
    else
        sub->topic->subscriptions = sub->next;
    if (sub->next)
        sub->next->prev = sub->prev;
    topic_drop_unused(h, sub->topic);
}

static void stream_wake(struct http_stream *s)
{
    if (!s->asleep)
        return;
    s->asleep = false;
    MHD_resume_connection(s->mhd);
}

/* ---- what libmicrohttpd calls ---- */

static bool client_left(int fd)
{
    char c;
    ssize_t n = recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static ssize_t say(struct http_stream *s, char *buf, size_t max, struct str what)
{
    if (what.n > max)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    memcpy(buf, what.p, what.n);
    s->sent_s = seconds();
    s->ping = false;
    return (ssize_t)what.n;
}

static ssize_t stream_read(void *arg, uint64_t pos, char *buf, size_t max)
{
    struct http_stream *s = arg;
    struct hub *h = s->hub;
    ssize_t n = 0;
    pthread_mutex_lock(&h->lock);
    if (s->greeted && client_left(s->fd)) {
        n = MHD_CONTENT_READER_END_WITH_ERROR;
    } else if (!s->greeted) {
        s->greeted = true;
        n = say(s, buf, max, S("retry: 5000\n\n"));
    } else if (s->changed) {
        s->changed = false;
        n = say(s, buf, max, S("event: change\ndata: change\n\n"));
    } else if (h->stopping) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (s->ping) {
        n = say(s, buf, max, S(": still here\n\n"));
    } else {
        s->asleep = true;
        MHD_suspend_connection(s->mhd);
    }
    pthread_mutex_unlock(&h->lock);
    return n;
}

static void stream_free(void *arg)
{
    struct http_stream *s = arg;
    struct hub *h = s->hub;
    pthread_mutex_lock(&h->lock);
    assert(!s->asleep);
    for (size_t i = 0; i < s->n; i++)
        unsubscribe(h, &s->subscriptions[i]);
    if (s->prev)
        s->prev->next = s->next;
    else
        h->streams = s->next;
    if (s->next)
        s->next->prev = s->prev;
    h->n--;
    pthread_mutex_unlock(&h->lock);
    free(s);
}

/* ---- opening ---- */

static bool told_since(const struct hub *h, const uint64_t *topics, size_t n, struct instant since)
{
    bool told = h->all_told_ms >= since.ms;
    for (size_t i = 0; i < n && !told; i++)
        told = h->told_ms[mixed(topics[i]) % TOPICS_TOLD] >= since.ms;
    return told;
}

/* NULL: the hub is full, is stopping, or there is no memory. */
static struct http_stream *stream_new(struct http_conn *c, const uint64_t *topics, size_t n,
                                      struct instant since)
{
    struct hub *h = &c->server->hub;
    struct http_stream *s = calloc(1, sizeof *s + n * sizeof s->subscriptions[0]);
    if (!s)
        return NULL;
    *s = (struct http_stream){.hub = h, .mhd = c->mhd, .fd = c->link->fd, .sent_s = seconds()};
    pthread_mutex_lock(&h->lock);
    bool ok = h->n < h->max && !h->stopping;
    for (size_t i = 0; ok && i < n; i++)
        ok = subscribe(h, s, topics[i]);
    s->changed = since.ms && told_since(h, topics, n, since);
    if (ok) {
        s->next = h->streams;
        if (s->next)
            s->next->prev = s;
        h->streams = s;
        h->n++;
    } else {
        for (size_t i = 0; i < s->n; i++)
            unsubscribe(h, &s->subscriptions[i]);
    }
    pthread_mutex_unlock(&h->lock);
    if (ok)
        return s;
    free(s);
    return NULL;
}

static struct MHD_Response *stream_response(struct http_conn *c, const uint64_t *topics, size_t n,
                                            struct instant since)
{
    c->stream = stream_new(c, topics, n, since);
    if (!c->stream)
        return NULL;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK, stream_read, c->stream, stream_free);
    if (!response) {
        stream_free(c->stream);
        c->stream = NULL;
    }
    return response;
}

enum err http_stream(struct http_req *r, const uint64_t *topics, size_t n, struct instant since)
{
    assert(n <= STREAM_TOPICS);
    struct http_conn *c = r->conn;
    size_t before = c->headers.n;
    http_header(r, "Content-Type", S("text/event-stream"));
    http_header(r, "Cache-Control", S("no-store"));
    http_header(r, "X-Accel-Buffering", S("no")); /* nginx would wait for a full buffer */
    /* nothing unwinds from here */
    struct MHD_Response *response = stream_response(c, topics, n, since);
    if (!response) {
        c->headers.n = before;
        return ERR_BUSY;
    }
    response_take(c, 200, response);
    return ERR_OK;
}

/* ---- publishing ---- */

void http_publish(struct http_server *server, uint64_t topic)
{
    struct hub *h = &server->hub;
    pthread_mutex_lock(&h->lock);
    h->told_ms[mixed(topic) % TOPICS_TOLD] = instant_now().ms;
    struct topic *t = *topic_at(h, topic);
    if (t && !t->dirty) {
        t->dirty = true;
        t->next_dirty = h->dirty;
        h->dirty = t;
        pthread_cond_signal(&h->wake);
    }
    pthread_mutex_unlock(&h->lock);
}

void http_publish_all(struct http_server *server)
{
    struct hub *h = &server->hub;
    pthread_mutex_lock(&h->lock);
    h->all_told_ms = instant_now().ms;
    h->all_dirty = true;
    pthread_cond_signal(&h->wake);
    pthread_mutex_unlock(&h->lock);
}

static void stream_tell(struct http_stream *s)
{
    s->changed = true;
    stream_wake(s);
}

static void hub_tell(struct hub *h)
{
    for (struct http_stream *s = h->all_dirty ? h->streams : NULL; s; s = s->next)
        stream_tell(s);
    h->all_dirty = false;
    while (h->dirty) {
        struct topic *t = h->dirty;
        h->dirty = t->next_dirty;
        t->dirty = false;
        for (struct subscription *sub = t->subscriptions; sub; sub = sub->next)
            stream_tell(sub->stream);
        topic_drop_unused(h, t);
    }
}

static void hub_ping(struct hub *h, int64_t now)
{
    for (struct http_stream *s = h->streams; s; s = s->next)
        if (now - s->sent_s >= h->ping_s) {
            s->ping = true;
            stream_wake(s);
        }
}

static void hub_wait(struct hub *h, long ms)
{
    struct timespec t = steady_after(ms);
    pthread_cond_timedwait(&h->wake, &h->lock, &t);
}

/* The first change goes out at once; those that follow within a beat go out together after it. */
static void *hub_run(void *arg)
{
    struct hub *h = arg;
    pthread_mutex_lock(&h->lock);
    for (int64_t pinged = seconds(); h->running;) {
        bool told = h->dirty || h->all_dirty;
        hub_tell(h);
        int64_t now = seconds();
        if (now != pinged)
            hub_ping(h, now);
        pinged = now;
        if (told) {
            pthread_mutex_unlock(&h->lock);
            nanosleep(&(struct timespec){.tv_nsec = BEAT_MS * 1000000L}, NULL);
            pthread_mutex_lock(&h->lock);
        }
        if (!h->dirty && !h->all_dirty && h->running)
            hub_wait(h, 1000);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

/* ---- the hub's life ---- */

bool hub_start(struct hub *h, int max_streams)
{
    pthread_mutex_init(&h->lock, NULL);
    steady_cond_init(&h->wake);
    h->max = max_streams;
    h->ping_s = PING_S;
    h->all_told_ms = instant_now().ms; /* what was before is not known */
    h->running = true;
    return pthread_create(&h->thread, NULL, hub_run, h) == 0;
}

void hub_end_streams(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    hub_tell(h);
    for (struct http_stream *s = h->streams; s; s = s->next)
        stream_wake(s);
    pthread_mutex_unlock(&h->lock);
}

void hub_stop(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->running = false;
    pthread_cond_signal(&h->wake);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    pthread_cond_destroy(&h->wake);
    pthread_mutex_destroy(&h->lock);
}

int hub_count(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    int n = h->n;
    pthread_mutex_unlock(&h->lock);
    return n;
}
