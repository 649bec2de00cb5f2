/*
 * team_settings.c: taking in the county's settings (data/county/teams.json shows the shape): teams,
 * districts, professions, members, rules of routing. Strict: a key that is not known, a word that
 * names nothing, is refused with its place, and then nothing of the file is taken.
 *
 * Rules are replaced whole by those of the file. Behind the ones that are written stand those that
 * follow from the teams' own subjects and districts, so that a file without any routes as before:
 * each team its subjects in its districts; then, wherever it is, the first team that names it.
 */
#include "team/team_settings.h"

enum { RULES_MOST = 300, LIST_MOST = 64, AGE_MOST = 130, CODE_MOST = 64 };

enum {
    Q_PUT_META,
    Q_PUT_TEAM,
    Q_PUT_DISTRICT,
    Q_PUT_PROFESSION,
    Q_CLEAR_RULES,
    Q_PUT_RULE,
    Q_CLEAR_MEMBERS,
    Q_LOGIN
};
/* Marked STMT_SCAN: the plan of putting a team names tables that refer to it without an index,
 * which SQLite reads only while a reference is broken. */
static const struct stmt q[] = {
    [Q_PUT_META] = {"team_settings.put_meta",
                    "INSERT INTO meta (name, value) VALUES ($1, $2) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    0},
    [Q_PUT_TEAM] = {"team_settings.put_team",
                    "INSERT INTO team (ref, register, name_fi, name_sv, name_en, phone, hours, "
                    "duty, population, population_of, age_from, age_to) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                    "ON CONFLICT (ref) DO UPDATE SET register = excluded.register, "
                    "name_fi = excluded.name_fi, name_sv = excluded.name_sv, "
                    "name_en = excluded.name_en, phone = excluded.phone, "
                    "hours = excluded.hours, duty = excluded.duty, "
                    "population = excluded.population, population_of = excluded.population_of, "
                    "age_from = excluded.age_from, age_to = excluded.age_to RETURNING id",
                    STMT_SCAN},
    [Q_PUT_DISTRICT] = {"team_settings.put_district",
                        "INSERT INTO district (ref, nth, name_fi, name_sv, name_en) "
                        "VALUES ($1, $2, $3, $4, $5) "
                        "ON CONFLICT (ref) DO UPDATE SET nth = excluded.nth, "
                        "name_fi = excluded.name_fi, name_sv = excluded.name_sv, "
                        "name_en = excluded.name_en",
                        0},
    [Q_PUT_PROFESSION] = {"team_settings.put_profession",
                          "INSERT INTO profession (ref, name_fi, name_sv, name_en) "
                          "VALUES ($1, $2, $3, $4) "
                          "ON CONFLICT (ref) DO UPDATE SET name_fi = excluded.name_fi, "
                          "name_sv = excluded.name_sv, name_en = excluded.name_en",
                          0},
    [Q_CLEAR_RULES] = {"team_settings.clear_rules", "DELETE FROM team_rule", STMT_SCAN},
    [Q_PUT_RULE] = {"team_settings.put_rule",
                    "INSERT INTO team_rule (code, nth, derived, team, subjects, forms, districts, "
                    "languages, channels, age_from, age_to, why_fi, why_sv, why_en) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                    0},
    [Q_CLEAR_MEMBERS] = {"team_settings.clear_members", "DELETE FROM team_member WHERE team = $1",
                         0},
    [Q_LOGIN] = {"team_settings.login", "SELECT id FROM staff WHERE login = $1", 0},
};
const struct stmt_table team_settings_statements = {q, sizeof q / sizeof *q};

/* What is being taken in. */
struct taking {
    struct arena *a;
    struct db *db;
    const struct jv *settings;
    struct str why; /* what is wrong, and where */
    struct {
        LIST_FIELDS(struct team_rule);
    } rules;            /* as written, then those that follow */
    struct teams teams; /* of the file, with their ids */
};
#define WRONG(k, ...) ((k)->why = str_fmt((k)->a, __VA_ARGS__), false)

/* ---- parts ---- */

static bool keys_known(struct taking *k, const struct jv *v, struct str place,
                       const char *const *known)
{
    struct str key = jv_unknown(v, known);
    return !key.n ||
           WRONG(k, STR_FMT "." STR_FMT ": is not known here", STR_ARG(place), STR_ARG(key));
}

/* {"ref": ..., "name": {"fi", "sv", "en"}} at `place`. */
static bool read_named(struct taking *k, const struct jv *v, struct str place, struct named *out)
{
    out->ref = jv_str_of(v, "ref");
    bool ok = lang_texts(jv_get(v, "name"), out->name) && out->ref.n > 0 &&
              out->ref.n <= CODE_MOST && str_find(out->ref, ' ') == out->ref.n;
    for (int l = 0; l < LANG_COUNT; l++)
        ok = ok && out->name[l].n <= 200;
    return ok || WRONG(k, STR_FMT ": wants a ref and a name in fi, sv and en", STR_ARG(place));
}

bool team_is_code(struct str s)
{
    bool ok = s.n > 0 && s.n <= CODE_MOST;
    for (size_t i = 0; i < s.n; i++)
        ok = ok && ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
                    s.p[i] == '-');
    return ok;
}

enum words { WORDS_CODES, WORDS_DISTRICTS, WORDS_LANGUAGES, WORDS_CHANNELS };

static bool ref_in(const struct jv *list, struct str ref)
{
    for (size_t i = 0; i < jv_len(list); i++)
        if (str_eq(jv_str_of(jv_at(list, i), "ref"), ref))
            return true;
    return false;
}

static bool word_fits(const struct taking *k, enum words of, struct str s)
{
    if (of == WORDS_DISTRICTS)
        return s.n && ref_in(jv_get(k->settings, "districts"), s);
    if (of == WORDS_LANGUAGES)
        return (s.n == 2 || s.n == 3) && team_is_code(s) && s.p[0] >= 'a' && s.p[s.n - 1] >= 'a';
    for (size_t i = 0; of == WORDS_CHANNELS && i < team_channel_n; i++)
        if (str_eq(s, str_of(team_channels[i].code)))
            return true;
    return of == WORDS_CODES && team_is_code(s);
}

/* A list of strings, kept as words with a blank between. Missing: none. */
static bool read_words(struct taking *k, const struct jv *v, struct str place, enum words of,
                       struct str *out)
{
    static const char *const wants[] = {
        "a code of small letters, digits and dashes", "the ref of a district of this file",
        "a language of ISO 639: two or three small letters", "web, phone, visit, letter or chat"};
    *out = S("");
    if (jv_kind(v) == JV_MISSING)
        return true;
    if (jv_kind(v) != JV_ARRAY || jv_len(v) == 0 || jv_len(v) > LIST_MOST)
        return WRONG(k, STR_FMT ": wants a list of 1 to %d words", STR_ARG(place), LIST_MOST);
    struct buf b = buf_new(k->a, 0);
    for (size_t i = 0; i < jv_len(v); i++) {
        struct str one = jv_str(jv_at(v, i));
        if (!word_fits(k, of, one))
            return WRONG(k, STR_FMT "[%zu]: wants %s", STR_ARG(place), i, wants[of]);
        if (i)
            buf_char(&b, ' ');
        buf_str(&b, one);
    }
    *out = buf_get(&b);
    return true;
}

static struct str below(const struct taking *k, struct str place, const char *key)
{
    return str_fmt(k->a, STR_FMT ".%s", STR_ARG(place), key);
}

/* An age in full years. Missing: -1. */
static bool read_age(struct taking *k, const struct jv *v, struct str place, int *out)
{
    *out = -1;
    if (jv_kind(v) == JV_MISSING)
        return true;
    int64_t n = jv_int(v);
    if (jv_kind(v) != JV_NUMBER || jv_real(v) != (double)n || n < 0 || n > AGE_MOST)
        return WRONG(k, STR_FMT ": wants full years, 0 to %d", STR_ARG(place), AGE_MOST);
    *out = (int)n;
    return true;
}

static bool ages_in_order(struct taking *k, struct str place, int from, int to)
{
    return from < 0 || to < 0 || from <= to ||
           WRONG(k, STR_FMT ": the age begins after it ends", STR_ARG(place));
}

/* ---- county, districts, professions ---- */

static bool store_county(struct taking *k)
{
    static const char *const known[] = {"name", "note", NULL};
    const struct jv *county = jv_get(k->settings, "county");
    if (!keys_known(k, county, S("county"), known))
        return false;
    for (int l = 0; l < LANG_COUNT; l++) {
        struct str name = jv_str_of(jv_get(county, "name"), lang_code((enum lang)l));
        if (name.n)
            DB_EXEC(k->db, &q[Q_PUT_META],
                    V_STR(str_fmt(k->a, "county.%s", lang_code((enum lang)l))), V_STR(name));
    }
    return true;
}

static bool store_districts(struct taking *k)
{
    static const char *const known[] = {"ref", "name", "postalCode", "municipality", "note", NULL};
    const struct jv *list = jv_get(k->settings, "districts");
    for (size_t i = 0; i < jv_len(list); i++) {
        struct named d;
        struct str place = str_fmt(k->a, "districts[%zu]", i);
        if (!keys_known(k, jv_at(list, i), place, known) ||
            !read_named(k, jv_at(list, i), place, &d))
            return false;
        DB_EXEC(k->db, &q[Q_PUT_DISTRICT], V_STR(d.ref), V_INT((int64_t)i), V_STR(d.name[LANG_FI]),
                V_STR(d.name[LANG_SV]), V_STR(d.name[LANG_EN]));
    }
    return true;
}

static bool store_professions(struct taking *k)
{
    static const char *const known[] = {"ref", "register", "name", "teams", "note", NULL};
    const struct jv *list = jv_get(k->settings, "professions");
    for (size_t i = 0; i < jv_len(list); i++) {
        struct named p;
        struct str place = str_fmt(k->a, "professions[%zu]", i);
        if (!keys_known(k, jv_at(list, i), place, known) ||
            !read_named(k, jv_at(list, i), place, &p))
            return false;
        DB_EXEC(k->db, &q[Q_PUT_PROFESSION], V_STR(p.ref), V_STR(p.name[LANG_FI]),
                V_STR(p.name[LANG_SV]), V_STR(p.name[LANG_EN]));
    }
    return true;
}

/* ---- teams ---- */

/* Whom it is for; missing: everybody. */
static bool read_population(struct taking *k, const struct jv *v, struct str place,
                            struct team_population *out)
{
    static const char *const known[] = {"by", "districts", "subjects", "from", "to", "note", NULL};
    *out = (struct team_population){.of = S(""), .age_from = -1, .age_to = -1};
    if (jv_kind(v) == JV_MISSING)
        return true;
    if (!keys_known(k, v, place, known))
        return false;
    if (!team_by_from(jv_str_of(v, "by"), &out->by))
        return WRONG(k, STR_FMT ".by: wants district, age, matter or none", STR_ARG(place));
    bool districts = out->by == TEAM_BY_DISTRICT, matter = out->by == TEAM_BY_MATTER;
    const char *key = districts ? "districts" : "subjects";
    if ((districts || matter) && !read_words(k, jv_get(v, key), below(k, place, key),
                                             districts ? WORDS_DISTRICTS : WORDS_CODES, &out->of))
        return false;
    if ((districts || matter) && !out->of.n)
        return WRONG(k, STR_FMT ".%s: is missing", STR_ARG(place), key);
    if (out->by != TEAM_BY_AGE)
        return true;
    if (!read_age(k, jv_get(v, "from"), below(k, place, "from"), &out->age_from) ||
        !read_age(k, jv_get(v, "to"), below(k, place, "to"), &out->age_to) ||
        !ages_in_order(k, place, out->age_from, out->age_to))
        return false;
    return out->age_from >= 0 || out->age_to >= 0 ||
           WRONG(k, STR_FMT ": by age wants from, to or both", STR_ARG(place));
}

/* Duty hours as data/law/README.md writes them. Where they are not told, those of the phone, if
 * they read so; else the office's. */
static bool read_duty(struct taking *k, const struct jv *v, struct str place, struct str hours,
                      struct str *out)
{
    struct law_hours h;
    struct str why = {0};
    struct str duty = jv_str_of(v, "duty");
    if (jv_kind(jv_get(v, "duty")) == JV_MISSING) {
        *out = hours.n && law_hours_read(k->a, hours, &h, &why) ? hours : S("");
        return true;
    }
    if (!duty.n || !law_hours_read(k->a, duty, &h, &why))
        return WRONG(k, STR_FMT ".duty: " STR_FMT, STR_ARG(place),
                     STR_ARG(why.n ? why : S("wants opening hours")));
    *out = duty;
    return true;
}

static struct val v_age(int age)
{
    return age < 0 ? V_NULL : V_INT(age);
}

static bool read_team(struct taking *k, const struct jv *v, struct str place, struct team *t)
{
    static const char *const known[] = {
        "ref",     "register",  "name",     "phone",    "hours", "duty", "population",
        "members", "districts", "services", "subjects", "note",  NULL};
    struct named named;
    if (!keys_known(k, v, place, known) || !read_named(k, v, place, &named))
        return false;
    if (!reg_from(jv_str_of(v, "register"), &t->reg))
        return WRONG(k, STR_FMT ".register: wants health, social or rescue", STR_ARG(place));
    t->ref = named.ref;
    memcpy(t->name, named.name, sizeof t->name);
    t->phone = jv_str_of(v, "phone");
    t->hours = jv_str_of(v, "hours");
    return read_duty(k, v, place, t->hours, &t->duty) &&
           read_population(k, jv_get(v, "population"), below(k, place, "population"),
                           &t->population);
}

static void store_team(struct taking *k, struct team *t)
{
    const struct team_population *p = &t->population;
    t->id = DB_INT(k->db, 0, &q[Q_PUT_TEAM], V_STR(t->ref), V_STR(str_of(reg_code(t->reg))),
                   V_STR(t->name[LANG_FI]), V_STR(t->name[LANG_SV]), V_STR(t->name[LANG_EN]),
                   V_STR(t->phone.p ? t->phone : S("")), V_STR(t->hours.p ? t->hours : S("")),
                   V_STR(t->duty), V_STR(str_of(team_by_code(p->by))), V_STR(p->of),
                   v_age(p->age_from), v_age(p->age_to));
    VEC_PUSH(k->a, &k->teams, *t);
}

/* Where a team names its members they are all that it has; else nothing is changed. */
static bool store_members(struct taking *k, const struct jv *list, struct str place, int64_t team)
{
    static const char *const known[] = {"login", "role", "languages", "note", NULL};
    if (jv_kind(list) == JV_MISSING)
        return true;
    DB_EXEC(k->db, &q[Q_CLEAR_MEMBERS], V_INT(team));
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        struct str at = str_fmt(k->a, STR_FMT "[%zu]", STR_ARG(place), i), languages;
        struct str login = jv_str_of(v, "login"), role = jv_str_of(v, "role");
        enum team_role r = TEAM_MEMBER;
        if (!keys_known(k, v, at, known))
            return false;
        int64_t staff = login.n ? DB_INT(k->db, 0, &q[Q_LOGIN], V_STR(login)) : 0;
        if (!staff)
            return WRONG(k, STR_FMT ".login: nobody has this user name; add them first",
                         STR_ARG(at));
        if (role.n && !team_role_from(role, &r))
            return WRONG(k, STR_FMT ".role: wants member, substitute or head", STR_ARG(at));
        if (!read_words(k, jv_get(v, "languages"), below(k, at, "languages"), WORDS_LANGUAGES,
                        &languages))
            return false;
        staff_join_as(k->db, staff, team, r);
        if (languages.n)
            staff_speaks(k->db, staff, languages);
    }
    return true;
}

