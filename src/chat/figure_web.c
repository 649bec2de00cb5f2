/*
 * figure_web.c: the head's figures of chat, as a page and as CSV: tries (also of those who met a
 * closed or a full channel), how they ended, waits, lengths, messages and what was thought of it,
 * by channel and by the hour at which they were begun. Numbers only: no row names a person, and
 * what was said is not in them.
 */
#include "chat/figure.h"

#include "chat/chat_pages.h"

static const struct period {
    const char *code, *words;
    int days;
} periods[] = {
    {"7", N_("Last 7 days"), 7},
    {"1", N_("Today"), 1},
    {"30", N_("Last 30 days"), 30},
    {"90", N_("Last 90 days"), 90},
};
enum { PERIODS = sizeof periods / sizeof *periods };

struct counting {
    struct rq *rq;
    struct arena *a;
    enum lang l;
    const struct team *team;
    const struct period *period;
    struct chat_channels channels;
    struct figure_rows rows;
};

/* ---- words ---- */

static struct str number(const struct counting *k, int64_t n)
{
    return fmt_int(k->a, k->l, n);
}

/* "4:05": minutes and seconds; a line where there is nothing to tell. */
static struct str duration(const struct counting *k, int64_t seconds)
{
    return seconds < 0 ? S("–")
                       : str_fmt(k->a, "%lld:%02d", (long long)(seconds / 60), (int)(seconds % 60));
}

static struct str mean(const struct counting *k, int64_t sum, int64_t n)
{
    int64_t tenths = n ? (sum * 10 + n / 2) / n : 0;
    const char *point = k->l == LANG_EN ? "." : ",";
    return n ? str_fmt(k->a, "%d%s%d", (int)(tenths / 10), point, (int)(tenths % 10)) : S("–");
}

static struct figure_line line_view(const struct counting *k, struct str name, int64_t channel,
                                    int hour)
{
    struct figure_sum s = figure_sum(k->a, &k->rows, channel, hour);
    int64_t away = s.by[FIGURE_CLOSED] + s.by[FIGURE_FULL];
    return (struct figure_line){
        .name = name,
        .tries = number(k, s.tries),
        .answered = number(k, s.by[FIGURE_ANSWERED]),
        .left = number(k, s.by[FIGURE_LEFT]),
        .unanswered = number(k, s.by[FIGURE_UNANSWERED]),
        .away = number(k, away),
        .wait = duration(k, figure_percentile(&s.waits, 50)),
        .wait_90 = duration(k, figure_percentile(&s.waits, 90)),
        .length = duration(k, figure_percentile(&s.lengths, 50)),
        .messages = number(k, s.messages),
        .good = mean(k, s.good, s.judged),
        .bar = {.over = s.by[FIGURE_LEFT] + away,
                .today = s.by[FIGURE_UNANSWERED],
                .time = s.by[FIGURE_ANSWERED],
                .whole = s.tries},
    };
}

/* All bars of a table on the scale of the longest. */
static void same_scale(struct figure_lines *lines)
{
    int64_t most = 1;
    for (size_t i = 0; i < lines->n; i++)
        most = lines->p[i].bar.whole > most ? lines->p[i].bar.whole : most;
    for (size_t i = 0; i < lines->n; i++)
        lines->p[i].bar.whole = most;
}

static void put_lines(const struct counting *k, struct figure_view *v)
{
    v->all = line_view(k, tr(k->l, "All"), 0, -1);
    for (size_t i = 0; i < k->channels.n; i++) {
        const struct chat_channel *c = &k->channels.p[i];
        if (c->team == k->team->id)
            VEC_PUSH(k->a, &v->channels, line_view(k, c->name[k->l], c->id, -1));
    }
    for (int hour = 0; hour < 24; hour++) {
        struct str name = str_fmt(k->a, "%d–%d", hour, hour + 1);
        struct figure_line line = line_view(k, name, 0, hour);
        if (line.bar.whole)
            VEC_PUSH(k->a, &v->hours, line);
    }
    same_scale(&v->channels);
    same_scale(&v->hours);
}

/* ---- what is asked for ---- */

static void put_option(const struct counting *k, struct ui_options *list, struct str value,
                       struct str label, bool chosen)
{
    struct ui_option o = {.value = value, .label = label, .chosen = chosen};
    VEC_PUSH(k->a, list, o);
}

