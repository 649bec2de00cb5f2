/*
 * contact.h: what a resident does with a matter of one's own: makes a contact, gets a receipt with
 * a code, and with the code sees how it goes on, writes, asks to be called, cancels. Everything
 * works without script and without signing in.
 *
 * A contact is made page by page, and nothing is stored until it is sent: each page carries what
 * was answered on the others in hidden inputs (form_web.h). The pages of one contact:
 *
 *     subject -> the form's steps -> about you -> check your answers -> receipt
 *
 * About you is the same for every subject; its fields are named d.<name>. Here stand its pure
 * parts.
 */
#ifndef ASIALLA_CONTACT_CONTACT_H
#define ASIALLA_CONTACT_CONTACT_H

#include "app/app.h"
#include "form/form.h"
#include "matter/matter.h"
#include "team/team.h"

/* ---- windows of a call-back ---- */

enum { CONTACT_WINDOW_DAYS = 5, CONTACT_WINDOW_MINUTES = 120 };

struct contact_window {
    struct date day;
    int from, to;    /* minutes of that day */
    struct str code; /* "2026-11-24.480" */
};
struct contact_windows {
    LIST_FIELDS(struct contact_window);
};

/* The windows of two hours in which we can be asked to call: those of the next five working days
 * while the office is open, that have not begun. */
struct contact_windows contact_windows(struct arena *a, const struct law *law, struct instant now);
/* "10.00-12.00" */
struct str contact_window_hours(struct arena *a, enum lang l, int from, int to);

/* ---- languages ---- */

struct contact_language {
    const char *code, *name, *english; /* ISO 639; the language's own name; message id */
};
extern const struct contact_language contact_languages[];
extern const size_t contact_language_n;
/* The name in that language; the code itself where it is not known. */
struct str contact_language_name(enum lang l, struct str code);

/* ---- what must not be written ---- */

/* Does a Finnish personal identity code (henkilötunnus; Digital and Population Data Services
 * Agency: ddmmyy, a century sign, nnn, a check character that fits) stand in the text? */
bool contact_has_identity_code(struct str text);

/* What makes a sent form one contact: its own value and what is in it. So the same form sent twice
 * is one matter, and one that was changed after sending (by going back) is another. */
struct str contact_once(struct arena *a, struct str once, struct str body);

/* The answers with an error added to each text of that step (or FORM_ALL) in which an identity code
 * stands. */
const struct form_answers *contact_answers(struct arena *a, const struct form *f,
                                           const struct fields *sent, size_t step,
                                           struct date today);

/* ---- about you ---- */

#define CONTACT_DETAILS(X) \
    X(WHO, "d.who")        \
    X(ROLE, "d.role")      \
    X(WHOSE, "d.whose")    \
    X(NAME, "d.name")      \
    X(BORN, "d.born")      \
    X(DISTRICT, "d.area")  \
    X(REACH, "d.reach")    \
    X(PHONE, "d.phone")    \
    X(WINDOW, "d.window")  \
    X(EMAIL, "d.email")    \
    X(LANGUAGE, "d.lang")  \
    X(INTERPRETER, "d.interpreter")

enum contact_detail {
#define X(name, field) DETAIL_##name,
    CONTACT_DETAILS(X)
#undef X
        DETAIL_COUNT
};
extern const char *const contact_detail_fields[DETAIL_COUNT];

/* In what role somebody contacts us for another; code and message id. */
struct contact_role {
    const char *code, *words;
};
enum { CONTACT_ROLES = 5 };
extern const struct contact_role contact_roles[CONTACT_ROLES];

struct contact_details {
    bool other;       /* for another person */
    struct str role;  /* code */
    struct str whose; /* name of the person whom it is about, where that is another */
    struct str name;  /* of the one who writes */
    struct date born; /* of the person whom it is about */
    struct str district, reach, phone, email, language;
    struct contact_window window; /* day DATE_NONE: as soon as can be, or no call */
    bool interpreter;
    const char *errors[DETAIL_COUNT]; /* message ids; NULL: fine */
    size_t error_n;
};

/* What is needed to check what was sent. */
struct contact_known {
    const struct law *law;
    const struct named_list *districts;
    struct instant now;
    enum lang lang;
};
void contact_details_read(struct arena *a, const struct contact_known *known,
                          const struct fields *sent, struct contact_details *out);

/* One line as it is kept: without control characters and without those that turn the direction of
 * what stands beside it (UAX #9), blanks at its ends gone. */
struct str contact_line(struct arena *a, struct str typed);

/* The role in words; empty where there is none such. */
struct str contact_role_words(enum lang l, struct str code);
/* On whose behalf and as what, for matter.other; empty where it is one's own. */
struct str contact_other_words(struct arena *a, enum lang l, const struct contact_details *d);

/* The form that a service's first telling class leads to, or NULL. */
const char *contact_form_of_class(struct str class_code);

extern const struct route_table contact_routes, status_routes;

#endif
