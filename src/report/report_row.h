/*
 * report_row.h: one row of an export, written as CSV or NDJSON from the same list of cells. The
 * room's own.
 */
#ifndef ASIALLA_REPORT_ROW_H
#define ASIALLA_REPORT_ROW_H

#include "report/report.h"
#include "report/report_out.h"

#include "base/json.h"

enum cell_kind { CELL_NONE, CELL_TEXT, CELL_INT, CELL_JSON };
struct report_cell {
    const char *name;
    enum cell_kind kind;
    struct str s;
    int64_t i;
};
enum { CELLS_MOST = 40 };
struct report_row {
    struct report_cell p[CELLS_MOST];
    size_t n;
};

/* Each row has the same cells in the same order: an empty one stands too. */
void row_text(struct report_row *r, const char *name, struct str s); /* empty: none */
void row_int(struct report_row *r, const char *name, int64_t i);
void row_int_if(struct report_row *r, const char *name, bool there, int64_t i);
void row_json(struct report_row *r, const char *name, struct str json); /* empty: none */

void row_write_head(struct buf *b, enum report_format f, const struct report_row *r);
void row_write(struct buf *b, enum report_format f, const struct report_row *r);

#endif
