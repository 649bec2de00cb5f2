/*
 * manage_look.h: the inside of this room: one look at the figures, by whom, of what, in which
 * language. Every page is made by a function of a look alone, so that a snapshot is the very same
 * page, made in each language, and the sample county can make one without a request.
 */
#ifndef ASIALLA_MANAGE_LOOK_H
#define ASIALLA_MANAGE_LOOK_H

#include "manage/manage.h"
#include "manage/manage_view.h"

struct manage_look {
    struct arena *a;
    struct db *db;
    const struct law *law;
    enum lang l;
    struct instant now;
    struct teams teams, own; /* own: whose matters may be seen */
    struct manage_source s;
    struct manage_targets targets;
    struct str page; /* "wait": the last part of the address; empty: today's */
    int64_t team;    /* 0: the county */
    struct str rule; /* of pages of one rule: the one asked for, or the usual one */
    int base;        /* year that is expected again */
    bool frozen;     /* nothing in it may lead to numbers of another moment */
    struct manage_view v;
};

/* Who looks, and of what is asked. head: the own teams may be seen exactly. */
struct manage_who {
    enum lang l;
    struct instant now;
    struct teams own;
    struct str page, rule;
    int64_t team;
    int base;
    bool frozen;
};
struct manage_look manage_look_open(struct arena *a, struct db *db, const struct law *law,
                                    const struct manage_who *who);

/* ---- words ---- */

/* The number; "hidden"; a dash where it is not known. Says so to the page where it was hidden. */
struct str manage_n(struct manage_look *k, struct manage_value v);
struct str manage_percent(struct manage_look *k, double share);
/* With so many decimals, in the language's way. */
struct str manage_decimal(struct manage_look *k, double v, int decimals);
/* "+3", "−3". */
struct str manage_signed(struct manage_look *k, int64_t n);
struct str manage_rule_name(const struct manage_look *k, struct str rule);
struct str manage_team_name(const struct manage_look *k, int64_t team);
struct chart_value manage_chart_value(struct manage_value v);

/* "/fi/staff/figures/wait?team=3&rule=x": of the same team and rule. */
struct str manage_path(const struct manage_look *k, const char *page);
struct str manage_path_of(const struct manage_look *k, const char *page, int64_t team,
                          struct str rule);

/* ---- parts ---- */

struct manage_part *manage_part(struct manage_look *k, const char *id, struct str heading);
void manage_say(struct manage_look *k, struct manage_part *p, struct str sentence);
/* "%1 ... %2" with strings. */
#define manage_sayf(k, p, text, ...)                                      \
    manage_say((k), (p),                                                  \
               tr_fill((k)->a, (text), (const struct str[]){__VA_ARGS__}, \
                       sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str)))
void manage_def(struct manage_look *k, struct manage_part *p, const char *figure);
void manage_more(struct manage_look *k, struct manage_part *p, struct str words, struct str href);
void manage_chart(struct manage_look *k, struct manage_part *p, struct chart c);
struct manage_table *manage_table(struct manage_look *k, struct manage_part *p, struct str caption);
void manage_head(struct manage_look *k, struct manage_table *t, struct str words, bool num);
struct manage_line *manage_line(struct manage_look *k, struct manage_table *t);
void manage_cell(struct manage_look *k, struct manage_line *line, struct str text, bool num);
void manage_cell_to(struct manage_look *k, struct manage_line *line, struct str text,
                    struct str href);

/* ---- figures of months ---- */

enum manage_kind { MANAGE_COUNT, MANAGE_SHARE, MANAGE_MEAN, MANAGE_MEDIAN, MANAGE_STOCK };
struct manage_figure {
    const char *id, *def; /* in addresses and targets; in the catalogue */
    const char *words, *unit;
    enum manage_kind kind;
    int top, bottom, also; /* measures; also: added to the bottom; -1: none */
    bool of_rule;          /* of clocks */
    bool limit;            /* held against the law's limit, which changes with the law */
    double scale;          /* of means: so many of what is counted are one */
    int decimals;
    enum chart_aim aim;
};
extern const struct manage_figure manage_figures[];
extern const size_t manage_figure_n;
const struct manage_figure *manage_figure_find(struct str id); /* NULL: none such */

/* n: of how many. */
struct manage_point {
    enum manage_state state;
    double v;
    int64_t n, k;
};
/* Of a month after the other, from the first on. */
struct manage_points {
    LIST_FIELDS(struct manage_point);
};
struct manage_points manage_series(struct manage_look *k, const struct manage_figure *f,
                                   int64_t team, struct manage_span months);
/* Of all months together: of shares, means and counts; a stock at the end; no median. */
struct manage_point manage_whole(struct manage_look *k, const struct manage_figure *f, int64_t team,
                                 struct manage_span months);
struct str manage_point_words(struct manage_look *k, const struct manage_figure *f,
                              struct manage_point p);

struct str manage_target_words(struct manage_look *k, const struct manage_target *t);

/* The last two years of up to six figures of one unit, in one picture, with their targets. */
struct manage_trend {
    const char *id;
    struct str title;
    const char *figures[CHART_SERIES_MAX];
};
void manage_trend(struct manage_look *k, struct manage_part *p, const struct manage_trend *t);

/* ---- weeks: the flow of the debt ---- */

struct manage_week {
    struct date monday;
    struct manage_value in, out;
};
struct manage_weeks {
    LIST_FIELDS(struct manage_week); /* the last whole weeks, in order */
};
struct manage_weeks manage_debt_weeks(struct manage_look *k, int64_t team, struct str rule, int n);

/* ---- groups ---- */

struct manage_name {
    struct str code, name;
};
struct manage_names {
    LIST_FIELDS(struct manage_name);
};
/* Age bands, languages, areas, channels: codes as facts have them, and names. */
struct manage_names manage_groups_of(struct manage_look *k, enum figure_cut cut);

/* ---- parts that pages share ---- */

void manage_put_units(struct manage_look *k);                        /* units side by side */
void manage_put_weeks(struct manage_look *k, struct manage_part *p); /* the debt by week */
void manage_put_kept(struct manage_look *k); /* shares kept in time, by group */
void manage_put_t3(struct manage_look *k);
void manage_put_professions(struct manage_look *k);

/* ---- the pages ---- */

typedef void manage_page_fn(struct manage_look *k);
manage_page_fn manage_today, manage_wait, manage_open_matters, manage_flow, manage_digital,
    manage_equity;
struct manage_page {
    const char *path, *words; /* "wait", message id */
    manage_page_fn *fn;
    bool rule, base; /* asks for one */
};
extern const struct manage_page manage_pages_list[];
extern const size_t manage_pages_n;
const struct manage_page *manage_page_find(struct str path); /* NULL: none such */

/* What a number is made of: matters of a team that may be seen, else groups as published. false:
 * there is no such number. rule empty: of all the law's limits. */
bool manage_list(struct manage_look *k, struct str what, struct str rule);

/* Makes the page anew in each language: what a snapshot keeps. */
struct manage_snapshot manage_freeze(struct arena *a, struct db *db, const struct law *law,
                                     const struct manage_who *who);

#endif
