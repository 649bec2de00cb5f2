/*
 * directory_data.c: the fixed safety texts, themes and life events: data, see data/safety.json and
 * data/themes.json. That they are complete in all languages is checked when they are read: a
 * program with a hole in its safety notice does not start.
 */
#include "directory/directory_data.h"

#include "base/embedded.h"
#include "base/json.h"
#include "search/fold.h"

#include <pthread.h>

extern const struct embedded directory_files[];
extern const size_t directory_files_count;

struct reader {
    struct arena *a;
    const char *missing; /* the first member that is not there */
};

static struct str need(struct reader *r, const struct jv *o, const char *key)
{
    struct str s = jv_str_of(o, key);
    if (s.n == 0 && !r->missing)
        r->missing = key;
    return s;
}

static void read_languages(struct reader *r, const struct jv *o, const char *key,
                           struct str out[LANG_COUNT])
{
    if (!lang_texts(jv_get(o, key), out) && !r->missing)
        r->missing = key;
}

static struct dir_strs read_strs(struct reader *r, const struct jv *list, bool folded)
{
    struct dir_strs out = {0};
    for (size_t i = 0; i < jv_len(list); i++) {
        struct str s = jv_str(jv_at(list, i));
        bool open = str_ends(s, S("*"));
        struct str f = folded ? fold_phrase(r->a, s) : s;
        VEC_PUSH(r->a, &out, folded && open ? str_fmt(r->a, STR_FMT "*", STR_ARG(f)) : f);
    }
    return out;
}

static struct safety_lines read_lines(struct reader *r, const struct jv *list)
{
    struct safety_lines out = {0};
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i);
        struct safety_line line = {.number = need(r, o, "number"), .tel = need(r, o, "tel")};
        read_languages(r, o, "text", line.text);
        VEC_PUSH(r->a, &out, line);
    }
    if (out.n == 0 && !r->missing)
        r->missing = "lines";
    return out;
}

static struct dir_topics read_topics(struct reader *r, const struct jv *list)
{
    struct dir_topics out = {0};
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *o = jv_at(list, i);
        struct dir_topic t = {
            .code = need(r, o, "code"),
            .icon = need(r, o, "icon"),
            .classes = read_strs(r, jv_get(o, "classes"), false),
            .events = read_strs(r, jv_get(o, "events"), false),
            .words = read_strs(r, jv_get(o, "words"), true),
        };
        read_languages(r, o, "name", t.name);
        VEC_PUSH(r->a, &out, t);
    }
    return out;
}

static struct dir_names read_names(struct reader *r, const struct jv *list)
{
    struct dir_names out = {0};
    for (size_t i = 0; i < jv_len(list); i++) {
        struct dir_name n = {.code = need(r, jv_at(list, i), "code")};
        read_languages(r, jv_at(list, i), "name", n.name);
        VEC_PUSH(r->a, &out, n);
    }
    return out;
}

static void read_waits(struct reader *r, const struct jv *o, struct dir_data *out)
{
    const struct jv *list = jv_get(o, "of");
    out->waits_not = read_strs(r, jv_get(o, "not"), false);
    for (size_t i = 0; i < jv_len(list); i++) {
        struct dir_wait w = {.rule = need(r, jv_at(list, i), "rule")};
        VEC_PUSH(r->a, &w.classes, need(r, jv_at(list, i), "class"));
        VEC_PUSH(r->a, &out->waits, w);
    }
}

static void add_all(struct arena *a, struct dir_strs *out, const struct jv *list)
{
    struct dir_strs some = read_strs(&(struct reader){.a = a}, list, true);
    for (size_t i = 0; i < some.n; i++)
        VEC_PUSH(a, out, some.p[i]);
}

bool dir_data_read(struct arena *a, const struct str texts[2], struct dir_data *out,
                   struct str *why)
{
    static const char *const names[] = {"safety.json", "themes.json"};
    const struct jv *docs[2];
    struct json_error e;
    struct reader r = {.a = a};
    for (size_t i = 0; i < 2; i++) {
        docs[i] = json_parse(a, texts[i], &e);
        if (!docs[i]) {
            *why = str_fmt(a, "%s: line %d: %s", names[i], e.line, e.text);
            return false;
        }
    }
    const struct jv *s = docs[0], *t = docs[1];
    const struct jv *crisis = jv_get(s, "crisis"), *words = jv_get(crisis, "words");
    *out = (struct dir_data){
        .safety = read_lines(&r, jv_get(s, "numbers")),
        .crisis = read_lines(&r, jv_get(crisis, "lines")),
        .themes = read_topics(&r, jv_get(t, "themes")),
        .life = read_topics(&r, jv_get(t, "life")),
        .advice = read_strs(&r, jv_get(t, "advice"), false),
        .languages = read_names(&r, jv_get(t, "languages")),
        .steps_free = read_strs(&r, jv_get(jv_get(t, "steps"), "free"), true),
        .steps_barrier = read_strs(&r, jv_get(jv_get(t, "steps"), "barrier"), true),
    };
    read_waits(&r, jv_get(t, "waits"), out);
    read_languages(&r, crisis, "title", out->crisis_title);
    read_languages(&r, crisis, "text", out->crisis_text);
    for (int l = 0; l < LANG_COUNT; l++) {
        add_all(a, &out->crisis_words, jv_get(words, lang_code((enum lang)l)));
        const struct jv *examples = jv_get(jv_get(t, "examples"), lang_code((enum lang)l));
        out->examples[l] = read_strs(&r, examples, false);
    }
    add_all(a, &out->crisis_words, jv_get(words, "other"));
    add_all(a, &out->crisis_not, jv_get(words, "not"));
    if (r.missing)
        *why = str_fmt(a, "\"%s\" is missing, or not there in all languages", r.missing);
    return !r.missing;
}

