/*
 * search.h: finding texts by what people write: inflected, compound, misspelt, without å ä ö,
 * spoken, Finnish, Swedish and English in one line, half a word. Knows nothing of services: whoever
 * has documents adds their texts, and gets back numbers of documents, best first.
 *
 * Pure: no store, no clock; an index never changes once it is made, and any number of threads may
 * search it. What is said of words is data (data/search/...): small words, synonyms.
 */
#ifndef ASIALLA_SEARCH_SEARCH_H
#define ASIALLA_SEARCH_SEARCH_H

#include "base/arena.h"
#include "base/vec.h"
#include "i18n/i18n.h"

/* Where a text stands in its document: what it is called weighs more than what it mentions. */
enum search_place {
    SEARCH_NAME,
    SEARCH_OTHER_NAME,
    SEARCH_KEYWORD, /* also an editor's synonym */
    SEARCH_TERM,    /* a term of an ontology */
    SEARCH_SUMMARY,
    SEARCH_CLASS,
    SEARCH_EVENT, /* a life event */
    SEARCH_GROUP, /* whom it is for */
    SEARCH_SITE,  /* where it is given */
    SEARCH_TEXT,
    SEARCH_PLACES
};

/* What people say, and the words of the catalogue for it: data/search/synonyms.json, and what
 * editors have added. Classes (P..), groups (KR..) and events (KE..) are the national codes. */
struct search_words {
    LIST_FIELDS(struct str);
};
struct search_synonym {
    struct search_words says[LANG_COUNT], means[LANG_COUNT];
    struct search_words codes;
};
struct search_synonyms {
    LIST_FIELDS(struct search_synonym);
};

/* ---- making an index ---- */

struct search_builder;
struct search; /* the index */

/* `more`: synonyms beside those compiled in; NULL: none. Everything lives in `a`. */
struct search_builder *search_begin(struct arena *a, const struct search_synonyms *more);
/* The same with parts of it switched off: for measuring what each is worth. */
struct search_conf {
    const struct search_synonyms *more;
    bool no_morphology, no_synonyms;
};
struct search_builder *search_begin_with(struct arena *a, const struct search_conf *conf);
/* A text of document `doc` (0 ... ); in any order. */
void search_add(struct search_builder *b, uint32_t doc, enum lang l, enum search_place place,
                struct str text);
/* A code that the document is classed by: "P5.10", "KR1.2", "KE8". */
void search_add_code(struct search_builder *b, uint32_t doc, struct str code);
struct search *search_end(struct search_builder *b, size_t docs);

/* ---- searching ---- */

enum { SEARCH_QUERY_MAX = 200 }; /* code points; what comes after is not looked at */

struct search_hit {
    uint32_t doc;
    double score;
    enum lang lang; /* the language in which it was found */
};
struct search_hits {
    LIST_FIELDS(struct search_hit);
    struct str meant; /* the query with misspelt words corrected; empty: nothing to correct */
    bool near;        /* nothing says it: these are only the nearest */
    size_t worth;     /* the first so many may be said to be found; what follows is a little like */
};
/* At most `max`, best first. Any bytes may come; a query of real words finds something wherever
 * there is any document. */
struct search_hits search_find(struct arena *a, const struct search *s, enum lang want,
                               struct str query, size_t max);

/* What a query that is still being written could become: words and names, likeliest first. */
struct search_suggestion {
    struct str text;
    int64_t doc; /* it is this document's name; -1: words to search with */
};
struct search_suggestions {
    LIST_FIELDS(struct search_suggestion);
};
struct search_suggestions search_suggest(struct arena *a, const struct search *s, enum lang want,
                                         struct str query, size_t max);

/* Is Finnish analysed word by word (libvoikko and its dictionary were found at run time)? Else
 * `why` says what is missing; the search works all the same, by letters alone. */
bool search_has_morphology(const char **why);

#endif
