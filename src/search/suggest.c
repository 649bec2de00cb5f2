/*
 * suggest.c: what a query that is still being written could become: words that its last word
 * begins, the commonest first, and names and keywords that have all of its words at the beginning
 * of words. In the page's language; in others where that has nothing.
 */
#include "search/query.h"

#include <stdlib.h>

enum { LOOK_AT = 300, DOCS_COUNTED = 100, WORDS_FIRST = 3, WORDS_MOST = 64 };

struct suggested {
    struct str text;
    int64_t doc;
    double rank; /* the greater the likelier */
};
struct choices {
    struct suggested p[WORDS_MOST];
    size_t n;
};

struct str suggest_small(struct arena *a, struct str word)
{
    struct str out = str_dup(a, word);
    char *p = (char *)out.p;
    if (out.n > 1 && p[1] >= 'A' && p[1] <= 'Z')
        return out; /* THL */
    if (out.n > 0 && p[0] >= 'A' && p[0] <= 'Z')
        p[0] = (char)(p[0] + 32);
    else if (out.n > 1 && (unsigned char)p[0] == 0xc3 && (unsigned char)p[1] >= 0x80 &&
             (unsigned char)p[1] < 0x9f)
        p[1] = (char)(p[1] + 32); /* Latin-1's capitals: Ä, Ö, Å */
    return out;
}

static void put(struct choices *c, struct suggested s)
{
    size_t least = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (c->p[i].doc == s.doc && str_eq(c->p[i].text, s.text))
            return;
        if (c->p[i].rank < c->p[least].rank)
            least = i;
    }
    if (c->n < WORDS_MOST)
        c->p[c->n++] = s;
    else if (c->p[least].rank < s.rank)
        c->p[least] = s;
}

static int likelier(const void *p, const void *q)
{
    const struct suggested *x = p, *y = q;
    if (x->rank != y->rank)
        return x->rank > y->rank ? -1 : 1;
    int order = str_cmp(x->text, y->text);
    return order ? order : x->doc < y->doc ? -1 : x->doc > y->doc;
}

/* ---- words ---- */

