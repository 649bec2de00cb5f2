/*
 * remote_store.c: rooms, seats, signals, texts as rows. Each person's beat changes their own seat
 * only; who joins, is let in or writes changes the room's row, which no other visit has.
 */
#include "remote/remote_room.h"

#include <assert.h>

enum {
    Q_ROOM_OPEN,
    Q_ROOM,
    Q_ROOM_TOLD,
    Q_ROOM_END,
    Q_ROOM_AGAIN,
    Q_END_SEATS,
    Q_NUMBER,
    Q_SEAT_PUT,
    Q_SEATS,
    Q_BY_REF,
    Q_BY_LINK,
    Q_DEVICE,
    Q_SET,
    Q_OUT,
    Q_HERE,
    Q_SIGNAL_THERE,
    Q_SIGNAL_OLD,
    Q_SIGNAL_COUNT,
    Q_SIGNAL_NUMBER,
    Q_SIGNAL_PUT,
    Q_SIGNALS,
    Q_TEXT_THERE,
    Q_TEXT_NUMBER,
    Q_TEXT_PUT,
    Q_TEXTS,
};

#define SEAT                                                                                \
    "SELECT id, appointment, number, ref, who, name, staff, state, cookie, page, seen_at, " \
    "session "                                                                              \
    "FROM remote_seat "