static bool store_teams(struct taking *k)
{
    const struct jv *list = jv_get(k->settings, "teams");
    if (jv_len(list) == 0)
        return WRONG(k, "teams: wants at least one team");
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        struct str place = str_fmt(k->a, "teams[%zu]", i);
        struct team t = {0};
        if (!read_team(k, v, place, &t))
            return false;
        if (teams_by_ref(&k->teams, t.ref))
            return WRONG(k, STR_FMT ".ref: another team has it", STR_ARG(place));
        store_team(k, &t);
        if (!store_members(k, jv_get(v, "members"), below(k, place, "members"), t.id))
            return false;
    }
    return true;
}

/* ---- rules ---- */

static bool code_taken(const struct taking *k, struct str code)
{
    for (size_t i = 0; i < k->rules.n; i++)
        if (str_eq(k->rules.p[i].code, code))
            return true;
    return false;
}

static bool read_when(struct taking *k, const struct jv *v, struct str place, struct team_rule *out)
{
    static const char *const known[] = {"subjects", "forms",   "districts", "languages",
                                        "channels", "ageFrom", "ageTo",     NULL};
    const struct {
        const char *key;
        enum words of;
        struct str *to;
    } lists[] = {
        {"subjects", WORDS_CODES, &out->subjects},
        {"forms", WORDS_CODES, &out->forms},
        {"districts", WORDS_DISTRICTS, &out->districts},
        {"languages", WORDS_LANGUAGES, &out->languages},
        {"channels", WORDS_CHANNELS, &out->channels},
    };
    if (jv_kind(v) != JV_OBJECT)
        return WRONG(k, STR_FMT ": wants what the rule asks for; {} is a rule for all",
                     STR_ARG(place));
    if (!keys_known(k, v, place, known))
        return false;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!read_words(k, jv_get(v, lists[i].key), below(k, place, lists[i].key), lists[i].of,
                        lists[i].to))
            return false;
    return read_age(k, jv_get(v, "ageFrom"), below(k, place, "ageFrom"), &out->age_from) &&
           read_age(k, jv_get(v, "ageTo"), below(k, place, "ageTo"), &out->age_to) &&
           ages_in_order(k, place, out->age_from, out->age_to);
}

