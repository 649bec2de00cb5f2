/*
 * finish.c: the end of building: what each form means, postings of terms, trigrams, names, codes.
 *
 * Finnish forms are first shown to the morphology by two threads, which leaves its answers in its
 * memory: most of the time of building is spent there.
 */
#include "search/build.h"
#include "search/morph.h"

#include "base/guard.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/* A standing in a document of weight HALF says half of what one can say. */
static const float HALF = 14;

/* ---- the morphology, ahead ---- */

struct ahead {
    const struct lang_builder *x;
    size_t from, to;
};

static void analyse_ahead(struct arena *a, void *arg)
{
    enum { ROUND = 512 };
    struct ahead *w = arg;
    for (size_t i = w->from; i < w->to; i++) {
        if (!w->x->forms.p[i].phrase)
            morph_analyse(a, w->x->forms.p[i].written);
        if (i % ROUND == 0)
            arena_reset(a);
    }
}

static void in_arena(void *ahead)
{
    arena_run(0, analyse_ahead, ahead);
}

static void *run_ahead(void *arg)
{
    (void)guard_run(in_arena, arg, NULL); /* what it did not do is done later, more slowly */
    return NULL;
}

static void look_ahead(const struct search_builder *b)
{
    enum { WORTH_IT = 4000 };
    const struct lang_builder *x = &b->lang[LANG_FI];
    const char *why;
    size_t n = x->forms.n;
    pthread_t other;
    if (n < WORTH_IT || b->s->conf.no_morphology || !morph_ready(&why))
        return;
    struct ahead second = {x, n / 2, n}, first = {x, 0, n / 2};
    bool two = pthread_create(&other, NULL, run_ahead, &second) == 0;
    run_ahead(&first);
    if (two)
        pthread_join(other, NULL);
}

/* ---- forms to terms ---- */

static void link_sense(struct search_builder *b, enum lang l, const struct sense *s)
{
    struct lang_builder *x = &b->lang[l];
    bool fresh;
    uint32_t t = dict_put(b->a, &b->s->by_lang[l].terms, (struct str){s->text, s->n}, &fresh);
    if (fresh)
        VEC_PUSH(b->scratch, &x->terms, (struct term){0});
    x->terms.p[t].whole = x->terms.p[t].whole || s->whole;
    VEC_PUSH(b->scratch, &x->links, (struct link){t, s->strength});
}

static void link_senses(struct search_builder *b, enum lang l, size_t form,
                        const struct senses *senses)
{
    struct lang_builder *x = &b->lang[l];
    x->forms.p[form].first = (uint32_t)x->links.n;
    x->forms.p[form].links = (uint32_t)senses->n;
    for (size_t k = 0; k < senses->n; k++)
        link_sense(b, l, &senses->p[k]);
}

static struct senses senses_of(struct search_builder *b, struct arena *work, enum lang l, size_t i)
{
    struct lang_index *x = &b->s->by_lang[l];
    struct str folded = form_text(x, (uint32_t)i);
    return sense_word(work, &b->s->conf, l, b->lang[l].forms.p[i].written, folded);
}

/* The base form is a form too, if no text has it: to be suggested, and found misspelt. */
static void add_lemma(struct search_builder *b, struct arena *work, size_t form)
{
    struct morph m = morph_analyse(work, b->lang[LANG_FI].forms.p[form].written);
    struct str text = m.n > 0 ? m.p[0].lemma : S("");
    char word[WORD_MAX];
    size_t n;
    if (fold_word(&text, word, &n) && text.n == 0)
        build_form(b, LANG_FI, (struct str){word, n}, m.p[0].lemma);
}

static void link_forms(struct search_builder *b, struct arena *work, enum lang l)
{
    enum { ROUND = 512 };
    struct lang_builder *x = &b->lang[l];
    struct lang_index *out = &b->s->by_lang[l];
    size_t said = x->forms.n; /* lemmas come after */
    unsigned char *known = ARENA_ARRAY(b->scratch, said * 2, unsigned char);
    for (size_t i = 0; i < x->forms.n && i < said * 2; i++) {
        if (x->forms.p[i].phrase)
            continue;
        struct senses senses = senses_of(b, work, l, i);
        known[i] = senses.known;
        if (senses.known && i < said)
            add_lemma(b, work, i);
        link_senses(b, l, i, &senses);
        if (i % ROUND == 0)
            arena_reset(work);
    }
    out->term = x->terms.p; /* for sense_parts(): which are words of their own */
    for (size_t i = 0; i < x->forms.n && l != LANG_EN; i++) {
        if (known[i] || x->forms.p[i].phrase)
            continue;
        if (x->forms.p[i].links == 0)
            continue;
        uint32_t t = x->links.p[x->forms.p[i].first].term; /* the whole comes first */
        struct senses senses = senses_of(b, work, l, i);
        size_t before = senses.n;
        sense_parts(out, l, out->terms.keys.p[t], &senses);
        if (senses.n == before)
            continue;
        link_senses(b, l, i, &senses);
        out->term = x->terms.p;
    }
}

