/* search.c: see search.h. */
#include "search/search.h"

bool search_has_morphology(const char **why)
{
    *why = "it is not looked for yet";
    return false;
}
