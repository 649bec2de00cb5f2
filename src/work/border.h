/*
 * border.h: what is told where the register ends: to a team of another client register, or to
 * another organisation. Nothing goes along by itself (703/2023: each register's own): the
 * professional marks the parts that the resident agreed to, and what is sent is this one text,
 * which is shown word by word before.
 */
#ifndef ASIALLA_WORK_BORDER_H
#define ASIALLA_WORK_BORDER_H

#include "form/form.h"
#include "matter/matter.h"

/* What can be told, beside a summary in one's own words: code and words. */
#define SHARED_PARTS(X)                                  \
    X(NAME, "name", N_("Name"))                          \
    X(PHONE, "phone", N_("Phone"))                       \
    X(BORN, "born", N_("Date of birth"))                 \
    X(LANGUAGE, "language", N_("Language"))              \
    X(TEXT, "text", N_("What the resident wrote to us")) \
    X(ANSWERS, "answers", N_("Answers to the questions"))
enum shared_part {
#define X(name, code, words) SHARED_##name,
    SHARED_PARTS(X)
#undef X
        SHARED_COUNT
};
extern const char *const shared_codes[SHARED_COUNT];
extern const char *const shared_words[SHARED_COUNT]; /* message ids */

struct shared_from {
    const struct matter *m;
    struct str text;                /* the contact's own, where it has one */
    const struct form_lines *lines; /* its answers */
};

/* Is there anything of that part to tell? */
bool shared_has(const struct shared_from *from, enum shared_part part);
/* The whole text; `parts`: bits of enum shared_part. Empty: nothing was marked or written. */
struct str shared_text(struct arena *a, enum lang l, const struct shared_from *from, unsigned parts,
                       struct str summary);

#endif
