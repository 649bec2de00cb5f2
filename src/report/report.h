/*
 * report.h: what goes out of the program: the event log without persons, the sums as a file, the
 * half-yearly tables of the law, and the care-register style file of visits.
 *
 * A file that is written here gets its name when it is whole and on disk (report_out): a command
 * that is ended in the middle, or a full disk, leaves nothing under that name.
 */
#ifndef ASIALLA_REPORT_REPORT_H
#define ASIALLA_REPORT_REPORT_H

#include "law/law.h"
#include "store/store.h"

enum report_format { REPORT_CSV, REPORT_NDJSON };

/* What a command line asks for. to "-": standard output. */
struct report_ask {
    const char *to;
    enum report_format format;
    const char *from_day, *to_day; /* YYYY-MM-DD, both within: visits alone */
    const char *folder; /* visits, of a store that is only read: where it is noted who took them */
};

/* `asialla export events`: one row an event, in the order of matters (docs/event-export.md). The
 * exit code; what is wrong is printed. */
int report_events_command(struct arena *a, struct store *s, const struct law *law,
                          const struct report_ask *ask);
/* `asialla export figures`: every sum, exactly, as CSV. */
int report_figures_command(struct arena *a, struct store *s, const struct report_ask *ask);
/* `asialla export visits`: the care-register style file; what could not be written, and why, goes
 * beside it. Keeps who took it (report_log.h). */
int report_visits_command(struct arena *a, struct store *s, const struct report_ask *ask);

/* The keeper's: are there notes of exports that were made beside the server? Takes them into the
 * store's log. */
bool report_notes_wanted(struct arena *a, const char *folder);
void report_notes_take(struct arena *a, struct store *s, const char *folder);

/* The keeper's: is a half-yearly table due? Makes one and stores it in a commit of its own; false:
 * none was due. */
bool half_year_wanted(struct db *db);
bool half_year_make(struct store *s, struct instant now);

void report_data_read(void); /* data/report, at the start */

extern const struct stmt_table report_event_statements, report_visit_statements,
    report_export_statements, half_year_statements;
extern const struct route_table half_year_routes;  /* /:lang/waits/half-years and its files */
extern const struct route_table visit_list_routes; /* /:lang/staff/register */

#endif
