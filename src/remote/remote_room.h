/*
 * remote_room.h: the inside of this room: seats, what they say to each other, and when a visit is
 * open. Whoever has a seat is known by a cookie of that seat alone ("visit-REF"), so that two
 * visits in one browser do not meet; its form token is that cookie's.
 */
#ifndef ASIALLA_REMOTE_REMOTE_ROOM_H
#define ASIALLA_REMOTE_REMOTE_ROOM_H

#include "remote/remote.h"

struct remote_data {
    int open_minutes, grace_minutes, link_hours, text_most, signal_minutes;
};
bool remote_data_read(struct arena *a, struct str text, struct remote_data *out, struct str *why);
const struct remote_data *remote_data(void);

enum {
    REMOTE_REF = 13,
    REMOTE_SECRET = 26,            /* 130 bits */
    REMOTE_SIGNAL_MAX = 16 * 1024, /* bytes of one */
    REMOTE_SIGNALS_MOST = 400,     /* that wait for one seat */
    REMOTE_TEXT_MAX = 1000,        /* characters */
    REMOTE_NAME_MAX = 80,
    REMOTE_SEATS_MOST = 24,     /* of one visit, with those that are dead */
    REMOTE_HERE_MS = 40 * 1000, /* who was not heard of for so long is not there */
};

/* Code; what people are told; whether a professional makes a link for such a one. */
#define REMOTE_WHO_LIST(X)                                           \
    X(RESIDENT, "resident", N_("Resident"), true)                    \
    X(FAMILY, "family", N_("Family member or somebody close"), true) \
    X(INTERPRETER, "interpreter", N_("Interpreter"), true)           \
    X(COLLEAGUE, "colleague", N_("Colleague"), true)                 \
    X(STAFF, "staff", N_("Professional"), false)
const char *remote_who_code(enum remote_who w);
const char *remote_who_words(enum remote_who w); /* message id */
bool remote_who_from(struct str code, enum remote_who *out);

enum remote_state {
    REMOTE_LINKED,  /* nobody has used the link yet */
    REMOTE_WAITING, /* in the waiting room */
    REMOTE_IN,
    REMOTE_LEFT,
    REMOTE_REMOVED, /* link and cookie are worth nothing */
    REMOTE_STATES
};
const char *remote_state_code(enum remote_state s);
bool remote_state_from(struct str code, enum remote_state *out);

/* When the visit's room is open. Pure. */
enum remote_when { REMOTE_EARLY, REMOTE_OPEN, REMOTE_OVER };
enum remote_when remote_when(const struct appointment *p, struct instant now);
struct instant remote_opens(const struct appointment *p);
struct instant remote_dies(const struct appointment *p);

/* ---- secrets ---- */

/* What a device gets for its cookie: it follows from the form that asked, so that the same form
 * sent twice is answered the same. */
struct str remote_device(struct arena *a, const unsigned char key[32], struct str ref,
                         struct str once);

/* ---- rows ---- */

struct remote_seat {
    int64_t id, appointment, staff, session; /* session: of a professional who has taken it */
    int number;
    struct str ref, name, page, cookie;
    enum remote_who who;
    enum remote_state state;
    struct instant seen;
};
struct remote_seats {
    LIST_FIELDS(struct remote_seat);
};
struct remote_room {
    bool ended;
    int seats;
    struct instant told;
};
static inline uint64_t remote_topic(int64_t appointment)
{
    return topic_of("remote", appointment);
}
static inline uint64_t remote_seat_topic(int64_t seat)
{
    return topic_of("remote-seat", seat);
}
bool remote_is_here(const struct remote_seat *s, struct instant now);

bool remote_room_load(struct db *db, int64_t appointment, struct remote_room *out);
struct remote_seats remote_seats(struct arena *a, struct db *db, int64_t appointment);
bool remote_seat_by_ref(struct arena *a, struct db *db, struct str ref, struct remote_seat *out);
bool remote_seat_by_link(struct arena *a, struct db *db, struct str hash, struct remote_seat *out);
const struct remote_seat *remote_seat_of(const struct remote_seats *all, enum remote_who who,
                                         int64_t staff); /* that lives; NULL: none */

/* In a commit. */
struct remote_new {
    enum remote_who who;
    struct str name, link; /* hash; NULL pointer: none */
    int64_t staff;
};
/* False: too many. */
bool remote_seat_make(struct arena *a, struct db *db, const struct appointment *p,
                      const struct remote_new *n, struct instant now, struct remote_seat *out);
/* `session`: of a professional; 0: of nobody who signs in. */
void remote_seat_device(struct db *db, const struct remote_seat *s, struct str cookie_hash,
                        int64_t session, enum remote_state state, struct instant now);
void remote_seat_set(struct db *db, const struct remote_seat *s, enum remote_state state);
/* A professional's that is theirs no more, until they come in anew. */
void remote_seat_out(struct db *db, const struct remote_seat *s);
void remote_seat_here(struct db *db, const struct remote_seat *s, struct str page,
                      struct instant now);
void remote_room_end(struct db *db, int64_t appointment, struct instant now);
void remote_room_again(struct db *db, int64_t appointment);
void remote_room_told(struct db *db, const struct appointment *p, struct instant now);

struct remote_signal {
    int64_t seq;
    int sender;
    struct str sender_page, page, once, body;
};
struct remote_signals {
    LIST_FIELDS(struct remote_signal);
};
/* False: too many wait for that seat. The same once again is nothing again. */
bool remote_signal_put(struct arena *a, struct db *db, const struct remote_seat *to,
                       const struct remote_signal *s, struct instant now);
struct remote_signals remote_signals(struct arena *a, struct db *db, const struct remote_seat *s,
                                     int64_t after);
struct remote_line {
    int64_t seq;
    int sender;
    struct str name, body, once;
    struct instant at;
};
struct remote_lines {
    LIST_FIELDS(struct remote_line);
};
bool remote_text_put(struct arena *a, struct db *db, const struct remote_seat *s,
                     const struct remote_line *t, struct instant now);
struct remote_lines remote_texts(struct arena *a, struct db *db, int64_t appointment,
                                 int64_t after);

/* ---- TURN ---- */

/* The RTCIceServer objects of now as a JSON array, for one who is known there as `who`. */
struct str remote_ice(struct arena *a, const struct remote_turn *t, struct str who,
                      struct instant now);

/* ---- pages ---- */

/* The appointment's team's number; empty: none is told. */
struct str remote_phone(struct rq *rq, const struct appointment *p);
/* Camera and microphone are allowed for this answer alone. */
void remote_allow_media(struct rq *rq);
void remote_cookie(struct rq *rq, const struct remote_seat *s, const struct appointment *p,
                   struct str device);
/* Who has the seat's cookie. */
bool remote_has_device(struct rq *rq, const struct remote_seat *s);
/* ... and may have the seat: a professional as long as they are signed in as when they took it, and
 * have sight of the matter. */
bool remote_has(struct rq *rq, const struct remote_seat *s, const struct appointment *p);

/* In a commit: the link to who has the time, by the way that they chose. False: they want no
 * messages, or have no address for it. */
bool remote_link_send(struct arena *a, struct db *db, const struct appointment *p, struct str site,
                      struct str secret, struct instant now);

#endif
