/*
 * manage_times.c: times to come: how far the third free one is by place and profession (T3), and by
 * profession how many of the booked ones nobody came to, and how many visits have an assessment.
 */
#include "manage/manage_look.h"

#include "calendar/calendar.h"

enum { MONTHS = 12, WEEK = 7 }; /* months: of exact numbers */

/* ---- T3 ---- */

/* Of the calendars at that place: what it is called, and whether the unit has any there. */
static bool place_of(struct manage_look *k, const struct calendars *all, struct str ref,
                     struct str *name)
{
    bool here = !k->team;
    *name = ref;
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->p[i].place, ref)) {
            *name = all->p[i].place_name[k->l];
            here = here || all->p[i].team == k->team;
        }
    return here;
}

static struct manage_value t3_on(struct manage_look *k, const struct manage_rows *rows,
                                 struct str part, struct date day)
{
    struct manage_row where = {.team = 0, .rule = S(""), .part = part, .day = day};
    for (size_t i = 0; i < rows->n; i++)
        if (rows->p[i].day.day == day.day && str_eq(rows->p[i].part, part))
            return manage_at(&k->s, rows, &where);
    return (struct manage_value){0};
}

static struct str days_words(struct manage_look *k, struct manage_value v)
{
    return v.state == MANAGE_SHOWN ? fmt_int(k->a, k->l, v.total) : S("–");
}

static void t3_line(struct manage_look *k, struct manage_table *t, const struct manage_rows *rows,
                    const struct manage_row *r, struct str place,
                    const struct named_list *professions)
{
    struct str profession = r->part;
    str_cut(&profession, '/');
    struct manage_line *line = manage_line(k, t);
    manage_cell(k, line, place, false);
    manage_cell(k, line, named_find(professions, profession, k->l), false);
    manage_cell(k, line, days_words(k, r->v), true);
    manage_cell(k, line, days_words(k, t3_on(k, rows, r->part, date_add(r->day, -WEEK))), true);
    manage_cell(k, line, fmt_int(k->a, k->l, r->v.n), true);
}

void manage_put_t3(struct manage_look *k)
{
    struct manage_part *p =
        manage_part(k, "t3", tr(k->l, "Days to the third free time, by place and profession"));
    struct date until = k->s.until;
    struct manage_ask ask = {.measure = PUBLISH_T3, .cut = CUT_DAY, .to = until};
    struct calendars calendars = calendars_load(k->a, k->db);
    struct named_list professions = professions_load(k->a, k->db);
    struct manage_rows rows = {0};
    if (date_is(until)) {
        ask.from = date_add(until, -WEEK);
        rows = manage_read(&k->s, &ask);
    }
    struct manage_table *t = manage_table(k, p, p->heading);
    manage_head(k, t, tr(k->l, "Place"), false);
    manage_head(k, t, tr(k->l, "Profession"), false);
    manage_head(k, t, tr(k->l, "Days now"), true);
    manage_head(k, t, tr(k->l, "A week before"), true);
    manage_head(k, t, tr(k->l, "Calendars"), true);
    for (size_t i = 0; i < rows.n; i++) {
        struct str rest = rows.p[i].part, name;
        if (rows.p[i].day.day == until.day && place_of(k, &calendars, str_cut(&rest, '/'), &name))
            t3_line(k, t, &rows, &rows.p[i], name, &professions);
    }
    if (t->lines.n)
        manage_say(k, p,
                   tr(k->l, "182: no time can be given. It tells of calendars, not of people, and "
                            "so nothing of it is hidden."));
    else
        manage_say(k, p, tr(k->l, "Nothing of this can be told."));
    manage_def(k, p, "t3");
}

/* ---- visits by profession ---- */

/* Of as many months as can all be told: which months are hidden depends on what is counted, so that
 * a sum of those that are not would tell something else. */
struct visits {
    struct manage_value visits, assessed, missed;
};

static struct manage_rows read_visits(struct manage_look *k, int measure, struct manage_span months)
{
    struct manage_ask ask = {.measure = measure,
                             .cut = CUT_PART,
                             .team = k->team,
                             .rule = S(""),
                             .from = months.from,
                             .to = months.to};
    return manage_read(&k->s, &ask);
}

static struct visits sum_visits(struct manage_look *k, const struct manage_rows rows[3],
                                struct str part, struct manage_span months)
{
    struct manage_value v[3];
    for (int i = 0; i < 3; i++) {
        v[i] = (struct manage_value){.state = MANAGE_SHOWN};
        for (struct date m = months.from; m.day <= months.to.day; m = date_add_months(m, 1)) {
            struct manage_row where = {.team = k->team, .rule = S(""), .part = part, .day = m};
            v[i] = manage_add(v[i], manage_at(&k->s, &rows[i], &where));
        }
    }
    return (struct visits){v[0], v[1], v[2]};
}

/* "6% (5–8%)": with its interval. */
static struct str share_words(struct manage_look *k, struct manage_value part,
                              struct manage_value whole)
{
    struct manage_share s;
    struct manage_value both = manage_add(part, whole);
    if (both.state != MANAGE_SHOWN)
        return manage_n(k, both);
    if (!manage_wilson(part.n, whole.n, &s))
        return S("–");
    struct str words[] = {manage_percent(k, s.v), manage_decimal(k, 100 * s.low, 0),
                          manage_percent(k, s.high)};
    return tr_fill(k->a, tr(k->l, "%1 (%2–%3)"), words, 3);
}

void manage_put_professions(struct manage_look *k)
{
    static const int measures[] = {FACT_VISIT, FACT_ASSESSED, FACT_MISSED};
    struct manage_part *p = manage_part(k, "professions", tr(k->l, "Visits by profession"));
    struct date last = manage_month(&k->s, k->team);
    if (!date_is(last) || (k->team && !manage_exact(&k->s, k->team))) {
        manage_say(k, p, tr(k->l, "Published of the whole county, not of each unit."));
        return;
    }
    struct manage_span months = {k->team ? date_add_months(last, 1 - MONTHS) : last, last};
    struct named_list professions = professions_load(k->a, k->db);
    struct manage_rows rows[3];
    for (int i = 0; i < 3; i++)
        rows[i] = read_visits(k, measures[i], months);
    struct manage_table *t = manage_table(k, p, p->heading);
    manage_head(k, t, tr(k->l, "Profession"), false);
    manage_head(k, t, tr(k->l, "Visits"), true);
    manage_head(k, t, tr(k->l, "With a recorded assessment"), true);
    manage_head(k, t, tr(k->l, "Did not come"), true);
    for (size_t i = 0; i < professions.n; i++) {
        struct visits v = sum_visits(k, rows, professions.p[i].ref, months);
        if (!v.visits.n && !v.missed.n && v.visits.state == MANAGE_SHOWN &&
            v.missed.state == MANAGE_SHOWN)
            continue;
        struct manage_line *line = manage_line(k, t);
        manage_cell(k, line, professions.p[i].name[k->l], false);
        manage_cell(k, line, manage_n(k, v.visits), true);
        manage_cell(k, line, share_words(k, v.assessed, v.visits), true);
        manage_cell(k, line, share_words(k, v.missed, manage_add(v.missed, v.visits)), true);
    }
    manage_sayf(k, p, tr(k->l, "From %1 to %2. In brackets are 95% intervals."),
                fmt_month(k->a, k->l, months.from), fmt_month(k->a, k->l, months.to));
    manage_def(k, p, "coverage");
    manage_def(k, p, "no-shows");
}
