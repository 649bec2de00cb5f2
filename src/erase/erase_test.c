/*
 * erase_test.c: what stays of a matter that was erased, and that figures and seals hold; who may
 * and when. On SQLite, and once more on PostgreSQL where ASIALLA_PG names an empty database. argv:
 * rules.json reasons.json.
 */
#include "erase/erase.h"

#include "base/fault.h"
#include "booking/booking_test.h"
#include "matter/fact.h"
#include "matter/join_test.h"

static const struct stmt
    later = {"test.later",
             "UPDATE matter_event SET at = at + 1 WHERE id = (SELECT min(id) FROM matter_event)",
             0},
    back = {"test.back",
            "UPDATE matter_event SET at = at - 1 WHERE id = (SELECT min(id) FROM matter_event)", 0};

static void move_later(struct db *db, void *arg)
{
    (void)arg;
    DB_EXEC(db, &later);
}

static void move_back(struct db *db, void *arg)
{
    (void)arg;
    DB_EXEC(db, &back);
}

static void seal(struct db *db, void *arg)
{
    (void)arg;
    seal_logs_whole(db, at("2026-12-20T00:00:00Z"));
}

/* What all commits have told of figures, added up: a line each. */
static size_t facts_left(void)
{
    static const struct stmt q = {"test.facts", "SELECT facts FROM figure_change", STMT_SCAN};
    struct facts f = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct rows r = DB_QUERY(db, &q);
    while (rows_next(&r))
        CHECK(fact_read(a, rows_str(&r, a, 0), &f));
    db_end_read(db);
    fact_settle(&f);
    return f.n;
}

struct one {
    int64_t id;
    const char *reason;
    enum matter_refusal no;
};

static void erase(struct db *db, void *arg)
{
    struct one *o = arg;
    const struct matter_erasing how = {NURSE, at("2026-12-20T08:00:00Z"), str_of(o->reason)};
    matter_erase_begin(db);
    o->no = erase_matter(a, db, law, o->id, &how);
}

static enum matter_refusal erasing(int64_t id, const char *reason)
{
    struct one o = {id, reason, REFUSED_COUNT};
    CHECK_INT(store_write(store, erase, &o), ERR_OK);
    return o.no;
}

static void close_by(int64_t id, int64_t staff)
{
    struct matter_act end = {.kind = MATTER_CLOSED,
                             .at = at("2026-12-15T09:00:00Z"),
                             .staff = staff,
                             .outcome = S("advice"),
                             .text = S("All is well, no tears.")};
    CHECK_INT(act(id, end), REFUSED_FINE);
}

static void close_it(int64_t id)
{
    close_by(id, NURSE);
}

/* Assessed, with a visit that took place. */
static int64_t whole_course(void)
{
    int64_t id = matter_new();
    int64_t p = booked(id, NURSES, "2026-12-07T07:00:00Z");
    struct booking_visit v = {.profession = S("doctor"),
                              .text = S("We looked at the knee."),
                              .next = S("A nurse calls in two weeks.")};
    CHECK_INT(doing(p, visit_act(&v)).no, BOOKING_REFUSED_FINE);
    return id;
}

static bool found(int64_t id)
{
    struct matter m;
    struct db *db = store_reader(store);
    db_begin_read(db);
    bool is = matter_load(a, db, law, id, &m);
    db_end_read(db);
    return is;
}

