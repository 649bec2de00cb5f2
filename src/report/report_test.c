/*
 * report_test.c: what goes out. After random acts the script recomputes every sum from the exported
 * events, and does not where one was changed; rows are safe in a spreadsheet; a half-year tells no
 * hidden month. On SQLite, and once more on PostgreSQL where ASIALLA_PG names an empty database.
 * argv: rules.json reasons.json asialla-recount.py data-folder care-register.json half-year.json.
 */
#include "figure/figure.h"
#include "matter/busy_test.h"
#include "publish/publish.h"
#include "report/half_year.h"
#include "report/report_row.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static const char *script, *definitions, *care_path, *half_path;

/* ---- files ---- */

static const char *temp_folder(void)
{
    static char dir[64];
    snprintf(dir, sizeof dir, "/tmp/report_test.XXXXXX");
    CHECK(mkdtemp(dir) != NULL);
    return dir;
}

static void remove_folder(const char *dir)
{
    static const char *const names[] = {"events.csv", "events.csv.README.txt", "figures.csv",
                                        "changed.csv", "x.csv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(str_fmt(a, "%s/%s", dir, names[i]).p);
    CHECK_INT(rmdir(dir), 0);
}

static void write_file(const char *path, struct str text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n);
    close(fd);
}

/* The script's exit code; what it says is not told. */
static int recount(const char *events, const char *figures)
{
    const char *const argv[] = {"python3", script,          events,      "--figures",
                                figures,   "--definitions", definitions, NULL};
    posix_spawn_file_actions_t quiet;
    pid_t pid;
    int status = -1;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, "python3", &quiet, NULL, (char **)(uintptr_t)argv, environ) != 0 ||
        waitpid(pid, &status, 0) != pid)
        return -1;
    posix_spawn_file_actions_destroy(&quiet);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- the script ---- */

enum { ACTS = 400 };

static void the_script_agrees(void)
{
    const char *dir = temp_folder();
    const char *events = str_fmt(a, "%s/events.csv", dir).p;
    const char *figures = str_fmt(a, "%s/figures.csv", dir).p;
    struct report_ask ask = {.to = events};
    CHECK_INT(store_write(store, many_come, NULL), ERR_OK);
    for (int i = 0; i < ACTS / ACTS_AT_ONCE; i++)
        CHECK_INT(store_write(store, some_acts, NULL), ERR_OK);
    CHECK_INT(report_events_command(a, store, law, &ask), 0);
    ask.to = figures;
    CHECK_INT(report_figures_command(a, store, &ask), 0);
    CHECK_INT(recount(events, figures), 0);

    struct str text = test_file(a, events), was = S("\"\"by\"\":\"\"assessed\"\"");
    char *hit = memmem(text.p, text.n, was.p, was.n);
    CHECK(hit != NULL);
    struct str before = str_sub(text, 0, hit ? (size_t)(hit - text.p) : 0);
    struct buf b = buf_new(a, 64 << 20);
    buf_str(&b, before);
    buf_lit(&b, "\"\"by\"\":\"\"closed\"\"");
    buf_str(&b, str_sub(text, before.n + was.n, text.n));
    const char *changed = str_fmt(a, "%s/changed.csv", dir).p;
    write_file(changed, buf_get(&b));
    CHECK_INT(recount(changed, figures), 1);

    CHECK(!memmem(text.p, text.n, "HYPERLINK", 9));
    CHECK(!memmem(text.p, text.n, "\"=1+1\"", 6)); /* the district is a text there, no formula */
    CHECK(memmem(text.p, text.n, "\"'=1+1\"", 7) != NULL);
    CHECK_INT(report_figures_command(a, store, &ask), 1); /* it is there already */
    remove_folder(dir);
}

/* ---- rows and files ---- */

static void rows_are_safe(void)
{
    struct buf b = buf_new(a, 0);
    struct report_row r = {.n = 0};
    row_text(&r, "a", S("=cmd|' /C calc'!A0"));
    row_text(&r, "b", S("Åäö \"x\", \n"));
    row_int(&r, "c", -1);
    row_text(&r, "d", S(""));
    row_json(&r, "e", S("[1]"));
    row_write_head(&b, REPORT_CSV, &r);
    row_write(&b, REPORT_CSV, &r);
    CHECK_STR(buf_get(&b), "\"a\",\"b\",\"c\",\"d\",\"e\"\r\n"
                           "\"'=cmd|' /C calc'!A0\",\"Åäö \"\"x\"\", \n\",-1,,\"[1]\"\r\n");
    b.n = 0;
    row_write_head(&b, REPORT_NDJSON, &r);
    row_write(&b, REPORT_NDJSON, &r);
    CHECK_STR(buf_get(&b), "{\"a\":\"=cmd|' /C calc'!A0\",\"b\":\"Åäö \\\"x\\\", \\n\",\"c\":-1,"
                           "\"e\":[1]}\n");
}

static void a_file_is_whole_or_not_there(void)
{
    struct report_out o;
    const char *dir = temp_folder(), *to = str_fmt(a, "%s/x.csv", dir).p;
    CHECK(report_out_begin(a, &o, to));
    report_out_put(a, &o, S("half"));
    CHECK(access(to, F_OK) != 0);
    report_out_drop(&o);
    CHECK(access(to, F_OK) != 0);
    CHECK(report_out_begin(a, &o, to));
    report_out_put(a, &o, S("whole"));
    CHECK(report_out_end(a, &o));
    CHECK_STR(test_file(a, to), "whole");
    CHECK(!report_out_begin(a, &o, to));
    CHECK(!report_out_begin(a, &o, "/nowhere/at/all/x.csv"));
    remove_folder(dir);
}

