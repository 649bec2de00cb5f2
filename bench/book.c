/*
 * book.c: people who book a time over HTTP, as browsers do: each has a connection of its own that
 * stays open, thinks between two pages, and comes from an address of its own (the server runs with
 * --proxy 127.0.0.1, so the limits of one address hold for each as they do outside).
 *
 *     book PORT PEOPLE SECONDS THINK_MS TYPES
 *
 * Each: search -> hold one of the times shown -> the form -> check -> book -> anew, as somebody
 * else. Who is too late searches again. Prints a line for each step:
 *
 *     name  answers p50 p99 worst  over-5-ms over-20-ms
 *
 * and "booked a second, too late, refused, broken", and "own p99": how long an answer that had come
 * lay here before it was looked at, which is the generator's share of what it measured.
 */
#include "bench.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PEOPLE_MOST = 2000, ANSWER = 512 * 1024, SAMPLES = 1 << 20, PLACES = 50, DAYS = 60 };
enum step { SEARCH, HOLD, FORM, CHECK, BOOK, STEPS };
static const char *const names[STEPS] = {"search", "hold", "form", "check", "book"};

struct person {
    int fd;
    enum step step;
    int64_t sent, due; /* us; due: when the next request goes, 0: one is under way */
    int64_t visit;     /* who it is now */
    char slot[80], hold[64], once[64], cookie[128], type[16];
    char *answer;
    size_t n, want;
    int status;
};

static struct person people[PEOPLE_MOST];
static uint32_t *took[STEPS], *own;
static size_t count[STEPS], own_n, booked, late, refused, broken;
static int port, think_ms, types;
static int64_t visits;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- asking ---- */

static void dial(struct person *p)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    p->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (p->fd < 0 || connect(p->fd, (struct sockaddr *)&a, sizeof a) != 0)
        die_of("connect");
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static size_t body_of(const struct person *p, char *out, size_t max)
{
    static const char who[] = "name=Testi+Henkil%C3%B6&born.d=1&born.m=2&born.y=1970&remind=sms";
    switch (p->step) {
    case HOLD:
        return (size_t)snprintf(out, max, "slot=%s", p->slot);
    case CHECK:
    case BOOK:
        return (size_t)snprintf(
            out, max, "at=%s&once=%s&hold=%s&slot=%s&%s&phone=04%08lld&email=p%lld%%40a.example",
            p->step == CHECK ? "details" : "check", p->once, p->hold, p->slot, who,
            (long long)p->visit, (long long)p->visit);
    default:
        return 0;
    }
}

static void begin(struct person *p)
{
    p->visit = ++visits;
    snprintf(p->type, sizeof p->type, "t%d", 1 + rolled(types));
    p->cookie[0] = 0;
    p->step = SEARCH;
}

static void ask(struct person *p)
{
    char head[1024], body[1024], query[64] = "";
    static const char *const tail[STEPS] = {"", "/hold", "/book", "/book", "/book"};
    bool posts = p->step == HOLD || p->step == CHECK || p->step == BOOK;
    size_t n = body_of(p, body, sizeof body);
    if (p->step == SEARCH)
        snprintf(query, sizeof query, "?place=p%d", rolled(PLACES));
    int h = snprintf(head, sizeof head,
                     "%s /en/times/%s%s%s HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: "
                     "10.%d.%d.%d\r\n%s%s%s",
                     posts ? "POST" : "GET", p->type, tail[p->step], query,
                     (int)(p->visit >> 16 & 255), (int)(p->visit >> 8 & 255), (int)(p->visit & 255),
                     p->cookie[0] ? "Cookie: " : "", p->cookie, p->cookie[0] ? "\r\n" : "");
    if (posts)
        h += snprintf(head + h, sizeof head - (size_t)h,
                      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
                      n);
    h += snprintf(head + h, sizeof head - (size_t)h, "\r\n");
    memcpy(head + h, body, n);
    n += (size_t)h;
    p->n = p->want = 0;
    p->due = 0;
    p->sent = now_us();
    if (send(p->fd, head, n, MSG_NOSIGNAL) != (ssize_t)n)
        die_of("send");
}

/* ---- what was answered ---- */

/* value="..." of the field of that name, the `nth` (from 0) of them; false: there is none. */
static bool field(const char *page, const char *name, int nth, char *out, size_t max)
{
    char mark[64];
    int m = snprintf(mark, sizeof mark, "name=\"%s\" value=\"", name);
    const char *at = page;
    for (int i = 0; (at = strstr(at, mark)); i++) {
        at += m;
        if (i < nth)
            continue;
        size_t n = strcspn(at, "\"");
        if (n == 0 || n >= max)
            return false;
        memcpy(out, at, n);
        out[n] = 0;
        return true;
    }
    return false;
}

static int fields(const char *page, const char *name)
{
    char mark[64];
    int n = 0, m = snprintf(mark, sizeof mark, "name=\"%s\" value=\"", name);
    for (const char *at = page; (at = strstr(at, mark)); at += m)
        n++;
    return n;
}

static void keep_cookie(struct person *p)
{
    const char *at = strcasestr(p->answer, "\r\nSet-Cookie: ");
    size_t n = at ? strcspn(at + 14, ";\r") : 0;
    if (n && n < sizeof p->cookie) {
        memcpy(p->cookie, at + 14, n);
        p->cookie[n] = 0;
    }
}

