/* tray_report_view.h: inside the room: what the report's template shows. */
#ifndef ASIALLA_TRAY_TRAY_REPORT_VIEW_H
#define ASIALLA_TRAY_TRAY_REPORT_VIEW_H

#include "web/view.h"

struct tray_report_line {
    struct str name, all, taken, full, declined, missing;
    struct ui_bar bar;
};
struct tray_report_lines {
    LIST_FIELDS(struct tray_report_line);
};
struct tray_report_part {
    struct str title, head;
    bool given, missing; /* which columns it has */
    struct tray_report_lines lines;
};
struct tray_report_parts {
    LIST_FIELDS(struct tray_report_part);
};
struct tray_report_view {
    int64_t team;
    struct str team_name, period, csv;
    struct ui_options teams, periods;
    struct tray_report_line all;
    struct tray_report_parts parts;
};

#endif