static void nothing_stays_but_that_it_was(void)
{
    CHECK_INT(facts_left(), 0);
    int64_t id = whole_course();
    close_it(id);
    int64_t events = count("test.events", "SELECT count(*) FROM matter_event");
    CHECK_INT(store_write(store, seal, NULL), ERR_OK);
    CHECK(facts_left() > 10);
    CHECK_INT(erasing(id, "asked for by the person"), REFUSED_FINE);
    CHECK_INT(facts_left(), 0);
    CHECK(!found(id));
    CHECK_INT(count("test.events", "SELECT count(*) FROM matter_event"), events + 1);
    CHECK_INT(count("test.told", "SELECT count(*) FROM matter_event WHERE body <> '{}'"), 1);
    CHECK_INT(count("test.words", "SELECT count(*) FROM matter_event WHERE body LIKE '%tears%'"),
              0);
    CHECK_INT(count("test.row", "SELECT count(*) FROM matter WHERE name IS NOT NULL OR born IS NOT "
                                "NULL OR reason <> '' OR person IS NOT NULL"),
              0);
    CHECK_INT(count("test.times", "SELECT count(*) FROM appointment"), 0);
    CHECK_INT(count("test.time_events", "SELECT count(*) FROM booking_event"), 0);
    CHECK_INT(count("test.taken", "SELECT count(*) FROM busy"), 0);
    CHECK(count("test.sights", "SELECT count(*) FROM access_log") > 0);
    struct verify_report r = verify();
    CHECK(r.faults == 0 && r.erased == 1 && r.unsealed > 0);
    CHECK_INT(store_write(store, seal, NULL), ERR_OK);
    r = verify();
    CHECK(r.faults == 0 && r.unsealed == 0);
}

/* Who empties a row without saying so, or changes what an erasure left, is found. */
static void tampering_still_shows(void)
{
    int64_t other = whole_course();
    close_it(other);
    CHECK_INT(store_write(store, seal, NULL), ERR_OK);
    CHECK_INT(erasing(other, "kept long enough"), REFUSED_FINE);
    CHECK_INT(store_write(store, seal, NULL), ERR_OK);
    CHECK_INT(verify().faults, 0);
    CHECK_INT(store_write(store, move_later, NULL), ERR_OK);
    CHECK(verify().faults > 0);
    CHECK_INT(store_write(store, move_back, NULL), ERR_OK);
    CHECK_INT(verify().faults, 0);
}

static void what_is_not_over_stays(void)
{
    int64_t open = matter_new();
    size_t before = facts_left();
    CHECK_INT(erasing(open, "too early"), REFUSED_IS_OPEN);
    CHECK(found(open));
    close_it(open);
    CHECK_INT(erasing(open, "  "), REFUSED_NO_TEXT);
    CHECK(found(open) && before > 0);
    CHECK_INT(erasing(open, "asked for"), REFUSED_FINE);
    CHECK_INT(facts_left(), 0);
    CHECK_INT(erasing(open, "once more"), REFUSED_NOT_OPEN);
    CHECK_INT(verify().faults, 0);
}

/* ---- who was taken for somebody else ---- */

static void joining(int64_t kept, int64_t joined, bool split)
{
    struct instant t = at(split ? "2026-12-01T09:00:00Z" : "2026-12-01T08:00:00Z");
    CHECK_INT(
        join_or_split((struct merge_act){.kept = kept, .joined = joined, .staff = NURSE, .at = t},
                      split),
        MERGE_NO_FINE);
}

static int64_t contact(const char *name, const char *phone)
{
    struct sent s = {.c = {.once = str_fmt(a, "a form of erase_test %d", ++serial),
                           .form = S("health"),
                           .reason = S("health-new-problem"),
                           .reg = REG_HEALTH,
                           .channel = CHANNEL_WEB,
                           .team = ADVICE,
                           .at = at("2026-11-24T07:00:00Z"),
                           .name = str_of(name),
                           .phone = str_of(phone),
                           .reach = S("message"),
                           .language = S("fi"),
                           .born = DATE_NONE,
                           .text = S("A knee.")}};
    matter_contact_prepare(a, law, key, &s.c);
    CHECK_INT(store_write(store, store_contact, &s), ERR_OK);
    struct matter_act take = {
        .kind = MATTER_TAKEN, .at = at("2026-11-24T08:00:00Z"), .staff = NURSE};
    CHECK_INT(act(s.id, take), REFUSED_FINE);
    return s.id;
}

