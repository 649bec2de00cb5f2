/*
 * demo.h: the sample county, made from data/county and a seed: teams, staff, residents, the service
 * directory, and 39 months of matters with all that happened to them, some of them open now.
 * Every person is invented. Matters are made by the same calls as real ones, at instants of the
 * past, so `asialla verify` holds for them.
 *
 * The same seed gives the same county on the same day: it is as of ten in the morning (before ten,
 * as of midnight), and everything is counted back from there.
 */
#ifndef ASIALLA_DEMO_DEMO_H
#define ASIALLA_DEMO_DEMO_H

#include "app/app.h"
#include "form/form.h"
#include "law/law.h"
#include "store/store.h"

#include <stdio.h>

enum {
    DEMO_RESIDENTS = 3000, /* times the scale, as the other two */
    DEMO_MATTERS = 4000,   /* of the last four months, where there are no more */
    DEMO_RECENT = 2400,    /* of these, where there are: then queues come beside them */
    DEMO_OPEN = 400,       /* of these */
    DEMO_CARRIED = 3,      /* beside these: handed over across registers */
    DEMO_STAFF = 60,
    DEMO_KEEPERS = 4, /* beside these: an editor, partners and a manager */
    DEMO_CODES = 3,
    DEMO_LEAST_MONTHS = 4,
    DEMO_MONTHS = 39, /* so that all rules since the autumn of 2023 are in use in 2026 */
    DEMO_MAX_SCALE = 1000
};

struct demo_conf {
    const struct law *law;
    const struct forms *forms;
    const unsigned char *key; /* of the installation: receipt codes */
    uint64_t seed;
    int64_t scale;      /* 1 to DEMO_MAX_SCALE */
    int64_t months;     /* of matters, back from now: DEMO_LEAST_MONTHS to DEMO_MONTHS; 0: these */
    int64_t thin;       /* per cent of the matters that are not open and of the days with times; 0:
                           all of them */
    struct instant now; /* ms 0: instant_now() */
    FILE *progress;     /* NULL: none */
};

/* A persona or a receipt code to begin with. */
struct demo_persona {
    struct str login, name, profession, team; /* in English */
    struct str language;                      /* their mother tongue */
};
struct demo_code {
    const char *what; /* "waiting", "answered", "closed" */
    char code[24];    /* empty: none was made */
};
struct demo_report {
    struct {
        LIST_FIELDS(struct demo_persona);
    } personas, keepers; /* keepers: of the service directory */
    struct demo_code codes[DEMO_CODES];
    struct instant as_of;
    int64_t services, places, teams, staff, residents, matters, open, over, today;
    double seconds;
};

/* Makes it. False: *why says why not, for a command line; a store with anything in it is refused.
 */
bool demo_make(struct arena *a, struct store *s, const struct demo_conf *conf,
               struct demo_report *report, struct str *why);

/* `asialla demo`: seed and the others as the command line has them, or NULL. ASIALLA_NOW (ISO 8601)
 * sets another now. Prints what was made and who can be tried. The exit code. */
struct demo_words {
    const char *seed, *scale, *thin, *months;
};
int demo_command(struct arena *a, struct store *s, struct demo_conf conf,
                 const struct demo_words *words);

/* Was the store made by demo_make()? */
bool demo_is_sample(struct db *db);

extern const struct stmt_table demo_statements, demo_people_statements, demo_tray_statements,
    demo_merge_statements, demo_visits_statements, demo_alarm_statements, demo_hand_statements,
    demo_calendar_statements, demo_times_statements;
extern const struct route_table demo_routes; /* /:lang/try, where the county is a sample */

#endif
