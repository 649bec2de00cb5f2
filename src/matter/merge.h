/*
 * merge.h: one need of one person is one matter, also where it came in twice: by the form at night,
 * by phone in the morning.
 *
 * Finding. What a matter is known by (phone, name with birth date, e-mail, the person's row, a
 * number or receipt code that the resident wrote, what its text is like) is kept as keyed hashes
 * (matter_key); matters that share one are looked at, and offered to a professional who may see
 * both, with the reasons in words. Never across registers. Nothing is joined by itself.
 *
 * Joining. One matter stays, the other is joined to it, in one commit:
 *
 *     joined: MERGED     state "joined": leaves queues and counts. Its events and clocks stay as
 *                        they are. Nothing can be done to it but separating it.
 *     kept:   MERGED_IN  brings its running clocks as they are (started, counted, due), so that
 *                        the first of all is the promise and none is lost; its wish to be called,
 *                        where the kept one has none; its owner, where the kept one has none; news
 *
 * Both receipt codes then lead to the kept one (matter_standing()). A matter can take in several,
 * and be joined itself.
 *
 * Separating (SPLIT on both) undoes it, any time later while the kept one is not itself joined. The
 * joined one is as it was before, but for clocks that something done meanwhile has stopped: the
 * person was answered, so they are stopped here too, and what the law starts by that runs. What
 * happened to the kept one stays there; its clocks that had come with the other go.
 *
 * Statistics. A joined matter is counted nowhere by itself. Its first answer is the kept one's:
 * its clocks go on there and are stopped there, each with its own beginning.
 */
#ifndef ASIALLA_MATTER_MERGE_H
#define ASIALLA_MATTER_MERGE_H

#include "matter/matter.h"

/* ---- data/merge.json ---- */

struct merge_rules {
    int alike;       /* per cent from which on texts are alike */
    int days;        /* texts that came within so many days */
    int shortest;    /* letters of a text that is compared at all */
    int closed_days; /* a closed matter is offered so long */
};
bool merge_rules_read(struct arena *a, struct str text, struct merge_rules *out, struct str *why);
/* What is compiled in. */
const struct merge_rules *merge_rules(void);

/* ---- what a matter is known by ---- */

/* The strongest first. */
#define MERGE_REASONS(X)                                           \
    X(NUMBER, N_("The number or code of one stands in the other")) \
    X(PERSON, N_("Same person"))                                   \
    X(NAME, N_("Same name and date of birth"))                     \
    X(PHONE, N_("Same phone number"))                              \
    X(EMAIL, N_("Same email address"))                             \
    X(TEXT, N_("Texts are alike (%1%%)"))

enum merge_reason {
#define X(name, words) MERGE_##name,
    MERGE_REASONS(X)
#undef X
        MERGE_REASON_COUNT
};
const char *merge_reason_words(enum merge_reason r); /* message id; TEXT: %1 is the share */

struct merge_traits {
    int64_t id, person; /* 0: none */
    struct str name, phone, email, text;
    struct date born;
    struct {
        LIST_FIELDS(int64_t); /* matters whose number or code stands in what was written */
    } numbers;
};

/* "+358 40 123 4567", "0401234567" and "00358 (0)40-1234567" are one: "0401234567". Empty: too few
 * digits to tell anybody. */
struct str merge_phone(struct arena *a, struct str phone);
/* Small letters, words in the order of the alphabet: "Virtanen, Aino" is "aino virtanen". */
struct str merge_name(struct arena *a, struct str name);
/* The share of runs of three letters that two texts have in common (Dice), 0 to 100. */
int merge_alike(struct arena *a, struct str x, struct str y);
/* What is asked of each number or code that a text holds, dashes and blanks as people write them.
 * False from found(): no more. */
void merge_numbers(struct str text, bool (*found)(void *ctx, struct str number), void *ctx);

enum { MERGE_KEY = 16, MERGE_KEYS = 24 };
struct merge_key {
    enum merge_reason kind;
    unsigned char key[MERGE_KEY];
};
struct merge_keys {
    struct merge_key p[MERGE_KEYS];
    size_t n;
};
/* Pure. `secret` is the installation's. */
void merge_keys_of(struct arena *a, const unsigned char secret[32], const struct merge_traits *t,
                   struct merge_keys *out);

/* ---- keys are made a moment later ---- */

/* Does the act change what the matter is known by? Details do, and a message with a number in it.
 */
bool merge_changes_keys(const struct matter_act *act);
/* In a commit: what the matter is known by has changed. */
void merge_unkeyed(struct db *db, int64_t matter);
/* Is there something to do? A look. */
bool merge_keying_wanted(struct db *db);
/* What is to be written of the next matters, made on a reader; n 0: nothing. */
struct merge_keyed {
    int64_t row, matter; /* row: of matter_unkeyed */
    struct merge_keys keys;
};
struct merge_keying {
    LIST_FIELDS(struct merge_keyed);
};
struct merge_keying merge_keying_make(struct arena *a, struct db *db,
                                      const unsigned char secret[32]);
void merge_keying_write(struct db *db, const struct merge_keying *k); /* in a commit */

/* ---- finding ---- */

enum { MERGE_OFFERS = 10 };

