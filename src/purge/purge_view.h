/* purge_view.h: what the pages of purge plans show: words and numbers, ready to be written. */
#ifndef ASIALLA_PURGE_VIEW_H
#define ASIALLA_PURGE_VIEW_H

#include "chart/chart.h"
#include "web/view.h"

struct purge_line {
    struct str href, name, queue, target, state;
    bool ended;
};
struct purge_list_view {
    struct {
        LIST_FIELDS(struct purge_line);
    } lines;
    bool may; /* there is a team to make one for */
};

/* A measure in words. */
struct purge_row {
    struct str name, what, when, adds, cost, each;
};
struct purge_outcome_view {
    struct ui_facts now, facts;
    struct {
        LIST_FIELDS(struct purge_row);
    } rows;
    struct ui_notice verdict, after; /* does it end in time; what comes after the measures */
    struct chart chart;
};

struct purge_week_row {
    struct str week, plan_debt, debt, plan_outflow, outflow, inflow, version;
};
struct purge_version_line {
    struct str href, name, when, by, note;
    bool shown;
};
struct purge_plan_view {
    struct str name, queue, href, edit, base_href, version;
    struct ui_notice done, state;
    bool open; /* this version's numbers may be shown */
    bool acts; /* may be changed and ended */
    struct purge_outcome_view outcome;
    struct ui_notice progress; /* is it as planned */
    struct ui_facts why;       /* what came in and went out since, beside the plan */
    struct chart follow;
    struct {
        LIST_FIELDS(struct purge_week_row);
    } weeks;
    struct {
        LIST_FIELDS(struct purge_version_line);
    } versions;
    struct ui_field end_note;
    struct ui_errors errors;
};

/* One measure's fields; the fieldset's legend. */
struct purge_part {
    struct str legend, hint;
    struct ui_choice profession; /* no options: none */
    struct {
        LIST_FIELDS(struct ui_field);
    } fields;
};
struct purge_form_view {
    struct str heading, action, back, back_words, once, was;
    struct ui_errors errors;
    struct ui_choice team, rule; /* the choosing of a queue; in hidden fields afterwards */
    struct str team_id, rule_id, queue;
    bool choosing;
    struct ui_facts now;
    struct str hidden; /* that something may not be told */
    struct {
        LIST_FIELDS(struct ui_field);
    } fields, base;
    struct {
        LIST_FIELDS(struct purge_part);
    } parts;
    bool counted;     /* the outcome is shown */
    struct str taken; /* what was taken off the outflow, and why; empty: nothing */
    struct purge_outcome_view outcome;
};

#endif
