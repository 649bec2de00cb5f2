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

struct password_view {
    bool none; /* there is no password to change */
    struct ui_notice done;
    struct ui_errors errors;
    struct ui_field current, fresh, again;
};

#endif