static bool read_rule(struct taking *k, const struct jv *v, struct str place)
{
    static const char *const known[] = {"code", "when", "team", "why", "note", NULL};
    struct team_rule r = {.code = jv_str_of(v, "code")};
    if (!keys_known(k, v, place, known))
        return false;
    if (!team_is_code(r.code))
        return WRONG(k, STR_FMT ".code: wants a code of small letters, digits and dashes",
                     STR_ARG(place));
    if (code_taken(k, r.code))
        return WRONG(k, STR_FMT ".code: another rule has it", STR_ARG(place));
    const struct team *t = teams_by_ref(&k->teams, jv_str_of(v, "team"));
    if (!t)
        return WRONG(k, STR_FMT ".team: wants the ref of a team of this file", STR_ARG(place));
    if (!lang_texts(jv_get(v, "why"), r.why))
        return WRONG(k, STR_FMT ".why: wants a text in fi, sv and en", STR_ARG(place));
    r.team = t->id;
    if (!read_when(k, jv_get(v, "when"), below(k, place, "when"), &r))
        return false;
    VEC_PUSH(k->a, &k->rules, r);
    return true;
}

static void derive(struct taking *k, struct str code, int64_t team, struct str subject,
                   struct str districts)
{
    struct team_rule r = {.code = code,
                          .team = team,
                          .subjects = subject,
                          .forms = S(""),
                          .districts = districts,
                          .languages = S(""),
                          .channels = S(""),
                          .age_from = -1,
                          .age_to = -1,
                          .derived = true};
    if (!code_taken(k, code))
        VEC_PUSH(k->a, &k->rules, r);
}

