/*
 * v12_test.c: made-up answers of PTV's version 12, after what is publicly known of it (ptv_v12.c
 * says from where). What is proved here is that we read what we think it is.
 */
#include "base/test.h"
#include "directory/ptv.h"

#include <stdlib.h>

static struct arena *a;
static struct dir_batch batch;
static struct str why;

static bool read_all(const char *const *texts, size_t n)
{
    batch = (struct dir_batch){.today = date_from(2026, 11, 21)};
    for (size_t i = 0; i < n; i++)
        if (!ptv_read(a, str_fmt(a, "%zu.json", i), str_of(texts[i]), &batch, &why))
            return false;
    return ptv_finish(a, &batch, &why);
}
#define READ(...)                                \
    read_all((const char *const[]){__VA_ARGS__}, \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

#define SID "03da1c71-6fb3-4928-8f39-2db39b027d8d"
#define CID "8604a900-be6b-4f9d-8024-a272e07afba3"
#define OID "52e0f6dc-ec1f-48d5-a0a2-7a4d8b657d53"

#define VERSIONS(fi, more) "\"languageVersions\":{\"fi\":{" fi "},\"en\":null" more "}"
#define NO_PAIRS           "{\"items\":[],\"totalPages\":0}"

static const char service[] =
    "{\"items\":[{\"contentId\":\"" SID "\",\"organizationContentId\":\"" OID "\","
    "\"chargeType\":\"Free\",\"serviceLanguages\":[\"fi\",\"sv\"],"
    "\"serviceClasses\":[\"P5.10\"],\"targetGroups\":[\"KR1.2\"],\"lifeEvents\":[\"KE8\"],"
    "\"ontologyTerms\":[\"http://www.yso.fi/onto/koko/p1\"],"
    "\"producers\":{\"procuredProducers\":{\"organizations\":[\"" CID "\"]}}," VERSIONS(
        "\"name\":\"Suun hoito\",\"summary\":\"**Hammas** sattuu\","
        "\"description\":\"# Otsikko\\n* yksi\\n* kaksi\\n\\nKatso [sivu](https://a.fi/x).\","
        "\"userInstructions\":\"Soita\",\"conditions\":\"Ehto\"",
        ",\"sv\":{\"name\":\"Munvård\"}") "}],\"totalPages\":1}";
static const char phone[] =
    "{\"items\":[{\"contentId\":\"" CID "\",\"serviceChannelType\":\"TelephoneService\","
    "\"organizationContentId\":\"" OID "\"," VERSIONS(
        "\"name\":\"Ajanvaraus\",\"phoneNumbers\":[{\"dialCode\":\"+358\",\"number\":\"0912345\","
        "\"chargeType\":\"Charged\",\"type\":\"Phone\"},{\"number\":\"x\"}],"
        "\"webAddress\":{\"url\":\"https://b.fi/\",\"name\":\"Sivu\"},"
        "\"supportEmails\":[{\"email\":\"a@b.fi\"}]",
        "") ",\"serviceHours\":{\"hours\":[{\"type\":\"WeeklyUntilFurtherNoticeServiceHour\","
            "\"weeklyHours\":{\"monday\":{\"hours\":[{\"openingStatus\":\"Open\",\"start\":"
            "\"08:00\",\"end\":\"16:00\"}]},\"sunday\":{\"hours\":[{\"openingStatus\":\"Closed\""
            "}]}}}]}}]}";
static const char pair[] =
    "{\"items\":[{\"serviceContentId\":\"" SID "\",\"serviceChannelContentId\":\"" CID
    "\"," VERSIONS("\"description\":\"Vain arkisin\"", "") "}]}";

static struct str in(const struct dir_texts *t, const char *lang)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].lang, str_of(lang)))
            return t->p[i].text;
    return S("(none)");
}

