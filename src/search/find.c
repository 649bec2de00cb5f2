/*
 * find.c: from a query to documents, best first.
 *
 * For each word of the query a document has evidence between 0 and 1: of each term that the word
 * may stand for, how likely it does times how much the term's standing there says, together as
 * 1 - (1 - e1)(1 - e2)...; the languages' best (texts are translations of each other); and what
 * synonyms add. The score is the sum of evidence times how telling the word is, times the share of
 * the query that the document answers at all. Then documents of the same kind as the first ones
 * are raised a little, and those whose name is what was asked for.
 */
#include "search/query.h"

#include <math.h>
#include <stdlib.h>

static const double SYNONYM = 0.35, SHARE_POWER = 0.25, KIND = 0.7, NAMED = 1, TAIL = 0.03,
                    NEAR = 0.24, PHRASE_BONUS = 0.6, TOGETHER = 0.8, ANSWERED = 0.3,
                    KIND_SIZE = 0.7, KIND_SHARE = 2, RARE = 0.7, WORTH_FIRST = 0.2, WORTH = 0.3;
static const float WEIGHTLESS = 0.005F;
enum { FIRST = 8, NAMED_MOST = 64, CODES_MOST = 128, COMMON = 4, PAGE = 10 };

struct found { /* of a document */
    float score, share, best, clear;
    uint8_t lang;
};

struct run {
    struct arena *a;
    const struct search *s;
    const struct query *q;
    enum lang want;
    struct found *sum;
    float *evidence;       /* of the word in hand, the best of languages */
    float *now, *now_most; /* in the language in hand: all together, the best alone */
    uint8_t *lang;
    bool *seen, *now_seen, *in_docs;
    uint32_t *touched, *docs;
    size_t touched_n, docs_n;
};

/* ---- one word ---- */

static void count_term(struct run *r, const struct lang_index *x, const struct match *m,
                       uint32_t *seen, size_t *seen_n)
{
    struct postings p = term_postings(x, m->term);
    double rare = 1 - RARE + RARE * (double)x->term[m->term].rarity;
    float weight = m->like * sqrtf(m->like) * (float)rare;
    if (weight < WEIGHTLESS)
        return;
    for (size_t i = 0; i < p.n; i++) {
        uint32_t d = p.p[i].doc;
        float e = weight * p.p[i].value;
        if (!r->now_seen[d]) {
            r->now_seen[d] = true;
            seen[(*seen_n)++] = d;
        }
        r->now[d] = 1 - (1 - r->now[d]) * (1 - e);
        r->now_most[d] = most_of(r->now_most[d], e);
    }
}

/* Into the list of documents that have any score. */
static void join(struct run *r, uint32_t d)
{
    if (!r->in_docs[d]) {
        r->in_docs[d] = true;
        r->docs[r->docs_n++] = d;
    }
}

static void touch(struct run *r, uint32_t d)
{
    if (!r->seen[d]) {
        r->seen[d] = true;
        r->touched[r->touched_n++] = d;
    }
}

static void count_language(struct run *r, const struct asked *w, enum lang l, uint32_t *seen)
{
    const struct lang_index *x = &r->s->by_lang[l];
    size_t seen_n = 0;
    for (size_t i = 0; i < w->in[l].n; i++)
        count_term(r, x, &w->in[l].p[i], seen, &seen_n);
    for (size_t i = 0; i < seen_n; i++) {
        uint32_t d = seen[i];
        float e = r->now_most[d] + (float)TOGETHER * (r->now[d] - r->now_most[d]);
        e *= r->q->factor[l];
        touch(r, d);
        if (e > r->evidence[d]) {
            r->evidence[d] = e;
            r->lang[d] = (uint8_t)l;
        }
        r->now[d] = r->now_most[d] = 0;
        r->now_seen[d] = false;
    }
}

static void count_meanings(struct run *r, const struct asked *w)
{
    for (size_t i = 0; i < w->meant_n; i++) {
        const struct meaning *m = &r->s->meanings[w->meant[i].meaning];
        double like = SYNONYM * (double)w->meant[i].like;
        for (uint32_t k = m->first; k < m->first + m->count; k++) {
            const struct posting *p = &r->s->meant[k];
            touch(r, p->doc);
            double e = like * (double)p->value;
            r->evidence[p->doc] = (float)(1 - (1 - (double)r->evidence[p->doc]) * (1 - e));
        }
    }
}