/* Those that follow from the subjects of a team. `anywhere`: of the first team that names one. */
static bool derive_of(struct taking *k, size_t i, bool anywhere)
{
    const struct jv *v = jv_at(jv_get(k->settings, "teams"), i);
    struct str place = str_fmt(k->a, "teams[%zu]", i), subjects, districts;
    const struct team *t = &k->teams.p[i];
    if (!read_words(k, jv_get(v, "subjects"), below(k, place, "subjects"), WORDS_CODES,
                    &subjects) ||
        !read_words(k, jv_get(v, "districts"), below(k, place, "districts"), WORDS_DISTRICTS,
                    &districts))
        return false;
    while (subjects.n) {
        struct str one = str_cut(&subjects, ' ');
        if (anywhere)
            derive(k, str_fmt(k->a, "subject." STR_FMT, STR_ARG(one)), t->id, one, S(""));
        else if (districts.n)
            derive(k, str_fmt(k->a, "subject." STR_FMT "." STR_FMT, STR_ARG(one), STR_ARG(t->ref)),
                   t->id, one, districts);
    }
    return true;
}

static void put_rules(struct taking *k)
{
    DB_EXEC(k->db, &q[Q_CLEAR_RULES]);
    for (size_t i = 0; i < k->rules.n; i++) {
        const struct team_rule *r = &k->rules.p[i];
        struct str why[LANG_COUNT];
        for (int l = 0; l < LANG_COUNT; l++)
            why[l] = r->why[l].p ? r->why[l] : S("");
        DB_EXEC(k->db, &q[Q_PUT_RULE], V_STR(r->code), V_INT((int64_t)i), V_INT(r->derived),
                V_INT(r->team), V_STR(r->subjects), V_STR(r->forms), V_STR(r->districts),
                V_STR(r->languages), V_STR(r->channels), v_age(r->age_from), v_age(r->age_to),
                V_STR(why[LANG_FI]), V_STR(why[LANG_SV]), V_STR(why[LANG_EN]));
    }
}

