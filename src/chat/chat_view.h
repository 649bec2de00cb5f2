/* chat_view.h: inside the room: the resident's side put into words, for its templates. */
#ifndef ASIALLA_CHAT_CHAT_VIEW_H
#define ASIALLA_CHAT_CHAT_VIEW_H

#include "chat/chat_room.h"
#include "web/view.h"

/* ---- channels ---- */

struct chat_channel_view {
    struct str ref, name, lead;
    struct ui_open open;
    struct str wait; /* of an open one: how many wait, and how long it took today */
    struct str languages;
    struct chat_lines hours;
    bool can_start;
    struct str closed, paused; /* of one that cannot be started: why; what else there is */
    struct str phone, form;
};
struct chat_list_view {
    LIST_FIELDS(struct chat_channel_view);
};

struct chat_start_view {
    struct chat_channel_view channel;
    struct ui_errors errors;
    struct ui_field text;
    struct ui_choice lang; /* no options: there is nothing to choose */
    struct str once, unsent;
    struct html crisis;
};

/* ---- the conversation ---- */

enum chat_line_kind { CHAT_LINE_WORDS, CHAT_LINE_FILE, CHAT_LINE_LINK, CHAT_LINE_NOTE };
struct chat_line {
    enum chat_line_kind kind;
    int64_t seq, file;
    bool own; /* by the resident */
    struct str from, text, href;
    struct ui_time at;
};
struct chat_lines_view {
    LIST_FIELDS(struct chat_line);
};

struct chat_talk_view {
    struct str channel, state, more; /* where it stands, in words; what that means */
    bool open, waiting, late;        /* late: nobody in time, both ways are offered */
    int64_t seq;
    struct chat_lines_view lines;
    struct str once[5]; /* of each form: say, who, call, end, file */
    struct str code;    /* of the matter that was made of it */
    struct html crisis;
    bool joined, asked, told, may_judge, judged;
    struct str phone, form; /* the other ways */
    struct ui_errors errors;
    struct ui_notice done;
    struct ui_field text, name, born, tel, receipt, call;
    struct ui_choice good;
    struct str file_error;
    struct str unsent; /* what was typed, where it can be sent no more */
    struct str mark;   /* changes when the parts beside the messages do */
    bool still;        /* of the frame: it does not refresh by itself */
};

void chat_view_channel(struct rq *rq, const struct chat_channel *c, struct chat_channel_view *v);
/* A conversation as its resident reads it; the messages after that number. */
void chat_view_talk(struct rq *rq, const struct chat *c, int64_t after, struct chat_talk_view *v);
/* Where to call, if the words tell of a crisis; else empty. */
struct html chat_view_crisis(struct rq *rq, struct str words);

/* The one that the session is of, on rq->db. */
bool chat_view_mine(struct rq *rq, struct chat *c);
/* The whole page; v from chat_view_talk(), with what was refused. */
void chat_view_page(struct rq *rq, struct chat_talk_view *v, int status);
/* What the script asks for: the lines after a number, and the parts that have changed. */
void chat_view_part(struct rq *rq, struct chat_talk_view *v, int status);

#endif
