/*
 * team_test.c: which team gets a matter: the order of rules, ages on the birthday, what is not
 * known; settings with mistakes, each named with its place; who is in, and until when. argv:
 * rules.json reasons.json teams.json.
 */
#include "base/guard.h"
#include "base/test_given.h"
#include "store/folder_test.h"
#include "team/team.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *a;
static const struct law *law;
static struct store *store;
static struct str county;
static char folder[] = "/tmp/asialla-team-XXXXXX";

static struct date day(const char *iso)
{
    struct date d = DATE_NONE;
    CHECK(date_parse(str_of(iso), &d));
    return d;
}

/* ---- rules ---- */

static struct team_rule rule(const char *code, int64_t team)
{
    return (struct team_rule){.code = str_of(code), .team = team, .age_from = -1, .age_to = -1};
}

static struct team_asking asking(const char *subject, const char *district, const char *born)
{
    return (struct team_asking){.subject = str_of(subject),
                                .form = str_of(subject),
                                .district = str_of(district),
                                .born = born ? day(born) : DATE_NONE,
                                .language = S("fi"),
                                .channel = S("web"),
                                .on = day("2026-11-24")};
}

static const char *picked(const struct team_rules *rules, struct team_asking ask)
{
    const struct team_rule *r = team_rule_pick(rules, &ask);
    return r ? str_z(a, r->code) : "none";
}

/* Overlapping on purpose: the first that holds is it. */
static struct team_rules some_rules(void)
{
    struct team_rules rules = {0};
    struct team_rule young = rule("young-north", 1), dental = rule("dental", 2),
                     north = rule("north", 3), swedish = rule("swedish-phone", 4);
    young.subjects = S("dental youth");
    young.districts = S("korso kerava");
    young.age_to = 22;
    dental.subjects = S("dental");
    north.districts = S("korso");
    north.age_from = 75;
    swedish.languages = S("sv en");
    swedish.channels = S("phone");
    VEC_PUSH(a, &rules, young);
    VEC_PUSH(a, &rules, dental);
    VEC_PUSH(a, &rules, north);
    VEC_PUSH(a, &rules, swedish);
    return rules;
}

static void the_first_that_holds(void)
{
    struct team_rules rules = some_rules();
    CHECK_STR(str_of(picked(&rules, asking("dental", "korso", "2010-01-01"))), "young-north");
    CHECK_STR(str_of(picked(&rules, asking("dental", "hakunila", "2010-01-01"))), "dental");
    CHECK_STR(str_of(picked(&rules, asking("dental", "korso", "1940-01-01"))), "dental");
    CHECK_STR(str_of(picked(&rules, asking("other", "korso", "1940-01-01"))), "north");
    CHECK_STR(str_of(picked(&rules, asking("other", "kerava", "1940-01-01"))), "none");
    struct team_asking swedish = asking("other", "kerava", NULL);
    swedish.language = S("sv");
    CHECK_STR(str_of(picked(&rules, swedish)), "none");
    swedish.channel = S("phone");
    CHECK_STR(str_of(picked(&rules, swedish)), "swedish-phone");
    CHECK_STR(str_of(picked(&(struct team_rules){0}, asking("dental", "korso", NULL))), "none");
}

/* On 24 November 2026: 22 until the day before the 23rd birthday, 75 on the birthday. */
static void age_on_the_birthday(void)
{
    struct team_rules rules = some_rules();
    CHECK_STR(str_of(picked(&rules, asking("dental", "korso", "2003-11-25"))), "young-north");
    CHECK_STR(str_of(picked(&rules, asking("dental", "korso", "2003-11-24"))), "dental");
    CHECK_STR(str_of(picked(&rules, asking("other", "korso", "1951-11-24"))), "north");
    CHECK_STR(str_of(picked(&rules, asking("other", "korso", "1951-11-25"))), "none");
    struct team_asking leap = asking("dental", "korso", "2004-02-29");
    leap.on = day("2027-02-28");
    CHECK_STR(str_of(picked(&rules, leap)), "young-north");
    leap.on = day("2027-03-01");
    CHECK_STR(str_of(picked(&rules, leap)), "dental");
}

/* What is not known is not guessed: a rule that asks for it does not hold. */
static void not_known(void)
{
    struct team_rules rules = some_rules();
    CHECK_STR(str_of(picked(&rules, asking("dental", "korso", NULL))), "dental");
    CHECK_STR(str_of(picked(&rules, asking("dental", "", "2010-01-01"))), "dental");
    CHECK_STR(str_of(picked(&rules, asking("youth", "", "2010-01-01"))), "none");
    CHECK_STR(str_of(picked(&rules, asking("youth", "nowhere", "2010-01-01"))), "none");
    CHECK_STR(str_of(picked(&rules, asking("dental", "korso", "2027-01-01"))), "dental");
    CHECK(!team_words_have(S("a b"), S("")));
    CHECK(!team_words_have(S(""), S("a")));
    CHECK(team_words_have(S("ab b"), S("b")));
    CHECK(!team_words_have(S("ab bc"), S("b")));
}

