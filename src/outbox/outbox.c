/*
 * outbox.c: see outbox.h: codes, putting, withdrawing, how many wait. What is put is filled in at
 * once: what leaves is what was true and could be read when it was put.
 */
#include "outbox/outbox_room.h"

#include "base/guard.h"
#include "base/rand.h"
#include "team/team.h"

#include <assert.h>

enum { REF = 16, KEY_MAX = 100, TO_MAX = 1700, ATTACHED_MAX = 64 * 1024 };

enum { Q_PUT, Q_WITHDRAW, Q_WITHDRAW_CLAIMED, Q_WAITING, Q_FAILED };
static const struct stmt q[] = {
    [Q_PUT] = {"outbox.put",
               "INSERT INTO outbox (ref, key, way, kind, lang, about, made, due, until, urgent, "
               "recipient, subject, body, attachment, attachment_type, state, next_at, reason, "
               "ended, team) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
               "$15, $16, $8, $17, $18, $19) ON CONFLICT (key) DO NOTHING RETURNING id",
               0},
    [Q_WITHDRAW] = {"outbox.withdraw",
                    "UPDATE outbox SET state = 'withdrawn', ended = $2 WHERE about = $1 AND ended "
                    "IS NULL AND claim IS NULL",
                    0},
    [Q_WITHDRAW_CLAIMED] = {"outbox.withdraw_claimed",
                            "UPDATE outbox SET withdrawn = 1 WHERE about = $1 AND ended "
                            "IS NULL AND claim IS NOT NULL",
                            0},
    [Q_WAITING] = {"outbox.waiting",
                   "SELECT count(*) FROM outbox WHERE way = $1 AND urgent = $2 AND due <= $3 AND "
                   "state = 'waiting'",
                   0},
    [Q_FAILED] = {"outbox.failed",
                  "SELECT count(*) FROM outbox WHERE (state = 'failed' OR state = 'expired') AND "
                  "seen IS NULL AND ended > 0",
                  0},
};
const struct stmt_table outbox_statements = {q, sizeof q / sizeof *q};

/* ---- codes ---- */

static const struct {
    const char *code, *words;
} ways[] = {
    [OUTBOX_SMS] = {"sms", N_("Text message")},
    [OUTBOX_EMAIL] = {"email", N_("E-mail")},
    [OUTBOX_LETTER] = {"letter", N_("Letter")},
};

const char *outbox_way_code(enum outbox_way w)
{
    return ways[w].code;
}

const char *outbox_way_words(enum outbox_way w)
{
    return ways[w].words;
}

bool outbox_way_from(struct str code, enum outbox_way *out)
{
    for (int w = 0; w < OUTBOX_WAYS; w++)
        if (str_eq(code, str_of(ways[w].code))) {
            *out = (enum outbox_way)w;
            return true;
        }
    return false;
}

static const char *const kinds[] = {
#define X(name, code) code,
    OUTBOX_KINDS(X)
#undef X
};

const char *outbox_kind_code(enum outbox_kind k)
{
    return kinds[k];
}

bool outbox_kind_from(struct str code, enum outbox_kind *out)
{
    size_t place = str_place(code, kinds, OUTBOX_KIND_COUNT);
    if (place == OUTBOX_KIND_COUNT)
        return false;
    *out = (enum outbox_kind)place;
    return true;
}

const char *outbox_row_code(enum outbox_row_state s)
{
    static const char *const codes[] = {
#define X(name, code) code,
        OUTBOX_STATES(X)
#undef X
    };
    return codes[s];
}

/* ---- addresses ---- */

static bool has_control(struct str s, bool lines)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < ' ' && !(lines && s.p[i] == '\n')) || s.p[i] == 127)
            return true;
    return false;
}

static bool is_postal(struct str to)
{
    int lines = 0;
    for (struct str rest = to; rest.p && rest.n;)
        lines += str_shows(str_cut(&rest, '\n'));
    return lines >= 2 && lines <= 8;
}

const char *outbox_address_wrong(enum outbox_way way, struct str to)
{
    if (!str_shows(to))
        return N_("there is no address");
    if (to.n > TO_MAX || !str_utf8_ok(to) || has_control(to, way == OUTBOX_LETTER))
        return N_("the address cannot be used");
    if (way == OUTBOX_SMS && !str_is_phone(to))
        return N_("this is no phone number");
    if (way == OUTBOX_EMAIL && !str_is_email(to))
        return N_("this is no e-mail address");
    if (way == OUTBOX_LETTER && !is_postal(to))
        return N_("a postal address has a name, a street and a town, a line each");
    return NULL;
}

/* ---- putting ---- */

static bool has_field(const struct outbox_message *m, const char *name)
{
    for (size_t i = 0; i < m->field_n; i++)
        if (str_eq(str_of(m->field[i].name), str_of(name)))
            return true;
    return false;
}

