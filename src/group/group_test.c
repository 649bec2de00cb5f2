/*
 * group_test.c: who may sign up and gets what; sessions over both switches of daylight saving;
 * settings; places, the waiting list and offers; many at once; a session that is cancelled;
 * attendance and what is erased. The store's part on SQLite, and again on PostgreSQL where
 * ASIALLA_PG names an empty database. argv: group.json, teams.json, county/groups.json.
 */
#include "group/group_room.h"

#include "base/guard.h"
#include "base/rand.h"
#include "base/test_given.h"
#include "store/folder_test.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static struct store *store;
static struct str data_json, teams_json, groups_json;
static struct instant now;

static struct instant after(int hours)
{
    return (struct instant){now.ms + (int64_t)hours * HOUR_MS};
}

static const struct jv *parsed(struct str text)
{
    struct json_error e;
    return json_parse(a, text, &e);
}

/* ---- rules ---- */

static void the_data_is_read_and_mistakes_are_named(void)
{
    struct group_data d;
    struct str why = {NULL, 0};
    CHECK(group_data_read(a, data_json, &d, &why));
    CHECK(d.keep_days > 0 && d.remind_hours > 0 && d.audiences.n > 2);
    CHECK(!group_data_read(a, S("{\"keep\":{\"days\":0}}"), &d, &why));
    CHECK_STR(why, "group.json: keep.days: a number from 1 to 1000 is needed");
    CHECK(!group_data_read(a, S("[}"), &d, &why));
}

static void codes_are_read_back(void)
{
    for (int i = 0; i < GROUP_STATES; i++) {
        enum group_state s;
        CHECK(group_state_from(str_of(group_state_code((enum group_state)i)), &s) && (int)s == i);
    }
    for (int i = 0; i < SIGN_STATES; i++) {
        enum group_sign s;
        CHECK(group_sign_from(str_of(group_sign_code((enum group_sign)i)), &s) && (int)s == i);
    }
    enum group_names n;
    CHECK(group_names_from(S("must"), &n) && n == GROUP_NAMES_MUST);
    CHECK(!group_names_from(S("never"), &n));
}

static struct group small_group(void)
{
    return (struct group){.id = 1,
                          .state = GROUP_OPEN,
                          .names = GROUP_NAMES_MUST,
                          .places = 2,
                          .waiting_most = 1,
                          .whole = true,
                          .offer_hours = 24};
}

static void who_may_sign_up_and_gets_what(void)
{
    struct group_session one = {.id = 7, .group = 1, .start = after(48), .end = after(50)};
    struct group_sessions list = {&one, 1, 1};
    const struct {
        int place, offered, waiting;
        bool way;
        enum group_refusal no;
        enum group_sign state;
    } cases[] = {
        {0, 0, 0, false, GROUP_NO_FINE, SIGN_PLACE},
        {1, 0, 0, false, GROUP_NO_FINE, SIGN_PLACE},
        {2, 0, 0, true, GROUP_NO_FINE, SIGN_WAITING},
        {1, 1, 0, true, GROUP_NO_FINE, SIGN_WAITING}, /* who is offered one may still say yes */
        {1, 0, 1, true, GROUP_NO_FULL, SIGN_GONE},    /* and who waits has the free one */
        {2, 0, 0, false, GROUP_NO_NO_WAY, SIGN_GONE},
        {2, 0, 1, true, GROUP_NO_FULL, SIGN_GONE},
    };
    struct group g = small_group();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct group_counts n = {{cases[i].place, cases[i].waiting, cases[i].offered, 9}};
        struct group_signing s = {.name = S("Maija"), .at = now};
        enum group_sign got = SIGN_GONE;
        if (cases[i].way)
            s.phone = S("040 123 4567");
        CHECK_INT(group_may_sign(&g, &list, &n, &s, &got), cases[i].no);
        CHECK_INT(got, cases[i].state);
    }
}

static enum group_refusal tries(struct group g, struct group_signing s)
{
    static struct group_session sessions[2];
    struct group_counts none = {{0}};
    enum group_sign state;
    sessions[0] = (struct group_session){.id = 7, .start = after(48), .end = after(50)};
    sessions[1] =
        (struct group_session){.id = 8, .start = after(72), .end = after(74), .cancelled = true};
    struct group_sessions list = {sessions, 2, 2};
    if (!s.at.ms)
        s.at = now;
    return group_may_sign(&g, &list, &none, &s, &state);
}

