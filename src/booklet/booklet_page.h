/* booklet_page.h: inside the room: what its templates show. */
#ifndef ASIALLA_BOOKLET_BOOKLET_PAGE_H
#define ASIALLA_BOOKLET_BOOKLET_PAGE_H

#include "booklet/booklet.h"
#include "web/view.h"

struct booklet_link { /* a booklet, a view or a language to choose */
    struct str href, symbol;
    struct view_text name, lead;
    bool here;
};
struct booklet_links {
    LIST_FIELDS(struct booklet_link);
};

struct booklet_part {
    struct view_text title;
    struct booklet_lines lines;
};
struct booklet_page {
    struct view_text title, lead, view;
    struct str name, edition; /* "Edition 1, 22 November 2026" */
    struct str lang;          /* the texts' language, where it is not the page's */
    bool rtl;
    struct booklet_links views, languages;
    struct str pocket, web; /* addresses of the printed and the web form */
    struct {
        LIST_FIELDS(struct booklet_part);
    } parts;
};

struct booklet_pocket_page {
    struct booklet_page page;
    struct pocket pocket;
    struct str address, printed, county;
    struct html qr;
};

struct booklet_row { /* for who confirms */
    struct booklet_line line;
    struct str booklet, title, by, note, said;
};
struct booklet_rows {
    LIST_FIELDS(struct booklet_row);
};
struct booklet_desk {
    struct booklet_rows rows;
    struct ui_notice told;
    struct ui_errors errors;
    struct str entry, note; /* what came back with an error */
    bool editor;
};

#endif
