/*
 * manage_list.c: from a number to what it is made of. Who may see the matters of the team gets
 * them, each leading to its page. All others get groups, never a matter: the cells that were
 * published, and none where the number itself is hidden or smaller than what may be told.
 */
#include "manage/manage_web.h"

#include "matter/fact.h"

enum { LINES_MOST = 200 };

static const struct what {
    const char *code, *words, *def;
    int measure, days; /* days: will be over within so many; 0: over; -1: all that wait */
} whats[] = {
    {"over", N_("Over the limit"), "waiting-over", PUBLISH_WAITING_OVER, 0},
    {"soon7", N_("Over within 7 days"), "due-soon", PUBLISH_SOON7, 7},
    {"soon14", N_("Over within 14 days"), "due-soon", PUBLISH_SOON14, 14},
    {"soon30", N_("Over within 30 days"), "due-soon", PUBLISH_SOON30, 30},
    {"waiting", N_("Waiting"), "waiting", PUBLISH_WAITING, -1},
};

static const struct what *what_of(struct str code)
{
    for (size_t i = 0; i < sizeof whats / sizeof *whats; i++)
        if (str_eq(code, str_of(whats[i].code)))
            return &whats[i];
    return NULL;
}

/* ---- published groups ---- */

struct grouping {
    struct manage_look *k;
    const struct what *what;
    struct str rule; /* empty: all of the law's */
};

static struct manage_value cell(struct grouping *g, const struct manage_ask *ask, struct str part)
{
    struct manage_rows rows = manage_read(&g->k->s, ask);
    struct manage_row where = {
        .team = ask->team, .rule = ask->rule, .part = part, .day = ask->from};
    return manage_at(&g->k->s, &rows, &where);
}

static struct manage_ask ask_of(const struct grouping *g, int64_t team, struct str rule)
{
    struct date day = manage_until(&g->k->s, team);
    return (struct manage_ask){.measure = g->what->measure,
                               .cut = CUT_DAY,
                               .team = team,
                               .rule = rule,
                               .from = day,
                               .to = day};
}

static struct manage_table *group_table(struct grouping *g, const char *id, struct str heading,
                                        struct str first)
{
    struct manage_part *p = manage_part(g->k, id, heading);
    struct manage_table *t = manage_table(g->k, p, heading);
    manage_head(g->k, t, first, false);
    manage_head(g->k, t, tr(g->k->l, "Matters"), true);
    return t;
}

/* A line where there is anything to tell. */
static void group_line(struct grouping *g, struct manage_table *t, struct str name,
                       struct manage_value v)
{
    if (v.state == MANAGE_NONE || (v.state == MANAGE_SHOWN && !v.n))
        return;
    struct manage_line *line = manage_line(g->k, t);
    manage_cell(g->k, line, name, false);
    manage_cell(g->k, line, manage_n(g->k, v), true);
}

static void put_units(struct grouping *g)
{
    struct manage_look *k = g->k;
    struct manage_table *t = group_table(g, "units", tr(k->l, "By unit"), tr(k->l, "Unit"));
    for (size_t i = 0; i < k->teams.n; i++) {
        struct manage_ask ask = ask_of(g, k->teams.p[i].id, g->rule);
        group_line(g, t, k->teams.p[i].name[k->l], cell(g, &ask, S("")));
    }
}

static void put_rules(struct grouping *g)
{
    struct manage_look *k = g->k;
    struct manage_table *t =
        group_table(g, "limits", tr(k->l, "By time limit"), tr(k->l, "Time limit"));
    for (size_t i = 0; i < law_rule_count(k->law); i++) {
        const struct law_rule *r = law_rule(k->law, (int)i);
        struct manage_ask ask = ask_of(g, k->team, r->id);
        if (r->kind == LAW_STATUTE)
            group_line(g, t, r->name[k->l], cell(g, &ask, S("")));
    }
}

static void put_bands(struct grouping *g)
{
    struct manage_look *k = g->k;
    const struct publish_bands *bands = publish_bands();
    struct manage_table *t =
        group_table(g, "bands", tr(k->l, "By how long they have waited"), tr(k->l, "Has waited"));
    for (size_t i = 0; i < bands->n; i++) {
        struct manage_ask ask = ask_of(g, k->team, g->rule);
        ask.measure = PUBLISH_BAND;
        group_line(g, t, bands->p[i].name[k->l], cell(g, &ask, bands->p[i].code));
    }
}

