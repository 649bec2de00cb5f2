/*
 * outbox_test.c: what messages say and may not say, when they go, how they are tried again, how
 * they are written; then rows on a store: put once, withdrawn, claimed, sent into a folder, given
 * up, erased; a server that dies between claim and result; two that send at once. argv: rules.json
 * reasons.json templates.json windows.json countries.json. ASIALLA_PG: the store's part there too.
 */
#include "outbox/outbox_room.h"

#include "base/guard.h"
#include "base/test_given.h"
#include "store/folder_test.h"

#include <dirent.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena *a;
static const struct law *law;
static struct store *store;
static struct str templates_text, windows_text, countries_text;
static char folder[] = "/tmp/asialla-outbox-XXXXXX";

static struct str opens(enum outbox_way way, const char *iso)
{
    return instant_iso(a, outbox_window(law, way, at(iso)));
}

/* ---- when ---- */

static void never_at_night_nor_on_holidays(void)
{
    CHECK_STR(opens(OUTBOX_SMS, "2026-11-24T12:00:00+02:00"), "2026-11-24T10:00:00.000Z");
    CHECK_STR(opens(OUTBOX_SMS, "2026-11-24T20:00:00+02:00"), "2026-11-25T06:00:00.000Z");
    CHECK_STR(opens(OUTBOX_SMS, "2026-11-28T18:30:00+02:00"), "2026-11-30T06:00:00.000Z");
    /* Christmas eve (a Thursday) to the Monday after; Good Friday to the Saturday */
    CHECK_STR(opens(OUTBOX_SMS, "2026-12-23T20:30:00+02:00"), "2026-12-28T06:00:00.000Z");
    CHECK_STR(opens(OUTBOX_SMS, "2027-03-25T21:00:00+02:00"), "2027-03-27T07:00:00.000Z");
    CHECK_STR(opens(OUTBOX_EMAIL, "2026-12-24T22:00:00+02:00"), "2026-12-25T05:00:00.000Z");
    CHECK_STR(opens(OUTBOX_LETTER, "2026-11-27T16:00:00+02:00"), "2026-11-30T06:00:00.000Z");
}

static void the_nights_of_the_clocks(void)
{
    /* 29.3.2026: 8:00 is 05:00 UTC, of the day before still 06:00; 25.10.2026 the other way */
    CHECK_STR(opens(OUTBOX_EMAIL, "2026-03-28T23:00:00+02:00"), "2026-03-29T04:00:00.000Z");
    CHECK_STR(opens(OUTBOX_EMAIL, "2026-10-24T23:00:00+03:00"), "2026-10-25T05:00:00.000Z");
    CHECK_STR(opens(OUTBOX_SMS, "2026-03-28T19:00:00+02:00"), "2026-03-30T05:00:00.000Z");
    CHECK_STR(opens(OUTBOX_SMS, "2026-10-24T19:00:00+03:00"), "2026-10-26T06:00:00.000Z");
}

static void again_with_growing_pauses(void)
{
    const struct outbox_data *d = outbox_data();
    struct instant t = at("2026-11-24T10:00:00Z");
    static const int minutes[] = {1, 5, 15, 60, 240, 240};
    for (int i = 0; i < 6; i++)
        CHECK_INT(outbox_again(d, i + 1, t, t).ms - t.ms, (int64_t)minutes[i] * MINUTE_MS);
    CHECK(outbox_again(d, 9, t, (struct instant){t.ms + 24 * HOUR_MS - 1}).ms > 0);
    CHECK_INT(outbox_again(d, 9, t, (struct instant){t.ms + 24 * HOUR_MS}).ms, 0);
}

/* ---- what ---- */

static const struct outbox_field usual[] = {
    {"when", S_INIT("tiistai 24.11. klo 9.00")},
    {"was", S_INIT("ma 23.11. klo 9.00")},
    {"until", S_INIT("to 26.11. klo 12")},
    {"place", S_INIT("Korso, Maakotkantie 10")},
    {"ticket", S_INIT("B204")},
    {"address", S_INIT("https://asialla.example/fi/oma")},
    {"phone", S_INIT("09 000 0001")},
    {"county", S_INIT("Esimerkin hyvinvointialue")},
    {"name", S_INIT("Testi Henkilö")},
    {"service", S_INIT("KIPURYHMÄ")},
    {"text", S_INIT("KIPUUN LIITTYVÄ")},
};

