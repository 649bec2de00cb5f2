/*
 * hand.h: inside the room: handing over. Within the register the receiver sees the matter itself.
 * To another register, or another organisation, goes only what the resident agreed to: a page of
 * its own lets the professional choose it, shows it word by word, asks how the resident agreed, and
 * sends exactly that. Whatever differs from what was shown is shown again, not sent.
 */
#ifndef ASIALLA_WORK_HAND_H
#define ASIALLA_WORK_HAND_H

#include "work/matter_view.h"

/* Is it a hand-over that goes out of the matter's register? */
bool hand_leaves(const struct matter *m, const struct matter_act *act);
/* Reads to whom, and, where it leaves, what is told and how the resident agreed. */
void hand_read(struct rq *rq, const struct matter *m, struct matter_act *act);
/* Was "send" pressed under exactly these words? */
bool hand_sent(struct rq *rq, const struct matter_act *act);
/* The page on which it is chosen and shown; with what was refused, if anything was. */
void hand_show(struct rq *rq, const struct matter *m, const struct matter_act *act,
               const struct matter_showing *s);

#endif
