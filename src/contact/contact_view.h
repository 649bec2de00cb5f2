/* contact_view.h: what the pages of a contact and of its status show. */
#ifndef ASIALLA_CONTACT_VIEW_H
#define ASIALLA_CONTACT_VIEW_H

#include "base/vec.h"
#include "http/http.h"
#include "web/page.h"

/* What happens next, and by when. */
struct promise_view {
    struct str words; /* a whole sentence */
    struct {
        LIST_FIELDS(struct str);
    } more;
    bool over;
};

/* Where one is: "Step 2 of 5: ...". */
struct step_mark {
    bool done, now;
};
struct steps_view {
    int number;
    struct str name;
    struct {
        LIST_FIELDS(struct step_mark);
    } marks;
};

struct contact_option {
    struct str code, id, label, hint, lang;
    struct str group; /* of the first option of a group: its name */
    bool ends_group, chosen;
};
struct contact_options {
    LIST_FIELDS(struct contact_option);
};

struct subject_view {
    struct steps_view steps;
    struct str service_ref, service_name; /* empty: no service in mind */
    struct contact_options forms;
    bool missing; /* pressed Continue without choosing */
};

/* The frame around a page of a contact: the form element, what is carried along, the buttons. */
struct contact_frame {
    struct str form, at, once, service_ref, service_name;
    struct steps_view steps;
    struct str back; /* the page before, or empty: the subjects */
    struct fields carried;
    struct contact_options languages; /* the page in another language; code is the address's */
    struct str send;                  /* the button's text */
};

struct contact_field {
    const char *name;
    struct str label, hint, value, error;
    const char *type, *autocomplete;
    bool optional;
    struct contact_options options;
};
struct details_view {
    struct contact_field who, role, whose, name, own_name, born, district, reach, phone, window,
        email, language, interpreter;
    struct contact_field day, month, year;
};

struct check_line {
    struct str label, value;
};
struct check_view {
    struct {
        LIST_FIELDS(struct check_line);
    } lines;
    struct str team;
    struct promise_view promise;
    struct str phone, hours;
    bool too_many; /* sent too often from one address */
};

struct receipt_view {
    struct promise_view promise;
    struct str code, team, phone, hours, received, received_iso;
};

/* ---- status ---- */

struct code_view {
    struct str code, error;
    bool left;
};

struct timeline_step {
    struct str title, text, when, iso;
};
struct status_message {
    struct str from, when, iso, text;
    bool own;
};
struct look_view {
    struct str name, profession, when, iso, what;
};

struct status_view {
    struct str title, ref;
    bool open;
    struct str done; /* what has just been done, or empty */
    struct promise_view promise;
    struct {
        LIST_FIELDS(struct timeline_step);
    } steps;
    struct {
        LIST_FIELDS(struct status_message);
    } messages;
    struct {
        LIST_FIELDS(struct look_view);
    } looks;
    struct str owner, profession, team, phone, hours; /* owner empty: nobody yet */
    struct str now_title, now_text;
    struct contact_field text, window, cancel;
    bool can_call;
    struct str told; /* what was told beside the form's questions */
};

#endif
