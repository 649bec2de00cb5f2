/* file.h: a matter's attachments on the pages of professionals. */
#ifndef ASIALLA_WORK_FILE_H
#define ASIALLA_WORK_FILE_H

#include "attach/attach.h"
#include "matter/matter.h"

/* {call work_files(&v->files)} on a matter's page: the list, and the way to the page that adds. */
struct work_files {
    struct attach_lines lines;
    struct str href;
};
struct work_files work_files_make(struct rq *rq, const struct matter *m);

struct work_file_page {
    struct ui_notice done;
    struct ui_errors errors;
    struct work_files files;
    struct str ref, ref_shown, once;
    struct attach_field field;
    bool adds; /* may one be added? */
};

extern const struct route_table work_file_routes;

#endif
