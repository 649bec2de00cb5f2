/*
 * form.h: contact forms as data. A form is a FHIR R4 Questionnaire in a documented subset
 * (data/forms/README.md); what a person answered is a QuestionnaireResponse. Nothing here judges:
 * answers are collected, checked for form and shown; no score, no urgency.
 *
 * The items of a form are one array in the order of reading (pre-order). Each top-level group is a
 * step, one page of questions. What was sent is checked as a whole or a step at a time; an answer
 * to a question whose condition (enableWhen) does not hold is dropped.
 *
 * Forms are loaded once and never change: any number of threads may read them.
 */
#ifndef ASIALLA_FORM_FORM_H
#define ASIALLA_FORM_FORM_H

#include "base/arena.h"
#include "base/json.h"
#include "base/time.h"
#include "base/vec.h"
#include "http/http.h"
#include "i18n/i18n.h"

enum form_limits {
    FORM_MAX_FORMS = 64,
    FORM_MAX_ITEMS = 100,
    FORM_MAX_DEPTH = 4, /* a step is depth 1 */
    FORM_MAX_OPTIONS = 60,
    FORM_MAX_CONDITIONS = 8,
    FORM_MAX_FILE = 512 * 1024, /* bytes of one Questionnaire */
    FORM_MAX_STRING = 250,      /* code points; maxLength may ask for less */
    FORM_MAX_TEXT = 8000,       /* code points; 4,000 where maxLength is not given */
    FORM_FIELDS = 400           /* enough `max` for fields_parse() of any form we ship */
};

enum form_kind {
    FORM_GROUP,
    FORM_DISPLAY,
    FORM_CHOICE, /* radios; checkboxes where it repeats */
    FORM_BOOLEAN,
    FORM_STRING, /* one line */
    FORM_TEXT,   /* many lines */
    FORM_DATE,
    FORM_INTEGER
};

enum form_look { FORM_PLAIN, FORM_SAFETY };              /* how a display item is shown */
enum form_days { FORM_ANY_DAY, FORM_PAST, FORM_FUTURE }; /* today fits both */
enum form_operator { FORM_IS, FORM_IS_NOT, FORM_EXISTS };

struct form_option {
    struct str code;
    struct str label[LANG_COUNT];
    bool exclusive;    /* "none of these": not together with another */
    struct str reason; /* reason code that this choice stands for; empty: the form's own */
};

struct form_condition {
    size_t item; /* an earlier question */
    enum form_operator op;
    size_t option; /* IS, IS_NOT of a choice */
    bool yes;      /* IS, IS_NOT of a boolean; EXISTS: wanted or not */
};

struct form_item {
    enum form_kind kind;
    struct str link_id; /* a-z, 0-9 and '-'; begins with a letter; at most 32 */
    struct str field;   /* "q.<linkId>", NUL-terminated: the name of its field */
    struct str text[LANG_COUNT];
    struct str hint[LANG_COUNT]; /* empty: none */
    bool required, repeats;
    enum form_look look;
    enum form_days days;
    size_t max_length;       /* code points; string and text */
    int64_t min, max;        /* integer */
    struct str autocomplete; /* the attribute of that name (HTML 4.10.18.7.1); empty: none */
    struct str system;       /* of the options' codes */
    const struct form_option *options;
    size_t option_n;
    const struct form_condition *when; /* none: always asked */
    size_t when_n;
    bool when_any; /* one condition is enough; else all must hold */
    size_t parent; /* FORM_NONE for a step */
    size_t step;   /* number of the step that it belongs to, from 0 */
    size_t end;    /* the index after its last descendant */
};
#define FORM_NONE ((size_t)-1)
#define FORM_ALL  ((size_t)-2) /* in place of a step's number: every step */

struct form {
    struct str code; /* "health": Questionnaire.id, stands in addresses */
    struct str url, version;
    struct str title[LANG_COUNT], description[LANG_COUNT];
    struct str reg; /* "health", "social", "rescue": see enum reg */
    struct str
        reason; /* default reason code (data/law/reasons.json); a professional may change it */
    struct str subject; /* which team gets it */
    struct str icon;    /* a symbol's name in icons.svg */
    int64_t order;      /* place in the list of subject areas */
    const struct form_item *items;
    size_t item_n;
    const size_t *steps; /* indices of the top-level groups */
    size_t step_n;
};

