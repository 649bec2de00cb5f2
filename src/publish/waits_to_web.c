/*
 * waits_to_web.c: /:lang/waits/to: how long is the wait to a doctor at Tikkurila? With a profession
 * and a place one sentence and what it is made of; with one of them, or words that fit several, a
 * table. The same as .csv and .json: all of them, or ?profession=&place=.
 */
#include "publish/waits_to.h"

#include "publish/waits_view.h"

#include "figure/figure.h"
#include "publish/publish_pages.h"

#include <stdlib.h>

#define CSV    "text/csv; charset=utf-8"
#define PUBLIC "public, max-age=300"

enum { HITS_MOST = 12, TEXT_MOST = 100 };

struct saying {
    struct arena *a;
    enum lang l;
    const struct waits_tos *tos;
    struct waits_to_view *v;
};

static struct str fill(const struct saying *k, const char *text, const struct str *args, size_t n)
{
    return tr_fill(k->a, tr(k->l, text), args, n);
}

static void say(struct saying *k, const char *figure, struct str text)
{
    const struct figure_def *d = figure_def_find(str_of(figure));
    struct waits_said s = {.text = text};
    if (d) {
        s.href = figure_def_path(k->a, k->l, d->id);
        s.figure = d->name[k->l];
    }
    VEC_PUSH(k->a, &k->v->said, s);
}

static struct str path_to(const struct saying *k, const struct waits_to *t)
{
    return str_fmt(k->a, "/%s/waits/to/" STR_FMT "/" STR_FMT, lang_code(k->l),
                   STR_ARG(t->profession), STR_ARG(t->place));
}

static struct str few(const struct saying *k)
{
    return fmt_int(k->a, k->l, publish_few());
}

/* ---- one profession in one place ---- */

static struct str lead(const struct saying *k, const struct waits_to *t)
{
    const struct waits_to_unit *u = t->units.n ? &t->units.p[0] : NULL;
    struct str args[4] = {t->profession_name[k->l], t->place_name[k->l]};
    if (t->t3.state == CHART_KNOWN && t->t3.n >= WAITS_T3_NONE)
        return fill(k, N_("%1, %2: no free time can be given now."), args, 2);
    if (t->t3.state == CHART_KNOWN && t->t3.n == 0)
        return fill(k, N_("%1, %2: there are free times today."), args, 2);
    if (t->t3.state == CHART_KNOWN) {
        args[2] = fmt_days(k->a, k->l, t->t3.n);
        return fill(k, N_("%1, %2: the wait is %3, counted to the third free time."), args, 3);
    }
    if (t->units.n != 1 || u->median.state != CHART_KNOWN)
        return fill(k, N_("%1, %2: the wait cannot be told in one number now."), args, 2);
    args[2] = fmt_month(k->a, k->l, k->tos->month);
    args[3] = fmt_days(k->a, k->l, u->median.n);
    return fill(k, N_("%1, %2: half of those who came had waited at most %4 (%3)."), args, 4);
}

static void say_t3(struct saying *k, const struct waits_to *t)
{
    struct str args[] = {fmt_date(k->a, k->l, k->tos->until), fmt_int(k->a, k->l, t->calendars)};
    if (t->t3.state != CHART_KNOWN)
        return;
    say(k, "t3",
        tr_fill(k->a,
                tr_n(k->l, "Free times at the end of %1, of the one calendar there.",
                     "Free times at the end of %1, of %2 calendars there: half of them have the "
                     "third free time sooner, half later.",
                     t->calendars),
                args, 2));
}

static void say_visits(struct saying *k, const struct waits_to_unit *u)
{
    struct str args[] = {u->team->name[k->l], fmt_month(k->a, k->l, k->tos->month),
                         fmt_int(k->a, k->l, u->visits.n), few(k)};
    if (u->visits.state == CHART_HIDDEN) {
        say(k, "visit-wait",
            fill(
                k,
                N_("%1, %2: how many came is not told. They are fewer than %4, or the number would "
                   "give such a one away."),
                args, 4));
    } else if (u->visits.state == CHART_MISSING || u->visits.n == 0) {
        say(k, "visit-wait", fill(k, N_("%1, %2: nobody came."), args, 2));
    } else if (u->median.state != CHART_KNOWN) {
        args[3] = fmt_int(k->a, k->l, publish_rule()->few_mean);
        say(k, "visit-wait",
            fill(k,
                 N_("%1, %2: %3 visits. How long half of them had waited is told of %4 or more."),
                 args, 4));
    } else {
        args[3] = fmt_days(k->a, k->l, u->median.n);
        say(k, "visit-wait",
            fill(k,
                 N_("%1, %2: of %3 visits half had been waited for at most %4 since the need was "
                    "assessed."),
                 args, 4));
    }
}

