/*
 * attach_store.c: attachments' rows and bytes. The bytes stand in pieces, so that no row is large
 * and what is never asked for is never read; their BLAKE2b hash was taken before they were cut and
 * is checked when they are put together.
 *
 * How long: `look` is a day before which an attachment surely stays. Then the sweep looks at what
 * it belongs to, and lets it go or sets the next day.
 */
#include "attach/attach_data.h"

#include "base/guard.h"
#include "base/log.h"

#include <sodium.h>

enum { PIECE = 256 * 1024, HASH = 32, ONCE = 16, A_SWEEP = 8, AGAIN_DAYS = 30 };

enum {
    Q_ADD,
    Q_BY_ONCE,
    Q_COUNT,
    Q_PIECE_ADD,
    Q_LIST,
    Q_FIND,
    Q_PIECES,
    Q_HASH,
    Q_OF,
    Q_MOVE,
    Q_MOVE_ONE,
    Q_DUE,
    Q_MATTER,
    Q_LATER,
    Q_DROP_PIECES,
    Q_DROP,
};

#define LINE "SELECT id, kind, name, size, at, staff FROM attachment "
#define OF   "WHERE owner = $1 AND owner_id = $2 "

static const struct stmt q[] = {
    [Q_ADD] = {"attach.add",
               "INSERT INTO attachment (owner, owner_id, once, kind, name, size, hash, at, staff, "
               "look) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
               "ON CONFLICT (once) DO NOTHING RETURNING id",
               0},
    [Q_BY_ONCE] = {"attach.by_once", "SELECT id FROM attachment WHERE once = $1", 0},
    [Q_COUNT] = {"attach.count", "SELECT count(*) FROM attachment " OF, 0},
    [Q_PIECE_ADD] = {"attach.piece_add",
                     "INSERT INTO attachment_piece (attachment, nr, bytes) VALUES ($1, $2, $3)", 0},
    [Q_LIST] = {"attach.list", LINE OF "ORDER BY id", 0},
    [Q_FIND] = {"attach.find", LINE OF "AND id = $3", 0},
    [Q_PIECES] = {"attach.pieces",
                  "SELECT bytes FROM attachment_piece WHERE attachment = $1 ORDER BY nr", 0},
    [Q_HASH] = {"attach.hash", "SELECT hash FROM attachment WHERE id = $1", 0},
    [Q_OF] = {"attach.of", "SELECT id FROM attachment " OF "LIMIT $3", 0},
    [Q_MOVE] = {"attach.move", "UPDATE attachment SET owner = $3, owner_id = $4, look = $5 " OF, 0},
    [Q_MOVE_ONE] = {"attach.move_one",
                    "UPDATE attachment SET owner = $3, owner_id = $4, look = $5 " OF "AND id = $6",
                    0},
    [Q_DUE] = {"attach.due",
               "SELECT id, owner, owner_id FROM attachment WHERE look <= $1 "
               "ORDER BY look, id LIMIT $2",
               0},
    [Q_MATTER] = {"attach.matter",
                  "SELECT closed_at, register, form, born FROM matter WHERE id = $1", 0},
    [Q_LATER] = {"attach.later", "UPDATE attachment SET look = $2 WHERE id = $1", 0},
    [Q_DROP_PIECES] = {"attach.drop_pieces", "DELETE FROM attachment_piece WHERE attachment = $1",
                       0},
    [Q_DROP] = {"attach.drop", "DELETE FROM attachment WHERE id = $1", 0},
};
const struct stmt_table attach_statements = {q, sizeof q / sizeof *q};

/* ---- storing ---- */

/* Who sends somebody else's random value finds nothing of theirs. */
static struct str once_of(unsigned char out[static ONCE], enum attach_owner owner, int64_t owner_id,
                          struct str once)
{
    crypto_generichash_state st;
    int64_t whose[] = {(int64_t)owner, owner_id};
    crypto_generichash_init(&st, NULL, 0, ONCE);
    crypto_generichash_update(&st, (const unsigned char *)whose, sizeof whose);
    crypto_generichash_update(&st, (const unsigned char *)once.p, once.n);
    crypto_generichash_final(&st, out, ONCE);
    return (struct str){(const char *)out, ONCE};
}

static struct str hash_of(unsigned char out[static HASH], struct str bytes)
{
    crypto_generichash(out, HASH, (const unsigned char *)bytes.p, bytes.n, NULL, 0);
    return (struct str){(const char *)out, HASH};
}

