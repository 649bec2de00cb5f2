/*
 * auth.c: sessions in the store, and the words of roles and registers. What a token is worth is
 * decided here; which page asks for what is the route tables' business.
 */
#include "auth/auth.h"

#include <assert.h>
#include <sodium.h>

const char AUTH_COOKIE_STAFF[] = "asialla_staff", AUTH_COOKIE_RESIDENT[] = "asialla_matter",
           AUTH_COOKIE_TRAY[] = "asialla_tray", AUTH_COOKIE_CHAT[] = "asialla_chat";

enum { TOKEN_BYTES = 32, TOKEN_CHARS = 51 }; /* 255 bits */

enum { Q_LOAD, Q_TEAMS, Q_START, Q_END, Q_END_OTHERS, Q_END_MATTER, Q_END_TRAY, Q_SWEEP };
static const struct stmt q[] = {
    [Q_LOAD] = {"auth.session",
                "SELECT s.id, s.matter, s.staff, p.name, p.profession, p.roles, p.organisation, "
                "s.tray, s.chat FROM session s "
                "LEFT JOIN staff p ON p.id = s.staff "
                "WHERE s.token = $1 AND s.expires_at > $2 AND (s.staff IS NULL OR p.active = 1)"},
    [Q_TEAMS] = {"auth.teams", "SELECT team FROM team_member WHERE staff = $1 ORDER BY team"},
    [Q_START] = {"auth.start",
                 "INSERT INTO session (token, staff, matter, tray, chat, started_at, expires_at) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7)"},
    [Q_END] = {"auth.end", "DELETE FROM session WHERE id = $1"},
    [Q_END_OTHERS] = {"auth.end_others", "DELETE FROM session WHERE staff = $1 AND id <> $2"},
    [Q_END_MATTER] = {"auth.end_matter", "DELETE FROM session WHERE matter = $1", STMT_SCAN},
    [Q_END_TRAY] = {"auth.end_tray", "DELETE FROM session WHERE tray = $1", STMT_SCAN},
    [Q_SWEEP] = {"auth.sweep", "DELETE FROM session WHERE expires_at <= $1"},
};
const struct stmt_table auth_statements = {q, sizeof q / sizeof *q};

static const char *const reg_codes[REG_COUNT] = {"health", "social", "rescue"};

const char *reg_code(enum reg r)
{
    assert((unsigned)r < REG_COUNT);
    return reg_codes[r];
}

bool reg_from(struct str code, enum reg *out)
{
    size_t place = str_place(code, reg_codes, REG_COUNT);
    if (place == REG_COUNT)
        return false;
    *out = (enum reg)place;
    return true;
}

static struct str token_hash(struct arena *a, struct str token)
{
    unsigned char *h = arena_alloc(a, TOKEN_BYTES);
    crypto_generichash(h, TOKEN_BYTES, (const unsigned char *)token.p, token.n, NULL, 0);
    return (struct str){(const char *)h, TOKEN_BYTES};
}

static void load_teams(struct arena *a, struct db *db, struct session *s)
{
    struct rows r = DB_QUERY(db, &q[Q_TEAMS], V_INT(s->staff));
    while (rows_next(&r))
        VEC_PUSH(a, &s->teams, rows_int(&r, 0));
}

struct session auth_session_load(struct arena *a, struct db *db, struct str token,
                                 struct instant now)
{
    struct session s = {.kind = SESSION_NONE};
    if (token.n != TOKEN_CHARS)
        return s;
    struct rows r = DB_QUERY(db, &q[Q_LOAD], V_BLOB(token_hash(a, token)), V_INT(now.ms));
    if (rows_next(&r)) {
        s.kind = !rows_null(&r, 2)   ? SESSION_STAFF
                 : !rows_null(&r, 7) ? SESSION_TRAY
                 : !rows_null(&r, 8) ? SESSION_CHAT
                                     : SESSION_RESIDENT;
        s.id = rows_int(&r, 0);
        s.matter = rows_int(&r, 1);
        s.staff = rows_int(&r, 2);
        s.staff_name = rows_str(&r, a, 3);
        s.profession = rows_str(&r, a, 4);
        s.roles = (unsigned)rows_int(&r, 5);
        s.organisation = rows_str(&r, a, 6);
        s.tray = rows_int(&r, 7);
        s.chat = rows_int(&r, 8);
        s.token = str_dup(a, token);
    }
    rows_end(&r);
    if (s.kind == SESSION_STAFF)
        load_teams(a, db, &s);
    return s;
}

struct str auth_session_start(struct arena *a, struct db *db, enum session_kind kind, int64_t who,
                              struct instant now)
{
    assert(kind != SESSION_NONE);
    bool staff = kind == SESSION_STAFF;
    int64_t lasts = staff                  ? AUTH_STAFF_HOURS * (int64_t)HOUR_MS
                    : kind == SESSION_CHAT ? AUTH_CHAT_HOURS * (int64_t)HOUR_MS
                                           : AUTH_RESIDENT_MINUTES * (int64_t)MINUTE_MS;
    struct str token = rand_ref(a, TOKEN_CHARS);
    DB_EXEC(db, &q[Q_START], V_BLOB(token_hash(a, token)), staff ? V_INT(who) : V_NULL,
            kind == SESSION_RESIDENT ? V_INT(who) : V_NULL,
            kind == SESSION_TRAY ? V_INT(who) : V_NULL, kind == SESSION_CHAT ? V_INT(who) : V_NULL,
            V_INT(now.ms), V_INT(now.ms + lasts));
    return token;
}

void auth_session_end(struct db *db, int64_t id)
{
    DB_EXEC(db, &q[Q_END], V_INT(id));
}

void auth_sessions_end(struct db *db, int64_t staff, int64_t but)
{
    DB_EXEC(db, &q[Q_END_OTHERS], V_INT(staff), V_INT(but));
}

void auth_sessions_end_matter(struct db *db, int64_t matter)
{
    DB_PUT(db, &q[Q_END_MATTER], V_INT(matter));
}

void auth_sessions_end_tray(struct db *db, int64_t tray)
{
    DB_PUT(db, &q[Q_END_TRAY], V_INT(tray));
}

void auth_sessions_sweep(struct db *db, struct instant now)
{
    DB_EXEC(db, &q[Q_SWEEP], V_INT(now.ms - AUTH_SWEEP_HOURS * (int64_t)HOUR_MS));
}

bool auth_in_team(const struct session *s, int64_t team)
{
    for (size_t i = 0; i < s->teams.n; i++)
        if (s->teams.p[i] == team)
            return true;
    return false;
}
