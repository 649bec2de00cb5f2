/*
 * offer_test.c: hand-overs that stay open until somebody takes them: within a register, across the
 * registers with what was agreed and nothing else, to an organisation; declined, taken back, given
 * back by the keeper; two who take at the same time; and whatever is done in whatever order, the
 * rows are what the events say and no matter is anybody's but one team's. On SQLite, and once more
 * on PostgreSQL where ASIALLA_PG names an empty database. argv: rules.json reasons.json.
 */
#include "matter/act_test.h"

static int serial;

static enum matter_sight sees(int64_t staff, int64_t team, int64_t id)
{
    struct matter m = load(id);
    struct session s = of(staff, team);
    struct db *db = store_reader(store);
    db_begin_read(db);
    enum matter_sight sight = matter_sight_at(db, &s, &m, at("2026-11-24T12:00:00Z"));
    db_end_read(db);
    return sight;
}

/* A matter that the nurse has; on a Tuesday at ten. */
static int64_t taken(void)
{
    const char *once = str_z(a, str_fmt(a, "a form of offer_test %d", ++serial));
    int64_t id = send(once, "2026-11-24T07:00:00Z", "certificate").id;
    struct matter_act take = {
        .kind = MATTER_TAKEN, .at = at("2026-11-24T08:00:00Z"), .staff = NURSE};
    CHECK_INT(act(id, take), REFUSED_FINE);
    return id;
}

static struct matter_act offer_to(int64_t team)
{
    return (struct matter_act){.kind = MATTER_HAND_OFFERED,
                               .at = at("2026-11-24T09:00:00Z"),
                               .staff = NURSE,
                               .team = team,
                               .team_reg = team == SOCIAL ? REG_SOCIAL : REG_HEALTH,
                               .text = S("A tooth hurts.")};
}

static struct matter_act across(void)
{
    struct matter_act o = offer_to(SOCIAL);
    o.text = S("A secret reason of the sender's.");
    o.agreed = true;
    o.agreed_how = S("phone");
    o.shared = S("My rent is due and I have no money.");
    o.told = (struct matter_told){.phone = true};
    return o;
}

static struct matter_act then(enum matter_kind kind, int64_t staff, const char *text)
{
    return (struct matter_act){
        .kind = kind, .at = at("2026-11-24T10:00:00Z"), .staff = staff, .text = str_of(text)};
}

static struct matter_handed_list listed(int64_t team, bool to, const char *now)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct matter_handed_list l = to ? matter_offered_to(a, db, law, team, at(now), 200)
                                     : matter_offered_by(a, db, law, team, 200);
    db_end_read(db);
    return l;
}

static const struct matter_handed *line_of(const struct matter_handed_list *l, int64_t id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i].id == id)
            return &l->p[i];
    return NULL;
}

static bool on_list(int64_t team, bool to, int64_t id)
{
    struct matter_handed_list l = listed(team, to, "2026-11-24T12:00:00Z");
    return line_of(&l, id) != NULL;
}

static void stays_the_senders_until_taken(void)
{
    int64_t id = taken();
    size_t clocks = load(id).clocks.n;
    CHECK_INT(act(id, offer_to(DENTAL)), REFUSED_FINE);
    struct matter m = load(id);
    CHECK(m.offer.open && m.team == ADVICE && m.owner == NURSE && m.offer.team == DENTAL);
    CHECK_STR(date_iso(a, date_of((struct instant){m.offer.ends.ms - 1})), "2026-11-26");
    CHECK_INT(clock_of(&m, "take-over")->clock.due_at.ms, m.offer.ends.ms);
    CHECK_INT(m.clocks.n, clocks + 1);
    CHECK_INT(sees(NURSE, ADVICE, id), SIGHT_OWN);
    CHECK_INT(sees(DENTIST, DENTAL, id), SIGHT_OFFERED);
    CHECK_INT(sees(WORKER, SOCIAL, id), SIGHT_NONE);
    CHECK(on_list(DENTAL, true, id) && on_list(ADVICE, false, id) && !on_list(ADVICE, true, id));
    CHECK_INT(act(id, offer_to(DENTAL)), REFUSED_OFFERED);
    struct matter_act close = then(MATTER_CLOSED, NURSE, "Done.");
    close.outcome = S("advice");
    CHECK_INT(act(id, close), REFUSED_OFFERED);
    CHECK_INT(act(id, then(MATTER_HAND_TAKEN, DENTIST, "")), REFUSED_FINE);
    m = load(id);
    CHECK(!m.offer.open && m.team == DENTAL && m.owner == DENTIST);
    CHECK(clock_of(&m, "take-over")->stopped.ms != 0);
    CHECK_INT(act(id, then(MATTER_HAND_TAKEN, WORKER, "")), REFUSED_NOT_OFFERED);
    CHECK_INT(sees(NURSE, ADVICE, id), SIGHT_NONE);
}

