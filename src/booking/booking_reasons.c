/*
 * booking_reasons.c: why a time is given up, declined, or taken after the last day by law: the
 * lists of data/booking.json, in words. Codes stand in events, so they are never used anew.
 */
#include "booking/booking_rows.h"

static const char *const lists[] = {
#define X(name, code) code,
    BOOKING_WHYS(X)
#undef X
};

static bool has_code(const struct booking_reasons *list, struct str code)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->p[i].code, code))
            return true;
    return false;
}

static bool read_list(struct arena *a, const struct jv *list, struct booking_reasons *out)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        struct booking_reason r = {.code = str_dup(a, jv_str_of(jv_at(list, i), "code"))};
        bool fine = r.code.n && !has_code(out, r.code) && lang_texts(jv_at(list, i), r.words);
        for (int l = 0; fine && l < LANG_COUNT; l++)
            r.words[l] = str_dup(a, r.words[l]);
        if (!fine)
            return false;
        VEC_PUSH(a, out, r);
    }
    return out->n > 0;
}

bool booking_reasons_read(struct arena *a, const struct jv *o, struct booking_reasons out[WHYS],
                          struct str *why)
{
    static const char *const known[] = {"about",
#define X(name, code) code,
                                        BOOKING_WHYS(X)
#undef X
                                            NULL};
    bool fine = !jv_unknown(o, known).n;
    for (int w = 0; fine && w < WHYS; w++)
        fine = read_list(a, jv_get(o, lists[w]), &out[w]);
    if (!fine)
        *why =
            S("booking.json: reasons: each list is needed, with a code and three languages each");
    return fine;
}

const struct booking_reasons *booking_reasons_of(enum booking_why why)
{
    return &booking_data()->reasons[why];
}

bool booking_reason_is(enum booking_why why, struct str code)
{
    return has_code(booking_reasons_of(why), code);
}

struct str booking_reason_words(enum lang l, struct str code)
{
    for (int w = 0; w < WHYS; w++) {
        const struct booking_reasons *list = booking_reasons_of((enum booking_why)w);
        for (size_t i = 0; i < list->n; i++)
            if (str_eq(list->p[i].code, code))
                return list->p[i].words[l];
    }
    return code;
}
