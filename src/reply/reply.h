/*
 * reply.h: reply templates (vastauspohja): texts in fi, sv and en that professionals put into an
 * answer, a closing text or a chat message and then make their own. Editors keep them, for all
 * teams or for one. A text may hold places to fill: {name}, {team}, {phone}, {due}, {me}.
 */
#ifndef ASIALLA_REPLY_REPLY_H
#define ASIALLA_REPLY_REPLY_H

#include "app/app.h"

enum reply_use { REPLY_ANSWER = 1, REPLY_CLOSE = 2, REPLY_CHAT = 4, REPLY_ASK = 8 };

struct reply {
    int64_t id, team; /* team 0: for all */
    struct str title[LANG_COUNT], text[LANG_COUNT];
    unsigned uses; /* bits of enum reply_use */
};
struct replies {
    LIST_FIELDS(struct reply);
};

/* Those that a professional of that team can use so, by title in that language. */
struct replies reply_list(struct arena *a, struct db *db, int64_t team, enum reply_use use,
                          enum lang l);
bool reply_find(struct arena *a, struct db *db, int64_t id, struct reply *out);

/* What stands for the places; an empty one is left out, with the blank before it. */
struct reply_fill {
    struct str name, team, phone, due, me;
};
/* The text in that language with its places filled. */
struct str reply_text(struct arena *a, const struct reply *r, enum lang l,
                      const struct reply_fill *fill);

extern const struct stmt_table reply_statements;
extern const struct route_table reply_routes;

#endif
