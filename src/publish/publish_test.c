/*
 * publish_test.c: publications of made-up counties with small numbers, attacked with everything
 * that can be read of them: elimination, intervals, exact linear programming over all months, weeks
 * and days at once. Who attacks knows every equation and nothing of how cells were chosen. Then
 * what is frozen, what is told of sums, and what is due when. argv: rules.json reasons.json
 * publish.json. ASIALLA_PG: there, not in a folder.
 */
#include "publish/publish_world.h"

#include "base/test_given.h"
#include "store/folder_test.h"

#include <stdlib.h>

struct arena *a;
const struct law *law;
struct store *store;
static char folder[] = "/tmp/asialla-publish-XXXXXX";

/* ---- tests ---- */

static void none_is_found(void)
{
    struct seeded r = seeded_new(2026);
    world_begin = date_from(2026, 1, 1);
    for (int county = 0; county < 6; county++) {
        world_make(&r, 5, county % 2 ? 6 : 25);
        store_write(store, world_clear, NULL);
        const int on[] = {30, 58, 89, 100, 101, 102, 103, 119}; /* months' ends, days, a Sunday */
        for (size_t i = 0; i < sizeof on / sizeof *on; i++)
            world_publish(on[i]);
        attack_by_time = true;
        struct found f = attack_all();
        printf("# county %d: %zu cells, %d hidden; variables %d, equations %d, parts %d of which "
               "%d by simplex\n",
               county, seen.n, f.hidden, f.variables, f.equations, f.parts, f.tried);
        CHECK(f.solvable);
        CHECK(f.hidden > 0);
        CHECK_INT(f.determined, 0);
        CHECK_INT(f.narrow, 0);
        CHECK_INT(f.simplex, 0);
    }
}

/* The same attack finds what hiding small cells alone leaves. */
static void naive_ones_are_found(void)
{
    struct seeded r = seeded_new(7);
    world_make(&r, 3, 12);
    store_write(store, world_clear, NULL);
    publish_naive = true;
    world_publish(30);
    world_publish(58);
    struct found f = attack_all();
    publish_naive = false;
    printf("# %d hidden, %d determined, %d by simplex, %d by intervals\n", f.hidden, f.determined,
           f.simplex, f.narrow);
    CHECK(f.determined > 10 && f.narrow > 10);
}

/* Corrected between: world_matters are handed over and erased. What each publication gives alone,
 * and what they give together to who takes them for uncorrected, is not the truth of a hidden cell.
 */
static void corrections_give_nothing(void)
{
    struct seeded r = seeded_new(11);
    for (int county = 0; county < 3; county++) {
        world_make(&r, 4, county == 1 ? 25 : 8);
        store_write(store, world_clear, NULL);
        const int on[] = {30, 58, 89, 95};
        for (size_t i = 0; i < sizeof on / sizeof *on; i++) {
            world_publish(on[i]);
            for (int n = 0; n < world_matters / 20; n++) {
                struct made *m = &world_matter[seeded_below(&r, (uint32_t)world_matters)];
                if (seeded_below(&r, 2))
                    m->team = 1 + (int)seeded_below(&r, TEAMS);
                else
                    m->erased = true;
            }
        }
        attack_by_time = false;
        struct found f = attack_all();
        CHECK(f.solvable && f.hidden > 0);
        CHECK_INT(f.determined + f.narrow + f.simplex, 0);
    }
}

/* ---- frozen ---- */

static struct str all_rows(void)
{
    struct buf b = buf_new(a, 64 << 20);
    attack_read();
    for (size_t i = 0; i < seen.n; i++)
        buf_fmt(&b, "%d %d %lld " STR_FMT " " STR_FMT " %d %lld %d\n", seen.p[i].key.measure,
                seen.p[i].key.cut, (long long)seen.p[i].key.team, STR_ARG(seen.p[i].key.rule),
                STR_ARG(seen.p[i].key.part), seen.p[i].key.day, (long long)seen.p[i].n,
                seen.p[i].hidden);
    return buf_get(&b);
}

static void what_was_published_stays(void)
{
    struct seeded r = seeded_new(3);
    world_make(&r, 3, 20);
    store_write(store, world_clear, NULL);
    world_publish(30);
    struct str before = all_rows();
    CHECK(seen.n > 100);
    for (int i = 0; i < world_matters; i += 2)
        world_matter[i].erased = true;
    world_publish(30); /* the same day again: nothing */
    CHECK(str_eq(before, all_rows()));
    world_publish(29); /* nor an earlier one */
    CHECK(str_eq(before, all_rows()));
    int same = 0;
    size_t n = seen.n;
    world_publish(58);
    struct str after = all_rows();
    CHECK(seen.n > n);
    while (before.n) { /* every row of then is still a row of now */
        struct str line = str_cut(&before, '\n');
        same += memmem(after.p, after.n, line.p, line.n) != NULL;
    }
    CHECK_INT(same, n);
}

static void a_publication_is_due_after_midnight(void)
{
    struct db *db = store_reader(store);
    store_write(store, world_clear, NULL);
    struct date day = date_add(world_begin, 30);
    db_begin_read(db);
    CHECK(publish_wanted(db, instant_at(day, 600)));
    db_end_read(db);
    world_publish(30);
    db_begin_read(db);
    CHECK_INT(publish_until(db).day, day.day);
    CHECK_INT(publish_month(db).day, world_begin.day);
    CHECK(!publish_wanted(db, instant_at(date_add(day, 1), 0)));
    CHECK(!publish_wanted(db, instant_at(date_add(day, 1), 1439)));
    CHECK(publish_wanted(db, instant_at(date_add(day, 2), 0)));
    db_end_read(db);
}