/* A phrase means only itself: a term of the same text. */
static void link_phrases(struct search_builder *b, enum lang l)
{
    struct lang_builder *x = &b->lang[l];
    for (size_t i = 0; i < x->forms.n; i++)
        if (x->forms.p[i].phrase) {
            bool fresh;
            struct lang_index *out = &b->s->by_lang[l];
            uint32_t t = dict_put(b->a, &out->terms, form_text(out, (uint32_t)i), &fresh);
            if (fresh)
                VEC_PUSH(b->scratch, &x->terms, (struct term){0});
            x->forms.p[i].first = (uint32_t)x->links.n;
            x->forms.p[i].links = 1;
            VEC_PUSH(b->scratch, &x->links, (struct link){t, 1});
        }
}

/* ---- postings ---- */

static int by_doc(const void *p, const void *q)
{
    const struct occurrence *x = p, *y = q;
    return x->doc != y->doc    ? (x->doc < y->doc ? -1 : 1)
           : x->form < y->form ? -1
                               : x->form > y->form;
}

/* A posting in the making; strength: of the strongest link that leads to it. */
struct standing {
    uint32_t doc;
    float weight, strength;
};

static void fill(const struct lang_builder *x, struct term *terms, struct standing *room)
{
    for (size_t i = 0; i < x->occurrences.n; i++) {
        const struct occurrence *o = &x->occurrences.p[i];
        const struct form *f = &x->forms.p[o->form];
        for (uint32_t k = f->first; k < f->first + f->links; k++) {
            struct term *t = &terms[x->links.p[k].term];
            struct standing *last = t->count ? &room[t->first + t->count - 1] : NULL;
            float strength = x->links.p[k].strength, weight = o->weight * strength;
            if (last && last->doc == o->doc) {
                last->weight += weight;
                last->strength = most_of(last->strength, strength);
            } else
                room[t->first + t->count++] = (struct standing){o->doc, weight, strength};
        }
    }
}

/* How much it says. A part of a compound never says as much as the word itself, however often the
 * compound stands there: an animal's doctor is no doctor. */
static float value_of(const struct standing *s)
{
    static const float PART = 0.5F;
    return s->weight / (s->weight + HALF) * (1 - PART + PART * s->strength);
}

static void make_postings(struct search_builder *b, enum lang l)
{
    struct lang_builder *x = &b->lang[l];
    struct lang_index *out = &b->s->by_lang[l];
    size_t n = x->terms.n, total = 0;
    if (b->unordered && x->occurrences.n > 0)
        qsort(x->occurrences.p, x->occurrences.n, sizeof *x->occurrences.p, by_doc);
    struct term *terms = ARENA_ARRAY(b->a, n, struct term);
    for (size_t i = 0; i < x->occurrences.n; i++) {
        const struct form *f = &x->forms.p[x->occurrences.p[i].form];
        for (uint32_t k = f->first; k < f->first + f->links; k++)
            terms[x->links.p[k].term].count++;
        total += f->links;
    }
    uint32_t at = 0;
    for (size_t i = 0; i < n; i++) {
        terms[i].first = at;
        at += terms[i].count;
        terms[i].count = 0;
        terms[i].whole = x->terms.p[i].whole;
    }
    struct standing *room = ARENA_ARRAY(b->scratch, total, struct standing);
    fill(x, terms, room);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        kept += terms[i].count;
    out->postings = ARENA_ARRAY(b->a, kept, struct posting);
    at = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t first = at;
        for (uint32_t k = terms[i].first; k < terms[i].first + terms[i].count; k++)
            out->postings[at++] = (struct posting){room[k].doc, value_of(&room[k])};
        terms[i].first = first;
    }
    out->term = terms;
}

/* A document that only mentions a word in passing is not wholly one of those that are about it. */
static void weigh_terms(struct search *s, enum lang l)
{
    static const float ABOUT = 0.3F;
    struct lang_index *x = &s->by_lang[l];
    double all = log((double)s->docs + 1);
    for (size_t i = 0; i < x->terms.keys.n; i++) {
        struct term *t = &x->term[i];
        double about = 0;
        for (uint32_t k = t->first; k < t->first + t->count; k++) {
            about += least_of(1, x->postings[k].value / ABOUT);
        }
        t->rarity =
            (float)(all > 0 ? fmin(1, log(((double)s->docs + 1) / fmax(1, about)) / all) : 1);
    }
}

