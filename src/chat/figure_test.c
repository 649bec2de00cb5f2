/*
 * figure_test.c: figures are what counting by hand gives, over random conversations on a real store
 * (SQLite, and again on PostgreSQL where ASIALLA_PG names an empty database); medians and 9 of 10
 * by lists whose answers are known. argv: rules.json reasons.json.
 */
#include "base/guard.h"
#include "base/json.h"
#include "base/rand.h"
#include "base/test_given.h"
#include "chat/figure.h"
#include "store/folder_test.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum { TALKS = 120, CHANNELS = 2, DAYS = 3 };

static struct arena *a;
static const struct law *law;
static struct store *store;
static struct date first_day;

/* What the test itself counts while it plays, by channel and hour. */
static struct tally {
    int64_t tries, by[FIGURE_HOWS], messages, good, judged;
} hand[CHANNELS][24];
static struct figure_numbers waits, lengths;

/* ---- lists whose answers are known ---- */

static int64_t percentile(int percent, const int64_t *list, size_t n)
{
    struct figure_numbers v = {0};
    for (size_t i = 0; i < n; i++)
        VEC_PUSH(a, &v, list[i]);
    return figure_percentile(&v, percent);
}

static void percentiles(void)
{
    const int64_t ten[] = {10, 3, 7, 1, 9, 2, 8, 4, 6, 5}, one[] = {42};
    CHECK_INT(percentile(50, ten, 10), 5);
    CHECK_INT(percentile(90, ten, 10), 9);
    CHECK_INT(percentile(100, ten, 10), 10);
    CHECK_INT(percentile(90, ten, 9), 10);
    CHECK_INT(percentile(50, one, 1), 42);
    CHECK_INT(percentile(90, one, 1), 42);
    CHECK_INT(percentile(50, NULL, 0), -1);
}

/* ---- random conversations ---- */

static const char CHANNEL[] =
    "{\"ref\":\"%s\",\"team\":\"nurses\",\"name\":{\"fi\":\"x\",\"sv\":\"x\",\"en\":\"x\"},"
    "\"lead\":{\"fi\":\"x\",\"sv\":\"x\",\"en\":\"x\"},\"closed\":{\"fi\":\"x\",\"sv\":\"x\","
    "\"en\":\"x\"},\"form\":\"health\",\"reason\":\"health-new-problem\",\"phone\":\"\","
    "\"languages\":[\"fi\"],\"hours\":\"Mo-Su,PH 00:00-24:00\",\"waitMinutes\":15,\"atOnce\":9,"
    "\"queueMost\":500}";

static struct chat_channels channels;
static struct seeded draw;
static int nth;

static void act(struct db *db, struct chat *c, struct chat_act what)
{
    what.once = str_fmt(a, "the form's value %d", ++nth);
    enum chat_refusal no =
        what.kind == CHAT_ENDED ? chat_end(a, db, law, c, &what) : chat_do(a, db, c, &what);
    if (no != CHAT_REFUSED_FINE)
        guard_fail(ERR_INTERNAL, "%s: %s", chat_kind_code(what.kind), chat_refusal_words(no));
}

static struct instant later(struct instant t, uint32_t most)
{
    return (struct instant){t.ms + 1000 * (int64_t)(1 + seeded_below(&draw, most))};
}

static void play_answered(struct db *db, struct chat *c, struct instant at, struct tally *t)
{
    struct instant began = c->started, taken = at;
    act(db, c, (struct chat_act){.kind = CHAT_TAKEN, .staff = 1, .at = at});
    for (uint32_t n = seeded_below(&draw, 6); n > 0; n--) {
        at = later(at, 90);
        act(db, c,
            (struct chat_act){.kind = CHAT_SAID, .staff = n % 2, .at = at, .text = S("something")});
        t->messages++;
    }
    if (seeded_below(&draw, 4) == 0) { /* handed over and taken: still one try, where it began */
        act(db, c,
            (struct chat_act){.kind = CHAT_HANDED,
                              .staff = 1,
                              .at = at,
                              .channel = channels.p[c->channel == channels.p[0].id].id});
        act(db, c, (struct chat_act){.kind = CHAT_TAKEN, .staff = 2, .at = later(at, 60)});
    }
    at = later(at, 200);
    act(db, c,
        (struct chat_act){.kind = CHAT_ENDED, .staff = c->staff, .at = at, .how = S("solved")});
    int good = (int)seeded_below(&draw, 6);
    if (good)
        act(db, c, (struct chat_act){.kind = CHAT_JUDGED, .at = at, .good = good});
    t->by[FIGURE_ANSWERED]++;
    t->good += good;
    t->judged += good > 0;
    VEC_PUSH(a, &waits, (taken.ms - began.ms) / 1000);
    VEC_PUSH(a, &lengths, (at.ms - taken.ms) / 1000);
}

static void play_one(struct db *db)
{
    int channel = (int)seeded_below(&draw, CHANNELS), minute = (int)seeded_below(&draw, 1300);
    struct date day = date_add(first_day, (int)seeded_below(&draw, DAYS));
    struct instant at = instant_at(day, minute);
    struct tally *t = &hand[channel][minute / 60];
    const struct chat_channel *c = &channels.p[channel];
    struct chat talk;
    t->tries++;
    uint32_t what = seeded_below(&draw, 6);
    if (what == 0) {
        bool full = seeded_below(&draw, 2);
        chat_turned_away(db, c, full ? CHAT_REFUSED_FULL : CHAT_REFUSED_CLOSED, at);
        t->by[full ? FIGURE_FULL : FIGURE_CLOSED]++;
        return;
    }
    const struct chat_act first = {.kind = CHAT_STARTED,
                                   .at = at,
                                   .once = str_fmt(a, "conversation number %d", ++nth),
                                   .text = S("hello")};
    CHECK_INT(chat_start(a, db, law, c, LANG_FI, &first, &talk), CHAT_REFUSED_FINE);
    t->messages++;
    if (what == 1) {
        act(db, &talk, (struct chat_act){.kind = CHAT_LEFT, .at = later(at, 300)});
        t->by[FIGURE_LEFT]++;
    } else {
        play_answered(db, &talk, later(at, 600), t);
    }
}

