/*
 * demo_data.c: data/county as it was compiled in, read into tables to draw from. What is written
 * there was tested; a fault in it is ours and stops the command with its place.
 */
#include "demo/demo_room.h"

#include "base/embedded.h"
#include "base/guard.h"

#include <assert.h>

extern const struct embedded demo_files[];
extern const size_t demo_files_count;

_Noreturn static void broken(const char *file, struct str what)
{
    guard_fail(ERR_INTERNAL, "data/county/%s: " STR_FMT, file, STR_ARG(what));
}

static struct str file_text(size_t i)
{
    return (struct str){(const char *)demo_files[i].p, demo_files[i].n};
}

const struct jv *demo_file(const struct demo *d, const char *name)
{
    for (size_t i = 0; i < demo_files_count; i++)
        if (str_eq(str_of(demo_files[i].name), str_of(name)))
            return d->files[i];
    broken(name, S("is not compiled in"));
}

static void parse_files(struct demo *d)
{
    assert(demo_files_count <= sizeof d->files / sizeof *d->files);
    for (size_t i = 0; i < demo_files_count; i++) {
        struct json_error e;
        d->files[i] = json_parse(d->a, file_text(i), &e);
        if (!d->files[i])
            broken(demo_files[i].name, str_fmt(d->a, "line %d: %s", e.line, e.text));
    }
}

static bool is_ptv(struct str name)
{
    return str_eq(name, S("organizations.json")) || str_eq(name, S("channels.json")) ||
           str_starts(name, S("services-"));
}

size_t demo_ptv_files(struct str *names, struct str *texts, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < demo_files_count; i++)
        if (is_ptv(str_of(demo_files[i].name)) && n < max) {
            names[n] = str_of(demo_files[i].name);
            texts[n++] = file_text(i);
        }
    return n;
}

/* ---- drawing ---- */

struct seeded demo_seeded(const struct demo *d, const char *kind, int64_t n)
{
    return seeded_new((d->conf.seed + 1) * 0x9E3779B97F4A7C15u ^ str_hash(str_of(kind)) ^
                      (uint64_t)n * 0xD1342543DE82EF95u);
}

static void demo_weights_add(struct arena *a, struct demo_weights *w, uint32_t weight)
{
    uint32_t sum = weight + (w->n ? w->p[w->n - 1] : 0);
    VEC_PUSH(a, w, sum);
}

