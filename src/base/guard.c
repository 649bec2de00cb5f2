/* guard.c: see guard.h. A chain of jump points a thread. */
#include "base/guard.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct guard {
    jmp_buf env;
    struct guard *up;
};

static _Thread_local struct guard *top;
static _Thread_local char why_text[256];
static _Thread_local enum err why_err;

enum err guard_run(void (*fn)(void *arg), void *arg, const char **why)
{
    struct guard g = {.up = top};
    if (_setjmp(g.env) == 0) {
        top = &g;
        fn(arg);
        assert(top == &g);
        top = g.up;
        return ERR_OK;
    }
    top = g.up;
    if (why)
        *why = why_text;
    return why_err;
}

void guard_fail(enum err e, const char *fmt, ...)
{
    assert(e != ERR_OK);
    char text[sizeof why_text]; /* what is passed on may be the text that stands there */
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    memcpy(why_text, text, sizeof why_text);
    why_err = e;
    if (!top) {
        fprintf(stderr, "asialla: %s\n", why_text);
        abort();
    }
    _longjmp(top->env, 1);
}
