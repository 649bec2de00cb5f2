/*
 * publish_room.h: inside the room: the data file, the figures that a publication is made of, what
 * has been published of them before.
 */
#ifndef ASIALLA_PUBLISH_PUBLISH_ROOM_H
#define ASIALLA_PUBLISH_PUBLISH_ROOM_H

#include "disclose/disclose.h"
#include "publish/publish.h"

/* ---- data/publish.json ---- */

/* Who waits for a visit whose kind has that reason: rules. */
struct publish_visit {
    struct str reason;
    struct law_codes rules;
};
/* What people call a profession. No name: as the county's data say. */
struct publish_profession {
    struct str code, name[LANG_COUNT], says[LANG_COUNT];
};
/* Figures of others, said beside those of a rule, of days from `from` on. */
struct publish_reference {
    struct str rule, words[LANG_COUNT];
    struct date from;
};
struct publish_data {
    struct disclose_rule rule;
    int weight_county, weight_kept, weight_band, weight_zero, weight_team, weight_part;
    int memory_months; /* so many months before are in one system with the new ones */
    int days_shown;
    struct publish_bands bands;
    struct date monthly_since;
    struct law_codes digital, reported; /* reported: rules told over the last band's days as well */
    int purge_months, purge_realised, purge_debt, purge_least; /* per cent, per cent, waits */
    struct {
        LIST_FIELDS(struct publish_visit);
    } visits;
    struct {
        LIST_FIELDS(struct publish_profession);
    } professions;
    int age_edge; /* the county's waits are told of those under it, and of the others */
    struct {
        LIST_FIELDS(struct publish_reference);
    } references;
};
const struct publish_data *publish_data(void);
bool publish_data_parse(struct arena *a, struct str text, struct publish_data *out,
                        struct str *why);

/* ---- cells by key ---- */

struct publish_key {
    int measure, cut;
    int64_t team;
    struct str rule, part;
    int32_t day;
};
struct publish_sum {
    struct publish_key key;
    int64_t n, total;
    bool hidden, there;
};
struct publish_map {
    struct publish_sum *slots;
    size_t slots_n, n;
};
uint64_t publish_hash(const struct publish_key *k);
/* The sum of that key; made where it is not there. Strings of the key live as long as the map. */
struct publish_sum *publish_map_put(struct arena *a, struct publish_map *m,
                                    const struct publish_key *k);
const struct publish_sum *publish_map_get(const struct publish_map *m, const struct publish_key *k);

/* ---- figures: all that publications of some months ask for, read once ---- */

/* Of a team (0: the county) and a statutory rule: what came and went up to each day. The first is
 * of the day before `from`. */
enum publish_flow {
    FLOW_STARTED,
    FLOW_STOPPED, /* realised or ended */
    FLOW_OVER,
    FLOW_OVER_ENDED,
    FLOW_COUNT
};
struct publish_series {
    int64_t team;
    struct str rule;
    int64_t *up_to[FLOW_COUNT];
};
struct publish_ids {
    LIST_FIELDS(int64_t);
};
struct publish_figures {
    struct arena *a;
    const struct law *law;
    struct date from, to; /* as they were asked for */
    bool current;
    struct publish_map sums;
    struct {
        LIST_FIELDS(struct publish_series);
    } series;
    struct publish_ids teams;
    struct law_codes rules; /* statutory ones that there is anything of */
    struct law_codes parts[CUT_COUNT];
};
struct publish_span {
    struct date from, to; /* from: a month's first day */
    bool current;         /* `to` is yesterday: what is open can be told of it */
    bool by_month;        /* the sums of months, too */
};
struct publish_figures *publish_figures_read(struct arena *a, struct db *db, const struct law *law,
                                             const struct publish_span *span);
/* What came or went after day x up to day y; x before `from`: since ever. NULL series: 0. */
int64_t publish_flow(const struct publish_figures *f, const struct publish_series *s,
                     enum publish_flow flow, struct date x, struct date y);
const struct publish_series *publish_series(const struct publish_figures *f, int64_t team,
                                            struct str rule);
int64_t publish_waiting(const struct publish_figures *f, const struct publish_series *s,
                        struct date at);
int64_t publish_over(const struct publish_figures *f, const struct publish_series *s,
                     struct date at);

/* ---- what came before ---- */

struct publish_before {
    struct publish_map cells;
    struct {
        LIST_FIELDS(struct date);
    } days; /* that had a publication, in order */
};

/* ---- a publication ---- */

struct publish_cell {
    struct publish_key key;
    int64_t n, total;
    bool hidden, few;
    int at; /* its number in the run; -1: it counts nobody and is not protected */
};
struct publish_cells {
    LIST_FIELDS(struct publish_cell);
};
enum { PUBLISH_NOTHING = 3 };
struct publish_draft {
    struct date day;
    bool month; /* the day is the last of a month: monthly cells too */
    struct publish_cells daily, monthly;
    int level; /* 0: as it should be; 1: no medians; 2: the county's cuts are hidden whole */
    struct disclose_result result; /* of the last attempt */
};
/* Computes; pure but for the memory. `weeks`: publishes weeks that begin on this Monday or later.
 */
struct publish_draft publish_draft(struct arena *a, const struct publish_figures *f,
                                   const struct publish_before *before, struct date day,
                                   struct date weeks);
/* For the test that tries what hiding small cells alone would give. */
extern bool publish_naive;

#endif
