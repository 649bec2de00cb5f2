/* team_view.h: what the sign-in page shows. */
#ifndef ASIALLA_TEAM_VIEW_H
#define ASIALLA_TEAM_VIEW_H

#include "base/vec.h"
#include "web/view.h"

struct persona {
    struct str login, name, profession, team;
    bool head;
};

struct sign_in_view {
    struct str next, login;
    struct ui_notice failed;
    struct {
        LIST_FIELDS(struct persona);
    } personas;
};

#endif