static bool store_rules(struct taking *k)
{
    const struct jv *list = jv_get(k->settings, "routes");
    if (jv_kind(list) != JV_MISSING && jv_kind(list) != JV_ARRAY)
        return WRONG(k, "routes: wants a list");
    if (jv_len(list) > RULES_MOST)
        return WRONG(k, "routes: wants at most %d rules", RULES_MOST);
    for (size_t i = 0; i < jv_len(list); i++)
        if (!read_rule(k, jv_at(list, i), str_fmt(k->a, "routes[%zu]", i)))
            return false;
    for (int anywhere = 0; anywhere < 2; anywhere++)
        for (size_t i = 0; i < k->teams.n; i++)
            if (!derive_of(k, i, anywhere))
                return false;
    put_rules(k);
    return true;
}

bool team_settings_store(struct arena *a, struct db *db, const struct jv *settings, struct str *why)
{
    static const char *const known[] = {"source",    "note",         "county",
                                        "districts", "professions",  "teams",
                                        "routes",    "figureOwners", NULL};
    struct taking k = {.a = a, .db = db, .settings = settings};
    struct str key = jv_unknown(settings, known);
    if (key.n)
        k.why = str_fmt(a, STR_FMT ": is not known here", STR_ARG(key));
    bool ok = !key.n && store_county(&k) && store_districts(&k) && store_professions(&k) &&
              store_teams(&k) && store_rules(&k) &&
              team_owners_store(a, db, jv_get(settings, "figureOwners"), &k.why);
    if (!ok)
        *why = k.why;
    return ok;
}
