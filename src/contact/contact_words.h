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

/* The windows as options of a select, a group a day; the first option is `any`. */
void contact_window_options(struct arena *a, enum lang l, const struct contact_windows *w,
                            struct str chosen, struct str any, struct contact_options *out);

/* The code's page, also where the code was not right. */
void status_code_page(struct rq *rq, const struct code_view *v, int status);

#endif
