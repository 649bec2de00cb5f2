/*
 * hsds_query.h: inside the room: what is asked of an HSDS address. A parameter that is not known
 * there, that stands twice or that cannot be read is an error that names it: whoever gets an answer
 * got what was asked for.
 */
#ifndef ASIALLA_EXCHANGE_HSDS_QUERY_H
#define ASIALLA_EXCHANGE_HSDS_QUERY_H

#include "http/http.h"
#include "i18n/i18n.h"

/* lang and format are known everywhere. */
#define HSDS_PARAMETERS(X)             \
    X(LANG, "lang")                    \
    X(FORMAT, "format")                \
    X(PAGE, "page")                    \
    X(PER_PAGE, "per_page")            \
    X(SEARCH, "search")                \
    X(TERM, "taxonomy_term_id")        \
    X(TAXONOMY, "taxonomy_id")         \
    X(ORGANISATION, "organization_id") \
    X(AFTER, "modified_after")         \
    X(MINIMAL, "minimal")              \
    X(FULL, "full")                    \
    X(FULL_SERVICE, "full_service")    \
    X(TOP, "top_only")                 \
    X(PARENT, "parent_id")
enum hsds_parameter {
#define X(name, word) HSDS_P_##name,
    HSDS_PARAMETERS(X)
#undef X
        HSDS_P_COUNT
};
#define HSDS_HAS(name) (1u << HSDS_P_##name)
#define HSDS_PAGES     (HSDS_HAS(PAGE) | HSDS_HAS(PER_PAGE))

enum {
    HSDS_PER_PAGE = 50,
    HSDS_PER_PAGE_MAX = 500,       /* of what has no more than one text a member, */
    HSDS_PER_FULL_PAGE_MAX = 100,  /* of whole ones, */
    HSDS_PER_LEAN_PAGE_MAX = 20000 /* of identifiers and dates */
};

struct hsds_query {
    enum lang lang;
    int64_t page, per_page;
    bool minimal, full, full_service, top_only, has_after;
    struct instant after;
    struct str search, term, taxonomy, organisation, parent; /* empty: not asked for */
};

struct hsds_fault {
    struct str parameter, detail;
};
/* `allowed`: HSDS_HAS() of those that the address has. */
bool hsds_query_read(struct arena *a, const struct fields *fields, struct str accept_language,
                     unsigned allowed, struct hsds_query *out, struct hsds_fault *fault);

#endif
