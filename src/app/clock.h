/*
 * clock.h: a clock of the law as every screen shows it: state, due time in words, what it is about.
 * The one way from a clock to a page, so that a list and a card cannot differ.
 */
#ifndef ASIALLA_APP_CLOCK_H
#define ASIALLA_APP_CLOCK_H

#include "law/law.h"
#include "web/view.h"

struct ui_clock clock_running(struct arena *a, const struct law *law, enum lang l,
                              const struct law_clock *c, struct instant now);

#endif
