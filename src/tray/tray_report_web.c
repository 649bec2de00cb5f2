/*
 * tray_report_web.c: the head's report of one of the own teams, as a page and as CSV: what was
 * suggested, taken up, full, declined and missing, by service, area and group. Read from the trays
 * that are there and from the figures that stay of those that are gone.
 */
#include "tray/tray_fold.h"
#include "tray/tray_report.h"
#include "tray/tray_report_view.h"
#include "tray/tray_view.h"

#include "tray/tray_pages.h"

enum { Q_LIVE, Q_KEPT, Q_LACKS };
static const struct stmt q[] = {
    [Q_LIVE] = {"tray_report.live",
                "SELECT i.service, max(i.name), t.area, t.grp, i.mark, count(*) FROM tray t "
                "JOIN tray_item i ON i.tray = t.id "
                "WHERE t.team = $1 AND t.given >= $2 AND t.given < $3 "
                "GROUP BY i.service, t.area, t.grp, i.mark ORDER BY 1, 3, 4, 5",
                0},
    [Q_KEPT] = {"tray_report.kept",
                "SELECT service, name, area, grp, mark, n FROM tray_figure "
                "WHERE team = $1 AND month >= $2 AND month < $3 ORDER BY 1, 3, 4, 5",
                0},
    [Q_LACKS] = {"tray_report.lacks",
                 "SELECT theme, area, grp, count(*) FROM tray_missing "
                 "WHERE team = $1 AND day >= $2 AND day < $3 GROUP BY theme, area, grp "
                 "ORDER BY 1, 2, 3",
                 0},
};
const struct stmt_table tray_report_statements = {q, sizeof q / sizeof *q};

struct reporting {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    const struct team *team;
    struct tray_period period;
    struct view view;
    struct named_list districts;
    struct tray_figures figures;
    struct tray_lacks lacks;
};

/* ---- reading ---- */

static void read_figures(struct reporting *k, struct rows r)
{
    while (rows_next(&r)) {
        struct tray_figure f = {.service = rows_str(&r, k->a, 0),
                                .name = rows_str(&r, k->a, 1),
                                .area = rows_str(&r, k->a, 2),
                                .group = rows_str(&r, k->a, 3),
                                .n = rows_int(&r, 5)};
        if (tray_mark_from(rows_peek(&r, 4), &f.mark))
            VEC_PUSH(k->a, &k->figures, f);
    }
}

static void read_all(struct reporting *k)
{
    struct db *db = k->rq->db;
    const struct tray_period *p = &k->period;
    read_figures(
        k, DB_QUERY(db, &q[Q_LIVE], V_INT(k->team->id), V_INT(p->from.day), V_INT(p->to.day)));
    read_figures(k, DB_QUERY(db, &q[Q_KEPT], V_INT(k->team->id), V_INT(tray_month(p->from)),
                             V_INT(tray_month(p->to))));
    struct rows r =
        DB_QUERY(db, &q[Q_LACKS], V_INT(k->team->id), V_INT(p->from.day), V_INT(p->to.day));
    while (rows_next(&r)) {
        struct tray_lack lack = {rows_str(&r, k->a, 0), rows_str(&r, k->a, 1),
                                 rows_str(&r, k->a, 2), rows_int(&r, 3)};
        VEC_PUSH(k->a, &k->lacks, lack);
    }
}

/* ---- words ---- */

static struct str period_words(const struct reporting *k, const struct tray_period *p)
{
    struct str args[] = {str_fmt(k->a, "%d", p->year), str_fmt(k->a, "%d", p->quarter)};
    return p->quarter ? tr_fill(k->a, tr(k->l, "%1, quarter %2"), args, 2) : args[0];
}

static struct str line_name(const struct reporting *k, enum tray_by by,
                            const struct tray_line_counts *line)
{
    const struct dir_service *s;
    const struct tray_name *group;
    const struct dir_topic *topic;
    if (by == TRAY_BY_SERVICE && !line->key.n)
        return tr(k->l, "Articles and links");
    if (!line->key.n)
        return tr(k->l, "Not told");
    switch (by) {
    case TRAY_BY_SERVICE:
        s = dir_service(k->view.dir, line->key);
        return s ? dir_pick(&s->name, k->l).text : line->name;
    case TRAY_BY_AREA:
        return named_find(&k->districts, line->key, k->l);
    case TRAY_BY_GROUP:
        group = tray_name_find(&tray_data()->groups, line->key);
        return group ? group->name[k->l] : line->key;
    case TRAY_BY_THEME:
        topic = dir_topic(&dir_data()->themes, line->key);
        return topic ? topic->name[k->l] : line->key;
    }
    return line->key;
}

static struct str number(const struct reporting *k, int64_t n)
{
    return n ? str_fmt(k->a, "%lld", (long long)n) : tr(k->l, "under 5");
}

static struct tray_report_line show_line(const struct reporting *k, struct str name,
                                         const struct tray_line_counts *c, int64_t whole)
{
    return (struct tray_report_line){
        .name = name,
        .all = number(k, c->all),
        .taken = number(k, c->taken),
        .full = number(k, c->full),
        .declined = number(k, c->declined),
        .missing = number(k, c->missing),
        .bar = {.time = c->taken,
                .over = c->full + c->declined,
                .today = c->all - c->taken - c->full - c->declined,
                .whole = whole ? whole : 1},
    };
}

