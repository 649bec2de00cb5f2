/* tray_fold.h: inside the room: what an event records of an act, and how months are numbered. */
#ifndef ASIALLA_TRAY_TRAY_FOLD_H
#define ASIALLA_TRAY_TRAY_FOLD_H

#include "tray/tray.h"

/* The body of the event of an act on the tray as it stands; MADE: *t all zeros. */
struct str tray_body(struct arena *a, const struct tray *t, const struct tray_act *act,
                     const struct tray_data *data);

/* The month that a figure is kept under: 12 * year + month - 1 (sql/0011_tray.sql). */
int64_t tray_month(struct date d);

#endif