/* ---- what queries are compared with ---- */

static void sort_trigrams(struct search_builder *b, enum lang l)
{
    struct lang_index *x = &b->s->by_lang[l];
    uint16_t grams[FOLD_TRIGRAMS];
    size_t forms = x->forms.keys.n;
    x->bucket_start = ARENA_ARRAY(b->a, FOLD_BUCKETS + 1, uint32_t);
    for (size_t i = 0; i < forms; i++) {
        size_t n = x->form[i].phrase ? 0 : fold_trigrams(form_text(x, (uint32_t)i), grams);
        x->form[i].trigrams = (uint16_t)n;
        for (size_t k = 0; k < n; k++)
            x->bucket_start[grams[k] + 1]++;
    }
    for (size_t k = 0; k < FOLD_BUCKETS; k++)
        x->bucket_start[k + 1] += x->bucket_start[k];
    x->bucket_forms = ARENA_ARRAY(b->a, x->bucket_start[FOLD_BUCKETS], uint32_t);
    uint32_t *next = ARENA_ARRAY(b->scratch, FOLD_BUCKETS, uint32_t);
    memcpy(next, x->bucket_start, FOLD_BUCKETS * sizeof *next);
    for (size_t i = 0; i < forms; i++) {
        size_t n = x->form[i].phrase ? 0 : fold_trigrams(form_text(x, (uint32_t)i), grams);
        for (size_t k = 0; k < n; k++)
            x->bucket_forms[next[grams[k]]++] = (uint32_t)i;
    }
}

struct sorting { /* the text's first bytes as a number: most are told apart by them */
    uint64_t begins;
    uint32_t form;
};

static uint64_t beginning(struct str s)
{
    uint64_t out = 0;
    for (size_t i = 0; i < 8; i++)
        out = out << 8 | (i < s.n ? (unsigned char)s.p[i] : 0);
    return out;
}

static int by_text(const void *p, const void *q, void *arg)
{
    const struct lang_index *x = arg;
    const struct sorting *a = p, *b = q;
    if (a->begins != b->begins)
        return a->begins < b->begins ? -1 : 1;
    return str_cmp(form_text(x, a->form), form_text(x, b->form));
}

static void sort_forms(struct search_builder *b, enum lang l)
{
    struct lang_index *x = &b->s->by_lang[l];
    struct sorting *all = ARENA_ARRAY(b->scratch, x->forms.keys.n, struct sorting);
    x->sorted = ARENA_ARRAY(b->a, x->forms.keys.n, uint32_t);
    for (size_t i = 0; i < x->forms.keys.n; i++)
        if (!x->form[i].phrase)
            all[x->sorted_n++] =
                (struct sorting){beginning(form_text(x, (uint32_t)i)), (uint32_t)i};
    qsort_r(all, x->sorted_n, sizeof *all, by_text, x);
    for (size_t i = 0; i < x->sorted_n; i++)
        x->sorted[i] = all[i].form;
}

/* ---- names and codes ---- */

static struct str label_rest(const struct search *s, enum lang l, struct label_word w)
{
    struct str folded = s->labels[l].p[w.label].folded;
    return str_sub(folded, w.at, folded.n - w.at);
}

struct label_order {
    const struct search *s;
    enum lang l;
};

static int by_rest(const void *p, const void *q, void *arg)
{
    const struct label_order *o = arg;
    const struct label_word *x = p, *y = q;
    int order = str_cmp(label_rest(o->s, o->l, *x), label_rest(o->s, o->l, *y));
    return order ? order : x->label < y->label ? -1 : x->label > y->label;
}

/* Each word of each label, by what follows it: what is being written begins one of them. */
static void sort_labels(struct search_builder *b, enum lang l)
{
    struct search *s = b->s;
    size_t n = 0;
    for (size_t i = 0; i < s->labels[l].n; i++)
        for (size_t k = 0; k < s->labels[l].p[i].folded.n; k++)
            n += k == 0 || s->labels[l].p[i].folded.p[k - 1] == ' ';
    struct label_word *words = ARENA_ARRAY(b->a, n, struct label_word);
    n = 0;
    for (size_t i = 0; i < s->labels[l].n; i++)
        for (size_t k = 0; k < s->labels[l].p[i].folded.n; k++)
            if (k == 0 || s->labels[l].p[i].folded.p[k - 1] == ' ')
                words[n++] = (struct label_word){(uint32_t)i, (uint32_t)k};
    struct label_order order = {s, l};
    qsort_r(words, n, sizeof *words, by_rest, &order);
    s->label_words[l] = words;
    s->label_words_n[l] = n;
}

