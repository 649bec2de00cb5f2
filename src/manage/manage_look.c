/* manage_look.c: who looks at what, and the building of a page's parts and words. */
#include "manage/manage_look.h"

#include <math.h>
#include <stdlib.h>

/* ---- the look ---- */

/* The limit of law that most wait by, of those whose numbers are told; else the first that ends in
 * care. */
static struct str usual_rule(const struct manage_look *k)
{
    struct date until = manage_until(&k->s, k->team);
    struct manage_ask ask = {.measure = PUBLISH_WAITING,
                             .cut = CUT_DAY,
                             .team = k->team,
                             .any_rule = true,
                             .from = until,
                             .to = until};
    struct manage_rows rows = {0};
    const struct manage_row *most = NULL;
    if (date_is(until))
        rows = manage_read(&k->s, &ask);
    for (size_t i = 0; i < rows.n; i++)
        if (law_is_statute(k->law, rows.p[i].rule) && rows.p[i].v.n > (most ? most->v.n : 0))
            most = &rows.p[i];
    for (size_t i = 0; !most && i < law_rule_count(k->law); i++) {
        const struct law_rule *r = law_rule(k->law, (int)i);
        if ((r->stops & 1u << LAW_CARE_GIVEN) && !(r->stops & 1u << LAW_CONTACTED))
            return r->id;
    }
    return most ? most->rule : law_rule(k->law, 0)->id;
}

/* The rule that is asked for; of pages of one rule, where none is, the one that most wait by. */
static struct str rule_of(const struct manage_look *k, struct str asked)
{
    const struct manage_page *page = manage_page_find(k->page);
    int rule = law_rule_find(k->law, asked);
    if (rule >= 0)
        return law_rule(k->law, rule)->id;
    return page && !page->rule ? S("") : usual_rule(k);
}

struct manage_look manage_look_open(struct arena *a, struct db *db, const struct law *law,
                                    const struct manage_who *who)
{
    struct manage_look k = {.a = a,
                            .db = db,
                            .law = law,
                            .l = who->l,
                            .now = who->now,
                            .teams = teams_load(a, db),
                            .own = who->own,
                            .targets = manage_targets(a, db),
                            .page = who->page,
                            .team = who->team,
                            .base = who->base,
                            .frozen = who->frozen};
    struct teams *own = ARENA_NEW(a, struct teams);
    *own = who->own;
    k.s = manage_source_open(a, db, law, own, who->now);
    k.rule = rule_of(&k, who->rule);
    k.v.frozen = who->frozen;
    return k;
}

/* ---- words ---- */

struct str manage_n(struct manage_look *k, struct manage_value v)
{
    k->v.hidden = k->v.hidden || v.state == MANAGE_HIDDEN;
    return v.state == MANAGE_SHOWN    ? fmt_int(k->a, k->l, v.n)
           : v.state == MANAGE_HIDDEN ? tr(k->l, "hidden")
                                      : S("–");
}

struct str manage_decimal(struct manage_look *k, double v, int decimals)
{
    if (!(fabs(v) < CHART_MOST))
        return S("–");
    int64_t by = 1;
    for (int i = 0; i < decimals; i++)
        by *= 10;
    int64_t all = llround(fabs(v) * (double)by);
    const char *sign = v < 0 && all ? "−" : "", *point = k->l == LANG_EN ? "." : ",";
    struct str whole = fmt_int(k->a, k->l, all / by);
    if (by == 1)
        return str_fmt(k->a, "%s" STR_FMT, sign, STR_ARG(whole));
    return str_fmt(k->a, "%s" STR_FMT "%s%0*d", sign, STR_ARG(whole), point, decimals,
                   (int)(all % by));
}

struct str manage_signed(struct manage_look *k, int64_t n)
{
    struct str words = fmt_int(k->a, k->l, llabs(n));
    return str_fmt(k->a, "%s" STR_FMT, n > 0 ? "+" : n < 0 ? "−" : "", STR_ARG(words));
}

struct str manage_percent(struct manage_look *k, double share)
{
    return fmt_percent(k->a, k->l, llround(100 * share));
}

struct str manage_rule_name(const struct manage_look *k, struct str rule)
{
    return law_rule_name(k->law, rule, k->l);
}

