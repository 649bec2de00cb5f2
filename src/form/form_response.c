/*
 * form_response.c: answers as a FHIR R4 QuestionnaireResponse, and back into words. What is stored
 * outlives the form that asked: so the question and option texts are stored beside the codes, and
 * what the present form does not know is shown as it was written.
 */
#include "form/form.h"

/* ---- words ---- */

static struct str yes_no(enum lang l, bool yes)
{
    return yes ? tr(l, "Yes") : tr(l, "No");
}

static struct str value_text(struct arena *a, const struct form_item *it,
                             const struct form_value *v, enum lang l)
{
    switch (it->kind) {
    case FORM_CHOICE:
        return it->options[v->option].label[l];
    case FORM_BOOLEAN:
        return yes_no(l, v->yes);
    case FORM_DATE:
        return fmt_date(a, l, v->date);
    case FORM_INTEGER:
        return fmt_int(a, l, v->number);
    default:
        return v->text;
    }
}

struct form_lines form_lines(struct arena *a, const struct form_answers *ans, enum lang l)
{
    const struct form *f = ans->form;
    struct form_lines lines = {0};
    size_t headed = FORM_NONE;
    for (size_t i = 0; i < f->item_n; i++) {
        const struct form_item *it = &f->items[i];
        if (ans->of[i].n == 0)
            continue;
        struct buf b = buf_new(a, 0);
        for (size_t k = 0; k < ans->of[i].n; k++) {
            if (k)
                buf_char(&b, '\n');
            buf_str(&b, value_text(a, it, &ans->of[i].p[k], l));
        }
        struct form_line line = {.question = it->text[l], .answer = buf_get(&b), .step = it->step};
        if (it->step != headed)
            line.heading = f->items[f->steps[it->step]].text[l];
        headed = it->step;
        VEC_PUSH(a, &lines, line);
    }
    return lines;
}

/* ---- writing ---- */

static void write_value(struct jw *w, const struct form_item *it, const struct form_value *v,
                        enum lang l, struct arena *a)
{
    jw_object(w, NULL);
    if (it->kind == FORM_CHOICE) {
        jw_object(w, "valueCoding");
        jw_str(w, "system", it->system);
        jw_str(w, "code", it->options[v->option].code);
        jw_str(w, "display", it->options[v->option].label[l]);
        jw_end_object(w);
    } else if (it->kind == FORM_BOOLEAN) {
        jw_bool(w, "valueBoolean", v->yes);
    } else if (it->kind == FORM_INTEGER) {
        jw_int(w, "valueInteger", v->number);
    } else if (it->kind == FORM_DATE) {
        jw_str(w, "valueDate", date_iso(a, v->date));
    } else {
        jw_str(w, "valueString", v->text);
    }
    jw_end_object(w);
}

static bool answered(const struct form_answers *ans, size_t item)
{
    for (size_t i = item; i < ans->form->items[item].end; i++)
        if (ans->of[i].n)
            return true;
    return false;
}

/* The items from `from` up to `to`, groups with those inside them; unanswered ones are left out. */
static void write_items(struct jw *w, const struct form_answers *ans, size_t from, size_t to,
                        enum lang l)
{
    jw_array(w, "item");
    for (size_t i = from; i < to; i = ans->form->items[i].end) {
        const struct form_item *it = &ans->form->items[i];
        if (!answered(ans, i))
            continue;
        jw_object(w, NULL);
        jw_str(w, "linkId", it->link_id);
        jw_str(w, "text", it->text[l]);
        if (it->kind == FORM_GROUP) {
            write_items(w, ans, i + 1, it->end, l);
        } else {
            jw_array(w, "answer");
            for (size_t k = 0; k < ans->of[i].n; k++)
                write_value(w, it, &ans->of[i].p[k], l, w->b->a);
            jw_end_array(w);
        }
        jw_end_object(w);
    }
    jw_end_array(w);
}

void form_response_write(struct jw *w, const char *key, const struct form_answers *ans, enum lang l,
                         struct instant authored)
{
    const struct form *f = ans->form;
    struct arena *a = w->b->a;
    bool any = false;
    for (size_t i = 0; i < f->item_n && !any; i++)
        any = ans->of[i].n > 0;
    jw_object(w, key);
    jw_str(w, "resourceType", S("QuestionnaireResponse"));
    jw_str(w, "language", str_of(lang_code(l)));
    jw_str(w, "questionnaire",
           str_fmt(a, STR_FMT "|" STR_FMT, STR_ARG(f->url), STR_ARG(f->version)));
    jw_str(w, "status", S("completed"));
    jw_str(w, "authored", instant_iso(a, authored));
    if (any) /* FHIR allows no empty lists */
        write_items(w, ans, 0, f->item_n, l);
    jw_end_object(w);
}

