/*
 * chat_channel.c: channels: the county's settings (data/county/chat.json has the shape), read
 * strictly and kept as they were read; when one is open. A channel that is not in the settings any
 * more takes nobody new, and its conversations go on.
 */
#include "chat/chat_room.h"

#include "base/guard.h"
#include "base/json.h"
#include "i18n/week.h"

#include <stdio.h>

enum {
    Q_ALL,
    Q_BY_ID,
    Q_RETIRE,
    Q_PUT,
    Q_PAUSE,
};

#define CHANNEL                                                                           \
    "SELECT c.id, c.ref, c.team, t.register, c.settings, c.paused, c.paused_why, t.ref, " \
    "c.retired FROM chat_channel c JOIN team t ON t.id = c.team "

static const struct stmt q[] = {
    [Q_ALL] = {"chat.channels", CHANNEL "WHERE c.retired = 0 ORDER BY c.nth", STMT_SCAN},
    [Q_BY_ID] = {"chat.channel", CHANNEL "WHERE c.id = $1", 0},
    [Q_RETIRE] = {"chat.retire", "UPDATE chat_channel SET retired = 1", STMT_SCAN},
    [Q_PUT] = {"chat.put_channel",
               "INSERT INTO chat_channel (ref, nth, team, settings, retired, paused, paused_why) "
               "VALUES ($1, $2, $3, $4, 0, 0, '') ON CONFLICT (ref) DO UPDATE SET "
               "nth = excluded.nth, team = excluded.team, settings = excluded.settings, "
               "retired = 0",
               STMT_SCAN},
    [Q_PAUSE] = {"chat.pause", "UPDATE chat_channel SET paused = $2, paused_why = $3 WHERE id = $1",
                 0},
};
const struct stmt_table chat_channel_statements = {q, sizeof q / sizeof *q};

/* ---- the settings ---- */

static bool read_texts(const struct jv *v, const char *key, struct str out[LANG_COUNT])
{
    bool ok = lang_texts(jv_get(v, key), out);
    for (int l = 0; l < LANG_COUNT; l++)
        ok = ok && out[l].n <= 500;
    return ok;
}

static bool read_langs(const struct jv *list, struct chat_channel *out)
{
    for (size_t i = 0; i < jv_len(list); i++) {
        enum lang l;
        if (!lang_from(jv_str(jv_at(list, i)), &l))
            return false;
        out->langs[l] = true;
    }
    return jv_len(list) > 0;
}

static bool read_number(const struct jv *v, const char *key, int most, int *out)
{
    int64_t n = jv_int(jv_get(v, key));
    *out = (int)n;
    return jv_kind(jv_get(v, key)) == JV_NUMBER && n >= 1 && n <= most;
}

bool chat_channel_read(struct arena *a, const struct jv *v, struct chat_channel *out,
                       struct str *why)
{
    static const char *const known[] = {"ref",         "team",   "name",      "lead",  "closed",
                                        "form",        "reason", "phone",     "hours", "languages",
                                        "waitMinutes", "atOnce", "queueMost", NULL};
    struct str unknown = jv_unknown(v, known), hours = jv_str_of(v, "hours");
    const char *wrong = NULL;
    *out = (struct chat_channel){.ref = jv_str_of(v, "ref"),
                                 .form = jv_str_of(v, "form"),
                                 .reason = jv_str_of(v, "reason"),
                                 .phone = jv_str_of(v, "phone")};
    if (unknown.n) {
        *why = str_fmt(a, STR_FMT ": there is no such setting", STR_ARG(unknown));
        return false;
    }
    if (!out->ref.n || out->ref.n > 40)
        wrong = "ref: wants 1 to 40 characters";
    else if (!read_texts(v, "name", out->name))
        wrong = "name: wants fi, sv and en, at most 500 characters each";
    else if (!read_texts(v, "lead", out->lead))
        wrong = "lead: wants fi, sv and en, at most 500 characters each";
    else if (!read_texts(v, "closed", out->closed))
        wrong = "closed: wants fi, sv and en, at most 500 characters each";
    else if (!out->form.n || !out->reason.n)
        wrong = "form and reason: want the codes of a contact form and of a reason";
    else if (!read_langs(jv_get(v, "languages"), out))
        wrong = "languages: wants some of fi, sv, en";
    else if (!read_number(v, "waitMinutes", 240, &out->wait_minutes))
        wrong = "waitMinutes: wants a number from 1 to 240";
    else if (!read_number(v, "atOnce", 20, &out->at_once))
        wrong = "atOnce: wants a number from 1 to 20";
    else if (!read_number(v, "queueMost", 1000, &out->queue_most))
        wrong = "queueMost: wants a number from 1 to 1000";
    if (wrong) {
        *why = str_of(wrong);
        return false;
    }
    struct str in_hours = {NULL, 0};
    if (law_hours_read(a, hours, &out->hours, &in_hours))
        return true;
    *why = str_fmt(a, "hours: " STR_FMT, STR_ARG(in_hours));
    return false;
}

