/*
 * booklet.h: booklets: a choice of services and facts for people in one situation, from one source
 * (data/booklets), shown on the web and printed as a pocket booklet (A4 folded to A7) with the same
 * facts that day. Views choose entries; partners confirm their facts half-yearly.
 */
#ifndef ASIALLA_BOOKLET_BOOKLET_H
#define ASIALLA_BOOKLET_BOOKLET_H

#include "app/app.h"

extern const struct stmt_table booklet_statements;
extern const struct route_table booklet_routes;

#endif
