/*
 * search.c: from a query to services, best first.
 *
 * Every word of the query is compared with the words of the dictionary that share trigrams with it;
 * how alike two words are (0 to 1) says alike(). A service's score for that word is the best
 * product of likeness, weight of the place and rarity; the scores of the words add up, and the sum
 * is multiplied by the share of the query that was found, so that a service which answers all of it
 * stands before one which answers half. Common words ("on", "and") weigh next to nothing: those of
 * data/search.json, and what nearly every service holds.
 *
 * What is found in another language than the wanted one counts for less and is marked by it.
 */
#include "directory/directory_data.h"
#include "directory/search.h"

#include <math.h>
#include <stdlib.h>

enum { QUERY_WORDS = 16 };

/* Noise: below LEAST, or below TAIL times the best hit unless it is GOOD by itself. */
static const double OTHER_LANGUAGE = 0.45, ENOUGH = 0.35, SHARE = 0.25, LEAST = 0.06, TAIL = 0.12,
                    GOOD = 0.8;

struct query {
    struct str words[QUERY_WORDS];
    size_t n;
    struct str joined[QUERY_WORDS]; /* two neighbours written together: hammas lääkäri */
    double importance[QUERY_WORDS], total;
};

/* ---- how alike two words are ---- */

static size_t common_prefix(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

/* Letters to change, add, drop or swap with a neighbour (optimal string alignment); 3 is "many". */
static int edits(struct str a, struct str b)
{
    unsigned char rows[3][WORD_MAX + 1];
    if (a.n > WORD_MAX || b.n > WORD_MAX || a.n > b.n + 2 || b.n > a.n + 2)
        return 3;
    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = (unsigned char)j;
    for (size_t i = 1; i <= a.n; i++) {
        unsigned char *now = rows[i % 3], *up = rows[(i + 2) % 3], *upper = rows[(i + 1) % 3];
        now[0] = (unsigned char)i;
        for (size_t j = 1; j <= b.n; j++) {
            int best = up[j - 1] + (a.p[i - 1] != b.p[j - 1]);
            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            bool swap = i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1];
            if (swap && upper[j - 2] + 1 < best)
                best = upper[j - 2] + 1;
            now[j] = (unsigned char)best;
        }
    }
    int n = rows[a.n % 3][b.n];
    return n < 3 ? n : 3;
}

/* Endings: Finnish and Swedish inflect at the end, so words that begin alike are often one word.
 * `alone`: it is the query's only word, and may be only its beginning. */
static double alike_beginning(struct str q, struct str w, bool alone)
{
    size_t p = common_prefix(q, w), q_rest = q.n - p, w_rest = w.n - p;
    double q_more = (double)(q_rest < 10 ? q_rest : 10),
           w_more = (double)(w_rest < 10 ? w_rest : 10);
    double best = p >= 5 ? 0.38 : 0; /* the first part of a compound at least: hammas|huolto */
    if (q_rest == 0 &&
        q.n > 3) /* still being written, inflected, or the first part of a compound */
        return 0.92 - 0.04 * w_more;
    if (q_rest == 0) /* a short word begins many others */
        return (q.n == 3 ? 0.7 : 0.5) - (alone ? 0.04 : 0.15) * w_more;
    if (w_rest == 0 && w.n >= 4)
        return q_rest <= 5 ? 0.88 - 0.05 * q_more : 0.42;
    if (p >= 4 && q_rest <= 5 && p * 5 >= q.n * 3)
        best = fmax(best, 0.88 * (double)p / (double)q.n - 0.025 * w_more);
    return best;
}

/* Compounds: the last part says what the thing is (hammas|lääkäri). */
static double alike_inside(struct str q, struct str w)
{
    const char *at;
    if (q.n >= 4 && q.n < w.n && (at = memmem(w.p, w.n, q.p, q.n))) {
        size_t after = w.n - q.n - (size_t)(at - w.p);
        return after == 0 ? 0.66 : after <= 4 ? 0.6 : 0.5;
    }
    if (w.n >= 5 && w.n < q.n && (at = memmem(q.p, q.n, w.p, w.n)))
        return q.n - w.n == (size_t)(at - q.p) ? 0.5 : 0.4;
    return 0;
}

static double alike(struct str q, struct str w, bool alone)
{
    return str_eq(q, w) ? 1 : fmax(alike_beginning(q, w, alone), alike_inside(q, w));
}

