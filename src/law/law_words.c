/*
 * law_words.c: a clock as people read it. Where two readings exist the earlier is told until it has
 * passed: it is the one that is safe to promise.
 */
#include "law/law_data.h"

static struct str fill(struct arena *a, struct str text, struct str arg)
{
    return tr_fill(a, text, &arg, 1);
}

/* Its own text for each weekday: Finnish bends the day's name. With the time, where the clock ends
 * before the day does. */
static struct str by_date(struct arena *a, enum lang lang, struct date d, int minute)
{
    static const char *const by[] = {
        N_("by Monday %1"), N_("by Tuesday %1"),  N_("by Wednesday %1"), N_("by Thursday %1"),
        N_("by Friday %1"), N_("by Saturday %1"), N_("by Sunday %1"),
    };
    struct str when = minute < 0 ? fmt_date(a, lang, d) : fmt_when(a, lang, instant_at(d, minute));
    return fill(a, tr(lang, by[date_weekday(d) - 1]), when);
}

static struct str overdue(struct arena *a, enum lang lang, const struct law_clock *c,
                          struct instant now)
{
    int days = date_of(now).day - c->due.day;
    if (days <= 0)
        return fill(a, tr(lang, "overdue since %1"), fmt_time(a, lang, minute_of(c->due_at)));
    return fill(a, tr_n(lang, "overdue by %1 day", "overdue by %1 days", days),
                fmt_int(a, lang, days));
}

struct str law_when(struct arena *a, enum lang lang, const struct law_clock *c, struct instant now)
{
    if (law_state(c, now) == LAW_OVER)
        return overdue(a, lang, c, now);
    int today = date_of(now).day;
    struct date by = date_is(c->warn) && today <= c->warn.day ? c->warn : c->due;
    bool timed = c->due_at.ms < law_clock_end(c).ms;
    int minute = timed ? minute_of(c->due_at) : -1;
    struct str time = timed ? fmt_time(a, lang, minute) : S("");
    if (by.day == today)
        return timed ? fill(a, tr(lang, "today by %1"), time) : tr(lang, "today");
    if (by.day == today + 1)
        return timed ? fill(a, tr(lang, "tomorrow by %1"), time) : tr(lang, "by tomorrow");
    return by_date(a, lang, by, minute);
}

struct str law_words(struct arena *a, const struct law *law, enum lang lang,
                     const struct law_clock *c, struct instant now)
{
    struct buf b = buf_new(a, 0);
    buf_str(&b, law_rule(law, c->rule)->name[lang]);
    buf_lit(&b, ": ");
    buf_str(&b, law_when(a, lang, c, now));
    return buf_get(&b);
}
