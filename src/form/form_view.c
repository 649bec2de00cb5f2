/*
 * form_view.c: makes the view of a step. A question whose condition asks about another page is
 * decided here: shown or left out. One that asks about this page is always written out, indented
 * and with its condition in words, so that the page is complete without script; a script or a style
 * rule may hide it until it is wanted. Where the condition is one option of the question above, it
 * stands right under that option.
 */
#include "form/form_view.h"

enum known { KNOWN_NO, KNOWN_MAYBE, KNOWN_YES };

struct viewing {
    struct arena *a;
    struct page *pg;
    const struct form *f;
    const struct form_input *in;
    size_t step;
    enum known own[FORM_MAX_ITEMS];   /* by the item's own conditions */
    enum known whole[FORM_MAX_ITEMS]; /* and those of the groups around it */
};

static struct str suffixed(struct viewing *v, const struct form_item *it, const char *suffix)
{
    return str_fmt(v->a, STR_FMT ".%s", STR_ARG(it->field), suffix);
}

/* ---- what is known before this page is answered ---- */

static enum known condition_known(const struct viewing *v, const struct form_condition *c)
{
    bool here = v->step == FORM_ALL || v->f->items[c->item].step == v->step;
    if (here && v->whole[c->item] != KNOWN_NO)
        return KNOWN_MAYBE;
    return form_condition_holds(v->in->answers, c) ? KNOWN_YES : KNOWN_NO;
}

static enum known item_known(const struct viewing *v, const struct form_item *it)
{
    enum known decisive = it->when_any ? KNOWN_YES : KNOWN_NO;
    enum known result = it->when_any && it->when_n ? KNOWN_NO : KNOWN_YES;
    for (size_t i = 0; i < it->when_n; i++) {
        enum known k = condition_known(v, &it->when[i]);
        if (k == decisive)
            return decisive;
        if (k == KNOWN_MAYBE)
            result = KNOWN_MAYBE;
    }
    return result;
}

static void decide(struct viewing *v)
{
    size_t from = v->step == FORM_ALL ? 0 : v->f->steps[v->step];
    size_t end = v->step == FORM_ALL ? v->f->item_n : v->f->items[from].end;
    for (size_t i = from; i < end; i++) {
        size_t parent = v->f->items[i].parent;
        v->own[i] = v->whole[i] = item_known(v, &v->f->items[i]);
        if (parent != FORM_NONE && v->whole[parent] < v->whole[i])
            v->whole[i] = v->whole[parent];
    }
}

/* The only condition that is still open, where it is an option of a question beside the item: the
 * item stands under that option. */
static const struct form_condition *follows(const struct viewing *v, size_t item)
{
    const struct form_item *it = &v->f->items[item];
    const struct form_condition *only = NULL;
    for (size_t i = 0; i < it->when_n; i++) {
        if (condition_known(v, &it->when[i]) != KNOWN_MAYBE)
            continue;
        if (only)
            return NULL;
        only = &it->when[i];
    }
    bool beside = only && v->own[item] == KNOWN_MAYBE && only->op == FORM_IS &&
                  v->f->items[only->item].parent == it->parent;
    return beside ? only : NULL;
}

/* ---- conditions for the script and in words ---- */

static struct str wanted_code(const struct form_item *asked, const struct form_condition *c)
{
    if (asked->kind == FORM_CHOICE)
        return asked->options[c->option].code;
    return c->yes ? S("true") : S("false");
}

static struct str wanted_label(const struct viewing *v, const struct form_condition *c)
{
    const struct form_item *asked = &v->f->items[c->item];
    if (asked->kind == FORM_CHOICE)
        return asked->options[c->option].label[v->pg->lang];
    return c->yes ? tr(v->pg->lang, "Yes") : tr(v->pg->lang, "No");
}

