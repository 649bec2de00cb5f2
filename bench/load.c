/*
 * load.c: a load generator that costs little: one thread, epoll, keep-alive. It sends requests from
 * a file over and over and prints how many were answered and how fast.
 *
 *     load PORT CONNECTIONS SECONDS FILE        requests a second, p50, p99, answers by status
 *     load --hold PORT CONNECTIONS FILE         opens that many, waits for each answer's head, then
 * holds them until killed load --count PORT REQUESTS FILE           sends that many, one after
 * another, and stops
 *
 * FILE holds HTTP/1.1 requests divided by lines of "%%". Each run of 24 '@' in a request is
 * replaced by a value that never comes twice (this process's number and a counter), so that every
 * form sent is another. Line ends in the file may be \n; heads are sent with \r\n. Content-Length
 * is filled in where there is a body.
 */
#include "bench.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_REQUESTS = 256,
    MAX_CONNECTIONS = 4096,
    BUF = 256 * 1024,
    BUCKETS = 2000000,
    UNIQUE = 24
};

struct request {
    char *text;
    size_t n;
    size_t marks[8], mark_n;
};

struct conn {
    int fd;
    struct timespec sent;
    size_t got, want; /* want 0: the head is not complete yet */
    int status;
    char head[4096];
    size_t head_n;
};

static struct request requests[MAX_REQUESTS];
static size_t request_n, next_request;
static struct conn conns[MAX_CONNECTIONS];
static uint32_t latency[BUCKETS]; /* by microsecond; the last holds all slower */
static uint64_t answered, by_class[6], broken, counter;

/* ---- requests ---- */

static void add_request(const char *p, size_t n)
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
    struct request *r = &requests[request_n++];
    *r = (struct request){.text = out, .n = (size_t)(w - out) + body};
    static const char mark[] = "@@@@@@@@@@@@@@@@@@@@@@@@";
    for (char *at = out;
         (at = memmem(at, r->n - (size_t)(at - out), mark, UNIQUE)) && r->mark_n < 8; at += UNIQUE)
        r->marks[r->mark_n++] = (size_t)(at - out);
}

static void read_requests(const char *path)
{
    static char text[4 << 20];
    FILE *f = fopen(path, "r");
    if (!f)
        die_of(path);
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = 0;
    for (char *p = text; *p && request_n < MAX_REQUESTS;) {
        char *end = strstr(p, "\n%%\n");
        size_t len = end ? (size_t)(end - p) : strlen(p);
        while (len && p[len - 1] == '\n')
            len--;
        add_request(p, len);
        p = end ? end + 4 : p + strlen(p);
    }
    if (!request_n) {
        fprintf(stderr, "load: %s holds no request\n", path);
        exit(1);
    }
}

static const struct request *take_request(void)
{
    struct request *r = &requests[next_request++ % request_n];
    for (size_t i = 0; i < r->mark_n; i++) {
        char value[UNIQUE + 1];
        snprintf(value, sizeof value, "%08lx%016llx", (unsigned long)getpid() & 0xffffffff,
                 (unsigned long long)++counter);
        memcpy(r->text + r->marks[i], value, UNIQUE);
    }
    return r;
}

/* ---- connections ---- */

static int open_conn(int port)
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

static void send_next(struct conn *c)
{
    const struct request *r = take_request();
    c->got = c->want = c->head_n = 0;
    clock_gettime(CLOCK_MONOTONIC, &c->sent);
    for (size_t at = 0; at < r->n;) {
        ssize_t n = send(c->fd, r->text + at, r->n - at, MSG_NOSIGNAL);
        if (n < 0)
            die_of("send");
        at += (size_t)n;
    }
}

static void note(struct conn *c)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t us = (now.tv_sec - c->sent.tv_sec) * 1000000 + (now.tv_nsec - c->sent.tv_nsec) / 1000;
    latency[us < BUCKETS - 1 ? us : BUCKETS - 1]++;
    answered++;
    by_class[c->status / 100 % 6]++;
}