static void read_asked(struct counting *k, const struct teams *own, struct figure_view *v)
{
    int64_t id = 0;
    str_int(rq_query(k->rq, "team"), &id);
    k->team = teams_by_id(own, id);
    if (!k->team && own->n)
        k->team = &own->p[0];
    k->period = &periods[0];
    for (size_t i = 0; i < PERIODS; i++)
        if (str_eq(rq_query(k->rq, "period"), str_of(periods[i].code)))
            k->period = &periods[i];
    for (size_t i = 0; i < PERIODS; i++)
        put_option(k, &v->periods, str_of(periods[i].code), tr(k->l, periods[i].words),
                   &periods[i] == k->period);
    for (size_t i = 0; i < own->n; i++)
        put_option(k, &v->teams, str_fmt(k->a, "%lld", (long long)own->p[i].id),
                   own->p[i].name[k->l], &own->p[i] == k->team);
}

static bool make_view(struct rq *rq, struct counting *k, struct figure_view *v)
{
    struct teams *own = ARENA_NEW(rq->a, struct teams);
    struct date today = date_of(rq->now);
    *own = teams_of(rq->a, rq->db, &rq->session);
    *k = (struct counting){.rq = rq, .a = rq->a, .l = rq_lang(rq)};
    read_asked(k, own, v);
    if (!k->team)
        return false;
    k->channels = chat_channels(rq->a, rq->db);
    k->rows = figure_rows_load(rq->a, rq->db, &k->channels, k->team->id,
                               date_add(today, 1 - k->period->days), date_add(today, 1));
    v->team = k->team->id;
    v->team_name = k->team->name[k->l];
    v->period = tr(k->l, k->period->words);
    v->csv = str_fmt(rq->a, "/%s/staff/chat/figures/csv?team=%lld&period=%s", lang_code(k->l),
                     (long long)v->team, k->period->code);
    put_lines(k, v);
    return true;
}

/* ---- CSV ---- */

static void put_line(struct buf *b, struct str table, const struct figure_line *x)
{
    const struct str cells[] = {table,      x->name,       x->tries,    x->answered,
                                x->left,    x->unanswered, x->away,     x->wait,
                                x->wait_90, x->length,     x->messages, x->good};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        buf_csv(b, cells[i], i + 1 == sizeof cells / sizeof *cells);
}

static struct str csv(const struct counting *k, const struct figure_view *v)
{
    static const char *const heads[] = {N_("Table"),
                                        N_("Name"),
                                        N_("Tries"),
                                        N_("Answered"),
                                        N_("Went before an answer"),
                                        N_("Nobody in time"),
                                        N_("Closed or full"),
                                        N_("Wait, median"),
                                        N_("Wait, 9 of 10"),
                                        N_("Length, median"),
                                        N_("Messages"),
                                        N_("Feedback, 1 to 5")};
    enum { HEADS = sizeof heads / sizeof *heads };
    struct buf b = buf_new(k->a, 0);
    for (size_t i = 0; i < HEADS; i++)
        buf_csv(&b, tr(k->l, heads[i]), i + 1 == HEADS);
    put_line(&b, v->period, &v->all);
    for (size_t i = 0; i < v->channels.n; i++)
        put_line(&b, tr(k->l, "By channel"), &v->channels.p[i]);
    for (size_t i = 0; i < v->hours.n; i++)
        put_line(&b, tr(k->l, "By hour"), &v->hours.p[i]);
    return buf_get(&b);
}

/* ---- pages ---- */

static void figures_get(struct rq *rq)
{
    struct counting k;
    struct figure_view v = {0};
    make_view(rq, &k, &v);
    rq->page.active = S("chat");
    rq->page.refuse_index = true;
    rq_page_begin(rq, tr(rq_lang(rq), "Chat in figures"));
    figures_page(&rq->page, &v);
    rq_page_end(rq);
}

static void csv_get(struct rq *rq)
{
    struct counting k;
    struct figure_view v = {0};
    if (!make_view(rq, &k, &v)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq_reply(rq, 200, "text/csv; charset=utf-8", csv(&k, &v));
    rq_header(rq, "Content-Disposition", S("attachment; filename=\"chat.csv\""));
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/staff/chat/figures", ACCESS_HEAD, 0, figures_get},
    {HTTP_GET, "/:lang/staff/chat/figures/csv", ACCESS_HEAD, 0, csv_get},
};
const struct route_table chat_figure_routes = {routes, sizeof routes / sizeof *routes};