static const struct stmt q[] = {
    [Q_ROOM_OPEN] = {"remote.room_open",
                     "INSERT INTO remote_room (appointment, made_at, dies_at, seats, texts) "
                     "VALUES ($1, $2, $3, 0, 0) ON CONFLICT (appointment) DO NOTHING",
                     0},
    [Q_ROOM] = {"remote.room",
                "SELECT ended_at, seats, told_at FROM remote_room WHERE appointment = $1", 0},
    [Q_ROOM_TOLD] = {"remote.room_told",
                     "UPDATE remote_room SET told_at = $2 WHERE appointment = $1", 0},
    [Q_ROOM_END] = {"remote.room_end",
                    "UPDATE remote_room SET ended_at = $2 WHERE appointment = $1", 0},
    [Q_ROOM_AGAIN] = {"remote.room_again",
                      "UPDATE remote_room SET ended_at = NULL WHERE appointment = $1 AND "
                      "ended_at IS NOT NULL",
                      0},
    [Q_END_SEATS] = {"remote.end_seats",
                     "UPDATE remote_seat SET state = 'left' WHERE appointment = $1 AND "
                     "state IN ('waiting', 'in')",
                     0},
    [Q_NUMBER] = {"remote.number",
                  "UPDATE remote_room SET seats = seats + 1 WHERE appointment = $1 AND seats < $2 "
                  "RETURNING seats",
                  0},
    [Q_SEAT_PUT] = {"remote.seat_put",
                    "INSERT INTO remote_seat (appointment, number, ref, who, name, staff, state, "
                    "link, page, seen_at, inbox, made_at) VALUES ($1, $2, $3, $4, $5, $6, "
                    "'linked', $7, '', 0, 0, $8) RETURNING id",
                    0},
    [Q_SEATS] = {"remote.seats", SEAT "WHERE appointment = $1 ORDER BY number", 0},
    [Q_BY_REF] = {"remote.by_ref", SEAT "WHERE ref = $1", 0},
    [Q_BY_LINK] = {"remote.by_link", SEAT "WHERE link = $1", 0},
    [Q_DEVICE] = {"remote.device",
                  "UPDATE remote_seat SET cookie = $2, state = $3, page = '', seen_at = $4, "
                  "session = $5 WHERE id = $1",
                  0},
    [Q_SET] = {"remote.set",
               "UPDATE remote_seat SET state = $2, cookie = CASE WHEN $2 = 'removed' THEN NULL "
               "ELSE cookie END WHERE id = $1",
               0},
    [Q_OUT] = {"remote.out",
               "UPDATE remote_seat SET state = 'left', cookie = NULL, session = NULL WHERE id = $1",
               0},
    [Q_HERE] = {"remote.here", "UPDATE remote_seat SET page = $2, seen_at = $3 WHERE id = $1", 0},
    [Q_SIGNAL_THERE] = {"remote.signal_there",
                        "SELECT seq FROM remote_signal WHERE seat = $1 AND once = $2", 0},
    [Q_SIGNAL_OLD] = {"remote.signal_old", "DELETE FROM remote_signal WHERE seat = $1 AND at < $2",
                      0},
    [Q_SIGNAL_COUNT] = {"remote.signal_count", "SELECT count(*) FROM remote_signal WHERE seat = $1",
                        0},
    [Q_SIGNAL_NUMBER] = {"remote.signal_number",
                         "UPDATE remote_seat SET inbox = inbox + 1 WHERE id = $1 RETURNING inbox",
                         0},
    [Q_SIGNAL_PUT] = {"remote.signal_put",
                      "INSERT INTO remote_signal (seat, seq, sender, sender_page, page, once, at, "
                      "body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                      0},
    [Q_SIGNALS] = {"remote.signals",
                   "SELECT seq, sender, sender_page, body FROM remote_signal WHERE seat = $1 AND "
                   "seq > $2 AND page = $3 ORDER BY seq LIMIT 100",
                   0},
    [Q_TEXT_THERE] = {"remote.text_there",
                      "SELECT seq FROM remote_text WHERE appointment = $1 AND once = $2", 0},
    [Q_TEXT_NUMBER] = {"remote.text_number",
                       "UPDATE remote_room SET texts = texts + 1 WHERE appointment = $1 AND "
                       "texts < $2 RETURNING texts",
                       0},
    [Q_TEXT_PUT] = {"remote.text_put",
                    "INSERT INTO remote_text (appointment, seq, sender, name, once, at, body) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    0},
    [Q_TEXTS] = {"remote.texts",
                 "SELECT seq, sender, name, at, body FROM remote_text WHERE appointment = $1 AND "
                 "seq > $2 ORDER BY seq LIMIT 1000",
                 0},
};
const struct stmt_table remote_statements = {q, sizeof q / sizeof *q};

/* ---- rooms ---- */

static void room_open(struct db *db, const struct appointment *p, struct instant now)
{
    DB_EXEC(db, &q[Q_ROOM_OPEN], V_INT(p->id), V_INT(now.ms), V_INT(remote_dies(p).ms));
}

bool remote_room_load(struct db *db, int64_t appointment, struct remote_room *out)
{
    struct rows r = DB_QUERY(db, &q[Q_ROOM], V_INT(appointment));
    bool found = rows_next(&r);
    *out = (struct remote_room){0};
    if (found)
        *out = (struct remote_room){
            .ended = !rows_null(&r, 0), .seats = (int)rows_int(&r, 1), .told = {rows_int(&r, 2)}};
    rows_end(&r);
    return found;
}

void remote_room_told(struct db *db, const struct appointment *p, struct instant now)
{
    room_open(db, p, now);
    DB_EXEC(db, &q[Q_ROOM_TOLD], V_INT(p->id), V_INT(now.ms));
}

void remote_room_end(struct db *db, int64_t appointment, struct instant now)
{
    DB_EXEC(db, &q[Q_ROOM_END], V_INT(appointment), V_INT(now.ms));
    DB_EXEC(db, &q[Q_END_SEATS], V_INT(appointment));
    db_notify(db, remote_topic(appointment));
}

void remote_room_again(struct db *db, int64_t appointment)
{
    DB_EXEC(db, &q[Q_ROOM_AGAIN], V_INT(appointment));
}

/* ---- seats ---- */

static struct remote_seat read_seat(struct arena *a, const struct rows *r)
{
    struct remote_seat s = {
        .id = rows_int(r, 0),
        .appointment = rows_int(r, 1),
        .number = (int)rows_int(r, 2),
        .ref = rows_str(r, a, 3),
        .name = rows_str(r, a, 5),
        .staff = rows_int(r, 6),
        .cookie = rows_str(r, a, 8),
        .page = rows_str(r, a, 9),
        .seen = {rows_int(r, 10)},
        .session = rows_int(r, 11),
    };
    remote_who_from(rows_peek(r, 4), &s.who);
    remote_state_from(rows_peek(r, 7), &s.state);
    return s;
}

struct remote_seats remote_seats(struct arena *a, struct db *db, int64_t appointment)
{
    struct remote_seats all = {0};
    struct rows r = DB_QUERY(db, &q[Q_SEATS], V_INT(appointment));
    while (rows_next(&r))
        VEC_PUSH(a, &all, read_seat(a, &r));
    return all;
}

static bool one_seat(struct arena *a, struct db *db, const struct stmt *by, struct val v,
                     struct remote_seat *out)
{
    struct rows r = DB_QUERY(db, by, v);
    bool found = rows_next(&r);
    if (found)
        *out = read_seat(a, &r);
    rows_end(&r);
    return found;
}

bool remote_seat_by_ref(struct arena *a, struct db *db, struct str ref, struct remote_seat *out)
{
    return ref.n == REMOTE_REF && one_seat(a, db, &q[Q_BY_REF], V_STR(ref), out);
}

bool remote_seat_by_link(struct arena *a, struct db *db, struct str hash, struct remote_seat *out)
{
    return one_seat(a, db, &q[Q_BY_LINK], V_BLOB(hash), out);
}

bool remote_seat_make(struct arena *a, struct db *db, const struct appointment *p,
                      const struct remote_new *n, struct instant now, struct remote_seat *out)
{
    room_open(db, p, now);
    int64_t number = DB_INT(db, 0, &q[Q_NUMBER], V_INT(p->id), V_INT(REMOTE_SEATS_MOST));
    if (!number)
        return false;
    *out = (struct remote_seat){.appointment = p->id,
                                .number = (int)number,
                                .ref = rand_ref(a, REMOTE_REF),
                                .who = n->who,
                                .name = n->name,
                                .staff = n->staff,
                                .state = REMOTE_LINKED};
    out->id = DB_INT(db, 0, &q[Q_SEAT_PUT], V_INT(p->id), V_INT(number), V_STR(out->ref),
                     V_STR(str_of(remote_who_code(n->who))), V_STR(n->name), v_opt(n->staff),
                     n->link.p ? V_BLOB(n->link) : V_NULL, V_INT(now.ms));
    assert(out->id);
    db_notify(db, remote_topic(p->id));
    return true;
}

void remote_seat_device(struct db *db, const struct remote_seat *s, struct str cookie_hash,
                        int64_t session, enum remote_state state, struct instant now)
{
    DB_EXEC(db, &q[Q_DEVICE], V_INT(s->id), V_BLOB(cookie_hash),
            V_STR(str_of(remote_state_code(state))), V_INT(now.ms), v_opt(session));
    db_notify(db, remote_topic(s->appointment));
}

void remote_seat_set(struct db *db, const struct remote_seat *s, enum remote_state state)
{
    DB_EXEC(db, &q[Q_SET], V_INT(s->id), V_STR(str_of(remote_state_code(state))));
    db_notify(db, remote_topic(s->appointment));
}

void remote_seat_out(struct db *db, const struct remote_seat *s)
{
    DB_EXEC(db, &q[Q_OUT], V_INT(s->id));
    db_notify(db, remote_topic(s->appointment));
}

void remote_seat_here(struct db *db, const struct remote_seat *s, struct str page,
                      struct instant now)
{
    DB_EXEC(db, &q[Q_HERE], V_INT(s->id), V_STR(page), V_INT(now.ms));
    if (!str_eq(page, s->page) || !remote_is_here(s, now))
        db_notify(db, remote_topic(s->appointment));
}

/* ---- signals ---- */

bool remote_signal_put(struct arena *a, struct db *db, const struct remote_seat *to,
                       const struct remote_signal *s, struct instant now)
{
    int64_t old = now.ms - remote_data()->signal_minutes * (int64_t)MINUTE_MS;
    (void)a;
    if (DB_INT(db, 0, &q[Q_SIGNAL_THERE], V_INT(to->id), V_STR(s->once)))
        return true;
    DB_EXEC(db, &q[Q_SIGNAL_OLD], V_INT(to->id), V_INT(old));
    if (DB_INT(db, 0, &q[Q_SIGNAL_COUNT], V_INT(to->id)) >= REMOTE_SIGNALS_MOST)
        return false;
    int64_t seq = DB_INT(db, 0, &q[Q_SIGNAL_NUMBER], V_INT(to->id));
    DB_EXEC(db, &q[Q_SIGNAL_PUT], V_INT(to->id), V_INT(seq), V_INT(s->sender),
            V_STR(s->sender_page), V_STR(s->page), V_STR(s->once), V_INT(now.ms), V_STR(s->body));
    db_notify(db, remote_seat_topic(to->id));
    return true;
}

struct remote_signals remote_signals(struct arena *a, struct db *db, const struct remote_seat *s,
                                     int64_t after)
{
    struct remote_signals all = {0};
    struct rows r = DB_QUERY(db, &q[Q_SIGNALS], V_INT(s->id), V_INT(after), V_STR(s->page));
    while (rows_next(&r)) {
        struct remote_signal one = {.seq = rows_int(&r, 0),
                                    .sender = (int)rows_int(&r, 1),
                                    .sender_page = rows_str(&r, a, 2),
                                    .body = rows_str(&r, a, 3)};
        VEC_PUSH(a, &all, one);
    }
    return all;
}

/* ---- texts ---- */

bool remote_text_put(struct arena *a, struct db *db, const struct remote_seat *s,
                     const struct remote_line *t, struct instant now)
{
    (void)a;
    if (DB_INT(db, 0, &q[Q_TEXT_THERE], V_INT(s->appointment), V_STR(t->once)))
        return true;
    int64_t seq =
        DB_INT(db, 0, &q[Q_TEXT_NUMBER], V_INT(s->appointment), V_INT(remote_data()->text_most));
    if (!seq)
        return false;
    DB_EXEC(db, &q[Q_TEXT_PUT], V_INT(s->appointment), V_INT(seq), V_INT(s->number), V_STR(s->name),
            V_STR(t->once), V_INT(now.ms), V_STR(t->body));
    db_notify(db, remote_topic(s->appointment));
    return true;
}

struct remote_lines remote_texts(struct arena *a, struct db *db, int64_t appointment, int64_t after)
{
    struct remote_lines all = {0};
    struct rows r = DB_QUERY(db, &q[Q_TEXTS], V_INT(appointment), V_INT(after));
    while (rows_next(&r)) {
        struct remote_line t = {.seq = rows_int(&r, 0),
                                .sender = (int)rows_int(&r, 1),
                                .name = rows_str(&r, a, 2),
                                .at = {rows_int(&r, 3)},
                                .body = rows_str(&r, a, 4)};
        VEC_PUSH(a, &all, t);
    }
    return all;
}
