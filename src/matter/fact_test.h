/*
 * fact_test.h: what the test of facts counts with and what it does: facts as commits wrote them and
 * as the events say, sums of one matter; contacts and acts.
 */
#ifndef ASIALLA_MATTER_FACT_TEST_H
#define ASIALLA_MATTER_FACT_TEST_H

#include "matter/busy_test.h"
#include "matter/fact.h"
#include "matter/join_test.h"

/* ---- what is summed ---- */

static inline void add_matter(struct db *db, int64_t id, struct facts *f)
{
    struct str why = {0};
    struct matter m = {.id = id}, stored;
    struct matter_events events = matter_load_events(a, db, id);
    CHECK(fact_of_events(a, law, &events, &m, f, &why));
    CHECK(matter_load(a, db, law, id, &stored));
    m.first_contact = stored.first_contact;
    fact_of_state(a, law, &m, f);
}

/* From the events alone. */
static inline struct facts recounted(void)
{
    static const struct stmt q = {"test.matters", "SELECT id FROM matter ORDER BY id", STMT_SCAN};
    struct facts f = {0};
    struct {
        LIST_FIELDS(int64_t);
    } ids = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    struct rows r = DB_QUERY(db, &q);
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    for (size_t i = 0; i < ids.n; i++)
        add_matter(db, ids.p[i], &f);
    db_end_read(db);
    fact_settle(&f);
    return f;
}

static inline void adds_up(void)
{
    struct facts w = written(), r = recounted();
    struct str is = text_of(&w), must = text_of(&r);
    CHECK_INT(w.n, r.n);
    while (is.n || must.n) { /* the first line that differs tells most */
        struct str x = str_cut(&is, '\n'), y = str_cut(&must, '\n');
        if (str_eq(x, y))
            continue;
        printf("# written:   " STR_FMT "\n# recounted: " STR_FMT "\n", STR_ARG(x), STR_ARG(y));
        CHECK(false);
        return;
    }
}

/* Of one matter. Sums of a measure; rule and part NULL: any. */
/* Of one matter, as it is in the store. */
static inline struct facts facts_of_matter(int64_t id)
{
    struct facts f = {0};
    struct db *db = store_reader(store);
    db_begin_read(db);
    add_matter(db, id, &f);
    db_end_read(db);
    fact_settle(&f);
    return f;
}

struct sum {
    int64_t n, total;
};

static inline struct sum sum_of(int64_t id, enum fact_measure measure, const char *rule,
                                const char *part)
{
    struct sum s = {0};
    struct facts f = facts_of_matter(id);
    for (size_t i = 0; i < f.n; i++) {
        const struct fact *x = &f.p[i];
        if (x->measure != measure || (rule && !str_eq(x->rule, str_of(rule))) ||
            (part && !str_eq(x->part, str_of(part))))
            continue;
        s.n += x->n;
        s.total += x->total;
    }
    return s;
}

/* The only fact of a measure and rule. */
static inline struct fact only(int64_t id, enum fact_measure measure, const char *rule)
{
    struct fact found = {0};
    struct facts f = facts_of_matter(id);
    for (size_t i = 0; i < f.n; i++)
        if (f.p[i].measure == measure && str_eq(f.p[i].rule, str_of(rule))) {
            CHECK_INT(found.n, 0);
            found = f.p[i];
        }
    return found;
}

static inline void check_sum(int64_t id, enum fact_measure measure, const char *rule,
                             const char *part, struct sum want)
{
    struct sum s = sum_of(id, measure, rule, part);
    if (s.n == want.n && s.total == want.total)
        return;
    printf("# %s %s %s: %lld (%lld), not %lld (%lld)\n", fact_measure_code(measure),
           rule ? rule : "", part ? part : "", (long long)s.n, (long long)s.total,
           (long long)want.n, (long long)want.total);
    test_bad++;
}

/* ---- who, and what is done ---- */

enum { PERSONS = 20, OTHERS = 10 }; /* OTHERS and on: of one test alone */

static inline void people(struct db *db, void *arg)
{
    static const struct stmt q = {"test.person",
                                  "INSERT INTO person (id, ref, name, born, language, district) "
                                  "VALUES ($1, $2, 'x', 0, 'fi', 'korso')",
                                  0};
    three_teams(db, arg);
    for (int i = 1; i <= PERSONS; i++)
        DB_EXEC(db, &q, V_INT(i), V_STR(str_fmt(a, "p%d", i)));
}

struct coming {
    const char *when, *reason;
    int64_t person, staff;
    struct instant noted;
    struct date born;
    enum matter_channel channel;
};

/* On the health form to ADVICE, of Korso, born 1980 where not told. */
static inline int64_t comes(struct coming c)
{
    static int serial;
    struct sent s = {.c = {
                         .once = str_fmt(a, "a form of fact_test %d", ++serial),
                         .form = S("health"),
                         .reason = str_of(c.reason ? c.reason : "certificate"),
                         .reg = REG_HEALTH,
                         .channel = c.channel,
                         .team = ADVICE,
                         .person = c.person,
                         .staff = c.staff,
                         .at = at(c.when),
                         .noted = c.noted,
                         .reach = S("message"),
                         .language = S("fi"),
                         .district = S("korso"),
                         .born = c.born.day ? c.born : date_from(1980, 1, 1),
                         .text = S("It hurts."),
                     }};
    matter_contact_prepare(a, law, key, &s.c);
    CHECK_INT(store_write(store, store_contact, &s), ERR_OK);
    return s.id;
}

static inline void does(int64_t id, enum matter_kind kind, int64_t staff, const char *when)
{
    CHECK_INT(act(id, (struct matter_act){.kind = kind,
                                          .at = at(when),
                                          .staff = staff,
                                          .text = S("A text."),
                                          .outcome = S("advice"),
                                          .urgency = S("week"),
                                          .profession = S("nurse"),
                                          .reason = S("health-new-problem"),
                                          .agreed = true}),
              REFUSED_FINE);
}

static inline void offers_to_dental(int64_t id, const char *when)
{
    CHECK_INT(act(id, (struct matter_act){.kind = MATTER_HAND_OFFERED,
                                          .at = at(when),
                                          .staff = NURSE,
                                          .team = DENTAL,
                                          .team_reg = REG_HEALTH,
                                          .text = S("A tooth.")}),
              REFUSED_FINE);
}

static inline struct matter_visit visit_of(int64_t appointment, const char *start, int minutes)
{
    struct instant from = at(start);
    return (struct matter_visit){
        .appointment = appointment,
        .start = from,
        .end = {from.ms + (int64_t)minutes * MINUTE_MS},
    };
}

/* What happens to a time; `ahead`: it is the next one after that. */
static inline void of_time(int64_t id, enum matter_kind kind, const char *when,
                           struct matter_visit v, bool ahead)
{
    const struct matter_first first = {.appointment = v.appointment,
                                       .start = v.start,
                                       .end = v.end},
                              none = {0};
    v.first = ahead ? &first : &none;
    CHECK_INT(
        act(id,
            (struct matter_act){
                .kind = kind, .at = at(when), .staff = NURSE, .text = S("A text."), .visit = v}),
        REFUSED_FINE);
}

static inline enum merge_refusal join_two(int64_t kept, int64_t joined, struct instant t,
                                          bool split)
{
    return join_or_split(
        (struct merge_act){.kept = kept, .joined = joined, .staff = NURSE, .at = t, .agreed = true},
        split);
}

#endif
