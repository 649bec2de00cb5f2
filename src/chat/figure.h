/*
 * figure.h: inside the room: what is counted of conversations. A row is a try to chat, without a
 * person (chat_figure): written when the conversation is over, or when somebody met a closed or a
 * full channel. What a page tells is a sum over rows; no row is shown.
 */
#ifndef ASIALLA_CHAT_FIGURE_H
#define ASIALLA_CHAT_FIGURE_H

#include "chat/chat.h"
#include "web/view.h"

enum figure_how {
    FIGURE_ANSWERED,
    FIGURE_LEFT,       /* went before an answer */
    FIGURE_UNANSWERED, /* nobody in time: it became a matter */
    FIGURE_CLOSED,     /* could not start */
    FIGURE_FULL,
    FIGURE_HOWS
};
bool figure_how_from(struct str code, enum figure_how *out);

struct figure_row {
    int64_t channel;
    int hour;
    enum figure_how how;
    int64_t wait, length; /* seconds; -1: none */
    int64_t messages;
    int good; /* 0: not told */
};
struct figure_rows {
    LIST_FIELDS(struct figure_row);
};

struct figure_numbers {
    LIST_FIELDS(int64_t);
};
struct figure_sum {
    int64_t tries, by[FIGURE_HOWS], messages, good, judged;
    struct figure_numbers waits, lengths; /* of the answered */
};
/* Those of that channel and hour; 0 and -1: any. Pure. */
struct figure_sum figure_sum(struct arena *a, const struct figure_rows *rows, int64_t channel,
                             int hour);
/* The smallest of them that so many per cent do not exceed; -1: there is none. Sorts them. */
int64_t figure_percentile(struct figure_numbers *n, int percent);

/* Of the channels of a team, those of days from `from` until before `to`. */
struct figure_rows figure_rows_load(struct arena *a, struct db *db,
                                    const struct chat_channels *channels, int64_t team,
                                    struct date from, struct date to);

/* ---- the page ---- */

struct figure_line {
    struct str name, tries, answered, left, unanswered, away, wait, wait_90, length, messages, good;
    struct ui_bar bar;
};
struct figure_lines {
    LIST_FIELDS(struct figure_line);
};
struct figure_view {
    int64_t team;
    struct str team_name, period, csv;
    struct ui_options teams, periods;
    struct figure_line all;
    struct figure_lines channels, hours;
};

#endif
