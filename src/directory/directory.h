/*
 * directory.h: the service directory: who gives which service, where, when and how to reach it.
 *
 * Three kinds of rows come from PTV (Palvelutietovaranto, the national Finnish Service Catalogue),
 * Open API v11: organisations, services, and channels of five types. A fourth, the general
 * description (pohjakuvaus), is kept because services inherit texts from it. PTV's own identifiers
 * are the keys, so a link to a service page stays the same over every import.
 *
 *     files --ptv_read--> struct dir_batch --directory_import--> store --directory_open--> memory
 *
 * Pages and search never touch SQL: they work on an immutable snapshot (struct dir) that is held in
 * memory, counted by its users and exchanged whole when the generation in the store changes.
 */
#ifndef ASIALLA_DIRECTORY_DIRECTORY_H
#define ASIALLA_DIRECTORY_DIRECTORY_H

#include "base/arena.h"
#include "base/time.h"
#include "base/vec.h"
#include "i18n/i18n.h"
#include "search/search.h"
#include "store/store.h"
#include "web/html.h"

#include <stdatomic.h>

/* ---- parts of rows ---- */

/* A text in one language (BCP 47, lower case; PTV has also se, smn, sms). Plain text: no markup, no
 * control characters, paragraphs divided by an empty line, list items begin with "- ". */
struct dir_text {
    struct str lang, text;
};
struct dir_texts {
    LIST_FIELDS(struct dir_text);
};

/* A web page, an attachment, an e-mail address (mailto:). The URL's scheme is http, https or
 * mailto. */
struct dir_link {
    struct str lang, name, url;
};
struct dir_links {
    LIST_FIELDS(struct dir_link);
};

enum dir_charge { DIR_CHARGE_UNKNOWN, DIR_FREE, DIR_CHARGEABLE, DIR_CHARGE_OTHER };
enum dir_phone_kind { DIR_PHONE, DIR_SMS, DIR_FAX };

struct dir_phone {
    struct str lang, number, uri; /* "09 1234 5678", "tel:+358912345678" */
    struct str info, charge_info;
    int32_t kind, charge;
};
struct dir_phones {
    LIST_FIELDS(struct dir_phone);
};

/* A service class (P..), target group (KR..), life event (KE..) or ontology term (its URI). */
struct dir_concept {
    struct str code;
    struct dir_texts names;
};
struct dir_concepts {
    LIST_FIELDS(struct dir_concept);
};

enum dir_hours_kind { DIR_HOURS_WEEK, DIR_HOURS_EXCEPTION, DIR_HOURS_OVERNIGHT };

/* Weekdays 1 (Monday) to 7, 0 not given; minutes of the day 0 to 1,440. */
struct dir_span {
    int32_t day_from, day_to, from, to;
};
struct dir_hours {
    int32_t kind;
    struct date from, to; /* DATE_NONE: open end */
    bool closed, always, reservation;
    struct dir_texts info;
    struct {
        LIST_FIELDS(struct dir_span);
    } spans;
};
struct dir_hours_list {
    LIST_FIELDS(struct dir_hours);
};

struct dir_sentence { /* one fact of accessibility: "There are no steps." */
    struct dir_texts group, text;
};
struct dir_address {
    struct dir_texts street, post_office, municipality, info;
    struct str number, postal_code;
    int32_t north, east; /* ETRS-TM35FIN metres; 0: not known */
    bool postal;         /* for letters, not for visits */
    struct {
        LIST_FIELDS(struct dir_sentence);
    } access;
};
struct dir_addresses {
    LIST_FIELDS(struct dir_address);
};

/* One service by one channel, with what holds for that pair only. */
struct dir_connection {
    struct str other; /* the channel's id in a service's row, the service's in a channel's */
    int32_t charge;
    struct dir_texts description, charge_info;
    struct dir_hours_list hours;
    struct dir_phones phones;
    struct dir_links links;
};
struct dir_connections {
    LIST_FIELDS(struct dir_connection);
};