/* As it was read: texts, whole numbers, lists and objects of them. */
static void write_value(struct arena *a, struct jw *w, const char *key, const struct jv *v)
{
    if (jv_kind(v) == JV_STRING)
        jw_str(w, key, jv_str(v));
    if (jv_kind(v) == JV_NUMBER)
        jw_int(w, key, jv_int(v));
    if (jv_kind(v) == JV_ARRAY) {
        jw_array(w, key);
        for (size_t i = 0; i < jv_len(v); i++)
            write_value(a, w, NULL, jv_at(v, i));
        jw_end_array(w);
    }
    if (jv_kind(v) == JV_OBJECT) {
        jw_object(w, key);
        for (size_t i = 0; i < jv_len(v); i++) {
            struct str name;
            const struct jv *member = jv_member(v, i, &name);
            write_value(a, w, str_z(a, name), member);
        }
        jw_end_object(w);
    }
}

/* The settings of one channel as the text that is kept. */
static void put_channel(struct arena *a, struct db *db, int64_t nth, int64_t team,
                        const struct jv *v)
{
    struct buf b = buf_new(a, 64 * 1024);
    struct jw w = jw_new(&b);
    write_value(a, &w, NULL, v);
    DB_EXEC(db, &q[Q_PUT], V_STR(jv_str_of(v, "ref")), V_INT(nth), V_INT(team), V_STR(buf_get(&b)));
}

struct storing {
    struct arena *a;
    struct db *db;
    const struct law *law;
    struct teams teams;
    const struct jv *list;
    struct str *why;
};

static bool store_one(const struct storing *s, size_t i)
{
    const struct jv *v = jv_at(s->list, i);
    struct chat_channel c;
    struct str what = {NULL, 0};
    const struct team *team = teams_by_ref(&s->teams, jv_str_of(v, "team"));
    bool ok = chat_channel_read(s->a, v, &c, &what);
    if (ok && !team)
        what = S("team: there is no such team; `asialla import teams FILE` makes teams");
    else if (ok && law_reason_find(s->law, c.reason) < 0)
        what = S("reason: data/law/reasons.json has no such reason");
    for (size_t j = 0; j < i && !what.n; j++)
        if (str_eq(jv_str_of(jv_at(s->list, j), "ref"), c.ref))
            what = S("ref: another channel has it");
    if (what.n) {
        *s->why = str_fmt(s->a, "channels[%zu]." STR_FMT, i, STR_ARG(what));
        return false;
    }
    put_channel(s->a, s->db, (int64_t)i, team->id, v);
    return true;
}

bool chat_channels_store(struct arena *a, struct db *db, const struct law *law,
                         const struct jv *settings, struct str *why)
{
    static const char *const known[] = {"source", "channels", NULL};
    const struct jv *list = jv_get(settings, "channels");
    struct str unknown = jv_unknown(settings, known);
    const struct storing s = {a, db, law, teams_load(a, db), list, why};
    if (unknown.n || jv_len(list) == 0 || jv_len(list) > 50) {
        *why = unknown.n ? str_fmt(a, STR_FMT ": there is no such setting", STR_ARG(unknown))
                         : S("channels: wants 1 to 50 channels");
        return false;
    }
    DB_EXEC(db, &q[Q_RETIRE]);
    for (size_t i = 0; i < jv_len(list); i++)
        if (!store_one(&s, i))
            return false;
    return true;
}

/* ---- import ---- */

static bool take_channels(struct arena *a, struct db *db, const struct jv *settings,
                          const void *law, struct str *why)
{
    return chat_channels_store(a, db, law, settings, why);
}

int chat_import_command(struct arena *a, struct store *s, const struct law *law, int argc,
                        char *const *argv)
{
    if (argc != 1) {
        fprintf(stderr, "asialla: usage: asialla import chat --data DIR FILE\n");
        return 2;
    }
    return settings_import(a, s, argv[0], take_channels, law);
}

