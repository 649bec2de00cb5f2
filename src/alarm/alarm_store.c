/* alarm_store.c: which alarms stand. */
#include "alarm/alarm.h"

const struct stmt_table alarm_statements = {NULL, 0};
