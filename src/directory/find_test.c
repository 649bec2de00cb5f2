/*
 * find_test.c: filters over a directory of six services, counted by hand; addresses; what is not
 * understood; the map.
 */
#include "base/test.h"
#include "directory/find_view.h"

static struct arena *a;
static struct dir *d;
static const struct dir_calendar no_holidays;

/* Monday 23 November 2026 in Helsinki. */
static struct instant at(int hour)
{
    return instant_at(date_from(2026, 11, 23), hour * 60);
}

static void text(struct dir_texts *t, const char *lang, const char *words)
{
    VEC_PUSH(a, t, (struct dir_text){str_of(lang), str_of(words)});
}

static void concept(struct dir_concepts *c, const char *code, const char *name)
{
    struct dir_concept one = {.code = str_of(code)};
    text(&one.names, "fi", name);
    VEC_PUSH(a, c, one);
}

static struct dir_service *service(const char *id, const char *name, const char *class,
                                   const char *group)
{
    struct dir_service *s = ARENA_NEW(a, struct dir_service);
    s->id = str_of(id);
    text(&s->name, "fi", name);
    concept(&s->classes, class, class);
    concept(&s->groups, "KR1", "Kansalaiset");
    if (group)
    concept(&s->groups, group, group);
    s->addition.cover_until = s->addition.review = DATE_NONE;
    VEC_PUSH(a, &d->services, s);
    return s;
}

static struct dir_channel *channel(enum dir_kind kind, const char *id, int from, int to)
{
    struct dir_channel *c = ARENA_NEW(a, struct dir_channel);
    struct dir_hours h = {.from = DATE_NONE, .to = DATE_NONE, .always = from == 0 && to == 24};
    c->id = str_of(id);
    c->kind = kind;
    text(&c->name, "fi", id);
    VEC_PUSH(a, &h.spans, (struct dir_span){1, 5, from * 60, to * 60});
    VEC_PUSH(a, &c->hours, h);
    VEC_PUSH(a, &d->channels, c);
    return c;
}

static struct dir_channel *place(const char *id, const char *town, int north, int east,
                                 const char *says)
{
    struct dir_channel *c = channel(DIR_LOCATION, id, 8, 16);
    struct dir_address at_door = {
        .north = north, .east = east, .postal_code = north > 6690000 ? S("04200") : S("01300")};
    struct dir_sentence sentence = {0};
    text(&at_door.municipality, "fi", town);
    text(&sentence.text, "fi", says);
    VEC_PUSH(a, &at_door.access, sentence);
    VEC_PUSH(a, &c->addresses, at_door);
    return c;
}

static void join(struct dir_service *s, struct dir_channel *c)
{
    VEC_PUSH(a, &s->ways, (struct dir_way){c, NULL});
    VEC_PUSH(a, &c->services, s);
}

/*      class     group   ways                       charge   language  organisation
 *   1  P5.10     KR1.2   place in Vantaa            free     fi sv     o1
 *   2  P5.10             place in Kerava, phone     pays     fi        o1
 *   3  P4.2      KR1.1   phone by day               free     fi ru     o2
 *   4  P3        KR1.2   form that is always there  free     fi        o1
 *   5  P3        KR2.1   both places                -        fi        o2
 *   6  P19               none                       -        -         -
 */
static void make(void)
{
    d = ARENA_NEW(a, struct dir);
    struct dir_organisation *o = ARENA_ARRAY(a, 2, struct dir_organisation);
    for (int i = 0; i < 2; i++) {
        o[i].id = i ? S("o2") : S("o1");
        text(&o[i].name, "fi", i ? "Toinen" : "Ensin");
        VEC_PUSH(a, &d->organisations, &o[i]);
    }
    struct dir_service *s[] = {
        service("1", "B", "P5.10", "KR1.2"), service("2", "A", "P5.10", NULL),
        service("3", "F", "P4.2", "KR1.1"),  service("4", "C", "P3", "KR1.2"),
        service("5", "E", "P3", "KR2.1"),    service("6", "D", "P19", NULL),
    };
    struct dir_channel *vantaa =
        place("v", "Vantaa", 6685000, 391000, "Sisään pääsee ilman portaita.");
    struct dir_channel *kerava =
        place("k", "Kerava", 6698000, 395000, "Ovella on yksi 8 cm:n kynnys. Luiska on takana.");
    struct dir_channel *phone = channel(DIR_PHONE_CHANNEL, "p", 9, 12);
    struct dir_channel *form = channel(DIR_ECHANNEL, "e", 0, 24);
    join(s[0], vantaa), join(s[1], kerava), join(s[1], phone), join(s[2], phone);
    join(s[3], form), join(s[4], vantaa), join(s[4], kerava);
    s[0]->charge = s[2]->charge = s[3]->charge = DIR_FREE;
    s[1]->charge = DIR_CHARGEABLE;
    s[2]->addition.cover = DIR_COVER_TAKES;
    s[2]->addition.cover_until = date_from(2026, 11, 23);
    s[3]->addition.cover = DIR_COVER_FULL;
    text(&s[5]->areas, "fi", "Kerava");
    concept(&s[4]->groups, "KR2", "Yritykset");
    for (int i = 0; i < 5; i++) {
        struct dir_text fi = {S(""), S("fi")};
        VEC_PUSH(a, &s[i]->languages, fi);
        VEC_PUSH(a, &s[i]->roles,
                 (struct dir_role){S("Responsible"), i == 2 || i == 4 ? S("o2") : S("o1"), S("")});
    }
    VEC_PUSH(a, &s[0]->languages, (struct dir_text){S(""), S("sv")});
    VEC_PUSH(a, &s[2]->languages, (struct dir_text){S(""), S("ru")});
    d->find = find_new(a, d);
}

