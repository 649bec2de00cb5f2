/*
 * server.c: the server's life. One thread, the door, accepts connections and hands them in turn to
 * libmicrohttpd's pool; once a second it looks who is too slow and hangs up on them. (libmicrohttpd
 * could accept by itself, but then each of its threads takes what it happens to see, its
 * quiescing races with its own threads, and its time-out starts anew with every byte.)
 *
 * Limits of time, T being conf.timeout_s: nothing at all comes or can be sent for T; a request line
 * has not come 2T after the connection or the last answer; a request is not whole 2T after its
 * line, 8T where it brings files; an answer is not sent after 4T. Waiting for the handler counts as
 * none of these.
 */
#include "base/guard.h"
#include "base/log.h"
#include "base/rand.h"
#include "http/conn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- arenas ---- */

struct arena *server_arena(struct http_server *s)
{
    struct arena *a = NULL;
    pthread_mutex_lock(&s->lock);
    if (s->n_arenas > 0)
        a = s->arenas[--s->n_arenas];
    pthread_mutex_unlock(&s->lock);
    return a ? a : arena_new(0);
}

void server_arena_back(struct http_server *s, struct arena *a)
{
    arena_reset(a);
    pthread_mutex_lock(&s->lock);
    bool keep = s->n_arenas < ARENAS_KEPT;
    if (keep)
        s->arenas[s->n_arenas++] = a;
    pthread_mutex_unlock(&s->lock);
    if (!keep)
        arena_free(a);
}

/* ---- large bodies ---- */

struct seat *seat_take(struct http_server *s, struct address network)
{
    struct seat *mine = NULL;
    int same = 0;
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < s->conf.max_uploads; i++) {
        struct seat *seat = &s->seats[i];
        if (!seat->taken)
            mine = mine ? mine : seat;
        else if (memcmp(&seat->network, &network, sizeof network) == 0)
            same++;
    }
    if (same >= (s->conf.max_uploads + 1) / 2)
        mine = NULL;
    if (mine)
        *mine = (struct seat){true, network};
    pthread_mutex_unlock(&s->lock);
    return mine;
}

void seat_back(struct http_server *s, struct seat *seat)
{
    pthread_mutex_lock(&s->lock);
    seat->taken = false;
    pthread_mutex_unlock(&s->lock);
}

/* ---- connections ---- */

void link_set(struct http_link *l, enum link_state state)
{
    atomic_store_explicit(&l->since, now_ms(), memory_order_relaxed);
    atomic_store_explicit(&l->state, (int)state, memory_order_relaxed);
}

/* Over the limit for its address, or no memory: the socket is shut down and the pool thread finds
 * it so at its first read. */
static struct http_link *link_open(struct http_server *s, struct MHD_Connection *mhd)
{
    int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *sa =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    struct http_link *l = calloc(1, sizeof *l);
    if (!l || !address_of(sa, &l->address)) {
        shutdown(fd, SHUT_RDWR);
        free(l);
        return NULL;
    }
    l->server = s;
    l->fd = fd;
    address_text(l->address, l->text);
    link_set(l, LINK_WAITS);
    bool proxy = s->conf.trusted_proxy && memcmp(&l->address, &s->proxy, sizeof s->proxy) == 0;
    pthread_mutex_lock(&s->lock);
    int n = proxy ? 0 : peers_add(&s->peers, l->address);
    l->counted = !proxy && n > 0;
    l->next = s->links;
    if (l->next)
        l->next->prev = l;
    s->links = l;
    s->n_links++;
    pthread_mutex_unlock(&s->lock);
    if (n < 0 || n > s->conf.max_per_address)
        shutdown(fd, SHUT_RDWR);
    return l;
}

static void link_close(struct http_link *l)
{
    struct http_server *s = l->server;
    pthread_mutex_lock(&s->lock);
    if (l->counted)
        peers_drop(&s->peers, l->address);
    if (l->prev)
        l->prev->next = l->next;
    else
        s->links = l->next;
    if (l->next)
        l->next->prev = l->prev;
    s->n_links--;
    pthread_mutex_unlock(&s->lock);
    free(l);
}

/* libmicrohttpd tells of a connection's end before it closes the socket, so that every link in the
 * list has a socket that is its own. */
static void link_notify(void *arg, struct MHD_Connection *mhd, void **context,
                        enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = link_open(arg, mhd);
    } else if (*context) {
        link_close(*context);
        *context = NULL;
    }
}