/* Known mistake of other systems: a hand-over begins the wait anew. */
static void hand_over_resets_no_clock(void)
{
    int64_t id = taken();
    struct matter before = load(id);
    act(id, offer_to(DENTAL));
    act(id, then(MATTER_HAND_TAKEN, DENTIST, ""));
    struct matter m = load(id);
    for (size_t i = 0; i < before.clocks.n; i++) {
        const struct law_clock *x = &before.clocks.p[i].clock, *y = &m.clocks.p[i].clock;
        CHECK(x->due_at.ms == y->due_at.ms && x->started.ms == y->started.ms);
        CHECK_INT(m.clocks.p[i].stopped.ms, before.clocks.p[i].stopped.ms);
    }
}

static void declined_with_a_reason(void)
{
    int64_t id = taken();
    act(id, offer_to(DENTAL));
    CHECK_INT(act(id, then(MATTER_HAND_DECLINED, DENTIST, " ")), REFUSED_NO_TEXT);
    CHECK_INT(act(id, then(MATTER_HAND_DECLINED, DENTIST, "Not a tooth.")), REFUSED_FINE);
    struct matter m = load(id);
    CHECK(!m.offer.open && m.offer.declined && m.returned.ms && m.team == ADVICE);
    CHECK(clock_of(&m, "take-over")->stopped.ms != 0 && matter_promise(&m));
    CHECK(on_list(ADVICE, false, id) && !on_list(DENTAL, true, id));
    CHECK_INT(sees(DENTIST, DENTAL, id), SIGHT_NONE);
    act(id, then(MATTER_NOTED, NURSE, "Seen."));
    m = load(id);
    CHECK(!m.returned.ms && !m.offer.at.ms && !on_list(ADVICE, false, id));
}

static void taken_back_by_the_sender(void)
{
    int64_t id = taken();
    act(id, offer_to(DENTAL));
    CHECK_INT(act(id, then(MATTER_HAND_WITHDRAWN, DOCTOR, "")), REFUSED_OTHERS);
    CHECK_INT(act(id, then(MATTER_HAND_WITHDRAWN, NURSE, "")), REFUSED_FINE);
    CHECK(!load(id).offer.at.ms && !on_list(ADVICE, false, id) && !on_list(DENTAL, true, id));
    CHECK_INT(act(id, offer_to(DENTAL)), REFUSED_FINE);
}

struct giving {
    struct instant now;
    bool more;
};

static void give_back(struct db *db, void *arg)
{
    struct giving *g = arg;
    g->more = matter_hand_run(a, db, law, g->now);
}

static void keeper_at(const char *when)
{
    struct giving g = {at(when), true};
    while (g.more)
        CHECK_INT(store_write(store, give_back, &g), ERR_OK);
}

static void untaken_goes_back_and_stands_on_both_lists(void)
{
    int64_t id = taken();
    act(id, offer_to(DENTAL));
    keeper_at("2026-11-26T21:59:00Z"); /* two working days: the end of Thursday in Helsinki */
    CHECK(load(id).offer.open);
    keeper_at("2026-11-26T22:00:00Z");
    struct matter m = load(id);
    CHECK(!m.offer.open && m.returned.ms && m.team == ADVICE && m.owner == NURSE);
    struct matter_handed_list to = listed(DENTAL, true, "2026-11-27T07:00:00Z");
    struct matter_handed_list by = listed(ADVICE, false, "2026-11-27T07:00:00Z");
    CHECK(line_of(&to, id) && !line_of(&to, id)->open && line_of(&by, id));
    CHECK_INT(act(id, then(MATTER_HAND_TAKEN, DENTIST, "")), REFUSED_NOT_OFFERED);
    struct db *db = store_reader(store);
    db_begin_read(db);
    CHECK(!matter_hand_wanted(db, at("2026-11-27T07:00:00Z")));
    db_end_read(db);
    act(id, then(MATTER_NOTED, NURSE, "Seen."));
    CHECK(!on_list(ADVICE, false, id) && !on_list(DENTAL, true, id));
}

