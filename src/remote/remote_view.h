/* remote_view.h: what the pages of a remote visit show. */
#ifndef ASIALLA_REMOTE_REMOTE_VIEW_H
#define ASIALLA_REMOTE_REMOTE_VIEW_H

#include "remote/remote_room.h"
#include "web/view.h"

/* Where the script puts a name into a text of its page. */
#define REMOTE_SLOT "{}"

/* A link that was opened. */
enum remote_link_state {
    REMOTE_LINK_READY,
    REMOTE_LINK_EARLY,
    REMOTE_LINK_OVER,
    REMOTE_LINK_USED, /* on another device */
    REMOTE_LINK_UNKNOWN,
};
struct remote_link_view {
    enum remote_link_state state;
    struct str action, once, opens, when, phone;
};

/* The room, and the trying of camera and microphone alone. */
struct remote_visit_view {
    bool check; /* only to try */
    bool staff, ended;
    struct str base, token, name, when, phone, other_phone, back;
    int number;
};

/* Somebody of the visit, to the professional. */
struct remote_guest {
    struct str ref, name, who, state;
    bool removable;
};
struct remote_guests {
    LIST_FIELDS(struct remote_guest);
};
struct remote_staff_view {
    struct str ref, when, name, resident_phone, phone, once;
    struct str link, link_name; /* that was just made: shown this once */
    bool link_sent;
    enum remote_when open;
    struct str opens;
    struct remote_guests guests;
    struct ui_field guest_name;
    struct ui_choice guest_who;
    struct ui_errors errors;
};

/* On the pages of the appointment. */
struct remote_part_view {
    struct str ref, when, opens, phone;
    enum remote_when open;
    bool in; /* this device has a seat: the way back */
    struct str seat, once;
};

#endif
