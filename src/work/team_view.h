/* team_view.h: inside the room: what the pages of teams, of routing and of the day show. */
#ifndef ASIALLA_WORK_TEAM_VIEW_H
#define ASIALLA_WORK_TEAM_VIEW_H

#include "base/vec.h"
#include "web/view.h"

/* ---- who is in ---- */

enum here_state { HERE_OUT, HERE_AWAY, HERE_IN };
struct here_line {
    struct str name, profession, role, languages;
    enum here_state state;
    struct str words; /* "In since 8:02" */
    bool consultable, me;
};
struct here_lines {
    LIST_FIELDS(struct here_line);
};

/* What I have said myself; the buttons to say something else. */
struct here_me {
    enum here_state state;
    struct str words;
    bool consult;
    struct str back; /* the page that the buttons lead back to: "me" or "day" */
    int64_t team;    /* of the day; 0: none */
};

/* ---- a team ---- */

struct team_line {
    struct str ref, name, phone, hours, languages;
    bool own;
};
struct team_lines {
    LIST_FIELDS(struct team_line);
};

struct team_page {
    struct str name, ref, as_at;
    int64_t team;
    bool own; /* others' members and presence are not shown */
    struct ui_open duty;
    struct ui_facts facts;
    struct here_lines members;
    int64_t in, consultable;
    struct team_lines others;
};

struct me_page {
    struct ui_notice done;
    struct ui_errors errors;
    struct here_me me;
    struct ui_field until;
    struct ui_choice languages;
    struct team_lines teams;
    bool no_team;
};

/* ---- routing ---- */

struct route_line {
    int64_t nth;
    struct str code, when, team, team_ref, why, odd; /* odd: what in it will never hold */
    bool derived, chosen;
};
struct route_lines {
    LIST_FIELDS(struct route_line);
};

struct routing_page {
    struct ui_choice form, district, language, channel;
    struct ui_field age;
    struct ui_notice answer;
    struct ui_facts told; /* team, rule, why */
    struct route_lines rules, derived;
};

/* ---- the day ---- */

enum { DAY_COLUMNS = 5 };
struct day_row {
    struct str name;
    int64_t n[DAY_COLUMNS], all, came;
    struct ui_bar bar;
};
struct day_rows {
    LIST_FIELDS(struct day_row);
};
struct day_call {
    struct str hours;
    int64_t wished, called, waiting;
    bool past;
};
struct day_calls {
    LIST_FIELDS(struct day_call);
};
/* A number with where it leads. */
struct day_count {
    int64_t n;
    struct str words, href;
};
struct day_counts {
    LIST_FIELDS(struct day_count);
};

struct day_page {
    int64_t team;
    struct str team_name, team_ref, as_at, phone;
    struct ui_open duty;
    struct ui_options teams;
    struct day_counts counts, moving; /* today's in and out; what waits elsewhere or for us */
    struct str answers;               /* how fast colleagues answered our questions */
    struct day_rows rows;
    struct day_row all;
    struct day_calls calls;
    struct here_me me;
    struct here_lines present;
    int64_t in, consultable;
};

#endif