static void to_an_organisation(void)
{
    int64_t id = taken();
    struct matter_act o = offer_to(0);
    o.organisation = S("org-1");
    o.organisation_name = S("The parish");
    CHECK_INT(act(id, o), REFUSED_NOT_AGREED_OUT);
    o.agreed = true;
    o.shared = S("Somebody to talk with.");
    CHECK_INT(act(id, o), REFUSED_NO_HOW);
    o.agreed_how = S("visit");
    CHECK_INT(act(id, o), REFUSED_FINE);
    struct matter m = load(id);
    CHECK(m.offer.open && !m.offer.team && m.offer.ends.ms && on_list(ADVICE, false, id));
    CHECK_STR(m.offer.name, "The parish");
    CHECK_INT(act(id, then(MATTER_HAND_TAKEN, DENTIST, "")), REFUSED_OTHERS);
    CHECK_INT(act(id, then(MATTER_HAND_TAKEN, NURSE, "They rang.")), REFUSED_FINE);
    m = load(id);
    CHECK(!m.offer.open && m.team == ADVICE && m.owner == NURSE);
}

static int64_t carrier_of(int64_t id)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct matter_ids ids = matter_carried(a, db, id);
    db_end_read(db);
    return ids.n ? ids.p[0] : 0;
}

static void across_needs_a_yes(void)
{
    int64_t id = taken();
    struct matter_act o = across();
    o.agreed = false;
    CHECK_INT(act(id, o), REFUSED_NOT_AGREED);
    o.agreed = true;
    o.agreed_how = S("somehow");
    CHECK_INT(act(id, o), REFUSED_NO_HOW);
    o.agreed_how = S("written");
    o.shared = S(" \n");
    CHECK_INT(act(id, o), REFUSED_NO_SHARED);
    CHECK_INT(carrier_of(id), 0);
}

/* What the receiver can read anywhere of the matter: the log and the rows. */
static bool carries(int64_t carrier, const char *what)
{
    struct matter m = load(carrier);
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct matter_events events = matter_load_events(a, db, carrier);
    db_end_read(db);
    struct buf b = buf_new(a, 0);
    for (size_t i = 0; i < events.n; i++)
        buf_str(&b, events.p[i].body);
    const struct str rows[] = {m.name, m.phone, m.email, m.form, m.reason, m.other, m.language};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_str(&b, rows[i]);
    return strstr(str_z(a, buf_get(&b)), what) != NULL;
}

static void across_tells_what_was_agreed_and_nothing_else(void)
{
    int64_t id = taken();
    CHECK_INT(act(id, across()), REFUSED_FINE);
    int64_t carrier = carrier_of(id);
    struct matter m = load(id), c = load(carrier);
    CHECK(m.team == ADVICE && m.owner == NURSE && m.reg == REG_HEALTH && m.offer.open);
    CHECK_INT(m.offer.matter, carrier);
    CHECK(c.team == SOCIAL && c.reg == REG_SOCIAL && !c.owner && matter_is_carrier(&c));
    CHECK(c.origin == id && c.received.ms == m.received.ms && c.counted.day == m.counted.day);
    CHECK(c.offer.ends.ms == m.offer.ends.ms && matter_promise(&c));
    CHECK(carries(carrier, "My rent is due and I have no money."));
    CHECK(!carries(carrier, "secret") && !carries(carrier, "tears") && !carries(carrier, "Testi"));
    CHECK(!carries(carrier, "1980") && !carries(carrier, "certificate"));
    CHECK_INT(sees(WORKER, SOCIAL, id), SIGHT_NONE);
    CHECK_INT(sees(WORKER, SOCIAL, carrier), SIGHT_OWN);
    CHECK_INT(sees(NURSE, ADVICE, carrier), SIGHT_NONE);
    CHECK(on_list(SOCIAL, true, carrier) && !on_list(SOCIAL, true, id));
    CHECK(on_list(ADVICE, false, id) && !on_list(SOCIAL, false, carrier));
}

