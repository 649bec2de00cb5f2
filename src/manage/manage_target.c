/* manage_target.c: targets: which hold, all that were set, and setting one (managers alone). */
#include "manage/manage_web.h"

#include "manage/manage_pages.h"

#include <math.h>

enum { SOURCE_LONGEST = 200, TARGETS_MOST = 2000 };

/* What is sent, checked. */
struct setting {
    struct manage_target t;
    struct str value, from;
    struct manage_target_view v;
};

struct str manage_target_words(struct manage_look *k, const struct manage_target *t)
{
    const struct manage_figure *f = manage_figure_find(t->figure);
    if (t->none)
        return tr(k->l, "no target");
    if (!f)
        return manage_decimal(k, t->value, 1);
    struct str words[] = {manage_decimal(k, t->value, fmod(t->value, 1) != 0), tr(k->l, f->unit)};
    return tr_fill(
        k->a, f->aim == CHART_AT_MOST ? tr(k->l, "at most %1 (%2)") : tr(k->l, "at least %1 (%2)"),
        words, 2);
}

static void target_line(struct manage_look *k, struct manage_table *table,
                        const struct manage_target *t, bool who)
{
    const struct manage_figure *f = manage_figure_find(t->figure);
    struct manage_line *line = manage_line(k, table);
    manage_cell(k, line, f ? tr(k->l, f->words) : t->figure, false);
    manage_cell(k, line, t->rule.n ? manage_rule_name(k, t->rule) : S("–"), false);
    manage_cell(k, line, manage_team_name(k, t->team), false);
    manage_cell(k, line, manage_target_words(k, t), false);
    manage_cell(k, line, fmt_date(k->a, k->l, t->from), false);
    manage_cell(k, line, t->source, false);
    if (!who)
        return;
    struct str by[] = {t->staff_name.n ? t->staff_name : tr(k->l, "the program"),
                       fmt_when(k->a, k->l, t->at)};
    manage_cell(k, line, tr_fill(k->a, tr(k->l, "%1, %2"), by, 2), false);
}

static void heads(struct manage_look *k, struct manage_table *t, struct str caption, bool who)
{
    static const char *const words[] = {N_("Figure"), N_("Time limit"), N_("Unit"),
                                        N_("Target"), N_("Holds from"), N_("Source")};
    t->caption = caption;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        manage_head(k, t, tr(k->l, words[i]), false);
    if (who)
        manage_head(k, t, tr(k->l, "Set by"), false);
}

static void put_lists(struct manage_look *k, struct manage_target_view *v)
{
    struct date today = date_of(k->now);
    heads(k, &v->now, tr(k->l, "Targets"), false);
    heads(k, &v->past, tr(k->l, "All that was set"), true);
    for (size_t i = 0; i < k->targets.n; i++) {
        const struct manage_target *t = &k->targets.p[i];
        if (manage_target_on(&k->targets, t->figure, t->rule, t->team, today) == t)
            target_line(k, &v->now, t, false);
    }
    for (size_t i = k->targets.n; i-- > 0;)
        target_line(k, &v->past, &k->targets.p[i], true);
}

static void put_form(struct manage_look *k, struct setting *s)
{
    struct manage_target_view *v = &s->v;
    v->figure = (struct ui_choice){.name = S("figure"), .label = tr(k->l, "Figure")};
    for (size_t i = 0; i < manage_figure_n; i++) {
        const struct manage_figure *f = &manage_figures[i];
        struct str words[] = {tr(k->l, f->words), tr(k->l, f->unit)};
        manage_option(k, &v->figure, str_of(f->id), tr_fill(k->a, tr(k->l, "%1 (%2)"), words, 2),
                      str_eq(s->t.figure, str_of(f->id)));
    }
    v->rule = manage_rule_choice(k, s->t.rule);
    v->rule.hint = tr(k->l, "Of figures of waits. Other figures are of all matters.");
    v->team = manage_team_choice(k, "team", s->t.team);
    v->team.hint = tr(k->l, "The county's holds for each unit that has none of its own.");
    v->value =
        (struct ui_field){.name = S("value"),
                          .label = tr(k->l, "Target"),
                          .hint = tr(k->l, "A number, in the figure's unit. Empty: no target "
                                           "from then on."),
                          .value = s->value,
                          .optional = true,
                          .size = "short",
                          .longest = 12,
                          .error = ui_error_of(&v->errors, S("value"))};
    v->from = (struct ui_field){.name = S("from"),
                                .label = tr(k->l, "Holds from"),
                                .type = "date",
                                .value = s->from,
                                .error = ui_error_of(&v->errors, S("from"))};
    v->source = (struct ui_field){.name = S("source"),
                                  .label = tr(k->l, "Source"),
                                  .hint = tr(k->l, "Who decided it, and where it is written."),
                                  .value = s->t.source,
                                  .longest = SOURCE_LONGEST,
                                  .error = ui_error_of(&v->errors, S("source"))};
}