static void whole(void)
{
    CHECK(READ(service, phone, pair));
    CHECK_INT(batch.entries.n, 2);
    const struct dir_entry *e = &batch.entries.p[0];
    CHECK(e->kind == DIR_SERVICE && e->reason.n == 0);
    CHECK_STR(e->id, SID);
    const struct dir_service *s = e->row;
    CHECK_STR(in(&s->name, "fi"), "Suun hoito");
    CHECK_STR(in(&s->name, "sv"), "Munvård");
    CHECK_STR(in(&s->summary, "fi"), "Hammas sattuu");
    CHECK_STR(in(&s->description, "fi"),
              "Otsikko\n- yksi\n- kaksi\n\nKatso sivu (https://a.fi/x).");
    CHECK_STR(in(&s->instruction, "fi"), "Soita");
    CHECK_STR(in(&s->requirements, "fi"), "Ehto");
    CHECK_INT(s->charge, DIR_FREE);
    CHECK_STR(s->classes.p[0].code, "P5.10");
    CHECK_STR(s->groups.p[0].code, "KR1.2");
    CHECK_STR(s->events.p[0].code, "KE8");
    CHECK(s->terms.n == 1 && s->languages.n == 2 && s->roles.n == 2);
    CHECK_STR(s->roles.p[0].role, "Responsible");
    CHECK_STR(s->roles.p[0].id, OID);
    CHECK_STR(s->roles.p[1].role, "Producer");
    CHECK(s->connections.n == 1);
    CHECK_STR(s->connections.p[0].other, CID);
    CHECK_STR(in(&s->connections.p[0].description, "fi"), "Vain arkisin");
    const struct dir_channel *c = batch.entries.p[1].row;
    CHECK_INT(batch.entries.p[1].kind, DIR_PHONE_CHANNEL);
    CHECK(c->phones.n == 1 && c->links.n == 2 && c->hours.n == 1);
    CHECK_STR(c->phones.p[0].uri, "tel:+358912345");
    CHECK_STR(c->links.p[1].url, "mailto:a@b.fi");
    CHECK(c->hours.p[0].kind == DIR_HOURS_WEEK && c->hours.p[0].spans.n == 1);
    CHECK(c->hours.p[0].spans.p[0].day_from == 1 && c->hours.p[0].spans.p[0].to == 16 * 60);
}

static void a_place(void)
{
    CHECK(READ("[{\"contentId\":\"" CID "\",\"serviceChannelType\":\"ServiceLocation\"," VERSIONS(
        "\"name\":\"Talo\",\"contactWebPages\":[{\"url\":\"javascript:x\"}]",
        "") ",\"location\":{\"streetAddresses\":[{\"streetName\":{\"fi\":\"Katu\",\"sv\":"
            "\"Gatan\"},\"addressDetail\":\"5 B\",\"postalCode\":\"00100\",\"coordinates\":["
            "{\"system\":\"EPSG:4326\",\"easting\":24.9,\"northing\":60.2},"
            "{\"system\":\"EPSG:3067\",\"easting\":385700.4,\"northing\":6671500}]}]},"
            "\"contactAddresses\":{\"postOfficeBoxAddresses\":[{\"postOfficeBox\":{\"fi\":"
            "\"PL 1\"},\"postalCode\":\"00101\"}]}}]"));
    const struct dir_channel *c = batch.entries.p[0].row;
    CHECK(c->addresses.n == 2 && c->links.n == 0 && batch.notes.n == 1);
    CHECK_STR(in(&c->addresses.p[0].street, "sv"), "Gatan");
    CHECK_STR(c->addresses.p[0].number, "5 B");
    CHECK(c->addresses.p[0].east == 385700 && c->addresses.p[0].north == 6671500);
    CHECK(c->addresses.p[1].postal && !c->addresses.p[0].postal);
}

/* One kind of hours after the other, on a place. */
static const struct dir_entry *with_hours(const char *hours)
{
    char text[1024];
    snprintf(text, sizeof text,
             "[{\"contentId\":\"" CID "\",\"serviceChannelType\":\"ServiceLocation\"," VERSIONS(
                 "\"name\":\"Talo\"", "") ",\"serviceHours\":{\"hours\":[%s]}}]",
             hours);
    CHECK(READ(text));
    return &batch.entries.p[0];
}

static const struct dir_hours *hours_of(const char *hours)
{
    const struct dir_entry *e = with_hours(hours);
    const struct dir_channel *c = e->row;
    CHECK(e->reason.n == 0 && c->hours.n == 1);
    return &c->hours.p[0];
}

