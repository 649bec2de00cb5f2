/* embedded.c: see embedded.h. */
#include "base/embedded.h"

#include "base/arena.h"
#include "base/guard.h"
#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>

struct str embedded_text(const struct embedded *files, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].name, name) == 0)
            return (struct str){(const char *)files[i].p, files[i].n};
    return (struct str){NULL, 0};
}

/* The arenas of what was loaded: never freed, and never lost sight of. */
struct kept {
    struct arena *a;
    struct kept *next;
};
static struct kept *kept;
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

static void keep(struct arena *a)
{
    struct kept *k = ARENA_NEW(a, struct kept);
    pthread_mutex_lock(&kept_lock);
    *k = (struct kept){a, kept};
    kept = k;
    pthread_mutex_unlock(&kept_lock);
}

struct loading {
    struct arena *a;
    bool (*read)(struct arena *a, struct str *why);
};

static void load(void *arg)
{
    struct loading *l = arg;
    struct str why = {NULL, 0};
    keep(l->a);
    if (!l->read(l->a, &why))
        guard_fail(ERR_INTERNAL, STR_FMT, STR_ARG(why));
}

void embedded_load(const char *room, bool (*read)(struct arena *a, struct str *why))
{
    struct loading l = {arena_new(0), read};
    const char *why = "";
    if (guard_run(load, &l, &why) != ERR_OK) {
        log_error(room, "the compiled-in data cannot be used: %s", why);
        abort();
    }
}
