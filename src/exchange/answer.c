/* answer.c: see answer.h. */
#include "exchange/answer.h"

bool answer_base(struct rq *rq, struct str *base)
{
    *base = rq_site(rq);
    if (base->n == 0)
        rq_reply_problem(rq, 400, S("Host"), S("The host that was asked is not the name of one."));
    return base->n > 0;
}

void answer_open(struct rq *rq, struct str body, enum lang l)
{
    rq_reply_tagged(rq, "application/json", body, "no-cache");
    rq_header(rq, "Content-Language", str_of(lang_code(l)));
    rq_header(rq, "Vary", S("Accept-Language"));
    rq_reply_open(rq);
}