static void say_rule(struct saying *k, const struct waits_to_unit *u, const struct waits_to_rule *r)
{
    struct str args[] = {u->team->name[k->l], r->rule->name[k->l],
                         fmt_int(k->a, k->l, r->waiting.n), fmt_int(k->a, k->l, r->over.n), few(k)};
    if (r->waiting.state != CHART_KNOWN)
        say(k, "waiting",
            fill(k,
                 N_("%1, %2: how many wait now is not told. They are fewer than %5, or the number "
                    "would give such a one away."),
                 args, 5));
    else if (r->waiting.n == 0)
        say(k, "waiting", fill(k, N_("%1, %2: nobody waits now."), args, 2));
    else if (r->over.state == CHART_KNOWN)
        say(k, "waiting",
            fill(k, N_("%1, %2: waits now: %3; of these longer than the law allows: %4."), args,
                 4));
    else
        say(k, "waiting",
            fill(
                k,
                N_("%1, %2: waits now: %3. How many of these are longer than the law allows is not "
                   "told: fewer than %5, or the number would give such a one away."),
                args, 5));
}

static struct str joined(const struct saying *k, const struct waits_to_unit *u)
{
    struct buf b = buf_new(k->a, 0);
    for (size_t i = 0; i < u->places.n; i++) {
        buf_str(&b, i ? S(", ") : S(""));
        buf_str(&b, u->places.p[i]);
    }
    return buf_get(&b);
}

static void answer(struct saying *k, const struct waits_to *t)
{
    struct waits_to_view *v = k->v;
    struct buf note = buf_new(k->a, 0);
    v->title = str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(t->profession_name[k->l]),
                       STR_ARG(t->place_name[k->l]));
    v->lead = lead(k, t);
    say_t3(k, t);
    for (size_t i = 0; i < t->units.n; i++) {
        const struct waits_to_unit *u = &t->units.p[i];
        struct str args[] = {u->team->name[k->l], joined(k, u)};
        say_visits(k, u);
        for (size_t r = 0; r < u->rules.n; r++) {
            const struct law_rule *rule = u->rules.p[r].rule;
            struct waits_link more = {
                str_fmt(k->a, "/%s/waits/" STR_FMT "/" STR_FMT, lang_code(k->l), STR_ARG(rule->id),
                        STR_ARG(u->team->ref)),
                str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(rule->name[k->l]), STR_ARG(args[0]))};
            say_rule(k, u, &u->rules.p[r]);
            VEC_PUSH(k->a, &v->more, more);
        }
        if (u->places.n > 1) {
            buf_str(&note, note.n ? S(" ") : S(""));
            buf_str(&note, fill(k, N_("The numbers of %1 are of all its places: %2."), args, 2));
        }
    }
    v->note = buf_get(&note);
}

/* ---- several ---- */

static void head(struct saying *k, struct str words, const char *figure)
{
    struct waits_head h = {.words = words};
    if (figure && figure_def_find(str_of(figure)))
        h.href = figure_def_path(k->a, k->l, str_of(figure));
    VEC_PUSH(k->a, &k->v->table.heads, h);
}

static struct str cell(const struct saying *k, struct waits_cell c)
{
    return c.state == CHART_KNOWN    ? fmt_int(k->a, k->l, c.n)
           : c.state == CHART_HIDDEN ? tr(k->l, "hidden")
                                     : S("–");
}

static void begin_table(struct saying *k)
{
    struct waits_table *t = &k->v->table;
    *t = (struct waits_table){.id = S("to"),
                              .caption = tr(k->l, "The wait to whom, and where"),
                              .first = tr(k->l, "To whom, and where")};
    head(k, tr(k->l, "Days to the third free time"), "t3");
    head(k, tr(k->l, "Unit"), NULL);
    t->heads.p[1].text = true;
    head(k, tr(k->l, "Half had waited at most, days"), "visit-wait");
    head(k, tr(k->l, "Visits of the month"), "visit-wait");
}