static void why_is_kept(void)
{
    struct team_rules rules = some_rules();
    struct team_asking ask = asking("dental", "korso", "2010-01-01");
    struct str why = team_routed_why(a, &rules.p[0], &ask);
    CHECK_STR(why, "{\"rule\":\"young-north\",\"subject\":\"dental\",\"district\":\"korso\","
                   "\"ageTo\":22}");
    struct json_error e;
    struct team_rule back;
    CHECK(team_routed_read(json_parse(a, why, &e), &back));
    CHECK_STR(back.code, "young-north");
    CHECK_STR(back.districts, "korso");
    CHECK_INT(back.age_from, -1);
    CHECK_INT(back.age_to, 22);
    CHECK(!back.languages.n);
    CHECK(!team_routed_read(json_parse(a, S("{}"), &e), &back));
    CHECK(!team_routed_read(NULL, &back));
}

/* ---- settings ---- */

struct taking {
    struct str text, why;
    bool ok;
};

static void take(struct db *db, void *arg)
{
    struct taking *t = arg;
    struct json_error e;
    const struct jv *settings = json_parse(a, t->text, &e);
    CHECK(settings);
    t->ok = team_settings_store(a, db, settings, &t->why);
    if (!t->ok)
        guard_fail(ERR_BAD_INPUT, "refused");
}

static struct str taken(struct str text)
{
    struct taking t = {.text = text};
    store_write(store, take, &t);
    return t.ok ? S("taken") : t.why;
}

#define NAMES   "\"name\": {\"fi\": \"a\", \"sv\": \"b\", \"en\": \"c\"}"
#define CONTACT "\"contact\": {\"fi\": \"d\", \"sv\": \"e\", \"en\": \"f\"}"
#define SMALL                                                                    \
    "{\"districts\": [{\"ref\": \"korso\", " NAMES "}], \"teams\": [{\"ref\": "  \
    "\"north\", \"register\": \"health\", " NAMES ", \"subjects\": [\"health\"]" \
    "%s}]%s}"
#define WHY "\"why\": {\"fi\": \"a\", \"sv\": \"b\", \"en\": \"c\"}"

static struct str small(const char *in_team, const char *after)
{
    return str_fmt(a, SMALL, in_team, after);
}