static void hang_up_on_slow(struct http_server *s)
{
    int64_t now = now_ms(), unit = (int64_t)s->conf.timeout_s * 1000;
    static const int units[] = {[LINK_WAITS] = 2,
                                [LINK_READS] = 2,
                                [LINK_UPLOADS] = 8,
                                [LINK_SENDS] = 4,
                                [LINK_STREAMS] = 0};
    pthread_mutex_lock(&s->lock);
    for (struct http_link *l = s->links; l; l = l->next) {
        int limit = units[atomic_load_explicit(&l->state, memory_order_relaxed)];
        if (limit && now - atomic_load_explicit(&l->since, memory_order_relaxed) > limit * unit)
            shutdown(l->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&s->lock);
}

/* ---- the door ---- */

static bool door_full(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    bool full = s->n_links >= s->conf.max_connections;
    pthread_mutex_unlock(&s->lock);
    return full;
}

/* Takes what waits. False: none can be taken for now, though some wait. */
static bool door_accept(struct http_server *s)
{
    while (!door_full(s)) {
        struct sockaddr_storage sa;
        socklen_t n = sizeof sa;
        int fd = accept4(s->listen_fd, (struct sockaddr *)&sa, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
        MHD_add_connection(s->daemon, fd, (struct sockaddr *)&sa, n); /* it closes fd if it fails */
    }
    return false;
}

static void *door_run(void *arg)
{
    struct http_server *s = arg;
    struct pollfd wait[2] = {{.fd = s->wake_fd, .events = POLLIN},
                             {.fd = s->listen_fd, .events = POLLIN}};
    int64_t looked = now_ms();
    while (!atomic_load(&s->stopping)) {
        bool open = true;
        if (poll(wait, 2, 1000) > 0 && wait[1].revents)
            open = door_accept(s);
        if (!open)
            poll(wait, 1, 50);
        if (now_ms() - looked >= 1000) {
            looked = now_ms();
            hang_up_on_slow(s);
        }
    }
    return NULL;
}

/* ---- starting ---- */

static int or_default(int v, int otherwise)
{
    return v > 0 ? v : otherwise;
}

static void conf_defaults(struct http_conf *c)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    c->threads = or_default(c->threads, cores > 0 ? (int)cores : 1);
    c->max_body = c->max_body ? c->max_body : 1024 * 1024;
    c->max_files_body = c->max_files_body ? c->max_files_body : (size_t)42 * 1024 * 1024;
    c->max_uploads = or_default(c->max_uploads, 4);
    if (c->max_uploads > UPLOADS_MAX)
        c->max_uploads = UPLOADS_MAX;
    c->max_connections = or_default(c->max_connections, 4096);
    c->max_per_address = or_default(c->max_per_address, 256);
    c->timeout_s = or_default(c->timeout_s, 30);
    c->max_streams = or_default(c->max_streams, 4096);
    int most = c->max_connections - c->max_connections / 4; /* the rest is for requests */
    if (c->max_streams > most)
        c->max_streams = most;
}

/* A socket each; the soft limit is often 1,024. */
static void room_for_descriptors(int connections)
{
    struct rlimit r;
    rlim_t want = (rlim_t)connections + 256;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= want)
        return;
    r.rlim_cur = want < r.rlim_max ? want : r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    if (r.rlim_cur < want)
        log_warn("http", "only %lu file descriptors for %d connections", (unsigned long)r.rlim_cur,
                 connections);
}

static int open_door(struct arena *a, const struct http_conf *conf, struct str *why)
{
    if (conf->listen_fd < 0)
        return address_listen(a, conf->listen, why);
    int listening = 0;
    socklen_t n = sizeof listening;
    if (getsockopt(conf->listen_fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) != 0 || !listening) {
        *why = str_fmt(a, "file descriptor %d is not a listening socket", conf->listen_fd);
        return -1;
    }
    int flags = fcntl(conf->listen_fd, F_GETFL);
    fcntl(conf->listen_fd, F_SETFL, flags | O_NONBLOCK);
    return conf->listen_fd;
}

static int port_of(int fd)
{
    struct sockaddr_storage sa = {0};
    socklen_t n = sizeof sa;
    if (getsockname(fd, (struct sockaddr *)&sa, &n) != 0)
        return 0;
    if (sa.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&sa)->sin6_port);
    return sa.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)&sa)->sin_port) : 0;
}

/* The limit of connections is the door's; libmicrohttpd's own is set where it is never met, for
 * it divides it by threads, and 0.9.75 keeps a lock when it refuses one. */
static struct MHD_Daemon *start_daemon(struct http_server *s)
{
    const struct http_conf *c = &s->conf;
    struct MHD_OptionItem pool[] = {
        {c->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, c->threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned limit = (unsigned)(c->max_connections + 1024) * (unsigned)c->threads;
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                                MHD_USE_NO_LISTEN_SOCKET,
                            0, NULL, NULL, request_step, s,                                       //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_A_CONNECTION,      //
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)c->timeout_s,                //
                            MHD_OPTION_CONNECTION_LIMIT, limit,                                   //
                            MHD_OPTION_STRICT_FOR_CLIENT, 1,                                      //
                            MHD_OPTION_URI_LOG_CALLBACK, request_begin, s,                        //
                            MHD_OPTION_UNESCAPE_CALLBACK, request_unescape, s,                    //
                            MHD_OPTION_NOTIFY_COMPLETED, request_end, s,                          //
                            MHD_OPTION_NOTIFY_CONNECTION, link_notify, s, MHD_OPTION_ARRAY, pool, //
                            MHD_OPTION_END);
}

