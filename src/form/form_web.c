/*
 * form_web.c: see form_web.h. What is written stands in pages/form_items.html.
 */
#include "form/form_web.h"

#include "form/form_pages.h"

#include <assert.h>

struct form_input form_input_new(struct arena *a, const struct form *f, struct date today)
{
    struct fields *none = ARENA_NEW(a, struct fields);
    return (struct form_input){
        .sent = none, .answers = form_answer(a, f, none, FORM_ALL, today), .fresh = true};
}

void form_render_step(struct page *pg, const struct form *f, size_t step,
                      const struct form_input *in)
{
    assert(step < f->step_n && in->answers->form == f);
    struct form_view_items items = form_view_step(pg, f, step, in);
    form_step(pg, f->items[f->steps[step]].text[pg->lang], &items);
}

void form_render_all(struct page *pg, const struct form *f, const struct form_input *in)
{
    struct form_view_items items = form_view_all(pg, f, in);
    form_item_list(pg, &items);
}

/* ---- hidden inputs ---- */

static void carry(struct arena *a, const struct fields *sent, struct str name, size_t most,
                  struct fields *out)
{
    for (size_t i = 0; i < sent->n && most; i++)
        if (str_eq(sent->p[i].name, name) && sent->p[i].value.n) {
            VEC_PUSH(a, out, sent->p[i]);
            most--;
        }
}

void form_render_hidden(struct page *pg, const struct form *f, size_t step,
                        const struct form_input *in)
{
    struct fields fields = {0};
    for (size_t i = 0; i < f->item_n; i++) {
        const struct form_item *it = &f->items[i];
        if (it->step == step || it->kind == FORM_GROUP || it->kind == FORM_DISPLAY)
            continue;
        carry(pg->a, in->sent, it->field, it->repeats ? it->option_n : 1, &fields);
        for (const char *part = "dmy"; it->kind == FORM_DATE && *part; part++)
            carry(pg->a, in->sent, str_fmt(pg->a, STR_FMT ".%c", STR_ARG(it->field), *part), 1,
                  &fields);
    }
    form_hidden(pg, &fields);
}

/* ---- errors ---- */

struct str form_error_target(struct arena *a, const struct form_item *it)
{
    if (it->kind == FORM_CHOICE || it->kind == FORM_BOOLEAN)
        return str_fmt(a, STR_FMT ".1", STR_ARG(it->field));
    if (it->kind == FORM_DATE)
        return str_fmt(a, STR_FMT ".d", STR_ARG(it->field));
    return it->field;
}

/* "When did it begin? Choose an answer." A question without a question mark gets a colon. */
struct str form_error_line(struct arena *a, enum lang l, const struct form *f,
                           const struct form_error *e)
{
    struct str question = f->items[e->item].text[l], problem = form_error_text(a, l, e);
    const char *colon = str_ends(question, S("?")) || str_ends(question, S(".")) ? "" : ":";
    return str_fmt(a, STR_FMT "%s " STR_FMT, STR_ARG(question), colon, STR_ARG(problem));
}

void form_render_error_summary(struct page *pg, const struct form *f, const struct form_input *in)
{
    struct ui_errors list = {0};
    const struct form_errors *errors = &in->answers->errors;
    if (in->fresh || errors->n == 0)
        return;
    for (size_t i = 0; i < errors->n; i++) {
        const struct form_error *e = &errors->p[i];
        VEC_PUSH(pg->a, &list,
                 (struct ui_error){.target = form_error_target(pg->a, &f->items[e->item]),
                                   .text = form_error_line(pg->a, pg->lang, f, e)});
    }
    ui_errors(pg, &list);
}

void form_render_answers(struct page *pg, const struct form_lines *lines, struct str change)
{
    form_answer_list(pg, lines, change);
}
