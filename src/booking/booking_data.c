/*
 * booking_data.c: data/booking.json, compiled in. Read strictly: what is missing, unknown or out of
 * bounds stops the program.
 */
#include "booking/booking_rows.h"

#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded booking_files[];
extern const size_t booking_files_count;

static bool read_number(const struct jv *o, const char *part, const char *key, int *out)
{
    const struct jv *p = jv_get(o, part), *v = jv_get(p, key);
    const char *known[] = {"mark", "note", key, NULL};
    int64_t n = jv_int(v);
    *out = (int)n;
    return p && !jv_unknown(p, known).n && jv_str_of(p, "mark").n && n > 0 && n <= 10000;
}

bool booking_data_read(struct arena *a, struct str text, struct booking_data *out, struct str *why)
{
    static const char *const parts[] = {"reviewed", "about",    "hold", "freed",
                                        "answer",   "lookedAt", NULL};
    struct json_error je;
    struct date reviewed;
    const struct jv *o = json_parse(a, text, &je);
    *out = (struct booking_data){0};
    if (!o) {
        *why = str_fmt(a, "booking.json:%d: %s", je.line, je.text);
        return false;
    }
    if (!jv_unknown(o, parts).n && date_parse(jv_str_of(o, "reviewed"), &reviewed) &&
        read_number(o, "hold", "minutes", &out->hold_minutes) &&
        read_number(o, "freed", "minutes", &out->freed_minutes) &&
        read_number(o, "answer", "minutes", &out->answer_minutes) &&
        read_number(o, "lookedAt", "most", &out->looked_at))
        return true;
    *why = S("booking.json: missing, wrong or not known: reviewed, hold.minutes, freed.minutes, "
             "answer.minutes, lookedAt.most");
    return false;
}

static struct booking_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return booking_data_read(a, embedded_text(booking_files, booking_files_count, "booking.json"),
                             &data, why);
}

static void read_once(void)
{
    embedded_load("booking", read_file);
}

const struct booking_data *booking_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}
