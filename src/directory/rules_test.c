/*
 * rules_test.c: what other programs are told: hours as rules, places in degrees, the description
 * for search engines.
 */
#include "directory/rules.h"

#include "base/json.h"
#include "base/test.h"
#include "directory/ld.h"
#include "directory/tm35.h"

#include <math.h>

static struct arena *a;

/* ---- places ---- */

static bool near(double x, double y, double by)
{
    return fabs(x - y) < by;
}

/* JHS 197, annex 3: the same point in degrees and in metres. */
static void published_point(void)
{
    struct tm35_place p = {0};
    CHECK(tm35_to_degrees(6715706.37708, 106256.35961, &p));
    CHECK(near(p.latitude, 60.3851068722, 2e-10) && near(p.longitude, 19.84813676944, 2e-10));
}

/* The other way round, by the forward series of the same annex. */
static void forward(double latitude, double longitude, double *north, double *east)
{
    const double f = 1 / 298.257222101, n = f / (2 - f), e = sqrt(f * (2 - f)), d = M_PI / 180;
    const double radius = 6378137.0 / (1 + n) * (1 + n * n / 4 + n * n * n * n / 64);
    const double h[4] = {n / 2 - 2 * n * n / 3 + 5 * pow(n, 3) / 16 + 41 * pow(n, 4) / 180,
                         13 * n * n / 48 - 3 * pow(n, 3) / 5 + 557 * pow(n, 4) / 1440,
                         61 * pow(n, 3) / 240 - 103 * pow(n, 4) / 140, 49561 * pow(n, 4) / 161280};
    double q = asinh(tan(latitude * d)) - e * atanh(e * sin(latitude * d));
    double beta = atan(sinh(q)), l = (longitude - 27) * d, y = atanh(cos(beta) * sin(l));
    double x = asin(sin(beta) * cosh(y)), xi = x, eta = y;
    for (int i = 0; i < 4; i++) {
        xi += h[i] * sin(2 * (i + 1) * x) * cosh(2 * (i + 1) * y);
        eta += h[i] * cos(2 * (i + 1) * x) * sinh(2 * (i + 1) * y);
    }
    *north = radius * xi * 0.9996;
    *east = radius * eta * 0.9996 + 500000;
}

static void there_and_back(void)
{
    for (double latitude = 59.5; latitude <= 70.2; latitude += 0.7)
        for (double longitude = 20; longitude <= 31.6; longitude += 0.8) {
            double north, east;
            struct tm35_place p = {0};
            forward(latitude, longitude, &north, &east);
            CHECK(tm35_to_degrees(north, east, &p));
            CHECK(near(p.latitude, latitude, 1e-9) && near(p.longitude, longitude, 1e-9));
        }
}

static void elsewhere_is_no_place(void)
{
    struct tm35_place p;
    CHECK(!tm35_to_degrees(0, 0, &p));
    CHECK(!tm35_to_degrees(6715706, -5, &p));
    CHECK(!tm35_to_degrees(385000, 6672000, &p)); /* east and north changed round */
    CHECK(!tm35_to_degrees(NAN, 385000, &p));
    CHECK(tm35_to_degrees(6672000, 385000, &p));
}

/* ---- hours ---- */

static struct dir_hours_list hours;

static void add(struct dir_hours h, const struct dir_span *spans, size_t n)
{
    for (size_t i = 0; i < n; i++)
        VEC_PUSH(a, &h.spans, spans[i]);
    VEC_PUSH(a, &hours, h);
}
#define WEEK(...)                                               \
    add((struct dir_hours){.from = DATE_NONE, .to = DATE_NONE}, \
        (const struct dir_span[]){__VA_ARGS__},                 \
        sizeof((const struct dir_span[]){__VA_ARGS__}) / sizeof(struct dir_span))
#define RULE(i, d, f, t) \
    CHECK(rules.n > (i) && rules.p[i].days == (d) && rules.p[i].from == (f) && rules.p[i].to == (t))

static void same_hours_are_together(void)
{
    hours = (struct dir_hours_list){0};
    WEEK({1, 0, 480, 960}, {2, 0, 480, 960}, {4, 0, 480, 1080}, {5, 0, 480, 960},
         {5, 0, 1000, 1100});
    struct dir_rules rules = dir_rules(a, &hours);
    CHECK_INT(rules.n, 3);
    RULE(0, 0x13u, 480, 960);
    RULE(1, 0x08u, 480, 1080);
    RULE(2, 0x10u, 1000, 1100);
}

static void ranges_of_days(void)
{
    hours = (struct dir_hours_list){0};
    WEEK({1, 5, 480, 960}, {6, 1, 600, 700});
    struct dir_rules rules = dir_rules(a, &hours);
    CHECK_INT(rules.n, 2);
    RULE(0, 0x1Fu, 480, 960);
    RULE(1, 0x61u, 600, 700);
}

static void over_nights(void)
{
    static const struct dir_span spans[] = {{5, 6, 1200, 120}, {6, 1, 1000, 480}};
    hours = (struct dir_hours_list){0};
    add((struct dir_hours){.kind = DIR_HOURS_OVERNIGHT, .from = DATE_NONE, .to = DATE_NONE}, spans,
        2);
    struct dir_rules rules = dir_rules(a, &hours);
    CHECK_INT(rules.n, 4);
    RULE(0, 0x10u, 1200, 120);         /* Friday night */
    RULE(1, 0x20u, 1000, DAY_MINUTES); /* Saturday 16:40 to Monday 8:00 */
    RULE(2, 0x40u, 0, DAY_MINUTES);
    RULE(3, 0x01u, 0, 480);
}

