/*
 * erase_test.c: what stays of a matter that was erased, and that figures and seals hold; who may
 * and when. On SQLite, and once more on PostgreSQL where ASIALLA_PG names an empty database. argv:
 * rules.json reasons.json.
 */
#include "erase/erase.h"

#include "base/fault.h"
#include "booking/booking_test.h"
#include "erase/erase_rows_test.h"
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

static size_t facts_left(void)
{
    return written().n;
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