static struct tray_report_part make_part(const struct reporting *k, const char *title,
                                         const char *head, enum tray_by by)
{
    struct tray_table t = tray_report_by(k->a, &k->figures, &k->lacks, by);
    struct tray_report_part part = {.title = tr(k->l, title),
                                    .head = tr(k->l, head),
                                    .given = by != TRAY_BY_THEME,
                                    .missing = by != TRAY_BY_SERVICE};
    int64_t whole = t.n ? t.p[0].all : 0;
    for (size_t i = 0; i < t.n; i++) {
        struct tray_report_line line = show_line(k, line_name(k, by, &t.p[i]), &t.p[i], whole);
        VEC_PUSH(k->a, &part.lines, line);
    }
    return part;
}

static void make_parts(const struct reporting *k, struct tray_report_view *v)
{
    const struct tray_line_counts all = tray_report_all(&k->figures, &k->lacks);
    v->all = show_line(k, tr(k->l, "All"), &all, all.all);
    struct tray_report_part parts[] = {
        make_part(k, N_("By service"), N_("Service"), TRAY_BY_SERVICE),
        make_part(k, N_("By area"), N_("Area"), TRAY_BY_AREA),
        make_part(k, N_("By group"), N_("Group"), TRAY_BY_GROUP),
        make_part(k, N_("Nothing was found, by theme"), N_("Theme"), TRAY_BY_THEME),
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        VEC_PUSH(k->a, &v->parts, parts[i]);
}

/* ---- CSV ---- */

static void put_line(struct buf *b, struct str part, const struct tray_report_line *x, bool given,
                     bool missing)
{
    const struct str none = {NULL, 0};
    buf_csv(b, part, false);
    buf_csv(b, x->name, false);
    buf_csv(b, given ? x->all : none, false);
    buf_csv(b, given ? x->taken : none, false);
    buf_csv(b, given ? x->full : none, false);
    buf_csv(b, given ? x->declined : none, false);
    buf_csv(b, missing ? x->missing : none, true);
}

static struct str csv(const struct reporting *k, const struct tray_report_view *v)
{
    struct buf b = buf_new(k->a, 0);
    const char *const heads[] = {
        N_("Table"), N_("Name"),      N_("Suggested"),        N_("Taken up"),
        N_("Full"),  N_("No thanks"), N_("Nothing was found")};
    for (size_t i = 0; i < 7; i++)
        buf_csv(&b, tr(k->l, heads[i]), i == 6);
    put_line(&b, v->period, &v->all, true, true);
    for (size_t i = 0; i < v->parts.n; i++)
        for (size_t n = 0; n < v->parts.p[i].lines.n; n++)
            put_line(&b, v->parts.p[i].title, &v->parts.p[i].lines.p[n], v->parts.p[i].given,
                     v->parts.p[i].missing);
    return buf_get(&b);
}

/* ---- pages ---- */

static void read_period(struct reporting *k, struct tray_report_view *v)
{
    struct tray_periods list = tray_periods(k->a, date_of(k->rq->now));
    k->period = list.p[0];
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.p[i].code, rq_query(k->rq, "period")))
            k->period = list.p[i];
    for (size_t i = 0; i < list.n; i++) {
        struct ui_option o = {.value = list.p[i].code,
                              .label = period_words(k, &list.p[i]),
                              .chosen = str_eq(list.p[i].code, k->period.code)};
        VEC_PUSH(k->a, &v->periods, o);
    }
    v->period = period_words(k, &k->period);
}

static bool make_report(struct rq *rq, struct reporting *k, struct tray_report_view *v)
{
    struct teams own = teams_of(rq->a, rq->db, &rq->session);
    struct teams *kept = ARENA_NEW(rq->a, struct teams);
    *kept = own;
    *k = (struct reporting){.rq = rq,
                            .a = rq->a,
                            .l = rq_lang(rq),
                            .team = tray_team_asked(rq, kept, rq_query(rq, "team")),
                            .view = directory_view(rq),
                            .districts = districts_load(rq->a, rq->db)};
    if (!k->team)
        return false;
    read_period(k, v);
    v->team = k->team->id;
    v->team_name = k->team->name[k->l];
    tray_put_teams(rq, kept, k->team->id, &v->teams);
    read_all(k);
    make_parts(k, v);
    v->csv = str_fmt(rq->a, "/%s/staff/trays/report/csv?team=%lld&period=" STR_FMT, lang_code(k->l),
                     (long long)v->team, STR_ARG(k->period.code));
    return true;
}

static void report_get(struct rq *rq)
{
    struct reporting k;
    struct tray_report_view v = {0};
    make_report(rq, &k, &v);
    rq->page.active = S("trays");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(rq_lang(rq), "What trays have led to"));
    tray_report(&rq->page, &v);
    rq_page_end(rq);
}

static void csv_get(struct rq *rq)
{
    struct reporting k;
    struct tray_report_view v = {0};
    if (!make_report(rq, &k, &v)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq_reply(rq, 200, "text/csv; charset=utf-8", csv(&k, &v));
    rq_header(
        rq, "Content-Disposition",
        str_fmt(rq->a, "attachment; filename=\"trays-" STR_FMT ".csv\"", STR_ARG(k.period.code)));
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/trays/report", ACCESS_HEAD, 0, report_get},
    {HTTP_GET, "/:lang/staff/trays/report/csv", ACCESS_HEAD, 0, csv_get},
};
const struct route_table tray_report_routes = {routes, sizeof routes / sizeof *routes};
