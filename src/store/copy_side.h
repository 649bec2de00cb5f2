/*
 * copy_side.h: what copy.c asks of an engine to copy out of it and into it. Inside the store only.
 *
 * All of these unwind where they fail. What they hold goes with the arena.
 */
#ifndef ASIALLA_STORE_COPY_SIDE_H
#define ASIALLA_STORE_COPY_SIDE_H

#include "base/vec.h"
#include "store/copy.h"
#include "store/engine.h"

enum { COPY_COLUMNS = 96, COPY_KEY = 8 };

struct copy_column {
    const char *name;
    enum val_kind kind;
};

struct copy_table {
    const char *name;
    struct copy_column column[COPY_COLUMNS];
    int n;
    int key[COPY_KEY]; /* the primary key's columns, in its order */
    int n_key;
    bool too_wide; /* the rest of its columns is not here */
};

struct copy_tables {
    LIST_FIELDS(struct copy_table *);
};

/* Which row broke, where putting it in or checking it has found out. */
struct copy_broke {
    const struct copy_table *table;
    int64_t row; /* from 1; 0: not known */
    struct str key;
};

struct copy_side {
    /* Before a transaction: nothing that takes long is cut off. */
    void (*prepare)(struct db *db, bool is_target);
    /* Tables with their columns, in the order in which they were made. */
    void (*tables)(struct arena *a, struct db *db, struct copy_tables *out);

    /* Rows of t in the order of its primary key. One table at a time. */
    void *(*read)(struct arena *a, struct db *db, const struct copy_table *t);
    /* False at the end. Values live until the next call. */
    bool (*next)(void *reading, struct val *v);

    /* One table at a time. A row that cannot be taken may be told of only later, or at the end. */
    void *(*fill)(struct arena *a, struct db *db, const struct copy_table *t,
                  struct copy_broke *broke);
    void (*put)(void *filling, const struct val *v);
    void (*end)(void *filling);

    /* Before the first row: lets go of the references between tables; what sound() needs. */
    void *(*loosen)(struct arena *a, struct db *db, const struct copy_tables *tables);
    /* When all rows are there, before they are read back: holds them to the references again;
     * unwinds over a row that points nowhere. */
    void (*sound)(struct arena *a, struct db *db, const struct copy_tables *tables, void *loosened,
                  struct copy_broke *broke);
    /* After the commit; failing does no harm. */
    void (*analyze)(struct arena *a, struct db *db, const struct copy_tables *tables);
};

extern const struct copy_side copy_sqlite, copy_pg;

/* For tables(): the row (table, column, type, place in the primary key or 0) of a catalogue, which
 * is ordered by table. */
struct copy_entry {
    struct str table, column, type;
    int64_t key;
};
void copy_table_add(struct arena *a, struct copy_tables *out, const struct copy_entry *entry);
struct copy_table *copy_table_find(const struct copy_tables *list, struct str name);

/* "id 17", "matter 5, nth 2": the primary key of a row. */
struct str copy_key(struct arena *a, const struct copy_table *t, const struct val *v);
/* Columns with a comma between, in double quotes; only those of the key. */
struct str copy_columns(struct arena *a, const struct copy_table *t, bool key);
/* "SELECT columns FROM t ORDER BY key". */
const char *copy_select(struct arena *a, const struct copy_table *t);

/* In statements. Names come from our own migrations. */
#define COPY_NAME "\"%s\""

#endif
