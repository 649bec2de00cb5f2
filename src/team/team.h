/*
 * team.h: the county's own people: teams, whom they are for, when they are on duty, which of them
 * gets a matter and why; professions, staff, who is in now; signing in. What a county looks like is
 * data (data/county/teams.json has the shape), taken in by `asialla import teams FILE`.
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
#include "law/law.h"

struct named {
    struct str ref, name[LANG_COUNT];
};
struct named_list {
    LIST_FIELDS(struct named);
};

/* Whom a team is for. It tells people so; which matter comes to it is told by the rules. */
enum team_by { TEAM_FOR_ALL, TEAM_BY_DISTRICT, TEAM_BY_AGE, TEAM_BY_MATTER, TEAM_BY_COUNT };
struct team_population {
    enum team_by by;
    struct str of;        /* districts; subjects of forms and reasons: codes, a blank between */
    int age_from, age_to; /* full years, both within; -1: no bound */
};

struct team {
    int64_t id;
    struct str ref, name[LANG_COUNT], phone;
    struct str hours; /* of the phone, as people are told them */
    struct str duty;  /* when it is on duty, as law_hours_read() reads; empty: as the office */
    struct team_population population;
    enum reg reg;
};
struct teams {
    LIST_FIELDS(struct team);
};

struct teams teams_load(struct arena *a, struct db *db);
const struct team *teams_by_id(const struct teams *t, int64_t id);        /* NULL: none such */
const struct team *teams_by_ref(const struct teams *t, struct str ref);   /* NULL: none such */
const struct team *team_load(struct arena *a, struct db *db, int64_t id); /* NULL: none such */
void team_ahead(struct db *db, int64_t id); /* a job will load it: see db_ahead() */
/* The teams that the professional belongs to. */
struct teams teams_of(struct arena *a, struct db *db, const struct session *s);

const char *team_by_code(enum team_by by);
bool team_by_from(struct str code, enum team_by *out);

/* Lists of codes are kept as words with a blank between. */
bool team_words_have(struct str words, struct str word);

/* ---- duty hours ---- */

/* When the team is on duty: weekly hours, exceptional closings; holidays are the law's. NULL: as
 * the office is (what a NULL of law.h's functions means). */
const struct law_hours *team_hours(struct arena *a, struct db *db, int64_t team);
const struct law_hours *team_duty(struct arena *a, const struct team *t);

/* ---- which team gets a matter, and why ---- */

/* What is known of a matter that comes in. What is not known is empty (born: DATE_NONE), and then
 * no rule that asks for it holds. */
struct team_asking {
    struct str subject, form, district;
    struct date born;
    struct str language; /* of the resident: ISO 639 */
    struct str channel;  /* web, phone ... */
    struct date on;      /* the day on which it came: age is counted then */
};

/* A rule. An empty list asks for nothing, nor does an age bound of -1; full years, both within. */
struct team_rule {
    struct str code;
    int64_t team;
    struct str subjects, forms, districts, languages, channels;
    int age_from, age_to;
    bool derived; /* from the subjects and districts that a team has: not written as a rule */
    struct str why[LANG_COUNT]; /* derived ones have none */
};
struct team_rules {
    LIST_FIELDS(struct team_rule); /* in their order: the first that holds is it */
};
struct team_rules team_rules_load(struct arena *a, struct db *db);
/* The rule whose team gets it; NULL: none holds. Pure. */
const struct team_rule *team_rule_pick(const struct team_rules *rules,
                                       const struct team_asking *ask);

struct team_routed {
    struct team team;
    struct team_rule rule;
    struct str why; /* JSON for the matter's first event: the rule's code and what it asked for */
};
/* The team that gets it and why. False: nobody does, which is a fault of the county's settings. */
bool team_route(struct arena *a, struct db *db, const struct team_asking *ask,
                struct team_routed *out);
struct str team_routed_why(struct arena *a, const struct team_rule *r,
                           const struct team_asking *ask);
/* Back from the event: the rule as far as it was kept. False: it was not told why. */
bool team_routed_read(const struct jv *why, struct team_rule *out);

/* How a contact can come, for rules: code and message id. */
struct team_channel {
    const char *code, *words;
};
extern const struct team_channel team_channels[];
extern const size_t team_channel_n;

/* ---- districts, professions ---- */

/* The county's name in each language, as its settings say. */
void county_load(struct arena *a, struct db *db, struct str name[LANG_COUNT]);
void county_ahead(struct arena *a, struct db *db); /* a job will load it: see db_ahead() */

/* Who answers for a figure (data/figures.json has their ids): a unit or a role, and how it is
 * reached. False: the county's settings name nobody. */
struct county_owner {
    struct str name, contact;
};
bool county_owner_load(struct arena *a, struct db *db, struct str figure, enum lang l,
                       struct county_owner *out);

struct named_list districts_load(struct arena *a, struct db *db);
/* The list of that one district; empty: none such. */
struct named_list district_load(struct arena *a, struct db *db, struct str ref);
struct named_list professions_load(struct arena *a, struct db *db);
/* The name in that language; the ref itself where it is not known. */
struct str named_find(const struct named_list *list, struct str ref, enum lang l);

