/*
 * merge_test.c: duplicates: what is compared, who is offered what, joining and separating; and
 * whatever is joined, answered and separated in whatever order, no promise is lost and the rows are
 * what the events say. On SQLite, and once more on PostgreSQL where ASIALLA_PG names an empty
 * database. argv: rules.json reasons.json.
 */
#include "matter/matter_test.h"
#include "matter/matter_rows.h"
#include "matter/join_test.h"

static const unsigned char key[32] = "a key for tests only";
enum { NURSE = 1, DOCTOR = 2, ADVICE = 1, DENTAL = 2, SOCIAL = 3 };
static int serial;

static void make_people(struct db *db, void *arg)
{
    team_add(db, ADVICE, "advice", REG_HEALTH);
    team_add(db, DENTAL, "dental", REG_HEALTH);
    team_add(db, SOCIAL, "social", REG_SOCIAL);
    worker_add(db, NURSE, "nurse");
    worker_add(db, DOCTOR, "doctor");
}

/* ---- contacts, acts, joining ---- */

struct sent {
    struct matter_contact c;
    int64_t id;
};

static void store_contact(struct db *db, void *arg)
{
    struct sent *s = arg;
    bool again;
    struct matter_contact c = s->c;
    s->id = matter_contact_store(a, db, &c, &again);
}

/* Members that are left out: an adult's question to the health advice, at nine on a Tuesday. */
static int64_t contact(struct matter_contact c)
{
    struct sent s = {.c = c};
    s.c.once = str_fmt(a, "a form of merge_test %d", ++serial);
    s.c.form = c.form.n ? c.form : S("health");
    s.c.reason = c.reason.n ? c.reason : S("certificate");
    s.c.team = c.team ? c.team : ADVICE;
    s.c.at = c.at.ms ? c.at : at("2026-11-24T07:00:00Z");
    s.c.reach = S("call");
    s.c.language = S("fi");
    s.c.born = c.born.day ? c.born : DATE_NONE;
    s.c.text = c.text.n ? c.text : S("Something.");
    matter_contact_prepare(a, law, key, &s.c);
    CHECK_INT(store_write(store, store_contact, &s), ERR_OK);
    return s.id;
}

static struct matter load(int64_t id)
{
    struct matter m = {0};
    CHECK(matter_load(a, store_reader(store), law, id, &m));
    return m;
}

struct doing {
    int64_t id;
    struct matter_act act;
    enum matter_refusal refusal;
};

static void do_act(struct db *db, void *arg)
{
    struct doing *d = arg;
    struct matter m;
    CHECK(matter_load(a, db, law, d->id, &m));
    d->refusal = matter_do(a, db, law, &m, &d->act);
}

static enum matter_refusal act(int64_t id, struct matter_act what)
{
    struct doing d = {id, what, REFUSED_COUNT};
    CHECK_INT(store_write(store, do_act, &d), ERR_OK);
    return d.refusal;
}

static void take(int64_t id, struct instant t)
{
    CHECK_INT(act(id, (struct matter_act){.kind = MATTER_TAKEN, .at = t, .staff = NURSE}),
              REFUSED_FINE);
}

static enum merge_refusal both(int64_t kept, int64_t joined, struct instant t, bool split)
{
    return join_or_split(
        (struct merge_act){.kept = kept, .joined = joined, .staff = NURSE, .at = t}, split);
}

static enum merge_refusal join(int64_t kept, int64_t joined, const char *when)
{
    return both(kept, joined, at(when), false);
}

static enum merge_refusal separate(int64_t kept, int64_t joined, const char *when)
{
    return both(kept, joined, at(when), true);
}

static int64_t faults(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct verify_report r = matter_verify(db, law);
    db_end_read(db);
    return r.faults;
}

static const struct matter_clock *clock_of(const struct matter *m, const char *rule)
{
    for (size_t i = m->clocks.n; i > 0; i--)
        if (str_eq(m->clocks.p[i - 1].rule, str_of(rule)))
            return &m->clocks.p[i - 1];
    return NULL;
}

static size_t running(const struct matter *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->clocks.n; i++)
        n += m->clocks.p[i].stopped.ms == 0;
    return n;
}

/* ---- what is compared ---- */

