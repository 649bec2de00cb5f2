/*
 * reception.c: data/reception.json, and the room's rules: what is free of a day, what the kiosk
 * says of a ticket. Pure but for the reading of the data.
 */
#include "reception/reception_room.h"

#include "base/embedded.h"

#include <pthread.h>

extern const struct embedded reception_files[];
extern const size_t reception_files_count;

/* ---- the data ---- */

bool reception_data_read(struct arena *a, struct str text, struct reception_data *out,
                         struct str *why)
{
    *out = (struct reception_data){0};
    const struct json_number numbers[] = {
        {"kiosk", "earlyMinutes", 0, 1440, &out->early_minutes},
        {"kiosk", "lateMinutes", 0, 1440, &out->late_minutes},
        {"kiosk", "wrongTries", 1, 1000, &out->wrong_tries},
        {"kiosk", "wrongMinutes", 1, 1440, &out->wrong_minutes},
        {"kiosk", "triesPerMinute", 1, 1000, &out->tries_per_minute},
        {"kiosk", "returnSeconds", 5, 300, &out->return_seconds},
        {"calls", "shown", 1, 50, &out->calls_shown},
        {"calls", "minutes", 1, 1440, &out->calls_minutes},
        {"calls", "refreshSeconds", 5, 3600, &out->calls_refresh_seconds},
        {"record", "backDays", 1, 370, &out->record_days},
        {"feed", "backDays", 0, 370, &out->feed_back_days},
        {"feed", "aheadDays", 1, CALENDAR_AHEAD_DAYS, &out->feed_ahead_days},
        {"feed", "cancelledDays", 1, 370, &out->feed_cancelled_days},
        {"feed", "perMinute", 1, 1000, &out->feed_per_minute},
        {"feed", "refreshMinutes", 5, 1440, &out->feed_refresh_minutes},
    };
    return json_numbers(a, "reception.json", text, numbers, sizeof numbers / sizeof *numbers, why);
}

static struct reception_data data;
static pthread_once_t data_once = PTHREAD_ONCE_INIT;

static bool read_file(struct arena *a, struct str *why)
{
    return reception_data_read(
        a, embedded_text(reception_files, reception_files_count, "reception.json"), &data, why);
}

static void read_once(void)
{
    embedded_load("reception", read_file);
}

const struct reception_data *reception_data(void)
{
    pthread_once(&data_once, read_once);
    return &data;
}

/* ---- what is free of a day ---- */

static int clamp(int x, int low, int high)
{
    return x < low ? low : x > high ? high : x;
}

struct stretches reception_free(struct arena *a, int quanta, const struct plan_spans *spans,
                                const struct stretches *busy, int *planned, int *taken)
{
    enum { NONE, OPEN, TAKEN };
    unsigned char at[QUANTA_MOST + 1] = {NONE}; /* the last is never open: it ends what is */
    struct stretches out = {0};
    int n[3] = {0}, begun = -1;
    quanta = clamp(quanta, 0, QUANTA_MOST);
    for (size_t i = 0; i < spans->n; i++)
        for (int q = clamp(spans->p[i].from, 0, quanta); q < clamp(spans->p[i].to, 0, quanta); q++)
            at[q] = OPEN;
    for (size_t i = 0; i < busy->n; i++)
        for (int q = clamp(busy->p[i].from, 0, quanta); q < clamp(busy->p[i].to, 0, quanta); q++)
            at[q] = at[q] == NONE ? NONE : TAKEN;
    for (int q = 0; q <= quanta; q++) {
        n[at[q]]++;
        if (at[q] == OPEN && begun < 0)
            begun = q;
        if (at[q] != OPEN && begun >= 0) {
            VEC_PUSH(a, &out, (struct stretch){begun, q});
            begun = -1;
        }
    }
    if (planned)
        *planned = n[OPEN] + n[TAKEN];
    if (taken)
        *taken = n[TAKEN];
    return out;
}

struct stretch reception_on_day(struct date d, struct instant from, struct instant to)
{
    enum { QUANTUM_MS = QUANTUM_MINUTES * MINUTE_MS };
    struct instant begins = quantum_at(d, 0);
    int quanta = quanta_of(d);
    int64_t f = from.ms - begins.ms, t = to.ms - begins.ms;
    int64_t whole = (int64_t)quanta * QUANTUM_MS;
    if (t <= 0 || f >= whole || t <= f)
        return (struct stretch){0, 0};
    return (struct stretch){
        .from = f <= 0 ? 0 : (int)(f / QUANTUM_MS),
        .to = t >= whole ? quanta : (int)((t + QUANTUM_MS - 1) / QUANTUM_MS),
    };
}

/* ---- arriving ---- */

enum kiosk_say reception_kiosk(const struct appointment *p, const struct reception_data *d,
                               struct instant now)
{
    if ((p->state == APPOINTMENT_ARRIVED || p->state == APPOINTMENT_STARTED) && p->called_to.n)
        return KIOSK_GO;
    if (p->state == APPOINTMENT_ARRIVED)
        return KIOSK_WAIT;
    if (p->state != APPOINTMENT_BOOKED || p->remote ||
        now.ms > p->start.ms + (int64_t)d->late_minutes * MINUTE_MS)
        return KIOSK_DESK;
    if (now.ms < p->start.ms - (int64_t)d->early_minutes * MINUTE_MS)
        return KIOSK_EARLY;
    return KIOSK_WAIT;
}

struct str reception_ticket(struct arena *a, struct str typed)
{
    struct buf b = buf_new(a, 64);
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if ((c >= ' ' && c <= '/') || c == '_' || c == '\t' || (c & 0x80))
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (b.n && c == 'O') /* after the first letter there are digits alone */
            c = '0';
        if (b.n && (c == 'I' || c == 'L'))
            c = '1';
        bool letter = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
        if ((!letter && !digit) || b.n == RECEPTION_TICKET)
            return (struct str){NULL, 0};
        buf_char(&b, c);
    }
    return buf_get(&b);
}

int reception_waited(const struct appointment *p, struct instant now)
{
    if (p->state != APPOINTMENT_ARRIVED || !p->arrived.ms)
        return -1;
    int64_t ms = now.ms - p->arrived.ms;
    return ms > 0 ? (int)(ms / MINUTE_MS) : 0;
}
