/*
 * matter.h: the heart of the program. A matter (asia) is one need of one person, whatever channel
 * it came by. It has one owner (a team, then a person), a next step and a promise (the first of its
 * open clocks). All that happens to it is an event, appended and never changed; what screens show
 * is a fold over its events (matter_fold), kept as rows for speed and recomputed by `asialla
 * verify`.
 *
 *     act --matter_check--> refused with a reason, or
 *         --matter_do-----> event (what, who, when, which clocks start and stop) --matter_fold-->
 * rows
 *
 * States: open -> closed | cancelled -> (reopened) open. A matter is closed only with an outcome
 * and a text to the resident. While open it has at least one running clock. A clock is never reset.
 */
#ifndef ASIALLA_MATTER_MATTER_H
#define ASIALLA_MATTER_MATTER_H

#include "auth/auth.h"
#include "base/json.h"
#include "base/time.h"
#include "base/vec.h"
#include "law/law.h"
#include "store/store.h"
#include "team/team.h"

/* What can happen: code in the log; the law's event or NONE; what the history calls it. */
#define MATTER_KINDS(X)                                                                          \
    X(RECEIVED, "received", LAW_RECEIVED, N_("Received"))                                        \
    X(TAKEN, "taken", LAW_TAKEN, N_("Taken"))                                                    \
    X(RELEASED, "released", LAW_EVENT_COUNT, N_("Put back in the queue"))                        \
    X(ASSESSED, "assessed", LAW_ASSESSED, N_("Need assessed"))                                   \
    X(CONTACTED, "contacted", LAW_CONTACTED, N_("Reached by phone or in person"))                \
    X(MISSED, "missed", LAW_EVENT_COUNT, N_("Tried to reach"))                                   \
    X(ANSWERED, "answered", LAW_ANSWERED, N_("Written to the resident"))                         \
    X(MESSAGE, "message", LAW_MESSAGE, N_("Message from the resident"))                          \
    X(HANDED_OVER, "handed-over", LAW_HANDED_OVER, N_("Handed over"))                            \
    X(GUIDED, "guided", LAW_EVENT_COUNT, N_("Guided to a service"))                              \
    X(NOTED, "noted", LAW_EVENT_COUNT, N_("Note"))                                               \
    X(CARE_GIVEN, "care-given", LAW_CARE_GIVEN, N_("Care given"))                                \
    X(DOCTOR_NEEDED, "doctor-needed", LAW_DOCTOR_NEEDED, N_("A doctor is needed"))               \
    X(DOCTOR_SEEN, "doctor-seen", LAW_DOCTOR_SEEN, N_("Doctor seen"))                            \
    X(NEED_FOUND, "need-found", LAW_NEED_FOUND, N_("Need of treatment or support found"))        \
    X(ASSESSMENT_BEGUN, "assessment-begun", LAW_ASSESSMENT_BEGUN, N_("Assessment begun"))        \
    X(ASSESSMENT_DONE, "assessment-done", LAW_ASSESSMENT_DONE, N_("Assessment completed"))       \
    X(DECIDED, "decided", LAW_DECIDED, N_("Decision made"))                                      \
    X(SERVICE_BEGUN, "service-begun", LAW_SERVICE_BEGUN, N_("Service begun"))                    \
    X(SUPPLEMENTED, "supplemented", LAW_SUPPLEMENTED, N_("Supplement arrived"))                  \
    X(MEETING_HELD, "meeting-held", LAW_MEETING_HELD, N_("Meeting held"))                        \
    X(NEED_RENEWED, "need-renewed", LAW_NEED_RENEWED, N_("A new need"))                          \
    X(DETAILS, "details", LAW_DETAILS, N_("Details of the person completed"))                    \
    X(CLOSED, "closed", LAW_CLOSED, N_("Closed"))                                                \
    X(CANCELLED, "cancelled", LAW_CLOSED, N_("Cancelled by the resident"))                       \
    X(REOPENED, "reopened", LAW_REOPENED, N_("Opened again"))                                    \
    X(ASKED, "asked", LAW_EVENT_COUNT, N_("Asked the resident"))                                 \
    X(CONSULT_ASKED, "consult-asked", LAW_EVENT_COUNT, N_("Asked a colleague"))                  \
    X(CONSULT_ANSWERED, "consult-answered", LAW_EVENT_COUNT, N_("A colleague answered"))         \
    X(CONSULT_ENDED, "consult-ended", LAW_EVENT_COUNT, N_("Question to a colleague taken back")) \
    X(HAND_OFFERED, "hand-offered", LAW_HANDED_OVER, N_("Handed over, not taken yet"))           \
    X(HAND_TAKEN, "hand-taken", LAW_TAKEN, N_("Taken over by the receiver"))                     \
    X(HAND_DECLINED, "hand-declined", LAW_HANDED_BACK, N_("The receiver did not take it"))       \
    X(HAND_RETURNED, "hand-returned", LAW_HANDED_BACK,                                           \
      N_("Not taken in time: back with the sender"))                                             \
    X(HAND_WITHDRAWN, "hand-withdrawn", LAW_HANDED_BACK, N_("Hand-over taken back"))             \
    X(MERGED, "merged", LAW_EVENT_COUNT, N_("Joined to another matter"))                         \
    X(MERGED_IN, "merged-in", LAW_EVENT_COUNT, N_("Another matter was joined to this"))          \
    X(SPLIT, "split", LAW_EVENT_COUNT, N_("Separated again"))                                    \
    X(ALARMED, "alarmed", LAW_EVENT_COUNT, N_("Reminded before the due time"))                   \
    X(ESCALATED, "escalated", LAW_EVENT_COUNT, N_("Raised to the unit's head"))                  \
    X(ATTACHED, "attached", LAW_EVENT_COUNT, N_("Attachment"))                                   \
    X(CHATTED, "chatted", LAW_CONTACTED, N_("Chat"))                                             \
    X(WAITLISTED, "waitlisted", LAW_EVENT_COUNT, N_("Put on the waiting list"))                  \
    X(TIME_OFFERED, "time-offered", LAW_TIME_OFFERED, N_("A time was offered"))                  \
    X(TIME_DECLINED, "time-declined", LAW_EVENT_COUNT, N_("The offered time was not taken"))     \
    X(BOOKED, "booked", LAW_BOOKED, N_("Time booked"))                                           \
    X(TIME_MOVED, "time-moved", LAW_EVENT_COUNT, N_("Time moved"))                               \
    X(TIME_CANCELLED, "time-cancelled", LAW_EVENT_COUNT, N_("Time cancelled"))                   \
    X(TIME_MISSED, "time-missed", LAW_EVENT_COUNT, N_("Did not come to the booked time"))        \
    X(ERASED, "erased", LAW_EVENT_COUNT, N_("Erased"))