static void across_is_taken(void)
{
    int64_t id = taken();
    struct matter_act o = across();
    o.told = (struct matter_told){.name = true, .born = true, .language = true};
    act(id, o);
    int64_t carrier = carrier_of(id);
    CHECK_STR(load(carrier).name, "Testi Henkilö");
    CHECK_INT(load(carrier).born.day, date_from(1980, 1, 1).day);
    CHECK_INT(act(id, then(MATTER_HAND_TAKEN, WORKER, "")), REFUSED_OTHERS);
    CHECK_INT(act(carrier, then(MATTER_HAND_WITHDRAWN, WORKER, "")), REFUSED_NOT_OFFERED);
    CHECK_INT(act(carrier, then(MATTER_TAKEN, WORKER, "")), REFUSED_FINE);
    struct matter m = load(id), c = load(carrier);
    CHECK(c.owner == WORKER && !c.offer.open && !matter_is_carrier(&c));
    CHECK(!m.offer.open && m.team == ADVICE && m.owner == NURSE && !m.returned.ms);
    CHECK(clock_of(&m, "take-over")->stopped.ms != 0);
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct matter_events events = matter_load_events(a, db, id);
    db_end_read(db);
    const struct matter_event *last = &events.p[events.n - 1];
    CHECK(last->kind == MATTER_HAND_TAKEN && last->staff == 0);
}

static void across_is_declined_or_comes_back(void)
{
    int64_t id = taken();
    act(id, across());
    int64_t carrier = carrier_of(id);
    CHECK_INT(act(carrier, then(MATTER_HAND_DECLINED, WORKER, "Ask the bank.")), REFUSED_FINE);
    struct matter m = load(id), c = load(carrier);
    CHECK(c.state == MATTER_SHUT && !c.offer.open);
    CHECK_STR(c.outcome, "other");
    for (size_t i = 0; i < c.clocks.n; i++)
        CHECK(c.clocks.p[i].stopped.ms != 0);
    CHECK(!m.offer.open && m.offer.declined && m.returned.ms && m.state == MATTER_OPEN);
    CHECK_INT(act(carrier, then(MATTER_REOPENED, WORKER, "")), REFUSED_NOT_OFFERED);

    id = taken();
    act(id, across());
    carrier = carrier_of(id);
    keeper_at("2026-11-26T22:00:00Z");
    CHECK(load(carrier).state == MATTER_SHUT && load(id).returned.ms);
    struct matter_handed_list to = listed(SOCIAL, true, "2026-11-27T07:00:00Z");
    CHECK(line_of(&to, carrier) && !line_of(&to, carrier)->open);
    to = listed(SOCIAL, true, "2026-12-27T07:00:00Z");
    CHECK(!line_of(&to, carrier));

    id = taken();
    act(id, across());
    carrier = carrier_of(id);
    CHECK_INT(act(id, then(MATTER_CANCELLED, 0, "")), REFUSED_FINE);
    CHECK(load(carrier).state == MATTER_SHUT && load(id).state == MATTER_WITHDRAWN);
}

static void who_may_do_what(void)
{
    int64_t id = taken();
    act(id, offer_to(DENTAL));
    struct matter m = load(id);
    struct session nurse = of(NURSE, ADVICE), dentist = of(DENTIST, DENTAL);
    CHECK(!matter_may(&nurse, &m, SIGHT_OWN, MATTER_HAND_TAKEN));
    CHECK(matter_may(&nurse, &m, SIGHT_OWN, MATTER_HAND_WITHDRAWN));
    CHECK(matter_may(&dentist, &m, SIGHT_OFFERED, MATTER_HAND_TAKEN));
    CHECK(matter_may(&dentist, &m, SIGHT_OFFERED, MATTER_HAND_DECLINED));
    CHECK(!matter_may(&dentist, &m, SIGHT_OFFERED, MATTER_NOTED));
    CHECK(!matter_may(&dentist, &m, SIGHT_OFFERED, MATTER_TAKEN));
    CHECK(matter_may(&dentist, &m, SIGHT_CONSULT, MATTER_CONSULT_ANSWERED));
    CHECK(!matter_may(&dentist, &m, SIGHT_NONE, MATTER_CONSULT_ANSWERED));
}

/* A colleague of the sender's who takes the matter over does not take it in the receiver's place.
 */
static void a_change_of_owner_ends_no_offer(void)
{
    int64_t id = taken();
    act(id, offer_to(DENTAL));
    struct matter_act take = then(MATTER_TAKEN, DOCTOR, "");
    take.agreed = true;
    CHECK_INT(act(id, take), REFUSED_FINE);
    struct matter m = load(id);
    CHECK(m.owner == DOCTOR && m.offer.open && clock_of(&m, "take-over")->stopped.ms == 0);
    CHECK_INT(act(id, then(MATTER_HAND_WITHDRAWN, DOCTOR, "")), REFUSED_FINE);
}

/* ---- whatever is done ---- */

enum { MANY = 12, STEPS = 1000 };

