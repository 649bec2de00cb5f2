/*
 * chat_store.c: conversations' rows. chat_event is the truth; chat is written from the fold in the
 * commit of the event. A conversation's own row is the only one that two who act in it both change,
 * so no conversation waits for another.
 */
#include "chat/chat_room.h"

#include "base/json.h"

#include <assert.h>
#include <sodium.h>

enum {
    Q_BY_ID,
    Q_BY_REF,
    Q_BY_ONCE,
    Q_START,
    Q_UPDATE,
    Q_APPEND,
    Q_DONE,
    Q_EVENTS,
    Q_SEEN_STAFF,
    Q_SEEN_RESIDENT,
    Q_WAITING,
    Q_MINE,
    Q_COLLEAGUES,
    Q_HAS,
    Q_IN_LINE,
    Q_FROM_NETWORK,
    Q_BEFORE,
    Q_TALKING,
    Q_TODAY,
    Q_FIGURE,
    Q_TURNED_AWAY,
    Q_JUDGED,
    Q_REGISTERS,
    Q_LOOK,
};

#define COLUMNS                                                                                  \
    "c.id, c.ref, c.channel, c.team, c.state, c.lang, c.staff, p.name, c.matter, c.started_at, " \
    "c.waiting_at, c.taken_at, c.ended_at, c.last_at, c.offered_at, c.seq, c.seen_staff, "       \
    "c.seen_resident, c.said_staff, c.said, c.name, c.phone, c.born, c.asked, c.told, c.how, "   \
    "c.good, c.first_channel, c.handed"
#define CHAT "SELECT " COLUMNS " FROM chat c LEFT JOIN staff p ON p.id = c.staff "