static void mistakes_are_named(void)
{
    static const struct {
        const char *in_team, *after, *why;
    } cases[] = {
        {"", "", "taken"},
        {", \"duti\": \"x\"", "", "teams[0].duti: is not known here"},
        {"", ", \"route\": []", "route: is not known here"},
        {", \"population\": {\"by\": \"moon\"}", "",
         "teams[0].population.by: wants district, age, matter or none"},
        {", \"population\": {\"by\": \"district\", \"districts\": [\"nowhere\"]}", "",
         "teams[0].population.districts[0]: wants the ref of a district of this file"},
        {", \"population\": {\"by\": \"matter\"}", "", "teams[0].population.subjects: is missing"},
        {", \"population\": {\"by\": \"age\"}", "",
         "teams[0].population: by age wants from, to or both"},
        {", \"population\": {\"by\": \"age\", \"from\": 20, \"to\": 10}", "",
         "teams[0].population: the age begins after it ends"},
        {", \"population\": {\"by\": \"age\", \"from\": 1.5}", "",
         "teams[0].population.from: wants full years, 0 to 130"},
        {", \"members\": [{\"login\": \"ghost\"}]", "",
         "teams[0].members[0].login: nobody has this user name; add them first"},
        {"", ", \"routes\": [{\"code\": \"A b\"}]",
         "routes[0].code: wants a code of small letters, digits and dashes"},
        {"", ", \"routes\": [{\"code\": \"a\", \"team\": \"south\"}]",
         "routes[0].team: wants the ref of a team of this file"},
        {"", ", \"routes\": [{\"code\": \"a\", \"team\": \"north\"}]",
         "routes[0].why: wants a text in fi, sv and en"},
        {"", ", \"routes\": [{\"code\": \"a\", \"team\": \"north\", " WHY "}]",
         "routes[0].when: wants what the rule asks for; {} is a rule for all"},
        {"",
         ", \"routes\": [{\"code\": \"a\", \"team\": \"north\", " WHY
         ", \"when\": {\"district\": [\"korso\"]}}]",
         "routes[0].when.district: is not known here"},
        {"",
         ", \"routes\": [{\"code\": \"a\", \"team\": \"north\", " WHY
         ", \"when\": {\"languages\": [\"sv\", \"Swedish\"]}}]",
         "routes[0].when.languages[1]: wants a language of ISO 639: two or three small letters"},
        {"",
         ", \"routes\": [{\"code\": \"a\", \"team\": \"north\", " WHY
         ", \"when\": {\"channels\": [\"fax\"]}}]",
         "routes[0].when.channels[0]: wants web, phone, visit, letter or chat"},
        {"",
         ", \"routes\": [{\"code\": \"a\", \"team\": \"north\", " WHY
         ", \"when\": {\"subjects\": []}}]",
         "routes[0].when.subjects: wants a list of 1 to 64 words"},
        {"",
         ", \"routes\": [{\"code\": \"a\", \"team\": \"north\", " WHY
         ", \"when\": {}}, {\"code\": \"a\", \"team\": \"north\", " WHY ", \"when\": {}}]",
         "routes[1].code: another rule has it"},
        {"", ", \"figureOwners\": [{" NAMES "}]",
         "figureOwners[0]: wants a contact in fi, sv and en"},
        {"", ", \"figureOwners\": [{" NAMES ", " CONTACT ", \"person\": \"x\"}]",
         "figureOwners[0]: wants figures, name and contact alone"},
        {"", ", \"figureOwners\": [{" NAMES ", " CONTACT ", \"figures\": [\"A b\"]}]",
         "figureOwners[0]: wants ids of figures"},
        {"", ", \"figureOwners\": [{" NAMES ", " CONTACT ", \"figures\": [\"t3\"]}]",
         "figureOwners: wants one without figures, who answers for all the others"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR(taken(small(cases[i].in_team, cases[i].after)), cases[i].why);
    struct str duty = taken(small(", \"duty\": \"Mo 25:00-26:00\"", ""));
    CHECK(str_starts(duty, S("teams[0].duty: ")));
}

static struct db *reading(void)
{
    struct db *db = store_reader(store);
    db_begin_read(db);
    return db;
}

static void routed_to(struct db *db, struct team_asking ask, const char *team, const char *code)
{
    struct team_routed r;
    CHECK(team_route(a, db, &ask, &r));
    CHECK_STR(r.team.ref, team);
    CHECK_STR(r.rule.code, code);
}

/* The sample county: rules that are written, then what follows from the teams. A file from before
 * there were rules says the latter alone. */
static void the_sample_county(void)
{
    CHECK_STR(taken(county), "taken");
    struct db *db = reading();
    routed_to(db, asking("health", "korso", "1980-01-01"), "nurse-north",
              "subject.health.nurse-north");
    routed_to(db, asking("health", "korso", "2022-01-01"), "maternity", "child-health");
    routed_to(db, asking("health", "", NULL), "nurse-south", "subject.health");
    routed_to(db, asking("other", "", "1951-11-24"), "older", "other-from-75");
    struct team_routed r;
    struct team_asking nobodys = asking("no-such-subject", "korso", NULL);
    CHECK(!team_route(a, db, &nobodys, &r));
    const struct team *t = NULL;
    struct teams all = teams_load(a, db);
    CHECK((t = teams_by_ref(&all, S("older"))));
    CHECK_INT(t->population.by, TEAM_BY_AGE);
    CHECK_INT(t->population.age_from, 65);
    CHECK_INT(t->population.age_to, -1);
    const struct law_hours *h = team_hours(a, db, teams_by_ref(&all, S("mental"))->id);
    CHECK(h && law_is_open(law, h, at("2026-11-24T13:30:00Z"))); /* 15:30 */
    CHECK(h && !law_is_open(law, h, at("2026-11-24T14:00:00Z")));
    db_end_read(db);
}

/* Who answers for a figure; a file that names nobody leaves it as it was. */
static void owners_of_figures(void)
{
    struct county_owner o;
    struct db *db = reading();
    CHECK(county_owner_load(a, db, S("t3"), LANG_EN, &o));
    CHECK_STR(o.name, "Appointment services, the service manager");
    CHECK(county_owner_load(a, db, S("waiting"), LANG_SV, &o));
    CHECK_STR(o.name, "Enheten för kunskapsledning, kunskapsledningschefen");
    CHECK(o.contact.n > 0);
    db_end_read(db);
    CHECK_STR(taken(small("", "")), "taken");
    db = reading();
    CHECK(county_owner_load(a, db, S("t3"), LANG_EN, &o));
    db_end_read(db);
    CHECK_STR(taken(small("", ", \"figureOwners\": [{" NAMES ", " CONTACT "}]")), "taken");
    db = reading();
    CHECK(county_owner_load(a, db, S("t3"), LANG_EN, &o));
    CHECK_STR(o.name, "c");
    CHECK_STR(o.contact, "f");
    db_end_read(db);
}

/* A store of before: nobody is named. */
static void nobody_is_named(void)
{
    struct county_owner o;
    struct db *db = reading();
    CHECK(!county_owner_load(a, db, S("t3"), LANG_FI, &o));
    CHECK(!o.name.n && !o.contact.n);
    db_end_read(db);
}

/* ---- who is in ---- */

static struct law_hours hours(const char *text)
{
    struct law_hours h;
    struct str why = {0};
    CHECK(law_hours_read(a, str_of(text), &h, &why));
    return h;
}

static struct str ends(const char *text, const char *now)
{
    struct law_hours h = hours(text);
    const struct law_hours *list[] = {&h};
    return instant_iso(a, presence_ends(law, list, 1, at(now)));
}

static void ends_by_itself(void)
{
    const char *week = "Mo-Th 08:00-16:00; Fr 08:00-15:00; 2026-12-23 08:00-12:00";
    CHECK_STR(ends(week, "2026-11-24T08:00:00Z"), "2026-11-24T14:00:00.000Z");
    CHECK_STR(ends(week, "2026-11-24T04:00:00Z"), "2026-11-24T14:00:00.000Z"); /* before it opens */
    CHECK_STR(ends(week, "2026-11-27T08:00:00Z"), "2026-11-27T13:00:00.000Z"); /* Friday */
    CHECK_STR(ends(week, "2026-11-24T14:00:00Z"), "2026-11-24T22:00:00.000Z"); /* has closed */
    CHECK_STR(ends(week, "2026-11-28T08:00:00Z"), "2026-11-28T22:00:00.000Z"); /* Saturday */
    CHECK_STR(ends(week, "2026-12-23T07:00:00Z"), "2026-12-23T10:00:00.000Z"); /* its own hours */
    CHECK_STR(ends(week, "2027-01-06T07:00:00Z"), "2027-01-06T22:00:00.000Z"); /* Epiphany */
    CHECK_STR(ends(week, "2026-11-24T21:59:59Z"), "2026-11-24T22:00:00.000Z");
    CHECK_STR(ends(week, "2026-11-24T22:00:00Z"), "2026-11-25T14:00:00.000Z"); /* a new day */
    struct law_hours day_h = hours("Mo-Fr 08:00-16:00"), late = hours("Mo-Fr 10:00-18:00");
    const struct law_hours *both[] = {&late, &day_h};
    CHECK_INT(presence_ends(law, both, 2, at("2026-11-24T08:00:00Z")).ms,
              at("2026-11-24T16:00:00Z").ms);
}

static void buttons(void)
{
    struct presence p = {0};
    struct instant now = at("2026-11-24T08:00:00Z"), until = at("2026-11-24T14:00:00Z"),
                   noon = at("2026-11-24T10:00:00Z"), later = at("2026-11-24T15:00:00Z");
    CHECK_INT(presence_state(&p, now), PRESENCE_OUT);
    presence_act(&p, PRESENCE_COMES_CONSULT, now, until, noon);
    CHECK_INT(presence_state(&p, now), PRESENCE_IN);
    CHECK_INT(presence_state(&p, until), PRESENCE_OUT); /* at the end of duty */
    CHECK(p.consult);
    presence_act(&p, PRESENCE_AWAY_UNTIL, now, until, noon);
    CHECK_INT(presence_state(&p, now), PRESENCE_AWAY);
    CHECK_INT(presence_state(&p, noon), PRESENCE_IN); /* back by itself */
    CHECK(p.consult);
    presence_act(&p, PRESENCE_BUSY, now, until, noon);
    CHECK_INT(presence_state(&p, now), PRESENCE_AWAY);
    CHECK(!p.consult);
    presence_act(&p, PRESENCE_BACK, now, until, noon);
    CHECK_INT(presence_state(&p, now), PRESENCE_IN);
    presence_act(&p, PRESENCE_AWAY_UNTIL, now, until, later); /* beyond duty: away until then */
    CHECK_INT(presence_state(&p, until), PRESENCE_AWAY);
    CHECK_INT(presence_state(&p, later), PRESENCE_OUT);
    presence_act(&p, PRESENCE_GOES, now, until, noon);
    CHECK_INT(presence_state(&p, now), PRESENCE_OUT);
    presence_act(&p, PRESENCE_CONSULT, now, until, noon); /* says so: comes in */
    CHECK_INT(presence_state(&p, now), PRESENCE_IN);
}

static void add_people(struct db *db, void *arg)
{
    struct instant now = at("2026-11-24T08:00:00Z"), until = at("2026-11-24T14:00:00Z");
    struct teams all = teams_load(a, db);
    struct presence p = {0};
    int64_t ann = staff_add(db, S("ann"), S("Ann"), S("nurse"), S("x"), ROLE_WORKER, S("")),
            bo = staff_add(db, S("bo"), S("Bo"), S("nurse"), S("x"), ROLE_WORKER, S(""));
    staff_join_as(db, ann, all.p[0].id, TEAM_HEAD);
    staff_join_as(db, ann, all.p[1].id, TEAM_SUBSTITUTE);
    staff_join(db, bo, all.p[0].id);
    staff_speaks(db, ann, S("so sv"));
    staff_speaks(db, bo, S("en fi"));
    presence_act(&p, PRESENCE_COMES_CONSULT, now, until, now);
    presence_store(a, db, ann, &p);
    presence_act(&p, PRESENCE_AWAY_UNTIL, now, until, at("2026-11-24T10:00:00Z"));
    presence_store(a, db, bo, &p);
}

static void who_is_in(void)
{
    CHECK_STR(taken(county), "taken");
    CHECK_INT(store_write(store, add_people, NULL), ERR_OK);
    struct db *db = reading();
    struct teams all = teams_load(a, db);
    struct presents in = team_present(a, db, all.p[0].id, at("2026-11-24T09:00:00Z"));
    CHECK_INT(in.n, 2);
    CHECK_STR(in.p[0].name, "Ann");
    CHECK(in.p[0].consultable && in.p[0].teams.n == 2);
    CHECK_INT(presence_state(&in.p[1].presence, at("2026-11-24T09:00:00Z")), PRESENCE_AWAY);
    CHECK(!in.p[1].consultable && in.p[1].teams.n == 1);
    CHECK(team_present(a, db, all.p[0].id, at("2026-11-24T10:00:00Z")).p[1].consultable);
    CHECK_INT(team_present(a, db, all.p[1].id, at("2026-11-24T09:00:00Z")).n, 1);
    CHECK_INT(team_present(a, db, all.p[0].id, at("2026-11-24T14:00:00Z")).n, 0);
    CHECK_INT(team_present(a, db, all.p[0].id, at("2026-11-25T09:00:00Z")).n, 0);
    struct colleagues members = team_colleagues(a, db, all.p[0].id);
    CHECK_INT(members.p[0].role, TEAM_HEAD);
    CHECK_STR(team_languages(a, &members), "fi sv en so");
    db_end_read(db);
    /* Where the file names a team's members they are all that it has. */
    struct str file = small(", \"members\": [{\"login\": \"bo\", \"role\": \"head\", "
                            "\"languages\": [\"fi\", \"et\"]}]",
                            "");
    CHECK_STR(taken(file), "taken");
    db = reading();
    all = teams_load(a, db);
    members = team_colleagues(a, db, teams_by_ref(&all, S("north"))->id);
    CHECK_INT(members.n, 1);
    CHECK_INT(members.p[0].role, TEAM_HEAD);
    CHECK_STR(members.p[0].languages, "fi et");
    db_end_read(db);
}

static bool begin(int argc, char **argv)
{
    struct str why = {0};
    struct store_conf conf = {.folder = folder, .create = true};
    if (sodium_init() < 0 || argc < 4 || !mkdtemp(folder))
        return false;
    a = arena_new((size_t)256 << 20);
    law = law_load(a, test_file(a, argv[1]), test_file(a, argv[2]), &why);
    county = test_file(a, argv[3]);
    store = law ? store_open(a, &conf, &why) : NULL;
    if (!store)
        printf("Bail out! " STR_FMT "\n", STR_ARG(why));
    return store != NULL;
}

int main(int argc, char **argv)
{
    if (!begin(argc, argv))
        return 1;
    TEST(the_first_that_holds);
    TEST(age_on_the_birthday);
    TEST(not_known);
    TEST(why_is_kept);
    TEST(mistakes_are_named);
    TEST(nobody_is_named);
    TEST(the_sample_county);
    TEST(owners_of_figures);
    TEST(ends_by_itself);
    TEST(buttons);
    TEST(who_is_in);
    store_close(store);
    folder_remove(folder);
    arena_free(a);
    return test_end();
}
