/*
 * live.c: how long it takes from sending a form to the screens that it concerns. One thread, epoll.
 *
 *     live all PORT SCREENS POSTS JITTER_MS STREAM PART POST
 *
 * SCREENS live pages are open (STREAM: the request of the event stream). POSTS forms are sent, one
 * every half second (POST). As a page's script does, each screen waits for a moment (0 to
 * JITTER_MS) after the stream has told it, and asks for its part of the page (PART). Prints the
 * milliseconds from sending the form: to its answer, to the event, to the part's last byte.
 *
 *     live each PORT SECONDS STREAM POST
 *
 * As many conversations as STREAM holds requests; the n-th request of POST is a message that the
 * n-th stream hears. Each sends the next when it has been answered and heard. Prints messages a
 * second, and milliseconds to the answer and to the event.
 *
 *     live limit SCREENS POSTS
 *
 * The machine's own limit: a process that does nothing else writes an event's bytes to so many
 * loopback connections when it is told to; milliseconds until each has been read.
 *
 * Files hold HTTP/1.1 requests divided by lines of "%%", as for load.c; 24 '@' become a value that
 * never comes twice.
 */
#include "bench.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 4096, BUF = 256 * 1024, UNIQUE = 24, SAMPLES = 4 << 20 };

struct requests {
    char *text[MOST];
    size_t length[MOST], n;
};

struct link {
    int fd, nth;
    enum { STREAM, PART, POST } what;
    size_t got, want; /* of an answer; want 0: its head is not complete */
    char head[4096];
    size_t head_n;
    int status;
};

struct samples {
    double *ms;
    size_t n;
};

