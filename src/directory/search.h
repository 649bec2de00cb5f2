/*
 * search.h: inside the room: the search index.
 *
 * One index a language: a dictionary of folded words, for each word the services that hold it with
 * the weight of the best place where it stands, and for each trigram the words that hold it. A
 * query word is compared with the few words that share trigrams with it, never with texts.
 */
#ifndef ASIALLA_DIRECTORY_SEARCH_H
#define ASIALLA_DIRECTORY_SEARCH_H

#include "directory/directory.h"

enum { WORD_MAX = 48, BUCKETS = 1 << 15 };

struct posting {
    uint32_t doc; /* index into dir->services */
    float weight;
};

struct word {
    struct str text;
    uint32_t first, count; /* postings */
    uint32_t trigrams;     /* how many different ones */
    float rarity;          /* 0: in every service ... 1: in one */
    bool phrase; /* several words: a keyword or a name as a whole; found only as a whole */
};

struct lang_index {
    struct word *words;
    size_t word_count;
    uint32_t *table; /* open addressing: word number + 1 */
    size_t table_size;
    struct posting *postings;
    uint32_t *bucket_start; /* BUCKETS + 1 */
    uint32_t *bucket_words;
};

struct dir_index {
    struct lang_index by_lang[LANG_COUNT];
};

/* The next word of a text, folded: lower case, without accents; false at the end. `word` holds
 * WORD_MAX bytes; what is longer is cut. */
bool fold_word(struct str *text, char word[WORD_MAX], size_t *n);
/* The same, and where the word stands in the text. */
bool fold_span(struct str *text, char word[WORD_MAX], size_t *n, struct str *span);
/* All of the text's words with one blank between: for phrases. */
struct str fold_phrase(struct arena *a, struct str text);

/* The different trigrams of a word with two blanks before and one after it, as bucket numbers.
 * At most WORD_MAX + 3. */
size_t fold_trigrams(struct str word, uint16_t out[WORD_MAX + 3]);

/* Would this word of a text be shown as found by that word of a query? Both folded. */
bool search_marks(struct str query_word, struct str word);

/* The dictionary's word, or NULL. */
const struct word *index_find(const struct lang_index *x, struct str word);

#endif
