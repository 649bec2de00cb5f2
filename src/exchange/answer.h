/*
 * answer.h: inside the room: how answers for other programs begin and go out; what is wrong is said
 * by rq_reply_problem().
 */
#ifndef ASIALLA_EXCHANGE_ANSWER_H
#define ASIALLA_EXCHANGE_ANSWER_H

#include "app/app.h"

/* "https://asialla.example": what the installation was told it is called, else the host that was
 * asked. False: that is no host; the answer has been given. */
bool answer_base(struct rq *rq, struct str *base);

/* JSON (rq_reply_tagged) for everybody to read, from any site (CORS), in a language. */
void answer_open(struct rq *rq, struct str body, enum lang l);

#endif
