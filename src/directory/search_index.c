/*
 * search_index.c: building the index over a snapshot, once: see search.h.
 *
 * The weight says where a word stands: a service that is called so comes before one that mentions
 * it.
 */
#include "directory/directory_store.h"
#include "directory/search.h"

#include "base/guard.h"

#include <assert.h>
#include <math.h>

/* Weights of places. A name's is shared out: a word of a short name says more than one of a long.
 */
static const float W_NAME = 10, W_OTHER_NAME = 9, W_KEYWORD = 7, W_TERM = 5, W_SUMMARY = 3,
                   W_CLASS = 3, W_EVENT = 2.5F, W_PLACE = 2, W_GROUP = 1.5F, W_TEXT = 1,
                   W_PHRASE = 14;

struct occurrence {
    uint32_t word, doc;
    float weight;
};

struct builder {
    struct arena *a;
    struct lang_index *x;
    struct {
        LIST_FIELDS(struct word);
    } words;
    struct {
        LIST_FIELDS(struct occurrence);
    } occurrences;
    struct {
        LIST_FIELDS(uint32_t);
    } latest; /* of a word: its newest occurrence + 1, to merge those of one service */
    uint32_t doc;
};

/* ---- the dictionary ---- */

static size_t slot_of(const struct lang_index *x, const struct word *words, struct str word)
{
    size_t mask = x->table_size - 1, slot = (size_t)str_hash(word) & mask;
    while (x->table[slot] && !str_eq(words[x->table[slot] - 1].text, word))
        slot = (slot + 1) & mask;
    return slot;
}

const struct word *index_find(const struct lang_index *x, struct str word)
{
    size_t slot = slot_of(x, x->words, word);
    return x->table[slot] ? &x->words[x->table[slot] - 1] : NULL;
}

static void grow_table(struct builder *b)
{
    struct lang_index *x = b->x;
    x->table_size *= 2;
    x->table = ARENA_ARRAY(b->a, x->table_size, uint32_t);
    for (size_t i = 0; i < b->words.n; i++)
        x->table[slot_of(x, b->words.p, b->words.p[i].text)] = (uint32_t)i + 1;
}

static void add(struct builder *b, struct str text, float weight, bool phrase)
{
    size_t slot = slot_of(b->x, b->words.p, text);
    if (!b->x->table[slot]) {
        VEC_PUSH(b->a, &b->words, (struct word){.text = str_dup(b->a, text), .phrase = phrase});
        VEC_PUSH(b->a, &b->latest, 0);
        b->x->table[slot] = (uint32_t)b->words.n;
        if (b->words.n * 2 > b->x->table_size)
            grow_table(b);
        slot = slot_of(b->x, b->words.p, text);
    }
    uint32_t word = b->x->table[slot] - 1, last = b->latest.p[word];
    struct occurrence *o = last ? &b->occurrences.p[last - 1] : NULL;
    if (o && o->doc == b->doc) { /* again in the same service: the best place, and a little */
        o->weight = fmaxf(o->weight, weight) + 0.05F * fminf(o->weight, weight);
        return;
    }
    VEC_PUSH(b->a, &b->occurrences, (struct occurrence){word, b->doc, weight});
    b->latest.p[word] = (uint32_t)b->occurrences.n;
    b->words.p[word].count++;
}

/* ---- a service's texts ---- */

static void add_text(struct builder *b, struct str text, float weight)
{
    char word[WORD_MAX];
    for (size_t n; fold_word(&text, word, &n);)
        add(b, (struct str){word, n}, weight, false);
}

static void add_texts(struct builder *b, struct str lang, const struct dir_texts *t, float weight)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].lang, lang))
            add_text(b, t->p[i].text, weight);
}

/* A name or a keyword: its words, and the whole, so that "en saa unta" finds what says just that.
 */
static void add_names(struct builder *b, struct str lang, const struct dir_texts *t, float weight)
{
    for (size_t i = 0; i < t->n; i++) {
        if (!str_eq(t->p[i].lang, lang))
            continue;
        struct str whole = fold_phrase(b->a, t->p[i].text);
        size_t words = 1;
        for (size_t k = 0; k < whole.n; k++)
            words += whole.p[k] == ' ';
        add_text(b, t->p[i].text, weight * (0.7F + 0.3F / (float)words));
        if (whole.n > 0 && words > 1)
            add(b, whole, W_PHRASE, true);
        else if (whole.n > 0)
            add(b, whole, weight * 1.1F, false);
    }
}

