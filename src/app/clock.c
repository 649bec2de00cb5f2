/* clock.c: see clock.h. */
#include "app/clock.h"

static struct str sentence(struct arena *a, struct str s)
{
    if (!s.n || s.p[0] < 'a' || s.p[0] > 'z')
        return s;
    return str_fmt(a, "%c" STR_FMT, s.p[0] - 'a' + 'A', STR_ARG(str_sub(s, 1, s.n)));
}

struct ui_clock clock_running(struct arena *a, const struct law *law, enum lang l,
                              const struct law_clock *c, struct instant now)
{
    static const enum ui_clock_state states[] = {[LAW_IN_TIME] = UI_CLOCK_TIME,
                                                 [LAW_DUE_TODAY] = UI_CLOCK_TODAY,
                                                 [LAW_OVER] = UI_CLOCK_OVER};
    if (c->rule < 0 || !date_is(c->due)) /* a rule that the data does not know any more */
        return (struct ui_clock){.state = UI_CLOCK_TIME};
    return (struct ui_clock){.state = states[law_state(c, now)],
                             .when = sentence(a, law_when(a, l, c, now)),
                             .what = law_rule(law, c->rule)->name[l]};
}
