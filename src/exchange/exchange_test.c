/*
 * exchange_test.c: identifiers, parameters, the shapes of HSDS, the sitemap. Arguments: the sample
 * county's PTV files. tests/http/exchange.test.mjs asks the same of a server.
 */
#include "directory/directory_test.h"
#include "exchange/hsds.h"
#include "exchange/hsds_query.h"
#include "exchange/sitemap.h"

#include <sodium.h>

static char **county;
static size_t county_n;
static struct dir *dir;

static struct hsds writer(enum lang l)
{
    struct hsds h = {.a = a, .dir = dir, .lang = l, .base = S("https://x.example")};
    hsds_begin(&h);
    return h;
}

static const struct jv *written(struct hsds *h)
{
    struct json_error e;
    CHECK(buf_ok(h->buf));
    const struct jv *v = json_parse(a, buf_get(h->buf), &e);
    CHECK(v);
    return v;
}

/* ---- identifiers ---- */

static void identifiers(void)
{
    struct str own = S("d87ee406-eac5-526d-b2f9-4c4e58aa077a");
    CHECK(hsds_is_id(own) && str_eq(hsds_id(a, "service", own), own));
    CHECK(!hsds_is_id(S("D87EE406-eac5-526d-b2f9-4c4e58aa077a")));
    CHECK(!hsds_is_id(S("d87ee406-eac5-526d-b2f9-4c4e58aa077")) && !hsds_is_id(S("")));
    struct str made = hsds_id(a, "service", S("local-1"));
    CHECK(hsds_is_id(made) && made.p[14] == '8');
    CHECK_STR(made, "01da0f4e-6928-86a9-8ea3-ea59868b352b");
    CHECK(str_eq(made, hsds_id(a, "service", S("local-1"))));
    struct hsds_key parsed, key = hsds_key_of("service", S("local-1"), S(""));
    CHECK(hsds_key_parse(made, &parsed) && memcmp(key.b, parsed.b, sizeof key.b) == 0);
    CHECK(!hsds_key_parse(S("01da0f4e692886a98ea3ea59868b352b"), &parsed));
    CHECK(!str_eq(made, hsds_id(a, "location", S("local-1"))));
    CHECK(!str_eq(hsds_id_of(a, "x", S("ab"), S("c")), hsds_id_of(a, "x", S("a"), S("bc"))));
    CHECK(!str_eq(hsds_id_of(a, "xa", S("b"), S("c")), hsds_id_of(a, "x", S("ab"), S("c"))));
}

static void codes_below(void)
{
    CHECK(hsds_under(S("P5"), S("P5")) && hsds_under(S("P5.1"), S("P5")));
    CHECK(!hsds_under(S("P51"), S("P5")) && !hsds_under(S("P5"), S("P5.1")));
}

/* ---- parameters ---- */

static struct hsds_query q;
static struct hsds_fault fault;

static bool reads(const char *text, unsigned allowed)
{
    struct fields f = {0};
    CHECK(fields_parse(a, str_of(text), 100, &f));
    return hsds_query_read(a, &f, S("sv-FI"), allowed, &q, &fault);
}

