/*
 * gaps_test.c: what is counted, of whom, and what of it is on disk. On SQLite, and again on
 * PostgreSQL where ASIALLA_PG names an empty database.
 */
#include "gaps/gaps_words.h"

#include "base/guard.h"
#include "base/test_given.h"
#include "store/folder_test.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static struct store *store;
static struct gaps *g;
static char folder[64];
static const unsigned char key[32] = "0123456789abcdef0123456789abcde";
static const struct instant monday = {(int64_t)20784 * 24 * HOUR_MS};

static struct instant later(int days)
{
    return (struct instant){monday.ms + days * (int64_t)24 * HOUR_MS};
}

static struct str person(int n)
{
    return str_fmt(a, "192.0.%d.%d", n / 250, n % 250 + 1);
}

static void asks(int who, const char *query, bool found, struct instant now)
{
    gaps_asked(g, person(who), LANG_FI, str_of(query), found, now);
}

static void flush_twice(struct db *db, void *arg)
{
    gaps_flush(g, db);
}

static void write_down(void)
{
    CHECK(gaps_wanted(g));
    CHECK_INT(store_write(store, flush_twice, NULL), ERR_OK);
    gaps_kept(g);
    CHECK(!gaps_wanted(g));
}

static struct gap_list list(enum gap_kind kind)
{
    return gaps_load(a, store_reader(store), kind, 100);
}

static int64_t rare(enum gap_kind kind)
{
    return gaps_rare(store_reader(store), kind);
}

/* ---- what is counted ---- */

static bool counted(const char *query, const char *as)
{
    struct gap_query q;
    if (!gap_query_of(str_of(query), key, &q))
        return as == NULL;
    return as && str_eq((struct str){q.words, q.words_n}, str_of(as));
}

static void queries_are_folded(void)
{
    CHECK(counted("  Hammas   SÄRKEE!! ", "hammas särkee"));
    CHECK(counted("sosiaali- ja terveys", "sosiaali- ja terveys"));
    CHECK(counted("\"tandvård\",ÅBO", "tandvård åbo"));
    CHECK(counted("ШКОЛА", "школа"));
    CHECK(counted("yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan",
                  "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan"));
}