struct merge_offer {
    struct matter matter;
    unsigned reasons; /* bits of enum merge_reason */
    int alike;        /* per cent, where MERGE_TEXT is a reason */
};
struct merge_offers {
    LIST_FIELDS(struct merge_offer);
};

struct merge_asker {
    struct arena *a;
    struct db *db;
    const struct law *law;
    const unsigned char *secret;
    const struct session *session; /* only matters of its own teams are offered */
    struct instant now;
};
/* Matters that may be the same as this one, the likeliest first, at most MERGE_OFFERS. */
struct merge_offers merge_find(const struct merge_asker *q, const struct matter *m);
/* The same for one that is not stored yet: of that register, from what was typed. */
struct merge_offers merge_find_typed(const struct merge_asker *q, const struct merge_traits *t,
                                     enum reg reg);
/* Why those two may be the same: as merge_find() would say it of the other. */
struct merge_offer merge_compare(const struct merge_asker *q, const struct matter *m,
                                 const struct matter *other);

/* What the resident told when it came, in one text: the words, without what was ticked. */
struct str merge_text(struct arena *a, const struct jv *received);

/* ---- joining and separating ---- */

#define MERGE_REFUSALS(X)                                                                         \
    X(FINE, "")                                                                                   \
    X(SAME, N_("This is the same matter."))                                                       \
    X(JOINED, N_("Somebody has just joined one of these to another matter. Nothing was changed. " \
                 "Look at how they stand now."))                                                  \
    X(REGISTER, N_("These are in different client registers, and are never joined."))             \
    X(CLOSED, N_("A matter that is open cannot be joined to one that is closed. Choose the open " \
                 "one to stay, or open the other again first."))                                  \
    X(OFFERED, N_("This matter is being handed over. Wait until it is taken, or take the "        \
                  "hand-over back first."))                                                       \
    X(CONSULT, N_("A question to a colleague is open in the matter that would be joined. Wait "   \
                  "for the answer, or take the question back first."))                            \
    X(OTHERS, N_("Somebody else has one of these. Ask them first, and mark that you have agreed " \
                 "on it."))                                                                       \
    X(APART, N_("These two are not joined any more."))                                            \
    X(DEEPER, N_("The matter that stayed was itself joined to another. Separate it from that "    \
                 "first."))

enum merge_refusal {
#define X(name, words) MERGE_NO_##name,
    MERGE_REFUSALS(X)
#undef X
        MERGE_REFUSAL_COUNT
};
const char *merge_refusal_words(enum merge_refusal r); /* message id */

struct merge_act {
    int64_t kept, joined, staff;
    struct instant at;
    bool agreed; /* with who has one of them */
};
/* Pure: may it be done, as they stand? Whether the professional may see both is asked by who calls.
 */
enum merge_refusal merge_check(const struct matter *kept, const struct matter *joined,
                               const struct merge_act *act);
enum merge_refusal merge_check_split(const struct matter *kept, const struct matter *joined);

/* In a commit: both matters from matter_load in the same commit; they become what follows. */
enum merge_refusal merge_do(struct arena *a, struct db *db, const struct law *law,
                            struct matter *kept, struct matter *joined,
                            const struct merge_act *act);
enum merge_refusal merge_split(struct arena *a, struct db *db, const struct law *law,
                               struct matter *kept, struct matter *joined,
                               const struct merge_act *act);

/* ---- reading ---- */

struct merge_family {
    LIST_FIELDS(int64_t);
};
/* The matter that this one is part of now: itself where it was not joined. What is written to a
 * matter, or asked of it, goes there. */
int64_t matter_standing(struct db *db, int64_t id);
/* The matter and all that were joined to it, and to those: it first, then by age. */
struct merge_family merge_family(struct arena *a, struct db *db, int64_t id);
/* What goes when the matter is erased: its family, and what was to carry one of it to another
 * register and came back. */
struct merge_family merge_erased_with(struct arena *a, struct db *db, const struct law *law,
                                      int64_t id);
bool merge_family_has(const struct merge_family *f, int64_t id);
/* Adds what of them was handed over to the other register (matter_carried). How many. */
size_t merge_family_add_carried(struct arena *a, struct db *db, struct merge_family *f);
/* The first booked time of any of them that has not ended; appointment 0: none. */
struct matter_first matter_next_visit(struct arena *a, struct db *db, int64_t id,
                                      struct instant now);
/* The events of all of them in the order of time; `whose`, as long as the list, tells of which
 * matter each is. */
struct matter_events merge_events(struct arena *a, struct db *db, const struct merge_family *f,
                                  const int64_t **whose);
/* Who looked at any of them, newest first. */
struct access_rows merge_access(struct arena *a, struct db *db, const struct merge_family *f);

/* ---- the fold's part (matter.c) ---- */

/* Is it done by joining and separating alone, not by matter_do()? */
static inline bool merge_does(enum matter_kind k)
{
    return k == MATTER_MERGED || k == MATTER_MERGED_IN || k == MATTER_SPLIT;
}
bool merge_fold(struct arena *a, struct matter *m, const struct matter_event *e,
                const struct jv *body);

extern const struct stmt_table merge_statements, merge_find_statements;

#endif
