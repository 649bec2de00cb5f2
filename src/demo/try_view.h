/* try_view.h: what the page "Try the sample county" shows. */
#ifndef ASIALLA_DEMO_TRY_VIEW_H
#define ASIALLA_DEMO_TRY_VIEW_H

#include "demo/demo_room.h"
#include "web/view.h"

struct try_view {
    struct str login, name;         /* the professional: made up, without a password */
    struct str remote, remote_when; /* the visit by video; empty: there is none */
    struct str kiosk, ticket, place, arrive_when; /* ticket empty: nobody arrives */
    struct str record, record_when;               /* what is over and not recorded */
};

#endif
