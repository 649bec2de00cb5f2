/* plan_words.c: working plans in words. */
#include "calendar/plan_view.h"

#include "i18n/week.h"

struct str plan_hours_words(const struct plan_telling *t, int start, int end)
{
    char dot = t->l == LANG_EN ? ':' : '.';
    if (start == 0 && end == DAY_MINUTES)
        return tr(t->l, "The whole day");
    return str_fmt(t->a, "%d%c%02d–%d%c%02d", start / 60, dot, start % 60, end / 60, dot, end % 60);
}

static struct str day_word(const struct plan_telling *t, int day, bool first)
{
    struct str s = tr(t->l, weekday_words(day));
    return first || t->l == LANG_EN ? s : str_lower(t->a, s);
}

/* Three days or more in a row are told by their ends. */
struct str plan_days_words(const struct plan_telling *t, unsigned days)
{
    struct buf b = buf_new(t->a, 0);
    for (int d = 0; d < 7; d++) {
        int to = d;
        if (!(days >> d & 1))
            continue;
        while (to < 6 && days >> (to + 1) & 1)
            to++;
        if (b.n)
            buf_lit(&b, ", ");
        struct str run[] = {day_word(t, d, b.n == 0), day_word(t, to, false)};
        if (to >= d + 2) {
            buf_str(&b, tr_fill(t->a, tr(t->l, "%1 to %2"), run, 2));
            d = to;
        } else {
            buf_str(&b, run[0]);
        }
    }
    return buf_get(&b);
}

struct str plan_dates_words(const struct plan_telling *t, struct date from, struct date to)
{
    struct str ends[] = {fmt_date(t->a, t->l, from),
                         date_is(to) ? fmt_date(t->a, t->l, to) : S("")};
    if (!date_is(to))
        return tr_fill(t->a, tr(t->l, "From %1 on"), ends, 1);
    if (from.day == to.day)
        return ends[0];
    return str_fmt(t->a, STR_FMT "–" STR_FMT, STR_ARG(ends[0]), STR_ARG(ends[1]));
}

struct str plan_types_words(const struct plan_telling *t, struct str types)
{
    struct buf b = buf_new(t->a, 0);
    while (types.n) {
        struct str one = str_cut(&types, ' ');
        const struct service_type *type = service_types_by_ref(t->types, one);
        if (b.n)
            buf_lit(&b, ", ");
        buf_str(&b, type ? type->name[t->l] : one);
    }
    return b.n ? buf_get(&b) : S("");
}

static void add(struct buf *b, struct str words)
{
    if (b->n && words.n)
        buf_lit(b, " · ");
    buf_str(b, words);
}

struct str plan_length_words(const struct plan_telling *t, int minutes)
{
    if (minutes % 60)
        return str_fmt(t->a, "%d h %d min", minutes / 60, minutes % 60);
    return str_fmt(t->a, "%d h", minutes / 60);
}

struct str plan_more_words(const struct plan_telling *t, const struct plan_rule *r)
{
    struct buf b = buf_new(t->a, 0);
    if (r->on_site && r->remote)
        add(&b, tr(t->l, "On site or remote"));
    else
        add(&b, r->remote ? tr(t->l, "Remote") : tr(t->l, "On site"));
    add(&b, plan_types_words(t, r->types));
    if (r->share != SHARE_OPEN)
        add(&b, tr(t->l, plan_share_words(r->share)));
    if (r->share == SHARE_SAME_DAY && r->release_minutes) {
        struct str args[] = {plan_length_words(t, r->release_minutes)};
        add(&b, tr_fill(t->a, tr(t->l, "for everybody from %1 before"), args, 1));
    }
    if (r->every > 1) {
        struct str args[] = {fmt_int(t->a, t->l, r->every)};
        add(&b, tr_fill(t->a, tr(t->l, "every %1 weeks"), args, 1));
    }
    if (r->holidays)
        add(&b, tr(t->l, "also on public holidays"));
    return buf_get(&b);
}

struct str plan_kind_words(enum lang l, const struct calendar *c)
{
    static const char *const kinds[CALENDAR_KINDS] = {N_("Professional"), N_("Room"), N_("Device"),
                                                      N_("Team")};
    return tr(l, kinds[c->kind]);
}