static void count_word(struct run *r, const struct asked *w, uint32_t *seen)
{
    for (int l = 0; l < LANG_COUNT; l++)
        count_language(r, w, (enum lang)l, seen);
    count_meanings(r, w);
    for (size_t i = 0; i < r->touched_n; i++) {
        uint32_t d = r->touched[i];
        struct found *f = &r->sum[d];
        float e = (float)w->weight * r->evidence[d];
        join(r, d);
        f->score += e;
        f->share += (float)w->weight * least_of(1, r->evidence[d] / (float)ANSWERED);
        if (w->clear)
            f->clear = most_of(f->clear, r->evidence[d]);
        if (e > f->best) {
            f->best = e;
            f->lang = r->lang[d];
        }
        r->evidence[d] = 0;
        r->seen[d] = false;
    }
    r->touched_n = 0;
}

/* ---- the whole ---- */

/* Names and keywords of several words that stand whole in the query: "my [baby does not sleep]". */
static void count_phrases(struct run *r)
{
    const struct query *q = r->q;
    const char *end = q->folded.p + q->folded.n;
    const char *from = q->folded.p;
    for (size_t i = 0; i < q->n; i++, from += (from < end)) {
        const char *to = from + q->p[i].folded.n;
        double weight = q->p[i].weight;
        for (size_t j = i + 1; j < q->n; j++) {
            to += 1 + q->p[j].folded.n;
            weight += q->p[j].weight;
            for (int l = 0; l < LANG_COUNT; l++) {
                const struct lang_index *x = &r->s->by_lang[l];
                uint32_t form = dict_find(&x->forms, (struct str){from, (size_t)(to - from)});
                if (form == NONE || !x->form[form].phrase)
                    continue;
                struct postings p = term_postings(x, x->links[x->form[form].first].term);
                for (size_t k = 0; k < p.n; k++) {
                    struct found *f = &r->sum[p.p[k].doc];
                    join(r, p.p[k].doc);
                    f->score += (float)(PHRASE_BONUS * weight) * p.p[k].value;
                    f->share = most_of(f->share, (float)weight);
                    f->clear = 1;
                }
            }
        }
        from += q->p[i].folded.n;
    }
}

static bool is_before(const struct run *r, uint32_t x, uint32_t y)
{
    float a = r->sum[x].score, b = r->sum[y].score;
    return a > b || (a >= b && x < y);
}

/* Lets what stands at `at` sink to its place in a heap whose top is the last of all. */
static void sink(const struct run *r, uint32_t *heap, size_t n, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && is_before(r, heap[child], heap[child + 1]))
            child++;
        if (!is_before(r, heap[at], heap[child]))
            return;
        uint32_t swap = heap[at];
        heap[at] = heap[child];
        heap[child] = swap;
    }
}

/* The best n of the documents to the front, in order; the others stay behind in none. */
static size_t best_first(struct run *r, size_t n)
{
    uint32_t *d = r->docs;
    n = n < r->docs_n ? n : r->docs_n;
    for (size_t i = n / 2; i-- > 0;)
        sink(r, d, n, i);
    for (size_t i = n; i < r->docs_n; i++)
        if (is_before(r, d[i], d[0])) {
            uint32_t swap = d[0];
            d[0] = d[i];
            d[i] = swap;
            sink(r, d, n, 0);
        }
    for (size_t left = n; left > 1; left--) {
        uint32_t swap = d[0];
        d[0] = d[left - 1];
        d[left - 1] = swap;
        sink(r, d, left - 1, 0);
    }
    return n;
}

static uint32_t code_size(const struct search *s, uint32_t code)
{
    return s->code_first[code + 1] - s->code_first[code];
}