static const struct stmt q[] = {
    [Q_BY_ID] = {"chat.by_id", CHAT "WHERE c.id = $1", 0},
    [Q_BY_REF] = {"chat.by_ref", CHAT "WHERE c.ref = $1", 0},
    [Q_BY_ONCE] = {"chat.by_once", CHAT "WHERE c.once = $1", 0},
    [Q_START] = {"chat.start",
                 "INSERT INTO chat (ref, once, channel, team, first_channel, handed, state, lang, "
                 "started_at, waiting_at, line, last_at, look_at, seq, seen_staff, seen_resident, "
                 "said_staff, said, asked, told, good, network) VALUES ($1, $2, $3, $4, $3, 0, "
                 "'waiting', $5, $6, $6, $6, $6, $7, 0, 0, 0, 0, 0, 0, 0, 0, $8) "
                 "ON CONFLICT (once) DO NOTHING RETURNING id",
                 0},
    [Q_UPDATE] =
        {"chat.update",
         "UPDATE chat SET channel = $2, team = $3, state = $4, staff = $5, matter = $6, "
         "waiting_at = $7, line = $8, taken_at = $9, ended_at = $10, last_at = $11, "
         "offered_at = $12, seq = $13, seen_staff = $14, seen_resident = $15, said_staff = $16, "
         "said = $17, name = $18, phone = $19, born = $20, asked = $21, told = $22, how = $23, "
         "good = $24, handed = $25, network = CASE WHEN $10::bigint IS NULL THEN network "
         "END WHERE id = $1",
         0},
    [Q_APPEND] = {"chat.append",
                  "INSERT INTO chat_event (chat, seq, at, kind, staff, once, text, body) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                  "ON CONFLICT (chat, once) WHERE once IS NOT NULL DO NOTHING RETURNING seq",
                  0},
    [Q_DONE] = {"chat.done", "SELECT seq FROM chat_event WHERE chat = $1 AND once = $2", 0},
    [Q_EVENTS] = {"chat.events",
                  "SELECT e.seq, e.at, e.kind, e.staff, e.text, e.body, p.name FROM chat_event e "
                  "LEFT JOIN staff p ON p.id = e.staff WHERE e.chat = $1 AND e.seq > $2 "
                  "ORDER BY e.seq LIMIT $3",
                  0},
    [Q_SEEN_STAFF] = {"chat.seen_staff",
                      "UPDATE chat SET seen_staff = $2 WHERE id = $1 AND seen_staff < $2", 0},
    [Q_SEEN_RESIDENT] = {"chat.seen_resident",
                         "UPDATE chat SET seen_resident = $2 WHERE id = $1 AND seen_resident < $2",
                         0},
    [Q_WAITING] = {"chat.waiting",
                   CHAT "WHERE c.team = $1 AND c.state = 'waiting' ORDER BY c.line, c.id LIMIT $2",
                   0},
    [Q_MINE] = {"chat.mine",
                CHAT "WHERE c.staff = $1 AND c.state = 'talking' ORDER BY c.id LIMIT 50", 0},
    [Q_COLLEAGUES] = {"chat.colleagues",
                      CHAT "WHERE c.channel = $1 AND c.state = 'talking' AND c.staff <> $2 "
                           "ORDER BY c.id LIMIT 50",
                      0},
    [Q_HAS] = {"chat.has", "SELECT count(*) FROM chat WHERE staff = $1 AND state = 'talking'", 0},
    [Q_IN_LINE] = {"chat.in_line",
                   "SELECT count(*) FROM chat WHERE channel = $1 AND state = 'waiting'", 0},
    [Q_FROM_NETWORK] = {"chat.from_network", "SELECT count(*) FROM chat WHERE network = $1", 0},
    [Q_BEFORE] = {"chat.before",
                  "SELECT count(*) FROM chat WHERE channel = $1 AND state = 'waiting' AND "
                  "(line, id) < ($2, $3)",
                  0},
    [Q_TALKING] = {"chat.talking",
                   "SELECT DISTINCT staff FROM chat WHERE channel = $1 AND state = 'talking' "
                   "LIMIT 50",
                   0},
    [Q_TODAY] = {"chat.today",
                 "SELECT started_at, COALESCE(taken_at, ended_at), taken_at FROM chat "
                 "WHERE first_channel = $1 AND started_at >= $2 ORDER BY started_at DESC LIMIT 100",
                 0},
    [Q_FIGURE] = {"chat.figure",
                  "INSERT INTO chat_figure (channel, day, hour, how, wait, length, messages, "
                  "handed, joined, good, chat) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)",
                  0},
    [Q_TURNED_AWAY] = {"chat.turned_away",
                       "INSERT INTO chat_figure (channel, day, hour, how, messages, handed, "
                       "joined, good) VALUES ($1, $2, $3, $4, 0, 0, 0, 0)",
                       0},
    [Q_JUDGED] = {"chat.judged", "UPDATE chat_figure SET good = $2 WHERE chat = $1", 0},
    [Q_REGISTERS] = {"chat.registers",
                     "SELECT CASE WHEN m.register = t.register THEN 1 ELSE 0 END FROM matter m "
                     "JOIN team t ON t.id = $2 WHERE m.id = $1",
                     0},
    [Q_LOOK] = {"chat.look", "UPDATE chat SET look_at = $2 WHERE id = $1", 0},
};
const struct stmt_table chat_statements = {q, sizeof q / sizeof *q};

/* ---- values ---- */

static struct instant get_instant(const struct rows *r, int column)
{
    return (struct instant){rows_int(r, column)};
}

/* ---- reading ---- */

static void read_chat(struct arena *a, const struct rows *r, struct chat *c)
{
    *c = (struct chat){
        .id = rows_int(r, 0),
        .ref = rows_str(r, a, 1),
        .channel = rows_int(r, 2),
        .team = rows_int(r, 3),
        .staff = rows_int(r, 6),
        .staff_name = rows_str(r, a, 7),
        .matter = rows_int(r, 8),
        .started = get_instant(r, 9),
        .waiting = get_instant(r, 10),
        .taken = get_instant(r, 11),
        .ended = get_instant(r, 12),
        .last = get_instant(r, 13),
        .offered = get_instant(r, 14),
        .seq = rows_int(r, 15),
        .seen_staff = rows_int(r, 16),
        .seen_resident = rows_int(r, 17),
        .said_staff = rows_int(r, 18),
        .said = rows_int(r, 19),
        .name = rows_str(r, a, 20),
        .phone = rows_str(r, a, 21),
        .born = rows_null(r, 22) ? DATE_NONE : (struct date){(int32_t)rows_int(r, 22)},
        .asked = rows_int(r, 23),
        .told = rows_int(r, 24),
        .how = rows_str(r, a, 25),
        .good = (int)rows_int(r, 26),
        .first = rows_int(r, 27),
        .handed = (int)rows_int(r, 28),
    };
    bool ok = lang_from(rows_peek(r, 5), &c->lang);
    for (int s = 0; s < CHAT_STATES; s++)
        if (str_eq(rows_peek(r, 4), str_of(chat_state_code((enum chat_state)s))))
            c->state = (enum chat_state)s;
    assert(ok);
    (void)ok;
}

