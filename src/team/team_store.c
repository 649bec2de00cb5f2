/* team_store.c: the rows of teams, districts, professions and staff. */
#include "team/team.h"

#define NAMES "name_fi, name_sv, name_en"
#define TEAM                                                                               \
    "t.id, t.ref, t.register, t.name_fi, t.name_sv, t.name_en, t.phone, t.hours, t.duty, " \
    "t.population, t.population_of, t.age_from, t.age_to"

enum {
    Q_TEAMS,
    Q_TEAMS_OF,
    Q_BY_ID,
    Q_DISTRICTS,
    Q_DISTRICT,
    Q_PROFESSIONS,
    Q_COLLEAGUES,
    Q_KEEPERS,
    Q_ADD_STAFF,
    Q_JOIN,
    Q_JOIN_AS,
    Q_SPEAKS,
    Q_LANGUAGES,
    Q_META
};
/* Marked STMT_SCAN besides the small lists: the plan of adding staff names tables that refer to
 * them without an index, which SQLite reads only while a reference is broken. */
static const struct stmt q[] = {
    [Q_TEAMS] = {"team.all", "SELECT " TEAM " FROM team t ORDER BY t.id", STMT_SCAN},
    [Q_TEAMS_OF] = {"team.of",
                    "SELECT " TEAM " FROM team_member m JOIN team t ON t.id = m.team "
                    "WHERE m.staff = $1 ORDER BY t.id",
                    0},
    [Q_BY_ID] = {"team.by_id", "SELECT " TEAM " FROM team t WHERE t.id = $1", 0},
    [Q_DISTRICTS] = {"team.districts", "SELECT ref, " NAMES " FROM district ORDER BY nth",
                     STMT_SCAN},
    [Q_DISTRICT] = {"team.district", "SELECT ref, " NAMES " FROM district WHERE ref = $1", 0},
    [Q_PROFESSIONS] = {"team.professions", "SELECT ref, " NAMES " FROM profession ORDER BY name_fi",
                       STMT_SCAN},
    [Q_COLLEAGUES] = {"team.colleagues",
                      "SELECT s.id, s.name, s.profession, s.login, s.roles, s.languages, m.role "
                      "FROM team_member m "
                      "JOIN staff s ON s.id = m.staff WHERE m.team = $1 AND s.active = 1 "
                      "ORDER BY s.name",
                      0},
    [Q_KEEPERS] = {"team.keepers", /* ROLE_EDITOR, ROLE_PARTNER, ROLE_MANAGER */
                   "SELECT id, name, profession, login, roles, organisation FROM staff "
                   "WHERE roles IN (8, 16, 32) AND active = 1 AND password IS NULL "
                   "ORDER BY roles, id",
                   STMT_SCAN},
    [Q_ADD_STAFF] = {"team.add_staff",
                     "INSERT INTO staff (login, name, profession, password, roles, organisation) "
                     "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (login) DO NOTHING RETURNING id",
                     STMT_SCAN},
    [Q_JOIN] = {"team.join",
                "INSERT INTO team_member (staff, team) VALUES ($1, $2) "
                "ON CONFLICT (team, staff) DO NOTHING",
                0},
    [Q_JOIN_AS] = {"team.join_as",
                   "INSERT INTO team_member (staff, team, role) VALUES ($1, $2, $3) "
                   "ON CONFLICT (team, staff) DO UPDATE SET role = excluded.role",
                   0},
    [Q_SPEAKS] = {"team.speaks", "UPDATE staff SET languages = $2 WHERE id = $1", 0},
    [Q_LANGUAGES] = {"team.languages", "SELECT languages FROM staff WHERE id = $1", 0},
    [Q_META] = {"team.meta", "SELECT name, value FROM meta WHERE name IN ($1, $2, $3)", 0},
};
const struct stmt_table team_statements = {q, sizeof q / sizeof *q};