size_t demo_draw(const struct demo_weights *w, struct seeded *r)
{
    assert(w->n > 0);
    uint32_t x = seeded_below(r, w->p[w->n - 1]);
    size_t lo = 0, hi = w->n - 1;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (x < w->p[mid])
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

/* ---- texts ---- */

/* {"fi": [...], "sv": [...], "en": [...]} */
static struct demo_texts read_texts(struct demo *d, const struct jv *v)
{
    struct demo_texts t = {0};
    for (int l = 0; l < LANG_COUNT; l++) {
        const struct jv *list = jv_get(v, lang_code((enum lang)l));
        for (size_t i = 0; i < jv_len(list); i++)
            VEC_PUSH(d->a, &t.of[l], jv_str(jv_at(list, i)));
    }
    if (!t.of[LANG_FI].n)
        broken("demand.json", S("a list of texts is missing"));
    return t;
}

static enum lang lang_of(const struct jv *v)
{
    struct str code = jv_str_of(v, "lang");
    for (int l = 0; l < LANG_COUNT; l++)
        if (str_eq(code, str_of(lang_code((enum lang)l))))
            return (enum lang)l;
    return LANG_FI;
}

/* [{"lang": "fi", "text": "..."}] */
static struct demo_texts read_marked(struct demo *d, const struct jv *list)
{
    struct demo_texts t = {0};
    for (size_t i = 0; i < jv_len(list); i++)
        VEC_PUSH(d->a, &t.of[lang_of(jv_at(list, i))], jv_str_of(jv_at(list, i), "text"));
    return t;
}

struct str demo_text_pick(const struct demo_texts *t, enum lang l, uint64_t draw)
{
    if (!t->of[l].n)
        l = LANG_FI;
    assert(t->of[l].n > 0);
    return t->of[l].p[draw % t->of[l].n];
}

static void read_sayings(struct demo *d)
{
    const struct jv *demand = demo_file(d, "demand.json"), *closings = jv_get(demand, "closings");
    d->messages = read_texts(d, jv_get(demand, "messages"));
    d->call_me = read_texts(d, jv_get(demand, "callMe"));
    d->calls = read_texts(d, jv_get(demand, "calls"));
    d->notes = read_texts(d, jv_get(demand, "notes"));
    d->follows = read_texts(d, jv_get(demand, "follows"));
    d->waits = read_texts(d, jv_get(demand, "waits"));
    d->reopenings = read_texts(d, jv_get(demand, "reopenings"));
    for (int o = 0; o < OUTCOME_OTHER; o++)
        d->closings[o] =
            read_texts(d, jv_get(closings, matter_outcome_code((enum matter_outcome)o)));
    const struct jv *matters = demo_file(d, "matters.json");
    d->common = read_marked(d, jv_get(matters, "commonAnswers"));
    const struct jv *reasons = jv_get(matters, "handoverReasons");
    for (size_t i = 0; i < jv_len(reasons); i++)
        for (int l = 0; l < LANG_COUNT; l++)
            VEC_PUSH(d->a, &d->hand_reasons.of[l],
                     jv_str_of(jv_get(jv_at(reasons, i), "text"), lang_code((enum lang)l)));
    const struct jv *relations = jv_get(demand, "relations");
    for (size_t i = 0; i < jv_len(relations); i++) {
        const struct jv *v = jv_at(relations, i), *age = jv_get(v, "age");
        struct demo_relation rel = {.stems = jv_get(v, "stems"),
                                    .age_from = (int)jv_int(jv_at(age, 0)),
                                    .age_to = (int)jv_int(jv_at(age, 1)),
                                    .sex = jv_get(v, "sex") ? jv_str_of(v, "sex").p[0] : 0};
        for (int l = 0; l < LANG_COUNT; l++)
            rel.words[l] = jv_str_of(v, lang_code((enum lang)l));
        VEC_PUSH(d->a, &d->relations, rel);
    }
}

/* ---- the calendar of demand ---- */

static void read_hours(struct demo *d)
{
    const struct jv *demand = demo_file(d, "demand.json");
    const struct jv *week = jv_get(demand, "hours"), *end = jv_get(demand, "weekendHours");
    for (size_t h = 0; h < 24; h++) {
        d->hours[0][h] = (uint32_t)jv_int(jv_at(week, h));
        d->hours[1][h] = (uint32_t)jv_int(jv_at(end, h));
    }
    for (size_t i = 0; i < 7; i++)
        d->weekday[i] = (uint32_t)jv_int(jv_at(jv_get(demand, "weekdays"), i));
    d->calendar = date_add(d->today, -DEMO_DAYS_BACK);
    for (int i = 0; i <= DEMO_DAYS; i++) {
        struct date day = date_add(d->calendar, i);
        d->midnight[i] = instant_at(day, 0);
        if (i < DEMO_DAYS)
            d->work[i] = law_working_day(d->conf.law, day, LAW_BREACH);
    }
}

/* ---- names ---- */

static struct demo_names *tongue_of(struct demo *d, struct str language)
{
    for (size_t i = 0; i < d->tongues.n; i++)
        if (str_eq(d->tongues.p[i].language, language))
            return &d->tongues.p[i];
    return NULL;
}

static void read_name_list(struct demo *d, const struct jv *list, bool given)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        struct demo_name name = {jv_str_of(v, "name"), jv_str_of(v, "language"), 'f'};
        struct demo_names *t = tongue_of(d, name.language);
        uint32_t weight = (uint32_t)jv_int(jv_get(v, "weight"));
        bool man = str_eq(jv_str_of(v, "sex"), S("m"));
        if (!t)
            continue;
        name.sex = man ? 'm' : 'f';
        if (given) {
            VEC_PUSH(d->a, &t->given[man], name);
            demo_weights_add(d->a, &t->given_weights[man], weight);
        } else {
            VEC_PUSH(d->a, &t->surnames, name);
            demo_weights_add(d->a, &t->surname_weights, weight);
        }
    }
}