/* Documents of the same classes and terms as the first ones are likely to help too. */
static void raise_kind(struct run *r)
{
    const struct search *s = r->s;
    if (r->docs_n == 0 || s->codes.keys.n == 0)
        return;
    float top = r->sum[r->docs[0]].score;
    float *mass = ARENA_ARRAY(r->a, s->codes.keys.n, float);
    uint32_t codes[CODES_MOST];
    size_t n = 0;
    for (size_t i = 0; i < r->docs_n && i < FIRST; i++) {
        uint32_t d = r->docs[i];
        float share = r->sum[d].score / top;
        for (uint32_t k = s->doc_first[d]; k < s->doc_first[d + 1] && n < CODES_MOST; k++) {
            if (code_size(s, s->doc_codes[k]) * COMMON > s->docs)
                continue; /* what so many have makes no kind */
            if (mass[s->doc_codes[k]] <= 0)
                codes[n++] = s->doc_codes[k];
            mass[s->doc_codes[k]] += powf(share, (float)KIND_SHARE);
        }
    }
    float *extra = ARENA_ARRAY(r->a, s->docs, float);
    for (size_t i = 0; i < n; i++) {
        uint32_t c = codes[i], size = code_size(s, c);
        double rarity = 1 - log((double)size) / log((double)s->docs + 1);
        double worth = (double)mass[c] / pow(1 + (double)size, KIND_SIZE) * rarity;
        for (uint32_t k = s->code_first[c]; k < s->code_first[c + 1]; k++)
            extra[s->code_docs[k]] += (float)worth;
    }
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = s->code_first[codes[i]]; k < s->code_first[codes[i] + 1]; k++) {
            uint32_t d = s->code_docs[k];
            if (extra[d] <= 0)
                continue;
            if (!r->in_docs[d])
                r->sum[d].lang = (uint8_t)r->want;
            join(r, d);
            r->sum[d].score += (float)KIND * top * least_of(1, extra[d]);
            extra[d] = 0;
        }
}

/* How much of the document's name was asked for. */
static double named(const struct run *r, uint32_t d, enum lang l)
{
    const struct search *s = r->s;
    const struct lang_index *x = &s->by_lang[l];
    struct name_terms name = s->names[l][d];
    double all = 0, asked = 0;
    for (uint32_t i = name.first; i < name.first + name.n; i++) {
        const struct form *f = &x->form[s->name_terms[l][i]];
        double best = 0, rarity = 0;
        for (uint32_t k = f->first; k < f->first + f->links; k++) {
            const struct link *link = &x->links[k];
            rarity = fmax(rarity, (double)(x->term[link->term].rarity * link->strength));
            for (size_t w = 0; w < r->q->n; w++)
                for (size_t m = 0; m < r->q->p[w].in[l].n; m++)
                    if (r->q->p[w].in[l].p[m].term == link->term)
                        best = fmax(best, (double)(r->q->p[w].in[l].p[m].like * link->strength));
        }
        all += rarity;
        asked += rarity * best;
    }
    return all > 0 ? asked / all : 0;
}

static void raise_named(struct run *r)
{
    for (size_t i = 0; i < r->docs_n && i < NAMED_MOST; i++) {
        struct found *f = &r->sum[r->docs[i]];
        double share = 0;
        for (int l = 0; l < LANG_COUNT; l++)
            share = fmax(share, (double)r->q->factor[l] * named(r, r->docs[i], (enum lang)l));
        f->score *= (float)(1 + NAMED * share * share);
    }
}

static void rank(struct run *r)
{
    uint32_t *seen = ARENA_ARRAY(r->a, r->s->docs, uint32_t);
    for (size_t i = 0; i < r->q->n; i++)
        count_word(r, &r->q->p[i], seen);
    count_phrases(r);
    for (size_t i = 0; i < r->docs_n; i++) {
        struct found *f = &r->sum[r->docs[i]];
        f->share = (float)fmin(1, (double)f->share / r->q->total);
        f->score *= (float)pow((double)f->share, SHARE_POWER);
    }
    best_first(r, NAMED_MOST);
    raise_named(r);
    best_first(r, FIRST);
    raise_kind(r);
}

static struct str corrected(struct arena *a, const struct query *q)
{
    struct buf b = buf_new(a, 4096);
    bool any = false;
    for (size_t i = 0; i < q->n; i++) {
        const struct asked *w = &q->p[i];
        if (i > 0)
            buf_char(&b, ' ');
        buf_str(&b, w->correct.n > 0 ? suggest_small(a, w->correct) : w->written);
        any = any || w->correct.n > 0;
    }
    return any ? buf_get(&b) : (struct str){NULL, 0};
}