static void put_rows(struct saying *k, const struct waits_to *t)
{
    if (!k->v->table.heads.n)
        begin_table(k);
    for (size_t i = 0; i < t->units.n; i++) {
        const struct waits_to_unit *u = &t->units.p[i];
        struct waits_row row = {.href = path_to(k, t)};
        row.name = str_fmt(k->a, STR_FMT ", " STR_FMT, STR_ARG(t->profession_name[k->l]),
                           STR_ARG(t->place_name[k->l]));
        VEC_PUSH(k->a, &row.cells, cell(k, t->t3));
        VEC_PUSH(k->a, &row.cells, u->team->name[k->l]);
        VEC_PUSH(k->a, &row.cells, cell(k, u->median));
        VEC_PUSH(k->a, &row.cells, cell(k, u->visits));
        VEC_PUSH(k->a, &k->v->table.rows, row);
    }
}

static void tell_several(struct saying *k)
{
    struct str args[] = {fmt_date(k->a, k->l, k->tos->until), fmt_month(k->a, k->l, k->tos->month)};
    k->v->told =
        fill(k, N_("Free times at the end of %1; visits of %2, of the whole unit."), args, 2);
}

/* ---- what is asked ---- */

static void put_option(struct saying *k, struct ui_choice *c, struct str value, struct str label,
                       struct str chosen)
{
    for (size_t i = 0; i < c->options.n; i++)
        if (str_eq(c->options.p[i].value, value))
            return;
    struct ui_option o = {.value = value, .label = label, .chosen = str_eq(value, chosen)};
    VEC_PUSH(k->a, &c->options, o);
}

static int by_label(const void *p, const void *r)
{
    const struct ui_option *x = p, *y = r;
    if (!x->value.n || !y->value.n)
        return (x->value.n > 0) - (y->value.n > 0);
    return str_cmp(x->label, y->label);
}

struct waits_ask waits_ask_of(const struct waits_tos *tos, struct str profession, struct str place,
                              struct str text)
{
    struct arena *a = tos->a;
    enum lang l = tos->l;
    struct saying k = {.a = a, .l = l, .tos = tos};
    struct waits_ask ask = {.action = str_fmt(a, "/%s/waits/to", lang_code(l))};
    ask.professions =
        (struct ui_choice){.name = S("profession"), .label = tr(l, "Whom do you wait for?")};
    ask.places = (struct ui_choice){.name = S("place"), .label = tr(l, "In which place?")};
    ask.text = (struct ui_field){.name = S("q"),
                                 .label = tr(l, "Or in your own words"),
                                 .value = text,
                                 .longest = TEXT_MOST,
                                 .type = "search"};
    put_option(&k, &ask.professions, S(""), tr(l, "Anybody"), profession);
    put_option(&k, &ask.places, S(""), tr(l, "Anywhere"), place);
    for (size_t i = 0; i < tos->list.n; i++) {
        const struct waits_to *t = &tos->list.p[i];
        put_option(&k, &ask.professions, t->profession, t->profession_name[l], profession);
        put_option(&k, &ask.places, t->place, t->place_name[l], place);
    }
    struct ui_choice *both[] = {&ask.professions, &ask.places};
    for (int i = 0; i < 2; i++)
        qsort(both[i]->options.p, both[i]->options.n, sizeof *both[i]->options.p, by_label);
    return ask;
}

struct asked {
    struct str profession, place, text;
};

static void put_found(struct saying *k, struct str text)
{
    struct waits_to_hits hits = waits_to_find(k->tos, text, HITS_MOST);
    if (hits.clear)
        answer(k, hits.p[0]);
    for (size_t i = hits.clear ? 1 : 0; i < hits.n; i++)
        put_rows(k, hits.p[i]);
}

/* Whether there is any number that may be told. */
static bool tells(const struct waits_to *t)
{
    bool any = t->t3.state == CHART_KNOWN;
    for (size_t i = 0; i < t->units.n; i++)
        any = any || t->units.p[i].median.state == CHART_KNOWN;
    return any;
}

/* To anybody anywhere: those of which there is something to read. */
static void put_all(struct saying *k)
{
    for (size_t i = 0; i < k->tos->list.n; i++)
        if (tells(&k->tos->list.p[i]))
            put_rows(k, &k->tos->list.p[i]);
        else
            k->v->note = tr(k->l, "Those of whom no number can be told now are left out here. "
                                  "Choose from the lists to see them.");
    if (!k->v->table.rows.n)
        k->v->lead = tr(k->l, "Choose from the lists to see what can be told.");
}