static void add_concepts(struct builder *b, struct str lang, const struct dir_concepts *c,
                         float weight)
{
    for (size_t i = 0; i < c->n; i++)
        add_texts(b, lang, &c->p[i].names, weight);
}

static void add_service(struct builder *b, struct str lang, const struct dir_service *s)
{
    add_names(b, lang, &s->name, W_NAME);
    add_names(b, lang, &s->other_name, W_OTHER_NAME);
    add_names(b, lang, &s->keywords, W_KEYWORD);
    add_concepts(b, lang, &s->terms, W_TERM);
    add_concepts(b, lang, &s->classes, W_CLASS);
    add_concepts(b, lang, &s->events, W_EVENT);
    add_concepts(b, lang, &s->groups, W_GROUP);
    add_texts(b, lang, &s->summary, W_SUMMARY);
    add_texts(b, lang, &s->description, W_TEXT);
    add_texts(b, lang, &s->instruction, W_TEXT);
    add_texts(b, lang, &s->requirements, W_TEXT);
    for (size_t i = 0; i < s->ways.n; i++)
        if (s->ways.p[i].channel->kind == DIR_LOCATION)
            add_texts(b, lang, &s->ways.p[i].channel->name, W_PLACE);
    if (s->organisation)
        add_texts(b, lang, &s->organisation->name, W_TEXT);
}

/* ---- from what was collected to what is searched ---- */

static void sort_postings(struct builder *b, size_t docs)
{
    struct lang_index *x = b->x;
    uint32_t at = 0;
    double all = log((double)docs + 1);
    for (size_t i = 0; i < b->words.n; i++) {
        struct word *w = &b->words.p[i];
        w->first = at;
        at += w->count;
        w->rarity = (float)(all > 0 ? log(((double)docs + 1) / (double)w->count) / all : 1);
        w->count = 0; /* counted again below */
    }
    x->postings = ARENA_ARRAY(b->a, b->occurrences.n, struct posting);
    for (size_t i = 0; i < b->occurrences.n; i++) {
        const struct occurrence *o = &b->occurrences.p[i];
        struct word *w = &b->words.p[o->word];
        x->postings[w->first + w->count++] = (struct posting){o->doc, o->weight};
    }
    x->words = b->words.p;
    x->word_count = b->words.n;
}

static void sort_trigrams(struct builder *b)
{
    struct lang_index *x = b->x;
    uint16_t grams[WORD_MAX + 3];
    x->bucket_start = ARENA_ARRAY(b->a, BUCKETS + 1, uint32_t);
    for (size_t i = 0; i < x->word_count; i++) {
        if (x->words[i].phrase)
            continue;
        size_t n = fold_trigrams(x->words[i].text, grams);
        x->words[i].trigrams = (uint32_t)n;
        for (size_t k = 0; k < n; k++)
            x->bucket_start[grams[k] + 1]++;
    }
    for (size_t k = 0; k < BUCKETS; k++)
        x->bucket_start[k + 1] += x->bucket_start[k];
    x->bucket_words = ARENA_ARRAY(b->a, x->bucket_start[BUCKETS], uint32_t);
    uint32_t *next = ARENA_ARRAY(b->a, BUCKETS, uint32_t);
    memcpy(next, x->bucket_start, BUCKETS * sizeof *next);
    for (size_t i = 0; i < x->word_count; i++) {
        size_t n = x->words[i].phrase ? 0 : fold_trigrams(x->words[i].text, grams);
        for (size_t k = 0; k < n; k++)
            x->bucket_words[next[grams[k]]++] = (uint32_t)i;
    }
}

struct dir_index *dir_index_new(struct arena *a, const struct dir *d)
{
    enum { FIRST_TABLE = 4096 };
    struct dir_index *out = ARENA_NEW(a, struct dir_index);
    for (int l = 0; l < LANG_COUNT; l++) {
        /* What only the building needs goes when it is done; the words stay. */
        struct builder b = {.a = a, .x = &out->by_lang[l]};
        struct str lang = str_of(lang_code((enum lang)l));
        b.x->table_size = FIRST_TABLE;
        b.x->table = ARENA_ARRAY(a, FIRST_TABLE, uint32_t);
        for (size_t i = 0; i < d->services.n; i++) {
            b.doc = (uint32_t)i;
            add_service(&b, lang, d->services.p[i]);
        }
        sort_postings(&b, d->services.n);
        sort_trigrams(&b);
    }
    return out;
}
