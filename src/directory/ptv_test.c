/*
 * ptv_test.c: the reader of PTV's answers: good, old, odd, broken and hostile ones.
 */
#include "base/rand.h"
#include "base/test.h"
#include "directory/ptv.h"

#include <stdlib.h>

int ptv_fuzz(const uint8_t *data, size_t size);

static struct arena *a;
static struct dir_batch batch;
static struct str why;

static bool read(const char *json)
{
    batch = (struct dir_batch){.today = date_from(2026, 11, 21)};
    return ptv_read(a, S("f.json"), str_of(json), &batch, &why) && ptv_finish(a, &batch, &why);
}

/* The first row; the file must be sound. */
static const struct dir_entry *first(const char *json)
{
    static const struct dir_entry none;
    CHECK(read(json));
    if (batch.entries.n == 0)
        return &none;
    return &batch.entries.p[0];
}

static struct str text_in(const struct dir_texts *t, const char *lang)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].lang, str_of(lang)))
            return t->p[i].text;
    return S("(none)");
}

#define ID      "\"id\":\"03da1c71-6fb3-4928-8f39-2db39b027d8d\","
#define NAME(n) "{\"language\":\"fi\",\"value\":\"" n "\",\"type\":\"Name\"}"
#define SERVICE(x) \
    "{" ID "\"serviceNames\":[" NAME("Neuvola") "],\"publishingStatus\":\"Published\"" x "}"
#define DESC(type, v) \
    ",\"serviceDescriptions\":[{\"language\":\"fi\",\"type\":\"" type "\",\"value\":\"" v "\"}]"
#define CHANNEL(type, x) \
    "{" ID "\"serviceChannelType\":\"" type "\",\"serviceChannelNames\":[" NAME("Paikka") "]" x "}"

static void shapes(void)
{
    CHECK_INT(first(SERVICE(""))->kind, DIR_SERVICE);
    CHECK_INT(first("[" SERVICE("") "]")->kind, DIR_SERVICE);
    CHECK_STR(first("\xef\xbb\xbf{\"pageNumber\":1,\"itemList\":[" SERVICE("") "]}")->where,
              "f.json: itemList[0]");
    CHECK_INT(first(CHANNEL("EChannel", ""))->kind, DIR_ECHANNEL);
    CHECK_INT(first(CHANNEL("WebPage", ""))->kind, DIR_WEB_PAGE);
    CHECK_INT(first(CHANNEL("PrintableForm", ""))->kind, DIR_FORM);
    CHECK_INT(first(CHANNEL("Phone", ""))->kind, DIR_PHONE_CHANNEL);
    CHECK_INT(first(CHANNEL("ServiceLocation", ""))->kind, DIR_LOCATION);
    CHECK_INT(first("{" ID "\"organizationNames\":[" NAME("Alue") "]}")->kind, DIR_ORGANISATION);
    CHECK_INT(first("{" ID "\"names\":[" NAME("Pohja") "],\"descriptions\":[]}")->kind,
              DIR_GENERAL);
    CHECK(read("{\"itemList\":[]}") && batch.entries.n == 0);
}

static void older_words(void)
{
    const struct dir_service *s =
        first(SERVICE(",\"type\":\"PermissionAndObligation\",\"serviceChargeType\":\"Free\"" DESC(
                  "ShortDescription", "Lyhyt")))
            ->row;
    CHECK_STR(s->type, "PermitOrObligation");
    CHECK_INT(s->charge, DIR_FREE);
    CHECK_STR(text_in(&s->summary, "fi"), "Lyhyt");
    s = first(SERVICE(",\"serviceChargeType\":\"Charged\"" DESC("ServiceUserInstruction", "Ohje")))
            ->row;
    CHECK_INT(s->charge, DIR_CHARGEABLE);
    CHECK_STR(text_in(&s->instruction, "fi"), "Ohje");
    s = first("{" ID
              "\"serviceNames\":[" NAME("A") ",{\"language\":\"fi\",\"value\":\"B\",\"type\":"
                                             "\"AlternateName\"}]}")
            ->row;
    CHECK_STR(text_in(&s->other_name, "fi"), "B");
}