/* No class keeps shorter than the shortest, and nothing is closed before it was sent. */
static struct date first_look(enum attach_owner owner, struct instant at)
{
    const struct attach_data *d = attach_data();
    struct date day = date_of(at);
    return owner == ATTACH_CHAT ? date_add(day, d->conversation_days)
                                : date_add_months(day, 12 * d->least_years);
}

int64_t attach_store(struct db *db, enum attach_owner owner, int64_t owner_id, int64_t staff,
                     struct instant at, const struct attach_file *f)
{
    unsigned char once_room[ONCE], hash_room[HASH];
    struct str once = once_of(once_room, owner, owner_id, f->once);
    int64_t id = DB_INT(db, 0, &q[Q_BY_ONCE], V_BLOB(once));
    if (id)
        return id;
    if (DB_INT(db, 0, &q[Q_COUNT], V_INT(owner), V_INT(owner_id)) >= attach_data()->per_owner)
        return 0;
    id = DB_INT(db, 0, &q[Q_ADD], V_INT(owner), V_INT(owner_id), V_BLOB(once),
                V_STR(str_of(attach_kind_code(f->kind))), V_STR(f->name),
                V_INT((int64_t)f->bytes.n), V_BLOB(hash_of(hash_room, f->bytes)), V_INT(at.ms),
                staff ? V_INT(staff) : V_NULL, V_INT(first_look(owner, at).day));
    if (!id)
        return DB_INT(db, 0, &q[Q_BY_ONCE], V_BLOB(once));
    for (size_t from = 0, nr = 0; from < f->bytes.n; from += PIECE, nr++)
        DB_PUT(db, &q[Q_PIECE_ADD], V_INT(id), V_INT((int64_t)nr),
               V_BLOB(str_sub(f->bytes, from, PIECE)));
    return id;
}

bool attach_has(struct db *db, enum attach_owner owner, int64_t owner_id,
                const struct attach_file *f)
{
    unsigned char room[ONCE];
    return DB_INT(db, 0, &q[Q_BY_ONCE], V_BLOB(once_of(room, owner, owner_id, f->once))) != 0;
}

void attach_move(struct db *db, enum attach_owner from, int64_t from_id, enum attach_owner to,
                 int64_t to_id)
{
    DB_EXEC(db, &q[Q_MOVE], V_INT(from), V_INT(from_id), V_INT(to), V_INT(to_id),
            V_INT(first_look(to, instant_now()).day));
}

void attach_move_one(struct db *db, enum attach_owner from, int64_t from_id, enum attach_owner to,
                     int64_t to_id, int64_t id)
{
    DB_EXEC(db, &q[Q_MOVE_ONE], V_INT(from), V_INT(from_id), V_INT(to), V_INT(to_id),
            V_INT(first_look(to, instant_now()).day), V_INT(id));
}

/* ---- reading ---- */

static struct attachment read_line(struct arena *a, const struct rows *r, enum attach_owner owner,
                                   int64_t owner_id)
{
    struct attachment f = {.id = rows_int(r, 0),
                           .owner = owner,
                           .owner_id = owner_id,
                           .name = rows_str(r, a, 2),
                           .size = rows_int(r, 3),
                           .at = {rows_int(r, 4)},
                           .staff = rows_int(r, 5)};
    if (!attach_kind_from(rows_peek(r, 1), &f.kind))
        guard_fail(ERR_STORE, "an attachment of an unknown kind: %lld", (long long)f.id);
    return f;
}

struct attachments attach_list(struct arena *a, struct db *db, enum attach_owner owner,
                               int64_t owner_id)
{
    struct attachments list = {0};
    struct rows r = DB_QUERY(db, &q[Q_LIST], V_INT(owner), V_INT(owner_id));
    while (rows_next(&r))
        VEC_PUSH(a, &list, read_line(a, &r, owner, owner_id));
    return list;
}

bool attach_find(struct arena *a, struct db *db, enum attach_owner owner, int64_t owner_id,
                 int64_t id, struct attachment *out)
{
    struct rows r = DB_QUERY(db, &q[Q_FIND], V_INT(owner), V_INT(owner_id), V_INT(id));
    bool found = rows_next(&r);
    if (found)
        *out = read_line(a, &r, owner, owner_id);
    rows_end(&r);
    return found;
}