static struct outbox_message message(enum outbox_way way, enum outbox_kind kind, enum lang l)
{
    static const char *const to[] = {"040 123 4567", "testi@asialla.example",
                                     "Testi Henkilö\nKatu 1\n01600 Vantaa"};
    return (struct outbox_message){.key = S("k"),
                                   .way = way,
                                   .kind = kind,
                                   .lang = l,
                                   .to = str_of(to[way]),
                                   .field = usual,
                                   .field_n = sizeof usual / sizeof *usual};
}

static bool has(struct str s, struct str part)
{
    for (size_t i = 0; i + part.n <= s.n; i++)
        if (memcmp(s.p + i, part.p, part.n) == 0)
            return true;
    return false;
}

static void every_message_by_every_way(void)
{
    for (int k = 0; k < OUTBOX_KIND_COUNT; k++)
        for (int w = 0; w < OUTBOX_WAYS; w++)
            for (int l = 0; l < LANG_COUNT; l++) {
                struct outbox_message m =
                    message((enum outbox_way)w, (enum outbox_kind)k, (enum lang)l);
                struct str text = outbox_text(a, &m);
                CHECK(text.n > 20 && has(text, S("Esimerkin hyvinvointialue")));
                CHECK(!has(text, S("{")) && !has(text, S("[")) && !has(text, S("  ")));
                CHECK(w == OUTBOX_LETTER || !(has(text, S("KIPU")) || has(text, S("Henkilö"))));
                CHECK(has(text, S("09 000 0001")));
                if (w == OUTBOX_SMS && (outbox_septets(text) > 160 || outbox_septets(text) < 0)) {
                    printf("# %s %s: %d septets: " STR_FMT "\n", outbox_kind_code(m.kind),
                           lang_code(m.lang), outbox_septets(text), STR_ARG(text));
                    CHECK(outbox_septets(text) <= 160);
                }
            }
}

static void what_is_empty_is_left_out(void)
{
    const struct outbox_field few[] = {{"when", S("ti 24.11. klo 9")}, {"county", S("Alue")}};
    struct outbox_message m = message(OUTBOX_SMS, OUTBOX_BOOKED, LANG_FI);
    m.field = few;
    m.field_n = 2;
    CHECK_STR(outbox_text(a, &m), "Alue: aika varattu ti 24.11. klo 9. Älä vastaa.");
}

static void fill_nothing(void *arg)
{
    struct outbox_message m = message(OUTBOX_SMS, OUTBOX_BOOKED, LANG_FI);
    m.field_n = 0;
    outbox_text(a, &m);
}

static void what_must_be_there_is_asked_for(void)
{
    const char *why = "";
    CHECK_INT(guard_run(fill_nothing, NULL, &why), ERR_INTERNAL);
}

static void texts_make_no_lines(void)
{
    const struct outbox_field bad[] = {{"when", S("x\r\nBcc: a@b.fi")},
                                       {"county", S("Å\xE2\x80\x93Ö")}};
    struct outbox_message m = message(OUTBOX_SMS, OUTBOX_CANCELLED, LANG_EN);
    m.field = bad;
    m.field_n = 2;
    CHECK_STR(outbox_text(a, &m), "Å-Ö: we had to cancel your time x  Bcc: a@b.fi. Do not reply.");
}

static void characters_of_phones(void)
{
    CHECK_INT(outbox_septets(S("Hei äöåÄÖÅ @£\n")), 14);
    CHECK_INT(outbox_septets(S("[€]~")), 8);
    CHECK_INT(outbox_septets(S("š")), -1);
    CHECK_INT(outbox_septets(S("`")), -1);
    CHECK_INT(outbox_septets(S("")), 0);
}

static struct str replaced(struct str s, const char *from, const char *to)
{
    struct buf b = buf_new(a, 1 << 20);
    struct str f = str_of(from);
    for (size_t i = 0; i < s.n; i++)
        if (f.n && i + f.n <= s.n && memcmp(s.p + i, f.p, f.n) == 0) {
            buf_str(&b, str_of(to));
            i += f.n - 1;
        } else {
            buf_char(&b, s.p[i]);
        }
    return buf_get(&b);
}