static struct matter_act any_act(const struct matter *m, struct instant now)
{
    static const enum matter_kind often[] = {
        MATTER_HAND_OFFERED, MATTER_HAND_TAKEN,     MATTER_HAND_DECLINED, MATTER_TAKEN,
        MATTER_HAND_OFFERED, MATTER_HAND_WITHDRAWN, MATTER_HAND_RETURNED, MATTER_RELEASED,
        MATTER_CONTACTED,    MATTER_MESSAGE,        MATTER_CLOSED,        MATTER_REOPENED,
        MATTER_ASKED,        MATTER_CANCELLED};
    enum matter_kind kind = often[dice(sizeof often / sizeof *often)];
    struct matter_act act = dice(2) ? across() : offer_to(1 + dice(3));
    act.kind = kind;
    act.at = now;
    act.staff = m->owner && dice(3) ? m->owner : 1 + dice(4);
    act.outcome = S("advice");
    if (kind == MATTER_HAND_RETURNED || kind == MATTER_MESSAGE || kind == MATTER_CANCELLED)
        act.staff = 0;
    act.team_reg = act.team == SOCIAL ? REG_SOCIAL : REG_HEALTH;
    act.agreed = act.agreed || dice(2);
    return act;
}

/* What one matter says of a hand-over, the one at its other end says too. */
static void ends_agree(int64_t id)
{
    struct matter m = load(id);
    CHECK((matter_promise(&m) != NULL) == (m.state == MATTER_OPEN));
    CHECK(!m.offer.open || m.state == MATTER_OPEN);
    CHECK(!m.offer.open || !m.returned.ms);
    if (m.offer.open && m.offer.matter) {
        struct matter other = load(m.offer.matter);
        CHECK(other.offer.open && other.offer.matter == id && other.reg != m.reg);
        CHECK(matter_is_carrier(&m) != matter_is_carrier(&other));
        CHECK_INT(other.offer.ends.ms, m.offer.ends.ms);
    }
}

static void all_that_there_is(int64_t *ids, size_t *n, size_t room)
{
    for (size_t i = 0; i < *n; i++) {
        int64_t carrier = carrier_of(ids[i]);
        bool known = carrier == 0;
        for (size_t j = 0; j < *n; j++)
            known = known || ids[j] == carrier;
        if (!known && *n < room)
            ids[(*n)++] = carrier;
    }
}

static void both_ends_agree_whatever_is_done(void)
{
    int64_t ids[400];
    size_t n = MANY;
    int done = 0, crossed = 0;
    struct instant now = at("2026-12-18T10:00:00Z");
    for (size_t i = 0; i < n; i++)
        ids[i] = taken();
    for (int i = 0; i < STEPS; i++) {
        int64_t id = ids[dice((int)n)];
        struct matter before = load(id);
        now.ms += (int64_t)dice(120) * MINUTE_MS + 1;
        struct matter_act any = any_act(&before, now);
        if (matter_check(law, &before, &any) != REFUSED_FINE)
            continue; /* a commit less */
        done += act(id, any) == REFUSED_FINE;
        struct matter m = load(id);
        CHECK(m.team == before.team || (before.offer.open && m.team == before.offer.team));
        CHECK_INT(m.reg, before.reg);
        CHECK(!before.responded.ms || m.responded.ms == before.responded.ms);
        all_that_there_is(ids, &n, sizeof ids / sizeof *ids);
        ends_agree(id);
        if (m.offer.matter)
            ends_agree(m.offer.matter);
    }
    for (size_t i = 0; i < n; i++)
        crossed += load(ids[i]).origin != 0;
    printf("# %d acts done, %d matters carried across\n", done, crossed);
    CHECK(done > 100 && crossed > 5);
    CHECK_INT(verify().faults, 0);
}

static void on(void)
{
    printf("# %s\n", store_engine(store));
    TEST(stays_the_senders_until_taken);
    TEST(hand_over_resets_no_clock);
    TEST(declined_with_a_reason);
    TEST(taken_back_by_the_sender);
    TEST(untaken_goes_back_and_stands_on_both_lists);
    TEST(to_an_organisation);
    TEST(across_needs_a_yes);
    TEST(across_tells_what_was_agreed_and_nothing_else);
    TEST(across_is_taken);
    TEST(across_is_declined_or_comes_back);
    TEST(who_may_do_what);
    TEST(a_change_of_owner_ends_no_offer);
    TEST(both_ends_agree_whatever_is_done);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, three_teams))
        return 1;
    on();
    county_again(getenv("ASIALLA_PG"), three_teams, on);
    return county_close();
}
