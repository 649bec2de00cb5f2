/*
 * attach_web.c: how an attachment is sent to who may see it. As a download with a name of ours;
 * a picture that was remade also inside our own pages (?show=1, for <img>). Whatever it may hold,
 * a browser takes it for what we say it is (nosniff), runs nothing of it (sandbox) and keeps no
 * copy (no-store).
 */
#include "attach/attach_data.h"

/* RFC 6266, 4.1 and appendix D: for who does not know filename*, the name in ASCII. */
static struct str disposition(struct arena *a, const struct attachment *f, bool show)
{
    struct buf b = buf_new(a, 0);
    buf_str(&b, show ? S("inline; filename=\"") : S("attachment; filename=\""));
    for (struct str rest = f->name; rest.n;) {
        uint32_t c = str_utf8_next(&rest);
        buf_char(&b, c >= ' ' && c < 0x7F && c != '"' && c != '\\' ? (char)c : '_');
    }
    buf_lit(&b, "\"; filename*=UTF-8''");
    url_encode(&b, f->name);
    return buf_get(&b);
}

void attach_reply(struct rq *rq, const struct attachment *f)
{
    struct str bytes = attach_bytes(rq->a, rq->db, f);
    bool show = f->kind != ATTACH_PDF && rq_query(rq, "show").n;
    if (!bytes.p) {
        rq_fault(rq, ERR_INTERNAL);
        return;
    }
    rq_reply(rq, 200, str_z(rq->a, attach_data()->kinds[f->kind].type), bytes);
    rq_header(rq, "Content-Disposition", disposition(rq->a, f, show));
    rq_header(rq, "Content-Security-Policy", S("default-src 'none'; sandbox"));
    rq_header(rq, "Cross-Origin-Resource-Policy", S("same-origin"));
    rq_header(rq, "Cache-Control", S("no-store"));
}