/* Misspelt: few edits, or many trigrams in common. The first letter is seldom wrong. */
static double alike_misspelt(struct str q, struct str w, double dice)
{
    double best = q.n >= 6 && dice >= 0.5 ? 0.8 * dice : 0;
    if (q.n < 4 || dice < 0.25)
        return best;
    int n = edits(q, w);
    if (n == 1)
        return fmax(best, q.n >= 6 ? 0.86 : 0.7);
    return n == 2 && q.n >= 8 && q.p[0] == w.p[0] ? fmax(best, 0.66) : best;
}

bool search_marks(struct str q, struct str w)
{
    return alike(q, w, false) >= 0.5 || (q.n >= 6 && edits(q, w) <= 1);
}

/* ---- one language ---- */

struct tally { /* of one service */
    float score, found;
};

struct run {
    struct arena *a;
    const struct lang_index *x;
    const struct query *q;
    size_t docs;
    struct tally *sum;  /* over all words */
    struct tally *best; /* of the word in hand */
    unsigned char *shared;
    uint32_t *touched;
};

static void count_word(struct run *r, const struct word *w, double likeness)
{
    for (uint32_t k = 0; k < w->count; k++) {
        const struct posting *p = &r->x->postings[w->first + k];
        float score = (float)(likeness * likeness) * p->weight * (0.25F + w->rarity);
        struct tally *t = &r->best[p->doc];
        t->score = score > t->score ? score : t->score;
        t->found = likeness > (double)t->found ? (float)likeness : t->found;
    }
}

/* Words that share enough trigrams with the query's word, each once; how many share is in shared[].
 */
static size_t candidates(struct run *r, const uint16_t *grams, size_t n)
{
    size_t touched = 0;
    for (size_t g = 0; g < n; g++) {
        uint32_t end = r->x->bucket_start[grams[g] + 1];
        for (uint32_t i = r->x->bucket_start[grams[g]]; i < end; i++) {
            uint32_t w = r->x->bucket_words[i];
            if (r->shared[w]++ == 0)
                r->touched[touched++] = w;
        }
    }
    return touched;
}

/* A word that stands in the dictionary is not taken for a misspelling of another. */
static void compare_words(struct run *r, struct str q)
{
    uint16_t grams[WORD_MAX + 3];
    size_t n = fold_trigrams(q, grams), touched = candidates(r, grams, n);
    size_t least = n * 3 / 10 > 1 ? n * 3 / 10 : 1;
    const struct word *known = index_find(r->x, q);
    for (size_t i = 0; i < touched; i++) {
        const struct word *w = &r->x->words[r->touched[i]];
        size_t shared = r->shared[r->touched[i]];
        r->shared[r->touched[i]] = 0;
        if (shared < least)
            continue;
        double likeness = alike(q, w->text, r->q->n == 1);
        if (!known && likeness < 0.85) {
            double dice = 2 * (double)shared / (double)(n + w->trigrams);
            likeness = fmax(likeness, alike_misspelt(q, w->text, dice));
        }
        if (likeness >= ENOUGH)
            count_word(r, w, likeness);
    }
}

static void search_word(struct run *r, size_t nth)
{
    memset(r->best, 0, r->docs * sizeof *r->best);
    compare_words(r, r->q->words[nth]);
    for (size_t k = nth > 0 ? nth - 1 : 0; k <= nth; k++) { /* written together with a neighbour */
        const struct word *w = r->q->joined[k].n ? index_find(r->x, r->q->joined[k]) : NULL;
        if (w)
            count_word(r, w, 0.95);
    }
    double importance = r->q->importance[nth];
    for (size_t i = 0; i < r->docs; i++) {
        r->sum[i].score += (float)importance * r->best[i].score;
        r->sum[i].found += (float)importance * r->best[i].found;
    }
}

/* Keywords and names of several words that stand whole in the query: "my [baby does not sleep]". */
static void search_phrases(struct run *r)
{
    const struct query *q = r->q;
    for (size_t i = 0; i < q->n; i++) {
        double importance = q->importance[i];
        for (size_t j = i + 1; j < q->n; j++) {
            const char *end = q->words[j].p + q->words[j].n;
            importance += q->importance[j];
            const struct word *w =
                index_find(r->x, (struct str){q->words[i].p, (size_t)(end - q->words[i].p)});
            for (uint32_t k = 0; w && w->phrase && k < w->count; k++) {
                const struct posting *p = &r->x->postings[w->first + k];
                struct tally *t = &r->sum[p->doc];
                t->score += p->weight * (float)importance;
                t->found = fmaxf(t->found, (float)importance);
            }
        }
    }
}

