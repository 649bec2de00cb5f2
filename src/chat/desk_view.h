/*
 * desk_view.h: inside the room: the professional's side put into words, for its templates.
 */
#ifndef ASIALLA_CHAT_DESK_VIEW_H
#define ASIALLA_CHAT_DESK_VIEW_H

#include "chat/chat.h"
#include "directory/pick.h"
#include "reply/reply.h"
#include "web/view.h"

/* ---- the lists ---- */

/* A conversation in a list: what is needed to choose it, and nothing of who the person is. */
struct desk_row {
    struct str ref, channel, language, waited;
    struct ui_time since;
    struct str words; /* the first ones; empty: it is joined to a matter, so it is taken first */
    bool crisis;      /* the words shown may tell of a crisis: look at this first */
    bool again;       /* handed over to us: it has been waiting before */
    /* of mine: */
    int64_t seq, unread;
    bool open, over; /* open: on the page now */
};
/* A colleague's, that one may take over. */
struct desk_other {
    struct str ref, channel, language;
    struct str name; /* who has it */
    int64_t staff;
};
struct desk_others {
    LIST_FIELDS(struct desk_other);
};
struct desk_rows {
    LIST_FIELDS(struct desk_row);
};

/* A channel of a team that one leads: it can be closed for now. */
struct desk_channel {
    struct str ref, name, state, why;
    bool paused;
};
struct desk_channels {
    LIST_FIELDS(struct desk_channel);
};

/* ---- a conversation ---- */

enum desk_line_kind { LINE_MESSAGE, LINE_FILE, LINE_PICTURE, LINE_LINK, LINE_NOTE };

struct desk_line {
    enum desk_line_kind kind;
    int64_t seq, file;
    bool own; /* by a professional */
    struct str from, text, href;
    struct ui_time at;
    struct ui_facts told; /* who it is, as they tell themselves */
};
struct desk_lines {
    struct str ref;
    LIST_FIELDS(struct desk_line);
};

#define DESK_PARTS(X)     \
    X(SAY, "say")         \
    X(FILE, "file")       \
    X(WHO, "who")         \
    X(GUIDE, "guide")     \
    X(LINK, "link")       \
    X(JOIN, "join")       \
    X(MAKE, "make")       \
    X(HAND, "hand")       \
    X(CONSENT, "consent") \
    X(ACROSS, "across")   \
    X(END, "end")         \
    X(TAKE, "take")
enum desk_part {
#define X(name, code) DESK_##name,
    DESK_PARTS(X)
#undef X
        DESK_PARTS_COUNT
};
const char *desk_part_code(enum desk_part p);
/* DESK_PARTS_COUNT: none such. */
enum desk_part desk_part_from(struct str code);

/* One of the forms, with what had been typed where it was refused. */
struct desk_form {
    const char *code;
    bool open;
    struct str error, field, text;
};

struct desk_talk {
    struct str ref, title, state, once;
    int64_t seq;
    bool mine, over, waiting; /* mine: one may write; over: nobody may any more */
    struct desk_other other;  /* staff 0: it cannot be taken over */
    struct str with;          /* a colleague has it: who; else empty */
    struct ui_facts head;
    struct str matter, matter_shown; /* it is joined to; empty: none, or not for these eyes */
    bool joined, matter_open;
    struct desk_lines lines;
    struct desk_form forms[DESK_PARTS_COUNT];
    struct ui_field say;
    struct reply_pick pick;
    struct ui_options channels, across, links, outcomes, ends;
    struct service_pick guide;
    bool asked_who, may_send;
    struct str language;  /* the resident's, in words */
    struct str href, url; /* as typed: an address; a number or a code */
    /* to another client register: what the resident was asked to agree to, and what they said */
    struct str consent_text, consent_to;
    bool consent_asked, consent_given;
};

struct desk_view {
    struct ui_notice done;
    struct str error, error_target, as_at, here; /* here: the page's own address */
    int64_t unread;
    bool by_itself; /* without a script: the page comes anew every 20 seconds, as was asked */
    bool leads;     /* a unit's head: channels and figures */
    struct desk_rows waiting, mine;
    struct desk_others others;
    struct desk_channels channels;
    const struct desk_talk *talk; /* NULL: none is open */
};

/* What a page is shown after: something done, or something refused. */
struct desk_showing {
    struct str error, text; /* text: instead of what was sent in the form */
    enum desk_part part;
    const char *field; /* of the part's form; "": none */
};

/* How much of a conversation a professional sees. */
enum desk_sight {
    DESK_SEES_NOTHING, /* not found */
    DESK_SEES_THAT,    /* that it is there, in whose hands; it can be taken if it waits */
    DESK_SEES_ALL,     /* one's own, or of a matter of one's team */
    DESK_HAS,          /* it is one's own to write in */
};
enum desk_sight desk_sight(struct rq *rq, const struct chat *c);
bool desk_leads(const struct rq *rq); /* a unit's head */

/* The events, and from which number on they are of the register of now (0: from the start); told,
 * asked: who it is, since then. */
struct desk_seen {
    struct chat_channels channels;
    struct chat_events all;
    int64_t floor;
    bool told, asked;
    struct chat who; /* *c, as told since then */
};
struct desk_seen desk_seen_events(struct rq *rq, const struct chat *c);

/* The last question whether something may be told to a channel of another register. */
struct desk_consent {
    const struct chat_channel *to; /* NULL: nothing was asked */
    struct str text;               /* what would be told, word by word */
    bool answered;                 /* the resident has written since */
};
struct desk_consent desk_consent(struct rq *rq, const struct chat *c, const struct desk_seen *seen);
/* The question, in the resident's language. */
struct str desk_consent_ask(struct rq *rq, const struct chat *c, const struct chat_channel *to,
                            struct str text);

/* On whichever connection rq->db is. */
void desk_lists(struct rq *rq, struct str open, struct desk_view *v);
/* Those of the teams of a head. */
void desk_channels(struct rq *rq, struct desk_view *v);
struct desk_lines desk_lines_after(struct rq *rq, const struct chat *c,
                                   const struct desk_seen *seen, int64_t after);
struct desk_talk *desk_talk_make(struct rq *rq, const struct chat *c, const struct desk_showing *s);
/* The templates for this conversation. */
struct reply_asking desk_replies(struct rq *rq, const struct chat *c, const struct desk_seen *seen);
/* The topics of a desk's stream: those of the teams and of one's own conversations. */
enum { DESK_TOPICS = 16 };
size_t desk_topics(struct rq *rq, uint64_t topics[DESK_TOPICS]);

/* desk_act.c: the POSTs. */
void desk_post(struct rq *rq);         /* take the next one */
void desk_talk_post(struct rq *rq);    /* any act, named by the field `act` */
void desk_file_post(struct rq *rq);    /* an attachment */
void desk_channel_post(struct rq *rq); /* a channel is closed for now, or opened again */
/* desk_web.c: shows the page; the status is the caller's. */
void desk_show(struct rq *rq, const struct chat *c, const struct desk_showing *s);

#endif
