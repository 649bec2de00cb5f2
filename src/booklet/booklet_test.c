/* booklet_test.c: the reader's strictness, that a new booklet is data only, and the division into
 * pages. */
#include "base/test_given.h"
#include "booklet/booklet.h"

#include <stdio.h>

static struct arena *a;

/* A booklet in four languages, one of which the pages do not have. */
static const char small[] =
    "{\"name\":\"small\",\"edition\":2,\"date\":\"2026-01-31\",\"confirm_days\":183,"
    "\"title\":{\"fi\":\"Pieni\",\"sv\":\"Liten\",\"en\":\"Small\",\"ar\":"
    "\"\xd8\xb5\xd8\xba\xd9\x8a\xd8\xb1\"},"
    "\"lead\":{\"fi\":\"a\",\"sv\":\"b\",\"en\":\"c\"},"
    "\"views\":[{\"code\":\"own\",\"symbol\":\"person\",\"name\":\"X\",\"lead\":\"Y\"},"
    "{\"code\":\"close\",\"symbol\":\"hands\",\"name\":\"X\",\"lead\":\"Y\"}],"
    "\"sections\":[{\"code\":\"now\",\"title\":\"Now\"},{\"code\":\"later\",\"title\":\"Later\"}],"
    "\"entries\":[{\"id\":\"a\",\"section\":\"later\",\"symbol\":\"phone\",\"views\":[\"own\"],"
    "\"name\":\"A\",\"phone\":\"1\",\"tel\":\"tel:1\"},"
    "{\"id\":\"b\",\"section\":\"now\",\"symbol\":\"phone\",\"views\":[\"own\",\"close\"],"
    "\"service\":\"s\"}]}";

static const struct booklet *read(struct str text, struct str *why)
{
    return booklet_read(a, S("small.json"), text, why);
}

static struct str replaced(const char *from, const char *to)
{
    const char *at = strstr(small, from);
    CHECK(at != NULL);
    return str_fmt(a, "%.*s%s%s", (int)(at - small), small, to, at + strlen(from));
}

static void refused(const char *from, const char *to, const char *says)
{
    struct str why = {0};
    CHECK(!read(replaced(from, to), &why));
    if (!strstr(str_z(a, why), says))
        printf("# \"%s\" is not in \"" STR_FMT "\"\n", says, STR_ARG(why));
    CHECK(strstr(str_z(a, why), says) != NULL);
}

static void reader(void)
{
    struct str why = {0};
    const struct booklet *b = read(str_of(small), &why);
    CHECK(b != NULL);
    if (!b)
        return;
    CHECK_INT(b->edition, 2);
    CHECK_INT(b->entries.n, 2);
    CHECK_INT(b->entries.p[0].views, 1);
    CHECK_INT(b->entries.p[1].views, 3);
    CHECK_INT(b->languages.n, 1);
    CHECK_STR(b->languages.p[0], "ar");
    CHECK(booklet_rtl(S("ar")) && !booklet_rtl(S("fi")));
    CHECK(booklet_find_view(b, S("close")) == &b->views.p[1]);
    CHECK(!booklet_find_view(b, S("nobody")));
}

static void faults_are_named_with_their_place(void)
{
    refused("\"edition\":2", "\"edition\":0", "\"edition\"");
    refused("\"date\":\"2026-01-31\"", "\"date\":\"2026-02-31\"", "\"date\"");
    refused("\"sv\":\"Liten\",", "", "\"title\" is not there in \"sv\"");
    refused("\"sv\":\"Liten\"", "\"sv\":\"\"", "\"title\" is empty");
    refused("\"name\":\"small\"", "\"nam\":\"small\"", "unknown member \"nam\"");
    refused("\"id\":\"b\"", "\"id\":\"a\"", "#a: stands twice");
    refused("\"section\":\"now\"", "\"section\":\"never\"", "#b: is in a section");
    refused("\"views\":[\"own\",\"close\"]", "\"views\":[\"else\"]", "#b: names a view");
    refused("\"views\":[\"own\",\"close\"]", "\"views\":[]", "#b: is in no view");
    refused("\"service\":\"s\"", "\"note\":\"s\"", "#b: has either");
    refused("\"service\":\"s\"", "\"service\":\"s\",\"name\":\"N\"", "#b: has either");
    refused(",\"tel\":\"tel:1\"", "", "#a: a phone needs");
    refused("\"code\":\"close\"", "\"code\":\"own\"", "two views");
    refused("]}", "]", "small.json:1:");
}

/* ---- the pages of the pocket booklet ---- */

static struct booklet_lines many(const struct booklet_entry *e, size_t n, size_t note)
{
    struct booklet_lines out = {0};
    char *long_note = arena_alloc(a, note + 1);
    memset(long_note, 'x', note);
    for (size_t i = 0; i < n; i++) {
        struct booklet_line l = {.entry = e, .name = {.text = S("Name")}};
        l.note.text = (struct str){long_note, note};
        VEC_PUSH(a, &out, l);
    }
    return out;
}

/* Every line stands once, in order, and the cover and the back are free. */
static void check_pocket(const struct booklet *b, size_t n, size_t note)
{
    struct view v = {.a = a, .lang = LANG_EN};
    struct booklet_lines lines = many(&b->entries.p[0], n, note);
    struct pocket p = booklet_pocket(a, b, &lines, &v, S(""));
    size_t at = 0, titles = 0;
    for (size_t s = 0; s < p.n; s++) {
        CHECK_INT(p.p[s].n, POCKET_PAGES);
        for (size_t k = 0; k < POCKET_PAGES; k++) {
            const struct pocket_panel *panel = &p.p[s].p[k];
            CHECK_INT(panel->page, (int)k + 1);
            if (s == 0 && (k == 0 || k == 7))
                CHECK_INT(panel->items.n, 0);
            for (size_t i = 0; i < panel->items.n; i++)
                if (panel->items.p[i].line)
                    CHECK(panel->items.p[i].line == &lines.p[at++]);
                else
                    CHECK(++titles > 0 && i + 1 < panel->items.n); /* never last on its page */
        }
    }
    CHECK_INT(at, n);
    CHECK_INT(titles, n > 0);
}

static void pages_of_the_pocket_booklet(void)
{
    struct str why = {0};
    const struct booklet *b = read(str_of(small), &why);
    for (size_t n = 0; n < 90; n++)
        check_pocket(b, n, n * 4);
    struct view v = {.a = a, .lang = LANG_EN};
    struct booklet_lines few = many(&b->entries.p[0], 6, 20),
                         lots = many(&b->entries.p[0], 80, 300);
    CHECK_INT(booklet_pocket(a, b, &few, &v, S("")).n, 1);
    CHECK(booklet_pocket(a, b, &lots, &v, S("")).n >= 3);
}

/* The files that are compiled in. */
static char **files;

static void shipped(void)
{
    for (; *files; files++) {
        struct str why = {0}, json = test_file(a, *files);
        const struct booklet *b = booklet_read(a, str_of(*files), json, &why);
        if (!b)
            printf("# " STR_FMT "\n", STR_ARG(why));
        CHECK(b != NULL);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    files = argv + 1;
    a = arena_new((size_t)64 << 20);
    TEST(reader);
    TEST(faults_are_named_with_their_place);
    TEST(pages_of_the_pocket_booklet);
    TEST(shipped);
    arena_free(a);
    return test_end();
}
