/*
 * words.h: inside the room: what is said of words, as data: data/search/words.json and
 * data/search/synonyms.json, compiled in. Read once; never changes.
 */
#ifndef ASIALLA_SEARCH_WORDS_H
#define ASIALLA_SEARCH_WORDS_H

#include "search/search.h"

/* An ending of spoken language and what it is written as: "nu" is "nut". */
struct word_ending {
    struct str spoken, written;
};

/* What people say, folded, for a word of the written language. */
struct word_spoken {
    struct str spoken, written;
};
struct word_spokens {
    LIST_FIELDS(struct word_spoken);
};

struct word_data {
    struct search_words small[LANG_COUNT], general[LANG_COUNT]; /* folded, sorted */
    struct search_words guide[LANG_COUNT]; /* where nothing is found at all: services that guide */
    struct {
        LIST_FIELDS(struct word_ending);
    } endings;
    struct word_spokens spoken[LANG_COUNT]; /* sorted by what is said */
    struct search_words modifiers;          /* that Swedish compounds begin with: folded, sorted */
    struct search_synonyms synonyms;
};

const struct word_data *word_data(void);
/* Reads the two texts, strictly; false: *why says what and where. For word_data() and the test. */
bool word_data_read(struct arena *a, struct str words, struct str synonyms, struct word_data *out,
                    struct str *why);

/* Does the folded word say little in that language? */
bool word_is_small(enum lang l, struct str folded);
/* Is it said in many needs: help, a place, to apply? */
bool word_is_general(enum lang l, struct str folded);
/* Does a Swedish compound begin with it? Folded. */
bool word_is_modifier(struct str folded);
/* What is said so, one after the other from *at (0 at first); empty: no more. `ending`: it may also
 * be inflected, as far as letters tell. */
struct str word_spoken(enum lang l, struct str folded, bool ending, size_t *at);

#endif
