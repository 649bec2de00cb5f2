/*
 * remote_test.c: when a visit is open, secrets and devices, the data, the relay's names and
 * passwords beside a value of Python's hmac.
 */
#include "base/json.h"
#include "base/test.h"
#include "remote/remote_room.h"

#include <sodium.h>

static struct arena *a;
static const unsigned char key[32] = "a key of the tests";

static struct appointment time_at(int hour, int minute, enum appointment_state state)
{
    struct instant start = instant_at(date_from(2026, 11, 24), hour * 60 + minute);
    return (struct appointment){.id = 1,
                                .remote = true,
                                .state = state,
                                .start = start,
                                .end = {start.ms + 20 * MINUTE_MS}};
}

static enum remote_when at(enum appointment_state state, int hour, int minute)
{
    struct appointment p = time_at(9, 0, state);
    return remote_when(&p, instant_at(date_from(2026, 11, 24), hour * 60 + minute));
}

static void is_open_around_its_time(void)
{
    CHECK_INT(at(APPOINTMENT_BOOKED, 8, 44), REMOTE_EARLY);
    CHECK_INT(at(APPOINTMENT_BOOKED, 8, 45), REMOTE_OPEN);
    CHECK_INT(at(APPOINTMENT_STARTED, 9, 49), REMOTE_OPEN);
    CHECK_INT(at(APPOINTMENT_FULFILLED, 9, 20), REMOTE_OPEN);
    CHECK_INT(at(APPOINTMENT_BOOKED, 9, 50), REMOTE_OVER);
    CHECK_INT(at(APPOINTMENT_CANCELLED, 9, 0), REMOTE_OVER);
    CHECK_INT(at(APPOINTMENT_NOSHOW, 9, 0), REMOTE_OVER);
    CHECK_INT(at(APPOINTMENT_PENDING, 9, 0), REMOTE_OVER);
    CHECK_INT(at(APPOINTMENT_WAITLIST, 9, 0), REMOTE_OVER);
    struct appointment p = time_at(9, 0, APPOINTMENT_BOOKED);
    p.remote = false;
    CHECK_INT(remote_when(&p, p.start), REMOTE_OVER);
}

static void is_here_while_heard_of(void)
{
    struct remote_seat s = {.state = REMOTE_WAITING, .page = S("abcdefgh"), .seen = {1000000}};
    CHECK(remote_is_here(&s, (struct instant){1000000 + REMOTE_HERE_MS - 1}));
    CHECK(!remote_is_here(&s, (struct instant){1000000 + REMOTE_HERE_MS}));
    s.state = REMOTE_LEFT;
    CHECK(!remote_is_here(&s, s.seen));
    s.state = REMOTE_IN;
    s.page = S("");
    CHECK(!remote_is_here(&s, s.seen));
}

static void secrets_are_of_one_use(void)
{
    static const unsigned char other[32] = "another key";
    struct str link = auth_secret_hash(a, key, "remote link:", S("k7qf2m9x"));
    CHECK(!str_eq(link, auth_secret_hash(a, key, "remote cookie:", S("k7qf2m9x"))));
    CHECK(!str_eq(link, auth_secret_hash(a, other, "remote link:", S("k7qf2m9x"))));
    struct str device = remote_device(a, key, S("seat"), S("once"));
    CHECK_INT(device.n, REMOTE_SECRET);
    CHECK(str_eq(device, remote_device(a, key, S("seat"), S("once"))));
    CHECK(!str_eq(device, remote_device(a, key, S("seat"), S("again"))));
    CHECK(!str_eq(device, remote_device(a, key, S("other"), S("once"))));
}

static void codes_come_back(void)
{
    enum remote_who who;
    enum remote_state state;
    for (int i = 0; i < REMOTE_WHOS; i++)
        CHECK(remote_who_from(str_of(remote_who_code((enum remote_who)i)), &who) && (int)who == i);
    for (int i = 0; i < REMOTE_STATES; i++)
        CHECK(remote_state_from(str_of(remote_state_code((enum remote_state)i)), &state) &&
              (int)state == i);
    CHECK(!remote_who_from(S("stranger"), &who) && !remote_state_from(S(""), &state));
}

static void data_is_checked(void)
{
    struct remote_data d;
    struct str why = {0};
    CHECK_INT(remote_data()->open_minutes, 15);
    CHECK(!remote_data_read(a, S("{"), &d, &why));
    CHECK(!remote_data_read(a, S("{\"open\":{\"minutes\":0}}"), &d, &why));
    CHECK_STR(why, "remote.json: open.minutes: a number from 1 to 120 is needed");
}

/* ---- the relay ---- */

static void relay_has_passwords_for_a_while(void)
{
    struct json_error je;
    struct str why = {0};
    const struct remote_turn *t =
        remote_turn_read(a,
                         S("{\"urls\": [\"turn:t.example:3478\", \"stun:t.example\"], "
                           "\"secret\": \"a secret of sixteen\", \"minutes\": 60}"),
                         &why);
    CHECK(t != NULL);
    struct instant now = {(1795345200LL - 3600) * 1000};
    const struct jv *ice = json_parse(a, remote_ice(a, t, S("k7qf2m9x4tbvn"), now), &je);
    CHECK_INT(jv_len(ice), 2);
    CHECK_STR(jv_str_of(jv_at(ice, 0), "username"), "1795345200:k7qf2m9x4tbvn");
    CHECK_STR(jv_str_of(jv_at(ice, 0), "credential"), "zeEPt1yVF4ojLgtxAWaDhilpUhY=");
    CHECK_INT(jv_len(jv_get(jv_at(ice, 0), "urls")), 1);
    CHECK(jv_get(jv_at(ice, 1), "credential") == NULL);
    CHECK_STR(remote_ice(a, NULL, S("x"), now), "[]");
}

static void relay_file_is_checked(void)
{
    static const char *const bad[] = {
        "[]",
        "{\"urls\": [], \"secret\": \"a secret of sixteen\"}",
        "{\"urls\": [\"https://t.example\"], \"secret\": \"a secret of sixteen\"}",
        "{\"urls\": [\"turn:t.example\"], \"secret\": \"short\"}",
        "{\"urls\": [\"turn:t.example\"], \"secret\": \"a secret of sixteen\", \"minutes\": 0}",
        "{\"urls\": [\"turn:t.example\"], \"secret\": \"a secret of sixteen\", \"realm\": \"x\"}",
    };
    struct str why;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        why = (struct str){0};
        CHECK(!remote_turn_read(a, str_of(bad[i]), &why) && why.n);
    }
    CHECK(remote_turn_read(a, S("{\"urls\": [\"stun:t.example\"]}"), &why) != NULL);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    a = arena_new(0);
    TEST(is_open_around_its_time);
    TEST(is_here_while_heard_of);
    TEST(secrets_are_of_one_use);
    TEST(codes_come_back);
    TEST(data_is_checked);
    TEST(relay_has_passwords_for_a_while);
    TEST(relay_file_is_checked);
    arena_free(a);
    return test_end();
}
