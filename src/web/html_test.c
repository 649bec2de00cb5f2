/*
 * html_test.c: the writers one by one, and compiled templates filled with hostile values: the page
 * must hold the same tags and attributes as with harmless ones.
 */
#include "web/html.h"

#include "base/test.h"
#include "web/asset.h"
#include "web/html_test_pages.h"

static struct arena *a;

/* What the writer makes of the value. */
#define MADE(statement)                                \
    __extension__({                                    \
        struct buf made_ = buf_new(a, 0), *b = &made_; \
        statement;                                     \
        buf_get(b);                                    \
    })

static void text_is_escaped(void)
{
    CHECK_STR(MADE(html_str(b, S("plain"))), "plain");
    CHECK_STR(MADE(html_str(b, S(""))), "");
    CHECK_STR(MADE(html_str(b, (struct str){NULL, 0})), "");
    CHECK_STR(MADE(html_str(b, S("<a b='c' d=\"e\">&amp;"))),
              "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;");
    CHECK_STR(MADE(html_str(b, S("&a&"))), "&amp;a&amp;");
    CHECK_STR(MADE(html_str(b, S("äö\n\té"))), "äö\n\té");
    CHECK_STR(MADE(html_str(b, S("a\0b\x1B\x7F"))), "a\uFFFDb\uFFFD\uFFFD");
    CHECK_STR(MADE(html_cstr(b, "<")), "&lt;");
    CHECK_STR(MADE(html_cstr(b, NULL)), "");
}

static void numbers_and_languages_are_written(void)
{
    CHECK_STR(MADE(html_int(b, INT64_MIN)), "-9223372036854775808");
    CHECK_STR(MADE(html_uint(b, UINT64_MAX)), "18446744073709551615");
    CHECK_STR(MADE(html_uint(b, 7)), "7");
    CHECK_STR(MADE(html_lang(b, LANG_SV)), "sv");
    CHECK_STR(MADE(html_raw(b, (struct html){S("<b>")})), "<b>");
}