static void phones_and_names(void)
{
    static const char *const one[] = {"040 123 4567", "+358401234567", "00358 40 1234567",
                                      "+358 (0)40-123 4567"};
    for (size_t i = 0; i < sizeof one / sizeof *one; i++)
        CHECK_STR(merge_phone(a, str_of(one[i])), "0401234567");
    CHECK_STR(merge_phone(a, S("+46 8 123 45 67")), "+4681234567");
    CHECK_INT(merge_phone(a, S("112")).n, 0);
    CHECK_STR(merge_name(a, S(" Virtanen,  Aino ")), "aino virtanen");
    CHECK_STR(merge_name(a, S("Aino VIRTANEN")), "aino virtanen");
    CHECK_STR(merge_name(a, S("Öhman Åsa")), "åsa öhman");
    CHECK_INT(merge_name(a, S(" - ")).n, 0);
}

static void texts_are_alike(void)
{
    struct str x = S("My knee has hurt for two weeks and I cannot walk up the stairs any more.");
    struct str y = S("my knee has hurt for two weeks, and I cannot walk up the stairs anymore!");
    struct str z = S("I need a certificate for my employer of the days when I was ill.");
    CHECK_INT(merge_alike(a, x, x), 100);
    CHECK(merge_alike(a, x, y) >= 85);
    CHECK(merge_alike(a, x, z) < 30);
    CHECK_INT(merge_alike(a, x, y), merge_alike(a, y, x));
    CHECK_INT(merge_alike(a, x, S("")), 0);
}

static bool note(void *ctx, struct str number)
{
    struct buf *b = ctx;
    buf_str(b, number);
    buf_char(b, '|');
    return true;
}

static void numbers_in_a_text(void)
{
    static const struct {
        const char *text, *found;
    } cases[] = {
        {"My number is 7K2M-4Q4R.", "7K2M-4Q4R|"},
        {"code 7k2m q4rd 9xwa3, thank you", "7k2m q4rd 9xwa3|"},
        {"7K2MQ4RD9XWA3", "7K2MQ4RD9XWA3|"},
        {"7K2M4Q4R and 1111-2222", "7K2M4Q4R|1111-2222|"},
        {"nothing to see here, only many words", ""},
        {"x7K2M-4Q4R", ""},
        {"7K2M-4Q4R5", ""},
        {"\xC3\xA4"
         "7K2M-4Q4R",
         ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = buf_new(a, 0);
        merge_numbers(str_of(cases[i].text), note, &b);
        CHECK_STR(buf_get(&b), cases[i].found);
    }
}

static void the_data_is_read_strictly(void)
{
    static const char good[] = "{\"text\":{\"alike\":60,\"days\":30,\"shortest\":40},"
                               "\"closed\":{\"days\":14}}";
    static const char *const bad[] = {
        "",
        "{}",
        "[]",
        "{\"text\":{\"alike\":101,\"days\":30,\"shortest\":40},\"closed\":{\"days\":14}}",
        "{\"text\":{\"alike\":60,\"days\":30,\"shortest\":40},\"closed\":{\"day\":14}}",
        "{\"text\":{\"alike\":60,\"days\":30,\"shortest\":40,\"x\":1},\"closed\":{\"days\":14}}"};
    struct merge_rules r;
    struct str why = {0};
    CHECK(merge_rules_read(a, str_of(good), &r, &why));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!merge_rules_read(a, str_of(bad[i]), &r, &why) && why.n);
    CHECK(merge_rules()->alike > 0);
}

/* ---- who is offered ---- */

static void key_all(void)
{
    struct db *db = store_reader(store);
    for (int i = 0; i < 100 && merge_keying_wanted(db); i++) {
        struct merge_keying k = merge_keying_make(a, db, key);
        CHECK_INT(store_write(store, (void (*)(struct db *, void *))merge_keying_write, &k),
                  ERR_OK);
    }
    CHECK(!merge_keying_wanted(db));
}

static void come_late(struct db *db, void *matter)
{
    static const struct stmt q = {"test.unkeyed",
                                  "INSERT INTO matter_unkeyed (id, matter) VALUES (-1, $1)", 0};
    DB_EXEC(db, &q, V_INT(*(int64_t *)matter));
}