static bool reads(const char *from, const char *to)
{
    struct outbox_templates t = {0};
    struct str why = {NULL, 0}, text = replaced(templates_text, from, to);
    bool ok = outbox_templates_read(a, text, &t, &why);
    CHECK(ok == (why.n == 0));
    CHECK(!*from || !str_eq(text, templates_text));
    return ok;
}

static void templates_are_read_strictly(void)
{
    CHECK(reads("", ""));
    CHECK(!reads("muista aikasi {when}", "muistutus {service}"));
    CHECK(!reads("muista aikasi {when}", "muistutus {name}"));
    CHECK(!reads("muista aikasi {when}", "muistutus {when"));
    CHECK(!reads("[, {place}]", "[, [{place}]]"));
    CHECK(!reads("[, {place}]", "[, x]"));
    CHECK(!reads("\"kind\": \"moved\"", "\"kind\": \"booked\""));
    CHECK(!reads("\"kind\": \"moved\"", "\"kind\": \"lost\""));
    CHECK(!reads("\"sv\": \"Påminnelse om en tid\"", "\"se\": \"x\""));
    CHECK(!reads("\"Reminder of a time\"", "\"Reminder {when}\""));
    struct outbox_data d;
    struct str why = {NULL, 0};
    CHECK(outbox_data_read(a, windows_text, &d, &why));
    CHECK(!outbox_data_read(a, replaced(windows_text, "\"days\": 30", "\"days\": 0"), &d, &why));
    CHECK(!outbox_data_read(a, replaced(windows_text, "workingDays", "days"), &d, &why));
    CHECK(!outbox_data_read(a, replaced(windows_text, "Sa 09:00", "Sax 09:00"), &d, &why));
    CHECK(!outbox_data_read(a, replaced(windows_text, "\"cancelled\"", "\"canceled\""), &d, &why));
}

/* ---- where to ---- */