static void addresses_go_to_known_places(void)
{
    static const char *const same[] = {"/",
                                       "/a/b?c=d",
                                       "#x",
                                       "https://a.fi/b",
                                       "http://a",
                                       "HTTPS://A",
                                       "mailto:a@b.fi",
                                       "tel:+358401234567",
                                       "/ä"};
    static const char *const refused[] = {"",
                                          "javascript:alert(1)",
                                          "JaVaScRiPt:alert(1)",
                                          " javascript:alert(1)",
                                          "\tjavascript:alert(1)",
                                          "java\nscript:alert(1)",
                                          "\x01javascript:1",
                                          "data:text/html,x",
                                          "vbscript:x",
                                          "//evil.example",
                                          "/\\evil.example",
                                          "\\\\evil.example",
                                          "x",
                                          "../x",
                                          "https",
                                          "ftp://x",
                                          "&#106;avascript:alert(1)",
                                          " /x"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        CHECK_STR(MADE(html_url_cstr(b, same[i])), same[i]);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        CHECK_STR(MADE(html_url_cstr(b, refused[i])), "#");
    CHECK_STR(MADE(html_url(b, S("/a b\"<>'&\\\t"))), "/a%20b%22%3C%3E&#39;&amp;%5C%09");
    /* Browsers drop tabs and line breaks, so that this would become //evil. */
    CHECK_STR(MADE(html_url(b, S("/\t/evil.example"))), "/%09/evil.example");
}

static void components_are_percent_encoded(void)
{
    CHECK_STR(MADE(html_component(b, S("aZ09-._~"))), "aZ09-._~");
    CHECK_STR(MADE(html_component(b, S("a/b?c#d&e=f+g%h@ ä"))),
              "a%2Fb%3Fc%23d%26e%3Df%2Bg%25h%40%20%C3%A4");
    CHECK_STR(MADE(html_component_cstr(b, "\"'<>")), "%22%27%3C%3E");
    CHECK_STR(MADE(html_tel(b, S("+358 (9) 310-1000"))), "+35893101000");
    CHECK_STR(MADE(html_tel_cstr(b, "\"><b 1+2*")), "12*");
}

static void texts_are_filled_with_markup(void)
{
    struct str args[] = {S("<b>x</b>"), S("2")};
    CHECK_STR(MADE(html_fill(b, S("%2 & %1"), args, 2)), "2 &amp; <b>x</b>");
    CHECK_STR(MADE(html_fill(b, S("100 %% %1%3%x%"), args, 2)), "100 % <b>x</b>%x%");
    CHECK_STR(MADE(html_fill(b, S("<%"), NULL, 0)), "&lt;%");
    CHECK_STR(html_arg_str(a, S("<")), "&lt;");
    CHECK_STR(html_arg_cstr(a, "&"), "&amp;");
    CHECK_STR(html_arg_int(a, -5), "-5");
    CHECK_STR(html_arg_uint(a, 5), "5");
    CHECK_STR(html_arg_lang(a, LANG_EN), "en");
    CHECK_STR(html_arg_raw(a, (struct html){S("<")}), "<");
}

static void paragraphs_are_made_of_plain_text(void)
{
    CHECK_STR(html_paragraphs(a, S("")).s, "");
    CHECK_STR(html_paragraphs(a, S("one")).s, "<p>one</p>\n");
    CHECK_STR(html_paragraphs(a, S("\n\n a<b \r\nc\n\n\n \nd\n")).s,
              "<p>a&lt;b<br>\nc</p>\n<p>d</p>\n");
}

/* ---- templates ---- */

static struct str page(void (*template)(struct page *pg, const struct places *v),
                       const struct places *v)
{
    struct buf b = buf_new(a, 0);
    struct page pg = {.a = a, .out = &b, .lang = LANG_EN};
    template(&pg, v);
    CHECK(buf_ok(&b));
    return buf_get(&b);
}

/* The page without what stands in text and in attribute values: its tags, attributes' names and
 * quotes. */
static struct str skeleton(struct str html)
{
    struct buf b = buf_new(a, 0);
    bool tag = false, value = false;
    for (size_t i = 0; i < html.n; i++) {
        char c = html.p[i];
        if (!tag && c == '<')
            tag = true;
        bool keep = tag && (!value || c == '"');
        if (tag && c == '"')
            value = !value;
        if (tag && !value && c == '>')
            tag = false;
        if (keep)
            buf_char(&b, c);
    }
    return buf_get(&b);
}

static struct places filled(const char *text)
{
    static struct place_item items[2];
    items[0].text = items[1].text = str_of(text);
    struct places v = {.text = str_of(text),
                       .z = text,
                       .number = 2,
                       .large = UINT64_MAX,
                       .count = 1,
                       .markup = {S("<b>ok</b>")},
                       .yes = true};
    v.items.p = items;
    v.items.n = 2;
    return v;
}

static bool contains(struct str s, const char *part)
{
    return memmem(s.p, s.n, part, strlen(part)) != NULL;
}

static void data_cannot_end_its_block(void)
{
    CHECK_STR(html_data(a, S("{\"a\":\"</script><!-- & ä\"}")).s,
              "<script type=\"application/ld+json\">{\"a\":\"\\u003c/script\\u003e\\u003c!-- "
              "\\u0026 ä\"}</script>");
}

static void hostile_values_add_no_markup(void)
{
    static const char *const hostile[] = {"\"><script>alert(1)</script>",
                                          "' onx='alert(1)",
                                          "\" onx=\"alert(1)",
                                          "javascript:alert(1)",
                                          "</title><script>",
                                          "</textarea><script>alert(1)</script>",
                                          "-->",
                                          "<!--",
                                          "]]>",
                                          "&quot;><b>",
                                          "\\\"",
                                          "`onx=1",
                                          "%22><b>",
                                          "data:text/html,<script>",
                                          "{{x}}",
                                          "\r\n\t<",
                                          "/\"><svg onload=1>",
                                          "https://x/\"onx=\"",
                                          "#'><b>"};
    static const char *const urls[] = {
        "href=\"javascript:", "href=\"data:",         "src=\"javascript:",
        "src=\"data:",        "action=\"javascript:", "action=\"data:"};
    struct places calm = filled("calm");
    struct str want = skeleton(page(every_place, &calm));
    CHECK(contains(want, "<textarea></textarea>"));
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct places v = filled(hostile[i]);
        struct str got = page(every_place, &v);
        CHECK_STR(skeleton(got), str_z(a, want));
        CHECK(!contains(got, "<script") && !contains(got, "<b>") && !contains(got, "onx=\""));
        for (size_t k = 0; k < sizeof urls / sizeof *urls; k++)
            CHECK(!contains(got, urls[k]));
    }
}

