/*
 * chat.h: chat: a resident writes with a professional, now. A channel belongs to a team and has
 * hours, languages, a text for when it is closed and other ways to reach us, all data
 * (data/county/chat.json has the shape; `asialla import chat FILE` takes them in).
 *
 *     chat_start()--> waiting --TAKEN--> talking --ENDED--> over
 *                        |                  \--HANDED--> waiting (another channel, history kept)
 *                        |--LEFT--> left
 *                        \--nobody in time--> both ways offered --> matter, with a promise
 *
 * All that happens in a conversation is an event with a number of its own, 1, 2, 3 ... in the order
 * of the commits: what was answered is on disk, and who has seen number n asks for what comes after
 * n. A message sent twice (`once`) is one event. Nothing is said to a live page that is not
 * committed. State, place in the queue and figures follow from the events.
 *
 * The resident is anonymous (SESSION_CHAT: a cookie for this one conversation) until they tell who
 * they are inside it. A conversation that is joined to a matter is of that matter's register and
 * its sights are logged there; the text of one that is not is erased some days after its end
 * (data), and numbers alone stay.
 */
#ifndef ASIALLA_CHAT_CHAT_H
#define ASIALLA_CHAT_CHAT_H

#include "app/app.h"
#include "attach/attach.h"
#include "matter/matter.h"
#include "team/team.h"

/* ---- channels ---- */

struct chat_channel {
    int64_t id, team;
    struct str ref, name[LANG_COUNT], lead[LANG_COUNT], closed[LANG_COUNT]; /* closed: the text */
    struct str form;        /* the contact form offered beside, and of the matters made of it */
    struct str reason;      /* the law's reason of the matters that are made of conversations */
    struct str phone;       /* of the other way; empty: none */
    bool langs[LANG_COUNT]; /* in which somebody writes */
    struct law_hours hours; /* as data/county/chat.json writes them: law_hours_read() */
    enum reg reg;
    int wait_minutes;      /* nobody by then: it becomes a matter, or a call-back is offered */
    int at_once;           /* how many conversations a professional has at most */
    int queue_most;        /* how many may wait; more are told to come later or by the other ways */
    bool paused;           /* a head has closed it for now */
    struct str paused_why; /* as the head wrote it, for residents too; empty: not told */
};
struct chat_channels {
    LIST_FIELDS(struct chat_channel);
};
struct chat_channels chat_channels(struct arena *a, struct db *db);
const struct chat_channel *chat_channel_by_ref(const struct chat_channels *all, struct str ref);
const struct chat_channel *chat_channel_by_id(const struct chat_channels *all, int64_t id);
/* In a commit: closed for now, or open again by its hours. */
void chat_pause(struct db *db, const struct chat_channel *c, bool paused, struct str why);

/* Is it open now, and if not, when next (ms 0: not in the next weeks, or not known: it is paused)?
 * Holidays are closed where its hours do not say otherwise. Pure. */
bool chat_is_open(const struct law *law, const struct chat_channel *c, struct instant now,
                  struct instant *next);
/* When it closes today; only of an open one. */
struct instant chat_closes(const struct law *law, const struct chat_channel *c, struct instant now);
/* "Monday to Friday 8:00 to 16:00": its regular week, a line for each run of alike days. */
struct chat_lines {
    LIST_FIELDS(struct str);
};
struct chat_lines chat_hours_words(struct arena *a, enum lang l, const struct chat_channel *c);

/* ---- a conversation ---- */

enum chat_state {
    CHAT_IS_WAITING,
    CHAT_IS_TALKING,
    CHAT_IS_OVER,
    CHAT_IS_LEFT,
    CHAT_IS_MATTER,
    CHAT_STATES
};
const char *chat_state_code(enum chat_state s);
const char *chat_state_words(enum chat_state s); /* message id */

#define CHAT_KINDS(X)                                                                             \
    X(STARTED, "started")     /* by the resident: channel, language, name if told, first words */ \
    X(SAID, "said")           /* a message; staff 0: the resident's */                            \
    X(SENT, "sent")           /* an attachment: its id stands in the body */                      \
    X(TAKEN, "taken")         /* a professional joined, or took over from a colleague (body) */   \
    X(HANDED, "handed")       /* to another channel: waiting again, first in its line */          \
    X(ASKED_WHO, "asked-who") /* the professional asks who it is */                               \
    X(TOLD_WHO, "told-who")   /* the resident told: name, birth date, phone (self-declared) */    \
    X(JOINED, "joined")       /* joined to a matter: an earlier one, or a new one */              \
    X(LINKED, "linked")       /* a link to a video meeting or a service, by the professional */   \
    X(LEFT, "left")           /* the resident went while waiting */                               \
    X(ENDED, "ended")         /* by either; body: how */                                          \
    X(UNANSWERED, "unanswered") /* nobody in time: a matter was made, or a call-back offered */   \
    X(JUDGED, "judged")         /* the feedback question's answer */