static void two_schemes(void)
{
    CHECK_STR(ptv_code_of_uri(S("http://urn.fi/URN:NBN:fi:au:ptvl:v1001")), "P1");
    CHECK_STR(ptv_code_of_uri(S("http://urn.fi/URN:NBN:fi:au:ptvl:v3004")), "KE11");
    CHECK_STR(ptv_code_of_uri(S("http://urn.fi/URN:NBN:fi:au:ptvl:v3019")), "KE9");
    CHECK_STR(ptv_code_of_uri(S("http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/KR1.2")),
              "KR1.2");
    CHECK_STR(ptv_code_of_uri(S("http://urn.fi/URN:NBN:fi:au:ptvl:v9")),
              "http://urn.fi/URN:NBN:fi:au:ptvl:v9");
    CHECK_STR(ptv_code_of_uri(S("http://www.yso.fi/onto/koko/p6198")),
              "http://www.yso.fi/onto/koko/p6198");
    const struct dir_service *s =
        first(SERVICE(",\"lifeEvents\":[{\"name\":[],\"code\":null,\"uri\":"
                      "\"http://urn.fi/URN:NBN:fi:au:ptvl:v3001\"}]"))
            ->row;
    CHECK_STR(s->events.p[0].code, "KE1");
}

static void draft_js(void)
{
    const struct dir_service *s =
        first(SERVICE(
                  DESC("Description",
                       "{\\\"blocks\\\":[{\\\"type\\\":\\\"unstyled\\\",\\\"text\\\":\\\"Eka\\\"},"
                       "{\\\"type\\\":\\\"unordered-list-item\\\",\\\"text\\\":\\\"a\\\"},"
                       "{\\\"type\\\":\\\"unordered-list-item\\\",\\\"text\\\":\\\"b\\\"},"
                       "{\\\"type\\\":\\\"ordered-list-item\\\",\\\"text\\\":\\\"c\\\"},"
                       "{\\\"type\\\":\\\"unstyled\\\",\\\"text\\\":\\\"\\\"}],"
                       "\\\"entityMap\\\":{}}")))
            ->row;
    CHECK_STR(text_in(&s->description, "fi"), "Eka\n\n- a\n- b\n1. c");
    const struct dir_entry *e =
        first(SERVICE(DESC("Description", "{\\\"blocks\\\":[{\\\"text\\\":\\\"Ek")));
    CHECK_STR(e->reason, "f.json: serviceDescriptions[0].value: is a formatted text (Draft.js) "
                         "that is cut or broken");
}

static void clean_texts(void)
{
    const struct dir_service *s =
        first(SERVICE(DESC("Description", "  a\\u0007b\\tc\\u202Etxt.exe\\r\\nd\\u2028e\\ufeff ")))
            ->row;
    CHECK_STR(text_in(&s->description, "fi"), "ab ctxt.exe\nd\ne");
    s = first(SERVICE(DESC("Description", "<script>alert(1)</script> & ä")))->row;
    CHECK_STR(text_in(&s->description, "fi"), "<script>alert(1)</script> & ä"); /* plain text */
}

static void languages(void)
{
    const struct dir_service *s =
        first("{" ID "\"serviceNames\":[" NAME(
                  "N") ",{\"language\":\"sv-FI\",\"value\":\"S\",\"type\":\"Name\"},"
                       "{\"language\":\"smn\",\"value\":\"I\",\"type\":\"Name\"}]" DESC(
                           "Summary", "vain suomeksi") "}")
            ->row;
    CHECK_STR(text_in(&s->name, "sv"), "S");
    CHECK_STR(text_in(&s->name, "smn"), "I");
    struct dir_picked p = dir_pick(&s->summary, LANG_SV);
    CHECK_STR(p.text, "vain suomeksi");
    CHECK(p.other && str_eq(p.lang, S("fi")));
    CHECK(!dir_pick(&s->name, LANG_SV).other);
    CHECK(!read("{" ID "\"serviceNames\":[{\"language\":\"Finnish\",\"value\":\"x\",\"type\":"
                "\"Name\"}]}"));
}

#define PHONE(prefix, number)                                                           \
    CHANNEL("Phone", ",\"phoneNumbers\":[{\"language\":\"fi\",\"prefixNumber\":" prefix \
                     ",\"number\":\"" number "\"}]")

static void check_phone(const char *json, const char *shown, const char *uri)
{
    const struct dir_channel *c = first(json)->row;
    CHECK_INT(c->phones.n, 1);
    if (c->phones.n == 1) {
        CHECK_STR(c->phones.p[0].number, shown);
        CHECK_STR(c->phones.p[0].uri, uri);
    }
}

static void phones(void)
{
    check_phone(PHONE("\"+358\"", "90000111"), "09 0000 111", "tel:+35890000111");
    check_phone(PHONE("\"+358\"", "040 123-4567"), "040 123 4567", "tel:+358401234567");
    check_phone(PHONE("null", "020000100"), "020 000 100", "tel:020000100");
    check_phone(PHONE("null", "116117"), "116117", "tel:116117");
    check_phone(PHONE("\"+46\"", "812345"), "+46 812345", "tel:+46812345");
    check_phone(PHONE("null", "+44 20 7946"), "+44207946", "tel:+44207946");
    const struct dir_channel *c = first(PHONE("null", "javascript:alert(1)"))->row;
    CHECK(c->phones.n == 0 && batch.notes.n == 1);
}

