/* Unit tests of the form: a row comes back from its own fields; what is typed wrong is told. */
#include "base/test.h"
#include "editor/entry.h"

static struct arena *a;
static struct named_list districts;
static struct entry_known known;

static void begin(void)
{
    struct named north = {.ref = S("north"), .name = {S("Pohjoinen"), S("Norra"), S("North")}};
    a = arena_new(0);
    VEC_PUSH(a, &districts, north);
    known = (struct entry_known){.lang = LANG_FI,
                                 .codes = editor_codes(),
                                 .districts = &districts,
                                 .owner = S("org"),
                                 .owner_name = S("Yhdistys")};
    VEC_PUSH(a, &known.ways, (struct entry_way){S("way-1"), S("Talo"), S("")});
}

static void put(struct fields *f, const char *name, const char *value)
{
    VEC_PUSH(a, f, (struct field){str_of(name), str_of(value)});
}

static const struct dir_service *read_service(const struct fields *f, struct ui_errors *errors)
{
    *errors = (struct ui_errors){0};
    return entry_read(a, DIR_SERVICE, entry_new(a, DIR_SERVICE, &known), f, &known, errors);
}

static const struct dir_channel *read_place(const struct fields *f, struct ui_errors *errors)
{
    *errors = (struct ui_errors){0};
    return entry_read(a, DIR_LOCATION, entry_new(a, DIR_LOCATION, &known), f, &known, errors);
}

static bool told(const struct ui_errors *errors, const char *field)
{
    for (size_t i = 0; i < errors->n; i++)
        if (str_eq(errors->p[i].target, str_of(field)))
            return true;
    return false;
}

static size_t differences(enum dir_kind kind, const void *x, const void *y)
{
    struct ui_errors none = {0};
    struct fields fx = entry_fields(a, kind, x, &known), fy = entry_fields(a, kind, y, &known);
    struct entry_parts px = entry_parts(a, kind, &fx, &known, &none),
                       py = entry_parts(a, kind, &fy, &known, &none);
    struct entry_lines lx = entry_lines(a, &px), ly = entry_lines(a, &py);
    size_t n = lx.n != ly.n;
    for (size_t i = 0; i < lx.n && i < ly.n; i++)
        n += !str_eq(lx.p[i].text, ly.p[i].text) || !str_eq(lx.p[i].label, ly.p[i].label);
    return n;
}

static void a_service_comes_back_from_its_own_fields(void)
{
    struct ui_errors errors;
    struct fields f = {0};
    put(&f, "name.fi", "Kahvila");
    put(&f, "name.sv", "Café");
    put(&f, "summary.fi", " Juo \n kahvia ");
    put(&f, "description.fi", "Ensin.\n- yksi\n- kaksi");
    put(&f, "class", "P5.16");
    put(&f, "class", "P5.16");
    put(&f, "class", "P99.9");
    put(&f, "group", "KR1.3");
    put(&f, "event", "KE9");
    put(&f, "keyword.fi", "kahvi\n\n tee ");
    put(&f, "charge", "free");
    put(&f, "area", "north");
    put(&f, "area", "nowhere");
    put(&f, "language", "fi");
    put(&f, "way", "way-1");
    put(&f, "way", "somebody-elses");
    const struct dir_service *s = read_service(&f, &errors);
    CHECK_INT(errors.n, 0);
    CHECK_STR(texts_get(&s->summary, "fi"), "Juo   kahvia");
    CHECK_INT(s->classes.n, 1);
    CHECK_STR(texts_get(&s->classes.p[0].names, "sv"),
              "Hälsovårdens stöd av likställda och frivilligverksamhet");
    CHECK_INT(s->keywords.n, 2);
    CHECK_STR(s->keywords.p[1].text, "tee");
    CHECK_INT(s->charge, DIR_FREE);
    CHECK_INT(s->areas.n, 3);
    CHECK_INT(s->connections.n, 1);
    CHECK_STR(s->roles.p[0].id, "org");
    struct fields again = entry_fields(a, DIR_SERVICE, s, &known);
    CHECK_INT(differences(DIR_SERVICE, s, read_service(&again, &errors)), 0);
    put(&again, "event", "KE14");
    CHECK_INT(differences(DIR_SERVICE, s, read_service(&again, &errors)), 1);
}

static void what_the_form_does_not_ask_stays(void)
{
    struct dir_service base = {.id = S("x"), .source_id = S("s"), .modified = DATE_NONE};
    struct ui_errors errors = {0};
    struct fields f = {0};
    texts_put(a, &base.name, "se", S("Gáfestohpu"));
    texts_put(a, &base.requirements, "fi", S("Kaikille"));
    VEC_PUSH(a, &base.classes, (struct dir_concept){.code = S("P99.9")});
    put(&f, "name.fi", "Kahvila");
    put(&f, "class", "P99.9");
    const struct dir_service *s = entry_read(a, DIR_SERVICE, &base, &f, &known, &errors);
    CHECK_STR(texts_get(&s->name, "se"), "Gáfestohpu");
    CHECK_STR(texts_get(&s->requirements, "fi"), "Kaikille");
    CHECK_INT(s->classes.n, 1);
    CHECK_STR(s->id, "x");
}

