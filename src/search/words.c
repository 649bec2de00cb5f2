/* words.c: see words.h. A file with a hole or a misspelt member is refused whole, with its place:
 * a program whose data cannot be used does not start. */
#include "search/words.h"

#include "base/embedded.h"
#include "base/json.h"
#include "search/fold.h"

#include <pthread.h>
#include <stdlib.h>

extern const struct embedded search_files[];
extern const size_t search_files_count;

enum { WORD_LIST_MAX = 400, PHRASE_MAX = 120 };

struct reader {
    struct arena *a;
    struct str why; /* the first thing that is wrong; empty: nothing */
};

static void wrong(struct reader *r, struct str where, const char *what)
{
    if (r->why.n == 0)
        r->why = str_fmt(r->a, STR_FMT ": %s", STR_ARG(where), what);
}

static void only(struct reader *r, const struct jv *o, struct str where, const char *const *keys)
{
    struct str key = jv_unknown(o, keys);
    if (key.n)
        wrong(r, str_fmt(r->a, STR_FMT " \"" STR_FMT "\"", STR_ARG(where), STR_ARG(key)),
              "no such member is known");
}

static struct search_words read_list(struct reader *r, const struct jv *list, struct str where)
{
    struct search_words out = {0};
    if (jv_kind(list) != JV_ARRAY || jv_len(list) == 0 || jv_len(list) > WORD_LIST_MAX)
        wrong(r, where, "a list of 1 to 400 words is wanted");
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str s = jv_str(jv_at(list, i));
        if (s.n == 0 || s.n > PHRASE_MAX)
            wrong(r, str_fmt(r->a, STR_FMT "[%zu]", STR_ARG(where), i),
                  "a word or phrase of at most 120 bytes is wanted");
        VEC_PUSH(r->a, &out, s);
    }
    return out;
}

static void read_languages(struct reader *r, const struct jv *o, struct str where,
                           struct search_words out[LANG_COUNT])
{
    static const char *const langs[] = {"fi", "sv", "en", NULL};
    only(r, o, where, langs);
    for (int l = 0; l < LANG_COUNT; l++)
        out[l] = read_list(r, jv_get(o, langs[l]),
                           str_fmt(r->a, STR_FMT ".%s", STR_ARG(where), langs[l]));
}

static bool is_code(struct str s)
{
    size_t at = str_starts(s, S("KR")) || str_starts(s, S("KE")) ? 2
                : str_starts(s, S("P"))                          ? 1
                                                                 : 0;
    bool ok = at > 0 && at < s.n;
    for (; ok && at < s.n; at++)
        ok = s.p[at] == '.' || (s.p[at] >= '0' && s.p[at] <= '9');
    return ok;
}

/* Ids seen, to find one that stands twice. */
struct ids {
    LIST_FIELDS(struct str);
};

static void read_synonym(struct reader *r, const struct jv *o, size_t i, struct ids *ids,
                         struct search_synonyms *out)
{
    static const char *const keys[] = {"id", "says", "means", "codes", NULL};
    struct search_synonym s = {0};
    struct str id = jv_str_of(o, "id");
    struct str where = str_fmt(r->a, "synonyms[%zu] (" STR_FMT ")", i, STR_ARG(id));
    only(r, o, where, keys);
    if (id.n == 0)
        wrong(r, where, "\"id\" is missing");
    for (size_t k = 0; k < ids->n; k++)
        if (str_eq(ids->p[k], id))
            wrong(r, where, "this id stands twice");
    VEC_PUSH(r->a, ids, id);
    read_languages(r, jv_get(o, "says"), str_fmt(r->a, STR_FMT ".says", STR_ARG(where)), s.says);
    read_languages(r, jv_get(o, "means"), str_fmt(r->a, STR_FMT ".means", STR_ARG(where)), s.means);
    const struct jv *codes = jv_get(o, "codes");
    if (codes && jv_kind(codes) != JV_ARRAY)
        wrong(r, where, "\"codes\" is a list");
    for (size_t k = 0; k < jv_len(codes); k++) {
        struct str c = jv_str(jv_at(codes, k));
        if (!is_code(c))
            wrong(r, where, "a code is P, KR or KE and numbers: P5.10");
        VEC_PUSH(r->a, &s.codes, c);
    }
    VEC_PUSH(r->a, out, s);
}

