/*
 * fold.h: words as they are compared: without case, accents and doubled letters; and how alike two
 * of them are. Pure; for whoever compares texts with what people write.
 */
#ifndef ASIALLA_SEARCH_FOLD_H
#define ASIALLA_SEARCH_FOLD_H

#include "base/arena.h"
#include "base/str.h"

enum { WORD_MAX = 48, FOLD_TRIGRAMS = WORD_MAX + 3, FOLD_BUCKETS = 1 << 15 };

/* The next word of a text, folded: lower case, without accents; false at the end. `word` holds
 * WORD_MAX bytes; what is longer is cut. */
bool fold_word(struct str *text, char word[WORD_MAX], size_t *n);
/* The same, and where the word stands in the text. */
bool fold_span(struct str *text, char word[WORD_MAX], size_t *n, struct str *span);
/* All of the text's words with one blank between: for phrases. */
struct str fold_phrase(struct arena *a, struct str text);

/* The different trigrams of a word with two blanks before and one after it, as bucket numbers. */
size_t fold_trigrams(struct str word, uint16_t out[FOLD_TRIGRAMS]);

/* Letters to change, add, drop or swap with a neighbour; 3 is "many". */
int alike_edits(struct str a, struct str b);

/* How alike are a word of a query and a word of a text, 0 to 1, both folded: the same, a beginning,
 * a part of a compound. `alone`: it is the query's only word, and may be only its beginning. */
double alike(struct str query_word, struct str word, bool alone);
/* Only the beginning of it. */
double alike_beginning(struct str query_word, struct str word, bool alone);
/* Is the one derived from the other, or both of the same Finnish stem? Base forms. */
double alike_derived(struct str query_word, struct str word);
/* Could the one be the other misspelt? `dice`: the share of trigrams that they have in common. */
double alike_misspelt(struct str query_word, struct str word, double dice);

/* Would this word of a text be shown as found by that word of a query? Both folded. */
bool search_marks(struct str query_word, struct str word);

#endif
