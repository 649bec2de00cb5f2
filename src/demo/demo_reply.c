/* demo_reply.c: the reply templates of the sample county (data/county/replies.json). */
#include "demo/demo_room.h"

#include "base/guard.h"
#include "reply/reply.h"

static void store_replies(struct db *db, void *arg)
{
    struct demo *d = arg;
    struct str why = {NULL, 0};
    if (!reply_take(d->a, db, demo_file(d, "replies.json"), d->as_of, &why))
        guard_fail(ERR_INTERNAL, "data/county/replies.json: " STR_FMT, STR_ARG(why));
}

void demo_replies_store(struct demo *d, struct store *s)
{
    if (store_write(s, store_replies, d) != ERR_OK)
        guard_fail(ERR_STORE, "the reply templates could not be written");
}