enum matter_kind {
#define X(name, code, law, words) MATTER_##name,
    MATTER_KINDS(X)
#undef X
        MATTER_KIND_COUNT
};
const char *matter_kind_code(enum matter_kind k);
const char *matter_kind_words(enum matter_kind k); /* message id */
bool matter_kind_from(struct str code, enum matter_kind *out);
/* A step that somebody takes in the matter, and that a visit can be: from care given to what counts
 * before a new need. */
bool matter_kind_is_step(enum matter_kind k);

/* Joined: it goes on as a part of another (merge.h). Gone: erased (matter_erase). */
enum matter_state {
    MATTER_OPEN,
    MATTER_SHUT,
    MATTER_WITHDRAWN,
    MATTER_JOINED,
    MATTER_GONE,
    MATTER_STATE_COUNT
};
const char *matter_state_code(enum matter_state s); /* open, closed, cancelled, joined, erased */

/* How it came in. */
enum matter_channel {
    CHANNEL_WEB,
    CHANNEL_PHONE,
    CHANNEL_VISIT,
    CHANNEL_LETTER,
    CHANNEL_CHAT,
    CHANNEL_COUNT
};
const char *matter_channel_code(enum matter_channel c);
const char *matter_channel_words(enum matter_channel c); /* message id */
bool matter_channel_from(struct str code, enum matter_channel *out);

/* The professional's judgement, never the program's. */
enum matter_urgency { URGENCY_NOW, URGENCY_TODAY, URGENCY_WEEK, URGENCY_LATER, URGENCY_COUNT };
const char *matter_urgency_code(enum matter_urgency u);
const char *matter_urgency_words(enum matter_urgency u);
bool matter_urgency_from(struct str code, enum matter_urgency *out);

enum matter_outcome {
    OUTCOME_ADVICE,      /* advice was enough */
    OUTCOME_CARE,        /* care or service was given or arranged */
    OUTCOME_GUIDED,      /* guided to another service */
    OUTCOME_NO_NEED,     /* assessed: no need */
    OUTCOME_NOT_REACHED, /* not reached after three tries */
    OUTCOME_OTHER,
    OUTCOME_COUNT
};
const char *matter_outcome_code(enum matter_outcome o);
const char *matter_outcome_words(enum matter_outcome o);
bool matter_outcome_from(struct str code, enum matter_outcome *out);

struct matter_clock {
    struct str rule; /* id: outlives a change of the data */
    struct law_clock clock;
    struct instant stopped; /* ms 0: running */
    struct str stopped_by;
    int64_t team;        /* whose the matter was when it stopped; 0: it runs */
    struct date offered; /* when first a time was offered or booked while it ran; DATE_NONE */
    bool went;           /* came with another matter and went with it again: it counts there */
};
struct matter_clocks {
    LIST_FIELDS(struct matter_clock);
};

