/*
 * guard.h: what happens when we, not the user, fail. Out of memory, a disk that is full, a
 * statement that the store refuses: no handler can do anything sensible about these in the middle
 * of its work, so guard_fail() unwinds to the nearest guard_run(), which drops the work whole
 * (PostgreSQL's ereport(ERROR) is the model). A mistake of the *user* is never a guard_fail(): it
 * is a value that is returned and shown.
 *
 * What must be undone on the way is tied to an arena (arena_defer) or owned by who called
 * guard_run(): the unwound functions run no clean-up of their own, so they hold no locks and own no
 * handles.
 */
#ifndef ASIALLA_BASE_GUARD_H
#define ASIALLA_BASE_GUARD_H

#include "base/err.h"

/* Runs fn(arg). ERR_OK when it returned; else the error that it failed with, and *why (may be NULL)
 * points to a text for the log that stays until this thread's next failure. Guards nest. */
enum err guard_run(void (*fn)(void *arg), void *arg, const char **why);

/* Unwinds to the nearest guard_run() of this thread. Without one, prints the text and aborts. */
_Noreturn void guard_fail(enum err e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
