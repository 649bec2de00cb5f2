/*
 * importer_test.c: when a daily import is due: before and after its time, after failures, after the
 * clock was set, over the change to summer time.
 */
#include "server/server.h"

#include "base/test.h"
#include "directory/directory_edit.h"

static struct str source = S_INIT("https://ptv/");

/* The wall clock in Helsinki. */
static struct instant at(int year, int month, int day, int hour, int minute)
{
    return instant_at(date_from(year, month, day), hour * 60 + minute);
}

static void times_of_day(void)
{
    static const char *const bad[] = {"",      "3:30",  "03:3",  "24:00",
                                      "03:60", "03.30", "0a:00", "-1:00"};
    int minute = -1;
    CHECK(importer_time(S("03:30"), &minute) && minute == 210);
    CHECK(importer_time(S("00:00"), &minute) && minute == 0);
    CHECK(importer_time(S("23:59"), &minute) && minute == 1439);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!importer_time(str_of(bad[i]), &minute));
}

static void last_due(void)
{
    struct instant due = at(2026, 11, 22, 3, 30);
    CHECK_INT(importer_last_due(due, 210).ms, due.ms);
    CHECK_INT(importer_last_due((struct instant){due.ms - 1}, 210).ms, at(2026, 11, 21, 3, 30).ms);
    CHECK_INT(importer_last_due(at(2026, 11, 22, 23, 59), 210).ms, due.ms);
    /* 03:30 is not there on the day on which summer time begins: after the gap, once */
    struct instant summer = importer_last_due(at(2026, 3, 29, 12, 0), 210);
    CHECK(summer.ms > at(2026, 3, 29, 2, 59).ms && summer.ms <= at(2026, 3, 29, 4, 30).ms);
}

static bool due(struct dir_import_state s, struct instant now)
{
    if (!s.source.p)
        s.source = source;
    return importer_is_due(&s, source, now, 210);
}

static void once_a_day(void)
{
    struct instant night = at(2026, 11, 22, 3, 30), noon = at(2026, 11, 22, 12, 0);
    struct instant yesterday = at(2026, 11, 21, 3, 31);
    CHECK(due((struct dir_import_state){.source = S("")}, noon)); /* never: at once */
    CHECK(due((struct dir_import_state){.tried = yesterday, .succeeded = yesterday}, noon));
    CHECK(!due((struct dir_import_state){.tried = yesterday, .succeeded = yesterday},
               at(2026, 11, 22, 3, 29)));
    CHECK(!due((struct dir_import_state){.tried = night, .succeeded = night}, noon));
    CHECK(!due((struct dir_import_state){.tried = noon, .succeeded = noon}, night)); /* set back */
}

/* Files by hand, or what was fetched from elsewhere, do not stand for what is to be fetched. */
static void another_source_is_not_ours(void)
{
    struct instant after = at(2026, 11, 22, 8, 0), noon = at(2026, 11, 22, 12, 0);
    CHECK(due((struct dir_import_state){.source = S("files"), .tried = after, .succeeded = after},
              noon));
    CHECK(!due((struct dir_import_state){.tried = after, .succeeded = after}, noon));
}

static void again_after_a_failure(void)
{
    static const struct {
        int failures, pause; /* minutes */
    } rows[] = {{1, 15}, {2, 30}, {3, 60}, {4, 120}, {5, 240}, {6, 240}, {60, 240}};
    struct instant tried = at(2026, 11, 22, 4, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dir_import_state s = {.tried = tried,
                                     .succeeded = at(2026, 11, 20, 3, 30),
                                     .failures = rows[i].failures,
                                     .error = S("answered 503")};
        CHECK(!due(s, (struct instant){tried.ms + rows[i].pause * MINUTE_MS - 1}));
        CHECK(due(s, (struct instant){tried.ms + rows[i].pause * MINUTE_MS}));
        CHECK(due(s, at(2026, 11, 23, 3, 30))); /* and at its time anyway */
    }
}

int main(void)
{
    TEST(times_of_day);
    TEST(last_due);
    TEST(once_a_day);
    TEST(another_source_is_not_ours);
    TEST(again_after_a_failure);
    return test_end();
}