static int64_t tells(const char *what)
{
    static const struct stmt q = {
        "test.tells", "SELECT count(*) FROM matter_event WHERE body LIKE $1", STMT_SCAN};
    struct db *db = store_reader(store);
    db_begin_read(db);
    int64_t n = DB_INT(db, -1, &q, V_STR(str_fmt(a, "%%%s%%", what)));
    db_end_read(db);
    return n;
}

/* What another matter learned, while the two were taken for one, goes too; and what it was joined
 * with still adds up, and is sealed. */
static void the_other_matter_forgets(void)
{
    int64_t other = contact("", ""), id = contact("Hilja Unohdettava", "040 777 1234");
    joining(other, id, false);
    CHECK_INT(store_write(store, seal, NULL), ERR_OK);
    CHECK_STR(load(other).name, "Hilja Unohdettava");
    joining(other, id, true);
    close_it(id);
    CHECK(tells("Unohdettava") > 1);
    CHECK_INT(erasing(id, "asked for"), REFUSED_FINE);
    CHECK_INT(tells("Unohdettava"), 0);
    CHECK_INT(tells("777 1234"), 0);
    CHECK(found(other));
    CHECK_INT(verify().faults, 0);
    CHECK_INT(store_write(store, seal, NULL), ERR_OK);
    CHECK_INT(verify().faults, 0);
}

/* A told B, B told F while it knew: neither has it when all were separated and A is erased. What F
 * learned of B's own person stays. */
static void what_was_told_further_goes_too(void)
{
    int64_t f = contact("", ""), b = contact("", "040 999 1234");
    int64_t id = contact("Vieno Kolmas", "040 777 9999");
    joining(b, id, false);
    joining(f, b, false);
    CHECK_STR(load(f).name, "Vieno Kolmas");
    CHECK_STR(load(f).phone, "040 999 1234");
    CHECK_INT(store_write(store, seal, NULL), ERR_OK);
    joining(f, b, true);
    joining(b, id, true);
    close_it(id);
    CHECK_INT(erasing(id, "asked for"), REFUSED_FINE);
    CHECK_INT(tells("Kolmas"), 0);
    CHECK_INT(tells("777 9999"), 0);
    CHECK(tells("999 1234") > 1);
    CHECK(found(b) && found(f));
    CHECK_INT(verify().faults, 0);
    CHECK_INT(store_write(store, seal, NULL), ERR_OK);
    CHECK_INT(verify().faults, 0);
}

/* ---- what was sent to another register ---- */

static int64_t handed(int64_t id, const char *when)
{
    struct matter_act o = {.kind = MATTER_HAND_OFFERED,
                           .at = at(when),
                           .staff = NURSE,
                           .team = SOCIAL,
                           .team_reg = REG_SOCIAL,
                           .text = S("They will know."),
                           .agreed = true,
                           .agreed_how = S("phone"),
                           .shared = S("The rent is due, says Outi Palaava."),
                           .told = {.name = true, .phone = true}};
    CHECK_INT(act(id, o), REFUSED_FINE);
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct matter_ids ids = matter_carried(a, db, id);
    db_end_read(db);
    return ids.n ? ids.p[0] : 0;
}

static void what_came_back_goes_and_what_was_taken_stays(void)
{
    int64_t id = contact("Outi Palaava", "040 888 1234");
    int64_t sent_back = handed(id, "2026-11-25T08:00:00Z");
    struct matter_act end = {.kind = MATTER_HAND_DECLINED,
                             .at = at("2026-11-25T09:00:00Z"),
                             .staff = WORKER,
                             .text = S("Ask the bank.")};
    CHECK_INT(act(sent_back, end), REFUSED_FINE);
    int64_t went = handed(id, "2026-11-26T08:00:00Z");
    struct matter_act take = {
        .kind = MATTER_TAKEN, .at = at("2026-11-26T09:00:00Z"), .staff = WORKER};
    CHECK_INT(act(went, take), REFUSED_FINE);
    close_it(id);
    CHECK_INT(erasing(id, "asked for"), REFUSED_FINE);
    CHECK(!found(id) && !found(sent_back) && found(went));
    CHECK_INT(verify().faults, 0);
    close_by(went, WORKER);
    CHECK_INT(erasing(went, "asked for there"), REFUSED_FINE);
    CHECK_INT(tells("Palaava"), 0);
}

