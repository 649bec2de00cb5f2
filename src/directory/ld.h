/*
 * ld.h: what a service's and a place's page says to machines: schema.org's GovernmentService and
 * Place, as JSON-LD (https://schema.org, https://www.w3.org/TR/json-ld11/), for page.data.
 */
#ifndef ASIALLA_DIRECTORY_LD_H
#define ASIALLA_DIRECTORY_LD_H

#include "directory/directory_view.h"

/* `site`: "https://asialla.example", or empty: addresses are then relative to the page's own. */
struct html ld_service(const struct view *v, struct str site, const struct dir_service *s);
struct html ld_place(const struct view *v, struct str site, const struct dir_channel *c);

#endif