static void read_names(struct demo *d)
{
    const struct jv *names = demo_file(d, "names.json");
    const struct jv *tongues = jv_get(names, "motherTongues");
    for (size_t i = 0; i < jv_len(tongues); i++) {
        struct str language = jv_str_of(jv_at(tongues, i), "language");
        if (str_eq(language, S("other")))
            continue; /* dozens of languages: we have no names for them */
        VEC_PUSH(d->a, &d->tongues, (struct demo_names){.language = language});
        demo_weights_add(d->a, &d->tongue_weights,
                         (uint32_t)(jv_real(jv_get(jv_at(tongues, i), "share")) * 1000));
    }
    read_name_list(d, jv_get(names, "given"), true);
    read_name_list(d, jv_get(names, "surnames"), false);
    for (size_t i = 0; i < d->tongues.n; i++)
        if (!d->tongues.p[i].given[0].n || !d->tongues.p[i].given[1].n ||
            !d->tongues.p[i].surnames.n)
            broken("names.json", d->tongues.p[i].language);
    const struct jv *bands = jv_get(jv_get(names, "population"), "bands");
    for (size_t i = 0; i < jv_len(bands) && i < 32; i++) {
        const struct jv *b = jv_at(bands, i);
        d->ages_from[i] = (int)jv_int(jv_get(b, "from"));
        d->ages_to[i] = (int)jv_int(jv_get(b, "to"));
        demo_weights_add(d->a, &d->ages, (uint32_t)(jv_real(jv_get(b, "share")) * 1000000));
    }
}

static void read_districts(struct demo *d)
{
    const struct jv *list = jv_get(demo_file(d, "teams.json"), "districts");
    const struct jv *streets = jv_get(demo_file(d, "names.json"), "streets");
    for (size_t i = 0; i < jv_len(list) && i < DEMO_DISTRICTS_MAX; i++) {
        struct demo_district one = {.ref = jv_str_of(jv_at(list, i), "ref")};
        const struct jv *names = jv_get(streets, str_z(d->a, one.ref));
        for (size_t j = 0; j < jv_len(names); j++)
            VEC_PUSH(d->a, &one.streets, jv_str_of(jv_at(names, j), "fi"));
        if (!one.streets.n)
            broken("names.json", one.ref);
        VEC_PUSH(d->a, &d->districts, one);
    }
}

/* ---- teams ---- */

static const struct jv *service_by_id(const struct demo *d, struct str id)
{
    for (size_t f = 0; f < demo_files_count; f++) {
        const struct jv *items = jv_get(d->files[f], "itemList");
        if (!str_starts(str_of(demo_files[f].name), S("services-")))
            continue;
        for (size_t i = 0; i < jv_len(items); i++)
            if (str_eq(jv_str_of(jv_at(items, i), "id"), id))
                return jv_at(items, i);
    }
    return NULL;
}

static struct str service_name(const struct jv *service, enum lang l)
{
    const struct jv *names = jv_get(service, "serviceNames");
    for (size_t i = 0; i < jv_len(names); i++) {
        const struct jv *v = jv_at(names, i);
        if (str_eq(jv_str_of(v, "language"), str_of(lang_code(l))) &&
            str_eq(jv_str_of(v, "type"), S("Name")))
            return jv_str_of(v, "value");
    }
    return jv_str_of(jv_at(names, 0), "value");
}

static void read_services(struct demo *d, struct demo_team *t, const struct jv *ids)
{
    for (size_t i = 0; i < jv_len(ids); i++) {
        struct demo_service s = {.id = jv_str(jv_at(ids, i))};
        const struct jv *service = service_by_id(d, s.id);
        if (!service)
            broken("teams.json", s.id);
        for (int l = 0; l < LANG_COUNT; l++)
            s.name[l] = service_name(service, (enum lang)l);
        VEC_PUSH(d->a, &t->services, s);
    }
}

static int team_by_ref(const struct demo *d, struct str ref)
{
    for (size_t i = 0; i < d->team_n; i++)
        if (str_eq(d->teams[i].ref, ref))
            return (int)i;
    broken("demand.json", ref);
}

static void read_professions(struct demo *d)
{
    const struct jv *list = jv_get(demo_file(d, "teams.json"), "professions");
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i), *teams = jv_get(v, "teams");
        for (size_t j = 0; j < jv_len(teams); j++) {
            struct demo_team *t = &d->teams[team_by_ref(d, jv_str(jv_at(teams, j)))];
            VEC_PUSH(d->a, &t->professions, jv_str_of(v, "ref"));
        }
    }
}