static int by_text(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static void fold_all(struct arena *a, struct search_words *w)
{
    for (size_t i = 0; i < w->n; i++)
        w->p[i] = fold_phrase(a, w->p[i]);
    qsort(w->p, w->n, sizeof *w->p, by_text);
}

static int by_spoken(const void *x, const void *y)
{
    return str_cmp(((const struct word_spoken *)x)->spoken,
                   ((const struct word_spoken *)y)->spoken);
}

/* [["father", "dad", "daddy"], ...]: the first is what the others are understood as. */
static void read_spoken(struct reader *r, const struct jv *o, struct word_data *out)
{
    static const char *const langs[] = {"fi", "sv", "en", NULL};
    only(r, o, S("spoken"), langs);
    for (int l = 0; l < LANG_COUNT; l++) {
        const struct jv *groups = jv_get(o, langs[l]);
        struct word_spokens *to = &out->spoken[l];
        for (size_t i = 0; i < jv_len(groups); i++) {
            struct str where = str_fmt(r->a, "spoken.%s[%zu]", langs[l], i);
            struct search_words words = read_list(r, jv_at(groups, i), where);
            if (words.n < 2)
                wrong(r, where, "a word and what it is called are wanted");
            for (size_t k = 1; k < words.n; k++)
                VEC_PUSH(r->a, to, (struct word_spoken){fold_phrase(r->a, words.p[k]), words.p[0]});
        }
        if (to->n == 0)
            wrong(r, S("spoken"), "a language has none");
        else
            qsort(to->p, to->n, sizeof *to->p, by_spoken);
    }
}

static void read_words(struct reader *r, const struct jv *o, struct word_data *out)
{
    static const char *const keys[] = {"about",  "small",     "general", "guide",
                                       "spoken", "modifiers", "endings", NULL};
    only(r, o, S("words.json"), keys);
    read_languages(r, jv_get(o, "small"), S("small"), out->small);
    read_languages(r, jv_get(o, "general"), S("general"), out->general);
    read_languages(r, jv_get(o, "guide"), S("guide"), out->guide);
    for (int l = 0; l < LANG_COUNT; l++) {
        fold_all(r->a, &out->small[l]);
        fold_all(r->a, &out->general[l]);
    }
    read_spoken(r, jv_get(o, "spoken"), out);
    out->modifiers = read_list(r, jv_get(o, "modifiers"), S("modifiers"));
    fold_all(r->a, &out->modifiers);
    const struct jv *endings = jv_get(o, "endings");
    for (size_t i = 0; i < jv_len(endings); i++) {
        const struct jv *pair = jv_at(endings, i);
        struct word_ending e = {jv_str(jv_at(pair, 0)), jv_str(jv_at(pair, 1))};
        if (jv_len(pair) != 2 || e.spoken.n == 0)
            wrong(r, str_fmt(r->a, "endings[%zu]", i), "a pair of endings is wanted");
        VEC_PUSH(r->a, &out->endings, e);
    }
    if (out->endings.n == 0)
        wrong(r, S("endings"), "there are none");
}

bool word_data_read(struct arena *a, struct str words, struct str synonyms, struct word_data *out,
                    struct str *why)
{
    static const char *const keys[] = {"about", "synonyms", NULL};
    struct reader r = {.a = a};
    struct json_error e;
    struct ids ids = {0};
    *out = (struct word_data){0};
    const struct jv *w = json_parse(a, words, &e);
    if (!w) {
        *why = str_fmt(a, "words.json: line %d: %s", e.line, e.text);
        return false;
    }
    const struct jv *s = json_parse(a, synonyms, &e);
    if (!s) {
        *why = str_fmt(a, "synonyms.json: line %d: %s", e.line, e.text);
        return false;
    }
    read_words(&r, w, out);
    only(&r, s, S("synonyms.json"), keys);
    const struct jv *list = jv_get(s, "synonyms");
    for (size_t i = 0; i < jv_len(list); i++)
        read_synonym(&r, jv_at(list, i), i, &ids, &out->synonyms);
    *why = r.why;
    return r.why.n == 0;
}

/* ---- once for the program ---- */

static struct word_data the_data;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool read_files(struct arena *a, struct str *why)
{
    return word_data_read(a, embedded_text(search_files, search_files_count, "words.json"),
                          embedded_text(search_files, search_files_count, "synonyms.json"),
                          &the_data, why);
}

static void read_once(void)
{
    embedded_load("search", read_files);
}

const struct word_data *word_data(void)
{
    pthread_once(&once, read_once);
    return &the_data;
}

static bool holds(const struct search_words *w, struct str folded)
{
    return w->n > 0 && bsearch(&folded, w->p, w->n, sizeof *w->p, by_text);
}

bool word_is_small(enum lang l, struct str folded)
{
    return holds(&word_data()->small[l], folded);
}

bool word_is_general(enum lang l, struct str folded)
{
    return holds(&word_data()->general[l], folded);
}

bool word_is_modifier(struct str folded)
{
    return holds(&word_data()->modifiers, folded);
}

static bool is_spoken(struct str said, struct str folded, bool ending)
{
    enum { STEM_LEAST = 4, ENDING_MOST = 5 };
    return str_eq(said, folded) || (ending && said.n >= STEM_LEAST && str_starts(folded, said) &&
                                    folded.n - said.n <= ENDING_MOST);
}

struct str word_spoken(enum lang l, struct str folded, bool ending, size_t *at)
{
    const struct word_spokens *list = &word_data()->spoken[l];
    for (; *at < list->n; ++*at)
        if (is_spoken(list->p[*at].spoken, folded, ending))
            return list->p[(*at)++].written;
    return (struct str){NULL, 0};
}
