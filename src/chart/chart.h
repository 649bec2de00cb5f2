/*
 * chart.h: pictures of figures, drawn on the server: SVG text with classes and attributes only, no
 * script, no style. One struct makes the picture in two widths, its description in words, its table
 * and its file (CSV), so that they cannot differ.
 *
 *     struct chart c = {.kind = CHART_LINES, .id = S("wait"), .title = tr(l, "Median wait"),
 *                       .unit = tr(l, "days"), .step = CHART_MONTH};
 *     chart_series(&c, tr(l, "Nurse"));
 *     chart_target(&c, tr(l, "Target, at most"), 14, CHART_AT_MOST);
 *     for (...) chart_row_at(a, &c, month, (struct chart_value[]){chart_known(days)});
 *     chart_mark(&c, date_from(2023, 9, 1), tr(l, "The law changed"));
 *     {call chart_figure(&v->chart)}
 *
 * What is hidden (small numbers) carries no value from the moment on in which it is put in: nothing
 * that is drawn or said depends on it, not even the scale. What is missing is a gap. Numbers that
 * are none, or beyond CHART_MOST, count as missing; what is past a limit is left out, and the words
 * say so. Axes of values always have zero on them.
 *
 * Series differ by dashes, shapes and patterns first, by colour after that.
 */
#ifndef ASIALLA_CHART_CHART_H
#define ASIALLA_CHART_CHART_H

#include "base/vec.h"
#include "web/page.h"

enum {
    CHART_SERIES_MAX = 6,
    CHART_ROWS_MAX = 800, /* two years of days */
    CHART_TARGETS_MAX = 4,
    CHART_MARKS_MAX = 8,
    CHART_BARS_MAX = 40 /* lying bars and intervals in one picture; the table has them all */
};
#define CHART_MOST 1e12

enum chart_kind {
    CHART_LINES,     /* over time; a value with a spread has a band */
    CHART_BARS,      /* side by side; standing where the labels have room, else lying */
    CHART_STACKS,    /* the same on top of each other: values of at least 0 */
    CHART_INTERVALS, /* a dot with its interval for each row, against the whole: one series */
    CHART_FLOW       /* in upwards, out downwards, net as a line: two series, in and out */
};

/* What a row that has a date stands for: a day, the week or the month that begins there. */
enum chart_step { CHART_DAY, CHART_WEEK, CHART_MONTH };

enum chart_state { CHART_MISSING, CHART_KNOWN, CHART_HIDDEN };

struct chart_value {
    enum chart_state state;
    bool spread; /* low <= v <= high are known: an interval, or a band */
    double v, low, high;
};

static inline struct chart_value chart_known(double v)
{
    return (struct chart_value){.state = CHART_KNOWN, .v = v};
}

static inline struct chart_value chart_between(double v, double low, double high)
{
    return (struct chart_value){CHART_KNOWN, true, v, low, high};
}

static inline struct chart_value chart_hidden(void)
{
    return (struct chart_value){.state = CHART_HIDDEN};
}

struct chart_row {
    struct date at;   /* DATE_NONE: the label says what it is */
    struct str label; /* empty: the date says */
    struct chart_value v[CHART_SERIES_MAX];
};

enum chart_aim { CHART_AT_MOST, CHART_AT_LEAST };
struct chart_target {
    struct str name;
    double v;
    enum chart_aim aim;
};

struct chart_mark {
    struct date at;
    struct str text;
};

struct chart {
    enum chart_kind kind;
    struct str id;    /* of the figure: small letters, digits and dashes, one on the page */
    struct str title; /* what the figures are */
    struct str unit;  /* "days", "matters": beside the axis */
    struct str head;  /* what the rows are, over the table's first column; "When" for dates */
    struct str csv;   /* address of the same as a file; empty: none */
    enum chart_step step;
    int decimals;    /* 0 to 3; 0: whole numbers, and whole steps on the axis */
    bool deep, open; /* deep: the heading is h3; open: the table is not folded */

    /* Filled by the functions below. */
    struct str series[CHART_SERIES_MAX];
    size_t series_n;
    struct {
        LIST_FIELDS(struct chart_row);
    } rows;
    struct chart_target targets[CHART_TARGETS_MAX];
    size_t targets_n;
    struct chart_mark marks[CHART_MARKS_MAX];
    size_t marks_n;
    struct str whole_name; /* CHART_INTERVALS: what the rows are held against */
    struct chart_value whole;
    bool judged; /* CHART_INTERVALS: beside it stands which rows differ by more than chance */
    bool cut; /* something was past a limit */
};

/* Series come before rows; `v` has a value of each. Rows with dates may come in any order. */
void chart_series(struct chart *c, struct str name);
void chart_row(struct arena *a, struct chart *c, struct str label, const struct chart_value *v);
void chart_row_at(struct arena *a, struct chart *c, struct date at, const struct chart_value *v);
void chart_target(struct chart *c, struct str name, double v, enum chart_aim aim);
/* An event on the time line of CHART_LINES, numbered in the picture and told under it; one that is
 * before the first row or after the last is left out. */
void chart_mark(struct chart *c, struct date at, struct str text);
void chart_whole(struct chart *c, struct str name, struct chart_value v);

/* Picture, words, key and table: a <figure>. */
void chart_figure(struct page *pg, const struct chart *c);
/* The first series as a small line for a cell of a table, its words for who does not see it. */
void chart_spark(struct page *pg, const struct chart *c);
/* What the figures say: "Nurse: rose from 3 (May 2026) to 9 (October 2026)." Plain text. */
struct str chart_words(struct arena *a, enum lang l, const struct chart *c);
/* The table as a file: RFC 4180, numbers with a decimal point, days as YYYY-MM-DD, "hidden" in the
 * page's language, nothing where it is missing. */
struct str chart_csv(struct arena *a, enum lang l, const struct chart *c);

#endif
