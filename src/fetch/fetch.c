/*
 * fetch.c: see fetch.h. Redirects are followed here and not by libcurl, which would take our own
 * header along to any host.
 */
#include "fetch/fetch.h"

#include "base/buf.h"
#include "base/guard.h"

#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>

enum { HOPS = 3, KEY_MAX = 512, URL_MAX = 8000, RETRY_AFTER_MAX = 60, CONNECT_S = 10 };
static const size_t BODY_MAX = (size_t)64 << 20;

struct fetch {
    CURL *curl;
    struct curl_slist *headers;
    struct fetch_conf conf;
    char error[CURL_ERROR_SIZE];
};

struct receiving {
    struct buf body;
    const char *p; /* what has just come */
    size_t n;
};

enum outcome { GOT, AGAIN, NEVER }; /* AGAIN: it may pass by itself */

bool fetch_is_url(struct str s)
{
    return str_starts(s, S("https://")) || str_starts(s, S("http://"));
}

/* ---- the handle ---- */

static void init_once(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void close_handle(void *arg)
{
    struct fetch *f = arg;
    curl_slist_free_all(f->headers);
    curl_easy_cleanup(f->curl);
}

static bool is_stopped(const struct fetch *f)
{
    return f->conf.stop && atomic_load(f->conf.stop);
}

static void put(void *arg)
{
    struct receiving *r = arg;
    buf_put(&r->body, r->p, r->n);
}

/* Called by libcurl: nothing may unwind through it. */
static size_t receive(char *p, size_t size, size_t n, void *arg)
{
    struct receiving *r = arg;
    r->p = p;
    r->n = size * n;
    return guard_run(put, r, NULL) == ERR_OK && buf_ok(&r->body) ? r->n : 0;
}

static int progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    return is_stopped(arg);
}

static void set_headers(struct arena *a, struct fetch *f)
{
    f->headers = curl_slist_append(f->headers, "Accept: application/json");
    if (f->conf.key.n > 0)
        f->headers = curl_slist_append(
            f->headers, str_z(a, str_fmt(a, "x-api-key: " STR_FMT, STR_ARG(f->conf.key))));
    curl_easy_setopt(f->curl, CURLOPT_HTTPHEADER, f->headers);
}

static void set_limits(struct fetch *f)
{
    curl_easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(f->curl, CURLOPT_TIMEOUT, (long)f->conf.total_s);
    curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_TIME, (long)f->conf.idle_s);
    curl_easy_setopt(f->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(f->curl, CURLOPT_XFERINFOFUNCTION, progress);
    curl_easy_setopt(f->curl, CURLOPT_XFERINFODATA, f);
}

struct fetch *fetch_open(struct arena *a, const struct fetch_conf *conf)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_once);
    struct fetch *f = ARENA_NEW(a, struct fetch);
    f->conf = *conf;
    f->conf.max_bytes = conf->max_bytes ? conf->max_bytes : BODY_MAX;
    f->conf.total_s = conf->total_s ? conf->total_s : 300;
    f->conf.idle_s = conf->idle_s ? conf->idle_s : 30;
    f->conf.tries = conf->tries ? conf->tries : 4;
    f->conf.wait_ms = conf->wait_ms ? conf->wait_ms : 1000;
    arena_defer(a, close_handle, f);
    f->curl = curl_easy_init();
    if (!f->curl)
        guard_fail(ERR_NO_MEMORY, "no handle for fetching");
    set_headers(a, f);
    set_limits(f);
    curl_easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(f->curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(f->curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(f->curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(f->curl, CURLOPT_USERAGENT, "asialla/" ASIALLA_VERSION);
    curl_easy_setopt(f->curl, CURLOPT_ERRORBUFFER, f->error);
    curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, receive);
    return f;
}

/* ---- where it may go ---- */

/* "https://host:port", of an address. */
static struct str origin(struct str url)
{
    size_t scheme = str_starts(url, S("https://")) ? 8 : 7, end = scheme;
    while (end < url.n && url.p[end] != '/' && url.p[end] != '?' && url.p[end] != '#')
        end++;
    return str_sub(url, 0, end);
}

/* This machine itself, with or without a port; "localhost.example" is somebody else's. */
static bool is_here(struct str url)
{
    static const struct str names[] = {S_INIT("http://127.0.0.1"), S_INIT("http://localhost"),
                                       S_INIT("http://[::1]")};
    struct str host = origin(url);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_starts(host, names[i]) && (host.n == names[i].n || host.p[names[i].n] == ':'))
            return true;
    return false;
}