/* The wished window of a call-back: minutes of that day. */
struct matter_wish {
    struct date day; /* DATE_NONE: none */
    int from, to;
};

/* How the resident agreed that something is told to others. */
enum matter_agreed { AGREED_PHONE, AGREED_VISIT, AGREED_WRITTEN, AGREED_COUNT };
const char *matter_agreed_code(enum matter_agreed g); /* phone, visit, written */
const char *matter_agreed_words(enum matter_agreed g);
bool matter_agreed_from(struct str code, enum matter_agreed *out);

/*
 * A hand-over that stays open until the receiver takes it. Until then the matter is the sender's.
 *
 * To a team of the same register: the receiver sees the matter itself (SIGHT_OFFERED), and taking
 * moves it. Across registers nothing moves: a new matter (the carrier) is made in the receiving
 * team, which holds what the resident agreed to and nothing else; taking, declining and the like
 * are done to the carrier by the receiver, or to the sender's matter by the sender, and told to the
 * other one by the program (staff 0). To an organisation: the sender records what it said.
 *
 * Of a carrier `team` is its own team, `from_team` the sender's, `matter` the sender's matter.
 * After declining or going back (`returned`) what was offered stays here, no longer open, until
 * the sender's team does something.
 */
struct matter_offer {
    int64_t team;             /* to which of our teams; 0: none, or to an organisation */
    struct str organisation;  /* the directory's id; empty: to a team of ours */
    struct str name;          /* the organisation's, as it was */
    int64_t staff, from_team; /* who offers */
    struct instant at, ends;  /* ends: untaken then, it goes back */
    int64_t matter;           /* in another register: the matter that carries what was agreed */
    bool open;
    bool declined; /* not open any more: the receiver said no, rather than nothing */
};

/* The first booked time that is still to come (or was, when something last happened to the matter's
 * times): booking tells it with each event of a time (struct matter_visit). */
struct matter_first {
    int64_t appointment; /* 0: none */
    struct instant start, end;
    bool remote;
    struct str place[LANG_COUNT]; /* as people are told it */
};

enum { MATTER_AGAIN_NONE = -1, MATTER_AGAIN_UNKNOWN = -2, MATTER_AGAIN_DAYS = 30 };

struct matter {
    int64_t id, person;
    struct str ref; /* matter_ref(id), once it has an id */
    enum matter_state state;
    enum reg reg;
    struct str form, reason;
    enum matter_channel channel;
    int64_t team, owner;                       /* owner 0: nobody yet */
    struct instant received, assessed, closed; /* ms 0: not yet */
    struct date counted;
    struct str urgency, outcome; /* codes; empty: none */
    bool news;
    struct str name, phone, email, reach, language, other;
    struct date born;
    struct str conditions; /* of the person, as the law names them, a blank between; empty: none */
    bool interpreter;
    struct matter_wish wish;
    struct matter_clocks clocks;
    struct matter_offer offer; /* the hand-over that nobody has taken yet */
    struct instant returned;   /* a hand-over came back untaken or declined; ms 0: none since */
    int64_t origin;            /* the matter in the other register from which it was handed over */
    int64_t into;              /* the matter that it was joined to; 0: it stands for itself */
    int consults;              /* questions to colleagues that are open */
    bool asked;                /* the resident was asked back and has not answered */
    bool escalated;            /* raised to the unit's head, and nothing has been done since */
    struct instant reminded;   /* the due time of which somebody was reminded; ms 0: none */
    struct instant raised;     /* the one that was raised to the unit's head */
    struct instant responded;  /* the first answer or talk: what figures use; never moved */
    int first_contact;         /* once closed: solved at first contact? 1, 0; -1: not known */
    struct matter_first visit; /* the next booked time */
    struct str district;       /* of the resident; empty: not told */
    struct str step, step_was; /* where it stands: code of data/fact.json, empty once closed; and
                                  where before it began to wait for somebody's answer */
    struct instant step_at;    /* since when */
    struct instant touched;    /* when a professional last did something; ms 0: never */
    int touch;                 /* minutes that professionals gave it, as fact.json estimates */
    int handoffs;              /* how often it went to another team or professional */
    int again;                 /* days since the person's contact before; or MATTER_AGAIN_* */
    bool fresh; /* begun in this very commit, and nothing has happened to it since: what others
                 * have of it need not be looked for */
};

/* Is it what carries a hand-over from the other register, not decided on yet? */
bool matter_is_carrier(const struct matter *m);

