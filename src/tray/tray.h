/*
 * tray.h: the service tray (palvelutarjotin): what a professional gathers for a person (services,
 * own words to each), gives by code, by a message in the matter or on paper; the person's marks;
 * what is followed up; the lifestyle referral with its plan of twelve months; the report without
 * persons.
 */
#ifndef ASIALLA_TRAY_TRAY_H
#define ASIALLA_TRAY_TRAY_H

#include "app/app.h"

extern const struct stmt_table tray_statements;
extern const struct route_table tray_routes;

#endif
