/* team_store.c: the rows of teams, districts, professions and staff. */
#include "team/team.h"

#define NAMES "name_fi, name_sv, name_en"
#define TEAM  "t.id, t.ref, t.register, t.name_fi, t.name_sv, t.name_en, t.phone, t.hours"

enum {
    Q_TEAMS,
    Q_TEAMS_OF,
    Q_ANSWERS,
    Q_DISTRICTS,
    Q_DISTRICT,
    Q_PROFESSIONS,
    Q_COLLEAGUES,
    Q_KEEPERS,
    Q_PUT_TEAM,
    Q_PUT_DISTRICT,
    Q_PUT_PROFESSION,
    Q_CLEAR_SUBJECTS,
    Q_PUT_SUBJECT,
    Q_ADD_STAFF,
    Q_JOIN,
    Q_META,
    Q_PUT_META
};
/* Marked STMT_SCAN besides the small lists: the plans of putting a team and adding staff name
 * tables that refer to them without an index, which SQLite reads only while a reference is
 * broken. */
static const struct stmt q[] = {
    [Q_TEAMS] = {"team.all", "SELECT " TEAM " FROM team t ORDER BY t.id", STMT_SCAN},
    [Q_TEAMS_OF] = {"team.of",
                    "SELECT " TEAM " FROM team_member m JOIN team t ON t.id = m.team "
                    "WHERE m.staff = $1 ORDER BY t.id",
                    0},
    [Q_ANSWERS] = {"team.answers",
                   "SELECT " TEAM " FROM team_subject s JOIN team t ON t.id = s.team "
                   "WHERE s.subject = $1 AND s.district IN ($2, '') "
                   "ORDER BY s.district DESC LIMIT 1",
                   0},
    [Q_DISTRICTS] = {"team.districts", "SELECT ref, " NAMES " FROM district ORDER BY nth",
                     STMT_SCAN},
    [Q_DISTRICT] = {"team.district", "SELECT ref, " NAMES " FROM district WHERE ref = $1", 0},
    [Q_PROFESSIONS] = {"team.professions", "SELECT ref, " NAMES " FROM profession ORDER BY name_fi",
                       STMT_SCAN},
    [Q_COLLEAGUES] = {"team.colleagues",
                      "SELECT s.id, s.name, s.profession, s.login, s.roles FROM team_member m "
                      "JOIN staff s ON s.id = m.staff WHERE m.team = $1 AND s.active = 1 "
                      "ORDER BY s.name",
                      0},
    [Q_KEEPERS] = {"team.keepers", /* ROLE_EDITOR, ROLE_PARTNER */
                   "SELECT id, name, profession, login, roles, organisation FROM staff "
                   "WHERE roles IN (8, 16) AND active = 1 AND password IS NULL "
                   "ORDER BY roles, id",
                   STMT_SCAN},
    [Q_PUT_TEAM] = {"team.put",
                    "INSERT INTO team (ref, register, " NAMES ", phone, hours) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (ref) DO UPDATE SET "
                    "register = excluded.register, name_fi = excluded.name_fi, "
                    "name_sv = excluded.name_sv, name_en = excluded.name_en, "
                    "phone = excluded.phone, hours = excluded.hours RETURNING id",
                    STMT_SCAN},
    [Q_PUT_DISTRICT] = {"team.put_district",
                        "INSERT INTO district (ref, nth, " NAMES ") VALUES ($1, $2, $3, $4, $5) "
                        "ON CONFLICT (ref) DO UPDATE SET nth = excluded.nth, "
                        "name_fi = excluded.name_fi, name_sv = excluded.name_sv, "
                        "name_en = excluded.name_en",
                        0},
    [Q_PUT_PROFESSION] = {"team.put_profession",
                          "INSERT INTO profession (ref, " NAMES ") VALUES ($1, $2, $3, $4) "
                          "ON CONFLICT (ref) DO UPDATE SET name_fi = excluded.name_fi, "
                          "name_sv = excluded.name_sv, name_en = excluded.name_en",
                          0},
    [Q_CLEAR_SUBJECTS] = {"team.clear_subjects", "DELETE FROM team_subject", STMT_SCAN},
    [Q_PUT_SUBJECT] = {"team.put_subject",
                       "INSERT INTO team_subject (subject, district, team) VALUES ($1, $2, $3) "
                       "ON CONFLICT (subject, district) DO NOTHING",
                       0},
    [Q_ADD_STAFF] = {"team.add_staff",
                     "INSERT INTO staff (login, name, profession, password, roles, organisation) "
                     "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (login) DO NOTHING RETURNING id",
                     STMT_SCAN},
    [Q_JOIN] = {"team.join",
                "INSERT INTO team_member (staff, team) VALUES ($1, $2) "
                "ON CONFLICT (team, staff) DO NOTHING",
                0},
    [Q_META] = {"team.meta", "SELECT value FROM meta WHERE name = $1", 0},
    [Q_PUT_META] = {"team.put_meta",
                    "INSERT INTO meta (name, value) VALUES ($1, $2) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    0},
};
const struct stmt_table team_statements = {q, sizeof q / sizeof *q};

static void read_names(struct arena *a, const struct rows *r, int from, struct str name[LANG_COUNT])
{
    for (int l = 0; l < LANG_COUNT; l++)
        name[l] = rows_str(r, a, from + l);
}

static struct teams read_teams(struct arena *a, struct rows r)
{
    struct teams list = {0};
    while (rows_next(&r)) {
        struct team t = {.id = rows_int(&r, 0),
                         .ref = rows_str(&r, a, 1),
                         .phone = rows_str(&r, a, 6),
                         .hours = rows_str(&r, a, 7)};
        reg_from(rows_peek(&r, 2), &t.reg);
        read_names(a, &r, 3, t.name);
        VEC_PUSH(a, &list, t);
    }
    return list;
}

struct teams teams_load(struct arena *a, struct db *db)
{
    return read_teams(a, DB_QUERY(db, &q[Q_TEAMS]));
}

struct teams teams_of(struct arena *a, struct db *db, const struct session *s)
{
    return read_teams(a, DB_QUERY(db, &q[Q_TEAMS_OF], V_INT(s->staff)));
}

const struct team *teams_by_id(const struct teams *t, int64_t id)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->p[i].id == id)
            return &t->p[i];
    return NULL;
}