static bool read_one(struct arena *a, struct rows r, struct chat *out)
{
    bool found = rows_next(&r);
    if (found)
        read_chat(a, &r, out);
    rows_end(&r);
    return found;
}

static struct chats read_all(struct arena *a, struct rows r)
{
    struct chats list = {0};
    while (rows_next(&r)) {
        struct chat c;
        read_chat(a, &r, &c);
        VEC_PUSH(a, &list, c);
    }
    return list;
}

bool chat_load(struct arena *a, struct db *db, int64_t id, struct chat *out)
{
    return read_one(a, DB_QUERY(db, &q[Q_BY_ID], V_INT(id)), out);
}

bool chat_load_ref(struct arena *a, struct db *db, struct str ref, struct chat *out)
{
    return ref.n == CHAT_REF && read_one(a, DB_QUERY(db, &q[Q_BY_REF], V_STR(ref)), out);
}

struct chats chat_waiting(struct arena *a, struct db *db, int64_t team, size_t max)
{
    return read_all(a, DB_QUERY(db, &q[Q_WAITING], V_INT(team), V_INT((int64_t)max)));
}

struct chats chat_mine(struct arena *a, struct db *db, int64_t staff)
{
    return read_all(a, DB_QUERY(db, &q[Q_MINE], V_INT(staff)));
}

bool chat_may_take_over(struct arena *a, struct db *db, const struct chat *c, int64_t staff,
                        bool head, struct instant now)
{
    if (c->state != CHAT_IS_TALKING || c->staff == staff)
        return false;
    if (head)
        return true;
    struct chat_events all = chat_events(a, db, c->id, 0, CHAT_EVENTS_MAX);
    struct instant since = chat_waits_since(&all);
    return since.ms && since.ms + chat_data()->take_over_minutes * (int64_t)MINUTE_MS <= now.ms;
}

struct chats chat_to_take_over(struct arena *a, struct db *db, int64_t channel, int64_t staff,
                               bool head, struct instant now)
{
    struct chats all = read_all(a, DB_QUERY(db, &q[Q_COLLEAGUES], V_INT(channel), V_INT(staff)));
    struct chats may = {0};
    for (size_t i = 0; i < all.n; i++)
        if (chat_may_take_over(a, db, &all.p[i], staff, head, now))
            VEC_PUSH(a, &may, all.p[i]);
    return may;
}

struct chat_events chat_events(struct arena *a, struct db *db, int64_t chat, int64_t after,
                               size_t max)
{
    struct chat_events list = {0};
    struct rows r = DB_QUERY(db, &q[Q_EVENTS], V_INT(chat), V_INT(after), V_INT((int64_t)max));
    while (rows_next(&r)) {
        struct chat_event e = {
            .seq = rows_int(&r, 0),
            .at = get_instant(&r, 1),
            .staff = rows_int(&r, 3),
            .text = rows_str(&r, a, 4),
            .body = rows_str(&r, a, 5),
            .staff_name = rows_str(&r, a, 6),
        };
        if (chat_kind_from(rows_peek(&r, 2), &e.kind))
            VEC_PUSH(a, &list, e);
    }
    return list;
}

void chat_seen(struct db *db, int64_t chat, bool staff, int64_t seq)
{
    DB_PUT(db, &q[staff ? Q_SEEN_STAFF : Q_SEEN_RESIDENT], V_INT(chat), V_INT(seq));
}

