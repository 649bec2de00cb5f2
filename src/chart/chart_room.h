/* chart_room.h: inside the room: what is asked of a chart, and the pen that draws it. */
#ifndef ASIALLA_CHART_CHART_ROOM_H
#define ASIALLA_CHART_CHART_ROOM_H

#include "chart/chart.h"

/* ---- what is in it ---- */

bool chart_dated(const struct chart *c); /* do the rows have dates? */
bool chart_mark_shown(const struct chart *c, const struct chart_mark *m);
struct chart_value chart_net(const struct chart_row *r); /* CHART_FLOW: in less out */
size_t chart_count(const struct chart *c, enum chart_state state);
/* The least and the most that the axis must hold: zero, values, spreads, sums, targets. */
void chart_range(const struct chart *c, double *low, double *high);

struct chart_scale {
    double low, high, step; /* ticks at low, low + step, ... high */
    int n, decimals;        /* how many steps */
};
struct chart_scale chart_scale_of(double low, double high, int want, int decimals);

/* ---- in words ---- */

struct str chart_number(struct arena *a, enum lang l, double v, int decimals);
/* "9", "9 (7–11)", "hidden", "–". */
struct str chart_value_text(struct arena *a, enum lang l, const struct chart *c,
                            const struct chart_value *v);
/* "week 48/2026"; the label where there is one. */
struct str chart_row_name(struct arena *a, enum lang l, const struct chart *c,
                          const struct chart_row *r);

/* ---- pictures ---- */

/* Units of the picture are about pixels: in the narrow one at a width of 320, in the wide one of
 * 640. Text of 14 units stays at least 12 px where the figure is 288 px wide or more. */
enum { CHART_WIDE = 640, CHART_NARROW = 320, CHART_TEXT = 14, CHART_LINE = 17 };

struct pen {
    struct arena *a;
    struct buf *b;
    enum lang l;
    const struct chart *c;
    bool wide;
    double width, height;
    double left, right, top, bottom; /* edges of the plot */
    struct chart_scale scale;
};

/* Writes the markup, each @ in it replaced by the next number. */
#define DRAW(p, markup, ...)                                  \
    chart_draw((p)->b, markup, (const double[]){__VA_ARGS__}, \
               sizeof((const double[]){__VA_ARGS__}) / sizeof(double))
void chart_draw(struct buf *b, const char *markup, const double *at, size_t n);

double chart_text_width(struct str s);
enum { CHART_WRAP_MAX = 3 };
/* Breaks a text into at most that many lines of so many characters, the last with "…" where there
 * is more. Returns how many. */
size_t chart_wrap(struct arena *a, struct str text, size_t chars, size_t most,
                  struct str out[CHART_WRAP_MAX]);

enum chart_anchor { CHART_START, CHART_MIDDLE, CHART_END };
void chart_text(struct pen *p, double x, double y, enum chart_anchor anchor, struct str text);
/* The same over other things: with a rim of the ground's colour. */
void chart_text_over(struct pen *p, double x, double y, enum chart_anchor anchor, struct str text);
void chart_marker(struct buf *b, size_t series, double x, double y);
const char *chart_dash(size_t series); /* of stroke-dasharray; NULL: whole */
void chart_hidden_box(struct pen *p, double x, double y, double width, double height);

double chart_up(const struct pen *p, double v); /* where a value is, from the bottom to the top */
double chart_along(const struct pen *p, double v); /* the same from left to right */
void chart_axis_room(struct pen *p); /* sets p->left, for the numbers beside a standing axis */
/* The axis of values with its lines and numbers. */
void chart_axis_up(struct pen *p);
void chart_axis_along(struct pen *p);
void chart_targets_up(struct pen *p);

double chart_x(const struct pen *p, size_t row); /* of a row of CHART_LINES */
double chart_date_x(const struct pen *p, struct date d);
void chart_axis_time(struct pen *p);
/* The labels of rows under standing bars, as many as have room. */
void chart_axis_rows(struct pen *p, double slot);

void chart_draw_lines(struct pen *p);
void chart_draw_bars(struct pen *p); /* CHART_BARS, CHART_STACKS and CHART_FLOW */
void chart_draw_intervals(struct pen *p);

/* Each writes p->height, for the picture's box, which is known when all is drawn. */
void chart_svg(struct page *pg, const struct chart *c, bool wide);
/* The patterns that bars of the figure are filled with: one picture that is not seen. */
void chart_patterns(struct page *pg, const struct chart *c);
void chart_sample(struct page *pg, const struct chart *c, size_t series); /* for the key */

/* ---- what the template shows ---- */

struct chart_cell {
    struct str text, head;
};
struct chart_line {
    struct str name;
    struct {
        LIST_FIELDS(struct chart_cell);
    } cells;
};
struct chart_words_list {
    LIST_FIELDS(struct str);
};
struct chart_view {
    const struct chart *c;
    struct str words, head;
    bool key;      /* the series are told apart by a list of samples */
    bool patterns; /* bars of several series */
    bool hidden;   /* something is: the box is explained */
    struct chart_words_list heads, marks;
    struct {
        LIST_FIELDS(struct chart_line);
    } lines;
};
struct chart_view chart_view_make(struct arena *a, enum lang l, const struct chart *c);

#endif
