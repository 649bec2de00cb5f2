/*
 * info_test.c: the shipped texts are whole in three languages and every page renders with them; a
 * file with a fault is refused, with its place.
 *
 *     info_test FILE...    the files of data/info
 */
#include "base/test_given.h"
#include "info/info_pages.h"
#include "info/info_view.h"

#include <stdio.h>

enum { FILES_MAX = 16, FILE_MAX = 256 * 1024 };

static struct info_file files[FILES_MAX];
static size_t file_n;

static struct str base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return str_of(slash ? slash + 1 : path);
}

static const struct info *load(struct arena *a)
{
    struct str why = {0};
    const struct info *all = info_load(a, files, file_n, &why);
    if (!all)
        printf("# " STR_FMT "\n", STR_ARG(why));
    return all;
}

static size_t count(struct str s, const char *what)
{
    struct str w = str_of(what);
    size_t n = 0;
    for (size_t i = 0; i + w.n <= s.n; i++)
        n += str_eq(str_sub(s, i, w.n), w);
    return n;
}

static bool has(struct str s, struct str what)
{
    return count(s, what.p ? what.p : "") > 0;
}

static struct page page_in(struct arena *a, enum lang lang, bool demo)
{
    struct buf *out = ARENA_NEW(a, struct buf);
    *out = buf_new(a, 0);
    return (struct page){.a = a, .out = out, .lang = lang, .demo = demo, .now = instant_now()};
}

static void shipped(void)
{
    struct arena *a = arena_new(0);
    const struct info *all = load(a);
    static const char *const names[] = {"about", "accessibility", "privacy", "style"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct info_page *page = info_find(all, names[i]);
        CHECK(page != NULL);
        if (page)
            CHECK(page->sections.n >= 4 && page->sources.n >= 1);
    }
    CHECK(info_find(all, "nothing") == NULL);
    arena_free(a);
}

/* An article has a section for each that is shown, a sample county its warning, others not. */
static void articles(void)
{
    struct arena *a = arena_new(0);
    const struct info *all = load(a);
    const struct info_page *privacy = info_find(all, "privacy");
    for (int l = 0; privacy && l < LANG_COUNT; l++) {
        struct page sample = page_in(a, (enum lang)l, true), real = page_in(a, (enum lang)l, false);
        info_article(&sample, privacy);
        info_article(&real, privacy);
        CHECK_INT(count(buf_get(sample.out), "<section"), privacy->sections.n);
        CHECK_INT(count(buf_get(real.out), "<section"), privacy->sections.n - 1);
        CHECK(has(buf_get(sample.out), S("id=\"sample\"")));
        CHECK(!has(buf_get(real.out), S("id=\"sample\"")));
        CHECK(has(buf_get(real.out), str_fmt(a, "href=\"/%s/status\"", lang_code((enum lang)l))));
    }
    arena_free(a);
}

/* Every section of the style guide's data has its specimen; ids are unique. */
static void style(void)
{
    struct arena *a = arena_new(0);
    const struct info_page *page = info_find(load(a), "style");
    for (int l = 0; page && l < LANG_COUNT; l++) {
        struct page pg = page_in(a, (enum lang)l, true);
        struct style_view v = style_view_make(&pg, page);
        style_guide(&pg, &v);
        struct str html = buf_get(pg.out);
        CHECK_INT(count(html, "<section class=\"specimen\""), page->sections.n);
        for (size_t i = 0; i < page->sections.n; i++)
            CHECK_INT(count(html, str_z(a, str_fmt(a, " id=\"" STR_FMT "\"",
                                                   STR_ARG(page->sections.p[i].id)))),
                      1);
    }
    arena_free(a);
}

#define TEXT "{\"fi\":\"a\",\"sv\":\"b\",\"en\":\"c\"}"
#define FRAME \
    "{\"reviewed\":\"2026-11-21\",\"sources\":[" TEXT "],\"title\":" TEXT ",\"lead\":" TEXT

static struct str why_of(struct arena *a, const char *json)
{
    struct str why = {0};
    const struct info_page *page = info_read(a, S("x.json"), str_of(json), &why);
    CHECK(page == NULL || !why.n);
    return page ? S("") : why;
}

#define SECTION(id, part) \
    FRAME ",\"sections\":[{\"id\":\"" id "\",\"title\":" TEXT ",\"parts\":[" part "]}]}"

static void refused(void)
{
    struct arena *a = arena_new(0);
    CHECK_STR(why_of(a, SECTION("s", "{\"text\":" TEXT "}")), "");
    CHECK_STR(why_of(a, SECTION("s", "{\"text\":{\"fi\":\"a\",\"sv\":\" \",\"en\":\"c\"}}")),
              "x.json#s: no text in \"sv\"");
    CHECK_STR(why_of(a, SECTION("s", "{\"text\":{\"fi\":\"a\",\"en\":\"c\"}}")),
              "x.json#s: no text in \"sv\"");
    CHECK_STR(why_of(a, SECTION("s", "{\"text\":{\"fi\":\"a\",\"sv\":\"b\",\"en\":\"c\",\"de\":"
                                     "\"d\"}}")),
              "x.json#s: unknown member \"de\"");
    CHECK_STR(why_of(a, SECTION("s", "{\"link\":" TEXT "}")),
              "x.json#s: a part is a text, a notice, a list, or a link with its href");
    CHECK_STR(why_of(a, SECTION("s", "{\"link\":" TEXT ",\"href\":\"javascript:x\"}")),
              "x.json#s: an address begins with / or https://");
    CHECK_STR(why_of(a, SECTION("s", "{\"list\":[]}")), "x.json#s: not a list of 1 to 64 texts");
    CHECK_STR(why_of(a, SECTION("", "{\"text\":" TEXT "}")), "x.json: a section without an id");
    CHECK_STR(why_of(a, FRAME ",\"sections\":[]}"), "x.json: not a list of 1 to 64 sections");
    CHECK_STR(why_of(a, FRAME "}"), "x.json: not a list of 1 to 64 sections");
    CHECK_STR(why_of(a, "{\"reviewed\":\"yesterday\"}"), "x.json: \"reviewed\" is not a date");
    CHECK(str_starts(why_of(a, "{\n"), S("x.json:")));
    CHECK(why_of(a, "[]").n > 0);
    arena_free(a);
}

/* Cut at every byte: refused, never a crash. */
static void truncated(void)
{
    struct arena *whole = arena_new(0);
    struct str text = str_of(SECTION("s", "{\"list\":[" TEXT "]}"));
    for (size_t n = 0; n < text.n; n++) {
        struct arena *a = arena_new(0);
        struct str why = {0};
        CHECK(info_read(a, S("x.json"), str_dup(a, str_sub(text, 0, n)), &why) == NULL && why.n);
        arena_free(a);
    }
    arena_free(whole);
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new(0);
    for (int i = 1; i < argc && file_n < FILES_MAX; i++)
        files[file_n++] = (struct info_file){base_name(argv[i]), test_file(a, argv[i])};
    TEST(shipped);
    TEST(articles);
    TEST(style);
    TEST(refused);
    TEST(truncated);
    arena_free(a);
    return test_end();
}