struct forms {
    const struct form *p; /* in their order */
    size_t n;
};

/* A Questionnaire's text as a form, or NULL and *why: "item[2].item[0].type: ...". `name` is put
 * before it. */
const struct form *form_parse(struct arena *a, struct str name, struct str text, struct str *why);

/* A file compiled in: its name for messages, its text. */
struct form_file {
    struct str name, text;
};
/* NULL: *why names file, place and reason. Two forms with one code are an error too. */
const struct forms *forms_load(struct arena *a, const struct form_file *files, size_t n,
                               struct str *why);
const struct form *form_by_code(const struct forms *forms, struct str code); /* NULL: none such */

size_t form_find(const struct form *f, struct str link_id); /* FORM_NONE: none such */
size_t form_find_option(const struct form_item *it, struct str code);

/* ---- what was sent ---- */

/*
 * A question's field is named q.<linkId>: a choice sends option codes, a boolean "true" or "false",
 * a date either YYYY-MM-DD or three fields q.<linkId>.d, .m, .y. Fields of other names are left
 * alone.
 */
struct form_value {
    size_t option;    /* choice */
    bool yes;         /* boolean */
    int64_t number;   /* integer */
    struct date date; /* date */
    struct str text;  /* string, text: trimmed */
};

struct form_answer {
    bool enabled; /* its condition and those of the groups around it hold */
    LIST_FIELDS(struct form_value);
};

struct form_error {
    size_t item;
    const char *message;              /* message id with %1, %2: see form_error_text() */
    int64_t numbers[2];               /* %1, %2 */
    const struct form_option *option; /* not NULL: its label is %1 */
};
struct form_errors {
    LIST_FIELDS(struct form_error);
};

struct form_answers {
    const struct form *form;
    const struct form_answer *of; /* one an item, by its index */
    struct form_errors errors;    /* of the step asked for, in the order of reading */
};

/* Reads all answers; checks those of one step (or FORM_ALL). `today` is the Helsinki day. The texts
 * point into `sent`. */
const struct form_answers *form_answer(struct arena *a, const struct form *f,
                                       const struct fields *sent, size_t step, struct date today);

/* The reason code of the law data that the answers stand for: that of the first chosen option that
 * has one, else the form's. By the subject chosen, never by how bad it is; a professional may
 * change it. */
struct str form_reason(const struct form_answers *ans);

/* Does the condition hold by these answers? */
bool form_condition_holds(const struct form_answers *ans, const struct form_condition *c);

/* The first step from this one on that has something to ask, or FORM_NONE: the last was passed. */
size_t form_step_from(const struct form_answers *ans, size_t step);
/* The last step before this one that has something to ask, or FORM_NONE: this was the first. */
size_t form_step_before(const struct form_answers *ans, size_t step);
/* The step of the first error, or FORM_NONE. */
size_t form_error_step(const struct form_answers *ans);
struct str form_error_text(struct arena *a, enum lang l, const struct form_error *e);

/* ---- kept and shown again ---- */

/* Writes the answers as a FHIR R4 QuestionnaireResponse, status completed. The question texts and
 * option names are written in the language in which they were read, so that it can be understood
 * when the form has changed. */
void form_response_write(struct jw *w, const char *key, const struct form_answers *ans, enum lang l,
                         struct instant authored);

/* A question and its answer in words. */
struct form_line {
    struct str question, answer;
    struct str heading; /* of the first line of a step; else empty */
    size_t step;        /* FORM_NONE: the question is not in the form */
    bool raw; /* the form does not know this question or answer: shown as it was written */
};
struct form_lines {
    LIST_FIELDS(struct form_line);
};

/* Answered questions only, in the order of reading. */
struct form_lines form_lines(struct arena *a, const struct form_answers *ans, enum lang l);

/* The form that a QuestionnaireResponse answers, by its `questionnaire`; NULL: none of these. */
const struct form *form_of_response(const struct forms *forms, const struct jv *response);

/* The same from a stored QuestionnaireResponse. f may be NULL or another version: what does not fit
 * is shown raw. Never fails: nonsense gives few or no lines. */
struct form_lines form_response_lines(struct arena *a, const struct form *f,
                                      const struct jv *response, enum lang l);

#endif
