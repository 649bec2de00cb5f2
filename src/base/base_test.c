/* base_test.c: the promises of base/ in one run. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/embedded.h"
#include "base/guard.h"
#include "base/json.h"
#include "base/rand.h"
#include "base/test.h"
#include "base/time.h"
#include "base/vec.h"

static struct arena *a;

static void strings(void)
{
    CHECK_STR(str_trim(S(" \t a b \n")), "a b");
    CHECK(str_ieq(S("Content-Type"), S("content-type")) && !str_eq(S("A"), S("a")));
    struct str rest = S("a=b=c");
    CHECK_STR(str_cut(&rest, '='), "a");
    CHECK_STR(str_cut(&rest, '='), "b");
    CHECK_STR(str_cut(&rest, '='), "c");
    CHECK(rest.p == NULL);
    int64_t v = 0;
    CHECK(str_int(S("-42"), &v) && v == -42);
    CHECK(!str_int(S(""), &v) && !str_int(S("-"), &v) && !str_int(S("4 "), &v));
    CHECK(!str_int(S("1234567890123456789"), &v));
    uint64_t x;
    CHECK(str_hex(S("00ff0000deadbeef"), &x) && x == 0xff0000deadbeef);
    CHECK(!str_hex(S("00ff0000deadbee"), &x) && !str_hex(S("00ff0000deadbeef0"), &x));
    CHECK(!str_hex(S("00FF0000DEADBEEF"), &x) && !str_hex(S(" 0ff0000deadbeef"), &x));
    CHECK_STR(str_sub(S("abc"), 1, 9), "bc");
    CHECK_STR(str_sub(S("abc"), 9, 9), "");
    CHECK_STR(str_fmt(a, "%d-%s", 7, "x"), "7-x");
    static const unsigned char bytes[16] = {0x00, 0x0f, 0xf0, 0xff, 4,  5,  6,  7,
                                            8,    9,    10,   11,   12, 13, 14, 0xab};
    CHECK_STR(str_to_hex(a, bytes, 4), "000ff0ff");
    CHECK_STR(str_to_uuid(a, bytes), "000ff0ff-0405-0607-0809-0a0b0c0d0eab");
    CHECK(str_cmp(S("ab"), S("abc")) < 0 && str_cmp(S("b"), S("abc")) > 0);
    static const char *const words[] = {"one", "two", "two"};
    CHECK_INT(str_place(S("two"), words, 3), 1);
    CHECK_INT(str_place(S("tw"), words, 3), 3);
    CHECK_INT(str_place(S(""), words, 3), 3);
}

static void utf8(void)
{
    CHECK_STR(str_lower(a, S("ÄÄNI Å×Þ ŠĽŽ ШЁ 1")), "ääni å×þ šľž шё 1");
    CHECK_STR(str_lower(a, S("")), "");
    CHECK(str_utf8_ok(S("päivää \xF0\x9F\x98\x80")));
    CHECK_INT(str_utf8_len(S("päivää")), 6);
    CHECK(!str_utf8_ok(S("\xC0\xAF")));         /* over-long */
    CHECK(!str_utf8_ok(S("\xED\xA0\x80")));     /* surrogate */
    CHECK(!str_utf8_ok(S("\xF4\x90\x80\x80"))); /* past U+10FFFF */
    CHECK(!str_utf8_ok(S("a\xE2\x82")));        /* cut short */
    struct str s = S("\xFF"
                     "ä");
    CHECK_INT(str_utf8_next(&s), 0xFFFD);
    CHECK_INT(str_utf8_next(&s), 0xE4);
    struct buf b = buf_new(a, 0);
    buf_utf8(&b, 0x20AC);
    buf_utf8(&b, 0x1F600);
    CHECK_STR(buf_get(&b), "€\xF0\x9F\x98\x80");
}

static void count_up(void *arg)
{
    ++*(int *)arg;
}

static void arenas(void)
{
    int freed = 0;
    struct arena *b = arena_new(0);
    arena_defer(b, count_up, &freed);
    for (int i = 0; i < 1000; i++) {
        char *p = arena_alloc(b, 100);
        CHECK(p[0] == 0 && p[99] == 0 && (uintptr_t)p % _Alignof(max_align_t) == 0);
        memset(p, 0xFF, 100);
    }
    arena_reset(b);
    CHECK_INT(freed, 1);
    CHECK_INT(arena_used(b), 0);
    const char *again = arena_alloc(b, 100);
    CHECK(again[0] == 0);
    arena_free(b);
    CHECK_INT(freed, 1);
}

static void take_too_much(void *arg)
{
    struct arena **b = arg;
    *b = arena_new(100000);
    for (;;)
        arena_alloc(*b, 1000);
}