/* The first open clock: the promise. NULL where the matter is not open. */
const struct matter_clock *matter_promise(const struct matter *m);

struct matter_event {
    int64_t id, staff; /* staff 0: the resident or the program */
    struct instant at;
    enum matter_kind kind;
    struct str body;                   /* JSON */
    struct str staff_name, profession; /* where staff, for showing */
};
struct matter_events {
    LIST_FIELDS(struct matter_event);
};

/* ---- acting ---- */

/* What was learned of the person later. Empty members: nothing new. */
struct matter_details {
    struct str name, phone;
    struct date born;      /* DATE_NONE: nothing new */
    struct str conditions; /* codes, a blank between: added to those known */
};

/* What of the person goes to the other register as fields: the parts of what they agreed to. */
struct matter_told {
    bool name, phone, born, language;
};

/* A booked time, as far as the matter's history tells of it (booking.h has the rest). */
struct matter_visit {
    int64_t appointment, moved_to; /* 0: the event is of no time; not moved */
    int64_t moved_from;            /* BOOKED: instead of that one; 0: anew */
    struct instant moved_start;    /* TIME_MOVED: when the new one begins */
    struct instant start, end;     /* ms 0: on the waiting list without one */
    bool remote;
    struct str type;    /* service type's ref */
    int64_t assessment; /* a realised visit: the event of the assessment it belongs to; 0: none */
    struct str profession;            /* a realised visit: who gave it */
    bool program;                     /* nobody pressed anything: an offer that ran out... */
    bool undone;                      /* TIME_MISSED: it was marked by mistake */
    const struct matter_first *first; /* the first booked time once this has happened; NULL: as it
                                         was */
};
/* A move is two events, and told as one: "Moved from %1 to %2"; empty: it is none, or of before
 * both times were written down. Is it the second one, which the first has told? Of an event's body.
 */
struct str matter_move_words(struct arena *a, enum lang l, const struct jv *body);
bool matter_move_told(const struct jv *body);

/* Something that somebody wants to do. Fields that the kind does not use are left out. */
struct matter_act {
    enum matter_kind kind;
    struct instant at;
    int64_t staff;                    /* 0: the resident */
    struct str text;                  /* to or from the resident; the note; why it is handed over */
    struct str reason;                /* ASSESSED: reason code */
    struct str urgency;               /* ASSESSED */
    struct str profession;            /* ASSESSED: which profession is needed */
    struct str outcome;               /* CLOSED */
    struct str service, service_name; /* GUIDED */
    int64_t team;                     /* HAND_OFFERED, CONSULT_ASKED: to */
    enum reg team_reg;                /* HAND_OFFERED: the receiving team's register */
    bool agreed; /* HAND_OFFERED out of the register: the resident agrees; TAKEN from somebody */
    struct str organisation, organisation_name; /* HAND_OFFERED: to an organisation, not a team */
    struct str shared; /* HAND_OFFERED to another register or an organisation: word by word, what
                          is told there, as the person agreed to it */
    struct str agreed_how;   /* with `shared`: a code of enum matter_agreed */
    struct instant ends;     /* HAND_OFFERED: when it goes back untaken; matter_do() sets it */
    struct matter_told told; /* with `shared`, to a team: these go along as fields */
    int64_t to_staff; /* CONSULT_ASKED: that colleague; 0: anyone of `profession` in `team` */
    int64_t event;    /* CONSULT_ANSWERED, CONSULT_ENDED: the question's event */
    int64_t other;    /* MERGED, MERGED_IN, SPLIT: the other matter; HAND_OFFERED: the carrier,
                         which matter_do() makes; ATTACHED: the attachment */
    const struct matter_details *details; /* DETAILS */
    struct matter_wish wish;
    struct matter_visit visit;     /* of a booked time: WAITLISTED to TIME_MISSED, and a step that a
                                      realised visit is (CARE_GIVEN, DOCTOR_SEEN...) */
    const struct law_hours *hours; /* of the matter's team, for promises; matter_do() sets it */
};

