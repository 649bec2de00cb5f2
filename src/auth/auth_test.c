/* auth_test.c: codes, tokens, passwords, limits. Sessions are tested with the store, over the
 * socket. */
#include "auth/auth.h"
#include "base/test.h"

#include <semaphore.h>
#include <sodium.h>
#include <time.h>

static struct arena *a;
static const unsigned char key[32] = "a key for tests only, 32 bytes..", other[32] = "another";

static void codes(void)
{
    struct str code = auth_code_make(a, key, S("once-1")), h1, h2;
    CHECK_INT(code.n, 15);
    CHECK(code.p[4] == '-' && code.p[9] == '-');
    CHECK(str_eq(code, auth_code_make(a, key, S("once-1"))));
    CHECK(!str_eq(code, auth_code_make(a, key, S("once-2"))));
    CHECK(!str_eq(code, auth_code_make(a, other, S("once-1"))));
    CHECK(auth_code_hash(a, key, code, &h1) && h1.n == 32);
    CHECK(auth_code_hash(a, other, code, &h2) && !str_eq(h1, h2));
}

static void codes_as_typed(void)
{
    struct str h1, h2;
    CHECK(auth_code_hash(a, key, S("0101-ABCD-EFGHJ"), &h1));
    CHECK(auth_code_hash(a, key, S(" oIoL abcd efghj"), &h2) && str_eq(h1, h2));
    CHECK(!auth_code_hash(a, key, S("0101-ABCD-EFGH"), &h2));
    CHECK(!auth_code_hash(a, key, S("0101-ABCD-EFGHJK"), &h2));
    CHECK(!auth_code_hash(a, key, S("0101-ABCD-EFGHU"), &h2));
    CHECK(!auth_code_hash(a, key, S("0101-ABCD-EFGH\xC3\xA4"), &h2));
    CHECK(!auth_code_hash(a, key, S(""), &h2));
}

static void form_tokens(void)
{
    struct str t = auth_form_token(a, key, S("session-1"));
    CHECK(auth_form_token_ok(a, key, S("session-1"), t));
    CHECK(!auth_form_token_ok(a, key, S("session-2"), t));
    CHECK(!auth_form_token_ok(a, other, S("session-1"), t));
    CHECK(!auth_form_token_ok(a, key, S("session-1"), str_sub(t, 0, 31)));
    CHECK(!auth_form_token_ok(a, key, S("session-1"), S("")));
}