/* " q.x=code", " q.x!=code", " q.x?" (answered) or " q.x!" (not answered). */
static void put_clause(const struct viewing *v, struct buf *b, const struct form_condition *c)
{
    const struct form_item *asked = &v->f->items[c->item];
    buf_char(b, ' ');
    buf_str(b, asked->field);
    if (c->op == FORM_EXISTS) {
        if (asked->kind == FORM_DATE)
            buf_lit(b, ".d");
        buf_char(b, c->yes ? '?' : '!');
        return;
    }
    if (c->op == FORM_IS_NOT)
        buf_char(b, '!');
    buf_char(b, '=');
    buf_str(b, wanted_code(asked, c));
}

/* Only the conditions that are still open stand in it: "any q.what=ache q.what=broken". */
static struct str show_when(const struct viewing *v, const struct form_item *it)
{
    struct buf b = buf_new(v->a, 0);
    buf_str(&b, it->when_any ? S("any") : S("all"));
    for (size_t i = 0; i < it->when_n; i++)
        if (condition_known(v, &it->when[i]) == KNOWN_MAYBE)
            put_clause(v, &b, &it->when[i]);
    return buf_get(&b);
}

static struct str one_choice_text(struct viewing *v, const struct form_condition *c)
{
    struct str label = wanted_label(v, c);
    return tr_fill(v->a, tr(v->pg->lang, "If you chose “%1”:"), &label, 1);
}

static struct str when_text(struct viewing *v, const struct form_item *it)
{
    struct buf labels = buf_new(v->a, 0);
    size_t n = 0;
    for (size_t i = 0; i < it->when_n; i++) {
        const struct form_condition *c = &it->when[i];
        if (condition_known(v, c) != KNOWN_MAYBE)
            continue;
        if (c->op != FORM_IS || (it->when_n > 1 && !it->when_any))
            return tr(v->pg->lang, "If this applies to you:");
        if (n++)
            buf_lit(&labels, " · ");
        buf_str(&labels, wanted_label(v, c));
    }
    struct str list = buf_get(&labels);
    return n == 1 ? tr_fill(v->a, tr(v->pg->lang, "If you chose “%1”:"), &list, 1)
                  : tr_fill(v->a, tr(v->pg->lang, "If you chose any of these: %1"), &list, 1);
}

/* ---- items ---- */

static struct form_view_item view_item(struct viewing *v, size_t item);

static bool was_sent(const struct viewing *v, const struct form_item *it, struct str code)
{
    for (size_t i = 0; i < v->in->sent->n; i++)
        if (str_eq(v->in->sent->p[i].name, it->field) && str_eq(v->in->sent->p[i].value, code))
            return true;
    return false;
}

/* Fills o->follow with the items after this question that stand under the option. */
static void view_follow(struct viewing *v, size_t item, struct form_view_option *o)
{
    const struct form_item *it = &v->f->items[item];
    size_t end = v->f->items[it->parent].end;
    for (size_t i = it->end; i < end; i = v->f->items[i].end) {
        const struct form_condition *c = v->whole[i] == KNOWN_NO ? NULL : follows(v, i);
        if (!c || c->item != item || !str_eq(wanted_code(it, c), o->code))
            continue;
        o->when_text = one_choice_text(v, c);
        VEC_PUSH(v->a, &o->follow, view_item(v, i));
        o->show_when = show_when(v, &v->f->items[i]);
    }
}

static void view_option(struct viewing *v, size_t item, struct str code, struct str label,
                        struct form_view_options *out)
{
    const struct form_item *it = &v->f->items[item];
    struct form_view_option o = {.code = code, .label = label};
    o.id = str_fmt(v->a, STR_FMT ".%zu", STR_ARG(it->field), out->n + 1);
    o.checked = was_sent(v, it, code);
    view_follow(v, item, &o);
    VEC_PUSH(v->a, out, o);
}

static void view_parts(struct viewing *v, const struct form_item *it, struct form_view_parts *out)
{
    enum lang l = v->pg->lang;
    const struct form_view_part parts[] = {
        {.name = suffixed(v, it, "d"), .label = tr(l, "Day"), .length = 2},
        {.name = suffixed(v, it, "m"), .label = tr(l, "Month"), .length = 2},
        {.name = suffixed(v, it, "y"), .label = tr(l, "Year"), .length = 4},
    };
    struct str whole = fields_get(v->in->sent, it->field.p);
    struct date d = DATE_NONE;
    bool known = whole.n && date_parse(str_trim(whole), &d);
    struct civil c = known ? date_civil(d) : (struct civil){0};
    const int numbers[] = {c.day, c.month, c.year};
    for (size_t i = 0; i < 3; i++) {
        struct form_view_part p = parts[i];
        p.value = known ? str_fmt(v->a, "%d", numbers[i]) : fields_get(v->in->sent, p.name.p);
        VEC_PUSH(v->a, out, p);
    }
}