/* Why an act is not possible. The words tell the user what to do. */
#define MATTER_REFUSALS(X)                                                                         \
    X(FINE, "")                                                                                    \
    X(NOT_OPEN, N_("This matter is closed. Open it again first."))                                 \
    X(IS_OPEN, N_("This matter is open already."))                                                 \
    X(JOINED, N_("This matter was joined to another, and goes on there."))                         \
    X(OTHERS, N_("Somebody else has this matter. Ask them to put it back, or take it over from "   \
                 "them when you have agreed on it."))                                              \
    X(MINE, N_("You have this matter already."))                                                   \
    X(NOBODYS, N_("Take the matter first."))                                                       \
    X(NO_TEXT, N_("Write a text. Nothing is closed or sent without one."))                         \
    X(LONG_TEXT, N_("The text is too long. Shorten it to 8,000 characters."))                      \
    X(NO_OUTCOME, N_("Choose an outcome."))                                                        \
    X(NO_URGENCY, N_("Choose how urgent the need is."))                                            \
    X(NO_REASON, N_("Choose a reason."))                                                           \
    X(NO_PROFESSION, N_("Choose who is needed."))                                                  \
    X(NO_TEAM, N_("Choose a team."))                                                               \
    X(SAME_TEAM, N_("This team has the matter already. Choose another."))                          \
    X(NO_SERVICE, N_("Choose a service."))                                                         \
    X(NO_DETAILS, N_("Write what you have learned of the person."))                                \
    X(NOT_AGREED, N_("The other team keeps another client register. Ask the resident first, and "  \
                     "mark that they agree."))                                                     \
    X(NOT_AGREED_OUT, N_("Nothing is told outside the county unless the resident agrees. Ask "     \
                         "them first, and mark that they agree."))                                 \
    X(NO_HOW, N_("Mark how the resident agreed: on the phone, on a visit or in writing."))         \
    X(NO_SHARED, N_("Write what the receiver is told: what the resident agreed to, and no more.")) \
    X(OFFERED, N_("This is handed over and nobody has taken it yet. Take the hand-over back "      \
                  "first, or wait until it is taken."))                                            \
    X(NOT_OFFERED, N_("This hand-over is not open any more: it was taken, or it went back."))      \
    X(NOBODY_ASKED, N_("Choose a colleague, or a profession and a team."))                         \
    X(NOT_ASKED, N_("This question was put to somebody else."))                                    \
    X(NO_QUESTION, N_("This question was answered or taken back already."))                        \
    X(TIME_AHEAD, N_("A time is booked in this matter. Cancel or move it first, or close the "     \
                     "matter once the visit has taken place."))                                    \
    X(NO_VISIT, N_("Choose the time that this is about."))                                         \
    X(OTHER_REGISTER, N_("They keep another client register, so they cannot see this matter. "     \
                         "Hand over what the resident agrees to instead."))

enum matter_refusal {
#define X(name, words) REFUSED_##name,
    MATTER_REFUSALS(X)
#undef X
        REFUSED_COUNT
};
const char *matter_refusal_words(enum matter_refusal r); /* message id */

/* May this act be done to the matter as it stands? Pure. */
enum matter_refusal matter_check(const struct law *law, const struct matter *m,
                                 const struct matter_act *act);

/* Is it a reason of the matter's register, or the one that it has? A reason picks the rules. */
bool matter_reason_fits(const struct law *law, const struct matter *m, struct str code);

/* Was this very act the last thing that happened to the matter, less than a minute ago? Then a form
 * was sent twice. (Not for what its state tells: closing, cancelling, details.) */
bool matter_done_already(struct arena *a, struct db *db, int64_t id, const struct matter_act *act);

/* Bits of enum matter_kind: the steps (care given, assessment begun, decided...) that would start
 * or stop a clock of the matter as it stands. */
uint32_t matter_steps_that_count(struct arena *a, struct db *db, const struct law *law,
                                 const struct matter *m, struct instant now);

/* In a commit: checks, appends the event, moves the clocks, updates the rows, tells the live pages,
 * and logs that a professional touched the matter. *m (from matter_load in the same commit) becomes
 * what follows. Whether the professional may do it at all is asked before by matter_sight(), in the
 * same commit, and by matter_may().
 *
 * HAND_OFFERED to a team of another register makes the carrier there. HAND_TAKEN moves the matter
 * to the receiving team within the register (who keeps something by the matter's team looks at
 * m->team afterwards, as tray_follow_matter() does). A carrier is taken by TAKEN or HAND_TAKEN. */
enum matter_refusal matter_do(struct arena *a, struct db *db, const struct law *law,
                              struct matter *m, const struct matter_act *act);

/* Everything that a contact brings. The strings live until the commit. */
struct matter_contact {
    struct str once;      /* the form's own random value, 16 characters or more */
    struct str code_hash; /* made by matter_contact_prepare; one form, one code, one matter */
    struct str form, reason;
    enum reg reg;
    enum matter_channel channel;
    int64_t team, staff, person; /* staff: who entered it for the resident; 0: the resident */
    struct instant at;           /* when it arrived: what the clocks count from */
    struct instant noted;        /* when staff entered it, where that is later; ms 0: at once */
    struct str name, phone, email, reach, language, other;
    struct date born;
    struct str conditions; /* of the person, as the law names them, a blank between */
    struct str district;   /* of the resident, where it was told: its ref */
    bool interpreter;
    struct matter_wish wish;
    const struct law_hours *hours; /* team_hours() of the team; NULL: promises by the office's */
    struct str response;           /* QuestionnaireResponse as JSON, or empty */
    struct str text;   /* what it is about, in one text, where there is no form's answer */
    struct str routed; /* why this team got it: team_routed.why; empty: not told */
    const struct matter_offer *offer; /* a carrier's (see struct matter_offer); else NULL */
    struct str body;                  /* the event, made by matter_contact_prepare */
    struct matter first;              /* the matter as it will be; likewise */
    const struct law *law;            /* likewise */
};

