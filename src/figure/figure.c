/*
 * figure.c: the catalogue: data/figures.json, compiled in. Read strictly: what is missing, unknown
 * or doubled stops the program.
 */
#include "figure/figure.h"

#include "base/embedded.h"
#include "figure/figure_defs.h"

#include <assert.h>
#include <pthread.h>

extern const struct embedded figure_files[];
extern const size_t figure_files_count;

static const char *const cut_codes[CUT_COUNT] = {
#define X(name, code) [CUT_##name] = code,
    FIGURE_CUTS(X)
#undef X
};

const char *figure_cut_code(enum figure_cut c)
{
    assert(c < CUT_COUNT);
    return cut_codes[c];
}

/* ---- reading ---- */

static bool read_texts(struct arena *a, const struct jv *v, struct str out[LANG_COUNT])
{
    bool all = jv_len(v) == LANG_COUNT;
    for (int l = 0; l < LANG_COUNT; l++) {
        out[l] = str_dup(a, jv_str_of(v, lang_code((enum lang)l)));
        all = all && out[l].n;
    }
    return all;
}

static bool cut_known(struct str code)
{
    return str_place(code, cut_codes, CUT_COUNT) < CUT_COUNT;
}

static bool measure_known(struct str code)
{
    enum fact_measure m;
    return fact_measure_from(code, &m);
}

static bool words_known(struct str words, bool (*known)(struct str code))
{
    while (words.n)
        if (!known(str_cut(&words, ' ')))
            return false;
    return true;
}

static bool read_versions(struct arena *a, const struct jv *list, struct figure_def *d)
{
    static const char *const keys[] = {"from", "key", "note", "rules", "promise", NULL};
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i);
        struct figure_version v = {.key = str_dup(a, jv_str_of(o, "key")),
                                   .rules = str_dup(a, jv_str_of(o, "rules")),
                                   .promise = jv_bool(jv_get(o, "promise"))};
        bool ok = !jv_unknown(o, keys).n && v.key.n && read_texts(a, jv_get(o, "note"), v.note) &&
                  date_parse(jv_str_of(o, "from"), &v.from);
        if (!ok || (i && v.from.day <= d->versions.p[i - 1].from.day))
            return false;
        VEC_PUSH(a, &d->versions, v);
    }
    return d->versions.n > 0;
}

static bool id_fits(struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!(id.p[i] >= 'a' && id.p[i] <= 'z') && !(id.p[i] >= '0' && id.p[i] <= '9') &&
            id.p[i] != '-')
            return false;
    return id.n > 0 && id.n <= 40;
}

/* What is wrong; NULL: nothing. */
static const char *read_def(struct arena *a, const struct jv *o, struct figure_def *d)
{
    static const char *const keys[] = {"id",       "name",    "definition", "includes", "excludes",
                                       "coverage", "unit",    "source",     "owner",    "measures",
                                       "cuts",     "formula", "open",       "versions", NULL};
    struct {
        const char *key;
        struct str *out;
    } texts[] = {{"name", d->name},         {"definition", d->definition},
                 {"includes", d->includes}, {"excludes", d->excludes},
                 {"coverage", d->coverage}, {"unit", d->unit},
                 {"source", d->source},     {"owner", d->owner}};
    d->id = str_dup(a, jv_str_of(o, "id"));
    d->measures = str_dup(a, jv_str_of(o, "measures"));
    d->cuts = str_dup(a, jv_str_of(o, "cuts"));
    d->formula = str_dup(a, jv_str_of(o, "formula"));
    d->open = jv_bool(jv_get(o, "open"));
    if (jv_unknown(o, keys).n || !id_fits(d->id) || jv_kind(jv_get(o, "open")) != JV_BOOL)
        return "id, open, or an unknown key";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!read_texts(a, jv_get(o, texts[i].key), texts[i].out))
            return texts[i].key;
    if (jv_kind(jv_get(o, "measures")) != JV_STRING || !words_known(d->measures, measure_known))
        return "measures: codes of src/matter/fact.h";
    if (jv_kind(jv_get(o, "cuts")) != JV_STRING || !words_known(d->cuts, cut_known))
        return "cuts: codes of src/figure/figure.h";
    if (!d->formula.n)
        return "formula";
    return read_versions(a, jv_get(o, "versions"), d) ? NULL
                                                      : "versions: from, in order, key and note";
}

static const struct figure_def *find(const struct figure_defs *all, struct str id)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->p[i].id, id))
            return &all->p[i];
    return NULL;
}

bool figure_defs_read(struct arena *a, struct str text, struct figure_defs *out, struct str *why)
{
    static const char *const keys[] = {"reviewed", "about", "figures", NULL};
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je), *list = jv_get(o, "figures");
    *out = (struct figure_defs){0};
    if (!o) {
        *why = str_fmt(a, "figures.json:%d: %s", je.line, je.text);
        return false;
    }
    *why = S("figures.json: reviewed, about, figures and nothing else");
    if (jv_unknown(o, keys).n || !date_parse(jv_str_of(o, "reviewed"), &out->reviewed))
        return false;
    for (size_t i = 0; i < jv_len(list); i++) {
        struct figure_def d = {0};
        const char *wrong = read_def(a, jv_at(list, i), &d);
        if (!wrong && find(out, d.id))
            wrong = "an id that is there already";
        if (wrong) {
            *why =
                str_fmt(a, "figures.json: " STR_FMT ": missing or wrong: %s", STR_ARG(d.id), wrong);
            return false;
        }
        VEC_PUSH(a, out, d);
    }
    return out->n > 0;
}

static struct figure_defs defs;
static pthread_once_t defs_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return figure_defs_read(a, embedded_text(figure_files, figure_files_count, "figures.json"),
                            &defs, why);
}

static void read_once(void)
{
    embedded_load("figure", read_file);
}

const struct figure_defs *figure_defs(void)
{
    pthread_once(&defs_once, read_once);
    return &defs;
}

void figure_data_read(void)
{
    figure_defs();
}

/* ---- asking ---- */

size_t figure_def_count(void)
{
    return figure_defs()->n;
}

const struct figure_def *figure_def(size_t i)
{
    assert(i < figure_defs()->n);
    return &figure_defs()->p[i];
}

const struct figure_def *figure_def_find(struct str id)
{
    return find(figure_defs(), id);
}

static bool has_word(struct str words, struct str word)
{
    while (words.n)
        if (str_eq(str_cut(&words, ' '), word))
            return true;
    return false;
}

/* rule empty: of statutes in general. */
static bool concerns(const struct figure_version *v, struct str rule)
{
    return rule.n ? !v->rules.n || has_word(v->rules, rule) : !v->promise;
}

/* NULL: before the first one. */
static const struct figure_version *version_on(const struct figure_def *d, struct str rule,
                                               struct date on)
{
    const struct figure_version *found = NULL;
    for (size_t i = 0; i < d->versions.n && d->versions.p[i].from.day <= on.day; i++)
        if (concerns(&d->versions.p[i], rule))
            found = &d->versions.p[i];
    return found;
}

bool figure_equal_for(const struct figure_def *d, struct str rule, struct date x, struct date y)
{
    const struct figure_version *of_x = version_on(d, rule, x), *of_y = version_on(d, rule, y);
    return of_x && of_y && str_eq(of_x->key, of_y->key);
}

bool figure_equal(const struct figure_def *d, struct date x, struct date y)
{
    return figure_equal_for(d, S(""), x, y);
}

struct str figure_def_path(struct arena *a, enum lang l, struct str id)
{
    return str_fmt(a, "/%s/figures/" STR_FMT, lang_code(l), STR_ARG(id));
}
