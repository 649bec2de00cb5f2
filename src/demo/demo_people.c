/*
 * demo_people.c: residents and staff. A resident is computed from the seed and a number, never
 * kept: the same number is the same person, at any scale.
 */
#include "demo/demo_room.h"

#include "base/guard.h"

#include <stdlib.h>

enum { Q_PERSON };
static const struct stmt q[] = {
    [Q_PERSON] = {"demo.person",
                  "INSERT INTO person (id, ref, name, born, language, phone, email, street, "
                  "district) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  0},
};
const struct stmt_table demo_people_statements = {q, sizeof q / sizeof *q};

/* ---- residents ---- */

static int by_language_and_age(const void *x, const void *y)
{
    const struct demo_slot *a = x, *b = y;
    if (a->writes != b->writes)
        return a->writes - b->writes;
    return a->age != b->age ? a->age - b->age : a->nth - b->nth;
}

/* Finnish, Swedish and English write so; of others a good half writes Finnish, the rest English. */
static enum lang writes(const struct demo *d, size_t tongue, struct seeded *r)
{
    struct str language = d->tongues.p[tongue].language;
    for (int l = 0; l < LANG_COUNT; l++)
        if (str_eq(language, str_of(lang_code((enum lang)l))))
            return (enum lang)l;
    return seeded_below(r, 9) < 5 ? LANG_FI : LANG_EN;
}

/* The ages are taken at even steps through the distribution, so that any scale has it exactly. */
void demo_slots_make(struct demo *d)
{
    struct seeded r = demo_seeded(d, "slots", 0);
    uint32_t all = d->ages.p[d->ages.n - 1];
    size_t band = 0;
    d->slots = ARENA_ARRAY(d->a, DEMO_RESIDENTS, struct demo_slot);
    for (uint32_t i = 0; i < DEMO_RESIDENTS; i++) {
        uint64_t at = ((uint64_t)i * 2 + 1) * all / (2 * DEMO_RESIDENTS);
        while (band + 1 < d->ages.n && at >= d->ages.p[band])
            band++;
        int span = d->ages_to[band] - d->ages_from[band] + 1;
        size_t tongue = demo_draw(&d->tongue_weights, &r);
        int within = (int)seeded_below(&r, (uint32_t)span);
        if (span > 10) /* the open last band: few live to its end */
            within = (int)((int64_t)within * within / span);
        d->slots[i] = (struct demo_slot){.age = (int16_t)(d->ages_from[band] + within),
                                         .tongue = (uint8_t)tongue,
                                         .writes = (uint8_t)writes(d, tongue, &r),
                                         .nth = (uint16_t)i};
    }
    qsort(d->slots, DEMO_RESIDENTS, sizeof *d->slots, by_language_and_age);
}

static size_t first_from(const struct demo *d, int writes_in, int age)
{
    size_t lo = 0, hi = DEMO_RESIDENTS;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const struct demo_slot *s = &d->slots[mid];
        if (s->writes < writes_in || (s->writes == writes_in && s->age < age))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static int64_t find_slot(const struct demo *d, struct seeded *r, enum lang writes_in, int age_from,
                         int age_to)
{
    for (int wider = 0; wider < 64; wider += wider ? wider : 1) {
        size_t from = first_from(d, (int)writes_in, age_from - wider);
        size_t to = first_from(d, (int)writes_in, age_to + wider + 1);
        if (from < to)
            return (int64_t)(from + seeded_below(r, (uint32_t)(to - from)));
    }
    return (int64_t)seeded_below(r, DEMO_RESIDENTS);
}

int64_t demo_person_find(const struct demo *d, struct seeded *r, enum lang writes_in, int age_from,
                         int age_to, char sex)
{
    int64_t nth = 0;
    for (int tries = 0; tries < 8; tries++) {
        int64_t block = seeded_below(r, (uint32_t)d->conf.scale);
        nth = block * DEMO_RESIDENTS + find_slot(d, r, writes_in, age_from, age_to);
        if (!sex || demo_person(d, nth).sex == sex)
            break;
    }
    return nth;
}

struct demo_person demo_person(const struct demo *d, int64_t nth)
{
    const struct demo_slot *slot = &d->slots[nth % DEMO_RESIDENTS];
    const struct demo_names *names = &d->tongues.p[slot->tongue];
    struct seeded r = demo_seeded(d, "resident", nth);
    struct demo_person p = {.id = nth + 1, .language = names->language};
    int man = (int)seeded_below(&r, 2);
    p.given = names->given[man].p[demo_draw(&names->given_weights[man], &r)].name;
    p.surname = names->surnames.p[demo_draw(&names->surname_weights, &r)].name;
    p.sex = man ? 'm' : 'f';
    p.born = date_add(date_add_months(d->today, -12 * slot->age), -(int)seeded_below(&r, 365));
    p.district = (int)seeded_below(&r, (uint32_t)d->districts.n);
    const struct demo_district *home = &d->districts.p[p.district];
    p.street = home->streets.p[seeded_below(&r, (uint32_t)home->streets.n)];
    p.house = 1 + seeded_below(&r, 60);
    p.phone = seeded_below(&r, 10000);
    return p;
}

struct str demo_person_name(struct arena *a, const struct demo_person *p)
{
    return str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(p->given), STR_ARG(p->surname));
}

/* Letters of a name as they stand in addresses: ä is a; what has no such letter is left out. */
static void put_plain(struct buf *b, struct str s)
{
    static const struct {
        uint32_t code;
        char plain;
    } folds[] = {{0xE4, 'a'},  {0xE5, 'a'},  {0xC4, 'a'},  {0xC5, 'a'},  {0xF6, 'o'},
                 {0xD6, 'o'},  {0xF5, 'o'},  {0xFC, 'u'},  {0xE9, 'e'},  {0xEB, 'e'},
                 {0xE7, 'c'},  {0xC7, 'c'},  {0x15F, 's'}, {0x15E, 's'}, {0x131, 'i'},
                 {0x11F, 'g'}, {0x161, 's'}, {0x17E, 'z'}, {0x160, 's'}, {0x17D, 'z'}};
    while (s.n) {
        uint32_t c = str_utf8_next(&s);
        if (c < 0x80 && ((c | 32) >= 'a' && (c | 32) <= 'z'))
            buf_char(b, (char)(c | 32));
        for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
            if (folds[i].code == c)
                buf_char(b, folds[i].plain);
    }
}

static struct str plain_name(struct arena *a, const struct demo_person *p)
{
    struct buf b = buf_new(a, 0);
    put_plain(&b, p->given);
    buf_char(&b, '.');
    put_plain(&b, p->surname);
    return buf_get(&b);
}

struct str demo_person_email(struct arena *a, const struct demo_person *p)
{
    return str_fmt(a, STR_FMT "@example.org", STR_ARG(plain_name(a, p)));
}

struct str demo_person_phone(struct arena *a, const struct demo_person *p)
{
    return str_fmt(a, "040 000 %04u", p->phone);
}

enum { BATCH = 2000 };

struct residents {
    struct demo *d;
    int64_t from, to;
};

static void store_residents(struct db *db, void *arg)
{
    const struct residents *batch = arg;
    const struct demo *d = batch->d;
    struct arena *a = arena_new(0);
    for (int64_t i = batch->from; i < batch->to; i++) {
        struct demo_person p = demo_person(d, i);
        struct str email = i % 3 ? demo_person_email(a, &p) : (struct str){NULL, 0};
        DB_PUT(db, &q[Q_PERSON], V_INT(p.id), V_STR(str_fmt(a, "r%07lld", (long long)p.id)),
               V_STR(demo_person_name(a, &p)), V_INT(p.born.day), V_STR(p.language),
               V_STR(demo_person_phone(a, &p)), V_STR(email),
               V_STR(str_fmt(a, STR_FMT " %u", STR_ARG(p.street), p.house)),
               V_STR(d->districts.p[p.district].ref));
        arena_reset(a);
    }
    arena_free(a);
}

void demo_residents_store(struct demo *d, struct store *s)
{
    int64_t all = DEMO_RESIDENTS * d->conf.scale;
    for (int64_t i = 0; i < all; i += BATCH) {
        struct residents batch = {d, i, i + BATCH < all ? i + BATCH : all};
        if (store_write(s, store_residents, &batch) != ERR_OK)
            guard_fail(ERR_STORE, "the residents could not be written");
    }
}

/* ---- staff ---- */

static bool is_head(const struct demo *d, struct str profession)
{
    const struct jv *heads = jv_get(demo_file(d, "demand.json"), "heads");
    for (size_t i = 0; i < jv_len(heads); i++)
        if (str_eq(jv_str(jv_at(heads, i)), profession))
            return true;
    return false;
}

/* The n-th profession of the team that is a head's, or is none. */
static struct str profession_for(const struct demo *d, const struct demo_team *t, size_t n,
                                 bool head)
{
    size_t fit = 0;
    for (size_t i = 0; i < t->professions.n; i++)
        fit += is_head(d, t->professions.p[i]) == head;
    if (fit == 0)
        guard_fail(ERR_INTERNAL, "data/county/teams.json: no profession for " STR_FMT,
                   STR_ARG(t->ref));
    size_t want = n % fit;
    for (size_t i = 0; i < t->professions.n; i++)
        if (is_head(d, t->professions.p[i]) == head && want-- == 0)
            return t->professions.p[i];
    return S("");
}

/* People far beyond the residents' numbers; those who work here speak Finnish or Swedish as their
 * first language a little more often than not. */
static struct demo_person colleague(const struct demo *d, int64_t nth)
{
    struct demo_person p = demo_person(d, nth);
    for (int64_t i = 1; d->slots[nth % DEMO_RESIDENTS].writes == LANG_EN && i < 4; i++)
        p = demo_person(d, nth += 101);
    return p;
}

int64_t demo_hire(struct demo *d, struct db *db, const struct demo_hiring *h, int64_t *number,
                  struct demo_persona *out)
{
    for (;;) {
        int64_t nth = (int64_t)DEMO_RESIDENTS * (DEMO_MAX_SCALE + 1) + (*number)++ * 379;
        struct demo_person p = colleague(d, nth);
        *out = (struct demo_persona){.login = plain_name(d->a, &p),
                                     .name = demo_person_name(d->a, &p),
                                     .profession = h->profession,
                                     .language = p.language};
        int64_t id = staff_add(db, out->login, out->name, h->profession, (struct str){NULL, 0},
                               h->roles, h->organisation);
        if (id)
            return id;
    }
}

void demo_staff_store(struct demo *d, struct db *db, struct demo_report *report)
{
    struct named_list professions = professions_load(d->a, db);
    int64_t number = 0;
    report->personas.n = 0; /* the commit may be run again */
    report->staff = report->teams = 0;
    for (size_t i = 0; i < d->team_n; i++) {
        struct demo_team *t = &d->teams[i];
        bool last = i + 1 == d->team_n;
        for (size_t m = 0; m < DEMO_MEMBERS; m++) {
            bool head = m == 0;
            struct demo_persona p;
            unsigned roles =
                head ? ROLE_WORKER | ROLE_HEAD | (last ? ROLE_ADMIN : 0u) : ROLE_WORKER;
            struct str profession = profession_for(d, t, head ? 0 : m - 1, head);
            struct demo_hiring h = {profession, S(""), roles};
            t->member[m] = demo_hire(d, db, &h, &number, &p);
            demo_member_store(d, db, t, &(struct demo_member){m, p.language});
            p.profession = named_find(&professions, profession, LANG_EN);
            p.team = t->name;
            if (m < 2)
                VEC_PUSH(d->a, &report->personas, p);
            report->staff++;
        }
        report->teams++;
    }
    demo_keepers_store(d, db, report, &number);
}
