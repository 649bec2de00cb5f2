/*
 * fact_text_test.c: facts written as text and read back, added up, and data/fact.json. No store.
 * argv: fact.json.
 */
#include "matter/busy_test.h"

static const char *data_path;

/* ---- text ---- */

static const char line_of[] =
    "realised|3|2026-11-24|1|12|phc-treatment||23-64|fi|korso|web|dental|12\n"
    "step|3|2026-11-24|-1|0||work|75+|sv|unknown|phone|dental|-1\n";

static void written_and_read_back(void)
{
    struct facts f = {0}, none = {0};
    CHECK(fact_read(a, str_of(line_of), &f));
    CHECK_INT(f.n, 2);
    CHECK_INT(f.p[0].total, 12);
    CHECK_STR(f.p[1].part, "work");
    CHECK_STR(text_of(&f), line_of);
    CHECK(fact_read(a, S(""), &none) && none.n == 0);
    static const char *const bad[] = {
        "realised|3|2026-11-24|1|12|phc-treatment||23-64|fi|korso|web|dental|12", /* no end */
        "realised|3|2026-11-31|1|12|x||23-64|fi|korso|web|dental|12\n",
        "realized|3|2026-11-24|1|12|x||23-64|fi|korso|web|dental|12\n",
        "realised|3|2026-11-24|1|12|x||23-64|fi||web|dental|12\n",
        "realised|3|2026-11-24|1|12|x||23-64|fi|korso|web|dental|401\n",
        "realised|3|2026-11-24|1|12|x||23-64|fi|korso|web|dental|12|\n",
        "realised|3|2026-11-24|1|12|x||23-64|fi|korso|web|dental\n",
        "\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!fact_read(a, str_of(bad[i]), &none));
}

/* Whatever stands there is refused, or read as what is written again. */
static void any_text_is_read_or_refused(void)
{
    static const char put_in[] = "|\n-+0919azé";
    int read = 0, refused = 0;
    for (int i = 0; i < 20000; i++) {
        char text[sizeof line_of];
        size_t n = sizeof line_of - 1 - (dice(3) ? 0 : (size_t)dice(60));
        struct facts f = {0}, again = {0};
        struct arena *own = arena_new(0);
        memcpy(text, line_of, sizeof text);
        for (int k = dice(3); k >= 0; k--)
            text[dice((int)n)] = dice(2) ? put_in[dice(sizeof put_in - 1)] : (char)(1 + dice(255));
        bool ok = fact_read(own, (struct str){text, n}, &f);
        read += ok;
        refused += !ok;
        if (ok) {
            struct str out = text_of(&f);
            CHECK(fact_read(own, out, &again) && again.n == f.n);
            CHECK(str_eq(text_of(&again), out));
        }
        arena_free(own);
    }
    printf("# %d read, %d refused\n", read, refused);
    CHECK(read > 100 && refused > 100);
}

static void settled(void)
{
    struct facts f = {0};
    CHECK(fact_read(a, str_of(line_of), &f) && fact_read(a, str_of(line_of), &f));
    fact_settle(&f);
    CHECK_INT(f.n, 2);
    CHECK_INT(f.p[0].n, 2);
    CHECK_INT(f.p[0].total, 24);
    fact_negate(&f);
    CHECK(fact_read(a, str_of(line_of), &f) && fact_read(a, str_of(line_of), &f));
    fact_settle(&f);
    CHECK_INT(f.n, 0);
}

/* ---- data ---- */

static void the_data_is_read_strictly(void)
{
    struct fact_data d;
    struct str why = {0}, text = test_file(a, data_path);
    CHECK(fact_data_read(a, text, &d, &why));
    CHECK_INT(d.ages.n, 8);
    CHECK_STR(d.languages.p[d.languages.n - 1].code, "other");
    CHECK_INT(d.step_of[MATTER_NOTED], FACT_STEP_STAYS);
    CHECK_INT(d.step_of[MATTER_MESSAGE], FACT_STEP_BACK);
    static const char *const wrong[][2] = {
        {"\"from\": 7,", "\"from\": 8,"},                /* a gap */
        {"\"7-12\"", "\"7|12\""},                        /* no code */
        {"\"received\", ", "\"received\", \"taken\", "}, /* twice */
        {"\"received\", ", ""},                          /* which must lead somewhere */
        {"\"message\"", "\"massage\""},
        {"\"gapMinutes\": 15", "\"gapMinutes\": \"15\""},
        {"\"leastMinutes\": 3,", ""},
        {"\"code\": \"other\"", "\"code\": \"zz\""},
        {"\"work\", \"kinds\"", "\"untaken\", \"kinds\""},
        {"\"touch\"", "\"tuoch\""},
        {"\"sv\": \"finska\", ", ""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bool read = fact_data_read(a, replaced(text, wrong[i][0], wrong[i][1]), &d, &why);
        if (read)
            printf("# %s for %s is read\n", wrong[i][1], wrong[i][0]);
        CHECK(!read && why.n);
    }
    CHECK_STR(fact_age_code(-1), "unknown");
    CHECK_STR(fact_age_code(0), "0-6");
    CHECK_STR(fact_age_code(22), "18-22");
    CHECK_STR(fact_age_code(23), "23-64");
    CHECK_STR(fact_age_code(75), "75+");
    CHECK_STR(fact_age_code(104), "75+");
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 1;
    a = arena_new((size_t)512 << 20);
    data_path = argv[1];
    TEST(written_and_read_back);
    TEST(any_text_is_read_or_refused);
    TEST(settled);
    TEST(the_data_is_read_strictly);
    arena_free(a);
    return test_end();
}
