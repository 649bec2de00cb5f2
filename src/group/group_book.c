/*
 * group_book.c: what a list of groups tells of each: their sessions, and how many have signed up,
 * of many groups in two queries.
 */
#include "group/group_room.h"

enum {
    Q_SESSIONS_SHOWN,
    Q_SESSIONS_OF_TEAM,
    Q_SESSIONS_OPEN,
    Q_TAKEN_SHOWN,
    Q_TAKEN_OF_TEAM,
    Q_TAKEN_OPEN,
    Q_TAKEN
};

#define TAKEN      "SELECT series, session, state, count(*) FROM group_signup WHERE series "
#define BY_SESSION " GROUP BY series, session, state ORDER BY series, session"
#define BY_START   " ORDER BY series, start_at"
#define SHOWN      "IN (SELECT id FROM group_series WHERE state IN ('open', 'shut'))"
#define OF_TEAM    "IN (SELECT id FROM group_series WHERE team = $1)"
#define OPEN       "IN (SELECT id FROM group_series WHERE team = $1 AND state = 'open')"

static const struct stmt q[] = {
    [Q_SESSIONS_SHOWN] = {"group_book.sessions_shown", GROUP_SESSION "WHERE series " SHOWN BY_START,
                          0},
    [Q_SESSIONS_OF_TEAM] = {"group_book.sessions_of_team",
                            GROUP_SESSION "WHERE series " OF_TEAM BY_START, 0},
    [Q_SESSIONS_OPEN] = {"group_book.sessions_open", GROUP_SESSION "WHERE series " OPEN BY_START,
                         0},
    [Q_TAKEN_SHOWN] = {"group_book.taken_shown", TAKEN SHOWN BY_SESSION, 0},
    [Q_TAKEN_OF_TEAM] = {"group_book.taken_of_team", TAKEN OF_TEAM BY_SESSION, 0},
    [Q_TAKEN_OPEN] = {"group_book.taken_open", TAKEN OPEN BY_SESSION, 0},
    [Q_TAKEN] = {"group_book.taken", TAKEN "= $1" BY_SESSION, 0},
};
const struct stmt_table group_book_statements = {q, sizeof q / sizeof *q};

static struct group_book read_book(struct arena *a, struct group_sessions sessions,
                                   struct rows taken)
{
    struct group_book b = {.sessions = sessions};
    while (rows_next(&taken)) {
        enum group_sign state;
        struct group_taken t = {.group = rows_int(&taken, 0), .session = rows_int(&taken, 1)};
        const struct group_taken *last = b.taken.n ? &b.taken.p[b.taken.n - 1] : NULL;
        if (!last || last->group != t.group || last->session != t.session)
            VEC_PUSH(a, &b.taken, t);
        if (group_sign_from(rows_peek(&taken, 2), &state))
            b.taken.p[b.taken.n - 1].n.of[state] = (int)rows_int(&taken, 3);
    }
    return b;
}

struct group_book group_book_shown(struct arena *a, struct db *db)
{
    struct group_sessions list = group_sessions_read(a, DB_QUERY(db, &q[Q_SESSIONS_SHOWN]));
    return read_book(a, list, DB_QUERY(db, &q[Q_TAKEN_SHOWN]));
}

struct group_book group_book_of_team(struct arena *a, struct db *db, int64_t team)
{
    struct rows sessions = DB_QUERY(db, &q[Q_SESSIONS_OF_TEAM], V_INT(team));
    struct group_sessions list = group_sessions_read(a, sessions);
    return read_book(a, list, DB_QUERY(db, &q[Q_TAKEN_OF_TEAM], V_INT(team)));
}

struct group_book group_book_open_of_team(struct arena *a, struct db *db, int64_t team)
{
    struct rows sessions = DB_QUERY(db, &q[Q_SESSIONS_OPEN], V_INT(team));
    struct group_sessions list = group_sessions_read(a, sessions);
    return read_book(a, list, DB_QUERY(db, &q[Q_TAKEN_OPEN], V_INT(team)));
}

struct group_book group_book_of(struct arena *a, struct db *db, int64_t group)
{
    struct group_sessions list = group_sessions_load(a, db, group);
    return read_book(a, list, DB_QUERY(db, &q[Q_TAKEN], V_INT(group)));
}

struct group_sessions group_book_sessions(const struct group_book *b, int64_t group)
{
    size_t from = 0, to = b->sessions.n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (b->sessions.p[mid].group < group)
            from = mid + 1;
        else
            to = mid;
    }
    while (to < b->sessions.n && b->sessions.p[to].group == group)
        to++;
    struct group_sessions part = {.n = to - from};
    if (part.n)
        part.p = b->sessions.p + from;
    return part;
}

struct group_counts group_book_count(const struct group_book *b, int64_t group, int64_t session)
{
    size_t from = 0, to = b->taken.n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        const struct group_taken *t = &b->taken.p[mid];
        if (t->group == group && t->session == session)
            return t->n;
        if (t->group < group || (t->group == group && t->session < session))
            from = mid + 1;
        else
            to = mid;
    }
    return (struct group_counts){{0}};
}
