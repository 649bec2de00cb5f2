/* view.c: see view.h. */
#include "web/view.h"

#include <assert.h>

struct page_langs page_langs(struct page *pg)
{
    struct page_langs langs = {0};
    struct str path = pg->path.n ? pg->path : S("/");
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        struct page_lang one = {(enum lang)l, code, lang_name((enum lang)l),
                                str_fmt(pg->a, "/%s" STR_FMT, code, STR_ARG(path))};
        VEC_PUSH(pg->a, &langs, one);
    }
    return langs;
}

struct str page_address(struct page *pg, enum lang l)
{
    return str_fmt(pg->a, STR_FMT "/%s" STR_FMT, STR_ARG(pg->site), lang_code(l),
                   STR_ARG(pg->canonical));
}

struct str ui_error_of(const struct ui_errors *errors, struct str id)
{
    for (size_t i = 0; i < errors->n; i++)
        if (str_eq(errors->p[i].target, id))
            return errors->p[i].text;
    return S("");
}

struct ui_time ui_time_at(struct page *pg, struct instant t)
{
    return (struct ui_time){instant_iso(pg->a, t), fmt_when(pg->a, pg->lang, t)};
}

static const struct {
    const char *tone, *icon;
} clock_states[UI_CLOCK_STATES] = {
    [UI_CLOCK_OVER] = {"over", "over"},  [UI_CLOCK_TODAY] = {"today", "today"},
    [UI_CLOCK_TIME] = {"time", "clock"}, [UI_CLOCK_STOPPED] = {"stopped", "pause"},
    [UI_CLOCK_KEPT] = {"kept", "ok"},
};

const char *ui_clock_tone(enum ui_clock_state state)
{
    return clock_states[state].tone;
}

const char *ui_clock_icon(enum ui_clock_state state)
{
    return clock_states[state].icon;
}

struct ui_marks ui_marks(struct page *pg, const struct ui_steps *v)
{
    struct ui_marks marks = {0};
    assert(v->at >= 1 && v->at <= v->of);
    for (int i = 1; i <= v->of; i++)
        VEC_PUSH(pg->a, &marks, (struct ui_mark){.done = i < v->at, .now = i == v->at});
    return marks;
}