static void show(struct rq *rq, struct manage_look *k, struct setting *s)
{
    s->v.may = rq->session.roles & ROLE_MANAGER;
    put_lists(k, &s->v);
    put_form(k, s);
    rq->page.failed = s->v.errors.n > 0;
    manage_begin(rq, tr(k->l, "Targets"));
    manage_targets_page(&rq->page, &k->v, &s->v);
    rq_page_end(rq);
}

void manage_targets_get(struct rq *rq)
{
    struct manage_look k;
    struct setting s = {.from = date_iso(rq->a, date_of(rq->now))};
    if (!manage_open(rq, "targets", &k))
        return;
    s.t.team = k.team;
    s.t.rule = k.rule;
    if (rq_query(rq, "done").n)
        s.v.done = (struct ui_notice){
            .tone = UI_DONE, .live = true, .text = tr(k.l, "The target is set.")};
    show(rq, &k, &s);
}

static void wrong(struct manage_look *k, struct setting *s, struct str field, struct str words)
{
    struct ui_error e = {.target = field, .text = words};
    VEC_PUSH(k->a, &s->v.errors, e);
}

/* "12", "12.5", "12,5": not below 0, and no more than a figure can be. */
static bool read_number(struct str text, double *out)
{
    double v = 0, part = 0;
    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        if ((ch == '.' || ch == ',') && part == 0 && i > 0 && i + 1 < text.n)
            part = 1;
        else if (ch < '0' || ch > '9')
            return false;
        else if (part > 0)
            v += (part /= 10) * (ch - '0');
        else
            v = v * 10 + (ch - '0');
    }
    *out = v;
    return text.n > 0 && v < 1e9;
}

static void check(struct rq *rq, struct manage_look *k, struct setting *s)
{
    const struct manage_figure *f = manage_figure_find(rq_form(rq, "figure"));
    struct str rule = rq_form(rq, "rule");
    s->value = rq_form(rq, "value");
    s->from = rq_form(rq, "from");
    s->t.source = rq_form(rq, "source");
    if (f)
        s->t.figure = str_of(f->id);
    else
        wrong(k, s, S("figure"), tr(k->l, "Choose a figure."));
    if (f && f->of_rule && law_rule_find(k->law, rule) < 0)
        wrong(k, s, S("rule"), tr(k->l, "Choose a time limit."));
    s->t.rule = f && f->of_rule ? rule : S("");
    s->t.none = !s->value.n;
    if (!s->t.none && !read_number(s->value, &s->t.value))
        wrong(k, s, S("value"), tr(k->l, "Write a number, such as 14 or 2.5."));
    else if (f && f->kind == MANAGE_SHARE && s->t.value > 100)
        wrong(k, s, S("value"), tr(k->l, "A share is at most 100 per cent."));
    if (!date_parse(s->from, &s->t.from))
        wrong(k, s, S("from"), tr(k->l, "Choose the day from which it holds."));
    if (!s->t.source.n || str_utf8_len(s->t.source) > SOURCE_LONGEST)
        wrong(k, s, S("source"), tr(k->l, "Write who decided it, in at most 200 characters."));
    if (k->targets.n >= TARGETS_MOST)
        wrong(k, s, S("figure"), tr(k->l, "There are too many targets."));
}

static void set_commit(struct rq *rq)
{
    manage_target_set(rq->db, rq->user);
    rq_redirectf(rq, "/%s/staff/figures/targets?done=set", lang_code(rq_lang(rq)));
}

void manage_targets_post(struct rq *rq)
{
    struct manage_who who;
    struct setting *s = ARENA_NEW(rq->a, struct setting);
    if (!manage_who_of(rq, rq_form(rq, "team"), &who)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    who.page = S("targets");
    struct manage_look k = manage_look_open(rq->a, rq->db, rq->app->law, &who);
    manage_nav_put(&k);
    s->t = (struct manage_target){.team = who.team, .staff = rq->session.staff, .at = rq->now};
    check(rq, &k, s);
    if (s->v.errors.n) {
        rq_status(rq, 422);
        show(rq, &k, s);
        return;
    }
    rq->user = &s->t;
    rq_commit(rq, set_commit);
}
