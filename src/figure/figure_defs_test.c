/*
 * figure_defs_test.c: the catalogue: how strictly it is read, and that it says where the law
 * changed. No store. argv: rules.json reasons.json figures.json.
 */
#include "figure/figure_defs.h"
#include "matter/matter_test.h"

static const char *data_path;

static void the_catalogue_is_read_strictly(void)
{
    struct figure_defs d;
    struct str why = {0}, text = test_file(a, data_path);
    CHECK(figure_defs_read(a, text, &d, &why));
    static const char *const wrong_ones[][2] = {
        {"\"id\": \"waiting\"", "\"id\": \"waiting-over\""}, /* twice */
        {"\"id\": \"waiting\"", "\"id\": \"Waiting\""},
        {"\"definition\"", "\"defintion\""},
        {"\"sv\": ", "\"se\": "},
        {"\"measures\": \"started", "\"measures\": \"begun"},
        {"\"cuts\": \"day", "\"cuts\": \"dye"},
        {"\"from\": \"2025-01-01\"", "\"from\": \"2024-11-01\""}, /* not in order */
        {"\"open\": true", "\"open\": \"yes\""},
        {"\"formula\": ", "\"formulae\": "},
        {"\"reviewed\"", "\"viewed\""},
    };
    for (size_t i = 0; i < sizeof wrong_ones / sizeof *wrong_ones; i++) {
        bool read =
            figure_defs_read(a, replaced(text, wrong_ones[i][0], wrong_ones[i][1]), &d, &why);
        if (read)
            printf("# %s for %s is read\n", wrong_ones[i][1], wrong_ones[i][0]);
        CHECK(!read && why.n);
    }
}

/* "Over the limit" is compared only where the law had the same limit. */
static void equal_definitions(void)
{
    const struct figure_def *over = figure_def_find(S("waiting-over"));
    const struct figure_def *received = figure_def_find(S("received"));
    struct date y2023 = date_from(2023, 10, 1), y2024 = date_from(2024, 12, 1),
                y2025 = date_from(2025, 2, 1), y2026 = date_from(2026, 11, 1);
    CHECK(over && received && !figure_def_find(S("nothing")));
    CHECK(!figure_equal(over, y2024, y2025) && !figure_equal(over, y2023, y2024));
    CHECK(figure_equal(received, y2024, y2026));
    CHECK(figure_equal(over, y2026, y2026));
    CHECK(!figure_equal(over, date_from(2000, 1, 1),
                        date_from(2000, 1, 1))); /* before there was one */
    CHECK(!figure_equal_for(over, S("dental"), y2023, y2024));
    CHECK(figure_equal_for(over, S("phc-treatment"), y2023, y2024));
    CHECK(!figure_equal_for(over, S("phc-treatment"), y2024, y2025));
    CHECK(figure_equal_for(over, S("social-decision-executed"), y2023, y2026));
    CHECK_STR(figure_def_path(a, LANG_SV, S("debt")), "/sv/figures/debt");
}

/* Each day on which a statute's limit changed since there are figures is a version of what depends
 * on limits, and of that rule. */
static void each_change_of_law_is_a_version(void)
{
    static const char *const ids[] = {"waiting-over", "due-soon",         "debt",
                                      "debt-flow",    "realised-in-time", "offered-in-time"};
    int seen = 0;
    for (size_t r = 0; r < law_rule_count(law); r++)
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
            const struct law_rule *rule = law_rule(law, (int)r);
            const struct figure_def *d = figure_def_find(str_of(ids[i]));
            CHECK(d != NULL);
            if (!d || rule->kind != LAW_STATUTE)
                continue;
            for (size_t v = 0; v < rule->version_count; v++) {
                struct date from = rule->versions[v].from;
                if (from.day < date_from(2023, 9, 1).day)
                    continue;
                seen++;
                CHECK(!figure_equal_for(d, rule->id, date_add(from, -1), from));
            }
        }
    CHECK(seen > 20);
}

int main(int argc, char **argv)
{
    struct str why = {0};
    if (argc < 4)
        return 1;
    a = arena_new((size_t)512 << 20);
    law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    if (!law)
        return 1;
    data_path = argv[3];
    TEST(the_catalogue_is_read_strictly);
    TEST(equal_definitions);
    TEST(each_change_of_law_is_a_version);
    arena_free(a);
    return test_end();
}