struct dir_role {
    struct str role, id, name; /* role: Responsible, OtherResponsible, Producer */
};

/* ---- rows ---- */

enum dir_kind {
    DIR_ORGANISATION,
    DIR_SERVICE,
    DIR_GENERAL, /* a general description: a struct dir_service that only lends its texts */
    DIR_LOCATION,
    DIR_PHONE_CHANNEL,
    DIR_ECHANNEL,
    DIR_WEB_PAGE,
    DIR_FORM,
    DIR_OTHER, /* a row of a kind that we do not know; only ever counted */
    DIR_KINDS
};
const char *dir_kind_name(enum dir_kind k); /* PTV's word: "ServiceLocation" */

struct dir_organisation {
    struct str id, source_id, parent;
    struct dir_texts name, other_name, summary, description;
    struct dir_phones phones;
    struct dir_links links;
    struct dir_addresses addresses;
};

/* What an editor of the county has added to a service; imports never touch it. */
enum dir_cover { DIR_COVER_UNKNOWN, DIR_COVER_TAKES, DIR_COVER_FULL, DIR_COVER_PAUSED };
struct dir_addition {
    struct dir_texts synonyms; /* what residents call it; several a language */
    struct dir_texts plain;    /* a short text in plain language (selkokieli), shown first */
    int32_t cover;             /* enum dir_cover: does it take new people now? */
    struct date cover_until,
        review; /* DATE_NONE: not given. review: when somebody is to look at it */
};

struct dir_channel;
struct dir_way { /* a connection, resolved */
    const struct dir_channel *channel;
    const struct dir_connection *connection;
};

struct dir_service {
    struct str id, source_id, general, type;
    int32_t charge;
    struct dir_texts name, other_name, summary, description, instruction, charge_info, requirements,
        deadline, processing, validity;
    struct dir_concepts classes, groups, events, terms;
    struct dir_texts keywords;         /* several a language */
    struct dir_texts areas, languages; /* languages: the code stands in .text */
    struct {
        LIST_FIELDS(struct dir_role);
    } roles;
    struct dir_connections connections;
    struct date modified;
    /* not stored with it: filled when the snapshot is made */
    struct dir_addition addition;
    bool local;       /* made here, not by an import */
    struct str owner; /* local: the organisation that keeps it; empty: the county's editors */
    int32_t state;    /* enum dir_state (directory_edit.h): of what is shown always DIR_SHOWN */
    struct {
        LIST_FIELDS(struct dir_way);
    } ways;
    const struct dir_organisation *organisation; /* the responsible one, or NULL */
};

struct dir_channel {
    struct str id, source_id, organisation_id;
    int32_t kind; /* enum dir_kind */
    struct dir_texts name, other_name, summary, description, form_id, languages;
    struct dir_phones phones;
    struct dir_links links, files;
    struct dir_addresses addresses;
    struct dir_hours_list hours;
    struct dir_connections connections;
    bool sign_in; /* asks for strong identification */
    struct date modified;
    /* not stored */
    bool local;
    struct str owner;
    int32_t state; /* as a service's */
    struct {
        LIST_FIELDS(const struct dir_service *);
    } services;
    const struct dir_organisation *organisation;
};

/* ---- import ---- */

/* A row as read: `row` is the struct that its kind says. */
struct dir_entry {
    enum dir_kind kind;
    struct str id, where; /* "services.json: itemList[12]" */
    void *row;
    struct str reason; /* why it is not taken in; empty: it is */
    bool withdraw;     /* PTV says that it was deleted: ours goes too */
};
struct dir_strs {
    LIST_FIELDS(struct str);
};
struct dir_join { /* version 12: a service and one of its channels */
    struct str service;
    struct dir_connection connection;
};
struct dir_batch {
    struct {
        LIST_FIELDS(struct dir_entry);
    } entries;
    struct {
        LIST_FIELDS(struct dir_join);
    } joins;
    struct dir_strs notes;
    struct date today; /* for rows whose validity has ended */
    bool all_pages;    /* whoever gives the pages gives all of them */
    bool joined;       /* connections of version 12 were among them */
    int64_t v12_services;
};

