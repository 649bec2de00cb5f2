/* reply_room.h: what the editors' pages of templates show. */
#ifndef ASIALLA_REPLY_ROOM_H
#define ASIALLA_REPLY_ROOM_H

#include "reply/reply.h"
#include "web/view.h"

struct reply_line {
    int64_t id;
    struct str title, text, uses, team;
    bool retired;
};
struct replies_view {
    struct ui_notice done;
    bool retired; /* those that are offered no more are shown */
    struct {
        LIST_FIELDS(struct reply_line);
    } lines;
};

struct version_line {
    struct ui_time at;
    struct str staff, title, text;
    bool retired, now;
};
struct reply_view {
    struct ui_notice done;
    struct ui_errors errors;
    int64_t id, version; /* 0: a new one */
    bool retired;
    struct ui_field title[LANG_COUNT], text[LANG_COUNT];
    struct ui_choice team;
    struct str uses_error;
    struct ui_options uses;
    struct {
        LIST_FIELDS(struct version_line);
    } versions;
};

#endif
