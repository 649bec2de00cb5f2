/*
 * chat_test.c: channels and their hours; what may be done to a conversation and what becomes of it,
 * whatever is done in whatever order; places in the line and what today's waits tell; nobody in
 * time; the end and its erasure. argv: rules.json reasons.json county/chat.json. On
 * SQLite, and again on PostgreSQL where ASIALLA_PG names an empty database.
 */
#include "base/guard.h"
#include "base/json.h"
#include "base/test_given.h"
#include "chat/chat_room.h"
#include "store/folder_test.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static const struct law *law;
static struct store *store;
static struct str settings;
static struct instant now; /* a Tuesday, ten in the morning */
static const unsigned char key[32] = "a key of the tests";
static int nth;

/* ---- a county with two channels ---- */

static const char CHANNEL[] =
    "{\"ref\":\"%s\",\"team\":\"%s\",\"name\":{\"fi\":\"x\",\"sv\":\"x\",\"en\":\"x\"},"
    "\"lead\":{\"fi\":\"x\",\"sv\":\"x\",\"en\":\"x\"},\"closed\":{\"fi\":\"x\",\"sv\":\"x\","
    "\"en\":\"x\"},\"form\":\"%s\",\"reason\":\"%s\",\"phone\":\"\",\"languages\":[\"fi\"],"
    "\"hours\":\"%s\",\"waitMinutes\":15,\"atOnce\":2,\"queueMost\":5}";

static struct str channels_text(const char *hours)
{
    struct str one = str_fmt(a, CHANNEL, "health", "nurses", "health", "health-new-problem", hours);
    struct str two = str_fmt(a, CHANNEL, "social", "advisers", "other", "advice", hours);
    return str_fmt(a, "{\"channels\":[" STR_FMT "," STR_FMT "]}", STR_ARG(one), STR_ARG(two));
}

static void make_county(struct db *db, void *arg)
{
    static const struct stmt teams[] = {
        {"test.team",
         "INSERT INTO team (id, ref, register, name_fi, name_sv, name_en, phone, hours) VALUES "
         "(1, 'nurses', 'health', 'x', 'x', 'x', '', ''), "
         "(2, 'advisers', 'social', 'x', 'x', 'x', '', '')",
         0},
        {"test.staff",
         "INSERT INTO staff (id, login, name, profession, roles) VALUES "
         "(1, 'mari', 'Mari', 'nurse', 1), (2, 'olli', 'Olli', 'nurse', 1)",
         0}};
    struct json_error je;
    struct str why = {NULL, 0};
    (void)arg;
    db_exec(db, &teams[0], NULL, 0);
    db_exec(db, &teams[1], NULL, 0);
    const struct jv *v = json_parse(a, channels_text("Mo-Fr 08:00-16:00; PH off"), &je);
    if (!chat_channels_store(a, db, law, v, &why))
        guard_fail(ERR_INTERNAL, STR_FMT, STR_ARG(why));
}

static struct chat_channel channel(const char *ref)
{
    struct chat_channels all = chat_channels(a, store_reader(store));
    const struct chat_channel *c = chat_channel_by_ref(&all, str_of(ref));
    return c ? *c : (struct chat_channel){0};
}

/* ---- doing ---- */

struct doing {
    struct chat_channel channel;
    struct chat_act act;
    struct chat chat;
    enum chat_refusal no;
    void (*fn)(struct db *db, struct doing *d);
};

static void run(struct db *db, void *arg)
{
    struct doing *d = arg;
    d->fn(db, d);
}

static void do_start(struct db *db, struct doing *d)
{
    d->no = chat_start(a, db, law, &d->channel, LANG_FI, &d->act, &d->chat);
}

static void do_act(struct db *db, struct doing *d)
{
    if (chat_load(a, db, d->chat.id, &d->chat))
        d->no = d->act.kind == CHAT_ENDED ? chat_end(a, db, law, &d->chat, &d->act)
                                          : chat_do(a, db, &d->chat, &d->act);
}

static void do_chores(struct db *db, struct doing *d)
{
    d->no = CHAT_REFUSED_FINE;
    while (chat_chores(a, db, law, key, d->act.at))
        ;
}

static struct str once(void)
{
    return str_fmt(a, "form number %08d", ++nth);
}

