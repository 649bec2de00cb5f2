/*
 * migrate.h: brings a database to the schema that this program was built with. Inside the store,
 * and for its tests.
 */
#ifndef ASIALLA_STORE_MIGRATE_H
#define ASIALLA_STORE_MIGRATE_H

#include "base/embedded.h"
#include "store/engine.h"

struct migrations {
    const struct embedded *files; /* names like 0007_booking.sql, in any order */
    size_t n;
};

/* For tests: what store_open() applies instead of the files of sql/. Empty: those. */
extern struct migrations store_migrations;

/* Applies what is missing, or with `apply` false only compares. The newest number. Unwinds with a
 * text for the operator when the database was made by other migrations than these. */
int migrate(struct arena *a, struct db *db, bool apply);
/* All of them into an empty database, in the transaction that is open, with what relax() does done
 * before it. */
void migrate_whole(struct arena *a, struct db *db);

#endif