static void a_place_comes_back_and_keeps_its_point_until_it_moves(void)
{
    struct ui_errors errors;
    struct fields f = {0};
    put(&f, "name.fi", "Talo");
    put(&f, "street.fi", "Koetie");
    put(&f, "number", "3");
    put(&f, "postal", "01300");
    put(&f, "phone.1", "09 000 0400");
    put(&f, "phone_info.1", "Neuvonta");
    put(&f, "opening", "week");
    put(&f, "hours.1", "9-12, 13.30–16");
    put(&f, "hours.7", "0-24");
    put(&f, "except.1", "2026-12-24");
    put(&f, "until.1", "2026-12-26");
    put(&f, "link.sv", "www.example.org");
    put(&f, "email", "a@example.org");
    const struct dir_channel *c = read_place(&f, &errors);
    CHECK_INT(errors.n, 0);
    CHECK_STR(c->phones.p[0].uri, "tel:090000400");
    CHECK_INT(c->hours.n, 2);
    CHECK_INT(c->hours.p[0].spans.n, 3);
    CHECK_INT(c->hours.p[0].spans.p[1].from, 13 * 60 + 30);
    CHECK(c->hours.p[1].closed);
    CHECK_STR(c->links.p[0].url, "https://www.example.org");
    CHECK_STR(hours_words(a, LANG_FI, &c->hours.p[0], 1), "9–12, 13.30–16");
    struct fields again = entry_fields(a, DIR_LOCATION, c, &known);
    CHECK_INT(differences(DIR_LOCATION, c, read_place(&again, &errors)), 0);
    struct dir_channel there = *c;
    there.addresses.p[0].north = 6680000;
    again = entry_fields(a, DIR_LOCATION, &there, &known);
    c = entry_read(a, DIR_LOCATION, &there, &again, &known, &errors);
    CHECK_INT(c->addresses.p[0].north, 6680000);
    again.p[0].value = S("Talo");
    for (size_t i = 0; i < again.n; i++)
        if (str_eq(again.p[i].name, S("number")))
            again.p[i].value = S("5");
    c = entry_read(a, DIR_LOCATION, &there, &again, &known, &errors);
    CHECK_INT(c->addresses.p[0].north, 0);
}

static void what_is_typed_wrong_is_told_by_field(void)
{
    static const struct {
        const char *field, *value;
    } wrong[] = {
        {"hours.2", "16-9"},
        {"hours.2", "9-17, 16-18"},
        {"hours.2", "aamulla"},
        {"hours.2", "9-25"},
        {"hours.2", "9.75-16"},
        {"phone.1", "soita"},
        {"phone.1", "12"},
        {"postal", "1300"},
        {"postal", "0130x"},
        {"link.fi", "javascript:x"},
        {"link.fi", "example"},
        {"link.fi", "https://a@b.fi"},
        {"link.fi", "https://a b.fi"},
        {"email", "a.example.org"},
        {"email", "a@b?bcc=c@d.fi"},
        {"email", "a%0abcc:c@d.fi"},
        {"email", "a@b.fi,c@d.fi"},
        {"except.1", "huomenna"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ui_errors errors;
        struct fields f = {0};
        put(&f, "name.fi", "Talo");
        put(&f, "opening", "none");
        put(&f, wrong[i].field, wrong[i].value);
        read_place(&f, &errors);
        CHECK(told(&errors, wrong[i].field));
        CHECK_INT(errors.n, 1);
    }
    struct ui_errors errors;
    struct fields f = {0};
    put(&f, "opening", "week");
    read_place(&f, &errors);
    CHECK(told(&errors, "name.fi"));
}

static void a_language_is_a_code(void)
{
    struct ui_errors errors;
    struct fields f = {0};
    put(&f, "name.fi", "Kerho");
    put(&f, "language", "<b>");
    put(&f, "language", "'\"");
    put(&f, "language", "FI");
    put(&f, "language", "fse");
    const struct dir_service *s = read_service(&f, &errors);
    CHECK_INT(s->languages.n, 1);
    CHECK_STR(s->languages.p[0].text, "fse");
}

static void hours_that_are_written_hold_whatever_is_chosen(void)
{
    struct ui_errors errors;
    struct fields f = {0};
    put(&f, "name.fi", "Talo");
    put(&f, "opening", "none");
    put(&f, "hours.3", "10–14");
    const struct dir_channel *c = read_place(&f, &errors);
    CHECK_INT(c->hours.n, 1);
    CHECK_STR(hours_words(a, LANG_EN, &c->hours.p[0], 3), "10–14");
}

static void code_lists_are_strict(void)
{
    struct code_lists lists;
    struct str why = {0};
    const char *const bad[] = {
        "",
        "{}",
        "{\"classes\": []}",
        "{\"classes\": [{\"code\": \"P1\", \"fi\": \"x\", \"sv\": \"x\"}]}",
        "{\"classes\": [{\"code\": \"P1.1\", \"fi\": \"x\", \"sv\": \"x\", \"en\": \"x\"}]}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!codes_read(a, str_of(bad[i]), &lists, &why) && why.n > 0);
    CHECK(editor_codes()->classes.n > 100 && codes_find(&editor_codes()->events, S("KE9")));
}

int main(void)
{
    begin();
    TEST(a_service_comes_back_from_its_own_fields);
    TEST(what_the_form_does_not_ask_stays);
    TEST(a_place_comes_back_and_keeps_its_point_until_it_moves);
    TEST(what_is_typed_wrong_is_told_by_field);
    TEST(a_language_is_a_code);
    TEST(hours_that_are_written_hold_whatever_is_chosen);
    TEST(code_lists_are_strict);
    arena_free(a);
    return test_end();
}
