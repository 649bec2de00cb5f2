/* router.c: patterns of paths; see http.h. A route table is short and is walked from its top. */
#include "http/http.h"

bool route_match(struct str pattern, struct str path, struct str *params, size_t max, size_t *n)
{
    *n = 0;
    while (pattern.p && path.p) {
        struct str want = str_cut(&pattern, '/'), have = str_cut(&path, '/');
        if (want.n > 0 && want.p[0] == ':') {
            if (have.n == 0 || *n == max)
                return false;
            params[(*n)++] = have;
        } else if (!str_eq(want, have)) {
            return false;
        }
    }
    return !pattern.p && !path.p;
}