static void parameters(void)
{
    const unsigned all = HSDS_HAS(COUNT) - 1;
    CHECK(reads("", 0) && q.lang == LANG_SV && q.page == 1 && q.per_page == 50);
    CHECK(reads("lang=en&page=3&per_page=500", all) && q.lang == LANG_EN && q.per_page == 500);
    CHECK(reads("minimal=true", all) && q.minimal && q.per_page == 20000);
    CHECK(reads("full=false&per_page=500&format=json", all) && !q.full);
    CHECK(reads("modified_after=2026-11-24T12:00:00%2B02:00", all) && q.has_after);
    CHECK_INT(q.after.ms, (int64_t)1795514400000);
    CHECK(reads("modified_after=2026-11-24", all));
    CHECK_INT(q.after.ms, (int64_t)1795471200000);
    static const struct {
        const char *text, *parameter;
    } bad[] = {
        {"pages=1", "pages"},
        {"page=1&page=2", "page"},
        {"page=0", "page"},
        {"page=-1", "page"},
        {"page=1.5", "page"},
        {"page=", "page"},
        {"page=99999999999999999999", "page"},
        {"page=1%20", "page"},
        {"per_page=501", "per_page"},
        {"per_page=101&full=true", "per_page"},
        {"per_page=101&full_service=true", "per_page"},
        {"full=1", "full"},
        {"full=TRUE", "full"},
        {"minimal=true&full=true", "minimal"},
        {"format=ndjson", "format"},
        {"lang=de", "lang"},
        {"search=", "search"},
        {"modified_after=yesterday", "modified_after"},
        {"modified_after=2026-13-01", "modified_after"},
        {"modified_after=2026-11-24T25:00:00Z", "modified_after"},
        {"taxonomy_term_id=", "taxonomy_term_id"},
        {"postcode=01300", "postcode"},
        {"%22%3C%2Fscript%3E=1", "\"</script>"},
        {"=1", ""},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(!reads(bad[i].text, all));
        CHECK_STR(fault.parameter, bad[i].parameter);
        CHECK(fault.detail.n > 0);
    }
    CHECK(!reads("full=true", HSDS_PAGES));
    CHECK_STR(fault.detail, "There is no such parameter here. There are: lang, format, page, "
                            "per_page.");
}

static void long_parameters_are_cut(void)
{
    struct buf b = buf_new(a, 0);
    for (int i = 0; i < 500; i++)
        buf_lit(&b, "ä");
    struct str name = str_dup(a, buf_get(&b));
    CHECK(!reads(str_z(a, str_fmt(a, STR_FMT "=1", STR_ARG(name))), 0));
    CHECK(fault.parameter.n <= 60 && str_utf8_ok(fault.parameter));
    CHECK(!reads(str_z(a, str_fmt(a, "search=" STR_FMT, STR_ARG(name))), HSDS_HAS(SEARCH)));
    CHECK_STR(fault.detail, "It is too long.");
}

/* ---- shapes ---- */

static bool is_string(const struct jv *o, const char *key)
{
    return jv_kind(jv_get(o, key)) == JV_STRING && jv_str_of(o, key).n > 0;
}

static void each_has_id(const struct jv *list, const char *also)
{
    CHECK(jv_kind(list) == JV_ARRAY);
    for (size_t i = 0; i < jv_len(list); i++) {
        CHECK(hsds_is_id(jv_str_of(jv_at(list, i), "id")));
        CHECK(!also || is_string(jv_at(list, i), also));
        for (size_t k = 0; k < i; k++)
            CHECK(!str_eq(jv_str_of(jv_at(list, i), "id"), jv_str_of(jv_at(list, k), "id")));
    }
}

static void check_service(const struct jv *s)
{
    CHECK(hsds_is_id(jv_str_of(s, "id")) && is_string(s, "name"));
    CHECK_STR(jv_str_of(s, "status"), "active");
    CHECK(str_starts(jv_str_of(s, "url"), S("https://x.example/")));
    CHECK(is_string(s, "description") && is_string(s, "last_modified"));
    CHECK(str_eq(jv_str_of(s, "organization_id"), jv_str_of(jv_get(s, "organization"), "id")));
    CHECK(is_string(jv_get(s, "organization"), "description"));
    each_has_id(jv_get(s, "phones"), "number");
    each_has_id(jv_get(s, "additional_urls"), "url");
    each_has_id(jv_get(s, "schedules"), NULL);
    each_has_id(jv_get(s, "service_areas"), "name");
    each_has_id(jv_get(s, "cost_options"), "option");
    const struct jv *attributes = jv_get(s, "attributes"), *at = jv_get(s, "service_at_locations");
    each_has_id(attributes, "taxonomy_term_id");
    CHECK(jv_len(attributes) > 0);
    for (size_t i = 0; i < jv_len(attributes); i++) {
        const struct jv *t = jv_get(jv_at(attributes, i), "taxonomy_term");
        CHECK(is_string(t, "name") && is_string(t, "description") && is_string(t, "code"));
    }
    each_has_id(at, "location_id");
    for (size_t i = 0; i < jv_len(at); i++) {
        const struct jv *place = jv_get(jv_at(at, i), "location");
        CHECK_STR(jv_str_of(place, "location_type"), "physical");
        double latitude = jv_real(jv_get(place, "latitude"));
        CHECK(latitude > 59 && latitude < 71);
        each_has_id(jv_get(place, "addresses"), "address_1");
        each_has_id(jv_get(place, "schedules"), NULL);
    }
}

