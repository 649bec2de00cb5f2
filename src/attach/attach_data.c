/*
 * attach_data.c: data/attach.json, compiled in; see attach_data.h. What is missing stops the
 * program. A class keeps at least as long as the law says: from birth, but never shorter than the
 * shortest class from closing.
 */
#include "attach/attach_data.h"

#include "base/embedded.h"
#include "base/json.h"

#include <pthread.h>

extern const struct embedded attach_files[];
extern const size_t attach_files_count;

static const char *const codes[ATTACH_KINDS] = {"jpeg", "png", "pdf"};
static const int64_t LARGEST = 10 * 1024 * 1024; /* the words and the room http know it, too */

const char *attach_kind_code(enum attach_kind k)
{
    return codes[k];
}

bool attach_kind_from(struct str code, enum attach_kind *out)
{
    size_t place = str_place(code, codes, ATTACH_KINDS);
    if (place == ATTACH_KINDS)
        return false;
    *out = (enum attach_kind)place;
    return true;
}

static int number(const struct jv *v, int most)
{
    int64_t n = jv_int(v);
    return n > 0 && n <= most ? (int)n : 0;
}

static bool read_kinds(const struct jv *list, struct attach_data *out)
{
    bool seen[ATTACH_KINDS] = {false};
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i);
        enum attach_kind k;
        if (!attach_kind_from(jv_str_of(o, "code"), &k) || seen[k])
            return false;
        seen[k] = true;
        out->kinds[k] = (struct attach_kind_data){jv_str_of(o, "type"), jv_str_of(o, "ending"),
                                                  jv_int(jv_get(o, "most"))};
        if (!out->kinds[k].type.n || !out->kinds[k].ending.n || out->kinds[k].most <= 0 ||
            out->kinds[k].most > LARGEST)
            return false;
    }
    return jv_len(list) == ATTACH_KINDS;
}

/* The last class is for whatever no other fits. */
static bool read_classes(struct arena *a, const struct jv *list, struct attach_data *out)
{
    out->least_years = 1000;
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i), *forms = jv_get(o, "forms");
        struct str from = jv_str_of(o, "from");
        struct attach_class c = {.code = jv_str_of(o, "code"),
                                 .reg = jv_str_of(o, "register"),
                                 .years = number(jv_get(o, "years"), 200),
                                 .from_birth = str_eq(from, S("birth"))};
        for (size_t k = 0; k < jv_len(forms); k++)
            VEC_PUSH(a, &c.forms, jv_str(jv_at(forms, k)));
        if (!c.code.n || !c.years || (!c.from_birth && !str_eq(from, S("closing"))))
            return false;
        if (c.years < out->least_years)
            out->least_years = c.years;
        VEC_PUSH(a, &out->classes, c);
    }
    const struct attach_class *last = out->classes.n ? &out->classes.p[out->classes.n - 1] : NULL;
    return last && !last->reg.n && !last->forms.n;
}

bool attach_data_read(struct arena *a, struct str text, struct attach_data *out, struct str *why)
{
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    const char *missing = NULL;
    if (!o) {
        *why = str_fmt(a, "attach.json:%d: %s", je.line, je.text);
        return false;
    }
    *out = (struct attach_data){.a = a,
                                .per_form = number(jv_get(o, "perForm"), 20),
                                .per_owner = number(jv_get(o, "perOwner"), 100),
                                .pixels = (int64_t)number(jv_get(o, "megapixels"), 1000) * 1000000,
                                .conversation_days =
                                    number(jv_get(jv_get(o, "conversation"), "days"), 3660)};
    if (!out->per_form || !out->per_owner || !out->pixels || !out->conversation_days)
        missing = "perForm, perOwner, megapixels or conversation.days";
    else if (!read_kinds(jv_get(o, "kinds"), out))
        missing = "kinds: jpeg, png and pdf, each with type, ending and most (at most 10 MiB)";
    else if (!read_classes(a, jv_get(o, "retention"), out))
        missing = "retention: code, years, from (closing or birth); the last for any register";
    if (missing)
        *why = str_fmt(a, "attach.json: missing or wrong: %s", missing);
    return !missing;
}

/* ---- how long ---- */

static bool fits(const struct attach_class *c, struct str reg, struct str form)
{
    bool form_fits = c->forms.n == 0;
    for (size_t i = 0; i < c->forms.n; i++)
        form_fits = form_fits || str_eq(c->forms.p[i], form);
    return form_fits && (!c->reg.n || str_eq(c->reg, reg));
}

static struct date years_after(struct date d, int years)
{
    return date_add_months(d, 12 * years);
}

struct date attach_kept_until(const struct attach_data *d, struct str reg, struct str form,
                              struct date closed, struct date born)
{
    size_t i = 0;
    while (i + 1 < d->classes.n && !fits(&d->classes.p[i], reg, form))
        i++;
    const struct attach_class *c = &d->classes.p[i];
    struct date least = years_after(closed, d->least_years);
    struct date end = years_after(c->from_birth && date_is(born) ? born : closed, c->years);
    return end.day > least.day ? end : least;
}

/* ---- the data of the program ---- */

static struct attach_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return attach_data_read(a, embedded_text(attach_files, attach_files_count, "attach.json"),
                            &data, why);
}

static void read_once(void)
{
    embedded_load("attach", read_file);
}

const struct attach_data *attach_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}
