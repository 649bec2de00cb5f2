/*
 * law_hours_test.c: opening hours: how they are written; every counting function beside a naive one
 * that walks minute by minute over random calendars; the promises that are counted by them, with
 * the mistakes that other systems are known for.
 */
#include "law/law_test.h"

static struct law_hours hours(const char *text)
{
    struct law_hours h = {.team = S("north")};
    struct str why = S("");
    if (!law_hours_read(arena, str_of(text), &h, &why))
        printf("# %s: " STR_FMT "\n", text, STR_ARG(why));
    return h;
}

/* Day and minute by the wall clock: "2026-11-24 12:15"; "none". */
static struct str shown(struct instant t)
{
    if (!t.ms)
        return S("none");
    return str_fmt(arena, STR_FMT " %02d:%02d", STR_ARG(iso(date_of(t))), minute_of(t) / 60,
                   minute_of(t) % 60);
}

/* ---- as text ---- */

static void read_as_written(void)
{
    struct law_hours h =
        hours("Mo-Th 08:00-16:00; Fr 08:00-12:00, 13:00-15:00;PH 10:00-12:00; 2026-12-23 "
              "08:00-12:00; 2026-07-06 - 2026-07-31 off; We off; ");
    CHECK_INT(h.week[0].n, 1);
    CHECK_INT(h.week[2].n, 0);
    CHECK_INT(h.week[4].n, 2);
    CHECK_INT(h.week[4].span[1].from, 13 * 60);
    CHECK_INT(h.week[5].n, 0);
    CHECK_INT(h.holiday.span[0].to, 12 * 60);
    CHECK_INT(h.other.n, 2);
    CHECK_INT(law_open_on(law, &h, D("2026-12-23")).span[0].to, 12 * 60); /* a Wednesday */
    CHECK_INT(law_open_on(law, &h, D("2026-07-06")).n, 0);
    CHECK_INT(law_open_on(law, &h, D("2026-08-03")).n, 1);
    CHECK_INT(law_open_on(law, &h, D("2026-12-25")).span[0].from, 10 * 60);
    CHECK(!law_hours_wrong(&h) && !law_hours_wrong(law_office_hours(law)));
}

