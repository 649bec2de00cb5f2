/* editor_store.c: partners' accounts: rows of staff (a new one is made by team's staff_add()). */
#include "editor/editor_room.h"

enum { Q_ACCOUNTS, Q_END, Q_PASSWORD };
/* ROLE_PARTNER is 16; no partner account is anything else besides. */
static const struct stmt q[] = {
    [Q_ACCOUNTS] = {"editor.accounts",
                    "SELECT id, login, name, organisation, active FROM staff WHERE roles = 16 "
                    "ORDER BY active DESC, name, id",
                    STMT_SCAN},
    [Q_END] = {"editor.account_end",
               "UPDATE staff SET active = 0 WHERE id = $1 AND roles = 16 RETURNING id", 0},
    [Q_PASSWORD] = {"editor.account_password",
                    "UPDATE staff SET password = $2, active = 1 WHERE id = $1 AND roles = 16 "
                    "RETURNING id",
                    0},
};
const struct stmt_table editor_statements = {q, sizeof q / sizeof *q};

struct accounts accounts_load(struct arena *a, struct db *db)
{
    struct accounts list = {0};
    struct rows r = DB_QUERY(db, &q[Q_ACCOUNTS]);
    while (rows_next(&r)) {
        struct account one = {.id = rows_int(&r, 0),
                              .login = rows_str(&r, a, 1),
                              .name = rows_str(&r, a, 2),
                              .organisation = rows_str(&r, a, 3),
                              .active = rows_int(&r, 4) == 1};
        VEC_PUSH(a, &list, one);
    }
    return list;
}

bool account_end(struct db *db, int64_t id)
{
    return DB_INT(db, 0, &q[Q_END], V_INT(id)) > 0;
}

bool account_password(struct db *db, int64_t id, struct str hash)
{
    bool ok = DB_INT(db, 0, &q[Q_PASSWORD], V_INT(id), V_STR(hash)) > 0;
    if (ok)
        auth_sessions_end(db, id, 0);
    return ok;
}