const struct team *teams_by_ref(const struct teams *t, struct str ref)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->p[i].ref, ref))
            return &t->p[i];
    return NULL;
}

bool team_answers(struct arena *a, struct db *db, struct str subject, struct str district,
                  struct team *out)
{
    struct str in = district.n ? district : S("");
    struct teams one = read_teams(a, DB_QUERY(db, &q[Q_ANSWERS], V_STR(subject), V_STR(in)));
    if (one.n)
        *out = one.p[0];
    return one.n > 0;
}

static struct named_list read_named(struct arena *a, struct rows r)
{
    struct named_list list = {0};
    while (rows_next(&r)) {
        struct named one = {.ref = rows_str(&r, a, 0)};
        read_names(a, &r, 1, one.name);
        VEC_PUSH(a, &list, one);
    }
    return list;
}

struct named_list districts_load(struct arena *a, struct db *db)
{
    return read_named(a, DB_QUERY(db, &q[Q_DISTRICTS]));
}

struct named_list district_load(struct arena *a, struct db *db, struct str ref)
{
    return read_named(a, DB_QUERY(db, &q[Q_DISTRICT], V_STR(ref.p ? ref : S(""))));
}

struct named_list professions_load(struct arena *a, struct db *db)
{
    return read_named(a, DB_QUERY(db, &q[Q_PROFESSIONS]));
}

struct str named_find(const struct named_list *list, struct str ref, enum lang l)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->p[i].ref, ref))
            return list->p[i].name[l];
    return ref;
}

struct colleagues team_colleagues(struct arena *a, struct db *db, int64_t team)
{
    struct colleagues list = {0};
    struct rows r = DB_QUERY(db, &q[Q_COLLEAGUES], V_INT(team));
    while (rows_next(&r)) {
        struct colleague c = {.id = rows_int(&r, 0),
                              .name = rows_str(&r, a, 1),
                              .profession = rows_str(&r, a, 2),
                              .login = rows_str(&r, a, 3),
                              .roles = (unsigned)rows_int(&r, 4)};
        VEC_PUSH(a, &list, c);
    }
    return list;
}

struct colleagues staff_keepers(struct arena *a, struct db *db)
{
    struct colleagues list = {0};
    struct rows r = DB_QUERY(db, &q[Q_KEEPERS]);
    while (rows_next(&r)) {
        struct colleague c = {.id = rows_int(&r, 0),
                              .name = rows_str(&r, a, 1),
                              .profession = rows_str(&r, a, 2),
                              .login = rows_str(&r, a, 3),
                              .roles = (unsigned)rows_int(&r, 4),
                              .organisation = rows_str(&r, a, 5)};
        VEC_PUSH(a, &list, c);
    }
    return list;
}

int64_t staff_add(struct db *db, struct str login, struct str name, struct str profession,
                  struct str password_hash, unsigned roles, struct str organisation)
{
    return DB_INT(db, 0, &q[Q_ADD_STAFF], V_STR(login), V_STR(name), V_STR(profession),
                  V_STR(password_hash), V_INT(roles), V_STR(organisation));
}

void staff_join(struct db *db, int64_t staff, int64_t team)
{
    DB_EXEC(db, &q[Q_JOIN], V_INT(staff), V_INT(team));
}

static struct str county_key(struct arena *a, int l)
{
    return str_fmt(a, "county.%s", lang_code((enum lang)l));
}