static void each_place_escapes_in_its_way(void)
{
    struct places v = filled("/a\"<'&b");
    CHECK_STR(page(every_place, &v),
              "<title>/a&quot;&lt;&#39;&amp;b</title>\n"
              "<p class=\"a /a&quot;&lt;&#39;&amp;b\" data-z=\"/a&quot;&lt;&#39;&amp;b\""
              " title=\"Hello "
              "/a&quot;&lt;&#39;&amp;b\">/a&quot;&lt;&#39;&amp;b|/a&quot;&lt;&#39;&amp;b</p>\n"
              "<p>Hello /a&quot;&lt;&#39;&amp;b 2, all /a&quot;&lt;&#39;&amp;b</p>\n"
              "<a href=\"/a%22%3C&#39;&amp;b\">whole</a>\n"
              "<a href=\"/x/%2Fa%22%3C%27%26b?q=%2Fa%22%3C%27%26b#%2Fa%22%3C%27%26b\">parts</a>\n"
              "<a href=\"tel:\">phone</a>\n"
              "<form action=\"/a%22%3C&#39;&amp;b\"><button "
              "formaction=\"/a%22%3C&#39;&amp;b\">b</button></form>\n"
              "<img src=\"/a%22%3C&#39;&amp;b\" alt=\"/a&quot;&lt;&#39;&amp;b\">\n"
              "<textarea>\n/a&quot;&lt;&#39;&amp;b</textarea>\n"
              "<pre>/a&quot;&lt;&#39;&amp;b</pre>\n"
              "<li>/a&quot;&lt;&#39;&amp;b</li><li>/a&quot;&lt;&#39;&amp;b</li>\n");
}

static void types_pick_their_writers(void)
{
    struct places v = filled("<");
    CHECK_STR(page(types, &v), "en|2|18446744073709551615|1|<b>ok</b>|Hello <b>ok</b>|2|literal\n");
}

static void branches_and_loops_work(void)
{
    struct places v = filled("t");
    CHECK_STR(page(branches, &v),
              "two\n<i class=\"x\">0<b>t</b></i>\n<i class=\"x\">2<b>t</b></i>\n"
              "<input checked><a href=\"/y?a\">{}</a>\n");
    v.number = 3;
    v.yes = false;
    v.items.n = 0;
    CHECK_STR(page(branches, &v), "many\n<input ><a href=\"/n?a\">{}</a>\n");
}

static void assets_are_found_by_their_hashed_address(void)
{
    struct str url = asset_url("app.css");
    CHECK(str_starts(url, S("/static/app.")) && str_ends(url, S(".css")));
    CHECK_INT(url.n, strlen("/static/app.3f2a91bc.css"));
    const struct asset *css = asset_find(url);
    CHECK(css && css->raw_n > 0 && css->br && css->br_n < css->gz_n && css->gz_n < css->raw_n);
    CHECK(css && css->gz[0] == 0x1F && css->gz[1] == 0x8B);
    CHECK(css && strncmp(css->etag, url.p + strlen("/static/app."), 8) == 0);
    CHECK(!asset_find(S("/static/app.css")) && !asset_find(S("")));
}

int main(void)
{
    a = arena_new(0);
    TEST(text_is_escaped);
    TEST(numbers_and_languages_are_written);
    TEST(addresses_go_to_known_places);
    TEST(components_are_percent_encoded);
    TEST(texts_are_filled_with_markup);
    TEST(paragraphs_are_made_of_plain_text);
    TEST(data_cannot_end_its_block);
    TEST(hostile_values_add_no_markup);
    TEST(each_place_escapes_in_its_way);
    TEST(types_pick_their_writers);
    TEST(branches_and_loops_work);
    TEST(assets_are_found_by_their_hashed_address);
    arena_free(a);
    return test_end();
}