/* Looks for the head's end; sets want to head plus body. */
static void read_head(struct conn *c)
{
    c->head[c->head_n] = 0;
    const char *end = strstr(c->head, "\r\n\r\n");
    if (!end)
        return;
    const char *length = strcasestr(c->head, "\r\nContent-Length:");
    c->status = atoi(c->head + 9);
    c->want =
        (size_t)(end - c->head) + 4 + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
}

/* True when an answer is complete. */
static bool receive(struct conn *c)
{
    static char buf[BUF];
    ssize_t n = recv(c->fd, buf, sizeof buf, MSG_DONTWAIT);
    if (n <= 0) {
        if (n < 0 && errno == EAGAIN)
            return false;
        broken++;
        return true;
    }
    if (!c->want) {
        size_t room = sizeof c->head - 1 - c->head_n, take = (size_t)n < room ? (size_t)n : room;
        memcpy(c->head + c->head_n, buf, take);
        c->head_n += take;
        read_head(c);
    }
    c->got += (size_t)n;
    return c->want && c->got >= c->want;
}

/* ---- the two ways of use ---- */

static double percentile(double p)
{
    uint64_t sum = 0, goal = (uint64_t)((double)answered * p);
    for (int i = 0; i < BUCKETS; i++)
        if ((sum += latency[i]) > goal)
            return i / 1000.0;
    return BUCKETS / 1000.0;
}

static void load(int port, int n, double seconds)
{
    int ep = epoll_create1(0);
    for (int i = 0; i < n; i++) {
        conns[i].fd = open_conn(port);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &conns[i]};
        epoll_ctl(ep, EPOLL_CTL_ADD, conns[i].fd, &e);
        send_next(&conns[i]);
    }
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    double passed = 0;
    while (passed < seconds) {
        struct epoll_event events[256];
        int got = epoll_wait(ep, events, 256, 1000);
        for (int i = 0; i < got; i++) {
            struct conn *c = events[i].data.ptr;
            if (!receive(c))
                continue;
            if (c->want) {
                note(c);
            } else { /* closed by the server: another in its place */
                close(c->fd);
                c->fd = open_conn(port);
                struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
                epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
            }
            send_next(c);
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
        passed = (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;
    }
    printf("%.0f %.2f %.2f %llu %llu %llu %llu\n", (double)answered / passed, percentile(0.5),
           percentile(0.99), (unsigned long long)by_class[2], (unsigned long long)by_class[3],
           (unsigned long long)(by_class[4] + by_class[5]), (unsigned long long)broken);
}

static void hold(int port, int n)
{
    for (int i = 0; i < n; i++) {
        conns[i].fd = open_conn(port);
        send_next(&conns[i]);
        while (!conns[i].want)
            receive(&conns[i]);
        by_class[conns[i].status / 100 % 6]++;
    }
    printf("%llu\n", (unsigned long long)by_class[2]);
    fflush(stdout);
    pause();
}

static void count(int port, int n)
{
    struct conn *c = &conns[0];
    c->fd = open_conn(port);
    for (int i = 0; i < n; i++) {
        send_next(c);
        while (!receive(c) && !broken)
            ;
        if (broken || c->status >= 400) {
            fprintf(stderr, "load: request %d: status %d\n", i, c->status);
            exit(1);
        }
    }
}

int main(int argc, char **argv)
{
    struct rlimit files = {8192, 8192};
    setrlimit(RLIMIT_NOFILE, &files);
    bool holds = argc == 5 && strcmp(argv[1], "--hold") == 0,
         counts = argc == 5 && strcmp(argv[1], "--count") == 0;
    if (argc != 5) {
        fputs("usage: load PORT CONNECTIONS SECONDS FILE | load --hold PORT CONNECTIONS FILE | "
              "load --count PORT REQUESTS FILE\n",
              stderr);
        return 2;
    }
    read_requests(argv[4]);
    int n = atoi(argv[holds || counts ? 3 : 2]);
    if (n < 1 || (!counts && n > MAX_CONNECTIONS))
        return 2;
    if (holds)
        hold(atoi(argv[2]), n);
    else if (counts)
        count(atoi(argv[2]), n);
    else
        load(atoi(argv[1]), n, atof(argv[3]));
    return 0;
}