/* ---- the rows ---- */

static void read_row(struct arena *a, const struct rows *r, struct chat_channel *c)
{
    struct json_error je;
    struct str why;
    const struct jv *v = json_parse(a, rows_str(r, a, 4), &je);
    if (!v || !chat_channel_read(a, v, c, &why))
        guard_fail(ERR_INTERNAL, "chat channel %lld: its settings cannot be read",
                   (long long)rows_int(r, 0));
    c->id = rows_int(r, 0);
    c->ref = rows_str(r, a, 1);
    c->team = rows_int(r, 2);
    reg_from(rows_peek(r, 3), &c->reg);
    c->paused = rows_int(r, 5) || rows_int(r, 8);
    c->paused_why = rows_str(r, a, 6);
    c->hours.team = rows_str(r, a, 7);
}

struct chat_channels chat_channels(struct arena *a, struct db *db)
{
    struct chat_channels list = {0};
    struct rows r = DB_QUERY(db, &q[Q_ALL]);
    while (rows_next(&r)) {
        struct chat_channel c;
        read_row(a, &r, &c);
        VEC_PUSH(a, &list, c);
    }
    return list;
}

bool chat_channel_load(struct arena *a, struct db *db, int64_t id, struct chat_channel *out)
{
    struct rows r = DB_QUERY(db, &q[Q_BY_ID], V_INT(id));
    bool found = rows_next(&r);
    if (found)
        read_row(a, &r, out);
    rows_end(&r);
    return found;
}

const struct chat_channel *chat_channel_by_ref(const struct chat_channels *all, struct str ref)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->p[i].ref, ref))
            return &all->p[i];
    return NULL;
}

const struct chat_channel *chat_channel_by_id(const struct chat_channels *all, int64_t id)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].id == id)
            return &all->p[i];
    return NULL;
}

void chat_pause(struct db *db, const struct chat_channel *c, bool paused, struct str why)
{
    DB_EXEC(db, &q[Q_PAUSE], V_INT(c->id), V_INT(paused), V_STR(paused && why.p ? why : S("")));
    db_notify(db, chat_desk_topic(c->team));
}

/* ---- hours ---- */

bool chat_is_open(const struct law *law, const struct chat_channel *c, struct instant now,
                  struct instant *next)
{
    bool open = !c->paused && law_is_open(law, &c->hours, now);
    *next = open || c->paused ? (struct instant){0} : law_opens(law, &c->hours, now);
    return open;
}

struct instant chat_closes(const struct law *law, const struct chat_channel *c, struct instant now)
{
    struct date today = date_of(now);
    int minute = minute_of(now), to = 0;
    struct law_open open = law_open_on(law, &c->hours, today);
    for (int i = 0; i < open.n; i++)
        if (open.span[i].from <= minute && minute < open.span[i].to)
            to = open.span[i].to;
    return to ? instant_at(today, to) : now;
}

static bool same_open(const struct law_open *x, const struct law_open *y)
{
    bool same = x->n == y->n;
    for (int i = 0; same && i < x->n; i++)
        same = x->span[i].from == y->span[i].from && x->span[i].to == y->span[i].to;
    return same;
}

struct chat_lines chat_hours_words(struct arena *a, enum lang l, const struct chat_channel *c)
{
    struct chat_lines list = {0};
    char dot = l == LANG_EN ? ':' : '.';
    for (int d = 0, to; d < 7; d = to + 1) {
        const struct law_open *open = &c->hours.week[d];
        for (to = d; to < 6 && same_open(open, &c->hours.week[to + 1]);)
            to++;
        if (!open->n)
            continue;
        struct buf b = buf_new(a, 0);
        struct str last = tr(l, weekday_words(to));
        struct str run[] = {tr(l, weekday_words(d)), l == LANG_EN ? last : str_lower(a, last)};
        buf_str(&b, to > d ? tr_fill(a, tr(l, "%1 to %2"), run, 2) : run[0]);
        for (int i = 0; i < open->n; i++)
            buf_fmt(&b, "%s%d%c%02d–%d%c%02d", i ? ", " : " ", open->span[i].from / 60, dot,
                    open->span[i].from % 60, open->span[i].to / 60, dot, open->span[i].to % 60);
        VEC_PUSH(a, &list, buf_get(&b));
    }
    return list;
}