/* ---- writing ---- */

/* Handed over: first in the new line; of several the longest in it by id. */
static int64_t line_of(const struct chat *c)
{
    return c->handed ? 0 : c->waiting.ms;
}

static void update(struct db *db, const struct chat *c)
{
    DB_PUT(db, &q[Q_UPDATE], V_INT(c->id), V_INT(c->channel), V_INT(c->team),
           V_STR(str_of(chat_state_code(c->state))), v_opt(c->staff), v_opt(c->matter),
           V_INT(c->waiting.ms), V_INT(line_of(c)), v_opt(c->taken.ms), v_opt(c->ended.ms),
           V_INT(c->last.ms), v_opt(c->offered.ms), V_INT(c->seq), V_INT(c->seen_staff),
           V_INT(c->seen_resident), V_INT(c->said_staff), V_INT(c->said), v_opt_str(c->name),
           v_opt_str(c->phone), date_is(c->born) ? V_INT(c->born.day) : V_NULL, V_INT(c->asked),
           V_INT(c->told), v_opt_str(c->how), V_INT(c->good), V_INT(c->handed));
}

void chat_look_at(struct db *db, int64_t chat, struct instant at)
{
    DB_PUT(db, &q[Q_LOOK], V_INT(chat), v_opt(at.ms));
}

static bool is_over(const struct chat *c)
{
    return c->state != CHAT_IS_WAITING && c->state != CHAT_IS_TALKING;
}

/* A clock that was set back in between gives none. */
static int64_t seconds(struct instant from, struct instant to)
{
    return to.ms > from.ms ? (to.ms - from.ms) / 1000 : 0;
}

static void put_figure(struct db *db, const struct chat *c)
{
    struct instant met = c->taken.ms ? c->taken : c->ended;
    struct str how = c->taken.ms                  ? S("answered")
                     : c->state == CHAT_IS_MATTER ? S("unanswered")
                                                  : S("left");
    DB_PUT(db, &q[Q_FIGURE], V_INT(c->first), V_INT(date_of(c->started).day),
           V_INT(minute_of(c->started) / 60), V_STR(how), V_INT(seconds(c->started, met)),
           c->taken.ms ? V_INT(seconds(c->taken, c->ended)) : V_NULL,
           V_INT(c->said + c->said_staff), V_INT(c->handed), V_INT(c->matter != 0), V_INT(c->id));
}

void chat_turned_away(struct db *db, const struct chat_channel *c, enum chat_refusal why,
                      struct instant at)
{
    DB_PUT(db, &q[Q_TURNED_AWAY], V_INT(c->id), V_INT(date_of(at).day), V_INT(minute_of(at) / 60),
           V_STR(why == CHAT_REFUSED_CLOSED ? S("closed") : S("full")));
}

/* Whoever acts has seen what stands just before their own. */
static void mark_seen(struct chat *c, int64_t before, const struct chat_event *e)
{
    int64_t *seen = e->staff ? &c->seen_staff : &c->seen_resident;
    if (*seen == before)
        *seen = c->seq;
}

static bool moves_the_line(enum chat_kind k)
{
    return k == CHAT_STARTED || k == CHAT_TAKEN || k == CHAT_HANDED || k == CHAT_LEFT ||
           k == CHAT_ENDED || k == CHAT_UNANSWERED;
}

static void tell(struct db *db, const struct chat *c, enum chat_kind k, int64_t team_before)
{
    db_notify(db, chat_topic(c->id));
    if (moves_the_line(k))
        db_notify(db, chat_desk_topic(c->team));
    if (team_before && team_before != c->team)
        db_notify(db, chat_desk_topic(team_before));
}

/* The row first: who comes at the same time waits there, and finds this event when it is run again.
 */
