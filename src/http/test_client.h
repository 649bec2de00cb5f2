/*
 * test_client.h: an HTTP client for the tests: it sends exactly what it is told to, in the pieces
 * that it is told to, and shows what came.
 */
#ifndef ASIALLA_HTTP_TEST_CLIENT_H
#define ASIALLA_HTTP_TEST_CLIENT_H

#include "base/buf.h"
#include "base/time.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline int dial(int port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&in, sizeof in) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static inline bool put(int fd, struct str s)
{
    while (s.n > 0) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        s = str_sub(s, (size_t)n, s.n);
    }
    return true;
}

/* What comes until `enough` (if any) has been seen, the other end closes, or time is over. */
static inline struct str get_until(struct arena *a, int fd, const char *enough, int wait_ms)
{
    struct buf b = buf_new(a, 0);
    char part[4096];
    for (int64_t end = steady_ms() + wait_ms; steady_ms() < end;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, (int)(end - steady_ms())) <= 0)
            break;
        ssize_t n = recv(fd, part, sizeof part, 0);
        if (n <= 0)
            break;
        buf_put(&b, part, (size_t)n);
        if (enough && memmem(b.p, b.n, enough, strlen(enough)))
            break;
    }
    return buf_get(&b);
}

static inline bool closed_within(int fd, int wait_ms)
{
    char c;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, wait_ms) > 0 && recv(fd, &c, 1, 0) <= 0;
}

static inline bool has(struct str s, const char *part)
{
    return s.n > 0 && memmem(s.p, s.n, part, strlen(part)) != NULL;
}

static inline struct str body_of(struct str reply)
{
    const char *end = reply.n ? memmem(reply.p, reply.n, "\r\n\r\n", 4) : NULL;
    return end ? str_sub(reply, (size_t)(end + 4 - reply.p), reply.n) : S("no body");
}

static inline int status_of(struct str reply)
{
    int64_t status = 0;
    str_int(str_sub(reply, 9, 3), &status);
    return (int)status;
}

#endif