static void mistakes_are_named(void)
{
    static const struct {
        const char *text, *why;
    } table[] = {
        {"Mo 08:00-8:30", "a time as 08:00-16:00 or \"off\" is needed: \"08:00-8:30\""},
        {"Mo", "a time as 08:00-16:00 or \"off\" is needed: \"\""},
        {"Mo 08:00", "a time as 08:00-16:00 or \"off\" is needed: \"08:00\""},
        {"Mo 16:00-25:00", "a time as 08:00-16:00 or \"off\" is needed: \"16:00-25:00\""},
        /* evening hours past midnight */
        {"Fr 20:00-02:00", "ends before it begins; hours past midnight are written as two days: "
                           "\"20:00-02:00\""},
        {"Mo 08:00-12:00,11:00-16:00", "is not after the hours before it: \"11:00-16:00\""},
        {"Mo 08:00-12:00,12:00-16:00", "is not after the hours before it: \"12:00-16:00\""},
        {"Mo 01:00-02:00,03:00-04:00,05:00-06:00,07:00-08:00,09:00-10:00",
         "more openings a day than fit: \"09:00-10:00\""},
        {"Ma 08:00-16:00", "a weekday as Mo or Mo-Fr, PH, or a date is needed: \"Ma 08:00-16:00\""},
        {"Fr-Mo 08:00-16:00",
         "a weekday as Mo or Mo-Fr, PH, or a date is needed: \"Fr-Mo 08:00-16:00\""},
        {"2026-02-30 off", "a date as 2026-12-24, or two with \" - \" between, is needed: "
                           "\"2026-02-30 off\""},
        {"2026-07-31 - 2026-07-01 off", "a date as 2026-12-24, or two with \" - \" between, is "
                                        "needed: \"2026-07-31 - 2026-07-01 off\""},
        {"PH 08:00-16:00", "never open in a week: \"PH 08:00-16:00\""},
        {"", "never open in a week: \"\""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct law_hours h = {0};
        struct str why = S("");
        CHECK(!law_hours_read(arena, str_of(table[i].text), &h, &why));
        CHECK_STR(why, table[i].why);
    }
    struct law_hours h = hours("Mo 08:00-16:00");
    h.week[0].span[0].to = 26 * 60;
    CHECK(law_hours_wrong(&h) != NULL);
}

/* ---- naive counting ---- */

static uint64_t seed = 20261122;

static int dice(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

/* Ends on the quarter, none within the hours that the change of clocks touches. */
static struct law_open any_open(void)
{
    static const struct law_open kinds[] = {
        {.n = 0},
        {.span = {{480, 960}}, .n = 1},
        {.span = {{0, 1440}}, .n = 1},
        {.span = {{0, 120}, {300, 1440}}, .n = 2},
        {.span = {{75, 615}, {645, 1200}, {1230, 1231}}, .n = 3},
    };
    return kinds[dice(sizeof kinds / sizeof *kinds)];
}

static struct law_hours any_hours(struct date near)
{
    struct law_hours h = {0};
    for (int i = 0; i < 7; i++)
        h.week[i] = any_open();
    h.holiday = dice(2) ? any_open() : (struct law_open){.n = 0};
    for (int i = dice(4); i > 0; i--) {
        struct date from = date_add(near, dice(40) - 20);
        VEC_PUSH(arena, &h.other,
                 (struct law_other_days){from, date_add(from, dice(6)), any_open()});
    }
    return h;
}

/* By the wall clock of that minute alone. */
static bool naive_open(const struct law_hours *h, struct instant t)
{
    struct law_open day = law_open_on(law, h, date_of(t));
    for (int i = 0; i < day.n; i++)
        if (day.span[i].from <= minute_of(t) && minute_of(t) < day.span[i].to)
            return true;
    return false;
}

static struct instant later(struct instant t, int64_t minutes)
{
    return (struct instant){t.ms + minutes * MINUTE_MS};
}

enum { NAIVE_MINUTES = 40 * DAY_MINUTES };

static struct instant naive_after(const struct law_hours *h, struct instant t, int minutes)
{
    for (int i = 0; i < NAIVE_MINUTES; i++)
        if (naive_open(h, later(t, i)) && --minutes == 0)
            return later(t, i + 1);
    return (struct instant){0};
}

static struct instant naive_before(const struct law_hours *h, struct instant t, int minutes)
{
    for (int i = 1; i < NAIVE_MINUTES; i++)
        if (naive_open(h, later(t, -i)) && --minutes == 0)
            return later(t, -i);
    return (struct instant){0};
}

static int64_t naive_between(const struct law_hours *h, struct instant t, struct instant u)
{
    int64_t n = 0;
    for (; t.ms < u.ms; t = later(t, 1))
        n += naive_open(h, t);
    return n;
}

static struct instant naive_opens(const struct law_hours *h, struct instant t)
{
    for (int i = 0; i < NAIVE_MINUTES; i++)
        if (naive_open(h, later(t, i)))
            return later(t, i);
    return (struct instant){0};
}

static struct date naive_days_after(const struct law_hours *h, struct date d, int n)
{
    for (int i = 0; i < 40;) {
        d = date_add(d, 1);
        i++;
        bool open = false;
        for (int m = 0; m < DAY_MINUTES && !open; m++)
            open = naive_open(h, instant_at(d, m));
        if (open && --n == 0)
            return d;
    }
    return DATE_NONE;
}

/* Nothing found within the naive walk says nothing of what lies behind it. */
static void counted_as_minute_by_minute(void)
{
    static const char *const near[] = {"2026-03-29", "2026-10-25", "2026-04-05", "2026-06-19",
                                       "2026-12-24", "2027-12-31", "2028-02-29", "2026-12-06"};
    for (int round = 0; round < 160; round++) {
        struct date day = D(near[dice(8)]);
        struct law_hours h = any_hours(day);
        struct instant t = later(instant_at(date_add(day, dice(9) - 5), 0), dice(DAY_MINUTES));
        int n = 1 + dice(2500), days = 1 + dice(6);
        struct instant u = later(t, dice(8 * DAY_MINUTES)), want;
        CHECK(law_is_open(law, &h, t) == naive_open(&h, t));
        CHECK_INT(law_open_between(law, &h, t, u), naive_between(&h, t, u));
        if ((want = naive_after(&h, t, n)).ms)
            CHECK(law_open_after(law, &h, t, n).ms == want.ms);
        if ((want = naive_before(&h, t, n)).ms)
            CHECK(law_open_before(law, &h, t, n).ms == want.ms);
        if ((want = naive_opens(&h, t)).ms)
            CHECK(law_opens(law, &h, t).ms == want.ms);
        struct date d = naive_days_after(&h, date_of(t), days);
        if (date_is(d))
            CHECK(law_open_days_after(law, &h, date_of(t), days).day == d.day);
    }
}

static void never_open(void)
{
    struct law_hours h = {0};
    struct instant t = T("2026-11-23", 10, 0);
    CHECK(!law_opens(law, &h, t).ms && !law_open_after(law, &h, t, 1).ms);
    CHECK(!law_open_before(law, &h, t, 1).ms);
    CHECK(!date_is(law_open_days_after(law, &h, D("2026-11-23"), 1)));
    CHECK_INT(law_open_between(law, &h, t, T("2026-11-30", 10, 0)), 0);
}

/* ---- promises ---- */

/* The data with the limit of "answer" by phone replaced. */
static const struct law *phone_limit(int n, const char *unit)
{
    struct str new =
        str_fmt(arena, "[\"phone\"], \"limit\": {\"n\": %d, \"unit\": \"%s\"}", n, unit);
    struct buf b = buf_new(arena, 0);
    buf_str(&b, new);
    buf_char(&b, '\0');
    return with("[\"phone\"], \"limit\": {\"n\": 4, \"unit\": \"opening-hours\"}", buf_get(&b).p);
}

static struct law_clock clock_from(const struct law *l, const char *channel,
                                   const struct law_hours *h, struct instant at)
{
    struct law_moment m = {
        .reason = law_reason_find(l, S("prescription")),
        .event = LAW_RECEIVED,
        .at = at,
        .person = LAW_PERSON_UNKNOWN,
        .channel = str_of(channel),
        .hours = h,
    };
    struct law_steps steps = law_clocks_for(arena, l, &m);
    CHECK_INT(steps.n, 1);
    return steps.n ? steps.p[0].clock : (struct law_clock){0};
}

#define CHECK_DUE(l, channel, h, at, want) \
    CHECK_STR(shown(clock_from((l), (channel), (h), (at)).due_at), (want))

static void opening_hours_of_the_team(void)
{
    struct law_hours h = hours("Mo-Th 08:00-16:00; Fr 08:00-15:00");
    CHECK_DUE(law, "phone", &h, T("2026-11-24", 9, 0), "2026-11-24 13:00");
    CHECK_DUE(law, "phone", &h, T("2026-11-24", 12, 0), "2026-11-24 16:00"); /* at closing */
    CHECK_DUE(law, "phone", &h, T("2026-11-24", 12, 1), "2026-11-25 08:01");
    CHECK_DUE(law, "phone", &h, T("2026-11-24", 6, 0), "2026-11-24 12:00");
    CHECK_DUE(law, "phone", &h, T("2026-11-27", 14, 0), "2026-11-30 11:00"); /* over a weekend */
    CHECK_DUE(law, "phone", &h, T("2026-11-28", 14, 0), "2026-11-30 12:00");
    CHECK_DUE(law, "phone", NULL, T("2026-11-27", 14, 0), "2026-11-30 10:00"); /* the office's */
}

static void opening_days_of_the_team(void)
{
    struct law_hours h = hours("Mo-Th 08:00-16:00; Fr 08:00-15:00");
    CHECK_DUE(law, "web", &h, T("2026-11-24", 9, 0), "2026-11-26 16:00");
    CHECK_DUE(law, "web", &h, T("2026-11-25", 9, 0), "2026-11-27 15:00");
    CHECK_DUE(law, "web", &h, T("2026-11-24", 16, 0), "2026-11-27 15:00"); /* after closing */
    CHECK_DUE(law, "web", &h, T("2026-11-28", 9, 0), "2026-12-02 16:00");
    struct law_clock c = clock_from(law, "web", &h, T("2026-11-28", 9, 0));
    CHECK_STR(iso(c.counted), "2026-11-30");
    CHECK_STR(iso(c.due), "2026-12-02");
    CHECK(!date_is(c.warn));
}

static void a_team_closed_on_wednesdays(void)
{
    struct law_hours h = hours("Mo-Tu 09:00-12:00; Th-Fr 09:00-12:00");
    CHECK_DUE(law, "web", &h, T("2026-11-24", 9, 30), "2026-11-27 12:00");
    CHECK_DUE(law, "web", &h, T("2026-11-25", 9, 30), "2026-11-30 12:00");
    CHECK_DUE(law, "phone", &h, T("2026-11-24", 11, 0), "2026-11-26 12:00");
}

static void holidays_that_eat_days(void)
{
    struct law_hours h = hours("Mo-Fr 08:00-16:00");
    static const struct {
        const char *day, *web;
    } table[] = {
        {"2026-04-01", "2026-04-07 16:00"}, /* Wednesday before Easter: Thursday and Tuesday */
        {"2027-03-24", "2027-03-30 16:00"}, {"2028-04-12", "2028-04-18 16:00"},
        {"2026-06-17", "2026-06-22 16:00"}, /* Midsummer: the eve is closed */
        {"2027-06-23", "2027-06-28 16:00"}, {"2028-06-21", "2028-06-26 16:00"},
        {"2026-12-22", "2026-12-28 16:00"}, /* Christmas: Wednesday, then Monday */
        {"2027-12-22", "2027-12-27 16:00"}, {"2028-12-21", "2028-12-27 16:00"},
        {"2026-12-04", "2026-12-08 16:00"}, /* 6.12. on a Sunday: its Monday is open */
        {"2027-12-03", "2027-12-08 16:00"}, /* 6.12. on a Monday is closed */
    };
    /* The promises of today, as if they had been made before all of these. */
    struct str text = rules_text;
    for (int i = 0; i < 4; i++)
        text = replaced(text, "\"2026-11-01\"", "\"2026-01-01\"");
    struct str why;
    const struct law *early = law_load(arena, text, reasons_text, &why);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        CHECK_DUE(early, "web", &h, T(table[i].day, 10, 0), table[i].web);
}

static void days_on_which_clocks_change(void)
{
    struct law_hours night = hours("Mo-Su 00:00-24:00; PH 00:00-24:00");
    /* From 01:30: an hour less of the night in March, one more in October. */
    CHECK_STR(shown(law_open_after(law, &night, T("2026-03-29", 1, 30), 240)), "2026-03-29 06:30");
    CHECK_STR(shown(law_open_after(law, &night, T("2026-10-25", 1, 30), 240)), "2026-10-25 04:30");
    CHECK_INT(law_open_between(law, &night, T("2026-03-29", 0, 0), T("2026-03-30", 0, 0)), 23 * 60);
    CHECK_INT(law_open_between(law, &night, T("2026-10-25", 0, 0), T("2026-10-26", 0, 0)), 25 * 60);
    struct law_hours day = hours("Mo-Su 08:00-16:00");
    CHECK_STR(shown(law_open_after(law, &day, T("2026-03-28", 15, 0), 120)), "2026-03-29 09:00");
    CHECK_STR(shown(law_open_after(law, &day, T("2026-10-24", 15, 0), 120)), "2026-10-25 09:00");
}

static void a_promise_longer_than_a_year(void)
{
    struct law_hours h = hours("Mo-Fr 08:00-16:00");
    CHECK_DUE(phone_limit(300, "opening-days"), "phone", &h, T("2026-11-24", 9, 0),
              "2028-02-02 16:00");
    CHECK_DUE(phone_limit(2400, "opening-hours"), "phone", &h, T("2026-11-24", 9, 0),
              "2028-02-02 09:00");
    CHECK_DUE(phone_limit(300, "working-days"), "phone", &h, T("2026-11-24", 9, 0),
              "2028-02-03 00:00"); /* the end of 2 February */
}

/* Hours that were made a mistake of, or a team that was ended, leave nobody without an answer. */
static void a_team_that_opens_no_more(void)
{
    struct law_hours h = {.team = S("gone")};
    CHECK_DUE(law, "phone", &h, T("2026-11-24", 9, 0), "2026-11-24 13:00");
    CHECK_DUE(law, "web", &h, T("2026-11-24", 9, 0), "2026-11-26 16:00");
}

static void the_promise_that_asks_for_most(void)
{
    const struct law *l = with("\"channels\": [\"phone\"], \"limit\"",
                               "\"channels\": [\"phone\"], \"teams\": [\"north\"], \"limit\"");
    struct law_hours north = hours("Mo-Fr 08:00-16:00"), south = north;
    south.team = S("south");
    CHECK_DUE(l, "phone", &north, T("2026-11-24", 9, 0), "2026-11-24 13:00");
    CHECK_DUE(l, "phone", &south, T("2026-11-24", 9, 0), "2026-11-27 00:00"); /* for all */
    CHECK_DUE(law, "letter", &north, T("2026-11-24", 9, 0), "2026-11-27 00:00");
    /* Before the promise was made. */
    CHECK_DUE(law, "phone", &north, T("2026-10-27", 9, 0), "2026-10-30 00:00");
}

/* What was promised is kept by its own time, not by the end of the day. */
static void kept_by_the_time_promised(void)
{
    struct law_hours h = hours("Mo-Fr 08:00-16:00");
    struct law_clock c = clock_from(law, "phone", &h, T("2026-11-24", 9, 0));
    CHECK(law_kept(law, &c, T("2026-11-24", 12, 59)));
    CHECK(!law_kept(law, &c, T("2026-11-24", 13, 1)));
    CHECK_INT(law_state(&c, T("2026-11-24", 12, 59)), LAW_DUE_TODAY);
    CHECK_INT(law_state(&c, T("2026-11-24", 13, 0)), LAW_OVER);
    CHECK_STR(law_when(arena, LANG_EN, &c, T("2026-11-24", 10, 0)), "today by 13:00");
    CHECK_STR(law_when(arena, LANG_EN, &c, T("2026-11-20", 10, 0)),
              "by Tuesday 24 November 2026 13:00");
    c.rule = law_rule_find(law, S("phc-contact"));
    CHECK(law_kept(law, &c, T("2026-11-24", 23, 59)));
}

/* ---- a matter's course ---- */

struct course {
    struct law_held held[8];
    struct law_clock clock[8];
    size_t n;
};

static void happens(struct course *c, enum law_event e, struct instant at,
                    const struct law_hours *h)
{
    struct law_moment m = {.reason = law_reason_find(law, S("prescription")),
                           .event = e,
                           .at = at,
                           .person = LAW_PERSON_UNKNOWN,
                           .held = c->held,
                           .held_n = c->n,
                           .channel = S("web"),
                           .hours = h};
    struct law_steps s = law_clocks_for(arena, law, &m);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i].act == LAW_START && c->n < 8) {
            c->clock[c->n] = s.p[i].clock;
            c->held[c->n++] = (struct law_held){.rule = s.p[i].clock.rule, .open = true};
        } else if (s.p[i].act == LAW_STOP) {
            c->held[s.p[i].held].open = false;
            c->held[s.p[i].held].stopped_by = e;
        }
    }
}