struct str attach_bytes(struct arena *a, struct db *db, const struct attachment *f)
{
    unsigned char hash_room[HASH], kept[HASH] = {0};
    struct rows h = DB_QUERY(db, &q[Q_HASH], V_INT(f->id));
    if (rows_next(&h) && rows_peek(&h, 0).n == HASH)
        memcpy(kept, rows_peek(&h, 0).p, HASH);
    rows_end(&h);
    struct buf b = buf_new(a, (size_t)f->size);
    buf_reserve(&b, (size_t)f->size);
    struct rows r = DB_QUERY(db, &q[Q_PIECES], V_INT(f->id));
    while (rows_next(&r))
        buf_str(&b, rows_peek(&r, 0));
    struct str bytes = buf_get(&b);
    hash_of(hash_room, bytes);
    if (!buf_ok(&b) || bytes.n != (size_t)f->size || memcmp(hash_room, kept, HASH) != 0) {
        log_error("attach", "attachment %lld is not what was stored", (long long)f->id);
        return (struct str){NULL, 0};
    }
    return bytes;
}

/* ---- how long ---- */

static void drop(struct db *db, int64_t id)
{
    DB_PUT(db, &q[Q_DROP_PIECES], V_INT(id));
    DB_PUT(db, &q[Q_DROP], V_INT(id));
}

struct some {
    int64_t id[A_SWEEP];
    enum attach_owner owner[A_SWEEP];
    int64_t owner_id[A_SWEEP];
    size_t n;
};

void attach_drop(struct db *db, enum attach_owner owner, int64_t owner_id)
{
    struct some s;
    do {
        s.n = 0;
        struct rows r =
            DB_QUERY(db, &q[Q_OF], V_INT(owner), V_INT(owner_id), V_INT((int64_t)A_SWEEP));
        while (s.n < A_SWEEP && rows_next(&r))
            s.id[s.n++] = rows_int(&r, 0);
        rows_end(&r);
        for (size_t i = 0; i < s.n; i++)
            drop(db, s.id[i]);
    } while (s.n == A_SWEEP);
}

/* The day until which a matter's attachments stay, as it stands today; DATE_NONE: they may go. */
static struct date stays_until(struct db *db, int64_t matter, struct date today)
{
    struct date until = DATE_NONE;
    struct rows r = DB_QUERY(db, &q[Q_MATTER], V_INT(matter));
    if (rows_next(&r)) {
        struct date born = rows_null(&r, 3) ? DATE_NONE : (struct date){(int32_t)rows_int(&r, 3)};
        char reg[32], form[64];
        struct str rs = str_sub(rows_peek(&r, 1), 0, sizeof reg);
        memcpy(reg, rs.p, rs.n);
        struct str fs = str_sub(rows_peek(&r, 2), 0, sizeof form);
        memcpy(form, fs.p, fs.n);
        until = date_add(today, AGAIN_DAYS);
        if (!rows_null(&r, 0))
            until =
                attach_kept_until(attach_data(), (struct str){reg, rs.n}, (struct str){form, fs.n},
                                  date_of((struct instant){rows_int(&r, 0)}), born);
    }
    rows_end(&r);
    return until.day > today.day ? until : DATE_NONE;
}

bool attach_sweep_wanted(struct db *db, struct instant now)
{
    return DB_INT(db, 0, &q[Q_DUE], V_INT(date_of(now).day), V_INT(1)) != 0;
}

bool attach_sweep(struct db *db, struct instant now)
{
    struct date today = date_of(now);
    struct some s = {.n = 0};
    struct rows r = DB_QUERY(db, &q[Q_DUE], V_INT(today.day), V_INT((int64_t)A_SWEEP));
    while (s.n < A_SWEEP && rows_next(&r)) {
        s.id[s.n] = rows_int(&r, 0);
        s.owner[s.n] = (enum attach_owner)rows_int(&r, 1);
        s.owner_id[s.n++] = rows_int(&r, 2);
    }
    rows_end(&r);
    for (size_t i = 0; i < s.n; i++) {
        struct date until =
            s.owner[i] == ATTACH_MATTER ? stays_until(db, s.owner_id[i], today) : DATE_NONE;
        if (date_is(until))
            DB_PUT(db, &q[Q_LATER], V_INT(s.id[i]), V_INT(until.day));
        else
            drop(db, s.id[i]);
    }
    return s.n == A_SWEEP;
}