static struct find_choice choose(const char *query, bool *in_order)
{
    struct fields fields = {0};
    struct find_choice c;
    CHECK(fields_parse(a, str_of(query), 64, &fields));
    bool is = find_read(a, d->find, &fields, &c);
    if (in_order)
        *in_order = is;
    return c;
}

/* The services that an address gives at that hour, as their ids. */
static struct str given(const char *query, int hour)
{
    struct find_choice c = choose(query, NULL);
    struct find_counts n = find_count(a, d->find, &c, NULL, &no_holidays, at(hour));
    struct buf b = buf_new(a, 64);
    size_t seen = 0;
    for (size_t i = 0; i < d->services.n; i++)
        if (find_has(n.set, i)) {
            buf_str(&b, d->services.p[i]->id);
            seen++;
        }
    CHECK_INT(n.n, seen);
    return buf_get(&b);
}

static int64_t count(const char *query, enum find_key key, const char *code)
{
    struct find_choice c = choose(query, NULL);
    struct find_counts n = find_count(a, d->find, &c, NULL, &no_holidays, at(10));
    const struct find_option *o = find_option(d->find, key, str_of(code));
    return o ? (int64_t)n.by[key][o - find_options(d->find, key)->p] : -1;
}

static void sets(void)
{
    CHECK_STR(given("", 10), "123456");
    CHECK_STR(given("theme=dental", 10), "12");
    CHECK_STR(given("group=KR1.2", 10), "14");
    CHECK_STR(given("group=KR2", 10), "5"); /* KR2.1 is of KR2 */
    CHECK(!find_option(d->find, FIND_GROUP, S("KR1")));
    CHECK_STR(given("provider=o2", 10), "35");
    CHECK_STR(given("language=ru", 10), "3");
    CHECK_STR(given("free=1", 10), "134");
    CHECK_STR(given("remote=1", 10), "234");
    CHECK_STR(given("accessible=1", 10), "15"); /* a threshold outweighs a ramp */
    CHECK_STR(given("theme=dental&area=kerava&free=1", 10), "");
}

/* Who has no place serves its named municipality, or all. */
static void areas(void)
{
    CHECK_STR(given("area=vantaa", 10), "1345");
    CHECK_STR(given("area=kerava", 10), "23456");
}

static void clock_ones(void)
{
    CHECK_STR(given("open=now", 7), "");
    CHECK_STR(given("open=now", 8), "125"); /* a form that is always there is not "open" */
    CHECK_STR(given("open=now", 10), "1235");
    CHECK_STR(given("open=now", 12), "125");
    CHECK_STR(given("open=now", 20), "");
    CHECK_STR(given("open=now", 10), "1235"); /* the clock was set back */
    CHECK_STR(given("takes=1", 10), "3");
    struct find_choice c = choose("takes=1", NULL);
    struct instant next = instant_at(date_from(2026, 11, 24), 600);
    CHECK_INT(find_count(a, d->find, &c, NULL, &no_holidays, next).n, 0);
    CHECK_INT(find_cover(d->services.p[3], date_from(2030, 1, 1)), DIR_COVER_FULL);
}

static void counts(void)
{
    CHECK_INT(count("", FIND_THEME, "dental"), 2);
    CHECK_INT(count("area=kerava", FIND_THEME, "dental"), 1);
    CHECK_INT(count("theme=dental&area=kerava", FIND_THEME, "family"), 2); /* instead of dental */
    CHECK_INT(count("theme=dental&area=kerava", FIND_AREA, "vantaa"), 1);
    CHECK_INT(count("theme=dental", FIND_OPEN, "now"), 2);
    CHECK_INT(count("free=1", FIND_FREE, "1"), 3);
    CHECK_INT(count("free=1", FIND_TAKES, "1"), 1);
    struct find_choice c = choose("free=1", NULL);
    uint64_t *among = find_set(a, d->find);
    find_put(among, 0), find_put(among, 1);
    CHECK_INT(find_count(a, d->find, &c, among, &no_holidays, at(10)).n, 1);
}

