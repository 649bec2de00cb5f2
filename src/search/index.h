/*
 * index.h: inside the room: the index.
 *
 * A language has forms and terms. A form is a folded word as texts (or synonyms) write it; forms
 * are what a query's words are compared with. A term is what forms mean: a base form, a part of a
 * compound, a stem; a form is linked to its terms, each with a strength, and a term to the
 * documents that hold it, each with how much its standing there says (0 to 1).
 */
#ifndef ASIALLA_SEARCH_INDEX_H
#define ASIALLA_SEARCH_INDEX_H

#include "search/fold.h"
#include "search/search.h"
#include "search/words.h"

enum { NONE = UINT32_MAX };

/* Strings numbered from 0 in the order in which they came. */
struct dict {
    struct {
        LIST_FIELDS(struct str);
    } keys;
    uint64_t *slots; /* open addressing: dict.c */
    size_t size;
};
uint32_t dict_find(const struct dict *d, struct str key); /* NONE */
/* The number of the key, a new one if need be (then *fresh; the key is copied). */
uint32_t dict_put(struct arena *a, struct dict *d, struct str key, bool *fresh);

struct posting {
    uint32_t doc;
    float value;
};
struct postings {
    const struct posting *p;
    size_t n;
};

struct link {
    uint32_t term;
    float strength;
};
struct form {
    struct str written; /* as it was first written */
    uint32_t first, links, count;
    uint16_t trigrams;
    bool phrase; /* several words: a name or keyword as a whole; found only as a whole */
};
struct term {
    uint32_t first, count;
    float rarity; /* 0: in every document ... 1: in one */
    bool whole;   /* a word of its own, not only a part */
};

struct lang_index {
    struct dict forms, terms;
    struct form *form;
    struct term *term;
    struct link *links;
    struct posting *postings;
    uint32_t *bucket_start, *bucket_forms; /* forms by trigram */
    uint32_t *sorted;                      /* forms by their text, without phrases */
    size_t sorted_n;
};

/* Terms of a document's name, the same once, for how much of it was asked. */
struct name_terms {
    uint32_t first, n;
};

struct label { /* a name, keyword or term, to be suggested */
    struct str folded, text;
    uint32_t doc; /* NONE: not a name, but words to search with */
};
struct label_word { /* where a word of a label begins */
    uint32_t label, at;
};

/* A synonym: which documents it means, and how surely. */
struct meaning {
    uint32_t first, count;
};
/* Words said together that mean it: terms of one language, each to be in the query. */
struct saying {
    uint32_t meaning, first, n;
    uint32_t next; /* the next saying with the same first term; NONE */
};

struct search {
    struct search_conf conf;
    size_t docs;
    struct lang_index by_lang[LANG_COUNT];
    /* names */
    struct name_terms *names[LANG_COUNT]; /* a document */
    uint32_t *name_terms[LANG_COUNT];
    struct {
        LIST_FIELDS(struct label);
    } labels[LANG_COUNT];
    struct label_word *label_words[LANG_COUNT]; /* sorted by what follows */
    size_t label_words_n[LANG_COUNT];
    /* codes */
    struct dict codes;
    uint32_t *code_first, *code_docs; /* documents of a code */
    uint32_t *doc_first, *doc_codes;  /* codes of a document */
    /* synonyms */
    struct meaning *meanings;
    struct posting *meant;
    struct {
        LIST_FIELDS(struct saying);
    } sayings[LANG_COUNT];
    struct {
        LIST_FIELDS(uint32_t);
    } saying_terms[LANG_COUNT];
    uint32_t *saying_of[LANG_COUNT]; /* by term: its first saying, or NONE */
    size_t saying_of_n[LANG_COUNT];
};

/* What a word means: terms by their text. */
struct sense {
    char text[WORD_MAX];
    uint8_t n;
    bool whole;
    float strength;
};
struct senses {
    struct sense p[16];
    size_t n;
    bool known; /* the morphology knows the word */
};
/* By the language's morphology, or its endings. `written` may be empty: only `folded` is known. */
struct senses sense_word(struct arena *a, const struct search_conf *conf, enum lang l,
                         struct str written, struct str folded);
struct morph;
struct senses sense_readings(struct arena *a, const struct morph *m);
/* The parts of a compound that no morphology knows, by the words that there are. */
void sense_parts(const struct lang_index *x, enum lang l, struct str term, struct senses *out);

/* fminf() and fmaxf() are calls, for the sake of NaN, of which there are none here. */
static inline float least_of(float a, float b)
{
    return a < b ? a : b;
}
static inline float most_of(float a, float b)
{
    return a > b ? a : b;
}

static inline struct str form_text(const struct lang_index *x, uint32_t form)
{
    return x->forms.keys.p[form];
}

static inline struct postings term_postings(const struct lang_index *x, uint32_t term)
{
    return (struct postings){x->postings + x->term[term].first, x->term[term].count};
}

/* synonyms.c: at the end of building. */
void synonyms_compile(struct arena *a, struct search *s);

#endif