static struct outbox_filled fill_with_county(struct arena *a, struct db *db,
                                             const struct outbox_message *m)
{
    struct outbox_message full = *m;
    if (!has_field(m, "county")) {
        struct str name[LANG_COUNT];
        struct outbox_field *f = ARENA_ARRAY(a, m->field_n + 1, struct outbox_field);
        county_load(a, db, name);
        for (size_t i = 0; i < m->field_n; i++)
            f[i] = m->field[i];
        f[m->field_n] = (struct outbox_field){"county", name[m->lang]};
        full.field = f;
        full.field_n = m->field_n + 1;
    }
    return outbox_fill(a, outbox_templates(), &full);
}

enum { PUT_VALUES = 19 };
static void put_values(struct arena *a, struct db *db, const struct outbox_message *m,
                       struct instant now, struct val v[PUT_VALUES])
{
    assert(m->key.n > 0 && m->key.n <= KEY_MAX && m->attachment.n <= ATTACHED_MAX);
    assert(!m->attachment.n || m->way == OUTBOX_EMAIL);
    struct outbox_filled f = fill_with_county(a, db, m);
    struct str to = str_trim(m->to);
    const char *wrong = outbox_address_wrong(m->way, to);
    bool urgent = m->urgent || (outbox_data()->any_time[m->way] & 1u << m->kind);
    enum outbox_row_state state = wrong ? OUTBOX_ROW_FAILED : OUTBOX_ROW_WAITING;
    const struct val values[PUT_VALUES] = {
        V_STR(rand_ref(a, REF)),
        V_STR(m->key),
        V_STR(str_of(outbox_way_code(m->way))),
        V_STR(str_of(outbox_kind_code(m->kind))),
        V_STR(str_of(lang_code(m->lang))),
        v_opt_str(m->about),
        V_INT(now.ms),
        V_INT(m->due.ms ? m->due.ms : now.ms),
        v_opt(m->until.ms),
        V_INT(urgent),
        v_opt_str(str_utf8_ok(to) ? to : S("")),
        v_opt_str(f.subject),
        V_STR(f.body),
        v_opt_str(m->attachment),
        v_opt_str(m->attachment_type),
        V_STR(str_of(outbox_row_code(state))),
        V_STR(str_of(wrong)),
        v_opt(wrong ? now.ms : 0),
        v_opt(m->team),
    };
    memcpy(v, values, sizeof values);
}

int64_t outbox_put(struct arena *a, struct db *db, const struct outbox_message *m,
                   struct instant now)
{
    struct val v[PUT_VALUES];
    put_values(a, db, m, now, v);
    return db_int(db, 0, &q[Q_PUT], v, PUT_VALUES);
}

void outbox_send(struct arena *a, struct db *db, const struct outbox_message *m, struct instant now)
{
    struct val v[PUT_VALUES];
    put_values(a, db, m, now, v);
    db_put(db, &q[Q_PUT], v, PUT_VALUES);
}

/* What is being sent just now is marked: should it fail, it is not sent again; and a claim whose
 * server has gone is no reason to send it later. */
int64_t outbox_withdraw(struct db *db, struct str about, struct instant now)
{
    int64_t n = DB_EXEC(db, &q[Q_WITHDRAW], V_STR(about), V_INT(now.ms));
    DB_PUT(db, &q[Q_WITHDRAW_CLAIMED], V_STR(about));
    return n;
}

struct str outbox_text(struct arena *a, const struct outbox_message *m)
{
    struct outbox_filled f = outbox_fill(a, outbox_templates(), m);
    if (!f.subject.n)
        return f.body;
    return str_fmt(a, STR_FMT "\n\n" STR_FMT, STR_ARG(f.subject), STR_ARG(f.body));
}

void outbox_read(void)
{
    outbox_templates();
    outbox_data();
    outbox_post_read();
}

/* ---- how many ---- */

static int64_t waiting(struct db *db, int way, bool urgent, int64_t due)
{
    return DB_INT(db, 0, &q[Q_WAITING], V_STR(str_of(ways[way].code)), V_INT(urgent), V_INT(due));
}

/* Late is what could have gone for an hour, its window being open then and now; a letter, which
 * somebody has to print, for a day. */
struct outbox_state outbox_state(struct db *db, const struct law *law, struct instant now)
{
    struct outbox_state s = {0};
    struct instant hour_ago = {now.ms - HOUR_MS};
    for (int w = 0; w < OUTBOX_WAYS; w++) {
        int64_t since = now.ms - (w == OUTBOX_LETTER ? 24 : 1) * (int64_t)HOUR_MS;
        bool open = outbox_window(law, (enum outbox_way)w, now).ms == now.ms &&
                    outbox_window(law, (enum outbox_way)w, hour_ago).ms == hour_ago.ms;
        s.waiting += waiting(db, w, false, now.ms) + waiting(db, w, true, now.ms);
        s.late += waiting(db, w, true, since);
        s.late += open ? waiting(db, w, false, since) : 0;
    }
    s.failed = DB_INT(db, 0, &q[Q_FAILED]);
    return s;
}