/* ---- every table that leads to a matter ---- */

enum which { A_MATTER, A_TIME, A_CHAT, A_TRAY, A_FILE, A_SIGNUP, A_SEAT, WHICHES };
enum { CHAT = 9001, TRAY, FILE_ID, SIGNUP, SEAT };

/* Columns by which something of a matter is found. None leads to one that was erased, but where it
 * stays: why. Who adds a table adds a line here, and what it needs to src/erase. */
static const struct known {
    const char *table, *column;
    enum which which;
    const char *stays;
} known[] = {
    {"matter_clock", "matter", A_MATTER, NULL},
    {"matter_key", "matter", A_MATTER, NULL},
    {"matter_unkeyed", "matter", A_MATTER, NULL},
    {"consult", "matter", A_MATTER, NULL},
    {"consult", "event", A_MATTER, "goes with the row of its matter"},
    {"session", "matter", A_MATTER, NULL},
    {"session", "tray", A_TRAY, NULL},
    {"session", "chat", A_CHAT, NULL},
    {"alarm_ahead", "matter", A_MATTER, NULL},
    {"alarm_look", "matter", A_MATTER, NULL},
    {"attachment", "owner_id", A_MATTER, NULL},
    {"attachment_piece", "attachment", A_FILE, NULL},
    {"chat", "matter", A_MATTER, NULL},
    {"chat_event", "chat", A_CHAT, NULL},
    {"chat_figure", "chat", A_CHAT, NULL},
    {"tray", "matter", A_MATTER, NULL},
    {"tray_event", "tray", A_TRAY, NULL},
    {"tray_item", "tray", A_TRAY, NULL},
    {"tray_code", "tray", A_TRAY, NULL},
    {"tray_look", "tray", A_TRAY, NULL},
    {"group_signup", "matter", A_MATTER, NULL},
    {"group_came", "signup", A_SIGNUP, "of a sign-up that has no person: attendance is counted"},
    {"appointment", "matter", A_MATTER, NULL},
    {"appointment", "moved_from", A_TIME, "of the same matter: goes with it"},
    {"appointment", "moved_to", A_TIME, "of the same matter: goes with it"},
    {"booking_event", "appointment", A_TIME, NULL},
    {"booking_aside", "appointment", A_TIME, NULL},
    {"booking_asked", "appointment", A_TIME, NULL},
    {"ticket", "appointment", A_TIME, NULL},
    {"busy", "taker_id", A_TIME, NULL},
    {"plan_task", "appointment", A_TIME, "a change of a calendar: tells no person"},
    {"remote_room", "appointment", A_TIME, NULL},
    {"remote_seat", "appointment", A_TIME, NULL},
    {"remote_text", "appointment", A_TIME, NULL},
    {"remote_signal", "seat", A_SEAT, NULL},
    {"outbox", "about", A_TIME, "withdrawn; the outbox erases what ended"},
    {"matter_event", "matter", A_MATTER, "empty rows, and the one that says who erased it"},
    {"access_log", "matter", A_MATTER, "who has looked is kept as long as the law asks"},
    {"alarm_fresh", "matter", A_MATTER, "some seconds: what the keeper is to look at"},
    {"matter_presence", "matter", A_MATTER, "some minutes: who has the page open"},
    {"matter", "into_matter", A_MATTER, "no other's: those that are joined are erased with it"},
    {"matter", "offer_matter", A_MATTER, "a number that is found no more"},
    {"matter", "origin", A_MATTER, "a number that is found no more"},
    {"matter", "visit_id", A_TIME, "its own: empty"},
};
enum { KNOWN = sizeof known / sizeof *known };

