/*
 * file.h: what comes with a contact or a message, or goes with an answer: attachments of a matter.
 */
#ifndef ASIALLA_CONTACT_FILE_H
#define ASIALLA_CONTACT_FILE_H

#include "attach/attach.h"
#include "matter/merge.h"

/* In a commit: keeps the files and tells the matter's log of each, once. staff 0: the resident's.
 * False: the matter has too many already, or takes none as it stands; the caller refuses. */
bool files_attach(struct rq *rq, struct matter *m, const struct attach_files *files, int64_t staff);
/* Would so many more be too many? On any connection. */
bool files_fit(struct rq *rq, int64_t matter, size_t more);

/* The attachments of a matter and of those joined to it, as the side sees them that asks: base is
 * the address before /ID. */
struct attach_lines files_lines(struct rq *rq, const struct merge_family *family, struct str base,
                                bool staff);
/* False: none such of any of them. */
bool files_find(struct rq *rq, const struct merge_family *family, struct str id,
                struct attachment *out);

extern const struct route_table contact_file_routes;

#endif
