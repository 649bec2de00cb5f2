/*
 * chat_keep.c: what a conversation becomes. A matter, where nobody answered in time or somebody
 * wished it so; then a joined matter hears how it ended; in the end the text goes, and numbers
 * stay. Each conversation says itself when it is to be looked at next (chat.look_at), so the keeper
 * looks at none in vain.
 */
#include "chat/chat_room.h"

#include "base/json.h"
#include "matter/merge.h"

enum { A_RUN = 10 };

enum {
    Q_DUE,
    Q_ANY_DUE,
    Q_WORDS,
    Q_FORGET_FIGURE,
    Q_OF_MATTER,
    Q_END_SESSIONS,
    Q_DROP_EVENTS,
    Q_DROP,
    Q_EMPTY_EVENTS,
    Q_FORGET_WHO,
};

static const struct stmt q[] = {
    [Q_DUE] = {"chat.due", "SELECT id FROM chat WHERE look_at <= $1 ORDER BY look_at, id LIMIT $2",
               0},
    [Q_ANY_DUE] = {"chat.any_due", "SELECT id FROM chat WHERE look_at <= $1 LIMIT 1", 0},
    [Q_WORDS] = {"chat.words",
                 "SELECT text FROM chat_event WHERE chat = $1 AND seq >= $2 AND (seq = $2 OR "
                 "(staff IS NULL AND kind IN ('started', 'said'))) ORDER BY seq LIMIT 200",
                 0},
    [Q_FORGET_FIGURE] = {"chat.forget_figure", "UPDATE chat_figure SET chat = NULL WHERE chat = $1",
                         0},
    [Q_OF_MATTER] = {"chat.of_matter_keep", "SELECT id FROM chat WHERE matter = $1 ORDER BY id", 0},
    [Q_END_SESSIONS] = {"chat.end_sessions", "DELETE FROM session WHERE chat = $1", 0},
    [Q_DROP_EVENTS] = {"chat.drop_events", "DELETE FROM chat_event WHERE chat = $1", 0},
    [Q_DROP] = {"chat.drop", "DELETE FROM chat WHERE id = $1", 0},
    [Q_EMPTY_EVENTS] = {"chat.empty_events",
                        "UPDATE chat_event SET text = '', body = '{}' WHERE chat = $1 AND seq < $2 "
                        "AND kind NOT IN ('handed', 'taken')",
                        0},
    [Q_FORGET_WHO] = {"chat.forget_who",
                      "UPDATE chat SET name = $2, phone = $3, born = $4 WHERE id = $1", 0},
};
const struct stmt_table chat_keep_statements = {q, sizeof q / sizeof *q};

/* ---- a matter of it ---- */

/* What the form's random value is to a contact: one conversation, one matter, one code. */
static struct str once_of(struct arena *a, const struct chat *c)
{
    return str_fmt(a, "chat " STR_FMT, STR_ARG(c->ref));
}

struct str chat_code(struct arena *a, const unsigned char key[32], const struct chat *c)
{
    return auth_code_make(a, key, once_of(a, c));
}

/* What the resident wrote, in their own words; behind a register's border, after what they agreed
 * to there. */
static struct str words_of(struct arena *a, struct db *db, int64_t chat, int64_t floor)
{
    struct buf b = buf_new(a, 0);
    struct rows r = DB_QUERY(db, &q[Q_WORDS], V_INT(chat), V_INT(floor));
    while (rows_next(&r)) {
        struct str text = rows_peek(&r, 0);
        if (b.n + text.n + 2 > CHAT_MATTER_TEXT_MAX)
            break;
        if (b.n)
            buf_lit(&b, "\n\n");
        buf_str(&b, text);
    }
    rows_end(&r);
    return buf_get(&b);
}

static void tell_matter(struct arena *a, struct db *db, struct chat *c, const struct chat_matter *m,
                        int64_t matter)
{
    struct chat_event e = {.at = m->at, .staff = m->staff};
    e.kind = c->state == CHAT_IS_WAITING ? CHAT_UNANSWERED : CHAT_JOINED;
    e.body = str_fmt(a, "{\"matter\":%lld,\"made\":true}", (long long)matter);
    chat_append(a, db, c, e, (struct str){NULL, 0});
    if (c->state == CHAT_IS_MATTER)
        chat_look_at(db, c->id, chat_goes(c, m->at));
}

int64_t chat_make_matter(struct arena *a, struct db *db, const struct law *law,
                         const unsigned char key[32], struct chat *c, const struct chat_matter *m)
{
    struct chat_channel channel;
    bool again;
    if (c->matter || !chat_channel_load(a, db, c->channel, &channel))
        return c->matter;
    struct chat_part part = chat_part_of_now(a, db, c);
    struct matter_contact contact = {
        .once = once_of(a, c),
        .form = channel.form,
        .reason = law_reason_find(law, m->reason) >= 0 ? m->reason : channel.reason,
        .reg = channel.reg,
        .channel = CHANNEL_CHAT,
        .team = c->team,
        .staff = m->staff,
        .at = c->started,
        .noted = m->staff ? m->at : (struct instant){0},
        .name = part.who.name,
        .phone = part.who.phone,
        .born = part.who.born,
        .reach = m->call && part.who.phone.n ? S("call") : S("message"),
        .language = str_of(lang_code(c->lang)),
        .wish = m->wish,
        .text = m->text.n ? m->text : words_of(a, db, c->id, part.floor),
        .hours = team_hours(a, db, c->team),
    };
    matter_contact_prepare(a, law, key, &contact);
    int64_t id = matter_contact_store(a, db, &contact, &again);
    tell_matter(a, db, c, m, id);
    return id;
}