static void keep_names(struct search_builder *b, enum lang l)
{
    struct search *s = b->s;
    struct lang_builder *x = &b->lang[l];
    struct dict keywords = {0};
    s->names[l] = ARENA_ARRAY(b->a, s->docs, struct name_terms);
    s->name_terms[l] = ARENA_ARRAY(b->a, x->label_forms.n, uint32_t);
    uint32_t at = 0;
    for (size_t i = 0; i < x->labels.n; i++) {
        const struct build_label *label = &x->labels.p[i];
        bool name = label->place <= SEARCH_OTHER_NAME, fresh = true;
        if (!name)
            dict_put(b->scratch, &keywords, label->folded, &fresh);
        if (fresh && (name || label->n > 1))
            VEC_PUSH(b->a, &s->labels[l],
                     (struct label){label->folded, label->text, name ? label->doc : NONE});
        if (s->names[l][label->doc].n > 0 || label->place != SEARCH_NAME)
            continue;
        s->names[l][label->doc] = (struct name_terms){at, label->n};
        for (uint32_t k = 0; k < label->n; k++)
            s->name_terms[l][at++] = x->label_forms.p[label->first + k];
    }
    sort_labels(b, l);
}

static void keep_codes(struct search_builder *b)
{
    struct search *s = b->s;
    size_t codes = s->codes.keys.n, n = b->codes.n;
    s->code_first = ARENA_ARRAY(b->a, codes + 1, uint32_t);
    s->doc_first = ARENA_ARRAY(b->a, s->docs + 1, uint32_t);
    s->code_docs = ARENA_ARRAY(b->a, n, uint32_t);
    s->doc_codes = ARENA_ARRAY(b->a, n, uint32_t);
    for (size_t i = 0; i < n; i++) {
        s->code_first[b->codes.p[i].form + 1]++;
        s->doc_first[b->codes.p[i].doc + 1]++;
    }
    for (size_t i = 0; i < codes; i++)
        s->code_first[i + 1] += s->code_first[i];
    for (size_t i = 0; i < s->docs; i++)
        s->doc_first[i + 1] += s->doc_first[i];
    uint32_t *code_at = ARENA_ARRAY(b->scratch, codes + 1, uint32_t);
    uint32_t *doc_at = ARENA_ARRAY(b->scratch, s->docs + 1, uint32_t);
    memcpy(code_at, s->code_first, (codes + 1) * sizeof *code_at);
    memcpy(doc_at, s->doc_first, (s->docs + 1) * sizeof *doc_at);
    for (size_t i = 0; i < n; i++) {
        s->code_docs[code_at[b->codes.p[i].form]++] = b->codes.p[i].doc;
        s->doc_codes[doc_at[b->codes.p[i].doc]++] = b->codes.p[i].form;
    }
}

/* The words that people say are forms too: a misspelt one is found, and no other is taken for it.
 */
static void add_says(struct search_builder *b, const struct search_synonyms *list)
{
    char word[WORD_MAX];
    for (size_t i = 0; list && i < list->n; i++)
        for (int l = 0; l < LANG_COUNT; l++)
            for (size_t k = 0; k < list->p[i].says[l].n; k++) {
                struct str rest = list->p[i].says[l].p[k], span;
                for (size_t n; fold_span(&rest, word, &n, &span);)
                    build_form(b, (enum lang)l, (struct str){word, n}, span);
            }
}

struct search *search_end(struct search_builder *b, size_t docs)
{
    struct search *s = b->s;
    assert(b->newest < docs || docs == 0);
    s->docs = docs;
    if (!s->conf.no_synonyms)
        add_says(b, &word_data()->synonyms);
    add_says(b, s->conf.more);
    look_ahead(b);
    for (int i = 0; i < LANG_COUNT; i++) {
        enum lang l = (enum lang)i;
        struct lang_builder *x = &b->lang[l];
        link_forms(b, b->work, l);
        link_phrases(b, l);
        make_postings(b, l);
        weigh_terms(s, l);
        struct lang_index *out = &s->by_lang[l];
        out->form = ARENA_ARRAY(b->a, x->forms.n, struct form);
        if (x->forms.n > 0)
            memcpy(out->form, x->forms.p, x->forms.n * sizeof *out->form);
        out->links = ARENA_ARRAY(b->a, x->links.n, struct link);
        if (x->links.n > 0)
            memcpy(out->links, x->links.p, x->links.n * sizeof *out->links);
        sort_trigrams(b, l);
        sort_forms(b, l);
        keep_names(b, l);
    }
    keep_codes(b);
    synonyms_compile(b->a, s);
    build_free(b);
    return s;
}
