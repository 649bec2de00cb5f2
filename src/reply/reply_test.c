/* reply_test.c: places are filled or left out; what a template must have; what a file of them says.
 */
#include "base/test.h"
#include "reply/reply.h"

static struct arena *a;

static struct reply whole(void)
{
    struct reply r = {.uses = REPLY_ANSWER};
    for (enum lang l = 0; l < LANG_COUNT; l++) {
        r.title[l] = S("Title");
        r.text[l] = S("Text");
    }
    return r;
}

static struct str filled(struct str text, const struct reply_fill *fill)
{
    struct reply r = whole();
    r.text[LANG_EN] = text;
    return reply_text(a, &r, LANG_EN, fill);
}

static void places_are_filled(void)
{
    const struct reply_fill all = {S("Aino"), S("Team"), S("0401"), S("Tue 24 Nov"), S("Noora")};
    const struct reply_fill none = {0}, tricky = {.name = S("{me}")};
    CHECK_STR(filled(S("Hello {name},\n{me}, {team}, {phone}, {due}"), &all),
              "Hello Aino,\nNoora, Team, 0401, Tue 24 Nov");
    CHECK_STR(filled(S("Hello {name},\n{me} end {phone}."), &none), "Hello,\n end.");
    CHECK_STR(filled(S("{name}"), &none), "");
    CHECK_STR(filled(S("{name} {me}"), &tricky),
              "{me}"); /* what is filled in is not filled again */
    CHECK_STR(filled(S("a { b {nam"), &all), "a { b {nam");
}

static void what_is_missing_is_told(void)
{
    enum lang where;
    struct reply r = whole();
    CHECK(reply_fault(&r, &where) == NULL);
    for (enum lang l = 0; l < LANG_COUNT; l++) {
        r = whole();
        r.text[l] = S("");
        CHECK(reply_fault(&r, &where) && where == l);
        r = whole();
        r.title[l] = S("");
        CHECK(reply_fault(&r, &where) && where == l);
        r = whole();
        r.text[l] = S("Call {telephone}");
        CHECK(reply_fault(&r, &where) && where == l);
    }
    r = whole();
    r.uses = 0;
    CHECK(reply_fault(&r, &where) != NULL);
    r.uses = 16;
    CHECK(reply_fault(&r, &where) != NULL);
    r = whole();
    char *text = arena_alloc(a, REPLY_TEXT_MOST + 1);
    memset(text, 'x', REPLY_TEXT_MOST + 1);
    r.text[LANG_SV] = (struct str){text, REPLY_TEXT_MOST};
    CHECK(reply_fault(&r, &where) == NULL);
    r.text[LANG_SV].n++;
    CHECK(reply_fault(&r, &where) && where == LANG_SV);
}

int main(void)
{
    a = arena_new(0);
    TEST(places_are_filled);
    TEST(what_is_missing_is_told);
    arena_free(a);
    return test_end();
}
