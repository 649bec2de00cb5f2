/* alarm_web.h: what the room's pages share. */
#ifndef ASIALLA_ALARM_WEB_H
#define ASIALLA_ALARM_WEB_H

#include "alarm/alarm.h"
#include "alarm/alarm_view.h"

/* The whole page, with what it says of a form that came back. */
void alarms_show(struct rq *rq, struct alarm_view *v);
struct ui_field alarm_reason_field(struct rq *rq, struct str error);
struct ui_field alarm_until_field(struct rq *rq, struct str error);

#endif
