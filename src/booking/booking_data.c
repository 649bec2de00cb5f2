/*
 * booking_data.c: data/booking.json, compiled in. What is missing, unknown or out of bounds stops
 * the program.
 */
#include "booking/booking_rows.h"

#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded booking_files[];
extern const size_t booking_files_count;

bool booking_data_read(struct arena *a, struct str text, struct booking_data *out, struct str *why)
{
    static const char *const parts[] = {"reviewed", "about",    "hold",  "freed",
                                        "answer",   "lookedAt", "ahead", "straight",
                                        "tries",    "reasons",  NULL};
    struct date reviewed;
    *out = (struct booking_data){0};
    const struct json_number numbers[] = {
        {"hold", "minutes", 1, 10000, &out->hold_minutes},
        {"freed", "minutes", 1, 10000, &out->freed_minutes},
        {"answer", "minutes", 1, 10000, &out->answer_minutes},
        {"lookedAt", "most", 1, 10000, &out->looked_at},
        {"ahead", "most", 1, 100, &out->ahead_most},
        {"straight", "most", 1, 100, &out->straight_most},
        {"tries", "minute", 1, 10000, &out->tries_minute},
    };
    const struct jv *o =
        json_numbers(a, "booking.json", text, numbers, sizeof numbers / sizeof *numbers, why);
    if (!o)
        return false;
    if (!jv_unknown(o, parts).n && date_parse(jv_str_of(o, "reviewed"), &reviewed))
        return booking_reasons_read(a, jv_get(o, "reasons"), out->reasons, why);
    *why = S("booking.json: reviewed is missing, or there is a part that is not known");
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