static bool append_event(struct db *db, const struct chat *c, const struct chat *before,
                         const struct chat_event *e, struct str once)
{
    update(db, c);
    if (DB_INT(db, 0, &q[Q_APPEND], V_INT(c->id), V_INT(e->seq), V_INT(e->at.ms),
               V_STR(str_of(chat_kind_code(e->kind))), v_opt(e->staff), v_opt_str(once),
               V_STR(e->text), V_STR(e->body)))
        return true;
    update(db, before); /* that form has been here before */
    return false;
}

bool chat_append(struct arena *a, struct db *db, struct chat *c, struct chat_event e,
                 struct str once)
{
    const struct chat before = *c;
    bool over = c->seq && is_over(c);
    e.seq = c->seq + 1;
    if (!e.text.p)
        e.text = S("");
    chat_fold(a, c, &e);
    mark_seen(c, before.seq, &e);
    if (!append_event(db, c, &before, &e, once)) {
        *c = before;
        return false;
    }
    if (!over && is_over(c)) {
        put_figure(db, c);
        if (c->matter)
            chat_move_files(a, db, c);
    }
    if (e.kind == CHAT_JUDGED)
        DB_PUT(db, &q[Q_JUDGED], V_INT(c->id), V_INT(c->good));
    tell(db, c, e.kind, before.team);
    return true;
}

/* ---- doing ---- */

struct str chat_network(struct arena *a, const unsigned char key[32], struct str address)
{
    unsigned char h[16];
    crypto_generichash(h, sizeof h, (const unsigned char *)address.p, address.n, key, 32);
    return str_to_hex(a, h, sizeof h);
}

enum chat_refusal chat_may_start(struct db *db, const struct law *law, const struct chat_channel *c,
                                 struct str network, struct instant now)
{
    struct instant next;
    if (!chat_is_open(law, c, now, &next))
        return CHAT_REFUSED_CLOSED;
    if (DB_INT(db, 0, &q[Q_IN_LINE], V_INT(c->id)) >= c->queue_most)
        return CHAT_REFUSED_FULL;
    return network.n && DB_INT(db, 0, &q[Q_FROM_NETWORK], V_STR(network)) >= chat_data()->open_most
               ? CHAT_REFUSED_FULL
               : CHAT_REFUSED_FINE;
}

static struct str start_body(struct arena *a, const struct chat_channel *c)
{
    return str_fmt(a, "{\"channel\":%lld,\"team\":%lld}", (long long)c->id, (long long)c->team);
}

enum chat_refusal chat_start(struct arena *a, struct db *db, const struct law *law,
                             const struct chat_channel *c, enum lang l,
                             const struct chat_act *first, struct chat *out)
{
    struct str text = str_trim(first->text), ref = rand_ref(a, CHAT_REF);
    if (!text.n || str_utf8_len(text) > CHAT_TEXT_MAX)
        return text.n ? CHAT_REFUSED_LONG_TEXT : CHAT_REFUSED_NO_TEXT;
    struct instant by = {first->at.ms + c->wait_minutes * (int64_t)MINUTE_MS};
    struct instant closes = chat_closes(law, c, first->at);
    if (closes.ms > first->at.ms && closes.ms < by.ms)
        by = closes;
    int64_t id = DB_INT(db, 0, &q[Q_START], V_STR(ref), V_STR(first->once), V_INT(c->id),
                        V_INT(c->team), V_STR(str_of(lang_code(l))), V_INT(first->at.ms),
                        V_INT(by.ms), v_opt_str(first->network));
    if (!id)
        return read_one(a, DB_QUERY(db, &q[Q_BY_ONCE], V_STR(first->once)), out)
                   ? CHAT_REFUSED_FINE
                   : CHAT_REFUSED_OVER;
    *out = (struct chat){.id = id, .ref = ref, .lang = l, .born = DATE_NONE};
    struct chat_event e = {
        .at = first->at, .kind = CHAT_STARTED, .text = text, .body = start_body(a, c)};
    chat_append(a, db, out, e, first->once);
    return CHAT_REFUSED_FINE;
}

static void write_told(struct arena *a, struct jw *w, const struct chat_act *act)
{
    jw_str(w, "name", act->name.n ? act->name : (struct str){NULL, 0});
    jw_str(w, "phone", act->phone.n ? act->phone : (struct str){NULL, 0});
    if (date_is(act->born))
        jw_str(w, "born", date_iso(a, act->born));
}