static void what_is_refused(void)
{
    struct group g = small_group();
    CHECK_INT(tries(g, (struct group_signing){.name = S(" ")}), GROUP_NO_NO_NAME);
    CHECK_INT(tries(g, (struct group_signing){.name = S("131052-308T")}), GROUP_NO_IDENTITY);
    CHECK_INT(tries(g, (struct group_signing){.name = S("A"), .phone = S("call me")}),
              GROUP_NO_BAD_PHONE);
    CHECK_INT(tries(g, (struct group_signing){.name = S("A"), .email = S("a@b")}),
              GROUP_NO_BAD_EMAIL);
    CHECK_INT(tries(g, (struct group_signing){.name = S("A"), .email = S("a@b.fi")}),
              GROUP_NO_FINE);
    CHECK_INT(tries(g, (struct group_signing){.name = S("A"), .at = after(48)}), GROUP_NO_OVER);
    CHECK_INT(tries(g, (struct group_signing){.name = S("A"), .session = 7}), GROUP_NO_OVER);
    g.opens = after(1);
    CHECK_INT(tries(g, (struct group_signing){.name = S("A")}), GROUP_NO_NOT_YET);
    g.opens.ms = 0;
    g.closes = after(-1);
    CHECK_INT(tries(g, (struct group_signing){.name = S("A")}), GROUP_NO_OVER);
    g.closes.ms = 0;
    g.state = GROUP_SHUT;
    CHECK_INT(tries(g, (struct group_signing){.name = S("A")}), GROUP_NO_NOT_OPEN);
    g = small_group();
    g.whole = false;
    g.names = GROUP_NAMES_NONE;
    CHECK_INT(tries(g, (struct group_signing){.session = 7}), GROUP_NO_FINE);
    CHECK_INT(tries(g, (struct group_signing){.session = 8}), GROUP_NO_CANCELLED);
    CHECK_INT(tries(g, (struct group_signing){.session = 0}), GROUP_NO_OVER);
    CHECK_INT(tries(g, (struct group_signing){.session = 99}), GROUP_NO_OVER);
}

static void weekly_sessions_keep_the_wall_clock(void)
{
    const struct {
        struct date first;
        int64_t utc_before, utc_after; /* hours of 13:00 there */
    } switches[] = {
        {date_from(2026, 10, 20), 10, 11},
        {date_from(2027, 3, 23), 11, 10},
    };
    for (size_t i = 0; i < 2; i++) {
        struct group_weekly w = {switches[i].first, 13 * 60, 90, 3, 1, 0};
        for (int k = 0; k < 3; k++) {
            struct instant t = group_weekly_start(&w, k);
            CHECK_INT(minute_of(t), 13 * 60);
            CHECK_INT(date_of(t).day, w.first.day + 7 * k);
            CHECK_INT(t.ms / HOUR_MS % 24, k ? switches[i].utc_after : switches[i].utc_before);
        }
    }
    struct group_weekly bad = {date_from(2026, 10, 20), 24 * 60, 90, 3, 1, 0};
    CHECK(group_weekly_wrong(&bad));
}

static void an_offer_that_nobody_answers_comes_back_once(void)
{
    CHECK_INT(group_after_silence(&(struct group_signup){.offers = 1}), SIGN_WAITING);
    CHECK_INT(group_after_silence(&(struct group_signup){.offers = 2}), SIGN_GONE);
}

/* ---- in a store ---- */

static struct str why_not;
static bool taken;

static void make_county(struct db *db, void *arg)
{
    why_not = (struct str){NULL, 0};
    taken = team_settings_store(a, db, parsed(teams_json), &why_not) &&
            group_settings_store(a, db, parsed(groups_json), now, &why_not);
    if (!taken)
        guard_fail(ERR_BAD_INPUT, "refused: " STR_FMT, STR_ARG(why_not));
}

static void take(struct db *db, void *text)
{
    why_not = (struct str){NULL, 0};
    taken = group_settings_store(a, db, parsed(*(struct str *)text), now, &why_not);
    if (!taken)
        guard_fail(ERR_BAD_INPUT, "refused");
}

