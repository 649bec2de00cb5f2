/* alarm_web.h: the page of alarms, as those who answer a form that it has show it again. */
#ifndef ASIALLA_ALARM_WEB_H
#define ASIALLA_ALARM_WEB_H

#include "alarm/alarm.h"
#include "web/view.h"

/* What it says of the form that came: its fields show what was sent. */
struct alarms_said {
    struct ui_notice notice;
    struct str bad_reason, bad_day; /* what is wrong with a field; empty: nothing */
};
/* 422 where a field is wrong; else as the status was set. */
void alarms_show(struct rq *rq, const struct alarms_said *said);

#endif