static struct str act_body(struct arena *a, const struct chat *c, const struct chat_act *act,
                           int64_t attachment, const struct chat_channel *to)
{
    struct buf b = buf_new(a, 0);
    struct jw w = jw_new(&b);
    jw_object(&w, NULL);
    if (act->kind == CHAT_SENT)
        jw_int(&w, "attachment", attachment);
    if (act->kind == CHAT_HANDED) {
        jw_int(&w, "channel", to->id);
        jw_int(&w, "team", to->team);
        jw_int(&w, "fromChannel", c->channel);
        jw_int(&w, "fromTeam", c->team);
    }
    if (act->kind == CHAT_TAKEN && c->state == CHAT_IS_TALKING)
        jw_int(&w, "fromStaff", c->staff);
    if (act->kind == CHAT_TOLD_WHO)
        write_told(a, &w, act);
    if (act->kind == CHAT_JOINED)
        jw_int(&w, "matter", act->matter);
    if (act->kind == CHAT_LINKED)
        jw_str(&w, "href", act->href);
    if (act->kind == CHAT_ENDED)
        jw_str(&w, "how", act->how.n ? act->how : S("went"));
    if (act->kind == CHAT_JUDGED)
        jw_int(&w, "good", act->good);
    jw_end_object(&w);
    return buf_get(&b);
}

/* What other rows say: how many they have, the register, the channel that it goes to. */
static enum chat_refusal check_rows(struct arena *a, struct db *db, const struct chat *c,
                                    const struct chat_act *act, struct chat_channel *to)
{
    if (act->kind == CHAT_TAKEN && c->state == CHAT_IS_TALKING &&
        !chat_may_take_over(a, db, c, act->staff, act->head, act->at))
        return CHAT_REFUSED_TAKEN;
    if (act->kind == CHAT_TAKEN && chat_channel_load(a, db, c->channel, to))
        return DB_INT(db, 0, &q[Q_HAS], V_INT(act->staff)) >= to->at_once ? CHAT_REFUSED_ENOUGH
                                                                          : CHAT_REFUSED_FINE;
    if (act->kind == CHAT_HANDED)
        return chat_channel_load(a, db, act->channel, to) ? CHAT_REFUSED_FINE
                                                          : CHAT_REFUSED_NO_CHANNEL;
    if (act->kind == CHAT_JOINED &&
        !DB_INT(db, 0, &q[Q_REGISTERS], V_INT(act->matter), V_INT(c->team)))
        return CHAT_REFUSED_OTHER_REGISTER;
    return CHAT_REFUSED_FINE;
}

/* It stands there already: taken by the same, joined to the same. */
static bool nothing_new(const struct chat *c, const struct chat_act *act)
{
    return (act->kind == CHAT_TAKEN && c->staff == act->staff) ||
           (act->kind == CHAT_JOINED && c->matter == act->matter);
}

struct instant chat_goes(const struct chat *c, struct instant ended)
{
    if (c->matter && !c->handed)
        return (struct instant){0};
    return (struct instant){ended.ms + chat_data()->keep_days * 24 * (int64_t)HOUR_MS};
}

/* When the keeper looks at it next: at one that waits in a new line, that is talked in, or that is
 * over. */
static void plan_look(struct db *db, const struct chat *c, enum chat_kind k,
                      const struct chat_channel *to)
{
    struct instant at = {0};
    if (k == CHAT_HANDED)
        at.ms = c->waiting.ms + to->wait_minutes * (int64_t)MINUTE_MS;
    else if (k == CHAT_TAKEN)
        at.ms = c->last.ms + chat_data()->idle_hours * (int64_t)HOUR_MS;
    else if (k == CHAT_ENDED || k == CHAT_LEFT)
        at = chat_goes(c, c->ended);
    else
        return;
    chat_look_at(db, c->id, at);
}

/* Refused now, but what the same form did before stands. Only then is it looked for: to look in
 * each commit would make all that write at the same time wait for one another on PostgreSQL. */
