/*
 * form_fuzz.c: hostile Questionnaires, answers and stored responses. The first byte says which;
 * what must hold besides not crashing: a form that was accepted is complete, a dropped answer is
 * not there, and what is written can be read again. Built as a libFuzzer target with -Dfuzz=true;
 * the unit test runs it over broken copies of its own form.
 */
#include "base/guard.h"
#include "base/rand.h"
#include "form/form_web.h"

#include <stdlib.h>

int form_fuzz(struct str small, const uint8_t *data, size_t size);

static const struct date today = {20778};

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check_item(const struct form *f, size_t i)
{
    const struct form_item *it = &f->items[i];
    must(it->end > i && it->end <= f->item_n && it->step < f->step_n);
    must(it->parent == FORM_NONE || it->parent < i);
    must(it->option_n <= FORM_MAX_OPTIONS && (it->kind != FORM_CHOICE || it->option_n >= 2));
    for (int l = 0; l < LANG_COUNT; l++)
        must(it->text[l].n > 0);
    for (size_t c = 0; c < it->when_n; c++)
        must(it->when[c].item < i);
}

static void check_pages(struct arena *a, const struct form *f, const struct fields *sent,
                        const struct form_answers *ans)
{
    struct buf out = buf_new(a, 0);
    struct page pg = {.a = a, .out = &out, .lang = LANG_SV};
    struct form_input in = {.sent = sent, .answers = ans};
    form_render_error_summary(&pg, f, &in);
    for (size_t step = 0; step < f->step_n; step++) {
        form_render_step(&pg, f, step, &in);
        form_render_hidden(&pg, f, step, &in);
    }
    struct form_lines lines = form_lines(a, ans, LANG_FI);
    form_render_answers(&pg, &lines, S("go"));
}

static void check_answers(struct arena *a, const struct form *f, const struct fields *sent)
{
    const struct form_answers *ans = form_answer(a, f, sent, FORM_ALL, today);
    size_t answered = 0;
    for (size_t i = 0; i < f->item_n; i++) {
        must(ans->of[i].enabled || ans->of[i].n == 0);
        answered += ans->of[i].n > 0;
    }
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    struct json_error e;
    form_response_write(&w, NULL, ans, LANG_EN, (struct instant){0});
    const struct jv *response = json_parse(a, buf_get(&b), &e);
    must(response != NULL);
    must(form_response_lines(a, f, response, LANG_EN).n == answered);
    check_pages(a, f, sent, ans);
}

static void try_form(struct arena *a, struct str text)
{
    struct str why = {NULL, 0};
    const struct form *f = form_parse(a, S("fuzz"), text, &why);
    if (!f) {
        must(why.n > 0);
        return;
    }
    for (size_t i = 0; i < f->item_n; i++)
        check_item(f, i);
    struct fields none = {0};
    check_answers(a, f, &none);
}

struct input {
    struct arena *a;
    struct str small, text;
    uint8_t what;
};

static void run(void *arg)
{
    struct input *in = arg;
    struct str why;
    struct json_error e;
    struct fields sent;
    const struct form *small = form_parse(in->a, S("small"), in->small, &why);
    must(small != NULL);
    if (in->what % 3 == 0)
        try_form(in->a, in->text);
    else if (in->what % 3 == 1 && fields_parse(in->a, in->text, FORM_FIELDS, &sent))
        check_answers(in->a, small, &sent);
    else if (in->what % 3 == 2)
        form_response_lines(in->a, small, json_parse(in->a, in->text, &e), LANG_FI);
}

int form_fuzz(struct str small, const uint8_t *data, size_t size)
{
    struct input in = {.a = arena_new(0), .small = small};
    const char *why;
    if (size > 0) {
        in.what = data[0];
        in.text = (struct str){(const char *)data + 1, size - 1};
        enum err e = guard_run(run, &in, &why);
        must(e == ERR_OK || e == ERR_NO_MEMORY);
    }
    arena_free(in.a);
    return 0;
}

#ifdef ASIALLA_FUZZ
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The form of testdata is named by the environment: ASIALLA_FUZZ_FORM. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[64 * 1024];
    static size_t n;
    if (n == 0) {
        const char *path = getenv("ASIALLA_FUZZ_FORM");
        FILE *f = path ? fopen(path, "rb") : NULL;
        must(f != NULL);
        n = fread(text, 1, sizeof text, f);
        fclose(f);
    }
    return form_fuzz((struct str){text, n}, data, size);
}
#endif