static void server_free(struct http_server *s)
{
    for (size_t i = 0; i < s->n_arenas; i++)
        arena_free(s->arenas[i]);
    if (s->listen_fd >= 0)
        close(s->listen_fd);
    if (s->wake_fd >= 0)
        close(s->wake_fd);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static bool start_threads(struct http_server *s)
{
    if (!hub_start(&s->hub, s->conf.max_streams))
        return false;
    s->daemon = start_daemon(s);
    if (s->daemon && pthread_create(&s->door, NULL, door_run, s) == 0)
        return true;
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    hub_stop(&s->hub);
    return false;
}

struct http_server *http_start(struct arena *a, const struct http_conf *conf, struct str *why)
{
    assert(conf->handle);
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        guard_fail(ERR_NO_MEMORY, "no memory for the server");
    s->conf = *conf;
    s->wake_fd = -1;
    conf_defaults(&s->conf);
    pthread_mutex_init(&s->lock, NULL);
    rand_bytes(&s->peers.seed, sizeof s->peers.seed);
    s->listen_fd = open_door(a, conf, why);
    if (s->listen_fd < 0) {
        server_free(s);
        return NULL;
    }
    s->port = port_of(s->listen_fd);
    if (conf->trusted_proxy && !address_parse(str_of(conf->trusted_proxy), &s->proxy)) {
        *why = str_fmt(a, "'%s' is not the address of a proxy", conf->trusted_proxy);
        server_free(s);
        return NULL;
    }
    room_for_descriptors(s->conf.max_connections);
    s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->wake_fd < 0 || !start_threads(s)) {
        *why = str_fmt(a, "cannot start the server's threads: %s", strerror(errno));
        server_free(s);
        return NULL;
    }
    return s;
}

int http_port(const struct http_server *s)
{
    return s->port;
}

/* ---- stopping ---- */

static bool wait_for_answers(struct http_server *s, int64_t end)
{
    for (;;) {
        if (atomic_load(&s->active) == 0 && hub_count(&s->hub) == 0)
            return true;
        if (now_ms() >= end)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
}

static bool any_suspended(struct http_server *s)
{
    bool any = false;
    pthread_mutex_lock(&s->lock);
    for (struct http_link *l = s->links; l; l = l->next)
        any = any || atomic_load(&l->state) == LINK_WORKS;
    pthread_mutex_unlock(&s->lock);
    return any;
}

void http_stop(struct http_server *s, int seconds)
{
    uint64_t one = 1;
    atomic_store(&s->stopping, true);
    if (write(s->wake_fd, &one, sizeof one) < 0)
        log_warn("http", "the door was not woken: %s", strerror(errno));
    pthread_join(s->door, NULL);
    close(s->listen_fd); /* now the kernel refuses new ones */
    s->listen_fd = -1;
    hub_end_streams(&s->hub);
    int64_t end = now_ms() + (int64_t)seconds * 1000;
    wait_for_answers(s, end);
    atomic_store(&s->closed, true); /* then for those that began before it was seen */
    if (!wait_for_answers(s, end) && any_suspended(s)) {
        /* Somebody may still call http_resume() on them, so nothing here may be freed. */
        log_error("http", "stopped with %d requests unanswered", atomic_load(&s->active));
        return;
    }
    while (atomic_load(&s->resuming) > 0)
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    MHD_stop_daemon(s->daemon);
    hub_stop(&s->hub);
    server_free(s);
}

static struct http_times times_of(const struct took *t)
{
    struct http_times out = {.sum_us = atomic_load(&t->sum_us)};
    for (size_t i = 0; i <= HTTP_TIMES; i++)
        out.n[i] = atomic_load(&t->n[i]);
    return out;
}

struct http_counts http_counts(const struct http_server *server)
{
    struct http_server *s =
        (struct http_server *)(uintptr_t)server; /* its locks are not constant */
    struct http_counts counts = {.requests = atomic_load(&s->requests),
                                 .streams = hub_count(&s->hub),
                                 .gets = times_of(&s->gets),
                                 .posts = times_of(&s->posts)};
    for (size_t i = 0; i < 6; i++)
        counts.by_class[i] = atomic_load(&s->by_class[i]);
    pthread_mutex_lock(&s->lock);
    counts.connections = s->n_links;
    pthread_mutex_unlock(&s->lock);
    return counts;
}