/* On PostgreSQL a commit that began first may be over last: its number is lower. */
static void a_number_that_comes_late_is_not_forgotten(void)
{
    int64_t id = contact((struct matter_contact){.phone = S("040 123 4567")});
    struct merge_keying k = merge_keying_make(a, store_reader(store), key);
    CHECK_INT(store_write(store, come_late, &id), ERR_OK);
    CHECK_INT(store_write(store, (void (*)(struct db *, void *))merge_keying_write, &k), ERR_OK);
    CHECK(merge_keying_wanted(store_reader(store)));
    key_all();
}

static int64_t own_teams[] = {ADVICE};
static const struct session nurse = {
    .kind = SESSION_STAFF, .staff = NURSE, .teams = {own_teams, 1, 1}};

static struct merge_offers find(int64_t id)
{
    struct matter m = load(id);
    key_all();
    struct merge_asker q = {a, store_reader(store), law, key, &nurse, at("2026-11-24T09:00:00Z")};
    return merge_find(&q, &m);
}

static unsigned reasons(int64_t id, int64_t other)
{
    struct merge_offers o = find(id);
    for (size_t i = 0; i < o.n; i++)
        if (o.p[i].matter.id == other)
            return o.p[i].reasons;
    return 0;
}

static void each_reason_is_found(void)
{
    struct str text = S("My left ear has been ringing since I was at a concert last Friday.");
    int64_t id = contact((struct matter_contact){.name = S("Aino Etsijä"),
                                                 .phone = S("040 555 0001"),
                                                 .email = S("aino@example.org"),
                                                 .born = date_from(1980, 1, 2),
                                                 .text = text});
    struct matter m = load(id);
    int64_t phone = contact((struct matter_contact){.phone = S("+358405550001")});
    int64_t mail = contact((struct matter_contact){.email = S("Aino@Example.org")});
    int64_t name =
        contact((struct matter_contact){.name = S("etsijä aino"), .born = date_from(1980, 1, 2)});
    int64_t alike = contact((struct matter_contact){
        .text = S("My left ear has been ringing since I was at the concert last Friday")});
    int64_t number = contact((struct matter_contact){
        .text = str_fmt(a, "I wrote before: " STR_FMT, STR_ARG(matter_ref_shown(a, m.ref)))});
    CHECK_INT(reasons(id, phone), 1u << MERGE_PHONE);
    CHECK_INT(reasons(id, mail), 1u << MERGE_EMAIL);
    CHECK_INT(reasons(id, name), 1u << MERGE_NAME);
    CHECK_INT(reasons(id, alike), 1u << MERGE_TEXT);
    CHECK_INT(reasons(id, number), 1u << MERGE_NUMBER);
    CHECK_INT(reasons(number, id), 1u << MERGE_NUMBER);
    struct merge_offers o = find(id);
    CHECK_INT(o.n, 5);
    CHECK_INT(o.p[0].matter.id, number); /* the strongest first */
    CHECK_INT(o.p[4].matter.id, alike);
    CHECK(o.p[4].alike >= merge_rules()->alike);
}

static void code_in_a_message_is_found(void)
{
    struct sent s = {.c = {.once = S("the form whose code is told")}};
    s.c.form = S("health");
    s.c.reason = S("certificate");
    s.c.team = ADVICE;
    s.c.at = at("2026-11-24T07:00:00Z");
    s.c.reach = S("none");
    s.c.language = S("fi");
    s.c.born = DATE_NONE;
    struct str code = matter_contact_prepare(a, law, key, &s.c);
    CHECK_INT(store_write(store, store_contact, &s), ERR_OK);
    int64_t id = contact((struct matter_contact){.phone = S("040 555 0002")});
    CHECK_INT(reasons(id, s.id), 0);
    CHECK_INT(act(id, (struct matter_act){.kind = MATTER_MESSAGE,
                                          .at = at("2026-11-24T08:00:00Z"),
                                          .text = str_fmt(a, "See " STR_FMT ".", STR_ARG(code))}),
              REFUSED_FINE);
    CHECK_INT(reasons(id, s.id), 1u << MERGE_NUMBER);
}