/* Before the commit, on any thread: makes ref, hashes, clocks and the event's body. Returns the
 * receipt code in its written form. */
struct str matter_contact_prepare(struct arena *a, const struct law *law,
                                  const unsigned char key[32], struct matter_contact *c);
/* In a commit: stores it. The matter's id; where the same form came before, that matter's id and
 * *again is set. */
int64_t matter_contact_store(struct arena *a, struct db *db, struct matter_contact *c, bool *again);
/* Right after that, where *again is not set: the matter as it stands now, without reading what has
 * just been written. */
struct matter matter_contact_began(struct arena *a, const struct matter_contact *c);

/* ---- reading ---- */

/* The number of a matter, for people: 8 characters. */
struct str matter_ref(struct arena *a, int64_t id);
int64_t matter_ref_id(struct str ref); /* 0: not one */
/* As people read and say it: "7K2M-4Q4R"; and back from how they type it ({NULL, 0}: not one). */
struct str matter_ref_shown(struct arena *a, struct str ref);
struct str matter_ref_typed(struct arena *a, struct str typed);

bool matter_load(struct arena *a, struct db *db, const struct law *law, int64_t id,
                 struct matter *out);
bool matter_load_ref(struct arena *a, struct db *db, const struct law *law, struct str ref,
                     struct matter *out);
int64_t matter_find_code(struct db *db, struct str code_hash); /* 0: none */
struct matter_events matter_load_events(struct arena *a, struct db *db, int64_t id);

/* Relation: may this professional see that matter? Its team is one of theirs. */
bool matter_related(const struct session *s, const struct matter *m);

/* How much of it. Each level sees what the levels before it see.
 * A question gives sight to those asked: while it is open; after the answer to who answered, to
 * read only, for some days and until the matter closes (data/matter.json). What went back untaken
 * is not seen by the receiver any more, only that it did (matter_offered_to). */
enum matter_sight {
    SIGHT_NONE,    /* "not found": whether it exists is not told */
    SIGHT_CONSULT, /* was asked inside the matter: sees it, answers the question, nothing else */
    SIGHT_OFFERED, /* it was handed over to a team of theirs: sees it, takes it or declines */
    SIGHT_OWN,     /* its team is one of theirs */
};
enum matter_sight matter_sight(struct db *db, const struct session *s, const struct matter *m);
/* May who sees that much do that? Taking and declining also need to be of the receiving team. */
bool matter_may(const struct session *s, const struct matter *m, enum matter_sight sight,
                enum matter_kind kind);
/* The same at a moment of one's own, for tests. */
enum matter_sight matter_sight_at(struct db *db, const struct session *s, const struct matter *m,
                                  struct instant now);

/* ---- what live pages listen to ---- */

/* Of a matter: anything that happens to it. Of a team: its queue, what is offered to it or by it,
 * questions put to it. Of a professional: questions put to them and answers to theirs. */
static inline uint64_t matter_topic(int64_t id)
{
    return topic_of("matter", id);
}
static inline uint64_t team_topic(int64_t id)
{
    return topic_of("team", id);
}
static inline uint64_t staff_topic(int64_t id)
{
    return topic_of("staff", id);
}

/* Follows what concerns a professional: their own topic, and those of their teams. */
void staff_stream(struct rq *rq);

/* ---- hand-overs ---- */

/* A line of either list: nothing that tells who the person is. */
struct matter_handed {
    int64_t id, team, owner; /* of the matter that the list's team sees: its own, or the offered */
    struct str ref, form, language;
    int64_t from_team, to_team; /* to_team 0: an organisation */
    struct str to_name;         /* the organisation's */
    struct str from_staff;      /* who offers: their name */
    struct instant received, at, ends, returned, due_at;
    struct law_clock clock; /* the promise: as in matter_line */
    struct str due_rule;
    bool open;     /* false: it went back (returned) and nobody has looked since */
    bool declined; /* not open: the receiver said no, rather than nothing */
    bool carrier;  /* it is the receiver's own matter already, with what was agreed */
};
struct matter_handed_list {
    LIST_FIELDS(struct matter_handed);
};
/* What waits for that team to take it, first ended first; what went back from it untaken within the
 * days of data/matter.json stands last, as a notice (no sight of it any more). */