static void data_is_read_strictly(void)
{
    struct report_data d;
    struct str why = {0}, care = test_file(a, care_path), half = test_file(a, half_path);
    CHECK(report_data_take(a, care, half, &d, &why));
    CHECK(d.fields.n > 10 && d.halves.n == 2 && d.registers[REG_HEALTH]);
    CHECK(!report_data_take(a, S("{}"), half, &d, &why) && why.n);
    CHECK(!report_data_take(a, care, S("{\"tables\": [{\"code\": \"x\"}]}"), &d, &why) && why.n);
    CHECK(!report_data_take(a, str_sub(care, 0, care.n / 2), half, &d, &why) && why.n);
    struct str twice = replaced(half, "\"older-person-service\"", "\"child-welfare-done\"");
    CHECK(!report_data_take(a, care, twice, &d, &why) && why.n); /* a rule in two tables */
}

/* ---- half-years ---- */

static const struct stmt seed[] = {
    {"report_test.sum",
     "INSERT INTO figure_sum (measure, cut, team, rule, part, day, n, total) "
     "VALUES ($1, $2, $3, 'child-welfare-start', '', $4, $5, 0)",
     0},
    {"report_test.publication",
     "INSERT INTO publication (id, kind, day, made_at, cells, hidden) "
     "VALUES ($1, 'month', $2, 0, 0, 0)",
     0},
    {"report_test.published",
     "INSERT INTO published (measure, cut, team, rule, part, day, publication, n, total) "
     "VALUES ($1, $2, $3, 'child-welfare-start', '', $4, 1, $5, $6)",
     0},
};

static void put_month(struct db *db, int64_t team, struct date month, int64_t n, bool hidden)
{
    static const int measures[] = {FACT_STARTED, FACT_REALISED};
    for (int i = 0; i < 2; i++) {
        DB_EXEC(db, &seed[0], V_INT(measures[i]), V_INT(CUT_MONTH), V_INT(team), V_INT(month.day),
                V_INT(n));
        DB_EXEC(db, &seed[0], V_INT(measures[i]), V_INT(CUT_DAY), V_INT(team), V_INT(month.day),
                V_INT(n));
        DB_EXEC(db, &seed[2], V_INT(measures[i]), V_INT(CUT_MONTH), V_INT(team), V_INT(month.day),
                hidden ? V_NULL : V_INT(n), hidden ? V_NULL : V_INT(0));
    }
}

/* In one month two people of one team: hidden, and the other team's number with it. */
static void put_months(struct db *db, void *arg)
{
    for (int i = 0; i < 6; i++) {
        struct date month = date_from(2026, 4 + i, 1);
        DB_EXEC(db, &seed[1], V_INT(i + 1), V_INT(date_month_end(month).day));
        int64_t one = i == 2 ? 2 : 10;
        put_month(db, 0, month, 20 + one, false);
        put_month(db, ADVICE, month, 20, i == 2);
        put_month(db, DENTAL, month, one, i == 2);
    }
}

#ifdef ASIALLA_FAULTS
static void try_to_make(void *nothing)
{
    half_year_make(store, now);
}
#endif

static void a_half_year_tells_no_hidden_month(void)
{
    struct db *db = store_reader(store);
    const struct half_table *t = &report_data()->halves.p[1];
    CHECK_INT(store_write(store, put_months, NULL), ERR_OK);
    CHECK(half_year_wanted(db));
    int made = 0;
#ifdef ASIALLA_FAULTS
    made += faults_in_turn(FAULT_ALLOC, try_to_make, NULL) > 5; /* the last of them made it */
#endif
    while (made < 100 && half_year_make(store, now))
        made++;
    CHECK_INT(made,
              1); /* the table of older people began in January: three months of it are there */
    CHECK(!half_year_wanted(db));
    CHECK_INT(half_year_list(a, db, &report_data()->halves.p[0]).n, 0);
    struct half_rows rows = half_year_read(a, db, t, date_from(2026, 4, 1));
    CHECK_INT(rows.n, 3);
    for (size_t i = 0; i < rows.n; i++) { /* the county's are told; a team's would tell June's */
        CHECK_INT(rows.p[i].n[0], rows.p[i].team == 0 ? 172 : -1);
        CHECK_INT(rows.p[i].n[1], rows.p[i].team == 0 ? 172 : -1);
    }
    CHECK_INT(half_year_list(a, db, t).n, 1);
}

static void on(void)
{
    now = at("2026-11-20T10:00:00Z");
    printf("# %s\n", store_engine(store));
    TEST(the_script_agrees);
    TEST(a_half_year_tells_no_hidden_month);
}

int main(int argc, char **argv)
{
    if (argc < 7 || !county_open(argc, argv, three_teams))
        return 1;
    script = argv[3];
    definitions = argv[4];
    care_path = argv[5];
    half_path = argv[6];
    TEST(rows_are_safe);
    TEST(a_file_is_whole_or_not_there);
    TEST(data_is_read_strictly);
    on();
    county_again(getenv("ASIALLA_PG"), three_teams, on);
    return county_close();
}
