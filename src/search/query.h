/*
 * query.h: inside the room: a query as it is understood. query.c (words and what they match),
 * guess.c, synonyms.c (what people mean by them), find.c (documents).
 */
#ifndef ASIALLA_SEARCH_QUERY_H
#define ASIALLA_SEARCH_QUERY_H

#include "search/index.h"

enum { QUERY_WORDS = 16, QUERY_MATCHES = 48, QUERY_MEANINGS = 16 };

/* Terms that a word of the query may stand for, and how likely (0 to 1). */
struct match {
    uint32_t term;
    float like;
};
struct matches {
    struct match p[QUERY_MATCHES];
    size_t n;
};

struct meant {
    uint32_t meaning;
    float like;
};

struct asked { /* a word of the query */
    struct str written, folded;
    struct str lemma;    /* Finnish, folded, where the morphology knows it */
    bool small, general; /* says little; tells little of what is needed */
    bool known;          /* in the dictionary of some language */
    bool spoken;         /* as people speak, for a word of the written language */
    bool in_dictionary;  /* the morphology knows it as it is written */
    bool clear;          /* the index has it, more than a part of it, or what it is misspelt */
    bool exact[LANG_COUNT];
    struct matches in[LANG_COUNT];
    double weight;
    struct meant meant[QUERY_MEANINGS];
    size_t meant_n;
    struct str correct; /* a misspelt word as it should be; empty: it is not misspelt */
};

struct query {
    struct asked p[QUERY_WORDS];
    size_t n;
    struct str folded;        /* all words, a blank between */
    double fit[LANG_COUNT];   /* how much of it is in that language */
    float factor[LANG_COUNT]; /* what a finding in that language counts */
    double total;             /* of the weights */
    bool open;                /* the last word may be still being written */
};

struct query query_read(struct arena *a, const struct search *s, enum lang want, struct str text);
/* What may be meant by a word that is none, as readings of the morphology; false: nothing. */
bool query_guess(struct arena *a, struct str written, struct senses *out);
/* synonyms.c: fills in what the query's words mean by the synonyms. */
void synonyms_match(const struct search *s, struct query *q);

/* suggest.c: a word as it stands inside a sentence: without the capital of its beginning. */
struct str suggest_small(struct arena *a, struct str word);

void matches_add(struct matches *m, uint32_t term, double like);

#endif