/* ---- reading back ---- */

const struct form *form_of_response(const struct forms *forms, const struct jv *response)
{
    struct str version = jv_str_of(response, "questionnaire");
    struct str url = str_cut(&version, '|');
    for (size_t i = 0; i < forms->n; i++)
        if (str_eq(forms->p[i].url, url))
            return &forms->p[i];
    return NULL;
}

struct shown {
    struct arena *a;
    const struct form *f; /* or NULL */
    enum lang lang;
    struct form_lines lines;
    size_t headed;
};

enum { SHOWN_DEPTH = 8, SHOWN_LINES = 500 };

static const struct form_item *known(const struct shown *s, struct str link_id)
{
    size_t i = s->f ? form_find(s->f, link_id) : FORM_NONE;
    return i == FORM_NONE ? NULL : &s->f->items[i];
}

/* One answer in words; *fits is false where the form knows no such answer to this question. */
static struct str answer_text(struct arena *a, enum lang l, const struct form_item *it,
                              const struct jv *answer, bool *fits)
{
    enum form_kind kind = it ? it->kind : FORM_GROUP;
    const struct jv *coding = jv_get(answer, "valueCoding"), *v;
    struct date d;
    if (coding) {
        size_t o =
            it && kind == FORM_CHOICE ? form_find_option(it, jv_str_of(coding, "code")) : FORM_NONE;
        if (o != FORM_NONE)
            return it->options[o].label[l];
        *fits = false;
        struct str display = jv_str_of(coding, "display");
        return display.n ? display : jv_str_of(coding, "code");
    }
    if (jv_kind(v = jv_get(answer, "valueBoolean")) == JV_BOOL) {
        *fits = *fits && kind == FORM_BOOLEAN;
        return yes_no(l, jv_bool(v));
    }
    if (jv_kind(v = jv_get(answer, "valueInteger")) == JV_NUMBER) {
        *fits = *fits && kind == FORM_INTEGER;
        return fmt_int(a, l, jv_int(v));
    }
    if (jv_kind(v = jv_get(answer, "valueDate")) == JV_STRING) {
        bool is_date = date_parse(jv_str(v), &d);
        *fits = *fits && kind == FORM_DATE && is_date;
        return is_date ? fmt_date(a, l, d) : jv_str(v);
    }
    *fits = *fits && (kind == FORM_STRING || kind == FORM_TEXT);
    return jv_str_of(answer, "valueString");
}

static void show_line(struct shown *s, const struct jv *item, const struct form_item *it)
{
    struct form_line line = {.step = it ? it->step : FORM_NONE};
    const struct jv *answers = jv_get(item, "answer");
    struct buf b = buf_new(s->a, 0);
    bool fits = it != NULL;
    for (size_t i = 0; i < jv_len(answers); i++) {
        struct str text = answer_text(s->a, s->lang, it, jv_at(answers, i), &fits);
        if (text.n && b.n)
            buf_char(&b, '\n');
        buf_str(&b, text);
    }
    if (b.n == 0 || s->lines.n == SHOWN_LINES)
        return;
    struct str text = jv_str_of(item, "text");
    line.raw = !fits;
    line.answer = buf_get(&b);
    line.question = it ? it->text[s->lang] : text.n ? text : jv_str_of(item, "linkId");
    if (it && it->step != s->headed)
        line.heading = s->f->items[s->f->steps[it->step]].text[s->lang];
    s->headed = it ? it->step : s->headed;
    VEC_PUSH(s->a, &s->lines, line);
}

static void show_items(struct shown *s, const struct jv *parent, int depth)
{
    const struct jv *list = jv_get(parent, "item");
    for (size_t i = 0; i < jv_len(list) && depth < SHOWN_DEPTH; i++) {
        const struct jv *item = jv_at(list, i);
        show_line(s, item, known(s, jv_str_of(item, "linkId")));
        show_items(s, item, depth + 1);
    }
}

struct form_lines form_response_lines(struct arena *a, const struct form *f,
                                      const struct jv *response, enum lang l)
{
    struct shown s = {.a = a, .f = f, .lang = l, .headed = FORM_NONE};
    show_items(&s, response, 0);
    return s.lines;
}
