/* team_settings.h: the room's own: parts of taking in the county's settings. */
#ifndef ASIALLA_TEAM_TEAM_SETTINGS_H
#define ASIALLA_TEAM_TEAM_SETTINGS_H

#include "team/team.h"

/* Small letters, digits and dashes: what codes, subjects and forms are written with. */
bool team_is_code(struct str s);
/* False: *why, with the place. */
bool team_owners_store(struct arena *a, struct db *db, const struct jv *list, struct str *why);

#endif