static struct chat start_at(const char *ref, struct instant at)
{
    struct doing d = {.channel = channel(ref), .fn = do_start};
    d.act = (struct chat_act){.at = at, .text = S("I have a cough."), .once = once()};
    CHECK_INT(store_write(store, run, &d), ERR_OK);
    CHECK_INT(d.no, CHAT_REFUSED_FINE);
    return d.chat;
}

static struct chat start(const char *ref)
{
    return start_at(ref, now);
}

static enum chat_refusal does(struct chat *c, struct chat_act act)
{
    struct doing d = {.chat = *c, .act = act, .fn = do_act};
    if (!act.at.ms)
        d.act.at = (struct instant){c->last.ms + 1000};
    CHECK_INT(store_write(store, run, &d), ERR_OK);
    *c = d.chat;
    return d.no;
}
#define DOES(c, ...) does((c), (struct chat_act){.born = DATE_NONE, __VA_ARGS__})

static void chores(struct instant at)
{
    struct doing d = {.act = {.at = at}, .fn = do_chores};
    CHECK_INT(store_write(store, run, &d), ERR_OK);
}

static struct instant minutes_on(struct instant t, int64_t minutes)
{
    return (struct instant){t.ms + minutes * MINUTE_MS};
}

static struct chat reload(const struct chat *c, bool *there)
{
    struct chat out = {0};
    *there = chat_load(a, store_reader(store), c->id, &out);
    return out;
}

/* ---- channels ---- */

static void the_sample_countys_file_is_read(void)
{
    struct json_error je;
    const struct jv *v = json_parse(a, settings, &je);
    const struct jv *list = jv_get(v, "channels");
    CHECK_INT(jv_len(list), 4);
    for (size_t i = 0; i < jv_len(list); i++) {
        struct chat_channel c;
        struct str why = {NULL, 0};
        CHECK(chat_channel_read(a, jv_at(list, i), &c, &why));
        CHECK_STR(why, "");
        CHECK(law_reason_find(law, c.reason) >= 0);
    }
}

