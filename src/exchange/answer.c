/* answer.c: see answer.h. */
#include "exchange/answer.h"

#include "base/json.h"

#include <inttypes.h>

bool answer_base(struct rq *rq, struct str *base)
{
    *base = rq_site(rq);
    if (base->n == 0)
        answer_problem(rq, 400, S("Host"), S("The host that was asked is not the name of one."));
    return base->n > 0;
}

static struct str etag_of(struct rq *rq, struct str body)
{
    return str_fmt(rq->a, "\"%016" PRIx64 "\"", str_hash(body));
}

/* RFC 9110, 13.1.2: a list of tags, compared weakly. */
static bool has_it(struct rq *rq, struct str etag)
{
    struct str list = http_header_in(rq->http, "If-None-Match");
    while (list.n > 0) {
        struct str one = str_trim(str_cut(&list, ','));
        if (str_starts(one, S("W/")))
            one = str_sub(one, 2, one.n);
        if (str_eq(one, etag) || str_eq(one, S("*")))
            return true;
    }
    return false;
}

void answer_give(struct rq *rq, const char *type, struct str body)
{
    struct str etag = etag_of(rq, body);
    if (has_it(rq, etag))
        rq_reply(rq, 304, NULL, S(""));
    else
        rq_reply(rq, 200, type, body);
    rq_header(rq, "ETag", etag);
    rq_header(rq, "Cache-Control", S("no-cache"));
}

static void open_to_all(struct rq *rq)
{
    rq_header(rq, "Access-Control-Allow-Origin", S("*"));
    rq_header(rq, "Cross-Origin-Resource-Policy", S("cross-origin"));
}

void answer_open(struct rq *rq, struct str body, enum lang l)
{
    answer_give(rq, "application/json", body);
    rq_header(rq, "Content-Language", str_of(lang_code(l)));
    rq_header(rq, "Vary", S("Accept-Language"));
    open_to_all(rq);
}

void answer_problem(struct rq *rq, int status, struct str parameter, struct str detail)
{
    struct buf b = buf_new(rq->a, 16384);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_int(&w, "status", status);
    jw_str(&w, "title", status == 404 ? S("Not found") : S("Bad request"));
    if (parameter.n > 0)
        jw_str(&w, "parameter", parameter);
    jw_str(&w, "detail", detail);
    jw_end_object(&w);
    buf_char(&b, '\n');
    rq_reply(rq, status, "application/problem+json", buf_get(&b));
    open_to_all(rq);
}
