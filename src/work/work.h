/*
 * work.h: what professionals do: the team's queue, a matter's page with everything that can be done
 * to it, a new matter for a caller or a visitor, the head's view.
 *
 * Permission is the route's (a signed-in professional, a head); relation is checked here, on the
 * snapshot for what is shown and again in the commit for what is done: a matter of another team is
 * "not found". The page of a matter is rendered first, then its sight is committed to the access
 * log, and only then is it sent. The queue tells nothing of who a person is, so it is not logged.
 */
#ifndef ASIALLA_WORK_WORK_H
#define ASIALLA_WORK_WORK_H

#include "app/app.h"
#include "work/viewer.h"

extern const struct route_table work_queue_routes, work_matter_routes, work_new_routes,
    work_overview_routes, work_merge_routes, work_viewer_routes, work_consult_routes;
extern const struct route_table work_team_routes, work_routing_routes, work_day_routes;

#endif