/* ---- once for the program ---- */

static struct dir_data the_data;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool read_files(struct arena *a, struct str *why)
{
    const struct str texts[] = {
        embedded_text(directory_files, directory_files_count, "safety.json"),
        embedded_text(directory_files, directory_files_count, "themes.json"),
    };
    return dir_data_read(a, texts, &the_data, why);
}

static void read_once(void)
{
    embedded_load("directory", read_files);
}

const struct dir_data *dir_data(void)
{
    pthread_once(&once, read_once);
    return &the_data;
}

/* ---- asking ---- */

/* The first place where the word or phrase stands in the folded text, at the beginning of a word,
 * as much of it as is written out; empty: nowhere. */
static struct str find_phrase(struct str text, struct str word)
{
    bool open = str_ends(word, S("*"));
    word.n -= open;
    for (size_t at = 0; word.n > 0 && at + word.n <= text.n; at++) {
        if ((at > 0 && text.p[at - 1] != ' ') || memcmp(text.p + at, word.p, word.n) != 0)
            continue;
        if (open || at + word.n == text.n || text.p[at + word.n] == ' ')
            return (struct str){text.p + at, word.n};
    }
    return (struct str){NULL, 0};
}

static bool holds_any(struct str folded, const struct dir_strs *phrases)
{
    for (size_t i = 0; i < phrases->n; i++)
        if (find_phrase(folded, phrases->p[i]).n > 0)
            return true;
    return false;
}

bool dir_says(struct arena *a, struct str text, const struct dir_strs *phrases)
{
    return holds_any(fold_phrase(a, text), phrases);
}

bool dir_is_crisis(struct arena *a, const struct dir_data *data, struct str query)
{
    struct str folded = fold_phrase(a, query);
    if (folded.n == 0)
        return false;
    char *text = arena_alloc(a, folded.n);
    memcpy(text, folded.p, folded.n);
    struct str left = {text, folded.n};
    for (size_t i = 0; i < data->crisis_not.n; i++)
        for (struct str x; x = find_phrase(left, data->crisis_not.p[i]), x.n > 0;)
            memset(text + (x.p - text), '.', x.n); /* no word holds a full stop */
    return holds_any(left, &data->crisis_words);
}

const struct dir_topic *dir_topic(const struct dir_topics *topics, struct str code)
{
    for (size_t i = 0; i < topics->n; i++)
        if (str_eq(topics->p[i].code, code))
            return &topics->p[i];
    return NULL;
}

bool dir_has_code(const struct dir_concepts *concepts, const struct dir_strs *codes)
{
    for (size_t i = 0; i < concepts->n; i++)
        for (size_t k = 0; k < codes->n; k++) {
            struct str c = concepts->p[i].code, want = codes->p[k];
            if (str_starts(c, want) && (c.n == want.n || c.p[want.n] == '.'))
                return true;
        }
    return false;
}

static bool begins_with_any(const struct dir_texts *t, const struct dir_strs *words)
{
    for (size_t i = 0; i < t->n; i++) {
        struct str rest = t->p[i].text;
        char word[WORD_MAX];
        for (size_t n; fold_word(&rest, word, &n);)
            for (size_t k = 0; k < words->n; k++)
                if (str_starts((struct str){word, n}, words->p[k]))
                    return true;
    }
    return false;
}

bool dir_in_topic(const struct dir_service *s, const struct dir_topic *t)
{
    if (dir_has_code(&s->events, &t->events))
        return true;
    if (!dir_has_code(&s->classes, &t->classes))
        return false;
    if (t->words.n == 0 || begins_with_any(&s->name, &t->words) ||
        begins_with_any(&s->keywords, &t->words))
        return true;
    for (size_t i = 0; i < s->terms.n; i++)
        if (begins_with_any(&s->terms.p[i].names, &t->words))
            return true;
    return false;
}