static void passwords(void)
{
    struct str hash = auth_password_hash(a, S("ruusu ja 7 lumihiutaletta"));
    CHECK(str_starts(hash, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    CHECK(auth_password_ok(hash, S("ruusu ja 7 lumihiutaletta")));
    CHECK(!auth_password_ok(hash, S("ruusu ja 7 lumihiutalett")));
    CHECK(!auth_password_ok(S(""), S("")));
    CHECK(!auth_password_ok((struct str){NULL, 0}, S("x")));
    CHECK(!auth_password_ok(S("not a hash"), S("x")));
}

static void buckets(void)
{
    struct limits *l = limits_new(a, 64, key);
    struct instant now = {1000000};
    for (int i = 0; i < 5; i++)
        CHECK(limits_take(l, S("code 192.0.2.1"), 5, now));
    CHECK(!limits_take(l, S("code 192.0.2.1"), 5, now));
    CHECK(limits_take(l, S("code 192.0.2.2"), 5, now));
    now.ms += 12000; /* a fifth of a minute: one more */
    CHECK(limits_take(l, S("code 192.0.2.1"), 5, now));
    CHECK(!limits_take(l, S("code 192.0.2.1"), 5, now));
    CHECK(limits_take(l, S("anything"), 0, now));
    for (int i = 0; i < 10000; i++)
        limits_take(l, str_fmt(a, "code %d", i), 5,
                    now); /* an attacker with many addresses fills the table, no more */
}

/* An attacker who has used up one bucket cannot be rid of it by filling the table with others. */
static void buckets_under_pressure(void)
{
    struct limits *l = limits_new(a, 64, key);
    struct instant now = {1000000};
    for (int i = 0; i < 5; i++)
        limits_take(l, S("login aino"), 5, now);
    for (int i = 0; i < 10000; i++) {
        limits_take(l, str_fmt(a, "login x%d", i), 5, now);
    }
    CHECK(!limits_take(l, S("login aino"), 5, now));
}

static void a_clock_set_back(void)
{
    struct limits *l = limits_new(a, 64, key);
    struct instant now = {7200000};
    CHECK(limits_take(l, S("k"), 2, now));
    now.ms -= 3600000; /* an hour back: nobody is locked out for that hour */
    CHECK(limits_take(l, S("k"), 2, now));
    CHECK(!limits_take(l, S("k"), 2, now));
    now.ms += 30000;
    CHECK(limits_take(l, S("k"), 2, now));
    CHECK(!limits_take(l, S("k"), 2, now));
}

/* The wire between two servers: what one tells the other hears. */
static struct instant wire_now = {1000000};
static int wire_lines;
static char wire_last[64];

static void wire(void *other_end, struct str text)
{
    wire_lines++;
    snprintf(wire_last, sizeof wire_last, STR_FMT, STR_ARG(text));
    CHECK(limits_told(other_end, text, wire_now));
}

static void two_servers_count_as_one(void)
{
    struct limits *x = limits_new(a, 64, key), *y = limits_new(a, 64, key);
    limits_tell(x, wire, y);
    limits_tell(y, wire, x);
    wire_lines = 0;
    for (int i = 0; i < 6; i++)
        CHECK(limits_take(i % 2 ? x : y, S("code 192.0.2.1"), 6, wire_now));
    CHECK(!limits_take(x, S("code 192.0.2.1"), 6, wire_now));
    CHECK(!limits_take(y, S("code 192.0.2.1"), 6, wire_now));
    CHECK_INT(wire_lines, 6); /* what was denied is nobody else's business */
    CHECK(!strstr(wire_last, "192"));
    wire_now.ms += 10000;
    CHECK(limits_take(x, S("code 192.0.2.1"), 6, wire_now));
    CHECK(!limits_take(y, S("code 192.0.2.1"), 6, wire_now));
    CHECK(limits_take(y, S("code 192.0.2.2"), 6, wire_now));
}

/* Whatever comes over the wire takes one at most, and never below zero. */
static void told_to_an_empty_bucket(void)
{
    struct limits *x = limits_new(a, 64, key), *y = limits_new(a, 64, key);
    struct limits *apart = limits_new(a, 64, other);
    limits_tell(x, wire, y);
    limits_take(x, S("k"), 2, wire_now);
    for (int i = 0; i < 50; i++) {
        CHECK(limits_told(y, str_of(wire_last), wire_now));
        CHECK(limits_told(apart, str_of(wire_last), wire_now));
    }
    CHECK(!limits_take(y, S("k"), 2, wire_now));
    CHECK(limits_take(apart, S("k"), 2, wire_now)); /* another installation's key */
    wire_now.ms += 30000;
    CHECK(limits_take(y, S("k"), 2, wire_now));
}

static void lines_that_are_none(void)
{
    static const char *const lines[] = {
        "",
        " ",
        "rubbish",
        "rubbish 5",
        "0123456789abcdef",
        "0123456789abcdef ",
        "0123456789abcdef 0",
        "0123456789abcdef -1",
        "0123456789abcdef 1000001",
        "0123456789abcdef 9223372036854775807",
        "0123456789abcdef 99999999999999999999",
        "0123456789abcdef 5 5",
        "0123456789abcdef 5x",
        "0123456789abcde 5",
        "0123456789abcdef0 5",
        "0123456789ABCDEF 5",
        "0123456789abcdeg 5",
    };
    struct limits *x = limits_new(a, 64, key);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        CHECK(!limits_told(x, str_of(lines[i]), wire_now));
    CHECK(!limits_told(x, (struct str){NULL, 0}, wire_now));
    CHECK(!limits_told(x, (struct str){"0123456789abcdef 5\0", 19}, wire_now));
    CHECK(limits_told(x, S("0123456789abcdef 5"), wire_now));
}

static double seconds_for(struct str hash)
{
    struct timespec from, to;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    auth_password_ok(hash, S("not the password"));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* No such user, no password, a wrong password: the same work. */
static void nobody_costs_as_much(void)
{
    struct str hash = auth_password_hash(a, S("ruusu ja 7 lumihiutaletta"));
    double known = 0, unknown = 0;
    for (int i = 0; i < 5; i++) {
        known += seconds_for(hash);
        unknown += seconds_for((struct str){NULL, 0});
    }
    CHECK(unknown > known / 2 && unknown < known * 2);
}

struct counting {
    struct slow_job job;
    sem_t *done;
    int *n;
};

static void count(struct slow_job *job)
{
    struct counting *c = (struct counting *)job;
    ++*c->n;
    sem_post(c->done);
}

static void slow_worker(void)
{
    struct slow *s = slow_start(a, 100);
    sem_t done;
    sem_init(&done, 0, 0);
    int n = 0;
    struct counting c[50];
    for (int i = 0; i < 50; i++) {
        c[i] = (struct counting){{.run = count}, &done, &n};
        CHECK(slow_submit(s, &c[i].job));
    }
    for (int i = 0; i < 50; i++)
        sem_wait(&done);
    slow_stop(s);
    slow_stop(s);
    CHECK_INT(n, 50);
    CHECK(!slow_submit(s, &c[0].job));
    sem_destroy(&done);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    a = arena_new(0);
    TEST(codes);
    TEST(codes_as_typed);
    TEST(form_tokens);
    TEST(passwords);
    TEST(buckets);
    TEST(buckets_under_pressure);
    TEST(a_clock_set_back);
    TEST(two_servers_count_as_one);
    TEST(told_to_an_empty_bucket);
    TEST(lines_that_are_none);
    TEST(nobody_costs_as_much);
    TEST(slow_worker);
    arena_free(a);
    return test_end();
}