/* Could it be a word of a language that we do not know? It has vowels, and never many consonants
 * one after the other. Folded: accents are gone. */
static bool is_word(const struct asked *w)
{
    enum { CONSONANTS_MOST = 5, LEAST = 2 };
    size_t vowels = 0, run = 0, most = 0;
    for (size_t i = 0; i < w->folded.n; i++) {
        char c = w->folded.p[i];
        bool vowel = c > 0 && strchr("aeiouy", c);
        vowels += vowel;
        run = vowel || c < 'a' || c > 'z' ? 0 : run + 1;
        most = run > most ? run : most;
    }
    return w->known || (vowels > 0 && w->folded.n >= LEAST && most <= CONSONANTS_MOST);
}

static bool has_word(const struct query *q)
{
    bool any = false;
    for (size_t i = 0; i < q->n; i++)
        any = any || is_word(&q->p[i]);
    return any;
}

/* Nothing says it, but these are words: services that guide to others. */
static void rank_guides(struct run *r, struct query *q)
{
    const struct search_words *guide = &word_data()->guide[r->want];
    for (size_t i = 0; i < guide->n; i++) {
        *q = query_read(r->a, r->s, r->want, guide->p[i]);
        rank(r);
    }
}

/* Where no text has any of the words: any document at all, rather than none. */
static void rank_any(struct run *r)
{
    for (uint32_t d = 0; d < r->s->docs && d < FIRST; d++) {
        join(r, d);
        r->sum[d].score = 1e-6F;
    }
}

/* Whatever is a little like the words is ranked; what is said to be found must be more than that:
 * near the best, or of the first PAGE and not far from it. */
static size_t worth(const struct search_hits *hits)
{
    size_t n = 0;
    while (n < hits->n && hits->p[n].score >= (n < PAGE ? WORTH_FIRST : WORTH) * hits->p[0].score)
        n++;
    return n;
}

struct search_hits search_find(struct arena *a, const struct search *s, enum lang want,
                               struct str text, size_t max)
{
    struct search_hits out = {0};
    struct query q = query_read(a, s, want, text);
    struct run r = {.a = a, .s = s, .q = &q, .want = want};
    if (q.n == 0 || s->docs == 0)
        return out;
    r.sum = ARENA_ARRAY(a, s->docs, struct found);
    r.evidence = ARENA_ARRAY(a, s->docs, float);
    r.now = ARENA_ARRAY(a, s->docs, float);
    r.now_most = ARENA_ARRAY(a, s->docs, float);
    r.lang = ARENA_ARRAY(a, s->docs, uint8_t);
    r.seen = ARENA_ARRAY(a, s->docs, bool);
    r.now_seen = ARENA_ARRAY(a, s->docs, bool);
    r.in_docs = ARENA_ARRAY(a, s->docs, bool);
    r.touched = ARENA_ARRAY(a, s->docs, uint32_t);
    r.docs = ARENA_ARRAY(a, s->docs, uint32_t);
    rank(&r);
    out.meant = corrected(a, &q);
    if (r.docs_n == 0 && has_word(&q)) {
        struct query guides = q;
        r.q = &guides;
        rank_guides(&r, &guides);
        if (r.docs_n == 0)
            rank_any(&r);
        out.near = true;
    }
    size_t best = best_first(&r, max > 0 ? max : 1);
    double cut = r.docs_n > 0 ? TAIL * (double)r.sum[r.docs[0]].score : 0;
    for (size_t i = 0; i < best && out.n < max; i++) {
        const struct found *f = &r.sum[r.docs[i]];
        if ((double)f->score <= 0 || (double)f->score < cut)
            break;
        VEC_PUSH(a, &out, (struct search_hit){r.docs[i], (double)f->score, (enum lang)f->lang});
    }
    double clear = 0;
    for (size_t i = 0; i < out.n && i < FIRST; i++)
        clear = fmax(clear, (double)r.sum[out.p[i].doc].clear);
    out.near = out.n > 0 && (out.near || clear < NEAR);
    out.worth = worth(&out);
    return out;
}