/* What somebody is in a team. */
enum team_role { TEAM_MEMBER, TEAM_SUBSTITUTE, TEAM_HEAD, TEAM_ROLE_COUNT };
const char *team_role_code(enum team_role r);
const char *team_role_words(enum team_role r); /* message id */
bool team_role_from(struct str code, enum team_role *out);

struct colleague {
    int64_t id;
    struct str name, profession, login;
    struct str organisation; /* a partner's: its id in the service directory */
    struct str languages;    /* that they serve in: ISO 639-1, a blank between; empty: not told */
    enum team_role role;     /* of team_colleagues() */
    unsigned roles;
};
struct colleagues {
    LIST_FIELDS(struct colleague);
};
struct colleagues team_colleagues(struct arena *a, struct db *db, int64_t team);
/* The languages in which somebody of these serves, the county's own first. */
struct str team_languages(struct arena *a, const struct colleagues *members);
/* Editors, partners and managers that can be tried without a password, as the sample county's can.
 */
struct colleagues staff_keepers(struct arena *a, struct db *db);

/* ---- who is in now ---- */

/* What somebody has said by pressing a button. It is over by itself at the end of duty, or of the
 * day. */
struct presence {
    struct instant since, until; /* until 0: not in */
    struct instant away;         /* back then; ms 0, or past: not away */
    bool consult;                /* can be asked by colleagues */
};
enum presence_state { PRESENCE_OUT, PRESENCE_AWAY, PRESENCE_IN };
enum presence_state presence_state(const struct presence *p, struct instant now);
/* When a presence that begins now is over: when the last of these closes today; once they have
 * closed, or on a day on which none opens, at midnight. Pure. */
struct instant presence_ends(const struct law *law, const struct law_hours *const *hours, size_t n,
                             struct instant now);

/* What a button says. */
enum presence_act {
    PRESENCE_COMES,
    PRESENCE_COMES_CONSULT,
    PRESENCE_GOES,
    PRESENCE_AWAY_UNTIL,
    PRESENCE_BACK,
    PRESENCE_CONSULT,
    PRESENCE_BUSY
};
/* until: presence_ends(); away: of PRESENCE_AWAY_UNTIL. Who was not in comes in by each of these
 * but going. Pure. */
void presence_act(struct presence *p, enum presence_act act, struct instant now,
                  struct instant until, struct instant away);

struct presence presence_load(struct db *db, int64_t staff);
/* In a commit. Tells the live pages of the professional's teams. */
void presence_store(struct arena *a, struct db *db, int64_t staff, const struct presence *p);

struct team_ids {
    LIST_FIELDS(int64_t);
};
struct present {
    int64_t staff;
    struct str name, profession;
    struct str languages; /* ISO 639-1, a blank between; empty: not told */
    struct team_ids teams;
    struct presence presence;
    bool consultable; /* in, not away, and has said so */
};
struct presents {
    LIST_FIELDS(struct present);
};
/* Who of the team is in or away for a while, by name. */
struct presents team_present(struct arena *a, struct db *db, int64_t team, struct instant now);

/* ---- keeping ---- */

/* In a commit: takes in the settings. False: *why names the place. */
bool team_settings_store(struct arena *a, struct db *db, const struct jv *settings,
                         struct str *why);
/* In a commit: a new professional, editor or partner (of that organisation of the directory; else
 * empty). 0: the login is taken. */
int64_t staff_add(struct db *db, struct str login, struct str name, struct str profession,
                  struct str password_hash, unsigned roles, struct str organisation);
void staff_join(struct db *db, int64_t staff, int64_t team);
/* In a commit: joins with that role, or changes it. */
void staff_join_as(struct db *db, int64_t staff, int64_t team, enum team_role role);
/* In a commit: the languages in which they serve. */
void staff_speaks(struct db *db, int64_t staff, struct str languages);
struct str staff_languages(struct arena *a, struct db *db, int64_t staff);
enum { STAFF_PASSWORD_LEAST = 12, STAFF_PASSWORD_MOST = 200 }; /* characters */
bool staff_password_fits(struct str password);

/* A county's settings from a JSON file ("-": standard input): all that it says is taken in, or what
 * is wrong goes to stderr and nothing is changed. The exit code. */
typedef bool settings_fn(struct arena *a, struct db *db, const struct jv *settings,
                         const void *with, struct str *why);
int settings_import(struct arena *a, struct store *s, const char *path, settings_fn *take,
                    const void *with);

/* `asialla import teams FILE`. */
int team_import_command(struct arena *a, struct store *s, int argc, char *const *argv);

struct user_request {
    const char *login, *name, *role, *team, *profession, *organisation;
};
/* `asialla user add`: reads the password from standard input (a line; not echoed on a terminal). */
int user_add_command(struct arena *a, struct store *s, const struct user_request *u);

extern const struct stmt_table team_statements, team_settings_statements, team_rule_statements,
    team_owner_statements, presence_statements, sign_in_statements, password_statements;
extern const struct route_table team_routes, password_routes;

#endif