static bool is_known(struct str table, struct str column)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (str_eq(table, str_of(known[i].table)) && str_eq(column, str_of(known[i].column)))
            return true;
    return false;
}

static bool is_table(struct str name)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (str_eq(name, str_of(known[i].table)))
            return true;
    return false;
}

/* By what it refers to, and by how such columns are called where they refer to nothing. */
static bool leads(struct str column, struct str target)
{
    static const char *const names[] = {"appointment", "chat",       "tray",     "signup",
                                        "seat",        "owner_id",   "taker_id", "visit_id",
                                        "about",       "moved_from", "moved_to", "origin"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(column, str_of(names[i])))
            return true;
    return memmem(column.p, column.n, "matter", 6) || is_table(target);
}

/* The schema is the same on both engines; SQLite's catalogue is asked. */
static void every_table_that_leads_to_a_matter_is_known(void)
{
    static const struct stmt columns = {
        "test.columns",
        "SELECT m.name, c.name, coalesce(f.\"table\", '') FROM sqlite_schema m JOIN "
        "pragma_table_info(m.name) c LEFT JOIN pragma_foreign_key_list(m.name) f ON f.\"from\" = "
        "c.name WHERE m.type = 'table' ORDER BY 1, 2",
        STMT_SCAN};
    size_t seen = 0;
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct rows r = DB_QUERY(db, &columns);
    while (rows_next(&r)) {
        struct str table = rows_str(&r, a, 0), column = rows_str(&r, a, 1);
        if (!leads(column, rows_str(&r, a, 2)))
            continue;
        seen++;
        if (!is_known(table, column))
            printf("# " STR_FMT "." STR_FMT ": add it to known[] and to src/erase\n",
                   STR_ARG(table), STR_ARG(column));
        CHECK(is_known(table, column));
    }
    db_end_read(db);
    CHECK_INT(seen, KNOWN);
}

/* ---- all that a matter can have ---- */

