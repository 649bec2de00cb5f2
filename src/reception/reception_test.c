/*
 * reception_test.c: what is free of a day, beside a slow count quantum by quantum; days of 23 and
 * 25 hours; what the kiosk says of each state at each moment; tickets as people type them; mistakes
 * in the data. argv: reception.json.
 */
#include "reception/reception_room.h"

#include "base/rand.h"
#include "base/test_given.h"

#include <stdlib.h>

static struct arena *a;
static struct reception_data numbers;

static struct date day(int year, int month, int d)
{
    return date_from(year, month, d);
}

/* ---- the data ---- */

static void mistakes_are_named(void)
{
    struct str why = S("");
    struct reception_data d;
    CHECK(!reception_data_read(a, S("{"), &d, &why));
    CHECK(str_starts(why, S("reception.json:1: ")));
    CHECK(!reception_data_read(a, S("{}"), &d, &why));
    CHECK_STR(why, "reception.json: kiosk.earlyMinutes: a number from 0 to 1440 is needed");
    CHECK(!reception_data_read(a, S("{\"kiosk\": {\"earlyMinutes\": 1441}}"), &d, &why));
    CHECK_STR(why, "reception.json: kiosk.earlyMinutes: a number from 0 to 1440 is needed");
}

/* ---- what is free ---- */

/* Counts for itself which quanta are in a span and in nothing taken. */
static void beside_a_slow_count(void)
{
    struct seeded r = seeded_new(27);
    for (int round = 0; round < 300; round++) {
        struct plan_spans spans = {0};
        struct stretches busy = {0};
        const int all[] = {276, 288, 300};
        int quanta = all[seeded_below(&r, 3)], planned = 0, taken = 0, want_planned = 0;
        int want_taken = 0;
        for (uint32_t i = seeded_below(&r, 4); i > 0; i--) {
            int from = (int)seeded_below(&r, 280), n = 1 + (int)seeded_below(&r, 100);
            VEC_PUSH(a, &spans, (struct plan_span){.from = from, .to = from + n});
        }
        for (uint32_t i = seeded_below(&r, 12); i > 0; i--) {
            int from = (int)seeded_below(&r, 290), n = (int)seeded_below(&r, 20);
            VEC_PUSH(a, &busy, (struct stretch){from, from + n});
        }
        struct stretches free = reception_free(a, quanta, &spans, &busy, &planned, &taken);
        for (int q = 0; q < quanta; q++) {
            bool in = false, hit = false, told = false;
            for (size_t i = 0; i < spans.n; i++)
                in |= spans.p[i].from <= q && q < spans.p[i].to;
            for (size_t i = 0; i < busy.n; i++)
                hit |= busy.p[i].from <= q && q < busy.p[i].to;
            for (size_t i = 0; i < free.n; i++)
                told |= free.p[i].from <= q && q < free.p[i].to;
            want_planned += in;
            want_taken += in && hit;
            CHECK(told == (in && !hit));
        }
        CHECK_INT(planned, want_planned);
        CHECK_INT(taken, want_taken);
        for (size_t i = 0; i < free.n; i++) {
            CHECK(free.p[i].from < free.p[i].to && free.p[i].to <= quanta);
            CHECK(i == 0 || free.p[i - 1].to < free.p[i].from); /* joined, in order */
        }
    }
}

static void parts_of_days(void)
{
    struct date d = day(2026, 11, 24);
    struct stretch s = reception_on_day(d, instant_at(d, 9 * 60), instant_at(d, 9 * 60 + 20));
    CHECK_INT(s.from, 108);
    CHECK_INT(s.to, 112);
    s = reception_on_day(d, instant_at(d, 9 * 60 + 3), instant_at(d, 9 * 60 + 21));
    CHECK_INT(s.from, 108); /* what is begun is taken whole */
    CHECK_INT(s.to, 113);
    s = reception_on_day(d, instant_at(date_add(d, -1), 1300), instant_at(d, 60));
    CHECK_INT(s.from, 0);
    CHECK_INT(s.to, 12);
    s = reception_on_day(d, instant_at(d, 23 * 60), instant_at(date_add(d, 1), 60));
    CHECK_INT(s.from, 276);
    CHECK_INT(s.to, 288);
    s = reception_on_day(d, instant_at(date_add(d, 1), 0), instant_at(date_add(d, 1), 60));
    CHECK_INT(s.from, s.to);
}

/* 29 March 2026 has 23 hours, 25 October 25: six in the morning by the wall clock comes 12 quanta
 * sooner and later. */
static void daylight_saving(void)
{
    struct date spring = day(2026, 3, 29), autumn = day(2026, 10, 25);
    struct stretch s = reception_on_day(spring, instant_at(spring, 360), instant_at(spring, 420));
    CHECK_INT(s.from, 60);
    CHECK_INT(s.to, 72);
    s = reception_on_day(spring, instant_at(spring, 0), instant_at(date_add(spring, 1), 0));
    CHECK_INT(s.to, 276);
    s = reception_on_day(autumn, instant_at(autumn, 360), instant_at(autumn, 420));
    CHECK_INT(s.from, 84);
    CHECK_INT(s.to, 96);
    s = reception_on_day(autumn, instant_at(autumn, 0), instant_at(date_add(autumn, 1), 0));
    CHECK_INT(s.to, 300);
}

