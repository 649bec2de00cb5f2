/*
 * form.c: reads a Questionnaire into a struct form and refuses whatever is outside our subset
 * (data/forms/README.md), naming the place: an unknown member, a missing translation, a condition
 * on a later question. So a form that has been loaded needs no checks later.
 */
#include "form/form_parse.h"

#include <stdlib.h>

static bool must_be(struct parse *p, const struct jv *v, const char *key, const char *value)
{
    return str_eq(jv_str_of(v, key), str_of(value)) ||
           form_fail(p, str_of(key), "must be %s", value);
}

static bool read_own(struct parse *p, const struct jv *v, struct form *f)
{
    struct str at = {NULL, 0};
    const struct jv *order = jv_get(form_extension(v, OWN "form-order"), "valueInteger");
    if (!form_check_extensions(p, S("document"), v, ON_FORM) ||
        !form_extension_code(p, at, v, OWN "form-register", &f->reg) ||
        !form_extension_code(p, at, v, OWN "form-reason", &f->reason) ||
        !form_extension_code(p, at, v, OWN "form-subject", &f->subject) ||
        !form_extension_code(p, at, v, OWN "form-icon", &f->icon))
        return false;
    if (!str_eq(f->reg, S("health")) && !str_eq(f->reg, S("social")) &&
        !str_eq(f->reg, S("rescue")))
        return form_fail(p, S("extension"), "form-register must be health, social or rescue");
    if (f->reason.n == 0 || f->subject.n == 0 || f->icon.n == 0 || !form_whole(order))
        return form_fail(p, S("extension"),
                         "form-reason, form-subject, form-icon and form-order are needed");
    f->order = jv_int(order);
    return true;
}

static bool read_steps(struct parse *p, const struct jv *v, struct form *f)
{
    if (!form_array_of(p, (struct str){NULL, 0}, v, "item", FORM_MAX_ITEMS))
        return false;
    const struct jv *list = jv_get(v, "item");
    if (!list)
        return form_fail(p, S("item"), "is missing");
    size_t *steps = ARENA_ARRAY(p->a, jv_len(list), size_t);
    for (size_t i = 0; i < jv_len(list); i++) {
        steps[i] = p->items.n;
        if (!form_read_item(p, form_nth(p, S(""), "item", i), jv_at(list, i), FORM_NONE, 1))
            return false;
        f->step_n++;
    }
    f->steps = steps;
    f->items = p->items.p;
    f->item_n = p->items.n;
    return true;
}

static bool read_form(struct parse *p, const struct jv *v, struct form *f)
{
    struct str at = {NULL, 0};
    if (!form_object_of(
            p, at, v,
            "resourceType id url version name language title _title status subjectType date "
            "publisher description _description extension item") ||
        !must_be(p, v, "resourceType", "Questionnaire") || !must_be(p, v, "language", "fi") ||
        !must_be(p, v, "status", "active") || !form_read_code(p, at, v, "id", &f->code) ||
        !form_read_texts(p, at, v, "title", f->title) ||
        !form_read_texts(p, at, v, "description", f->description))
        return false;
    f->url = str_dup(p->a, jv_str_of(v, "url"));
    f->version = str_dup(p->a, jv_str_of(v, "version"));
    if (!str_starts(f->url, S("https://")) || str_find(f->url, '|') < f->url.n)
        return form_fail(p, S("url"), "must begin with https:// and have no '|'");
    if (f->version.n == 0 || f->version.n > 32)
        return form_fail(p, S("version"), "must have 1 to 32 characters");
    return read_own(p, v, f) && read_steps(p, v, f);
}

const struct form *form_parse(struct arena *a, struct str name, struct str text, struct str *why)
{
    struct json_error e;
    struct str problem = {NULL, 0};
    struct form *f = ARENA_NEW(a, struct form);
    if (text.n > FORM_MAX_FILE) {
        *why = str_fmt(a, STR_FMT ": larger than %d bytes", STR_ARG(name), FORM_MAX_FILE);
        return NULL;
    }
    const struct jv *v = json_parse(a, text, &e);
    if (!v) {
        *why = str_fmt(a, STR_FMT ":%d:%d: %s", STR_ARG(name), e.line, e.column, e.text);
        return NULL;
    }
    struct parse p = {.a = a, .why = &problem, .form = f};
    if (read_form(&p, v, f))
        return f;
    *why = str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(name), STR_ARG(problem));
    return NULL;
}

static int by_order(const void *x, const void *y)
{
    const struct form *f = x, *g = y;
    return f->order != g->order ? (f->order > g->order) - (f->order < g->order)
                                : str_cmp(f->code, g->code);
}

const struct forms *forms_load(struct arena *a, const struct form_file *files, size_t n,
                               struct str *why)
{
    struct forms *forms = ARENA_NEW(a, struct forms);
    if (n > FORM_MAX_FORMS) {
        *why = str_fmt(a, "more than %d forms", FORM_MAX_FORMS);
        return NULL;
    }
    struct form *list = ARENA_ARRAY(a, n, struct form);
    forms->p = list;
    for (size_t i = 0; i < n; i++) {
        const struct form *f = form_parse(a, files[i].name, files[i].text, why);
        if (!f)
            return NULL;
        if (form_by_code(forms, f->code)) {
            *why = str_fmt(a, STR_FMT ": another form has the id " STR_FMT, STR_ARG(files[i].name),
                           STR_ARG(f->code));
            return NULL;
        }
        list[forms->n++] = *f;
    }
    qsort(list, n, sizeof *list, by_order);
    return forms;
}

const struct form *form_by_code(const struct forms *forms, struct str code)
{
    for (size_t i = 0; i < forms->n; i++)
        if (str_eq(forms->p[i].code, code))
            return &forms->p[i];
    return NULL;
}

size_t form_find(const struct form *f, struct str link_id)
{
    for (size_t i = 0; i < f->item_n; i++)
        if (str_eq(f->items[i].link_id, link_id))
            return i;
    return FORM_NONE;
}

size_t form_find_option(const struct form_item *it, struct str code)
{
    for (size_t i = 0; i < it->option_n; i++)
        if (str_eq(it->options[i].code, code))
            return i;
    return FORM_NONE;
}