#define ITS_TIME "(SELECT min(id) FROM appointment WHERE matter = $1)"
/* $1: the matter; $2: bytes that nobody else has. */
static const struct stmt plants[] = {
    {"test.plant1",
     "INSERT INTO chat_channel (id, ref, nth, team, settings, retired, paused, paused_why) SELECT "
     "9000, 'x', 1, team, '{}', 0, 0, '' FROM matter WHERE id = $1",
     0},
    {"test.plant2",
     "INSERT INTO chat (id, ref, once, channel, team, first_channel, handed, state, lang, matter, "
     "started_at, waiting_at, line, last_at, seq, seen_staff, seen_resident, said_staff, said, "
     "asked, told, good) SELECT 9001, 'x', 'x', 9000, team, 9000, 0, 'over', 'fi', id, 1, 1, 1, 1, "
     "1, 0, 0, 0, 0, 0, 0, 0 FROM matter WHERE id = $1",
     0},
    {"test.plant3",
     "INSERT INTO chat_event (chat, seq, at, kind, text, body) SELECT 9001, 1, 1, 'x', 'x', '{}' "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant4",
     "INSERT INTO chat_figure (channel, day, hour, how, messages, handed, joined, good, chat) "
     "SELECT 9000, 1, 1, 'answered', 1, 0, 0, 0, 9001 FROM matter WHERE id = $1",
     0},
    {"test.plant5",
     "INSERT INTO tray (id, once, matter, team, staff, state, theme, area, grp, made, until, "
     "items, "
     "answered, told) SELECT 9002, 'x', id, team, 1, 'draft', '', '', '', 1, 1, 1, 0, 0 FROM "
     "matter WHERE id = $1",
     0},
    {"test.plant6",
     "INSERT INTO tray_event (tray, at, kind, item, once, body) SELECT 9002, 1, 'x', 0, 'x', '{}' "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant7",
     "INSERT INTO tray_item (tray, nr, service, name, mark) SELECT 9002, 1, '', 'x', 'suggested' "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant8", "INSERT INTO tray_code (hash, tray) SELECT $2, 9002 FROM matter WHERE id = $1",
     0},
    {"test.plant9",
     "INSERT INTO tray_look (tray, staff, event) SELECT 9002, 1, 1 FROM matter WHERE id = $1", 0},
    {"test.plant10",
     "INSERT INTO session (token, matter, started_at, expires_at) SELECT $2, id, 1, "
     "99999999999999 FROM matter WHERE id = $1",
     0},
    {"test.plant11",
     "INSERT INTO session (token, tray, started_at, expires_at) SELECT $2, 9002, 1, 99999999999999 "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant12",
     "INSERT INTO session (token, chat, started_at, expires_at) SELECT $2, 9001, 1, 99999999999999 "
     "FROM matter WHERE id = $1",
     0},
    {"test.plant13",
     "INSERT INTO alarm_ahead (matter, rule, due_at, team, told_at, told_team) SELECT id, 'x', 1, "
     "team, 1, team FROM matter WHERE id = $1",
     0},
    {"test.plant14", "INSERT INTO alarm_look (matter, at) SELECT id, 1 FROM matter WHERE id = $1",
     0},
    {"test.plant15",
     "INSERT INTO attachment (id, owner, owner_id, once, kind, name, size, hash, at, look) SELECT "
     "9003, 0, id, $2, 'pdf', 'x.pdf', 1, $2, 1, 99999 FROM matter WHERE id = $1",
     0},
    {"test.plant16",
     "INSERT INTO attachment_piece (attachment, nr, bytes) SELECT 9003, 1, $2 FROM matter WHERE id "
     "= $1",
     0},
    {"test.plant17",
     "INSERT INTO group_series (id, ref, team, state, names, whole, remote, places, waiting_most, "
     "offer_hours, opens_at, closes_at, area, languages, audience, name_fi, name_sv, name_en, "
     "text_fi, text_sv, text_en, place_fi, place_sv, place_en, price_fi, price_sv, price_en) "
     "SELECT 9000, 'x', team, 'open', 'may', 1, 0, 1, 5, 0, 0, 0, '', 'fi', '', 'x', 'x', 'x', '', "
     "'', '', '', '', '', '', '', '' FROM matter WHERE id = $1",
     0},
    {"test.plant18",
     "INSERT INTO group_session (id, series, start_at, end_at, sequence, changed_at, cancelled, "
     "why, attended_at, signed, came, came_without, reminded, erased) SELECT 9000, 9000, "
     "1800000000000, 1800003600000, 0, 0, 0, '', 0, 0, 0, 0, 0, 0 FROM matter WHERE id = $1",
     0},
    {"test.plant19",
     "INSERT INTO group_signup (id, series, session, state, once, code, name, phone, email, lang, "
     "site, made_at, queued_at, offers, matter) SELECT 9004, 9000, 0, 'place', 'x', $2, 'Erased', "
     "'0401112222', '', 'fi', '', 1, 1, 0, id FROM matter WHERE id = $1",
     0},
    {"test.plant20",
     "INSERT INTO group_signup (id, series, session, state, once, code, name, phone, email, lang, "
     "site, made_at, queued_at, offers) SELECT 9006, 9000, 0, 'waiting', 'y', $2, 'Waits', "
     "'0403334444', '', 'fi', '', 2, 2, 0 FROM matter WHERE id = $1",
     0},
    {"test.plant21",
     "INSERT INTO remote_room (appointment, made_at, dies_at, seats, texts) SELECT " ITS_TIME
     ", 1, 99999999999999, 1, 1",
     0},
    {"test.plant22",
     "INSERT INTO remote_seat (id, appointment, number, ref, who, name, state, page, seen_at, "
     "inbox, made_at) SELECT 9005, " ITS_TIME ", 1, 'x', 'resident', 'x', 'in', '', 1, 1, 1",
     0},
    {"test.plant23",
     "INSERT INTO remote_signal (seat, seq, sender, sender_page, page, once, at, body) SELECT "
     "9005, 1, 1, '', '', 'x', 1, 'x' FROM matter WHERE id = $1",
     0},
    {"test.plant24",
     "INSERT INTO remote_text (appointment, seq, sender, name, once, at, body) SELECT " ITS_TIME
     ", 1, 1, 'x', 'x', 1, 'x'",
     0},
    {"test.plant25",
     "INSERT INTO booking_aside (appointment, until) SELECT " ITS_TIME ", 99999999999999", 0},
    {"test.plant26", "INSERT INTO booking_asked (hold, appointment) SELECT 1, " ITS_TIME, 0},
    {"test.plant27",
     "INSERT INTO ticket (place, day, ticket, appointment) SELECT 'x', 1, 'x', " ITS_TIME, 0},
    {"test.plant28",
     "INSERT INTO consult (event, matter, asked_at, asked_by, from_team, to_profession) SELECT "
     "(SELECT min(e.id) FROM matter_event e WHERE e.matter = $1), id, 1, 1, team, 'doctor' FROM "
     "matter WHERE id = $1",
     0},
    {"test.plant29", "INSERT INTO matter_unkeyed (matter) SELECT id FROM matter WHERE id = $1", 0},
    {"test.plant30",
     "INSERT INTO matter_key (key, matter, kind) SELECT $2, id, 0 FROM matter WHERE id = $1", 0},
};
enum { PLANTS = sizeof plants / sizeof *plants };