static void hours(void)
{
    CHECK(hours_of("{\"type\":\"ContinuousAlwaysValidServiceHour\",\"openingStatus\":\"Open\"}")
              ->always);
    const struct dir_hours *h = hours_of(
        "{\"type\":\"ContinuousWeekdaysUntilFurtherNoticeServiceHour\",\"openingStatus\":\"Open\","
        "\"fromDay\":\"Friday\",\"toDay\":\"Sunday\",\"fromTime\":\"20:00\",\"toTime\":\"02:00\"}");
    CHECK(h->kind == DIR_HOURS_OVERNIGHT && h->spans.p[0].day_to == 7);
    h = hours_of("{\"type\":\"ExceptionalDateRangeServiceHour\",\"fromDate\":\"2026-12-24\","
                 "\"heading\":{\"fi\":\"Joulu\"}}");
    CHECK(h->kind == DIR_HOURS_EXCEPTION && h->closed && h->to.day == h->from.day);
    CHECK_STR(in(&h->info, "fi"), "Joulu");
    h = hours_of("{\"type\":\"WeeklyDateRangeServiceHour\",\"fromDate\":\"2026-06-01\",\"toDate\":"
                 "\"2026-08-31\",\"weeklyHours\":{\"friday\":{\"hours\":[{\"openingStatus\":"
                 "\"OpenByReservation\",\"start\":\"20:00\",\"end\":\"02:00\"}]}}}");
    CHECK(h->reservation && h->spans.p[0].from == 1200 && h->spans.p[0].to == 120);
    CHECK(with_hours("{\"type\":\"LunarServiceHour\"}")->reason.n > 0);
    CHECK(with_hours("{\"type\":\"ContinuousAlwaysValidServiceHour\",\"openingStatus\":\"Maybe\"}")
              ->reason.n > 0);
}

/* Without the pages of connections a service would lose its places: nothing is taken. */
static void services_need_their_connections(void)
{
    CHECK(!READ(service));
    CHECK(memmem(why.p, why.n, "connection/search", 17));
    CHECK(READ(service, NO_PAIRS));
    CHECK_INT(((struct dir_service *)batch.entries.p[0].row)->connections.n, 0);
    CHECK(READ(pair, service, pair)); /* in any order; a pair that stands twice is one */
    CHECK_INT(((struct dir_service *)batch.entries.p[0].row)->connections.n, 1);
}

static void odd_ones(void)
{
    CHECK(!READ("[{\"contentId\":\"" SID "\"," VERSIONS("\"name\":\"x\"", "") "}]"));
    CHECK(!READ("[{\"contentId\":7,\"serviceClasses\":[]}]"));
    CHECK(!READ("[{\"contentId\":\"" SID "\",\"serviceClasses\":[],\"languageVersions\":[]}]"));
    CHECK(
        READ("[{\"contentId\":\"" SID "\",\"serviceClasses\":[]," VERSIONS("", "") "}]", NO_PAIRS));
    CHECK(batch.entries.p[0].reason.n > 0); /* no name */
    CHECK(READ("[{\"contentId\":\"" CID
               "\",\"serviceChannelType\":\"Pigeon\"," VERSIONS("\"name\":\"x\"", "") "}]"));
    CHECK(batch.entries.p[0].kind == DIR_OTHER && batch.entries.p[0].reason.n > 0);
    CHECK(READ("[{\"contentId\":\"" OID
               "\",\"businessCode\":\"1234567-1\"," VERSIONS("\"name\":\"Alue\"", "") "}]"));
    CHECK_INT(batch.entries.p[0].kind, DIR_ORGANISATION);
}

static void markdown(void)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"tavallinen", "tavallinen"},
        {"**a** ja __b__", "a ja b"},
        {"5 * 3 ja a_b", "5 * 3 ja a_b"},
        {"# Otsikko\nteksti", "Otsikko\nteksti"},
        {"#tunniste", "#tunniste"},
        {"* a\n+ b\n- c", "- a\n- b\n- c"},
        {"[a](https://a.fi)", "a (https://a.fi)"},
        {"[https://a.fi](https://a.fi)", "https://a.fi"},
        {"[auki", "[auki"},
        {"[auki](", "[auki]("},
        {"a]b", "a]b"},
        {"\\*tähti\\*", "*tähti*"},
        {"loppu\\", "loppu\\"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(ptv12_plain(a, str_of(rows[i][0])), rows[i][1]);
}

int main(void)
{
    a = arena_new((size_t)256 << 20);
    TEST(whole);
    TEST(a_place);
    TEST(hours);
    TEST(services_need_their_connections);
    TEST(odd_ones);
    TEST(markdown);
    arena_free(a);
    return test_end();
}