static void what_could_tell_somebody_is_not_counted(void)
{
    static const char *const none[] = {
        "131052-308T",
        "soita 0401234567",
        "matti@example.com",
        "matti@",
        "koti ４５",
        "١٢٣ koti",
        "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän",
        "äitini on ollut jo kolme viikkoa todella huonossa kunnossa eikä",
        "",
        "   ",
        "a",
        "!?",
        "ab\xFF",
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK(counted(none[i], NULL));
}

static void long_ones_fit(void)
{
    struct buf b = buf_new(a, 0);
    for (int i = 0; i < GAP_CHARS; i++)
        buf_utf8(&b, 0x1F600);
    CHECK(counted(str_z(a, buf_get(&b)), str_z(a, buf_get(&b))));
    buf_utf8(&b, 0x1F600);
    CHECK(counted(str_z(a, buf_get(&b)), NULL));
}

/* ---- people ---- */

static void one_person_counts_once_a_day(void)
{
    for (int i = 0; i < 9; i++)
        asks(1, i % 2 ? "Kelakorvaus" : "kelakorvaus ", false, monday);
    gaps_asked(g, S("20010db800000"), LANG_FI, S("kelakorvaus"), false, monday);
    gaps_asked(g, S("20010db800000"), LANG_FI, S("kelakorvaus"), false, monday);
    write_down();
    CHECK_INT(list(GAP_EMPTY).n, 0);
    CHECK_INT(rare(GAP_EMPTY), 1);
    asks(2, "kelakorvaus", false, monday);
    asks(3, "kelakorvaus", false, monday);
    write_down();
    CHECK_INT(list(GAP_EMPTY).n, 0); /* two networks and two more: four */
    asks(4, "kelakorvaus", false, monday);
    write_down();
    struct gap_list l = list(GAP_EMPTY);
    CHECK(l.n == 1 && rare(GAP_EMPTY) == 0);
    if (l.n != 1)
        return;
    CHECK_STR(l.p[0].words, "kelakorvaus");
    CHECK_INT(l.p[0].asked, 5);
    CHECK_INT(l.p[0].empty, 5);
    CHECK_INT(l.p[0].last.day, date_of(monday).day);
    CHECK(l.p[0].lang == LANG_FI && l.p[0].hash.n == 16 && !l.p[0].done);
}

static void nobody_alone_can_ask_much(void)
{
    char word[] = "zaaa";
    for (int i = 0; i < 200; i++) {
        word[2] = (char)('a' + i / 26);
        word[3] = (char)('a' + i % 26);
        asks(99, word, false, later(1));
    }
    int64_t before = rare(GAP_EMPTY);
    write_down();
    CHECK_INT(rare(GAP_EMPTY) - before, 40);
}

/* ---- found, and not opened ---- */

static void opened_by_somebody_is_no_gap(void)
{
    for (int i = 0; i < 6; i++) {
        asks(i, "lapsen kasvatus", true, later(2));
        asks(i, "vanhus", true, later(2));
    }
    gaps_opened(g, person(3), LANG_FI, S("vanhus"), later(2));
    gaps_opened(g, person(4), LANG_FI, S("nobody asked this"), later(2));
    write_down();
    struct gap_list l = list(GAP_UNOPENED);
    CHECK(l.n == 1 && str_eq(l.p[0].words, S("lapsen kasvatus")));
    CHECK_INT(rare(GAP_UNOPENED), 0);
    gaps_opened(g, person(4), LANG_FI, S("Lapsen kasvatus"), later(3));
    write_down();
    CHECK_INT(list(GAP_UNOPENED).n, 0);
}

static struct gap dealt_with;

static void deal(struct db *db, void *arg)
{
    gaps_done(db, dealt_with.hash, dealt_with.lang);
}

static void what_is_done_comes_back_when_five_more_ask(void)
{
    struct gap_list l = list(GAP_EMPTY);
    CHECK_INT(l.n, 1);
    dealt_with = l.p[0];
    CHECK_INT(store_write(store, deal, NULL), ERR_OK);
    CHECK_INT(list(GAP_EMPTY).n, 0);
    for (int i = 0; i < 4; i++)
        asks(i, "kelakorvaus", false, later(4));
    write_down();
    CHECK_INT(list(GAP_EMPTY).n, 0);
    asks(4, "kelakorvaus", false, later(4));
    write_down();
    CHECK_INT(list(GAP_EMPTY).n, 1);
}

/* ---- what is on disk ---- */

static bool file_has(const char *name, struct str words)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct str text = test_file(a, path);
    return text.n && memmem(text.p, text.n, words.p, words.n) != NULL;
}

static bool on_disk(const char *words)
{
    return file_has("asialla.db", str_of(words)) || file_has("asialla.db-wal", str_of(words));
}

static void words_of_few_are_not_on_disk(void)
{
    if (store_shared(store))
        return; /* a database's files are its own */
    for (int i = 0; i < 4; i++)
        asks(i, "salainen suru", false, later(5));
    write_down();
    CHECK(!on_disk("salainen suru") && !on_disk("salainen"));
    CHECK(on_disk("kelakorvaus")); /* the way of looking finds what is there */
    asks(7, "salainen suru", false, later(5));
    write_down();
    CHECK(on_disk("salainen suru"));
    CHECK(!on_disk("192.0.0.")); /* nobody's address */
}

/* ---- bounds ---- */

static void too_many_new_ones_in_a_day_are_not_kept(void)
{
    int64_t before = rare(GAP_EMPTY);
    char word[] = "qaaaa";
    for (int i = 0; i < GAP_NEW_A_DAY + 500; i++) {
        word[2] = (char)('a' + i / 676);
        word[3] = (char)('a' + i / 26 % 26);
        word[4] = (char)('a' + i % 26);
        asks(i, word, false, later(6));
        if (i % 500 == 499)
            write_down();
    }
    CHECK_INT(rare(GAP_EMPTY) - before, GAP_NEW_A_DAY);
}