static void every_service_in_every_language(void)
{
    CHECK(dir->services.n > 80);
    for (int l = 0; l < LANG_COUNT; l++)
        for (size_t i = 0; i < dir->services.n; i++) {
            struct hsds h = writer((enum lang)l);
            hsds_put_service(&h, NULL, dir->services.p[i], HSDS_FULL);
            check_service(written(&h));
        }
}

static void every_service_at_its_places(void)
{
    size_t n = 0;
    for (size_t i = 0; i < dir->services.n; i++)
        for (size_t k = 0; k < dir->services.p[i]->ways.n; k++) {
            const struct dir_way *way = &dir->services.p[i]->ways.p[k];
            if (way->channel->kind != DIR_LOCATION)
                continue;
            struct hsds h = writer(LANG_EN);
            hsds_put_way(&h, dir->services.p[i], way, HSDS_FULL, true);
            const struct jv *v = written(&h);
            CHECK(str_eq(jv_str_of(v, "service_id"), jv_str_of(jv_get(v, "service"), "id")));
            CHECK(str_eq(jv_str_of(v, "location_id"), jv_str_of(jv_get(v, "location"), "id")));
            CHECK(!jv_get(jv_get(v, "service"), "service_at_locations"));
            n++;
        }
    CHECK(n > 20);
}

static void every_organisation(void)
{
    struct hsds h = writer(LANG_SV);
    struct hsds_families all = hsds_families(&h);
    size_t services = 0;
    CHECK(all.n == dir->organisations.n && all.n > 5);
    for (size_t i = 0; i < all.n; i++) {
        h = writer(LANG_SV);
        hsds_put_organisation(&h, &all.p[i], HSDS_BASIC);
        const struct jv *o = written(&h);
        CHECK(hsds_is_id(jv_str_of(o, "id")) && is_string(o, "name") &&
              is_string(o, "description"));
        each_has_id(jv_get(o, "services"), "name");
        each_has_id(jv_get(o, "locations"), "name");
        services += jv_len(jv_get(o, "services"));
    }
    CHECK_INT(services, dir->services.n);
}

static void terms_and_their_parents(void)
{
    struct hsds h = writer(LANG_FI);
    struct hsds_terms all = hsds_terms(&h);
    size_t below = 0;
    CHECK(all.n > 40);
    for (size_t i = 0; i < all.n; i++) {
        const struct hsds_term *t = &all.p[i];
        below += t->parent > 0;
        if (t->parent)
            CHECK(hsds_under(t->concept->code, all.p[t->parent - 1].concept->code) &&
                  all.p[t->parent - 1].children);
        h = writer(LANG_FI);
        hsds_put_term(&h, &all, t);
        const struct jv *v = written(&h);
        CHECK(str_eq(jv_str_of(v, "id"), t->id) && is_string(v, "name"));
        CHECK(is_string(v, "description") && str_starts(jv_str_of(v, "term_uri"), S("http")));
        CHECK(str_eq(jv_str_of(v, "taxonomy_id"), jv_str_of(jv_get(v, "taxonomy_detail"), "id")));
    }
    CHECK(below > 2);
}

static void found_again_by_identifier(void)
{
    struct hsds h = writer(LANG_FI);
    struct dir_service *s = dir->services.p[3];
    struct str own = s->id;
    CHECK(hsds_find_service(&h, own) == s);
    CHECK(!hsds_find_service(&h, S("nothing")) && !hsds_find_service(&h, S("")));
    CHECK(!hsds_find_service(&h, S("d87ee406-0000-0000-0000-000000000000")));
    s->id = S("a local one");
    CHECK(hsds_find_service(&h, hsds_id(a, "service", s->id)) == s);
    s->id = own;
    CHECK(hsds_find_organisation(&h, dir->organisations.p[0]->id) == dir->organisations.p[0]);
}