static struct link streams[MOST], parts[MOST], posts[MOST];
static double due[MOST], sent[MOST]; /* due: when the part is asked for; 0: not */
static bool heard[MOST], answered[MOST];
static struct samples to_answer, to_event, to_part;
static uint64_t counter;
static int epoll;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void note(struct samples *s, double ms)
{
    if (!s->ms && !(s->ms = malloc(SAMPLES * sizeof *s->ms)))
        die_of("malloc");
    if (s->n < SAMPLES)
        s->ms[s->n++] = ms;
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* "p50 p99 " of these; they are sorted by it. */
static void print(struct samples *s)
{
    qsort(s->ms, s->n, sizeof *s->ms, by_size);
    printf("%.2f %.2f ", s->n ? s->ms[s->n / 2] : 0.0, s->n ? s->ms[s->n * 99 / 100] : 0.0);
}

/* ---- requests ---- */

static void add_request(struct requests *r, const char *p, size_t n)
{
    const char *split = memmem(p, n, "\n\n", 2);
    size_t head = split ? (size_t)(split - p) : n, body = split ? n - head - 2 : 0;
    char *out = malloc(n * 2 + 256), *w = out;
    for (size_t i = 0; i < head; i++) {
        if (p[i] == '\n')
            *w++ = '\r';
        *w++ = p[i];
    }
    w += sprintf(w, "\r\n");
    if (body)
        w += sprintf(w, "Content-Length: %zu\r\n", body);
    w += sprintf(w, "\r\n");
    memcpy(w, split ? split + 2 : "", body);
    r->text[r->n] = out;
    r->length[r->n++] = (size_t)(w - out) + body;
}

static struct requests *read_requests(const char *path)
{
    struct requests *r = calloc(1, sizeof *r);
    char *text = malloc(16 << 20);
    FILE *f = fopen(path, "r");
    if (!f)
        die_of(path);
    size_t n = fread(text, 1, (16 << 20) - 1, f);
    fclose(f);
    text[n] = 0;
    for (char *p = text; *p && r->n < MOST;) {
        char *end = strstr(p, "\n%%\n");
        size_t len = end ? (size_t)(end - p) : strlen(p);
        while (len && p[len - 1] == '\n')
            len--;
        if (len)
            add_request(r, p, len);
        p = end ? end + 4 : p + strlen(p);
    }
    free(text);
    if (!r->n) {
        fprintf(stderr, "live: %s holds no request\n", path);
        exit(1);
    }
    return r;
}

static void make_unique(char *text, size_t n)
{
    static const char mark[] = "@@@@@@@@@@@@@@@@@@@@@@@@";
    char value[UNIQUE + 1];
    for (char *at = text; (at = memmem(at, n - (size_t)(at - text), mark, UNIQUE)); at += UNIQUE) {
        snprintf(value, sizeof value, "%08lx%016llx", (unsigned long)getpid() & 0xffffffff,
                 (unsigned long long)++counter);
        memcpy(at, value, UNIQUE);
    }
}

/* ---- connections ---- */

static int open_socket(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        die_of("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void watch(struct link *l)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = l};
    epoll_ctl(epoll, EPOLL_CTL_ADD, l->fd, &e);
}

static void open_link(struct link *l, int port, int nth, int what)
{
    *l = (struct link){.fd = open_socket(port), .nth = nth, .what = what};
    watch(l);
}

static void send_text(int fd, const char *text, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t put = send(fd, text + at, n - at, MSG_NOSIGNAL);
        if (put < 0)
            die_of("send");
        at += (size_t)put;
    }
}

static void ask(struct link *l, const struct requests *r)
{
    size_t i = (size_t)l->nth % r->n, n = r->length[i];
    char *text = malloc(n);
    memcpy(text, r->text[i], n);
    make_unique(text, n);
    l->got = l->want = l->head_n = 0;
    send_text(l->fd, text, n);
    free(text);
}

/* An answer's end: its Content-Length, or the last chunk. */
static bool whole(struct link *l, const char *buf, size_t n)
{
    if (!l->want) {
        size_t room = sizeof l->head - 1 - l->head_n, take = n < room ? n : room;
        memcpy(l->head + l->head_n, buf, take);
        l->head_n += take;
        l->head[l->head_n] = 0;
        const char *end = strstr(l->head, "\r\n\r\n");
        if (!end)
            return false;
        const char *length = strcasestr(l->head, "\r\nContent-Length:");
        l->status = atoi(l->head + 9);
        l->want = (size_t)(end - l->head) + 4;
        if (length && length < end)
            l->want += strtoul(length + 17, NULL, 10);
    }
    l->got += n;
    return l->want && l->got >= l->want;
}

/* Bytes of the link; 0: nothing just now. */
static size_t take(struct link *l, char *buf)
{
    ssize_t n = recv(l->fd, buf, BUF, MSG_DONTWAIT);
    if (n == 0) {
        fprintf(stderr, "live: the server closed a connection\n");
        exit(1);
    }
    return n < 0 ? 0 : (size_t)n;
}

/* Opens the streams and waits until each has its head. */
static void open_streams(int port, int n, const struct requests *r)
{
    static char buf[BUF];
    for (int i = 0; i < n; i++) {
        struct link *l = &streams[i];
        open_link(l, port, i, STREAM);
        ask(l, r);
        while (!l->want) {
            size_t got = take(l, buf);
            if (got)
                whole(l, buf, got);
        }
        if (l->status != 200) {
            fprintf(stderr, "live: stream %d: status %d\n", i, l->status);
            exit(1);
        }
    }
}

static void status_ok(const struct link *l)
{
    if (l->status >= 400) {
        fprintf(stderr, "live: %s: status %d\n", l->what == POST ? "a form" : "a part", l->status);
        exit(1);
    }
}

/* ---- all: one form, many screens ---- */

static size_t waiting; /* screens whose part has not come */

static void one_event_of_all(struct link *l, double begun, double jitter)
{
    static char buf[BUF];
    size_t n = take(l, buf);
    double t = now_ms();
    if (l->what == STREAM) {
        if (memmem(buf, n, "event: change", 13) && !heard[l->nth]) {
            heard[l->nth] = true;
            note(&to_event, t - begun);
            due[l->nth] = t + jitter * (double)rand() / RAND_MAX;
        }
    } else if (n && whole(l, buf, n)) {
        status_ok(l);
        note(l->what == PART ? &to_part : &to_answer, t - begun);
        if (l->what == PART)
            waiting--;
    }
}

static void one_form(int screens, double jitter, const struct requests *part,
                     const struct requests *post)
{
    double begun = now_ms();
    memset(heard, 0, sizeof heard);
    memset(due, 0, sizeof due);
    waiting = (size_t)screens;
    ask(&posts[0], post);
    while (waiting) {
        struct epoll_event events[256];
        int got = epoll_wait(epoll, events, 256, 1);
        for (int i = 0; i < got; i++)
            one_event_of_all(events[i].data.ptr, begun, jitter);
        double t = now_ms();
        for (int i = 0; i < screens; i++)
            if (due[i] > 0 && due[i] <= t) {
                due[i] = 0;
                ask(&parts[i], part);
            }
        if (t - begun > 30000) {
            fprintf(stderr, "live: %zu screens heard nothing in 30 s\n", waiting);
            exit(1);
        }
    }
}

static void live_all(char **v)
{
    int port = atoi(v[0]), screens = atoi(v[1]), n = atoi(v[2]);
    const struct requests *stream = read_requests(v[4]), *part = read_requests(v[5]),
                          *post = read_requests(v[6]);
    open_streams(port, screens, stream);
    for (int i = 0; i < screens; i++)
        open_link(&parts[i], port, i, PART);
    open_link(&posts[0], port, 0, POST);
    for (int i = 0; i < n; i++) {
        posts[0].nth = i;
        one_form(screens, atof(v[3]), part, post);
        usleep(500 * 1000);
    }
    print(&to_answer);
    print(&to_event);
    print(&to_part);
    printf("%zu\n", to_part.n);
}

/* ---- each: many conversations ---- */

static void next_message(int i, const struct requests *post)
{
    heard[i] = answered[i] = false;
    sent[i] = now_ms();
    ask(&posts[i], post);
}

static void live_each(char **v)
{
    int port = atoi(v[0]);
    double seconds = atof(v[1]), end = 0, begun = 0;
    const struct requests *stream = read_requests(v[2]), *post = read_requests(v[3]);
    int n = (int)stream->n;
    static char buf[BUF];
    open_streams(port, n, stream);
    for (int i = 0; i < n; i++)
        open_link(&posts[i], port, i, POST);
    begun = now_ms();
    end = begun + seconds * 1e3;
    for (int i = 0; i < n; i++)
        next_message(i, post);
    while (now_ms() < end) {
        struct epoll_event events[256];
        int got = epoll_wait(epoll, events, 256, 100);
        for (int k = 0; k < got; k++) {
            struct link *l = events[k].data.ptr;
            int i = l->nth;
            size_t bytes = take(l, buf);
            if (l->what == STREAM && !heard[i] && memmem(buf, bytes, "event: change", 13)) {
                heard[i] = true;
                note(&to_event, now_ms() - sent[i]);
            } else if (l->what == POST && bytes && whole(l, buf, bytes)) {
                status_ok(l);
                answered[i] = true;
                note(&to_answer, now_ms() - sent[i]);
            } else {
                continue;
            }
            if (heard[i] && answered[i])
                next_message(i, post);
        }
    }
    printf("%.0f ", (double)to_answer.n / ((now_ms() - begun) / 1e3));
    print(&to_answer);
    print(&to_event);
    printf("%d\n", n);
}

/* ---- limit: the machine's own ---- */

static void fan_out(int listener, int tell, int screens)
{
    static const char event[] = "event: change\ndata: change\n\n";
    static int to[MOST];
    char go;
    for (int i = 0; i < screens; i++)
        to[i] = accept(listener, NULL, NULL);
    while (read(tell, &go, 1) == 1)
        for (int i = 0; i < screens; i++)
            send_text(to[i], event, sizeof event - 1);
    _exit(0);
}

static void live_limit(char **v)
{
    int screens = atoi(v[0]), n = atoi(v[1]), tell[2], listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof a;
    static char buf[BUF];
    if (pipe(tell) != 0 || bind(listener, (struct sockaddr *)&a, sizeof a) != 0 ||
        listen(listener, MOST) != 0 || getsockname(listener, (struct sockaddr *)&a, &length) != 0)
        die_of("limit");
    pid_t child = fork();
    if (child == 0) {
        close(tell[1]);
        fan_out(listener, tell[0], screens);
    }
    for (int i = 0; i < screens; i++)
        open_link(&streams[i], ntohs(a.sin_port), i, STREAM);
    for (int k = 0; k < n; k++) {
        double begun = now_ms();
        if (write(tell[1], "g", 1) != 1)
            die_of("write");
        for (int left = screens; left > 0;) {
            struct epoll_event events[256];
            int got = epoll_wait(epoll, events, 256, 1000);
            for (int i = 0; i < got; i++)
                if (take(events[i].data.ptr, buf)) {
                    note(&to_event, now_ms() - begun);
                    left--;
                }
        }
        usleep(100 * 1000);
    }
    kill(child, SIGKILL);
    print(&to_event);
    printf("%d\n", screens);
}

int main(int argc, char **argv)
{
    struct rlimit files = {16384, 16384};
    setrlimit(RLIMIT_NOFILE, &files);
    epoll = epoll_create1(0);
    if (argc == 9 && strcmp(argv[1], "all") == 0)
        live_all(argv + 2);
    else if (argc == 6 && strcmp(argv[1], "each") == 0)
        live_each(argv + 2);
    else if (argc == 4 && strcmp(argv[1], "limit") == 0)
        live_limit(argv + 2);
    else {
        fputs("usage: live all PORT SCREENS POSTS JITTER_MS STREAM PART POST | live each PORT "
              "SECONDS STREAM POST | live limit SCREENS POSTS\n",
              stderr);
        return 2;
    }
    return 0;
}