static int64_t told(int measure)
{
    const struct figure_ask ask = {.measure = (enum fact_measure)measure,
                                   .cut = CUT_DAY,
                                   .team = 1,
                                   .rule = str_of(world_rules[0]),
                                   .from = world_day,
                                   .to = world_day};
    struct publish_rows rows = publish_read(a, store_reader(store), &ask);
    return rows.n == 1 && !rows.p[0].hidden ? rows.p[0].n : -1;
}

/* At the end of a day, whose last day it was is not over yet, and will be the next morning: nobody
 * is in neither. */
static void whose_last_day_it_was_is_soon_over(void)
{
    enum { TODAY = 30, OF_EACH = 10 };
    static const int due[] = {TODAY - 1, TODAY, TODAY, TODAY + 6, TODAY + 7};
    enum { DUES = sizeof due / sizeof *due };
    store_write(store, world_clear, NULL);
    for (world_matters = 0; world_matters < DUES * OF_EACH; world_matters++)
        world_matter[world_matters] =
            (struct made){.team = 1,
                          .due = due[world_matters % DUES],
                          .start = due[world_matters % DUES] - world_limits[0]};
    world_publish(TODAY);
    CHECK_INT(told(PUBLISH_WAITING), 5 * OF_EACH);
    CHECK_INT(told(PUBLISH_WAITING_OVER), OF_EACH);
    CHECK_INT(told(PUBLISH_SOON7), 3 * OF_EACH);
    CHECK_INT(told(PUBLISH_SOON14), 4 * OF_EACH);
}

static struct publish_rows read_rule(int measure, enum figure_cut cut, struct str rule, bool ends)
{
    struct figure_ask ask = {.measure = (enum fact_measure)measure,
                             .cut = cut,
                             .any_rule = !rule.n,
                             .rule = rule,
                             .from = world_begin,
                             .to = date_add(world_begin, 95),
                             .month_ends = ends};
    return publish_read(a, store_reader(store), &ask);
}

/* Ends of months, and one rule's months, are read one by one: they are the same as of the whole
 * span, of which the nights between and the other world_rules are left out. */
static void single_days_are_as_the_span(void)
{
    static const int nights[] = {30, 41, 58, 70, 89, 95};
    struct seeded r = seeded_new(9);
    world_make(&r, 4, 30);
    store_write(store, world_clear, NULL);
    for (size_t i = 0; i < sizeof nights / sizeof *nights; i++)
        world_publish(nights[i]);
    size_t compared = 0, left_out = 0;
    for (int of = 0; of < 4; of++) {
        bool ends = of < 2;
        int measure = ends ? PUBLISH_WAITING + of : of == 2 ? FACT_REALISED : PUBLISH_WITHIN;
        enum figure_cut cut = ends ? CUT_DAY : CUT_MONTH;
        struct publish_rows all = read_rule(measure, cut, S(""), false);
        struct publish_rows one = read_rule(measure, cut, str_of(world_rules[0]), ends);
        size_t at = 0;
        for (size_t i = 0; i < all.n; i++) {
            const struct publish_row *row = &all.p[i];
            struct date next = date_add(row->day, 1);
            bool end = date_month(next).day == next.day || row->day.day == world_begin.day + 95;
            if (!str_eq(row->rule, str_of(world_rules[0])) || (ends && !end)) {
                left_out++;
                continue;
            }
            CHECK(at < one.n && one.p[at].day.day == row->day.day && one.p[at].n == row->n &&
                  one.p[at].hidden == row->hidden && str_eq(one.p[at].part, row->part));
            at++;
        }
        CHECK_INT(at, one.n);
        compared += at;
        struct publish_rows rules_all = read_rule(measure, cut, S(""), ends);
        CHECK(rules_all.n >= one.n && (!ends || rules_all.n < all.n));
    }
    CHECK(compared > 10 && left_out > 10);
}

/* Hidden cells have no number in the store, and small ones are hidden. */
static void no_small_number_is_stored(void)
{
    struct seeded r = seeded_new(5);
    world_make(&r, 3, 10);
    store_write(store, world_clear, NULL);
    world_publish(30);
    world_publish(58);
    attack_read();
    int small = 0, hidden = 0;
    for (size_t i = 0; i < seen.n; i++) {
        small += !seen.p[i].hidden && seen.p[i].n > 0 && seen.p[i].n < publish_few() &&
                 seen.p[i].key.measure != PUBLISH_T3;
        hidden += seen.p[i].hidden;
        bool stock =
            seen.p[i].key.measure >= PUBLISH_WAITING && seen.p[i].key.measure <= PUBLISH_SOON30;
        CHECK(!stock || seen.p[i].key.rule.n); /* no sum of world_rules */
        CHECK(!seen.p[i].hidden || seen.p[i].n == 0);
    }
    CHECK_INT(small, 0);
    CHECK(hidden > 10);
}

int main(int argc, char **argv)
{
    struct str why = {0};
    a = arena_new(4u << 30);
    law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    if (argc < 4 || !law || !mkdtemp(folder))
        return 1;
    store = store_open(
        a, &(struct store_conf){.folder = folder, .create = true, .url = getenv("ASIALLA_PG")},
        &why);
    if (!store)
        return 1;
    store_write(store, world_teams, NULL);
    TEST(none_is_found);
    TEST(naive_ones_are_found);
    TEST(corrections_give_nothing);
    TEST(what_was_published_stays);
    TEST(a_publication_is_due_after_midnight);
    TEST(no_small_number_is_stored);
    TEST(whose_last_day_it_was_is_soon_over);
    TEST(single_days_are_as_the_span);
    store_close(store);
    folder_remove(folder);
    arena_free(a);
    return test_end();
}
