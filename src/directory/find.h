/*
 * find.h: finding without searching: what services can be narrowed by, how many each choice would
 * leave, and the address of each combination. Pure but for one thing: what depends on the clock
 * ("open now", "takes new people") is kept until it changes, under a lock of its own.
 *
 * Everything that can be chosen is a set of services, one bit each, made with the snapshot. A page
 * of choices with their counts over 10,000 services is some thousand words and-ed and counted.
 *
 * One choice a filter. A filter's counts are those under the other filters: what one would get by
 * choosing that instead. An address names the filters in the order of enum find_key, after q, so
 * that a combination has one address. What an address says that is not understood is told, never
 * passed over.
 */
#ifndef ASIALLA_DIRECTORY_FIND_H
#define ASIALLA_DIRECTORY_FIND_H

#include "directory/directory.h"
#include "http/http.h"

enum find_key {
    FIND_THEME,
    FIND_LIFE,
    FIND_GROUP,    /* whom it is for: KR.., with those below it */
    FIND_AREA,     /* a municipality */
    FIND_LANGUAGE, /* in which one is served */
    FIND_PROVIDER,
    FIND_OPEN,   /* now: a phone, a place, or a chat that has hours */
    FIND_FREE,   /* of charge */
    FIND_REMOTE, /* no visit is needed: phone, e-service, form */
    FIND_STEPS,  /* a place that says one comes in without steps */
    FIND_TAKES,  /* an editor has said that it takes new people */
    FIND_KEYS
};

struct find_option {
    struct str code; /* as the address has it */
    struct str name[LANG_COUNT];
    const uint64_t *set;
    size_t n; /* services in all; of FIND_OPEN and FIND_TAKES it is not known beforehand */
};
struct find_options {
    LIST_FIELDS(struct find_option);
};

struct find;
/* Lives in `a`, which must be the snapshot's own. */
struct find *find_new(struct arena *a, const struct dir *d);
const struct find_options *find_options(const struct find *f, enum find_key key);
const struct find_option *find_option(const struct find *f, enum find_key key, struct str code);
/* The filter's name in addresses: "theme". */
const char *find_key_name(enum find_key key);
static inline bool find_is_flag(enum find_key key)
{
    return key >= FIND_OPEN;
}

/* The hours that hold for the service by that way. */
const struct dir_hours_list *find_hours(const struct dir_way *w);
/* Neither a phone nor a place: what is there day and night is not "open", it answers later. */
bool find_is_online(const struct dir_channel *c);
/* Does it take new people on that day? What an editor said holds until its date. */
enum dir_cover find_cover(const struct dir_service *s, struct date today);

/* ---- choices and their addresses ---- */

/* A part of an address that is not understood: "theme=dentist". */
struct find_odd {
    struct str name, value;
};
struct find_odds {
    LIST_FIELDS(struct find_odd);
};
struct find_choice {
    struct str q;
    const struct find_option *by[FIND_KEYS]; /* NULL: any */
    int64_t page;                            /* from 1 on */
    bool all;                                /* on one page, as for print */
    struct find_odds odd;
};

enum { FIND_PAGE_MAX = 100000 };

/* Reads a query. True: it was the address that find_address() would write; else that one is to be
 * shown, or what is odd told. */
bool find_read(struct arena *a, const struct find *f, const struct fields *query,
               struct find_choice *out);
/* "/fi/search?q=selk%C3%A4&area=vantaa"; `room`: "search", "map". */
struct str find_address(struct arena *a, enum lang l, const char *room,
                        const struct find_choice *c);
/* How many filters are chosen (q is none). */
size_t find_chosen(const struct find_choice *c);

/* ---- which and how many ---- */

struct find_counts {
    uint64_t *set; /* the services that fit all, a bit each by their place in the snapshot */
    size_t n;
    size_t *by[FIND_KEYS]; /* for each option: how many it would give */
};
/* `among`: services that a search found; NULL: all. `now` decides what is open. */
struct find_counts find_count(struct arena *a, struct find *f, const struct find_choice *c,
                              const uint64_t *among, const struct dir_calendar *cal,
                              struct instant now);
static inline bool find_has(const uint64_t *set, size_t i)
{
    return set[i / 64] >> (i % 64) & 1;
}
static inline void find_put(uint64_t *set, size_t i)
{
    set[i / 64] |= (uint64_t)1 << (i % 64);
}
uint64_t *find_set(struct arena *a, const struct find *f); /* an empty one */
/* Services by their name in that language: places in the snapshot. */
const uint32_t *find_by_name(const struct find *f, enum lang l);
/* A service's place in the snapshot. */
size_t find_place(const struct dir *d, const struct dir_service *s);

#endif