void demo_data_teams(struct demo *d, struct db *db)
{
    struct teams teams = teams_load(d->a, db);
    const struct jv *list = jv_get(demo_file(d, "teams.json"), "teams");
    const struct jv *hands = jv_get(demo_file(d, "demand.json"), "handOver");
    assert(teams.n <= DEMO_TEAMS_MAX && d->subjects.n <= 16);
    d->team_n = 0; /* the commit may be run again */
    for (size_t i = 0; i < teams.n; i++)
        d->teams[d->team_n++] = (struct demo_team){.id = teams.p[i].id,
                                                   .ref = teams.p[i].ref,
                                                   .name = teams.p[i].name[LANG_EN],
                                                   .reg = teams.p[i].reg,
                                                   .duty = team_duty(d->a, &teams.p[i])};
    for (size_t i = 0; i < jv_len(list); i++) {
        struct demo_team *t = &d->teams[team_by_ref(d, jv_str_of(jv_at(list, i), "ref"))];
        const struct jv *to = jv_get(hands, str_z(d->a, t->ref));
        read_services(d, t, jv_get(jv_at(list, i), "services"));
        for (size_t j = 0; j < jv_len(to); j++)
            VEC_PUSH(d->a, &t->hands_to, team_by_ref(d, jv_str(jv_at(to, j))));
        if (!t->hands_to.n || !t->services.n)
            broken("demand.json", t->ref);
    }
    read_professions(d);
    d->rules = team_rules_load(d->a, db);
}

/* ---- subjects ---- */

static const struct jv *area_of(const struct demo *d, struct str form)
{
    const struct jv *areas = jv_get(demo_file(d, "matters.json"), "areas");
    for (size_t i = 0; i < jv_len(areas); i++)
        if (str_eq(jv_str_of(jv_at(areas, i), "area"), form))
            return jv_at(areas, i);
    broken("matters.json", form);
}

static void read_subject(struct demo *d, const struct jv *v)
{
    struct str code = jv_str_of(v, "form");
    const struct jv *age = jv_get(v, "age"), *area = area_of(d, code);
    struct demo_subject s = {.form = form_by_code(d->conf.forms, code),
                             .assess = jv_bool(jv_get(v, "assess")),
                             .phone = (int)jv_int(jv_get(v, "phone")),
                             .visit = (int)jv_int(jv_get(v, "visit")),
                             .replies = read_marked(d, jv_get(area, "answers"))};
    if (!s.form || !reg_from(s.form->reg, &s.reg) || !s.replies.of[LANG_FI].n)
        broken("demand.json", code);
    const struct jv *contacts = jv_get(area, "contacts");
    for (size_t i = 0; i < jv_len(contacts); i++) {
        const struct jv *c = jv_at(contacts, i);
        struct demo_text t = demo_text_read(d, s.form, jv_str_of(c, "text"), lang_of(c));
        if (t.relation < 0 && t.age_from < 0) {
            t.age_from = (int)jv_int(jv_at(age, 0));
            t.age_to = (int)jv_int(jv_at(age, 1));
        }
        const struct jv *replies = jv_get(c, "answers"), *all = jv_get(area, "answers");
        for (size_t j = 0; j < jv_len(replies); j++)
            VEC_PUSH(d->a, &t.replies.of[t.lang],
                     jv_str_of(jv_at(all, (size_t)jv_int(jv_at(replies, j))), "text"));
        VEC_PUSH(d->a, &s.texts[t.lang], t);
    }
    VEC_PUSH(d->a, &d->subjects, s);
    demo_weights_add(d->a, &d->subject_weights, (uint32_t)jv_int(jv_get(v, "share")));
}

void demo_data_read(struct demo *d)
{
    parse_files(d);
    read_hours(d);
    read_names(d);
    read_districts(d);
    read_sayings(d);
    const struct jv *subjects = jv_get(demo_file(d, "demand.json"), "subjects");
    for (size_t i = 0; i < jv_len(subjects); i++)
        read_subject(d, jv_at(subjects, i));
}