static void links(void)
{
    const struct dir_channel *c =
        first(CHANNEL("WebPage",
                      ",\"webPages\":[{\"language\":\"fi\",\"url\":\"https://x.fi/a\","
                      "\"value\":\"X\"},{\"language\":\"fi\",\"url\":\"javascript:x\"},"
                      "{\"language\":\"fi\",\"url\":\"http://a b\"},{\"language\":\"fi\","
                      "\"url\":\"data:text/html,x\"},{\"language\":\"fi\",\"url\":"
                      "\"www.x.fi\"}],\"emails\":[{\"language\":\"fi\",\"value\":"
                      "\"a@x.fi\"},{\"language\":\"fi\",\"value\":\"a@x.fi?cc=b\"}]"))
            ->row;
    CHECK_INT(c->links.n, 3);
    CHECK_STR(c->links.p[1].url, "https://www.x.fi");
    CHECK_STR(c->links.p[2].url, "mailto:a@x.fi");
    CHECK_INT(batch.notes.n, 4);
}

static void addresses(void)
{
    const struct dir_channel *c =
        first(CHANNEL("ServiceLocation",
                      ",\"addresses\":[{\"type\":\"Location\",\"streetAddress\":{\"street\":[{"
                      "\"language\":\"fi\",\"value\":\"Kielotie\"}],\"streetNumber\":\"11\","
                      "\"postalCode\":\"01300\",\"latitude\":\"6682737.4\",\"longitude\":"
                      "\"oops\"}}]"))
            ->row;
    CHECK_INT(c->addresses.n, 1);
    CHECK_INT(c->addresses.p[0].north, 6682737);
    CHECK_INT(c->addresses.p[0].east, 0);
}

static void rejected(void)
{
    const struct dir_entry *e =
        first("{" ID "\"serviceNames\":[" NAME("N") "],\"publishingStatus\":\"Draft\"}");
    CHECK_STR(e->reason,
              "f.json: publishingStatus: it is not published (Draft); publish it in PTV");
    CHECK(!e->withdraw);
    e = first("{" ID "\"serviceNames\":[" NAME("N") "],\"publishingStatus\":\"Deleted\"}");
    CHECK(e->reason.n > 0 && e->withdraw);
    e = first("{" ID "\"serviceNames\":[" NAME("N") "],\"validTo\":\"2026-11-20T00:00:00Z\"}");
    CHECK_STR(e->reason, "f.json: validTo: its validity has ended");
    CHECK_INT(
        first("{" ID "\"serviceNames\":[" NAME("N") "],\"validTo\":\"2026-11-21\"}")->reason.n, 0);
    e = first("{" ID "\"serviceNames\":[{\"language\":\"fi\",\"value\":\" \",\"type\":\"Name\"}]}");
    CHECK_STR(e->reason, "f.json: serviceNames: it has no name in any language");
    e = first(CHANNEL("Pigeon", ""));
    CHECK_STR(e->reason, "f.json: serviceChannelType: \"Pigeon\" is not a type of channel that we "
                         "know");
    CHECK_INT(e->kind, DIR_OTHER);
}

static void check_broken(const char *json, const char *want)
{
    CHECK(!read(json));
    CHECK_STR(why, want);
}

static void broken(void)
{
    check_broken("", "f.json: line 1, column 0: unexpected token near end of file. The file is "
                     "not whole JSON; fetch it again from PTV.");
    check_broken("{\"itemList\":[" SERVICE(",\"serviceDescriptions\":\"none\"") "]}",
                 "f.json: itemList[0].serviceDescriptions: must be a list, but is a text; ask the "
                 "sender for a correct file");
    check_broken("{\"itemList\":[" SERVICE("") ",{\"id\":7,\"serviceNames\":[]}]}",
                 "f.json: itemList[1].id: every row needs an id that is a text");
    check_broken("{\"itemList\":[{\"serviceNames\":[{\"value\":5}]}]}",
                 "f.json: itemList[0].id: every row needs an id that is a text");
    check_broken("{" ID "\"serviceNames\":[{\"language\":\"fi\",\"type\":\"Name\",\"value\":5}]}",
                 "f.json: serviceNames[0].value: must be a text, but is a number; ask the sender "
                 "for a correct file");
    check_broken("{\"itemList\":[null]}",
                 "f.json: itemList[0]: must be an object of PTV, but is missing or null");
    check_broken("{\"itemList\":{}}", "f.json: itemList: must be a list, but is an object; ask the "
                                      "sender for a correct file");
    check_broken("{\"id\":\"../../etc\",\"serviceNames\":[]}",
                 "f.json: id: an id has letters, digits and hyphens only");
    CHECK(!read("7") && !read("\"x\"") && !read("null") && !read("{}"));
    CHECK(!read("{\"itemList\":[{\"id\":\"a\",\"name\":\"b\"}]}"));
    CHECK(str_ends(why, S("ServiceChannel/list or Organization/list")));
    CHECK(!read("{\"itemList\":[{\"contentId\":\"a\"}]}"));
    CHECK(!read("{\"a\":1,\"a\":2}"));
}

