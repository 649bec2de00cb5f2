/*
 * outbox_room.h: what the files of this room share.
 */
#ifndef ASIALLA_OUTBOX_OUTBOX_ROOM_H
#define ASIALLA_OUTBOX_OUTBOX_ROOM_H

#include "fetch/fetch_send.h"
#include "outbox/outbox.h"

/* ---- data/outbox/templates.json ---- */

struct outbox_template {
    struct str subject[LANG_COUNT]; /* SMS: none */
    struct str text[LANG_COUNT];
};
struct outbox_templates {
    struct outbox_template message[OUTBOX_KIND_COUNT][OUTBOX_WAYS];
    struct outbox_template tail[OUTBOX_WAYS]; /* after each message's text */
};
const struct outbox_templates *outbox_templates(void);
/* Every kind in every way and language, only fields that the way may say, brackets in pairs. False:
 * *why names the place. */
bool outbox_templates_read(struct arena *a, struct str text, struct outbox_templates *out,
                           struct str *why);

struct outbox_filled {
    struct str subject, body;
};
/* Fails (guard.h) where a field that must be there is missing: our mistake, not a user's. */
struct outbox_filled outbox_fill(struct arena *a, const struct outbox_templates *t,
                                 const struct outbox_message *m);
/* Septets of GSM 03.38 (3GPP TS 23.038, 6.2.1); -1: it has a character that is not in it, and is
 * sent as UCS-2. */
int outbox_septets(struct str text);

/* ---- data/outbox/windows.json ---- */

enum { OUTBOX_PAUSES = 12 };
struct outbox_data {
    struct law_hours window[OUTBOX_WAYS];
    uint32_t any_time[OUTBOX_WAYS]; /* bits of enum outbox_kind */
    int pause_minutes[OUTBOX_PAUSES];
    size_t pauses;
    int give_up_hours, keep_days;
    int post_days; /* working days that a letter is on its way */
};
const struct outbox_data *outbox_data(void);
bool outbox_data_read(struct arena *a, struct str text, struct outbox_data *out, struct str *why);

/* When to try again after that many tries, of which the first was at `first`; ms 0: no more. */
struct instant outbox_again(const struct outbox_data *d, int tries, struct instant first,
                            struct instant now);

/* ---- data/outbox/countries.json (outbox_post.c) ---- */

struct outbox_countries {
    LIST_FIELDS(struct str); /* in small letters */
};
bool outbox_countries_read(struct arena *a, struct str text, struct outbox_countries *out,
                           struct str *why);
void outbox_post_read(void);

/* ---- addresses ---- */

/* Can something be sent there? NULL: yes; else why not, in English. */
const char *outbox_address_wrong(enum outbox_way way, struct str to);

/* ---- states of a row ---- */

#define OUTBOX_STATES(X)  \
    X(WAITING, "waiting") \
    X(SENT, "sent")       \
    X(FAILED, "failed")   \
    X(EXPIRED, "expired") \
    X(WITHDRAWN, "withdrawn")
enum outbox_row_state {
#define X(name, code) OUTBOX_ROW_##name,
    OUTBOX_STATES(X)
#undef X
        OUTBOX_ROW_STATES
};
const char *outbox_row_code(enum outbox_row_state s);

/* ---- ways out ---- */

enum outbox_to {
    OUTBOX_TO_NONE,
    OUTBOX_TO_FOLDER,
    OUTBOX_TO_SMTP,
    OUTBOX_TO_GATEWAY,
    OUTBOX_TO_PRINT
};
struct outbox_way_out {
    enum outbox_to to;
    const char *folder;
    struct str url, key;         /* gateway */
    struct str host, from, name; /* SMTP; name: of who sends */
    struct str user, password;
    int port;
    enum fetch_tls tls;
    struct str ca_file;
};
struct outbox_ways {
    struct outbox_way_out out[OUTBOX_WAYS];
    const atomic_bool *stop;
};

/* ---- one message that is being sent ---- */

struct outbox_row {
    int64_t id;
    struct str ref, to, subject, body, attachment, attachment_type;
    enum outbox_way way;
    enum lang lang;
    int tries;
    struct instant first;
};
/* As RFC 5322 and MIME have it, lines ended by CR LF. */
struct str outbox_mail(struct arena *a, const struct outbox_way_out *out,
                       const struct outbox_row *m, struct instant now);
/* What a gateway is given. */
struct str outbox_gateway_body(struct arena *a, const struct outbox_row *m);
/* Writes it under a name that is its own: a second time is the same file. False: *why. */
bool outbox_folder_put(struct arena *a, const struct outbox_way_out *out,
                       const struct outbox_row *m, struct instant now, struct str *why);
/* After some of them: the names are on disk too. */
bool outbox_folder_sync(const struct outbox_way_out *out);

#endif
