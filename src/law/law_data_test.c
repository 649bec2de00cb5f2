/*
 * law_data_test.c: mistakes in the data are refused and name their place; the command answers and
 * refuses.
 */
#include "law/law_test.h"

/* ---- the data's own mistakes ---- */

static void mistakes_name_their_place(void)
{
    static const struct {
        const char *old, *new, *want;
    } table[] = {
        {"\"from\": \"2011-05-01\"", "\"from\": \"2011-05-32\"",
         "rules.json: rules[0].versions[0].from: a date as 2026-11-24 is needed"},
        {"\"id\": \"phc-assessment\"", "\"id\": \"phc-contact\"",
         "rules.json: rules[1].id: \"phc-contact\" stands here twice"},
        {"\"mark\": \"C\", \"source\": \"terv", "\"mrk\": \"C\", \"source\": \"terv",
         "rules.json: rules[0].versions[0]: \"mrk\" is not known here"},
        {"\"to\": \"2023-08-31\"", "\"to\": \"2023-09-01\"",
         "rules.json: rules[0].versions: numbers 0 and 1 overlap for the same people"},
        {"\"unit\": \"months\"", "\"unit\": \"moons\"",
         "rules.json: rules[2].versions[0].unit: one of these is needed: at-once same-day "
         "working-days days weeks months window opening-days opening-hours opening-minutes"},
        {"\"unit\": \"weeks\"", "\"unit\": \"opening-days\"",
         "rules.json: rules[6].versions[0].limit: only a promise may be counted by a team's hours"},
        {"\"to\": \"2023-08-31\", \"who\": \"all\"",
         "\"to\": \"2023-08-31\", \"channels\": [\"web\"], \"who\": \"all\"",
         "rules.json: rules[0].versions[0]: only a promise may ask for channels, forms, reasons or "
         "teams"},
        {"\"channels\": [\"phone\"]",
         "\"channels\": [\"web\", \"phone\"], \"reasons\": [\"dental\"]",
         "rules.json: rules[24].versions: numbers 1 and 2 overlap for the same people"},
        {"\"channels\": [\"phone\"]", "\"channels\": []",
         "rules.json: rules[24].versions[2].channels: a list of codes is needed"},
        {"[\"contacted\", ", "[\"contcted\", ",
         "rules.json: rules[0].stops: \"contcted\" is not an event"},
        {"\"id\": \"phc-contact\"", "\"id\": \"phc-kontact\"",
         "reasons.json: reasons[0].at.received: \"phc-contact\" is not among the rules"},
        {"\"open\": \"08:00\"", "\"open\": \"18:00\"",
         "rules.json: switches.office-hours.close: must be after \"open\""},
        {"\"fixed\": \"12-06\"", "\"fixed\": \"12-36\"",
         "rules.json: holidays[11].fixed: a month and day as 12-06 is needed"},
        {"\"rule\": \"next-step\"", "\"rule\": \"next-leap\"",
         "rules.json: switches.fallback.rule: is not among the rules"},
        {"\"condition\": \"child\"", "\"condition\": \"chld\"",
         "rules.json: rules[17].versions[0].who: \"chld\" is not among the conditions"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct str why = S("");
        CHECK(
            !law_load(arena, replaced(rules_text, table[i].old, table[i].new), reasons_text, &why));
        CHECK_STR(why, table[i].want);
    }
    struct str why = S("");
    CHECK(!law_load(arena, S("{"), reasons_text, &why));
    CHECK_STR(why, "rules.json: line 1, column 1: string or '}' expected near end of file");
    CHECK(!law_load(arena, S("[]"), reasons_text, &why));
    CHECK(!law_load(arena, rules_text, S("{\"about\": \"\", \"always\": {}, \"reasons\": []}"),
                    &why));
    CHECK_STR(why, "reasons.json: reasons: 1 to 1000 are needed, there are 0");
    /* A reason that would leave a matter without a due time. */
    CHECK(!law_load(arena, rules_text,
                    replaced(reasons_text, "\"received\": [\"answer\"]", "\"received\": []"),
                    &why));
    CHECK(str_ends(why, S("so that every matter has a due time")));
}

/* ---- the command ---- */

/* A blank within a word is written as @. */
static char *word_of(struct str word)
{
    char *z = arena_alloc(arena, word.n + 1);
    for (size_t i = 0; i < word.n; i++)
        z[i] = word.p[i] == '@' ? ' ' : word.p[i];
    z[word.n] = '\0';
    return z;
}

/* Runs the command with standard output and error in files; returns both, after the exit code. */
static struct str command(const char *line)
{
    char *argv[16];
    int argc = 0;
    struct str rest = str_of(line);
    while (rest.p && argc < 16)
        argv[argc++] = word_of(str_cut(&rest, ' '));
    FILE *out = stdout, *err = stderr, *file = tmpfile();
    if (!file)
        return S("no temporary file");
    fflush(NULL);
    stdout = stderr = file;
    int code = law_command(law, argc, argv);
    stdout = out;
    stderr = err;
    rewind(file);
    char *text = arena_alloc(arena, 32768);
    size_t n = fread(text, 1, 32768, file);
    fclose(file);
    return str_fmt(arena, "%d " STR_FMT, code, (int)n, text);
}

static void the_command_answers(void)
{
    CHECK_STR(
        command("due phc-treatment 2024-12-31 --age 40"),
        "0 2025-01-14\t2023-09-01..2024-12-31\tterveydenhuoltolaki 1326/2010 51 a § (117/2023)\n");
    CHECK_STR(command("due phc-treatment 2025-01-01 --born 2003-01-01"),
              "0 2025-01-15\t2025-01-01..\tHE 134/2024; THL\n");
    CHECK_STR(command("due --age 80 social-assessment-start 2026-12-18"),
              "0 2026-12-31\t2015-04-01..\tsosiaalihuoltolaki 1301/2014 36 § 2 mom\t2026-12-30\n");
    CHECK(str_starts(command("due social-assessment-start 2026-11-24"), S("0 2026-12-03\t")));
    CHECK(str_starts(command("due child-welfare-start 2026-11-24"), S("0 2026-12-03\t")));
    CHECK(str_starts(command("due child-welfare-start 2026-11-24 --age 3"), S("0 2026-12-03\t")));
    CHECK(str_starts(
        command("due social-assessment-start 2026-11-24 --age 40 --with highest-care-allowance"),
        S("0 2026-12-03\t")));
    /* By a team's hours: with a time, and the office's hours where none are given. */
    CHECK(str_starts(command("due answer 2026-11-27T14:00 --channel phone"),
                     S("0 2026-11-30T10:00\t2026-11-01..\tpalvelulupaus")));
    CHECK(str_starts(command("due answer 2026-11-27T14:00 --channel web --reason dental"),
                     S("0 2026-12-01T16:00\t2026-11-01..\t")));
    CHECK(str_starts(command("due answer 2026-11-27 --channel letter"), S("0 2026-12-01\t2023")));
    CHECK(
        str_starts(command("due answer 2026-11-27T14:00 --channel phone --hours Mo-Su@10:00-24:00"),
                   S("0 2026-11-27T18:00\t")));
    CHECK(
        str_starts(command("due answer 2026-11-27T20:00 --channel phone --hours Mo-Su@10:00-24:00"),
                   S("0 2026-11-27T24:00\t")));
    CHECK(str_starts(command("rules"), S("0 phc-contact\t2011-05-01..2023-08-31\tall\t")));
}

static void the_command_refuses(void)
{
    static const struct {
        const char *line, *want;
    } table[] = {
        {"due nonsense 2026-11-24", "1 asialla law: no such rule: nonsense\n"},
        {"due phc-contact 2026-02-30", "1 asialla law: not a date: 2026-02-30\n"},
        {"due phc-contact tomorrow", "1 asialla law: not a date: tomorrow\n"},
        {"due phc-contact 2010-01-01",
         "1 asialla law: phc-contact on 2010-01-01: no version of the rule is in force that day\n"},
        {"due phc-treatment 2025-01-01",
         "1 asialla law: phc-treatment on 2025-01-01: the limit depends on age; give --born DATE "
         "or --age N\n"
         "  2025-01-01..  under 23: 14 days\n  2025-01-01..  23 and over: 3 months\n"},
        {"due therapy-guarantee 2026-01-01 --age 30",
         "1 asialla law: therapy-guarantee on 2026-01-01: no version of that day applies to this "
         "person\n"},
        {"due social-assessment-start 2026-11-24 --age 74",
         "1 asialla law: social-assessment-start on 2026-11-24: no version of that day applies to "
         "this person\n"
         "  2015-04-01..  from the 75th birthday, or highest care allowance: 7 working days\n"},
        {"due child-welfare-start 2026-11-24 --age 18", "1 asialla law: child-welfare-start"},
        {"due phc-contact 2200-01-01",
         "1 asialla law: phc-contact on 2200-01-01: the calendar covers"},
        {"due phc-treatment 2025-01-01 --age x", "1 asialla law: not an age: x\n"},
        {"due phc-treatment 2025-01-01 --age -1", "1 asialla law: not an age: -1\n"},
        {"due phc-treatment 2025-01-01 --born 2025-01-02",
         "1 asialla law: not born yet on that day"},
        {"due answer 2026-11-27T24:00", "1 asialla law: not a date: 2026-11-27T24:00\n"},
        {"due answer 2026-11-27 --hours Mo", "1 asialla law: not opening hours: a time as"},
        {"due phc-treatment 2025-01-01 --born x", "1 asialla law: not a date: x\n"},
        {"due phc-treatment 2025-01-01 --with luck", "1 asialla law: no such condition: luck\n"},
        {"due phc-treatment 2025-01-01 --age 40 --born 1980-01-01",
         "2 asialla law: give --born or --age"},
        {"due phc-treatment 2025-01-01 --age",
         "2 asialla law: a value is missing after: --age\nUsage:"},
        {"due phc-treatment 2025-01-01 --color red", "2 asialla law: no such option: --color\n"},
        {"due phc-treatment", "2 asialla law: a rule and a date are needed\n"},
        {"due phc-treatment 2025-01-01 more", "2 asialla law: one word too many: more\n"},
        {"rules all", "2 asialla law: \"due\" or \"rules\" is needed\n"},
        {"", "2 asialla law: \"due\" or \"rules\" is needed\n"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct str got = command(table[i].line);
        if (!str_starts(got, str_of(table[i].want)))
            CHECK_STR(got, table[i].want);
    }
}

int main(int argc, char **argv)
{
    if (!law_test_begin(argc, argv))
        return 1;
    TEST(mistakes_name_their_place);
    TEST(the_command_answers);
    TEST(the_command_refuses);
    return law_test_end();
}