static struct str address(const char *query)
{
    struct find_choice c = choose(query, NULL);
    return find_address(a, LANG_FI, "search", &c);
}

static void addresses(void)
{
    bool in_order;
    CHECK_STR(address(""), "/fi/search");
    CHECK_STR(address("area=vantaa&theme=dental&q=selk%C3%A4+kipe%C3%A4&life="),
              "/fi/search?q=selk%C3%A4%20kipe%C3%A4&theme=dental&area=vantaa");
    CHECK_STR(address("page=3&takes=1"), "/fi/search?takes=1&page=3");
    CHECK_STR(address("show=all&page=3"), "/fi/search?show=all");
    choose("q=a&theme=dental&area=vantaa&free=1&page=2", &in_order);
    CHECK(in_order);
    choose("", &in_order);
    CHECK(in_order);
    static const char *const others[] = {"theme=dental&q=a", "q=",   "theme=dental&theme=dental",
                                         "page=1",           "q=+a", "free=1&open=now"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct find_choice c = choose(others[i], &in_order);
        CHECK(!in_order && c.odd.n == 0);
    }
}

static void odd(void)
{
    static const char *const bad[] = {
        "theme=dentist",    "theme=dental&theme=family",
        "area=V%C3%A4ntaa", "open=1",
        "free=yes",         "takes=0",
        "page=0",           "page=-1",
        "page=99999999",    "page=x",
        "show=some",        "themes=dental",
        "group=KR1",        "q=a&q=b",
        "provider=O1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct find_choice c = choose(bad[i], NULL);
        CHECK_INT(c.odd.n, 1);
        if (c.odd.n != 1)
            printf("# %s\n", bad[i]);
    }
    struct find_choice c = choose("theme=dental&area=nowhere&x=1", NULL);
    CHECK(c.odd.n == 2 && find_chosen(&c) == 1);
    CHECK_STR(c.odd.p[0].name, "area");
    CHECK_STR(c.odd.p[0].value, "nowhere");
}

static void by_name(void)
{
    struct buf b = buf_new(a, 64);
    for (size_t i = 0; i < d->services.n; i++)
        buf_str(&b, d->services.p[find_by_name(d->find, LANG_FI)[i]]->id);
    CHECK_STR(buf_get(&b), "214653");
}

static void nothing(void)
{
    struct dir empty = {0};
    struct find *f = find_new(a, &empty);
    struct find_choice c = {.page = 1};
    CHECK_INT(find_count(a, f, &c, NULL, &no_holidays, at(10)).n, 0);
}

static void no_cover(const struct view_map *m)
{
    for (size_t i = 0; i < m->markers.n; i++) {
        const struct view_marker *p = &m->markers.p[i];
        CHECK(p->x >= 15 && p->y >= 15 && p->x <= m->width - 15 && p->y <= m->ground - 15);
        for (size_t k = 0; k < i; k++) {
            int dx = p->x - m->markers.p[k].x, dy = p->y - m->markers.p[k].y;
            CHECK(dx * dx + dy * dy >= 30 * 30);
        }
    }
}

static void map(void)
{
    struct view v = {.a = a, .dir = d, .lang = LANG_FI, .now = at(10)};
    const struct dir_channel *places[42];
    for (int i = 0; i < 40; i++) /* all in one house */
        places[i] = place("same", "Vantaa", 6685000, 391000, "");
    places[40] = place("far", "Kerava", 6698000, 395000, "");
    places[41] = place("unknown", "Kerava", 0, 0, "");
    struct view_map m = {0}, one = {0}, none = {0};
    view_draw(&v, places, 42, &m);
    CHECK_INT(m.markers.n, 41);
    CHECK_INT(m.sites.p[41].number, 0);
    no_cover(&m);
    CHECK(m.markers.p[40].at_y < m.markers.p[0].at_y); /* Kerava is north of Vantaa */
    CHECK(m.markers.p[40].at_x > m.markers.p[0].at_x);
    CHECK_STR(m.bar_name, "2 km");
    view_draw(&v, places, 1, &one);
    CHECK(one.markers.n == 1 && !one.markers.p[0].moved);
    view_draw(&v, places + 41, 1, &none);
    CHECK(none.markers.n == 0 && none.sites.n == 1);
}

int main(void)
{
    a = arena_new(0);
    make();
    TEST(sets);
    TEST(areas);
    TEST(clock_ones);
    TEST(counts);
    TEST(addresses);
    TEST(odd);
    TEST(by_name);
    TEST(nothing);
    TEST(map);
    arena_free(a);
    return test_end();
}