static void put_groups(struct grouping *g, struct manage_part *p)
{
    struct manage_look *k = g->k;
    struct manage_ask ask = ask_of(g, k->team, g->rule);
    struct manage_value all = cell(g, &ask, S(""));
    struct str n = manage_n(k, all);
    manage_say(k, p, tr_fill(k->a, tr(k->l, "Number of matters: %1"), &n, 1));
    if (!g->rule.n && all.state == MANAGE_HIDDEN) {
        manage_say(k, p,
                   tr(k->l, "Some time limits have small numbers, so that what they all are "
                            "together is not told. Each limit whose number can be told:"));
        put_rules(g);
        return;
    }
    if (all.state != MANAGE_SHOWN || all.n < publish_few()) {
        manage_say(k, p,
                   tr(k->l, "This is too small a group to be opened: somebody could be "
                            "recognised."));
        return;
    }
    manage_say(k, p,
               tr(k->l, "Each line is a group, never a single matter, and is shown as it was "
                        "published. What a matter is about and whose it is, its own team "
                        "sees."));
    if (!k->team)
        put_units(g);
    if (!g->rule.n)
        put_rules(g);
    if (g->what->days < 0)
        put_bands(g);
}

/* ---- the matters of an own team ---- */

static bool fits(const struct grouping *g, const struct matter_line *m)
{
    int64_t left = date_of((struct instant){m->due_at.ms - 1}).day - g->k->s.today.day;
    if (g->rule.n ? !str_eq(m->due_rule, g->rule) : !law_is_statute(g->k->law, m->due_rule))
        return false;
    return g->what->days < 0 || (g->what->days ? left >= 0 && left < g->what->days : left < 0);
}

static void put_line(struct manage_look *k, struct manage_table *t, const struct matter_line *m)
{
    struct manage_line *line = manage_line(k, t);
    struct str age = m->age < 0 ? tr(k->l, "not known") : fmt_int(k->a, k->l, m->age);
    struct manage_cell first = {
        .text = matter_ref_shown(k->a, m->ref),
        .href = str_fmt(k->a, "/%s/staff/matter/" STR_FMT, lang_code(k->l), STR_ARG(m->ref))};
    enum matter_channel channel = CHANNEL_WEB;
    VEC_PUSH(k->a, line, first);
    manage_cell(k, line, manage_rule_name(k, m->due_rule), false);
    manage_cell(k, line, law_when(k->a, k->l, &m->clock, k->now), false);
    manage_cell(k, line, fmt_days(k->a, k->l, k->s.today.day - date_of(m->received).day), false);
    manage_cell(k, line, age, true);
    manage_cell(k, line,
                matter_channel_from(m->channel, &channel) ? tr(k->l, matter_channel_words(channel))
                                                          : m->channel,
                false);
}

static void put_matters(struct grouping *g, struct manage_part *p)
{
    struct manage_look *k = g->k;
    struct queue_filter f = {.team = k->team,
                             .clock = g->what->days ? QUEUE_ALL : QUEUE_OVER,
                             .limit = LINES_MOST,
                             .now = k->now};
    struct matter_lines all = matter_queue(k->a, k->db, k->law, &f);
    struct manage_table *t = manage_table(k, p, p->heading);
    const char *heads[] = {N_("Matter"),        N_("Time limit"), N_("Due"),
                           N_("Since it came"), N_("Age"),        N_("Channel")};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        manage_head(k, t, tr(k->l, heads[i]), i == 4);
    for (size_t i = 0; i < all.n; i++)
        if (fits(g, &all.p[i]))
            put_line(k, t, &all.p[i]);
    manage_say(k, p,
               tr(k->l, "By the time limit that ends first: a matter with several stands once, "
                        "and so this may be fewer than the number. Opening one is logged."));
    if (!t->lines.n)
        manage_say(k, p, tr(k->l, "There are none."));
    if (all.n == LINES_MOST)
        manage_say(k, p, tr(k->l, "There are more. The first due are shown."));
}

bool manage_list(struct manage_look *k, struct str code, struct str rule)
{
    const struct what *what = what_of(code);
    if (!what || (rule.n && law_rule_find(k->law, rule) < 0))
        return false;
    struct grouping g = {k, what, rule};
    struct str names[] = {tr(k->l, what->words),
                          rule.n ? manage_rule_name(k, rule) : tr(k->l, "all limits of the law")};
    k->v.title = tr_fill(k->a, tr(k->l, "%1: %2"), names, 2);
    struct manage_part *p = manage_part(k, "list", tr(k->l, "What the number is made of"));
    if (manage_exact(&k->s, k->team))
        put_matters(&g, p);
    else
        put_groups(&g, p);
    manage_def(k, p, what->def);
    for (size_t i = 1; i < k->v.parts.n; i++)
        if (!k->v.parts.p[i]->tables.p[0].lines.n)
            manage_say(k, k->v.parts.p[i], tr(k->l, "Nothing of this can be told."));
    return true;
}

void manage_list_get(struct rq *rq)
{
    struct manage_look k;
    if (!manage_open(rq, "list", &k))
        return;
    k.v.told = manage_told(&k);
    if (manage_list(&k, rq_query(rq, "what"), rq_query(rq, "rule")))
        manage_show(rq, &k);
    else
        rq_fault(rq, ERR_NOT_FOUND);
}