/* ---- the kiosk ---- */

static void what_the_kiosk_says(void)
{
    struct instant start = instant_at(day(2026, 11, 24), 9 * 60);
    const int64_t early = (int64_t)numbers.early_minutes * MINUTE_MS;
    const int64_t late = (int64_t)numbers.late_minutes * MINUTE_MS;
    const struct {
        enum appointment_state state;
        int64_t after;
        bool remote;
        const char *called;
        enum kiosk_say say;
    } table[] = {
        {APPOINTMENT_BOOKED, -early - 1, false, "", KIOSK_EARLY},
        {APPOINTMENT_BOOKED, -early, false, "", KIOSK_WAIT},
        {APPOINTMENT_BOOKED, 0, false, "", KIOSK_WAIT},
        {APPOINTMENT_BOOKED, late, false, "", KIOSK_WAIT},
        {APPOINTMENT_BOOKED, late + 1, false, "", KIOSK_DESK},
        {APPOINTMENT_BOOKED, 0, true, "", KIOSK_DESK},
        {APPOINTMENT_ARRIVED, -early - 1, false, "", KIOSK_WAIT},
        {APPOINTMENT_ARRIVED, late + 1, false, "", KIOSK_WAIT},
        {APPOINTMENT_ARRIVED, 0, false, "Room 2", KIOSK_GO},
        {APPOINTMENT_STARTED, 0, false, "Room 2", KIOSK_GO},
        {APPOINTMENT_STARTED, 0, false, "", KIOSK_DESK},
        {APPOINTMENT_CANCELLED, 0, false, "", KIOSK_DESK},
        {APPOINTMENT_FULFILLED, 0, false, "Room 2", KIOSK_DESK},
        {APPOINTMENT_NOSHOW, 0, false, "", KIOSK_DESK},
        {APPOINTMENT_PENDING, 0, false, "", KIOSK_DESK},
        {APPOINTMENT_WAITLIST, 0, false, "", KIOSK_DESK},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct appointment p = {.state = table[i].state,
                                .start = start,
                                .remote = table[i].remote,
                                .called_to = str_of(table[i].called)};
        CHECK_INT(reception_kiosk(&p, &numbers, (struct instant){start.ms + table[i].after}),
                  table[i].say);
    }
}

static void tickets_as_typed(void)
{
    CHECK_STR(reception_ticket(a, S("B204")), "B204");
    CHECK_STR(reception_ticket(a, S("b 2-04")), "B204");
    CHECK_STR(reception_ticket(a, S("")), "");
    CHECK_STR(reception_ticket(a, S("B204; DROP")), "");
    CHECK_STR(reception_ticket(a, S("<b>")), "");
    CHECK_STR(reception_ticket(a, S("ABCDEFGHI")), "");
    CHECK_STR(reception_ticket(a, S("b\xc2\xa0"
                                    "2.0 4\t")),
              "B204");
    CHECK_STR(reception_ticket(a, S("B\xe2\x80\x93"
                                    "2O4")),
              "B204");
    CHECK_STR(reception_ticket(a, S("b3i l")), "B311");
    CHECK_STR(reception_ticket(a, S("Ä204")), "204"); /* which nobody has */
}

static void waiting_is_counted(void)
{
    struct appointment p = {.state = APPOINTMENT_ARRIVED, .arrived = {1000 * MINUTE_MS}};
    CHECK_INT(reception_waited(&p, (struct instant){1012 * MINUTE_MS + 30000}), 12);
    CHECK_INT(reception_waited(&p, (struct instant){999 * MINUTE_MS}), 0); /* another's clock */
    p.state = APPOINTMENT_BOOKED;
    CHECK_INT(reception_waited(&p, (struct instant){1012 * MINUTE_MS}), -1);
}

static void secrets_are_of_one_use(void)
{
    static const unsigned char key[32] = "0123456789abcdef0123456789abcde";
    static const unsigned char other[32] = "1123456789abcdef0123456789abcde";
    struct str secret = rand_ref(a, SECRET_CHARS);
    struct str h = reception_secret_hash(a, key, "screen", secret);
    CHECK_INT(h.n, 32);
    CHECK(str_eq(h, reception_secret_hash(a, key, "screen", secret)));
    CHECK(!str_eq(h, reception_secret_hash(a, key, "feed", secret)));
    CHECK(!str_eq(h, reception_secret_hash(a, other, "screen", secret)));
    CHECK_INT(reception_secret_hash(a, key, "screen", str_sub(secret, 0, 25)).n, 0);
    CHECK_INT(reception_secret_hash(a, key, "screen", S("")).n, 0);
}

int main(int argc, char **argv)
{
    struct str why = S("");
    a = arena_new(0);
    if (argc != 2 || !reception_data_read(a, test_file(a, argv[1]), &numbers, &why)) {
        printf("# " STR_FMT "\n", STR_ARG(why));
        return 1;
    }
    TEST(mistakes_are_named);
    TEST(beside_a_slow_count);
    TEST(parts_of_days);
    TEST(daylight_saving);
    TEST(what_the_kiosk_says);
    TEST(tickets_as_typed);
    TEST(waiting_is_counted);
    TEST(secrets_are_of_one_use);
    arena_free(a);
    return test_end();
}
