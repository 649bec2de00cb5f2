/*
 * booking_words.h: inside the room: what its pages share: reasons, a time in words, who comes and
 * how they are told (read, checked, shown again).
 */
#ifndef ASIALLA_BOOKING_BOOKING_WORDS_H
#define ASIALLA_BOOKING_BOOKING_WORDS_H

#include "booking/booking.h"
#include "booking/booking_view.h"

struct booking_code {
    const char *code, *words; /* message id */
};
/* The reasons as the options of a list; the first says to choose. */
struct ui_choice booking_reasons(struct rq *rq, enum booking_why why, const char *name,
                                 struct str chosen);
/* What a resident is asked who takes a time after the last day by law. */
struct ui_choice booking_late_question(struct rq *rq, struct instant last, struct str chosen);

struct str booking_language_words(enum lang l, struct str code);
/* The place's name in the language; the reference itself where it is not known. */
struct str booking_place_words(struct rq *rq, struct str place);

/* "Tuesday 24 November at 9:00" with its end and the year where it is another. */
struct str booking_when(struct rq *rq, struct instant start, struct instant end);
/* How it stands; of one that was moved, that. */
struct str booking_state_words(struct rq *rq, const struct appointment *p);
/* A slot or an appointment, as people read it. */
struct time_facts booking_slot_facts(struct rq *rq, const struct service_type *type,
                                     const struct slot *slot);
struct time_facts booking_facts(struct rq *rq, const struct service_type *type,
                                const struct appointment *p);
/* "after the last day by law (5 December)"; empty: it is not late. */
struct str booking_late_words(struct rq *rq, struct instant start, struct instant last);

/* ---- who comes, and how they are told ---- */

struct booking_details {
    struct str name, phone, email, postal, companion;
    struct date born; /* DATE_NONE: not told */
    bool told;
    enum outbox_way medium;
    const char *error[6]; /* message ids; NULL: fine. In the order of booking_detail */
    bool wrong;
};
enum booking_detail {
    DETAIL_NAME,
    DETAIL_PHONE,
    DETAIL_EMAIL,
    DETAIL_POSTAL,
    DETAIL_BORN,
    DETAIL_COMPANION
};
/* Checks what was sent. known: the matter's, where there is one: what it says is not asked. */
void booking_details_read(struct rq *rq, const struct service_type *type,
                          const struct matter *known, struct booking_details *out);
void booking_details_show(struct rq *rq, const struct service_type *type,
                          const struct booking_details *d, bool fresh, struct details_fields *out,
                          struct ui_errors *errors);
/* As they stand on the page where one checks. */
void booking_details_lines(struct rq *rq, const struct service_type *type,
                           const struct booking_details *d, struct ui_facts *out);
/* The fields that were sent, to be carried in hidden inputs. */
void booking_details_carry(struct rq *rq, struct fields *out);
/* What a letter says more, how long it is on its way, and what that rules out. */
struct str booking_letter_hint(struct rq *rq);
struct ui_field booking_postal_field(struct rq *rq, struct str value);
/* "Letter: Havukuja 3, 01600 Vantaa"; "No messages". */
struct str booking_told_words(struct rq *rq, const struct appointment *p);
struct ui_choice booking_remind_choice(struct rq *rq, const char *name, struct str chosen);
/* "sms", "email", "letter", "none": false where it is none of them. */
bool booking_remind_from(struct str code, bool *told, enum outbox_way *way);

/* ---- several pages ---- */

struct str booking_calendar_file(struct rq *rq, const struct service_type *type,
                                 const struct appointment *p);
void booking_send_calendar(struct rq *rq, const struct service_type *type,
                           const struct appointment *p);
/* Writes a template's output into a piece of HTML: begin, call it, end. */
struct booking_piece {
    struct buf buf, *before;
};
void booking_piece_begin(struct rq *rq, struct booking_piece *p);
struct html booking_piece_end(struct rq *rq, struct booking_piece *p);

enum { BOOKING_NAME_MOST = 200 };

#endif
