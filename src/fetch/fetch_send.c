/*
 * fetch_send.c: see fetch_send.h. An answer's text is not kept: it may repeat what was sent.
 */
#include "fetch/fetch_send.h"

#include "base/buf.h"
#include "base/guard.h"
#include "fetch/fetch.h"

#include <curl/curl.h>
#include <pthread.h>

enum { CONNECT_S = 10, SECRET_MAX = 512, ADDRESS_MAX = 320, ANSWER_MAX = 1 << 20 };

struct fetch_sender {
    CURL *curl;
    struct fetch_sender_conf conf;
    bool cut;
    size_t heard; /* of the answer */
    char error[CURL_ERROR_SIZE];
};

struct reading {
    struct str rest;
};

static void init_once(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void close_handle(void *arg)
{
    struct fetch_sender *f = arg;
    curl_easy_cleanup(f->curl);
}

static bool is_stopped(const struct fetch_sender *f)
{
    return f->conf.stop && atomic_load(f->conf.stop);
}

static int progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    return is_stopped(arg);
}

static size_t give(char *p, size_t size, size_t n, void *arg)
{
    struct reading *r = arg;
    size_t k = size * n < r->rest.n ? size * n : r->rest.n;
    memcpy(p, r->rest.p, k);
    r->rest = str_sub(r->rest, k, r->rest.n);
    return k;
}

static void free_list(void *list)
{
    curl_slist_free_all(list);
}

static size_t drop(char *p, size_t size, size_t n, void *arg)
{
    struct fetch_sender *f = arg;
    f->heard += size * n;
    return f->heard <= ANSWER_MAX ? size * n : 0;
}

struct fetch_sender *fetch_sender_open(struct arena *a, const struct fetch_sender_conf *conf)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_once);
    struct fetch_sender *f = ARENA_NEW(a, struct fetch_sender);
    f->conf = *conf;
    f->conf.total_s = conf->total_s ? conf->total_s : 60;
    arena_defer(a, close_handle, f);
    f->curl = curl_easy_init();
    if (!f->curl)
        guard_fail(ERR_NO_MEMORY, "no handle for sending");
    return f;
}

bool fetch_sender_is_cut(const struct fetch_sender *f)
{
    return f->cut;
}

/* What holds for every message; what the last one set is forgotten, its connection stays. */
static void begin(struct arena *a, struct fetch_sender *f)
{
    curl_easy_reset(f->curl);
    *f->error = '\0';
    f->cut = false;
    f->heard = 0;
    curl_easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(f->curl, CURLOPT_TIMEOUT, (long)f->conf.total_s);
    curl_easy_setopt(f->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(f->curl, CURLOPT_XFERINFOFUNCTION, progress);
    curl_easy_setopt(f->curl, CURLOPT_XFERINFODATA, f);
    curl_easy_setopt(f->curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(f->curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(f->curl, CURLOPT_ERRORBUFFER, f->error);
    curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, f);
    if (f->conf.ca_file.n)
        curl_easy_setopt(f->curl, CURLOPT_CAINFO, str_z(a, f->conf.ca_file));
}

/* Nothing that could end a line of the protocol or begin another word of it. */
static bool is_clean(struct str s, size_t most)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '<' || s.p[i] == '>')
            return false;
    return s.n > 0 && s.n <= most;
}

static bool is_here(struct str host)
{
    return str_eq(host, S("127.0.0.1")) || str_eq(host, S("localhost")) || str_eq(host, S("[::1]"));
}

static enum fetch_sent no_line(struct arena *a, struct fetch_sender *f, CURLcode code,
                               const char *who, struct str *why)
{
    struct str said = str_of(*f->error ? f->error : curl_easy_strerror(code));
    f->cut = true;
    *why = is_stopped(f) ? S("was given up: the server stops")
                         : str_fmt(a, "%s could not be reached: " STR_FMT, who, STR_ARG(said));
    return FETCH_AGAIN;
}

/* ---- mail ---- */

/* libcurl's texts tell at which step a refusal came. One of the address or of the whole message is
 * that message's own; one before (the sender, the password) would be every message's. */
static enum fetch_sent mail_failed(struct arena *a, struct fetch_sender *f, CURLcode code,
                                   struct str *why)
{
    long status = 0;
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
    bool answered = status >= 400 && status < 600 && !is_stopped(f);
    bool address = str_starts(str_of(f->error), S("RCPT failed"));
    bool whole = code == CURLE_WEIRD_SERVER_REPLY;
    if (!answered || code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT)
        return no_line(a, f, code, "the mail server", why);
    *why = str_fmt(a, "the mail server answered %ld%s", status,
                   address ? " to the address"
                   : whole ? " to the message"
                           : " before it was given the address: see outbox.json");
    f->cut = !address && !whole;
    return status >= 500 && (address || whole) ? FETCH_NEVER : FETCH_AGAIN;
}

static struct str mail_url(struct arena *a, const struct fetch_mail *m)
{
    return str_fmt(a, "%s://" STR_FMT ":%d", m->tls == FETCH_TLS_WHOLE ? "smtps" : "smtp",
                   STR_ARG(m->host), m->port);
}

