/*
 * visits_web.c: which visits of a unit can be reported to the care register in a month, and what
 * is missing in the others, for the administrator, the manager and the unit's head. Counts alone:
 * no visit stands here. A head sees the own units exactly, whose matters they may see; everybody
 * else gets every number rounded by itself to what is small in publications (data/publish.json:
 * five), and none under it, so that no small one is told and none follows from the others.
 */
#include "report/report.h"
#include "report/visits.h"

#include "app/app.h"
#include "publish/publish.h"
#include "report/report_pages.h"
#include "team/team.h"

enum { LOOKED_AT = 20000, MONTHS = 13 };

struct asking {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    struct teams teams; /* that may be asked for */
    const struct team *team;
    struct date month;
    bool exact;
};

static struct str number(const struct asking *k, int64_t n)
{
    int few = publish_few();
    if (k->exact)
        return fmt_int(k->a, k->l, n);
    if (n < few)
        return tr_fill(k->a, tr(k->l, "under %1"), (struct str[]){fmt_int(k->a, k->l, few)}, 1);
    return fmt_int(k->a, k->l, (n + few / 2) / few * few);
}

static void put_option(struct asking *k, struct ui_options *list, struct str value,
                       struct str label, bool chosen)
{
    struct ui_option o = {.value = value, .label = label, .chosen = chosen};
    VEC_PUSH(k->a, list, o);
}

/* The county's units for who keeps or steers it; the own ones for others. */
static void read_asked(struct asking *k, struct visit_view *v)
{
    struct rq *rq = k->rq;
    struct teams own = teams_of(k->a, rq->db, &rq->session);
    bool all = rq->session.roles & (ROLE_ADMIN | ROLE_MANAGER);
    struct str asked = rq_query(rq, "month");
    int64_t id = 0;
    k->teams = all ? teams_load(k->a, rq->db) : own;
    str_int(rq_query(rq, "team"), &id);
    k->team = teams_by_id(&k->teams, id);
    if (!k->team && k->teams.n)
        k->team = own.n ? teams_by_id(&k->teams, own.p[0].id) : &k->teams.p[0];
    k->exact =
        k->team && (rq->session.roles & ROLE_HEAD) && auth_in_team(&rq->session, k->team->id);
    k->month = date_month(date_of(rq->now));
    struct date this = k->month, first;
    if (date_parse(str_fmt(k->a, STR_FMT "-01", STR_ARG(asked)), &first) && first.day <= this.day)
        k->month = first;
    for (int i = 0; i < MONTHS; i++) {
        struct date m = date_add_months(this, -i);
        put_option(k, &v->months, str_sub(date_iso(k->a, m), 0, 7), fmt_month(k->a, k->l, m),
                   m.day == k->month.day);
    }
    for (size_t i = 0; i < k->teams.n; i++)
        put_option(k, &v->teams, str_fmt(k->a, "%lld", (long long)k->teams.p[i].id),
                   k->teams.p[i].name[k->l], &k->teams.p[i] == k->team);
}

static void put_lines(struct asking *k, const struct visit_sums *sums, struct visit_view *v)
{
    const struct report_data *d = report_data();
    for (size_t i = 0; i < d->fields.n; i++) {
        const struct register_field *f = &d->fields.p[i];
        struct visit_line line = {.field = f->words[k->l],
                                  .required = f->required,
                                  .confirmed = f->confirmed,
                                  .missing = number(k, sums->fault[i][VISIT_MISSING]),
                                  .no_code = number(k, sums->fault[i][VISIT_NO_CODE]),
                                  .not_sound = number(k, sums->fault[i][VISIT_NOT_SOUND])};
        VEC_PUSH(k->a, &v->lines, line);
    }
    v->visits = number(k, sums->visits);
    v->written = number(k, sums->written);
    v->failed = number(k, sums->visits - sums->written);
}

static void list_get(struct rq *rq)
{
    if (!(rq->session.roles & (ROLE_ADMIN | ROLE_HEAD | ROLE_MANAGER))) {
        rq_fault(rq, ERR_FORBIDDEN);
        return;
    }
    struct asking k = {.rq = rq, .a = rq->a, .l = rq_lang(rq)};
    struct visit_view v = {0};
    read_asked(&k, &v);
    v.none = !k.team;
    if (k.team) {
        struct visit_sums sums =
            visits_sum(rq->a, rq->db, k.team->id, k.month, date_month_end(k.month), LOOKED_AT);
        v.more = sums.more;
        put_lines(&k, &sums, &v);
        v.team = k.team->name[k.l];
        v.month = fmt_month(rq->a, k.l, k.month);
        v.rounded = !k.exact;
        v.about = tr(k.l, "The file itself is made by the administrator: asialla export visits. "
                          "Whoever made one stands in the program's log of exports.");
    }
    rq->page.active = S("register");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(k.l, "Visits for the care register"));
    visit_list_page(&rq->page, &v);
    rq_page_end(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/register", ACCESS_SIGNED_IN, 0, list_get},
};
const struct route_table visit_list_routes = {routes, sizeof routes / sizeof *routes};
