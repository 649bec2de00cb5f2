/*
 * copy.h: a whole store moved into another, between engines or not: every table that the migrations
 * make, row by row, out of one snapshot.
 *
 * The target is empty before, and as it was found if anything goes wrong: rows go into one
 * transaction (PostgreSQL) or into a file that gets its name last (SQLite). Before it counts, what
 * is read back from it is compared with what was read from the source: a number of rows and a
 * checksum for each table.
 *
 * A checksum is the sum, modulo 2^128, of the BLAKE2b-128 of each row, so no order of rows matters.
 * A row is hashed as its values in the order of the columns: a letter for the kind (n, i, r, t, b),
 * then nothing, 8 bytes, 8 bytes, or 8 bytes of length and the bytes themselves; numbers have their
 * highest byte first. So one store has the same checksums on both engines.
 */
#ifndef ASIALLA_STORE_COPY_H
#define ASIALLA_STORE_COPY_H

#include "store/store.h"

enum { COPY_SUM = 16 };

/* Exactly one is set. */
struct copy_place {
    const char *folder;
    const char *url;
    const char *file; /* to only: one new SQLite file */
};

struct copy_sum {
    int64_t rows;
    unsigned char sum[COPY_SUM]; /* highest byte first */
};

struct copied {
    const char *table;
    struct copy_sum from, to;
    bool same;
};

enum copy_stage { COPY_COUNTS, COPY_MOVES, COPY_CHECKS };
struct copy_progress {
    enum copy_stage stage;
    const char *table;
    int64_t table_rows, rows, total; /* done of this table, and of all; both in this stage */
    bool table_done;
};

struct copy_conf {
    struct copy_place from, to;
    /* Called often. */
    void (*progress)(void *ctx, const struct copy_progress *p);
    /* When all is compared and the same, before it counts; what it does not like unwinds. */
    void (*last)(void *ctx, struct db *target);
    void *ctx;
};

struct copy_report {
    struct copied *tables; /* in the order in which they were copied */
    size_t n;
    bool compared; /* both sides of every table were read */
    bool unsure;   /* the connection went while the commit was on its way: it may all be there */
    bool beside;   /* a server has the source's folder in use */
    const char *ignored; /* tables beside ours in the source, which stay there; NULL: none */
};

/* False: *why, in one sentence or two for who gave the command, and nothing was changed (or it is
 * `unsure`). */
bool store_copy(struct arena *a, const struct copy_conf *conf, struct copy_report *report,
                struct str *why);

#endif
