/* info_view.h: what the templates of this room show. */
#ifndef ASIALLA_INFO_INFO_VIEW_H
#define ASIALLA_INFO_INFO_VIEW_H

#include "chart/chart.h"
#include "info/info.h"
#include "web/view.h"

/* Does this section stand on the page of this installation? */
static inline bool info_shown(const struct page *pg, const struct info_section *s)
{
    return s->only == INFO_ALWAYS || (s->only == INFO_SAMPLE) == pg->demo;
}

/* A link's address in the page's language. */
struct str info_href(const struct page *pg, const struct info_part *link);
/* The section with that id; it must be there. */
const struct info_section *info_section_of(const struct info_page *page, const char *id);

/* A row of the table of figures. */
struct style_row {
    struct str name;
    struct ui_bar bar;
};

/* The style guide: one value a component, all made up. */
struct style_view {
    const struct info_page *page;
    struct {
        LIST_FIELDS(struct str);
    } colours, icons;
    struct ui_notice info, done, warn, bad;
    struct ui_errors errors;
    struct ui_steps steps;
    struct ui_field name, mail, text;
    struct ui_choice how, needs, area;
    struct ui_open open, closed;
    struct ui_pager pager;
    struct ui_promise promise, late;
    struct ui_timeline timeline;
    struct ui_messages messages;
    struct ui_clocks clocks;
    struct {
        LIST_FIELDS(struct style_row);
    } rows;
    struct ui_facts facts;
    struct {
        LIST_FIELDS(struct chart);
    } charts, sparks;
};

void style_charts(struct page *pg, struct style_view *v);
struct style_view style_view_make(struct page *pg, const struct info_page *page);

#endif