/* The first form that is not before the prefix. */
static size_t first_form(const struct lang_index *x, struct str prefix)
{
    size_t low = 0, high = x->sorted_n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_cmp(form_text(x, x->sorted[mid]), prefix) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The base form where texts write it, else the form itself. */
static uint32_t base_form(const struct lang_index *x, uint32_t form)
{
    for (uint32_t k = x->form[form].first; k < x->form[form].first + x->form[form].links; k++) {
        uint32_t base = dict_find(&x->forms, x->terms.keys.p[x->links[k].term]);
        if (x->links[k].strength >= 1 && base != NONE && !x->form[base].phrase)
            return base;
    }
    return form;
}

/* How telling the word is: how many documents (of those in `among`) its terms are about. */
static double form_rank(const struct lang_index *x, uint32_t form, const unsigned char *among)
{
    double about = 0;
    for (uint32_t k = x->form[form].first; k < x->form[form].first + x->form[form].links; k++) {
        struct postings p = term_postings(x, x->links[k].term);
        double sum = 0;
        for (size_t i = 0; x->links[k].strength >= 1 && i < p.n && i < DOCS_COUNTED; i++)
            sum += !among || among[p.p[i].doc] ? (double)p.p[i].value : 0;
        about = sum > about ? sum : about;
    }
    return about;
}

struct typed {
    struct str folded; /* all of the query */
    struct str prefix; /* its last word, folded */
    struct str last;   /* as it is written */
    struct str before; /* what is written before that */
};

static void add_words(struct arena *a, const struct search *s, enum lang l, const struct typed *t,
                      const unsigned char *among, struct choices *out)
{
    static const double AS_WRITTEN = 4; /* lääk: not "laki" before "lääkäri" */
    const struct lang_index *x = &s->by_lang[l];
    size_t at = first_form(x, t->prefix);
    struct str last = suggest_small(a, t->last);
    for (size_t i = at; i < x->sorted_n && i < at + LOOK_AT; i++) {
        if (!str_starts(form_text(x, x->sorted[i]), t->prefix))
            break;
        uint32_t form = base_form(x, x->sorted[i]);
        struct str folded = form_text(x, form);
        double rank = form_rank(x, form, among);
        if (rank <= 0 || !str_starts(folded, t->prefix) || word_is_small(l, folded))
            continue;
        struct str word = suggest_small(a, x->form[form].written);
        struct str text = str_fmt(a, STR_FMT STR_FMT, STR_ARG(t->before), STR_ARG(word));
        put(out, (struct suggested){text, -1, str_starts(word, last) ? AS_WRITTEN * rank : rank});
    }
}

/* The documents that hold all words before the last; NULL: there are none before it. */
static const unsigned char *with_words(struct arena *a, const struct search *s, enum lang l,
                                       const struct typed *t)
{
    const struct lang_index *x = &s->by_lang[l];
    struct str rest = str_sub(t->folded, 0, t->folded.n - t->prefix.n);
    unsigned char *among = NULL, n = 0;
    while (rest.n > 0 && n < 16) {
        struct str word = str_cut(&rest, ' ');
        uint32_t form = dict_find(&x->forms, word);
        if (word.n == 0 || word_is_small(l, word))
            continue;
        if (!among)
            among = ARENA_ARRAY(a, s->docs, unsigned char);
        for (uint32_t k = 0; form != NONE && k < x->form[form].links; k++) {
            const struct link *link = &x->links[x->form[form].first + k];
            struct postings p = term_postings(x, link->term);
            for (size_t i = 0; link->strength >= 1 && i < p.n; i++)
                if (among[p.p[i].doc] == n)
                    among[p.p[i].doc]++;
        }
        n++;
    }
    for (size_t d = 0; among && d < s->docs; d++)
        among[d] = among[d] == n;
    return among;
}

/* ---- names and keywords ---- */

static struct str label_rest(const struct search *s, enum lang l, size_t i)
{
    struct label_word w = s->label_words[l][i];
    struct str folded = s->labels[l].p[w.label].folded;
    return str_sub(folded, w.at, folded.n - w.at);
}

/* Does each word of the query begin a word of the label? */
static bool has_words(struct str label, struct str words)
{
    while (words.n > 0) {
        struct str word = str_cut(&words, ' '), rest = label;
        bool found = false;
        while (rest.n > 0 && !found)
            found = str_starts(str_cut(&rest, ' '), word);
        if (!found)
            return false;
    }
    return true;
}

static void add_labels(const struct search *s, enum lang l, struct str query, struct str prefix,
                       struct choices *out)
{
    size_t low = 0, high = s->label_words_n[l];
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_cmp(label_rest(s, l, mid), prefix) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (size_t i = low; i < s->label_words_n[l] && i < low + LOOK_AT; i++) {
        if (!str_starts(label_rest(s, l, i), prefix))
            break;
        struct label_word w = s->label_words[l][i];
        const struct label *label = &s->labels[l].p[w.label];
        if (!has_words(label->folded, query))
            continue;
        double rank = 1 / (1 + (double)label->folded.n) + (w.at == 0 ? 1 : 0) +
                      (str_starts(label->folded, query) ? 1 : 0);
        put(out,
            (struct suggested){label->text, label->doc == NONE ? -1 : (int64_t)label->doc, rank});
    }
}

/* ---- both ---- */

struct picked {
    struct search_suggestions *out;
    struct dict seen; /* folded: a keyword that is called as a name */
    size_t max;
};

static void push(struct arena *a, struct picked *p, const struct suggested *s)
{
    bool fresh = false;
    if (p->out->n < p->max)
        dict_put(a, &p->seen, fold_phrase(a, s->text), &fresh);
    if (fresh)
        VEC_PUSH(a, p->out, (struct search_suggestion){s->text, s->doc});
}

static void suggest_in(struct arena *a, const struct search *s, enum lang l, const struct typed *t,
                       struct search_suggestions *out, size_t max)
{
    struct choices *words = ARENA_NEW(a, struct choices), *labels = ARENA_NEW(a, struct choices);
    struct picked picked = {.out = out, .max = max};
    add_words(a, s, l, t, with_words(a, s, l, t), words);
    add_labels(s, l, t->folded, t->prefix, labels);
    qsort(words->p, words->n, sizeof *words->p, likelier);
    qsort(labels->p, labels->n, sizeof *labels->p, likelier);
    size_t first = t->before.n > 0 ? 0 : WORDS_FIRST; /* of several words the names say more */
    for (size_t i = 0; i < words->n && i < first; i++)
        push(a, &picked, &words->p[i]);
    for (size_t i = 0; i < labels->n; i++)
        push(a, &picked, &labels->p[i]);
    for (size_t i = first; i < words->n; i++)
        push(a, &picked, &words->p[i]);
}

struct search_suggestions search_suggest(struct arena *a, const struct search *s, enum lang want,
                                         struct str text, size_t max)
{
    struct search_suggestions out = {0};
    struct typed t = {.last = {NULL, 0}};
    struct str rest = text, span;
    char word[WORD_MAX];
    struct buf folded = buf_new(a, 0);
    for (size_t i = 0; i < SEARCH_QUERY_MAX && rest.n > 0; i++)
        (void)str_utf8_next(&rest);
    text.n -= rest.n;
    rest = text;
    for (size_t n; fold_span(&rest, word, &n, &span); t.last = span) {
        if (folded.n > 0)
            buf_char(&folded, ' ');
        buf_put(&folded, word, n);
        t.prefix.n = n;
    }
    if (folded.n == 0 || s->docs == 0)
        return out;
    t.folded = buf_get(&folded);
    t.prefix.p = t.folded.p + t.folded.n - t.prefix.n;
    t.before = (struct str){text.p, (size_t)(t.last.p - text.p)};
    suggest_in(a, s, want, &t, &out, max);
    for (int l = 0; l < LANG_COUNT && out.n == 0; l++)
        if (l != (int)want)
            suggest_in(a, s, (enum lang)l, &t, &out, max);
    return out;
}
