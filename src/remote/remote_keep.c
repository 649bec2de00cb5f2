/*
 * remote_keep.c: what is done without anybody: the resident's link goes out a day before the visit
 * (data/remote.json), once; a professional who has signed out is out of it within a second; a room
 * whose visit is over goes, with its texts, signals and secrets.
 *
 * Where nobody told the installation its address (--url) no link can be written, and none is sent:
 * the resident comes in by the receipt code, or by a link that the professional makes.
 */
#include "remote/remote_room.h"

enum { AT_ONCE = 20 };

enum {
    Q_DUE,
    Q_OVER,
    Q_SIGNED_OUT,
    Q_OF_MATTER,
    Q_DROP_SIGNALS,
    Q_DROP_TEXTS,
    Q_DROP_SEATS,
    Q_DROP_ROOM
};

#define DUE                                                                                 \
    "SELECT p.id FROM appointment p LEFT JOIN remote_room r ON r.appointment = p.id WHERE " \
    "p.remote = 1 AND p.state = 'booked' AND p.start_at > $1 AND p.start_at <= $2 AND "     \
    "r.told_at IS NULL ORDER BY p.start_at, p.id LIMIT 20"

static const struct stmt q[] = {
    [Q_DUE] = {"remote.due", DUE, 0},
    [Q_OVER] = {"remote.over",
                "SELECT appointment FROM remote_room WHERE dies_at <= $1 ORDER BY dies_at, "
                "appointment LIMIT 20",
                0},
    [Q_SIGNED_OUT] =
        {"remote.signed_out",
         "SELECT s.ref FROM remote_seat s WHERE s.staff > 0 AND s.state = 'in' AND "
         "NOT EXISTS (SELECT 1 FROM session e JOIN staff f ON f.id = e.staff WHERE "
         "e.id = s.session AND e.staff = s.staff AND e.expires_at > $1 AND f.active = 1) LIMIT 20",
         0},
    [Q_OF_MATTER] = {"remote.of_matter",
                     "SELECT r.appointment FROM appointment p JOIN remote_room r ON "
                     "r.appointment = p.id WHERE p.matter = $1 ORDER BY r.appointment",
                     0},
    [Q_DROP_SIGNALS] = {"remote.drop_signals",
                        "DELETE FROM remote_signal WHERE seat IN (SELECT id FROM remote_seat "
                        "WHERE appointment = $1)",
                        0},
    [Q_DROP_TEXTS] = {"remote.drop_texts", "DELETE FROM remote_text WHERE appointment = $1", 0},
    [Q_DROP_SEATS] = {"remote.drop_seats", "DELETE FROM remote_seat WHERE appointment = $1", 0},
    [Q_DROP_ROOM] = {"remote.drop_room", "DELETE FROM remote_room WHERE appointment = $1", 0},
};
const struct stmt_table remote_keep_statements = {q, sizeof q / sizeof *q};

struct ids {
    LIST_FIELDS(int64_t);
};

/* ---- links ---- */

bool remote_link_send(struct arena *a, struct db *db, const struct appointment *p, struct str site,
                      struct str secret, struct instant now)
{
    struct str to = p->medium == OUTBOX_SMS ? p->phone : p->email;
    if (!p->told || p->medium == OUTBOX_LETTER || !to.n)
        return false;
    struct outbox_field field[] = {
        {"when", fmt_when(a, p->lang, p->start)},
        {"address", remote_link_address(a, site, p->lang, secret)},
    };
    struct str mark = str_sub(str_to_hex(a, secret.p, 8), 0, 16);
    struct outbox_message m = {
        .key = str_fmt(a, "remote:%lld:" STR_FMT, (long long)p->id, STR_ARG(mark)),
        .way = p->medium,
        .kind = OUTBOX_REMOTE_LINK,
        .lang = p->lang,
        .team = p->team,
        .to = to,
        .about = str_fmt(a, "appointment:%lld", (long long)p->id),
        .until = remote_dies(p),
        .urgent = p->start.ms - now.ms < 4 * (int64_t)HOUR_MS,
        .field = field,
        .field_n = 2,
    };
    outbox_put(a, db, &m, now);
    remote_room_told(db, p, now);
    return true;
}

