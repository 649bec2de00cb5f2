/* border.c: see border.h. */
#include "work/border.h"

#include "contact/contact.h"

const char *const shared_codes[] = {
#define X(name, code, words) code,
    SHARED_PARTS(X)
#undef X
};
const char *const shared_words[] = {
#define X(name, code, words) words,
    SHARED_PARTS(X)
#undef X
};

bool shared_has(const struct shared_from *from, enum shared_part part)
{
    const struct matter *m = from->m;
    switch (part) {
    case SHARED_NAME:
        return m->name.n > 0;
    case SHARED_PHONE:
        return m->phone.n > 0;
    case SHARED_BORN:
        return date_is(m->born);
    case SHARED_LANGUAGE:
        return m->language.n > 0;
    case SHARED_TEXT:
        return from->text.n > 0;
    case SHARED_ANSWERS:
        return from->lines->n > 0;
    default:
        return false;
    }
}

static struct str language_words(struct arena *a, enum lang l, const struct matter *m)
{
    struct str name = contact_language_name(l, m->language);
    return m->interpreter ? str_fmt(a, STR_FMT ", " STR_FMT, STR_ARG(name),
                                    STR_ARG(tr(l, "interpreter needed")))
                          : name;
}

static struct str answer_words(struct arena *a, const struct form_lines *lines)
{
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < lines->n; i++)
        buf_fmt(&b, "%s" STR_FMT "\n" STR_FMT, i ? "\n\n" : "", STR_ARG(lines->p[i].question),
                STR_ARG(lines->p[i].answer));
    return buf_get(&b);
}

static struct str part_words(struct arena *a, enum lang l, const struct shared_from *from,
                             enum shared_part part)
{
    switch (part) {
    case SHARED_NAME:
        return from->m->name;
    case SHARED_PHONE:
        return from->m->phone;
    case SHARED_BORN:
        return fmt_date(a, l, from->m->born);
    case SHARED_LANGUAGE:
        return language_words(a, l, from->m);
    case SHARED_TEXT:
        return from->text;
    default:
        return answer_words(a, from->lines);
    }
}

/* Facts stand in lines of their own, longer texts under their heading. */
struct str shared_text(struct arena *a, enum lang l, const struct shared_from *from, unsigned parts,
                       struct str summary)
{
    struct buf b = buf_new(a, 0);
    bool any = false;
    for (int p = 0; p < SHARED_COUNT; p++) {
        bool fact = p < SHARED_TEXT;
        if (!(parts & 1u << p) || !shared_has(from, (enum shared_part)p))
            continue;
        struct str words = part_words(a, l, from, (enum shared_part)p);
        buf_fmt(&b, fact ? "%s" STR_FMT ": " STR_FMT : "%s" STR_FMT ":\n" STR_FMT,
                !any   ? ""
                : fact ? "\n"
                       : "\n\n",
                STR_ARG(tr(l, shared_words[p])), STR_ARG(words));
        any = true;
    }
    if (summary.n)
        buf_fmt(&b, "%s" STR_FMT, any ? "\n\n" : "", STR_ARG(summary));
    return buf_get(&b);
}
