/*
 * report_log.h: the log of exports that hold persons' data: who took what, when, and the hash by
 * which a file that turns up is told. A row of report_export; beside a server that has the folder
 * to itself a note in FOLDER/exports, which the server takes into the table within a second, or as
 * it starts. The room's own.
 */
#ifndef ASIALLA_REPORT_REPORT_LOG_H
#define ASIALLA_REPORT_REPORT_LOG_H

#include "base/time.h"
#include "store/store.h"

enum { EXPORT_HASH = 32 };
struct export_row {
    struct instant at;
    struct str who; /* the machine's user who gave the command */
    struct date from, to;
    int64_t visits, written;
    unsigned char hash[EXPORT_HASH]; /* BLAKE2b-256 of the file */
};

/* On disk when it returns true. folder: where the note goes; NULL: the store can be written. False:
 * *why. */
bool report_log_write(struct arena *a, struct store *s, const char *folder,
                      const struct export_row *row, struct str *why);

extern const struct stmt_table report_export_statements;

#endif