/* ---- the end ---- */

enum chat_refusal chat_end(struct arena *a, struct db *db, const struct law *law, struct chat *c,
                           const struct chat_act *act)
{
    struct matter m;
    bool was_open = c->state == CHAT_IS_TALKING;
    enum chat_refusal no = chat_do(a, db, c, act);
    if (no != CHAT_REFUSED_FINE || !was_open || c->state != CHAT_IS_OVER || !c->matter ||
        !str_eq(act->how, S("solved")) ||
        !matter_load(a, db, law, matter_standing(db, c->matter), &m))
        return no;
    struct matter_act told = {.kind = MATTER_CHATTED,
                              .at = act->at,
                              .staff = act->staff ? act->staff : c->staff,
                              .text = act->text};
    matter_do(a, db, law, &m, &told); /* one that is closed already has heard enough */
    return no;
}

/* ---- nobody in time ---- */

static void offer_or_make(struct arena *a, struct db *db, const struct law *law,
                          const unsigned char key[32], struct chat *c, struct instant now)
{
    bool number = chat_part_of_now(a, db, c).who.phone.n > 0;
    if (number || c->offered.ms) {
        struct chat_matter m = {.at = now, .call = number};
        chat_make_matter(a, db, law, key, c, &m);
        return;
    }
    struct chat_event e = {.at = now, .kind = CHAT_UNANSWERED, .body = S("{}")};
    chat_append(a, db, c, e, (struct str){NULL, 0});
    now.ms += chat_data()->offer_minutes * (int64_t)MINUTE_MS;
    chat_look_at(db, c->id, now);
}

/* Somebody has it: too long a silence ends it. */
static void end_idle(struct arena *a, struct db *db, struct chat *c, struct instant now)
{
    struct instant silent = {c->last.ms + chat_data()->idle_hours * (int64_t)HOUR_MS};
    if (silent.ms > now.ms) {
        chat_look_at(db, c->id, silent);
        return;
    }
    struct chat_event e = {.at = now, .kind = CHAT_ENDED, .body = S("{\"how\":\"went\"}")};
    chat_append(a, db, c, e, (struct str){NULL, 0});
    chat_look_at(db, c->id, chat_goes(c, now));
}

/* What the other register wrote before the hand-over that crossed belongs to no matter: its days
 * are over, too, though the rest stays with its matter. */
static void erase_before(struct arena *a, struct db *db, const struct chat *c)
{
    struct chat_part p = chat_part_of_now(a, db, c);
    chat_look_at(db, c->id, (struct instant){0});
    if (!p.floor)
        return;
    attach_drop(db, ATTACH_CHAT, c->id); /* what was sent since stands with the matter */
    DB_PUT(db, &q[Q_EMPTY_EVENTS], V_INT(c->id), V_INT(p.floor));
    DB_PUT(db, &q[Q_FORGET_WHO], V_INT(c->id), v_opt_str(p.who.name), v_opt_str(p.who.phone),
           date_is(p.who.born) ? V_INT(p.who.born.day) : V_NULL);
}

/* Its days are over. */
static void erase(struct db *db, int64_t chat)
{
    attach_drop(db, ATTACH_CHAT, chat);
    DB_PUT(db, &q[Q_FORGET_FIGURE], V_INT(chat));
    DB_PUT(db, &q[Q_END_SESSIONS], V_INT(chat));
    DB_PUT(db, &q[Q_DROP_EVENTS], V_INT(chat));
    DB_PUT(db, &q[Q_DROP], V_INT(chat));
}

void chat_erase_matter(struct arena *a, struct db *db, int64_t matter)
{
    struct {
        LIST_FIELDS(int64_t);
    } ids = {0};
    struct rows r = DB_QUERY(db, &q[Q_OF_MATTER], V_INT(matter));
    while (rows_next(&r))
        VEC_PUSH(a, &ids, rows_int(&r, 0));
    for (size_t i = 0; i < ids.n; i++)
        erase(db, ids.p[i]);
}

static void look_at(struct arena *a, struct db *db, const struct law *law,
                    const unsigned char key[32], int64_t id, struct instant now)
{
    struct chat c;
    if (!chat_load(a, db, id, &c))
        return;
    if (c.state == CHAT_IS_WAITING)
        offer_or_make(a, db, law, key, &c, now);
    else if (c.state == CHAT_IS_TALKING)
        end_idle(a, db, &c, now);
    else if (c.matter)
        erase_before(a, db, &c);
    else
        erase(db, id);
}

bool chat_chores_wanted(struct db *db, struct instant now)
{
    return DB_INT(db, 0, &q[Q_ANY_DUE], V_INT(now.ms)) != 0;
}

bool chat_chores(struct arena *a, struct db *db, const struct law *law, const unsigned char key[32],
                 struct instant now)
{
    struct {
        LIST_FIELDS(int64_t);
    } due = {0};
    struct rows r = DB_QUERY(db, &q[Q_DUE], V_INT(now.ms), V_INT(A_RUN));
    while (rows_next(&r))
        VEC_PUSH(a, &due, rows_int(&r, 0));
    for (size_t i = 0; i < due.n; i++)
        look_at(a, db, law, key, due.p[i], now);
    return due.n == A_RUN;
}