struct matter_handed_list matter_offered_to(struct arena *a, struct db *db, const struct law *law,
                                            int64_t team, struct instant now, int64_t max);
/* What the team has offered to others: open, or came back and nobody has looked. */
struct matter_handed_list matter_offered_by(struct arena *a, struct db *db, const struct law *law,
                                            int64_t team, int64_t max);
/* The open matters in the other register that carry what was handed over from this one, as far as
 * the resident goes: they are the same person's, and the same code shows them. Newest first. */
struct matter_ids {
    LIST_FIELDS(int64_t);
};
struct matter_ids matter_carried(struct arena *a, struct db *db, int64_t id);

/* A look: has a hand-over run out? */
bool matter_hand_wanted(struct db *db, struct instant now);
/* In a commit: gives back some that ran out. True: there may be more. */
bool matter_hand_run(struct arena *a, struct db *db, const struct law *law, struct instant now);

/* ---- questions to colleagues ---- */

struct consult {
    int64_t matter, event; /* of the asking: CONSULT_ASKED */
    int64_t asked_by, from_team;
    struct instant asked;
    int64_t to_staff, to_team; /* to_staff 0: anyone of `profession` in to_team */
    struct str profession;
    struct instant answered, ended; /* ms 0: not (yet) */
    int64_t answered_by;
    struct str ref, form, asked_name, to_name; /* of lists: the matter, the people */
    struct str question, answer;               /* of a matter: as the events say; else empty */
};
struct consults {
    LIST_FIELDS(struct consult);
};
/* All of one matter, oldest first. Pure: from its events. */
struct consults matter_consults(struct arena *a, int64_t matter, const struct matter_events *e);
/* May the professional answer it (it is open, and put to them)? */
bool consult_is_for(const struct consult *c, const struct session *s);
/* The name of the colleague who was asked by name; lives in the arena. */
struct str consult_asked_whom(struct arena *a, struct db *db, const struct consult *c);
/* Open ones that the professional can answer, oldest first, and how many (at most 100). */
struct consults consults_open_for(struct arena *a, struct db *db, const struct session *s);
int64_t consults_count_for(struct arena *a, struct db *db, const struct session *s);
/* Open ones put to a team or its members. */
struct consults consults_to_team(struct arena *a, struct db *db, int64_t team);
/* Asked by a team's people between the two; the median of those answered, in milliseconds. */
struct consult_times {
    int64_t asked, answered, median, longest;
};
struct consult_times matter_consult_times(struct arena *a, struct db *db, int64_t team,
                                          struct instant from, struct instant to);

/* ---- solved at first contact ---- */

/* Derived from what happened, never ticked: closed with an outcome of data/matter.json, by the one
 * professional who did all that was done (others may have been asked), not later than the day of
 * the first talk or message (or some days after it: the same file), with no hand-over offered, no
 * call-back asked later, and never opened again. Pure. Of the matter as its last closing left it;
 * false where it is open. */
bool matter_first_contact(struct arena *a, const struct matter_events *events);

/* Matters of a team closed between the two. */
struct first_contacts {
    int64_t closed, first; /* those of which it is known */
};
struct first_contacts matter_first_contacts(struct db *db, int64_t team, struct instant from,
                                            struct instant to);

/* ---- the next step ---- */

/* What the resident is told comes next, and by when: never empty. The same on the status page, on
 * the list and on the card. */
struct str matter_next_step(struct arena *a, enum lang l, const struct law *law,
                            const struct matter *m, const struct teams *teams, struct instant now);

/* ---- data/matter.json ---- */

struct matter_data {
    int consult_sight_days;                  /* read only, after the answer */
    int returned_shown_days;                 /* on the receiver's list, after it went back */
    struct str carrier_form, carrier_reason; /* what a carrier begins as */
    int first_contact_days; /* closed at most so many days after the day of the first contact */
    bool first_contact[OUTCOME_COUNT]; /* by which outcomes */
};
const struct matter_data *matter_data(void);
/* Reads the text; false: *why. For matter_data() and the test. */
bool matter_data_read(struct arena *a, struct str text, struct matter_data *out, struct str *why);

/* A line of the queue: nothing that tells who the person is. */
struct matter_line {
    int64_t id, owner;
    struct str ref, form, reason, channel, owner_name, language, urgency, due_rule;
    struct instant received, due_at;
    struct law_clock clock; /* the promise: enough for law_state() and law_when() */
    int age;                /* -1: not known */
    bool news, interpreter;
    struct matter_wish wish;
};
struct matter_lines {
    LIST_FIELDS(struct matter_line);
};