static void array_wraps(void *arg)
{
    arena_array(a, SIZE_MAX / 2, 4);
}

static void guards(void)
{
    struct arena *b = NULL;
    const char *why = NULL;
    CHECK_INT(guard_run(take_too_much, &b, &why), ERR_NO_MEMORY);
    CHECK(why && strstr(why, "limit"));
    arena_free(b);
    CHECK_INT(guard_run(array_wraps, NULL, NULL), ERR_NO_MEMORY);
    int n = 0;
    CHECK_INT(guard_run(count_up, &n, NULL), ERR_OK);
    CHECK_INT(n, 1);
}

static void buffers(void)
{
    struct buf b = buf_new(a, 10);
    buf_lit(&b, "12345");
    buf_int(&b, -67);
    CHECK_STR(buf_get(&b), "12345-67");
    buf_lit(&b, "890");
    CHECK(!buf_ok(&b));
    buf_lit(&b, "x");
    CHECK_STR(buf_get(&b), "12345-67");
    struct buf c = buf_new(a, 0);
    buf_int(&c, INT64_MIN);
    buf_fmt(&c, " %05.1f", 3.14);
    CHECK_STR(buf_get(&c), "-9223372036854775808 003.1");
}

static void lists(void)
{
    struct {
        LIST_FIELDS(int);
    } v = {0};
    for (int i = 0; i < 100; i++)
        VEC_PUSH(a, &v, i * i);
    CHECK_INT(v.n, 100);
    CHECK_INT(v.p[99], 9801);
}

static void dates(void)
{
    CHECK_INT(date_from(1970, 1, 1).day, 0);
    CHECK_INT(date_from(2026, 11, 21).day, 20778);
    CHECK_INT(date_weekday(date_from(2026, 11, 21)), 6);
    CHECK(!date_valid(2025, 2, 29) && date_valid(2024, 2, 29) && !date_valid(2100, 2, 29));
    for (int32_t day = -60000; day < 370000; day += 13) {
        struct civil c = date_civil((struct date){day});
        CHECK_INT(date_from(c.year, c.month, c.day).day, day);
    }
    CHECK_STR(date_iso(a, date_add_months(date_from(2025, 11, 30), 3)), "2026-02-28");
    CHECK_STR(date_iso(a, date_month(date_from(2028, 2, 29))), "2028-02-01");
    CHECK_STR(date_iso(a, date_month(date_from(2026, 1, 1))), "2026-01-01");
    CHECK_STR(date_iso(a, date_add_months(date_from(2024, 1, 31), 1)), "2024-02-29");
    CHECK_STR(date_iso(a, date_add_months(date_from(2024, 3, 31), -1)), "2024-02-29");
    CHECK_STR(date_iso(a, date_add_months(date_from(2024, 12, 31), 12)), "2025-12-31");
    CHECK_INT(date_age(date_from(2003, 11, 22), date_from(2026, 11, 21)), 22);
    CHECK_INT(date_age(date_from(2003, 11, 21), date_from(2026, 11, 21)), 23);
    struct date d;
    CHECK(date_parse(S("2026-11-21"), &d) && d.day == 20778);
    CHECK(!date_parse(S("2026-1-21"), &d) && !date_parse(S("2026-13-01"), &d) &&
          !date_parse(S("2026-11-21 "), &d));
}

static void helsinki(void)
{
    struct instant t;
    CHECK(instant_parse(S("2026-11-21T22:30:00Z"), &t));
    CHECK_STR(date_iso(a, date_of(t)), "2026-11-22"); /* winter: +2 */
    CHECK_INT(minute_of(t), 30);
    CHECK(instant_parse(S("2026-06-30T21:15:30.250Z"), &t));
    CHECK_STR(date_iso(a, date_of(t)), "2026-07-01"); /* summer: +3 */
    CHECK_STR(instant_iso(a, t), "2026-06-30T21:15:30.250Z");
    CHECK(instant_parse(S("2026-07-01T00:15:30.250+03:00"), &t));
    CHECK_STR(instant_iso(a, t), "2026-06-30T21:15:30.250Z");
    CHECK(!instant_parse(S("2026-07-01T24:00:00Z"), &t) &&
          !instant_parse(S("2026-07-01T10:00"), &t));
    /* 2026-03-29 03:00 does not exist, 2026-10-25 03:30 exists twice. */
    CHECK_STR(instant_iso(a, instant_at(date_from(2026, 3, 29), 3 * 60 + 30)),
              "2026-03-29T01:00:00.000Z");
    CHECK_STR(instant_iso(a, instant_at(date_from(2026, 3, 29), 4 * 60)),
              "2026-03-29T01:00:00.000Z");
    CHECK_STR(instant_iso(a, instant_at(date_from(2026, 10, 25), 3 * 60 + 30)),
              "2026-10-25T00:30:00.000Z");
    CHECK_STR(instant_iso(a, instant_at(date_from(2026, 10, 25), 4 * 60)),
              "2026-10-25T02:00:00.000Z");
    CHECK_STR(instant_iso(a, instant_at(date_from(2026, 12, 31), DAY_MINUTES)),
              "2026-12-31T22:00:00.000Z");
    for (int64_t ms = 946684800000; ms < 1893456000000; ms += 7 * 3600 * 1000 + 60000) {
        struct instant back =
            instant_at(date_of((struct instant){ms}), minute_of((struct instant){ms}));
        CHECK(back.ms == ms ||
              back.ms == ms - HOUR_MS); /* the doubled hour gives its first occurrence */
    }
}