static void addresses(void)
{
    CHECK(!outbox_address_wrong(OUTBOX_EMAIL, S("a.b+c@x-y.example.fi")));
    static const char *const bad[] = {"a@b",           "a b@c.fi",  "a@c.fi\r\nBcc: x@y.fi",
                                      "<a@c.fi>",      "@c.fi",     "a@c..fi",
                                      "a@.fi",         "a..b@c.fi", "ä@c.fi",
                                      "a@c.fi,b@c.fi", "-oX@c.fi",  "a@@c.fi",
                                      "\"a\"@c.fi",    ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(outbox_address_wrong(OUTBOX_EMAIL, str_of(bad[i])));
    CHECK(!outbox_address_wrong(OUTBOX_SMS, S("+358 40 123 4567")));
    CHECK(outbox_address_wrong(OUTBOX_SMS, S("call me")));
    CHECK(outbox_address_wrong(OUTBOX_LETTER, S("Somebody")));
    CHECK(!outbox_address_wrong(OUTBOX_LETTER, S("Somebody\nKatu 1\n01600 Vantaa")));
}

static const char *postal(const char *typed)
{
    return outbox_postal_wrong(a, outbox_postal(a, str_of(typed)));
}

static void postal_addresses(void)
{
    CHECK_STR(outbox_postal(a, S("  Katu 1 A 2 \r\n\r\n01600\tVantaa \n")),
              "Katu 1 A 2\n01600 Vantaa");
    CHECK_STR(outbox_postal(a, S("Katu 1, 01600 Vantaa")), "Katu 1\n01600 Vantaa");
    CHECK_STR(outbox_postal(a, S("Katu 1, ovi 2\n01600 Vantaa")), "Katu 1, ovi 2\n01600 Vantaa");
    CHECK_STR(outbox_postal(a, S("Katu 1\n\u200B\u2060\n01600 Vantaa")), "Katu 1\n01600 Vantaa");
    CHECK_INT(outbox_postal(a, S(" \r\n , \n")).n, 0);
    static const char *const good[] = {"Katu 1\n01600 Vantaa",
                                       "PL 12, 00099 Helsinki",
                                       "Poste restante\nFI-22100 Mariehamn",
                                       "Maija c/o Åkerman\nStreet 5\n65100 Vasa\nFinland",
                                       "Storgatan 1\n111 22 Stockholm\nSverige",
                                       "Narva mnt 1\nTallinn\nEESTI",
                                       "1 High Street\nLondon SW1A 1AA\nUnited Kingdom"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(!postal(good[i]));
    static const char *const bad[] = {"",
                                      " \n ",
                                      "Katu 1",
                                      "Katu 1\nVantaa",
                                      "Katu 1\n0160 Vantaa",
                                      "Katu 1\n016000 Vantaa",
                                      "01600 Vantaa",
                                      "Katu 1\n01600",
                                      "Katu 1\n01600 \u200B", /* what nobody sees is no town */
                                      "\u200B\n01600 Vantaa",
                                      "Storgatan 1\n111 22 Stockholm",
                                      "Sverige",
                                      "Katu 1\nAtlantis",
                                      "1\n2\n3\n4\n5\n6\nKatu 01600 Vantaa"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(postal(bad[i]));
    struct buf b = buf_new(a, 4096);
    while (b.n < 220)
        buf_str(&b, S("Katu "));
    buf_str(&b, S("\n01600 Vantaa"));
    CHECK(outbox_postal_wrong(a, outbox_postal(a, buf_get(&b))));
    struct outbox_countries c;
    struct str why;
    CHECK(outbox_countries_read(a, countries_text, &c, &why) && c.n > 600);
    CHECK(!outbox_countries_read(a, S("{\"countries\":[]}"), &c, &why));
    CHECK(!outbox_countries_read(a, S("{\"countries\":[[\"\"]]}"), &c, &why));
    CHECK(!outbox_countries_read(a, S("{"), &c, &why));
}

/* Five working days on the way, and there the day before. */
static void letters_take_days(void)
{
    struct instant visit = at("2026-12-08T09:00:00+02:00");
    CHECK_STR(instant_iso(a, outbox_post_by(law, visit)), "2026-11-30T22:00:00.000Z");
    CHECK(outbox_post_arrives(law, at("2026-11-30T15:59:00+02:00"), visit));
    CHECK(!outbox_post_arrives(law, at("2026-11-30T16:00:00+02:00"), visit)); /* goes on Tuesday */
    CHECK(!outbox_post_arrives(law, visit, visit));
    struct instant christmas = at("2026-12-29T09:00:00+02:00"), easter = at("2026-04-07T05:00:00Z");
    CHECK_STR(instant_iso(a, outbox_post_by(law, christmas)), "2026-12-17T22:00:00.000Z");
    CHECK_STR(instant_iso(a, outbox_post_by(law, easter)), "2026-03-26T22:00:00.000Z");
}

static bool ways(const char *text)
{
    struct str why = {NULL, 0};
    return outbox_ways_read(a, str_of(text), folder, &why) != NULL && !why.n;
}

static void ways_are_read_strictly(void)
{
    CHECK(ways("{}"));
    CHECK(ways("{\"sms\":{\"to\":\"none\"},\"letter\":{\"to\":\"print\"}}"));
    CHECK(ways("{\"sms\":{\"to\":\"gateway\",\"url\":\"https://x.example/send\"}}"));
    CHECK(ways("{\"sms\":{\"to\":\"gateway\",\"url\":\"http://127.0.0.1:1/\"}}"));
    CHECK(!ways("{\"sms\":{\"to\":\"gateway\",\"url\":\"http://127.0.0.1.example/\"}}"));
    CHECK(!ways("{\"sms\":{\"to\":\"gateway\",\"url\":\"http://x.example/\"}}"));
    CHECK(!ways("{\"sms\":{\"to\":\"gateway\",\"url\":\"https://x\",\"keyFil\":\"k\"}}"));
    CHECK(!ways("{\"sms\":{\"to\":\"gateway\",\"url\":\"https://x\",\"keyFile\":\"absent\"}}"));
    CHECK(!ways("{\"sms\":{\"to\":\"smtp\"}}"));
    CHECK(!ways("{\"fax\":{\"to\":\"none\"}}"));
    CHECK(!ways("[]"));
    CHECK(ways("{\"email\":{\"to\":\"smtp\",\"host\":\"m.example\",\"tls\":\"starttls\",\"from\":"
               "\"a@m.example\"}}"));
    CHECK(!ways("{\"email\":{\"to\":\"smtp\",\"host\":\"m.example\",\"tls\":\"maybe\",\"from\":\"a@"
                "m.example\"}}"));
    CHECK(!ways(
        "{\"email\":{\"to\":\"smtp\",\"host\":\"m/x\",\"tls\":\"tls\",\"from\":\"a@m.example\"}}"));
    CHECK(!ways("{\"email\":{\"to\":\"smtp\",\"host\":\"m.example\",\"tls\":\"none\",\"from\":\"a@"
                "m.example\","
                "\"userFile\":\"u\"}}"));
}

static void mail_is_written(void)
{
    struct outbox_way_out out = {.from = S("county@asialla.example"),
                                 .name = S("Välfärdsområdet för en mycket lång rubrik åäö")};
    struct outbox_row m = {.id = 1,
                           .ref = S("abc123"),
                           .to = S("testi@asialla.example"),
                           .subject = S("Muistutus ajasta äö"),
                           .body = S("a\nb"),
                           .attachment =
                               S("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"),
                           .attachment_type = S("text/calendar")};
    struct str mail = outbox_mail(a, &out, &m, at("2026-11-24T07:05:09Z"));
    CHECK(has(mail, S("\r\nTo: <testi@asialla.example>\r\n")));
    CHECK(has(mail, S("Subject: =?utf-8?B?TXVpc3R1dHVzIGFqYXN0YSDDpMO2?=\r\n")));
    CHECK(has(mail, S("Date: Tue, 24 Nov 2026 07:05:09 +0000\r\n")));
    CHECK(has(mail, S("Message-ID: <abc123@asialla.example>\r\n")));
    CHECK(has(mail, S("method=REQUEST")));
    CHECK(has(mail, S("\r\nYQ0KYg==\r\n")));
    for (size_t i = 0, line = 0; i < mail.n; i++) {
        line = mail.p[i] == '\n' ? 0 : line + 1;
        CHECK(line <= 79 && (mail.p[i] != '\n' || mail.p[i - 1] == '\r'));
        CHECK((unsigned char)mail.p[i] < 128);
    }
}

/* ---- rows ---- */

static const struct stmt q_count = {"test.count", "SELECT count(*) FROM outbox WHERE state = $1",
                                    0};
static const struct stmt q_wipe = {"test.wipe", "DELETE FROM outbox", 0};
static const struct stmt q_free = {
    "test.free", "UPDATE outbox SET claimed_until = 0 WHERE claim IS NOT NULL", 0};
static const struct stmt q_text = {
    "test.text", "SELECT count(*) FROM outbox WHERE body IS NOT NULL OR recipient IS NOT NULL", 0};
static const struct stmt q_next = {"test.next", "UPDATE outbox SET next_at = 0", 0};

static const char *noon = "2026-11-24T10:00:00Z";

static int64_t count(const char *state)
{
    return DB_INT(store_reader(store), -1, &q_count, V_STR(str_of(state)));
}

struct put {
    struct outbox_message m;
    struct instant now;
    int n;
    int64_t id;
};

static void put_some(struct db *db, void *arg)
{
    struct put *p = arg;
    struct str key = p->m.key;
    for (int i = 0; i < p->n; i++) {
        struct outbox_message m = p->m;
        m.key = p->n > 1 ? str_fmt(a, STR_FMT "%d", STR_ARG(key), i) : key;
        p->id = outbox_put(a, db, &m, p->now);
    }
}

static int64_t put(struct outbox_message m, int n)
{
    struct put p = {.m = m, .now = at(noon), .n = n};
    CHECK_INT(store_write(store, put_some, &p), ERR_OK);
    return p.id;
}

static void run_stmt(struct db *db, void *q)
{
    DB_EXEC(db, q);
}

static void withdraw(struct db *db, void *n)
{
    *(int64_t *)n = outbox_withdraw(db, S("appointment:1"), at(noon));
}

static const struct outbox_ways *folder_ways(void)
{
    struct str why;
    return outbox_ways_read(a, (struct str){NULL, 0}, folder, &why);
}

static void run(const char *iso)
{
    outbox_chores(store, at(iso));
    for (int w = 0; w < OUTBOX_WAYS; w++)
        while (outbox_run(store, law, folder_ways(), (enum outbox_way)w, at(iso))) {
        }
}

/* How many files there are; they go. Names are counted once each. */
static int files(void)
{
    char path[600];
    snprintf(path, sizeof path, "%s/outbox", folder);
    DIR *d = opendir(path);
    int n = 0;
    for (struct dirent *e; d && (e = readdir(d));)
        if (*e->d_name != '.') {
            snprintf(path, sizeof path, "%s/outbox/%s", folder, e->d_name);
            unlink(path);
            n++;
        }
    if (d)
        closedir(d);
    return n;
}

static void wipe(void)
{
    store_write(store, run_stmt, (void *)&q_wipe);
    files();
}

static void put_once_and_sent_once(void)
{
    wipe();
    struct outbox_message m = message(OUTBOX_SMS, OUTBOX_REMINDER, LANG_FI);
    CHECK(put(m, 1) > 0);
    CHECK_INT(put(m, 1), 0);
    run("2026-11-24T22:00:00Z"); /* at night */
    CHECK_INT(files(), 0);
    run(noon);
    CHECK_INT(count("sent"), 1);
    CHECK_INT(files(), 1);
    run(noon);
    CHECK_INT(files(), 0);
}

static void what_is_urgent_goes_at_night(void)
{
    wipe();
    struct outbox_message m = message(OUTBOX_SMS, OUTBOX_REMOTE_LINK, LANG_SV);
    m.urgent = true;
    put(m, 1);
    run("2026-11-24T22:00:00Z");
    CHECK_INT(files(), 1);
}

static void withdrawn_and_useless_and_wrong(void)
{
    wipe();
    int64_t n = 0;
    struct outbox_message m = message(OUTBOX_SMS, OUTBOX_REMINDER, LANG_FI);
    m.about = S("appointment:1");
    put(m, 1);
    store_write(store, withdraw, &n);
    CHECK_INT(n, 1);
    m.about = S("appointment:2");
    m.key = S("k2");
    m.until = at("2026-11-24T09:00:00Z");
    put(m, 1);
    m.key = S("k3");
    m.to = S("1\r\n2");
    put(m, 1);
    run(noon);
    CHECK_INT(files(), 0);
    CHECK_INT(count("withdrawn"), 1);
    CHECK_INT(count("expired"), 1);
    CHECK_INT(count("failed"), 1);
    struct outbox_state s = outbox_state(store_reader(store), law, at(noon));
    CHECK_INT(s.failed, 2);
    CHECK_INT(s.waiting, 0);
}

static void late_is_what_could_have_gone(void)
{
    wipe();
    struct outbox_message m = message(OUTBOX_SMS, OUTBOX_REMINDER, LANG_FI);
    put(m, 1);
    struct db *db = store_reader(store);
    CHECK_INT(outbox_state(db, law, at("2026-11-24T10:30:00Z")).late, 0);
    CHECK_INT(outbox_state(db, law, at("2026-11-24T11:00:00Z")).late, 1);
    CHECK_INT(outbox_state(db, law, at("2026-11-24T22:00:00Z")).late, 0);
    CHECK_INT(outbox_state(db, law, at("2026-11-24T22:00:00Z")).waiting, 1);
}

static void what_cannot_go_is_given_up_after_a_day(void)
{
    wipe();
    struct outbox_message m = message(OUTBOX_EMAIL, OUTBOX_BOOKED, LANG_FI);
    struct str why = {NULL, 0}, file = str_fmt(a, "%s/file", folder);
    fclose(fopen(str_z(a, file), "w"));
    struct outbox_ways *w =
        outbox_ways_read(a, S("{\"email\":{\"to\":\"folder\",\"folder\":\"file\"}}"), folder, &why);
    put(m, 1);
    outbox_run(store, law, w, OUTBOX_EMAIL, at(noon));
    CHECK_INT(count("waiting"), 1);
    store_write(store, run_stmt, (void *)&q_next);
    outbox_run(store, law, w, OUTBOX_EMAIL, at("2026-11-25T09:59:00Z"));
    CHECK_INT(count("waiting"), 1);
    store_write(store, run_stmt, (void *)&q_next);
    outbox_run(store, law, w, OUTBOX_EMAIL, at("2026-11-25T10:00:00Z"));
    CHECK_INT(count("failed"), 1);
    unlink(str_z(a, file));
}

static void texts_are_erased(void)
{
    wipe();
    put(message(OUTBOX_EMAIL, OUTBOX_BOOKED, LANG_FI), 1);
    run(noon);
    run("2026-12-24T09:59:00Z");
    CHECK_INT(DB_INT(store_reader(store), -1, &q_text), 1);
    run("2026-12-25T10:00:00Z");
    CHECK_INT(DB_INT(store_reader(store), -1, &q_text), 0);
    CHECK_INT(count("sent"), 1);
}

static void *send_all(void *iso)
{
    run(iso);
    return NULL;
}

/* Two that send at once, from the same rows; each message is one file under its own name, and no
 * row was claimed twice (tries). */
static void two_at_once(void)
{
    static const struct stmt tries = {"test.tries", "SELECT count(*) FROM outbox WHERE tries > 1",
                                      0};
    enum { MANY = 1000 };
    wipe();
    put(message(OUTBOX_EMAIL, OUTBOX_BOOKED, LANG_FI), MANY);
    pthread_t t[2];
    int64_t began = steady_ms();
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, send_all, (void *)noon);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    run(noon);
    printf("# %d messages into a folder: %lld ms\n", MANY, (long long)(steady_ms() - began));
    CHECK_INT(count("sent"), MANY);
    CHECK_INT(files(), MANY);
    CHECK_INT(DB_INT(store_reader(store), -1, &tries), 0);
}

static void a_claim_that_ran_out_is_sent_again(void)
{
    static const struct stmt claim = {
        "test.claim", "UPDATE outbox SET claim = 's:gone', claimed_until = 99999999999999", 0};
    wipe();
    put(message(OUTBOX_EMAIL, OUTBOX_BOOKED, LANG_FI), 1);
    store_write(store, run_stmt, (void *)&claim);
    run(noon);
    CHECK_INT(files(), 0);
    if (store_shared(store))
        store_write(store, run_stmt, (void *)&q_free);
    else
        outbox_recover(store);
    run(noon);
    CHECK_INT(files(), 1);
    CHECK_INT(count("sent"), 1);
    /* withdrawn while a server that died had it: not sent */
    int64_t n = 1;
    struct outbox_message m = message(OUTBOX_EMAIL, OUTBOX_BOOKED, LANG_FI);
    m.key = S("w");
    m.about = S("appointment:1");
    put(m, 1);
    store_write(store, run_stmt, (void *)&claim);
    store_write(store, withdraw, &n);
    CHECK_INT(n, 0);
    store_write(store, run_stmt, (void *)&q_free);
    run(noon);
    CHECK_INT(files(), 0);
    CHECK_INT(count("withdrawn"), 1);
}

static void on_a_store(const char *url)
{
    struct str why = {NULL, 0};
    struct store_conf conf = {.folder = folder, .url = url, .create = true};
    store = store_open(a, &conf, &why);
    if (!store) {
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
        exit(1);
    }
    TEST(put_once_and_sent_once);
    TEST(what_is_urgent_goes_at_night);
    TEST(withdrawn_and_useless_and_wrong);
    TEST(late_is_what_could_have_gone);
    TEST(what_cannot_go_is_given_up_after_a_day);
    TEST(texts_are_erased);
    TEST(a_claim_that_ran_out_is_sent_again);
    TEST(two_at_once);
    wipe();
    store_close(store);
}

int main(int argc, char **argv)
{
    struct str why = {NULL, 0};
    a = arena_new((size_t)1 << 30);
    if (argc != 6 || sodium_init() < 0 || !mkdtemp(folder))
        return 1;
    law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    templates_text = test_file(a, argv[3]);
    windows_text = test_file(a, argv[4]);
    countries_text = test_file(a, argv[5]);
    if (!law)
        return 1;
    TEST(never_at_night_nor_on_holidays);
    TEST(the_nights_of_the_clocks);
    TEST(again_with_growing_pauses);
    TEST(every_message_by_every_way);
    TEST(what_is_empty_is_left_out);
    TEST(what_must_be_there_is_asked_for);
    TEST(texts_make_no_lines);
    TEST(characters_of_phones);
    TEST(templates_are_read_strictly);
    TEST(addresses);
    TEST(postal_addresses);
    TEST(letters_take_days);
    TEST(ways_are_read_strictly);
    TEST(mail_is_written);
    on_a_store(NULL);
    if (getenv("ASIALLA_PG"))
        on_a_store(getenv("ASIALLA_PG"));
    folder_remove(folder);
    arena_free(a);
    return test_end();
}
