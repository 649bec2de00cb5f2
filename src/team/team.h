/*
 * team.h: the county's own people: teams, the subjects and districts that they answer for,
 * professions, staff; signing in. What a county looks like is data (data/county/teams.json has the
 * shape), taken in by `asialla import teams FILE`.
 *
 * Staff sign in with a user name and a password. Nobody is told whether it was the name or the
 * password that was wrong, and both are slow to guess: limits by address and by user name. In a
 * sample county personas can be used without a password.
 */
#ifndef ASIALLA_TEAM_TEAM_H
#define ASIALLA_TEAM_TEAM_H

#include "app/app.h"
#include "base/json.h"
#include "base/vec.h"

struct named {
    struct str ref, name[LANG_COUNT];
};
struct named_list {
    LIST_FIELDS(struct named);
};

struct team {
    int64_t id;
    struct str ref, name[LANG_COUNT], phone, hours;
    enum reg reg;
};
struct teams {
    LIST_FIELDS(struct team);
};

struct teams teams_load(struct arena *a, struct db *db);
const struct team *teams_by_id(const struct teams *t, int64_t id);      /* NULL: none such */
const struct team *teams_by_ref(const struct teams *t, struct str ref); /* NULL: none such */
/* The teams that the professional belongs to. */
struct teams teams_of(struct arena *a, struct db *db, const struct session *s);

/* The team that answers for a subject in a district; an unknown district gets the team for any;
 * false: nobody does. */
bool team_answers(struct arena *a, struct db *db, struct str subject, struct str district,
                  struct team *out);

/* The county's name in each language, as its settings say. */
void county_load(struct arena *a, struct db *db, struct str name[LANG_COUNT]);

struct named_list districts_load(struct arena *a, struct db *db);
/* The list of that one district; empty: none such. */
struct named_list district_load(struct arena *a, struct db *db, struct str ref);
struct named_list professions_load(struct arena *a, struct db *db);
/* The name in that language; the ref itself where it is not known. */
struct str named_find(const struct named_list *list, struct str ref, enum lang l);

struct colleague {
    int64_t id;
    struct str name, profession, login;
    struct str organisation; /* a partner's: its id in the service directory */
    unsigned roles;
};
struct colleagues {
    LIST_FIELDS(struct colleague);
};
struct colleagues team_colleagues(struct arena *a, struct db *db, int64_t team);
/* Editors and partners that can be tried without a password, as the sample county's can. */
struct colleagues staff_keepers(struct arena *a, struct db *db);

/* In a commit: takes in the settings. False: *why names the place. */
bool team_settings_store(struct arena *a, struct db *db, const struct jv *settings,
                         struct str *why);
/* In a commit: a new professional, editor or partner (of that organisation of the directory; else
 * empty). 0: the login is taken. */
int64_t staff_add(struct db *db, struct str login, struct str name, struct str profession,
                  struct str password_hash, unsigned roles, struct str organisation);
void staff_join(struct db *db, int64_t staff, int64_t team);
enum { STAFF_PASSWORD_LEAST = 12, STAFF_PASSWORD_MOST = 200 }; /* characters */
bool staff_password_fits(struct str password);

/* `asialla import teams FILE`. */
int team_import_command(struct arena *a, struct store *s, int argc, char *const *argv);

struct user_request {
    const char *login, *name, *role, *team, *profession, *organisation;
};
/* `asialla user add`: reads the password from standard input (a line; not echoed on a terminal). */
int user_add_command(struct arena *a, struct store *s, const struct user_request *u);

extern const struct stmt_table team_statements, sign_in_statements, password_statements;
extern const struct route_table team_routes, password_routes;

#endif