/* ---- the query ---- */

/* A word that many services hold says little; one that nobody holds is as telling as the rarest:
 * a misspelt one. Words are weighed in the language where they are commonest: the asked one may be
 * another than the page's. */
static void weigh(struct query *q, const struct dir_index *index)
{
    for (size_t i = 0; i < q->n; i++) {
        double rarity = dir_is_small_word(dir_data(), q->words[i]) ? 0 : 1;
        for (int l = 0; l < LANG_COUNT; l++) {
            const struct word *w = index_find(&index->by_lang[l], q->words[i]);
            if (w && (double)w->rarity < rarity)
                rarity = (double)w->rarity;
        }
        q->importance[i] = 0.02 + rarity * rarity;
        q->total += q->importance[i];
    }
}

static struct query query_read(struct arena *a, struct str text)
{
    struct query q = {0};
    struct str rest = text;
    for (size_t i = 0; i < DIR_QUERY_MAX && rest.n > 0; i++)
        (void)str_utf8_next(&rest);
    text.n -= rest.n;
    /* The words point into one text, so that neighbours with the blank between are a phrase. */
    struct str whole = fold_phrase(a, text);
    while (whole.n > 0 && q.n < QUERY_WORDS)
        q.words[q.n++] = str_cut(&whole, ' ');
    for (size_t i = 0; i + 1 < q.n; i++)
        q.joined[i] = str_fmt(a, STR_FMT STR_FMT, STR_ARG(q.words[i]), STR_ARG(q.words[i + 1]));
    return q;
}

struct ranked {
    struct dir_hit hit;
    struct str name;
};

static int compare(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->hit.score != y->hit.score)
        return x->hit.score > y->hit.score ? -1 : 1;
    int order = str_cmp(x->name, y->name);
    return order ? order : str_cmp(x->hit.service->id, y->hit.service->id);
}

static void search_language(struct run *r, const struct dir *d, enum lang l, double factor,
                            struct ranked *ranked)
{
    r->x = &d->index->by_lang[l];
    r->shared = ARENA_ARRAY(r->a, r->x->word_count, unsigned char);
    r->touched = ARENA_ARRAY(r->a, r->x->word_count, uint32_t);
    memset(r->sum, 0, r->docs * sizeof *r->sum);
    for (size_t i = 0; i < r->q->n; i++)
        search_word(r, i);
    search_phrases(r);
    for (size_t i = 0; i < r->docs; i++) {
        double share = (double)r->sum[i].found / r->q->total;
        double score = (double)r->sum[i].score * share * share * factor;
        if (share >= SHARE && score > LEAST && score > ranked[i].hit.score)
            ranked[i].hit = (struct dir_hit){d->services.p[i], score, l};
    }
}

struct dir_hits dir_search(struct arena *a, const struct dir *d, enum lang want, struct str text,
                           size_t max)
{
    struct dir_hits out = {0};
    struct query q = query_read(a, text);
    size_t docs = d->services.n, n = 0;
    if (q.n == 0 || docs == 0)
        return out;
    weigh(&q, d->index);
    struct ranked *ranked = ARENA_ARRAY(a, docs, struct ranked);
    struct run r = {.a = a, .q = &q, .docs = docs};
    r.sum = ARENA_ARRAY(a, docs, struct tally);
    r.best = ARENA_ARRAY(a, docs, struct tally);
    for (int l = 0; l < LANG_COUNT; l++)
        search_language(&r, d, (enum lang)l, l == (int)want ? 1 : OTHER_LANGUAGE, ranked);
    for (size_t i = 0; i < docs; i++)
        if (ranked[i].hit.service) {
            ranked[n] = ranked[i];
            ranked[n].name = dir_pick(&ranked[n].hit.service->name, want).text;
            n++;
        }
    qsort(ranked, n, sizeof *ranked, compare);
    double cut = n > 0 ? fmin(TAIL * ranked[0].hit.score, GOOD) : 0;
    for (size_t i = 0; i < n && i < max && ranked[i].hit.score >= cut; i++)
        VEC_PUSH(a, &out, ranked[i].hit);
    return out;
}

struct dir_suggestions dir_suggest(struct arena *a, const struct dir *d, enum lang want,
                                   struct str text, size_t max)
{
    (void)a, (void)d, (void)want, (void)text, (void)max;
    return (struct dir_suggestions){0};
}