/* Reads one file's text into the batch. False: *why says what is wrong, with file and position, and
 * what to do; then the batch must not be used. Pure: no store, no clock. */
bool ptv_read(struct arena *a, struct str file, struct str text, struct dir_batch *batch,
              struct str *why);
/* After the last file: rows that stand twice, or twice and differently (false, *why). */
bool ptv_finish(struct arena *a, struct dir_batch *batch, struct str *why);

struct dir_counts {
    int64_t read, added, changed, unchanged, rejected;
};
struct dir_report {
    struct str source; /* where the rows came from, for the editors' page */
    struct dir_counts counts[DIR_KINDS];
    int64_t withdrawn;
    struct dir_strs rejected, notes; /* a line each */
    struct str error;                /* not empty: nothing was changed, and this is why */
};

/* Texts of files into the store, in one transaction: all or nothing. False: report->error. */
bool directory_import_texts(struct arena *a, struct store *s, const struct str *names,
                            const struct str *texts, size_t n, struct dir_report *report);

/* Where from: files, folders of *.json, addresses of PTV's Open API (http, https; pages are
 * followed). A fetch that fails midway changes nothing. Remembers how it went, for
 * directory_import_state(). Blocks for as long as it takes. */
struct dir_import_conf {
    const struct str *from;
    size_t n;
    const char *key_file;    /* of an API key; NULL: none */
    const atomic_bool *stop; /* set: give up; NULL: never */
    int wait_ms;             /* between tries; 0: a second */
};
/* What directory_import_state() will call it. */
struct str directory_import_source(struct arena *a, const struct dir_import_conf *conf);
bool directory_import_from(struct arena *a, struct store *s, const struct dir_import_conf *conf,
                           struct dir_report *report);

/* `asialla import ptv FILE|FOLDER|ADDRESS...`: argv holds them; `from`: one more, or NULL. Prints
 * the report; the exit code. */
int directory_import_command(struct store *s, int argc, char **argv, const char *from,
                             const char *key_file);

/* ---- the snapshot ---- */

struct dir_index; /* the search index */
struct find;      /* what services can be narrowed by: find.h */

struct dir {
    struct arena *a;
    int64_t generation;
    struct {
        LIST_FIELDS(struct dir_service *);
    } services; /* by id */
    struct {
        LIST_FIELDS(struct dir_channel *);
    } channels; /* by id */
    struct {
        LIST_FIELDS(struct dir_organisation *);
    } organisations; /* by id */
    struct dir_index *index;
    struct find *find; /* what the services can be narrowed by */
    struct search_synonyms synonyms; /* the editors' own, beside those compiled in */
    struct date day; /* for which it was made: what is too old on the next may not be shown */
    struct directory *owner;
    int users; /* guarded by the owner's lock */
};

struct directory;
/* Loads the snapshot. Everything stays as long as `a` does. Unwinds when the store fails. */
struct directory *directory_open(struct arena *a, struct store *s);
/* The snapshot in use, which stays valid as long as `a` does. Right after a change it waits for the
 * new one, for a moment at most (directory_expect()). */
const struct dir *directory_get(struct arena *a, struct directory *d);
/* What is shown is changing, or has just changed: who asks in the next moment may wait for it. A
 * change of this server's own says it by itself, before its commit. */
void directory_expect(void);
/* Once, before serving: also called then, so that pages that are kept are not shown any more. */
void directory_on_change(void (*fn)(void *ctx), void *ctx);
/* Loads anew if the store's generation has changed since, or the day; true if it had. Any thread.
 */
