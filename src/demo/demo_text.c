/*
 * demo_text.c: what a resident writes, and the rest of the form filled in to suit it: by word stems
 * (demand.json, "hints"), the first that is found; so the answers of a matter agree with its text.
 * The form's own API checks them: what does not pass is a fault in the data.
 */
#include "demo/demo_room.h"

#include "base/guard.h"

/* ASCII and the letters of Finnish and Swedish to lower case; enough to look for stems. */
static struct str lower(struct arena *a, struct str s)
{
    struct str out = str_dup(a, s);
    char *p = (char *)(uintptr_t)out.p;
    for (size_t i = 0; i < s.n; i++) {
        bool two = i > 0 && (unsigned char)p[i - 1] == 0xC3;
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] + 32);
        else if (two && (unsigned char)p[i] >= 0x80 && (unsigned char)p[i] <= 0x9E)
            p[i] = (char)(p[i] + 32);
    }
    return out;
}

/* Position of needle, or -1. */
static int64_t where(struct str in, struct str needle)
{
    for (size_t i = 0; needle.n <= in.n && i <= in.n - needle.n; i++)
        if (memcmp(in.p + i, needle.p, needle.n) == 0)
            return (int64_t)i;
    return -1;
}

static bool has_stem(struct str text, const struct jv *stems)
{
    for (size_t i = 0; i < jv_len(stems); i++)
        if (where(text, jv_str(jv_at(stems, i))) >= 0)
            return true;
    return false;
}

/* ---- who it is about ---- */

/* A number of one to three digits at s. */
static int number_at(struct str s, size_t i)
{
    int v = -1;
    for (size_t k = 0; k < 3 && i + k < s.n && s.p[i + k] >= '0' && s.p[i + k] <= '9'; k++)
        v = (v < 0 ? 0 : v * 10) + (s.p[i + k] - '0');
    return v;
}

/* "äiti 84 v.", "my daughter, 7": the age of somebody else. */
static int age_told(struct str text)
{
    int64_t v = where(text, S(" v."));
    if (v < 2)
        return -1;
    size_t i = (size_t)v;
    while (i > 0 && text.p[i - 1] >= '0' && text.p[i - 1] <= '9')
        i--;
    return number_at(text, i);
}

static int own_age(const struct demo *d, struct str text)
{
    const struct jv *stems = jv_get(demo_file(d, "demand.json"), "ownAge");
    for (size_t i = 0; i < jv_len(stems); i++) {
        struct str stem = jv_str(jv_at(stems, i));
        int64_t at = where(text, stem);
        int age = at < 0 ? -1 : number_at(text, (size_t)at + stem.n);
        if (age >= 10 && age <= 104)
            return age;
    }
    return -1;
}

static void find_person(const struct demo *d, struct str text, struct demo_text *t)
{
    int age = own_age(d, text);
    t->relation = -1;
    t->age_from = t->age_to = age;
    for (size_t i = 0; age < 0 && i < d->relations.n; i++) {
        if (!has_stem(text, d->relations.p[i].stems))
            continue;
        t->relation = (int)i;
        age = age_told(text);
        t->age_from = age > 0 ? age : d->relations.p[i].age_from;
        t->age_to = age > 0 ? age : d->relations.p[i].age_to;
    }
}

/* ---- answers ---- */

struct filling {
    const struct demo *d;
    const struct form *form;
    const struct jv *hints;
    struct str text, low;
    enum lang lang;
    struct seeded r;
    struct fields fields;
    bool told; /* the text has gone into a question */
    int age;
};

static void put(struct filling *f, const struct form_item *it, struct str value)
{
    VEC_PUSH(f->d->a, &f->fields, (struct field){it->field, value});
}

static void fill_choice(struct filling *f, const struct form_item *it)
{
    const struct jv *by_code = jv_get(f->hints, str_z(f->d->a, it->link_id));
    for (size_t i = 0; i < jv_len(by_code); i++) {
        struct str code;
        const struct jv *stems = jv_member(by_code, i, &code);
        if (!has_stem(f->low, stems))
            continue;
        put(f, it, code);
        return;
    }
    if (!it->required && seeded_below(&f->r, 3) == 0)
        return;
    put(f, it, it->options[seeded_below(&f->r, (uint32_t)it->option_n)].code);
}

/* The text goes to every free question that must be answered (a condition drops all but one), else
 * to the first one there is; a wish to the last. */
static void fill_text(struct filling *f, const struct form_item *it)
{
    const struct jv *wishes = jv_get(demo_file(f->d, "demand.json"), "wishes");
    const struct jv *mine = jv_get(wishes, lang_code(f->lang));
    if (it->required || (!f->told && !it->when_n)) {
        put(f, it, f->text);
        f->told = true;
    } else if (str_eq(it->link_id, S("wish")) && seeded_below(&f->r, 3) == 0) {
        put(f, it, jv_str(jv_at(mine, seeded_below(&f->r, (uint32_t)jv_len(mine)))));
    }
}

static void fill_item(struct filling *f, const struct form_item *it)
{
    const struct demo_district *home;
    switch (it->kind) {
    case FORM_CHOICE:
        fill_choice(f, it);
        return;
    case FORM_BOOLEAN:
        if (it->required || seeded_below(&f->r, 2) == 0)
            put(f, it, S("false"));
        return;
    case FORM_TEXT:
        fill_text(f, it);
        return;
    case FORM_STRING:
        home = &f->d->districts.p[seeded_below(&f->r, (uint32_t)f->d->districts.n)];
        if (it->required)
            put(f, it,
                str_fmt(f->d->a, STR_FMT " %u",
                        STR_ARG(home->streets.p[seeded_below(&f->r, (uint32_t)home->streets.n)]),
                        1 + seeded_below(&f->r, 40)));
        return;
    case FORM_INTEGER:
        if (it->required)
            put(f, it, str_fmt(f->d->a, "%d", f->age));
        return;
    default:
        return;
    }
}

/* Is there a free question that must be answered? Then the text waits for it. */
static bool text_is_asked(const struct form *form)
{
    for (size_t i = 0; i < form->item_n; i++)
        if (form->items[i].kind == FORM_TEXT && form->items[i].required)
            return true;
    return false;
}

struct demo_text demo_text_read(const struct demo *d, const struct form *form, struct str text,
                                enum lang l)
{
    struct demo_text t = {.text = text, .lang = l};
    struct filling f = {.d = d, .form = form, .text = text, .lang = l};
    f.low = lower(d->a, text);
    f.r = seeded_new(str_hash(text));
    f.hints = jv_get(jv_get(demo_file(d, "demand.json"), "hints"), str_z(d->a, form->code));
    f.told = text_is_asked(form);
    find_person(d, f.low, &t);
    bool youth = str_eq(form->code, S("youth"));
    if (youth) { /* young people are asked their age: it must be theirs */
        t.relation = -1;
        if (t.age_from < 13 || t.age_from > 22)
            t.age_from = t.age_to = 13 + (int)seeded_below(&f.r, 9);
    }
    f.age = youth ? t.age_from : 12 + (int)seeded_below(&f.r, 20);
    for (size_t i = 0; i < form->item_n; i++)
        fill_item(&f, &form->items[i]);
    t.answers = form_answer(d->a, form, &f.fields, FORM_ALL, d->today);
    t.reason = form_reason(t.answers);
    if (t.answers->errors.n > 0 || law_reason_find(d->conf.law, t.reason) < 0)
        guard_fail(ERR_INTERNAL,
                   "data/county/matters.json: the form " STR_FMT " does not take: " STR_FMT,
                   STR_ARG(form->code), STR_ARG(text));
    return t;
}
