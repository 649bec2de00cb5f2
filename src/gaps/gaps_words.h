/*
 * gaps_words.h: inside the room: a query as it is counted, and a batch of counts on its way to the
 * store.
 */
#ifndef ASIALLA_GAPS_GAPS_WORDS_H
#define ASIALLA_GAPS_GAPS_WORDS_H

#include "gaps/gaps.h"

enum {
    GAP_CHARS = 60, /* code points of a query that is counted */
    GAP_WORDS = 8,
    GAP_BYTES = GAP_CHARS * 4,
    GAP_BATCH = 512,      /* different searches between two writings */
    GAP_NEW_A_DAY = 2000, /* rows that one server begins on one day */
};

/* The words as they are counted: small letters, one blank between, no other marks than "-". */
struct gap_query {
    unsigned char hash[16];
    size_t words_n;
    char words[GAP_BYTES];
};
/* False: it is not counted: no letters, too long, or it could tell who somebody is. `query` may be
 * any well-formed UTF-8. */
bool gap_query_of(struct str query, const unsigned char secret[32], struct gap_query *out);

struct gap_count {
    unsigned char hash[16];
    enum lang lang;
    int32_t asked, empty, opened;
    struct date last;
    size_t words_n;
    char words[GAP_BYTES];
};
struct gap_batch {
    struct gap_count p[GAP_BATCH];
    size_t n;
    int made; /* rows that writing it began */
};

/* In a commit: adds the counts to the rows; of words that have none yet, begins at most `room`.
 * Returns how many. */
int gap_rows_add(struct db *db, const struct gap_batch *b, int room);

#endif