static bool wants_bytes(const struct stmt *s)
{
    return strstr(s->sql, "$2") != NULL;
}

static void message(struct db *db, const char *about, int64_t of, const char *name)
{
    const struct outbox_field fields[] = {{"when", S("ti 9.00")}, {"address", S("https://x.y/z")}};
    const struct outbox_message m = {.key = str_of(name),
                                     .way = OUTBOX_SMS,
                                     .kind = OUTBOX_REMINDER,
                                     .lang = LANG_FI,
                                     .to = S("0401112222"),
                                     .about = str_fmt(a, "%s:%lld", about, (long long)of),
                                     .field = fields,
                                     .field_n = 2};
    CHECK(outbox_put(a, db, &m, at("2026-12-19T08:00:00Z")) > 0);
}

struct planting {
    int64_t id, time;
};

static void plant(struct db *db, void *arg)
{
    struct planting *p = arg;
    static const struct stmt time = {"test.time",
                                     "SELECT min(id) FROM appointment WHERE matter = $1", 0};
    for (size_t i = 0; i < PLANTS; i++) {
        struct val v[] = {V_INT(p->id), V_BLOB(str_fmt(a, "bytes %zu", i))};
        db_exec(db, &plants[i], v, wants_bytes(&plants[i]) ? 2 : 1);
    }
    p->time = DB_INT(db, 0, &time, V_INT(p->id));
    message(db, "appointment", p->time, "test:time");
    message(db, "group-signup", SIGNUP, "test:group");
    message(db, "appointment", 123456, "test:others");
}

static int64_t left_of(const struct known *k, const struct planting *p)
{
    const int64_t ids[WHICHES] = {p->id, p->time, CHAT, TRAY, FILE_ID, SIGNUP, SEAT};
    return count("test.left", str_fmt(a, "SELECT count(*) FROM %s WHERE %s = %lld", k->table,
                                      k->column, (long long)ids[k->which])
                                  .p);
}

/* In how many tables that do not stay something of it stands, or nothing; each is said. */
static int standing(const struct planting *p, bool something)
{
    int n = 0;
    for (size_t i = 0; i < KNOWN; i++)
        if (!known[i].stays && (left_of(&known[i], p) > 0) == something) {
            printf("# %s in %s.%s\n", something ? "something" : "nothing", known[i].table,
                   known[i].column);
            n++;
        }
    return n;
}