struct str manage_team_name(const struct manage_look *k, int64_t team)
{
    const struct team *t = teams_by_id(&k->teams, team);
    return t ? t->name[k->l] : tr(k->l, "The whole county");
}

struct chart_value manage_chart_value(struct manage_value v)
{
    return v.state == MANAGE_SHOWN    ? chart_known((double)v.n)
           : v.state == MANAGE_HIDDEN ? chart_hidden()
                                      : (struct chart_value){0};
}

struct str manage_point_words(struct manage_look *k, const struct manage_figure *f,
                              struct manage_point p)
{
    k->v.hidden = k->v.hidden || p.state == MANAGE_HIDDEN;
    if (p.state != MANAGE_SHOWN)
        return p.state == MANAGE_HIDDEN ? tr(k->l, "hidden") : S("–");
    return f->kind == MANAGE_SHARE ? manage_percent(k, p.v / 100)
                                   : manage_decimal(k, p.v, f->decimals);
}

struct str manage_path_of(const struct manage_look *k, const char *page, int64_t team,
                          struct str rule)
{
    struct buf b = buf_new(k->a, 1024);
    buf_fmt(&b, "/%s/staff/figures%s%s?team=%lld", lang_code(k->l), *page ? "/" : "", page,
            (long long)team);
    if (rule.n)
        buf_fmt(&b, "&rule=" STR_FMT, STR_ARG(rule));
    if (k->base)
        buf_fmt(&b, "&base=%d", k->base);
    return buf_get(&b);
}

struct str manage_path(const struct manage_look *k, const char *page)
{
    return manage_path_of(k, page, k->team, k->rule);
}

/* ---- parts ---- */

struct manage_part *manage_part(struct manage_look *k, const char *id, struct str heading)
{
    struct manage_part *p = ARENA_NEW(k->a, struct manage_part);
    p->id = str_of(id);
    p->heading = heading;
    VEC_PUSH(k->a, &k->v.parts, p);
    return p;
}

void manage_say(struct manage_look *k, struct manage_part *p, struct str sentence)
{
    VEC_PUSH(k->a, &p->said, sentence);
}

/* Only of a figure that the catalogue has. */
void manage_def(struct manage_look *k, struct manage_part *p, const char *figure)
{
    const struct figure_def *d = figure_def_find(str_of(figure));
    struct manage_link link = {.words = d ? d->name[k->l] : S(""),
                               .href = figure_def_path(k->a, k->l, str_of(figure))};
    if (d)
        VEC_PUSH(k->a, &p->defs, link);
}

void manage_more(struct manage_look *k, struct manage_part *p, struct str words, struct str href)
{
    struct manage_link link = {.words = words, .href = href};
    if (!k->frozen)
        VEC_PUSH(k->a, &p->more, link);
}

void manage_chart(struct manage_look *k, struct manage_part *p, struct chart c)
{
    c.deep = true;
    if (!k->frozen && !c.csv.n)
        c.csv = str_fmt(k->a, STR_FMT "&csv=" STR_FMT,
                        STR_ARG(manage_path(k, str_z(k->a, k->page))), STR_ARG(c.id));
    VEC_PUSH(k->a, &p->charts, c);
}

struct manage_table *manage_table(struct manage_look *k, struct manage_part *p, struct str caption)
{
    struct manage_table t = {.caption = caption};
    VEC_PUSH(k->a, &p->tables, t);
    return &p->tables.p[p->tables.n - 1];
}

void manage_head(struct manage_look *k, struct manage_table *t, struct str words, bool num)
{
    struct manage_head h = {words, num};
    VEC_PUSH(k->a, &t->heads, h);
}

struct manage_line *manage_line(struct manage_look *k, struct manage_table *t)
{
    VEC_PUSH(k->a, &t->lines, (struct manage_line){0});
    return &t->lines.p[t->lines.n - 1];
}

void manage_cell(struct manage_look *k, struct manage_line *line, struct str text, bool num)
{
    struct manage_cell c = {.text = text, .num = num};
    VEC_PUSH(k->a, line, c);
}

void manage_cell_to(struct manage_look *k, struct manage_line *line, struct str text,
                    struct str href)
{
    struct manage_cell c = {.text = text, .href = k->frozen ? S("") : href, .num = true};
    VEC_PUSH(k->a, line, c);
}
