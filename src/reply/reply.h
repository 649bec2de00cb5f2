/*
 * reply.h: reply templates (vastauspohja): texts in fi, sv and en that professionals put into an
 * answer, a closing text or a chat message and then make their own. Editors keep them, for all
 * teams or for one. A text may hold places to fill: {name}, {team}, {phone}, {due}, {me}.
 *
 * A form offers them so:
 *
 *     struct reply_asking q = {.team = m.team, .use = REPLY_ANSWER, .shown = rq_lang(rq),
 *                              .written = lang, .into = S("text"), .fill = {.name = m.name}};
 *     v.pick = reply_pick_make(rq->a, rq->db, &q);            {call reply_pick(&v->pick)}
 *     if (reply_used(rq, &q, &text)) { ... the page again, with that text in the field ... }
 *
 * With the script the text goes into the field at once; without, the button sends the form, and the
 * handler shows the page again. Either way what was typed stays, and the template stands behind it.
 */
#ifndef ASIALLA_REPLY_REPLY_H
#define ASIALLA_REPLY_REPLY_H

#include "app/app.h"
#include "base/json.h"

enum reply_use { REPLY_ANSWER = 1, REPLY_CLOSE = 2, REPLY_CHAT = 4, REPLY_ASK = 8, REPLY_ALL = 15 };
enum { REPLY_TITLE_MOST = 100, REPLY_TEXT_MOST = 4000 };

struct reply {
    int64_t id, team; /* team 0: for all */
    struct str title[LANG_COUNT], text[LANG_COUNT];
    unsigned uses; /* bits of enum reply_use */
    bool retired;  /* offered no more */
};
struct replies {
    LIST_FIELDS(struct reply);
};

/* Those that a professional of that team can use so, by title in that language. */
struct replies reply_list(struct arena *a, struct db *db, int64_t team, enum reply_use use,
                          enum lang l);
/* All, for editors; with those that are offered no more, or without. */
struct replies reply_all(struct arena *a, struct db *db, bool retired, enum lang l);
bool reply_find(struct arena *a, struct db *db, int64_t id, struct reply *out);

/* What stands for the places; an empty one is left out, with the blank before it. */
struct reply_fill {
    struct str name, team, phone, due, me;
};
/* The text in that language with its places filled. */
struct str reply_text(struct arena *a, const struct reply *r, enum lang l,
                      const struct reply_fill *fill);

/* ---- in forms ---- */

struct reply_asking {
    int64_t team;
    enum reply_use use;
    enum lang shown, written; /* the professional's language; the resident's */
    struct str into;          /* the field's id */
    struct str name;          /* the field's name; empty: the same */
    struct reply_fill fill;
};
struct reply_choice {
    int64_t id;
    struct str title, text;
};
struct reply_pick {
    struct str into, label;
    struct {
        LIST_FIELDS(struct reply_choice);
    } choices; /* none: nothing is shown */
};
struct reply_pick reply_pick_make(struct arena *a, struct db *db, const struct reply_asking *q);
/* Was the button for that field pressed? Then *text is what was typed, and the template after it.
 */
bool reply_used(struct rq *rq, const struct reply_asking *q, struct str *text);

/* ---- keeping ---- */

/* What is wrong with it, as a message id and in which language; NULL: nothing. */
const char *reply_fault(const struct reply *r, enum lang *where);
/* In a commit: a new template (id 0) or a new version of one. Its id. The version before stays. */
int64_t reply_save(struct db *db, const struct reply *r, int64_t staff, struct instant at);

struct reply_version {
    struct instant at;
    struct str staff; /* name; empty: the sample county */
    struct reply reply;
};
struct reply_versions {
    LIST_FIELDS(struct reply_version);
};
/* Newest first. */
struct reply_versions reply_history(struct arena *a, struct db *db, int64_t id);

/* In a commit: the templates of a file as new ones. False: *why names the place. */
bool reply_take(struct arena *a, struct db *db, const struct jv *file, struct instant at,
                struct str *why);

extern const struct stmt_table reply_statements;
extern const struct route_table reply_routes;

#endif
