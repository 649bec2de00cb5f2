/*
 * tray_give.c: what is given: the code, and the page that is told or printed, with all that the
 * person needs without a computer: own words, phone, hours, address; and the code in letters and as
 * a picture.
 *
 * The picture leads to .../tray#CODE. What stands behind # is not sent: it gets into no log, of
 * ours or of a proxy, and into no Referer. The page's script puts it into the field, takes it out
 * of the address and sends the form; without script the code is typed from the letters beside. The
 * code is shown in the answer to the giving only: the store has its keyed hash.
 */
#include "tray/tray_view.h"

#include "tray/tray_pages.h"
#include "web/qr.h"

struct str tray_code_for(struct rq *rq, int64_t tray, struct str once, struct str *hash)
{
    struct str label = str_fmt(rq->a, "tray %lld " STR_FMT, (long long)tray, STR_ARG(once));
    struct str code = auth_code_make(rq->a, rq->app->key, label);
    auth_code_hash(rq->a, rq->app->key, code, hash);
    return code;
}

static bool host_ok(struct str host)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && !strchr(".-:[]", c))
            return false;
    }
    return host.n > 0 && host.n < 200;
}

/* What the installation says that the public calls it (--url); where it does not, as we are called
 * now. */
struct str tray_address(struct rq *rq, enum lang l)
{
    struct str host = http_header_in(rq->http, "Host"), url = rq->app->url;
    if (!url.n)
        url = str_fmt(rq->a, "%s://" STR_FMT, rq->app->secure ? "https" : "http",
                      STR_ARG(host_ok(host) ? host : S("localhost")));
    return str_fmt(rq->a, STR_FMT "/%s/tray", STR_ARG(url), lang_code(l));
}

static void put_from(struct rq *rq, const struct tray *t, struct tray_paper *v)
{
    enum lang l = rq_lang(rq);
    struct teams teams = teams_load(rq->a, rq->db);
    const struct team *team = teams_by_id(&teams, t->team);
    v->from = rq->session.staff_name;
    if (!team)
        return;
    v->team = team->name[l];
    v->phone = team->phone;
}

void tray_show_paper(struct rq *rq, const struct tray *t, struct str code, bool paper)
{
    enum lang l = rq_lang(rq);
    struct tray_making k = tray_making(rq, t, true);
    struct tray_paper v = {.id = t->id,
                           .code = code,
                           .address = tray_address(rq, l),
                           .until = fmt_date(rq->a, l, t->until),
                           .printed = fmt_date(rq->a, l, date_of(rq->now)),
                           .theme = tray_theme_name(t, l),
                           .paper = paper};
    struct str link = str_fmt(rq->a, STR_FMT "#" STR_FMT, STR_ARG(v.address), STR_ARG(code));
    v.qr = qr_svg(rq->a, link, tr(l, "Picture that opens this tray with a phone's camera"));
    put_from(rq, t, &v);
    tray_put_items(&k, &v.items);
    tray_put_visits(&k, &v.visits);
    rq->page.active = S("trays");
    rq->page.refuse_index = true;
    rq->page.path = str_fmt(rq->a, "/staff/tray/%lld", (long long)t->id);
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, "Suggested to you"));
    tray_paper(&rq->page, &v);
    rq_page_end(rq);
}