static void what_is_learned_later_counts(void)
{
    int64_t one = contact((struct matter_contact){.phone = S("040 555 0003")});
    int64_t two = contact((struct matter_contact){0});
    CHECK_INT(reasons(one, two), 0);
    struct matter_details told = {.phone = S("0405550003"), .born = DATE_NONE};
    take(two, at("2026-11-24T08:00:00Z"));
    CHECK_INT(act(two, (struct matter_act){.kind = MATTER_DETAILS,
                                           .at = at("2026-11-24T08:00:00Z"),
                                           .staff = NURSE,
                                           .details = &told}),
              REFUSED_FINE);
    CHECK_INT(reasons(one, two), 1u << MERGE_PHONE);
}

static void others_are_never_offered(void)
{
    struct str phone = S("040 555 0004");
    int64_t id = contact((struct matter_contact){.phone = phone, .born = date_from(1970, 5, 5)});
    int64_t team = contact((struct matter_contact){.phone = phone, .team = DENTAL});
    int64_t child = contact((struct matter_contact){.phone = phone, .born = date_from(2015, 5, 5)});
    int64_t social = contact((struct matter_contact){
        .phone = phone, .team = SOCIAL, .reg = REG_SOCIAL, .reason = S("social-adult")});
    CHECK_INT(reasons(id, team), 0);   /* of no team of the professional's */
    CHECK_INT(reasons(id, child), 0);  /* about somebody else */
    CHECK_INT(reasons(id, social), 0); /* another register */
    for (int i = 0; i < 30; i++)
        contact((struct matter_contact){.phone = phone});
    CHECK_INT(find(id).n, MERGE_OFFERS);
}

static void typed_by_phone(void)
{
    int64_t id = contact((struct matter_contact){.phone = S("040 555 0005")});
    key_all();
    struct merge_asker q = {a, store_reader(store), law, key, &nurse, at("2026-11-24T09:00:00Z")};
    struct merge_traits t = {.phone = S("+358 40 5550005"), .born = DATE_NONE};
    struct merge_offers o = merge_find_typed(&q, &t, REG_HEALTH);
    CHECK(o.n == 1 && o.p[0].matter.id == id);
    CHECK_INT(merge_find_typed(&q, &t, REG_SOCIAL).n, 0);
}

/* ---- joining ---- */

static void joined_is_one_in_the_queue(void)
{
    struct db *db = store_reader(store);
    struct instant now = at("2026-11-24T09:00:00Z");
    int64_t kept = contact((struct matter_contact){.reason = S("certificate")});
    int64_t joined = contact(
        (struct matter_contact){.reason = S("health-new-problem"), .phone = S("040 555 0006")});
    struct matter first = load(kept), second = load(joined);
    int64_t open = matter_queue_counts(a, db, ADVICE, now).open;
    CHECK_INT(join(kept, joined, "2026-11-24T09:00:00Z"), MERGE_NO_FINE);
    struct matter m = load(kept), j = load(joined);
    CHECK_INT(j.state, MATTER_JOINED);
    CHECK_INT(j.into, kept);
    CHECK_INT(matter_queue_counts(a, db, ADVICE, now).open, open - 1);
    CHECK_INT(running(&m), running(&first) + running(&second));
    CHECK_INT(matter_promise(&m)->clock.due_at.ms, matter_promise(&second)->clock.due_at.ms);
    CHECK_INT(clock_of(&m, "phc-contact")->clock.started.ms, second.received.ms);
    CHECK_STR(m.phone, "040 555 0006");
    CHECK_INT(matter_standing(db, joined), kept);
    CHECK_INT(act(joined, (struct matter_act){.kind = MATTER_REOPENED, .at = now, .staff = NURSE}),
              REFUSED_JOINED);
    CHECK_INT(act(joined, (struct matter_act){.kind = MATTER_TAKEN, .at = now, .staff = NURSE}),
              REFUSED_JOINED);
    CHECK_INT(faults(), 0);
    CHECK_INT(separate(kept, joined, "2026-11-24T10:00:00Z"), MERGE_NO_FINE);
    m = load(kept);
    j = load(joined);
    CHECK(!matter_difference(&j, &second)); /* nothing happened in between: as it was */
    CHECK_INT(running(&m), running(&first));
    CHECK_INT(m.phone.n, 0);
    CHECK_INT(matter_queue_counts(a, db, ADVICE, now).open, open);
    CHECK_INT(separate(kept, joined, "2026-11-24T10:00:00Z"), MERGE_NO_APART);
    CHECK_INT(join(joined, kept, "2026-11-24T11:00:00Z"), MERGE_NO_FINE); /* and the other way */
    CHECK_INT(faults(), 0);
}

