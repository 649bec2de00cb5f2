/* outbox_view.h: what the pages of the outbox show. */
#ifndef ASIALLA_OUTBOX_VIEW_H
#define ASIALLA_OUTBOX_VIEW_H

#include "base/vec.h"
#include "web/view.h"

/* A line of the list tells as little of the person as it can. */
struct outbox_line {
    struct str ref, kind, way, when, reason;
    struct str hint; /* "…4567": enough to tell two apart */
};
struct outbox_lines {
    LIST_FIELDS(struct outbox_line);
};
struct outbox_view {
    struct outbox_lines letters, failed;
    bool mine; /* letters that I took to print and have not marked */
    struct str told;
};

/* One message, read by a professional: that was logged. */
struct outbox_sheet {
    struct str ref, to, subject, body;
    struct str kind, way, when, reason, lang;
    bool failed;
};
struct outbox_sheets {
    LIST_FIELDS(struct outbox_sheet);
    struct str refs; /* with a blank between */
};

#endif