static void put_asked(struct saying *k, const struct asked *asked)
{
    const struct waits_to *only = NULL;
    size_t n = 0;
    for (size_t i = 0; i < k->tos->list.n; i++)
        if (waits_to_is(&k->tos->list.p[i], asked->profession, asked->place)) {
            only = &k->tos->list.p[i];
            n++;
        }
    if (n == 1) {
        answer(k, only);
        return;
    }
    if (!asked->profession.n && !asked->place.n) {
        put_all(k);
        return;
    }
    /* Nobody gives times there: where they do, and who does there. */
    bool either = n == 0;
    for (size_t i = 0; i < k->tos->list.n; i++) {
        const struct waits_to *t = &k->tos->list.p[i];
        if (either ? str_eq(t->profession, asked->profession) || str_eq(t->place, asked->place)
                   : waits_to_is(t, asked->profession, asked->place))
            put_rows(k, t);
    }
    if (either)
        k->v->lead = tr(k->l, "Nobody of that profession gives times there. These do, there or "
                              "elsewhere:");
}

static bool is_code(const struct waits_tos *tos, const struct asked *asked)
{
    bool profession = !asked->profession.n, place = !asked->place.n;
    for (size_t i = 0; i < tos->list.n; i++) {
        profession |= str_eq(tos->list.p[i].profession, asked->profession);
        place |= str_eq(tos->list.p[i].place, asked->place);
    }
    return profession && place;
}

static void page(struct rq *rq, const struct asked *asked)
{
    struct waits_tos tos;
    struct waits_to_view v = {0};
    struct saying k = {rq->a, rq_lang(rq), &tos, &v};
    rq->page.active = S("waits");
    bool there = waits_to_read(rq->a, rq->db, rq->app->law, k.l, &tos);
    if (there ? !is_code(&tos, asked) : asked->profession.n || asked->place.n) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    rq_page_begin(rq, tr(k.l, "How long is the wait?"));
    if (there) {
        v.ask = waits_ask_of(&tos, asked->profession, asked->place, asked->text);
        v.title = tr(k.l, "The wait to whom, and where");
        if (asked->text.n)
            put_found(&k, asked->text);
        else
            put_asked(&k, asked);
        if (v.table.rows.n)
            tell_several(&k);
        else if (!v.said.n && !v.lead.n)
            v.lead = tr(k.l, "Nothing was found with these words. Choose from the lists.");
        struct str rest = str_fmt(rq->a, "?profession=" STR_FMT "&place=" STR_FMT,
                                  STR_ARG(asked->profession), STR_ARG(asked->place));
        v.csv = str_fmt(rq->a, "/%s/waits/to.csv" STR_FMT, lang_code(k.l), STR_ARG(rest));
        v.json = str_fmt(rq->a, "/%s/waits/to.json" STR_FMT, lang_code(k.l), STR_ARG(rest));
        waits_to_page(&rq->page, &v);
    } else {
        figure_counting_notice(rq);
        waits_none(&rq->page, false);
    }
    rq_page_end(rq);
}

static struct asked asked_of(struct rq *rq)
{
    struct asked asked = {.profession = rq_query(rq, "profession"),
                          .place = rq_query(rq, "place"),
                          .text = str_trim(rq_query(rq, "q"))};
    if (asked.text.n > TEXT_MOST * 4)
        asked.text = (struct str){0};
    return asked;
}

static void to_get(struct rq *rq)
{
    struct asked asked = asked_of(rq);
    page(rq, &asked);
}

static void pair_get(struct rq *rq)
{
    page(rq, &(struct asked){.profession = rq->params[0], .place = rq->params[1]});
}

/* ---- files ---- */

struct line {
    const struct waits_to *to;
    const struct waits_to_unit *unit;
    const struct waits_to_rule *rule; /* NULL: none is told */
};
struct lines {
    LIST_FIELDS(struct line);
};

static bool read_lines(struct rq *rq, struct waits_tos *tos, struct lines *out)
{
    struct asked asked = asked_of(rq);
    if (!waits_to_read(rq->a, rq->db, rq->app->law, rq_lang(rq), tos) || !is_code(tos, &asked)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return false;
    }
    for (size_t i = 0; i < tos->list.n; i++) {
        const struct waits_to *t = &tos->list.p[i];
        if (!waits_to_is(t, asked.profession, asked.place))
            continue;
        for (size_t u = 0; u < t->units.n; u++) {
            const struct waits_to_unit *unit = &t->units.p[u];
            for (size_t r = 0; r < unit->rules.n || r == 0; r++) {
                struct line one = {t, unit, r < unit->rules.n ? &unit->rules.p[r] : NULL};
                VEC_PUSH(rq->a, out, one);
            }
        }
    }
    return true;
}