static struct team_population read_population(struct arena *a, const struct rows *r, int from)
{
    struct team_population p = {.of = rows_str(r, a, from + 1),
                                .age_from =
                                    rows_null(r, from + 2) ? -1 : (int)rows_int(r, from + 2),
                                .age_to = rows_null(r, from + 3) ? -1 : (int)rows_int(r, from + 3)};
    team_by_from(rows_peek(r, from), &p.by);
    return p;
}

static struct teams read_teams(struct arena *a, struct rows r)
{
    struct teams list = {0};
    while (rows_next(&r)) {
        struct team t = {.id = rows_int(&r, 0),
                         .ref = rows_str(&r, a, 1),
                         .phone = rows_str(&r, a, 6),
                         .hours = rows_str(&r, a, 7),
                         .duty = rows_str(&r, a, 8),
                         .population = read_population(a, &r, 9)};
        reg_from(rows_peek(&r, 2), &t.reg);
        rows_strs(&r, a, 3, t.name, LANG_COUNT);
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

const struct team *team_load(struct arena *a, struct db *db, int64_t id)
{
    struct teams one = read_teams(a, DB_QUERY(db, &q[Q_BY_ID], V_INT(id)));
    return one.n ? &one.p[0] : NULL;
}

void team_ahead(struct db *db, int64_t id)
{
    DB_AHEAD(db, &q[Q_BY_ID], V_INT(id));
}

const struct law_hours *team_duty(struct arena *a, const struct team *t)
{
    struct law_hours *h = ARENA_NEW(a, struct law_hours);
    struct str why;
    if (!t->duty.n || !law_hours_read(a, t->duty, h, &why))
        return NULL;
    h->team = t->ref;
    return h;
}

const struct law_hours *team_hours(struct arena *a, struct db *db, int64_t team)
{
    const struct team *t = team_load(a, db, team);
    return t ? team_duty(a, t) : NULL;
}

static struct named_list read_named(struct arena *a, struct rows r)
{
    struct named_list list = {0};
    while (rows_next(&r)) {
        struct named one = {.ref = rows_str(&r, a, 0)};
        rows_strs(&r, a, 1, one.name, LANG_COUNT);
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
                              .roles = (unsigned)rows_int(&r, 4),
                              .languages = rows_str(&r, a, 5)};
        team_role_from(rows_peek(&r, 6), &c.role);
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

void staff_join_as(struct db *db, int64_t staff, int64_t team, enum team_role role)
{
    DB_EXEC(db, &q[Q_JOIN_AS], V_INT(staff), V_INT(team), V_STR(str_of(team_role_code(role))));
}

void staff_speaks(struct db *db, int64_t staff, struct str languages)
{
    DB_EXEC(db, &q[Q_SPEAKS], V_INT(staff), V_STR(languages.p ? languages : S("")));
}

struct str staff_languages(struct arena *a, struct db *db, int64_t staff)
{
    struct str languages = {NULL, 0};
    struct rows r = DB_QUERY(db, &q[Q_LANGUAGES], V_INT(staff));
    if (rows_next(&r))
        languages = rows_str(&r, a, 0);
    rows_end(&r);
    return languages;
}

static struct str county_key(struct arena *a, int l)
{
    return str_fmt(a, "county.%s", lang_code((enum lang)l));
}

void county_ahead(struct arena *a, struct db *db)
{
    DB_AHEAD(db, &q[Q_META], V_STR(county_key(a, LANG_FI)), V_STR(county_key(a, LANG_SV)),
             V_STR(county_key(a, LANG_EN)));
}

void county_load(struct arena *a, struct db *db, struct str name[LANG_COUNT])
{
    struct str key[LANG_COUNT];
    for (int l = 0; l < LANG_COUNT; l++) {
        key[l] = county_key(a, l);
        name[l] = tr((enum lang)l, "Wellbeing services county");
    }
    struct rows r =
        DB_QUERY(db, &q[Q_META], V_STR(key[LANG_FI]), V_STR(key[LANG_SV]), V_STR(key[LANG_EN]));
    while (rows_next(&r))
        for (int l = 0; l < LANG_COUNT; l++)
            if (str_eq(rows_peek(&r, 0), key[l]))
                name[l] = rows_str(&r, a, 1);
}
