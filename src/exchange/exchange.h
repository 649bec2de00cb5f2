/*
 * exchange.h: the service directory for other programs, read from the same snapshot as the pages:
 * HSDS 3 (Open Referral, https://docs.openreferral.org) under /hsds, /sitemap.xml, /robots.txt, and
 * the schema.org description that a service's page carries for search engines.
 */
#ifndef ASIALLA_EXCHANGE_EXCHANGE_H
#define ASIALLA_EXCHANGE_EXCHANGE_H

#include "app/app.h"

extern const struct route_table exchange_routes;

#endif