/* A person waits in the phone queue and is helped in the chat meanwhile. */
static void a_solved_call_back_leaves_the_phone_queue(void)
{
    struct date day = date_from(2026, 11, 25);
    int64_t chat = contact((struct matter_contact){.at = at("2026-11-24T08:00:00Z")});
    int64_t call = contact((struct matter_contact){
        .phone = S("040 555 0007"), .channel = CHANNEL_PHONE, .wish = {day, 600, 720}});
    CHECK(clock_of(&(struct matter){.clocks = load(call).clocks}, "call-back") != NULL);
    CHECK_INT(join(chat, call, "2026-11-24T09:00:00Z"), MERGE_NO_FINE);
    struct matter m = load(chat);
    CHECK_INT(m.wish.day.day, day.day);
    CHECK(clock_of(&m, "call-back") && clock_of(&m, "call-back")->stopped.ms == 0);
    take(chat, at("2026-11-24T09:10:00Z"));
    CHECK_INT(act(chat, (struct matter_act){.kind = MATTER_CHATTED,
                                            .at = at("2026-11-24T09:20:00Z"),
                                            .staff = NURSE,
                                            .text = S("Solved.")}),
              REFUSED_FINE);
    m = load(chat);
    CHECK(clock_of(&m, "call-back")->stopped.ms == at("2026-11-24T09:20:00Z").ms);
    CHECK_INT(load(call).state, MATTER_JOINED);
    CHECK_INT(separate(chat, call, "2026-11-24T10:00:00Z"), MERGE_NO_FINE);
    struct matter j = load(call); /* the person was talked with: nobody calls any more */
    CHECK(clock_of(&j, "call-back")->stopped.ms == at("2026-11-24T09:20:00Z").ms);
    CHECK(matter_promise(&j) != NULL);
    CHECK(!date_is(load(chat).wish.day));
    CHECK_INT(faults(), 0);
}

static void refusals(void)
{
    const char *now = "2026-11-24T09:00:00Z";
    int64_t one = contact((struct matter_contact){0}), two = contact((struct matter_contact){0});
    int64_t social = contact(
        (struct matter_contact){.team = SOCIAL, .reg = REG_SOCIAL, .reason = S("social-adult")});
    CHECK_INT(join(one, one, now), MERGE_NO_SAME);
    CHECK_INT(join(one, social, now), MERGE_NO_REGISTER);
    CHECK_INT(act(two, (struct matter_act){.kind = MATTER_TAKEN, .at = at(now), .staff = DOCTOR}),
              REFUSED_FINE);
    CHECK_INT(join(one, two, now), MERGE_NO_OTHERS);
    CHECK_INT(act(two, (struct matter_act){.kind = MATTER_CLOSED,
                                           .at = at(now),
                                           .staff = DOCTOR,
                                           .outcome = S("advice"),
                                           .text = S("Rest.")}),
              REFUSED_FINE);
    CHECK_INT(join(two, one, now), MERGE_NO_CLOSED);
    CHECK_INT(load(two).first_contact, 1);
    CHECK_INT(join(one, two, now), MERGE_NO_FINE); /* a closed one to an open one */
    CHECK_INT(load(two).first_contact, 1); /* solved at first contact: what happened, happened */
    CHECK_INT(faults(), 0);
    CHECK_INT(separate(one, two, now), MERGE_NO_FINE);
    CHECK_INT(load(two).state, MATTER_SHUT);
    CHECK_INT(faults(), 0);
}

/* A carrier that nobody has taken may go back, and would take what was joined to it along. */
static void nothing_is_joined_to_a_carrier(void)
{
    struct matter own = load(contact((struct matter_contact){0})), carrier = own;
    const struct merge_act act = {.staff = NURSE};
    carrier.id++;
    CHECK_INT(merge_check(&carrier, &own, &act), MERGE_NO_FINE);
    carrier.origin = carrier.offer.matter = 1000;
    carrier.offer.open = true;
    carrier.offer.team = carrier.team;
    CHECK_INT(merge_check(&carrier, &own, &act), MERGE_NO_OFFERED);
}

