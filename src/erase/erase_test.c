/*
 * erase_test.c: what stays of a matter that was erased, and that figures and seals hold; who may
 * and when. On SQLite, and once more on PostgreSQL where ASIALLA_PG names an empty database. argv:
 * rules.json reasons.json.
 */
#include "erase/erase.h"

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
    fact_settle(a, &f);
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

static void on(void)
{
    printf("# %s\n", store_engine(store));
    TEST(nothing_stays_but_that_it_was);
    TEST(tampering_still_shows);
    TEST(what_is_not_over_stays);
    TEST(the_other_matter_forgets);
    TEST(what_came_back_goes_and_what_was_taken_stays);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, county))
        return 1;
    on();
    county_again(getenv("ASIALLA_PG"), county, on);
    return county_close();
}