static void a_batch_is_bounded(void)
{
    char word[] = "waaa";
    for (int i = 0; i < GAP_BATCH * 2; i++) {
        word[2] = (char)('a' + i / 26 % 26);
        word[3] = (char)('a' + i % 26);
        word[1] = (char)('a' + i / 676);
        asks(i, word, false, later(7));
    }
    int64_t before = rare(GAP_EMPTY);
    write_down();
    CHECK_INT(rare(GAP_EMPTY) - before, GAP_BATCH);
}

static void sweep_at(struct db *db, void *day)
{
    gaps_sweep(db, *(struct date *)day);
}

static void what_few_ask_goes_after_a_while(void)
{
    struct date day = date_add(date_of(later(7)), 90);
    CHECK(rare(GAP_EMPTY) > 2000);
    CHECK_INT(store_write(store, sweep_at, &day), ERR_OK);
    CHECK_INT(rare(GAP_EMPTY), GAP_BATCH); /* of the last day */
    day = date_add(day, 1);
    CHECK_INT(store_write(store, sweep_at, &day), ERR_OK);
    CHECK_INT(rare(GAP_EMPTY), 0);
    CHECK(list(GAP_EMPTY).n > 0);
    day = date_add(day, 366);
    CHECK_INT(store_write(store, sweep_at, &day), ERR_OK);
    CHECK_INT(list(GAP_EMPTY).n, 0);
}

/* ---- a commit that fails, and one that is run again ---- */

static void fails(struct db *db, void *arg)
{
    gaps_flush(g, db);
    guard_fail(ERR_STORE, "as the test wants it");
}

static void twice(struct db *db, void *arg)
{
    static const struct stmt undo = {"test.undo", "DELETE FROM search_gap WHERE last >= 0", 0};
    gaps_flush(g, db);
    db_exec(db, &undo, NULL, 0); /* as if it had been rolled back */
    gaps_flush(g, db);
}

static void nothing_is_lost_or_doubled(void)
{
    for (int i = 0; i < 5; i++)
        asks(i, "tulkki", false, later(500));
    CHECK(store_write(store, fails, NULL) != ERR_OK);
    asks(5, "tulkki", false, later(500));
    CHECK(gaps_wanted(g));
    CHECK_INT(store_write(store, twice, NULL), ERR_OK);
    gaps_kept(g);
    CHECK_INT(list(GAP_EMPTY).n, 1);
    CHECK_INT(list(GAP_EMPTY).p[0].asked, 5);
    write_down(); /* the sixth, who came between */
    CHECK_INT(list(GAP_EMPTY).p[0].asked, 6);
    CHECK(!gaps_wanted(g));
    gaps_asked(NULL, person(1), LANG_FI, S("tulkki"), false, monday);
}

/* ---- the whole ---- */

static void on(const char *url)
{
    struct str why = {0};
    snprintf(folder, sizeof folder, "/tmp/gaps-test-XXXXXX");
    struct store_conf conf = {.folder = mkdtemp(folder), .url = url, .create = true};
    store = conf.folder ? store_open(a, &conf, &why) : NULL;
    if (!store) {
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
        exit(1);
    }
    printf("# %s\n", store_engine(store));
    g = gaps_new(a, key);
    TEST(one_person_counts_once_a_day);
    TEST(nobody_alone_can_ask_much);
    TEST(opened_by_somebody_is_no_gap);
    TEST(what_is_done_comes_back_when_five_more_ask);
    TEST(words_of_few_are_not_on_disk);
    TEST(too_many_new_ones_in_a_day_are_not_kept);
    TEST(a_batch_is_bounded);
    TEST(what_few_ask_goes_after_a_while);
    TEST(nothing_is_lost_or_doubled);
    store_close(store);
    folder_remove(folder);
}

int main(void)
{
    if (sodium_init() < 0)
        return 70;
    a = arena_new((size_t)512 << 20);
    TEST(queries_are_folded);
    TEST(what_could_tell_somebody_is_not_counted);
    TEST(long_ones_fit);
    on(NULL);
    if (getenv("ASIALLA_PG"))
        on(getenv("ASIALLA_PG"));
    arena_free(a);
    return test_end();
}
