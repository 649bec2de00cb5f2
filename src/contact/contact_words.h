/* contact_words.h: the inside of this room: what its pages share. */
#ifndef ASIALLA_CONTACT_WORDS_H
#define ASIALLA_CONTACT_WORDS_H

#include "contact/contact.h"
#include "contact/contact_view.h"

/* The promise of an open matter in whole sentences: the first of its clocks, then the others. */
struct promise_view contact_promise(struct arena *a, const struct law *law, enum lang l,
                                    const struct matter *m, struct instant now);

/* One contact on its way: what the address and the sent fields say. */
struct contact_flow {
    const struct form *form;
    const struct fields *sent;
    struct str once, service_ref, service_name;
    bool returns; /* came from the page where one checks, and goes back there */
    struct named_list districts;
    struct contact_known known;
};

void contact_details_view(struct page *pg, const struct contact_flow *flow,
                          const struct contact_details *d, bool fresh, struct details_view *out);
/* What was answered about oneself, a line each. */
void contact_details_lines(struct arena *a, const struct contact_flow *flow,
                           const struct contact_details *d, struct check_view *out);
/* The fields about oneself that were sent, to be carried on in hidden inputs. */
void contact_details_carry(struct arena *a, const struct fields *sent, struct fields *out);

/* A line for each error, which leads to the field: to the first button of a group, to the first
 * part of a date. */
void contact_details_errors(struct arena *a, enum lang l, const struct contact_details *d,
                            struct ui_errors *out);
/* What the commit needs of the answers and of what was told about oneself. */
void contact_details_put(struct rq *rq, const struct form_answers *answers,
                         const struct contact_details *d, struct matter_contact *out);

/* Which team gets it, and why. False: nobody does, which is a fault of the county's settings. */
bool contact_route(struct rq *rq, const struct form *f, const struct contact_details *d,
                   enum matter_channel channel, struct instant arrived, struct team_routed *out);

/* The windows as the options of a list; the first option is `any`. */
struct ui_options contact_window_options(struct arena *a, enum lang l,
                                         const struct contact_windows *w, struct str chosen,
                                         struct str any);

/* A team's hours as people write them: "Mo-Th 08:00-16:00; Fr 08:00-15:00" becomes "ma-to
 * 8.00-16.00, pe 8.00-15.00". What is written otherwise stays as it is. */
struct str contact_hours_words(struct arena *a, enum lang l, struct str hours);

#endif