/* The file with its first `was` replaced. */
static struct str with(const char *was, const char *is)
{
    const char *at = memmem(groups_json.p, groups_json.n, was, strlen(was));
    size_t before = at ? (size_t)(at - groups_json.p) : 0;
    struct buf b = buf_new(a, 0);
    CHECK(at != NULL);
    buf_put(&b, groups_json.p, before);
    buf_str(&b, str_of(is));
    buf_str(&b, str_sub(groups_json, before + strlen(was), groups_json.n));
    return buf_get(&b);
}

static void mistakes_in_the_settings_are_named(void)
{
    const struct {
        const char *was, *is, *why;
    } cases[] = {
        {"\"pain-management\"", "\"mine\"", "groups[0].ref: small letters"},
        {"\"nurse-south\"", "\"nobody\"", "groups[0].team: there is no such team"},
        {"\"tikkurila\"", "\"nowhere\"", "groups[0].area: there is no such district"},
        {"\"names\": \"must\"", "\"names\": \"please\"", "groups[0].names: none, may or must"},
        {"\"places\": 12", "\"places\": 0", "groups[0].places: "},
        {"\"whole\"", "\"hole\"", "groups[0].hole: there is no such setting"},
        {"\"audience\": \"adults\"", "\"audience\": \"cats\"", "groups[0].audience: "},
        {"\"groups\"", "\"group\"", "group: there is no such setting"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = with(cases[i].was, cases[i].is);
        CHECK(store_write(store, take, &text) != ERR_OK);
        CHECK(str_starts(why_not, str_of(cases[i].why)));
        if (!str_starts(why_not, str_of(cases[i].why)))
            printf("# %s: " STR_FMT "\n", cases[i].is, STR_ARG(why_not));
    }
    CHECK_INT(store_write(store, take, &groups_json), ERR_OK); /* again: the same groups */
    struct db *db = store_reader(store);
    struct group g;
    db_begin_read(db);
    CHECK(group_load(a, db, S("pain-management"), &g));
    CHECK_INT(group_sessions_load(a, db, g.id).n, 6);
    CHECK_INT(groups_shown(a, db, now).n, 6);
    db_end_read(db);
}

/* ---- acting on a group ---- */

static int64_t made;
struct doing {
    const char *ref;
    int act; /* 's'ign up, 'l'eave, 'y'es, 'n'o, 'k'eeper, 'c'ancel session, 'a'ttend, 'm'ake */
    int64_t signup, session;
    struct group_signing s;
    struct instant at;
    struct group_signup got;
    enum group_refusal no;
    struct group_weekly w;
    bool whole;
    struct arena *own;
};

static void make_group(struct db *db, struct doing *d)
{
    struct group g;
    group_load(a, db, S("pain-management"), &g);
    g.ref = str_of(d->ref);
    g.places = 3;
    g.waiting_most = 40;
    g.offer_hours = 24;
    g.whole = d->whole;
    g.names = GROUP_NAMES_MAY;
    g.state = GROUP_OPEN;
    g.id = group_insert(db, &g);
    d->no = group_sessions_add(a, db, &g, &d->w, now);
}

static void run(struct db *db, void *arg)
{
    struct doing *d = arg;
    struct arena *own = d->own;
    struct group g;
    struct group_marks marks = {0};
    if (d->act == 'm') {
        make_group(db, d);
    } else if (d->act == 'k') {
        group_chores(own, db, NULL, d->at);
    } else if (group_load(own, db, str_of(d->ref), &g)) {
        if (d->act == 's')
            d->no = group_sign_up(own, db, &g, &d->s, &d->got);
        else if (d->act == 'c')
            d->no = group_session_cancel(own, db, &g, d->session, S("The leader is ill."), d->at);
        else if (!group_signup_load(own, db, d->signup, &d->got))
            d->no = GROUP_NO_GONE;
        else if (d->act == 'l')
            d->no = group_leave(own, db, &g, &d->got, d->at);
        else if (d->act == 'a') {
            VEC_PUSH(own, &marks, (struct group_mark){d->signup, 1});
            VEC_PUSH(own, &marks, (struct group_mark){999999, 1});
            d->no = group_attend(own, db, &g, d->session, &marks, 4, d->at);
        } else
            d->no = group_answer(own, db, &g, &d->got, d->act == 'y', d->at);
    }
}

/* Several threads do this at once, and a job may be run again. */
static enum err write_it(struct doing *d)
{
    d->own = arena_new(0);
    enum err err = store_write(store, run, d);
    arena_free(d->own);
    return err;
}

static struct doing does(struct doing d)
{
    if (!d.at.ms)
        d.at = now;
    CHECK_INT(write_it(&d), ERR_OK);
    return d;
}
#define DOES(...) does((struct doing){__VA_ARGS__})

static struct group_signing somebody(int nr, bool way)
{
    struct group_signing s = {
        .at = {now.ms + nr}, .lang = LANG_EN, .site = S("https://asialla.example")};
    s.once = str_fmt(a, "once-%lld-%d", (long long)made, nr);
    s.code_hash = str_fmt(a, "hash-%lld-%d", (long long)made, nr);
    if (way)
        s.phone = str_fmt(a, "040 000 %04d", nr);
    return s;
}

static enum group_sign state_of(int64_t signup)
{
    struct group_signup s = {.state = SIGN_GONE};
    struct db *db = store_reader(store);
    db_begin_read(db);
    group_signup_load(a, db, signup, &s);
    db_end_read(db);
    return s.state;
}

static int64_t messages(const char *like)
{
    static const struct stmt q = {"test.messages", "SELECT count(*) FROM outbox WHERE key LIKE $1",
                                  STMT_SCAN};
    struct db *db = store_reader(store);
    db_begin_read(db);
    int64_t n = DB_INT(db, 0, &q, V_STR(str_of(like)));
    db_end_read(db);
    return n;
}

static void a_new_group(const char *ref, bool whole, int sessions)
{
    made++;
    struct doing d = DOES(.ref = ref, .act = 'm', .whole = whole,
                          .w = {date_add(date_of(now), 7), 13 * 60, 60, sessions, 1, 0});
    CHECK_INT(d.no, GROUP_NO_FINE);
}

static void places_the_line_and_offers(void)
{
    const char *ref = "t-line";
    int64_t id[6];
    a_new_group(ref, true, 2);
    for (int i = 0; i < 6; i++) {
        struct doing d = DOES(.ref = ref, .act = 's', .s = somebody(i, i != 1));
        CHECK_INT(d.no, GROUP_NO_FINE);
        CHECK_INT(d.got.state, i < 3 ? SIGN_PLACE : SIGN_WAITING);
        id[i] = d.got.id;
    }
    struct doing again = DOES(.ref = ref, .act = 's', .s = somebody(5, true));
    CHECK_INT(again.got.id, id[5]); /* a form sent twice */
    CHECK_INT(DOES(.ref = ref, .act = 's', .s = somebody(6, false)).no, GROUP_NO_NO_WAY);
    CHECK_INT(DOES(.ref = ref, .act = 'l', .signup = id[0]).no, GROUP_NO_FINE);
    CHECK_INT(state_of(id[0]), SIGN_GONE);
    CHECK_INT(state_of(id[3]), SIGN_OFFERED);
    CHECK_INT(state_of(id[4]), SIGN_WAITING);
    CHECK_INT(DOES(.ref = ref, .act = 'y', .signup = id[4]).no, GROUP_NO_NOT_OFFERED);
    CHECK_INT(DOES(.ref = ref, .act = 'n', .signup = id[3]).no, GROUP_NO_FINE);
    CHECK_INT(state_of(id[4]), SIGN_OFFERED);
    DOES(.act = 'k', .at = after(23));
    CHECK_INT(state_of(id[4]), SIGN_OFFERED);
    CHECK_INT(DOES(.ref = ref, .act = 'y', .signup = id[4], .at = after(25)).no,
              GROUP_NO_NOT_OFFERED);
    DOES(.act = 'k', .at = after(25));
    CHECK_INT(state_of(id[4]), SIGN_WAITING);
    CHECK_INT(state_of(id[5]), SIGN_OFFERED);
    DOES(.act = 'k', .at = after(50)); /* nobody there either: the first once more */
    CHECK_INT(state_of(id[5]), SIGN_WAITING);
    CHECK_INT(state_of(id[4]), SIGN_OFFERED);
    DOES(.act = 'k', .at = after(75));
    CHECK_INT(state_of(id[4]), SIGN_GONE);
    CHECK_INT(state_of(id[5]), SIGN_OFFERED);
    CHECK_INT(DOES(.ref = ref, .act = 'y', .signup = id[5], .at = after(76)).no, GROUP_NO_FINE);
    CHECK_INT(DOES(.ref = ref, .act = 'y', .signup = id[5], .at = after(77)).no, GROUP_NO_FINE);
    CHECK_INT(state_of(id[5]), SIGN_PLACE);
    CHECK_INT(messages("group-place:%"), 5); /* each offer once */
}

static void a_cancelled_session_tells_each_once(void)
{
    const char *ref = "t-cancel";
    a_new_group(ref, true, 2);
    for (int i = 0; i < 4; i++)
        DOES(.ref = ref, .act = 's', .s = somebody(i, i != 1));
    struct db *db = store_reader(store);
    struct group g;
    db_begin_read(db);
    group_load(a, db, str_of(ref), &g);
    struct group_sessions list = group_sessions_load(a, db, g.id);
    db_end_read(db);
    struct doing d = DOES(.ref = ref, .act = 'c', .session = list.p[0].id);
    CHECK_INT(d.no, GROUP_NO_FINE);
    const char *like = str_z(a, str_fmt(a, "group:%lld:%%", (long long)list.p[0].id));
    CHECK_INT(messages(like), 3); /* two with a place and a phone, one who waits */
    CHECK_INT(DOES(.ref = ref, .act = 'c', .session = list.p[0].id).no, GROUP_NO_CANCELLED);
    CHECK_INT(messages(like), 3);
    CHECK_INT(
        DOES(.ref = ref, .act = 'c', .session = list.p[1].id, .at = {list.p[1].start.ms + 1}).no,
        GROUP_NO_BEGUN);
}

static void numbers_stay_when_persons_go(void)
{
    const char *ref = "t-keep";
    a_new_group(ref, false, 1);
    struct db *db = store_reader(store);
    struct group g;
    db_begin_read(db);
    group_load(a, db, str_of(ref), &g);
    struct group_session s = group_sessions_load(a, db, g.id).p[0];
    db_end_read(db);
    struct group_signing one = somebody(1, true), two = somebody(2, true);
    one.session = two.session = s.id;
    struct doing d = DOES(.ref = ref, .act = 's', .s = one);
    DOES(.ref = ref, .act = 's', .s = two);
    struct instant day_before = {s.start.ms - 20 * HOUR_MS}, ended = {s.end.ms + 1};
    DOES(.act = 'k', .at = day_before);
    DOES(.act = 'k', .at = day_before);
    const char *like = str_z(a, str_fmt(a, "group-reminder:%lld:%%", (long long)s.id));
    CHECK_INT(messages(like), 2);
    d = DOES(.ref = ref, .act = 'a', .signup = d.got.id, .session = s.id, .at = ended);
    CHECK_INT(d.no, GROUP_NO_FINE);
    struct instant late = {s.end.ms + (int64_t)(group_data()->keep_days * 24 + 1) * HOUR_MS};
    DOES(.act = 'k', .at = {late.ms - 2 * HOUR_MS});
    CHECK_INT(state_of(d.got.id), SIGN_PLACE);
    DOES(.act = 'k', .at = late);
    db_begin_read(db);
    CHECK(!group_signup_load(a, db, d.signup, &d.got));
    CHECK(group_session_load(a, db, s.id, &s));
    CHECK_INT(s.signed_up, 2);
    CHECK_INT(s.came, 1);
    CHECK_INT(s.came_without, 4);
    CHECK_INT(group_marks_load(a, db, s.id).n, 0);
    CHECK(!group_chores_wanted(db, late));
    CHECK(group_load(a, db, str_of(ref), &g) && g.state == GROUP_ENDED);
    db_end_read(db);
    CHECK_INT(DOES(.ref = ref, .act = 'c', .session = s.id, .at = late).no, GROUP_NO_BEGUN);
}

enum { THREADS = 6, TRIES = 12 };
static int64_t signed_ids[THREADS][TRIES];

static void *race(void *arg)
{
    int t = *(int *)arg;
    for (int i = 0; i < TRIES; i++) {
        char once[32], hash[32], phone[32];
        snprintf(once, sizeof once, "race-%d-%d", t, i);
        snprintf(hash, sizeof hash, "race-hash-%d-%d", t, i);
        snprintf(phone, sizeof phone, "040 1%02d %04d", t, i);
        struct doing d = {.ref = "t-race", .act = 's', .at = {now.ms + i}};
        d.s = (struct group_signing){.once = str_of(once),
                                     .code_hash = str_of(hash),
                                     .phone = str_of(phone),
                                     .lang = LANG_FI,
                                     .at = d.at};
        if (write_it(&d) == ERR_OK && d.no == GROUP_NO_FINE)
            signed_ids[t][i] = d.got.id;
        /* others of one's own leave, say yes, say no */
        struct doing next = {.ref = "t-race", .at = {now.ms + i}, .signup = signed_ids[t][i / 2]};
        next.act = i % 4 == 0 ? 'l' : i % 4 == 1 ? 'y' : i % 4 == 2 ? 'n' : 'y';
        write_it(&next);
    }
    return NULL;
}

/* Whatever order the acts come in: never more than there are, and no place stays free while
 * somebody waits. */
static void never_more_than_there_are(void)
{
    pthread_t thread[THREADS];
    int nr[THREADS];
    a_new_group("t-race", true, 1);
    for (int t = 0; t < THREADS; t++) {
        nr[t] = t;
        pthread_create(&thread[t], NULL, race, &nr[t]);
    }
    for (int t = 0; t < THREADS; t++)
        pthread_join(thread[t], NULL);
    struct db *db = store_reader(store);
    struct group g;
    db_begin_read(db);
    group_load(a, db, S("t-race"), &g);
    struct group_counts n = group_count(db, g.id, 0);
    db_end_read(db);
    int given = n.of[SIGN_PLACE] + n.of[SIGN_OFFERED];
    printf("# place %d, offered %d, waiting %d, gone %d\n", n.of[SIGN_PLACE], n.of[SIGN_OFFERED],
           n.of[SIGN_WAITING], n.of[SIGN_GONE]);
    CHECK(given <= 3);
    CHECK(given == 3 || n.of[SIGN_WAITING] == 0);
    CHECK(n.of[SIGN_GONE] > 0);
}

static bool on_store(const char *url)
{
    char folder[] = "/tmp/asialla-group-XXXXXX";
    struct str why = {NULL, 0};
    if (!mkdtemp(folder))
        return false;
    struct store_conf conf = {.folder = folder, .create = true, .url = url};
    store = store_open(a, &conf, &why);
    bool ok = store && store_write(store, make_county, NULL) == ERR_OK;
    memset(signed_ids, 0, sizeof signed_ids);
    made = 0;
    if (ok) {
        TEST(mistakes_in_the_settings_are_named);
        TEST(places_the_line_and_offers);
        TEST(a_cancelled_session_tells_each_once);
        TEST(numbers_stay_when_persons_go);
        TEST(never_more_than_there_are);
    } else {
        printf("Bail out! " STR_FMT STR_FMT "\n", STR_ARG(why), STR_ARG(why_not));
    }
    if (store)
        store_close(store);
    folder_remove(folder);
    return ok;
}

int main(int argc, char **argv)
{
    const char *pg = getenv("ASIALLA_PG");
    if (sodium_init() < 0 || argc < 4)
        return 1;
    a = arena_new((size_t)512 << 20);
    data_json = test_file(a, argv[1]);
    teams_json = test_file(a, argv[2]);
    groups_json = test_file(a, argv[3]);
    now = instant_at(date_from(2026, 11, 24), 10 * 60);
    TEST(the_data_is_read_and_mistakes_are_named);
    TEST(codes_are_read_back);
    TEST(who_may_sign_up_and_gets_what);
    TEST(what_is_refused);
    TEST(weekly_sessions_keep_the_wall_clock);
    TEST(an_offer_that_nobody_answers_comes_back_once);
    bool ok = on_store(NULL) && (!pg || on_store(pg));
    arena_free(a);
    return ok ? test_end() : 1;
}