static void mistakes_in_the_settings_are_named(void)
{
    static const struct {
        const char *from, *to, *why;
    } bad[] = {
        {"\"atOnce\":2", "\"atOnce\":0", "atOnce: wants a number from 1 to 20"},
        {"\"atOnce\":2", "\"atonce\":2", "atonce: there is no such setting"},
        {"\"queueMost\":5", "\"queueMost\":\"5\"", "queueMost: wants a number from 1 to 1000"},
        {"[\"fi\"]", "[\"de\"]", "languages: wants some of fi, sv, en"},
        {"\"reason\":\"x\"", "\"reason\":\"\"",
         "form and reason: want the codes of a contact form and of a reason"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct json_error je;
        struct chat_channel c;
        struct str why = {NULL, 0}, text = str_fmt(a, CHANNEL, "r", "t", "x", "x", "Mo-Fr 8-16");
        const char *at = memmem(text.p, text.n, bad[i].from, strlen(bad[i].from));
        CHECK(at != NULL);
        struct str wrong =
            str_fmt(a, "%.*s%s%s", (int)(at - text.p), text.p, bad[i].to, at + strlen(bad[i].from));
        CHECK(!chat_channel_read(a, json_parse(a, wrong, &je), &c, &why));
        CHECK_STR(why, bad[i].why);
    }
}

static void hours_and_what_comes_next(void)
{
    struct chat_channel c = channel("health");
    struct instant next;
    CHECK(chat_is_open(law, &c, now, &next));
    CHECK_INT(chat_closes(law, &c, now).ms, instant_at(date_of(now), 16 * 60).ms);
    struct instant evening = instant_at(date_of(now), 16 * 60);
    CHECK(!chat_is_open(law, &c, evening, &next)); /* the minute of closing is closed */
    CHECK_INT(next.ms, instant_at(date_add(date_of(now), 1), 8 * 60).ms);
    /* Friday evening before Christmas 2026: the 25th is a Friday, Monday the 28th is open */
    struct instant eve = instant_at(date_from(2026, 12, 24), 17 * 60);
    CHECK(!chat_is_open(law, &c, eve, &next));
    CHECK_INT(next.ms, instant_at(date_from(2026, 12, 28), 8 * 60).ms);
    CHECK(!chat_is_open(law, &c, instant_at(date_from(2026, 12, 25), 10 * 60), &next));
    c.paused = true;
    CHECK(!chat_is_open(law, &c, now, &next));
    CHECK_INT(next.ms, 0);
    struct chat_lines words = chat_hours_words(a, LANG_EN, &c);
    CHECK_INT(words.n, 1);
    CHECK_STR(words.p[0], "Monday to Friday 8:00–16:00");
}

/* ---- a conversation ---- */

static void a_form_sent_twice_is_one(void)
{
    struct doing d = {.channel = channel("health"), .fn = do_start};
    d.act = (struct chat_act){.at = now, .text = S("Hello"), .once = once()};
    store_write(store, run, &d);
    int64_t first = d.chat.id;
    store_write(store, run, &d);
    CHECK_INT(d.chat.id, first);
    CHECK_INT(d.chat.seq, 1);
    struct str same = once();
    for (int i = 0; i < 3; i++)
        CHECK_INT(DOES(&d.chat, .kind = CHAT_SAID, .text = S("More"), .once = same),
                  CHAT_REFUSED_FINE);
    CHECK_INT(d.chat.seq, 2);
    CHECK_INT(DOES(&d.chat, .kind = CHAT_LEFT), CHAT_REFUSED_FINE);
    /* also when it is over: what was answered once is answered so again */
    CHECK_INT(DOES(&d.chat, .kind = CHAT_SAID, .text = S("More"), .once = same), CHAT_REFUSED_FINE);
    CHECK_INT(DOES(&d.chat, .kind = CHAT_SAID, .text = S("Late"), .once = once()),
              CHAT_REFUSED_OVER);
}

static void one_takes_it_and_the_other_is_told(void)
{
    struct chat c = start("health"), second = start("health"), third = start("health");
    CHECK_INT(DOES(&c, .kind = CHAT_TAKEN, .staff = 1), CHAT_REFUSED_FINE);
    CHECK_INT(DOES(&c, .kind = CHAT_TAKEN, .staff = 2), CHAT_REFUSED_TAKEN);
    CHECK_INT(DOES(&c, .kind = CHAT_TAKEN, .staff = 1), CHAT_REFUSED_FINE); /* nothing new */
    CHECK_INT(c.seq, 2);
    CHECK_INT(DOES(&c, .kind = CHAT_SAID, .staff = 2, .text = S("x")), CHAT_REFUSED_NOT_YOURS);
    CHECK_INT(DOES(&second, .kind = CHAT_SAID, .staff = 1, .text = S("x")), CHAT_REFUSED_NOT_YOURS);
    CHECK_INT(DOES(&second, .kind = CHAT_TAKEN, .staff = 1), CHAT_REFUSED_FINE);
    CHECK_INT(DOES(&third, .kind = CHAT_TAKEN, .staff = 1), CHAT_REFUSED_ENOUGH);
    CHECK_INT(chat_mine(a, store_reader(store), 1).n, 2);
    CHECK_INT(DOES(&c, .kind = CHAT_HANDED, .staff = 1, .channel = channel("social").id),
              CHAT_REFUSED_FINE);
    CHECK_INT(c.state, CHAT_IS_WAITING);
    CHECK_INT(c.team, 2);
    struct chat later = start("social");
    CHECK_INT(chat_place(a, store_reader(store), &c, now).place, 1); /* before who waits there */
    CHECK_INT(chat_place(a, store_reader(store), &later, now).place, 2);
    DOES(&c, .kind = CHAT_LEFT);
    DOES(&later, .kind = CHAT_LEFT);
    DOES(&third, .kind = CHAT_LEFT);
    DOES(&second, .kind = CHAT_ENDED, .staff = 1, .how = S("solved"));
    CHECK_INT(second.state, CHAT_IS_OVER);
    CHECK_INT(DOES(&second, .kind = CHAT_JUDGED, .good = 4), CHAT_REFUSED_FINE);
    CHECK_INT(DOES(&second, .kind = CHAT_JUDGED, .good = 1), CHAT_REFUSED_NOT_ASKED);
    CHECK_INT(second.good, 4);
}

/* The one who has it is gone: a colleague goes on, when the resident has waited long enough. */
static void a_colleague_takes_over(void)
{
    struct chat c = start("health"), late;
    DOES(&c, .kind = CHAT_TAKEN, .staff = 1);
    struct instant taken = c.taken, silent = minutes_on(taken, chat_data()->take_over_minutes);
    CHECK_INT(DOES(&c, .kind = CHAT_TAKEN, .staff = 2, .from = 1), CHAT_REFUSED_TAKEN);
    late = c; /* as another colleague has it on the page */
    CHECK_INT(DOES(&c, .kind = CHAT_TAKEN, .staff = 2, .at = silent), CHAT_REFUSED_TAKEN);
    CHECK_INT(DOES(&c, .kind = CHAT_TAKEN, .staff = 2, .from = 1, .at = silent), CHAT_REFUSED_FINE);
    CHECK_INT(c.staff, 2);
    CHECK_INT(DOES(&late, .kind = CHAT_TAKEN, .staff = 3, .from = 1, .at = minutes_on(silent, 9)),
              CHAT_REFUSED_TAKEN);
    CHECK_INT(DOES(&c, .kind = CHAT_SAID, .staff = 1, .text = S("x")), CHAT_REFUSED_NOT_YOURS);
    CHECK_INT(DOES(&c, .kind = CHAT_SAID, .staff = 2, .text = S("I am here."), .at = silent),
              CHAT_REFUSED_FINE);
    CHECK_INT(DOES(&c, .kind = CHAT_TAKEN, .staff = 1, .from = 2, .at = minutes_on(silent, 60)),
              CHAT_REFUSED_TAKEN); /* the resident has been answered */
    CHECK_INT(DOES(&c, .kind = CHAT_TAKEN, .staff = 1, .from = 2, .head = true, .at = silent),
              CHAT_REFUSED_FINE);
    struct chat_events all = chat_events(a, store_reader(store), c.id, 0, 100);
    CHECK_INT(all.n, 5);
    CHECK_STR(all.p[2].body, "{\"fromStaff\":1}");
    CHECK_INT(c.taken.ms, taken.ms); /* the wait ended with the first one */
    DOES(&c, .kind = CHAT_ENDED, .staff = 1, .how = S("solved"));
}

static void only_links_that_are_safe(void)
{
    struct chat c = start("health");
    static const char *const bad[] = {"http://x.example/",
                                      "javascript:alert(1)",
                                      "//x.example/",
                                      "https://",
                                      "https://x.example/ y",
                                      "/\\x.example",
                                      "/"};
    DOES(&c, .kind = CHAT_TAKEN, .staff = 1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_INT(DOES(&c, .kind = CHAT_LINKED, .staff = 1, .href = str_of(bad[i])),
                  CHAT_REFUSED_NO_LINK);
    CHECK_INT(DOES(&c, .kind = CHAT_LINKED, .staff = 1, .href = S("https://video.example/r/1")),
              CHAT_REFUSED_FINE);
    CHECK_INT(DOES(&c, .kind = CHAT_LINKED, .staff = 1, .href = S("/fi/service/a")),
              CHAT_REFUSED_FINE);
    DOES(&c, .kind = CHAT_ENDED, .staff = 1, .how = S("solved"));
}

/* Two hundred acts drawn by lot: numbers go on by one, the rows are the fold of the events. */
static void rows_are_the_fold_whatever_is_done(void)
{
    struct seeded dice = seeded_new(20261122);
    struct chat_channel channels[] = {channel("health"), channel("social")};
    for (int n = 0; n < 12; n++) {
        struct chat c = start(n % 2 ? "health" : "social");
        for (int i = 0; i < 16; i++) {
            struct chat_act act = {.kind = (enum chat_kind)(1 + seeded_below(&dice, 12)),
                                   .staff = seeded_below(&dice, 3),
                                   .text = seeded_below(&dice, 4) ? S("words") : S(""),
                                   .born = date_from(1980, 1, 2),
                                   .name = S("Maija"),
                                   .href = S("https://x.example/a"),
                                   .how = S("solved"),
                                   .good = 3};
            act.channel = channels[seeded_below(&dice, 2)].id;
            if (act.kind == CHAT_SENT || act.kind == CHAT_JOINED || act.kind == CHAT_UNANSWERED ||
                (act.kind == CHAT_TAKEN && !act.staff))
                continue;
            int64_t before = c.seq;
            enum chat_refusal no = does(&c, act);
            CHECK(no == CHAT_REFUSED_FINE ? c.seq - before <= 1 : c.seq == before);
        }
        struct chat_events all = chat_events(a, store_reader(store), c.id, 0, 100);
        struct chat folded = {.id = c.id, .ref = c.ref, .lang = c.lang};
        CHECK_INT(all.n, c.seq);
        for (size_t i = 0; i < all.n; i++) {
            CHECK_INT(all.p[i].seq, (int64_t)i + 1);
            chat_fold(a, &folded, &all.p[i]);
        }
        bool there;
        struct chat row = reload(&c, &there);
        CHECK(there && row.state == folded.state && row.channel == folded.channel &&
              row.team == folded.team && row.staff == folded.staff && row.said == folded.said &&
              row.said_staff == folded.said_staff && row.ended.ms == folded.ended.ms &&
              row.taken.ms == folded.taken.ms && row.waiting.ms == folded.waiting.ms &&
              row.handed == folded.handed && row.first == folded.first && row.good == folded.good &&
              row.born.day == folded.born.day && row.asked == folded.asked &&
              row.told == folded.told && str_eq(row.name, folded.name));
        while (c.state == CHAT_IS_WAITING || c.state == CHAT_IS_TALKING)
            CHECK_INT(does(&c, (struct chat_act){.kind = c.state == CHAT_IS_WAITING ? CHAT_LEFT
                                                                                    : CHAT_ENDED}),
                      CHAT_REFUSED_FINE);
    }
}

/* ---- the line ---- */

static void waits_tell_nothing_when_they_are_few(void)
{
    struct chat_waits day = {0};
    struct chat_place p;
    chat_estimate(a, &day, 1, 3, &p);
    CHECK_INT(p.minutes, -1);
    /* each alone in the line, answered in 2, 4, 6, 8 minutes */
    for (int i = 0; i < 4; i++) {
        struct instant t = minutes_on(now, 30 * i);
        struct chat_wait w = {t, minutes_on(t, 2 * (i + 1)), true};
        VEC_PUSH(a, &day, w);
    }
    chat_estimate(a, &day, 1, 5, &p);
    CHECK_INT(p.minutes, -1);
    chat_estimate(a, &day, 1, 3, &p);
    CHECK_INT(p.minutes, 6);
    CHECK_INT(p.least, 4);
    CHECK_INT(p.most, 6);
    chat_estimate(a, &day, 3, 3, &p); /* the third waits three times as long */
    CHECK_INT(p.minutes, 18);
}

static void a_wait_counts_by_the_place_where_it_began(void)
{
    struct chat_waits day = {0};
    struct chat_place p;
    /* three come at once; one is answered every five minutes: from each place five minutes */
    for (int i = 0; i < 3; i++) {
        struct chat_wait w = {
            {now.ms + i}, minutes_on((struct instant){now.ms + i}, 5 * (i + 1)), true};
        VEC_PUSH(a, &day, w);
    }
    chat_estimate(a, &day, 1, 3, &p);
    CHECK_INT(p.minutes, 5);
    CHECK_INT(p.least, 5);
    CHECK_INT(p.most, 5);
}

static void a_full_line_takes_no_more(void)
{
    struct chat in[5];
    struct chat_channel c = channel("health");
    struct str none = {NULL, 0};
    for (int i = 0; i < 5; i++) {
        CHECK_INT(chat_may_start(store_reader(store), law, &c, none, now), CHAT_REFUSED_FINE);
        in[i] = start("health");
        CHECK_INT(chat_place(a, store_reader(store), &in[i], now).place, i + 1);
    }
    CHECK_INT(chat_may_start(store_reader(store), law, &c, none, now), CHAT_REFUSED_FULL);
    DOES(&in[0], .kind = CHAT_LEFT);
    CHECK_INT(chat_place(a, store_reader(store), &in[4], now).place, 4);
    CHECK_INT(chat_may_start(store_reader(store), law, &c, none, now), CHAT_REFUSED_FINE);
    for (int i = 1; i < 5; i++)
        DOES(&in[i], .kind = CHAT_LEFT);
}

/* ---- another client register ---- */

/* What was written, told and sent before is not in the new register's matter. */
static void nothing_crosses_to_a_matter_but_what_was_agreed_to(void)
{
    bool there;
    struct matter m;
    struct attach_file file = {
        .kind = ATTACH_PNG, .name = S("x.png"), .bytes = S("x"), .once = once()};
    struct chat c = start("health");
    DOES(&c, .kind = CHAT_TAKEN, .staff = 1);
    DOES(&c, .kind = CHAT_SAID, .text = S("A secret of my health"));
    DOES(&c, .kind = CHAT_TOLD_WHO, .name = S("Maija"), .phone = S("040 123"));
    DOES(&c, .kind = CHAT_SENT, .file = &file);
    DOES(&c, .kind = CHAT_HANDED, .staff = 1, .channel = channel("social").id, .text = S("Rent"));
    DOES(&c, .kind = CHAT_SAID, .text = S("I cannot pay"));
    file.once = once();
    DOES(&c, .kind = CHAT_SENT, .file = &file);
    chores(minutes_on(now, 16));
    c = reload(&c, &there);
    CHECK(c.state == CHAT_IS_WAITING && c.offered.ms > 0); /* no number was told here */
    chores(minutes_on(now, 27));
    c = reload(&c, &there);
    CHECK_INT(c.state, CHAT_IS_MATTER);
    CHECK_STR(c.name, "Maija"); /* the row goes on being the fold */
    CHECK(matter_load(a, store_reader(store), law, c.matter, &m));
    CHECK(m.reg == REG_SOCIAL && !m.name.n && !m.phone.n);
    struct matter_events events = matter_load_events(a, store_reader(store), c.matter);
    struct str body = events.n ? events.p[0].body : S("");
    CHECK(memmem(body.p, body.n, "Rent\\n\\nI cannot pay", 20));
    CHECK(!memmem(body.p, body.n, "secret", 6));
    CHECK_INT(attach_list(a, store_reader(store), ATTACH_MATTER, c.matter).n, 1);
    CHECK_INT(attach_list(a, store_reader(store), ATTACH_CHAT, c.id).n, 1);
    chores(minutes_on(now, 27 + (chat_data()->keep_days * DAY_MINUTES)));
    c = reload(&c, &there);
    CHECK(there && c.state == CHAT_IS_MATTER && !c.name.n && !c.phone.n);
    struct chat_events left = chat_events(a, store_reader(store), c.id, 0, 100);
    for (size_t i = 0; i < left.n; i++)
        CHECK(!memmem(left.p[i].text.p, left.p[i].text.n, "secret", 6) &&
              !memmem(left.p[i].body.p, left.p[i].body.n, "Maija", 5));
    CHECK_STR(left.p[left.n > 6 ? 6 : 0].text, "I cannot pay"); /* what is of this register stays */
    CHECK_INT(attach_list(a, store_reader(store), ATTACH_CHAT, c.id).n, 0);
    CHECK_INT(attach_list(a, store_reader(store), ATTACH_MATTER, c.matter).n, 1);
}

/* ---- nobody in time ---- */

static void nobody_in_time_becomes_a_matter(void)
{
    bool there;
    struct matter m;
    struct chat c = start("health"), phone = start("health");
    DOES(&phone, .kind = CHAT_TOLD_WHO, .name = S("Maija"), .phone = S("040 123"));
    chores(minutes_on(now, 14));
    CHECK_INT(reload(&c, &there).offered.ms, 0);
    chores(minutes_on(now, 15));
    c = reload(&c, &there);
    CHECK(c.state == CHAT_IS_WAITING && c.offered.ms > 0); /* both ways are offered */
    phone = reload(&phone, &there);
    CHECK_INT(phone.state, CHAT_IS_MATTER); /* who told a number is called */
    CHECK(matter_load(a, store_reader(store), law, phone.matter, &m));
    CHECK_STR(m.phone, "040 123");
    CHECK_STR(m.reach, "call");
    CHECK(matter_promise(&m) != NULL);
    chores(minutes_on(now, 16));
    CHECK_INT(reload(&c, &there).state, CHAT_IS_WAITING);
    chores(minutes_on(now, 26)); /* nothing was chosen */
    c = reload(&c, &there);
    CHECK_INT(c.state, CHAT_IS_MATTER);
    CHECK(matter_load(a, store_reader(store), law, c.matter, &m));
    CHECK_INT(m.channel, CHANNEL_CHAT);
    CHECK_INT(m.received.ms, c.started.ms); /* the promise counts from the first words */
    struct str hash;
    CHECK(auth_code_hash(a, key, chat_code(a, key, &c), &hash));
    CHECK_INT(matter_find_code(store_reader(store), hash), c.matter);
    CHECK(!chat_chores_wanted(store_reader(store), minutes_on(now, 27)));
}

static void the_channel_closes_over_who_waits(void)
{
    bool there;
    struct instant late = instant_at(date_of(now), 15 * 60 + 55);
    struct chat c = start_at("health", late);
    chores(minutes_on(late, 4));
    CHECK_INT(reload(&c, &there).offered.ms, 0);
    chores(minutes_on(late, 5));
    CHECK(reload(&c, &there).offered.ms > 0);
    chores(minutes_on(late, 30));
    CHECK_INT(reload(&c, &there).state, CHAT_IS_MATTER);
}

static void text_is_erased_and_numbers_stay(void)
{
    static const struct stmt figures = {
        "test.figures", "SELECT count(*) FROM chat_figure WHERE how = 'answered' AND good = 5", 0};
    bool there;
    struct chat c = start("health");
    DOES(&c, .kind = CHAT_TAKEN, .staff = 1);
    DOES(&c, .kind = CHAT_SAID, .staff = 1, .text = S("Drink water."));
    DOES(&c, .kind = CHAT_ENDED, .staff = 1, .how = S("solved"));
    DOES(&c, .kind = CHAT_JUDGED, .good = 5);
    CHECK_INT(db_int(store_reader(store), -1, &figures, NULL, 0), 1);
    int64_t days = chat_data()->keep_days;
    chores(minutes_on(c.ended, days * DAY_MINUTES - 1));
    reload(&c, &there);
    CHECK(there);
    chores(minutes_on(c.ended, days * DAY_MINUTES));
    reload(&c, &there);
    CHECK(!there);
    CHECK_INT(chat_events(a, store_reader(store), c.id, 0, 10).n, 0);
    CHECK_INT(db_int(store_reader(store), -1, &figures, NULL, 0), 1);
}

static void a_silent_conversation_ends(void)
{
    bool there;
    struct chat c = start("health");
    DOES(&c, .kind = CHAT_TAKEN, .staff = 1);
    int64_t hours = chat_data()->idle_hours;
    DOES(&c, .kind = CHAT_SAID, .text = S("Still here."), .at = minutes_on(now, 60));
    chores(minutes_on(now, hours * 60 + 1));
    CHECK_INT(reload(&c, &there).state, CHAT_IS_TALKING);
    chores(minutes_on(now, hours * 60 + 61));
    CHECK_INT(reload(&c, &there).state, CHAT_IS_OVER);
}

/* ---- ---- */

static void run_all(void)
{
    TEST(hours_and_what_comes_next);
    TEST(a_form_sent_twice_is_one);
    TEST(one_takes_it_and_the_other_is_told);
    TEST(a_colleague_takes_over);
    TEST(only_links_that_are_safe);
    TEST(rows_are_the_fold_whatever_is_done);
    TEST(a_full_line_takes_no_more);
    TEST(nothing_crosses_to_a_matter_but_what_was_agreed_to);
    TEST(nobody_in_time_becomes_a_matter);
    TEST(the_channel_closes_over_who_waits);
    TEST(text_is_erased_and_numbers_stay);
    TEST(a_silent_conversation_ends);
}

static bool on_store(const char *url)
{
    char folder[] = "/tmp/asialla-chat-XXXXXX";
    struct str why = {NULL, 0};
    if (!mkdtemp(folder))
        return false;
    struct store_conf conf = {.folder = folder, .create = true, .url = url};
    store = store_open(a, &conf, &why);
    bool ok = store && store_write(store, make_county, NULL) == ERR_OK;
    if (ok)
        run_all();
    else
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
    if (store)
        store_close(store);
    folder_remove(folder);
    return ok;
}

int main(int argc, char **argv)
{
    struct str why = {NULL, 0};
    const char *pg = getenv("ASIALLA_PG");
    if (sodium_init() < 0 || argc < 4)
        return 1;
    a = arena_new((size_t)512 << 20);
    law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    settings = test_file(a, argv[3]);
    now = instant_at(date_from(2026, 11, 24), 10 * 60);
    if (!law)
        return 1;
    TEST(the_sample_countys_file_is_read);
    TEST(mistakes_in_the_settings_are_named);
    TEST(waits_tell_nothing_when_they_are_few);
    TEST(a_wait_counts_by_the_place_where_it_began);
    bool ok = on_store(NULL) && (!pg || on_store(pg));
    arena_free(a);
    return ok ? test_end() : 1;
}