enum chat_kind {
#define X(name, code) CHAT_##name,
    CHAT_KINDS(X)
#undef X
        CHAT_KIND_COUNT
};
const char *chat_kind_code(enum chat_kind k);
bool chat_kind_from(struct str code, enum chat_kind *out);

struct chat {
    int64_t id, channel, team;
    struct str ref; /* random, 13 characters: what addresses hold */
    enum chat_state state;
    enum lang lang;
    int64_t staff; /* who talks; 0: nobody */
    struct str staff_name;
    int64_t matter;                                      /* 0: joined to none */
    struct instant started, waiting, taken, ended, last; /* waiting: since when; ms 0: not yet */
    int64_t seq;                                         /* the last event's number */
    int64_t seen_staff, seen_resident;                   /* up to which number each has seen */
    struct str name, phone;                              /* as told; empty: not told */
    struct date born;
    int64_t first;            /* the channel in which it was started */
    int handed;               /* times */
    struct str how;           /* of one that is over: see struct chat_act */
    bool asked, told;         /* who it is */
    struct instant offered;   /* nobody in time: both ways were offered; ms 0: not yet */
    int good;                 /* the feedback question's answer, 1 to 5; 0: none */
    int64_t said_staff, said; /* messages by professionals, and by the resident */
};
struct chats {
    LIST_FIELDS(struct chat);
};

struct chat_event {
    int64_t seq, staff; /* staff 0: the resident or the program */
    struct instant at;
    enum chat_kind kind;
    struct str text; /* for people; empty: none */
    struct str body; /* JSON: the kind's own */
    struct str staff_name;
};
struct chat_events {
    LIST_FIELDS(struct chat_event);
};

/* Why something cannot be done; the words tell what to do. */
#define CHAT_REFUSALS(X)                                                                        \
    X(FINE, "")                                                                                 \
    X(CLOSED, N_("The chat is closed now. The other ways to reach us are below."))              \
    X(FULL, N_("So many are waiting that we would not reach you in time. Try later, or leave "  \
               "a call-back request."))                                                         \
    X(OVER, N_("This conversation has ended. You can start a new one."))                        \
    X(TAKEN, N_("A colleague has this conversation already."))                                  \
    X(ENOUGH, N_("You have as many conversations as the channel allows. End one first."))       \
    X(NOT_YOURS, N_("Take the conversation first."))                                            \
    X(NO_TEXT, N_("Write a message."))                                                          \
    X(LONG_TEXT, N_("The message is too long. Shorten it to 2,000 characters."))                \
    X(NO_CHANNEL, N_("Choose a channel."))                                                      \
    X(NOT_ASKED, N_("Nobody has asked this."))                                                  \
    X(NOBODY, N_("Write a name, a date of birth, a phone number or a receipt code."))           \
    X(OTHER_REGISTER, N_("That matter is kept in another client register. It cannot be joined " \
                         "to this conversation."))                                              \
    X(JOINED, N_("This conversation is joined to a matter already."))                           \
    X(NO_LINK, N_("Write the whole address. It begins with https://"))                          \
    X(TOO_MANY, N_("This conversation is full. End it and start a new one."))
enum chat_refusal {
#define X(name, words) CHAT_REFUSED_##name,
    CHAT_REFUSALS(X)
#undef X
        CHAT_REFUSED_COUNT
};
const char *chat_refusal_words(enum chat_refusal r); /* message id */

/* What somebody does. Members that the kind does not use are left out. */
struct chat_act {
    enum chat_kind kind;
    int64_t staff; /* 0: the resident, or the program */
    struct instant at;
    struct str once; /* the form's random value, 16 characters or more */
    struct str text;
    struct str name, phone;         /* TOLD_WHO */
    struct date born;               /* TOLD_WHO; DATE_NONE: not told */
    int64_t channel;                /* HANDED */
    int64_t matter;                 /* JOINED */
    const struct attach_file *file; /* SENT */
    struct str href;                /* LINKED: https only, or an own path ("/fi/service/...") */
    int good;                       /* JUDGED: 1 to 5 */
    struct str how;                 /* ENDED: "solved", "matter", "went" */
    int64_t from;                   /* TAKEN from a colleague: who had it on one's page */
    bool head;                      /* TAKEN: by a head, who need not wait for silence */
    struct str network;             /* STARTED: from where, hashed: chat_network(); else empty */
};

/* What a resident is told who cannot start: the channel is open, there is room in its line, and not
 * too many conversations are open from that network (data/chat.json; network empty: not counted).
 * On the snapshot: the line is not counted in the commit, where each start would wait for the
 * others; a few that come in one moment may pass. */
enum chat_refusal chat_may_start(struct db *db, const struct law *law, const struct chat_channel *c,
                                 struct str network, struct instant now);
struct str chat_network(struct arena *a, const unsigned char key[32], struct str address);
/* In a commit: somebody met a closed or a full channel. A number, no person. */
void chat_turned_away(struct db *db, const struct chat_channel *c, enum chat_refusal why,
                      struct instant at);

