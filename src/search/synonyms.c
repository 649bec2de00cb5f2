/*
 * synonyms.c: what people mean by what they say. When the index is made, each synonym is turned
 * into the documents that it means and how surely: by the catalogue's words for it, in every
 * language, and by its codes (the fewer documents have a code, the more it says). A query then only
 * has to find what was said.
 */
#include "search/query.h"

#include <math.h>
#include <stdlib.h>

static const double CODE = 0.85, SAID_WHOLE = 0.95, LEAST = 0.05, FULL = 0.6, TOLD = 0.9, FEW = 3,
                    SPREAD = 0.3;
enum { MEANT_MOST = 400, PHRASE_WORDS = 8, COMMON = 6 };

struct compiler {
    struct arena *a;
    struct search *s;
    float *sure;       /* of a document: that it is meant */
    float *sum, *best; /* of a document: in the phrase in hand, in the word in hand */
    uint32_t *touched, *of_word, *of_phrase;
    size_t touched_n, of_phrase_n;
    struct dict phrases[LANG_COUNT]; /* met before: what they mean is in `remembered` */
    struct {
        LIST_FIELDS(struct meaning);
    } remembered[LANG_COUNT];
    struct {
        LIST_FIELDS(struct posting);
    } meant, of_phrases;
    struct {
        LIST_FIELDS(struct meaning);
    } meanings;
};

/* ---- what is meant ---- */

static void mean(struct compiler *c, uint32_t doc, double sure)
{
    if (sure <= 0)
        return;
    if (c->sure[doc] <= 0)
        c->touched[c->touched_n++] = doc;
    c->sure[doc] = most_of(c->sure[doc], (float)sure);
}

struct phrase {
    uint32_t forms[PHRASE_WORDS];
    size_t n;
    struct str folded;
};

/* The telling words of a phrase; all where none is. */
static struct phrase read_phrase(struct compiler *c, enum lang l, struct str text)
{
    const struct lang_index *x = &c->s->by_lang[l];
    struct phrase out = {.folded = fold_phrase(c->a, text)};
    for (int small = 0; small < 2 && out.n == 0; small++) {
        struct str rest = out.folded;
        while (rest.n > 0 && out.n < PHRASE_WORDS) {
            struct str word = str_cut(&rest, ' ');
            if (small || !word_is_small(l, word))
                out.forms[out.n++] = dict_find(&x->forms, word);
        }
    }
    return out;
}

static double rarest(const struct lang_index *x, uint32_t form)
{
    double rarity = 0;
    for (uint32_t k = 0; form != NONE && k < x->form[form].links; k++)
        rarity = fmax(rarity, (double)x->term[x->links[x->form[form].first + k].term].rarity);
    return form == NONE ? 1 : 0.1 + rarity;
}

/* Adds what the documents say of one word, once for each. */
static void sum_word(struct compiler *c, const struct lang_index *x, uint32_t form, float rarity)
{
    const struct form *f = &x->form[form];
    size_t n = 0;
    for (uint32_t k = f->first; k < f->first + f->links; k++) {
        struct postings found = term_postings(x, x->links[k].term);
        if (x->links[k].strength < 1 && found.n * COMMON > c->s->docs)
            continue; /* a part that stands in so many compounds says nothing */
        for (size_t j = 0; j < found.n; j++) {
            float *best = &c->best[found.p[j].doc];
            if (*best <= 0)
                c->of_word[n++] = found.p[j].doc;
            *best = most_of(*best, x->links[k].strength * found.p[j].value);
        }
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t d = c->of_word[i];
        if (c->sum[d] <= 0)
            c->of_phrase[c->of_phrase_n++] = d;
        c->sum[d] += rarity * least_of(1, c->best[d] / (float)FULL);
        c->best[d] = 0;
    }
}

static void remember(struct compiler *c, uint32_t doc, double sure)
{
    VEC_PUSH(c->a, &c->of_phrases, (struct posting){doc, (float)sure});
}