static bool done_before(struct db *db, const struct chat *c, const struct chat_act *act)
{
    return act->once.n && DB_INT(db, 0, &q[Q_DONE], V_INT(c->id), V_STR(act->once));
}

enum chat_refusal chat_do(struct arena *a, struct db *db, struct chat *c,
                          const struct chat_act *act)
{
    struct chat_channel to = {0};
    int64_t attachment = 0;
    enum chat_refusal no = chat_check(c, act);
    if (no == CHAT_REFUSED_FINE && nothing_new(c, act))
        return no;
    if (no == CHAT_REFUSED_FINE)
        no = check_rows(a, db, c, act, &to);
    if (no != CHAT_REFUSED_FINE)
        return done_before(db, c, act) ? CHAT_REFUSED_FINE : no;
    struct chat_event e = {
        .at = act->at, .kind = act->kind, .staff = act->staff, .text = str_trim(act->text)};
    if (act->kind == CHAT_SENT) {
        attachment = attach_store(db, ATTACH_CHAT, c->id, act->staff, act->at, act->file);
        if (!attachment)
            return CHAT_REFUSED_TOO_MANY;
        e.text = act->file->name;
    }
    e.body = act_body(a, c, act, attachment, &to);
    if (chat_append(a, db, c, e, act->once))
        plan_look(db, c, act->kind, &to);
    return CHAT_REFUSED_FINE;
}

/* ---- the line ---- */

/* Whose languages are not told serves in all. */
static bool serves(struct str languages, enum lang l)
{
    return !languages.n || team_words_have(languages, str_of(lang_code(l)));
}

static int who_answer(struct arena *a, struct db *db, int64_t channel, int64_t team, enum lang l,
                      struct instant now)
{
    struct presents there = team_present(a, db, team, now);
    struct team_ids talk = {0};
    struct rows r = DB_QUERY(db, &q[Q_TALKING], V_INT(channel));
    int n = 0;
    while (rows_next(&r))
        VEC_PUSH(a, &talk, rows_int(&r, 0));
    for (size_t i = 0; i < talk.n; i++)
        n += serves(staff_languages(a, db, talk.p[i]), l);
    for (size_t i = 0; i < there.n; i++) {
        const struct present *p = &there.p[i];
        bool counted = presence_state(&p->presence, now) != PRESENCE_IN || !serves(p->languages, l);
        for (size_t j = 0; j < talk.n; j++)
            counted = counted || talk.p[j] == p->staff;
        n += !counted;
    }
    return n;
}

static struct chat_place place_at(struct arena *a, struct db *db, int64_t channel, int64_t place,
                                  struct instant now)
{
    struct chat_place p = {0};
    struct chat_waits day = {0};
    struct instant midnight = instant_at(date_of(now), 0);
    struct rows r = DB_QUERY(db, &q[Q_TODAY], V_INT(channel), V_INT(midnight.ms));
    while (rows_next(&r)) {
        struct chat_wait w = {get_instant(&r, 0), get_instant(&r, 1), !rows_null(&r, 2)};
        VEC_PUSH(a, &day, w);
    }
    chat_estimate(a, &day, place, chat_data()->estimate_least, &p);
    return p;
}

struct chat_place chat_place(struct arena *a, struct db *db, const struct chat *c,
                             struct instant now)
{
    int64_t before =
        DB_INT(db, 0, &q[Q_BEFORE], V_INT(c->channel), V_INT(line_of(c)), V_INT(c->id));
    struct chat_place p = place_at(a, db, c->channel, 1 + before, now);
    p.staff = who_answer(a, db, c->channel, c->team, c->lang, now);
    return p;
}

struct chat_place chat_place_next(struct arena *a, struct db *db, const struct chat_channel *c,
                                  enum lang l, struct instant now)
{
    struct chat_place p =
        place_at(a, db, c->id, 1 + DB_INT(db, 0, &q[Q_IN_LINE], V_INT(c->id)), now);
    p.staff = who_answer(a, db, c->id, c->team, l, now);
    return p;
}