/* Two who join the same pair crosswise: one wins, the other is told. */
static void crosswise(void)
{
    int64_t one = contact((struct matter_contact){0}), two = contact((struct matter_contact){0});
    CHECK_INT(join(one, two, "2026-11-24T09:00:00Z"), MERGE_NO_FINE);
    CHECK_INT(join(two, one, "2026-11-24T09:00:00Z"), MERGE_NO_JOINED);
    CHECK_INT(join(one, two, "2026-11-24T09:00:00Z"), MERGE_NO_JOINED);
    CHECK_INT(faults(), 0);
}

static void chains(void)
{
    struct db *db = store_reader(store);
    const char *t = "2026-11-24T09:00:00Z";
    int64_t x = contact((struct matter_contact){.reason = S("health-new-problem")});
    int64_t y = contact((struct matter_contact){0}), z = contact((struct matter_contact){0});
    CHECK_INT(join(y, x, t), MERGE_NO_FINE);
    CHECK_INT(join(z, y, t), MERGE_NO_FINE);
    CHECK_INT(matter_standing(db, x), z);
    CHECK_INT(merge_family(a, db, z).n, 3);
    CHECK_INT(separate(y, x, t), MERGE_NO_DEEPER);
    take(z, at("2026-11-24T09:30:00Z"));
    CHECK_INT(act(z, (struct matter_act){.kind = MATTER_ANSWERED,
                                         .at = at("2026-11-24T09:40:00Z"),
                                         .staff = NURSE,
                                         .text = S("Hello.")}),
              REFUSED_FINE);
    CHECK_INT(separate(z, y, "2026-11-24T10:00:00Z"), MERGE_NO_FINE);
    CHECK_INT(separate(y, x, "2026-11-24T10:10:00Z"), MERGE_NO_FINE);
    struct matter m = load(x); /* answered two joinings away */
    CHECK_INT(clock_of(&m, "phc-contact")->stopped.ms, at("2026-11-24T09:40:00Z").ms);
    CHECK(matter_promise(&m) && matter_promise(&(struct matter){0}) == NULL);
    const int64_t *whose;
    struct merge_family f = merge_family(a, db, z);
    CHECK_INT(f.n, 1);
    struct matter_events e = merge_events(a, db, &f, &whose);
    for (size_t i = 1; i < e.n; i++)
        CHECK(e.p[i - 1].at.ms <= e.p[i].at.ms && whose[i] == z);
    CHECK_INT(faults(), 0);
}

/* ---- whatever is joined and separated ---- */

static uint32_t dice_state = 20261122;

static int dice(int sides)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (int)((dice_state >> 8) % (uint32_t)sides);
}

enum { MANY = 7, STEPS = 150 };

static void any_thing(int64_t id, struct instant now)
{
    static const enum matter_kind kinds[] = {MATTER_TAKEN,    MATTER_ANSWERED,    MATTER_CONTACTED,
                                             MATTER_ASSESSED, MATTER_CLOSED,      MATTER_REOPENED,
                                             MATTER_MESSAGE,  MATTER_CARE_GIVEN,  MATTER_ASKED,
                                             MATTER_CHATTED,  MATTER_NEED_RENEWED};
    struct matter_act what = {.kind = kinds[dice(sizeof kinds / sizeof *kinds)],
                              .at = now,
                              .staff = NURSE,
                              .text = S("a text"),
                              .outcome = S("advice"),
                              .urgency = S("week"),
                              .profession = S("nurse"),
                              .reason = S("health-new-problem")};
    if (what.kind == MATTER_MESSAGE) {
        what.staff = 0;
        if (dice(2))
            what.wish = (struct matter_wish){{date_of(now).day + 1}, 600, 720};
    }
    if (load(id).owner == 0 && dice(2))
        what.kind = MATTER_TAKEN;
    act(id, what);
}

/* Each running clock of the joined one runs in the kept one, just as it is. */
static bool holds_all(const struct matter *kept, const struct matter *joined)
{
    for (size_t i = 0; i < joined->clocks.n; i++) {
        const struct matter_clock *c = &joined->clocks.p[i];
        bool found = c->stopped.ms != 0;
        for (size_t j = 0; j < kept->clocks.n; j++) {
            const struct matter_clock *k = &kept->clocks.p[j];
            found = found || (str_eq(k->rule, c->rule) && k->stopped.ms == 0 &&
                              k->clock.due_at.ms == c->clock.due_at.ms &&
                              k->clock.started.ms == c->clock.started.ms &&
                              k->clock.counted.day == c->clock.counted.day);
        }
        if (!found)
            return false;
    }
    return true;
}

