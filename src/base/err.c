/* err.c: the registry of err.h as a table. */
#include "base/err.h"

#include <assert.h>

static const struct err_info table[ERR_COUNT] = {
#define X(name, status, issue, message, hint) [ERR_##name] = {#name, status, issue, message, hint},
    ERR_REGISTRY(X)
#undef X
};

const struct err_info *err_info(enum err e)
{
    assert((unsigned)e < ERR_COUNT);
    return &table[e];
}