/* In a commit. Makes the conversation and its first event; *out is it. The same `once` again gives
 * the same. (Whether it is open, and its line, are chat_may_start()'s; here the text counts.) */
enum chat_refusal chat_start(struct arena *a, struct db *db, const struct law *law,
                             const struct chat_channel *c, enum lang l,
                             const struct chat_act *first, struct chat *out);
/* In a commit: checks, appends, updates, tells the live pages. *c (loaded in the same commit)
 * becomes what follows. */
enum chat_refusal chat_do(struct arena *a, struct db *db, struct chat *c,
                          const struct chat_act *act);
/* May it be done as it stands? Pure; without what other rows say (at_once, `once`). */
enum chat_refusal chat_check(const struct chat *c, const struct chat_act *act);
/* Rebuilds what a conversation's events say; begin with zeros and the id, ref and lang of the row.
 * Pure. */
void chat_fold(struct arena *a, struct chat *c, const struct chat_event *e);

/* In a commit: a matter of the conversation, joined to it (JOINED; with staff 0 where nobody
 * answered: UNANSWERED, and the conversation is over). One conversation makes one matter: its id
 * again where it was made before. Its receipt code is chat_code(). */
struct chat_matter {
    int64_t staff; /* who makes it; 0: the program, or the resident */
    struct instant at;
    struct str text;         /* the professional's summary; empty: the resident's own first words */
    struct str reason;       /* empty: the channel's */
    struct matter_wish wish; /* all zeros: none */
    bool call;               /* the resident is to be called: `phone` is known */
};
int64_t chat_make_matter(struct arena *a, struct db *db, const struct law *law,
                         const unsigned char key[32], struct chat *c, const struct chat_matter *m);
struct str chat_code(struct arena *a, const unsigned char key[32], const struct chat *c);
/* In a commit: ENDED, and what the joined matter is told: CHATTED, which stops what a call would
 * stop. Closing the matter is the caller's. */
enum chat_refusal chat_end(struct arena *a, struct db *db, const struct law *law, struct chat *c,
                           const struct chat_act *act);

bool chat_load(struct arena *a, struct db *db, int64_t id, struct chat *out);
bool chat_load_ref(struct arena *a, struct db *db, struct str ref, struct chat *out);
/* Those after number `after`, at most `max`, in their order. */
struct chat_events chat_events(struct arena *a, struct db *db, int64_t chat, int64_t after,
                               size_t max);
/* In a commit: everything up to that number has been seen. */
void chat_seen(struct db *db, int64_t chat, bool staff, int64_t seq);

/* Conversations that wait in these teams' channels, longest first; and those that a professional
 * has. */
struct chats chat_waiting(struct arena *a, struct db *db, int64_t team, size_t max);
struct chats chat_mine(struct arena *a, struct db *db, int64_t staff);
/* Those of that channel that colleagues have and `staff` may take over now. */
struct chats chat_to_take_over(struct arena *a, struct db *db, int64_t channel, int64_t staff,
                               bool head, struct instant now);
bool chat_may_take_over(struct arena *a, struct db *db, const struct chat *c, int64_t staff,
                        bool head, struct instant now);

/* Place in the queue (1: next) and the honest estimate: the median of today's last waits per place,
 * from the events; minutes -1: too few to tell. */
struct chat_place {
    int64_t place;
    int minutes;
    int least, most; /* half of today's waits were between these, for that place */
    int staff;       /* how many are there to answer: who talks in the channel or is present in its
                        team, and serves in that language */
};
struct chat_place chat_place(struct arena *a, struct db *db, const struct chat *c,
                             struct instant now);
/* The same for somebody who would start now. */
struct chat_place chat_place_next(struct arena *a, struct db *db, const struct chat_channel *c,
                                  enum lang l, struct instant now);

/* May that professional see it? Its team is one of theirs, or its matter is. */
bool chat_related(const struct session *s, const struct chat *c);

/* Live pages: of one conversation, of a team's desk. */
uint64_t chat_topic(int64_t chat);
uint64_t chat_desk_topic(int64_t team);

/* ---- keeping ---- */

/* For the keeper: nobody in time; text whose days are over. Looks; in a commit, in runs. */
/* In a commit: a matter's conversations with all that was said in them; what figures count of them
 * stays. */
void chat_erase_matter(struct arena *a, struct db *db, int64_t matter);

bool chat_chores_wanted(struct db *db, struct instant now);
bool chat_chores(struct arena *a, struct db *db, const struct law *law, const unsigned char key[32],
                 struct instant now);

/* The settings of a county's channels. In a commit; false: *why names the place. */
bool chat_channels_store(struct arena *a, struct db *db, const struct law *law,
                         const struct jv *settings, struct str *why);

/* `asialla import chat FILE`. */
int chat_import_command(struct arena *a, struct store *s, const struct law *law, int argc,
                        char *const *argv);

extern const struct stmt_table chat_statements, chat_channel_statements, chat_keep_statements,
    chat_figure_statements;
extern const struct route_table chat_routes, chat_act_routes, chat_desk_routes, chat_figure_routes;

#endif