static void read_meaning(struct compiler *c, enum lang l, struct str text)
{
    const struct lang_index *x = &c->s->by_lang[l];
    struct phrase p = read_phrase(c, l, text);
    double total = 0;
    c->of_phrase_n = 0;
    for (size_t i = 0; i < p.n; i++) {
        double rarity = rarest(x, p.forms[i]);
        total += rarity;
        if (p.forms[i] != NONE)
            sum_word(c, x, p.forms[i], (float)rarity);
    }
    double many = 0;
    for (size_t i = 0; i < c->of_phrase_n; i++)
        many += pow((double)c->sum[c->of_phrase[i]] / total, 2);
    double sure = TOLD * pow(fmax(1, many / FEW), -SPREAD);
    for (size_t i = 0; i < c->of_phrase_n; i++) {
        uint32_t d = c->of_phrase[i];
        double share = (double)c->sum[d] / total;
        c->sum[d] = 0;
        if (share * share > LEAST)
            remember(c, d, share * share * sure);
    }
    uint32_t whole = dict_find(&x->forms, p.folded);
    if (whole != NONE && x->form[whole].phrase) {
        struct postings found = term_postings(x, x->links[x->form[whole].first].term);
        for (size_t j = 0; j < found.n; j++)
            remember(c, found.p[j].doc, SAID_WHOLE);
    }
}

/* Many synonyms mean the same: each phrase is looked up once. */
static void mean_phrase(struct compiler *c, enum lang l, struct str text)
{
    bool fresh;
    uint32_t nr = dict_put(c->a, &c->phrases[l], text, &fresh);
    if (fresh) {
        uint32_t first = (uint32_t)c->of_phrases.n;
        read_meaning(c, l, text);
        struct meaning m = {first, (uint32_t)c->of_phrases.n - first};
        VEC_PUSH(c->a, &c->remembered[l], m);
    }
    struct meaning m = c->remembered[l].p[nr];
    for (uint32_t i = m.first; i < m.first + m.count; i++)
        mean(c, c->of_phrases.p[i].doc, (double)c->of_phrases.p[i].value);
}

static void mean_code(struct compiler *c, struct str code)
{
    const struct search *s = c->s;
    uint32_t nr = dict_find(&s->codes, code);
    if (nr == NONE)
        return;
    uint32_t n = s->code_first[nr + 1] - s->code_first[nr];
    double all = log((double)s->docs + 1);
    double rarity = all > 0 ? log(((double)s->docs + 1) / fmax(1, n)) / all : 1;
    for (uint32_t i = s->code_first[nr]; i < s->code_first[nr + 1]; i++) {
        double before = (double)c->sure[s->code_docs[i]];
        mean(c, s->code_docs[i], 1 - (1 - before) * (1 - CODE * rarity));
    }
}