void county_load(struct arena *a, struct db *db, struct str name[LANG_COUNT])
{
    for (int l = 0; l < LANG_COUNT; l++) {
        struct rows r = DB_QUERY(db, &q[Q_META], V_STR(county_key(a, l)));
        name[l] =
            rows_next(&r) ? rows_str(&r, a, 0) : tr((enum lang)l, "Wellbeing services county");
        rows_end(&r);
    }
}

/* ---- settings ---- */

static void store_county(struct arena *a, struct db *db, const struct jv *county)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        struct str name = jv_str_of(jv_get(county, "name"), lang_code((enum lang)l));
        if (name.n)
            DB_EXEC(db, &q[Q_PUT_META], V_STR(county_key(a, l)), V_STR(name));
    }
}

/* {"ref": ..., "name": {"fi", "sv", "en"}} at `place`. */
static bool read_one(struct arena *a, const struct jv *v, const char *place, size_t i,
                     struct named *out, struct str *why)
{
    out->ref = jv_str_of(v, "ref");
    bool ok = lang_texts(jv_get(v, "name"), out->name) && out->ref.n > 0 && out->ref.n <= 64;
    for (int l = 0; l < LANG_COUNT; l++)
        ok = ok && out->name[l].n <= 200;
    if (!ok)
        *why = str_fmt(a, "%s[%zu]: wants a ref and a name in fi, sv and en", place, i);
    return ok;
}

static bool store_districts(struct arena *a, struct db *db, const struct jv *list, struct str *why)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        struct named d;
        if (!read_one(a, jv_at(list, i), "districts", i, &d, why))
            return false;
        DB_EXEC(db, &q[Q_PUT_DISTRICT], V_STR(d.ref), V_INT((int64_t)i), V_STR(d.name[LANG_FI]),
                V_STR(d.name[LANG_SV]), V_STR(d.name[LANG_EN]));
    }
    return true;
}

static bool store_professions(struct arena *a, struct db *db, const struct jv *list,
                              struct str *why)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        struct named p;
        if (!read_one(a, jv_at(list, i), "professions", i, &p, why))
            return false;
        DB_EXEC(db, &q[Q_PUT_PROFESSION], V_STR(p.ref), V_STR(p.name[LANG_FI]),
                V_STR(p.name[LANG_SV]), V_STR(p.name[LANG_EN]));
    }
    return true;
}

/* A team answers for each of its subjects in each of its districts; the first team named for a
 * subject also where the district is not told. */
static void store_subjects(struct db *db, int64_t team, const struct jv *v)
{
    const struct jv *subjects = jv_get(v, "subjects"), *districts = jv_get(v, "districts");
    for (size_t i = 0; i < jv_len(subjects); i++) {
        struct str subject = jv_str(jv_at(subjects, i));
        DB_EXEC(db, &q[Q_PUT_SUBJECT], V_STR(subject), V_STR(S("")), V_INT(team));
        for (size_t j = 0; j < jv_len(districts); j++)
            DB_EXEC(db, &q[Q_PUT_SUBJECT], V_STR(subject), V_STR(jv_str(jv_at(districts, j))),
                    V_INT(team));
    }
}

static bool store_teams(struct arena *a, struct db *db, const struct jv *list, struct str *why)
{
    DB_EXEC(db, &q[Q_CLEAR_SUBJECTS]);
    for (size_t i = 0; i < jv_len(list); i++) {
        const struct jv *v = jv_at(list, i);
        struct named t;
        enum reg reg;
        if (!read_one(a, v, "teams", i, &t, why))
            return false;
        if (!reg_from(jv_str_of(v, "register"), &reg)) {
            *why = str_fmt(a, "teams[%zu].register: wants health, social or rescue", i);
            return false;
        }
        struct str phone = jv_str_of(v, "phone"), hours = jv_str_of(v, "hours");
        int64_t id = DB_INT(db, 0, &q[Q_PUT_TEAM], V_STR(t.ref), V_STR(str_of(reg_code(reg))),
                            V_STR(t.name[LANG_FI]), V_STR(t.name[LANG_SV]), V_STR(t.name[LANG_EN]),
                            V_STR(phone.p ? phone : S("")), V_STR(hours.p ? hours : S("")));
        store_subjects(db, id, v);
    }
    return true;
}

bool team_settings_store(struct arena *a, struct db *db, const struct jv *settings, struct str *why)
{
    if (jv_len(jv_get(settings, "teams")) == 0) {
        *why = S("teams: wants at least one team");
        return false;
    }
    store_county(a, db, jv_get(settings, "county"));
    return store_districts(a, db, jv_get(settings, "districts"), why) &&
           store_professions(a, db, jv_get(settings, "professions"), why) &&
           store_teams(a, db, jv_get(settings, "teams"), why);
}