bool directory_refresh(struct directory *d);
int64_t directory_generation(struct directory *d);

/* A snapshot by itself: for tests and commands. */
struct dir *dir_load(struct arena *a, struct db *db);
const struct dir_service *dir_service(const struct dir *d, struct str id);
const struct dir_channel *dir_channel(const struct dir *d, struct str id);
const struct dir_organisation *dir_organisation(const struct dir *d, struct str id);
/* The service whose sourceId is this, for links from forms and teams; NULL where there is none. */
const struct dir_service *dir_service_by_source(const struct dir *d, struct str source_id);

/* The text in the wanted language; else Finnish, Swedish, English, whatever there is. */
struct dir_picked {
    struct str text, lang;
    bool other; /* not in the wanted language */
};
struct dir_picked dir_pick(const struct dir_texts *t, enum lang want);

/* ---- opening hours ---- */

/* Is the day a public holiday? Then the hours of Sunday hold, unless an exception is given. */
struct dir_calendar {
    bool (*is_holiday)(const void *ctx, struct date d);
    const void *ctx;
};

enum dir_open_state {
    DIR_OPEN_UNKNOWN, /* no hours are given */
    DIR_OPEN_ALWAYS,
    DIR_OPEN,           /* until .until */
    DIR_OPENS,          /* closed; opens at .until */
    DIR_CLOSED,         /* and nothing is known of the next two weeks */
    DIR_BY_APPOINTMENT, /* opens only for who has a time */
};
struct dir_opening {
    enum dir_open_state state;
    struct instant until;
};
struct dir_opening dir_opening(const struct dir_hours_list *hours, const struct dir_calendar *cal,
                               struct instant now);

/* When it is open on that day, in minutes of the wall clock: at most DIR_DAY_SPANS pieces in order,
 * that neither touch nor overlap. */
enum { DIR_DAY_SPANS = 16 };
struct dir_day {
    struct dir_span spans[DIR_DAY_SPANS]; /* only .from and .to */
    size_t n;
    const struct dir_hours *exception; /* the exception that rules this day, or NULL */
};
struct dir_day dir_day(const struct dir_hours_list *hours, const struct dir_calendar *cal,
                       struct date d);

/* ---- search ---- */

enum { DIR_QUERY_MAX = 200 }; /* code points; what comes after is not looked at */

struct dir_hit {
    const struct dir_service *service;
    double score;
    enum lang lang; /* the language in which it was found */
};
struct dir_hits {
    LIST_FIELDS(struct dir_hit);
    struct str meant; /* "did you mean": the query with misspelt words corrected, or empty */
    bool near;        /* nothing says it: these are only the nearest */
    size_t worth;     /* the first so many may be said to be found; what follows is a little like */
};
/* Services that match, best first, at most `max`. Any bytes may come. */
struct dir_hits dir_search(struct arena *a, const struct dir *d, enum lang want, struct str query,
                           size_t max);

/* What a query that is being written could become. */
struct dir_suggestion {
    struct str text;
    const struct dir_service *service; /* it is this one's name; NULL: words to search with */
};
struct dir_suggestions {
    LIST_FIELDS(struct dir_suggestion);
};
struct dir_suggestions dir_suggest(struct arena *a, const struct dir *d, enum lang want,
                                   struct str query, size_t max);

/* `asialla search LANG QUERY`: argv holds LANG and QUERY. */
int directory_search_command(struct store *s, int argc, char **argv);

extern const struct stmt_table directory_statements;

/* ---- pages ---- */

struct route_table;
extern const struct route_table directory_routes;

/* The fixed notice of where to call in an emergency, from data/safety.json; lives in the arena. */
struct html directory_safety_notice(struct arena *a, enum lang l);
/* Where to call, where the words hold one of crisis, as before the results of such a search; else
 * empty. */
struct html directory_crisis_notice(struct arena *a, enum lang l, struct str words);

#endif