static void play(struct db *db, void *arg)
{
    static const struct stmt people[] = {
        {"test.team",
         "INSERT INTO team (id, ref, register, name_fi, name_sv, name_en, phone, hours) VALUES "
         "(1, 'nurses', 'health', 'x', 'x', 'x', '', '')",
         0},
        {"test.staff",
         "INSERT INTO staff (id, login, name, profession, roles) VALUES "
         "(1, 'mari', 'Mari', 'nurse', 1), (2, 'olli', 'Olli', 'nurse', 1)",
         0}};
    struct json_error je;
    struct str why = {NULL, 0}, one = str_fmt(a, CHANNEL, "one"), two = str_fmt(a, CHANNEL, "two");
    (void)arg;
    draw = seeded_new(7);
    nth = 0;
    memset(hand, 0, sizeof hand);
    waits.n = lengths.n = 0;
    db_exec(db, &people[0], NULL, 0);
    db_exec(db, &people[1], NULL, 0);
    struct str text =
        str_fmt(a, "{\"channels\":[" STR_FMT "," STR_FMT "]}", STR_ARG(one), STR_ARG(two));
    if (!chat_channels_store(a, db, law, json_parse(a, text, &je), &why))
        guard_fail(ERR_INTERNAL, STR_FMT, STR_ARG(why));
    channels = chat_channels(a, db);
    for (int i = 0; i < TALKS; i++)
        play_one(db);
}

/* ---- and what the figures say of them ---- */

static void check_sum(const struct figure_sum *s, const struct tally *t)
{
    CHECK_INT(s->tries, t->tries);
    for (int i = 0; i < FIGURE_HOWS; i++)
        CHECK_INT(s->by[i], t->by[i]);
    CHECK_INT(s->messages, t->messages);
    CHECK_INT(s->good, t->good);
    CHECK_INT(s->judged, t->judged);
}

static void add(struct tally *to, const struct tally *t)
{
    to->tries += t->tries;
    for (int i = 0; i < FIGURE_HOWS; i++)
        to->by[i] += t->by[i];
    to->messages += t->messages;
    to->good += t->good;
    to->judged += t->judged;
}

static void figures_are_the_hand_count(void)
{
    CHECK_INT(store_write(store, play, NULL), ERR_OK);
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct figure_rows rows =
        figure_rows_load(a, db, &channels, 1, first_day, date_add(first_day, DAYS));
    CHECK_INT(rows.n, TALKS);
    struct tally all = {0};
    for (int c = 0; c < CHANNELS; c++) {
        struct tally channel = {0};
        for (int hour = 0; hour < 24; hour++) {
            struct figure_sum cell = figure_sum(a, &rows, channels.p[c].id, hour);
            check_sum(&cell, &hand[c][hour]);
            add(&channel, &hand[c][hour]);
        }
        struct figure_sum sum = figure_sum(a, &rows, channels.p[c].id, -1);
        check_sum(&sum, &channel);
        add(&all, &channel);
    }
    struct figure_sum sum = figure_sum(a, &rows, 0, -1);
    check_sum(&sum, &all);
    CHECK_INT(sum.waits.n, waits.n);
    CHECK_INT(figure_percentile(&sum.waits, 50), figure_percentile(&waits, 50));
    CHECK_INT(figure_percentile(&sum.waits, 90), figure_percentile(&waits, 90));
    CHECK_INT(figure_percentile(&sum.lengths, 50), figure_percentile(&lengths, 50));
    db_end_read(db);
}

static void only_the_days_and_the_team_asked_for(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    int64_t n = 0;
    for (int i = 0; i < DAYS; i++) {
        struct date day = date_add(first_day, i);
        n += (int64_t)figure_rows_load(a, db, &channels, 1, day, date_add(day, 1)).n;
    }
    CHECK_INT(n, TALKS);
    CHECK_INT(figure_rows_load(a, db, &channels, 1, date_add(first_day, DAYS),
                               date_add(first_day, DAYS + 9))
                  .n,
              0);
    CHECK_INT(figure_rows_load(a, db, &channels, 2, first_day, date_add(first_day, DAYS)).n, 0);
    db_end_read(db);
}

static bool open_store(const char *folder, const char *url)
{
    struct str why = {NULL, 0};
    struct store_conf conf = {.folder = folder, .url = url, .create = true};
    store = store_open(a, &conf, &why);
    if (!store)
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
    return store != NULL;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/asialla-figure-XXXXXX";
    const char *pg = getenv("ASIALLA_PG");
    struct str why = {NULL, 0};
    if (sodium_init() < 0 || argc < 3 || !mkdtemp(folder))
        return 1;
    a = arena_new((size_t)512 << 20);
    first_day = date_from(2026, 10, 24); /* summer time ends on the next day */
    law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    if (!law)
        return printf("Bail out! " STR_FMT "\n", STR_ARG(why)), 1;
    TEST(percentiles);
    for (int on_pg = 0; on_pg < (pg && *pg ? 2 : 1); on_pg++) {
        if (!open_store(folder, on_pg ? pg : NULL))
            return 1;
        TEST(figures_are_the_hand_count);
        TEST(only_the_days_and_the_team_asked_for);
        store_close(store);
    }
    folder_remove(folder);
    arena_free(a);
    return test_end();
}