static struct str in_file(struct arena *a, struct waits_cell c)
{
    return c.state == CHART_HIDDEN  ? S("hidden")
           : c.state == CHART_KNOWN ? str_fmt(a, "%lld", (long long)c.n)
                                    : S("");
}

static void csv_get(struct rq *rq)
{
    static const char *const heads[] = {"profession", "place",   "unit",        "date",
                                        "t3-days",    "month",   "visits",      "median-days",
                                        "rule",       "waiting", "waiting-over"};
    const size_t n = sizeof heads / sizeof *heads;
    struct waits_tos tos;
    struct lines lines = {0};
    struct buf b = buf_new(rq->a, 0);
    if (!read_lines(rq, &tos, &lines))
        return;
    for (size_t i = 0; i < n; i++)
        buf_csv(&b, str_of(heads[i]), i + 1 == n);
    for (size_t i = 0; i < lines.n; i++) {
        const struct line *x = &lines.p[i];
        const struct waits_cell none = {CHART_MISSING, 0};
        struct str cells[] = {x->to->profession,
                              x->to->place,
                              x->unit->team->ref,
                              date_iso(rq->a, tos.until),
                              in_file(rq->a, x->to->t3),
                              date_iso(rq->a, tos.month),
                              in_file(rq->a, x->unit->visits),
                              in_file(rq->a, x->unit->median),
                              x->rule ? x->rule->rule->id : S(""),
                              in_file(rq->a, x->rule ? x->rule->waiting : none),
                              in_file(rq->a, x->rule ? x->rule->over : none)};
        for (size_t c = 0; c < n; c++)
            buf_csv(&b, cells[c], c + 1 == n);
    }
    rq_reply_tagged(rq, CSV, buf_get(&b), PUBLIC);
    rq_reply_open(rq);
}

/* Hidden: null; not there: no member. */
static void put_cell(struct jw *j, const char *name, struct waits_cell c)
{
    if (c.state == CHART_HIDDEN)
        jw_null(j, name);
    else if (c.state == CHART_KNOWN)
        jw_int(j, name, c.n);
}

static void put_line(struct rq *rq, struct jw *j, const struct line *x)
{
    enum lang l = rq_lang(rq);
    jw_object(j, NULL);
    jw_str(j, "profession", x->to->profession);
    jw_str(j, "professionName", x->to->profession_name[l]);
    jw_str(j, "place", x->to->place);
    jw_str(j, "placeName", x->to->place_name[l]);
    jw_str(j, "unit", x->unit->team->ref);
    jw_str(j, "unitName", x->unit->team->name[l]);
    put_cell(j, "t3Days", x->to->t3);
    put_cell(j, "visits", x->unit->visits);
    put_cell(j, "medianDays", x->unit->median);
    if (x->rule) {
        jw_str(j, "rule", x->rule->rule->id);
        jw_str(j, "ruleName", x->rule->rule->name[l]);
        put_cell(j, "waiting", x->rule->waiting);
        put_cell(j, "waitingOver", x->rule->over);
    }
    jw_end_object(j);
}

static void json_get(struct rq *rq)
{
    struct waits_tos tos;
    struct lines lines = {0};
    struct buf b = buf_new(rq->a, 0);
    struct jw j = jw_new(&b);
    if (!read_lines(rq, &tos, &lines))
        return;
    jw_object(&j, NULL);
    jw_str(&j, "until", date_iso(rq->a, tos.until));
    jw_str(&j, "month", date_iso(rq->a, tos.month));
    jw_int(&j, "hiddenBelow", publish_few());
    jw_array(&j, "waits");
    for (size_t i = 0; i < lines.n; i++)
        put_line(rq, &j, &lines.p[i]);
    jw_end_array(&j);
    jw_end_object(&j);
    rq_reply_tagged(rq, "application/json", buf_get(&b), PUBLIC);
    rq_reply_open(rq);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/waits/to", ACCESS_PUBLIC, ROUTE_CACHE, to_get},
    {HTTP_GET, "/:lang/waits/to/:profession/:place", ACCESS_PUBLIC, ROUTE_CACHE, pair_get},
    {HTTP_GET, "/:lang/waits/to.csv", ACCESS_PUBLIC, 0, csv_get},
    {HTTP_GET, "/:lang/waits/to.json", ACCESS_PUBLIC, 0, json_get},
};
const struct route_table waits_to_routes = {routes, sizeof routes / sizeof *routes};