static void any_joining(int64_t kept, int64_t joined, struct instant now)
{
    struct matter k = load(kept), j = load(joined);
    if (both(kept, joined, now, false) != MERGE_NO_FINE)
        return;
    struct matter after = load(kept);
    CHECK(j.state != MATTER_OPEN || holds_all(&after, &j));
    if (j.state == MATTER_OPEN) {
        const struct matter_clock *p = matter_promise(&k), *r = matter_promise(&j);
        int64_t first =
            p->clock.due_at.ms < r->clock.due_at.ms ? p->clock.due_at.ms : r->clock.due_at.ms;
        CHECK_INT(running(&after), running(&k) + running(&j));
        CHECK_INT(matter_promise(&after)->clock.due_at.ms, first);
    }
    if (dice(4) == 0) { /* nothing happened in between */
        CHECK_INT(both(kept, joined, now, true), MERGE_NO_FINE);
        struct matter back = load(joined);
        after = load(kept);
        CHECK(!matter_difference(&back, &j));
        CHECK_INT(running(&after), running(&k));
    }
}

static void nothing_is_lost_whatever_is_joined(void)
{
    int64_t id[MANY];
    int joined = 0, separated = 0;
    struct instant now = at("2026-12-18T10:00:00Z");
    static const char *const why[] = {"certificate", "health-new-problem"};
    for (int i = 0; i < MANY; i++)
        id[i] = contact((struct matter_contact){
            .at = now,
            .reason = str_of(why[i % 2]),
            .phone = i % 2 ? S("040 555 0008") : S(""),
            .wish = i % 3 ? (struct matter_wish){0}
                          : (struct matter_wish){{date_of(now).day + 3}, 600, 720}});
    for (int i = 0; i < STEPS; i++) {
        int64_t x = id[dice(MANY)], y = id[dice(MANY)];
        struct matter m = load(y);
        now.ms += (int64_t)dice(300) * MINUTE_MS + 1;
        if (dice(3) == 0 && m.into) {
            separated += both(m.into, y, now, true) == MERGE_NO_FINE;
        } else if (dice(3) == 0 && x != y) {
            any_joining(x, y, now);
            joined += load(y).into == x;
        } else {
            any_thing(x, now);
        }
        m = load(y);
        CHECK((matter_promise(&m) != NULL) == (m.state == MATTER_OPEN));
        CHECK((m.state == MATTER_JOINED) == (m.into != 0));
    }
    for (int i = 0; i < MANY; i++) { /* all of it undone */
        struct matter m = load(id[i]);
        for (int n = 0; m.into && n < MANY; n++, m = load(id[i]))
            for (int64_t at_top = m.into, low = id[i]; at_top;
                 low = at_top, at_top = load(at_top).into)
                both(at_top, low, now, true);
        CHECK_INT(load(id[i]).into, 0);
    }
    printf("# %d joined, %d separated\n", joined, separated);
    CHECK(joined > 5 && separated > 3);
    CHECK_INT(faults(), 0);
}

static void on(void)
{
    printf("# %s\n", store_engine(store));
    TEST(a_number_that_comes_late_is_not_forgotten);
    TEST(each_reason_is_found);
    TEST(code_in_a_message_is_found);
    TEST(what_is_learned_later_counts);
    TEST(others_are_never_offered);
    TEST(typed_by_phone);
    TEST(joined_is_one_in_the_queue);
    TEST(a_solved_call_back_leaves_the_phone_queue);
    TEST(refusals);
    TEST(nothing_is_joined_to_a_carrier);
    TEST(crosswise);
    TEST(chains);
    TEST(nothing_is_lost_whatever_is_joined);
}

int main(int argc, char **argv)
{
    if (!county_open(argc, argv, make_people))
        return 1;
    TEST(phones_and_names);
    TEST(texts_are_alike);
    TEST(numbers_in_a_text);
    TEST(the_data_is_read_strictly);
    on();
    county_again(getenv("ASIALLA_PG"), make_people, on);
    return county_close();
}