static void paused_is_temporarily_closed(void)
{
    struct hsds h = writer(LANG_FI);
    struct dir_service s = {.id = S("x"), .addition = {.cover = DIR_COVER_PAUSED}};
    hsds_put_service(&h, NULL, &s, HSDS_FULL);
    const struct jv *v = written(&h);
    CHECK_STR(jv_str_of(v, "status"), "temporarily closed");
    CHECK(hsds_is_id(jv_str_of(v, "id")));
}

static void addresses_of_the_web_are_ascii(void)
{
    struct hsds h = writer(LANG_FI);
    jw_object(&h.w, NULL);
    hsds_uri(&h, "url", S("https://ä.fi/a|b?c=\"d\"%20"));
    jw_end_object(&h.w);
    CHECK_STR(jv_str_of(written(&h), "url"), "https://%C3%A4.fi/a%7Cb?c=%22d%22%20");
}

/* ---- the sitemap ---- */

static size_t times(struct str s, const char *what)
{
    size_t n = 0;
    for (const char *at = s.p; (at = memmem(at, (size_t)(s.p + s.n - at), what, strlen(what)));)
        at++, n++;
    return n;
}

static void sitemap_names_every_page_three_times(void)
{
    struct sitemap m = sitemap_of(a, dir);
    struct str x = sitemap_xml(a, &m, S("https://x.example"), 0);
    CHECK_INT(sitemap_parts(&m), 1);
    CHECK_INT(times(x, "<url>"), m.n * 3);
    CHECK_INT(times(x, "<xhtml:link "), m.n * 9);
    CHECK(m.n > dir->services.n + 20 && times(x, "<lastmod>2026-") > dir->services.n);
    CHECK_INT(times(x, "<loc>https://x.example/sv/</loc>"), 1);
    struct str one = str_fmt(a, "/en/service/" STR_FMT "</loc>", STR_ARG(dir->services.p[0]->id));
    CHECK_INT(times(x, str_z(a, one)), 1);
}

static void large_sitemaps_have_parts(void)
{
    struct sitemap m = {0};
    for (int i = 0; i < 4500; i++)
        VEC_PUSH(a, &m, (struct sitemap_page){str_fmt(a, "/service/%d&<", i), DATE_NONE});
    struct str x = sitemap_xml(a, &m, S("https://x.example"), 0);
    CHECK(times(x, "<sitemapindex") == 1 && times(x, "<sitemap>") == 3);
    CHECK_INT(times(x, "sitemap.xml?part=3</loc>"), 1);
    size_t urls = 0;
    for (size_t part = 1; part <= 3; part++) {
        x = sitemap_xml(a, &m, S("https://x.example"), part);
        urls += times(x, "<url>");
        CHECK(x.n < 16 << 20 && times(x, "<url>") <= 50000 && times(x, "&<") == 0);
    }
    CHECK_INT(urls, 4500 * 3);
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0)
        return 70;
    a = arena_new((size_t)2 << 30);
    county = argv + 1;
    county_n = (size_t)argc - 1;
    store_new();
    import_files(county, county_n);
    dir = dir_load(a, store_reader(store));
    TEST(identifiers);
    TEST(codes_below);
    TEST(parameters);
    TEST(long_parameters_are_cut);
    TEST(every_service_in_every_language);
    TEST(every_service_at_its_places);
    TEST(every_organisation);
    TEST(terms_and_their_parents);
    TEST(found_again_by_identifier);
    TEST(paused_is_temporarily_closed);
    TEST(addresses_of_the_web_are_ascii);
    TEST(sitemap_names_every_page_three_times);
    TEST(large_sitemaps_have_parts);
    store_end();
    arena_free(a);
    return test_end();
}
