/*
 * plan_room.h: changing a working plan, within this room. A change is a value: it can be tried on a
 * plan without being kept (plan_edit_apply), so that what it touches is shown before it is saved.
 */
#ifndef ASIALLA_CALENDAR_PLAN_ROOM_H
#define ASIALLA_CALENDAR_PLAN_ROOM_H

#include "calendar/busy.h"
#include "calendar/calendar.h"

enum { PLAN_RULES_MOST = 60, PLAN_EXCEPTIONS_MOST = 400 };

#define PLAN_EDITS(X)                                                                 \
    X(RULE_ADD, "rule-added", N_("Hours added"))                                      \
    X(RULE_CHANGE, "rule-changed", N_("Hours changed")) /* the old one ends before */ \
    X(RULE_END, "rule-ended", N_("Hours ended"))                                      \
    X(EXCEPTION_ADD, "exception-added", N_("Exception added"))                        \
    X(EXCEPTION_REMOVE, "exception-removed", N_("Exception removed"))                 \
    X(IMPORT, "imported", N_("Taken in with the settings"))
enum plan_edit_what {
#define X(name, code, words) PLAN_##name,
    PLAN_EDITS(X)
#undef X
        PLAN_EDIT_COUNT
};
const char *plan_edit_code(enum plan_edit_what w);
const char *plan_edit_words(enum plan_edit_what w); /* message id */
bool plan_edit_from(struct str code, enum plan_edit_what *out);

struct plan_edit {
    enum plan_edit_what what;
    int64_t of; /* the rule or exception that is changed, ended, removed */
    struct plan_rule rule;
    struct plan_exception exception;
    struct date last; /* RULE_END: the last day on which it holds */
};

/* What is wrong with it, as a message id; NULL: nothing. Pure. */
const char *plan_rule_wrong(const struct plan_rule *r);
const char *plan_exception_wrong(const struct plan_exception *e);

/* The plan as it would be. False: what it is about is not there (any more). Pure. */
bool plan_edit_apply(struct arena *a, const struct plan *before, const struct plan_edit *e,
                     struct plan *after);

struct plan_touched {
    LIST_FIELDS(struct busy);
};
/* What is taken from now on of hours that `before` has and `after` has not. */
struct plan_touched plan_touches(struct arena *a, struct db *db, const struct law *law,
                                 int64_t calendar, const struct plan *before,
                                 const struct plan *after, struct instant now);
/* The same list gives the same word: what a form carries of what it has shown. */
struct str plan_touched_mark(struct arena *a, const struct plan_touched *t);

/* In a commit: keeps the edit, a row of history, a task for each time that it touches; tells. */
void plan_edit_store(struct arena *a, struct db *db, const struct calendar *c,
                     const struct plan_edit *e, const struct plan_touched *t, int64_t staff,
                     struct instant now);
/* In a commit: the whole plan is this one, as the settings say. */
void plan_replace(struct arena *a, struct db *db, const struct law *law, const struct calendar *c,
                  const struct plan *plan, struct instant now);

/* Minutes of a day on which times can be given to anybody at all; what overlaps counts once. */
int plan_minutes(const struct plan_spans *spans);

struct plan_change {
    int64_t id;
    struct instant at;
    struct str staff, body; /* staff empty: the settings */
    enum plan_edit_what what;
    int touched;
};
struct plan_changes {
    LIST_FIELDS(struct plan_change);
};
/* Newest first. */
struct plan_changes plan_changes_load(struct arena *a, struct db *db, int64_t calendar, size_t max);
/* Reads what a row of history kept. False: not of that kind. */
bool plan_change_rule(const struct plan_change *c, struct arena *a, struct plan_rule *out);
bool plan_change_exception(const struct plan_change *c, struct arena *a,
                           struct plan_exception *out);

/* In a commit: the open task with that id; false: none such. */
bool plan_task_load(struct db *db, int64_t id, struct plan_task *out);
void plan_task_confirm(struct db *db, int64_t id, int64_t staff, struct instant now);

#endif
