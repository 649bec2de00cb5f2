/* form_test.c: the parsers that need no connection. */
#include "base/rand.h"
#include "base/test.h"
#include "http/conn.h"

int http_fuzz(const uint8_t *data, size_t size);

static struct arena *a;

/* "path|name=value|name=value", or "refused". */
static struct str target(struct str t)
{
    struct str path;
    struct fields q;
    if (!target_parse(a, t, &path, &q))
        return S("refused");
    struct buf b = buf_new(a, 0);
    buf_str(&b, path);
    for (size_t i = 0; i < q.n; i++)
        buf_fmt(&b, "|" STR_FMT "=" STR_FMT, STR_ARG(q.p[i].name), STR_ARG(q.p[i].value));
    return buf_get(&b);
}

static void targets_are_decoded(void)
{
    CHECK_STR(target(S("/")), "/");
    CHECK_STR(target(S("/fi/service/abc")), "/fi/service/abc");
    CHECK_STR(target(S("/fi/")), "/fi/");
    CHECK_STR(target(S("/fi/haku?q=p%C3%A4iv%C3%A4+hoito&sivu=2")),
              "/fi/haku|q=päivä hoito|sivu=2");
    CHECK_STR(target(S("/a%20b/%7Ec")), "/a b/~c");
    CHECK_STR(target(S("/hyvä")), "/hyvä");
    CHECK_STR(target(S("/x?")), "/x");
    CHECK_STR(target(S("/x?a&b=&=c&&d=e=f")), "/x|a=|b=|=c|d=e=f");
    CHECK_STR(target(S("/a+b?c+d=e%2Bf")), "/a+b|c d=e+f");
    CHECK_STR(target(S("/...")), "/...");
    CHECK_STR(target(S("/.well-known/x")), "/.well-known/x");
}

