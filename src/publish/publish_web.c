/* publish_web.c: the public page of waits and its files. */
#include "publish/publish_store.h"

static void waits_get(struct rq *rq)
{
    rq_fault(rq, ERR_NOT_FOUND);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/waits", ACCESS_PUBLIC, 0, waits_get},
};
const struct route_table publish_routes = {routes, sizeof routes / sizeof *routes};