static void random_texts(void)
{
    CHECK_STR(base32(a, "\x00\x00\x00\x00\x00", 5, 8), "00000000");
    CHECK_STR(base32(a, "\xFF\xFF\xFF\xFF\xFF", 5, 8), "ZZZZZZZZ");
    CHECK_STR(base32(a, "\x08\x42\x10\x84\x21", 5, 8), "11111111");
    CHECK(!str_eq(rand_ref(a, 12), rand_ref(a, 12)));
    struct seeded r = seeded_new(1), q = seeded_new(1);
    for (int i = 0; i < 1000; i++) {
        CHECK(seeded_below(&r, 7) < 7);
        seeded_next(&q);
    }
    CHECK(seeded_next(&r) == seeded_next(&q));
    CHECK(seeded_unit(&r) >= 0 && seeded_unit(&r) < 1);
}

static void json_in(void)
{
    struct json_error e;
    const struct jv *v =
        json_parse(a, S("{\"a\":[1,2.5,\"\\u00e4\"],\"b\":{\"c\":true},\"d\":null}"), &e);
    CHECK(v && jv_kind(v) == JV_OBJECT && jv_len(v) == 3);
    CHECK_INT(jv_int(jv_at(jv_get(v, "a"), 0)), 1);
    CHECK_STR(jv_str(jv_at(jv_get(v, "a"), 2)), "ä");
    CHECK(jv_bool(jv_get(jv_get(v, "b"), "c")) && jv_kind(jv_get(v, "d")) == JV_NULL);
    CHECK(jv_kind(jv_get(v, "none")) == JV_MISSING && jv_str_of(v, "a").p == NULL);
    struct str key;
    CHECK(jv_member(v, 1, &key) && str_eq(key, S("b")) && !jv_member(v, 3, &key));
    CHECK(!json_parse(a, S("{\"a\":1,\n \"a\":2}"), &e) && e.line == 2);
    CHECK(!json_parse(a, S("\"\\\xDE\x9C"), &e) && str_utf8_ok(str_of(e.text)));
    CHECK(!json_parse(a, S("[1,2"), &e) && !json_parse(a, S("\"\xFF\""), &e));
    CHECK(!json_parse(a, S("{\"a\":\"x\\u0000y\"}"), &e) && !json_parse(a, S(""), &e));
    struct buf deep = buf_new(a, 0);
    for (int i = 0; i < 100000; i++)
        buf_char(&deep, '[');
    CHECK(!json_parse(a, buf_get(&deep), &e) && strstr(e.text, "deep"));
}

static void json_out(void)
{
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    jw_str(&w, "t", S("a\"\\\n\x01/ä"));
    jw_str(&w, "none", (struct str){NULL, 0});
    jw_array(&w, "l");
    jw_int(&w, NULL, 1);
    jw_object(&w, NULL);
    jw_end_object(&w);
    jw_bool(&w, NULL, false);
    jw_end_array(&w);
    jw_null(&w, "z");
    jw_end_object(&w);
    CHECK_STR(buf_get(&b), "{\"t\":\"a\\\"\\\\\\n\\u0001/ä\",\"l\":[1,{},false],\"z\":null}");
    struct json_error e;
    CHECK(json_parse(a, buf_get(&b), &e) != NULL);
}

static size_t embedded_read;
static bool read_embedded(struct arena *own, struct str *why)
{
    (void)why;
    embedded_read += str_dup(own, S("x")).n;
    return true;
}

/* As many rooms as there may ever be. */
static void embedded(void)
{
    for (int i = 0; i < 100; i++)
        embedded_load("base", read_embedded);
    CHECK(embedded_read == 100);
}

int main(void)
{
    a = arena_new(0);
    TEST(strings);
    TEST(utf8);
    TEST(arenas);
    TEST(guards);
    TEST(buffers);
    TEST(lists);
    TEST(dates);
    TEST(helsinki);
    TEST(random_texts);
    TEST(json_in);
    TEST(json_out);
    TEST(embedded);
    arena_free(a);
    return test_end();
}