static void exceptions_and_words(void)
{
    static const struct dir_span late[] = {{0, 0, 600, 720}};
    struct date d = date_from(2026, 12, 24);
    hours = (struct dir_hours_list){0};
    add((struct dir_hours){.from = DATE_NONE, .to = DATE_NONE, .always = true}, NULL, 0);
    add((struct dir_hours){.kind = DIR_HOURS_EXCEPTION, .from = d, .to = d, .closed = true}, NULL,
        0);
    add((struct dir_hours){.kind = DIR_HOURS_EXCEPTION, .from = d, .to = date_add(d, 1)}, late, 1);
    add((struct dir_hours){.from = DATE_NONE, .to = DATE_NONE, .reservation = true}, NULL, 0);
    add((struct dir_hours){.from = DATE_NONE, .to = DATE_NONE}, NULL, 0); /* says nothing */
    struct dir_rules rules = dir_rules(a, &hours);
    CHECK_INT(rules.n, 4);
    RULE(0, 0x7Fu, 0, DAY_MINUTES);
    RULE(1, 0u, 0, 0);
    RULE(2, 0x7Fu, 600, 720);
    CHECK(rules.p[0].always && rules.p[1].closed && rules.p[1].exception);
    CHECK(rules.p[2].end.day == d.day + 1 && rules.p[3].reservation);
}

/* ---- the description ---- */

static struct dir_texts texts(const char *fi)
{
    struct dir_texts t = {0};
    VEC_PUSH(a, &t, (struct dir_text){S("fi"), str_of(fi)});
    return t;
}

static const struct jv *data_of(struct html h)
{
    struct str head = S("<script type=\"application/ld+json\">"), tail = S("</script>");
    struct json_error e;
    CHECK(str_starts(h.s, head) && str_ends(h.s, tail));
    struct str inside = str_sub(h.s, head.n, h.s.n - head.n - tail.n);
    for (size_t i = 0; i < inside.n; i++)
        if (inside.p[i] == '<' || inside.p[i] == '>' || inside.p[i] == '&')
            test_bad++;
    return json_parse(a, inside, &e);
}

static void describes_a_service(void)
{
    struct view v = {.a = a, .lang = LANG_EN};
    struct dir_organisation o = {.id = S("o"), .name = texts("Alue")};
    struct dir_channel c = {.id = S("c"), .kind = DIR_LOCATION, .name = texts("Asema")};
    struct dir_address at = {
        .street = texts("Katu"), .number = S("1"), .north = 6672000, .east = 385000};
    VEC_PUSH(a, &c.addresses, at);
    hours = (struct dir_hours_list){0};
    WEEK({1, 5, 480, 960});
    c.hours = hours;
    struct dir_service s = {.id = S("s"),
                            .charge = DIR_FREE,
                            .organisation = &o,
                            .name = texts("</script><script>alert(1)</script><!--"),
                            .areas = texts("Vantaa")};
    VEC_PUSH(a, &s.ways, (struct dir_way){.channel = &c});
    const struct jv *d = data_of(ld_service(&v, S("https://x.example"), &s));
    CHECK_STR(jv_str_of(d, "@context"), "https://schema.org");
    CHECK_STR(jv_str_of(d, "@type"), "GovernmentService");
    CHECK_STR(jv_str_of(d, "@id"), "https://x.example/en/service/s");
    CHECK_STR(jv_str_of(d, "name"), "</script><script>alert(1)</script><!--");
    CHECK_STR(jv_str_of(jv_get(d, "provider"), "name"), "Alue");
    CHECK_STR(jv_str_of(jv_at(jv_get(d, "areaServed"), 0), "name"), "Vantaa");
    const struct jv *place = jv_get(jv_at(jv_get(d, "availableChannel"), 0), "serviceLocation");
    CHECK_STR(jv_str_of(jv_get(place, "address"), "streetAddress"), "Katu 1");
    const struct jv *open = jv_at(jv_get(place, "openingHoursSpecification"), 0);
    CHECK_STR(jv_str_of(open, "opens"), "08:00");
    CHECK_STR(jv_str_of(open, "closes"), "16:00");
    CHECK_INT(jv_len(jv_get(open, "dayOfWeek")), 5);
    CHECK(near(jv_real(jv_get(jv_get(place, "geo"), "latitude")), 60.17, 0.02));
    d = data_of(ld_place(&v, S(""), &c));
    CHECK_STR(jv_str_of(d, "@type"), "Place");
    CHECK_STR(jv_str_of(d, "@id"), "/en/place/c");
}

int main(void)
{
    a = arena_new(0);
    TEST(published_point);
    TEST(there_and_back);
    TEST(elsewhere_is_no_place);
    TEST(same_hours_are_together);
    TEST(ranges_of_days);
    TEST(over_nights);
    TEST(exceptions_and_words);
    TEST(describes_a_service);
    arena_free(a);
    return test_end();
}
