/*
 * manage_flow.c: how matters flow: how long from arrival to closing, how much of it somebody worked
 * on them, how often they changed hands, and in which step they stood.
 */
#include "manage/manage_look.h"

#include "matter/fact.h"

#include <stdlib.h>

static void put_trends(struct manage_look *k)
{
    struct manage_part *p = manage_part(k, "lead", tr(k->l, "From arrival to closing"));
    manage_trend(k, p, &(struct manage_trend){"lead", tr(k->l, "Lead time, mean"), {"lead-time"}});
    manage_trend(k, p,
                 &(struct manage_trend){"touch", tr(k->l, "Touch time, mean"), {"touch-time"}});
    p = manage_part(k, "hands", tr(k->l, "From hand to hand"));
    manage_trend(k, p,
                 &(struct manage_trend){
                     "hands", tr(k->l, "Hand-offs of a closed matter, mean"), {"hand-offs"}});
    p = manage_part(k, "first", tr(k->l, "Solved at first contact, and coming again"));
    manage_trend(k, p,
                 &(struct manage_trend){"first",
                                        tr(k->l, "Solved at first contact, and contacts again"),
                                        {"first-contact", "again-7", "again-14"}});
    p = manage_part(k, "visits", tr(k->l, "Visits"));
    manage_trend(k, p,
                 &(struct manage_trend){"visits",
                                        tr(k->l, "Recorded assessments, and missed times"),
                                        {"coverage", "no-shows"}});
}

/* ---- steps ---- */

struct step {
    struct str name;
    struct manage_value v;
};

static int64_t minutes(const struct step *s)
{
    return s->v.state == MANAGE_SHOWN && !s->v.few ? s->v.total : -1;
}

static int by_minutes(const void *x, const void *y)
{
    int64_t a = minutes(x), b = minutes(y);
    return a != b ? (a > b ? -1 : 1)
                  : str_cmp(((const struct step *)x)->name, ((const struct step *)y)->name);
}

static struct str days_of(struct manage_look *k, int64_t minutes_in_all, int64_t n)
{
    enum { DAY = 24 * 60 };
    return n > 0 ? manage_decimal(k, (double)minutes_in_all / (double)n / DAY, 1) : S("–");
}

/* The step in which matters stood longest in all, and how much of all standing that is. */
static void say_bottleneck(struct manage_look *k, struct manage_part *p, const struct step *steps,
                           size_t n)
{
    int64_t all = 0;
    bool whole = true;
    for (size_t i = 0; i < n; i++) {
        whole = whole && minutes(&steps[i]) >= 0;
        all += minutes(&steps[i]) > 0 ? minutes(&steps[i]) : 0;
    }
    if (!n || minutes(&steps[0]) <= 0) {
        manage_say(k, p, tr(k->l, "No step can be told of."));
        return;
    }
    struct str words[] = {steps[0].name,
                          manage_percent(k, (double)minutes(&steps[0]) / (double)all),
                          days_of(k, minutes(&steps[0]), steps[0].v.n)};
    manage_say(k, p,
               tr_fill(k->a,
                       whole
                           ? tr(k->l, "The bottleneck: “%1”. Of all the time that matters stood in "
                                      "a step, %2 was spent there, %3 days each time.")
                           : tr(k->l, "The bottleneck: “%1”. Of the time that matters stood in the "
                                      "steps that can be told, %2 was spent there, %3 days each "
                                      "time."),
                       words, 3));
}

static void table_steps(struct manage_look *k, struct manage_part *p, const struct step *steps,
                        size_t n)
{
    struct manage_table *t = manage_table(k, p, p->heading);
    manage_head(k, t, tr(k->l, "Step"), false);
    manage_head(k, t, tr(k->l, "Times left"), true);
    manage_head(k, t, tr(k->l, "Days in it, mean"), true);
    manage_head(k, t, tr(k->l, "Days in all"), true);
    for (size_t i = 0; i < n; i++) {
        const struct step *s = &steps[i];
        struct manage_line *line = manage_line(k, t);
        manage_cell(k, line, s->name, false);
        manage_cell(k, line, manage_n(k, s->v), true);
        struct str hidden = s->v.state == MANAGE_NONE ? S("–") : tr(k->l, "hidden");
        manage_cell(k, line, minutes(s) < 0 ? hidden : days_of(k, minutes(s), s->v.n), true);
        manage_cell(k, line, minutes(s) < 0 ? hidden : days_of(k, minutes(s), 1), true);
    }
}

static void put_steps(struct manage_look *k)
{
    struct manage_part *p = manage_part(k, "steps", tr(k->l, "Where matters wait"));
    const struct fact_data *data = fact_data();
    struct date month = manage_month(&k->s, k->team);
    struct step *steps = ARENA_ARRAY(k->a, data->steps.n, struct step);
    struct manage_ask ask = {.measure = FACT_STEP_LEFT,
                             .cut = CUT_PART,
                             .team = k->team,
                             .rule = S(""),
                             .from = month,
                             .to = month};
    if (!date_is(month)) {
        manage_say(k, p, tr(k->l, "No whole month has been published yet."));
        return;
    }
    if (k->team && !manage_exact(&k->s, k->team)) { /* published of the county alone */
        manage_say(k, p, tr(k->l, "Published of the whole county, not of each unit."));
        manage_more(k, p, tr(k->l, "The whole county"), manage_path_of(k, "flow", 0, k->rule));
        return;
    }
    struct manage_rows rows = manage_read(&k->s, &ask);
    struct str name = fmt_month(k->a, k->l, month);
    manage_say(k, p, tr_fill(k->a, tr(k->l, "Steps that matters left in %1."), &name, 1));
    for (size_t i = 0; i < data->steps.n; i++) {
        struct manage_row where = {
            .team = k->team, .rule = S(""), .part = data->steps.p[i].code, .day = month};
        steps[i] = (struct step){data->steps.p[i].name[k->l], manage_at(&k->s, &rows, &where)};
    }
    qsort(steps, data->steps.n, sizeof *steps, by_minutes);
    say_bottleneck(k, p, steps, data->steps.n);
    table_steps(k, p, steps, data->steps.n);
    manage_def(k, p, "waiting-by-step");
}

void manage_flow(struct manage_look *k)
{
    k->v.title = tr(k->l, "How matters flow");
    put_steps(k);
    put_trends(k);
    manage_put_professions(k);
}
