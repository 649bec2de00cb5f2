/*
 * turn.c: the relay for remote visits: --turn FILE, else turn.json in the data folder, else none.
 * The file has a secret in it, so others on the machine must not be able to read it.
 */
#include "server/server.h"

#include "base/log.h"
#include "remote/remote.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum { TURN_MOST = 64 * 1024 };

static bool read_all(struct arena *a, FILE *f, struct str *out)
{
    char *p = arena_alloc(a, TURN_MOST);
    size_t n = fread(p, 1, TURN_MOST, f);
    *out = (struct str){p, n};
    return !ferror(f) && n < TURN_MOST;
}

bool boot_turn(struct arena *a, const struct options *o, struct app *app)
{
    struct str text, why = {0};
    struct stat st;
    const char *name = o->turn ? o->turn : str_z(a, str_fmt(a, "%s/turn.json", o->data));
    FILE *f = fopen(name, "rb");
    if (!f && !o->turn && errno == ENOENT)
        return true;
    bool read = f && fstat(fileno(f), &st) == 0 && read_all(a, f, &text);
    if (!read)
        fprintf(stderr, "asialla: %s cannot be read\n", name);
    else if (st.st_mode & (S_IRGRP | S_IROTH))
        log_warn("serve", "%s has a secret and can be read by others: chmod 600", name);
    if (f)
        fclose(f);
    if (!read)
        return false;
    app->turn = remote_turn_read(a, text, &why);
    if (!app->turn)
        fprintf(stderr, "asialla: %s: " STR_FMT "\n", name, STR_ARG(why));
    return app->turn != NULL;
}