static void view_error(struct viewing *v, size_t item, struct form_view_item *out)
{
    const struct form_errors *errors = &v->in->answers->errors;
    for (size_t i = 0; i < errors->n && !v->in->fresh; i++)
        if (errors->p[i].item == item)
            out->error = form_error_text(v->a, v->pg->lang, &errors->p[i]);
}

static void describe(struct viewing *v, const struct form_item *it, struct form_view_item *out)
{
    struct buf b = buf_new(v->a, 0);
    if (out->hint.n)
        buf_str(&b, suffixed(v, it, "hint"));
    if (out->hint.n && out->error.n)
        buf_char(&b, ' ');
    if (out->error.n)
        buf_str(&b, suffixed(v, it, "error"));
    out->described_by = buf_get(&b);
}

static void view_between(struct viewing *v, size_t from, size_t end, struct form_view_items *out)
{
    for (size_t i = from; i < end; i = v->f->items[i].end)
        if (v->whole[i] != KNOWN_NO && !follows(v, i)) {
            struct form_view_item item = view_item(v, i);
            if (v->own[i] == KNOWN_MAYBE) {
                item.show_when = show_when(v, &v->f->items[i]);
                item.when_text = when_text(v, &v->f->items[i]);
            }
            VEC_PUSH(v->a, out, item);
        }
}

static void view_items(struct viewing *v, size_t group, struct form_view_items *out)
{
    view_between(v, group + 1, v->f->items[group].end, out);
}

static struct form_view_item view_item(struct viewing *v, size_t item)
{
    const struct form_item *it = &v->f->items[item];
    enum lang l = v->pg->lang;
    struct form_view_item out = {.kind = it->kind,
                                 .look = it->look,
                                 .name = it->field,
                                 .label = it->text[l],
                                 .hint = it->hint[l],
                                 .optional = !it->required,
                                 .many = it->repeats};
    view_error(v, item, &out);
    describe(v, it, &out);
    out.autocomplete = it->autocomplete.n ? it->autocomplete : S("off");
    if (it->kind == FORM_GROUP)
        view_items(v, item, &out.items);
    for (size_t i = 0; it->kind == FORM_CHOICE && i < it->option_n; i++)
        view_option(v, item, it->options[i].code, it->options[i].label[l], &out.options);
    if (it->kind == FORM_BOOLEAN) {
        view_option(v, item, S("true"), tr(l, "Yes"), &out.options);
        view_option(v, item, S("false"), tr(l, "No"), &out.options);
    }
    if (it->kind == FORM_DATE)
        view_parts(v, it, &out.parts);
    if (it->kind == FORM_STRING || it->kind == FORM_TEXT || it->kind == FORM_INTEGER)
        out.value = fields_get(v->in->sent, it->field.p);
    return out;
}

struct form_view_items form_view_step(struct page *pg, const struct form *f, size_t step,
                                      const struct form_input *in)
{
    struct viewing *v = ARENA_NEW(pg->a, struct viewing);
    *v = (struct viewing){.a = pg->a, .pg = pg, .f = f, .in = in, .step = step};
    struct form_view_items items = {0};
    decide(v);
    view_items(v, f->steps[step], &items);
    return items;
}

struct form_view_items form_view_all(struct page *pg, const struct form *f,
                                     const struct form_input *in)
{
    struct viewing *v = ARENA_NEW(pg->a, struct viewing);
    *v = (struct viewing){.a = pg->a, .pg = pg, .f = f, .in = in, .step = FORM_ALL};
    struct form_view_items items = {0};
    decide(v);
    view_between(v, 0, f->item_n, &items);
    return items;
}