static bool mail_may_go(const struct fetch_mail *m, struct str *why)
{
    if (!is_clean(m->to, ADDRESS_MAX) || !is_clean(m->from, ADDRESS_MAX)) {
        *why = S("the address cannot be used");
        return false;
    }
    if (m->user.n && m->tls == FETCH_TLS_NONE && !is_here(m->host)) {
        *why = S("the password would go unencrypted");
        return false;
    }
    return true;
}

enum fetch_sent fetch_mail(struct arena *a, struct fetch_sender *f, const struct fetch_mail *m,
                           struct str *why)
{
    struct reading r = {m->message};
    if (!mail_may_go(m, why))
        return FETCH_NEVER;
    begin(a, f);
    struct curl_slist *to =
        curl_slist_append(NULL, str_z(a, str_fmt(a, "<" STR_FMT ">", STR_ARG(m->to))));
    arena_defer(a, free_list, to);
    curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(f->curl, CURLOPT_URL, str_z(a, mail_url(a, m)));
    curl_easy_setopt(f->curl, CURLOPT_USE_SSL,
                     (long)(m->tls == FETCH_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (m->user.n) {
        curl_easy_setopt(f->curl, CURLOPT_USERNAME, str_z(a, m->user));
        curl_easy_setopt(f->curl, CURLOPT_PASSWORD, str_z(a, m->password));
    }
    curl_easy_setopt(f->curl, CURLOPT_MAIL_FROM,
                     str_z(a, str_fmt(a, "<" STR_FMT ">", STR_ARG(m->from))));
    curl_easy_setopt(f->curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(f->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(f->curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(f->curl, CURLOPT_READDATA, &r);
    CURLcode code = curl_easy_perform(f->curl);
    return code == CURLE_OK ? FETCH_SENT : mail_failed(a, f, code, why);
}

/* ---- the web ---- */

static bool post_may_go(const struct fetch_post *p, struct str *why)
{
    bool https = str_starts(p->url, S("https://"));
    struct str host = str_sub(p->url, https ? 8 : 7, p->url.n);
    host = str_sub(host, 0, str_find(host, '/'));
    if (!fetch_is_url(p->url) || !is_clean(p->url, 2000) || str_find(host, '@') < host.n) {
        *why = S("the gateway's address cannot be used");
        return false;
    }
    host = host.n && host.p[0] == '[' ? str_sub(host, 0, str_find(host, ']') + 1)
                                      : str_sub(host, 0, str_find(host, ':'));
    if ((p->key.n && !is_clean(p->key, SECRET_MAX)) || !is_clean(p->once, 100)) {
        *why = S("the gateway's key cannot be used");
        return false;
    }
    if (!https && !is_here(host)) {
        *why = S("the message would go unencrypted: the address must begin with https://");
        return false;
    }
    return true;
}

static enum fetch_sent by_status(struct arena *a, long status, struct str *why)
{
    static const long ours[] = {401, 403, 404, 405, 407, 408, 425, 429};
    if ((status >= 200 && status < 300) || status == 409)
        return FETCH_SENT;
    *why = str_fmt(a, "the gateway answered %ld", status);
    if (status < 400 || status >= 500)
        return FETCH_AGAIN;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (status == ours[i])
            return FETCH_AGAIN;
    return FETCH_NEVER;
}

static struct curl_slist *headers_of(struct arena *a, const struct fetch_post *p)
{
    struct curl_slist *h = curl_slist_append(NULL, "Content-Type: application/json");
    h = curl_slist_append(h, "Accept: application/json");
    h = curl_slist_append(h, str_z(a, str_fmt(a, "Idempotency-Key: " STR_FMT, STR_ARG(p->once))));
    if (p->key.n)
        h = curl_slist_append(
            h, str_z(a, str_fmt(a, "Authorization: Bearer " STR_FMT, STR_ARG(p->key))));
    return h;
}

enum fetch_sent fetch_post(struct arena *a, struct fetch_sender *f, const struct fetch_post *p,
                           struct str *why)
{
    long status = 0;
    if (!post_may_go(p, why))
        return FETCH_NEVER;
    begin(a, f);
    struct curl_slist *headers = headers_of(a, p);
    arena_defer(a, free_list, headers);
    curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(f->curl, CURLOPT_USERAGENT, "asialla/" ASIALLA_VERSION);
    curl_easy_setopt(f->curl, CURLOPT_URL, str_z(a, p->url));
    curl_easy_setopt(f->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(f->curl, CURLOPT_POSTFIELDSIZE, (long)p->body.n);
    curl_easy_setopt(f->curl, CURLOPT_POSTFIELDS, p->body.p);
    CURLcode code = curl_easy_perform(f->curl);
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
    /* The status has said it: what goes wrong with the text after it makes nobody get it twice. */
    return status >= 200 ? by_status(a, status, why) : no_line(a, f, code, "the gateway", why);
}
