/* status_view.h: makes what the status page shows from the matter and its events. */
#ifndef ASIALLA_CONTACT_STATUS_VIEW_H
#define ASIALLA_CONTACT_STATUS_VIEW_H

#include "contact/contact_words.h"
#include "matter/merge.h"

/* What was read from the store for one page: the matter as it stands, with all that was joined to
 * it. */
struct status_read {
    struct matter matter;
    struct merge_family family;
    struct matter_events events;
    const int64_t *whose; /* of which matter each event is */
    struct teams teams;
    struct named_list professions;
};

struct status_context {
    struct arena *a;
    const struct law *law;
    const struct forms *forms;
    enum lang lang;
    struct instant now;
};

/* Fills *out but for what was just typed; the answers of the form become *answers. */
void status_view_make(const struct status_context *c, const struct status_read *r,
                      struct status_view *out, struct form_lines *answers);
void status_view_looks(const struct status_context *c, const struct access_rows *rows,
                       const struct named_list *professions, struct status_view *out);

#endif
