/*
 * fetch_send.h: sending out: a mail to an SMTP server, a text to an address of the web. What
 * fetch.h promises holds here too: certificates are checked, a key or a password goes over an
 * encrypted line alone (or to this machine), everything has a size and a time. One try, no
 * redirects; whether and when it is tried again is the caller's business. Blocks.
 */
#ifndef ASIALLA_FETCH_FETCH_SEND_H
#define ASIALLA_FETCH_FETCH_SEND_H

#include "base/arena.h"
#include "base/str.h"

#include <stdatomic.h>

enum fetch_sent {
    FETCH_SENT,  /* the other side has said that it has it */
    FETCH_AGAIN, /* not now: no connection, busy, our own settings are not right (*why) */
    FETCH_NEVER  /* this message will not be taken: *why */
};

struct fetch_sender_conf {
    const atomic_bool *stop; /* set: give up at once; NULL: never */
    int total_s;             /* one message's whole time; 0: 60 */
    struct str ca_file;      /* PEM: whom to believe instead of the system's; empty: the system's */
};
struct fetch_sender;
/* Keeps its connection open from one message to the next. Lives in `a`. */
struct fetch_sender *fetch_sender_open(struct arena *a, const struct fetch_sender_conf *conf);
/* Did the last one fail by the line itself, so that the next message would too? */
bool fetch_sender_is_cut(const struct fetch_sender *f);

enum fetch_tls {
    FETCH_TLS_STARTTLS, /* required: without it nothing is sent */
    FETCH_TLS_WHOLE,    /* from the first byte (port 465) */
    FETCH_TLS_NONE
};
struct fetch_mail {
    struct str host;
    int port;
    enum fetch_tls tls;
    struct str user, password; /* empty: none. Never with FETCH_TLS_NONE but to this machine */
    struct str from, to;       /* mailboxes; nothing in them but visible ASCII (checked) */
    struct str message;        /* headers and body, lines ended by CR LF */
};
enum fetch_sent fetch_mail(struct arena *a, struct fetch_sender *f, const struct fetch_mail *m,
                           struct str *why);

struct fetch_post {
    struct str url;
    struct str key;  /* Authorization: Bearer; empty: none */
    struct str once; /* Idempotency-Key */
    struct str body; /* JSON */
};
/* 2xx and 409 (it has it already) are sent. 401, 403, 404, 405, 407, 408, 425, 429, other statuses
 * that say nothing about the message, and 5xx: again. Other 4xx: never. */
enum fetch_sent fetch_post(struct arena *a, struct fetch_sender *f, const struct fetch_post *p,
                           struct str *why);

#endif
