/*
 * group_room.h: what the files of this room share.
 */
#ifndef ASIALLA_GROUP_GROUP_ROOM_H
#define ASIALLA_GROUP_GROUP_ROOM_H

#include "group/group.h"

/* ---- data/group.json ---- */

struct group_audience {
    struct str code, name[LANG_COUNT];
};
struct group_data {
    int keep_days, remind_hours;
    struct {
        LIST_FIELDS(struct group_audience);
    } audiences;
};
const struct group_data *group_data(void);
bool group_data_read(struct arena *a, struct str text, struct group_data *out, struct str *why);
const struct group_audience *group_audience_find(const struct group_data *d, struct str code);

/* ---- rules ---- */

/* What is wrong with what a group is said to be: the field's name and what to do (message id). */
struct group_fault {
    const char *field, *words; /* words NULL: nothing */
};
struct group_fault group_wrong(const struct group *g);
bool group_weekly_wrong(const struct group_weekly *w);
struct instant group_weekly_start(const struct group_weekly *w, int nth);
/* The first session of the sign-up's that is still to come; NULL: none. Pure. */
const struct group_session *group_next(const struct group_sessions *list, int64_t session,
                                       struct instant now);
const struct group_session *group_first(const struct group_sessions *list);
const struct group_session *group_session_by(const struct group_sessions *list, int64_t id);
/* Until when one can sign up; ms 0: not at all. Pure. */
struct instant group_signs_until(const struct group *g, const struct group_sessions *list,
                                 int64_t session);
/* After an offer that nobody answered: back in the line once, then gone. Pure. */
enum group_sign group_after_silence(const struct group_signup *s);

/* ---- rows ---- */

#define GROUP_SESSION                                                                       \
    "SELECT id, series, calendar, start_at, end_at, sequence, changed_at, cancelled, why, " \
    "attended_at, signed, came, came_without FROM group_session "
struct group_sessions group_sessions_read(struct arena *a, struct rows r); /* of those columns */

bool group_load_id(struct arena *a, struct db *db, int64_t id, struct group *out);
int64_t group_insert(struct db *db, const struct group *g); /* 0: the ref is taken */
void group_update(struct db *db, const struct group *g);
void group_state_set(struct db *db, int64_t group, enum group_state state);
int64_t group_session_insert(struct db *db, const struct group_session *s);
bool group_session_load(struct arena *a, struct db *db, int64_t id, struct group_session *out);
void group_session_end(struct db *db, const struct group_session *s); /* cancelled, with why */
/* Everybody of a session, or (0) of the whole series, in that state, in order of the line. */
struct group_signups group_signups_load(struct arena *a, struct db *db, int64_t group,
                                        int64_t session, enum group_sign state);
/* In a commit: that professional has looked at such a list. */
void group_sight_add(struct db *db, int64_t staff, int64_t group, int64_t session,
                     struct instant now);
/* Of whatever state; and in a commit: they lead to that matter no longer. */
struct group_signups group_signups_of_matter(struct arena *a, struct db *db, int64_t matter);
void group_signups_forget_matter(struct db *db, int64_t matter);
bool group_signup_load(struct arena *a, struct db *db, int64_t id, struct group_signup *out);
bool group_signup_by_once(struct arena *a, struct db *db, struct str once,
                          struct group_signup *out);
int64_t group_signup_insert(struct db *db, const struct group_signup *s, struct str once,
                            struct str code_hash);
void group_signup_update(struct db *db, const struct group_signup *s);
/* 1 came, 0 did not, -1 not told. */
struct group_mark {
    int64_t signup;
    int came;
};
struct group_marks {
    LIST_FIELDS(struct group_mark);
};
struct group_marks group_marks_load(struct arena *a, struct db *db, int64_t session);
void group_attendance_put(struct db *db, const struct group_session *s,
                          const struct group_marks *marks);

struct group_due { /* work of the keeper */
    int64_t id[50];
    size_t n;
};
struct group_due group_offers_over(struct db *db, struct instant now);
struct group_due group_to_remind(struct db *db, struct instant now, struct instant until);
struct group_due group_to_erase(struct db *db, struct instant before);
struct group_due group_over(struct db *db, struct instant now);
void group_reminded(struct db *db, int64_t session);
void group_erase(struct db *db, const struct group_session *s, bool whole, int signed_up);

/* ---- attendance, without persons ---- */

struct group_figure {
    struct str ref, name[LANG_COUNT];
    int64_t sessions, cancelled, told, signed_up, came, came_without; /* told: with attendance */
};
struct group_figures {
    LIST_FIELDS(struct group_figure);
};
struct group_figures group_figures(struct arena *a, struct db *db, int64_t team,
                                   struct instant from, struct instant to);

/* In a commit: free places to who waits, of every session: there may be more than before. */
void group_offer(struct arena *a, struct db *db, const struct group *g, struct instant now);

/* In a commit: writes down who came. */
enum group_refusal group_attend(struct arena *a, struct db *db, const struct group *g,
                                int64_t session, const struct group_marks *marks, int others,
                                struct instant now);

#endif