static int surest(const void *p, const void *q)
{
    const struct posting *x = p, *y = q;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

static uint32_t add_meaning(struct compiler *c, const struct search_synonym *syn)
{
    for (int l = 0; l < LANG_COUNT; l++)
        for (size_t i = 0; i < syn->means[l].n; i++)
            mean_phrase(c, (enum lang)l, syn->means[l].p[i]);
    for (size_t i = 0; i < syn->codes.n; i++)
        mean_code(c, syn->codes.p[i]);
    uint32_t first = (uint32_t)c->meant.n;
    for (size_t i = 0; i < c->touched_n; i++) {
        struct posting p = {c->touched[i], c->sure[c->touched[i]]};
        c->sure[p.doc] = 0;
        if ((double)p.value >= LEAST)
            VEC_PUSH(c->a, &c->meant, p);
    }
    c->touched_n = 0;
    if (c->meant.n > first)
        qsort(c->meant.p + first, c->meant.n - first, sizeof *c->meant.p, surest);
    if (c->meant.n - first > MEANT_MOST)
        c->meant.n = first + MEANT_MOST;
    VEC_PUSH(c->a, &c->meanings, (struct meaning){first, (uint32_t)c->meant.n - first});
    return (uint32_t)c->meanings.n - 1;
}

/* ---- what is said ---- */

static void add_saying(struct compiler *c, enum lang l, struct str text, uint32_t meaning)
{
    struct search *s = c->s;
    const struct lang_index *x = &s->by_lang[l];
    struct phrase p = read_phrase(c, l, text);
    struct saying saying = {meaning, (uint32_t)s->saying_terms[l].n, 0, NONE};
    for (size_t i = 0; i < p.n; i++) {
        if (p.forms[i] == NONE)
            return;
        if (x->form[p.forms[i]].links == 0)
            continue; /* a letter: X-ray */
        const struct form *f = &x->form[p.forms[i]];
        uint32_t k = f->first;
        while (k + 1 < f->first + f->links && x->links[k].strength < 1)
            k++;
        VEC_PUSH(c->a, &s->saying_terms[l], x->links[x->links[k].strength < 1 ? f->first : k].term);
        saying.n++;
    }
    if (saying.n == 0)
        return;
    uint32_t *chain = &s->saying_of[l][s->saying_terms[l].p[saying.first]];
    saying.next = *chain;
    *chain = (uint32_t)s->sayings[l].n;
    VEC_PUSH(c->a, &s->sayings[l], saying);
}

static void add_all(struct compiler *c, const struct search_synonyms *list)
{
    for (size_t i = 0; list && i < list->n; i++) {
        uint32_t meaning = add_meaning(c, &list->p[i]);
        for (int l = 0; l < LANG_COUNT; l++)
            for (size_t k = 0; k < list->p[i].says[l].n; k++)
                add_saying(c, (enum lang)l, list->p[i].says[l].p[k], meaning);
    }
}

void synonyms_compile(struct arena *a, struct search *s)
{
    struct compiler c = {.a = a, .s = s};
    c.sure = ARENA_ARRAY(a, s->docs, float);
    c.sum = ARENA_ARRAY(a, s->docs, float);
    c.best = ARENA_ARRAY(a, s->docs, float);
    c.touched = ARENA_ARRAY(a, s->docs, uint32_t);
    c.of_word = ARENA_ARRAY(a, s->docs, uint32_t);
    c.of_phrase = ARENA_ARRAY(a, s->docs, uint32_t);
    for (int l = 0; l < LANG_COUNT; l++) {
        s->saying_of_n[l] = s->by_lang[l].terms.keys.n;
        s->saying_of[l] = ARENA_ARRAY(a, s->saying_of_n[l], uint32_t);
        memset(s->saying_of[l], 0xff, s->saying_of_n[l] * sizeof(uint32_t));
    }
    if (!s->conf.no_synonyms)
        add_all(&c, &word_data()->synonyms);
    add_all(&c, s->conf.more);
    s->meanings = c.meanings.p;
    s->meant = c.meant.p;
}

/* ---- in a query ---- */

/* How surely a word of the query is that term, and which word. */
static float find_asked(const struct query *q, enum lang l, uint32_t term, size_t *nth)
{
    float like = 0;
    for (size_t i = 0; i < q->n; i++)
        for (size_t k = 0; !q->p[i].small && k < q->p[i].in[l].n; k++)
            if (q->p[i].in[l].p[k].term == term && q->p[i].in[l].p[k].like > like) {
                like = q->p[i].in[l].p[k].like;
                *nth = i;
            }
    return like;
}

static void give(struct asked *w, uint32_t meaning, float like)
{
    size_t least = 0;
    for (size_t i = 0; i < w->meant_n; i++) {
        if (w->meant[i].meaning == meaning) {
            w->meant[i].like = most_of(w->meant[i].like, like);
            return;
        }
        if (w->meant[i].like < w->meant[least].like)
            least = i;
    }
    if (w->meant_n < QUERY_MEANINGS)
        w->meant[w->meant_n++] = (struct meant){meaning, like};
    else if (w->meant[least].like < like)
        w->meant[least] = (struct meant){meaning, like};
}

static void match_saying(const struct search *s, struct query *q, enum lang l,
                         const struct saying *saying)
{
    static const float CLEAR = 0.5F;
    size_t words[PHRASE_WORDS];
    float like = 1;
    for (uint32_t i = 0; i < saying->n; i++) {
        like = least_of(like, find_asked(q, l, s->saying_terms[l].p[saying->first + i], &words[i]));
        if (like < CLEAR)
            return;
    }
    for (uint32_t i = 0; i < saying->n; i++)
        give(&q->p[words[i]], saying->meaning, like * q->factor[l]);
}

void synonyms_match(const struct search *s, struct query *q)
{
    for (int l = 0; l < LANG_COUNT; l++)
        for (size_t i = 0; i < q->n; i++)
            for (size_t k = 0; !q->p[i].small && k < q->p[i].in[l].n; k++) {
                uint32_t t = q->p[i].in[l].p[k].term;
                for (uint32_t at = t < s->saying_of_n[l] ? s->saying_of[l][t] : NONE; at != NONE;
                     at = s->sayings[l].p[at].next)
                    match_saying(s, q, (enum lang)l, &s->sayings[l].p[at]);
            }
}
