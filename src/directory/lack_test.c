/*
 * lack_test.c: what keeps an entry from being shown, and what would make it better, row by row: a
 * service that lacks nothing, and that one with one thing taken from it.
 */
#include "directory/directory_edit.h"

#include "base/test.h"

#include <stdlib.h>

static struct arena *a;
static struct date today;

#define LACK(name) (1U << DIR_LACK_##name)

static struct dir_texts in(const char *langs, const char *text)
{
    struct dir_texts t = {0};
    for (struct str rest = str_of(langs), one = str_cut(&rest, ' '); one.p;
         one = str_cut(&rest, ' '))
        VEC_PUSH(a, &t, (struct dir_text){one, str_of(text)});
    return t;
}

static struct dir_channel *phone(void)
{
    struct dir_channel *c = ARENA_NEW(a, struct dir_channel);
    *c = (struct dir_channel){.id = S("p"), .kind = DIR_PHONE_CHANNEL, .modified = today};
    c->name = in("fi sv en", "Neuvonta");
    VEC_PUSH(a, &c->phones, (struct dir_phone){.number = S("09 1")});
    VEC_PUSH(a, &c->hours, (struct dir_hours){.always = true});
    return c;
}

static struct dir_service *whole(struct dir_channel *c)
{
    struct dir_service *s = ARENA_NEW(a, struct dir_service);
    *s = (struct dir_service){.id = S("s"), .modified = today, .local = true};
    s->addition.review = DATE_NONE;
    s->name = in("fi sv en", "Kahvila");
    s->summary = in("fi", "Tule");
    VEC_PUSH(a, &s->classes, (struct dir_concept){.code = S("P5")});
    VEC_PUSH(a, &s->groups, (struct dir_concept){.code = S("KR1")});
    VEC_PUSH(a, &s->connections, (struct dir_connection){.other = c->id});
    VEC_PUSH(a, &s->ways, (struct dir_way){c, &s->connections.p[0]});
    return s;
}

static void nothing_lacks(void)
{
    CHECK_INT(dir_lacks(whole(phone()), today), 0);
    CHECK_INT(dir_channel_lacks(phone(), today), 0);
}

static void states(void)
{
    static const unsigned lacks[] = {[DIR_SHOWN] = 0,
                                     [DIR_DRAFT] = LACK(DRAFT),
                                     [DIR_WAITING] = LACK(WAITING),
                                     [DIR_RETURNED] = LACK(RETURNED),
                                     [DIR_WITHDRAWN] = LACK(WITHDRAWN)};
    for (int32_t state = DIR_SHOWN; state <= DIR_WITHDRAWN; state++) {
        struct dir_service *s = whole(phone());
        struct dir_channel *c = phone();
        s->state = c->state = state;
        CHECK_INT(dir_lacks(s, today), lacks[state]);
        CHECK_INT(dir_channel_lacks(c, today), lacks[state]);
        CHECK_INT(dir_lacks_blocking(lacks[state]), lacks[state]);
    }
}

static void texts_and_classes(void)
{
    struct dir_service *s = whole(phone());
    s->name = in("sv en", "Café");
    CHECK_INT(dir_lacks(s, today), LACK(NO_NAME));
    s->name = in("fi en", "Kahvila");
    CHECK_INT(dir_lacks(s, today), LACK(NO_SWEDISH));
    s->name = in("fi sv", "Kahvila");
    CHECK_INT(dir_lacks(s, today), LACK(NO_ENGLISH));
    s->name = in("fi sv en", "");
    CHECK_INT(dir_lacks(s, today), LACK(NO_NAME) | LACK(NO_SWEDISH) | LACK(NO_ENGLISH));
    s = whole(phone());
    s->summary.n = 0;
    CHECK_INT(dir_lacks(s, today), LACK(NO_SUMMARY));
    s = whole(phone());
    s->classes.n = 0;
    CHECK_INT(dir_lacks(s, today), LACK(NO_CLASS));
    s = whole(phone());
    s->groups.n = 0;
    CHECK_INT(dir_lacks(s, today), LACK(NO_GROUP));
}