enum queue_clock { QUEUE_ALL, QUEUE_OVER, QUEUE_TODAY, QUEUE_LATER };
struct queue_filter {
    int64_t team;
    enum queue_clock clock;
    int64_t owner;       /* 0: anyone's; -1: nobody's; else that professional's */
    struct str language; /* empty: any; "interpreter": interpreter needed */
    int64_t offset, limit;
    struct instant now;
};
struct queue_counts {
    int64_t open, over, today, later, nobodys;
};
struct matter_lines matter_queue(struct arena *a, struct db *db, const struct law *law,
                                 const struct queue_filter *f);
struct queue_counts matter_queue_counts(struct arena *a, struct db *db, int64_t team,
                                        struct instant now);

/* Who of a team has how many open matters, by clock; owner 0 is nobody. */
struct matter_share {
    int64_t owner;
    struct str name;
    struct queue_counts counts;
};
struct matter_shares {
    LIST_FIELDS(struct matter_share);
};

/* The team's open matters by the rule that is due first. */
struct matter_rule {
    struct str rule;
    struct queue_counts counts; /* nobodys is not counted */
};
struct matter_rules {
    LIST_FIELDS(struct matter_rule);
};
/* What the head sees; those with none are left out. */
struct matter_figures {
    struct queue_counts all;
    struct matter_shares shares;
    struct matter_rules rules;
};
struct matter_figures matter_figures(struct arena *a, struct db *db, int64_t team,
                                     struct instant now);
/* When the open matter that has waited longest came in; ms 0: none is open. */
struct instant matter_oldest(struct arena *a, struct db *db, int64_t team, struct str *ref);

/* Other open matters of the same person, oldest first. */
struct matter_other {
    int64_t team;
    struct str ref, form;
};
struct matter_others {
    LIST_FIELDS(struct matter_other);
};
struct matter_others matter_of_person(struct arena *a, struct db *db, const struct matter *m);

/* ---- sight ---- */

/* In a commit: that professional has seen (read) or changed (wrote) the matter. */
void access_log_add(struct db *db, struct instant at, int64_t matter, int64_t staff,
                    struct str what);

struct access_row {
    struct instant at;
    struct str name, profession, what;
};
struct access_rows {
    LIST_FIELDS(struct access_row);
};
/* For the resident: newest first, one row for a run of the same professional's looks on one day. */
struct access_rows access_log_load(struct arena *a, struct db *db, int64_t matter);

/* ---- keeping ---- */

/* Rebuilds what a matter's events say. Pure. Start with a zeroed *m. False: an event that does not
 * make sense; *why. */
bool matter_fold(struct arena *a, const struct law *law, struct matter *m,
                 const struct matter_event *e, struct str *why);

/* In a commit, a moment after matters have changed: brings the numbers of the queues up to date, as
 * much as takes some milliseconds. Until then they are added up from both. True: there may be
 * more. */
bool queue_gather(struct db *db);
/* Is there something to gather? A look. */
bool queue_gather_wanted(struct db *db);

/* In a commit: erases a matter that is over, with those that were joined to it, where the law asks
 * for it (GDPR 17; retention that has ended). Nothing stays of what was written and of whom it
 * told: each event is an empty row, and one more says who erased it, when and why. Figures lose
 * what they counted of it; what was published stays as it was. Seals over its events hold: the last
 * event has their hashes as they are now, and is sealed itself. Who looked at it stays in the
 * access log.
 *
 * What other rooms have of the matter is erased before, in the same commit (src/erase). `reason`
 * tells no person. From then on nobody finds the matter. */
struct matter_erasing {
    int64_t staff;
    struct instant at;
    struct str reason;
};
/* Before anything else in the job: nobody else writes to the logs until its commit. */
void matter_erase_begin(struct db *db);
enum matter_refusal matter_erase(struct arena *a, struct db *db, const struct law *law, int64_t id,
                                 const struct matter_erasing *how);

/* Is there a row of either log that is not sealed yet? A look, for who asks whether to seal. */
bool seal_wanted(struct db *db);
/* In a commit, now and then: seals rows of both logs that are not sealed yet, as many as take some
 * milliseconds. True: there may be more. Before anything else in the job: it holds the logs. */
bool seal_logs(struct db *db, struct instant now);
/* The same, to the end: however long it takes. */
void seal_logs_whole(struct db *db, struct instant now);

struct verify_report {
    int64_t matters, events, sights, seals, unsealed, erased, faults;
};
/* Recomputes everything on a snapshot; prints each fault on standard output, at most 100. */
struct verify_report matter_verify(struct db *db, const struct law *law);

extern const struct stmt_table matter_statements, queue_statements, seal_statements,
    offer_statements, consult_statements, first_contact_statements, erase_statements;

#endif
