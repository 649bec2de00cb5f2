/*
 * form_web.h: a form as accessible HTML, one step a page, complete without script. Nothing is
 * stored until the last page is sent: each page carries the answers of the other steps in hidden
 * inputs.
 *
 * The page's module owns <form>, the buttons, the address and the token:
 *
 *     ans = form_answer(a, f, &rq->http->form, step, date_of(rq->now));
 *     if (ans->errors.n == 0) step = form_step_from(ans, step + 1);   FORM_NONE: on to the contact
 * details in = (struct form_input){.sent = &rq->http->form, .answers = ans};
 *     form_render_error_summary(pg, f, &in);
 *     <form method="post" ...>
 *       form_render_hidden(pg, f, step, &in);      the other steps' answers; FORM_NONE: all of them
 *       form_render_step(pg, f, step, &in);        the step's heading and questions
 *       <button>...
 *
 * A page that is shown for the first time gives .fresh = true, or answers without errors: nobody is
 * told off before having answered.
 */
#ifndef ASIALLA_FORM_FORM_WEB_H
#define ASIALLA_FORM_FORM_WEB_H

#include "form/form.h"
#include "web/page.h"

struct form_input {
    const struct fields *sent; /* what is written in the fields; may be empty */
    const struct form_answers *answers;
    bool fresh; /* errors are not shown */
};

/* An empty input, for the first page of a form. */
struct form_input form_input_new(struct arena *a, const struct form *f, struct date today);

/* The step's title as <h1>, its questions, hints and errors. */
void form_render_step(struct page *pg, const struct form *f, size_t step,
                      const struct form_input *in);

/* Every step on one page, a group each, without a heading: for a professional who asks a caller. */
void form_render_all(struct page *pg, const struct form *f, const struct form_input *in);

/* The id of the field to which an error of the item leads, and the error after its question. */
struct str form_error_target(struct arena *a, const struct form_item *it);
struct str form_error_line(struct arena *a, enum lang l, const struct form *f,
                           const struct form_error *e);

/* Hidden inputs with what was sent for every step but this. FORM_NONE: for every step. */
void form_render_hidden(struct page *pg, const struct form *f, size_t step,
                        const struct form_input *in);

/* The box that says what to correct, each line a link to its field; nothing where there are no
 * errors. */
void form_render_error_summary(struct page *pg, const struct form *f, const struct form_input *in);

/* Questions and answers as a description list. change: the name of a button beside each answer,
 * whose value is the step's number, so that the form around it (with its hidden inputs) goes back
 * there; empty: no buttons. */
void form_render_answers(struct page *pg, const struct form_lines *lines, struct str change);

#endif