static void bad_targets_are_refused(void)
{
    static const struct str bad[] = {
        S_INIT(""),
        S_INIT("*"),
        S_INIT("fi/"),
        S_INIT("//evil.example"),
        S_INIT("/fi//x"),
        S_INIT("/."),
        S_INIT("/.."),
        S_INIT("/a/../b"),
        S_INIT("/a/./b"),
        S_INIT("/a/.."),
        S_INIT("/%2e%2e/etc"),
        S_INIT("/%2E/"),
        S_INIT("/a%2fb"),
        S_INIT("/a\\b"),
        S_INIT("/a%5Cb"),
        S_INIT("/a%00b"),
        S_INIT("/a%0Ab"),
        S_INIT("/a%7F"),
        S_INIT("/a%"),
        S_INIT("/a%2"),
        S_INIT("/a%zz"),
        S_INIT("/a%c0%ae"),      /* over-long '.' */
        S_INIT("/%e0%80%af"),    /* over-long '/' */
        S_INIT("/%ed%a0%80"),    /* a surrogate */
        S_INIT("/%f4%90%80%80"), /* past U+10FFFF */
        S_INIT("/%ff"),
        S_INIT("/a\xC3"),
        S_INIT("/a#b"),
        S_INIT("/a b"),
        S_INIT("/a\tb"),
        S_INIT("/x?a=%"),
        S_INIT("/x?a=%00"),
        S_INIT("/x?%ff=1"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str got = target(bad[i]);
        CHECK_STR(got, "refused");
        if (!str_eq(got, S("refused")))
            printf("#   at '" STR_FMT "'\n", STR_ARG(bad[i]));
    }
}

/* The fuzz target aborts where a promise is broken; here it gets texts made of what matters. */
static void promises_hold_for_any_text(void)
{
    static const char alphabet[] = "//..%%%%22eEfF05cC0aA&&==++;;,q*\"\r\n \0\xc3\xa4\xff?#\\";
    struct seeded random = seeded_new(7);
    for (int i = 0; i < 20000; i++) {
        uint8_t text[48];
        size_t n = seeded_below(&random, sizeof text);
        for (size_t k = 0; k < n; k++)
            text[k] = (uint8_t)alphabet[seeded_below(&random, sizeof alphabet - 1)];
        if (n > 0 && i % 2)
            text[0] = '/';
        CHECK_INT(http_fuzz(text, n), 0);
    }
}

static void forms_are_parsed(void)
{
    struct fields f;
    CHECK(fields_parse(a, S("text=a%0D%0Ab%0Dc%0A&need=1&need=2&empty="), 10, &f));
    CHECK_STR(fields_get(&f, "text"), "a\nb\nc\n");
    CHECK_STR(fields_get(&f, "need"), "1");
    CHECK_STR(fields_nth(&f, "need", 1), "2");
    CHECK(fields_nth(&f, "need", 2).p == NULL);
    CHECK(fields_has(&f, "empty"));
    CHECK(!fields_has(&f, "absent"));
    CHECK(fields_parse(a, S(""), 10, &f));
    CHECK_INT(f.n, 0);
    CHECK(fields_parse(a, S("a=1&b=2&c=3"), 3, &f));
    CHECK(!fields_parse(a, S("a=1&b=2&c=3"), 2, &f));
    CHECK(!fields_parse(a, S("a=\xff"), 3, &f));
    CHECK(!fields_parse(a, ((struct str){"a=\0b", 4}), 3, &f));
}

static void encoding_comes_back(void)
{
    struct buf b = buf_new(a, 0);
    url_encode(&b, S("/fi/?a=b&ä \"%~_-."));
    CHECK_STR(buf_get(&b), "%2Ffi%2F%3Fa%3Db%26%C3%A4%20%22%25~_-.");
    struct str back;
    CHECK(url_decode(a, buf_get(&b), false, &back));
    CHECK_STR(back, "/fi/?a=b&ä \"%~_-.");
}

static void cookies_are_found(void)
{
    struct str h = S("theme=dark; session=abc=; x=\"q u\";other ; session=second");
    CHECK_STR(cookie_find(h, S("session")), "abc=");
    CHECK_STR(cookie_find(h, S("theme")), "dark");
    CHECK_STR(cookie_find(h, S("x")), "q u");
    CHECK(cookie_find(h, S("sess")).p == NULL);
    CHECK(cookie_find(h, S("other")).p == NULL);
    CHECK(cookie_find(h, S("Theme")).p == NULL);
    CHECK(cookie_find((struct str){NULL, 0}, S("x")).p == NULL);
    CHECK_STR(cookie_find(S("a=\""), S("a")), "\"");
}

static void codings_are_weighed(void)
{
    CHECK_INT(coding_quality(S("gzip, br"), S("br")), 1000);
    CHECK_INT(coding_quality(S("gzip;q=0.5, br ; q=0.125"), S("br")), 125);
    CHECK_INT(coding_quality(S("gzip, br;q=0"), S("br")), 0);
    CHECK_INT(coding_quality(S("gzip;q=0.000"), S("gzip")), 0);
    CHECK_INT(coding_quality(S("*;q=0.3"), S("br")), 300);
    CHECK_INT(coding_quality(S("*;q=0.3, br;q=0"), S("br")), 0);
    CHECK_INT(coding_quality(S("BR"), S("br")), 1000);
    CHECK_INT(coding_quality(S("br;q=2"), S("br")), 0);
    CHECK_INT(coding_quality(S("br;q=x"), S("br")), 0);
    CHECK_INT(coding_quality(S("brotli"), S("br")), 0);
    CHECK(coding_quality(S(""), S("identity")) > 0);
    CHECK_INT(coding_quality(S("identity;q=0"), S("identity")), 0);
    CHECK_INT(coding_quality(S("*;q=0"), S("identity")), 0);
}

static void tags_match(void)
{
    CHECK(etag_matches(S("\"a\", \"b\""), S("\"b\"")));
    CHECK(etag_matches(S("W/\"b\""), S("\"b\"")));
    CHECK(etag_matches(S("*"), S("\"b\"")));
    CHECK(!etag_matches(S("\"bb\""), S("\"b\"")));
    CHECK(!etag_matches(S(""), S("\"b\"")));
    CHECK(!etag_matches((struct str){NULL, 0}, S("\"b\"")));
}

static void routes_match(void)
{
    struct str p[2];
    size_t n;
    CHECK(route_match(S("/:lang/service/:ref"), S("/fi/service/abc"), p, 2, &n));
    CHECK_INT(n, 2);
    CHECK_STR(p[0], "fi");
    CHECK_STR(p[1], "abc");
    CHECK(route_match(S("/health"), S("/health"), p, 2, &n));
    CHECK(route_match(S("/:lang/"), S("/fi/"), p, 2, &n));
    CHECK(!route_match(S("/:lang/"), S("/fi"), p, 2, &n));
    CHECK(!route_match(S("/:lang"), S("/fi/"), p, 2, &n));
    CHECK(!route_match(S("/:lang/x"), S("//x"), p, 2, &n));
    CHECK(!route_match(S("/:a/:b/:c"), S("/1/2/3"), p, 2, &n));
    CHECK(!route_match(S("/a/b"), S("/a"), p, 2, &n));
    CHECK(!route_match(S("/a"), S("/a/b"), p, 2, &n));
}

static struct str round_trip(const char *text)
{
    struct address x;
    char back[46];
    if (!address_parse(str_of(text), &x))
        return S("refused");
    address_text(x, back);
    return str_dup(a, str_of(back));
}

static void addresses_are_one_kind(void)
{
    CHECK_STR(round_trip("192.0.2.7"), "192.0.2.7");
    CHECK_STR(round_trip("::ffff:192.0.2.7"), "192.0.2.7");
    CHECK_STR(round_trip("2001:DB8:0:0::1"), "2001:db8::1");
    CHECK_STR(round_trip("192.0.2.7:80"), "refused");
    CHECK_STR(round_trip("localhost"), "refused");
    CHECK_STR(round_trip(""), "refused");
}

static void peers_are_counted(void)
{
    static struct peers p;
    struct address x, y, z;
    CHECK(address_parse(S("2001:db8::1"), &x) && address_parse(S("2001:db8::2"), &y) &&
          address_parse(S("192.0.2.7"), &z));
    CHECK_INT(peers_add(&p, x), 1);
    CHECK_INT(peers_add(&p, y), 2); /* one /64 */
    CHECK_INT(peers_add(&p, z), 1);
    peers_drop(&p, x);
    CHECK_INT(peers_add(&p, x), 2);
    peers_drop(&p, x);
    peers_drop(&p, y);
    peers_drop(&p, z);
    CHECK_INT(peers_add(&p, x), 1);
    peers_drop(&p, x);
}

static void bad_listen_addresses_are_named(void)
{
    static const char *const bad[] = {
        "",        "8080",       "localhost:8080", "127.0.0.1",     "::1:80",       "[::1]",
        "[::1]80", "127.0.0.1:", "1.2.3.4:-1",     "1.2.3.4:65536", "[1.2.3.4]:80", "1.2.3.4:8x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str why = S("");
        CHECK_INT(address_listen(a, bad[i], &why), -1);
        CHECK(str_ends(why, S("is not an address and port such as 127.0.0.1:8080 or [::1]:8080")));
    }
}

int main(void)
{
    a = arena_new(0);
    TEST(targets_are_decoded);
    TEST(bad_targets_are_refused);
    TEST(promises_hold_for_any_text);
    TEST(forms_are_parsed);
    TEST(encoding_comes_back);
    TEST(cookies_are_found);
    TEST(codings_are_weighed);
    TEST(tags_match);
    TEST(routes_match);
    TEST(addresses_are_one_kind);
    TEST(peers_are_counted);
    TEST(bad_listen_addresses_are_named);
    arena_free(a);
    return test_end();
}
