/*
 * publish_room.h: inside the room: the data file, the figures that a publication is made of, the
 * draft of a publication.
 */
#ifndef ASIALLA_PUBLISH_PUBLISH_ROOM_H
#define ASIALLA_PUBLISH_PUBLISH_ROOM_H

#include "disclose/disclose.h"
#include "publish/publish.h"

/* ---- data/publish.json ---- */

struct publish_data {
    struct disclose_rule rule;
    int weight_county, weight_zero, weight_team;
    int memory_months; /* so many months before are in one system with the new ones */
    int days_shown;
    struct publish_bands bands;
    struct date monthly_since;
    struct law_codes digital;
    int purge_realised, purge_debt; /* per cent */
};
const struct publish_data *publish_data(void);
bool publish_data_parse(struct arena *a, struct str text, struct publish_data *out,
                        struct str *why);
/* Index of the band of a wait of that many days. */
size_t publish_band_of(const struct publish_bands *bands, int64_t days);

/* ---- figures: everything that a publication asks for, read once ---- */

struct publish_key {
    int measure, cut;
    int64_t team;
    struct str rule, part;
    int32_t day;
};
struct publish_sum {
    struct publish_key key;
    int64_t n, total;
};
struct publish_figures {
    struct arena *a;
    const struct law *law;
    struct date from, to;      /* months wholly read: from a first day; the last day of all */
    struct publish_sum *slots; /* by key */
    size_t slots_n, n;
};
/* What is needed for publications of days within from (a month's first day) to `to`. */
struct publish_figures *publish_figures_read(struct arena *a, struct db *db, const struct law *law,
                                             struct date from, struct date to);
/* NULL: none. */
const struct publish_sum *publish_figure(const struct publish_figures *f,
                                         const struct publish_key *k);

#endif
