/*
 * gaps.h: searches that found nothing, or nothing that anybody opened: the editors' worklist for
 * synonyms and for services that are missing. Words and counts, never persons.
 *
 * Who asks is told from who else asked today by a hash of the network, keyed with a value that is
 * made anew each day, kept in memory only and never written. The words of a search are written once
 * five people have asked; before that only a keyed hash of them, with its counts. Queries that
 * could tell who somebody is (with digits, "@", more than eight words or 60 characters) are not
 * counted at all. As nobody is known from one day to the next, "five people" are five on one day or
 * one on five days.
 *
 * Counted in memory and written by the keeper (gaps_flush), so that a search costs no write; what a
 * killed server had counted since is lost, and nothing else.
 */
#ifndef ASIALLA_GAPS_GAPS_H
#define ASIALLA_GAPS_GAPS_H

#include "base/time.h"
#include "base/vec.h"
#include "i18n/i18n.h"
#include "store/store.h"

enum { GAPS_SHOWN_FROM = 5 }; /* people */

struct gaps;
/* `key`: the installation's secret, 32 bytes. Lives in `a`. Any thread may call what follows. */
struct gaps *gaps_new(struct arena *a, const unsigned char key[32]);

/* Somebody searched; `g` may be NULL (nothing is counted); `network`: where the request comes from,
 * as rq_network() tells it; `found`: something says it (not only "the nearest"). */
void gaps_asked(struct gaps *g, struct str network, enum lang l, struct str query, bool found,
                struct instant now);
/* Somebody opened a service that this query found. */
void gaps_opened(struct gaps *g, struct str network, enum lang l, struct str query,
                 struct instant now);

/* Is there anything to write? In a commit: writes it; may be run more than once; gaps_kept() after
 * the commit lets go of what was written. */
bool gaps_wanted(struct gaps *g);
void gaps_flush(struct gaps *g, struct db *db);
void gaps_kept(struct gaps *g);

/* The worklist: words that five or more have asked, most people first. */
struct gap {
    struct str hash; /* 16 bytes: its name in forms, written in hex there */
    enum lang lang;
    struct str words;
    int64_t asked, empty, opened;
    struct date last;
    bool done;
};
struct gap_list {
    LIST_FIELDS(struct gap);
};
enum gap_kind { GAP_EMPTY, GAP_UNOPENED }; /* nothing was found; found, but nobody opened any */
struct gap_list gaps_load(struct arena *a, struct db *db, enum gap_kind kind, size_t max);
/* How many different searches of that kind fewer than five people made: a number, no words. */
int64_t gaps_rare(struct db *db, enum gap_kind kind);
/* In a commit: an editor has dealt with it. It leaves the list, and comes back when five more
 * people have asked and still not found it. */
void gaps_done(struct db *db, struct str hash, enum lang l);
/* In a commit, now and then: what few have asked and nobody asks any more goes. */
void gaps_sweep(struct db *db, struct date today);

extern const struct stmt_table gaps_statements;

#endif