/* A NULL pointer: it may be asked. */
static struct str forbidden(struct arena *a, const struct fetch *f, struct str url)
{
    bool secret = str_find(origin(url), '@') < origin(url).n;
    if (!fetch_is_url(url) || url.n > URL_MAX)
        return S("is not an address of the web (https://...)");
    if (secret)
        return S("must not hold a password");
    if (f->conf.key.n > KEY_MAX)
        return S("cannot be asked: the key is too long");
    if (f->conf.key.n > 0 && !str_starts(url, S("https://")) && !is_here(url))
        return S("would get the key unencrypted: it must begin with https://");
    return (struct str){NULL, 0};
}

/* Where a redirect leads to; a NULL pointer: it may not be followed, *why. */
static struct str next_hop(struct arena *a, const struct fetch *f, struct str from, struct str *why)
{
    char *to = NULL;
    curl_easy_getinfo(f->curl, CURLINFO_REDIRECT_URL, &to);
    struct str url = to ? str_dup(a, str_of(to)) : (struct str){"", 0};
    if (!fetch_is_url(url))
        *why = S("redirects to nowhere");
    else if (str_starts(from, S("https://")) && !str_starts(url, S("https://")))
        *why = S("redirects from https to http, which is not followed");
    else if (f->conf.key.n > 0 && !str_eq(origin(from), origin(url)))
        *why = S("redirects to another host, which is not given the key");
    else
        return url;
    return (struct str){NULL, 0};
}

/* ---- one try ---- */

static enum outcome by_status(struct arena *a, struct fetch *f, long status, struct str *why)
{
    if (status == 200)
        return GOT;
    *why = status == 401 || status == 403
               ? str_fmt(a, "answered %ld: it wants a key, or another one (--ptv-key FILE)", status)
               : str_fmt(a, "answered %ld", status);
    return status == 429 || status >= 500 ? AGAIN : NEVER;
}

static enum outcome by_error(struct arena *a, struct fetch *f, CURLcode code, bool full,
                             struct str *why)
{
    if (is_stopped(f)) {
        *why = S("was given up: the server stops");
        return NEVER;
    }
    if (full) {
        *why = str_fmt(a, "answered more than %zu MiB", f->conf.max_bytes >> 20);
        return NEVER;
    }
    struct str said = str_of(*f->error ? f->error : curl_easy_strerror(code));
    *why = str_fmt(a, "could not be fetched: " STR_FMT, STR_ARG(said));
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_URL_MALFORMAT ||
                   code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_SSL_CACERT_BADFILE
               ? NEVER
               : AGAIN;
}

static enum outcome try_once(struct arena *a, struct fetch *f, struct str url, struct str *body,
                             struct str *why)
{
    for (int hop = 0; hop <= HOPS; hop++) {
        struct receiving r = {.body = buf_new(a, f->conf.max_bytes)};
        long status = 0;
        *why = forbidden(a, f, url);
        if (why->p)
            return NEVER;
        *f->error = '\0';
        curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, &r);
        curl_easy_setopt(f->curl, CURLOPT_URL, str_z(a, url));
        CURLcode code = curl_easy_perform(f->curl);
        if (code != CURLE_OK)
            return by_error(a, f, code, !buf_ok(&r.body), why);
        curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
        if (status < 300 || status >= 400) {
            *body = buf_get(&r.body);
            return by_status(a, f, status, why);
        }
        url = next_hop(a, f, url, why);
        if (!url.p)
            return NEVER;
    }
    *why = S("redirects again and again");
    return NEVER;
}

/* ---- again ---- */

/* False: the server stops. */
static bool rest(const struct fetch *f, int64_t ms)
{
    for (int64_t left = ms; left > 0 && !is_stopped(f); left -= 100)
        poll(NULL, 0, left < 100 ? (int)left : 100);
    return !is_stopped(f);
}

static int64_t pause_before(const struct fetch *f, int tried)
{
    curl_off_t asked = 0;
    int64_t ms = f->conf.wait_ms;
    curl_easy_getinfo(f->curl, CURLINFO_RETRY_AFTER, &asked);
    for (int i = 1; i < tried; i++)
        ms *= 4;
    if (asked > 0 && asked <= RETRY_AFTER_MAX && asked * 1000 > ms)
        ms = asked * 1000;
    return ms;
}

bool fetch_get(struct arena *a, struct fetch *f, struct str url, struct str *body, struct str *why)
{
    enum outcome out = AGAIN;
    struct str said = {NULL, 0};
    for (int tried = 0; tried < f->conf.tries && out == AGAIN; tried++) {
        if (tried > 0 && !rest(f, pause_before(f, tried)))
            break;
        out = try_once(a, f, url, body, &said);
    }
    if (out == GOT)
        return true;
    struct str shown = str_sub(url, 0, 300);
    *why = str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(shown), STR_ARG(said));
    return false;
}
