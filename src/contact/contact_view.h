/* contact_view.h: what the pages of a contact and of its status show. */
#ifndef ASIALLA_CONTACT_VIEW_H
#define ASIALLA_CONTACT_VIEW_H

#include "attach/attach.h"
#include "base/vec.h"
#include "http/http.h"
#include "web/view.h"

/* What happens next, and by when: the first clock as a whole sentence, then the others. */
struct promise_view {
    struct str words;
    struct {
        LIST_FIELDS(struct str);
    } more;
    bool over;
};

struct subject_view {
    struct ui_steps steps;
    struct str service_ref; /* empty: no service in mind */
    struct ui_notice about;
    struct ui_options forms;
    struct str error; /* pressed Continue without choosing */
    struct ui_errors errors;
};

/* The frame around a page of a contact: the form element, what is carried along, the buttons. */
struct contact_frame {
    struct str form, at, once, service_ref;
    struct ui_notice about; /* the service in mind */
    bool returns;           /* the next page is where one checks */
    bool files;             /* it may bring attachments */
    struct ui_steps steps;
    struct str back; /* the page before, or empty: the subjects */
    struct fields carried;
    struct str send; /* the button's text */
};

struct details_view {
    struct ui_choice who, role, district, reach, window, language;
    struct ui_field whose, name, born, day, month, year, phone, email;
    bool interpreter;
};

struct check_view {
    struct ui_facts facts;
    struct promise_view promise;
    struct str team, phone, hours;
    bool too_many; /* sent too often from one address */
    struct attach_field file;
};

struct receipt_view {
    struct promise_view promise;
    struct str code, team, phone, hours;
    struct str address; /* where the code is written, for paper */
    struct ui_time received;
};

/* ---- status ---- */

struct code_view {
    struct ui_field code;
    struct ui_notice left; /* the session was ended just now */
};

struct look_view {
    struct str name, profession, what;
    struct ui_time at;
};

/* A service tray that came with the matter. */
struct status_tray {
    int64_t id;
    struct str words;
};

struct status_view {
    struct str title, ref;
    bool open;
    struct ui_notice done; /* what has just been done; empty text: nothing */
    struct promise_view promise;
    struct ui_timeline path;
    struct html times; /* booked, offered, waited for; empty: none */
    struct html groups;
    struct {
        LIST_FIELDS(struct html);
    } visits; /* of remote ones: how to come in */
    struct ui_messages messages;
    struct {
        LIST_FIELDS(struct status_tray);
    } trays;
    struct {
        LIST_FIELDS(struct look_view);
    } looks;
    struct str owner, profession, team, phone, hours; /* owner empty: nobody yet */
    struct str now_title, now_text;
    struct ui_errors errors;
    struct ui_field text, why; /* the message; the word on cancelling */
    struct attach_field file;
    struct attach_lines files;
    struct str once; /* of the message's form: sent twice, kept once */
    struct ui_choice window;
    struct ui_choice to; /* whom the message is for; without options: there is one receiver */
    bool can_call;
    struct str told; /* what was told beside the form's questions */
};

#endif