static void twice(void)
{
    CHECK(read("[" SERVICE("") "," SERVICE("") "]"));
    CHECK_INT(batch.entries.p[0].reason.n, 0);
    CHECK_STR(batch.entries.p[1].reason, "f.json: [1]: the same row stands already at f.json: [0]");
    check_broken("[" SERVICE("") "," SERVICE(",\"serviceChargeType\":\"Free\"") "]",
                 "f.json: [1]: the id 03da1c71-6fb3-4928-8f39-2db39b027d8d stands also at f.json: "
                 "[0], with other content; remove one of them.");
    CHECK(!read("[" SERVICE("") "," CHANNEL("Phone", "") "]"));
}

static void huge(void)
{
    struct buf b = buf_new(a, 0);
    buf_lit(&b, "{" ID "\"serviceNames\":[{\"language\":\"fi\",\"type\":\"Name\",\"value\":\"");
    for (int i = 0; i < PTV_NAME; i++)
        buf_lit(&b, "ä"); /* 400 characters, 800 bytes: allowed */
    struct str ok = str_fmt(a, STR_FMT "\"}]}", STR_ARG(buf_get(&b)));
    struct str long_one = str_fmt(a, STR_FMT "x\"}]}", STR_ARG(buf_get(&b)));
    CHECK(read(ok.p));
    check_broken(long_one.p, "f.json: serviceNames[0].value: is 401 characters long; at most 400 "
                             "are taken: shorten the text");
    struct buf many = buf_new(a, 0);
    buf_lit(&many, "{" ID "\"serviceNames\":[" NAME("N") "],\"keywords\":[");
    for (int i = 0; i <= PTV_TEXTS; i++)
        buf_fmt(&many, "%s{}", i ? "," : "");
    buf_lit(&many, "]}");
    buf_char(&many, 0);
    check_broken(buf_get(&many).p,
                 "f.json: keywords: has 501 items; at most 500 are taken: split the file");
    struct buf deep = buf_new(a, 0);
    for (int i = 0; i < 100000; i++)
        buf_char(&deep, '[');
    buf_char(&deep, 0);
    CHECK(!read(buf_get(&deep).p));
}

static const char whole[] = "{\"pageCount\":1,\"itemList\":[" SERVICE(
    DESC("Description", "Kuvaus \\u00e4") ",\"serviceChannels\":[{"
                                          "\"serviceChannel\":{\"id\":\"c1\"},\"serviceHours\":[{"
                                          "\"serviceHourType\":\"Standard\","
                                          "\"openingHour\":[{\"dayFrom\":\"Monday\",\"dayTo\":\"\","
                                          "\"from\":\"08:00\",\"to\":\"16:00\"}]}]}]") "]}";

static void cut_anywhere(void)
{
    CHECK(read(whole));
    for (size_t n = 0; n < sizeof whole - 1; n++) {
        batch = (struct dir_batch){0};
        CHECK(!ptv_read(a, S("f.json"), (struct str){whole, n}, &batch, &why));
        CHECK(str_starts(why, S("f.json: line 1, column ")));
        CHECK_INT(batch.entries.n, 0);
        ptv_fuzz((const uint8_t *)whole, n);
    }
}

static void changed_anywhere(void)
{
    static const char odd[] = "\"[]{},:0\\ \n\xff\xc3nt";
    struct seeded r = seeded_new(7);
    char copy[sizeof whole];
    for (int i = 0; i < 4000; i++) {
        memcpy(copy, whole, sizeof copy);
        for (uint32_t k = seeded_below(&r, 3) + 1; k-- > 0;)
            copy[seeded_below(&r, sizeof copy - 1)] = odd[seeded_below(&r, sizeof odd - 1)];
        ptv_fuzz((const uint8_t *)copy, sizeof copy - 1);
    }
}

int main(void)
{
    a = arena_new((size_t)1 << 30);
    TEST(shapes);
    TEST(older_words);
    TEST(two_schemes);
    TEST(draft_js);
    TEST(clean_texts);
    TEST(languages);
    TEST(phones);
    TEST(links);
    TEST(addresses);
    TEST(rejected);
    TEST(broken);
    TEST(twice);
    TEST(huge);
    TEST(cut_anywhere);
    TEST(changed_anywhere);
    arena_free(a);
    return test_end();
}
