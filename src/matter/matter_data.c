/*
 * matter_data.c: data/matter.json, compiled in: days and outcomes that the county decides. Read
 * strictly: what is missing, unknown or out of bounds stops the program.
 */
#include "matter/matter.h"

#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded matter_files[];
extern const size_t matter_files_count;

/* A part's keys are these and the two that tell where it is from. */
static bool known_only(const struct jv *part, const char *one, const char *two)
{
    const char *known[] = {"mark", "note", one, two, NULL};
    return part && !jv_unknown(part, known).n && jv_str_of(part, "mark").n;
}

static bool read_days(const struct jv *part, const char *key, int least, int *out)
{
    const struct jv *v = jv_get(part, key);
    int64_t n = jv_int(v);
    *out = (int)n;
    return jv_kind(v) == JV_NUMBER && n >= least && n <= 366;
}

static bool read_outcomes(const struct jv *list, struct matter_data *out)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        enum matter_outcome o;
        if (!matter_outcome_from(jv_str(jv_at(list, i)), &o) || out->first_contact[o])
            return false;
        out->first_contact[o] = true;
    }
    return jv_len(list) > 0;
}

/* What is wrong; NULL: nothing. */
static const char *read_parts(struct arena *a, const struct jv *o, struct matter_data *out)
{
    static const char *const parts[] = {"reviewed", "about",        "consult", "handOver",
                                        "carrier",  "firstContact", NULL};
    const struct jv *consult = jv_get(o, "consult"), *hand = jv_get(o, "handOver");
    const struct jv *carrier = jv_get(o, "carrier"), *first = jv_get(o, "firstContact");
    struct date reviewed;
    if (jv_unknown(o, parts).n || !date_parse(jv_str_of(o, "reviewed"), &reviewed))
        return "an unknown part, or reviewed, which is a date";
    if (!known_only(consult, "sightDays", NULL) ||
        !read_days(consult, "sightDays", 0, &out->consult_sight_days))
        return "consult: sightDays and mark";
    if (!known_only(hand, "returnedShownDays", NULL) ||
        !read_days(hand, "returnedShownDays", 1, &out->returned_shown_days))
        return "handOver: returnedShownDays and mark";
    out->carrier_form = str_dup(a, jv_str_of(carrier, "form"));
    out->carrier_reason = str_dup(a, jv_str_of(carrier, "reason"));
    if (!known_only(carrier, "form", "reason") || !out->carrier_form.n || !out->carrier_reason.n)
        return "carrier: form, reason and mark";
    if (!known_only(first, "outcomes", "days") ||
        !read_days(first, "days", 0, &out->first_contact_days) ||
        !read_outcomes(jv_get(first, "outcomes"), out))
        return "firstContact: outcomes, days and mark";
    return NULL;
}

bool matter_data_read(struct arena *a, struct str text, struct matter_data *out, struct str *why)
{
    struct json_error je;
    const struct jv *o = json_parse(a, text, &je);
    *out = (struct matter_data){0};
    if (!o) {
        *why = str_fmt(a, "matter.json:%d: %s", je.line, je.text);
        return false;
    }
    const char *wrong = read_parts(a, o, out);
    if (wrong)
        *why = str_fmt(a, "matter.json: missing or wrong: %s", wrong);
    return !wrong;
}

static struct matter_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return matter_data_read(a, embedded_text(matter_files, matter_files_count, "matter.json"),
                            &data, why);
}

static void read_once(void)
{
    embedded_load("matter", read_file);
}

const struct matter_data *matter_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}