/* A place that has nothing is asked for again, of another. */
static void after_search(struct person *p)
{
    int n = fields(p->answer, "slot");
    if (n && field(p->answer, "slot", rolled(n), p->slot, sizeof p->slot))
        p->step = HOLD;
    else
        begin(p);
}

static void after(struct person *p)
{
    enum step was = p->step;
    if (p->status == 409) {
        late++;
        begin(p);
    } else if (p->status >= 400) {
        if (refused++ == 0)
            fprintf(stderr, "book: %s was answered with %d\n", names[was], p->status);
        begin(p);
    } else if (was == SEARCH) {
        after_search(p);
    } else if (was == HOLD) {
        keep_cookie(p);
        p->step = FORM;
    } else if (was == FORM) {
        bool all = field(p->answer, "hold", 0, p->hold, sizeof p->hold) &&
                   field(p->answer, "once", 0, p->once, sizeof p->once) &&
                   field(p->answer, "slot", 0, p->slot, sizeof p->slot);
        if (!all)
            late++;
        p->step = all ? CHECK : SEARCH;
    } else if (was == CHECK) {
        p->step = BOOK;
    } else {
        booked += strstr(p->answer, "Your receipt code") != NULL;
        begin(p);
    }
}

static void note(struct person *p, int64_t at, int64_t woke)
{
    if (count[p->step] < SAMPLES)
        took[p->step][count[p->step]++] = (uint32_t)(at - p->sent);
    if (own_n < SAMPLES)
        own[own_n++] = (uint32_t)(at - woke);
}

/* True: the answer is whole. */
static bool receive(struct person *p)
{
    ssize_t n = recv(p->fd, p->answer + p->n, ANSWER - 1 - p->n, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return false;
    if (n <= 0) {
        broken++;
        close(p->fd);
        dial(p);
        begin(p);
        ask(p);
        return false;
    }
    p->n += (size_t)n;
    p->answer[p->n] = 0;
    char *end = p->want ? NULL : strstr(p->answer, "\r\n\r\n");
    if (end) {
        const char *length = strcasestr(p->answer, "\r\nContent-Length:");
        p->status = atoi(p->answer + 9);
        p->want = (size_t)(end - p->answer) + 4 +
                  (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
    }
    return p->want && p->n >= p->want;
}

/* ---- all of them ---- */

static int64_t think(void)
{
    return think_ms ? (int64_t)(think_ms / 2 + rolled(think_ms)) * 1000 : 1;
}

/* Sends what is due; ms until the next. */
static int send_due(int n)
{
    int64_t at = now_us(), next = at + 100000;
    for (int i = 0; i < n; i++) {
        struct person *p = &people[i];
        if (p->due && p->due <= at)
            ask(p);
        else if (p->due && p->due < next)
            next = p->due;
    }
    return (int)((next - at) / 1000);
}

static void run(int n, int seconds)
{
    int ep = epoll_create1(0);
    int64_t began = now_us();
    for (int i = 0; i < n; i++) {
        struct person *p = &people[i];
        p->answer = malloc(ANSWER);
        dial(p);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = p};
        epoll_ctl(ep, EPOLL_CTL_ADD, p->fd, &e);
        begin(p);
        p->due = began + (int64_t)rolled(think_ms + 1) * 1000;
    }
    while (now_us() - began < (int64_t)seconds * 1000000) {
        struct epoll_event events[64];
        int got = epoll_wait(ep, events, 64, send_due(n));
        int64_t woke = now_us();
        for (int i = 0; i < got; i++) {
            struct person *p = events[i].data.ptr;
            if (!receive(p))
                continue;
            int64_t at = now_us();
            note(p, at, woke);
            after(p);
            p->due = at + think();
        }
    }
}

static int by_size(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

static void tell(enum step s)
{
    uint32_t *t = took[s];
    size_t n = count[s], over5 = 0, over20 = 0;
    qsort(t, n, sizeof *t, by_size);
    for (size_t i = 0; i < n; i++) {
        over5 += t[i] > 5000;
        over20 += t[i] > 20000;
    }
    printf("%-8s %zu %.2f %.2f %.2f %zu %zu\n", names[s], n, n ? t[n / 2] / 1e3 : 0,
           n ? t[n * 99 / 100] / 1e3 : 0, n ? t[n - 1] / 1e3 : 0, over5, over20);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fputs("usage: book PORT PEOPLE SECONDS THINK_MS TYPES\n", stderr);
        return 2;
    }
    int n = atoi(argv[2]), seconds = atoi(argv[3]);
    port = atoi(argv[1]);
    think_ms = atoi(argv[4]);
    types = atoi(argv[5]);
    if (n < 1 || n > PEOPLE_MOST || types < 1)
        return 2;
    for (int s = 0; s < STEPS; s++)
        took[s] = malloc(SAMPLES * sizeof *took[s]);
    own = malloc(SAMPLES * sizeof *own);
    run(n, seconds);
    for (int s = 0; s < STEPS; s++)
        tell((enum step)s);
    qsort(own, own_n, sizeof *own, by_size);
    printf("%.1f %zu %zu %zu\n%.3f\n", (double)booked / seconds, late, refused, broken,
           own_n ? own[own_n * 99 / 100] / 1e3 : 0);
    return 0;
}