/* A year and two years to the day are not over them yet. */
static void ages(void)
{
    static const struct {
        int months, days;
        unsigned lack;
    } rows[] = {{0, 0, 0},
                {-12, 0, 0},
                {-12, -1, LACK(OLD)},
                {-24, 0, LACK(OLD)},
                {-24, -1, LACK(STALE)},
                {-90, 0, LACK(STALE)}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dir_service *s = whole(phone());
        struct dir_channel *c = phone();
        s->modified = c->modified = date_add(date_add_months(today, rows[i].months), rows[i].days);
        CHECK_INT(dir_lacks(s, today), rows[i].lack);
        CHECK_INT(dir_channel_lacks(c, today), rows[i].lack);
    }
    struct dir_service *s = whole(phone());
    s->modified = DATE_NONE;
    CHECK_INT(dir_lacks(s, today), LACK(OLD));
    s = whole(phone());
    s->addition.review = today;
    CHECK_INT(dir_lacks(s, today), 0);
    s->addition.review = date_add(today, -1);
    CHECK_INT(dir_lacks(s, today), LACK(REVIEW_DUE));
}

static void ways(void)
{
    struct dir_channel *c = phone();
    struct dir_service *s = whole(c);
    s->ways.n = s->connections.n = 0;
    CHECK_INT(dir_lacks(s, today), LACK(NO_WAY) | LACK(NO_PHONE));
    s = whole(c);
    s->ways.n = 0;
    CHECK_INT(dir_lacks(s, today), LACK(NO_WAY) | LACK(NO_PHONE) | LACK(DEAD_CONNECTION));
    s = whole(c);
    c->hours.n = 0;
    CHECK_INT(dir_lacks(s, today), LACK(NO_HOURS));
    VEC_PUSH(a, &s->connections.p[0].hours, (struct dir_hours){.always = true});
    CHECK_INT(dir_lacks(s, today), 0); /* of this service there */
    c = phone();
    s = whole(c);
    c->phones.p[0].kind = DIR_FAX;
    CHECK_INT(dir_lacks(s, today), LACK(NO_WAY) | LACK(NO_PHONE));
    VEC_PUSH(a, &s->connections.p[0].phones, (struct dir_phone){.number = S("09 2")});
    CHECK_INT(dir_lacks(s, today), 0);
    c = phone();
    s = whole(c);
    c->kind = DIR_WEB_PAGE;
    c->phones.n = c->hours.n = 0;
    VEC_PUSH(a, &c->links, (struct dir_link){.url = S("https://example.org/")});
    CHECK_INT(dir_lacks(s, today), LACK(NO_PHONE)); /* a page has no hours */
}

static void places(void)
{
    struct dir_channel *c = phone();
    c->kind = DIR_LOCATION;
    c->phones.n = 0;
    VEC_PUSH(a, &c->addresses, (struct dir_address){.postal = true});
    CHECK_INT(dir_channel_lacks(c, today), LACK(NO_WAY));
    c->addresses.p[0].postal = false;
    CHECK_INT(dir_channel_lacks(c, today), 0);
    c->hours.n = 0;
    CHECK_INT(dir_channel_lacks(c, today), LACK(NO_HOURS));
    c = phone();
    c->phones.n = 0;
    CHECK_INT(dir_channel_lacks(c, today), LACK(NO_WAY) | LACK(NO_PHONE));
}

/* What blocks and what does not, and that each has words. */
static void words(void)
{
    unsigned all = (1U << DIR_LACK_COUNT) - 1;
    CHECK_INT(dir_lacks_blocking(all), LACK(DRAFT) | LACK(WAITING) | LACK(RETURNED) |
                                           LACK(WITHDRAWN) | LACK(NO_NAME) | LACK(NO_SUMMARY) |
                                           LACK(NO_CLASS) | LACK(NO_GROUP) | LACK(STALE));
    for (int l = 0; l < DIR_LACK_COUNT; l++)
        CHECK(*dir_lack_words((enum dir_lack)l));
    for (int r = 1; r < DIR_REFUSED_COUNT; r++)
        CHECK(*dir_refusal_words((enum dir_refusal)r));
    CHECK_STR(str_of(dir_refusal_words(DIR_REFUSED_FINE)), "");
}

int main(void)
{
    a = arena_new(0);
    today = date_from(2026, 11, 22);
    TEST(nothing_lacks);
    TEST(states);
    TEST(texts_and_classes);
    TEST(ages);
    TEST(ways);
    TEST(places);
    TEST(words);
    arena_free(a);
    return test_end();
}