static void an_update_that_overrules_the_first_response(void)
{
    struct law_hours h = hours("Mo-Fr 08:00-16:00");
    struct course c = {0};
    happens(&c, LAW_RECEIVED, T("2026-11-24", 9, 0), &h);
    happens(&c, LAW_MESSAGE, T("2026-11-25", 9, 0), &h); /* the resident writes more */
    happens(&c, LAW_TAKEN, T("2026-11-25", 10, 0), &h);
    CHECK_INT(c.n, 1);
    CHECK(c.held[0].open);
    CHECK_STR(shown(c.clock[0].due_at), "2026-11-26 16:00");
    /* Another set of hours later changes nothing of what was promised. */
    struct law_hours other = hours("Mo 08:00-09:00");
    happens(&c, LAW_MESSAGE, T("2026-11-25", 11, 0), &other);
    CHECK_INT(c.n, 1);
    CHECK_STR(shown(c.clock[0].due_at), "2026-11-26 16:00");
}

static void an_answer_stops_the_clock(void)
{
    struct law_hours h = hours("Mo-Fr 08:00-16:00");
    for (int by = 0; by < 2; by++) {
        struct course c = {0};
        happens(&c, LAW_RECEIVED, T("2026-11-24", 9, 0), &h);
        happens(&c, by ? LAW_ANSWERED : LAW_CONTACTED, T("2026-11-25", 9, 0), &h);
        CHECK(!c.held[0].open);
        /* The next step's promise goes on, and a new message gets an answer's of its own. */
        CHECK_INT(c.n, 2);
        happens(&c, LAW_MESSAGE, T("2026-11-26", 9, 0), &h);
        CHECK_INT(c.n, 3);
        CHECK_STR(shown(c.clock[2].due_at), "2026-11-30 16:00");
    }
}

int main(int argc, char **argv)
{
    if (!law_test_begin(argc, argv))
        return 1;
    TEST(read_as_written);
    TEST(mistakes_are_named);
    TEST(counted_as_minute_by_minute);
    TEST(never_open);
    TEST(opening_hours_of_the_team);
    TEST(opening_days_of_the_team);
    TEST(a_team_closed_on_wednesdays);
    TEST(holidays_that_eat_days);
    TEST(days_on_which_clocks_change);
    TEST(a_promise_longer_than_a_year);
    TEST(a_team_that_opens_no_more);
    TEST(the_promise_that_asks_for_most);
    TEST(kept_by_the_time_promised);
    TEST(an_update_that_overrules_the_first_response);
    TEST(an_answer_stops_the_clock);
    return law_test_end();
}
