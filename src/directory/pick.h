/*
 * pick.h: finding a service by what it is called and choosing one: for a professional who guides
 * somebody to it. The templates are parts of a form of the caller's (pages/pick.html).
 */
#ifndef ASIALLA_DIRECTORY_PICK_H
#define ASIALLA_DIRECTORY_PICK_H

#include "app/app.h"
#include "directory/directory.h"

struct service_line {
    struct str id, name, organisation;
};
struct service_pick {
    struct str find; /* what was typed */
    bool searched;   /* something was */
    struct {
        LIST_FIELDS(struct service_line);
    } found;
};
/* The best few for those words, in the language of the page. Lives in rq->a. */
struct service_pick service_pick(struct rq *rq, struct str find);

#endif