static void all_that_it_had_goes(void)
{
    struct planting p = {.id = whole_course()};
    close_it(p.id);
    CHECK_INT(store_write(store, plant, &p), ERR_OK);
    CHECK_INT(standing(&p, false), 0);
    CHECK_INT(erasing(p.id, "asked for"), REFUSED_FINE);
    CHECK_INT(standing(&p, true), 0);
    CHECK_INT(count("test.withdrawn", "SELECT count(*) FROM outbox WHERE state = 'withdrawn' AND "
                                      "key IN ('test:time', 'test:group')"),
              2);
    CHECK_INT(count("test.others", "SELECT count(*) FROM outbox WHERE state = 'waiting' AND key = "
                                   "'test:others'"),
              1);
    CHECK_INT(count("test.nobody", "SELECT count(*) FROM group_signup WHERE name = 'Erased'"), 0);
    CHECK_INT(count("test.next", "SELECT count(*) FROM group_signup WHERE name = 'Waits' AND state "
                                 "= 'place'"),
              1);
}

/* A receipt code opens nothing any more. */
static void its_code_is_gone(void)
{
    int64_t before = count("test.codes", "SELECT count(*) FROM matter WHERE state <> 'erased'");
    struct sent s = send("a form whose code goes", "2026-11-24T07:00:00Z", "health-new-problem");
    struct str code = s.c.code_hash;
    struct db *db = store_reader(store);
    struct matter_act take = {
        .kind = MATTER_TAKEN, .at = at("2026-11-24T08:00:00Z"), .staff = NURSE};
    CHECK_INT(matter_find_code(db, code), s.id);
    CHECK_INT(act(s.id, take), REFUSED_FINE);
    close_it(s.id);
    CHECK_INT(erasing(s.id, "asked for"), REFUSED_FINE);
    db_begin_read(db);
    CHECK_INT(matter_find_code(db, code), 0);
    db_end_read(db);
    CHECK_INT(count("test.codes", "SELECT count(*) FROM matter WHERE state <> 'erased'"), before);
}

#ifdef ASIALLA_FAULTS
/* Whatever fails in the middle, it is erased or it is not, and can be erased after that. */
static void half_erased_is_not_erased(void)
{
    static const enum fault_kind kinds[] = {FAULT_SQL, FAULT_COMMIT};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bool struck = true;
        for (long n = 1; struck && n < 400; n += n < 20 ? 1 : 7) {
            struct one o = {whole_course(), "asked for", REFUSED_COUNT};
            close_it(o.id);
            CHECK_INT(store_write(store, seal, NULL), ERR_OK);
            fault_arm(kinds[k], n);
            enum err err = store_write(store, erase, &o);
            struck = fault_left(kinds[k]) == 0;
            fault_arm(kinds[k], 0);
            CHECK(found(o.id) == (err != ERR_OK));
            CHECK_INT(verify().faults, 0);
            if (err != ERR_OK)
                CHECK_INT(erasing(o.id, "asked for"), REFUSED_FINE);
        }
        CHECK(!struck); /* it came to the end of what can fail */
    }
}
#endif

static void on(void)
{
    printf("# %s\n", store_engine(store));
    TEST(nothing_stays_but_that_it_was);
    TEST(tampering_still_shows);
    TEST(what_is_not_over_stays);
    TEST(the_other_matter_forgets);
    TEST(what_was_told_further_goes_too);
    TEST(what_came_back_goes_and_what_was_taken_stays);
    TEST(all_that_it_had_goes);
    TEST(its_code_is_gone);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, county))
        return 1;
    outbox_read();
    on();
    TEST(every_table_that_leads_to_a_matter_is_known);
#ifdef ASIALLA_FAULTS
    TEST(half_erased_is_not_erased);
#endif
    county_again(getenv("ASIALLA_PG"), county, on);
    return county_close();
}
