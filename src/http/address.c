/*
 * address.c: internet addresses, in one form of 16 bytes (RFC 4291, 2.5.5.2), the socket that we
 * listen on, and how many connections each peer has. A peer's own network in IPv6 is its /64: one
 * subscriber has 2^64 addresses to come from.
 */
#include "http/conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};

static bool is_v4(struct address x)
{
    return memcmp(x.b, mapped, sizeof mapped) == 0;
}

bool address_parse(struct str text, struct address *out)
{
    char z[INET6_ADDRSTRLEN];
    if (text.n == 0 || text.n >= sizeof z || memchr(text.p, '\0', text.n))
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    memcpy(out->b, mapped, sizeof mapped);
    return inet_pton(AF_INET, z, out->b + 12) == 1 || inet_pton(AF_INET6, z, out->b) == 1;
}

bool address_of(const struct sockaddr *sa, struct address *out)
{
    if (sa->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)sa;
        memcpy(out->b, mapped, sizeof mapped);
        memcpy(out->b + 12, &in->sin_addr, 4);
        return true;
    }
    if (sa->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)sa;
        memcpy(out->b, &in6->sin6_addr, 16);
        return true;
    }
    return false;
}

void address_text(struct address x, char text[static 46])
{
    if (is_v4(x))
        inet_ntop(AF_INET, x.b + 12, text, 46);
    else
        inet_ntop(AF_INET6, x.b, text, 46);
}

/* ---- listening ---- */

/* "ADDRESS:PORT", "[ADDRESS]:PORT". */
static bool listen_parse(const char *text, struct address *address, in_port_t *port)
{
    struct str s = str_of(text), host = s;
    size_t colon = s.n;
    while (colon > 0 && s.p[colon - 1] != ':')
        colon--;
    int64_t number;
    if (colon == 0 || !str_int(str_sub(s, colon, s.n), &number) || number < 0 || number > 65535)
        return false;
    host = str_sub(s, 0, colon - 1);
    bool six = host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
    if (six)
        host = str_sub(host, 1, host.n - 2);
    *port = (in_port_t)number;
    return address_parse(host, address) && six == (str_find(host, ':') < host.n);
}

static int bind_to(struct address x, in_port_t port)
{
    int on = 1, off = 0;
    int fd = socket(is_v4(x) ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    memcpy(&in.sin_addr, x.b + 12, 4);
    memcpy(&in6.sin6_addr, x.b, 16);
    const struct sockaddr *sa =
        is_v4(x) ? (const struct sockaddr *)&in : (const struct sockaddr *)&in6;
    socklen_t n = is_v4(x) ? sizeof in : sizeof in6;
    bool ok = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
    if (!is_v4(x)) /* [::] serves both families */
        ok = ok && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0;
    if (ok && bind(fd, sa, n) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int cause = errno;
    close(fd);
    errno = cause;
    return -1;
}

int address_listen(struct arena *a, const char *text, struct str *why)
{
    struct address x;
    in_port_t port;
    if (!text || !listen_parse(text, &x, &port)) {
        *why = str_fmt(a, "'%s' is not an address and port such as 127.0.0.1:8080 or [::1]:8080",
                       text ? text : "");
        return -1;
    }
    int fd = bind_to(x, port);
    if (fd < 0 && errno == EADDRINUSE)
        *why = str_fmt(a, "%s is in use", text);
    else if (fd < 0)
        *why = str_fmt(a, "cannot listen on %s: %s", text, strerror(errno));
    return fd;
}

/* ---- counting ---- */

struct peer {
    struct peer *next;
    struct address network;
    int n;
};

struct address address_network(struct address x)
{
    if (!is_v4(x))
        memset(x.b + 8, 0, 8);
    return x;
}

/* Where the pointer to this network's count is, or would be. The seed keeps a hostile peer from
 * choosing the bucket. */
static struct peer **peer_at(struct peers *p, struct address network)
{
    uint64_t half[2];
    memcpy(half, network.b, sizeof half);
    uint64_t h = (half[0] ^ p->seed) * 0x9E3779B97F4A7C15u;
    h = (h ^ h >> 29 ^ half[1]) * (p->seed | 1);
    struct peer **at = &p->bucket[(h >> 40) % PEER_BUCKETS];
    while (*at && memcmp(&(*at)->network, &network, sizeof network) != 0)
        at = &(*at)->next;
    return at;
}

int peers_add(struct peers *p, struct address x)
{
    struct address network = address_network(x);
    struct peer **at = peer_at(p, network);
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (!*at)
            return -1;
        (*at)->network = network;
    }
    return ++(*at)->n;
}

void peers_drop(struct peers *p, struct address x)
{
    struct peer **at = peer_at(p, address_network(x)), *gone = *at;
    if (gone && --gone->n == 0) {
        *at = gone->next;
        free(gone);
    }
}

static bool all_of(struct str s, const char *chars, size_t max)
{
    for (size_t i = 0; i < s.n; i++)
        if (!s.p[i] || !strchr(chars, s.p[i]))
            return false;
    return s.n > 0 && s.n <= max;
}

bool http_host_ok(struct str host)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    struct str name = host, port = {NULL, 0};
    bool six = host.n > 0 && host.p[0] == '[';
    size_t end = six ? str_find(host, ']') : str_find(host, ':');
    name = str_sub(host, six, end - six);
    port = str_sub(host, end + six, host.n);
    if (port.n > 0 && (port.p[0] != ':' || !all_of(str_sub(port, 1, port.n), "0123456789", 5)))
        return false;
    if (six)
        return end < host.n && all_of(name, "0123456789abcdefABCDEF:.", 45);
    return all_of(name, letters, 253) && name.p[0] != '.' && name.p[0] != '-';
}