/* Who has been given a link by hand keeps it. */
static void tell(struct arena *a, struct db *db, const unsigned char key[32], struct str site,
                 const struct appointment *p, struct instant now)
{
    struct remote_seats all = remote_seats(a, db, p->id);
    if (p->told && p->medium != OUTBOX_LETTER && !remote_seat_of(&all, REMOTE_RESIDENT, 0)) {
        struct str secret = remote_link_make(a, db, key, p, REMOTE_RESIDENT, p->name, now);
        if (secret.n)
            remote_link_send(a, db, p, site, secret, now);
    }
    remote_room_told(db, p, now);
}

static struct instant horizon(struct instant now)
{
    return (struct instant){now.ms + remote_data()->link_hours * (int64_t)HOUR_MS};
}

static bool send_links(struct arena *a, struct db *db, const unsigned char key[32], struct str site,
                       struct instant now)
{
    struct ids due = {0};
    struct appointment p;
    struct rows r = DB_QUERY(db, &q[Q_DUE], V_INT(now.ms), V_INT(horizon(now).ms));
    while (rows_next(&r))
        VEC_PUSH(a, &due, rows_int(&r, 0));
    for (size_t i = 0; i < due.n; i++)
        if (appointment_load(a, db, due.p[i], &p))
            tell(a, db, key, site, &p, now);
    return due.n == AT_ONCE;
}

/* ---- who may not be there any more ---- */

/* Nothing that their browsers send is taken since they signed out (remote_has()); here the others
 * are told. */
static bool drop_signed_out(struct arena *a, struct db *db, struct instant now)
{
    struct {
        LIST_FIELDS(struct str);
    } out = {0};
    struct remote_seat s;
    struct rows r = DB_QUERY(db, &q[Q_SIGNED_OUT], V_INT(now.ms));
    while (rows_next(&r))
        VEC_PUSH(a, &out, rows_str(&r, a, 0));
    for (size_t i = 0; i < out.n; i++)
        if (remote_seat_by_ref(a, db, out.p[i], &s))
            remote_seat_out(db, &s);
    return out.n == AT_ONCE;
}

/* ---- the end ---- */

static void drop_room(struct db *db, int64_t appointment)
{
    static const int order[] = {Q_DROP_SIGNALS, Q_DROP_TEXTS, Q_DROP_SEATS, Q_DROP_ROOM};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        DB_PUT(db, &q[order[i]], V_INT(appointment));
}

void remote_erase_matter(struct arena *a, struct db *db, int64_t matter)
{
    struct ids rooms = {0};
    struct rows r = DB_QUERY(db, &q[Q_OF_MATTER], V_INT(matter));
    while (rows_next(&r))
        VEC_PUSH(a, &rooms, rows_int(&r, 0));
    for (size_t i = 0; i < rooms.n; i++)
        drop_room(db, rooms.p[i]);
}

static bool drop_rooms(struct arena *a, struct db *db, struct instant now)
{
    struct ids over = {0};
    struct rows r = DB_QUERY(db, &q[Q_OVER], V_INT(now.ms));
    while (rows_next(&r))
        VEC_PUSH(a, &over, rows_int(&r, 0));
    for (size_t i = 0; i < over.n; i++)
        drop_room(db, over.p[i]);
    return over.n == AT_ONCE;
}

bool remote_chores_wanted(struct db *db, struct str site, struct instant now)
{
    struct rows r = DB_QUERY(db, &q[Q_SIGNED_OUT], V_INT(now.ms));
    bool out = rows_next(&r);
    rows_end(&r);
    return out || DB_INT(db, 0, &q[Q_OVER], V_INT(now.ms)) ||
           (site.n && DB_INT(db, 0, &q[Q_DUE], V_INT(now.ms), V_INT(horizon(now).ms)));
}

bool remote_chores(struct arena *a, struct db *db, const unsigned char key[32], struct str site,
                   struct instant now)
{
    bool more = site.n && send_links(a, db, key, site, now);
    more = drop_signed_out(a, db, now) || more;
    return drop_rooms(a, db, now) || more;
}
